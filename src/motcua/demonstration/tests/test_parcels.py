"""The post of the demonstration: what it brought to the centre's counter, and what it took away."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest

from motcua.cases import post_queries
from motcua.cases.models import Case, PostalItem, PostalSlip
from motcua.demonstration import content, parcels
from motcua.demonstration.actions import _Cast
from motcua.demonstration.schedule import Story
from motcua.engine.moments import VIETNAM
from motcua.people import queries as people

pytestmark = pytest.mark.django_db
CODE = "2.001481"
RECEIVED = datetime(2023, 2, 14, 9, 0, tzinfo=VIETNAM)
NOW = datetime(2023, 3, 15, 8, 0, tzinfo=VIETNAM)
_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def story(number: int, *, code: str = CODE, steps: int = 0) -> Story:
    return Story(
        number=number,
        row=1,
        procedure_code=code,
        received_at=RECEIVED + timedelta(minutes=number),
        step_times=tuple(RECEIVED + timedelta(hours=step) for step in range(1, steps + 1)),
        returned_at=None,
    )


def test_each_state_of_the_post_has_a_parcel_and_loading_again_adds_none(cast: _Cast) -> None:
    code = "2.000437"
    done = tuple(
        story(number, code=code, steps=cast.steps_of(code))
        for number in range(1, parcels.how_many_wanted() + 1)
    )
    cast.by_post = 90
    cast.receive(story(90))
    codes = {one.number: cast.receive(one) for one in done}
    for one in done:
        for at in one.step_times:
            cast.complete_next(codes[one.number], now=at)

    for _time in range(2):
        cast.send_by_post(codes, done)

    clerk = people.get_person(username="tt.tiepnhan1")
    assert post_queries.count_post(clerk, now=NOW) == {
        "arrived": 2,
        "received": 1,
        "planned": 1,
        "ready": 2,
        "sent": 2,
        "recalled": 0,
        "delivered": 1,
        "failed": 1,
    }
    assert list(PostalSlip.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    statuses = Counter(
        Case.objects.filter(code__in=codes.values()).values_list("status", flat=True)
    )
    assert statuses == {"DONE": 5, "RETURNED": 1}


def test_the_dossier_that_came_by_post_was_a_parcel_before_it_was_a_case(cast: _Cast) -> None:
    cast.by_post = 7

    codes = {cast.receive(story(7)) for _time in range(2)}

    (case,) = Case.objects.all()
    item = PostalItem.objects.select_related("case").get(direction="ARRIVING")
    assert ({case.code}, item.case, case.channel) == (codes, case, "POST")
    assert item.registered_at < case.received_at


def test_every_number_of_a_parcel_has_the_check_digit_of_the_post() -> None:
    told = content.read("post")
    sent = [parcel for slip in told["slips"] for parcel in slip["parcels"]]
    numbers = [one["tracking_number"] for one in [*told["arrived"], told["received"], *sent]]

    assert len(numbers) == len(set(numbers)) == 7
    for number in numbers:
        digits, digit = number[2:10], int(number[10])
        rest = 11 - sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=True)) % 11
        assert {10: 0, 11: 5}.get(rest, rest) == digit, number
