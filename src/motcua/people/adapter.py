"""How django-allauth behaves here: accounts are given by administrators, nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Closes the sign-up page: a staff account exists because someone was given a post."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say that nobody can open an account by themselves."""
        return False
