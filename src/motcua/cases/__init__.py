"""Cases: one person's request under one procedure, and everything that happens to it."""
