"""The receipt of a case as a PDF: who may print it, its size, its name, and its second print."""

import io
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pytest
from django.test import Client

from motcua.audit.models import Read
from motcua.cases.models import Case, Party
from motcua.cases.tests.world import World
from motcua.desk.tests.rows import desk_clock, sign_in, words

A5_WIDTH, A4_WIDTH = 420, 595


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock():
        yield world


@pytest.fixture
def clerk(world: World) -> Client:
    return sign_in(world.cuc)


@pytest.fixture
def case(world: World) -> Case:
    return world.receive()


def address(code: str) -> str:
    return f"/ho-so/{code}/giay-tiep-nhan.pdf"


def read(response: Any) -> tuple[str, int]:
    """Return the text of a PDF and the width of its first page."""
    document = pypdfium2.PdfDocument(io.BytesIO(response.content))
    text = "".join(page.get_textpage().get_text_range() for page in document)
    return " ".join(text.split()), round(document[0].get_width())


def test_a_stranger_is_refused_and_the_attempt_is_noted(world: World, case: Case) -> None:
    response = sign_in(world.oanh).get(address(case.code))

    noted = Read.objects.get(subject=f"case:{case.code}")
    assert response.status_code == 403
    assert "do cơ quan khác tiếp nhận" in words(response)
    assert (noted.what, noted.was_allowed, noted.actor_id) == (
        "case.receipt_printed",
        False,
        world.oanh.id,
    )


def test_the_receipt_opens_in_the_browser_under_the_name_of_its_case(
    clerk: Client, case: Case
) -> None:
    response = clerk.get(address(case.code))

    text, _width = read(response)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (f'inline; filename="giay-tiep-nhan-{case.code}.pdf"')
    assert case.code in text
    assert "Nguyễn Thị Thúy An" in text
    assert "BẢN SAO" not in text


@pytest.mark.parametrize(("paper", "width"), [("A4", A4_WIDTH), ("A5", A5_WIDTH), ("a4", A4_WIDTH)])
def test_the_paper_is_chosen_in_the_address(
    clerk: Client, case: Case, paper: str, width: int
) -> None:
    _text, found = read(clerk.get(address(case.code), {"kho": paper}))

    assert abs(found - width) <= 1


def test_the_second_print_says_that_it_is_a_copy(world: World, clerk: Client, case: Case) -> None:
    clerk.get(address(case.code))

    text, _width = read(clerk.get(address(case.code)))

    assert "BẢN SAO, in lần 2" in text
    assert Read.objects.filter(what="case.receipt_printed", was_allowed=True).count() == 2


def test_neither_a_look_nor_a_refusal_makes_the_first_print_a_copy(
    world: World, clerk: Client, case: Case
) -> None:
    clerk.get(f"/ho-so/{case.code}/")
    sign_in(world.oanh).get(address(case.code))

    text, _width = read(clerk.get(address(case.code)))

    assert "BẢN SAO" not in text


@pytest.mark.parametrize("paper", ["A3", "../A4", " "])
def test_an_unknown_paper_is_refused_and_nothing_counts_as_printed(
    clerk: Client, case: Case, paper: str
) -> None:
    response = clerk.get(address(case.code), {"kho": paper})

    assert response.status_code == 422
    assert "Không in được trên khổ giấy" in words(response)
    assert f'href="/ho-so/{case.code}/"' in response.content.decode()
    assert not Read.objects.filter(what="case.receipt_printed").exists()


def test_an_unprintable_name_is_told_in_words(clerk: Client, case: Case) -> None:
    Party.objects.update(full_name="漢字")

    response = clerk.get(address(case.code))

    assert response.status_code == 422
    assert "phông chữ Tinos không in được" in words(response)


@pytest.mark.parametrize("code", ["000.01.01.H19-230306-9999", "x%00y", "a" * 300])
def test_an_unknown_case_is_a_page_with_a_way_back(clerk: Client, code: str) -> None:
    response = clerk.get(address(code))

    assert response.status_code == 404
    assert "Không có hồ sơ mang mã" in words(response)
    assert 'href="/ho-so/"' in response.content.decode()
