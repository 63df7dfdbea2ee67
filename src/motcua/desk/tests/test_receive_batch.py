"""Many files of one applicant: added one by one, received at once, each with its own result."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client

from motcua.cases.models import Case
from motcua.cases.tests.world import World
from motcua.desk.tests.rows import desk_clock, sign_in, words

PAGE = "/tiep-nhan/nhieu-ho-so/"
AN = {
    "applicant_kind": "PERSON",
    "applicant_full_name": "Nguyễn Thị Thúy An",
    "applicant_identity_number": "075193000123",
}
CODE = "1.000001"


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock():
        yield world


def rows(browser: Client, count: int, *, complete: int) -> dict[str, str]:
    """Return the form with files added; the first ones are complete."""
    typed = dict(AN)
    for _time in range(count):
        page = browser.post(PAGE, {**typed, "code": CODE, "add": ""}).content.decode()
        keys = re.findall(r'name="(row-\d+-key)" value="([^"]+)"', page)
        typed = {**AN, **dict(keys), **{name.replace("key", "code"): CODE for name, _key in keys}}
    return {**typed, **{f"row-{n}-complete": "on" for n in range(1, complete + 1)}}


def test_people_without_a_counter_are_refused(world: World) -> None:
    assert sign_in(world.dung).get(PAGE).status_code == 403
    assert sign_in(world.dung).post(PAGE, AN).status_code == 403


def test_after_a_file_is_added_the_place_for_the_next_code_is_empty_and_ready(world: World) -> None:
    page = sign_in(world.cuc).post(PAGE, {**AN, "code": CODE, "add": ""}).content.decode()

    place = re.search(r'<input[^>]*name="code"[^>]*>', page)
    assert place is not None
    assert "autofocus" in place[0]
    assert CODE not in place[0]
    assert f'value="{AN["applicant_full_name"]}"' in page


def test_a_code_that_was_typed_and_not_added_is_not_forgotten(world: World) -> None:
    browser = sign_in(world.cuc)
    typed = rows(browser, 1, complete=1)

    answer = browser.post(PAGE, {**typed, "code": "1.000001", "receive": ""})

    assert answer.status_code == 422
    assert "Mã “1.000001” chưa được thêm vào" in words(answer)
    assert not Case.objects.exists()


def test_complete_files_are_received_and_the_rest_stays_with_its_reasons(world: World) -> None:
    browser = sign_in(world.cuc)
    typed = rows(browser, 3, complete=2)

    answer = browser.post(PAGE, typed)
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "Đã tiếp nhận 2 hồ sơ" in words(answer)
    assert "Thiếu “Đơn đề nghị cấp phép”" in words(answer)
    assert all(code in page for code in Case.objects.values_list("code", flat=True))
    assert re.findall(r'name="row-(\d+)-key"', page) == ["1"]
    assert typed["row-3-key"] in page
    assert Case.objects.count() == 2


def test_the_same_batch_twice_makes_no_second_cases(world: World) -> None:
    browser = sign_in(world.cuc)
    typed = rows(browser, 2, complete=2)

    first, second = browser.post(PAGE, typed), browser.post(PAGE, typed)

    assert (first.status_code, second.status_code) == (200, 200)
    assert Case.objects.count() == 2


def test_a_wrong_applicant_is_told_once_and_nothing_is_received(world: World) -> None:
    browser = sign_in(world.cuc)
    typed = {**rows(browser, 2, complete=2), "applicant_full_name": ""}

    answer = browser.post(PAGE, typed)

    assert answer.status_code == 422
    assert len(re.findall("Chưa nhập họ tên người nộp", words(answer))) == 2  # summary and box
    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    ("code", "why"), [("9.9", "Không có thủ tục “9.9”"), ("", "Không có thủ tục")]
)
def test_an_unknown_code_is_refused_and_nothing_typed_is_lost(
    world: World, code: str, why: str
) -> None:
    browser = sign_in(world.cuc)
    typed = rows(browser, 1, complete=1)

    answer = browser.post(PAGE, {**typed, "code": code, "add": ""})

    assert answer.status_code == 422
    assert why in words(answer)
    assert typed["row-1-key"] in answer.content.decode()
    assert "Nguyễn Thị Thúy An" in answer.content.decode()


def test_a_file_can_be_taken_out_again(world: World) -> None:
    browser = sign_in(world.cuc)
    typed = rows(browser, 2, complete=2)

    page = browser.post(PAGE, {**typed, "remove": "1"}).content.decode()

    assert typed["row-1-key"] not in page
    assert typed["row-2-key"] in page


def test_an_empty_batch_says_what_to_do(world: World) -> None:
    answer = sign_in(world.cuc).post(PAGE, AN)

    assert answer.status_code == 422
    assert "Hãy thêm thủ tục đầu tiên" in words(answer)
