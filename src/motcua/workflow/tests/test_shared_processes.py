"""Shared processes: drawn once, called by many, each caller pinned to a version until republished."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import ProgrammingError, connection, transaction

from motcua.audit.queries import list_entries
from motcua.engine.drawing import Chart, Lane, Step, draw
from motcua.engine.tests.diagrams import document
from motcua.people.actions import NotAllowed
from motcua.workflow import actions, queries
from motcua.workflow.models import Call, Run, Version
from motcua.workflow.tests.offices import LONG_AGO, MONDAY, Offices, make_offices

pytestmark = pytest.mark.django_db
APRIL = date(2023, 4, 1)
MAY = date(2023, 5, 1)
CLERK = 'motcua:unit="RECEIVING" motcua:role="CLERK" motcua:limit="4 giờ"'
OFFICE = (Lane(id="office", name="Văn phòng UBND tỉnh", unit="AGENCY:H19.01"),)


@pytest.fixture(scope="module")
def offices_of_file(
    made_once: Callable[[Callable[[], Offices]], Callable[[], Offices]],
) -> Callable[[], Offices]:
    return made_once(make_offices)


@pytest.fixture
def offices(db: None, offices_of_file: Callable[[], Offices]) -> Offices:
    return offices_of_file()


def shared(*names: str) -> str:
    steps = tuple(
        Step(id=name, name=f"Bước {name}", lane="office", role="OFFICER", limit="4 giờ")
        for name in names
    )
    return draw(Chart(id="shared", name="Trình Văn phòng", lanes=OFFICE, steps=steps))


def caller(called: str = "to-office", extra: str = "") -> str:
    return document(
        f"""<startEvent id="start"/><userTask id="prepare" name="Chuẩn bị" {CLERK}/>
        <callActivity id="call" name="Trình Văn phòng" calledElement="{called}"/>{extra}
        <userTask id="issue" name="Phát hành" {CLERK}/><endEvent id="end"/>
        <sequenceFlow id="f1" sourceRef="start" targetRef="prepare"/>
        <sequenceFlow id="f2" sourceRef="prepare" targetRef="call"/>
        <sequenceFlow id="f3" sourceRef="call" targetRef="issue"/>
        <sequenceFlow id="f4" sourceRef="issue" targetRef="end"/>"""
    )


def publish(offices: Offices, key: str, xml: str, starts_on: date = LONG_AGO) -> Version:
    return actions.publish_version(
        officer=offices.controller,
        key=key,
        name=f"Quy trình {key}",
        bpmn_xml=xml,
        starts_on=starts_on,
        now=MONDAY,
    )


def steps_of(version: Version) -> list[str]:
    return [step.id for step in queries.get_version(version.pk).net.steps]


def republish(offices: Offices, note: str = "Văn phòng thêm bước ký số") -> tuple[Version, ...]:
    return actions.republish_callers(
        officer=offices.controller, key="to-office", note=note, starts_on=MAY, now=MONDAY
    )


def test_a_caller_holds_the_steps_of_what_it_calls(offices: Offices) -> None:
    called = publish(offices, "to-office", shared("take_in", "sign"))

    version = publish(offices, "licence", caller())

    entry = list_entries("workflow:licence").get()
    assert steps_of(version) == ["prepare", "call/take_in", "call/sign", "issue"]
    assert Call.objects.get().called_id == called.pk
    assert entry.facts["calls"] == {"call": called.pk}


def test_a_run_goes_through_the_called_steps_at_the_place_of_the_called_process(
    offices: Offices,
) -> None:
    publish(offices, "to-office", shared("take_in", "sign"))
    version = publish(offices, "licence", caller())

    plan = actions.plan_start(
        version=queries.get_version(version.pk),
        receiving_agency_id=offices.centre.pk,
        settling_agency_id=offices.centre.pk,
        now=MONDAY,
    )
    step = actions.OpenStep(
        run_id=1,
        version_id=version.pk,
        waiting=plan.waiting,
        open_nodes=plan.open_nodes,
        receiving_agency_id=offices.centre.pk,
        settling_agency_id=offices.centre.pk,
        task_id=1,
        node="prepare",
        name="Chuẩn bị",
        agency_id=offices.centre.pk,
        role="CLERK",
        opened_at=MONDAY,
        completed_at=None,
        completed_by_id=None,
    )
    following = actions.plan_completion(
        officer=offices.clerk, step=step, outcome="", comment="", now=MONDAY
    )

    assert [(task.node, task.agency_id) for task in following.tasks] == [
        ("call/take_in", offices.office.pk)
    ]


def test_a_new_version_of_the_shared_process_leaves_callers_where_they_are(
    offices: Offices,
) -> None:
    publish(offices, "to-office", shared("take_in", "sign"))
    version = publish(offices, "licence", caller())

    publish(offices, "to-office", shared("take_in", "check", "sign"), APRIL)

    before, after = (queries.list_callers("to-office", on=day) for day in (LONG_AGO, APRIL))
    assert steps_of(version) == ["prepare", "call/take_in", "call/sign", "issue"]
    assert [(c.workflow_key, c.lags) for c in before] == [("licence", False)]
    assert [(c.called_number, c.newest_number, c.lags) for c in after] == [(1, 2, True)]


def test_callers_are_republished_together_with_the_reason(offices: Offices) -> None:
    publish(offices, "to-office", shared("take_in", "sign"))
    publish(offices, "licence", caller())
    publish(offices, "permit", caller("licence"))
    publish(offices, "to-office", shared("take_in", "check", "sign"), APRIL)

    made = republish(offices)

    assert [version.workflow.key for version in made] == ["licence", "permit"]
    assert "call/call/check" in steps_of(made[1])
    assert list_entries("workflow:permit").last().because == "Văn phòng thêm bước ký số"  # type: ignore[union-attr]
    assert not any(c.lags for c in queries.list_callers("to-office", on=MAY))
    with pytest.raises(actions.CannotRepublishCallers, match="đều đã dùng"):
        republish(offices)


def test_republishing_needs_the_right_and_a_reason(offices: Offices) -> None:
    with pytest.raises(NotAllowed):
        actions.republish_callers(
            officer=offices.clerk, key="to-office", note="x", starts_on=MAY, now=MONDAY
        )
    with pytest.raises(actions.CannotRepublishCallers, match="lý do"):
        republish(offices, note=" ")


def test_what_is_not_in_force_on_the_day_cannot_be_called(offices: Offices) -> None:
    publish(offices, "to-office", shared("sign"), APRIL)

    with pytest.raises(actions.CannotPublishWorkflow, match="“to-office”"):
        publish(offices, "licence", caller())

    assert publish(offices, "licence", caller(), APRIL).number == 1


def test_a_process_cannot_call_itself_by_way_of_another(offices: Offices) -> None:
    publish(offices, "to-office", shared("sign"))
    publish(offices, "licence", caller())

    with pytest.raises(actions.CannotPublishWorkflow, match="gọi vòng"):
        publish(offices, "to-office", caller("licence"))
    with pytest.raises(actions.CannotPublishWorkflow, match="gọi vòng"):
        publish(offices, "licence", caller("licence"))


def test_a_timer_on_a_call_is_refused_by_name(offices: Offices) -> None:
    publish(offices, "to-office", shared("sign"))
    timer = (
        '<boundaryEvent id="late" name="Quá hạn" attachedToRef="call"><timerEventDefinition>'
        "<timeDuration>P2D</timeDuration></timerEventDefinition></boundaryEvent>"
        '<sequenceFlow id="g" sourceRef="late" targetRef="issue"/>'
    )

    with pytest.raises(actions.CannotPublishWorkflow, match="Hẹn giờ “Quá hạn”"):
        publish(offices, "licence", caller(extra=timer))


def test_the_limits_of_called_steps_are_the_callers(offices: Offices) -> None:
    publish(offices, "to-office", shared("take_in", "sign"))

    net = queries.get_version(publish(offices, "licence", caller()).pk).net

    assert [step.limit for step in net.steps] == ["4 giờ"] * 4


def test_what_a_version_calls_cannot_be_changed_in_the_database(offices: Offices) -> None:
    publish(offices, "to-office", shared("sign"))
    publish(offices, "licence", caller())

    with (
        pytest.raises(ProgrammingError, match="added, never changed or deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM workflow_call")


def test_an_agency_dissolved_before_the_first_day_is_named_with_its_successor(
    offices: Offices,
) -> None:
    offices.office.ends_on, offices.office.successor = APRIL, offices.centre
    offices.office.save(update_fields=["ends_on", "successor"])

    publish(offices, "to-office", shared("sign"), date(2023, 3, 31))
    with pytest.raises(
        actions.CannotPublishWorkflow,
        match=r"“Văn phòng UBND tỉnh” giao cho .* hết hoạt động từ 01/04/2023. "
        r"Hãy chuyển cho Trung tâm Hành chính công tỉnh \(H19.01.01\)",
    ):
        publish(offices, "to-office", shared("sign"), APRIL)


def test_a_day_since_which_cases_run_on_the_old_version_is_refused(offices: Offices) -> None:
    first = publish(offices, "to-office", shared("sign"))
    Run.objects.create(
        version=first,
        receiving_agency=offices.centre,
        settling_agency=offices.office,
        started_at=MONDAY,
    )

    with pytest.raises(actions.CannotPublishWorkflow, match="chọn ngày sau 06/03/2023"):
        publish(offices, "to-office", shared("sign"), MONDAY.date())

    assert publish(offices, "to-office", shared("sign"), date(2023, 3, 7)).number == 2
