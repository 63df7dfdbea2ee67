"""Drawing a draft: who may, what is found while drawing, two people on one draft, files in and out."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser

from motcua.cases.tests.world import MONDAY, World
from motcua.desk.tests.rows import count_queries, desk_clock, sign_in, words
from motcua.engine.drawing import Chart, Lane, Step, draw
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.people.queries import Person
from motcua.procedures.models import Revision
from motcua.workflow import actions as workflow
from motcua.workflow.models import Draft, DraftEdit, Version, Workflow

LANES = (Lane(id="office", name="Văn phòng", unit="SETTLING"),)
STEP = Step(id="step", name="Bước", lane="office", role="OFFICER", limit="1 giờ")
BILLION_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol1 "&lol;&lol;">]>'
    b"<definitions>&lol1;</definitions>"
)
EXTERNAL = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><definitions>&x;</definitions>'


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock():
        yield world


@pytest.fixture
def draft(world: World) -> Draft:
    return workflow.start_draft_from_template(
        officer=world.binh,
        name="Trình Văn phòng",
        owner_code=world.office.code,
        template="three-steps",
        now=MONDAY,
    )


def address(draft: Draft, end: str = "") -> str:
    return f"/quy-trinh/ban-thao/{draft.pk}/ve/{end}"


def save(person: Person, draft: Draft, bpmn_xml: str, drawn_on: int = 1) -> Any:
    sent = json.dumps({"drawn_on": drawn_on, "bpmn_xml": bpmn_xml})
    return sign_in(person).post(address(draft, "luu/"), sent, content_type="text/plain")


def check(person: Person, draft: Draft, bpmn_xml: str) -> Any:
    return sign_in(person).post(address(draft, "kiem-tra/"), bpmn_xml, content_type="text/plain")


def take_in(person: Person, draft: Draft, data: bytes) -> Any:
    file = SimpleUploadedFile("luu-do.bpmn", data)
    return sign_in(person).post(
        address(draft, "nhap/"), {"drawn_on": draft.revision, "file": file}, follow=True
    )


def test_a_visitor_signs_in_first_and_who_may_not_draw_changes_nothing(
    world: World, draft: Draft
) -> None:
    assert Client().get(address(draft)).status_code == 302
    nobody = people.get_person(
        user_id=people_actions.add_person(
            officer=world.system, now=MONDAY, username="khach", full_name="Người không có vị trí"
        ).pk
    )
    assert sign_in(nobody).get(address(draft)).status_code == 403
    assert check(nobody, draft, draft.bpmn_xml).status_code == 403
    for end in ("moi-nhat/", "luu-do.bpmn", "co-quan/?q=so"):
        assert sign_in(nobody).get(address(draft, end)).status_code == 403
    # Who works elsewhere may look at it, but it is the Office's.
    for outsider in (world.oanh, world.cuc):
        assert "data-drawing" not in sign_in(outsider).get(address(draft)).content.decode()
        assert save(outsider, draft, draft.bpmn_xml + " ").status_code == 403
        assert take_in(outsider, draft, draft.bpmn_xml.encode() + b" ").status_code == 403
    restored = sign_in(world.cuc).post(address(draft, "dua-len/"), "{}", content_type="text/plain")
    assert restored.status_code == 403

    assert DraftEdit.objects.count() == 1


def test_a_draft_that_is_not_there_is_said_so(world: World) -> None:
    client = sign_in(world.binh)

    assert client.get("/quy-trinh/ban-thao/99/ve/").status_code == 404
    assert client.get("/quy-trinh/ban-thao/99/ve/luu-do.bpmn").status_code == 404
    sent = json.dumps({"bpmn_xml": draw(Chart(id="c", name="", lanes=LANES, steps=(STEP,)))})
    for end in ("kiem-tra/", "luu/", "dua-len/"):
        answer = client.post(f"/quy-trinh/ban-thao/99/ve/{end}", sent, content_type="text/plain")
        assert answer.status_code == 404
        assert "bản thảo số 99" in answer.json()["message"]


def test_the_page_takes_as_many_queries_with_many_edits_and_workflows(
    world: World, draft: Draft
) -> None:
    client = sign_in(world.binh)
    before = count_queries(client, address(draft))

    DraftEdit.objects.bulk_create(
        DraftEdit(
            draft=draft,
            cause="SAVED",
            revision=number,
            drawn_on=number - 1,
            bpmn_xml="",
            edited_by_id=world.binh.id,
            edited_at=MONDAY,
        )
        for number in range(2, 40)
    )
    for number in range(30):
        other = Workflow.objects.create(key=f"w{number}", name=f"Quy trình {number}")
        Version.objects.create(
            workflow=other,
            number=1,
            bpmn_xml="",
            net={},
            digest=str(number),
            starts_on=MONDAY.date(),
            published_at=MONDAY,
        )

    assert count_queries(client, address(draft)) == before == 10
    assert "Quy trình 29" in words(client.get(address(draft)))


def test_a_fault_appears_while_drawing_and_goes_when_it_is_mended(
    world: World, draft: Draft
) -> None:
    unowned = draft.bpmn_xml.replace(' motcua:unit="SETTLING"', "")
    broken = draft.bpmn_xml.replace("bpmn:userTask", "bpmn:scriptTask", 2)

    assert check(world.binh, draft, draft.bpmn_xml).json()["faults"] == []
    faults = check(world.binh, draft, unowned).json()["faults"]
    assert {(f["severity"], f["code"]) for f in faults} == {("error", "NO_UNIT")}
    assert {f["element"] for f in faults} == {"take_in", "appraise", "approve"}
    assert "chưa có đơn vị chịu trách nhiệm" in faults[0]["text"]
    found = check(world.binh, draft, broken).json()
    assert found["way"] is None
    assert "“scriptTask”" in found["faults"][0]["text"]
    assert found["faults"][0]["element"] == "take_in"
    assert check(world.binh, draft, "<oops").json()["faults"][0]["code"] == "BROKEN_XML"


def test_the_longest_way_is_a_bar_of_shares_of_the_legal_limit(world: World, draft: Draft) -> None:
    alone = check(world.binh, draft, draft.bpmn_xml).json()["way"]
    Revision.objects.update(workflow_key=draft.workflow.key)
    way = check(world.binh, draft, draft.bpmn_xml).json()["way"]
    longer = check(
        world.binh, draft, draft.bpmn_xml.replace("2 ngày làm việc", "9 ngày làm việc")
    ).json()

    assert "Chưa có thủ tục nào" in alone["words"]
    # 4 hours, 2 days and 1 day of a limit of 4 working days.
    assert [step["share"] for step in way["steps"]] == ["13%", "50%", "25%"]
    assert [step["element"] for step in way["steps"]] == ["take_in", "appraise", "approve"]
    assert way["legal_at"] == 100
    assert "trên 4 ngày làm việc" in way["words"]
    assert "(88%)" in way["words"]
    assert longer["way"]["is_over"]
    assert [fault["code"] for fault in longer["faults"]] == ["LIMITS_EXCEED_LAW"]


def test_the_second_of_two_sees_the_first_one_s_change_and_overwrites_nothing(
    world: World, draft: Draft
) -> None:
    first = draft.bpmn_xml.replace("Thẩm định hồ sơ", "Thẩm tra hồ sơ")
    second = draft.bpmn_xml.replace("Phê duyệt kết quả", "Ký kết quả")

    saved = save(world.binh, draft, first)
    late = save(world.dung, draft, second)

    assert saved.json() == {"revision": 2, "saved_at": "10:00"}
    assert late.status_code == 409
    told = late.json()
    assert world.binh.full_name in told["message"]
    assert "Thẩm tra hồ sơ" in told["theirs"][0]
    assert "Ký kết quả" in told["mine"][0]
    assert Draft.objects.get().bpmn_xml == first

    newest = sign_in(world.dung).get(address(draft, "moi-nhat/?since=1")).json()
    assert newest["bpmn_xml"] == first
    assert "Thẩm tra hồ sơ" in newest["changes"][0]
    assert sign_in(world.dung).get(address(draft, "moi-nhat/?since=2")).json() == {"revision": 2}

    sent = json.dumps({"edit": told["edit"], "drawn_on": 2})
    on_top = sign_in(world.dung).post(address(draft, "dua-len/"), sent, content_type="text/plain")
    assert on_top.json()["revision"] == 3
    assert Draft.objects.get().bpmn_xml == second
    again = sign_in(world.dung).post(address(draft, "dua-len/"), sent, content_type="text/plain")
    assert again.status_code == 409


def test_what_cannot_be_kept_is_refused_in_words(world: World, draft: Draft) -> None:
    for bad in ("<oops", "", EXTERNAL.decode()):
        refused = save(world.binh, draft, bad)
        assert refused.status_code == 422
        assert "chưa có gì thay đổi" in refused.json()["message"]

    assert Draft.objects.get().revision == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (BILLION_LAUGHS, "Dòng 1: Tệp chứa khai báo"),
        (EXTERNAL, "không được phép vì lý do an toàn"),
        (b"<definitions", "Tệp XML bị hỏng"),
        (b"", "Tệp XML bị hỏng"),
        (b"<html/>", "Tệp không phải BPMN 2.0"),
    ],
)
def test_a_file_that_cannot_be_trusted_or_read_is_refused(
    world: World, draft: Draft, data: bytes, said: str
) -> None:
    refused = take_in(world.binh, draft, data)

    assert refused.status_code == 422
    assert said in words(refused)
    assert Draft.objects.get().revision == 1


def test_an_element_of_other_tools_is_refused_by_its_name_and_line(
    world: World, draft: Draft
) -> None:
    lines = draft.bpmn_xml.splitlines()
    line = next(n for n, text in enumerate(lines, 1) if "</bpmn:process>" in text)
    lines.insert(line - 1, '<bpmn:businessRuleTask id="rule" name="Bảng quyết định"/>')

    refused = take_in(world.binh, draft, "\n".join(lines).encode())

    assert refused.status_code == 422
    assert f"Dòng {line}: Hệ thống không dùng phần tử “businessRuleTask”" in words(refused)


def test_a_file_of_five_hundred_elements_is_taken_in_and_given_out_again(
    world: World, draft: Draft
) -> None:
    steps = tuple(
        Step(id=f"s{n}", name=f"Bước {n}", lane="office", role="OFFICER", limit="1 giờ")
        for n in range(249)
    )
    xml = draw(Chart(id="long", name="Dài", lanes=LANES, steps=steps))

    taken = take_in(world.binh, draft, xml.encode())

    assert taken.status_code == 200
    assert "Đã nhập lưu đồ từ tệp" in words(taken)
    export = sign_in(world.binh).get(address(draft, "luu-do.bpmn"))
    assert export.content.decode() == xml
    assert "-2.bpmn" in export.headers["Content-Disposition"]


def test_what_is_given_out_is_read_by_another_engine(world: World, draft: Draft) -> None:
    export = sign_in(world.binh).get(address(draft, "luu-do.bpmn"))

    parser = BpmnParser()
    parser.add_bpmn_io(io.BytesIO(export.content))
    spec = parser.get_spec("workflow")

    names = {task.bpmn_name for task in spec.task_specs.values()}
    assert {"Thẩm định hồ sơ", "Phê duyệt kết quả"} <= names


def test_an_agency_is_found_without_marks_if_it_exists_that_day(world: World, draft: Draft) -> None:
    client = sign_in(world.binh)

    found = client.get(address(draft, "co-quan/?q=tai nguyen")).json()["units"]
    world.elsewhere.ends_on = MONDAY.date()
    world.elsewhere.save(update_fields=["ends_on"])

    assert [unit["code"] for unit in found] == ["H19.17"]
    assert client.get(address(draft, "co-quan/?q=tai nguyen")).json()["units"] == []


def test_the_page_and_its_script_speak_english_when_asked(world: World, draft: Draft) -> None:
    client = sign_in(world.binh)
    client.cookies["django_language"] = "en"

    page = client.get(address(draft)).content.decode()

    for expected in ("Responsible unit", "Add behind it", "Start", '"unsaved": "not saved"'):
        assert expected in page
    way = client.post(
        address(draft, "kiem-tra/"), draft.bpmn_xml, content_type="text/plain"
    ).json()["way"]
    assert way["words"].startswith("Longest way: 3 working days 4 hours.")
