"""Notices to people at work: what they are told in the system, once, and who has read it."""
