"""Differences of two charts: every change is named once, and the same chart has none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from motcua.engine.chart_differences import ChangeKind, differences
from motcua.engine.net import Lane, Net
from motcua.engine.tests.diagrams import net_of

THREE = "start -> take\ntake -> check\ncheck -> sign\nsign -> end"
ASK = "start -> take\ntake -> xor\nxor -> sign: amount > 5\nxor => check\ncheck -> end\nsign -> end"


def altered(net: Net, node_id: str, **values: object) -> Net:
    nodes = tuple(replace(n, **values) if n.id == node_id else n for n in net.nodes)  # type: ignore[arg-type]
    return replace(net, nodes=nodes)


def told(old: Net, new: Net) -> list[str]:
    return [difference.because.vi for difference in differences(old, new)]


def test_the_same_chart_has_no_differences() -> None:
    assert differences(net_of(ASK), net_of(ASK)) == ()


def test_a_step_put_in_between_is_one_step_more_and_one_way_less() -> None:
    after = net_of(THREE.replace("check -> sign", "check -> read\nread -> sign"))

    found = differences(net_of(THREE), after)

    assert (found[0].kind, found[0].old, found[0].new) == (ChangeKind.ADDED, "", "read")
    assert told(net_of(THREE), after) == [
        "Thêm bước “read” (cơ quan giải quyết, 4 giờ).",
        "Bỏ đường đi từ “check” đến “sign”.",
    ]


def test_a_step_taken_out_is_told_the_other_way_round() -> None:
    before = net_of(THREE.replace("check -> sign", "check -> read\nread -> sign"))

    assert told(before, net_of(THREE)) == [
        "Bỏ bước “read”.",
        "Thêm đường đi từ “check” đến “sign”.",
    ]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"limit": "8 giờ"}, "Sửa bước “check”: thời hạn “4 giờ làm việc” → “8 giờ làm việc”."),
        ({"limit": ""}, "Sửa bước “check”: thời hạn “4 giờ làm việc” → không có."),
        ({"role": "LEADER"}, "Sửa bước “check”: vai trò “công chức thụ lý” → “lãnh đạo”."),
        ({"unit": "AGENCY:H19.01"}, "Sửa bước “check”: đơn vị “cơ quan giải quyết” → “H19.01”."),
        (
            {"outcomes": ("APPROVE", "RETURN")},
            "Sửa bước “check”: kết quả không có → “đồng ý, trả lại để làm lại”.",
        ),
    ],
    ids=["longer", "without", "role", "unit", "outcomes"],
)
def test_what_changes_in_a_step_is_named_with_both_values(
    values: dict[str, object], words: str
) -> None:
    before = net_of(THREE)

    assert told(before, altered(before, "check", **values)) == [words]


def test_a_limit_is_told_in_the_language_of_the_reader() -> None:
    before = net_of(THREE)

    (found,) = differences(before, altered(before, "check", limit="2 ngày làm việc"))

    assert "“4 working hours” → “2 working days”" in found.because.en


def test_a_unit_is_called_by_its_lane_and_never_by_an_identifier() -> None:
    lane = Lane(id="lane-1", name="Văn phòng UBND tỉnh", unit="AGENCY:H19.01")
    before = net_of(THREE)
    longer = net_of(THREE.replace("check -> sign", "check -> read\nread -> sign"))

    moved = altered(replace(before, lanes=(lane,)), "check", unit=lane.unit, lane=lane.id)
    added = altered(replace(longer, lanes=(lane,)), "read", unit=lane.unit, lane=lane.id)

    assert told(before, moved) == [
        "Sửa bước “check”: đơn vị “cơ quan giải quyết” → “Văn phòng UBND tỉnh (H19.01)”."
    ]
    assert told(before, added)[0] == "Thêm bước “read” (Văn phòng UBND tỉnh, 4 giờ)."


def test_another_condition_and_another_default_are_told() -> None:
    other_condition = net_of(ASK.replace("amount > 5", "amount > 9"))
    other_default = net_of(
        ASK.replace("xor -> sign: amount > 5", "xor => sign").replace(
            "xor => check", "xor -> check: amount <= 5"
        )
    )

    assert told(net_of(ASK), other_condition) == [
        "Sửa điều kiện từ “xor” đến “sign”: amount > 5 → amount > 9."
    ]
    assert "Sửa cổng chọn một: nhánh mặc định “check” → “sign”." in told(net_of(ASK), other_default)


def test_a_change_and_the_way_back_tell_as_many_differences() -> None:
    one, two = net_of(THREE), net_of(ASK)

    assert len(differences(one, two)) == len(differences(two, one)) > 0


def test_another_service_norm_is_told() -> None:
    assert told(net_of(ASK), replace(net_of(ASK), norm="3 ngày làm việc")) == [
        "Hạn phục vụ không có → 3 ngày làm việc."
    ]
