"""The receipt and the slip for handing over: what is printed, where, and that it can be read."""

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pypdfium2 as pdfium
import pytest
import segno
from barcode.codex import Code128

from motcua.cases import slips
from motcua.cases.slip_content import (
    CannotPrintSlip,
    HandOverContent,
    Letterhead,
    PaperLine,
    PartyLine,
    PostalReturn,
    ReceiptContent,
    get_form,
)
from motcua.cases.slip_words import law_words
from motcua.engine.moments import VIETNAM

RECEIVED = datetime(2023, 3, 14, 9, 32, tzinfo=VIETNAM)
DUE = datetime(2023, 5, 8, 9, 32, tzinfo=VIETNAM)
NOW = datetime(2023, 3, 16, 9, 5, tzinfo=VIETNAM)
MM = 72 / 25.4
AN = PartyLine(
    full_name="Nguyễn Thị Thúy An",
    identity_number="075193000123",
    phone="0912345678",
    email="an.nguyen@example.vn",
    address="12/4 đường Võ Thị Sáu, phường Quyết Thắng, thành phố Biên Hòa",
)
COMPANY = PartyLine(
    full_name="Công ty TNHH Nước sạch Đồng Nai",
    is_organisation=True,
    identity_number="3600123457",
    address="Số 1 đường Nguyễn Ái Quốc, thành phố Biên Hòa",
)
LETTERS = (
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
)


def make_content(**changes: object) -> ReceiptContent:
    form = get_form("receipt", on=RECEIVED.date())
    values: dict[str, object] = {
        "form": form,
        "letterhead": Letterhead(
            superior="Văn phòng Ủy ban nhân dân tỉnh",
            unit="Trung tâm Hành chính công tỉnh",
            place="Đồng Nai",
            issued_at=RECEIVED,
        ),
        "case_code": "000.01.01.H19-230314-0001",
        "procedure_name": "Cấp giấy phép khai thác nước dưới đất dưới 3.000 m³/ngày đêm",
        "qr_text": "000.01.01.H19-230314-0001",
        "words": law_words("receipt", on=RECEIVED.date()),
        "applicant": AN,
        "papers": (
            PaperLine(name="Đơn đề nghị cấp giấy phép", originals=1, copies=0),
            PaperLine(name="Sơ đồ khu vực và vị trí công trình", originals=0, copies=2),
        ),
        "dossiers": 1,
        "limit": "35 ngày làm việc",
        "received_at": RECEIVED,
        "due_at": DUE,
        "collected_at": "Trung tâm Hành chính công tỉnh",
        "look_up_at": "Cổng Dịch vụ công của tỉnh",
        "clerk_name": "Trần Thị Cúc",
    }
    return ReceiptContent(**{**values, **changes})  # type: ignore[arg-type]


def make_hand_over(**changes: object) -> HandOverContent:
    receipt = make_content()
    values: dict[str, object] = {
        "form": get_form("hand_over", on=RECEIVED.date()),
        "letterhead": receipt.letterhead,
        "case_code": receipt.case_code,
        "procedure_name": receipt.procedure_name,
        "qr_text": receipt.qr_text,
        "words": law_words("hand_over", on=RECEIVED.date()),
        "owner": COMPANY,
        "result": "Giấy phép khai thác nước dưới đất",
        "received_at": RECEIVED,
        "due_at": DUE,
        "finished_at": DUE - timedelta(days=3),
        "returned_at": DUE - timedelta(hours=1),
        "returned_to": "Nguyễn Thị Thúy An",
        "clerk_name": "Trần Thị Cúc",
    }
    return HandOverContent(**{**values, **changes})  # type: ignore[arg-type]


def text_of(pdf: bytes) -> str:
    """Return the text of all pages, lines and spaces made one."""
    with pdfium.PdfDocument(pdf) as document:
        pages = (page.get_textpage().get_text_bounded() for page in document)
        return " ".join(" ".join(pages).split())


def size_of(pdf: bytes) -> tuple[int, int]:
    """Return the size of the first page in millimetres."""
    with pdfium.PdfDocument(pdf) as document:
        width, height = document[0].get_size()
        return round(width / MM), round(height / MM)


def is_dark(pdf: bytes, points: list[tuple[float, float]]) -> Iterator[bool]:
    """Say of each point of the first page, in millimetres from the top left, whether it is dark."""
    scale = 12
    with pdfium.PdfDocument(pdf) as document:
        image = document[0].render(scale=scale, grayscale=True).to_pil()
    for x, y in points:
        yield image.getpixel((int(x * MM * scale), int(y * MM * scale))) < 128


