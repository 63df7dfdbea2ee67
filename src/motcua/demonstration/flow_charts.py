"""The demonstration's usual flow charts, described in words."""

from __future__ import annotations

from typing import Final

from motcua.engine.drawing import END, Chart, Decision, Lane, Parallel, Step, Way
from motcua.engine.net import RECEIVING, SETTLING

ONE_STOP: Final = Lane(id="one_stop", name="Bộ phận Một cửa", unit=RECEIVING)
SPECIALISTS: Final = Lane(id="specialists", name="Cơ quan giải quyết", unit=SETTLING)


def _passed_or_returned_to(step: str, *, asking: str) -> Decision:
    """Return the decision after an approval: on, or back to the step that drafts."""
    return Decision(
        id="is_approved",
        name=asking,
        ways=(
            Way(label="Trả lại", when='outcome == "RETURN"', to=step),
            Way(label="Đồng ý"),
        ),
    )


OFFICE_IN_3_STEPS: Final = Chart(
    id="office_3_steps",
    name="Trình Văn phòng UBND tỉnh (3 bước)",
    norm="10 ngày làm việc",
    lanes=(Lane(id="office", name="Văn phòng UBND tỉnh", unit=SETTLING),),
    steps=(
        Step(
            id="take_in",
            name="Văn thư tiếp nhận, chuyển chuyên viên",
            lane="office",
            role="CLERK",
            limit="4 giờ",
        ),
        Step(
            id="draft",
            name="Chuyên viên thẩm tra, lập phiếu trình",
            lane="office",
            role="OFFICER",
            limit="2 ngày làm việc",
        ),
        Step(
            id="sign",
            name="Lãnh đạo Văn phòng duyệt, trình ký ban hành",
            lane="office",
            role="LEADER",
            limit="1 ngày làm việc",
            outcomes=("APPROVE", "RETURN"),
        ),
        _passed_or_returned_to("draft", asking="Kết quả duyệt?"),
    ),
)

OFFICE_IN_5_STEPS: Final = Chart(
    id="office_5_steps",
    name="Trình Văn phòng UBND tỉnh (5 bước)",
    norm="18 ngày làm việc",
    lanes=(ONE_STOP, SPECIALISTS),
    steps=(
        Step(
            id="check_and_pass",
            name="Kiểm tra, chuyển hồ sơ",
            lane="one_stop",
            role="CLERK",
            limit="4 giờ",
        ),
        Step(
            id="submit",
            name="Trình Văn phòng UBND tỉnh",
            lane="specialists",
            role="",
            calls="office-submission",
        ),
        Step(
            id="issue",
            name="Phát hành, chuyển kết quả",
            lane="one_stop",
            role="CLERK",
            limit="4 giờ",
        ),
    ),
)

# Drawn once, owned by the Office, and called by whatever passes it.
OFFICE_SUBMISSION: Final = Chart(
    id="office_submission",
    name="Trình Văn phòng UBND tỉnh",
    lanes=(Lane(id="office", name="Văn phòng UBND tỉnh", unit="AGENCY:H19.01"),),
    steps=(
        Step(
            id="assign",
            name="Phân công thụ lý",
            lane="office",
            role="LEADER",
            limit="4 giờ",
        ),
        Step(
            id="appraise",
            name="Thẩm định hồ sơ",
            lane="office",
            role="OFFICER",
            limit="3 ngày làm việc",
        ),
        Step(
            id="approve",
            name="Phê duyệt kết quả",
            lane="office",
            role="LEADER",
            limit="1 ngày làm việc",
            outcomes=("APPROVE", "RETURN"),
        ),
        _passed_or_returned_to("appraise", asking="Kết quả phê duyệt?"),
    ),
)

DEPARTMENT_STANDARD: Final = Chart(
    id="department_standard",
    name="Quy trình chuẩn của sở, ban, ngành",
    norm="8 ngày làm việc",
    lanes=(ONE_STOP, Lane(id="department", name="Sở, ban, ngành", unit=SETTLING)),
    steps=(
        Step(
            id="check_and_pass",
            name="Kiểm tra, chuyển hồ sơ",
            lane="one_stop",
            role="CLERK",
            limit="4 giờ",
        ),
        Step(
            id="assign",
            name="Lãnh đạo phòng phân công thụ lý",
            lane="department",
            role="LEADER",
            limit="4 giờ",
        ),
        Step(
            id="appraise",
            name="Thẩm định hồ sơ, dự thảo kết quả",
            lane="department",
            role="OFFICER",
            limit="5 ngày làm việc",
            outcomes=("QUALIFIED", "UNQUALIFIED"),
        ),
        Decision(
            id="is_qualified",
            name="Đủ điều kiện?",
            ways=(
                Way(
                    label="Không đủ",
                    when='outcome == "UNQUALIFIED"',
                    steps=(
                        Step(
                            id="draft_refusal",
                            name="Dự thảo văn bản từ chối, nêu rõ lý do",
                            lane="department",
                            role="OFFICER",
                            limit="4 giờ",
                        ),
                    ),
                ),
                Way(label="Đủ"),
            ),
        ),
        Step(
            id="approve",
            name="Lãnh đạo sở phê duyệt",
            lane="department",
            role="LEADER",
            limit="1 ngày làm việc",
            outcomes=("APPROVE", "RETURN"),
        ),
        _passed_or_returned_to("appraise", asking="Kết quả phê duyệt?"),
        Step(
            id="issue",
            name="Vào số, đóng dấu, chuyển kết quả",
            lane="one_stop",
            role="CLERK",
            limit="4 giờ",
        ),
    ),
)

