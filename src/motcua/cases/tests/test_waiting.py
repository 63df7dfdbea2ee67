"""What a case does by itself: timers, messages, tasks of the system; each once, each told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from motcua.audit.queries import find_broken_chains, list_entries
from motcua.cases import events, jobs
from motcua.cases.actions import (
    CannotCarryOut,
    CannotCompleteStep,
    CannotDeliverMessage,
    CannotFireTimer,
    carry_out,
    complete_step,
    deliver_message,
    fire_timer,
)
from motcua.cases.models import Case
from motcua.cases.tests.world import LONG_AGO, MONDAY, World
from motcua.clock import actions as clock
from motcua.clock import queries as clock_queries
from motcua.engine.moments import VIETNAM
from motcua.engine.tests.diagrams import document
from motcua.messages.models import Notice
from motcua.people.actions import NotAllowed
from motcua.procedures.models import Revision
from motcua.workflow import actions as workflow
from motcua.workflow import queries as workflow_queries
from motcua.workflow.models import Run, Task

pytestmark = pytest.mark.django_db
# Four working hours after Monday 9:00 end at 15:00 with the break at noon.
BEFORE = datetime(2023, 3, 6, 14, 0, tzinfo=VIETNAM)
AFTER = datetime(2023, 3, 6, 15, 30, tzinfo=VIETNAM)
CLERK = 'motcua:unit="RECEIVING" motcua:role="CLERK" motcua:limit="4 giờ"'


def start(world: World, body: str, channel: str = "COUNTER") -> Case:
    """Publish a chart, let the one procedure run along it, and receive a case."""
    workflow.publish_version(
        officer=world.system,
        key="drawn",
        name="Vẽ tay",
        bpmn_xml=document(body),
        starts_on=LONG_AGO,
        now=MONDAY,
    )
    Revision.objects.update(workflow_key="drawn")
    return world.receive(channel=channel)


def flows(*pairs: str) -> str:
    """Return flows written as “a b”, or “a b: condition”."""
    parts = []
    for number, pair in enumerate(pairs):
        ends, _, condition = pair.partition(":")
        source, target = ends.split()
        inner = (
            f"<conditionExpression>{condition.strip()}</conditionExpression>" if condition else ""
        )
        parts.append(
            f'<sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}">{inner}'
            "</sequenceFlow>"
        )
    return "".join(parts)


def timed(interrupts: str) -> str:
    return f"""
    <startEvent id="start"/><userTask id="ask" name="Chờ ý kiến" {CLERK}/>
    <userTask id="remind" name="Đôn đốc" {CLERK}/>
    <boundaryEvent id="late" name="Quá 4 giờ" attachedToRef="ask" cancelActivity="{interrupts}">
      <timerEventDefinition><timeDuration>PT4H</timeDuration></timerEventDefinition>
    </boundaryEvent><endEvent id="end"/><endEvent id="end_2"/>
    {flows("start ask", "ask end", "late remind", "remind end_2")}"""


def waiting(message: str) -> str:
    return f"""
    <startEvent id="start"/><intermediateCatchEvent id="wait" name="Chờ nộp phí">
      <messageEventDefinition messageRef="{message}"/></intermediateCatchEvent>
    <exclusiveGateway id="asked" default="f2"/>
    <userTask id="go" name="Đã nộp" {CLERK}/><userTask id="stop" name="Không nộp" {CLERK}/>
    <endEvent id="end"/>
    {flows("start wait", "wait asked", "asked stop", 'asked go: answer == "PAID"', "go end", "stop end")}"""


SERVED = f"""
    <startEvent id="start"/><userTask id="draft" name="Dự thảo" {CLERK}/>
    <serviceTask id="tell" name="Báo người nộp" motcua:action="NOTIFY_APPLICANT"/>
    <endEvent id="end"/>{flows("start draft", "draft tell", "tell end")}"""


def open_task(case: Case, node: str) -> Task:
    return Task.objects.get(run_id=case.run_id, node=node, completed_at__isnull=True)


def events_of(case: Case) -> list[str]:
    return [entry.event for entry in list_entries(f"case:{case.code}")]


def test_only_the_system_lets_a_timer_go_off(world: World) -> None:
    case = start(world, timed("true"))

    with pytest.raises(NotAllowed, match="hệ thống tự làm"):
        fire_timer(officer=world.cuc, task_id=open_task(case, "late").pk, now=AFTER)


def test_a_timer_is_due_in_office_time_and_not_before(world: World) -> None:
    case = start(world, timed("true"))
    timer = open_task(case, "late")

    with pytest.raises(CannotFireTimer, match="hẹn lúc 15:00 06/03/2023"):
        fire_timer(officer=world.system, task_id=timer.pk, now=BEFORE)

    assert workflow_queries.list_due_timers(BEFORE) == []
    assert workflow_queries.list_due_timers(AFTER) == [timer.pk]


def test_an_interrupting_timer_withdraws_its_step_and_opens_the_way_out(world: World) -> None:
    case = start(world, timed("true"))

    result = fire_timer(officer=world.system, task_id=open_task(case, "late").pk, now=AFTER)

    asked = Task.objects.get(node="ask")
    assert result.next_steps == ("Đôn đốc",)
    assert (asked.was_withdrawn, asked.completed_at) == (True, AFTER)
    assert Run.objects.get().open_nodes == ["remind"]
    assert events_of(case) == ["case.received", "case.timer_fired"]
    with pytest.raises(CannotCompleteStep):
        complete_step(officer=world.cuc, task_id=asked.pk, now=AFTER)


def test_a_timer_beside_its_step_leaves_the_step_open(world: World) -> None:
    case = start(world, timed("false"))

    fire_timer(officer=world.system, task_id=open_task(case, "late").pk, now=AFTER)

    assert Run.objects.get().open_nodes == ["ask", "remind"]
    assert not Task.objects.filter(was_withdrawn=True).exists()


def test_the_timer_of_a_step_that_is_done_never_goes_off(world: World) -> None:
    case = start(world, timed("true"))
    timer = open_task(case, "late")

    complete_step(officer=world.cuc, task_id=open_task(case, "ask").pk, now=BEFORE)

    timer.refresh_from_db()
    assert timer.was_withdrawn
    assert workflow_queries.list_due_timers(AFTER) == []
    with pytest.raises(CannotFireTimer):
        fire_timer(officer=world.system, task_id=timer.pk, now=AFTER)
    case.refresh_from_db()
    assert case.status == "DONE"


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_the_same_moment_one_fires_a_timer(world: World) -> None:
    timer = open_task(start(world, timed("false")), "late")

    def attempt(_place: int) -> str:
        try:
            fire_timer(officer=world.system, task_id=timer.pk, now=AFTER)
        except CannotFireTimer:
            return "told"
        finally:
            connection.close()
        return "fired"

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(attempt, range(4)))

    assert outcomes == ["fired", "told", "told", "told"]
    assert Task.objects.filter(node="remind").count() == 1
    assert list(find_broken_chains()) == []


def test_a_message_moves_the_case_and_its_answer_decides(world: World) -> None:
    case = start(world, waiting("PAYMENT"))

    deliver_message(
        officer=world.cuc, case_code=case.code, message="PAYMENT", answer="PAID", now=BEFORE
    )

    last = list_entries(f"case:{case.code}").last()
    assert Run.objects.get().open_nodes == ["go"]
    assert Run.objects.get().facts["answer"] == "PAID"
    assert last is not None
    assert last.event == "case.message_received"
    assert 'vì answer == "PAID"' in last.because


def test_a_message_of_a_case_is_delivered_by_its_own_unit(world: World) -> None:
    case = start(world, waiting("PAYMENT"))

    with pytest.raises(NotAllowed):
        deliver_message(officer=world.oanh, case_code=case.code, message="PAYMENT", now=BEFORE)


def test_a_message_nobody_waits_for_is_refused_by_name(world: World) -> None:
    case = start(world, waiting("PAYMENT"))

    with pytest.raises(CannotDeliverMessage, match="đang chờ: “PAYMENT”"):
        deliver_message(officer=world.cuc, case_code=case.code, message="SUPPLEMENT", now=BEFORE)


def test_the_same_message_twice_is_refused_with_its_number(world: World) -> None:
    case = start(world, waiting("PAYMENT"))
    told: dict[str, Any] = {
        "officer": world.system,
        "case_code": case.code,
        "message": "PAYMENT",
        "now": BEFORE,
    }
    deliver_message(**told, reference="BL-77")

    with pytest.raises(CannotDeliverMessage, match="số BL-77 lúc 14:00 06/03/2023"):
        deliver_message(**told, reference="BL-77")


def test_a_service_task_is_carried_out_once_and_ends_the_case(world: World) -> None:
    heard: list[dict[str, Any]] = []

    def listen(**facts: Any) -> None:
        heard.append(facts)

    case = start(world, SERVED)
    complete_step(officer=world.cuc, task_id=open_task(case, "draft").pk, now=BEFORE)
    service = open_task(case, "tell")
    events.notice_due.connect(listen)
    try:
        carry_out(officer=world.system, task_id=service.pk, now=AFTER)
        with pytest.raises(CannotCarryOut):
            carry_out(officer=world.system, task_id=service.pk, now=AFTER)
    finally:
        events.notice_due.disconnect(listen)

    case.refresh_from_db()
    assert [(f["audience"], f["about"]) for f in heard] == [("APPLICANT", "Báo người nộp")]
    notice = Notice.objects.get()
    assert notice.text_vi == f"Cần báo cho người nộp hồ sơ {case.code}: “Báo người nộp”."
    assert (notice.agency_id, notice.path) == (service.agency_id, f"/ho-so/{case.code}/")
    assert case.status == "DONE"


def test_what_breaks_off_is_undone_and_holds_up_no_other(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    def break_off(**_facts: Any) -> None:
        raise RuntimeError("no line")

    broken = start(world, SERVED)
    complete_step(officer=world.cuc, task_id=open_task(broken, "draft").pk, now=BEFORE)
    events.notice_due.connect(break_off)
    clock.shift_clock(shows=AFTER, now=clock_queries.now())
    try:
        first = jobs.go_on()
        events.notice_due.disconnect(break_off)
        is_open = Run.objects.get().open_nodes
        second = jobs.go_on()
    finally:
        events.notice_due.disconnect(break_off)
        clock_queries.forget()

    assert (first, is_open) == ("0 timers, 0 services", ["tell"])
    assert second == "0 timers, 1 services"
    assert "no line" in caplog.text


def test_a_person_cannot_do_what_the_system_does(world: World) -> None:
    case = start(world, SERVED)
    complete_step(officer=world.cuc, task_id=open_task(case, "draft").pk, now=BEFORE)

    with pytest.raises(CannotCompleteStep, match="không phải việc của người"):
        complete_step(officer=world.cuc, task_id=open_task(case, "tell").pk, now=AFTER)


def test_the_job_fires_what_is_due_and_carries_out_what_waits(world: World) -> None:
    start(world, timed("true"))
    clock.shift_clock(shows=AFTER, now=clock_queries.now())
    try:
        first, second = jobs.go_on(), jobs.go_on()
    finally:
        clock_queries.forget()

    assert (first, second) == ("1 timers, 0 services", "0 timers, 0 services")


@pytest.mark.parametrize(("channel", "node"), [("ONLINE", "fast"), ("COUNTER", "slow")])
def test_a_chart_may_ask_for_the_facts_of_a_case(world: World, channel: str, node: str) -> None:
    body = f"""<startEvent id="start"/><exclusiveGateway id="how" name="Nộp thế nào?" default="f2"/>
    <userTask id="fast" {CLERK}/><userTask id="slow" {CLERK}/><endEvent id="end"/>
    {flows("start how", 'how fast: channel == "ONLINE"', "how slow", "fast end", "slow end")}"""

    start(world, body, channel=channel)

    assert Run.objects.get().open_nodes == [node]


def test_an_inclusive_gateway_waits_for_the_branches_that_were_taken(world: World) -> None:
    body = f"""<startEvent id="start"/><userTask id="ask" motcua:outcomes="LAND,NONE" {CLERK}/>
    <inclusiveGateway id="split" default="f4"/><inclusiveGateway id="join"/>
    <userTask id="land" {CLERK}/><userTask id="paper" {CLERK}/><userTask id="last" {CLERK}/>
    <endEvent id="end"/>
    {
        flows(
            "start ask",
            "ask split",
            'split land: outcome == "LAND"',
            'split paper: channel == "COUNTER"',
            "split join",
            "land join",
            "paper join",
            "join last",
            "last end",
        )
    }"""
    case = start(world, body)
    late = BEFORE + timedelta(minutes=1)

    complete_step(officer=world.cuc, task_id=open_task(case, "ask").pk, outcome="LAND", now=BEFORE)
    both = list(Run.objects.get().open_nodes)
    complete_step(officer=world.cuc, task_id=open_task(case, "land").pk, now=BEFORE)
    one = list(Run.objects.get().open_nodes)
    complete_step(officer=world.cuc, task_id=open_task(case, "paper").pk, now=late)

    assert (both, one) == (["land", "paper"], ["paper"])
    assert Run.objects.get().open_nodes == ["last"]


def test_a_task_of_a_person_without_a_role_cannot_be_stored(world: World) -> None:
    start(world, timed("true"))

    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(node="ask").update(role="")