def test_the_receipt_shows_every_field() -> None:
    content = make_content(owner=COMPANY, book="02", sequence="0361")

    text = text_of(slips.make_receipt(content, now=NOW))

    for wanted in (
        "Mẫu số 01 – Thông tư số 01/2018/TT-VPCP",
        "VĂN PHÒNG ỦY BAN NHÂN DÂN TỈNH",
        "TRUNG TÂM HÀNH CHÍNH CÔNG TỈNH",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Đồng Nai, ngày 14 tháng 3 năm 2023",
        "Mã hồ sơ: 000.01.01.H19-230314-0001",
        "Quyển số: 02 Số thứ tự: 0361",
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        "Tiếp nhận hồ sơ của: Nguyễn Thị Thúy An",
        "Số CCCD / CMND / Hộ chiếu: 075193000123",
        "Địa chỉ: 12/4 đường Võ Thị Sáu, phường Quyết Thắng, thành phố Biên Hòa",
        "Số điện thoại: 0912345678",
        "Email: an.nguyen@example.vn",
        "Chủ hồ sơ: Công ty TNHH Nước sạch Đồng Nai",
        "Mã số doanh nghiệp của chủ hồ sơ: 3600123457",
        "Địa chỉ chủ hồ sơ: Số 1 đường Nguyễn Ái Quốc, thành phố Biên Hòa",
        "Cấp giấy phép khai thác nước dưới đất dưới 3.000 m³/ngày đêm",
        "1 Đơn đề nghị cấp giấy phép 1 0",
        "2 Sơ đồ khu vực và vị trí công trình 0 2",
        "2. Số lượng hồ sơ: 01 (bộ)",
        "3. Thời gian giải quyết hồ sơ theo quy định: 35 ngày làm việc",
        "4. Thời gian nhận hồ sơ: 09 giờ 32 phút, ngày 14 tháng 3 năm 2023",
        "5. Thời gian trả kết quả: 09 giờ 32 phút, Thứ Hai ngày 08 tháng 5 năm 2023",
        "6. Đăng ký nhận kết quả tại: Trung tâm Hành chính công tỉnh",
        "bằng mã hồ sơ trên Cổng Dịch vụ công của tỉnh.",
        "NGƯỜI NỘP HỒ SƠ",
        "NGƯỜI TIẾP NHẬN HỒ SƠ",
        "Trần Thị Cúc",
    ):
        assert wanted in text
    assert "BẢN SAO" not in text
    assert "đại diện" not in text and "bưu chính" not in text


def test_the_receipt_names_who_stands_for_whom_and_where_the_post_takes_the_result() -> None:
    mother = PartyLine(full_name="Lê Thị Bé", identity_number="075180000456")
    post = PostalReturn(
        carrier="Tổng công ty Bưu điện Việt Nam",
        receiver="Lê Thị Bé, 0987",
        address="Số 9, xã Tân An",
    )

    text = text_of(
        slips.make_receipt(
            make_content(owner=COMPANY, representative=mother, postal_return=post), now=NOW
        )
    )

    assert "Người đại diện: Lê Thị Bé, đại diện cho: Công ty TNHH Nước sạch Đồng Nai" in text
    assert "Số giấy tờ của người đại diện: 075180000456" in text
    assert "6. Đăng ký nhận kết quả tại: Số 9, xã Tân An" in text
    assert (
        "Trả kết quả qua bưu chính: Tổng công ty Bưu điện Việt Nam; người nhận: Lê Thị Bé, 0987"
        in text
    )


def test_the_hand_over_slip_shows_every_field() -> None:
    text = text_of(slips.make_hand_over_slip(make_hand_over(), now=NOW))

    for wanted in (
        "GIẤY BIÊN NHẬN TRẢ KẾT QUẢ",
        "Mã hồ sơ: 000.01.01.H19-230314-0001",
        "Chủ hồ sơ: Công ty TNHH Nước sạch Đồng Nai",
        "Mã số doanh nghiệp: 3600123457",
        "Thời gian hẹn trả kết quả: 09 giờ 32 phút, ngày 08 tháng 5 năm 2023",
        "Thời gian có kết quả: 09 giờ 32 phút, ngày 05 tháng 5 năm 2023",
        "Kết quả giải quyết: Giấy phép khai thác nước dưới đất",
        "Thời gian trả kết quả: 08 giờ 32 phút, ngày 08 tháng 5 năm 2023",
        "Người nhận kết quả: Nguyễn Thị Thúy An",
        "NGƯỜI TRẢ KẾT QUẢ",
        "Trần Thị Cúc",
    ):
        assert wanted in text
    assert "Mẫu số" not in text


