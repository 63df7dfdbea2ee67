"""Wiring only: settings, addresses, command line, and the embedded database."""
