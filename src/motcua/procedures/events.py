"""What the catalogue announces. Sent in the transaction of the change."""

from django.dispatch import Signal

from motcua.procedures.catalogue import Problem, ProcedureEntry, RevisionEntry

__all__ = ["Problem", "ProcedureEntry", "RevisionEntry", "revisions_added"]

# Of an import: entries (the ProcedureEntry of each procedure that gained revisions, with only
# these revisions). Whoever listens returns what the importer should know, as a list of Problem.
revisions_added = Signal()
