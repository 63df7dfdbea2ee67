"""Events that move a clock: what each does to the due time, and which are refused."""

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.engine.clock_events import (
    AlreadyExtended,
    AlreadyStopped,
    ClockEvent,
    ClockIsStopped,
    ClockRefuses,
    DeadlineAlreadyPassed,
    EventBeforeReceipt,
    EventKind,
    ExtensionRefused,
    ExtensionTooLate,
    NothingToResume,
)
from motcua.engine.deadlines import due, replay
from motcua.engine.ledger import Deadline, LedgerKind, day_by_day
from motcua.engine.limits import Limit, Unit, parse_limit
from motcua.engine.sentences import sentence
from motcua.engine.tests.depth import PROPERTY
from motcua.engine.tests.offices import days, make_calendar, make_rules, moment
from motcua.engine.timerules import SupplementEffect

CALENDAR = make_calendar()
RECEIVED = "2023-03-16T09:00"


def event(at: str, kind: EventKind, extra: str = "", until: date | None = None) -> ClockEvent:
    return ClockEvent(
        at=moment(at), kind=kind, extra=parse_limit(extra) if extra else None, until=until
    )


def asked(at: str) -> ClockEvent:
    return event(at, EventKind.SUPPLEMENT_REQUESTED)


def supplemented(at: str) -> ClockEvent:
    return event(at, EventKind.SUPPLEMENTED)


def after(
    *events: ClockEvent,
    limit: str = "5 ngày làm việc",
    effect: SupplementEffect = SupplementEffect.RESTART,
) -> Deadline:
    return replay(
        received_at=moment(RECEIVED),
        limit=parse_limit(limit),
        events=events,
        calendar=CALENDAR,
        rules=make_rules(supplement=effect),
    )


def counted(deadline: Deadline) -> Decimal:
    return sum(
        (line.amount for line in deadline.ledger if line.kind is LedgerKind.COUNTED), Decimal(0)
    )


def test_without_events_the_replay_is_the_plain_deadline() -> None:
    plain = due(received_at=moment(RECEIVED), limit=days(5), calendar=CALENDAR, rules=make_rules())

    assert after() == plain


def test_a_supplement_restarts_the_limit_from_zero() -> None:
    deadline = after(asked("2023-03-20T10:00"), supplemented("2023-03-22T14:00"))

    assert deadline.due_at == moment("2023-03-29T17:00")
    assert [line.kind for line in deadline.ledger if line.starts_at == line.ends_at] == [
        LedgerKind.START,
        LedgerKind.RESTARTED,
    ]
    assert (
        "Thời hạn tạm dừng chờ bổ sung hồ sơ từ 10:00 Thứ Hai 20/03/2023 đến 14:00 Thứ Tư 22/03/2023, "
        "rồi được tính lại từ đầu. Như vậy, không tính ngày nhận đủ hồ sơ"
    ) in sentence(deadline)
    assert "(waiting for the missing papers), and then the limit began again" in sentence(
        deadline, "en"
    )


def test_a_supplement_pauses_where_the_law_says_so() -> None:
    deadline = after(
        asked("2023-03-20T10:00"),
        supplemented("2023-03-22T14:00"),
        effect=SupplementEffect.PAUSE,
    )

    assert deadline.due_at == moment("2023-03-27T17:00")
    assert counted(deadline) == 5
    assert "(2 ngày làm việc không tính). Như vậy, không tính ngày tiếp nhận" in sentence(deadline)


def test_a_second_supplement_request_warns_and_is_counted() -> None:
    deadline = after(
        asked("2023-03-17T10:00"),
        supplemented("2023-03-20T10:00"),
        asked("2023-03-21T10:00"),
        supplemented("2023-03-22T10:00"),
    )

    assert deadline.supplement_requests == 2
    assert [warning.vi for warning in deadline.warnings] == [
        "Yêu cầu bổ sung lần thứ 2 lúc 10:00 Thứ Ba 21/03/2023; chỉ một lần"
    ]


def test_a_case_that_waits_has_a_stopped_clock() -> None:
    deadline = after(asked("2023-03-20T10:00"))

    assert deadline.stopped_since == moment("2023-03-20T10:00")
    assert deadline.is_stopped
    assert deadline.due_at == moment("2023-03-23T17:00")
    assert "Từ 10:00 Thứ Hai 20/03/2023 thời hạn tạm dừng chờ bổ sung hồ sơ; khi" in sentence(
        deadline
    )


def test_a_pause_of_a_limit_in_hours_is_exact_to_the_minute() -> None:
    deadline = after(
        event("2023-03-16T10:00", EventKind.PAYMENT_REQUESTED),
        event("2023-03-17T08:30", EventKind.PAID),
        limit="4 giờ",
    )

    assert deadline.due_at == moment("2023-03-17T13:30") - timedelta(hours=2)
    assert counted(deadline) == 240


