"""Procedures: the catalogue of what a citizen may ask the state for, in dated revisions."""
