"""Portal: the public's pages. Owns no tables; asks the areas below."""