def test_a_pause_on_the_last_day_leaves_the_rest_of_the_day_of_return() -> None:
    deadline = after(
        event("2023-03-23T10:00", EventKind.PAYMENT_REQUESTED),
        event("2023-03-24T09:00", EventKind.PAID),
    )

    assert deadline.due_at == moment("2023-03-24T17:00")
    assert counted(deadline) == 5


def test_a_pause_from_midnight_on_leaves_the_new_day_to_the_pause() -> None:
    deadline = after(
        event("2023-03-21T00:00", EventKind.SUSPENDED),
        event("2023-03-21T00:01", EventKind.SUSPENSION_LIFTED),
    )

    paused = [line.amount for line in deadline.ledger if line.kind is LedgerKind.PAUSED]
    assert paused == [1]
    assert counted(deadline) == 5
    assert deadline.due_at == moment("2023-03-24T17:00")


def test_two_reasons_that_overlap_stop_the_clock_once() -> None:
    deadline = after(
        event("2023-03-17T10:00", EventKind.PAYMENT_REQUESTED),
        event("2023-03-20T08:00", EventKind.SUSPENDED),
        event("2023-03-21T08:00", EventKind.PAID),
        event("2023-03-22T08:00", EventKind.SUSPENSION_LIFTED),
    )

    paused = [line.amount for line in deadline.ledger if line.kind is LedgerKind.PAUSED]
    assert paused == [1, 1, 1]
    assert deadline.due_at == moment("2023-03-28T17:00")


def test_what_comes_back_out_of_hours_counts_from_the_next_opening() -> None:
    deadline = after(
        event("2023-03-17T10:00", EventKind.PAYMENT_REQUESTED),
        event("2023-03-18T10:00", EventKind.PAID),
    )

    resumed = next(line for line in deadline.ledger if line.kind is LedgerKind.RESUMED)
    assert resumed.starts_at == moment("2023-03-20T07:00")
    assert deadline.due_at == moment("2023-03-24T17:00")


def test_a_suspension_of_the_unit_that_ended_before_the_reception_does_nothing() -> None:
    deadline = after(
        event("2023-03-01T08:00", EventKind.SUSPENDED),
        event("2023-03-10T08:00", EventKind.SUSPENSION_LIFTED),
    )

    assert deadline == after()


def test_a_suspension_that_covers_the_reception_holds_the_clock_back() -> None:
    deadline = after(
        event("2023-03-15T08:00", EventKind.SUSPENDED),
        event("2023-03-20T08:00", EventKind.SUSPENSION_LIFTED),
    )

    assert deadline.due_at == moment("2023-03-27T17:00")


def test_a_suspension_after_the_deadline_does_not_revive_it() -> None:
    deadline = after(
        event("2023-03-24T08:00", EventKind.SUSPENDED),
        event("2023-03-30T08:00", EventKind.SUSPENSION_LIFTED),
    )

    assert deadline.due_at == moment("2023-03-23T17:00")
    assert not deadline.is_stopped


def test_an_extension_moves_the_due_time_once() -> None:
    deadline = after(event("2023-03-22T16:59", EventKind.EXTENDED, "3 ngày làm việc"))

    assert deadline.due_at == moment("2023-03-28T17:00")
    assert deadline.extensions == 1
    assert counted(deadline) == 8
    assert "đã xin lỗi và hẹn lại ngày trả kết quả từ 17:00 Thứ Năm 23/03/2023" in sentence(
        deadline
    )


def test_an_extension_may_name_the_new_day() -> None:
    deadline = after(event("2023-03-21T10:00", EventKind.EXTENDED, until=date(2023, 3, 30)))

    assert deadline.due_at == moment("2023-03-30T17:00")


def test_an_extension_of_a_limit_in_days_or_hours_keeps_its_unit() -> None:
    month = after(event("2023-04-10T10:00", EventKind.EXTENDED, "1 tháng"), limit="1 tháng")
    hours = after(event("2023-03-20T10:00", EventKind.EXTENDED, "4 giờ"), limit="40 giờ")

    assert month.due_at == moment("2023-05-17T17:00")
    assert hours.due_at == moment("2023-03-23T15:00")


def refused_events() -> list[tuple[type[ClockRefuses], list[ClockEvent]]]:
    extended = EventKind.EXTENDED
    three = "3 ngày làm việc"
    return [
        (NothingToResume, [supplemented("2023-03-17T10:00")]),
        (NothingToResume, [asked("2023-03-17T10:00"), event("2023-03-17T11:00", EventKind.PAID)]),
        (AlreadyStopped, [asked("2023-03-17T10:00"), asked("2023-03-17T11:00")]),
        (EventBeforeReceipt, [asked("2023-03-15T10:00")]),
        (DeadlineAlreadyPassed, [asked("2023-03-23T17:01")]),
        (DeadlineAlreadyPassed, [event("2023-03-24T08:00", extended, three)]),
        (ExtensionTooLate, [event("2023-03-23T08:00", extended, three)]),
        (
            AlreadyExtended,
            [
                event("2023-03-20T08:00", extended, three),
                event("2023-03-21T08:00", extended, three),
            ],
        ),
        (ClockIsStopped, [asked("2023-03-17T10:00"), event("2023-03-20T08:00", extended, three)]),
        (ExtensionRefused, [event("2023-03-20T08:00", extended)]),
        (ExtensionRefused, [event("2023-03-20T08:00", extended, "4 giờ")]),
        (ExtensionRefused, [event("2023-03-20T08:00", extended, until=date(2023, 3, 23))]),
        (ExtensionRefused, [event("2023-03-20T08:00", extended, until=date(2023, 3, 25))]),
    ]


