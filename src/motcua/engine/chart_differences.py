"""Differences of two flow charts, in words and by place: what a change adds, takes away and alters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from motcua.engine.explain import Because
from motcua.engine.limits import LimitRefused, parse_limit
from motcua.engine.net import AGENCY_PREFIX, RECEIVING, SETTLING, TERRITORY, Flow, Kind, Net, Node


class ChangeKind(StrEnum):
    """What happened to a place of the chart."""

    ADDED = "ADDED"
    REMOVED = "REMOVED"
    CHANGED = "CHANGED"


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One difference: the element in the old and in the new chart (empty where it is not), in words."""

    kind: ChangeKind
    old: str
    new: str
    because: Because


_KIND_NAMES = {
    Kind.START: ("điểm bắt đầu", "start"),
    Kind.END: ("điểm kết thúc", "end"),
    Kind.USER: ("bước", "step"),
    Kind.SERVICE: ("bước tự động", "automatic step"),
    Kind.CALL: ("quy trình con", "sub-process"),
    Kind.MESSAGE: ("điểm chờ thông điệp", "wait for a message"),
    Kind.TIMER: ("hẹn giờ", "timer"),
    Kind.EXCLUSIVE: ("cổng chọn một", "exclusive gateway"),
    Kind.PARALLEL: ("cổng song song", "parallel gateway"),
    Kind.INCLUSIVE: ("cổng chọn nhiều", "inclusive gateway"),
}
# What stands in a chart as a code, as the pages call it.
_WORDS = {
    RECEIVING: ("nơi tiếp nhận", "place of receipt"),
    SETTLING: ("cơ quan giải quyết", "settling agency"),
    TERRITORY: ("cơ quan theo địa bàn", "agency by territory"),
    "CLERK": ("công chức Bộ phận Một cửa", "clerk of the one-stop unit"),
    "OFFICER": ("công chức thụ lý", "settling officer"),
    "LEADER": ("lãnh đạo", "leader"),
    "CONTROLLER": ("cán bộ kiểm soát TTHC", "procedure controller"),
    "APPROVE": ("đồng ý", "approve"),
    "RETURN": ("trả lại để làm lại", "send back"),
    "REFUSE": ("từ chối", "refuse"),
    "QUALIFIED": ("đủ điều kiện", "qualified"),
    "UNQUALIFIED": ("không đủ điều kiện", "unqualified"),
}
# What a place says of itself, in the order in which a reader wants to know of a change.
_FIELDS = (
    ("kind", "loại", "kind"),
    ("name", "tên", "name"),
    ("unit", "đơn vị", "unit"),
    ("role", "vai trò", "role"),
    ("limit", "thời hạn", "limit"),
    ("outcomes", "kết quả", "outcomes"),
    ("form", "biểu mẫu", "form"),
    ("documents", "tài liệu phải có", "documents"),
    ("sms", "tin nhắn", "SMS"),
    ("is_on_the_spot", "làm ngay tại chỗ", "on the spot"),
    ("called", "quy trình được gọi", "called process"),
    ("message", "thông điệp", "message"),
    ("timer", "thời gian hẹn", "time"),
    ("is_interrupting", "ngắt bước", "interrupts the step"),
    ("attached_to", "gắn với", "sits on"),
)


def differences(old: Net, new: Net) -> tuple[Difference, ...]:
    """Return what differs: steps first, then gateways and events, then the ways between them.

    Places are the same when their ids are; ways when they go from the same place to the same place.
    How a chart is laid out makes no difference.
    """
    return (
        *_of_norm(old, new),
        *_of_nodes(old, new, are_steps=True),
        *_of_nodes(old, new, are_steps=False),
        *_of_ways(old, new),
    )


def _of_norm(old: Net, new: Net) -> Iterator[Difference]:
    if old.norm != new.norm:
        yield Difference(
            kind=ChangeKind.CHANGED,
            old=old.process,
            new=new.process,
            because=Because(
                vi=f"Hạn phục vụ {old.norm or 'không có'} → {new.norm or 'không có'}.",
                en=f"Service norm {old.norm or 'none'} → {new.norm or 'none'}.",
            ),
        )


_STEPS = frozenset({Kind.USER, Kind.SERVICE, Kind.CALL})


def _of_nodes(old: Net, new: Net, *, are_steps: bool) -> Iterator[Difference]:
    for node in old.nodes:
        if node.id not in new.by_id and (node.kind in _STEPS) == are_steps:
            yield _node(ChangeKind.REMOVED, node, "bỏ", "removed")
    for node in new.nodes:
        before = old.by_id.get(node.id)
        if (node.kind in _STEPS) != are_steps:
            continue
        if before is None:
            yield _node(ChangeKind.ADDED, node, "thêm", "added", place=_placed(node, new))
        elif changed := tuple(_changed(old, new, before, node)):
            yield Difference(
                kind=ChangeKind.CHANGED,
                old=node.id,
                new=node.id,
                because=Because(
                    vi=f"Sửa {_named(node, 0)}: {'; '.join(vi for vi, _ in changed)}.",
                    en=f"Changed {_named(node, 1)}: {'; '.join(en for _, en in changed)}.",
                ),
            )


