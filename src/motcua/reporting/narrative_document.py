"""The narrative report as a text document (DOCX), in the form of an office's letter."""

from __future__ import annotations

import io

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from motcua.engine import moments
from motcua.reporting import wording
from motcua.reporting.form_pages import row_name, write_figure
from motcua.reporting.narrative import Narrative

_FONT = "Times New Roman"


def build_document(narrative: Narrative) -> bytes:
    """Return the report as DOCX; it is an official paper and Vietnamese in either language."""
    document = docx.Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(13)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin, page.right_margin = Cm(3), Cm(2)
    # The same report gives the same file: its date is the cut-off, not the moment of writing.
    cut_off = moments.local(narrative.period.cut_off).replace(tzinfo=None)
    document.core_properties.created = document.core_properties.modified = cut_off
    for text in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"):
        _centred(document, text)
    _centred(document, narrative.title.upper())
    _centred(document, wording.write_period(narrative.period, "vi"))
    for section in narrative.sections:
        if section.heading:
            document.add_paragraph().add_run(section.heading).bold = True
        for sentence in section.paragraphs:
            paragraph = document.add_paragraph("".join(piece.words for piece in sentence))
            paragraph.paragraph_format.first_line_indent = Cm(1)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        if section.has_table:
            _add_table(document, narrative)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def file_name(narrative: Narrative) -> str:
    """Return the name under which the document is saved, without marks or spaces."""
    period = narrative.period
    return f"bao-cao-cchc_{period.first_day:%Y%m%d}-{period.last_day:%Y%m%d}.docx"


def _centred(document: docx.document.Document, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run(text).bold = True


def _add_table(document: docx.document.Document, narrative: Narrative) -> None:
    office = narrative.office
    columns = office.form.columns
    table = document.add_table(rows=2, cols=1 + len(columns), style="Table Grid")
    for place, column in enumerate(columns, start=1):
        table.cell(0, place).text = column.group.vi
        table.cell(1, place).text = column.name.vi
    table.cell(0, 0).text = table.cell(1, 0).text = "Lĩnh vực"
    for row in (*office.rows, office.total):
        cells = table.add_row().cells
        cells[0].text = row_name(row.label, "vi")
        for place, column in enumerate(columns, start=1):
            cells[place].text = write_figure(column.indicator, row.values)
    for row_of_table in table.rows:
        for cell in row_of_table.cells:
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(8)
