"""What can be asked about the demonstration: how far it is loaded, and its accounts."""

from __future__ import annotations

from dataclasses import dataclass

from motcua.cases import queries as cases
from motcua.cases import result_queries as results
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


@dataclass(frozen=True, kw_only=True, slots=True)
class ResultOfCase:
    """The result of a case, as far as it is there: its stage is empty while there is none."""

    id: int
    stage: str
    title: str
    case_code: str
    owner: str
    procedure: str


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


def get_result_of(case_code: str) -> ResultOfCase:
    """Return how far the result of a case is, and what its paper says of the case."""
    found = results.find_valid_of(case_code)
    owner, procedure = cases.get_names(case_code)
    return ResultOfCase(
        id=found.pk if found else 0,
        stage=str(found.stage) if found else "",
        title=found.title if found else "",
        case_code=case_code,
        owner=owner,
        procedure=procedure,
    )


def get_names(case_code: str) -> tuple[str, str]:
    """Return whose case it is, and under which procedure."""
    return cases.get_names(case_code)


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
