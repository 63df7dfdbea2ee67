"""motcua: one door, from the first paper to the quarter's report."""
