"""Moves running cases to a newer version of their chart, one action a case, and takes that back.

Who may starts it (for all cases at the owner of the workflow, elsewhere for those that one's own
agencies settle), after a dry run of the same mapping; a job then moves case after case, each in a
transaction of its own with its own result, so that it can be killed and begun anew. No due time and
no ledger is touched: the law counts the same whatever the chart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from motcua.audit import actions as audit
from motcua.cases import migration_queries, queries
from motcua.cases.actions.clock_records import renew_norm
from motcua.cases.models import MigratedCase, Migration
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.workflow import actions as workflow
from motcua.workflow import queries as workflow_queries

if TYPE_CHECKING:
    from motcua.workflow.models import Version


class CannotMigrate(Exception):
    """The versions do not follow each other, the mapping has holes, or nothing was tried or waits."""


class CannotUndoMigration(Exception):
    """Nothing was moved, the moving still goes on, or it was taken back before."""


@transaction.atomic(durable=True)
def start_migration(
    *,
    officer: people.Person,
    from_id: int,
    to_id: int,
    chosen: Mapping[str, str],
    tried: str,
    reason: str,
    now: datetime,
) -> Migration:
    """Let a job move the cases that run on a version to a newer one that is in force.

    All of them for the owner of the workflow; for another those that their agencies settle.
    `chosen` corrects the proposed mapping, `tried` names the mapping of the dry run that was looked
    at. Raises CannotMigrate or NotAllowed.
    """
    old, new = (workflow_queries.get_version_row(pk) for pk in (from_id, to_id))
    scope = require_migrator(officer, old, now=now)
    _require_newer(old, new, now=now)
    try:
        trial = migration_queries.try_migration(
            from_id=from_id, to_id=to_id, chosen=chosen, scope=scope
        )
    except LookupError as error:
        raise CannotMigrate(_wrong_place(error)) from error
    if trial.missing:
        net = workflow_queries.get_version(from_id).net
        names = ", ".join(f"“{net.by_id[match.old].label}”" for match in trial.missing)
        raise CannotMigrate(
            _(
                "Còn bước đang có hồ sơ mà chưa chọn bước tương ứng: %(steps)s. Hãy chọn một bước, hoặc chọn "
                "để hồ sơ ở lại phiên bản cũ."
            )
            % {"steps": names}
        )
    if tried != trial.digest:
        raise CannotMigrate(
            _(
                "Cách ghép bước này chưa được chạy thử. Hãy bấm Chạy thử, xem kết quả rồi mới chuyển."
            )
        )
    if not reason.strip():
        raise CannotMigrate(_("Hãy ghi lý do chuyển; lý do nằm trong dấu vết của từng hồ sơ."))
    if not trial.cases:
        raise CannotMigrate(
            _("Không còn hồ sơ nào đang chạy theo phiên bản %(number)d, nên không có gì để chuyển.")
            % {"number": old.number}
        )
    migration = _begin(old, new, trial, officer=officer, reason=reason.strip(), now=now)
    MigratedCase.objects.bulk_create(
        [MigratedCase(migration=migration, case_id=case.case_id) for case in trial.cases],
        batch_size=1000,
    )
    _tell(migration, "workflow.migration_started", officer_id=officer.id, now=now)
    _queue()
    return migration


def _begin(
    old: Version,
    new: Version,
    trial: migration_queries.Trial,
    *,
    officer: people.Person,
    reason: str,
    now: datetime,
) -> Migration:
    try:
        with transaction.atomic():
            return Migration.objects.create(
                from_version=old,
                to_version=new,
                mapping=trial.mapping,
                reason=reason,
                total=len(trial.cases),
                started_at=now,
                started_by_id=officer.id,
            )
    except IntegrityError:
        other = Migration.objects.select_related("started_by").get(
            from_version=old, finished_at=None
        )
        raise CannotMigrate(
            _(
                "%(who)s đã bắt đầu chuyển hồ sơ của phiên bản này lúc %(at)s và việc đó chưa xong. Hãy đợi "
                "vài phút cho xong rồi chuyển tiếp."
            )
            % {
                "who": other.started_by.full_name,
                "at": queries.moment_words(other.started_at),
            }
        ) from None


def require_migrator(officer: people.Person, version: Version, *, now: datetime) -> people.Scope:
    """Return whose cases of a version the officer may move; NotAllowed if nobody's."""
    scope = migration_queries.scope_of_migrator(officer, version.workflow, now=now)
    if not scope.everything and not migration_queries.has_cases_of(version.pk, scope):
        _refuse(officer, version, now=now)
    return scope


def require_migrator_of(officer: people.Person, migration: Migration, *, now: datetime) -> None:
    """Stop whoever may not move every case of a migration: NotAllowed."""
    workflow_of = migration.from_version.workflow
    scope = migration_queries.scope_of_migrator(officer, workflow_of, now=now)
    if not migration_queries.is_all_of(migration, scope):
        _refuse(officer, migration.from_version, now=now)


