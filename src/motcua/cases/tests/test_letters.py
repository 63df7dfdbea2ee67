"""The slips of acts on a case: which there are, what they say, in which form of the law, as PDF/A."""

import re
from datetime import date, datetime, timedelta

import pytest

from motcua.cases import actions, letter_slips, letters, queries, slip_words
from motcua.cases.models import Case
from motcua.cases.slip_content import CannotPrintSlip, get_form
from motcua.cases.tests.test_slips import size_of, text_of
from motcua.cases.tests.world import MONDAY, World, make_world
from motcua.engine import slip_texts

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=2)
NAME = "Nguyễn Thị Thúy An"


@pytest.fixture
def world() -> World:
    return make_world()


def open_page(world: World, case: Case, now: datetime = LATER) -> queries.CasePage:
    return queries.get_case_page(case_code=case.code, officer=world.dung, now=now)


def ask(world: World, case: Case, reason: str = "Thiếu bản vẽ có dấu") -> None:
    actions.request_supplement(officer=world.binh, case_code=case.code, reason=reason, now=LATER)


def send_back(world: World, case: Case) -> None:
    actions.return_after_appraisal(
        officer=world.binh,
        case_code=case.code,
        reason="Bản vẽ không khớp hiện trạng",
        now=LATER + timedelta(minutes=6),
    )


def put_off(world: World, case: Case) -> None:
    actions.extend_with_apology(
        officer=world.dung,
        case_code=case.code,
        until=date(2023, 3, 15),
        reason="Chờ ý kiến cơ quan khác",
        now=LATER,
    )


def pay(world: World, case: Case) -> None:
    know = {"case_code": case.code, "now": LATER}
    actions.request_payment(officer=world.binh, reason="Lệ phí 150.000 đồng", **know)  # type: ignore[arg-type]
    actions.record_payment(
        officer=world.cuc,
        case_code=case.code,
        note="Nộp tiền mặt",
        now=LATER + timedelta(minutes=5),
    )


def consult(world: World, case: Case) -> None:
    actions.consult_agency(
        officer=world.binh,
        case_code=case.code,
        agency_code="H19.17",
        question="Vị trí giếng có nằm trong vùng cấm không?",
        limit="2 ngày làm việc",
        now=LATER,
    )


def end(world: World, case: Case, how: str) -> None:
    who = world.cuc if how == "withdraw_case" else world.dung
    getattr(actions, how)(officer=who, case_code=case.code, reason="Không đủ điều kiện", now=LATER)


OPEN = {
    "apology": (
        put_off,
        ["Mẫu số 04", "Văn phòng UBND tỉnh xin lỗi Ông/Bà", "ngày 15 tháng 3 năm 2023"],
    ),
    "consultation": (consult, ["Sở Tài nguyên và Môi trường", "vùng cấm", "ngày 08 tháng 3"]),
    "payment": (pay, ["Lệ phí 150.000 đồng"]),
    "fee": (None, ["Nộp tiền mặt", "Lệ phí 150.000 đồng", "không thay biên lai"]),
    "supplement": (ask, ["Mẫu số 02", "Thiếu bản vẽ có dấu", "NGƯỜI HƯỚNG DẪN"]),
    "returned_file": (
        send_back,
        ["Mẫu số 02", "Qua thẩm định", "Bản vẽ không khớp hiện trạng", "NGƯỜI THẨM ĐỊNH"],
    ),
}
ENDINGS = {
    "refusal": ("refuse_case", ["Mẫu số 03", "Không đủ điều kiện"]),
    "stop": ("stop_case", ["DỪNG GIẢI QUYẾT HỒ SƠ", "Không đủ điều kiện"]),
    "withdrawal": ("withdraw_case", ["RÚT HỒ SƠ", "đã xin rút hồ sơ"]),
}


def require_slip(world: World, case: Case, kind: str, wanted: list[str]) -> None:
    page = open_page(world, case, LATER + timedelta(minutes=9))
    pdf = letter_slips.make_letter(letters.letter_content(page, kind), now=LATER)
    text = text_of(pdf)
    for words in [case.code, "Cấp giấy phép khai thác nước dưới đất", NAME, *wanted]:
        assert words in text, kind
    assert "{" not in text
    offered = {letters.BY_ADDRESS[address] for address, _title in letters.list_letters(page)}
    assert kind in offered


