"""Completing a step: the case goes on, once, by the right person."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from motcua.audit.queries import find_broken_chains, list_entries
from motcua.cases.actions import CannotCompleteStep, complete_step, receive_case, return_result
from motcua.cases.models import Case
from motcua.cases.queries import NoSuchTask
from motcua.cases.tests.world import MONDAY, World, make_person
from motcua.people import queries as people
from motcua.people.actions import NotAllowed
from motcua.workflow.models import Run, Task

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=1)


def open_task(case: Case) -> Task:
    return Task.objects.get(run_id=case.run_id, completed_at__isnull=True)


def finish(world: World, case: Case) -> None:
    complete_step(officer=world.cuc, task_id=open_task(case).pk, now=LATER)
    complete_step(officer=world.binh, task_id=open_task(case).pk, now=LATER)
    complete_step(officer=world.dung, task_id=open_task(case).pk, outcome="APPROVE", now=LATER)


def test_someone_of_another_agency_cannot_complete_a_step(world: World) -> None:
    case = world.receive()

    with pytest.raises(NotAllowed):
        complete_step(officer=world.oanh, task_id=open_task(case).pk, now=LATER)

    assert open_task(case).name == "Kiểm tra, chuyển hồ sơ"


def test_someone_of_the_agency_in_another_role_cannot_complete_a_step(world: World) -> None:
    case = world.receive()
    complete_step(officer=world.cuc, task_id=open_task(case).pk, now=LATER)

    with pytest.raises(NotAllowed, match="vị trí khác"):
        complete_step(officer=world.dung, task_id=open_task(case).pk, now=LATER)


def test_completing_a_step_opens_the_next_at_its_unit(world: World) -> None:
    case = world.receive()

    result = complete_step(officer=world.cuc, task_id=open_task(case).pk, now=LATER)

    task = open_task(case)
    assert result.next_steps == ("Thẩm định hồ sơ",)
    assert (task.agency_id, task.role) == (world.office.pk, "OFFICER")
    assert task.due_at is not None
    assert Case.objects.get().status == "PROCESSING"


def test_the_last_step_finishes_the_case(world: World) -> None:
    case = world.receive()

    finish(world, case)

    case.refresh_from_db()
    assert (case.status, case.finished_at) == ("DONE", LATER)
    assert Run.objects.get().finished_at == LATER
    assert not Task.objects.filter(completed_at__isnull=True).exists()


def test_returning_to_the_officer_needs_a_reason_and_goes_back(world: World) -> None:
    case = world.receive()
    complete_step(officer=world.cuc, task_id=open_task(case).pk, now=LATER)
    complete_step(officer=world.binh, task_id=open_task(case).pk, now=LATER)

    with pytest.raises(CannotCompleteStep, match="lý do"):
        complete_step(officer=world.dung, task_id=open_task(case).pk, outcome="RETURN", now=LATER)
    complete_step(
        officer=world.dung,
        task_id=open_task(case).pk,
        outcome="RETURN",
        comment="Thiếu toạ độ giếng",
        now=LATER,
    )

    assert open_task(case).name == "Thẩm định hồ sơ"


def test_an_outcome_the_step_does_not_have_is_refused(world: World) -> None:
    case = world.receive()

    with pytest.raises(CannotCompleteStep, match="kết quả"):
        complete_step(officer=world.cuc, task_id=open_task(case).pk, outcome="SING", now=LATER)


def test_the_second_to_complete_a_step_is_told_who_did_it_and_when(world: World) -> None:
    case = world.receive()
    task = open_task(case)
    complete_step(officer=world.cuc, task_id=task.pk, now=LATER)

    with pytest.raises(CannotCompleteStep, match="Trần Thị Cúc hoàn thành lúc 10:00 06/03/2023"):
        complete_step(officer=world.cuc, task_id=task.pk, now=LATER + timedelta(minutes=5))


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_at_the_same_moment_one_wins(world: World) -> None:
    task = open_task(world.receive())

    def attempt(_place: int) -> str:
        try:
            complete_step(officer=world.cuc, task_id=task.pk, now=LATER)
        except CannotCompleteStep:
            return "told"
        finally:
            connection.close()
        return "won"

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(attempt, range(4)))

    assert outcomes == ["told", "told", "told", "won"]
    assert Task.objects.filter(completed_at__isnull=True).count() == 1
    assert list(find_broken_chains()) == []


def test_an_expired_post_completes_nothing(world: World) -> None:
    from datetime import date

    case = world.receive()
    former = make_person(
        world.system, "cu", "Đoàn Yến", world.centre, "CLERK", ends_on=date(2023, 3, 1)
    )

    with pytest.raises(NotAllowed, match="hết hiệu lực từ ngày 01/03/2023"):
        complete_step(officer=former, task_id=open_task(case).pk, now=LATER)


def test_a_task_that_does_not_exist_is_said_so(world: World) -> None:
    with pytest.raises(NoSuchTask):
        complete_step(officer=world.cuc, task_id=987654, now=LATER)


def test_the_trail_tells_every_step_and_holds(world: World) -> None:
    case = world.receive()

    finish(world, case)
    return_result(officer=world.cuc, case_code=case.code, returned_to="Nguyễn Thị An", now=LATER)

    events = [entry.event for entry in list_entries(f"case:{case.code}")]
    assert events == [
        "case.received",
        "case.step_completed",
        "case.step_completed",
        "case.finished",
        "case.returned",
    ]
    assert list(find_broken_chains()) == []


def test_the_open_nodes_of_the_run_are_its_open_tasks(world: World) -> None:
    case = world.receive()
    complete_step(officer=world.cuc, task_id=open_task(case).pk, now=LATER)

    assert Run.objects.get().open_nodes == [open_task(case).node]


def test_completing_a_step_takes_one_read_and_one_write(
    world: World, django_assert_num_queries: object
) -> None:
    from django.test.utils import CaptureQueriesContext

    case = world.receive()
    receive_case(
        officer=world.cuc, agency_id=world.centre.pk, submission=world.submission(), now=LATER
    )
    task = open_task(case)
    people.get_person(username="cuc")

    with CaptureQueriesContext(connection) as queries:
        complete_step(officer=world.cuc, task_id=task.pk, now=LATER)

    statements = [q["sql"] for q in queries if not q["sql"].startswith(("BEGIN", "COMMIT"))]
    assert len(statements) == 2


def test_the_statements_of_the_hot_path_are_planned_once_a_connection(world: World) -> None:
    case = world.receive()
    complete_step(officer=world.cuc, task_id=open_task(case).pk, now=LATER)

    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        prepared = [statement for (statement,) in cursor.fetchall()]

    for part in (
        "FROM procedures_procedure p",
        "new_case AS",
        "FROM workflow_task t",
        "task_done AS",
    ):
        assert any(part in statement for statement in prepared), part


def test_a_step_in_the_middle_leaves_the_row_of_the_case_alone(world: World) -> None:
    case = world.receive()
    complete_step(officer=world.cuc, task_id=open_task(case).pk, now=LATER)
    before = row_version(case)

    complete_step(officer=world.binh, task_id=open_task(case).pk, now=LATER)

    assert row_version(case) == before


def test_the_first_step_changes_the_case_without_touching_its_indexes(world: World) -> None:
    case = world.receive()
    before = index_free_updates()

    complete_step(officer=world.cuc, task_id=open_task(case).pk, now=LATER)

    case.refresh_from_db()
    assert case.status == Case.Status.PROCESSING
    assert index_free_updates() == before + 1


def index_free_updates() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_get_xact_tuples_hot_updated('cases_case'::regclass)")
        return int(cursor.fetchone()[0])


def row_version(case: Case) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin::text::bigint FROM cases_case WHERE id = %s", [case.pk])
        return tuple(cursor.fetchone())
