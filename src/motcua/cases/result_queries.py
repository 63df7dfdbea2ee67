"""What can be asked of results: those of a case, what may be done to them, and where one is found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from motcua.cases import queries
from motcua.cases.models import Case, Direction, Party, PostalItem, Result
from motcua.cases.recounting import calendar_of
from motcua.engine import vietnamese
from motcua.engine.moments import local
from motcua.engine.undoing import last_day_to_undo
from motcua.lawbook import queries as lawbook
from motcua.people import queries as people
from motcua.workflow import queries as workflow

STATES = ("all", "waiting", "handed-over", "archived", "revoked")
_GIVEN_UP = {Case.Status.REFUSED, Case.Status.WITHDRAWN, Case.Status.STOPPED}


class NoSuchResult(LookupError):
    """No result of the case has this number."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ResultsOfCase:
    """The results of a case, latest first, and which acts the reader may do now."""

    results: tuple[Result, ...]
    # The case cannot be handed over without one, and has none with a number yet.
    is_wanted: bool
    may_draft: bool
    may_sign: bool
    may_number: bool
    may_hand_over: bool
    may_archive: bool
    may_revoke: bool
    may_take_back_signature: bool
    may_take_back_archiving: bool
    may_take_back_return: bool


def _with_people(results: QuerySet[Result]) -> QuerySet[Result]:
    return results.select_related(
        "file",
        "drafted_by",
        "signed_by",
        "signed_at_agency",
        "numbered_by",
        "handed_over_by",
        "archived_by",
        "revoked_by",
    )


def list_results(case: Case) -> tuple[Result, ...]:
    """Return the results of a case, latest first."""
    return tuple(_with_people(Result.objects.filter(case=case)).order_by("-id"))


def get_result(*, case_code: str, result_id: int) -> Result:
    """Return a result of a case; raise NoSuchResult."""
    found = _with_people(Result.objects.filter(case__code=case_code, pk=result_id)).first()
    if found is None:
        raise NoSuchResult(_("Hồ sơ %(code)s không có kết quả này.") % {"code": case_code})
    return found


def find_valid_of(case_code: str) -> Result | None:
    """Return the one result of a case, by its code, that is not revoked."""
    return Result.objects.filter(case__code=case_code, revoked_at=None).first()


def find_valid(case: Case) -> Result | None:
    """Return the one result of a case that is not revoked."""
    return Result.objects.filter(case=case, revoked_at=None).first()


def why_not_ready(case: Case) -> str:
    """Return in words why the case's result cannot be handed over; empty when it can.

    A case without any recorded result has a paper one, which its counter hands over as ever, unless
    the revision of its procedure wants one recorded.
    """
    latest = Result.objects.filter(case=case).select_related("revoked_by").order_by("-id").first()
    if latest is None:
        return _why_none_is_not_enough(case)
    if latest.stage in {latest.Stage.NUMBERED, latest.Stage.HANDED_OVER}:
        return ""
    known = {"code": case.code}
    if latest.revoked_at is not None and latest.revoked_by is not None:
        return _(
            "Kết quả hồ sơ %(code)s đã bị %(who)s thu hồi lúc %(at)s, nên không trả được. Hãy đợi kết quả "
            "thay thế."
        ) % {
            **known,
            "who": latest.revoked_by.full_name,
            "at": queries.moment_words(latest.revoked_at),
        }
    if latest.stage == latest.Stage.DRAFT:
        return (
            _(
                "Kết quả hồ sơ %(code)s mới là dự thảo, chưa được ký, nên chưa trả được. Hãy đợi người có "
                "thẩm quyền ký và cấp số."
            )
            % known
        )
    return (
        _(
            "Kết quả hồ sơ %(code)s đã ký nhưng chưa có số và ngày văn bản, nên chưa trả được. Hãy đợi cơ "
            "quan giải quyết cấp số."
        )
        % known
    )


def must_be_recorded(case: Case) -> bool:
    """Say whether the case's procedure wants its result signed and numbered here before it goes out."""
    revision = case.revision
    return revision.recorded_result != revision.RecordedResult.NONE


def _why_none_is_not_enough(case: Case) -> str:
    if not must_be_recorded(case):
        return ""
    return _(
        "Thủ tục của hồ sơ %(code)s phải trả %(kind)s đã ký và cấp số, mà chưa có kết quả nào được ghi. Hãy "
        "báo cơ quan giải quyết đưa lên, ký và cấp số ở trang kết quả của hồ sơ."
    ) % {"code": case.code, "kind": case.revision.get_recorded_result_display()}


