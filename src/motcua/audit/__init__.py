"""Audit: who did what to which record, when and why; a hash chain per subject."""
