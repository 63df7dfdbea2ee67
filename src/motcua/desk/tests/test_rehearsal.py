"""The pages of a rehearsal: who may, progress while it runs, and each figure with its cases."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from lxml import html

from motcua.cases import actions
from motcua.cases.models import Rehearsal
from motcua.cases.tests.late_cases import late_case
from motcua.cases.tests.many_cases import multiply
from motcua.cases.tests.world import CHART, World
from motcua.desk.tests.rows import count_queries, desk_clock, sign_in, words
from motcua.engine.moments import VIETNAM
from motcua.workflow import actions as workflow


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2023, 3, day, hour, 0, tzinfo=VIETNAM)


NOW = at(24)


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock(NOW):
        for last in (8, 14):
            late_case(world, at(6), (at(6, 10), at(last, 10), at(last, 15)))
        yield world


@pytest.fixture
def page(world: World) -> str:
    """The address of the rehearsals of a draft in which the approval is called and placed anew."""
    draft = workflow.start_draft(
        officer=world.controller, workflow_key="three-steps", version_number=1, now=NOW
    )
    workflow.save_draft(
        officer=world.controller,
        draft_id=draft.pk,
        drawn_on=1,
        bpmn_xml=CHART.replace('"approve"', '"sign"').replace("Phê duyệt", "Ký duyệt"),
        now=NOW,
    )
    return f"/quy-trinh/ban-thao/{draft.pk}/dien-tap/"


def ask(world: World, page: str, **changes: str) -> Any:
    sent = {"period": "2023-Y", "unit": "H19.01", "with_subordinate": "on", **changes}
    return sign_in(world.controller).post(page, sent)


def tree_of(response: Any) -> Any:
    return html.fromstring(response.content.decode())


def carry_out() -> Rehearsal:
    asked = Rehearsal.objects.get()
    actions.carry_out_rehearsal(rehearsal_id=asked.pk, now=NOW + timedelta(minutes=1))
    return asked


def test_who_may_not_see_the_unit_sees_neither_figures_nor_cases(world: World, page: str) -> None:
    ask(world, page)
    one = f"{page}{carry_out().pk}/"

    for person in (world.oanh, world.cuc):
        client = sign_in(person)
        assert client.get(one).status_code == 403
        assert client.get(f"{one}ho-so/?figure=all").status_code == 403
        assert client.post(page, {"period": "2023-Y", "unit": "H19.01"}).status_code in (403, 422)
        assert 'name="period"' not in client.get(page).content.decode()
    assert Rehearsal.objects.count() == 1


def test_it_is_asked_for_goes_on_without_the_page_and_shows_its_figures(
    world: World, page: str
) -> None:
    client = sign_in(world.controller)

    answer = ask(world, page)
    assert answer.status_code == 302
    assert "Đã chạy 0 trong 2 hồ sơ." in words(client.get(answer.url))
    panel = client.get(answer.url, headers={"HX-Request": "true"})
    assert "<html" not in panel.content.decode()
    carry_out()
    told = words(client.get(answer.url))

    assert "Bản thảo không đổi số hồ sơ trễ hạn: 1 trong 2 hồ sơ." in told
    assert "thời gian thật của chính hồ sơ" in told
    assert client.get(answer.url, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "trễ 1 → 1 trong 2 hồ sơ" in words(client.get(page))


def test_each_figure_on_the_page_opens_to_as_many_cases(world: World, page: str) -> None:
    client = sign_in(world.controller)
    address = ask(world, page).url
    carry_out()

    links = tree_of(client.get(address)).xpath("//main//a[contains(@href, '/ho-so/?figure=')]")

    assert len(links) > 10
    for link in links:
        rows = tree_of(client.get(link.get("href"))).xpath("//main//tbody/tr")
        if "," not in link.text_content():
            assert len(rows) == int(link.text_content().strip())
            continue
        hours = [row.xpath("td")[0].text_content().strip() for row in rows]
        total = sum(float(one.replace(",", ".")) for one in hours)
        assert total == float(link.text_content().strip().replace(",", "."))


def test_a_refusal_says_what_to_choose_instead(world: World, page: str) -> None:
    answer = ask(world, page, period="2022-Q1")

    assert answer.status_code == 422
    assert "Hãy chọn kỳ khác hoặc đơn vị khác." in words(answer)
    assert sign_in(world.controller).get(f"{page}99/").status_code == 404
    assert sign_in(world.controller).get("/quy-trinh/ban-thao/99/dien-tap/").status_code == 404


def test_the_pages_ask_the_database_as_often_for_many_cases(world: World, page: str) -> None:
    client = sign_in(world.controller)
    address = ask(world, page).url
    done = carry_out()
    few = [count_queries(client, path) for path in (address, f"{address}ho-so/?figure=all")]
    multiply(done.cases.all()[0].case_id, 60)
    Rehearsal.objects.filter(pk=done.pk).update(finished_at=None, result=None)
    done.cases.all().delete()
    carry_out()

    many = [count_queries(client, path) for path in (address, f"{address}ho-so/?figure=all")]

    assert few == many == [8, 11]
