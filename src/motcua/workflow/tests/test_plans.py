"""What happens to a run next: who gets the step, until when, with which outcomes, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from motcua.engine.drawing import Chart, Decision, Lane, Parallel, Step, Way, draw
from motcua.engine.moments import VIETNAM
from motcua.people import actions as people_actions
from motcua.people.actions import NotAllowed
from motcua.people.queries import get_agency, get_name
from motcua.workflow import actions, queries
from motcua.workflow.tests.offices import (
    APPRAISE,
    FORWARD,
    LANES,
    LONG_AGO,
    MONDAY,
    Offices,
    make_offices,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def offices_of_file(
    made_once: Callable[[Callable[[], Offices]], Callable[[], Offices]],
) -> Callable[[], Offices]:
    return made_once(make_offices)


@pytest.fixture
def offices(db: None, offices_of_file: Callable[[], Offices]) -> Offices:
    return offices_of_file()


def publish(offices: Offices, *steps: object, lanes: tuple[Lane, ...] = LANES) -> int:
    chart = Chart(id="chart", name="Lưu đồ", lanes=lanes, steps=steps)  # type: ignore[arg-type]
    return actions.publish_version(
        officer=offices.controller,
        key="chart",
        name="Lưu đồ",
        bpmn_xml=draw(chart),
        starts_on=LONG_AGO,
        now=MONDAY,
    ).pk


def start(offices: Offices, version_id: int) -> actions.Plan:
    return actions.plan_start(
        version=queries.get_version(version_id),
        receiving_agency_id=offices.centre.pk,
        settling_agency_id=offices.office.pk,
        now=MONDAY,
    )


def step_of(
    offices: Offices, version_id: int, plan: actions.Plan, task: actions.NewTask
) -> actions.OpenStep:
    """Return the task as it would be read back under lock."""
    return actions.OpenStep(
        run_id=1,
        version_id=version_id,
        waiting=plan.waiting,
        open_nodes=plan.open_nodes,
        receiving_agency_id=offices.centre.pk,
        settling_agency_id=offices.office.pk,
        task_id=1,
        node=task.node,
        name=task.name,
        agency_id=task.agency_id,
        role=task.role,
        opened_at=MONDAY,
        completed_at=None,
        completed_by_id=None,
    )


def complete(
    officer: object, step: actions.OpenStep, outcome: str = "", comment: str = ""
) -> actions.Plan:
    return actions.plan_completion(
        officer=officer,  # type: ignore[arg-type]
        step=step,
        outcome=outcome,
        comment=comment,
        now=MONDAY,
    )


def test_a_run_starts_with_the_first_step_at_its_unit(offices: Offices) -> None:
    version_id = publish(offices, FORWARD, APPRAISE)

    plan = start(offices, version_id)

    assert plan.tasks == (
        actions.NewTask(
            node="forward",
            name="Chuyển hồ sơ",
            agency_id=offices.centre.pk,
            role="CLERK",
            outcomes=(),
            # Four office hours after nine: up to the break at 11:30, and on from 13:30.
            due_at=datetime(2023, 3, 6, 15, 0, tzinfo=VIETNAM),
        ),
    )
    assert plan.open_nodes == ("forward",)
    assert not plan.is_finished


def test_a_step_may_belong_to_an_agency_by_name(offices: Offices) -> None:
    lanes = (*LANES, Lane(id="top", name="Tỉnh", unit="AGENCY:H19"))
    version_id = publish(
        offices, Step(id="sign", name="Ký", lane="top", role="LEADER"), lanes=lanes
    )

    plan = start(offices, version_id)

    assert plan.tasks[0].agency_id == offices.system.posts[0].agency_id
    assert plan.tasks[0].due_at is None


def test_a_step_by_territory_is_at_the_local_agency_of_the_case(offices: Offices) -> None:
    local = Step(id="local", name="Xác nhận tại địa bàn", lane="place", role="CLERK")
    version_id = publish(
        offices, local, lanes=(Lane(id="place", name="Địa bàn", unit="TERRITORY"),)
    )
    commune = people_actions.add_agency(
        officer=offices.system,
        now=MONDAY,
        code="H19.99",
        name="Ủy ban nhân dân xã Phú Lập",
        level="COMMUNE",
        kind="COMMUNE",
        parent=get_agency("H19"),
        starts_on=LONG_AGO,
    )

    def place_of(receiving: int, settling: int) -> int:
        plan = actions.plan_start(
            version=queries.get_version(version_id),
            receiving_agency_id=receiving,
            settling_agency_id=settling,
            now=MONDAY,
        )
        return plan.tasks[0].agency_id

    office, centre = offices.office.pk, offices.centre.pk
    assert place_of(centre, commune.pk) == commune.pk
    assert place_of(commune.pk, office) == commune.pk
    # Between agencies of the province there is no local one: who settles does it.
    assert place_of(centre, office) == office


def test_an_agency_nobody_knows_is_said_so(offices: Offices) -> None:
    lanes = (*LANES, Lane(id="top", name="Đâu đó", unit="AGENCY:H99"))

    with pytest.raises(actions.CannotPublishWorkflow, match="“Đâu đó” giao cho cơ quan mã “H99”"):
        publish(offices, Step(id="sign", name="Ký", lane="top", role="LEADER"), lanes=lanes)


def test_completing_a_step_opens_the_next(offices: Offices) -> None:
    version_id = publish(offices, FORWARD, APPRAISE)
    plan = start(offices, version_id)

    following = complete(offices.clerk, step_of(offices, version_id, plan, plan.tasks[0]))

    assert [(task.node, task.agency_id) for task in following.tasks] == [
        ("appraise", offices.office.pk)
    ]
    assert following.tasks[0].outcomes == ("APPROVE", "REFUSE")


def test_the_wrong_holder_is_refused_before_anything_is_decided(offices: Offices) -> None:
    version_id = publish(offices, FORWARD, APPRAISE)
    plan = start(offices, version_id)
    step = step_of(offices, version_id, plan, plan.tasks[0])

    for outsider in (offices.officer, offices.leader, offices.controller, offices.system):
        with pytest.raises(NotAllowed):
            complete(outsider, step)


def test_another_role_at_the_same_agency_is_told_that_it_is_another_s_work(
    offices: Offices,
) -> None:
    version_id = publish(offices, APPRAISE)
    plan = start(offices, version_id)

    with pytest.raises(NotAllowed, match="thuộc việc của vị trí khác"):
        complete(offices.leader, step_of(offices, version_id, plan, plan.tasks[0]), "APPROVE")


def test_a_step_that_is_done_tells_by_whom_and_when(offices: Offices) -> None:
    version_id = publish(offices, FORWARD, APPRAISE)
    plan = start(offices, version_id)
    done = replace(
        step_of(offices, version_id, plan, plan.tasks[0]),
        completed_at=MONDAY + timedelta(hours=1),
        completed_by_id=offices.clerk.id,
    )

    with pytest.raises(actions.CannotCompleteStep) as refusal:
        complete(offices.clerk, done)

    assert f"{get_name(offices.clerk.id)} hoàn thành lúc 10:00 06/03/2023" in str(refusal.value)


@pytest.mark.parametrize(
    ("outcome", "comment", "words"),
    [
        ("", "", "phải kết thúc bằng một trong các kết quả: Đồng ý, Từ chối"),
        ("RETURN", "vì sao", "phải kết thúc bằng một trong các kết quả"),
        ("approve", "", "phải kết thúc bằng một trong các kết quả"),
        ("REFUSE", "", "Hãy ghi lý do khi chọn “Từ chối”"),
        ("REFUSE", " \n\t", "Hãy ghi lý do khi chọn “Từ chối”"),
    ],
)
def test_an_outcome_must_be_one_of_the_step_s_and_a_refusal_needs_a_reason(
    offices: Offices, outcome: str, comment: str, words: str
) -> None:
    version_id = publish(offices, APPRAISE)
    plan = start(offices, version_id)

    with pytest.raises(actions.CannotCompleteStep, match=words):
        complete(
            offices.officer, step_of(offices, version_id, plan, plan.tasks[0]), outcome, comment
        )


def test_a_step_that_the_run_does_not_wait_at_cannot_be_completed(offices: Offices) -> None:
    version_id = publish(offices, FORWARD, APPRAISE)
    plan = start(offices, version_id)
    step = replace(step_of(offices, version_id, plan, plan.tasks[0]), open_nodes=("appraise",))

    with pytest.raises(actions.CannotCompleteStep):
        complete(offices.clerk, step)


def test_the_outcome_chooses_the_way(offices: Offices) -> None:
    again = Way(label="Làm lại", when='outcome == "REFUSE"', to="forward")
    on = Way(label="Xong")
    version_id = publish(
        offices, FORWARD, APPRAISE, Decision(id="is_fine", name="Kết quả", ways=(again, on))
    )
    plan = start(offices, version_id)
    plan = complete(offices.clerk, step_of(offices, version_id, plan, plan.tasks[0]))
    step = step_of(offices, version_id, plan, plan.tasks[0])

    back = complete(offices.officer, step, "REFUSE", "Thiếu bản vẽ")
    done = complete(offices.officer, step, "APPROVE")

    assert [task.node for task in back.tasks] == ["forward"]
    assert done.is_finished
    assert done.tasks == ()
    assert "Làm lại" in back.reasons
    assert "Xong" in done.reasons


def test_branches_open_together_and_meet_whichever_ends_first(offices: Offices) -> None:
    branches = tuple(
        (Step(id=name, name=name, lane="office", role="OFFICER"),) for name in ("one", "two")
    )
    version_id = publish(offices, Parallel(id="both", branches=branches), FORWARD)

    for first, second in (("one", "two"), ("two", "one")):
        plan = start(offices, version_id)
        tasks = {task.node: task for task in plan.tasks}
        halfway = complete(offices.officer, step_of(offices, version_id, plan, tasks[first]))
        met = complete(offices.officer, step_of(offices, version_id, halfway, tasks[second]))

        assert set(tasks) == {"one", "two"}
        assert (halfway.open_nodes, len(halfway.waiting), halfway.tasks) == ((second,), 1, ())
        assert (met.open_nodes, met.waiting) == (("forward",), ())
