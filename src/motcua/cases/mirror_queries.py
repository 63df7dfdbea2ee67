"""What can be asked about case files of other systems: which concern an agency, and how they stand."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.cases.models import Case, HandBack, MirroredCase, MirroredStatus, SystemAccess
from motcua.cases.queries import moment_words
from motcua.engine.forwarded import WHOLE, MessageRefused
from motcua.lawbook import queries as lawbook
from motcua.people import actions as people_actions
from motcua.people import queries as people

NATIONAL_PORTAL = "DVCQG"
STATES = ("theirs", "ours", "all")
# Not accepted, withdrawn, settled, returned: there is nothing left to take over.
ENDED = frozenset({3, 7, 9, 10})
# The National Portal's code of each of our statuses, which are the same ten.
_CODES = {status: code for code, status in enumerate(Case.Status.values, start=1)}


class NoSuchMirroredCase(LookupError):
    """No case file of another system has this number."""


def list_mirrored(officer: people.Person, *, state: str, now: datetime) -> QuerySet[MirroredCase]:
    """Return the case files of other systems in the person's scope, the newest first."""
    found = _with_hand_back(in_scope(officer, now=now)).filter(_state(state))
    return found.select_related("agency", "case").order_by("-received_at", "-id")


def count_mirrored(officer: people.Person, *, now: datetime) -> dict[str, int]:
    """Return, for each state, how many rows list_mirrored gives. One query."""
    counts: dict[str, int] = _with_hand_back(in_scope(officer, now=now)).aggregate(
        **{f"n_{state}": Count("pk", filter=_state(state)) for state in STATES}
    )
    return {state: counts[f"n_{state}"] for state in STATES}


def get_in_scope(mirrored_id: int, officer: people.Person, *, now: datetime) -> MirroredCase:
    """Return a case file of another system; raise NoSuchMirroredCase or NotAllowed."""
    rows = MirroredCase.objects.select_related("agency", "case", "taken_over_by")
    found = _with_hand_back(rows).filter(pk=mirrored_id).first()
    if found is None:
        raise NoSuchMirroredCase(
            _("Không có hồ sơ chuyển đến nào mang số %(id)s. Hãy mở lại từ danh sách.")
            % {"id": mirrored_id}
        )
    people_actions.require(
        officer,
        "cases.see",
        now=now,
        agency_id=found.agency_id,
        agency_path=found.agency.path,
    )
    return found


def list_statuses(mirrored: MirroredCase) -> QuerySet[MirroredStatus]:
    """Return what was told of its status, by the clock of who told it."""
    return MirroredStatus.objects.filter(mirrored=mirrored).order_by("at", "status")


def list_hand_backs(mirrored: MirroredCase) -> QuerySet[HandBack]:
    """Return when it was handed back and taken again, with who and why, the newest first."""
    found = HandBack.objects.filter(mirrored=mirrored).select_related("handed_by", "taken_again_by")
    return found.order_by("-handed_at")


def is_handed_back(mirrored_id: int) -> bool:
    """Say whether a case file of another system was handed back to it and not taken again."""
    return HandBack.objects.filter(mirrored=mirrored_id, taken_again_at=None).exists()


def is_ours(mirrored: MirroredCase) -> bool:
    """Say whether we own the status now: a case of ours settles it and it is not handed back."""
    theirs = HandBack.objects.filter(mirrored=mirrored, taken_again_at=None)
    return mirrored.case_id is not None and not theirs.exists()


def was_ours(mirrored: MirroredCase, *, at: datetime) -> bool:
    """Say whether we owned the status at a moment, by which a message of that moment is judged."""
    if mirrored.taken_over_at is None or at < mirrored.taken_over_at:
        return False
    theirs = HandBack.objects.filter(mirrored=mirrored, handed_at__lte=at)
    return not theirs.filter(Q(taken_again_at=None) | Q(taken_again_at__gt=at)).exists()


def why_theirs(case_id: int) -> str:
    """Return why nothing may change the status of a case here, or nothing where we own it."""
    theirs = HandBack.objects.filter(case=case_id, taken_again_at=None)
    back = theirs.select_related("mirrored", "case").first()
    if back is None:
        return ""
    return _(
        "Trạng thái hồ sơ %(code)s do %(source)s giữ từ %(since)s, nên ở đây chưa làm được việc này. Hãy nhận "
        "lại quyền giữ trạng thái ở trang “Hồ sơ từ hệ thống khác” trước."
    ) % {
        "code": back.case.code,
        "source": name_source(back.mirrored.source),
        "since": moment_words(back.handed_at),
    }


def words_of_end(mirrored: MirroredCase) -> str:
    """Return the words for a case file that has ended over there."""
    return _(
        "Hệ thống kia báo hồ sơ đã “%(status)s” lúc %(at)s, nên không còn gì để tiếp tục ở đây."
    ) % {
        "status": name_status(mirrored.foreign_status),
        "at": moment_words(mirrored.foreign_status_at),
    }


def name_status(code: int) -> str:
    """Return a status of the National Portal in the language of the reader."""
    is_english = (get_language() or "vi").startswith("en")
    for status in lawbook.get_statuses():
        if status.code == code:
            return status.name_en if is_english else status.name_vi
    return str(code)


def code_of(case: Case) -> int:
    """Return the National Portal's code of a status of ours."""
    return _CODES[Case.Status(case.status)]


def words_of_refusal(refusal: MessageRefused) -> str:
    """Return the words for a message that cannot be read: which field, and what stood there."""
    if refusal.field == WHOLE:
        return _("Đây không phải là một tin JSON có “service” và “data”. Hãy kiểm tra nơi gửi.")
    return _("Trường %(field)s không đọc được: “%(told)s”. Hãy sửa rồi gửi lại.") % {
        "field": refusal.field,
        "told": refusal.told,
    }


def list_accesses() -> QuerySet[SystemAccess]:
    """Return which systems may send messages or could once, in the order in which it was given."""
    return SystemAccess.objects.select_related("agency").order_by("id")


def subject_of(source: str, code: str) -> str:
    """Return under which subject the trail tells of a case file of another system."""
    return f"mirrored:{source}:{code}"[:100]


def name_source(source: str) -> str:
    """Return a system in words."""
    if source == NATIONAL_PORTAL:
        return _("Cổng Dịch vụ công quốc gia")
    return _("Hệ thống %(code)s") % {"code": source}


def in_scope(officer: people.Person, *, now: datetime) -> QuerySet[MirroredCase]:
    """Return the case files of other systems in the person's scope."""
    scope = people.scope_of(officer, "cases.see", now=now)
    if scope.is_empty:
        return MirroredCase.objects.none()
    if scope.everything:
        return MirroredCase.objects.all()
    return MirroredCase.objects.filter(agency__in=people.agencies_in_scope(scope).values("pk"))


def _with_hand_back(rows: QuerySet[MirroredCase]) -> QuerySet[MirroredCase]:
    """Add `is_handed_back` to each row."""
    back = HandBack.objects.filter(case=OuterRef("case"), taken_again_at=None)
    return rows.annotate(is_handed_back=Exists(back))


def _state(state: str) -> Q:
    ours = Q(case__isnull=False, is_handed_back=False)
    return {"theirs": ~ours, "ours": ours}.get(state, Q())
