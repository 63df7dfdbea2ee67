"""Rehearsing a draft: who may, what is played, and that each figure opens to its cases."""

from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from motcua.audit.queries import list_entries
from motcua.cases import actions, jobs, rehearsal_queries
from motcua.cases.actions import CannotRehearse
from motcua.cases.models import Case, Rehearsal
from motcua.cases.tests.world import CHART, MONDAY, World
from motcua.engine.moments import VIETNAM
from motcua.people.actions import NotAllowed
from motcua.workflow import actions as workflow
from motcua.workflow.models import Draft, Task

pytestmark = pytest.mark.django_db

# The draft asks a leader a second time: two working days more by its limit, if nobody ever did it.
SECOND = (
    '<userTask id="countersign" name="Duyệt lần hai" motcua:unit="SETTLING" motcua:role="OFFICER"'
    ' motcua:limit="9 ngày làm việc"><incoming>f6</incoming><outgoing>f7</outgoing></userTask>'
)
LONGER = CHART.replace(
    '<endEvent id="end"><incoming>f6', f'{SECOND}<endEvent id="end"><incoming>f7'
).replace(
    'id="f6" sourceRef="decided" targetRef="end"/>',
    'id="f6" sourceRef="decided"'
    ' targetRef="countersign"/>'
    '<sequenceFlow id="f7" sourceRef="countersign" targetRef="end"/>',
)


@pytest.fixture
def draft(world: World) -> Draft:
    draft = workflow.start_draft(
        officer=world.controller, workflow_key="three-steps", version_number=1, now=MONDAY
    )
    return workflow.save_draft(
        officer=world.controller, draft_id=draft.pk, drawn_on=1, bpmn_xml=LONGER, now=MONDAY
    )


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2023, 3, day, hour, 0, tzinfo=VIETNAM)


def settle(world: World, *, approved: datetime) -> Case:
    """Receive a case on Monday at 9, forward it, appraise it for a day, approve it when told."""
    case = world.receive()
    for officer, when, outcome in (
        (world.cuc, MONDAY + timedelta(hours=1), ""),
        (world.binh, at(7), ""),
        (world.dung, approved, "APPROVE"),
    ):
        task = Task.objects.get(run_id=case.run_id, completed_at=None)
        actions.complete_step(officer=officer, task_id=task.pk, outcome=outcome, now=when)
    return case


def ask(world: World, draft: Draft, **changes: object) -> Rehearsal:
    values: dict[str, object] = {
        "officer": world.controller,
        "draft_id": draft.pk,
        "unit_code": "H19.01",
        "with_subordinate": True,
        "first_day": date(2023, 3, 1),
        "last_day": date(2023, 3, 31),
        "now": at(20),
    }
    return actions.ask_for_rehearsal(**{**values, **changes})  # type: ignore[arg-type]


def rehearse(world: World, draft: Draft) -> Rehearsal:
    asked = ask(world, draft)
    actions.carry_out_rehearsal(rehearsal_id=asked.pk, now=at(20))
    asked.refresh_from_db()
    return asked


def test_who_does_not_draw_it_or_may_not_see_the_unit_rehearses_nothing(
    world: World, draft: Draft
) -> None:
    settle(world, approved=at(8))

    # Oanh works elsewhere, Bình draws only what the Office owns; this workflow is nobody's.
    for person in (world.oanh, world.binh, world.cuc):
        with pytest.raises(NotAllowed):
            ask(world, draft, officer=person)

    assert not Rehearsal.objects.exists()


def test_past_cases_are_played_through_both_charts_with_their_own_times(
    world: World, draft: Draft
) -> None:
    settle(world, approved=at(8))
    settle(world, approved=at(20))
    world.receive()

    found = rehearse(world, draft).result or {}

    assert (found["all"], found["unfinished"]) == (3, 1)
    # One was late and stays so; the new step alone takes longer than any case has.
    assert (found["late_actual"], found["late_before"], found["late_after"]) == (1, 1, 1)
    assert {line["name"] for line in found["steps"]} == {
        "Kiểm tra, chuyển hồ sơ",
        "Thẩm định hồ sơ",
        "Phê duyệt",
        "Duyệt lần hai",
    }
    # Nobody ever countersigned: its time is that of other steps of its role, and that is told.
    assert ["Duyệt lần hai", "OTHER_CASES", 3] in found["assumed"][1]
    assert not any(name == "Duyệt lần hai" for name, _source, _times in found["assumed"][0])


