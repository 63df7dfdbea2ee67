"""Checks of what a run does without people: tasks of the system must name an action, events a message."""

from __future__ import annotations

from collections.abc import Iterator

from motcua.engine import slip_texts
from motcua.engine.explain import Because
from motcua.engine.flowcheck import Finding
from motcua.engine.net import MESSAGES, SERVICE_ACTIONS, Kind, Net, Node

# What the text message of a step may say of the case: its code, where it is, when it is due.
SMS_FIELDS = ("ma_ho_so", "buoc", "don_vi", "co_quan", "hen_moi")


def check_events(net: Net) -> Iterator[Finding]:
    """Find tasks of the system that do nothing, events that wait for what never comes, odd messages."""
    for node in net.nodes:
        if node.sms and slip_texts.problems_of(node.sms, known=SMS_FIELDS):
            yield _error("SMS_TEXT", node, _odd_message(node))
        if node.kind == Kind.SERVICE and node.action not in SERVICE_ACTIONS:
            yield _error("NO_ACTION", node, _no_action(node))
        elif node.kind == Kind.MESSAGE and node.message.partition(".")[0] not in MESSAGES:
            yield _error("UNKNOWN_MESSAGE", node, _unknown_message(node))


def _no_action(node: Node) -> Because:
    actions = ", ".join(SERVICE_ACTIONS)
    return Because(
        vi=f"Việc của hệ thống “{node.label}” chưa nói làm gì. Chọn một trong: {actions}.",
        en=f"The system's task “{node.label}” does not say what to do. Choose one of: {actions}.",
    )


def _odd_message(node: Node) -> Because:
    found = "; ".join(
        dict.fromkeys(
            "{" + one.found + "}" if one.kind == "UNKNOWN" else one.found
            for one in slip_texts.problems_of(node.sms, known=SMS_FIELDS)
        )
    )
    fields = ", ".join("{" + name + "}" for name in SMS_FIELDS)
    return Because(
        vi=f"Tin nhắn của “{node.label}” có chỗ không điền được: {found}. Dùng được: {fields}.",
        en=f"The text message of “{node.label}” has what cannot be filled in: {found}. Use: {fields}.",
    )


def _unknown_message(node: Node) -> Because:
    messages = ", ".join(MESSAGES)
    return Because(
        vi=f"“{node.label}” chờ tin “{node.message}”, hệ thống không có tin này. Dùng được: {messages} "
        "(hoặc ANSWER. kèm mã hệ thống trả lời).",
        en=f"“{node.label}” waits for “{node.message}”, which no case receives. Use: {messages} "
        "(or ANSWER. with the code of the system that answers).",
    )


def _error(code: str, node: Node, because: Because) -> Finding:
    return Finding(severity="error", code=code, element_id=node.id, because=because)
