"""Management commands of the lawbook."""
