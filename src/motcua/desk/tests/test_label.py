"""The label of a paper file: who may print it, its size, what stands on it, and that it is noted."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pypdfium2
import pytest

from motcua.audit.models import Read
from motcua.cases.models import Party
from motcua.cases.tests.world import World
from motcua.desk.tests.rows import desk_clock, sign_in, words
from motcua.engine.moments import local

MILLIMETRE = 72 / 25.4


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock():
        yield world


def test_a_stranger_gets_no_label_and_the_attempt_is_noted(world: World) -> None:
    case = world.receive()

    answer = sign_in(world.oanh).get(f"/ho-so/{case.code}/nhan.pdf")

    assert answer.status_code == 403
    assert sign_in(world.cuc).get("/ho-so/X/nhan.pdf").status_code == 404
    noted = Read.objects.get(subject=f"case:{case.code}")
    assert (noted.what, noted.was_allowed) == ("case.label_printed", False)


def test_the_label_says_whose_file_it_is_and_until_when_on_one_small_sheet(world: World) -> None:
    case = world.receive()
    # A name and a procedure may be long; the label stays one sheet.
    Party.objects.filter(case=case).update(full_name="Công ty trách nhiệm hữu hạn " * 4)
    browser = sign_in(world.cuc)

    sheets = pypdfium2.PdfDocument(io.BytesIO(browser.get(f"/ho-so/{case.code}/nhan.pdf").content))

    said = " ".join(sheets[0].get_textpage().get_text_range().split())
    assert len(sheets) == 1
    assert [round(side / MILLIMETRE) for side in sheets[0].get_size()] == [80, 50]
    assert (
        case.code in said
        and "Công ty trách nhiệm" in said
        and f"Hẹn trả: {local(case.due_at):%H:%M %d/%m/%Y}" in said
    )
    assert "In nhãn" in words(browser.get(f"/ho-so/{case.code}/"))
