"""What is wrong, late or twice is refused with a clear message, and nothing is half-written."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from uuid import uuid4

import pytest

from motcua.audit.models import Entry
from motcua.cases import actions, queries
from motcua.cases.models import Case, CodeCounter, Party
from motcua.cases.tests.world import MONDAY, World
from motcua.people.models import Agency
from motcua.workflow.models import Task

pytestmark = pytest.mark.django_db

TUESDAY = MONDAY + timedelta(days=1)
MARKS = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
BASES = ("a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y")
# Words of six letters: every vowel with every tone, and đ.
EVERY = " ".join(
    ["Đ", *("".join(unicodedata.normalize("NFC", base + mark) for mark in MARKS) for base in BASES)]
)


def apart(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def written() -> tuple[int, ...]:
    """How many rows there are of what receiving writes."""
    return tuple(model.objects.count() for model in (Case, Party, Task, CodeCounter, Entry))


@pytest.mark.parametrize("typed", [EVERY, apart(EVERY)], ids=["composed", "apart"])
def test_a_name_of_every_letter_is_stored_composed_and_found_however_it_is_typed(
    world: World, typed: str
) -> None:
    case = world.receive(applicant=actions.PartyEntry(kind="PERSON", full_name=typed))

    def found(text: str) -> list[str]:
        rows = queries.search_cases(officer=world.cuc, text=text, now=MONDAY)
        return [row.code for row in rows]

    bare = "D aaaaaa aaaaaa aaaaaa eeeeee eeeeee iiiiii oooooo oooooo oooooo uuuuuu uuuuuu yyyyyy"
    assert Party.objects.get(case=case, role="OWNER").full_name == EVERY
    for text in (EVERY, apart(EVERY), EVERY.upper(), apart(EVERY.lower()), bare, "ằẳẵắặ", "đ aà"):
        assert found(text) == [case.code], text
    assert found("aaaaaae") == []


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("075216004321", "chưa đủ 15 tuổi nên phải có người đại diện"),
        ("003193000123", "không có tỉnh nào mang mã 003"),
        ("075231000123", "năm sinh 2031 chưa tới"),
        ("07519300012", "12 chữ số"),
    ],
)
def test_a_number_that_cannot_be_or_of_a_child_alone_writes_nothing(
    world: World, number: str, why: str
) -> None:
    before = written()
    child = actions.PartyEntry(kind="PERSON", full_name="Trần Bé", identity_number=number)

    with pytest.raises(actions.CannotReceiveCase, match=why):
        world.receive(applicant=child)

    assert written() == before


def test_a_form_sent_again_with_other_words_is_still_the_first_case(world: World) -> None:
    key = uuid4()
    first = world.receive(submission_key=key)
    before = written()

    again = world.receive(submission_key=key, note="Gửi lại")

    assert again.pk == first.pk
    assert written() == before


def test_a_dissolved_counter_receives_nothing_and_names_its_successor(world: World) -> None:
    dissolve(world.centre, into=world.office)
    before = written()

    with pytest.raises(
        actions.CannotReceiveCase,
        match=r"đã kết thúc từ ngày 07/03/2023.*Hãy tiếp nhận tại: Văn phòng UBND tỉnh",
    ):
        world.receive(now=TUESDAY)

    assert written() == before


def test_what_a_dissolved_agency_would_settle_is_not_received(world: World) -> None:
    dissolve(world.office, into=world.elsewhere)
    before = written()

    with pytest.raises(
        actions.CannotReceiveCase,
        match=r"Văn phòng UBND tỉnh.*Hãy báo cán bộ kiểm soát thủ tục.*Sở Tài nguyên",
    ):
        world.receive(now=TUESDAY)

    assert written() == before


def test_what_was_received_before_goes_on_with_those_who_hold_its_steps(world: World) -> None:
    case = world.receive()
    dissolve(world.centre, into=world.office)

    task = Task.objects.get(run_id=case.run_id)
    actions.complete_step(officer=world.cuc, task_id=task.pk, now=TUESDAY)

    with pytest.raises(actions.CannotConsult, match="Trung tâm Hành chính công tỉnh"):
        actions.consult_agency(
            officer=world.binh,
            case_code=case.code,
            agency_code=world.centre.code,
            question="Đã đủ giấy tờ chưa?",
            limit="2 ngày làm việc",
            now=TUESDAY,
        )
    assert Task.objects.get(run_id=case.run_id, completed_at=None).agency_id == world.office.pk


def dissolve(agency: Agency, *, into: Agency) -> None:
    Agency.objects.filter(pk=agency.pk).update(ends_on=TUESDAY.date(), successor=into)
