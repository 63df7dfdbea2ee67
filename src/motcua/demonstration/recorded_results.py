"""Drafts, signs and numbers the results of the demonstration's cases whose procedures want them recorded."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import cache

import typst

from motcua.cases import actions as cases
from motcua.cases.slips import FONTS
from motcua.demonstration import content, queries
from motcua.engine.moments import local
from motcua.people import queries as people

# What is typed goes in as values. No signature and no seal: this paper is nobody's decision.
_PAPER = """
#let c = json(bytes(sys.inputs.content))
#set document(title: c.title, author: c.agency)
#set page(paper: "a4", margin: 2.5cm)
#set text(font: "Tinos", size: 13pt, lang: "vi")
#align(center)[#strong(upper(c.agency)) #v(1em) #strong(c.title)]
#v(1em)
#par[Hồ sơ số #c.code của #c.owner, theo thủ tục “#c.procedure”.]
#v(2em)
#align(center, strong[MẪU MINH HỌA, KHÔNG CÓ GIÁ TRỊ PHÁP LÝ])
"""


@cache
def wanted() -> dict[str, str]:
    """Return the procedures that want a recorded result, and what each result is called."""
    return {
        procedure["code"]: revision["result"]
        for procedure in content.read("procedures")["procedures"]
        for revision in procedure["revisions"]
        if revision.get("recorded_result")
    }


def sign(
    case_code: str, *, title: str, officer: people.Person, leader: people.Person, now: datetime
) -> None:
    """Let an officer draft the result of a case and a leader sign it, unless that is done."""
    found = queries.get_result_of(case_code)
    if found.stage == "":
        paper = _set_paper(found, title=title, agency=leader.posts[0].agency_name, now=now)
        cases.draft_result(
            officer=officer,
            case_code=case_code,
            title=title,
            name=f"ket-qua-{case_code}.pdf",
            content=paper,
            now=now,
        )
        found = queries.get_result_of(case_code)
    if found.stage == "DRAFT":
        cases.sign_result(officer=leader, case_code=case_code, result_id=found.id, now=now)


def number(case_code: str, *, officer: people.Person, now: datetime) -> None:
    """Give the signed result of a case its number, unless it has one."""
    found = queries.get_result_of(case_code)
    if found.stage == "SIGNED":
        cases.number_result(
            officer=officer,
            case_code=case_code,
            result_id=found.id,
            document_number=f"{found.id}/QĐ-SNV",
            document_date=local(now).date(),
            now=now,
        )


def archive_and_revoke(
    case_codes: list[str],
    *,
    title: str,
    officer: people.Person,
    leader: people.Person,
    now: datetime,
) -> None:
    """Archive the first result that was handed over, and revoke the second, with another in its place."""
    handed_over = [code for code in case_codes if queries.is_returned(code)]
    for code in handed_over[:1]:
        found = queries.get_result_of(code)
        if found.stage == "HANDED_OVER":
            cases.archive_result(
                officer=officer,
                case_code=code,
                result_id=found.id,
                place="Kho lưu trữ Sở Nội vụ, kệ 3, hộp 12",
                now=now,
            )
    for code in handed_over[1:2]:
        found = queries.get_result_of(code)
        if found.stage == "HANDED_OVER":
            cases.revoke_result(
                officer=leader,
                case_code=code,
                result_id=found.id,
                decision=f"{found.id}/QĐ-SNV-TH",
                reason="Ghi sai tên hội trong quyết định",
                now=now,
            )
        after = now + timedelta(minutes=5)
        sign(code, title=f"{title} (thay thế)", officer=officer, leader=leader, now=after)
        number(code, officer=officer, now=after + timedelta(minutes=5))


def _set_paper(found: queries.ResultOfCase, *, title: str, agency: str, now: datetime) -> bytes:
    shown = {
        "title": title,
        "agency": agency,
        "code": found.case_code,
        "owner": found.owner,
        "procedure": found.procedure,
    }
    made = typst.compile(
        _PAPER.encode(),
        format="pdf",
        sys_inputs={"content": json.dumps(shown, ensure_ascii=False)},
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)]),
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(now.timestamp()),
    )
    assert isinstance(made, bytes), "typst gives a PDF as one piece"
    return made
