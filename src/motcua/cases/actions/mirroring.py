"""Mirrors case files that another system owns, and takes over those that are settled here."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.cases import mirror_queries as mirror
from motcua.cases.actions.handing_back import require_hand_back
from motcua.cases.actions.sending import queue_status
from motcua.cases.models import Case, MirroredCase, MirroredStatus
from motcua.cases.queries import moment_words
from motcua.engine.forwarded import ForwardedCase, StatusMessage, newest_status
from motcua.people import actions as people_actions
from motcua.people import queries as people

if TYPE_CHECKING:
    from motcua.people.models import Agency


class CannotMirrorCase(Exception):
    """What another system told of a case file cannot be kept."""


class StatusRefused(CannotMirrorCase):
    """We owned the status at the moment of which another system told; it is kept as refused."""


class CannotTakeOver(Exception):
    """The case file cannot become ours, or not with this case."""


def mirror_case(
    *, officer: people.Person, source: str, told: ForwardedCase, now: datetime
) -> MirroredCase:
    """Keep a case file of another system as it tells of it; only the system itself does this.

    The same message again changes nothing. A newer one moves the due time, and adds its status.
    Raises CannotMirrorCase (StatusRefused: it is kept, and nothing moves) or NotAllowed.
    """
    people_actions.require_system(officer)
    _require_past(told.status_at, now=now)
    agency = _agency(told.agency_code, now=now)
    with transaction.atomic(durable=True):
        audit.hold(mirror.subject_of(source, told.code))
        row, is_new = MirroredCase.objects.get_or_create(
            source=source,
            foreign_code=told.code,
            defaults={
                "procedure_code": told.procedure_code,
                "procedure_name": told.procedure_name,
                "agency": agency,
                "owner_name": told.owner_name,
                "received_at": told.received_at,
                "due_at": told.due_at,
                "foreign_status": told.status,
                "foreign_status_at": told.status_at,
                "registered_at": now,
            },
        )
        row = MirroredCase.objects.select_for_update().get(pk=row.pk)
        was_ours = mirror.was_ours(row, at=told.status_at)
        is_newer = told.status_at >= row.foreign_status_at and not was_ours
        if is_newer and not is_new and row.due_at != told.due_at:
            row.due_at = told.due_at
            row.save(update_fields=["due_at"])
            _tell(row, "mirrored.due_time_moved", officer, now=now)
        if is_new:
            _tell(row, "mirrored.registered", officer, now=now)
        came = StatusMessage(code=told.code, status=told.status, at=told.status_at, note="")
        _add_status(row, came, was_ours=was_ours, officer=officer, now=now)
    if was_ours:
        raise _refused(row, came)
    return row


def record_foreign_status(
    *, officer: people.Person, source: str, told: StatusMessage, now: datetime
) -> MirroredCase:
    """Keep a status that another system told; what stands is the newest by its owner's clock.

    However often and in whatever order messages come, the same is kept. Raises CannotMirrorCase for
    a case file of which nothing was told before, StatusRefused for a moment at which we owned the
    status (that it was told is kept), or NotAllowed.
    """
    people_actions.require_system(officer)
    _require_past(told.at, now=now)
    with transaction.atomic(durable=True):
        audit.hold(mirror.subject_of(source, told.code))
        rows = MirroredCase.objects.select_for_update()
        row = rows.filter(source=source, foreign_code=told.code).first()
        if row is None:
            raise CannotMirrorCase(
                _(
                    "Chưa nhận hồ sơ %(code)s từ %(source)s nên chưa ghi được trạng thái của nó. Hãy gửi bản ghi "
                    "hồ sơ (DongBoHoSoMC) trước, rồi gửi lại trạng thái."
                )
                % {"code": told.code, "source": mirror.name_source(source)}
            )
        was_ours = mirror.was_ours(row, at=told.at)
        _add_status(row, told, was_ours=was_ours, officer=officer, now=now)
    if was_ours:
        raise _refused(row, told)
    return row


@transaction.atomic(durable=True)
def take_over_case(
    *, officer: people.Person, mirrored_id: int, case_code: str, now: datetime
) -> MirroredCase:
    """Let a case received here own the status of a case file that another system sent on.

    From here on the status is ours; what the other system still tells of it is refused and kept.
    A second click changes nothing. Raises CannotTakeOver, NoSuchMirroredCase or NotAllowed.
    """
    found = mirror.get_in_scope(mirrored_id, officer, now=now)
    people_actions.require(officer, "cases.receive", now=now, agency_id=found.agency_id)
    audit.hold(mirror.subject_of(found.source, found.foreign_code))
    row = MirroredCase.objects.select_for_update().get(pk=mirrored_id)
    code = case_code.strip().upper().replace("\0", "")
    case = Case.objects.select_related("revision__procedure").filter(code=code).first()
    if row.case_id is not None:
        if case is not None and row.case_id == case.pk:
            return row
        raise CannotTakeOver(
            _("Hồ sơ này đã do mình giải quyết dưới mã %(code)s, nên không gắn với mã khác được.")
            % {"code": Case.objects.values_list("code", flat=True).get(pk=row.case_id)}
        )
    case = _require_fitting(row, case, code)
    row.case, row.taken_over_at, row.taken_over_by_id = case, now, officer.id
    row.save(update_fields=["case", "taken_over_at", "taken_over_by"])
    _tell(row, "mirrored.taken_over", officer, facts={"case": code}, now=now)
    queue_status(row, case, officer=officer, now=now)
    return row


def open_mirrored(
    *, officer: people.Person, mirrored_id: int, to_move: bool = False, now: datetime
) -> MirroredCase:
    """Open a case file of another system for reading, and note who did or was refused.

    `to_move` opens it for handing its status back or taking it again, to whoever may. Raises
    NoSuchMirroredCase or NotAllowed.
    """
    subject, was_allowed = reads_of_mirrored(mirrored_id), False
    try:
        row = mirror.get_in_scope(mirrored_id, officer, now=now)
        if to_move:
            require_hand_back(officer, row, now=now)
        was_allowed = True
    finally:
        audit.note_read(
            subject=subject,
            actor_id=officer.id,
            at=now,
            what="mirrored.opened",
            was_allowed=was_allowed,
        )
    return row


def reads_of_mirrored(mirrored_id: int) -> str:
    """Return by which name reads of a case file of another system are noted."""
    return f"mirrored:{mirrored_id}"


def _require_fitting(row: MirroredCase, case: Case | None, code: str) -> Case:
    """Return the case; stop unless the case is of the same procedure, at the same agency, and of nothing else."""
    if row.foreign_status in mirror.ENDED:
        raise CannotTakeOver(mirror.words_of_end(row))
    if case is None or case.receiving_agency_id != row.agency_id:
        raise CannotTakeOver(
            _(
                "Đơn vị này chưa tiếp nhận hồ sơ nào mang mã “%(code)s”. Hãy tiếp nhận hồ sơ trước, rồi ghi mã "
                "trên giấy tiếp nhận vào đây."
            )
            % {"code": code[:60]}
        )
    if case.revision.procedure.code != row.procedure_code:
        raise CannotTakeOver(
            _(
                "Hồ sơ %(code)s thuộc thủ tục %(own)s, còn hồ sơ chuyển đến thuộc thủ tục %(theirs)s. Hãy kiểm "
                "tra lại mã."
            )
            % {"code": code, "own": case.revision.procedure.code, "theirs": row.procedure_code}
        )
    if MirroredCase.objects.filter(case=case).exists():
        raise CannotTakeOver(
            _("Hồ sơ %(code)s đã gắn với một hồ sơ chuyển đến khác. Hãy kiểm tra lại mã.")
            % {"code": code}
        )
    return case


def _add_status(
    row: MirroredCase,
    told: StatusMessage,
    *,
    was_ours: bool,
    officer: people.Person,
    now: datetime,
) -> None:
    """Add what was told unless it is known, and let the newest of what its owner told stand."""
    _status, is_new = MirroredStatus.objects.get_or_create(
        mirrored=row,
        at=told.at,
        status=told.status,
        defaults={"note": told.note, "arrived_at": now, "was_refused": was_ours},
    )
    if not is_new:
        return
    stands = MirroredStatus.objects.filter(mirrored=row, was_refused=False)
    at, status = newest_status(stands.values_list("at", "status"))
    if (row.foreign_status_at, row.foreign_status) != (at, status):
        row.foreign_status_at, row.foreign_status = at, status
        row.save(update_fields=["foreign_status_at", "foreign_status"])
    _tell(
        row,
        "mirrored.status_refused" if was_ours else "mirrored.status_told",
        officer,
        facts={"status": told.status, "at": told.at.isoformat()},
        now=now,
    )


def _refused(row: MirroredCase, told: StatusMessage) -> StatusRefused:
    return StatusRefused(
        _(
            "Lúc %(at)s trạng thái hồ sơ %(code)s do hệ thống một cửa này giữ, nên tin “%(status)s” không được áp dụng; "
            "tin đã được ghi lại là bị từ chối. Muốn đổi trạng thái từ hệ thống kia, hãy đề nghị trao lại quyền giữ trước."
        )
        % {
            "at": moment_words(told.at),
            "code": told.code,
            "status": mirror.name_status(told.status),
        }
    )


def _require_past(at: datetime, *, now: datetime) -> None:
    if at > now:
        raise CannotMirrorCase(
            _("Thời điểm %(at)s còn ở phía trước. Hãy kiểm tra đồng hồ của hệ thống gửi.")
            % {"at": moment_words(at)}
        )


def _agency(code: str, *, now: datetime) -> Agency:
    agency = people.find_agency(code)
    if agency is None:
        raise CannotMirrorCase(
            _("Không có cơ quan nào mang mã “%(code)s”, nên không biết hồ sơ thuộc về ai.")
            % {"code": code}
        )
    if agency.ends_on is not None and agency.ends_on <= people.day_of(now) and agency.successor:
        return agency.successor
    return agency


def _tell(
    row: MirroredCase,
    event: str,
    officer: people.Person,
    *,
    facts: dict[str, object] | None = None,
    now: datetime,
) -> None:
    audit.record(
        event=event,
        subject=mirror.subject_of(row.source, row.foreign_code),
        actor_id=officer.id,
        at=now,
        facts=facts or {},
    )
