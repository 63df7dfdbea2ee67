"""A workflow before and after its change: a draft rehearsed and tested, running cases moved and back."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import SitDown
from tests.journeys.desk import Desk
from tests.journeys.server import Server

# A newer version of the departments' chart, in which the second step is another by name and id.
PUBLISH = """
from motcua.clock import queries as clock
from motcua.demonstration import content
from motcua.people import queries as people
from motcua.workflow import actions

drawing = content.read_flow_charts()["department-standard"]
drawing = drawing.replace('"assign"', '"hand_out"').replace(">assign<", ">hand_out<")
actions.publish_version(
    officer=people.get_system(),
    key="department-standard",
    name="",
    bpmn_xml=drawing.replace("Lãnh đạo phòng phân công thụ lý", "Giao việc"),
    starts_on=people.day_of(clock.now()),
    now=clock.now(),
)
"""


def test_a_draft_is_rehearsed_on_the_last_quarter_and_tested(sit_down: SitDown) -> None:
    controller = sit_down("vp.ksttthc")
    draft = start_draft(controller)

    controller.open(f"{draft}dien-tap/")
    assert controller.find_barriers() == []
    controller.page.get_by_label("Hồ sơ tiếp nhận trong kỳ").select_option("2023-Q1")
    with controller.page.expect_navigation():
        controller.page.get_by_role("button", name="Diễn tập").click()
    expect(controller.page.locator("#units-title")).to_be_visible()
    assert controller.find_barriers() == []
    figure = controller.page.get_by_role("link", name="trễ hạn theo bản thảo").first
    count = int(figure.inner_text())
    with controller.page.expect_navigation():
        figure.click()
    expect(controller.page.locator("tbody tr")).to_have_count(count)
    assert controller.find_barriers() == []

    controller.open(f"{draft}kich-ban/ghi/?channel=COUNTER")
    for _step in range(5):
        with controller.page.expect_navigation():
            controller.page.locator("button[name=c]").first.click()
    expect(controller.page.locator("main")).to_contain_text("Hồ sơ kết thúc.")
    assert controller.find_barriers() == []
    controller.page.get_by_label("Tên kịch bản").fill("Duyệt ngay lần đầu")
    with controller.page.expect_navigation():
        controller.page.get_by_role("button", name="Ghi kịch bản").click()
    expect(controller.page.get_by_role("row", name="Duyệt ngay lần đầu")).to_contain_text("đúng")
    assert controller.find_barriers() == []


def test_running_cases_are_tried_moved_and_taken_back(sit_down: SitDown, server: Server) -> None:
    server.run(PUBLISH)
    controller = sit_down("vp.ksttthc")

    controller.open("/quy-trinh/xem/department-standard/1/chuyen-ho-so/")
    assert controller.find_barriers() == []
    controller.page.get_by_label(
        "Bước tương ứng của “Lãnh đạo phòng phân công thụ lý”"
    ).select_option("hand_out")
    with controller.page.expect_navigation():
        controller.page.get_by_role("button", name="Chạy thử").click()
    expect(controller.page.locator("main")).to_contain_text(
        "Không chuyển được, ở lại phiên bản cũ: 0."
    )
    assert controller.find_barriers() == []
    controller.page.get_by_label("Lý do chuyển").fill("Đổi tên bước giao việc")
    controller.page.get_by_role("button", name="Chuyển").first.click()
    with controller.page.expect_navigation():
        controller.page.get_by_role("dialog").get_by_role("button", name="Chuyển").click()

    reason = controller.page.get_by_label("Lý do hoàn tác")
    expect(reason).to_be_visible(timeout=60_000)
    assert controller.find_barriers() == []
    reason.fill("Ghép nhầm")
    with controller.page.expect_navigation():
        controller.page.get_by_role("button", name="Hoàn tác").click()

    expect(controller.page.get_by_role("link", name="Đã hoàn tác")).to_be_visible(timeout=60_000)
    expect(controller.page.locator("#progress")).to_have_count(0, timeout=60_000)
    assert server.ask(
        "SELECT count(*) FROM workflow_run r JOIN workflow_version v ON v.id = r.version_id"
        " JOIN workflow_workflow w ON w.id = v.workflow_id"
        " WHERE w.key = 'department-standard' AND v.number = 2 AND r.finished_at IS NULL"
    ) == [(0,)]


def start_draft(desk: Desk) -> str:
    """Start a draft of the Office's five steps and return where it is."""
    desk.open("/quy-trinh/xem/office-5-steps/")
    with desk.page.expect_navigation():
        desk.page.get_by_role("button", name="Soạn phiên bản mới").click()
    return desk.path
