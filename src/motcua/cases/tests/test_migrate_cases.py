"""Moving running cases to a newer version: who may, one result a case, and back again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from time import sleep
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from motcua.audit import actions as audit
from motcua.audit.queries import find_broken_chains, list_entries
from motcua.cases import actions, jobs, migration_queries
from motcua.cases.actions import CannotMigrate, CannotUndoMigration
from motcua.cases.models import Case, LedgerEntry, MigratedCase, Migration
from motcua.cases.tests.many_cases import multiply
from motcua.cases.tests.world import CHART, MONDAY, World, make_person
from motcua.engine.moments import VIETNAM
from motcua.people.actions import NotAllowed
from motcua.workflow import actions as workflow
from motcua.workflow.models import Run, Task, Version

pytestmark = pytest.mark.django_db

# The newer chart appraises in two days instead of three, and the leader's step is another's.
NEWER = CHART.replace("3 ngày làm việc", "2 ngày làm việc").replace('"approve"', '"sign"')
NEWER = NEWER.replace('motcua:limit="4 giờ"', 'motcua:limit="2 giờ"')
# One without the leader's step at all.
SHORTER = (
    CHART.replace("Ba bước", "Hai bước")
    .replace('name="Phê duyệt"', 'name="Ban hành"')
    .replace('"approve"', '"issue"')
    .replace('motcua:role="LEADER"', 'motcua:role="OFFICER"')
)


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2023, 3, day, hour, 0, tzinfo=VIETNAM)


def publish(world: World, xml: str, *, starts_on: date = date(2023, 3, 8)) -> Version:
    return workflow.publish_version(
        officer=world.system,
        key="three-steps",
        name="Ba bước",
        bpmn_xml=xml,
        starts_on=starts_on,
        now=MONDAY,
    )


def old_version(world: World) -> Version:
    """The version of the world, whose workflow belongs to the Office from here on."""
    version = Version.objects.select_related("workflow").get(number=1)
    version.workflow.owner = world.office
    version.workflow.save(update_fields=["owner"])
    return version


def start(
    world: World, old: Version, new: Version, chosen: dict[str, str] | None = None, **changes: Any
) -> Migration:
    trial = migration_queries.try_migration(from_id=old.pk, to_id=new.pk, chosen=chosen or {})
    values: dict[str, Any] = {
        "officer": world.controller,
        "from_id": old.pk,
        "to_id": new.pk,
        "chosen": chosen or {},
        "tried": trial.digest,
        "reason": "Rút ngắn thẩm định",
        "now": at(8),
    }
    return actions.start_migration(**{**values, **changes})


def move_all(migration: Migration, *, now: datetime | None = None) -> dict[str, int]:
    while actions.migrate_next(migration_id=migration.pk, most=2, now=now or at(8)):
        pass
    return {key: count for key, count in migration_queries.count_states(migration).items() if count}


def undo_all(world: World, migration: Migration) -> dict[str, int]:
    actions.undo_migration(
        officer=world.controller, migration_id=migration.pk, reason="Ghép nhầm", now=at(8, 10)
    )
    while actions.undo_next(migration_id=migration.pk, most=2, now=at(8, 10)):
        pass
    return {key: count for key, count in migration_queries.count_states(migration).items() if count}


def rows_of(case: Case) -> tuple[Any, ...]:
    """Everything that a migration could touch, as stored."""
    return (
        list(Run.objects.filter(pk=case.run_id).values()),
        list(Task.objects.filter(run_id=case.run_id).order_by("pk").values()),
        list(LedgerEntry.objects.filter(case=case).order_by("pk").values()),
    )


def step(world: World, case: Case, officer: Any, now: datetime, outcome: str = "") -> None:
    task = Task.objects.get(run_id=case.run_id, completed_at=None)
    actions.complete_step(officer=officer, task_id=task.pk, outcome=outcome, now=now)


def test_only_a_procedure_controller_of_the_owner_moves_or_takes_back(world: World) -> None:
    old, new = old_version(world), publish(world, NEWER)
    case = world.receive()
    other = make_person(world.system, "kim", "Võ Thị Kim", world.elsewhere, "CONTROLLER")

    for person in (world.oanh, world.binh, world.dung, world.cuc, other):
        with pytest.raises(NotAllowed):
            start(world, old, new, officer=person)
    migration = start(world, old, new)
    move_all(migration)
    for person in (world.oanh, world.dung, other):
        with pytest.raises(NotAllowed):
            actions.undo_migration(
                officer=person, migration_id=migration.pk, reason="Không", now=at(8)
            )
        with pytest.raises(NotAllowed):
            actions.undo_case(
                officer=person,
                migration_id=migration.pk,
                case_code=case.code,
                reason="Không",
                now=at(8),
            )


def test_a_controller_of_a_department_moves_what_the_department_settles(world: World) -> None:
    old, new = old_version(world), publish(world, NEWER)
    kim = make_person(world.system, "kim", "Võ Thị Kim", world.elsewhere, "CONTROLLER")
    theirs, ours = world.receive(), world.receive()

    with pytest.raises(NotAllowed):
        start(world, old, new, officer=kim)
    Case.objects.filter(pk=ours.pk).update(settling_agency=world.elsewhere)
    own = start(world, old, new, officer=kim)

    assert (own.total, move_all(own)) == (1, {"MOVED": 1})
    assert Run.objects.get(pk=ours.run_id).version_id == new.pk
    assert Run.objects.get(pk=theirs.run_id).version_id == old.pk
    rest = start(world, old, new)
    assert (rest.total, move_all(rest)) == (1, {"MOVED": 1})
    with pytest.raises(NotAllowed):
        actions.undo_migration(officer=kim, migration_id=rest.pk, reason="Không", now=at(8))
    with pytest.raises(NotAllowed):
        undo_one(kim, rest, theirs)
    undo_one(kim, own, ours)
    assert Run.objects.get(pk=ours.run_id).version_id == old.pk


def undo_one(officer: Any, migration: Migration, case: Case) -> None:
    actions.undo_case(
        officer=officer, migration_id=migration.pk, case_code=case.code, reason="Nhầm", now=at(8)
    )


def wait_until_waiting(count: int) -> None:
    """Return when so many connections wait for a lock; fail after ten seconds."""
    for _attempt in range(200):
        with connection.cursor() as cursor:
            # What a transaction has seen of the activity stays as it was until this.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0] >= count:
                return
        sleep(0.05)
    pytest.fail(f"no {count} connections wait for a lock")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["officer", "migration"])
def test_of_an_officer_and_a_migration_at_one_moment_the_second_is_told(
    world: World, first: str
) -> None:
    # The step that the officer completes is another in the newer chart.
    newer = NEWER.replace('"forward"', '"check"').replace("Kiểm tra, chuyển hồ sơ", "Soát xét")
    old, new = old_version(world), publish(world, newer)
    case = world.receive()
    task = Task.objects.get(run_id=case.run_id, completed_at=None)
    migration = start(world, old, new, {"forward": "check"})

    def complete() -> str:
        try:
            actions.complete_step(officer=world.cuc, task_id=task.pk, now=at(8, 10))
        except actions.CannotCompleteStep as refusal:
            return str(refusal)
        finally:
            connection.close()
        return "completed"

    def move() -> str:
        try:
            actions.migrate_next(migration_id=migration.pk, most=9, now=at(8, 10))
        finally:
            connection.close()
        return "moved"

    in_order = (complete, move) if first == "officer" else (move, complete)
    with ThreadPoolExecutor(2) as pool:
        # Both have read the case, and wait in this order for whoever holds its trail.
        with transaction.atomic():
            audit.hold(f"case:{case.code}")
            begun = []
            for number, act in enumerate(in_order, start=1):
                begun.append(pool.submit(act))
                wait_until_waiting(number)
        told = sorted(one.result(timeout=20) for one in begun)

    task.refresh_from_db()
    run = Run.objects.get(pk=case.run_id)
    open_node = Task.objects.get(run_id=run.pk, completed_at=None).node
    if first == "officer":
        assert told == ["completed", "moved"]
        assert (task.node, task.completed_at, open_node) == ("forward", at(8, 10), "appraise")
    else:
        assert told[0].startswith(f"Hồ sơ {case.code} vừa được chuyển sang phiên bản khác")
        assert "nay là “Soát xét”, nên chưa ghi gì" in told[0]
        assert (task.node, task.completed_at, open_node) == ("check", None, "check")
    assert (run.version_id, run.open_nodes) == (new.pk, [open_node])
    assert MigratedCase.objects.get().state == "MOVED"
    assert list(find_broken_chains()) == []


def test_a_dry_run_writes_nothing_and_must_come_first(
    world: World, django_assert_num_queries: Any
) -> None:
    old, new = old_version(world), publish(world, NEWER)
    cases = [world.receive() for _number in range(3)]
    before = [rows_of(case) for case in cases]
    migration_queries.try_migration(from_id=old.pk, to_id=new.pk, chosen={})

    with django_assert_num_queries(1):
        trial = migration_queries.try_migration(from_id=old.pk, to_id=new.pk, chosen={})
    with pytest.raises(CannotMigrate, match="chưa được chạy thử"):
        start(world, old, new, tried="")
    with pytest.raises(CannotMigrate, match="chưa được chạy thử"):
        start(world, old, new, chosen={"approve": ""}, tried=trial.digest)

    assert (trial.movable, len(trial.cases), trial.missing) == (3, 3, ())
    assert [rows_of(case) for case in cases] == before
    assert not Migration.objects.exists()


def test_each_case_is_moved_with_its_trail_and_its_due_time_stays(world: World) -> None:
    old, new = old_version(world), publish(world, NEWER)
    fresh, forwarded = world.receive(), world.receive()
    step(world, forwarded, world.cuc, at(6, 10))
    actions.take_task(
        officer=world.binh,
        task_id=Task.objects.get(run_id=forwarded.run_id, completed_at=None).pk,
        now=at(6, 11),
    )
    dues = list(Case.objects.order_by("pk").values_list("due_at", "ledger_generation"))
    lines = list(LedgerEntry.objects.order_by("pk").values())

    found = move_all(start(world, old, new))

    assert found == {"MOVED": 2}
    assert set(Run.objects.values_list("version_id", flat=True)) == {new.pk}
    assert list(Case.objects.order_by("pk").values_list("due_at", "ledger_generation")) == dues
    assert list(LedgerEntry.objects.order_by("pk").values()) == lines
    task = Task.objects.get(run_id=forwarded.run_id, completed_at=None)
    # Two working days from the day it was opened on, still in Bình's hands.
    assert (task.node, task.due_at, task.assignee_id) == ("appraise", at(8, 17), world.binh.id)
    entry = list_entries(f"case:{fresh.code}").last()
    assert entry is not None
    assert (entry.event, entry.facts["reason"]) == ("case.migrated", "Rút ngắn thẩm định")
    assert (entry.facts["from"], entry.facts["to"]) == (1, 2)
    assert "Thời hạn của bước “Kiểm tra, chuyển hồ sơ”" in entry.because
    assert list(find_broken_chains()) == []
    # And the case goes on, along the newer chart.
    step(world, forwarded, world.binh, at(8, 11))
    assert Task.objects.get(run_id=forwarded.run_id, completed_at=None).node == "sign"


def test_undone_everything_is_as_it_was_and_the_trails_hold(world: World) -> None:
    old, new = old_version(world), publish(world, NEWER)
    cases = [world.receive() for _number in range(3)]
    step(world, cases[1], world.cuc, at(6, 10))
    before = [rows_of(case) for case in cases]
    migration = start(world, old, new)
    move_all(migration)
    assert [rows_of(case) for case in cases] != before

    found = undo_all(world, migration)

    assert found == {"UNDONE": 3}
    assert [rows_of(case) for case in cases] == before
    events = [entry.event for entry in list_entries(f"case:{cases[0].code}")]
    assert events[-2:] == ["case.migrated", "case.migration_undone"]
    assert list(find_broken_chains()) == []
    with pytest.raises(CannotUndoMigration, match="đã được hoàn tác"):
        undo_all(world, migration)


def test_the_trails_of_many_cases_verify_after_a_move_and_its_undo(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = old_version(world), publish(world, NEWER)
    multiply(world.receive().pk, 30)

    migration = start(world, old, new)
    moved = move_all(migration)
    call_command("trail", "verify")
    undone = undo_all(world, migration)
    call_command("trail", "verify")

    assert (moved, undone) == ({"MOVED": 30}, {"UNDONE": 30})
    told = capsys.readouterr().out.splitlines()
    lines = [int(line.split()[2]) for line in told if line.startswith("Nguyên vẹn")]
    assert lines[1] - lines[0] == 31


def test_a_case_that_went_on_is_not_taken_back_and_says_why(world: World) -> None:
    old, new = old_version(world), publish(world, NEWER)
    stays, goes = world.receive(), world.receive()
    migration = start(world, old, new)
    move_all(migration)
    step(world, goes, world.cuc, at(8, 10))

    with pytest.raises(CannotUndoMigration, match="đã đi tiếp"):
        actions.undo_case(
            officer=world.controller,
            migration_id=migration.pk,
            case_code=goes.code,
            reason="Nhầm",
            now=at(8, 11),
        )
    found = undo_all(world, migration)

    assert found == {"UNDONE": 1, "KEPT": 1}
    kept = MigratedCase.objects.get(case=goes)
    assert "bước “Kiểm tra, chuyển hồ sơ” xong lúc 10:00 08/03/2023" in kept.because
    assert Run.objects.get(pk=goes.run_id).version_id == new.pk
    assert Run.objects.get(pk=stays.run_id).version_id == old.pk


def test_one_case_is_taken_back_alone_and_whoever_took_its_task_keeps_it(world: World) -> None:
    old, new = old_version(world), publish(world, NEWER)
    case, other = world.receive(), world.receive()
    migration = start(world, old, new)
    move_all(migration)
    task = Task.objects.get(run_id=case.run_id, completed_at=None)
    actions.take_task(officer=world.cuc, task_id=task.pk, now=at(8, 10))

    actions.undo_case(
        officer=world.controller,
        migration_id=migration.pk,
        case_code=case.code,
        reason="Nhầm",
        now=at(8, 11),
    )

    task.refresh_from_db()
    assert task.assignee_id == world.cuc.id
    assert Run.objects.get(pk=case.run_id).version_id == old.pk
    assert Run.objects.get(pk=other.run_id).version_id == new.pk


def test_a_case_that_ended_meanwhile_is_left_and_told(world: World) -> None:
    old, new = old_version(world), publish(world, NEWER)
    case = world.receive()
    step(world, case, world.cuc, at(6, 10))
    step(world, case, world.binh, at(7))
    migration = start(world, old, new, now=at(8))
    step(world, case, world.dung, at(8, 10), "APPROVE")

    found = move_all(migration, now=at(8, 11))

    assert found == {"REFUSED": 1}
    assert "đã kết thúc lúc 10:00 08/03/2023" in MigratedCase.objects.get().because
    assert Run.objects.get(pk=case.run_id).version_id == old.pk


def test_holes_in_the_mapping_are_refused_until_each_is_answered(world: World) -> None:
    old, new = old_version(world), publish(world, SHORTER)
    case, fresh = world.receive(), world.receive()
    step(world, case, world.cuc, at(6, 10))
    step(world, case, world.binh, at(7))

    with pytest.raises(CannotMigrate, match="chưa chọn bước tương ứng: “Phê duyệt”"):
        start(world, old, new)
    with pytest.raises(CannotMigrate, match="không có bước được chọn"):
        actions.start_migration(
            officer=world.controller,
            from_id=old.pk,
            to_id=new.pk,
            chosen={"approve": "nowhere"},
            tried="",
            reason="Thử",
            now=at(8),
        )
    stays = start(world, old, new, {"approve": ""})
    assert move_all(stays) == {"MOVED": 1, "REFUSED": 1}
    assert "không có bước tương ứng" in MigratedCase.objects.get(case=case).because
    # Afterwards the one that stayed is moved to a step of another role.
    again = start(world, old, new, {"approve": "issue"})
    assert move_all(again) == {"MOVED": 1}
    task = Task.objects.get(run_id=case.run_id, completed_at=None)
    assert (task.node, task.role) == ("issue", "OFFICER")
    assert Run.objects.get(pk=fresh.run_id).version_id == new.pk


def test_versions_that_do_not_follow_or_are_not_in_force_are_refused(world: World) -> None:
    old = old_version(world)
    world.receive()
    retired = publish(world, NEWER, starts_on=date(2023, 3, 7))
    newest = publish(world, SHORTER, starts_on=date(2023, 3, 9))

    with pytest.raises(CannotMigrate, match="chỉ áp dụng từ 09/03/2023"):
        start(world, old, newest, {"approve": ""}, now=at(8))
    with pytest.raises(CannotMigrate, match="Phiên bản 2 đã hết áp dụng, nay áp dụng phiên bản 3"):
        start(world, old, retired, now=at(9))
    with pytest.raises(CannotMigrate, match="mới hơn của cùng quy trình"):
        start(world, newest, old, {"issue": ""}, now=at(9))
    with pytest.raises(CannotMigrate, match="lý do chuyển"):
        start(world, old, newest, {"approve": ""}, reason=" ", now=at(9))
    with pytest.raises(CannotMigrate, match="không có gì để chuyển"):
        start(world, retired, newest, {"sign": ""}, now=at(9))


def test_two_people_start_the_same_migration_and_the_second_is_told_who_did(world: World) -> None:
    old, new = old_version(world), publish(world, NEWER)
    world.receive()
    colleague = make_person(world.system, "kim", "Võ Thị Kim", world.office, "CONTROLLER")

    start(world, old, new)
    with pytest.raises(CannotMigrate, match="Huỳnh Thúy Vy đã bắt đầu chuyển .* 09:00 08/03/2023"):
        start(world, old, new, officer=colleague, now=at(8) + timedelta(minutes=1))
    jobs.migrate_waiting()
    jobs.migrate_waiting()

    migration = Migration.objects.get()
    assert migration.finished_at is not None
    assert migration_queries.count_states(migration)["MOVED"] == 1
