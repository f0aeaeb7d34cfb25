"""Mass organisations: unions, youth leagues and women's federations of enterprises."""
