"""Clock: what time it is here; a demonstration stands at a day of its own."""
