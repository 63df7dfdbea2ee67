"""The charts that a new workflow can begin with: the common flows, their units still to be chosen."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.engine.drawing import Chart, Decision, Item, Lane, Parallel, Step, Way, draw
from motcua.engine.net import RECEIVING, SETTLING

_COUNTER: Final = Lane(id="counter", name="Bộ phận Một cửa", unit=RECEIVING)
_SETTLING: Final = Lane(id="settling", name="Cơ quan giải quyết", unit=SETTLING)
_TAKE_IN: Final = Step(
    id="take_in", name="Kiểm tra, chuyển hồ sơ", lane="counter", role="CLERK", limit="4 giờ"
)
_ASSIGN: Final = Step(
    id="assign", name="Phân công thụ lý", lane="settling", role="LEADER", limit="4 giờ"
)
_ISSUE: Final = Step(
    id="issue", name="Phát hành, chuyển kết quả", lane="counter", role="CLERK", limit="4 giờ"
)


def _appraise(lane: str = "settling", limit: str = "2 ngày làm việc") -> Step:
    return Step(id="appraise", name="Thẩm định hồ sơ", lane=lane, role="OFFICER", limit=limit)


def _approved(step: str) -> tuple[Item, ...]:
    """Return an approval and the decision after it: on, or back to a step."""
    return (
        Step(
            id="approve",
            name="Phê duyệt kết quả",
            lane="settling",
            role="LEADER",
            limit="1 ngày làm việc",
            outcomes=("APPROVE", "RETURN"),
        ),
        Decision(
            id="is_approved",
            name="Kết quả phê duyệt?",
            ways=(
                Way(label="Trả lại", when='outcome == "RETURN"', to=step),
                Way(label="Đồng ý"),
            ),
        ),
    )


def _opinion(number: int) -> tuple[Step, ...]:
    lane = f"consulted_{number}"
    return (
        Step(
            id=f"opinion_{number}",
            name="Góp ý theo lĩnh vực phụ trách",
            lane=lane,
            role="OFFICER",
            limit="2 ngày làm việc",
        ),
        Step(
            id=f"signature_{number}",
            name="Ký văn bản góp ý",
            lane=lane,
            role="LEADER",
            limit="1 ngày làm việc",
        ),
    )


_EMPTY: Final = Chart(
    id="workflow",
    name="",
    lanes=(_COUNTER, _SETTLING),
    steps=(_TAKE_IN, _appraise()),
)
CHARTS: Final = {
    "three-steps": replace(
        _EMPTY,
        lanes=(Lane(id="settling", name="Cơ quan giải quyết", unit=SETTLING),),
        steps=(
            Step(
                id="take_in",
                name="Văn thư tiếp nhận, chuyển chuyên viên",
                lane="settling",
                role="CLERK",
                limit="4 giờ",
            ),
            _appraise(),
            *_approved("appraise"),
        ),
    ),
    "five-steps": replace(
        _EMPTY, steps=(_TAKE_IN, _ASSIGN, _appraise(), *_approved("appraise"), _ISSUE)
    ),
    "interagency-parallel": replace(
        _EMPTY,
        lanes=(
            _COUNTER,
            Lane(id="settling", name="Cơ quan chủ trì", unit=SETTLING),
            Lane(id="consulted_1", name="Cơ quan phối hợp thứ nhất"),
            Lane(id="consulted_2", name="Cơ quan phối hợp thứ hai"),
        ),
        steps=(
            _TAKE_IN,
            replace(_appraise(), name="Thẩm định sơ bộ, gửi lấy ý kiến", limit="1 ngày làm việc"),
            Parallel(id="consultation", name="Lấy ý kiến", branches=(_opinion(1), _opinion(2))),
            Step(
                id="synthesise",
                name="Tổng hợp ý kiến, dự thảo kết quả",
                lane="settling",
                role="OFFICER",
                limit="1 ngày làm việc",
            ),
            *_approved("synthesise"),
            _ISSUE,
        ),
    ),
    "cross-level": replace(
        _EMPTY,
        lanes=(
            Lane(id="counter", name="Bộ phận Một cửa nơi tiếp nhận", unit=RECEIVING),
            Lane(id="settling", name="Cơ quan cấp trên giải quyết", unit=SETTLING),
        ),
        steps=(
            replace(_TAKE_IN, name="Kiểm tra, chuyển hồ sơ lên cấp trên"),
            _ASSIGN,
            _appraise(),
            *_approved("appraise"),
            replace(_ISSUE, name="Phát hành, chuyển kết quả về nơi tiếp nhận", lane="settling"),
            replace(_TAKE_IN, id="take_back", name="Nhận kết quả từ cấp trên"),
        ),
    ),
    "empty": _EMPTY,
}
NAMES: Final[dict[str, Promise]] = {
    "three-steps": _("3 bước: văn thư, chuyên viên, lãnh đạo"),
    "five-steps": _("5 bước: một cửa, phân công, thẩm định, phê duyệt, phát hành"),
    "interagency-parallel": _("Liên thông cùng cấp, lấy ý kiến song song"),
    "cross-level": _("Liên thông giữa hai cấp"),
    "empty": _("Gần như trống: hai làn, hai bước"),
}


def draw_chart(template: str, *, name: str) -> str:
    """Return the BPMN 2.0 XML of a chart to begin with, under the name of the workflow."""
    return draw(replace(CHARTS[template], name=name))