@pytest.mark.parametrize(("refusal", "events"), refused_events())
def test_an_event_against_law_or_order_is_refused_with_its_reason(
    refusal: type[ClockRefuses], events: list[ClockEvent]
) -> None:
    with pytest.raises(refusal) as caught:
        after(*events)

    assert str(caught.value) == caught.value.because.vi
    assert caught.value.because.en


def test_events_out_of_order_are_ordered_by_their_own_times() -> None:
    events = [
        asked("2023-03-17T10:00"),
        supplemented("2023-03-20T10:00"),
        event("2023-03-21T10:00", EventKind.PAYMENT_REQUESTED),
        event("2023-03-22T10:00", EventKind.PAID),
    ]
    expected = after(*events)

    for seed in range(10):
        mixed = events.copy()
        random.Random(seed).shuffle(mixed)
        assert after(*mixed) == expected


stops = st.lists(st.integers(0, 40 * 1440), min_size=0, max_size=8, unique=True).map(sorted)
limits = st.one_of(
    st.integers(2, 60).map(lambda n: Limit(amount=Decimal(n) / 2, unit=Unit.WORKING_DAY)),
    st.integers(1, 40).map(lambda n: Limit(amount=Decimal(n), unit=Unit.DAY)),
    st.integers(1, 60).map(lambda n: Limit(amount=Decimal(n), unit=Unit.HOUR)),
)
minutes_of_march = st.integers(0, 30 * 1440).map(
    lambda minutes: moment("2023-03-01T00:00") + timedelta(minutes=minutes)
)


def pauses(received_at: datetime, minutes: list[int]) -> list[ClockEvent]:
    kinds = (EventKind.SUSPENDED, EventKind.SUSPENSION_LIFTED)
    return [
        ClockEvent(at=received_at + timedelta(minutes=at), kind=kinds[number % 2])
        for number, at in enumerate(minutes[: len(minutes) // 2 * 2])
    ]


@PROPERTY
@given(minutes_of_march, limits, stops)
def test_pauses_never_lose_or_add_time_that_counts(
    received_at: datetime, limit: Limit, minutes: list[int]
) -> None:
    plain = due(received_at=received_at, limit=limit, calendar=CALENDAR, rules=make_rules())

    paused = replay(
        received_at=received_at,
        limit=limit,
        events=pauses(received_at, minutes),
        calendar=CALENDAR,
        rules=make_rules(),
    )

    assert paused.due_at >= plain.due_at
    lasting = [line for line in paused.ledger if line.ends_at > line.starts_at]
    assert lasting[0].starts_at == paused.received_at
    assert lasting[-1].ends_at == paused.due_at
    assert all(one.ends_at == two.starts_at for one, two in pairwise(lasting))
    short = [line for line in day_by_day(paused, CALENDAR) if line.kind is LedgerKind.COUNTED]
    assert sum(line.amount for line in short) == counted(paused)
    for unit in (Unit.WORKING_DAY, Unit.DAY, Unit.MINUTE):
        of_unit = [
            line for line in paused.ledger if line.kind is LedgerKind.COUNTED and line.unit is unit
        ]
        expected = (
            (limit.amount * 60 if limit.unit is Unit.HOUR else (limit.amount % 1) * 480)
            if unit is Unit.MINUTE
            else (int(limit.amount) if unit is limit.unit else 0)
        )
        assert sum(line.amount for line in of_unit) == expected


@PROPERTY
@given(minutes_of_march, st.integers(1, 60), stops)
def test_a_limit_in_hours_is_moved_by_exactly_the_working_time_of_its_pauses(
    received_at: datetime, hours: int, minutes: list[int]
) -> None:
    limit = Limit(amount=Decimal(hours), unit=Unit.HOUR)
    plain = due(received_at=received_at, limit=limit, calendar=CALENDAR, rules=make_rules())

    paused = replay(
        received_at=received_at,
        limit=limit,
        events=pauses(received_at, minutes),
        calendar=CALENDAR,
        rules=make_rules(),
    )

    lost = sum(line.amount for line in paused.ledger if line.kind is LedgerKind.PAUSED)
    assert CALENDAR.measure(plain.due_at, paused.due_at) == timedelta(minutes=int(lost))
