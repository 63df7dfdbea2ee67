"""Everything that can be asked about cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.audit import queries as audit
from motcua.cases import lateness_queries, recounting
from motcua.cases.clock_queries import ClockOfCase, get_clock
from motcua.cases.models import (
    Case,
    Document,
    HandBack,
    HandedCase,
    LedgerEntry,
    Party,
    ReceivedComponent,
    Result,
)
from motcua.engine import vietnamese
from motcua.messages import queries as messages
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.workflow import actions as workflow
from motcua.workflow import queries as workflow_queries


class NoSuchCase(LookupError):
    """No case has this code."""


class NoSuchTask(LookupError):
    """No task has this id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StepResult:
    """What completing a step led to, for the person who did it."""

    case_code: str
    step_name: str
    next_steps: tuple[str, ...]
    next_task_ids: tuple[int, ...]
    is_finished: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class StepOfCase:
    """A task with its case and the end of the case's trail."""

    case_id: int
    case_code: str
    status: str
    trail_number: int
    trail_hash: bytes
    step: workflow.OpenStep
    # Another system owns the status of the case again.
    is_theirs: bool = False


# All that completing a step depends on, in one row. Whoever writes without the lock makes the write
# depend on the trail's end being the one read here: every change of a case adds to its trail.
_STEP = """
SELECT c.id, c.code, h.number, h.hash, r.id, r.version_id, r.waiting, r.open_nodes,
       r.receiving_agency_id, r.settling_agency_id, t.id, t.node, t.name, t.agency_id, t.role,
       t.opened_at, t.completed_at, t.completed_by_id, c.status, t.kind, t.due_at, r.facts,
       t.assignee_id,
       EXISTS (SELECT FROM cases_handback b WHERE b.case_id = c.id AND b.taken_again_at IS NULL)
FROM workflow_task t
JOIN workflow_run r ON r.id = t.run_id
JOIN cases_case c ON c.run_id = r.id
JOIN audit_head h ON h.subject = 'case:' || c.code
WHERE t.id = %(task)s
"""

