"""Consulting another agency: its own time limit, its answer, and silence that is no consent."""

from datetime import date, datetime

import pytest

from motcua.cases import actions
from motcua.cases.actions import CannotConsult
from motcua.cases.models import Case, Consultation
from motcua.cases.tests.world import World
from motcua.engine.moments import VIETNAM
from motcua.people.actions import NotAllowed
from motcua.people.models import Agency

pytestmark = pytest.mark.django_db


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2023, 3, day, hour, 0, tzinfo=VIETNAM)


def consult(world: World, case: Case, **changes: object) -> Consultation:
    values: dict[str, object] = {
        "officer": world.binh,
        "case_code": case.code,
        "agency_code": "H19.17",
        "question": "Vị trí có thuộc vùng hạn chế khai thác không?",
        "limit": "2 ngày làm việc",
        "now": at(7),
    }
    return actions.consult_agency(**{**values, **changes})  # type: ignore[arg-type]


def test_an_agency_that_does_not_settle_the_case_asks_nobody(world: World) -> None:
    case = world.receive()

    with pytest.raises(NotAllowed):
        consult(world, case, officer=world.oanh)


def test_a_question_has_its_own_deadline_and_leaves_the_clock_running(world: World) -> None:
    case = world.receive()

    asked = consult(world, case)

    assert asked.due_at == at(9, 17)
    assert Case.objects.get().clock_stopped_at is None


def test_the_consulted_agency_answers_once(world: World) -> None:
    asked = consult(world, world.receive())

    told = actions.answer_consultation(
        officer=world.oanh, consultation_id=asked.pk, answer="Không thuộc", now=at(8)
    )

    assert (told.answer, told.answered_at) == ("Không thuộc", at(8))
    with pytest.raises(CannotConsult, match="đã được Đỗ Thị Oanh trả lời lúc 09:00 08/03/2023"):
        actions.answer_consultation(
            officer=world.oanh, consultation_id=asked.pk, answer="Có", now=at(9)
        )


def test_only_the_consulted_agency_answers(world: World) -> None:
    asked = consult(world, world.receive())

    with pytest.raises(NotAllowed):
        actions.answer_consultation(
            officer=world.binh, consultation_id=asked.pk, answer="Đồng ý", now=at(8)
        )


def test_silence_leaves_the_question_open(world: World) -> None:
    consult(world, world.receive())

    lapsed = Consultation.objects.filter(answered_at=None, due_at__lt=at(10))

    assert lapsed.count() == 1
    assert lapsed.get().answer == ""


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"question": " "}, "Hãy ghi nội dung"),
        ({"limit": "0 ngày làm việc"}, "lớn hơn 0"),
        ({"agency_code": "H19.99"}, "H19.99"),
        ({"agency_code": "H19.01"}, "của chính mình"),
    ],
    ids=["no question", "no time", "nobody", "oneself"],
)
def test_a_question_that_cannot_be_asked_is_refused(
    world: World, changes: dict[str, object], words: str
) -> None:
    case = world.receive()

    with pytest.raises(CannotConsult, match=words):
        consult(world, case, **changes)

    assert Consultation.objects.count() == 0


def test_an_agency_that_was_dissolved_is_not_asked(world: World) -> None:
    case = world.receive()
    Agency.objects.filter(code="H19.17").update(ends_on=date(2023, 3, 1), successor=world.office)

    with pytest.raises(CannotConsult, match="Hãy hỏi cơ quan kế thừa: Văn phòng UBND tỉnh"):
        consult(world, case)


def test_an_agency_is_asked_once_at_a_time(world: World) -> None:
    case = world.receive()
    consult(world, case)

    with pytest.raises(CannotConsult, match="chưa trả lời"):
        consult(world, case)
