"""What the pages of workflows show: states in words, steps in words, and changes marked on the chart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext_lazy

from motcua.desk.law_words import limit_words
from motcua.engine.chart_differences import ChangeKind, Difference
from motcua.engine.net import AGENCY_PREFIX, Net, Node
from motcua.people import queries as people

STATE_NAMES = {
    "in_force": gettext_lazy("Đang áp dụng"),
    "drafting": gettext_lazy("Đang có bản thảo"),
    "coming": gettext_lazy("Sắp áp dụng"),
    "never": gettext_lazy("Chưa công bố"),
    "retired": gettext_lazy("Đã thôi áp dụng"),
    "ended": gettext_lazy("Đã thôi áp dụng"),
}
STATE_TONES = {"in_force": "good", "drafting": "active", "coming": "active", "retired": "warn"}
DRAFT_TONES = {
    "DRAFT": "neutral",
    "CONSULTATION": "active",
    "HELD_UP": "bad",
    "CONSENTED": "good",
    "PUBLISHED": "good",
    "DISCARDED": "warn",
}
_UNITS = {
    "RECEIVING": gettext_lazy("Nơi tiếp nhận"),
    "SETTLING": gettext_lazy("Cơ quan giải quyết"),
    "TERRITORY": gettext_lazy("Cơ quan theo địa bàn"),
}
_CHANGES = {
    ChangeKind.ADDED: ("added", gettext_lazy("thêm"), "good"),
    ChangeKind.CHANGED: ("changed", gettext_lazy("sửa"), "active"),
    ChangeKind.REMOVED: ("removed", gettext_lazy("bỏ"), "bad"),
}


def show_states(states: Iterable[str]) -> list[tuple[Any, str]]:
    """Return the states of a workflow, each with its words and its tone."""
    found = set(states)
    return [
        (STATE_NAMES[state], STATE_TONES.get(state, "neutral"))
        for state in STATE_NAMES
        if state in found
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class StepShown:
    """A step in words; `call` names the called process that it came from."""

    name: str
    unit: str
    role: str
    limit: str
    call: str


def show_steps(net: Net | None, names: Mapping[str, str]) -> list[StepShown]:
    """Return the steps of a chart in words, called ones too, in the order in which they are drawn."""
    if net is None:
        return []
    roles = {role: str(label) for role, label in people.list_roles()}
    return [
        StepShown(
            name=step.label,
            unit=_unit(step, names),
            role=roles.get(step.role, step.role),
            limit=limit_words(step.limit) if step.limit else "",
            call=_call(net, step),
        )
        for step in net.steps
    ]


def _unit(step: Node, names: Mapping[str, str]) -> str:
    if step.unit.startswith(AGENCY_PREFIX):
        code = step.unit.removeprefix(AGENCY_PREFIX)
        return names.get(code, code)
    return str(_UNITS.get(step.unit, step.unit))


def _call(net: Net, step: Node) -> str:
    outer, slash, _inner = step.id.rpartition("/")
    return net.by_id[outer].label if slash and outer in net.by_id else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeShown:
    """One difference in words, with the word of its kind and a tone that only supports it."""

    kind: Any
    tone: str
    words: str


def show_changes(found: Iterable[Difference]) -> list[ChangeShown]:
    """Return differences in the language of the reader."""
    language = get_language() or "vi"
    return [
        ChangeShown(
            kind=_CHANGES[one.kind][1], tone=_CHANGES[one.kind][2], words=one.because.text(language)
        )
        for one in found
    ]


def marks_before(found: Iterable[Difference]) -> dict[str, str]:
    """Return what to mark on the old chart: what is taken away, and what is changed."""
    return {_drawn(one.old): _CHANGES[one.kind][0] for one in found if one.old}


def marks_after(found: Iterable[Difference]) -> dict[str, str]:
    """Return what to mark on the new chart: what is added, and what is changed."""
    return {_drawn(one.new): _CHANGES[one.kind][0] for one in found if one.new}


def _drawn(element: str) -> str:
    """Return the element that is drawn for it: of a called process only the call is."""
    return element.partition("/")[0]


def list_owners(person: people.Person, *, now: Any) -> list[tuple[str, str]]:
    """Return the agencies for which a person may draw, those where they have a post first."""
    scope = people.scope_of(person, "workflow.draw", now=now)
    mine = [post.agency_code for post in person.posts_on(people.day_of(now))]
    is_english = (get_language() or "vi").startswith("en")
    found = people.agencies_in_scope(scope).order_by("sort_name", "id")
    rows = [(one.code, (is_english and one.name_en) or one.name) for one in found]
    return sorted(rows, key=lambda row: row[0] not in mine)
