"""The pages of recorded tests: who may, clicking through the chart, and what a change breaks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from motcua.cases.tests.world import CHART, MONDAY, World
from motcua.desk.tests.rows import count_queries, desk_clock, sign_in, words
from motcua.workflow import actions as workflow
from motcua.workflow.models import Draft, RecordedTest

PATH = ["forward||", "appraise||", "approve|RETURN|", "appraise||", "approve|APPROVE|"]


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock(MONDAY):
        yield world


@pytest.fixture
def draft(world: World) -> Draft:
    return workflow.start_draft(
        officer=world.controller, workflow_key="three-steps", version_number=1, now=MONDAY
    )


@pytest.fixture
def page(draft: Draft) -> str:
    return f"/quy-trinh/ban-thao/{draft.pk}/kich-ban/"


def test_who_does_not_own_the_workflow_reads_and_changes_nothing(world: World, page: str) -> None:
    client = sign_in(world.controller)
    client.post(f"{page}ghi/", {"name": "Duyệt ngay", "c": ["forward||"]})
    test = RecordedTest.objects.get()

    other = sign_in(world.oanh)
    assert "Ghi từ một hồ sơ thật" not in words(other.get(page))
    assert other.post(f"{page}ghi/", {"name": "Khác", "c": PATH}).status_code == 403
    assert other.post(page, {"code": world.receive().code}).status_code == 403
    assert other.post(f"{page}{test.pk}/bo/", {"reason": "Bỏ"}).status_code == 403
    assert RecordedTest.objects.get().retired_at is None
    assert client.get(page.replace("/kich-ban/", "9/kich-ban/")).status_code == 404


def test_a_path_is_clicked_kept_broken_by_an_edit_and_retired(
    world: World, draft: Draft, page: str
) -> None:
    client = sign_in(world.controller)
    at_start = client.get(f"{page}ghi/?channel=COUNTER")
    assert "Kiểm tra, chuyển hồ sơ" in words(at_start)
    half = client.get(f"{page}ghi/", {"channel": "COUNTER", "c": PATH[:3]})
    assert 'value="appraise||"' in half.content.decode()
    assert "outcome == &quot;RETURN&quot;" in half.content.decode()
    assert "Hồ sơ kết thúc." in words(client.get(f"{page}ghi/", {"c": PATH}))
    wrong = client.get(f"{page}ghi/", {"c": ["approve|APPROVE|"]})
    assert "“Phê duyệt” không đang mở" in words(wrong)

    kept = client.post(f"{page}ghi/", {"channel": "COUNTER", "c": PATH, "name": "Trả một lần"})
    assert kept.status_code == 302
    assert "đúng ở lần lưu 1" in words(client.get(page))
    workflow.save_draft(
        officer=world.controller,
        draft_id=draft.pk,
        drawn_on=1,
        bpmn_xml=CHART.replace('outcome == "RETURN"', 'outcome == "REFUSE"'),
        now=MONDAY,
    )
    broken = words(client.get(page))
    assert "Số kịch bản không còn đúng: 1. Bản thảo chưa công bố được." in broken
    assert "Sau lần chọn thứ 3 (“Phê duyệt”): chờ mở “Thẩm định hồ sơ”" in broken
    assert "từ lần lưu 2" in broken
    test = RecordedTest.objects.get()
    client.post(f"{page}{test.pk}/bo/", {"reason": "Không trả lại nữa"})

    assert "Trả một lần: Không trả lại nữa" in words(client.get(page))


def test_a_name_with_a_sign_that_nobody_can_type_is_kept_without_it(
    world: World, page: str
) -> None:
    sign_in(world.controller).post(f"{page}ghi/", {"name": "Đường\0 dài", "c": PATH})

    assert RecordedTest.objects.get().name == "Đường dài"


def test_the_list_asks_the_database_as_often_for_many_tests(world: World, page: str) -> None:
    client = sign_in(world.controller)
    counts = []
    for many in (1, 9):
        for number in range(many):
            client.post(f"{page}ghi/", {"name": f"{many}-{number}", "c": PATH})
        counts.append(count_queries(client, page))

    assert counts == [10, 10]
