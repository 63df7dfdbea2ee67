"""The name of this area among Django's apps, where `messages` is taken."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """Notices to people at work."""

    name = "motcua.messages"
    label = "notices"

    def ready(self) -> None:
        """Listen to the areas below."""
        from motcua.messages import reactions  # noqa: F401 - tables must be ready first
