"""Workflows: the list narrowed and counted, one with its versions, and what a version changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from motcua.cases.tests.world import CHART, LONG_AGO, MONDAY, World
from motcua.desk.tests.rows import count_queries, desk_clock, make_rows, sign_in, words
from motcua.people.queries import Person
from motcua.workflow import actions
from motcua.workflow.models import Draft, Run, Version, Workflow

LIST = "/quy-trinh/"
PAGE = "/quy-trinh/xem/three-steps/"


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock():
        yield world


def publish(
    world: World,
    key: str,
    name: str,
    *,
    xml: str = CHART,
    starts_on: date = LONG_AGO,
    decision: str = "",
) -> Version:
    return actions.publish_version(
        officer=world.system,
        key=key,
        name=name,
        bpmn_xml=xml,
        starts_on=starts_on,
        decision=decision,
        owner_id=world.elsewhere.pk,
        now=MONDAY,
    )


def begin(officer: Person) -> Draft:
    return actions.start_draft_from_template(
        officer=officer, name="Cấp phép", owner_code="H19.17", template="five-steps", now=MONDAY
    )


def test_a_visitor_signs_in_and_an_administrator_draws_nothing(world: World) -> None:
    assert Client().get(LIST).status_code == 302
    assert sign_in(world.cuc).post(f"{PAGE}soan/", {"version": "1"}).status_code == 403
    assert sign_in(world.cuc).get("/quy-trinh/soan-moi/").status_code == 403
    assert sign_in(world.binh).post(f"{PAGE}soan/", {"version": "1"}).status_code == 403
    assert not Draft.objects.exists()


def test_the_list_is_narrowed_by_words_field_owner_and_state(world: World) -> None:
    publish(world, "coming", "Quy trình sắp áp dụng", starts_on=date(2023, 4, 1))
    begin(world.oanh)
    client = sign_in(world.cuc)

    def found(query: str) -> list[str]:
        answer = client.get(LIST + query)
        return [row.workflow.key for row, _states in answer.context["rows"]]

    assert found("") == ["three-steps", "cap-phep", "coming"]
    assert found("?q=ba+buoc") == ["three-steps"]
    assert found("?unit=H19.17") == ["cap-phep", "coming"]
    assert found("?field=TNN") == ["three-steps"]
    assert found("?state=coming") == ["coming"]
    assert found("?state=drafting") == ["cap-phep"]
    assert found("?state=never") == ["cap-phep"]
    assert found("?state=nonsense&field=zzz%00") == []
    counts = {chip["url"]: chip["count"] for chip in client.get(LIST).context["chips"]}
    assert all(len(found(url.removeprefix(LIST))) == count for url, count in counts.items())


def test_a_workflow_shows_its_versions_with_days_decisions_and_running_cases(
    world: World,
) -> None:
    publish(world, "three-steps", "Ba bước", starts_on=date(2023, 4, 1), decision="12/QĐ-UBND")
    make_first_version_run(world, 3)

    page = words(sign_in(world.cuc).get(PAGE))

    assert "Phiên bản 2 sắp áp dụng từ 01/04/2023 12/QĐ-UBND" in page
    assert "Phiên bản 1 đang áp dụng từ 01/01/2020 đến trước 01/04/2023" in page
    assert "06/03/2023 09:00 3 " in page
    assert "1 thủ tục đi theo quy trình này" in page
    assert "Lưu đồ của phiên bản 1" in page


def make_first_version_run(world: World, count: int) -> None:
    """Let cases run on the first version;"""
    first = Version.objects.get(number=1)
    Run.objects.bulk_create(
        Run(
            version=first,
            receiving_agency=world.centre,
            settling_agency=world.office,
            started_at=MONDAY,
        )
        for _ in range(count)
    )


def test_the_limits_of_steps_are_told_in_english_when_asked(world: World) -> None:
    reader = sign_in(world.binh)
    reader.cookies["django_language"] = "en"

    page = words(reader.get(PAGE))

    assert "hours" in page
    assert not re.search(r"\d (giờ|ngày)", page)


def test_a_version_says_what_it_changed_in_the_one_before(world: World) -> None:
    changed = CHART.replace('motcua:limit="3 ngày làm việc"', 'motcua:limit="2 ngày làm việc"')
    publish(world, "three-steps", "Ba bước", xml=changed, starts_on=date(2023, 4, 1))

    answer = sign_in(world.cuc).get(f"{PAGE}2/")

    assert "“3 ngày làm việc” → “2 ngày làm việc”" in words(answer)
    assert (
        answer.context["marks_before"] == answer.context["marks_after"] == {"appraise": "changed"}
    )


def test_what_does_not_exist_is_said_so(world: World) -> None:
    client = sign_in(world.cuc)

    for path in (
        "/quy-trinh/xem/zzz/",
        f"{PAGE}9/",
        f"{PAGE}9/luu-do.bpmn",
        "/quy-trinh/ban-thao/9/",
    ):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "Xem danh sách quy trình" in words(answer)


def test_a_department_begins_a_workflow_with_a_template_and_a_new_version_of_it(
    world: World,
) -> None:
    client = sign_in(world.oanh)
    form = {"name": "Cấp phép mỏ", "owner": "H19.17", "template": "five-steps"}

    answer = client.post("/quy-trinh/soan-moi/", form)

    draft = Draft.objects.get()
    assert answer["Location"] == f"/quy-trinh/ban-thao/{draft.pk}/"
    assert "Bước 1" not in words(client.get(answer["Location"]))
    assert "Phân công thụ lý" in words(client.get(answer["Location"]))
    assert client.post("/quy-trinh/soan-moi/", {**form, "owner": "H19.01"}).status_code == 422
    assert client.post("/quy-trinh/soan-moi/", {**form, "name": ""}).status_code == 422
    publish(world, "of-department", "Của sở")
    again = client.post("/quy-trinh/xem/of-department/soan/", {"version": "1"})
    assert again.status_code == 302
    assert Draft.objects.count() == 2
    client.post("/quy-trinh/xem/of-department/soan/", {"version": "x"})
    assert Draft.objects.count() == 2


def test_a_file_with_what_is_not_allowed_is_refused_by_name_and_place(world: World) -> None:
    bad = CHART.replace("startEvent", "scriptTask", 2).encode()
    client = sign_in(world.oanh)
    answer = client.post(
        "/quy-trinh/soan-moi/",
        {"name": "Từ tệp", "owner": "H19.17", "file": SimpleUploadedFile("a.bpmn", bad)},
    )

    assert answer.status_code == 422
    assert "scriptTask" in words(answer)
    assert not Workflow.objects.filter(name="Từ tệp").exists()


def test_the_pages_take_as_many_queries_for_many_rows(world: World) -> None:
    client = sign_in(world.oanh)
    draft = begin(world.oanh)
    paths = (LIST, PAGE, f"{PAGE}1/", f"/quy-trinh/ban-thao/{draft.pk}/")
    few = [count_queries(client, path) for path in paths]
    make_rows(world, 40)
    for number in range(30):
        Workflow.objects.create(key=f"more-{number}", name=f"Thêm {number}", owner=world.office)

    assert [count_queries(client, path) for path in paths] == few
    assert max(few) <= 16
