"""Secretary candidates 书记人选库: who could become the secretary of an organisation, and how far it is."""
