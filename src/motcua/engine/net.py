"""The compiled form of a flow chart: nodes, flows and lanes, immutable and storable."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from functools import cached_property
from typing import Any, Final, TypeVar

from motcua.engine.explain import Because
from motcua.engine.wiring import Wiring

RECEIVING: Final = "RECEIVING"
SETTLING: Final = "SETTLING"
TERRITORY: Final = "TERRITORY"
# What a unit may be besides an agency of its own: each case says which agency that is.
UNITS_BY_CASE: Final = (RECEIVING, SETTLING, TERRITORY)
AGENCY_PREFIX: Final = "AGENCY:"
ROLES: Final = ("CLERK", "OFFICER", "LEADER")
# What a service task may name; each is carried out by the action of the same name in lower case.
SERVICE_ACTIONS: Final = ("NOTIFY_APPLICANT", "NOTIFY_UNIT")
# What an event may wait for; the answer of another system may name it: ANSWER.LLTP.
MESSAGES: Final = ("SUPPLEMENT", "PAYMENT", "ANSWER")
FORMAT: Final = 1


class Kind(StrEnum):
    """What a node of a chart is."""

    START = "start"
    END = "end"
    USER = "user"
    SERVICE = "service"
    CALL = "call"
    MESSAGE = "message"
    TIMER = "timer"
    EXCLUSIVE = "exclusive"
    PARALLEL = "parallel"
    INCLUSIVE = "inclusive"


WAITING_KINDS: Final = frozenset({Kind.USER, Kind.SERVICE, Kind.CALL, Kind.MESSAGE})
GATEWAY_KINDS: Final = frozenset({Kind.EXCLUSIVE, Kind.PARALLEL, Kind.INCLUSIVE})


class CannotStart(Exception):
    """The chart has no start, or several, so that a run cannot begin."""

    def __init__(self, because: Because) -> None:
        super().__init__(because.vi)
        self.because = because


@dataclass(frozen=True, kw_only=True, slots=True)
class Lane:
    """A lane of the chart: the place whose steps it holds."""

    id: str
    name: str = ""
    unit: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """An event, a step or a gateway.

    `unit` is RECEIVING, SETTLING, TERRITORY or AGENCY:code, the lane's where the step names none;
    `limit` is the text that was drawn. `form`, `documents` and `sms` say what a step fills in,
    produces and tells the applicant when it is done; none of them is asked for by a run. `timer` and `attached_to` belong to timers, `message` to catching
    events, `action` to service tasks, `called` to call activities, and `called_version` to those
    whose called process was put in their place.
    """

    id: str
    kind: Kind
    name: str = ""
    lane: str = ""
    unit: str = ""
    role: str = ""
    limit: str = ""
    outcomes: tuple[str, ...] = ()
    form: str = ""
    documents: tuple[str, ...] = ()
    sms: str = ""
    is_on_the_spot: bool = False
    default_flow: str = ""
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    attached_to: str = ""
    is_interrupting: bool = True
    timer: str = ""
    message: str = ""
    action: str = ""
    called: str = ""
    called_version: int = 0

    @property
    def label(self) -> str:
        """The name a person knows the node by."""
        return self.name or self.id


@dataclass(frozen=True, kw_only=True, slots=True)
class Flow:
    """An arrow from one node to another, with its condition as text."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str = ""


_Part = TypeVar("_Part", Lane, Node, Flow)


@dataclass(frozen=True, kw_only=True)
class Net:
    """A compiled flow chart; `norm` is its service norm as drawn, the time a case is meant to take."""

    process: str
    name: str = ""
    norm: str = ""
    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]
    lanes: tuple[Lane, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Node]:
        """The nodes by their id."""
        return {node.id: node for node in self.nodes}

    @cached_property
    def flow_by_id(self) -> dict[str, Flow]:
        """The flows by their id."""
        return {flow.id: flow for flow in self.flows}

    @cached_property
    def starts(self) -> tuple[str, ...]:
        """The ids of the start events."""
        return tuple(node.id for node in self.nodes if node.kind == Kind.START)

    @property
    def start(self) -> str:
        """The id of the one start event; raises CannotStart when there is not exactly one."""
        if len(self.starts) != 1:
            raise CannotStart(
                Because(
                    vi=f"Lưu đồ “{self.name or self.process}” có {len(self.starts)} điểm bắt đầu, "
                    "phải có đúng một. Sửa lưu đồ rồi công bố lại.",
                    en=f"The chart “{self.name or self.process}” has {len(self.starts)} start "
                    "events and must have exactly one. Correct and publish it again.",
                )
            )
        return self.starts[0]

    @cached_property
    def steps(self) -> tuple[Node, ...]:
        """The user tasks in the order of the file."""
        return tuple(node for node in self.nodes if node.kind == Kind.USER)

    @cached_property
    def wiring(self) -> Wiring:
        """The tables the token game runs on, built once for each net."""
        return Wiring.of(self)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the compiled content; equal for equal charts, however they are laid out."""
        text = json.dumps(self.to_json(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """Return plain values that fit a JSON column."""
        return {
            "format": FORMAT,
            "process": self.process,
            "name": self.name,
            # Left out where there is none: charts from before norms keep their digest.
            **({"norm": self.norm} if self.norm else {}),
            "lanes": [_plain(lane) for lane in self.lanes],
            "nodes": [_plain(node) for node in self.nodes],
            "flows": [_plain(flow) for flow in self.flows],
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Net:
        """Return the net that to_json wrote; raises ValueError for another format."""
        if content.get("format") != FORMAT:
            raise ValueError(
                f"This net is of format {content.get('format')!r}; format {FORMAT} is read here."
            )
        return cls(
            process=content["process"],
            name=content["name"],
            norm=content.get("norm", ""),
            lanes=tuple(_part(Lane, lane) for lane in content["lanes"]),
            nodes=tuple(_part(Node, node) for node in content["nodes"]),
            flows=tuple(_part(Flow, flow) for flow in content["flows"]),
        )


def _plain(part: Lane | Node | Flow) -> dict[str, Any]:
    """Return the fields that differ from their defaults."""
    plain: dict[str, Any] = {}
    for field in fields(part):
        value = getattr(part, field.name)
        if field.default is MISSING or value != field.default:
            plain[field.name] = list(value) if isinstance(value, tuple) else value
    return {key: str(value) if isinstance(value, Kind) else value for key, value in plain.items()}


def _part(kind: type[_Part], plain: Mapping[str, Any]) -> _Part:
    values: dict[str, Any] = {
        key: tuple(v) if isinstance(v, list) else v for key, v in plain.items()
    }
    if kind is Node:
        values["kind"] = Kind(values["kind"])
    return kind(**values)
