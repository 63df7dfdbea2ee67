"""Lateness: the parts sum to the whole, and each party bears what it overran."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.engine.clock_events import STOPPED_BY, ClockEvent, EventKind
from motcua.engine.deadlines import due, replay
from motcua.engine.explain import Because
from motcua.engine.lateness import (
    CannotShareLateness,
    PartyKind,
    PartyOfTime,
    Share,
    Shares,
    SharingRules,
    StepSpan,
    share_lateness,
)
from motcua.engine.ledger import Deadline, LedgerKind, LedgerLine
from motcua.engine.limits import Limit, Unit
from motcua.engine.moments import NaiveMoment
from motcua.engine.tests.depth import PROPERTY
from motcua.engine.tests.offices import days, make_calendar, make_rules, moment
from motcua.engine.timerules import Rule, SupplementEffect

CALENDAR = make_calendar(last_day=date(2024, 12, 31))
RULES = make_rules(supplement=SupplementEffect.PAUSE)
WHY = Because(vi="đề xuất", en="proposal", source="Đề xuất", is_verified=False)
SHARING = SharingRules(
    overran=Rule("in_proportion", WHY),
    nobody_overran=Rule("time_used", WHY),
    no_step_open=Rule("receiving_unit", WHY),
    clock_stopped=Rule("nobody", WHY),
)
DOOR = PartyOfTime(kind=PartyKind.RECEIVING_UNIT, id=1, name="Bộ phận Một cửa")
JUSTICE, OFFICE, TAX = (2, "Sở Tư pháp"), (3, "Văn phòng"), (4, "Thuế")

# Hours are 7:00-11:30 and 13:30-17:00; 16/10/2023 is a Monday.
RECEIVED = moment("2023-10-16T07:00")


def hours(count: int) -> Limit:
    return Limit(amount=Decimal(count), unit=Unit.HOUR, source="QĐ quy trình")


def after(hours_worked: float) -> datetime:
    return CALENDAR.add(RECEIVED, timedelta(hours=hours_worked))


def span(
    name: str,
    opened: float,
    completed: float | None,
    limit: Limit | None = None,
    party: tuple[int, str] = JUSTICE,
) -> StepSpan:
    return StepSpan(
        name=name,
        party_id=party[0],
        party_name=party[1],
        opened_at=after(opened),
        completed_at=None if completed is None else after(completed),
        limit=limit,
    )


def told(limit: Limit, events: Sequence[ClockEvent] = (), effect: str = "pause") -> Deadline:
    rules = make_rules(supplement=SupplementEffect(effect))
    return replay(received_at=RECEIVED, limit=limit, events=events, calendar=CALENDAR, rules=rules)


def shares_of(
    deadline: Deadline, steps: Sequence[StepSpan], finished_at: datetime | None, now: datetime
) -> Shares:
    return share_lateness(
        ledger=deadline.ledger,
        steps=steps,
        due_at=deadline.due_at,
        finished_at=finished_at,
        now=now,
        receiving_unit=DOOR,
        calendar=CALENDAR,
        rules=RULES,
        sharing=SHARING,
    )


def share_case(limit: Limit, steps: Sequence[StepSpan], finished: float) -> Shares:
    return shares_of(told(limit), steps, after(finished), after(finished))


def part(shares: Shares, step: str) -> Share:
    return next(share for share in shares.parts if share.step == step)


def minutes(shares: Shares) -> dict[str, int]:
    return {share.step or share.party.kind.value: share.minutes for share in shares.parts}


# One who overran


def test_a_single_step_over_its_limit_takes_all() -> None:
    steps = [
        span("Tiếp nhận", 0, 2, hours(4), (1, "Bộ phận Một cửa")),
        span("Thẩm định", 2, 14, hours(8)),
        span("Ký duyệt", 14, 18, hours(4), OFFICE),
    ]

    shares = share_case(hours(16), steps, 18)

    assert shares.total_minutes == 120
    assert minutes(shares) == {"Tiếp nhận": 0, "Thẩm định": 120, "Ký duyệt": 0}


def test_a_share_says_what_was_used_and_allowed_and_borne() -> None:
    shares = share_case(hours(10), [span("Thẩm định", 0, 12, hours(8))], 12)

    share = part(shares, "Thẩm định")
    assert (share.used_minutes, share.limit_minutes) == (720, 480)
    assert share.because == Because(
        vi="Bước “Thẩm định” (Sở Tư pháp) dùng 12 giờ làm việc, hạn của bước 8 giờ, quá 4 giờ: "
        "chịu 2 giờ trong 2 giờ chậm",
        en="Step “Thẩm định” (Sở Tư pháp) used 12 h of working time, its limit is 8 h, "
        "overrun 4 h: bears 2 h of the 2 h late",
        source="QĐ quy trình",
    )


def test_a_limit_in_days_runs_out_when_the_step_itself_was_due() -> None:
    opened_at = moment("2023-10-16T09:00")
    step_due_at = due(received_at=opened_at, limit=days(1), calendar=CALENDAR, rules=RULES).due_at
    step = StepSpan(
        name="Thẩm định",
        party_id=2,
        party_name="Sở Tư pháp",
        opened_at=opened_at,
        completed_at=step_due_at + timedelta(minutes=1),
        limit=days(1),
    )

    share = share_case(hours(8), [step], 24).parts[0]

    assert step_due_at == moment("2023-10-17T17:00")
    assert share.limit_minutes == share.used_minutes == 6 * 60 + 8 * 60


# Several who overran


def test_two_who_overran_share_in_proportion() -> None:
    steps = [
        span("Thẩm định", 0, 11, hours(8)),
        span("Ký duyệt", 11, 16, hours(4), OFFICE),
    ]

    shares = share_case(hours(14), steps, 16)

    assert minutes(shares) == {"Thẩm định": 90, "Ký duyệt": 30}


def test_when_the_limits_add_up_everyone_bears_exactly_what_they_overran() -> None:
    steps = [
        span("Thẩm định", 0, 11, hours(8)),
        span("Ký duyệt", 11, 16, hours(4), OFFICE),
    ]

    shares = share_case(hours(12), steps, 16)

    assert minutes(shares) == {"Thẩm định": 180, "Ký duyệt": 60}


def test_time_that_two_overran_at_once_is_split_equally() -> None:
    steps = [
        span("Lấy ý kiến", 0, 8, hours(4)),
        span("Xác định thuế", 0, 8, hours(4), TAX),
        span("Ký duyệt", 8, 16, hours(4), OFFICE),
    ]

    shares = share_case(hours(8), steps, 16)

    assert minutes(shares) == {"Lấy ý kiến": 120, "Xác định thuế": 120, "Ký duyệt": 240}


def test_minutes_that_do_not_divide_still_sum_to_the_whole() -> None:
    steps = [
        span("A", 0, 2, hours(1)),
        span("B", 2, 4, hours(1), OFFICE),
        span("C", 4, 6, hours(1), TAX),
    ]

    shares = share_case(Limit(amount=Decimal(260), unit=Unit.MINUTE), steps, 6)

    assert shares.total_minutes == 100
    assert minutes(shares) == {"A": 34, "B": 33, "C": 33}


# Nobody overran, and time without a limit


def test_when_nobody_overran_the_time_used_decides() -> None:
    steps = [
        span("Thẩm định", 0, 6, hours(8)),
        span("Ký duyệt", 6, 8, hours(4), OFFICE),
    ]

    shares = share_case(hours(4), steps, 8)

    assert minutes(shares) == {"Thẩm định": 180, "Ký duyệt": 60}
    assert "chia theo thời gian đã dùng" in shares.parts[0].because.vi


def test_time_with_no_step_open_belongs_to_the_receiving_unit() -> None:
    steps = [span("Thẩm định", 0, 8, hours(8))]

    shares = share_case(hours(8), steps, 11)

    assert minutes(shares) == {"Thẩm định": 0, "RECEIVING_UNIT": 180}
    assert shares.parts[-1].party == DOOR
    assert "3 giờ làm việc không có bước nào mở" in shares.parts[-1].because.vi


def test_waiting_within_what_the_steps_left_is_no_overrun() -> None:
    steps = [
        span("Thẩm định", 0, 2, hours(4)),
        span("Ký duyệt", 4, 14, hours(4), OFFICE),
    ]

    shares = share_case(hours(8), steps, 14)

    assert minutes(shares) == {"Thẩm định": 0, "Ký duyệt": 360, "RECEIVING_UNIT": 0}


def test_a_step_without_limit_may_use_what_the_others_left() -> None:
    steps = [
        span("Thẩm định", 0, 4, hours(4)),
        span("Lấy ý kiến", 4, 16, None, OFFICE),
    ]

    shares = share_case(hours(10), steps, 16)

    assert minutes(shares) == {"Thẩm định": 0, "Lấy ý kiến": 360}
    assert part(shares, "Lấy ý kiến").limit_minutes is None


def test_a_case_without_any_step_waited_at_the_door() -> None:
    shares = share_case(hours(8), [], 9)

    assert minutes(shares) == {"RECEIVING_UNIT": 60}


def test_a_case_in_time_has_no_lateness_to_share() -> None:
    shares = share_case(hours(16), [span("Thẩm định", 0, 12, hours(8))], 12)

    assert shares.total_minutes == 0
    assert shares.parts[0].minutes == 0
    assert shares.parts[0].because.vi.endswith("hồ sơ không chậm")


def test_finishing_after_closing_time_costs_no_working_time() -> None:
    deadline = told(days(1))
    evening = moment("2023-10-17T19:30")

    shares = shares_of(deadline, [span("Thẩm định", 0, None, hours(8))], evening, evening)

    assert deadline.due_at == moment("2023-10-17T17:00")
    assert shares.total_minutes == 0


def test_an_open_case_is_late_until_now() -> None:
    steps = [span("Thẩm định", 0, None, hours(8))]

    shares = shares_of(told(hours(8)), steps, None, after(10))

    assert minutes(shares) == {"Thẩm định": 120}


# Pauses and restarts


def pause(kind: EventKind, ended: EventKind, begins: float, ends: float) -> list[ClockEvent]:
    return [ClockEvent(at=after(begins), kind=kind), ClockEvent(at=after(ends), kind=ended)]


@pytest.mark.parametrize(
    ("asked", "ended", "waited_for"),
    [
        (EventKind.SUPPLEMENT_REQUESTED, EventKind.SUPPLEMENTED, PartyKind.CITIZEN),
        (EventKind.PAYMENT_REQUESTED, EventKind.PAID, PartyKind.CITIZEN),
        (EventKind.SUSPENDED, EventKind.SUSPENSION_LIFTED, PartyKind.SUSPENDED),
    ],
)
def test_a_pause_is_shown_and_is_nobodys_lateness(
    asked: EventKind, ended: EventKind, waited_for: PartyKind
) -> None:
    deadline = told(hours(8), pause(asked, ended, 2, 7))
    steps = [span("Thẩm định", 0, 15, hours(8))]

    shares = shares_of(deadline, steps, after(15), after(15))

    assert shares.total_minutes == 120
    assert minutes(shares) == {"Thẩm định": 120, waited_for.value: 0}
    assert part(shares, "Thẩm định").used_minutes == 600
    assert shares.parts[-1].used_minutes == 300


def test_a_case_that_stands_still_grows_no_later() -> None:
    deadline = told(hours(8), [ClockEvent(at=after(2), kind=EventKind.SUPPLEMENT_REQUESTED)])
    steps = [span("Thẩm định", 0, None, hours(4))]

    shares = shares_of(deadline, steps, None, after(40))

    assert shares.total_minutes == 0
    assert part(shares, "Thẩm định").used_minutes == 120
    assert shares.parts[-1].used_minutes == 38 * 60


def test_when_both_were_waited_for_the_suspension_counts() -> None:
    events = [
        *pause(EventKind.SUPPLEMENT_REQUESTED, EventKind.SUPPLEMENTED, 2, 6),
        *pause(EventKind.SUSPENDED, EventKind.SUSPENSION_LIFTED, 4, 8),
    ]

    shares = shares_of(told(hours(8), events), [], after(14), after(14))

    assert [(s.party.kind, s.used_minutes) for s in shares.parts] == [
        (PartyKind.RECEIVING_UNIT, 480),
        (PartyKind.CITIZEN, 120),
        (PartyKind.SUSPENDED, 120),
        (PartyKind.SUSPENDED, 120),
    ]


def test_time_before_the_law_restarted_the_clock_counts_for_nobody() -> None:
    asked = pause(EventKind.SUPPLEMENT_REQUESTED, EventKind.SUPPLEMENTED, 7, 9)
    deadline = told(hours(8), asked, effect="restart")
    steps = [
        span("Tiếp nhận", 0, 6, hours(1)),
        span("Thẩm định", 6, 18, hours(6)),
    ]

    shares = shares_of(deadline, steps, after(18), after(18))

    assert shares.total_minutes == 60
    assert minutes(shares) == {"Tiếp nhận": 0, "Thẩm định": 60, "CITIZEN": 0}
    assert part(shares, "Tiếp nhận").used_minutes == 0
    assert part(shares, "Thẩm định").used_minutes == 540
    assert "trước khi thời hạn được tính lại từ đầu" in part(shares, "Tiếp nhận").because.vi


# Bad input


def test_a_step_completed_before_it_opened_is_refused() -> None:
    with pytest.raises(CannotShareLateness, match="“Thẩm định” mở lúc .* hãy kiểm tra"):
        span("Thẩm định", 4, 2)


def test_a_ledger_without_reception_is_refused() -> None:
    deadline = told(hours(8))
    without_start = replace(deadline, ledger=deadline.ledger[1:])

    with pytest.raises(CannotShareLateness, match="không có dòng tiếp nhận"):
        shares_of(without_start, [], None, after(9))


def test_a_pause_that_does_not_say_who_was_waited_for_is_refused() -> None:
    because = Because(vi="Tạm dừng", en="Stopped")
    line = LedgerLine(after(1), after(2), LedgerKind.PAUSED, Decimal(60), Unit.MINUTE, because)
    deadline = told(hours(8))
    unexplained = replace(deadline, ledger=(*deadline.ledger, line))

    with pytest.raises(CannotShareLateness, match="không ghi tạm dừng để chờ ai"):
        shares_of(unexplained, [], None, after(9))


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(NaiveMoment):
        shares_of(told(hours(8)), [], None, after(9).replace(tzinfo=None))


# Properties

quarters = st.integers(0, 240).map(lambda count: count / 4)
limits = st.one_of(st.none(), st.integers(1, 40).map(hours), st.integers(1, 4).map(days))


@st.composite
def spans(draw: st.DrawFn) -> StepSpan:
    opened, lasted = draw(quarters), draw(quarters)
    is_open = draw(st.integers(0, 9)) == 0
    name = draw(st.sampled_from(["Tiếp nhận", "Thẩm định", "Ký duyệt", "Trả kết quả"]))
    party = draw(st.sampled_from([JUSTICE, OFFICE, TAX]))
    return span(name, opened, None if is_open else opened + lasted, draw(limits), party)


@st.composite
def deadlines_with_pauses(draw: st.DrawFn) -> Deadline:
    limit = draw(st.one_of(st.integers(1, 40).map(hours), st.integers(1, 5).map(days)))
    due_at = told(limit).due_at
    ended, asked = draw(st.sampled_from(list(STOPPED_BY.items())))
    begins, lasted = draw(quarters), draw(quarters)
    events = pause(asked, ended, begins, begins + lasted)[: draw(st.integers(0, 2))]
    if after(begins) > due_at:
        events = []
    return told(limit, events, draw(st.sampled_from(["pause", "restart"])))


cases = st.tuples(deadlines_with_pauses(), st.lists(spans(), max_size=6), quarters)


@PROPERTY
@given(cases)
def test_the_parts_sum_to_the_whole_and_none_is_negative(
    case: tuple[Deadline, list[StepSpan], float],
) -> None:
    deadline, steps, finished = case

    shares = shares_of(deadline, steps, None, after(finished * 2))

    assert sum(share.minutes for share in shares.parts) == shares.total_minutes
    assert all(share.minutes >= 0 and share.used_minutes >= 0 for share in shares.parts)


@PROPERTY
@given(cases)
def test_lateness_is_the_working_time_after_the_due_time(
    case: tuple[Deadline, list[StepSpan], float],
) -> None:
    deadline, steps, finished = case
    now = after(finished * 2)

    shares = shares_of(deadline, steps, None, now)

    late = CALENDAR.measure(deadline.due_at, now) // timedelta(minutes=1)
    expected = 0 if deadline.is_stopped else max(0, late)
    assert shares.total_minutes == expected


@PROPERTY
@given(cases)
def test_a_step_within_its_limit_bears_nothing_where_another_overran(
    case: tuple[Deadline, list[StepSpan], float],
) -> None:
    deadline, steps, finished = case

    shares = shares_of(deadline, steps, None, after(finished * 2))

    within = [s for s in shares.parts if s.limit_minutes and s.used_minutes <= s.limit_minutes]
    others = [s for s in shares.parts if s.limit_minutes and s.used_minutes > s.limit_minutes]
    assert not others or not any(share.minutes for share in within)


@PROPERTY
@given(cases, st.integers(0, 5))
def test_the_only_step_that_overran_takes_all(
    case: tuple[Deadline, list[StepSpan], float], chosen: int
) -> None:
    deadline, steps, finished = case
    generous = [
        replace(step, name=f"{number}", limit=hours(1) if number == chosen else days(60))
        for number, step in enumerate(steps)
    ]
    # One step stays open all the time, so that no time is left without a step.
    generous.append(span("luôn mở", 0, None, days(60), OFFICE))

    shares = shares_of(deadline, generous, None, after(finished * 2))

    overran = [s for s in shares.parts if s.limit_minutes and s.used_minutes > s.limit_minutes]
    assert len(overran) <= 1
    assert all(share.minutes == shares.total_minutes for share in overran)
