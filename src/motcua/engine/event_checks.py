"""Checks of what a run does without people: tasks of the system must name an action, events a message."""

from __future__ import annotations

from collections.abc import Iterator

from motcua.engine.explain import Because
from motcua.engine.flowcheck import Finding
from motcua.engine.net import MESSAGES, SERVICE_ACTIONS, Kind, Net, Node


def check_events(net: Net) -> Iterator[Finding]:
    """Find tasks of the system that do nothing, and events that wait for what never comes."""
    for node in net.nodes:
        if node.kind == Kind.SERVICE and node.action not in SERVICE_ACTIONS:
            yield _error("NO_ACTION", node, _no_action(node))
        elif node.kind == Kind.MESSAGE and node.message.partition(".")[0] not in MESSAGES:
            yield _error("UNKNOWN_MESSAGE", node, _unknown_message(node))


def _no_action(node: Node) -> Because:
    actions = ", ".join(SERVICE_ACTIONS)
    return Because(
        vi=f"Việc của hệ thống «{node.label}» chưa nói làm gì. Chọn một trong: {actions}.",
        en=f"The system's task “{node.label}” does not say what to do. Choose one of: {actions}.",
    )


def _unknown_message(node: Node) -> Because:
    messages = ", ".join(MESSAGES)
    return Because(
        vi=f"«{node.label}» chờ tin «{node.message}», hệ thống không có tin này. Dùng được: {messages} "
        "(hoặc ANSWER. kèm mã hệ thống trả lời).",
        en=f"“{node.label}” waits for “{node.message}”, which no case receives. Use: {messages} "
        "(or ANSWER. with the code of the system that answers).",
    )


def _error(code: str, node: Node, because: Because) -> Finding:
    return Finding(severity="error", code=code, element_id=node.id, because=because)
