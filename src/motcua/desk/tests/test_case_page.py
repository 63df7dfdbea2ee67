"""The case page: who, what, where it stands, what may be done, and who may look."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from motcua.audit.models import Read
from motcua.cases.models import Case
from motcua.cases.tests.world import CHART, LONG_AGO, MONDAY, World
from motcua.desk.tests.rows import (
    LATER,
    count_queries,
    desk_clock,
    finish,
    make_rows,
    open_task,
    set_clock,
    sign_in,
    step,
    words,
)
from motcua.engine.bpmn import compile_bpmn
from motcua.engine.tests.diagrams import document
from motcua.procedures.models import Revision
from motcua.workflow import actions as workflow
from motcua.workflow.models import Task


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock():
        yield world


def chart_states(page: str) -> dict[str, list[str]]:
    """Return what the page tells the drawing."""
    found = re.search(r'<script id="flowchart-steps" type="application/json">(.*?)</script>', page)
    assert found is not None
    states: dict[str, list[str]] = json.loads(found[1])
    return states


def test_the_page_says_who_what_under_which_revision_and_when_due(world: World) -> None:
    case = world.receive()

    response = sign_in(world.cuc).get(f"/ho-so/{case.code}/")

    page = words(response)
    assert response.status_code == 200
    for expected in (
        case.code,
        "Cấp giấy phép khai thác nước dưới đất",
        "Người nộp, chủ hồ sơ Nguyễn Thị Thúy An",
        "075193000123",
        "bản 1, áp dụng từ 01/01/2020 1/QĐ-UBND",
        "Được tiếp nhận",
        "Trực tiếp",
        "còn 5 ngày làm việc",
        "13/03/2023 17:00",
        "1. Đơn đề nghị cấp phép 1 0",
        "2. Bản vẽ vị trí công trình 0 2",
    ):
        assert expected in page


def test_identity_numbers_are_masked_for_those_who_do_not_work_on_the_case(world: World) -> None:
    case = world.receive()

    page = words(sign_in(world.dung).get(f"/ho-so/{case.code}/"))

    assert "********0123" in page
    assert "075193000123" not in page


def test_whoever_has_a_step_of_the_case_reads_the_whole_number(world: World) -> None:
    case = world.receive()
    step(world.cuc, case)

    assert "075193000123" in words(sign_in(world.binh).get(f"/ho-so/{case.code}/"))


def test_an_owner_who_is_not_the_applicant_is_told_apart(world: World) -> None:
    applicant = world.submission().applicant
    owner = type(applicant)(
        kind="ORGANISATION", full_name="Công ty TNHH Ưỡng Ẵm", identity_number="3600123457"
    )
    case = world.receive(owner=owner)

    page = words(sign_in(world.cuc).get(f"/ho-so/{case.code}/"))

    assert "Người nộp Nguyễn Thị Thúy An" in page
    assert "Chủ hồ sơ Công ty TNHH Ưỡng Ẵm" in page


def test_the_drawing_is_told_which_steps_are_done_current_and_late(world: World) -> None:
    case = world.receive()
    step(world.cuc, case, now=MONDAY + timedelta(days=1))
    set_clock(MONDAY + timedelta(days=8))

    page = sign_in(world.binh).get(f"/ho-so/{case.code}/").content.decode()

    assert chart_states(page) == {
        "start": ["done"],
        "forward": ["done", "late"],
        "appraise": ["current", "late"],
    }
    assert f'data-url="/ho-so/{case.code}/luu-do.bpmn"' in page


def test_a_step_that_was_returned_is_current_again(world: World) -> None:
    case = world.receive()
    step(world.cuc, case)
    step(world.binh, case)
    step(world.dung, case, outcome="RETURN", comment="Thiếu tọa độ")

    page = sign_in(world.binh).get(f"/ho-so/{case.code}/").content.decode()

    states = chart_states(page)
    assert (states["appraise"], states["approve"]) == (["current"], ["done"])
    assert "Thiếu tọa độ" in page


def test_a_finished_run_lights_its_end(world: World) -> None:
    case = world.receive()
    finish(world, case)

    page = sign_in(world.cuc).get(f"/ho-so/{case.code}/").content.decode()

    assert chart_states(page)["end"] == ["done"]


def test_the_steps_stand_in_words_beside_the_drawing(world: World) -> None:
    case = world.receive()
    step(world.cuc, case)

    page = words(sign_in(world.binh).get(f"/ho-so/{case.code}/"))

    assert "Kiểm tra, chuyển hồ sơ đã xong Trung tâm Hành chính công tỉnh · 4 giờ làm việc" in page
    assert "Thẩm định hồ sơ đang làm Văn phòng UBND tỉnh · 3 ngày làm việc" in page
    assert "Phê duyệt chưa tới Văn phòng UBND tỉnh · 4 giờ làm việc" in page


def test_the_time_line_says_who_did_what_and_how_long_it_took(world: World) -> None:
    case = world.receive()
    step(world.cuc, case, now=LATER)
    step(world.binh, case, now=MONDAY + timedelta(days=4))
    set_clock(MONDAY + timedelta(days=4, hours=1))

    page = words(sign_in(world.binh).get(f"/ho-so/{case.code}/"))

    assert "Tiếp nhận hồ sơ Trần Thị Cúc · Trung tâm Hành chính công tỉnh 06/03/2023 09:00" in page
    assert (
        "Trần Thị Cúc · Trung tâm Hành chính công tỉnh 06/03/2023 09:00 → 06/03/2023 10:00 · "
        "1 giờ làm việc, giới hạn 4 giờ làm việc xong đúng hạn"
    ) in page
    assert (
        "06/03/2023 10:00 → 10/03/2023 09:00 · 4 ngày làm việc, giới hạn 3 ngày làm việc "
        "xong, quá hạn 2 giờ làm việc"
    ) in page
    assert "chưa ai nhận (Lãnh đạo) · Văn phòng UBND tỉnh" in page


def test_a_returned_result_ends_the_time_line(world: World) -> None:
    case = world.receive()
    finish(world, case)
    sign_in(world.cuc).post(f"/ho-so/{case.code}/tra/", {"returned_to": "Nguyễn Văn Tư"})

    page = words(sign_in(world.cuc).get(f"/ho-so/{case.code}/"))

    assert "Trả kết quả cho Nguyễn Văn Tư Trần Thị Cúc · Trung tâm Hành chính công tỉnh" in page
    assert "Đã trả kết quả" in page


def test_only_the_one_whose_step_it_is_sees_its_buttons(world: World) -> None:
    case = world.receive()
    task = open_task(case)
    address = f"/ho-so/{case.code}/buoc/{task.pk}/"

    assert address in sign_in(world.cuc).get(f"/ho-so/{case.code}/").content.decode()
    assert address not in sign_in(world.dung).get(f"/ho-so/{case.code}/").content.decode()


def test_each_button_says_where_it_leads(world: World) -> None:
    case = world.receive()
    step(world.cuc, case)
    step(world.binh, case)

    page = words(sign_in(world.dung).get(f"/ho-so/{case.code}/"))

    assert "Đồng ý Hồ sơ xử lý xong" in page
    assert "Trả lại để làm lại Chuyển sang: Thẩm định hồ sơ" in page


def test_the_drawing_is_handed_out_as_it_was_published(world: World) -> None:
    case = world.receive()

    response = sign_in(world.cuc).get(f"/ho-so/{case.code}/luu-do.bpmn")

    assert response["Content-Type"].startswith("application/xml")
    assert compile_bpmn(response.content).by_id["appraise"].name == "Thẩm định hồ sơ"


def test_the_trail_tells_who_did_what_and_that_it_is_whole(world: World) -> None:
    case = world.receive()
    step(world.cuc, case)

    page = words(sign_in(world.cuc).get(f"/ho-so/{case.code}/"))

    assert "Nguyên vẹn: 2 dòng" in page
    assert "Đã hoàn thành bước: “Kiểm tra, chuyển hồ sơ” 06/03/2023 10:00 · Trần Thị Cúc" in page


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_entry SET because = 'khác' WHERE number = 1",
        "DELETE FROM audit_entry WHERE number = 2",
        "DELETE FROM audit_entry WHERE number = 1",
    ],
)
def test_a_changed_trail_is_said_loudly(world: World, change: str) -> None:
    case = world.receive()
    step(world.cuc, case)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(change)

    page = words(sign_in(world.cuc).get(f"/ho-so/{case.code}/"))

    assert "Nhật ký của hồ sơ này không còn nguyên vẹn" in page


def test_an_unknown_code_gets_a_clear_page(world: World) -> None:
    client = sign_in(world.cuc)

    for code in ("000.01.01.H19-230306-9999", "abc%00"):
        response = client.get(f"/ho-so/{code}/")

        assert response.status_code == 404
        assert "Không có hồ sơ mang mã" in words(response)


@pytest.mark.parametrize("page", ["", "han-tra/", "luu-do.bpmn", "tai-lieu/1/"])
def test_another_agencys_case_is_refused_with_the_reason_and_noted(world: World, page: str) -> None:
    case = world.receive()

    response = sign_in(world.oanh).get(f"/ho-so/{case.code}/{page}")

    assert response.status_code == 403
    assert "do cơ quan khác tiếp nhận và giải quyết" in words(response)
    read = Read.objects.get()
    assert (read.actor_id, read.subject, read.was_allowed) == (
        world.oanh.id,
        f"case:{case.code}",
        False,
    )


def test_opening_a_case_is_noted(world: World) -> None:
    case = world.receive()

    sign_in(world.cuc).get(f"/ho-so/{case.code}/")

    read = Read.objects.get()
    assert (read.what, read.was_allowed) == ("case.opened", True)


def test_the_page_takes_as_many_queries_whatever_happened_to_the_case(world: World) -> None:
    young, old = world.receive(), world.receive()
    for _ in range(5):
        step(world.cuc, old) if open_task(old).role == "CLERK" else None
        step(world.binh, old)
        step(world.dung, old, outcome="RETURN", comment="Chưa đủ")
    client = sign_in(world.cuc)
    few = count_queries(client, f"/ho-so/{young.code}/")

    assert count_queries(client, f"/ho-so/{old.code}/") == few
    make_rows(world, 1000)
    assert count_queries(client, f"/ho-so/{young.code}/") == few
    assert Task.objects.filter(run_id=old.run_id).count() == 12
    assert few <= 23


def test_a_case_without_a_stored_ledger_still_has_its_page(world: World) -> None:
    case = make_rows(world, 1)[0]

    response = sign_in(world.cuc).get(f"/ho-so/{case.code}/han-tra/")

    assert "chỉ biết hạn trả đã ghi" in words(response)
    assert Case.objects.filter(code=case.code).exists()


def test_a_late_case_says_who_lost_the_time_and_a_case_in_time_does_not(world: World) -> None:
    in_time, late = world.receive(), world.receive()
    finish(world, in_time)
    step(world.cuc, late)
    step(world.binh, late, now=MONDAY + timedelta(days=11))
    step(world.dung, late, now=MONDAY + timedelta(days=11, hours=1), outcome="APPROVE")
    set_clock(MONDAY + timedelta(days=12))

    pages = [words(sign_in(world.dung).get(f"/ho-so/{case.code}/")) for case in (in_time, late)]

    assert "Ai làm chậm?" not in pages[0]
    # Due on Monday 13th at 17:00, finished on Friday 17th at 10:00: three days of 8 hours and 3 hours.
    assert "Hồ sơ chậm 27 giờ làm việc so với hạn trả" in pages[1]
    assert "Văn phòng UBND tỉnh Thẩm định hồ sơ" in pages[1]
    assert "chịu 27 giờ trong 27 giờ chậm" in pages[1]


def test_a_step_of_a_called_process_shows_at_its_call(world: World) -> None:
    for key, xml in (("called", CALLED), ("caller", CALLER)):
        workflow.publish_version(
            officer=world.system,
            key=key,
            name=key,
            bpmn_xml=document(xml),
            starts_on=LONG_AGO,
            now=MONDAY,
        )
    Revision.objects.update(workflow_key="caller")
    case = world.receive()

    states = chart_states(sign_in(world.cuc).get(f"/ho-so/{case.code}/").content.decode())

    assert (states["call/sign"], states["call"]) == (["current"], ["current"])


STEP = 'motcua:unit="RECEIVING" motcua:role="CLERK" motcua:limit="4 giờ"'
FLOWS = (
    '<sequenceFlow id="f" sourceRef="s" targetRef="{0}"/>'
    '<sequenceFlow id="g" sourceRef="{0}" targetRef="e"/>'
)
CALLED = f'<startEvent id="s"/><userTask id="sign" {STEP}/><endEvent id="e"/>{FLOWS.format("sign")}'
CALLER = (
    '<startEvent id="s"/><callActivity id="call" calledElement="called"/><endEvent id="e"/>'
    + FLOWS.format("call")
)


def test_an_open_step_says_what_it_needs_takes_it_and_tells_the_applicant(world: World) -> None:
    workflow.publish_version(
        officer=world.system,
        key="three-steps",
        name="Ba bước",
        bpmn_xml=CHART.replace(
            'motcua:limit="4 giờ"',
            'motcua:limit="4 giờ" motcua:form="Mẫu số 05" motcua:documents="Tờ trình; Dự thảo" '
            'motcua:sms="{ma_ho_so} đã qua bước {buoc}."',
        ),
        starts_on=MONDAY.date(),
        now=MONDAY,
    )
    case = world.receive()

    client = sign_in(world.cuc)
    page = words(client.get(f"/ho-so/{case.code}/"))
    sent = client.post(
        f"/ho-so/{case.code}/tai-lieu/",
        {"title": "Tờ trình", "file": SimpleUploadedFile("to trinh.pdf", b"%PDF-1.7\n%%EOF\n")},
        follow=True,
    )

    assert "mang đúng tên: Biểu mẫu: Mẫu số 05 chưa có Tải lên Tờ trình chưa có" in page
    assert "người nộp được báo: “{ma_ho_so} đã qua bước {buoc}.”" in page
    assert "Tờ trình đã có Dự thảo chưa có" in words(sent)
