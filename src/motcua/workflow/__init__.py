"""Workflow: flow charts in versions, and the runs and tasks of those being carried out."""
