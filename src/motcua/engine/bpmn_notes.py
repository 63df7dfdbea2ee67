"""Notes on a BPMN document: what is wrong with it, at which element and in which line."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from motcua.engine.explain import Because
from motcua.engine.safe_xml import BPMN, Problem, line_of

MOTCUA: Final = "urn:motcua:bpmn"

_REMARKS: Final = {"documentation", "extensionElements", "textAnnotation", "association"}
_DRAWING: Final = {
    "http://www.omg.org/spec/BPMN/20100524/DI",
    "http://www.omg.org/spec/DD/20100524/DI",
    "http://www.omg.org/spec/DD/20100524/DC",
}
_ID: Final = re.compile(r"[^\W\d][\w.\-]{0,99}")


def local_name(element: etree._Element) -> str:
    """Return the element's name if it is of BPMN, else nothing."""
    name = etree.QName(element)
    return name.localname if name.namespace == BPMN else ""


def is_remark(element: etree._Element) -> bool:
    """Tell whether the element says nothing about what is carried out."""
    return local_name(element) in _REMARKS or etree.QName(element).namespace in _DRAWING


def own_attribute(element: etree._Element, attribute: str) -> str:
    """Return an attribute of this system's namespace."""
    return (element.get(f"{{{MOTCUA}}}{attribute}") or "").strip()


def words(text: str | None) -> str:
    """Return the text with single spaces."""
    return " ".join((text or "").split())


def label(element: etree._Element) -> str:
    """Return what a person knows the element by."""
    return words(element.get("name")) or element.get("id") or local_name(element)


class ProblemNotes:
    """Collects the problems of a document while it is read."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.places: dict[str, etree._Element] = {}

    def needed(self, element: etree._Element, attribute: str) -> str:
        """Return an attribute that must be there."""
        value = (element.get(attribute) or "").strip()
        if not value:
            self.note(
                "ATTRIBUTE",
                element,
                vi=f"Phần tử “{label(element)}” thiếu thuộc tính {attribute}.",
                en=f"The element “{label(element)}” lacks the attribute {attribute}.",
            )
        return value

    def is_new(self, element: etree._Element) -> bool:
        """Tell whether the element has an id of its own, and remember where it stands."""
        element_id = element.get("id", "")
        if not _ID.fullmatch(element_id):
            self.note(
                "ID",
                element,
                vi=f"Phần tử {local_name(element)} thiếu mã (id) hoặc mã “{element_id}” không hợp lệ.",
                en=f"A {local_name(element)} has no id, or its id “{element_id}” is not valid.",
            )
            return False
        if element_id in self.places:
            self.note(
                "ID_TWICE",
                element,
                vi=f"Mã “{element_id}” được dùng cho hai phần tử.",
                en=f"The id “{element_id}” belongs to two elements.",
            )
            return False
        self.places[element_id] = element
        return True

    def only(self, element: etree._Element, allowed: set[str]) -> None:
        """Refuse child elements that are neither allowed nor remarks."""
        for child in element:
            if local_name(child) not in allowed and not is_remark(child):
                self.refuse_element(child)

    def refuse_element(self, element: etree._Element) -> None:
        """Note an element that this system does not carry out."""
        name = local_name(element) or str(element.tag)
        self.note(
            "NOT_SUPPORTED",
            element,
            vi=f"Hệ thống không dùng phần tử “{name}” của BPMN. Vẽ lại bằng các phần tử trong bảng công cụ.",
            en=f"The BPMN element “{name}” is not supported. Draw it with the elements of the palette.",
        )

    def note_value(self, element: etree._Element, attribute: str, value: str, example: str) -> None:
        """Note an attribute of ours with a value that means nothing."""
        self.note(
            "VALUE",
            element,
            vi=f"Phần tử “{label(element)}” có {attribute} “{value}” không hợp lệ; viết như: {example}.",
            en=f"“{label(element)}” has the {attribute} “{value}”; write it like: {example}.",
        )

    def note_long(self, element: etree._Element, attribute: str, value: str, longest: int) -> None:
        """Note a text of ours that is longer than can be kept."""
        self.note(
            "LONG_TEXT",
            element,
            vi=f"Phần tử “{label(element)}” có {attribute} dài {len(value)} ký tự, nhiều nhất là {longest}. "
            "Viết ngắn lại.",
            en=f"“{label(element)}” has a {attribute} of {len(value)} characters; at most {longest} "
            "are kept. Shorten it.",
        )

    def note(self, code: str, element: etree._Element, *, vi: str, en: str) -> None:
        """Note a problem at an element."""
        parent = element.getparent()
        owner = element if element.get("id") or parent is None else parent
        self.problems.append(
            Problem(
                code=code,
                element_id=owner.get("id") or "",
                line=line_of(element),
                because=Because(vi=vi, en=en),
            )
        )