def test_each_act_leads_to_its_slip_which_says_what_happened(world: World) -> None:
    case = world.receive()
    for kind in letters.LETTERS.values():
        with pytest.raises(CannotPrintSlip, match="chưa có việc nào cần"):
            letters.letter_content(open_page(world, case), kind)
    for kind, (act, wanted) in OPEN.items():
        if act:
            act(world, case)
        require_slip(world, case, kind, wanted)
    for kind, (how, wanted) in ENDINGS.items():
        ended = world.receive()
        end(world, ended, how)
        require_slip(world, ended, kind, wanted)


def test_a_slip_is_an_archived_pdf_with_its_fonts_on_the_size_that_is_asked(world: World) -> None:
    case = world.receive()
    ask(world, case)
    content = letters.letter_content(open_page(world, case), "supplement")

    for paper, size in (("", (148, 210)), ("A4", (210, 297))):
        pdf = letter_slips.make_letter(content, paper=paper, now=LATER)

        assert size_of(pdf) == size
        assert b"<pdfaid:part>2</pdfaid:part>" in pdf
        assert b"<pdfaid:conformance>A</pdfaid:conformance>" in pdf
        assert len(re.findall(rb"/FontFile[23]?\b", pdf)) >= 1


def test_a_reason_of_several_lines_keeps_its_lines_and_is_never_read_as_a_field(
    world: World,
) -> None:
    case = world.receive()
    ask(world, case, reason="1. Bản vẽ\n2. Đơn {ly_do} #strong[x]")

    content = letters.letter_content(open_page(world, case), "supplement")

    paragraphs = slip_texts.filled(content.words.parts["body"], content.values)
    texts = ["".join(part.text for part in paragraph) for paragraph in paragraphs]
    assert "1. Bản vẽ" in texts and "2. Đơn {ly_do} #strong[x]" in texts
    text = text_of(letter_slips.make_letter(content, print_number=3, now=LATER))
    assert "2. Đơn {ly_do} #strong[x]" in text
    assert "BẢN SAO, in lần 3" in text


def test_the_slips_that_travel_show_each_stop_and_who_handed_on(world: World) -> None:
    case = world.receive()
    coming = letters.way_content(open_page(world, case), "control")
    task = queries.first_open_task(case.code)
    actions.complete_step(officer=world.cuc, task_id=task.pk, now=LATER)

    content = letters.way_content(open_page(world, case), "control")

    assert [stop.agency for stop in coming.stops] == ["Văn phòng UBND tỉnh"]
    assert coming.stops[0].received_at is None
    assert [(stop.agency, stop.received_from, stop.received_at) for stop in content.stops] == [
        ("Văn phòng UBND tỉnh", "Trần Thị Cúc", LATER)
    ]
    pdf = letter_slips.make_way_slip(content, "control", now=LATER)
    text = text_of(pdf)
    assert "1. Giao: Trần Thị Cúc" in text and "2. Nhận: Văn phòng UBND tỉnh" in text
    assert "Mẫu số 05" in text and "Thẩm định hồ sơ" in text and size_of(pdf) == (148, 210)
    hand_over = letters.way_content(open_page(world, case), "transfer")
    text = text_of(letter_slips.make_way_slip(hand_over, "transfer", paper="A4", now=LATER))
    assert "Bản vẽ vị trí công trình" in text and "II. Nhận kết quả" in text


def test_the_words_of_every_slip_use_its_own_fields_only_and_have_a_form() -> None:
    for kind in slip_words.list_kinds():
        for day in (date(2018, 6, 21), date(2026, 1, 5)):
            words = slip_words.law_words(kind, on=day)
            assert set(words.fields) <= set(slip_words.FIELDS)
            assert set(words.parts) <= set(slip_words.PARTS)
            named: set[str] = set()
            for text in words.parts.values():
                assert slip_texts.problems_of(text, known=words.fields) == (), kind
                named |= slip_texts.fields_in(text)
            assert set(words.must_name) <= named, kind
            assert get_form(kind, on=day).title
