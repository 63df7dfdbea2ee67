"""What the drawing page shows: faults in words, the longest way as a bar, changes, words for the panel."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from motcua.desk.law_words import limit_words
from motcua.engine.case_facts import ANSWER, FACTS, OUTCOME
from motcua.engine.explain import Because
from motcua.engine.net import AGENCY_PREFIX, MESSAGES, RECEIVING, ROLES, SETTLING, TERRITORY, Net
from motcua.look.formats import write_number
from motcua.workflow.drawing_queries import DrawingCheck, Fault, ShortestLimit
from motcua.workflow.queries import OUTCOME_NAMES


def show_check(check: DrawingCheck) -> dict[str, Any]:
    """Return the faults and the longest way of a drawing as the browser shows them."""
    return {
        "faults": [show_fault(fault, on_canvas=True) for fault in check.faults],
        "count": _count(check.faults),
        "way": _way(check) if check.way and check.net else None,
    }


def show_fault(fault: Fault, *, on_canvas: bool = False) -> dict[str, Any]:
    """Return a fault in the language of the reader, with its line unless a place on the canvas says more."""
    text = fault.because.text(get_language() or "vi")
    if fault.line and not (on_canvas and fault.element):
        text = _("Dòng %(line)d: %(text)s") % {"line": fault.line, "text": text}
    return {
        "severity": fault.severity,
        "code": fault.code,
        "element": fault.element,
        "text": text,
    }


def show_changes(changes: Iterable[Because]) -> list[str]:
    """Return what differs, in the language of the reader."""
    language = get_language() or "vi"
    return [change.text(language) for change in changes]


def clock_of(moment: datetime) -> str:
    """Return the time of day of a save, as the page says it: 09:32."""
    return f"{timezone.localtime(moment):%H:%M}"


def _count(faults: tuple[Fault, ...]) -> str:
    errors = sum(fault.severity == "error" for fault in faults)
    if not faults:
        return _("Không còn chỗ nào phải sửa.")
    return _("%(errors)d lỗi phải sửa, %(warnings)d điều nên xem lại.") % {
        "errors": errors,
        "warnings": len(faults) - errors,
    }


def _way(check: DrawingCheck) -> dict[str, Any]:
    """Return the bar of the longest way: each step with its share of the legal limit, or of the sum."""
    assert check.way is not None
    assert check.net is not None
    legal = check.legal.hours if check.legal else None
    whole = max(check.way.hours, legal or Decimal(0)) or Decimal(1)
    steps = []
    for step_id in check.way.steps:
        node = check.net.by_id[step_id]
        hours = check.way.own[step_id]
        share = hours * 100 / (legal or whole)
        text = node.timer or node.limit
        words = (
            _("%(name)s: %(limit)s, %(share)s%% thời hạn của thủ tục")
            if legal
            else "%(name)s: %(limit)s"
        )
        steps.append(
            {
                "element": step_id.partition("/")[0],
                "width": float(round(hours * 100 / whole, 2)),
                "share": f"{write_number(share)}%",
                "words": words
                % {"name": node.label, "limit": limit_words(text), "share": write_number(share)},
            }
        )
    return {
        "steps": steps,
        "legal_at": float(round(legal * 100 / whole, 2)) if legal else None,
        "is_over": bool(legal and check.way.hours > legal),
        "words": _sum(check.way.hours, check.legal, check.hours_a_day),
        "uncounted": _uncounted(check.net, check.way.uncounted),
    }


def _sum(hours: Decimal, legal: ShortestLimit | None, hours_a_day: Decimal) -> str:
    length = _length(hours, hours_a_day)
    if legal is None:
        return _("Đường dài nhất: %(length)s. Chưa có thủ tục nào theo quy trình này.") % {
            "length": length
        }
    is_english = (get_language() or "vi").startswith("en")
    limit = legal.limit.text_en() if is_english else legal.limit.text_vi()
    return _(
        "Đường dài nhất: %(length)s trên %(limit)s, thời hạn ngắn nhất của %(count)d thủ tục theo quy trình "
        "này (%(share)s%%)."
    ) % {
        "length": length,
        "limit": limit,
        "count": legal.procedures,
        "share": write_number(hours * 100 / legal.hours),
    }


def _length(hours: Decimal, hours_a_day: Decimal) -> str:
    days, rest = divmod(hours, hours_a_day)
    words = []
    if days:
        words.append(_("%(count)d ngày làm việc") % {"count": days})
    if rest or not days:
        words.append(
            pgettext("length", "%(count)s giờ")
            % {"count": write_number(rest, 0 if rest % 1 == 0 else 1)}
        )
    return " ".join(words)


def _uncounted(net: Net, nodes: tuple[str, ...]) -> str:
    if not nodes:
        return ""
    names = ", ".join(f"“{net.by_id[node].label}”" for node in nodes)
    return _("Chưa cộng được, vì không có thời hạn hoặc tính theo lịch: %(names)s.") % {
        "names": names
    }


def list_units() -> list[tuple[str, Any]]:
    """Return whom a lane or step may belong to."""
    return [
        (RECEIVING, _("Đơn vị tiếp nhận")),
        (SETTLING, _("Cơ quan phụ trách lĩnh vực (giải quyết)")),
        (TERRITORY, _("Cơ quan theo địa bàn")),
        (AGENCY_PREFIX, _("Một cơ quan cố định")),
    ]


def list_outcomes() -> list[tuple[str, Any]]:
    """Return what a step may end in besides being done."""
    return [(key, name) for key, name in OUTCOME_NAMES.items() if key]


def list_messages() -> list[tuple[str, Any]]:
    """Return what an event may wait for."""
    names = {
        "SUPPLEMENT": _("Hồ sơ bổ sung"),
        "PAYMENT": _("Nộp phí, lệ phí"),
        "ANSWER": _("Trả lời của hệ thống khác"),
    }
    return [(message, names[message]) for message in MESSAGES]


def list_service_actions() -> list[tuple[str, Any]]:
    """Return what the system may do by itself."""
    return [
        ("NOTIFY_APPLICANT", _("Báo cho người nộp")),
        ("NOTIFY_UNIT", _("Báo cho đơn vị")),
    ]


def list_facts() -> list[dict[str, Any]]:
    """Return what a condition may ask, each with its type and its values, in words."""
    is_english = (get_language() or "vi").startswith("en")
    named = {
        OUTCOME: dict(list_outcomes()),
        ANSWER: {},
        "channel": {"COUNTER": _("trực tiếp"), "ONLINE": _("trực tuyến"), "POST": _("bưu chính")},
        "applicant": {"PERSON": _("cá nhân"), "ORGANISATION": _("tổ chức")},
    }
    return [
        {
            "name": name,
            "kind": fact.kind,
            "label": fact.en if is_english else fact.vi,
            "values": [
                [value, str(words)]
                for value, words in (named.get(name) or {v: v for v in fact.values}).items()
            ],
        }
        for name, fact in FACTS.items()
    ]


def list_choices() -> dict[str, Any]:
    """Return the choices of the panel beside the canvas."""
    return {
        "units": list_units(),
        "roles": list_roles(),
        "outcomes": list_outcomes(),
        "event_messages": list_messages(),
        "service_actions": list_service_actions(),
        "facts": list_facts(),
        "addable": list_addable(),
        "script_words": list_words(),
    }


def list_roles() -> list[tuple[str, Any]]:
    """Return who may do a step."""
    names = {
        "CLERK": _("công chức một cửa"),
        "OFFICER": _("công chức thụ lý"),
        "LEADER": _("lãnh đạo"),
    }
    return [(role, names[role]) for role in ROLES]


def list_steps(net: Net | None) -> list[dict[str, str]]:
    """Return the steps in words, for those who do not draw or have no JavaScript."""
    if net is None:
        return []
    lanes = {lane.id: lane.name for lane in net.lanes}
    roles = dict(list_roles())
    return [
        {
            "name": step.label,
            "place": lanes.get(step.lane) or step.unit,
            "role": str(roles.get(step.role, "")),
            "limit": limit_words(step.limit) if step.limit else "",
        }
        for step in net.steps
    ]


def say_newer(who: str, at: datetime) -> str:
    """Return who saved since, and that the canvas now shows it."""
    return _("%(who)s đã lưu lúc %(at)s; bản vẽ đang mở đã theo bản mới này.") % {
        "who": who,
        "at": f"{timezone.localtime(at):%H:%M:%S}",
    }


def list_addable() -> list[tuple[str, Any]]:
    """Return what may be put behind a place, by the name of its kind."""
    names = name_kinds()
    kinds = ("user", "exclusive", "parallel", "inclusive", "end", "service", "call", "message")
    return [(kind, names[kind]) for kind in (*kinds, "timer")]


def name_kinds() -> dict[str, str]:
    """Return what the elements of a drawing are called."""
    return {
        "start": _("Điểm bắt đầu"),
        "end": _("Điểm kết thúc"),
        "user": _("Bước có người làm"),
        "service": _("Việc của hệ thống"),
        "call": _("Gọi quy trình dùng chung"),
        "message": _("Chờ tin đến"),
        "timer": _("Hẹn giờ trên bước"),
        "exclusive": _("Cổng chọn một"),
        "parallel": _("Cổng song song"),
        "inclusive": _("Cổng chọn nhiều"),
        "flow": _("Đường đi"),
        "lane": _("Làn"),
        "pool": _("Khung quy trình"),
    }


def list_words() -> dict[str, str]:
    """Return what the browser says by itself while somebody draws."""
    return {
        **name_kinds(),
        **{f"role_{role}": str(name) for role, name in list_roles()},
        **{f"unit_{unit}": str(name) for unit, name in list_units()},
        "error": _("lỗi"),
        "warning": _("nên xem"),
        "saved": _("đã lưu {at}"),
        "saving": _("đang lưu…"),
        "unsaved": _("chưa lưu"),
        "offline": _("chưa lưu được: mất kết nối, sẽ thử lại"),
        "signed_out": _(
            "chưa lưu được: phiên làm việc đã hết. Hãy đăng nhập ở một thẻ khác rồi bấm Lưu ngay."
        ),
        "not_allowed": _("chưa lưu được: anh/chị không còn quyền sửa bản thảo này"),
        "aside": _("chưa lưu: người khác đã lưu trước"),
        "only_layout": _("chỉ đổi cách trình bày, không đổi nội dung"),
        "check_failed": _("Chưa kiểm tra được; sẽ kiểm tra lại khi bản vẽ thay đổi."),
        "no_default": _("Không có"),
        "choose": _("Chọn…"),
        "fact": _("Dữ kiện"),
        "operator": _("So sánh"),
        "value": _("Giá trị"),
        "remove": _("Bỏ điều kiện"),
        "yes": _("đúng"),
        "no": _("không đúng"),
        "==": _("là"),
        "!=": _("không phải là"),
        "<": _("nhỏ hơn"),
        "<=": _("nhỏ hơn hoặc bằng"),
        ">": _("lớn hơn"),
        ">=": _("lớn hơn hoặc bằng"),
    }