def _refuse(officer: people.Person, version: Version, *, now: datetime) -> None:
    owner = version.workflow.owner
    people_actions.require(
        officer,
        "workflow.migrate",
        now=now,
        agency_id=owner.pk if owner else 0,
        agency_path=owner.path if owner else "",
    )


def _require_newer(old: Version, new: Version, *, now: datetime) -> None:
    if old.workflow_id != new.workflow_id or new.number <= old.number:
        raise CannotMigrate(
            _("Chỉ chuyển hồ sơ sang phiên bản mới hơn của cùng quy trình. Hãy chọn lại phiên bản.")
        )
    in_force = workflow_queries.find_version_in_force(
        workflow_key=old.workflow.key, on=people.day_of(now)
    )
    newest = in_force.number if in_force is not None else 0
    if new.number > newest:
        raise CannotMigrate(
            _("Phiên bản %(number)d chỉ áp dụng từ %(day)s; hãy chuyển hồ sơ từ ngày đó.")
            % {"number": new.number, "day": f"{new.starts_on:%d/%m/%Y}"}
        )
    if new.number < newest:
        raise CannotMigrate(
            _(
                "Phiên bản %(number)d đã hết áp dụng, nay áp dụng phiên bản %(newest)d. Hãy mở lại trang và "
                "chuyển sang phiên bản đang áp dụng."
            )
            % {"number": new.number, "newest": newest}
        )


def _wrong_place(error: LookupError) -> str:
    return _(
        "Lưu đồ không có bước được chọn (%(what)s). Hãy mở lại trang và chọn trong danh sách."
    ) % {"what": error}


@transaction.atomic(durable=True)
def undo_migration(
    *, officer: people.Person, migration_id: int, reason: str, now: datetime
) -> Migration:
    """Let a job take a whole migration back, as far as its cases have not gone on.

    Raises CannotUndoMigration or NotAllowed.
    """
    migration = _lock(migration_id)
    require_migrator_of(officer, migration, now=now)
    if migration.finished_at is None:
        raise CannotUndoMigration(_("Việc chuyển hồ sơ chưa xong. Hãy đợi xong rồi hoàn tác."))
    if migration.undo_started_at is not None:
        raise CannotUndoMigration(
            _("Lần chuyển này đã được hoàn tác lúc %(at)s.")
            % {"at": queries.moment_words(migration.undo_started_at)}
        )
    if not reason.strip():
        raise CannotUndoMigration(_("Hãy ghi lý do hoàn tác."))
    if not migration.cases.filter(state=MigratedCase.State.MOVED).exists():
        raise CannotUndoMigration(_("Không có hồ sơ nào đã chuyển, nên không có gì để hoàn tác."))
    migration.undo_reason, migration.undo_started_at = reason.strip(), now
    migration.undo_started_by_id = officer.id
    migration.save(update_fields=["undo_reason", "undo_started_at", "undo_started_by"])
    _tell(migration, "workflow.migration_undone", officer_id=officer.id, now=now)
    _queue()
    return migration


@transaction.atomic(durable=True)
def undo_case(
    *, officer: people.Person, migration_id: int, case_code: str, reason: str, now: datetime
) -> MigratedCase:
    """Take the migration of one case back. Raises CannotUndoMigration or NotAllowed."""
    migration = migration_queries.find_migration(migration_id)
    if migration is None:
        raise CannotUndoMigration(_("Không có lần chuyển này."))
    require_migrator_of(officer, migration, now=now)
    if not reason.strip():
        raise CannotUndoMigration(_("Hãy ghi lý do hoàn tác."))
    row = migration.cases.select_related("case").filter(case__code=case_code).first()
    if row is None or row.state != MigratedCase.State.MOVED:
        raise CannotUndoMigration(
            _("Hồ sơ %(code)s không ở trạng thái đã chuyển, nên không có gì để hoàn tác.")
            % {"code": case_code}
        )
    try:
        _put_back(row, officer_id=officer.id, reason=reason.strip(), now=now)
    except workflow.CannotMoveRun as refusal:
        raise CannotUndoMigration(str(refusal)) from refusal
    return row


def migrate_next(*, migration_id: int, most: int, now: datetime) -> bool:
    """Move the next cases of a migration; return whether any are left. One action a case."""
    migration = migration_queries.find_migration(migration_id)
    if migration is None or migration.finished_at is not None:
        return False
    waiting = migration.cases.filter(state=MigratedCase.State.WAITING).order_by("pk")
    for row in waiting.select_related("case")[:most]:
        _one(_move, row, refused=MigratedCase.State.REFUSED, migration=migration, now=now)
    if waiting.exists():
        return True
    Migration.objects.filter(pk=migration_id, finished_at=None).update(finished_at=now)
    return False