def why_return_stands(case: Case, *, now: datetime) -> str:
    """Return in words why a recorded hand-over cannot be taken back; empty when it can."""
    known = {"code": case.code}
    if case.status != Case.Status.RETURNED or case.returned_at is None:
        return _("Hồ sơ %(code)s chưa ghi trả kết quả, nên không có gì để rút lại.") % known
    days = lawbook.get_undo_rules(local(case.returned_at).date()).hand_over.value
    last = last_day_to_undo(done_at=case.returned_at, days=days, calendar=calendar_of(case))
    if local(now).date() > last:
        return _(
            "Kết quả hồ sơ %(code)s đã ghi trả lúc %(at)s; việc trả chỉ rút lại được đến hết ngày %(last)s, "
            "vì sau đó số liệu đã báo cáo."
        ) % {**known, "at": queries.moment_words(case.returned_at), "last": f"{last:%d/%m/%Y}"}
    if PostalItem.objects.filter(
        case=case, direction=Direction.LEAVING, delivered_at__isnull=False, recalled_at=None
    ).exists():
        return (
            _(
                "Bưu chính đã phát kết quả hồ sơ %(code)s theo giấy báo phát, nên không rút lại được."
            )
            % known
        )
    results = Result.objects.filter(case=case, handed_over_at__isnull=False)
    if results.filter(Q(archived_at__isnull=False) | Q(revoked_at__isnull=False)).exists():
        return (
            _(
                "Kết quả hồ sơ %(code)s đã được lưu trữ hoặc thu hồi sau khi trả, nên việc trả không rút lại "
                "được nữa."
            )
            % known
        )
    return ""


def show_results(case: Case, officer: people.Person, *, now: datetime) -> ResultsOfCase:
    """Return the results of a case and what the reader may do to the valid one."""
    results = list_results(case)
    valid = next((one for one in results if one.revoked_at is None), None)
    stage = valid.stage if valid else None
    stages = Result.Stage

    def may(function: str, agency_id: int) -> bool:
        scope = people.scope_of(officer, function, now=now)
        return scope.covers(agency_id=agency_id, agency_path="")

    settling = case.settling_agency_id
    is_given_up = case.status in _GIVEN_UP
    has_number = valid is not None and valid.numbered_at is not None
    return ResultsOfCase(
        results=results,
        is_wanted=not has_number and not is_given_up and must_be_recorded(case),
        may_draft=stage in {None, stages.DRAFT}
        and not is_given_up
        and may("results.draft", settling),
        may_sign=stage == stages.DRAFT
        and not is_given_up
        and find_signing_agency(case, officer, now=now) is not None,
        may_number=stage == stages.SIGNED
        and case.status in {Case.Status.DONE, Case.Status.RETURNED}
        and may("results.number", settling),
        may_hand_over=stage == stages.NUMBERED
        and case.status == Case.Status.RETURNED
        and may("cases.return", case.receiving_agency_id),
        may_archive=stage == stages.HANDED_OVER and may("results.archive", settling),
        may_revoke=stage in set(stages) - {stages.DRAFT, stages.REVOKED}
        and may("results.revoke", settling),
        may_take_back_signature=valid is not None
        and stage == stages.SIGNED
        and valid.signed_by_id == officer.id
        and find_signing_agency(case, officer, now=now) is not None,
        may_take_back_archiving=stage == stages.ARCHIVED and may("results.archive", settling),
        may_take_back_return=case.status == Case.Status.RETURNED
        and may("cases.return", case.receiving_agency_id)
        and not why_return_stands(case, now=now),
    )


def find_signing_agency(case: Case, officer: people.Person, *, now: datetime) -> int | None:
    """Return the agency for which a person may sign the case's result; None when for none.

    A leader signs at the agency that settles the case, or at one whose leader has a step in it.
    """
    scope = people.scope_of(officer, "results.sign", now=now)
    if scope.covers(agency_id=case.settling_agency_id, agency_path=""):
        return case.settling_agency_id
    led = workflow.list_tasks(case.run_id).filter(role="LEADER", agency_id__in=scope.agency_ids)
    return led.values_list("agency_id", flat=True).first()


def search_results(
    *, officer: people.Person, text: str, state: str, now: datetime
) -> QuerySet[Result]:
    """Find results of cases in the person's scope by code, document number or holder; latest first.

    Revoked ones are found like the others (NĐ 45/2020 Đ15).
    """
    owners = Party.objects.filter(role=Party.Role.OWNER)
    return (
        _found(officer, text, now=now)
        .filter(_state(state))
        .select_related(
            "case__revision__procedure", "case__settling_agency", "signed_by", "revoked_by"
        )
        .prefetch_related(Prefetch("case__parties", queryset=owners, to_attr="owners"))
        .order_by("-drafted_at", "-id")
    )


def count_results(*, officer: people.Person, text: str, now: datetime) -> dict[str, int]:
    """Return, for each state, how many rows search_results gives. One query."""
    counts: dict[str, int] = _found(officer, text, now=now).aggregate(
        **{state.replace("-", "_"): Count("pk", filter=_state(state)) for state in STATES}
    )
    return {state: counts[state.replace("-", "_")] for state in STATES}


def _found(officer: people.Person, text: str, *, now: datetime) -> QuerySet[Result]:
    found = Result.objects.filter(case__in=queries.cases_in_scope(officer, now=now))
    typed, words = text.strip(), vietnamese.fold(text)
    if not words:
        return found
    holders = Party.objects.filter(
        Q(search_name__contains=words) | Q(identity_number=typed), role=Party.Role.OWNER
    )
    return found.filter(
        Q(code__icontains=typed)
        | Q(case__code__icontains=typed)
        | Q(document_number__icontains=typed)
        | Q(case__in=holders.values("case_id"))
    )


def _state(state: str) -> Q:
    valid = Q(revoked_at=None)
    return {
        "waiting": valid & Q(handed_over_at=None),
        "handed-over": valid & Q(handed_over_at__isnull=False, archived_at=None),
        "archived": valid & Q(archived_at__isnull=False),
        "revoked": Q(revoked_at__isnull=False),
    }.get(state, ~Q(pk=None))
