"""Deadlines: the due time, its ledger, and the sentence that explains it."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.engine.deadlines import due
from motcua.engine.duties import (
    online_answer_due,
    return_after_appraisal_due,
    transfer_due_at,
)
from motcua.engine.ledger import Deadline, LedgerKind, day_by_day
from motcua.engine.limits import Limit, Unit, parse_limit
from motcua.engine.sentences import sentence
from motcua.engine.tests.depth import PROPERTY
from motcua.engine.tests.offices import days, make_calendar, make_rules, moment
from motcua.engine.timerules import DueClock

CALENDAR = make_calendar()
LIMITS = st.one_of(
    st.integers(1, 60).map(lambda n: Limit(amount=Decimal(n) / 2, unit=Unit.WORKING_DAY)),
    st.integers(1, 60).map(lambda n: Limit(amount=Decimal(n), unit=Unit.DAY)),
    st.integers(1, 40).map(lambda n: Limit(amount=Decimal(n), unit=Unit.HOUR)),
    st.integers(1, 4).map(lambda n: Limit(amount=Decimal(n), unit=Unit.MONTH)),
)
MINUTES = st.integers(0, 180 * 1440).map(
    lambda minutes: moment("2023-01-02T00:00") + timedelta(minutes=minutes)
)


def answer(received: str, limit: str, clock: DueClock = DueClock.CLOSE_OF_DAY) -> Deadline:
    return due(
        received_at=moment(received),
        limit=parse_limit(limit),
        calendar=CALENDAR,
        rules=make_rules(due_clock=clock),
    )


def assert_partition(deadline: Deadline) -> None:
    lasting = [line for line in deadline.ledger if line.ends_at > line.starts_at]
    assert lasting[0].starts_at == deadline.received_at
    assert lasting[-1].ends_at == deadline.due_at
    for earlier, later in pairwise(lasting):
        assert earlier.ends_at == later.starts_at


def test_five_working_days_from_a_friday_end_the_next_friday() -> None:
    deadline = answer("2023-10-27T09:32", "5 ngày làm việc")

    assert deadline.due_at == moment("2023-11-03T17:00")


def test_the_due_clock_may_be_the_time_of_receipt() -> None:
    deadline = answer("2023-10-27T09:32", "5 ngày làm việc", DueClock.SAME_TIME)

    assert deadline.due_at == moment("2023-11-03T09:32")


def test_the_ledger_tells_start_skipped_and_counted_in_order() -> None:
    deadline = answer("2023-10-25T09:32", "5 working days")

    told = [(line.kind, int(line.amount), line.because.vi) for line in deadline.ledger]

    assert told == [
        (LedgerKind.START, 0, "Tiếp nhận lúc 09:32 Thứ Tư 25/10/2023; thời hạn 5 ngày làm việc"),
        (LedgerKind.SKIPPED, 0, "ngày tiếp nhận không tính"),
        (LedgerKind.COUNTED, 2, "+2 ngày làm việc 26/10–27/10"),
        (LedgerKind.SKIPPED, 2, "Không tính Thứ Bảy 28/10, Chủ nhật 29/10"),
        (LedgerKind.COUNTED, 3, "+3 ngày làm việc 30/10–01/11"),
    ]


def test_day_by_day_has_a_line_for_each_day() -> None:
    deadline = answer("2023-10-26T09:32", "2 working days")

    told = [line.because.vi for line in day_by_day(deadline, CALENDAR)]

    assert told[2:] == [
        "+1 ngày làm việc Thứ Sáu 27/10",
        "Thứ Bảy 28/10/2023: ngày nghỉ hằng tuần, không tính",
        "Chủ nhật 29/10/2023: ngày nghỉ hằng tuần, không tính",
        "+1 ngày làm việc Thứ Hai 30/10",
    ]


@PROPERTY
@given(MINUTES, LIMITS)
def test_lines_follow_each_other_from_the_reception_to_the_due_time(
    received_at: datetime, limit: Limit
) -> None:
    deadline = due(
        received_at=received_at,
        limit=limit,
        calendar=CALENDAR,
        rules=make_rules(),
    )

    assert_partition(deadline)
    assert CALENDAR.is_working_day(deadline.due_at.date())


@PROPERTY
@given(MINUTES, LIMITS)
def test_counted_lines_add_up_to_the_limit_also_day_by_day(
    received_at: datetime, limit: Limit
) -> None:
    deadline = due(
        received_at=received_at,
        limit=limit,
        calendar=CALENDAR,
        rules=make_rules(),
    )

    for lines in (deadline.ledger, day_by_day(deadline, CALENDAR)):
        counted = [line for line in lines if line.kind is LedgerKind.COUNTED]
        whole = sum(line.amount for line in counted if line.unit is not Unit.MINUTE)
        minutes = sum(line.amount for line in counted if line.unit is Unit.MINUTE)
        if limit.unit is Unit.HOUR:
            assert (whole, minutes) == (0, limit.amount * 60)
        elif limit.unit is not Unit.MONTH:
            assert (whole, minutes) == (int(limit.amount), (limit.amount % 1) * 480)


@PROPERTY
@given(MINUTES, st.integers(1, 50))
def test_half_a_day_more_is_never_due_earlier(received_at: datetime, halves: int) -> None:
    due_times = [
        due(
            received_at=received_at,
            limit=Limit(amount=Decimal(count) / 2, unit=Unit.WORKING_DAY),
            calendar=CALENDAR,
            rules=make_rules(),
        ).due_at
        for count in (halves, halves + 1)
    ]

    assert due_times[0] <= due_times[1]


def test_a_limit_in_days_that_ends_on_a_sunday_moves_to_monday_and_says_so() -> None:
    deadline = answer("2023-04-14T08:00", "30 ngày")

    assert deadline.due_at == moment("2023-05-15T17:00")
    assert deadline.ledger[-1].kind is LedgerKind.SKIPPED
    assert deadline.ledger[-1].because.vi.startswith("Ngày cuối rơi vào Chủ nhật 14/05/2023")


def test_seconds_of_the_reception_do_not_count() -> None:
    received_at = moment("2023-03-16T09:32") + timedelta(seconds=59)

    deadline = due(
        received_at=received_at,
        limit=parse_limit("1 giờ"),
        calendar=CALENDAR,
        rules=make_rules(),
    )

    assert deadline.due_at == moment("2023-03-16T10:32")


def test_the_sentence_reads_like_a_clerks_answer() -> None:
    deadline = answer("2023-10-27T09:32", "5 ngày làm việc")

    assert sentence(deadline) == (
        "Hồ sơ tiếp nhận lúc 09:32 Thứ Sáu 27/10/2023, thời hạn 5 ngày làm việc, không tính ngày "
        "tiếp nhận, Thứ Bảy 28/10 và Chủ nhật 29/10, nên hạn trả kết quả là 17:00 Thứ Sáu "
        "03/11/2023. Căn cứ: NĐ thử; quy chế làm việc."
    )
    assert "the result is due at 17:00 on Friday 03/11/2023" in sentence(deadline, "en")


def test_the_sentence_tells_of_a_reception_out_of_hours() -> None:
    deadline = answer("2023-03-17T18:00", "20 ngày làm việc")

    told = sentence(deadline)

    assert "ngoài giờ làm việc, nên thời hạn 20 ngày làm việc tính từ 07:00 Thứ Hai 20/03" in told
    assert "không tính ngày đầu tiên này và 8 ngày nghỉ" in told


@pytest.mark.parametrize(
    ("received", "limit", "told"),
    [
        (
            "2023-03-06T09:00",
            "0,5 ngày làm việc",
            "chỉ tính giờ làm việc của cơ quan, nên hạn trả kết quả là 15:00 Thứ Hai 06/03/2023.",
        ),
        (
            "2023-03-17T09:00",
            "30 ngày",
            (
                "không tính ngày tiếp nhận, ngày cuối rơi vào Chủ nhật 16/04/2023 (ngày nghỉ hằng tuần) "
                "nên hạn trả kết quả chuyển sang 17:00 Thứ Hai 17/04/2023."
            ),
        ),
    ],
)
def test_the_sentence_says_why_the_last_day_is_that_day(
    received: str, limit: str, told: str
) -> None:
    deadline = answer(received, limit)

    assert told in sentence(deadline)


def test_the_sentence_of_a_service_norm_names_the_norm() -> None:
    deadline = answer("2023-03-16T09:00", "3 ngày làm việc")

    assert "nên hạn phục vụ là 17:00 Thứ Ba 21/03/2023." in sentence(deadline, is_norm=True)
    assert "the service norm runs out at 17:00" in sentence(deadline, "en", is_norm=True)


def test_the_sentence_is_the_same_when_amounts_come_back_from_storage() -> None:
    deadline = answer("2023-03-17T18:00", "20 ngày làm việc")
    stored = tuple(
        replace(line, amount=line.amount.quantize(Decimal("0.001"))) for line in deadline.ledger
    )

    told = sentence(replace(deadline, ledger=stored))

    assert told == sentence(deadline)


@pytest.mark.parametrize(
    ("received", "transfer_by"),
    [
        ("2023-03-16T09:00", "2023-03-16T17:00"),
        ("2023-03-16T15:00", "2023-03-16T17:00"),
        ("2023-03-16T15:01", "2023-03-17T08:00"),
        ("2023-03-17T16:00", "2023-03-20T08:00"),
        ("2023-03-18T10:00", "2023-03-20T17:00"),
    ],
)
def test_a_file_is_passed_on_the_same_day_or_early_the_next(
    received: str, transfer_by: str
) -> None:
    found = transfer_due_at(received_at=moment(received), calendar=CALENDAR, rules=make_rules())

    assert found == moment(transfer_by)


def test_duties_have_deadlines_with_their_own_ledger() -> None:
    rules = make_rules()

    answered = online_answer_due(
        submitted_at=moment("2023-03-18T22:15"), calendar=CALENDAR, rules=rules
    )
    returned = return_after_appraisal_due(
        received_at=moment("2023-03-16T09:00"), calendar=CALENDAR, rules=rules
    )

    assert answered.due_at == moment("2023-03-20T17:00")
    assert returned.due_at == moment("2023-03-21T17:00")
    assert returned.limit == days(3)
    assert_partition(answered)