# What receiving needs of the catalogue and the flow charts, and which number of the day comes next.
# Nobody waits here: the number is taken where the case is written.
_START_CASE = """
SELECT 1 + COALESCE((SELECT last_number FROM cases_codecounter
                     WHERE agency_id = %(agency)s AND day = %(day)s), 0),
       (SELECT code FROM people_agencyalias WHERE agency_id = %(agency)s AND scheme = 'QCVN102'),
       r.id,
       (SELECT v.id FROM workflow_version v JOIN workflow_workflow w ON w.id = v.workflow_id
        WHERE w.key = r.workflow_key AND v.starts_on <= %(day)s
        ORDER BY v.starts_on DESC, v.number DESC LIMIT 1),
       EXISTS (SELECT FROM cases_suspension s WHERE s.ends_at IS NULL OR s.ends_at > %(now)s),
       (SELECT id FROM cases_case WHERE submission_key = %(key)s),
       (SELECT h.given_at FROM cases_shifthandover h
        WHERE h.agency_id = %(agency)s AND h.clerk_id = %(clerk)s AND h.day = %(day)s
          AND h.declined_at IS NULL AND h.resumed_at IS NULL AND h.given_at <= %(now)s),
       (SELECT ends_on FROM people_agency WHERE id = %(agency)s),
       r.agency_id,
       (SELECT ends_on FROM people_agency WHERE id = r.agency_id)
FROM procedures_procedure p
JOIN procedures_revision r ON r.procedure_id = p.id
WHERE p.code = %(code)s AND r.starts_on <= %(day)s AND (r.ends_on IS NULL OR r.ends_on > %(day)s)
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class StartingPoint:
    """What a new case starts from: its number, the agency's older code, revision and version.

    `some_unit_is_suspended` says that a suspension by force majeure goes on somewhere; `made_id` is
    the case that the same submission has made before, if any; `shift_ended_at` is when the clerk
    handed their shift over. The last days of the counter and of who settles are exclusive.
    """

    number: int
    old_agency_code: str
    revision_id: int
    version_id: int | None
    some_unit_is_suspended: bool
    made_id: int | None
    shift_ended_at: datetime | None
    counter_ends_on: date | None
    settling_agency_id: int | None
    settling_ends_on: date | None


def read_starting_point(
    *, agency_id: int, clerk_id: int, procedure_code: str, submission_key: UUID, now: datetime
) -> StartingPoint | None:
    """Read what a new case starts from; None when the procedure is not in force.

    The number is the agency's next of the day as long as nobody else takes it.
    """
    row = audit.fetch_one(
        _START_CASE,
        {
            "agency": agency_id,
            "clerk": clerk_id,
            "day": people.day_of(now),
            "code": procedure_code,
            "now": now,
            "key": submission_key,
        },
    )
    if not row:
        return None
    return StartingPoint(
        number=row[0],
        old_agency_code=row[1] or "",
        revision_id=row[2],
        version_id=row[3],
        some_unit_is_suspended=row[4],
        made_id=row[5],
        shift_ended_at=row[6],
        counter_ends_on=row[7],
        settling_agency_id=row[8],
        settling_ends_on=row[9],
    )


def read_step(task_id: int) -> StepOfCase:
    """Read a task with its run, its case and the end of its trail; raise NoSuchTask when none."""
    row = audit.fetch_one(_STEP, {"task": task_id})
    if not row:
        raise NoSuchTask(_("Không có bước nào mang số %(id)s.") % {"id": task_id})
    return StepOfCase(
        case_id=row[0],
        case_code=row[1],
        status=row[18],
        trail_number=row[2],
        trail_hash=bytes(row[3]),
        step=workflow.OpenStep(
            run_id=row[4],
            version_id=row[5],
            waiting=tuple(row[6]),
            open_nodes=tuple(row[7]),
            receiving_agency_id=row[8],
            settling_agency_id=row[9],
            task_id=row[10],
            node=row[11],
            name=row[12],
            agency_id=row[13],
            role=row[14],
            opened_at=row[15],
            completed_at=row[16],
            completed_by_id=row[17],
            kind=row[19],
            due_at=row[20],
            facts=row[21],
            assignee_id=row[22],
        ),
        is_theirs=row[23],
    )


def list_due_timers(now: datetime) -> list[int]:
    """Return the timers to go off now; those of a case that stands still or is not ours wait with it."""
    due = workflow_queries.list_due_timers(now)
    if not due:
        return []
    theirs = HandBack.objects.filter(case=OuterRef("pk"), taken_again_at=None)
    held = Case.objects.annotate(is_theirs=Exists(theirs)).filter(
        Q(clock_stopped_at__isnull=False) | Q(is_theirs=True), run__tasks__in=due
    )
    standing = {
        pk
        for pk, law_date, is_theirs in held.values_list("run__tasks__id", "law_date", "is_theirs")
        if is_theirs or recounting.step_timers_stand(law_date)
    }
    return [pk for pk in due if pk not in standing]


def cases_in_scope(officer: people.Person, *, now: datetime) -> QuerySet[Case]:
    """Return the cases that a person may see: received, settled or worked on in their scope."""
    scope = people.scope_of(officer, "cases.see", now=now)
    if scope.everything:
        return Case.objects.all()
    agencies = people.agencies_in_scope(scope).values("pk")
    if scope.is_empty:
        return Case.objects.none()
    return Case.objects.filter(
        Q(receiving_agency__in=agencies)
        | Q(settling_agency__in=agencies)
        | Q(run__in=workflow_queries.runs_at(agencies))
    )


def get_case_in_scope(*, case_code: str, officer: people.Person, now: datetime) -> Case:
    """Return a case that the person may see; raise NoSuchCase or NotAllowed."""
    # PostgreSQL refuses a text with the sign NUL, which an address can hold.
    code = case_code.replace("\0", "")
    case = cases_in_scope(officer, now=now).filter(code=code).first()
    if case is not None:
        return case
    if not Case.objects.filter(code=code).exists():
        raise NoSuchCase(no_such_case(case_code))
    people_actions.require(officer, "cases.see", now=now)
    if handed := _find_handed(code, officer, now=now):
        dissolution = handed.dissolution
        raise people_actions.NotAllowed(
            _(
                "Hồ sơ %(code)s đã chuyển sang %(heir)s lúc %(at)s, vì %(agency)s giải thể theo %(decision)s, nên "
                "anh/chị không xem được nữa. Việc anh/chị đã làm vẫn còn trong hồ sơ. Nếu cần phối hợp, hãy liên hệ "
                "%(heir)s."
            )
            % {
                "code": case_code,
                "heir": dissolution.heir,
                "at": moment_words(handed.moved_at),
                "agency": dissolution.agency,
                "decision": dissolution.decision_number,
            }
        )
    raise people_actions.NotAllowed(
        _(
            "Hồ sơ %(code)s do cơ quan khác tiếp nhận và giải quyết, nên anh/chị không xem được. Lần mở này đã "
            "được ghi vào nhật ký. Nếu cần phối hợp, hãy liên hệ cơ quan đang giải quyết."
        )
        % {"code": case_code}
    )


def _find_handed(code: str, officer: people.Person, *, now: datetime) -> HandedCase | None:
    """Return how a case left the agency of a person's post, where that agency was dissolved."""
    agencies = {post.agency_id for post in officer.working_posts_on(people.day_of(now))}
    return (
        HandedCase.objects.filter(
            case__code=code, dissolution__agency__in=agencies, dissolution__undone_at=None
        )
        .select_related("dissolution__agency", "dissolution__heir")
        .order_by("-moved_at")
        .first()
    )


