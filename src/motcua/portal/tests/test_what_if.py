"""What if filed today: a public page that tells when a result would be due, and writes nothing."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.cases.models import Case
from motcua.cases.tests.world import World
from motcua.clock import actions as clock
from motcua.clock import queries as clock_queries
from motcua.engine.moments import VIETNAM
from motcua.people.models import Agency
from motcua.procedures.models import Channel

PAGE = "/cong/neu-nop/"
FRIDAY = datetime(2023, 10, 27, 9, 32, tzinfo=VIETNAM)


@pytest.fixture
def world(world: World) -> Iterator[World]:
    clock.shift_clock(shows=FRIDAY, now=timezone.now())  # noqa: TID251 - the shift is from the true time
    clock_queries.forget()
    yield world
    clock_queries.forget()


def get(**asked: str) -> Any:
    return Client().get(f"{PAGE}?{urlencode(asked)}")


def words(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def ledger(response: Any) -> list[str]:
    found = re.findall(
        r"<li[^>]*>\s*<span class=\"ledger-amount\">(.*?)</li>",
        response.content.decode(),
        re.DOTALL,
    )
    return [" ".join(re.sub(r"<[^>]+>", " ", line).split()) for line in found]


def test_a_visitor_finds_a_procedure_without_marks_and_asks_about_it(world: World) -> None:
    found = get(q="nuoc duoi dat")

    assert found.status_code == 200
    assert "Tìm thấy 1 thủ tục" in words(found)
    assert "Anh/chị cần làm thủ tục gì? (không bắt buộc)" not in words(found)
    assert f'href="{PAGE}?procedure=1.000001"' in found.content.decode()


def test_the_answer_for_now_has_a_sentence_and_every_day_with_its_source(world: World) -> None:
    response = get(procedure="1.000001")

    page, lines = words(response), ledger(response)
    assert response.status_code == 200
    assert "17:00 Thứ Sáu 03/11/2023" in page
    assert "Hồ sơ tiếp nhận lúc 09:32 Thứ Sáu 27/10/2023, thời hạn 5 ngày làm việc" in page
    assert [line.split()[0] for line in lines[:9]] == ["–"] * 4 + [f"{n}/5" for n in range(1, 6)]
    assert "Chủ nhật 29/10/2023: ngày nghỉ hằng tuần, không tính" in lines[3]
    assert all("chưa đối chiếu văn bản gốc" in line for line in lines[:9])
    assert Case.objects.count() == 0


def test_another_day_way_and_place_are_counted(world: World) -> None:
    response = get(
        procedure="1.000001", channel="ONLINE", place="H19.01", day="14/01/2023", time="10:00"
    )

    page = words(response)
    assert "17:00 Thứ Sáu 27/01/2023" in page
    assert "ngoài giờ làm việc, nên thời hạn 4 ngày làm việc tính từ 07:00 Thứ Hai 16/01" in page
    assert 'value="14/01/2023"' in response.content.decode()


def test_online_says_by_when_the_submission_is_answered(world: World) -> None:
    response = get(procedure="1.000001", channel="ONLINE", day="2023-03-16", time="16:00")

    assert "chậm nhất lúc 16:00 Thứ Sáu 17/03/2023" in words(response)
    assert "NĐ 45/2020/NĐ-CP Đ11" in words(response)


def test_a_plain_limit_needs_no_procedure(world: World) -> None:
    response = get(limit="5 ngày làm việc", day="2023-10-27", time="09:32")

    assert "17:00 Thứ Sáu 03/11/2023" in words(response)


def test_a_very_long_limit_is_told_in_runs_of_days(world: World) -> None:
    response = get(limit="600 ngày làm việc", day="2023-10-27", time="09:32")

    assert "Tính từng đoạn" in words(response)
    assert len(ledger(response)) < 320


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"procedure": "9.999999"}, "Không có thủ tục “9.999999” nào đang áp dụng"),
        ({"procedure": "\x00"}, "Anh/chị cần làm thủ tục gì?"),
        ({"procedure": "1.000001", "day": "2019-12-31"}, "nào đang áp dụng vào ngày 31/12/2019"),
        ({"limit": "0 ngày"}, "Thời hạn phải lớn hơn 0"),
        ({"limit": "5 tuần"}, "Không hiểu thời hạn “5 tuần”"),
        ({"limit": ""}, "Chưa ghi thời hạn"),
        ({"limit": "5 ngày", "time": "25:00"}, "Giờ không có thật"),
        ({"limit": "5 ngày", "day": "30/02/2023"}, "Ngày không có thật"),
        ({"limit": "5 ngày", "day": "2031-01-01"}, "từ 01/01/2015 đến 31/12/2027"),
        ({"limit": "5 ngày", "day": "2027-12-31"}, "rơi sau ngày 31/12/2027"),
        ({"procedure": "1.000001", "channel": "POST"}, "không nhận theo cách “POST”"),
        ({"procedure": "1.000001", "place": "H99"}, "Nơi “H99” không nhận hồ sơ này"),
        ({"q": "x" * 201}, "Dài quá 200 ký tự"),
    ],
)
def test_bad_input_is_told_in_words(world: World, asked: dict[str, str], told: str) -> None:
    response = get(**asked)

    assert told in words(response)
    assert "Hẹn trả kết quả" not in words(response)


def test_what_is_wrong_stays_in_its_box(world: World) -> None:
    page = get(limit="0 ngày", time="25:00").content.decode()

    assert 'value="25:00"' in page
    assert 'value="0 ngày"' in page
    assert page.count('class="error-summary"') == 1


def test_only_places_that_take_the_procedure_in_are_offered(world: World) -> None:
    Agency.objects.filter(pk=world.elsewhere.pk).update(level="COMMUNE", kind="COMMUNE")

    page = get(procedure="1.000001").content.decode()

    assert '<option value="H19.01.01" selected>' in page
    assert 'value="H19.17"' not in page


def test_a_dissolved_place_is_not_offered(world: World) -> None:
    Agency.objects.filter(pk=world.elsewhere.pk).update(ends_on=date(2023, 7, 1))

    response = get(procedure="1.000001", place="H19.17")

    assert response.status_code == 422
    assert "Nơi “H19.17” không nhận hồ sơ này" in words(response)


def test_a_procedure_filed_only_online_is_asked_online(world: World) -> None:
    Channel.objects.filter(kind="COUNTER").delete()

    page = get(procedure="1.000001")

    assert page.status_code == 200
    assert "thời hạn 4 ngày làm việc" in words(page)


def test_the_page_speaks_english(world: World) -> None:
    client = Client()
    client.cookies["django_language"] = "en"

    response = client.get(PAGE, {"procedure": "1.000001"})

    assert "the result is due at 17:00 on Friday 03/11/2023" in words(response)


@pytest.mark.parametrize(
    ("asked", "most"),
    [({}, 1), ({"q": "nuoc"}, 4), ({"procedure": "1.000001"}, 8), ({"limit": "5 ngày"}, 3)],
)
def test_a_page_takes_few_queries_and_opens_no_session(
    world: World, asked: dict[str, str], most: int
) -> None:
    get(**asked)
    with CaptureQueriesContext(connection) as made:
        response = get(**asked)

    assert len(made) <= most, [query["sql"] for query in made.captured_queries]
    assert "sessionid" not in response.cookies
    assert "max-age=60" in response["Cache-Control"]
