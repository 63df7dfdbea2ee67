"""The list of cases and the search: by code or name, with or without marks, within one's scope."""

import re
from collections.abc import Iterator

import pytest

from motcua.cases.models import Case
from motcua.cases.tests.world import World
from motcua.desk.tests.rows import count_queries, desk_clock, finish, make_rows, sign_in, words

CASES = "/ho-so/"


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock():
        yield world


def receive(world: World, name: str) -> Case:
    applicant = world.submission().applicant
    return world.receive(applicant=type(applicant)(kind="PERSON", full_name=name))


def codes(response: object) -> list[str]:
    page = response.content.decode()  # type: ignore[attr-defined]
    return re.findall(r'class="cell-title cell-code" href="/ho-so/([^"/]+)/"', page)


@pytest.mark.parametrize("text", ["Nghĩa", "nghia", "NGHĨA", "pham van nghia", "van  nghi"])
def test_a_name_is_found_with_or_without_marks(world: World, text: str) -> None:
    case = receive(world, "Phạm Văn Nghĩa")
    receive(world, "Võ Quỵt")

    assert codes(sign_in(world.cuc).get(CASES, {"q": text})) == [case.code]


def test_a_part_of_a_code_finds_its_cases(world: World) -> None:
    first, second = world.receive(), world.receive()

    found = sign_in(world.cuc).get(CASES, {"q": first.code[-4:]})

    assert codes(found) == [first.code]
    assert second.code not in words(found)


def test_the_search_jumps_to_the_case_whose_code_was_typed(world: World) -> None:
    case = world.receive()
    client = sign_in(world.cuc)

    assert (
        client.get("/tim/", {"q": f" {case.code.lower()} "})["Location"] == f"/ho-so/{case.code}/"
    )
    assert client.get("/tim/", {"q": "An Bình"})["Location"] == "/ho-so/?q=An+B%C3%ACnh"


def test_the_search_does_not_betray_another_agencys_case(world: World) -> None:
    case = world.receive()
    client = sign_in(world.oanh)

    response = client.get("/tim/", {"q": case.code}, follow=True)

    assert codes(response) == []
    assert "Không tìm thấy hồ sơ nào" in words(response)


def test_the_status_chips_count_their_lists(world: World) -> None:
    done, _open = world.receive(), world.receive()
    finish(world, done)
    client = sign_in(world.cuc)

    response = client.get(CASES)

    assert "Tất cả 2 Được tiếp nhận 1 Đã xử lý xong 1" in words(response)
    assert codes(client.get(CASES, {"status": "DONE"})) == [done.code]
    assert codes(client.get(CASES, {"status": "NONSENSE"})) == []


def test_the_newest_case_stands_first_with_owner_and_deadline(world: World) -> None:
    older, newer = receive(world, "Võ Quỵt"), receive(world, "Đặng Gấm")

    response = sign_in(world.binh).get(CASES)

    assert codes(response) == [newer.code, older.code]
    assert "Đặng Gấm" in words(response)
    assert "còn 5 ngày làm việc" in words(response)


def test_a_list_tells_the_name_of_a_person_to_those_who_settle_the_case_and_no_one_else(
    world: World,
) -> None:
    case = receive(world, "Đặng Thị Gấm")
    near = words(sign_in(world.controller).get(CASES))
    (elsewhere,) = {post.agency_id for post in world.oanh.posts}
    Case.objects.filter(pk=case.pk).update(receiving_agency=elsewhere, settling_agency=elsewhere)

    far = words(sign_in(world.controller).get(CASES))

    assert "Đặng Thị Gấm" in near
    assert "Đặng T. G." in far
    assert "Đặng Thị Gấm" not in far


def test_words_that_are_no_text_find_everything_and_break_nothing(world: World) -> None:
    case = world.receive()
    client = sign_in(world.cuc)

    for text in ("\0", "x" * 500):
        assert codes(client.get(CASES, {"q": text})) == [case.code]
        assert client.get("/tim/", {"q": text}).status_code == 302


def test_signs_of_a_pattern_are_only_signs(world: World) -> None:
    world.receive()

    for text in ("%", "_", "\\", "'"):
        assert codes(sign_in(world.cuc).get(CASES, {"q": text})) == []


def test_an_empty_scope_says_what_will_appear(world: World) -> None:
    assert "Chưa có hồ sơ nào" in words(sign_in(world.oanh).get(CASES))


def test_the_page_takes_as_many_queries_for_a_thousand_rows_as_for_ten(world: World) -> None:
    client = sign_in(world.cuc)
    make_rows(world, 10, prefix="FEW")
    few = count_queries(client, CASES)
    make_rows(world, 990, prefix="MANY")

    assert count_queries(client, CASES) == few
    assert few <= 12
