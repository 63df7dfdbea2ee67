"""Every worked example of times, codes and periods in law/ comes out as written."""

from datetime import date, timedelta

import pytest

from motcua.cases.clock_queries import split_time
from motcua.cases.models import Case
from motcua.cases.models import ClockEvent as ClockEventRow
from motcua.engine import clock_events
from motcua.engine.case_codes import format_code
from motcua.engine.clock_events import ClockEvent, EventKind
from motcua.engine.deadlines import due, replay
from motcua.engine.duties import (
    may_refuse,
    online_answer_due,
    return_after_appraisal_due,
    transfer_due_at,
)
from motcua.engine.ledger import Deadline
from motcua.engine.limits import parse_limit
from motcua.lawbook import queries
from motcua.lawbook.entries import Entry
from motcua.people.models import Agency

SUBJECTS = (
    "time/counting",
    "time/one_stop",
    "time/online",
    "office_hours",
    "case_code",
    "reporting_periods",
)
KEYS = [
    "name",
    "received",
    "limit",
    "due",
    "events",
    "warnings",
    "refused",
    "transfer_by",
    "return_by",
    "refused_at",
    "refusal_allowed",
    "with_citizen",
    "answer_by",
    "office_hours",
    "day",
    "agency_code",
    "sequence",
    "code",
    "period",
    "first_day",
    "last_day",
]


def examples_with(key: str) -> list[object]:
    return [
        pytest.param(example, id=f"{subject}: {example.get('name').get('en').text()}")
        for subject in SUBJECTS
        for example in queries.get_subject(subject).examples
        if example.find(key)
    ]


def events_of(example: Entry) -> list[ClockEvent]:
    events = example.find("events")
    return [
        ClockEvent(
            at=entry.get("at").moment(),
            kind=EventKind(entry.get("kind").text()),
            extra=parse_limit(extra.text()) if (extra := entry.find("extra")) else None,
            until=until.day() if (until := entry.find("until")) else None,
        )
        for entry in (events.items() if events else ())
    ]


def deadline_of(example: Entry) -> Deadline:
    hours, received = example.find("office_hours"), example.get("received").moment()
    calendar = queries.get_calendar(office_hours_key=hours.text() if hours else "default")
    limit, events = parse_limit(example.get("limit").text()), events_of(example)
    if not events:
        counting = queries.get_counting_rules(received.date())
        return due(received_at=received, limit=limit, calendar=calendar, rules=counting)
    return replay(
        received_at=received,
        limit=limit,
        events=events,
        calendar=calendar,
        rules=queries.get_time_rules(received.date()),
    )


def test_examples_use_only_parts_that_a_test_reads() -> None:
    for subject in SUBJECTS:
        for example in queries.get_subject(subject).examples:
            assert set(example.mapping(*KEYS)) - {"name"}


@pytest.mark.parametrize("example", examples_with("due"))
def test_due_times(example: Entry) -> None:
    deadline = deadline_of(example)

    warnings = example.find("warnings")
    assert deadline.due_at == example.get("due").moment()
    assert len(deadline.warnings) == (warnings.integer() if warnings else 0)


@pytest.mark.parametrize("example", examples_with("refused"))
def test_refusals(example: Entry) -> None:
    refusal = getattr(clock_events, example.get("refused").text())

    with pytest.raises(refusal):
        deadline_of(example)


@pytest.mark.parametrize("example", examples_with("transfer_by"))
def test_transfers(example: Entry) -> None:
    received = example.get("received").moment()

    found = transfer_due_at(
        received_at=received,
        calendar=queries.get_calendar(),
        rules=queries.get_time_rules(received.date()),
    )

    assert found == example.get("transfer_by").moment()


@pytest.mark.parametrize("example", examples_with("answer_by"))
def test_online_answers(example: Entry) -> None:
    received = example.get("received").moment()

    found = online_answer_due(
        submitted_at=received,
        calendar=queries.get_calendar(),
        rules=queries.get_time_rules(received.date()),
    )

    assert found.due_at == example.get("answer_by").moment()


@pytest.mark.parametrize("example", examples_with("return_by"))
def test_returns_after_appraisal(example: Entry) -> None:
    received = example.get("received").moment()

    found = return_after_appraisal_due(
        received_at=received,
        calendar=queries.get_calendar(),
        rules=queries.get_time_rules(received.date()),
    )

    assert found.due_at == example.get("return_by").moment()


@pytest.mark.parametrize("example", examples_with("with_citizen"))
def test_times_of_the_citizen(example: Entry) -> None:
    deadline = deadline_of(example)
    case = Case(
        received_at=deadline.received_at,
        finished_at=deadline.due_at,
        receiving_agency=Agency(code="H19.01"),
    )
    events = [ClockEventRow(kind=str(one.kind), at=one.at) for one in events_of(example)]

    split = split_time(case, events, now=deadline.due_at)

    hours = parse_limit(example.get("with_citizen").text()).amount
    assert split.with_citizen == timedelta(hours=float(hours))


@pytest.mark.parametrize("example", examples_with("refused_at"))
def test_times_of_refusal(example: Entry) -> None:
    deadline, at = deadline_of(example), example.get("refused_at").moment()

    allowed = may_refuse(
        due_at=deadline.due_at,
        is_stopped=deadline.is_stopped,
        at=at,
        rules=queries.get_time_rules(deadline.received_at.date()),
    )

    assert allowed is example.get("refusal_allowed").boolean()


@pytest.mark.parametrize("example", examples_with("code"))
def test_case_codes(example: Entry) -> None:
    day = example.get("day").day()

    code = format_code(
        queries.get_case_code_pattern(day),
        example.get("agency_code").text(),
        day,
        example.get("sequence").integer(),
    )

    assert code == example.get("code").text()


@pytest.mark.parametrize("example", examples_with("period"))
def test_periods(example: Entry) -> None:
    period = queries.get_period(example.get("period").text())

    assert period.first_day == example.get("first_day").day()
    assert period.last_day == example.get("last_day").day()


def test_every_subject_is_found() -> None:
    assert {*SUBJECTS, "statuses"} <= set(queries.list_subjects())


def test_every_rule_loads_and_means_something_on_each_of_its_first_days() -> None:
    days = {
        value.first_day
        for subject in ("time/one_stop", "time/online")
        for rule in queries.get_subject(subject).rules.values()
        for value in rule.dated.values
    }

    for day in sorted(days | {date(2023, 3, 14)}):
        rules = queries.get_time_rules(day)
        assert rules.extensions.because.source
        assert rules.counting.receipt_day.because.vi
    assert len(queries.get_statuses()) == 10