def _changed(old: Net, new: Net, before: Node, after: Node) -> Iterator[tuple[str, str]]:
    for name, vi, en in _FIELDS:
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            yield (
                f"{vi} {_said(was, old, 0)} → {_said(now, new, 0)}",
                f"{en} {_said(was, old, 1)} → {_said(now, new, 1)}",
            )
    was_to, now_to = _default_of(old, before), _default_of(new, after)
    if was_to != now_to:
        yield (
            f"nhánh mặc định {was_to or 'không có'} → {now_to or 'không có'}",
            f"default {was_to or 'none'} → {now_to or 'none'}",
        )


def _default_of(net: Net, node: Node) -> str:
    flow = net.flow_by_id.get(node.default_flow)
    return f"“{net.by_id[flow.target].label}”" if flow else ""


def _said(value: object, net: Net, language: int) -> str:
    if isinstance(value, Kind):
        return _KIND_NAMES[value][language]
    if isinstance(value, bool):
        return (("có", "yes") if value else ("không", "no"))[language]
    if isinstance(value, tuple):
        value = ", ".join(_worded(one, net, language) for one in value)
    elif isinstance(value, str):
        value = _worded(value, net, language)
    return f"“{value}”" if value else ("không có", "none")[language]


def _worded(value: str, net: Net, language: int) -> str:
    """Return a value as words: of an element its label, of a code what it means, of an agency its lane."""
    if value in net.by_id:
        return net.by_id[value].label
    if value in _WORDS:
        return _WORDS[value][language]
    with suppress(LimitRefused):
        limit = parse_limit(value)
        return (limit.text_vi(), limit.text_en())[language]
    if not value.startswith(AGENCY_PREFIX):
        return value
    code = value.removeprefix(AGENCY_PREFIX)
    name = next((lane.name for lane in net.lanes if lane.unit == value and lane.name), "")
    return f"{name} ({code})" if name else code


def _placed(node: Node, net: Net) -> tuple[str, str]:
    """Return the lane of a place, or else its unit, and its time limit, in both languages."""
    lane = next((lane.name for lane in net.lanes if lane.id == node.lane), "")
    told = []
    for language in (0, 1):
        place = lane or _worded(node.unit, net, language)
        parts = [part for part in (place, node.limit) if part]
        told.append(f" ({', '.join(parts)})" if parts else "")
    return told[0], told[1]


def _node(
    kind: ChangeKind, node: Node, vi: str, en: str, *, place: tuple[str, str] = ("", "")
) -> Difference:
    gone = kind is ChangeKind.REMOVED
    return Difference(
        kind=kind,
        old=node.id if gone else "",
        new="" if gone else node.id,
        because=Because(
            vi=f"{vi.capitalize()} {_named(node, 0)}{place[0]}.",
            en=f"{en.capitalize()} {_named(node, 1)}{place[1]}.",
        ),
    )


def _named(node: Node, language: int) -> str:
    name = _KIND_NAMES[node.kind][language]
    return f"{name} “{node.label}”" if node.name or node.kind in _STEPS else name


def _of_ways(old: Net, new: Net) -> Iterator[Difference]:
    was, now = _by_ends(old), _by_ends(new)
    for ends in was:
        if ends not in now and all(end in new.by_id for end in ends):
            yield _way(ChangeKind.REMOVED, old, was[ends], "Bỏ đường đi", "Removed the way")
    for ends in now:
        if ends not in was and all(end in old.by_id for end in ends):
            yield _way(ChangeKind.ADDED, new, now[ends], "Thêm đường đi", "Added a way")
    for ends in now:
        if ends in was and _conditions(was[ends]) != _conditions(now[ends]):
            yield _other_condition(new, was[ends], now[ends])


def _by_ends(net: Net) -> dict[tuple[str, str], list[Flow]]:
    found: dict[tuple[str, str], list[Flow]] = {}
    for flow in net.flows:
        found.setdefault((flow.source, flow.target), []).append(flow)
    return found


def _conditions(flows: Iterable[Flow]) -> list[str]:
    return sorted(flow.condition for flow in flows)


def _way(kind: ChangeKind, net: Net, flows: list[Flow], vi: str, en: str) -> Difference:
    flow = flows[0]
    source, target = net.by_id[flow.source].label, net.by_id[flow.target].label
    given = f" [{flow.condition}]" if flow.condition else ""
    gone = kind is ChangeKind.REMOVED
    return Difference(
        kind=kind,
        old=flow.id if gone else "",
        new="" if gone else flow.id,
        because=Because(
            vi=f"{vi} từ “{source}” đến “{target}”{given}.",
            en=f"{en} from “{source}” to “{target}”{given}.",
        ),
    )


def _other_condition(net: Net, was: list[Flow], now: list[Flow]) -> Difference:
    source, target = net.by_id[now[0].source].label, net.by_id[now[0].target].label
    before, after = " / ".join(_conditions(was)), " / ".join(_conditions(now))
    return Difference(
        kind=ChangeKind.CHANGED,
        old=was[0].id,
        new=now[0].id,
        because=Because(
            vi=f"Sửa điều kiện từ “{source}” đến “{target}”: {before or 'không có'} → {after or 'không có'}.",
            en=f"Changed the condition from “{source}” to “{target}”: {before or 'none'} → {after or 'none'}.",
        ),
    )
