"""A shared process: who calls it, whose owners are asked about its change, and who is published anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from motcua.cases.tests.world import LONG_AGO, MONDAY, World
from motcua.desk.tests.rows import count_queries, desk_world, sign_in, words
from motcua.engine.drawing import Chart, Lane, Step, draw
from motcua.workflow import actions
from motcua.workflow.models import Ask, Call, Draft, Version

PAGE = "/quy-trinh/xem/to-office/noi-goi/"
OFFICE = (Lane(id="office", name="Văn phòng UBND tỉnh", unit="AGENCY:H19.01"),)
COUNTER = (Lane(id="counter", name="Một cửa", unit="RECEIVING"),)


def shared(*names: str) -> str:
    steps = tuple(
        Step(id=name, name=f"Bước {name}", lane="office", role="OFFICER", limit="4 giờ")
        for name in names
    )
    return draw(Chart(id="shared", name="Trình Văn phòng", lanes=OFFICE, steps=steps))


CALLER = draw(
    Chart(
        id="caller",
        name="Cấp phép",
        lanes=COUNTER,
        steps=(
            Step(id="take_in", name="Tiếp nhận", lane="counter", role="CLERK", limit="4 giờ"),
            Step(id="submit", name="Trình", lane="counter", role="", calls="to-office"),
        ),
    )
)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with desk_world() as world:
        publish(world, "to-office", shared("a"), world.office.pk)
        publish(world, "licence", CALLER, world.elsewhere.pk)
        yield world


def publish(world: World, key: str, xml: str, owner_id: int, starts_on: date = LONG_AGO) -> Version:
    return actions.publish_version(
        officer=world.system,
        key=key,
        name=f"Quy trình {key}",
        bpmn_xml=xml,
        starts_on=starts_on,
        owner_id=owner_id,
        now=MONDAY,
    )


def test_a_change_of_the_shared_process_asks_the_owners_of_its_callers(world: World) -> None:
    draft = actions.start_draft(
        officer=world.binh, workflow_key="to-office", version_number=1, now=MONDAY
    )
    actions.save_draft(
        officer=world.binh, draft_id=draft.pk, drawn_on=1, bpmn_xml=shared("a", "b"), now=MONDAY
    )

    actions.begin_consultation(officer=world.binh, draft_id=draft.pk, now=MONDAY)

    ask = Ask.objects.get()
    assert ask.agency == world.elsewhere
    assert "“Quy trình licence” của cơ quan gọi quy trình này" in ask.because[0]["vi"]


def test_a_chart_that_calls_asks_the_owner_of_what_it_calls(world: World) -> None:
    draft = actions.start_draft(
        officer=world.oanh, workflow_key="licence", version_number=1, now=MONDAY
    )
    changed = CALLER.replace("Tiếp nhận", "Nhận")
    actions.save_draft(
        officer=world.oanh, draft_id=draft.pk, drawn_on=1, bpmn_xml=changed, now=MONDAY
    )

    actions.begin_consultation(officer=world.oanh, draft_id=draft.pk, now=MONDAY)

    reasons = [because["vi"] for because in Ask.objects.get(agency=world.office).because]
    assert any("quy trình con “Quy trình to-office”" in reason for reason in reasons)


def test_callers_that_lag_are_published_anew_from_the_page_with_a_result_each(
    world: World,
) -> None:
    client = sign_in(world.controller)
    assert "Công bố lại" not in words(client.get(PAGE))
    newest = publish(world, "to-office", shared("a", "b"), 0, date(2023, 4, 1))
    assert "cũ hơn phiên bản 2" in words(client.get(PAGE))
    form = {"note": "Văn phòng thêm bước", "starts_on": "01/04/2023"}

    assert sign_in(world.binh).post(PAGE, form).status_code == 403
    assert client.post(PAGE, {**form, "note": ""}).status_code == 422
    done = words(client.post(PAGE, form))

    assert "Đã công bố lại 1 quy trình:" in done
    assert "Quy trình licence : phiên bản 2, áp dụng từ 01/04/2023" in done
    assert Call.objects.get(caller__number=2).called_id == newest.pk
    again = client.post(PAGE, form)
    assert again.status_code == 422
    assert "đã dùng phiên bản áp dụng ngày 01/04/2023" in words(again)


def test_a_draft_of_a_coming_version_can_begin_with_a_template(world: World) -> None:
    page = "/quy-trinh/xem/licence/soan/"
    client = sign_in(world.oanh)

    client.post(page, {"version": "1", "template": "five-steps"})
    client.post(page, {"version": "1", "template": "zzz"})

    draft = Draft.objects.get()
    assert "Phân công thụ lý" in draft.bpmn_xml
    assert draft.based_on is not None


def test_the_page_takes_as_many_queries_for_many_callers(world: World) -> None:
    client = sign_in(world.controller)
    few = count_queries(client, PAGE)
    for number in range(12):
        publish(world, f"more-{number}", CALLER, world.elsewhere.pk)

    assert count_queries(client, PAGE) == few <= 12
