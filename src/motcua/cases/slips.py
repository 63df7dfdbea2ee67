"""The slips of a case as PDF: the receipt (Mẫu số 01) and the slip for handing over a result."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import segno
import typst
from django.utils.translation import gettext as _

import motcua
from motcua.cases import slip_values
from motcua.cases.queries import CasePage
from motcua.cases.register_queries import LineShown
from motcua.cases.slip_content import (
    PAPERS,
    CannotPrintSlip,
    HandOverContent,
    Letterhead,
    PostalSlipContent,
    ReceiptContent,
    RegisterContent,
    ShiftSlipContent,
    SlipHead,
    hand_over_content,
    party_of,
    postal_slip_content,
    receipt_content,
    register_content,
    shift_slip_content,
)
from motcua.cases.slip_words import SlipForm
from motcua.engine import vietnamese
from motcua.engine.moments import VIETNAM
from motcua.engine.wording import clock_time, full_day

__all__ = [
    "PAPERS",
    "CannotPrintLetters",
    "CannotPrintSlip",
    "HandOverContent",
    "ReceiptContent",
    "hand_over_content",
    "make_hand_over_slip",
    "make_label",
    "make_postal_slip",
    "make_receipt",
    "make_register",
    "make_shift_slip",
    "postal_slip_content",
    "receipt_content",
    "register_content",
    "shift_slip_content",
]

TEMPLATES = Path(__file__).with_suffix("")
FONTS = Path(motcua.__file__).parent / "fonts"
FONT = "Tinos"

_UNPRINTABLE = re.compile(r'text `"(.+?)"` could not be displayed')
_SHAPELESS = {"Cc", "Cf"}

# A compiler works for one caller at a time.
_turn = Lock()


class CannotPrintLetters(CannotPrintSlip):
    """The font of slips lacks some letters."""

    def __init__(self, message: str, *, letters: tuple[str, ...]) -> None:
        super().__init__(message)
        self.letters = letters


def make_receipt(
    content: ReceiptContent, *, paper: str = "", print_number: int = 1, now: datetime
) -> bytes:
    """Return the receipt as PDF/A on A5 or A4, the form's own size unless given.

    From the second print on it says that it is a copy, which one, and when. Raises CannotPrintSlip.
    """
    shown: dict[str, Any] = {
        "papers": [
            {"name": line.name, "originals": line.originals, "copies": line.copies}
            for line in content.papers
        ],
        "clerk_name": content.clerk_name,
        "book": content.book,
        "sequence": content.sequence,
        "texts": slip_values.said(content.words, slip_values.of_receipt(content)),
    }
    head = head_of(content, paper=paper, print_number=print_number, now=now)
    return set_slip("receipt", {**head, **shown}, now=now)


def make_hand_over_slip(
    content: HandOverContent, *, paper: str = "", print_number: int = 1, now: datetime
) -> bytes:
    """Return the slip for handing over a result as PDF/A on A5 or A4; raise CannotPrintSlip."""
    shown: dict[str, Any] = {
        "returned_to": content.returned_to,
        "clerk_name": content.clerk_name,
        "texts": slip_values.said(content.words, slip_values.of_hand_over(content)),
    }
    head = head_of(content, paper=paper, print_number=print_number, now=now)
    return set_slip("hand_over", {**head, **shown}, now=now)


def make_label(page: CasePage, *, now: datetime) -> bytes:
    """Return the label for the cover of a paper file: code as bars, owner, procedure and due time.

    For label printers, 80 × 50 mm; it is no paper of law, so a second one is no copy. Raises
    CannotPrintSlip.
    """
    case = page.case
    shown = {
        "case_code": case.code,
        "unit": case.receiving_agency.name,
        "owner": party_of(page, "OWNER").full_name,
        "procedure_name": case.revision.name,
        "due_at": f"{clock_time(case.due_at.astimezone(VIETNAM))} {full_day(case.due_at.astimezone(VIETNAM))}",
        "barcode": _barcode_image(case.code),
    }
    return set_slip("label", shown, now=now)


def make_postal_slip(content: PostalSlipContent, *, print_number: int = 1, now: datetime) -> bytes:
    """Return the slip with which results are handed to the postman; raise CannotPrintSlip."""
    shown: dict[str, Any] = {
        "paper": content.form.paper,
        "form": _form(content.form),
        "letterhead": _letterhead(content.letterhead),
        # What the layout names a paper by, which here belongs to many cases.
        "case_code": content.number,
        "number": content.number,
        "carrier": content.carrier,
        "clerk_name": content.clerk_name,
        "texts": slip_values.said(content.words, slip_values.of_postal_slip(content)),
        "items": [
            {
                "tracking_number": item.tracking_number,
                "case_code": item.case_code,
                "name": item.name,
                "address": item.address,
                "recalled_on": f"{item.recalled_at.astimezone(VIETNAM):%d/%m/%Y}"
                if item.recalled_at
                else "",
            }
            for item in content.items
        ],
        "qr": _qr_image("|".join([content.number, *(i.tracking_number for i in content.items)])),
        "reprinted_at": _reprint_mark(print_number, now),
    }
    return set_slip("postal", shown, now=now)


def make_shift_slip(content: ShiftSlipContent, *, print_number: int = 1, now: datetime) -> bytes:
    """Return the slip with which a shift is handed over; raise CannotPrintSlip."""
    made = content.hand_over
    shown: dict[str, Any] = {
        "paper": content.form.paper,
        "form": _form(content.form),
        "letterhead": _letterhead(content.letterhead),
        # What the layout names a paper by, which here belongs to many cases.
        "case_code": f"{made.day:%Y-%m-%d}/{made.pk}",
        "clerk_name": content.clerk_name,
        "next_clerk_name": content.next_clerk_name,
        "texts": slip_values.said(content.words, slip_values.of_shift(content)),
        "cases": [
            {
                "code": case.code,
                "owner": case.owners[0].full_name if case.owners else "",  # type: ignore[attr-defined]
                "procedure": case.revision.name,
            }
            for case in content.cases
        ],
        "qr": _qr_image("|".join([f"{made.day:%Y-%m-%d}/{made.pk}", *made.case_codes[:40]])),
        "reprinted_at": _reprint_mark(print_number, now),
    }
    return set_slip("shift", shown, now=now)


def make_register(content: RegisterContent, lines: Iterable[LineShown], *, now: datetime) -> bytes:
    """Return a register, or the lines chosen of it, as PDF/A on A4 across; raise CannotPrintSlip."""
    book = content.book
    shown: dict[str, Any] = {
        "paper": content.form.paper,
        "form": _form(content.form),
        "letterhead": _letterhead(content.letterhead),
        "case_code": content.code,
        "texts": slip_values.said(content.words, slip_values.of_register(content)),
        "closed_by": str(book.closed_by) if book.closed_by else "",
        "lines": [
            {
                "number": line.number,
                "code": line.code,
                "procedure": line.procedure,
                "sets": line.sets,
                "owner": line.owner,
                "address": ", ".join(filter(None, (line.address, line.phone))),
                "settling": line.settling,
                "received_at": _short(line.received_at),
                "due_at": _short(line.due_at),
                "returned_at": _short(line.returned_at),
                "way": "Bưu chính" if line.by_post else "Trực tiếp",
                "receiver": line.receiver,
                "note": line.note,
            }
            for line in lines
        ],
        "qr": _qr_image(content.code),
        "reprinted_at": "",
    }
    return set_slip("register", shown, now=now)


def _short(moment: datetime | None) -> str:
    return f"{moment.astimezone(VIETNAM):%H:%M %d/%m/%Y}" if moment else ""


def head_of(content: SlipHead, *, paper: str, print_number: int, now: datetime) -> dict[str, Any]:
    """Return what every slip shows: letterhead, codes, form, and whether it is a reprint."""
    wanted = paper or content.form.paper
    if wanted not in PAPERS:
        raise CannotPrintSlip(
            _("Không in được trên khổ giấy “%(paper)s”. Hãy chọn %(papers)s.")
            % {"paper": wanted, "papers": " / ".join(PAPERS)}
        )
    return {
        "paper": wanted,
        "form": _form(content.form),
        "letterhead": _letterhead(content.letterhead),
        "case_code": content.case_code,
        "procedure_name": content.procedure_name,
        "qr": _qr_image(content.qr_text),
        "barcode": _barcode_image(content.case_code),
        "reprinted_at": _reprint_mark(print_number, now),
    }


def _form(form: SlipForm) -> dict[str, str]:
    return {"number": form.number, "title": form.title, "issued_with": form.issued_with}


def _letterhead(head: Letterhead) -> dict[str, str]:
    return {
        "superior": head.superior,
        "unit": head.unit,
        "place": head.place,
        "day": slip_values.day_text(head.issued_at.astimezone(VIETNAM)) if head.issued_at else "",
    }


def _reprint_mark(print_number: int, now: datetime) -> str:
    """Return what says that a paper is a copy, or nothing on the first print."""
    if print_number <= 1:
        return ""
    local = now.astimezone(VIETNAM)
    return f"BẢN SAO, in lần {print_number} lúc {clock_time(local)} ngày {full_day(local)}"


def _qr_image(text: str) -> str:
    image = io.BytesIO()
    segno.make(text, error="m", micro=False).save(image, kind="svg", border=0, xmldecl=False)
    return image.getvalue().decode()


def _barcode_image(code: str) -> str:
    """Return the bars of a case code in Code 128, without the text beneath."""
    from barcode.codex import Code128  # noqa: PLC0415 - slow to load
    from barcode.errors import BarcodeError  # noqa: PLC0415

    try:
        bars = str(Code128(code).build()[0])
    except BarcodeError as error:
        raise CannotPrintSlip(
            _(
                "Mã hồ sơ “%(code)s” có ký tự không in được thành mã vạch. Hãy báo quản trị hệ thống "
                "kiểm tra mã định danh của cơ quan."
            )
            % {"code": code}
        ) from error
    drawn = "".join(
        f"M{bar.start()} 0h{len(bar.group())}v1h-{len(bar.group())}z"
        for bar in re.finditer("1+", bars)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(bars)} 1" '
        f'preserveAspectRatio="none"><path d="{drawn}"/></svg>'
    )


def set_slip(template: str, shown: Mapping[str, Any], *, now: datetime) -> bytes:
    """Set a slip from its template. What people typed goes in as values, never as typst source."""
    content = json.dumps(_cleaned(shown), ensure_ascii=False)
    try:
        with _turn:
            made = _compiler(template, FONTS).compile(
                format="pdf",
                sys_inputs={"content": content},
                # For the archive, and for screen readers.
                pdf_standards=["a-2a", "ua-1"],
                timestamp=int(now.timestamp()),
            )
    except typst.TypstError as error:
        letters = _UNPRINTABLE.findall(error.diagnostic)
        if not letters:
            raise
        raise CannotPrintLetters(
            _(
                "Giấy của hồ sơ %(code)s có ký tự mà phông chữ %(font)s không in được: %(letters)s. Hãy "
                "sửa tên hoặc địa chỉ theo giấy tờ tùy thân (chữ La-tinh) rồi in lại."
            )
            % {"code": shown["case_code"], "font": FONT, "letters": ", ".join(letters)},
            letters=tuple(letters),
        ) from error
    assert isinstance(made, bytes), "typst gives a PDF as one piece"
    return made


def _cleaned(value: Any) -> Any:
    """Return texts composed (NFC) and without signs that have no shape, which PDF/A refuses."""
    if isinstance(value, str):
        shown = (
            sign for sign in vietnamese.tidy(value) if unicodedata.category(sign) not in _SHAPELESS
        )
        return "".join(shown)
    if isinstance(value, Mapping):
        return {key: _cleaned(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_cleaned(part) for part in value]
    return value


@cache
def _compiler(template: str, fonts: Path) -> typst.Compiler:
    """Return the compiler of a template with its fonts loaded; raise CannotPrintSlip without them."""
    found = typst.Fonts(include_system_fonts=False, font_paths=[str(fonts)])
    if FONT not in found.families():
        raise CannotPrintSlip(
            _(
                "Chưa có phông chữ %(font)s để in giấy. Hãy cài lại phần mềm với bước dựng giao diện "
                "(phông chữ nằm ở %(folder)s)."
            )
            % {"font": FONT, "folder": f"{fonts.parent.name}/{fonts.name}"}
        )
    return typst.Compiler(
        input=str(TEMPLATES / f"{template}.typ"), root=str(TEMPLATES), font_paths=found
    )