def no_such_case(case_code: str) -> str:
    """Return the words for a code that no case has."""
    return _("Không có hồ sơ mang mã %(code)s. Hãy kiểm tra lại mã trên giấy tiếp nhận.") % {
        "code": case_code
    }


def moment_words(at: datetime) -> str:
    """Return a moment as refusals tell it: 09:32 27/10/2023, in Viet Nam."""
    return f"{timezone.localtime(at):%H:%M %d/%m/%Y}"


def works_on(case: Case, officer: people.Person, *, now: datetime) -> bool:
    """Say whether a person's posts make them part of the case: received, settled or a step done."""
    today = people.day_of(now)
    agencies = frozenset().union(*(post.agency_ids for post in officer.working_posts_on(today)))
    if agencies & {case.receiving_agency_id, case.settling_agency_id}:
        return True
    return workflow_queries.list_tasks(case.run_id).filter(agency_id__in=agencies).exists()


def list_lacking_papers(case_id: int, titles: Iterable[str]) -> tuple[str, ...]:
    """Return which titles no document of a case has; marks, case and spaces do not matter."""
    found = Document.objects.filter(case_id=case_id).values_list("title", flat=True)
    there = {vietnamese.fold(title) for title in found}
    return tuple(title for title in titles if vietnamese.fold(title) not in there)


def has_component(case: Case, component_id: int) -> bool:
    """Say whether a component belongs to the case's variant."""
    return Case.objects.filter(pk=case.pk, variant__components__pk=component_id).exists()


def search_cases(
    *, officer: people.Person, text: str, status: str = "", now: datetime
) -> QuerySet[Case]:
    """Find cases in the person's scope by code, or by the name of a party with or without marks."""
    found = holding(cases_in_scope(officer, now=now), text)
    if status:
        found = found.filter(status=status)
    return with_names(found).order_by("-received_at", "-id")


def count_by_status(
    *, officer: people.Person, text: str, now: datetime
) -> list[tuple[str, str, int]]:
    """Return each status that a search finds, its name, and how many cases are in it."""
    found = holding(cases_in_scope(officer, now=now), text).order_by().values_list("status")
    counts = dict(found.annotate(Count("pk")))
    return [(key, str(name), counts[key]) for key, name in Case.Status.choices if key in counts]


def holding(cases: QuerySet[Case], text: str) -> QuerySet[Case]:
    """Narrow cases to those whose code or parties hold a text; an empty text narrows nothing."""
    words = vietnamese.fold(text)
    if not words:
        return cases
    by_name = Party.objects.filter(search_name__contains=words).values("case_id")
    return cases.filter(Q(code__icontains=text.strip()) | Q(pk__in=by_name))


