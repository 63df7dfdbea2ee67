"""The pages of a migration: who may, the dry run before it, progress, results and undo."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from lxml import html

from motcua.cases import jobs
from motcua.cases.models import Case, Migration
from motcua.cases.tests.many_cases import multiply
from motcua.cases.tests.world import CHART, MONDAY, World, make_person
from motcua.desk.tests.rows import count_queries, desk_clock, sign_in, words
from motcua.engine.moments import VIETNAM
from motcua.workflow import actions as workflow
from motcua.workflow.models import Run, Version, Workflow

PAGE = "/quy-trinh/xem/three-steps/1/chuyen-ho-so/"
NOW = datetime(2023, 3, 9, 9, 0, tzinfo=VIETNAM)
# What is checked first is called differently and by another id, so that nobody can guess it.
NEWER = CHART.replace('"forward"', '"check"').replace("Kiểm tra, chuyển hồ sơ", "Soát xét")


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock(NOW):
        Workflow.objects.update(owner=world.office)
        workflow.publish_version(
            officer=world.system,
            key="three-steps",
            name="Ba bước",
            bpmn_xml=NEWER,
            starts_on=date(2023, 3, 8),
            now=MONDAY,
        )
        yield world


def tree_of(response: Any) -> Any:
    return html.fromstring(response.content.decode())


def try_it(client: Any, step: str) -> Any:
    return client.get(PAGE, {"tried": "1", "step-forward": step})


def move(client: Any, tried: Any) -> Any:
    form = tree_of(tried).xpath("//form[@method='post'][.//input[@name='tried']]")[0]
    sent = {one.get("name"): one.get("value") for one in form.xpath(".//input[@type='hidden']")}
    return client.post(PAGE, {**sent, "reason": "Rút ngắn", "move": "1"})


def test_only_who_controls_the_owners_procedures_sees_the_pages(world: World) -> None:
    world.receive()
    migration = move(sign_in(world.controller), try_it(sign_in(world.controller), "check")).url

    for person in (world.oanh, world.dung, world.cuc):
        client = sign_in(person)
        assert client.get(PAGE).status_code == 403
        assert client.post(PAGE, {"reason": "x"}).status_code == 403
        assert client.get(migration).status_code == 403
        assert client.post(f"{migration}hoan-tac/", {"reason": "x"}).status_code == 403
        assert PAGE not in client.get("/quy-trinh/xem/three-steps/1/").content.decode()
    answer = sign_in(world.controller).get("/quy-trinh/xem/three-steps/1/")
    assert PAGE in answer.content.decode()


def test_a_controller_of_a_department_sees_and_moves_its_own_part_only(world: World) -> None:
    kim = make_person(world.system, "kim", "Võ Thị Kim", world.elsewhere, "CONTROLLER")
    theirs, ours = world.receive(), world.receive()
    client = sign_in(kim)
    version = "/quy-trinh/xem/three-steps/1/"

    assert client.get(PAGE).status_code == 403
    assert PAGE not in client.get(version).content.decode()
    Case.objects.filter(pk=ours.pk).update(settling_agency=world.elsewhere)
    assert PAGE in client.get(version).content.decode()
    tried = try_it(client, "check")
    assert ours.code in tried.content.decode()
    assert theirs.code not in tried.content.decode()
    assert "1 hồ sơ đang chạy. Chỉ gồm hồ sơ do đơn vị của anh/chị giải quyết." in words(tried)
    page = move(client, tried).url
    jobs.migrate_waiting()

    assert "Đã chuyển" in words(client.get(page))
    assert page in client.get(PAGE).content.decode()
    whole = sign_in(world.controller)
    rest = move(whole, try_it(whole, "check")).url
    assert client.get(rest).status_code == 403
    assert rest not in client.get(PAGE).content.decode()
    assert page in whole.get(PAGE).content.decode()


def test_who_sent_the_step_of_the_older_chart_is_told_what_it_became(world: World) -> None:
    case = world.receive()
    whole, clerk = sign_in(world.controller), sign_in(world.cuc)
    form = tree_of(clerk.get(f"/ho-so/{case.code}/")).xpath("//form[.//input[@name='step']]")[0]
    move(whole, try_it(whole, "check"))
    jobs.migrate_waiting()

    answer = clerk.post(form.get("action"), {"step": form.fields["step"], "comment": "Đủ giấy tờ"})

    assert answer.status_code == 409
    assert "nay là “Soát xét”, nên chưa ghi gì" in words(answer)
    assert "Đủ giấy tờ" in answer.content.decode()
    again = tree_of(answer).xpath("//form[.//input[@name='step']]")[0]
    assert again.fields["step"] == "check"
    assert clerk.post(again.get("action"), {"step": "check"}).status_code == 302


def test_a_hole_is_asked_about_tried_moved_followed_and_undone(world: World) -> None:
    case = world.receive()
    client = sign_in(world.controller)

    asked = words(client.get(PAGE))
    assert "Từ phiên bản 1 sang phiên bản 2 đang áp dụng: 1 hồ sơ đang chạy." in asked
    assert "cần chọn" in asked
    stays = words(try_it(client, "-"))
    assert "Chuyển được: 0. Không chuyển được, ở lại phiên bản cũ: 1." in stays
    tried = try_it(client, "check")
    assert "Chuyển được: 1." in words(tried)
    assert not Migration.objects.exists()
    page = move(client, tried).url
    assert "Đã xong 0 trong 1 hồ sơ." in words(client.get(page))
    jobs.migrate_waiting()
    assert "Đã chuyển" in words(client.get(f"{page}?state=MOVED"))
    story = words(client.get(f"/ho-so/{case.code}/"))
    assert "Chuyển sang phiên bản quy trình mới" in story
    client.post(f"{page}hoan-tac/", {"reason": "Ghép nhầm"})
    jobs.migrate_waiting()

    told = words(client.get(page))
    assert "hoàn tác lúc 09/03/2023 09:00. Lý do: Ghép nhầm" in told
    assert Run.objects.get(pk=case.run_id).version.number == 1
    assert "Trở lại phiên bản quy trình cũ" in words(client.get(f"/ho-so/{case.code}/"))


def test_what_was_not_tried_is_refused_and_what_was_typed_stays(world: World) -> None:
    world.receive()
    client = sign_in(world.controller)

    answer = client.post(PAGE, {"step-forward": "check", "reason": "Rút ngắn", "tried": "x"})

    assert answer.status_code == 422
    assert "chưa được chạy thử" in words(answer)
    assert "Rút ngắn" in answer.content.decode()
    assert client.get(PAGE.replace("/1/", "/7/")).status_code == 404
    newest = words(client.get(PAGE.replace("/1/", "/2/")))
    assert "Chưa có phiên bản mới hơn đang áp dụng" in newest
    strange = client.get(PAGE, {"tried": "1", "step-forward": "nowhere"})
    assert "cần chọn" in words(strange)


def test_the_pages_ask_the_database_as_often_for_many_cases(world: World) -> None:
    client = sign_in(world.controller)
    case = world.receive()
    tried = f"{PAGE}?tried=1&step-forward=check"
    few = count_queries(client, tried)
    multiply(case.pk, 60)

    assert count_queries(client, tried) == few == 11
    page = move(client, client.get(tried)).url
    assert count_queries(client, page) == 11
    assert Version.objects.count() == 2