def undo_next(*, migration_id: int, most: int, now: datetime) -> bool:
    """Take the next cases of a migration back; return whether any are left. One action a case."""
    migration = migration_queries.find_migration(migration_id)
    if (
        migration is None
        or migration.undo_started_by_id is None
        or migration.undo_finished_at is not None
    ):
        return False
    moved = migration.cases.filter(state=MigratedCase.State.MOVED).order_by("pk")
    for row in moved.select_related("case")[:most]:
        _one(_undo, row, refused=MigratedCase.State.KEPT, migration=migration, now=now)
    if moved.exists():
        return True
    Migration.objects.filter(pk=migration_id, undo_finished_at=None).update(undo_finished_at=now)
    return False


def _one(
    act: Callable[..., None],
    row: MigratedCase,
    *,
    refused: MigratedCase.State,
    migration: Migration,
    now: datetime,
) -> None:
    """Do one case in a transaction of its own; a refusal is its result, and stops no other."""
    try:
        with transaction.atomic(durable=True):
            act(row, migration, now=now)
    except workflow.CannotMoveRun as refusal:
        MigratedCase.objects.filter(pk=row.pk, state=row.state).update(
            state=refused, because=str(refusal)
        )


def _move(row: MigratedCase, migration: Migration, *, now: datetime) -> None:
    # The trail first, then the rows, as the hot path takes them.
    audit.hold(f"case:{row.case.code}")
    if not _is_still(row):
        return
    before, after, notes = workflow.move_run(
        run_id=row.case.run_id,
        from_version_id=migration.from_version_id,
        to_version_id=migration.to_version_id,
        mapping=migration.mapping,
        now=now,
    )
    renew_norm(row.case_id)
    row.state, row.because, row.moved_at = MigratedCase.State.MOVED, notes, now
    row.before, row.after = before, after
    row.save(update_fields=["state", "because", "moved_at", "before", "after"])
    _tell_case(
        row,
        "case.migrated",
        officer_id=migration.started_by_id,
        reason=migration.reason,
        standing=(before, after),
        now=now,
    )


def _undo(row: MigratedCase, migration: Migration, *, now: datetime) -> None:
    officer_id = migration.undo_started_by_id or migration.started_by_id
    _put_back(row, officer_id=officer_id, reason=migration.undo_reason, now=now)


def _put_back(row: MigratedCase, *, officer_id: int, reason: str, now: datetime) -> None:
    audit.hold(f"case:{row.case.code}")
    if not _is_still(row):
        return
    before, after = row.before or {}, row.after or {}
    workflow.put_run_back(
        run_id=row.case.run_id, before=before, after=after, officer_id=officer_id, now=now
    )
    renew_norm(row.case_id)
    row.state, row.undone_at = MigratedCase.State.UNDONE, now
    row.save(update_fields=["state", "undone_at"])
    _tell_case(
        row,
        "case.migration_undone",
        officer_id=officer_id,
        reason=reason,
        standing=(after, before),
        now=now,
    )


def _is_still(row: MigratedCase) -> bool:
    """Lock the row; say whether it is in the state it was read in: two jobs move a case once."""
    held = MigratedCase.objects.select_for_update(of=("self",)).filter(pk=row.pk, state=row.state)
    return held.exists()


def _tell_case(
    row: MigratedCase,
    event: str,
    *,
    officer_id: int,
    reason: str,
    standing: tuple[Mapping[str, Any], Mapping[str, Any]],
    now: datetime,
) -> None:
    was, became = standing
    numbers = {
        key: workflow_queries.get_version(told["version"]).number
        for key, told in (("from", was), ("to", became))
    }
    audit.record(
        event=event,
        subject=f"case:{row.case.code}",
        actor_id=officer_id,
        at=now,
        because=row.because,
        facts={
            "migration": row.migration_id,
            "reason": reason,
            **numbers,
            "before": dict(was),
            "after": dict(became),
        },
    )


def _tell(migration: Migration, event: str, *, officer_id: int, now: datetime) -> None:
    audit.record(
        event=event,
        subject=f"workflow:{migration.from_version.workflow.key}",
        actor_id=officer_id,
        at=now,
        because=migration.undo_reason or migration.reason,
        facts={
            "migration": migration.pk,
            "from": migration.from_version.number,
            "to": migration.to_version.number,
            "mapping": migration.mapping,
            "cases": migration.total,
        },
    )


def _lock(migration_id: int) -> Migration:
    found = (
        Migration.objects.select_for_update(of=("self",))
        .select_related("from_version__workflow__owner", "to_version")
        .filter(pk=migration_id)
        .first()
    )
    if found is None:
        raise CannotUndoMigration(_("Không có lần chuyển này."))
    return found


def _queue() -> None:
    # By its name: jobs stand above actions. It is queued in this transaction, or not at all.
    app.configure_task("motcua.cases.jobs.migrate_waiting", lock="migrate").defer()