@pytest.mark.parametrize(
    ("paper", "size"), [("", (148, 210)), ("A5", (148, 210)), ("A4", (210, 297))]
)
def test_the_paper_is_the_one_asked_for_or_the_one_of_the_form(
    paper: str, size: tuple[int, int]
) -> None:
    receipt = slips.make_receipt(make_content(), paper=paper, now=NOW)
    hand_over = slips.make_hand_over_slip(make_hand_over(), paper=paper, now=NOW)

    assert size_of(receipt) == size
    assert size_of(hand_over) == size


def test_another_paper_is_refused_with_the_papers_there_are() -> None:
    with pytest.raises(CannotPrintSlip, match="“A3”.*A5 / A4"):
        slips.make_receipt(make_content(), paper="A3", now=NOW)


def test_a_reprint_says_so_and_when() -> None:
    receipt = slips.make_receipt(make_content(), print_number=2, now=NOW)
    hand_over = slips.make_hand_over_slip(make_hand_over(), print_number=2, now=NOW)

    assert "BẢN SAO, in lần 2 lúc 09:05 ngày 16/03/2023" in text_of(receipt)
    assert "BẢN SAO, in lần 2 lúc 09:05 ngày 16/03/2023" in text_of(hand_over)


@pytest.mark.parametrize(
    "name",
    [
        "Bùi #let x = 1 $y$ *đậm* _nghiêng_ \\emph `mã` <nhãn> @dẫn \"kép\" 'đơn' -- ... ~",
        '#image("/etc/passwd") #panic() // chú thích /* */',
        "= Tiêu đề - 1. + {} [] () %s %(x)s {{ x }} </svg>",
    ],
)
def test_what_people_typed_is_printed_and_never_run(name: str) -> None:
    text = text_of(slips.make_receipt(make_content(applicant=replace(AN, full_name=name)), now=NOW))

    assert f"Tiếp nhận hồ sơ của: {name}" in text


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_every_vietnamese_letter_is_printed(form: str) -> None:
    name = f"{LETTERS} {LETTERS.upper()}"
    wide = " ".join(name[i : i + 20] for i in range(0, len(name), 20))
    content = make_content(
        applicant=replace(AN, full_name=unicodedata.normalize(form, wide)),  # type: ignore[arg-type]
        papers=(PaperLine(name=unicodedata.normalize(form, wide), originals=1, copies=0),),  # type: ignore[arg-type]
    )

    text = text_of(slips.make_receipt(content, now=NOW))

    assert text.count(wide) == 2
    assert text == unicodedata.normalize("NFC", text)


def test_a_letter_that_the_font_lacks_is_named() -> None:
    content = make_content(applicant=replace(AN, full_name="王 An"))

    with pytest.raises(CannotPrintSlip, match="Tinos không in được: 王"):
        slips.make_receipt(content, now=NOW)


def test_signs_without_a_shape_are_left_out() -> None:
    content = make_content(applicant=replace(AN, full_name="\ufeffNguyễn\u200b Thị\x07 An\n"))

    assert "hồ sơ của: Nguyễn Thị An Số" in text_of(slips.make_receipt(content, now=NOW))


@pytest.mark.parametrize("paper", ["A5", "A4"])
def test_what_is_missing_becomes_a_dotted_line(paper: str) -> None:
    content = make_content(
        applicant=PartyLine(full_name="Nguyễn Thị Thúy An"),
        papers=(),
        dossiers=None,
        limit="",
        collected_at="",
        clerk_name="",
        letterhead=Letterhead(superior="", unit="Cục Thuế tỉnh", place="", issued_at=None),
    )

    text = text_of(slips.make_receipt(content, paper=paper, now=NOW)).replace(" ", "")

    for label in ("Địachỉ:", "Sốđiệnthoại:", "Email:", "Quyểnsố:", "theoquyđịnh:", "kếtquảtại:"):
        assert f"{label}...." in text
    assert "tháng..." in text


