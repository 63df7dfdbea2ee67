"""Commands that answer from the law alone."""
