"""Every address of the site, tried by a visitor, by another agency and by the administrator.

What an address names opens to strangers only when it is listed here with a reason.
"""

from __future__ import annotations

from tests.rights.walk import (
    AT_WORK,
    EVERY,
    KEYS,
    OF_ADMINISTRATION,
    OF_THE_ASKED,
    PUBLIC,
    SEARCHES,
    STRANGERS,
    Answer,
    Walked,
)

# Names a thing of another agency and opens to everybody at work, and why.
_CHART = "workflows are public within the administration: they hold steps and no person"
OPEN_AT_WORK = {
    "procedures:export": "the catalogue is published",
    "procedures:procedure": "the catalogue is published",
    "reporting:index": "the list of forms",
    "reporting:audit": "checks the file that the reader brings; holds nothing of its own",
    "messages:unread": "the moment at which the reader read their own notices",
    "desk:receive": "names a procedure; whoever receives nowhere is refused",
    "desk:workflow": _CHART,
    "desk:version": _CHART,
    "desk:version-chart": _CHART,
    "desk:callers": _CHART,
    "desk:draft": _CHART,
    "desk:draw": _CHART,
    "desk:draw-check": _CHART,
    "desk:draw-newest": _CHART,
    "desk:draw-export": _CHART,
    "desk:draw-units": "names of agencies",
    "desk:recorded-tests": _CHART,
    "desk:record-test": _CHART,
    "desk:rehearsals": _CHART,
    "desk:slip-text": "words of slips hold no case",
    "desk:slip-preview": "a made-up case; a real one is opened as everywhere",
    "desk:mass-recount": "says how far it is, and no case",
}
IS_REFUSED = {403, 404, 405}


def failures(answers: list[Answer]) -> dict[str, str]:
    """Return at which addresses a stranger was told something, or let in."""
    by_name: dict[str, list[Answer]] = {}
    for answer in answers:
        by_name.setdefault(answer.name, []).append(answer)
    failed = {}
    for name, tried in by_name.items():
        statuses = {answer.status for answer in tried}
        secrets = [answer.secrets for answer in tried if answer.secrets]
        is_refused = statuses <= IS_REFUSED and statuses != {405}
        names_a_thing = bool(EVERY[name]) or name.startswith("reporting:")
        if secrets or (names_a_thing and name not in OPEN_AT_WORK and not is_refused):
            failed[name] = f"{tried[0].address} {statuses} {secrets}"
    return failed


def test_a_visitor_is_sent_to_the_door_from_everywhere(walked: Walked) -> None:
    tried = walked.of("visitor")

    failed = {
        answer.address: answer.status
        for answer in tried
        if answer.status != 405 and not (answer.status == 302 and "/tai-khoan/" in answer.location)
    }

    assert failed == {}
    assert {answer.name for answer in tried} == set(EVERY) - set(PUBLIC)


def test_whoever_works_at_another_agency_is_refused(walked: Walked) -> None:
    tried = walked.of("oanh")
    missing = {answer.name for answer in tried if answer.status == 404}

    assert failures(tried) == {}
    assert {answer.name for answer in tried} == set(AT_WORK)
    # What was denied to exist is really there: else the walk would have tried nothing.
    for name in missing:
        posted = walked.of("cuc", "binh", "dung", "phuc", name=name, method="POST")
        assert {answer.status for answer in posted} - IS_REFUSED, name


def test_the_administrator_sees_no_content(walked: Walked) -> None:
    tried = [one for one in walked.of("phuc") if one.name in AT_WORK]
    own = {name for name in AT_WORK if name.startswith("people:")} | OF_ADMINISTRATION

    assert failures([one for one in tried if one.name not in own]) == {}
    assert [one.address for one in tried if one.name in OF_ADMINISTRATION and one.secrets] == []


def test_the_administrator_keeps_accounts_and_agencies_and_reads_no_citizens_data(
    walked: Walked,
) -> None:
    """Their own pages open, so they are not walked as foreign ones are; they tell no citizen's data."""
    tried = walked.of("phuc")
    accounts = [one for one in tried if one.name.startswith("people:")]
    searches = [one for one in tried if one.name in SEARCHES]

    assert [one.address for one in accounts if one.secrets] == []
    assert len({one.name for one in accounts}) >= 5
    assert {one.status for one in searches} == {403}
    assert {one.name for one in searches} == set(SEARCHES)


def test_the_asked_agency_sees_the_question_and_nothing_else_of_the_case(walked: Walked) -> None:
    """Its page tells the question; documents, downloads, slips and every other page stay closed."""
    tried = walked.of("khoa")
    theirs = [one for one in tried if one.name in OF_THE_ASKED]
    page = next(one for one in theirs if one.name == "desk:consultation")

    assert failures([one for one in tried if one not in theirs]) == {}
    assert "Bí mật riêng có đúng không?" in page.text
    assert [one.status for one in theirs] == [200, 200]
    assert {secret for one in theirs for secret in one.secrets} == {"Bí mật riêng"}


def test_a_stranger_changes_nothing(walked: Walked) -> None:
    assert walked.changed == {who: set() for who in STRANGERS}


def test_the_lists_of_what_is_open_name_addresses_that_exist() -> None:
    assert set(PUBLIC) | set(OPEN_AT_WORK) | set(KEYS) <= set(EVERY)
