"""Lawbook: loads the dated, sourced rules in law/ and answers what the law says on a day."""
