"""What a clerk fills in to receive a case, checked field by field before anything is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _
from stdnum.vn import mst

from motcua.engine import vietnamese
from motcua.engine.identity import Flaw, IdentityRefused, PartyRules, read_citizen_number
from motcua.lawbook import queries as lawbook
from motcua.procedures import queries as procedures

# A personal identification number has twelve digits (Luật Căn cước 26/2023/QH15 Đ12); older identity
# cards have nine; a passport has letters and digits.
_CITIZEN_NUMBER = re.compile(r"^[0-9]{12}$")
_IDENTITY = re.compile(r"^([0-9]{9}|[A-Z]{1,2}[0-9]{6,8})$")
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
    representative: PartyEntry | None = None
    papers: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    note: str = ""
    # What the post brought it under, and where the result is sent; a place only when it is wanted.
    tracking_number: str = ""
    returns_by_post: bool = False
    return_address: str = ""

    def tidied(self) -> Submission:
        """Return the submission with every text as it will be stored."""
        return replace(
            self,
            procedure_code=self.procedure_code.strip(),
            applicant=self.applicant.tidied(),
            owner=self.owner.tidied() if self.owner else None,
            representative=self.representative.tidied() if self.representative else None,
            note=vietnamese.tidy(self.note),
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a submission: the field it belongs to, and the words for the clerk."""

    field: str
    message: str


def check_parties(submission: Submission, *, on: date) -> list[Problem]:
    """Return what is wrong with the parties as of a day, in words."""
    rules = lawbook.get_party_rules(on)
    found = check_party(
        submission.applicant, prefix="applicant_", who=_("người nộp"), rules=rules, on=on
    )
    if submission.owner is not None:
        found += check_party(
            submission.owner, prefix="owner_", who=_("chủ hồ sơ"), rules=rules, on=on
        )
    if submission.representative is not None:
        found += check_party(
            submission.representative,
            prefix="representative_",
            who=_("người đại diện"),
            rules=rules,
            on=on,
        )
    return found or _check_children(submission, rules=rules, on=on)


def _check_children(submission: Submission, *, rules: PartyRules, on: date) -> list[Problem]:
    """Return a problem for a child who has nobody to act for them, or acts for somebody."""
    age, source = rules.representative_until, rules.source
    if submission.representative and _is_child(submission.representative, rules=rules, on=on):
        return [
            Problem(
                "representative_identity_number",
                _(
                    "Theo số định danh, người đại diện chưa đủ %(age)s tuổi nên không thể đại diện. "
                    "Hãy kiểm tra lại số giấy tờ hoặc nhập người đại diện khác (%(source)s)."
                )
                % {"age": age, "source": source},
            )
        ]
    owner = submission.owner or submission.applicant
    if submission.representative or not _is_child(owner, rules=rules, on=on):
        return []
    return [
        Problem(
            "representative_full_name",
            _(
                "Theo số định danh, chủ hồ sơ %(name)s chưa đủ %(age)s tuổi nên phải có người đại diện. "
                "Hãy nhập cha, mẹ hoặc người giám hộ ở phần người đại diện (%(source)s)."
            )
            % {"name": owner.full_name, "age": age, "source": source},
        )
    ]


def _is_child(entry: PartyEntry, *, rules: PartyRules, on: date) -> bool:
    if entry.kind != "PERSON" or not _CITIZEN_NUMBER.match(entry.identity_number):
        return False
    citizen = read_citizen_number(entry.identity_number, rules=rules, on=on)
    return citizen.is_surely_under(rules.representative_until, on=on)


def check_party(
    entry: PartyEntry, *, prefix: str, who: str, rules: PartyRules, on: date
) -> list[Problem]:
    """Return what is wrong with one party, in words."""
    found: list[Problem] = []
    if not entry.full_name:
        found.append(Problem(f"{prefix}full_name", _("Chưa nhập họ tên %(who)s.") % {"who": who}))
    elif len(entry.full_name) > 200:
        found.append(Problem(f"{prefix}full_name", _("Họ tên dài quá 200 ký tự.")))
    if entry.kind not in {"PERSON", "ORGANISATION"}:
        found.append(Problem(f"{prefix}kind", _("Hãy chọn cá nhân hoặc tổ chức.")))
    if entry.identity_number and (wrong := _number_flaw(entry, rules=rules, on=on)):
        found.append(Problem(f"{prefix}identity_number", wrong))
    if entry.phone and not _PHONE.match(entry.phone):
        found.append(
            Problem(
                f"{prefix}phone",
                _("Số điện thoại “%(phone)s” không đúng. Ví dụ đúng: 0912 345 678.")
                % {"phone": entry.phone},
            )
        )
    if entry.email and not _EMAIL.match(entry.email):
        found.append(
            Problem(
                f"{prefix}email", _("Địa chỉ thư “%(email)s” không đúng.") % {"email": entry.email}
            )
        )
    if len(entry.address) > 300:
        found.append(Problem(f"{prefix}address", _("Địa chỉ dài quá 300 ký tự.")))
    return found


def _number_flaw(entry: PartyEntry, *, rules: PartyRules, on: date) -> str:
    """Return why a number cannot be this party's, or nothing."""
    number = entry.identity_number
    # Since 01/07/2025 a household business uses the number of its head (TT 86/2024/TT-BTC Đ5).
    if _CITIZEN_NUMBER.match(number):
        return _citizen_flaw(number, rules=rules, on=on)
    if entry.kind == "PERSON" and not _IDENTITY.match(number):
        return _(
            "Số giấy tờ “%(number)s” không đúng: căn cước có 12 chữ số, chứng minh nhân dân có 9 "
            "chữ số, hộ chiếu có chữ và số. Hãy đối chiếu với giấy tờ gốc."
        ) % {"number": number}
    if entry.kind == "ORGANISATION" and len(number.replace("-", "")) not in {10, 13}:
        return _("Mã số doanh nghiệp “%(number)s” không đúng: phải có 10 hoặc 13 chữ số.") % {
            "number": number
        }
    if entry.kind == "ORGANISATION" and not mst.is_valid(number):
        return _(
            "Mã số doanh nghiệp “%(number)s” không đúng: chữ số kiểm tra không khớp, có thể gõ nhầm "
            "một chữ số. Hãy đối chiếu với giấy chứng nhận đăng ký doanh nghiệp."
        ) % {"number": number}
    return ""


def _citizen_flaw(number: str, *, rules: PartyRules, on: date) -> str:
    try:
        read_citizen_number(number, rules=rules, on=on)
    except IdentityRefused as refused:
        words = {
            Flaw.NOT_TWELVE_DIGITS: _("Số căn cước “%(number)s” phải có 12 chữ số."),
            Flaw.NO_SUCH_PROVINCE: _(
                "Số căn cước “%(number)s” không đúng: không có tỉnh nào mang mã %(told)s ở đầu. Hãy đối "
                "chiếu với giấy tờ gốc."
            ),
            Flaw.NOT_BORN_YET: _(
                "Số căn cước “%(number)s” không đúng: năm sinh %(told)s chưa tới. Hãy đối chiếu với "
                "giấy tờ gốc."
            ),
        }
        return words[refused.flaw] % {"number": number, "told": refused.told}
    return ""


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
                        "Thiếu “%(name)s”: cần %(originals)s bản chính, %(copies)s bản sao; mới có "
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
            _("Có giấy tờ không thuộc trường hợp “%(name)s”. Hãy chọn lại trường hợp.")
            % {"name": variant.name},
        )
    ]
