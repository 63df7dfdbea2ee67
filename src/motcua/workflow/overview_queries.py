"""What the pages of workflows show: all of them with their states, one with its versions, one version."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from motcua.engine import vietnamese
from motcua.engine.chart_differences import Difference, differences
from motcua.engine.net import AGENCY_PREFIX, Net
from motcua.people import queries as people
from motcua.procedures import queries as procedures
from motcua.workflow import queries
from motcua.workflow.models import Call, Draft, Run, Version, Workflow

STATES = ("in_force", "drafting", "coming", "never", "retired")
OPEN_DRAFTS = (
    Draft.Status.DRAFT,
    Draft.Status.CONSULTATION,
    Draft.Status.HELD_UP,
    Draft.Status.CONSENTED,
)


class NoSuchVersion(LookupError):
    """The workflow, or this version of it, does not exist."""


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionRow:
    """A version: from which day to which (`ends_on` exclusive), by which decision, how many run on it."""

    id: int
    number: int
    starts_on: date
    ends_on: date | None
    decision: str
    published_at: Any
    running: int
    state: str


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkflowRow:
    """A workflow in the list."""

    workflow: Workflow
    states: frozenset[str]
    in_force: VersionRow | None
    coming: VersionRow | None
    drafts: int
    procedures: int
    running: int


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkflowFilter:
    """What the list is narrowed to; what is empty narrows nothing."""

    text: str = ""
    field_code: str = ""
    unit_code: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkflowList:
    """The workflows that a search finds, how many are in each state, and what can be chosen."""

    rows: tuple[WorkflowRow, ...]
    counts: Mapping[str, int]
    fields: tuple[tuple[str, str, str], ...]
    units: tuple[tuple[str, str, str], ...]


@dataclass(slots=True)
class _Use:
    """Which procedures go along a workflow."""

    count: int = 0
    fields: set[str] = field(default_factory=set)


def list_workflows(wanted: WorkflowFilter, *, on: date) -> WorkflowList:
    """Return the workflows by name that match; the counts are of the same search in each state."""
    used, fields = _uses(on)
    running = count_running()
    versions: dict[int, list[Version]] = defaultdict(list)
    for version in _light_versions().order_by("starts_on", "number"):
        versions[version.workflow_id].append(version)
    drafts = dict(
        Draft.objects.filter(status__in=OPEN_DRAFTS).values_list("workflow").annotate(Count("pk"))
    )
    workflows = sorted(
        Workflow.objects.select_related("owner"), key=lambda one: vietnamese.sort_key(one.name)
    )
    rows = [
        _row(
            workflow,
            show_versions(versions[workflow.pk], running, on=on),
            drafts=drafts.get(workflow.pk, 0),
            used=used.get(workflow.key, _Use()).count,
        )
        for workflow in workflows
        if _matches(workflow, wanted, used.get(workflow.key, _Use()))
    ]
    return WorkflowList(
        rows=tuple(rows),
        counts=Counter(state for row in rows for state in row.states),
        fields=fields,
        units=_owners(workflows),
    )


def _uses(on: date) -> tuple[dict[str, _Use], tuple[tuple[str, str, str], ...]]:
    used: dict[str, _Use] = defaultdict(_Use)
    fields: dict[str, tuple[str, str, str]] = {}
    rows = procedures.revisions_on(on).order_by("procedure__field__sort_name")
    for key, code, name, name_en in rows.values_list(
        "workflow_key",
        "procedure__field__code",
        "procedure__field__name",
        "procedure__field__name_en",
    ):
        used[key].count += 1
        used[key].fields.add(code)
        fields[code] = (code, name, name_en)
    return used, tuple(fields.values())


def _owners(workflows: Iterable[Workflow]) -> tuple[tuple[str, str, str], ...]:
    owners = {one.owner.code: one.owner for one in workflows if one.owner}
    return tuple(
        (owner.code, owner.name, owner.name_en)
        for owner in sorted(owners.values(), key=lambda owner: owner.sort_name)
    )


def _matches(workflow: Workflow, wanted: WorkflowFilter, use: _Use) -> bool:
    if wanted.field_code and wanted.field_code not in use.fields:
        return False
    owner = workflow.owner
    if wanted.unit_code and (owner is None or owner.code != wanted.unit_code):
        return False
    folded = vietnamese.fold(f"{workflow.name} {workflow.key} {owner.name if owner else ''}")
    return all(word in folded for word in vietnamese.fold(wanted.text).split())


def _row(
    workflow: Workflow, versions: tuple[VersionRow, ...], *, drafts: int, used: int
) -> WorkflowRow:
    by_state = {version.state: version for version in versions}
    in_force, coming = by_state.get("in_force"), by_state.get("coming")
    states = {"in_force"} if in_force else set()
    states |= {"coming"} if coming else set()
    states |= {"drafting"} if drafts else set()
    if not versions:
        states.add("never")
    elif not in_force and not coming:
        states.add("retired")
    return WorkflowRow(
        workflow=workflow,
        states=frozenset(states),
        in_force=in_force,
        coming=coming,
        drafts=drafts,
        procedures=used,
        running=sum(version.running for version in versions),
    )


def _light_versions() -> Any:
    """Return versions without their drawings and nets, which are long."""
    return Version.objects.select_related("retirement").defer("bpmn_xml", "net")


def count_running() -> dict[int, int]:
    """Return how many runs are under way on each version."""
    rows = Run.objects.filter(finished_at__isnull=True).values_list("version")
    return dict(rows.annotate(Count("pk")))


def show_versions(
    versions: Iterable[Version], running: Mapping[int, int], *, on: date
) -> tuple[VersionRow, ...]:
    """Return versions, given from the oldest day on, each with the day from which it holds no more.

    A version that is retired gives way to the one before it.
    """
    known = [(version, _retired_on(version)) for version in versions]
    holding = [
        version for version, ends in known if version.starts_on <= on and (not ends or ends > on)
    ]
    rows = []
    for place, (version, ends) in enumerate(known):
        later = [one.starts_on for one, _ends in known[place + 1 :]]
        state = _state(version, ends, holding=holding, on=on)
        ends_on = ends or min(later, default=None)
        if state == "in_force" and ends_on is not None and ends_on <= on:
            # What followed was retired, so that it holds again.
            ends_on = None
        rows.append(
            VersionRow(
                id=version.pk,
                number=version.number,
                starts_on=version.starts_on,
                ends_on=ends_on,
                decision=version.decision,
                published_at=version.published_at,
                running=running.get(version.pk, 0),
                state=state,
            )
        )
    return tuple(rows)


def _retired_on(version: Version) -> date | None:
    retirement = getattr(version, "retirement", None)
    return retirement.ends_on if retirement else None


def _state(version: Version, ends: date | None, *, holding: list[Version], on: date) -> str:
    if ends is not None and ends <= on:
        return "retired"
    if version.starts_on > on:
        return "coming"
    return "in_force" if holding and holding[-1].pk == version.pk else "ended"


@dataclass(frozen=True, kw_only=True, slots=True)
class UsedBy:
    """A procedure in force that goes along a workflow."""

    code: str
    name: str
    name_en: str


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkflowSeen:
    """A workflow with all that hangs on it; `shown` is the version whose chart is drawn."""

    workflow: Workflow
    versions: tuple[VersionRow, ...]
    shown: VersionRow | None
    net: Net | None
    names: Mapping[str, str]
    drafts: tuple[Draft, ...]
    procedures: tuple[UsedBy, ...]
    callers: tuple[queries.Caller, ...]
    called: tuple[Workflow, ...]


def see_workflow(key: str, *, on: date) -> WorkflowSeen:
    """Return a workflow as its page shows it; raise NoSuchVersion."""
    workflow = get_workflow(key)
    versions = _versions_of(workflow, on=on)
    shown = next((one for one in versions if one.state == "in_force"), None)
    shown = shown or (versions[-1] if versions else None)
    net = queries.get_version(shown.id).net if shown else None
    drafts = Draft.objects.filter(workflow=workflow).defer("bpmn_xml")
    return WorkflowSeen(
        workflow=workflow,
        versions=tuple(reversed(versions)),
        shown=shown,
        net=net,
        names=name_agencies(net),
        drafts=tuple(drafts.select_related("edited_by", "based_on").order_by("-pk")),
        procedures=_procedures_of(key, on=on),
        callers=queries.list_callers(key, on=on),
        called=_called_by(shown.id) if shown else (),
    )


def get_workflow(key: str) -> Workflow:
    """Return a workflow with its owner; raise NoSuchVersion."""
    workflow = Workflow.objects.select_related("owner").filter(key=key).first()
    if workflow is None:
        raise NoSuchVersion(
            _("Không có quy trình nào mang mã “%(key)s”. Hãy chọn lại trong danh sách quy trình.")
            % {"key": key}
        )
    return workflow


def _versions_of(workflow: Workflow, *, on: date) -> tuple[VersionRow, ...]:
    versions = list(_light_versions().filter(workflow=workflow).order_by("starts_on", "number"))
    runs = Run.objects.filter(version__in=versions, finished_at__isnull=True)
    running = dict(runs.values_list("version").annotate(Count("pk")))
    return show_versions(versions, running, on=on)


def _procedures_of(key: str, *, on: date) -> tuple[UsedBy, ...]:
    rows = procedures.revisions_on(on).filter(workflow_key=key).order_by("name")
    return tuple(
        UsedBy(code=code, name=name, name_en=name_en)
        for code, name, name_en in rows.values_list("procedure__code", "name", "name_en")
    )


def _called_by(version_id: int) -> tuple[Workflow, ...]:
    called = Call.objects.filter(caller_id=version_id).values("called__workflow")
    return tuple(Workflow.objects.filter(pk__in=called).order_by("name"))


def name_agencies(*nets: Net | None) -> dict[str, str]:
    """Return the names of the agencies that nets name, by code."""
    codes = {
        node.unit.removeprefix(AGENCY_PREFIX)
        for net in nets
        if net is not None
        for node in net.steps
        if node.unit.startswith(AGENCY_PREFIX)
    }
    if not codes:
        return {}
    return dict(people.name_agencies(codes))


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionSeen:
    """A version with its net, and what it changed in the version before it."""

    workflow: Workflow
    version: VersionRow
    net: Net
    names: Mapping[str, str]
    previous: VersionRow | None
    differences: tuple[Difference, ...]
    previous_net: Net | None


def see_version(key: str, number: int, *, on: date) -> VersionSeen:
    """Return a version as its page shows it; raise NoSuchVersion."""
    workflow = get_workflow(key)
    versions = _versions_of(workflow, on=on)
    place = next((at for at, one in enumerate(versions) if one.number == number), None)
    if place is None:
        raise NoSuchVersion(
            _("Quy trình “%(name)s” không có phiên bản %(number)d. Hãy chọn một phiên bản khác.")
            % {"name": workflow.name, "number": number}
        )
    version = versions[place]
    previous = versions[place - 1] if place else None
    net = queries.get_version(version.id).net
    before = queries.get_version(previous.id).net if previous else None
    return VersionSeen(
        workflow=workflow,
        version=version,
        net=net,
        names=name_agencies(net, before),
        previous=previous,
        differences=differences(before, net) if before else (),
        previous_net=before,
    )


def get_newest_day(key: str) -> date | None:
    """Return the first day of the newest version of a workflow, or None."""
    found = Version.objects.filter(workflow__key=key).order_by("-number")
    return found.values_list("starts_on", flat=True).first()


def get_drawing_of(key: str, number: int) -> str:
    """Return the BPMN 2.0 XML of a version; raise NoSuchVersion."""
    found = Version.objects.filter(workflow__key=key, number=number)
    drawing = found.values_list("bpmn_xml", flat=True).first()
    if drawing is None:
        raise NoSuchVersion(
            _("Quy trình “%(key)s” không có phiên bản %(number)d. Hãy chọn một phiên bản khác.")
            % {"key": key, "number": number}
        )
    return drawing
