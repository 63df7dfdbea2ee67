"""The slips of acts on a case as PDF; from the second print on each says that it is a copy."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motcua.audit import queries as audit
from motcua.cases import actions, letter_slips, letters, queries
from motcua.cases.slip_text_queries import NoSuchSlip
from motcua.cases.slips import PAPERS, CannotPrintSlip
from motcua.clock import queries as clock
from motcua.desk.views.refusing import refuse
from motcua.desk.views.work import DeskRequest


@require_safe
@never_cache
@login_required
def letter(request: DeskRequest, code: str, slip: str) -> HttpResponse:
    """Print a slip of a case: what an act led to, or what travels with the dossier."""
    now = clock.now()
    kind = letters.BY_ADDRESS.get(slip)
    if kind is None:
        told = _(
            "Không có mẫu giấy nào mang tên “%(name)s”. Hãy mở hồ sơ %(code)s rồi chọn giấy cần in."
        )
        return refuse(request, NoSuchSlip(told % {"name": slip[:40], "code": code[:40]}))
    code, paper = code.replace("\0", ""), request.GET.get("kho", "").upper()
    if paper and paper not in PAPERS:
        reason = _("Không in được trên khổ giấy “%(paper)s”. Hãy chọn %(papers)s.")
        told = reason % {"paper": paper[:20], "papers": " / ".join(PAPERS)}
        return refuse(request, told, status=422)
    try:
        page = actions.open_case(
            officer=request.person, case_code=code, what=letters.printing_of(kind), now=now
        )
        made = _make(page, kind, paper=paper, now=now)
    except queries.NoSuchCase as error:
        return refuse(request, error)
    except CannotPrintSlip as refusal:
        return refuse(request, refusal, status=409)
    name = content_disposition_header(as_attachment=False, filename=f"{slip}-{code}.pdf")
    return HttpResponse(
        made, content_type="application/pdf", headers={"Content-Disposition": name or "inline"}
    )


def _make(page: queries.CasePage, kind: str, *, paper: str, now: datetime) -> bytes:
    if kind in letters.WAYS.values():
        way = letters.way_content(page, kind)
        number = _print_number(page, kind, since=page.case.received_at)
        return letter_slips.make_way_slip(way, kind, paper=paper, print_number=number, now=now)
    content = letters.letter_content(page, kind)
    number = _print_number(page, kind, since=content.letterhead.issued_at)
    return letter_slips.make_letter(content, paper=paper, print_number=number, now=now)


def _print_number(page: queries.CasePage, kind: str, *, since: datetime | None) -> int:
    """Return which print of the slip this is, since the act that it tells of."""
    printed = audit.list_reads(f"case:{page.code}").filter(
        what=letters.printing_of(kind), was_allowed=True, happened_at__gte=since
    )
    # This printing is noted already.
    return printed.count()
