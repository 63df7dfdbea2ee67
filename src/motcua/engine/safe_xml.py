"""Parsing of uploaded BPMN files: no document types, no entities, no network, a limit of size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from motcua.engine.explain import Because

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
MAX_BYTES: Final = 2_000_000
_FORBIDDEN: Final = ("<!DOCTYPE", "<!ENTITY")


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One thing that is wrong with a file: what, at which element, in which line."""

    code: str
    element_id: str
    line: int
    because: Because


class BpmnProblem(Exception):
    """The file is not a chart that this system can carry out."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(f"Dòng {p.line}: {p.because.vi}" for p in problems))
        self.problems = problems


def parse_safely(xml: bytes | str) -> etree._Element:
    """Return the definitions element; raises BpmnProblem when the file cannot be trusted or read."""
    size = len(xml) if isinstance(xml, bytes) else len(xml.encode(errors="replace"))
    if size > MAX_BYTES:
        raise _refusal(
            "TOO_LARGE",
            vi=f"Tệp có {size} byte, nhiều nhất là {MAX_BYTES}. Bớt phần không cần rồi tải lại.",
            en=f"The file has {size} bytes; at most {MAX_BYTES} are read. Shorten it and try again.",
        )
    text = xml if isinstance(xml, str) else decode(xml)
    for forbidden in _FORBIDDEN:
        if forbidden in text:
            raise _refusal(
                "DOCUMENT_TYPE",
                line=text.count("\n", 0, text.index(forbidden)) + 1,
                vi=f"Tệp chứa khai báo {forbidden}, không được phép vì lý do an toàn. "
                "Xuất lại tệp từ công cụ vẽ, không kèm khai báo này.",
                en=f"The file declares {forbidden}, which is refused for safety. "
                "Export it again without that declaration.",
            )
    root = _parsed(text)
    if root.tag != f"{{{BPMN}}}definitions":
        raise _refusal(
            "NOT_BPMN",
            line=line_of(root),
            vi=f"Tệp không phải BPMN 2.0: phần tử gốc là “{etree.QName(root).localname}”, "
            "phải là “definitions” của BPMN 2.0.",
            en=f"The file is not BPMN 2.0: its root is “{etree.QName(root).localname}” and must be "
            "the “definitions” of BPMN 2.0.",
        )
    return root


def line_of(element: etree._Element) -> int:
    """Return the line in which the element begins."""
    line: Any = element.sourceline
    return line or 0


def decode(xml: bytes) -> str:
    """Return the text of a file; raises BpmnProblem; only UTF-8, and UTF-16 with its mark, so that nothing hides in a charset."""
    encoding = "utf-16" if xml[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        return xml.decode(encoding)
    except UnicodeDecodeError as error:
        raise _refusal(
            "ENCODING",
            vi=f"Tệp không phải UTF-8 (byte thứ {error.start + 1}). Lưu lại bằng UTF-8 rồi tải lại.",
            en=f"The file is not UTF-8 (byte {error.start + 1}). Save it as UTF-8 and try again.",
        )


def _parsed(text: str) -> etree._Element:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, UnicodeEncodeError) as error:
        line = (getattr(error, "lineno", 0) or 0) if isinstance(error, etree.XMLSyntaxError) else 0
        raise _refusal(
            "BROKEN_XML",
            line=line,
            vi=f"Tệp XML bị hỏng: {error}. Xuất lại tệp từ công cụ vẽ rồi tải lại.",
            en=f"The XML is broken: {error}. Export it again from the drawing tool.",
        )


def _refusal(code: str, *, vi: str, en: str, line: int = 0) -> BpmnProblem:
    return BpmnProblem(
        (Problem(code=code, element_id="", line=line, because=Because(vi=vi, en=en)),)
    )