@pytest.mark.parametrize("paper", ["A5", "A4"])
def test_twenty_papers_go_on_to_a_second_page_under_the_same_heads(paper: str) -> None:
    papers = tuple(
        PaperLine(name=f"Giấy tờ số {n} có tên khá dài " + "rất dài " * 12, originals=n, copies=1)
        for n in range(1, 21)
    )

    pdf = slips.make_receipt(make_content(papers=papers), paper=paper, now=NOW)

    with pdfium.PdfDocument(pdf) as document:
        pages = [" ".join(p.get_textpage().get_text_bounded().split()) for p in document]
    assert len(pages) == 2
    assert "Trang 1/2" in pages[0]
    assert "Thành phần hồ sơ Bản chính Bản sao" in pages[1]
    assert "Giấy tờ số 20 " in pages[1]
    assert "NGƯỜI TIẾP NHẬN HỒ SƠ" in pages[1]
    assert all("000.01.01.H19-230314-0001" in page for page in pages)


def test_the_usual_receipt_fits_on_one_page() -> None:
    papers = tuple(PaperLine(name=f"Giấy tờ số {n}", originals=1, copies=0) for n in range(1, 8))

    for paper in ("A5", "A4"):
        pdf = slips.make_receipt(make_content(papers=papers), paper=paper, print_number=2, now=NOW)
        with pdfium.PdfDocument(pdf) as document:
            assert len(document) == 1


def test_a_long_name_and_procedure_are_not_cut_off() -> None:
    name = "Công ty Trách nhiệm hữu hạn " + "Đầu tư và Phát triển " * 8 + "Hết"
    procedure = "Thẩm định " + "báo cáo đánh giá tác động môi trường " * 15 + "xong"

    text = text_of(
        slips.make_receipt(
            make_content(applicant=replace(AN, full_name=name), procedure_name=procedure), now=NOW
        )
    )

    assert name in text
    assert procedure in text


@pytest.mark.parametrize(("paper", "left", "top", "side"), [("A5", 14, 12, 17), ("A4", 30, 19, 22)])
def test_the_qr_code_stands_top_left_and_holds_its_text(
    paper: str, left: int, top: int, side: int
) -> None:
    wanted = "000.01.01.H19-230314-0001|1.004228|075193000123|Giấy tiếp nhận hồ sơ"
    matrix = segno.make(wanted, error="m", micro=False).matrix
    module = side / len(matrix)
    points = [
        (left + (column + 0.5) * module, top + (row + 0.5) * module)
        for row in range(len(matrix))
        for column in range(len(matrix))
    ]

    pdf = slips.make_receipt(make_content(qr_text=wanted), paper=paper, now=NOW)

    assert list(is_dark(pdf, points)) == [bool(cell) for row in matrix for cell in row]


def test_the_bars_are_the_case_code_in_code_128() -> None:
    code = "000.01.01.H19-230314-10000"
    bars = str(Code128(code).build()[0])
    module = 58 / len(bars)
    # The bars end at the right margin; on which line they stand depends on the head above them.
    columns = [148 - 10 - 58 + (place + 0.5) * module for place in range(len(bars))]

    pdf = slips.make_receipt(make_content(case_code=code), paper="A5", now=NOW)

    lines = [list(is_dark(pdf, [(x, float(y)) for x in columns])) for y in range(30, 44, 3)]
    assert [bar == "1" for bar in bars] in lines


def test_the_pdf_is_for_the_archive_and_for_screen_readers() -> None:
    pdf = slips.make_receipt(make_content(), now=NOW)

    with pdfium.PdfDocument(pdf) as document:
        title = document.get_metadata_value("Title")
    assert title == "Giấy tiếp nhận hồ sơ và hẹn trả kết quả – 000.01.01.H19-230314-0001"
    assert b"/Lang (vi-VN)" in pdf or b"/Lang(vi-VN)" in pdf
    assert b"pdfaid:part>2<" in pdf
    assert b"pdfuaid:part>1<" in pdf


def test_the_same_content_at_the_same_time_gives_the_same_bytes() -> None:
    first = slips.make_receipt(make_content(), now=NOW)
    second = slips.make_receipt(make_content(), now=NOW)

    assert first == second


def test_without_its_font_the_slip_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slips, "FONTS", tmp_path / "fonts")

    with pytest.raises(CannotPrintSlip, match="Chưa có phông chữ Tinos"):
        slips.make_receipt(make_content(), now=NOW)