INTERAGENCY_PARALLEL: Final = Chart(
    id="interagency_parallel",
    name="Liên thông cùng cấp, lấy ý kiến song song",
    norm="12 ngày làm việc",
    lanes=(
        ONE_STOP,
        Lane(id="lead", name="Cơ quan chủ trì", unit=SETTLING),
        Lane(id="construction", name="Sở Xây dựng", unit="AGENCY:H19.13"),
        Lane(id="environment", name="Sở Tài nguyên và Môi trường", unit="AGENCY:H19.17"),
    ),
    steps=(
        Step(
            id="check_and_pass",
            name="Kiểm tra, chuyển hồ sơ",
            lane="one_stop",
            role="CLERK",
            limit="4 giờ",
        ),
        Step(
            id="appraise",
            name="Thẩm định sơ bộ, gửi lấy ý kiến",
            lane="lead",
            role="OFFICER",
            limit="1 ngày làm việc",
        ),
        Parallel(
            id="consultation",
            name="Lấy ý kiến",
            branches=(
                (
                    Step(
                        id="construction_opinion",
                        name="Góp ý về quy hoạch, xây dựng",
                        lane="construction",
                        role="OFFICER",
                        limit="3 ngày làm việc",
                    ),
                    Step(
                        id="construction_signature",
                        name="Ký văn bản góp ý",
                        lane="construction",
                        role="LEADER",
                        limit="1 ngày làm việc",
                    ),
                ),
                (
                    Step(
                        id="environment_opinion",
                        name="Góp ý về đất đai, môi trường",
                        lane="environment",
                        role="OFFICER",
                        limit="3 ngày làm việc",
                    ),
                    Step(
                        id="environment_signature",
                        name="Ký văn bản góp ý",
                        lane="environment",
                        role="LEADER",
                        limit="1 ngày làm việc",
                    ),
                ),
            ),
        ),
        Step(
            id="synthesise",
            name="Tổng hợp ý kiến, dự thảo kết quả",
            lane="lead",
            role="OFFICER",
            limit="2 ngày làm việc",
        ),
        Step(
            id="approve",
            name="Phê duyệt kết quả",
            lane="lead",
            role="LEADER",
            limit="1 ngày làm việc",
            outcomes=("APPROVE", "RETURN"),
        ),
        _passed_or_returned_to("synthesise", asking="Kết quả phê duyệt?"),
        Step(
            id="issue",
            name="Phát hành, chuyển kết quả",
            lane="one_stop",
            role="CLERK",
            limit="4 giờ",
        ),
    ),
)

CROSS_LEVEL: Final = Chart(
    id="cross_level",
    name="Liên thông các cấp (xã tiếp nhận, huyện giải quyết)",
    norm="15 ngày làm việc",
    lanes=(
        Lane(id="commune", name="Bộ phận Một cửa cấp xã", unit=RECEIVING),
        Lane(id="district", name="UBND cấp huyện", unit=SETTLING),
    ),
    steps=(
        Step(
            id="check_and_pass",
            name="Kiểm tra, chuyển hồ sơ lên cấp huyện",
            lane="commune",
            role="CLERK",
            limit="4 giờ",
        ),
        Step(
            id="assign",
            name="Phân công thụ lý",
            lane="district",
            role="LEADER",
            limit="4 giờ",
        ),
        Step(
            id="appraise",
            name="Thẩm định hồ sơ",
            lane="district",
            role="OFFICER",
            limit="5 ngày làm việc",
            outcomes=("APPROVE", "VERIFY"),
        ),
        Decision(
            id="needs_verification",
            name="Cần xác minh tại cơ sở?",
            ways=(
                Way(
                    label="Cần",
                    when='outcome == "VERIFY"',
                    steps=(
                        Step(
                            id="verify",
                            name="Xác minh thực địa, gửi biên bản",
                            lane="commune",
                            role="OFFICER",
                            limit="2 ngày làm việc",
                        ),
                    ),
                    to="appraise",
                ),
                Way(label="Không"),
            ),
        ),
        Step(
            id="approve",
            name="Lãnh đạo UBND huyện phê duyệt",
            lane="district",
            role="LEADER",
            limit="1 ngày làm việc",
            outcomes=("APPROVE", "RETURN", "REFUSE"),
        ),
        Decision(
            id="is_approved",
            name="Kết quả phê duyệt?",
            ways=(
                Way(label="Trả lại", when='outcome == "RETURN"', to="appraise"),
                Way(
                    label="Từ chối",
                    when='outcome == "REFUSE"',
                    to=END,
                    end_name="Từ chối giải quyết",
                ),
                Way(label="Đồng ý"),
            ),
        ),
        Step(
            id="issue",
            name="Phát hành, chuyển kết quả về xã",
            lane="district",
            role="CLERK",
            limit="4 giờ",
        ),
        Step(
            id="take_back",
            name="Nhận kết quả từ cấp huyện",
            lane="commune",
            role="CLERK",
            limit="4 giờ",
        ),
    ),
)

COMMUNE_ON_THE_SPOT: Final = Chart(
    id="commune_on_the_spot",
    name="Giải quyết tại chỗ ở cấp xã (2 bước)",
    norm="4 giờ",
    lanes=(Lane(id="commune", name="Bộ phận Một cửa cấp xã", unit=RECEIVING),),
    steps=(
        Step(
            id="appraise",
            name="Thẩm định, dự thảo kết quả",
            lane="commune",
            role="CLERK",
            limit="2 giờ",
        ),
        Step(
            id="approve",
            name="Lãnh đạo UBND xã ký duyệt",
            lane="commune",
            role="LEADER",
            limit="2 giờ",
            outcomes=("APPROVE", "RETURN"),
        ),
        _passed_or_returned_to("appraise", asking="Kết quả ký duyệt?"),
    ),
)
