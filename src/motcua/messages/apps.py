"""The name of this area among Django's apps, where `messages` is taken."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """Notices to people at work."""

    name = "motcua.messages"
    label = "notices"