def with_names(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Return cases with what lists show of them, in a fixed number of queries."""
    owners = Party.objects.filter(role=Party.Role.OWNER)
    return cases.select_related(
        "revision__procedure", "field", "receiving_agency", "settling_agency"
    ).prefetch_related(Prefetch("parties", queryset=owners, to_attr="owners"))


@dataclass(frozen=True, kw_only=True, slots=True)
class CasePage:
    """A case with everything its page shows. Rows are read once, in a fixed number of queries."""

    case: Case
    parties: tuple[Party, ...]
    papers: tuple[ReceivedComponent, ...]
    ledger: tuple[LedgerEntry, ...]
    documents: tuple[Document, ...]
    results: tuple[Result, ...]
    tasks: tuple[Any, ...]
    trail: tuple[Any, ...]
    trail_break: audit.BrokenChain | None
    version_number: int
    my_task_ids: frozenset[int]
    can_return: bool
    is_unit_of_mine: bool
    # Who lost the time; None while the case is not late.
    lost_time: lateness_queries.LostTime | None
    clock: ClockOfCase
    told: tuple[Any, ...]

    @property
    def code(self) -> str:
        """The code of the case."""
        return self.case.code


def get_case_page(*, case_code: str, officer: people.Person, now: datetime) -> CasePage:
    """Return what the page of a case shows; raise NoSuchCase or NotAllowed."""
    found = get_case_in_scope(case_code=case_code, officer=officer, now=now)
    cases = Case.objects.select_related(
        "revision__procedure",
        "variant",
        "field",
        "receiving_agency",
        "settling_agency",
        "received_by",
        "run",
    )
    case = cases.prefetch_related("revision__channels", "variant__components").get(pk=found.pk)
    tasks = tuple(workflow_queries.list_tasks(case.run_id))
    lines = LedgerEntry.objects.filter(case=case, generation=case.ledger_generation)
    ledger = tuple(lines.order_by("number"))
    is_late = lateness_queries.is_late(case, now=now)
    trail = tuple(audit.list_entries(f"case:{case.code}"))
    today = people.day_of(now)
    posts = officer.posts_on(today)
    mine = {(post.agency_id, post.role) for post in officer.working_posts_on(today)}
    return CasePage(
        case=case,
        parties=tuple(Party.objects.filter(case=case).order_by("id")),
        papers=tuple(
            ReceivedComponent.objects.filter(case=case)
            .select_related("component")
            .order_by("component__number")
        ),
        ledger=ledger,
        documents=tuple(
            Document.objects.filter(case=case)
            .select_related("file", "added_by", "component")
            .order_by("added_at", "id")
        ),
        results=tuple(Result.objects.filter(case=case).order_by("-id")),
        tasks=tasks,
        trail=trail,
        trail_break=audit.find_break(f"case:{case.code}", trail),
        version_number=workflow_queries.get_version(case.run.version_id).number,
        my_task_ids=frozenset(
            task.pk
            for task in tasks
            if task.completed_at is None and (task.agency_id, task.role) in mine
        ),
        can_return=case.status == Case.Status.DONE
        and people.scope_of(officer, "cases.return", now=now).covers(
            agency_id=case.receiving_agency_id, agency_path=""
        ),
        is_unit_of_mine=any(case.receiving_agency_id in post.agency_ids for post in posts),
        lost_time=lateness_queries.share_of(case, ledger=ledger, tasks=tasks, now=now)
        if is_late
        else None,
        clock=get_clock(case, officer, now=now),
        told=tuple(messages.list_citizen_messages(f"case:{case.code}")),
    )


def get_document(*, case_code: str, document_id: int) -> Document:
    """Return a document of a case; raise NoSuchCase when there is none."""
    found = (
        Document.objects.select_related("file").filter(case__code=case_code, pk=document_id).first()
    )
    if found is None:
        raise NoSuchCase(_("Hồ sơ %(code)s không có tài liệu này.") % {"code": case_code})
    return found


def first_open_task(case_code: str) -> Any:
    """Return the oldest open task of a case; raise NoSuchTask when none is open."""
    run = Case.objects.filter(code=case_code).values("run_id")
    task = workflow_queries.open_tasks().filter(run_id__in=run).order_by("opened_at", "id").first()
    if task is None:
        raise NoSuchTask(_("Hồ sơ %(code)s không còn bước nào đang mở.") % {"code": case_code})
    return task


def count_steps_done() -> dict[str, int]:
    """Return how many steps of each case are done."""
    rows = Case.objects.annotate(
        done=Count(
            "run__tasks",
            filter=Q(
                run__tasks__completed_at__isnull=False,
                run__tasks__kind="USER",
                run__tasks__was_withdrawn=False,
            ),
        )
    )
    return dict(rows.values_list("code", "done"))


def is_returned(case_code: str) -> bool:
    """Say whether a case's result was handed over."""
    return Case.objects.filter(code=case_code, status=Case.Status.RETURNED).exists()


def get_return(case_code: str) -> tuple[int, str]:
    """Return the agency that hands over a case's result, and its owner's name."""
    case = Case.objects.get(code=case_code)
    return case.receiving_agency_id, Party.objects.get(case=case, role="OWNER").full_name


def get_names(case_code: str) -> tuple[str, str]:
    """Return whose case it is, and under which procedure."""
    case = Case.objects.select_related("revision").get(code=case_code)
    return Party.objects.get(case=case, role="OWNER").full_name, case.revision.name
