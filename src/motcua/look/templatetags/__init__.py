"""The tags that templates load by the name `look`."""
