"""What can be asked about the demonstration: how far it is loaded, and its accounts."""

from __future__ import annotations

from dataclasses import dataclass

from motcua.cases import mirror_queries as mirror
from motcua.cases import post_queries as post
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Parcel:
    """What carries a result by post: whether the postman has it, and whether its way is over."""

    id: int
    is_sent: bool
    is_over: bool


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


def has_arrived(tracking_number: str) -> bool:
    """Say whether the post brought a parcel to any counter."""
    return post.has_arrived(tracking_number)


def find_parcel_of(case_code: str) -> Parcel | None:
    """Return what carries the result of a case, the newest."""
    found = post.list_returns_of(case_code).first()
    if found is None:
        return None
    return Parcel(
        id=found.pk,
        is_sent=found.sent_at is not None,
        is_over=found.delivered_at is not None or found.failed_at is not None,
    )


def is_handed_back(mirrored_id: int) -> bool:
    """Say whether a case file of another system was handed back to it."""
    return mirror.is_handed_back(mirrored_id)


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
