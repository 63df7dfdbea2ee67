"""Reporting: figures counted from the work itself, each of which opens to its rows."""
