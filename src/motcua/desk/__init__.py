"""Desk: the officer's day. Owns no tables; asks every other area."""
