"""Reports on duty 述职: sessions in which units report and are marked by groups, with a score and a grade."""
