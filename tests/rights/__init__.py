"""Who may not: every address of the site, tried by those who have no business there."""
