"""Each page for everybody: without barriers, on a phone, by keyboard, in two languages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import SitDown
from tests.journeys.desk import DESKTOP, PHONE

# Who opens which page, and how it is headed in English.
PAGES = {
    "/viec-cua-toi/": ("tt.tiepnhan1", "My work"),
    "/tiep-nhan/": ("tt.tiepnhan1", "Case reception"),
    "/tiep-nhan/?q=bang+khen": ("tt.tiepnhan1", "Case reception"),
    "/tiep-nhan/2.000449/": ("tt.tiepnhan1", ""),
    "/truc-tuyen/": ("tt.tiepnhan1", "Online"),
    "/truc-tuyen/chuyen-den/": ("tt.tiepnhan1", "other systems"),
    "/truc-tuyen/chuyen-den/1/": ("tt.tiepnhan1", "G14.03-20230220-0000159"),
    "/truc-tuyen/chuyen-den/1/noi-giu/": ("tt.tiepnhan1", "Hand the status back"),
    "/truc-tuyen/tin-gui/": ("tt.tiepnhan1", "told to other systems"),
    "/tra-ket-qua/": ("tt.tiepnhan1", "Return"),
    "/tiep-nhan/nhieu-ho-so/": ("tt.tiepnhan1", "Many files"),
    "/tiep-nhan/ngoai-tuyen/": ("tt.tiepnhan1", "Offline"),
    "/giao-ca/": ("tt.tiepnhan1", "Hand over"),
    "/xep-hang/": ("tt.tiepnhan1", "Queue"),
    "/xep-hang/lay-so/": ("tt.tiepnhan1", ""),
    "/xep-hang/man-hinh/": ("tt.tiepnhan1", ""),
    "/ket-qua/": ("tt.tiepnhan1", "Find a result"),
    "/buu-chinh/": ("tt.tiepnhan1", "Post"),
    "/so-theo-doi/": ("tt.tiepnhan1", "Register of cases"),
    "/ho-so/": ("tt.tiepnhan1", "Cases"),
    "/ho-so/nhat-ky-tai-ve/": ("vp.quantri", "Log of exports"),
    "/ho-so/?q=zzz": ("tt.tiepnhan1", "Cases"),
    "/ho-so/000.01.01.H19-230220-0003/ai-da-xem/": ("vp.ksttthc", "Who looked"),
    "/phan-cong/": ("vp.lanhdao", "Assignment"),
    "/phan-cong/vang-mat/": ("vp.lanhdao", "stand-ins"),
    "/lay-y-kien/": ("vp.chuyenvien1", "Opinions asked for"),
    "/thu-tuc/": ("vp.ksttthc", "procedures"),
    "/thu-tuc/2.000437/": ("vp.ksttthc", "Certificate of merit"),
    "/thu-tuc/nhap/": ("vp.ksttthc", "Import"),
    "/bao-cao/mot-cua/?unit=H19.01&period=2023-Q1": ("vp.ksttthc", "One-stop table"),
    "/bao-cao/tre-han/?unit=H19.01&period=2023-Q1": ("vp.ksttthc", "Who lost the time"),
    "/bao-cao/tre-han/ho-so/?unit=H19.01&first_day=15/12/2022&last_day=14/03/2023": (
        "vp.ksttthc",
        "All late",
    ),
    "/bao-cao/tai-cho/?unit=H19.01&period=2023-Q1": ("vp.ksttthc", "On the spot"),
    "/bao-cao/qua-tai/?unit=H19.01&period=2023-Q1&include_subordinate=on": (
        "vp.lanhdao",
        "Overload",
    ),
    "/bao-cao/qua-tai/viec/?unit=H19.01&first_day=15/12/2022&last_day=14/03/2023&part=open": (
        "vp.lanhdao",
        "Waiting tasks",
    ),
    "/bao-cao/": ("vp.ksttthc", "Reports"),
    "/bao-cao/bieu/ii_06a/?unit=H19.01&period=2023-Q1": ("vp.ksttthc", "Settlement"),
    "/bao-cao/bieu/service_index/thu-tuc/?period=2023-Q1&indicator=services_used": (
        "vp.ksttthc",
        "Online services in use",
    ),
    "/bao-cao/bieu/reform_form_3/?period=2023-Q1": ("vp.ksttthc", "Form 3"),
    "/bao-cao/nguyen-nhan/?unit=H19.01&period=2023-Q1": ("vp.ksttthc", "Causes of lateness"),
    "/bao-cao/thuyet-minh/?period=2023-Q1": ("vp.ksttthc", "Narrative"),
    "/bao-cao/so-lieu-nhap/?unit=H19.01&period=2023-Q1": ("vp.ksttthc", "Entered figures"),
    "/bao-cao/soat-so-lieu/": ("vp.ksttthc", "Check figures"),
    "/quy-trinh/": ("tt.tiepnhan1", "Workflows"),
    "/quy-trinh/xem/office-5-steps/": ("vp.ksttthc", ""),
    "/quy-trinh/xem/office-5-steps/1/": ("vp.ksttthc", "Version 1"),
    "/quy-trinh/xem/office-5-steps/1/thoi-ap-dung/": ("vp.ksttthc", "out of force"),
    "/quy-trinh/xem/office-5-steps/noi-goi/": ("vp.ksttthc", "Callers"),
    "/quy-trinh/quyet-dinh/": ("vp.ksttthc", "Register"),
    "/quy-trinh/soan-moi/": ("vp.ksttthc", "Draw a new workflow"),
    "/quy-trinh/ban-thao/1/": ("xaydung.chuyenvien", "Draft 1"),
    "/quy-trinh/ban-thao/1/ve/": ("xaydung.chuyenvien", ""),
    "/quy-trinh/ban-thao/1/kich-ban/": ("xaydung.chuyenvien", "Recorded tests"),
    "/quy-trinh/ban-thao/1/kich-ban/ghi/": ("xaydung.chuyenvien", "Record a test"),
    "/quy-trinh/ban-thao/1/dien-tap/": ("xaydung.chuyenvien", "Rehearsal"),
    "/quy-trinh/so-sanh-so-buoc/": ("vp.ksttthc", "Comparison of steps"),
    "/quy-trinh/xem/office-5-steps/1/chuyen-ho-so/": ("vp.ksttthc", "Move running cases"),
    "/thong-bao/": ("tt.tiepnhan1", "Notices"),
    "/nguy-co-tre/": ("vp.ksttthc", "Risk of lateness"),
    "/nguy-co-tre/doi-chieu/": ("vp.ksttthc", "Risk of lateness: how far"),
    "/luat/": ("tt.tiepnhan1", "law"),
    "/luat/lich/": ("tt.tiepnhan1", "calendar"),
    "/luat/nghi-le/": ("vp.ksttthc", "Decisions"),
    "/luat/tam-ngung/": ("vp.ksttthc", "majeure"),
    "/luat/van-ban/": ("tt.tiepnhan1", "documents"),
    "/luat/mau-giay/": ("vp.ksttthc", "Words of slips"),
    "/luat/mau-giay/receipt/": ("vp.ksttthc", "Receipt"),
    "/cong/neu-nop/": ("", ""),
    "/quan-tri/": ("vp.quantri", "Posts"),
    "/quan-tri/giao-vi-tri/": ("vp.quantri", "post"),
    "/quan-tri/tai-khoan/them/": ("vp.quantri", "account"),
    "/quan-tri/tai-khoan/2/": ("vp.quantri", ""),
    "/quan-tri/co-quan/": ("vp.quantri", "Agencies"),
    "/quan-tri/co-quan/them/": ("vp.quantri", "Add an agency"),
    "/quan-tri/co-quan/H19.17/giai-the/": ("vp.quantri", "Dissolve an agency"),
    "/quan-tri/co-quan/H19.01/giai-the/cases/": ("vp.quantri", "Cases being settled"),
    "/tai-khoan/logout/": ("vp.quantri", "Sign out"),
    "/tai-khoan/password/change/": ("vp.quantri", "Change password"),
    "/tai-khoan/login/": ("", "Sign in"),
}
VIETNAMESE = re.compile(
    "[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE
)
# Words of the product itself; names and titles out of the data stay as they are.
OWN_WORDS = (
    "//th[@scope='col'] | //legend | //dt | //*[contains(concat(' ', @class, ' '), ' rail-label ')]"
    " | //*[contains(concat(' ', @class, ' '), ' sign ')] | //*[contains(concat(' ', @class, ' '), ' field-help ')]"
    " | //*[contains(concat(' ', @class, ' '), ' page-actions ')]//*[contains(concat(' ', @class, ' '), ' btn ')]"
    " | //*[contains(concat(' ', @class, ' '), ' form-actions ')]//*[contains(concat(' ', @class, ' '), ' btn ')]"
    " | //*[contains(concat(' ', @class, ' '), ' empty-state ')]//h2"
)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_barriers_on_desktop_and_phone_by_day_and_by_night(
    go_back_to: SitDown, path: str
) -> None:
    person, _heading = PAGES[path]
    desk = go_back_to(person)

    desk.open(path)

    assert desk.find_barriers() == []


@pytest.mark.parametrize("path", [path for path in PAGES if PAGES[path][1]])
def test_a_page_speaks_english_when_asked(go_back_to: SitDown, path: str) -> None:
    person, heading = PAGES[path]
    desk = go_back_to(person)
    desk.context.add_cookies([{"name": "django_language", "value": "en", "url": desk.address}])

    # What the server writes is looked at; the browser would draw it and say the same words.
    page = desk.fetch_page(path)
    desk.context.clear_cookies(name="django_language")

    (headed,) = page.xpath("//h1")
    assert heading.lower() in headed.text_content().lower()
    assert page.get("lang") == "en"
    words = [" ".join(found.text_content().split()) for found in page.xpath(OWN_WORDS)]
    assert [text for text in words if VIETNAMESE.search(text)] == []


def test_the_language_is_switched_and_switched_back(sit_down: SitDown) -> None:
    desk = sit_down("tt.tiepnhan3")
    desk.open("/ho-so/?q=Thuan")

    headings = []
    for language in ("English", "Tiếng Việt"):
        desk.page.locator("details.menu > summary").last.click()
        with desk.page.expect_navigation():
            desk.page.get_by_role("button", name=language).click()
        headings.append(desk.heading)

    assert headings == ["Cases", "Hồ sơ"]
    assert desk.page.url.endswith("/ho-so/?q=Thuan")


def test_the_keyboard_skips_to_the_content(sit_down: SitDown) -> None:
    desk = sit_down("tt.tiepnhan3")
    desk.open("/ho-so/")

    desk.tab_to(".skip-link")
    expect(desk.page.locator(".skip-link")).to_be_in_viewport()
    desk.page.keyboard.press("Enter")

    expect(desk.page.locator("main")).to_be_focused()


def test_the_keyboard_opens_and_closes_the_list_of_keys(sit_down: SitDown) -> None:
    desk = sit_down("tt.tiepnhan3")
    desk.open("/ho-so/")

    desk.page.keyboard.press("?")
    expect(desk.page.get_by_role("dialog", name="Phím tắt")).to_be_visible()
    assert desk.find_barriers() == []
    desk.page.keyboard.press("Escape")

    expect(desk.page.get_by_role("dialog", name="Phím tắt")).to_be_hidden()


def test_the_rail_opens_on_a_phone(sit_down: SitDown) -> None:
    desk = sit_down("tt.tiepnhan3")
    desk.page.set_viewport_size(PHONE)
    desk.open("/ho-so/")

    desk.page.get_by_role("button", name="Mở danh mục việc").click()
    expect(desk.page.locator(".rail")).to_be_in_viewport()
    with desk.page.expect_navigation():
        desk.page.locator(".rail").get_by_role("link", name="Tiếp nhận").click()

    assert desk.heading == "Tiếp nhận hồ sơ"
    desk.page.set_viewport_size(DESKTOP)


def test_whoever_wishes_less_motion_gets_none(sit_down: SitDown) -> None:
    desk = sit_down("tt.tiepnhan3")
    desk.open("/ho-so/")

    desk.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    expect(desk.page.locator("html")).to_have_attribute("data-bs-theme", "dark")

    assert desk.page.evaluate("document.getAnimations().length") == 0


def test_whoever_has_two_posts_works_in_the_one_they_choose(sit_down: SitDown) -> None:
    desk = sit_down("haichucvu")
    desk.open("/viec-cua-toi/")

    for place in ("Trung tâm Hành chính công tỉnh", "Văn phòng Ủy ban nhân dân tỉnh"):
        desk.page.locator("details.post-menu > summary").click()
        with desk.page.expect_navigation():
            desk.page.locator("details.post-menu").get_by_role("button", name=place).click()
        expect(desk.page.locator("details.post-menu > summary")).to_contain_text(place)
