"""What other systems own in the demonstration: told as they tell it, and no case file of ours."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from motcua.cases.models import Case, HandBack, MirroredCase, MirroredStatus, OutgoingStatus
from motcua.demonstration import mirrored_cases, recorded_results
from motcua.demonstration.actions import _Cast
from motcua.demonstration.schedule import Story
from motcua.engine.moments import VIETNAM

pytestmark = pytest.mark.django_db
RECEIVED = datetime(2023, 2, 14, 9, 0, tzinfo=VIETNAM)


def story(code: str, *, steps: int = 0) -> Story:
    return Story(
        number=3,
        row=1,
        procedure_code=code,
        received_at=RECEIVED,
        step_times=(RECEIVED,) * steps,
        returned_at=None,
    )


@pytest.mark.usefixtures("cast")
def test_what_other_systems_settle_is_shown_once_and_is_no_case_of_ours() -> None:
    mirrored_cases.mirror_others()
    mirrored_cases.mirror_others()

    told = MirroredCase.objects.order_by("source").values_list("source", "foreign_status")
    assert list(told) == [("DVCQG", 4), ("G09", 7)]
    assert not MirroredCase.objects.filter(case__isnull=False).exists()
    assert MirroredStatus.objects.count() == 4
    assert not Case.objects.exists()


def test_one_case_came_over_the_national_portal_and_its_status_is_ours(cast: _Cast) -> None:
    cast.sent_on = 3

    codes = [cast.receive(story(mirrored_cases.sent_on_procedure())) for _time in range(2)]

    (row,) = MirroredCase.objects.select_related("case")
    assert row.case is not None
    assert (row.source, row.case.code, row.foreign_status) == ("DVCQG", codes[0], 1)
    assert codes[0] == codes[1]
    (outgoing,) = OutgoingStatus.objects.all()
    # Nothing is set to which it could be sent.
    assert (outgoing.status, outgoing.sent_at) == (2, None)


def test_the_case_that_was_sent_on_that_by_post_and_that_handed_back_are_three(cast: _Cast) -> None:
    code = mirrored_cases.sent_on_procedure()
    done = replace(story(code, steps=cast.steps_of(code)), number=1)
    is_open = tuple(replace(story(code), number=number) for number in (2, 4, 5, 6))

    cast.give_parts((done, replace(story("2.000437"), number=3), *is_open))

    assert (cast.sent_on, cast.by_post, cast.handed_back) == (2, 4, 5)


def test_one_case_was_handed_back_with_a_reason_to_the_system_that_told_of_it(cast: _Cast) -> None:
    cast.handed_back = 3
    codes = {3: cast.receive(story(mirrored_cases.sent_on_procedure()))}

    for _time in range(2):
        cast.hand_back(codes)

    (back,) = HandBack.objects.select_related("mirrored", "case")
    assert (back.mirrored.source, back.case.code, back.taken_again_at) == ("G09", codes[3], None)
    assert "Bộ Nội vụ" in back.reason


def test_a_recorded_result_is_wanted_of_a_few_and_those_who_make_it_have_accounts(
    cast: _Cast,
) -> None:
    assert set(recorded_results.wanted()) == {"2.001481", "1.009974", "1.009994", "2.001827"}
    code = "2.001481"
    done = story(code, steps=cast.steps_of(code))

    assert cast.has_result(done)
    assert not cast.has_result(story(code, steps=1))
    assert not cast.has_result(story("2.000437", steps=cast.steps_of("2.000437")))
    assert cast.settling(done, "OFFICER").username == "noivu.chuyenvien"
    assert cast.settling(done, "LEADER").username == "noivu.lanhdao"
