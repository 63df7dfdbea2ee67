"""Takes in messages of other systems: who may send them, what they say, and what was refused."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.cases.actions.mirroring import mirror_case, record_foreign_status
from motcua.cases.models import MirroredCase, SystemAccess
from motcua.engine.forwarded import ForwardedCase, StatusMessage, read_message
from motcua.people import actions as people_actions
from motcua.people import queries as people


class UnknownSystem(Exception):
    """No system that may send has this token."""


class CannotGiveAccess(Exception):
    """The agency is unknown, or the access has ended already."""


@transaction.atomic(durable=True)
def give_access(
    *, officer: people.Person, source: str, agency_code: str, now: datetime
) -> tuple[SystemAccess, str]:
    """Let a system tell of case files at an agency and below; return its token, told this once.

    Only the system itself does this, for whoever runs the machine. Raises CannotGiveAccess or
    NotAllowed.
    """
    people_actions.require_system(officer)
    agency = people.find_agency(agency_code)
    if agency is None:
        raise CannotGiveAccess(
            _("Không có cơ quan nào mang mã “%(code)s”. Hãy kiểm tra lại mã.")
            % {"code": agency_code}
        )
    token = secrets.token_urlsafe(32)
    access = SystemAccess.objects.create(
        source=source, agency=agency, token_hash=_hash(token), given_at=now
    )
    _tell(access, "system.access_given", officer=officer, now=now)
    return access, token


@transaction.atomic(durable=True)
def end_access(*, officer: people.Person, access_id: int, now: datetime) -> SystemAccess:
    """Let a token open nothing any more; raise CannotGiveAccess or NotAllowed."""
    people_actions.require_system(officer)
    access = SystemAccess.objects.select_for_update().filter(pk=access_id).first()
    if access is None or access.ended_at is not None:
        raise CannotGiveAccess(
            _("Không có quyền kết nối nào đang mở mang số %(id)s.") % {"id": access_id}
        )
    access.ended_at = now
    access.save(update_fields=["ended_at"])
    _tell(access, "system.access_ended", officer=officer, now=now)
    return access


def find_access(token: str) -> SystemAccess:
    """Return what a token opens; raise UnknownSystem.

    Looked for by its hash: how long that takes tells nothing of a token, only of a hash that nobody can choose.
    """
    found = SystemAccess.objects.select_related("agency")
    access = found.filter(token_hash=_hash(token), ended_at=None).first()
    if access is None:
        raise UnknownSystem(
            _("Thiếu mã kết nối, hoặc mã không còn dùng được. Hãy liên hệ quản trị viên của tỉnh.")
        )
    return access


def take_in(*, officer: people.Person, source: str, message: object, now: datetime) -> MirroredCase:
    """Keep what a message of a system says, as `motcua mirror` and the address for systems get it.

    Raises MessageRefused, CannotMirrorCase (StatusRefused: kept as refused) or NotAllowed.
    """
    told = read_message(message)
    if isinstance(told, ForwardedCase):
        return mirror_case(officer=officer, source=source, told=told, now=now)
    return record_foreign_status(officer=officer, source=source, told=told, now=now)


def take_in_from(
    *, officer: people.Person, access: SystemAccess, message: object, now: datetime
) -> MirroredCase:
    """Keep what a system says of a case file at an agency for which it may speak.

    Raises what take_in raises; NotAllowed also for another agency.
    """
    _require_agency(access, read_message(message))
    return take_in(officer=officer, source=access.source, message=message, now=now)


def note_message(
    *, officer: people.Person, access: SystemAccess, was_taken: bool, note: str, now: datetime
) -> None:
    """Note that a system sent a message, and whether it was taken."""
    audit.note_read(
        subject=_subject(access),
        actor_id=officer.id,
        at=now,
        what="system.message",
        was_allowed=was_taken,
        note=f"{access.pk}: {note}",
    )


def note_unknown(*, officer: people.Person, token: str, now: datetime) -> None:
    """Note that a message came without a token, with one that was never given, or with one that was ended."""
    ended = SystemAccess.objects.filter(token_hash=_hash(token)).first()
    note = f"{ended.pk}: 401" if ended else "401"
    audit.note_read(
        subject=_subject(ended) if ended else "system:",
        actor_id=officer.id,
        at=now,
        what="system.unknown",
        was_allowed=False,
        note=note,
    )


def _require_agency(access: SystemAccess, told: ForwardedCase | StatusMessage) -> None:
    """Raise NotAllowed for a case file at an agency for which the system may not speak."""
    paths = list(
        MirroredCase.objects.filter(source=access.source, foreign_code=told.code).values_list(
            "agency__path", flat=True
        )
    )
    if isinstance(told, ForwardedCase) and (agency := people.find_agency(told.agency_code)):
        paths.append(agency.path)
    if not all(path.startswith(access.agency.path) for path in paths):
        raise people_actions.NotAllowed(
            _("Mã kết nối này chỉ dùng cho hồ sơ của %(agency)s và các đơn vị bên dưới.")
            % {"agency": access.agency.name}
        )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _subject(access: SystemAccess) -> str:
    return f"system:{access.source}"


def _tell(access: SystemAccess, event: str, *, officer: people.Person, now: datetime) -> None:
    facts: dict[str, Any] = {"access": access.pk, "agency": access.agency.code}
    audit.record(event=event, subject=_subject(access), actor_id=officer.id, at=now, facts=facts)
