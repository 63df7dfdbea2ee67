"""What a chart wants of a step: its form and documents first, and then the applicant is told."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.audit.queries import find_broken_chains
from motcua.cases import actions
from motcua.cases.models import Case
from motcua.cases.tests.world import CHART, MONDAY, World
from motcua.messages.models import CitizenMessage
from motcua.workflow import actions as workflow
from motcua.workflow.actions import CannotCompleteStep
from motcua.workflow.models import Task

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=2)
WANTS = 'motcua:form="Mẫu số 05" motcua:documents="Tờ trình; Dự thảo"'
TELLS = 'motcua:sms="Hồ sơ {ma_ho_so} đã xong bước {buoc} tại {don_vi}."'


def draw(world: World, first_step: str) -> None:
    """Publish the chart of the world with more on its first step."""
    workflow.publish_version(
        officer=world.system,
        key="three-steps",
        name="Ba bước",
        bpmn_xml=CHART.replace('motcua:limit="4 giờ"', f'motcua:limit="4 giờ" {first_step}'),
        starts_on=MONDAY.date(),
        now=MONDAY,
    )


def add(world: World, case: Case, title: str) -> None:
    actions.add_document(
        officer=world.cuc,
        case_code=case.code,
        title=title,
        name="giấy.pdf",
        content=b"%PDF-1.7\n" + title.encode() + b"\n%%EOF\n",
        now=LATER,
    )


def task_of(case: Case) -> Task:
    return Task.objects.get(run_id=case.run_id, completed_at=None)


def test_a_step_is_not_done_before_its_form_and_documents_are_there(world: World) -> None:
    draw(world, WANTS)
    case = world.receive()
    add(world, case, "tờ  TRÌNH")

    with pytest.raises(CannotCompleteStep, match="chưa có “Mẫu số 05”, “Dự thảo” mà quy trình"):
        actions.complete_step(officer=world.cuc, task_id=task_of(case).pk, now=LATER)
    assert task_of(case).name == "Kiểm tra, chuyển hồ sơ"

    for title in ("Mẫu số 05", "Dự thảo"):
        add(world, case, title)
    actions.complete_step(officer=world.cuc, task_id=task_of(case).pk, now=LATER)
    assert task_of(case).name == "Thẩm định hồ sơ"


def test_the_document_of_another_case_is_no_use(world: World) -> None:
    draw(world, 'motcua:documents="Tờ trình"')
    case, other = world.receive(), world.receive()
    add(world, other, "Tờ trình")

    with pytest.raises(CannotCompleteStep, match="“Tờ trình”"):
        actions.complete_step(officer=world.cuc, task_id=task_of(case).pk, now=LATER)


def test_the_applicant_is_told_once_with_the_step(world: World) -> None:
    draw(world, TELLS)
    case = world.receive()
    task = task_of(case)
    actions.complete_step(officer=world.cuc, task_id=task.pk, now=LATER)
    with pytest.raises(CannotCompleteStep):
        actions.complete_step(officer=world.cuc, task_id=task.pk, now=LATER)

    (message,) = CitizenMessage.objects.filter(subject=f"case:{case.code}")
    assert message.text == (
        f"Hồ sơ {case.code} đã xong bước Kiểm tra, chuyển hồ sơ tại Trung tâm Hành chính công tỉnh."
    )
    assert not list(find_broken_chains())


def test_nothing_is_told_of_a_step_that_could_not_be_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw(world, TELLS)
    case = world.receive()
    monkeypatch.setattr("motcua.cases.actions.telling.tell_of_step", lambda *_case, **_told: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        actions.complete_step(officer=world.cuc, task_id=task_of(case).pk, now=LATER)

    assert task_of(case).name == "Kiểm tra, chuyển hồ sơ"


def test_a_step_that_wants_nothing_costs_no_more_than_before(world: World) -> None:
    case = world.receive()
    actions.complete_step(officer=world.cuc, task_id=task_of(case).pk, now=LATER)

    task = task_of(case)
    with CaptureQueriesContext(connection) as asked:
        actions.complete_step(officer=world.binh, task_id=task.pk, now=LATER)

    assert len(asked) == 2
