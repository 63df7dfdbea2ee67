"""What can be asked about the demonstration: how far it is loaded, and its accounts."""

from __future__ import annotations

from dataclasses import dataclass

from motcua.cases import queries as cases
from motcua.clock import queries as clock
from motcua.demonstration import content
from motcua.people import queries as people


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """A demonstration account: the name to sign in with, and who that is."""

    username: str
    full_name: str
    title: str
    agency: str


def is_complete() -> bool:
    """Say whether everything is loaded: the clock is set last."""
    return clock.is_shifted()


def is_started() -> bool:
    """Say whether what is in the database is (part of) the demonstration."""
    account = content.read("people")["accounts"][0]
    try:
        people.get_person(username=account["username"])
    except people.NoSuchPerson:
        return False
    return True


def count_steps_done() -> dict[str, int]:
    """Return how many steps of each case are done."""
    return cases.count_steps_done()


def is_returned(case_code: str) -> bool:
    """Say whether a case's result was handed over."""
    return cases.is_returned(case_code)


def get_return(case_code: str) -> tuple[int, str]:
    """Return the agency that hands over a case's result, and its owner's name."""
    return cases.get_return(case_code)


def list_accounts() -> list[Account]:
    """Return the demonstration accounts in the order of the data file."""
    return [
        Account(
            username=account["username"],
            full_name=account["full_name"],
            title=account["title"],
            agency=people.get_agency(account["posts"][0]["agency"]).short_name,
        )
        for account in content.read("people")["accounts"]
    ]