def test_each_figure_opens_to_as_many_cases(world: World, draft: Draft) -> None:
    settle(world, approved=at(8))
    settle(world, approved=at(20))
    world.receive()
    done = rehearse(world, draft)
    found = done.result or {}

    for figure in (name for name, value in found.items() if isinstance(value, int)):
        rows = rehearsal_queries.list_behind(done, figure)
        assert rows is not None
        assert rows.count() == found[figure], figure
    for line in (*found["units"], *found["steps"]):
        places = [
            number
            for number, (unit, name) in enumerate(found["places"])
            if unit == line["unit"] and line["name"] in ("", name)
        ]
        for side, name in enumerate(("before", "after")):
            rows = rehearsal_queries.list_behind(done, name, places)
            assert rows is not None
            assert rows.count() == line["cases"][side]
            told = sum(stay[1] for row in rows for stay in row.stays[name] if stay[0] in places)
            assert told == line["minutes"][side]


def test_a_clock_that_stood_still_is_in_no_duration(world: World, draft: Draft) -> None:
    case = world.receive()
    actions.request_supplement(
        officer=world.cuc, case_code=case.code, reason="Thiếu bản vẽ", now=at(6, 10)
    )
    actions.take_supplement(officer=world.cuc, case_code=case.code, now=at(9, 10))
    task = Task.objects.get(run_id=case.run_id, completed_at=None)
    actions.complete_step(officer=world.cuc, task_id=task.pk, now=at(9, 11))

    done = rehearse(world, draft)

    (row,) = done.cases.all()
    first = done.result["places"].index(["H19.01.01", "Kiểm tra, chuyển hồ sơ"])  # type: ignore[index]
    # An hour on Monday before the clock stopped, and one on Thursday after it went on.
    assert row.stays["before"][0][:2] == [first, 120]


def test_a_rehearsal_without_cases_or_with_a_faulty_draft_is_refused_with_what_to_do(
    world: World, draft: Draft
) -> None:
    with pytest.raises(CannotRehearse, match="không có hồ sơ nào chạy theo quy trình “Ba bước”"):
        ask(world, draft)
    settle(world, approved=at(8))
    broken = LONGER.replace(' targetRef="countersign"/>', ' targetRef="end"/>')
    workflow.save_draft(
        officer=world.controller, draft_id=draft.pk, drawn_on=2, bpmn_xml=broken, now=MONDAY
    )
    with pytest.raises(CannotRehearse, match="còn lỗi nên chưa diễn tập được"):
        ask(world, draft)
    workflow.discard_draft(officer=world.controller, draft_id=draft.pk, now=MONDAY)
    with pytest.raises(CannotRehearse, match="Đã bỏ"):
        ask(world, draft)


def test_asked_twice_it_is_one_rehearsal_and_the_job_plays_it_once(
    world: World, draft: Draft
) -> None:
    settle(world, approved=at(8))

    first, second = ask(world, draft), ask(world, draft)
    jobs.rehearse_waiting()
    jobs.rehearse_waiting()

    assert first == second
    done = Rehearsal.objects.get()
    assert (done.total, done.done, done.refusal) == (1, 1, "")
    assert done.cases.count() == 1
    events = [entry.event for entry in list_entries("workflow:three-steps")]
    assert events[-1] == "draft.rehearsal_asked"


def test_the_command_rehearses_at_once(world: World, draft: Draft) -> None:
    settle(world, approved=at(8))
    out = StringIO()

    call_command(
        "workflow", "rehearse", "--draft", str(draft.pk), "--unit", "H19.01", "--period",
        "2023-Q1", stdout=out,
    )  # fmt: skip
    with pytest.raises(CommandError, match="không có hồ sơ nào"):
        call_command(
            "workflow", "rehearse", "--draft", str(draft.pk), "--unit", "H19.01", "--period",
            "2022-Q1",
        )  # fmt: skip

    assert "Hồ sơ: 1 (chưa xong: 0)" in out.getvalue()
    assert "Trễ hạn: thực tế 0, lưu đồ đang dùng 0, bản thảo 0" in out.getvalue()
