"""The counter's form: a representative beside applicant and owner, and cases that may be the same."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.test import Client

from motcua.cases.models import Case, Party
from motcua.cases.tests.world import World
from motcua.desk.tests.rows import desk_clock, sign_in
from motcua.desk.tests.test_receive_page import PAGE, filled

CHILD = "075216004321"


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock():
        yield world


@pytest.fixture
def clerk(world: World) -> Client:
    return sign_in(world.cuc)


def test_a_child_is_received_with_its_mother(clerk: Client) -> None:
    alone = clerk.post(PAGE, filled(applicant_identity_number=CHILD))
    with_mother = clerk.post(
        PAGE,
        filled(
            applicant_identity_number=CHILD,
            representative_kind="PERSON",
            representative_full_name="Trần Thị Ưu",
            representative_identity_number="075190000456",
        ),
    )

    assert alone.status_code == 422
    assert "phải có người đại diện" in alone.content.decode()
    assert "<details open>" in alone.content.decode()
    assert with_mother.status_code == 302
    assert Party.objects.get(role="REPRESENTATIVE").full_name == "Trần Thị Ưu"


def test_an_open_case_of_the_same_owner_is_shown_before_a_second_is_made(
    clerk: Client, world: World
) -> None:
    first = world.receive()
    typed = filled(submission_key=str(uuid4()))

    shown = clerk.post(PAGE, typed)
    page = shown.content.decode()
    again = clerk.post(PAGE, {**typed, "seen_duplicates": first.code})

    assert shown.status_code == 409
    assert first.code in page
    assert f'name="seen_duplicates" value="{first.code}"' in page
    assert again.status_code == 302
    assert Case.objects.count() == 2


def test_the_same_form_twice_is_no_duplicate_of_itself(clerk: Client) -> None:
    assert clerk.post(PAGE, filled()).status_code == 302
    assert clerk.post(PAGE, filled()).status_code == 302
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "is_shown"),
    [
        ({"applicant_identity_number": "075193000124"}, False),
        ({"applicant_identity_number": ""}, True),
        ({"applicant_identity_number": "", "applicant_phone": ""}, False),
        (
            {"owner_is_applicant": None, "owner_full_name": "Lê Bình", "owner_phone": "0912345678"},
            False,
        ),
    ],
)
def test_the_owner_is_recognised_by_number_or_else_by_name_and_phone(
    clerk: Client, world: World, changes: dict[str, str | None], is_shown: bool
) -> None:
    world.receive()

    answer = clerk.post(PAGE, filled(submission_key=str(uuid4()), **changes))

    assert (answer.status_code == 409) is is_shown


def test_a_finished_case_is_no_duplicate(clerk: Client, world: World) -> None:
    case = world.receive()
    Case.objects.filter(pk=case.pk).update(status="DONE", finished_at=case.received_at)

    assert clerk.post(PAGE, filled(submission_key=str(uuid4()))).status_code == 302
