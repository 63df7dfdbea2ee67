"""Workflows among Django's apps."""

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    """Flow charts, and the work that follows them."""

    name = "motcua.workflow"

    def ready(self) -> None:
        """Listen to the areas below."""
        from motcua.workflow import reactions  # noqa: F401 - tables must be ready first
