"""What a clerk fills in to receive a case, checked field by field before anything is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.utils.translation import gettext as _

from motcua.engine import vietnamese
from motcua.procedures import queries as procedures

# A personal identification number has twelve digits (Luật Căn cước 26/2023/QH15 Đ12); older identity
# cards have nine; a passport has letters and digits.
_IDENTITY = re.compile(r"^(\d{12}|\d{9}|[A-Z]{1,2}\d{6,8})$")
_TAX_CODE = re.compile(r"^\d{10}(-?\d{3})?$")
_PHONE = re.compile(r"^(\+84|0)\d{8,10}$")
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


@dataclass(frozen=True, kw_only=True, slots=True)
class PartyEntry:
    """A person or organisation as typed at the counter."""

    kind: str
    full_name: str
    identity_number: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""

    def tidied(self) -> PartyEntry:
        """Return the entry as it will be stored: composed letters, single spaces."""
        return PartyEntry(
            kind=self.kind,
            full_name=vietnamese.tidy(self.full_name),
            identity_number=re.sub(r"[\s.]", "", self.identity_number).upper(),
            phone=re.sub(r"[\s.\-]", "", self.phone),
            email=self.email.strip(),
            address=vietnamese.tidy(self.address),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Submission:
    """Everything that receiving one case needs.

    `papers` maps a component's id to (originals, copies). `submission_key` is the same for every
    click on the same form.
    """

    submission_key: UUID
    procedure_code: str
    channel: str
    variant_code: str
    applicant: PartyEntry
    owner: PartyEntry | None = None
    papers: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    note: str = ""

    def tidied(self) -> Submission:
        """Return the submission with every text as it will be stored."""
        return replace(
            self,
            procedure_code=self.procedure_code.strip(),
            applicant=self.applicant.tidied(),
            owner=self.owner.tidied() if self.owner else None,
            note=vietnamese.tidy(self.note),
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a submission: the field it belongs to, and the words for the clerk."""

    field: str
    message: str


def check_party(entry: PartyEntry, *, prefix: str, who: str) -> list[Problem]:
    """Return what is wrong with a party, in words."""
    found: list[Problem] = []
    if not entry.full_name:
        found.append(Problem(f"{prefix}full_name", _("Chưa nhập họ tên %(who)s.") % {"who": who}))
    elif len(entry.full_name) > 200:
        found.append(Problem(f"{prefix}full_name", _("Họ tên dài quá 200 ký tự.")))
    if entry.kind not in {"PERSON", "ORGANISATION"}:
        found.append(Problem(f"{prefix}kind", _("Hãy chọn cá nhân hoặc tổ chức.")))
    number = entry.identity_number
    if number and entry.kind == "PERSON" and not _IDENTITY.match(number):
        found.append(
            Problem(
                f"{prefix}identity_number",
                _(
                    "Số giấy tờ «%(number)s» không đúng: căn cước có 12 chữ số, chứng minh nhân dân có 9 "
                    "chữ số, hộ chiếu có chữ và số. Hãy đối chiếu với giấy tờ gốc."
                )
                % {"number": number},
            )
        )
    if number and entry.kind == "ORGANISATION" and not _TAX_CODE.match(number):
        found.append(
            Problem(
                f"{prefix}identity_number",
                _("Mã số doanh nghiệp «%(number)s» không đúng: phải có 10 hoặc 13 chữ số.")
                % {"number": number},
            )
        )
    if entry.phone and not _PHONE.match(entry.phone):
        found.append(
            Problem(
                f"{prefix}phone",
                _("Số điện thoại «%(phone)s» không đúng. Ví dụ đúng: 0912 345 678.")
                % {"phone": entry.phone},
            )
        )
    if entry.email and not _EMAIL.match(entry.email):
        found.append(
            Problem(
                f"{prefix}email", _("Địa chỉ thư «%(email)s» không đúng.") % {"email": entry.email}
            )
        )
    if len(entry.address) > 300:
        found.append(Problem(f"{prefix}address", _("Địa chỉ dài quá 300 ký tự.")))
    return found


def check_papers(
    variant: procedures.VariantSheet, papers: Mapping[int, tuple[int, int]]
) -> list[Problem]:
    """Return a problem for each required component that is missing or incomplete."""
    found: list[Problem] = []
    for component in variant.components:
        originals, copies = papers.get(component.id, (0, 0))
        if not component.is_required:
            continue
        if originals < component.originals or copies < component.copies:
            found.append(
                Problem(
                    f"component_{component.id}",
                    _(
                        "Thiếu «%(name)s»: cần %(originals)s bản chính, %(copies)s bản sao; mới có "
                        "%(have_originals)s bản chính, %(have_copies)s bản sao. Nếu người nộp chưa có đủ, "
                        "hãy hướng dẫn bổ sung trước khi tiếp nhận."
                    )
                    % {
                        "name": component.name,
                        "originals": component.originals,
                        "copies": component.copies,
                        "have_originals": originals,
                        "have_copies": copies,
                    },
                )
            )
    return found + check_papers_belong(variant, papers)


def check_papers_belong(
    variant: procedures.VariantSheet, papers: Mapping[int, tuple[int, int]]
) -> list[Problem]:
    """Return a problem when there are papers that belong to another variant."""
    known = {component.id for component in variant.components}
    if set(papers) <= known:
        return []
    return [
        Problem(
            "variant",
            _("Có giấy tờ không thuộc trường hợp «%(name)s». Hãy chọn lại trường hợp.")
            % {"name": variant.name},
        )
    ]
