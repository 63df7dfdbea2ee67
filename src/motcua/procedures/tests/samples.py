"""The cast and the catalogue that the tests of this area play with."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from motcua.people import actions as people
from motcua.people.models import User
from motcua.people.queries import Person, get_agency, get_person
from motcua.procedures.catalogue import (
    ChannelEntry,
    ComponentEntry,
    FieldEntry,
    ParsedCatalogue,
    ProcedureEntry,
    RevisionEntry,
    VariantEntry,
)

NOW = datetime(2023, 3, 14, 3, 0, tzinfo=UTC)
FOUNDED = date(2020, 9, 15)


def make_province() -> Person:
    """A province with its Office; returns the system account."""
    system = people.found_province(
        code="H19", name="Ủy ban nhân dân tỉnh Đồng Nai", name_en="", starts_on=FOUNDED, now=NOW
    )
    people.add_agency(
        officer=system,
        now=NOW,
        code="H19.01",
        old_code="000.00.01.H19",
        name="Văn phòng Ủy ban nhân dân tỉnh",
        level="PROVINCE",
        kind="OFFICE",
        starts_on=FOUNDED,
        parent=get_agency("H19"),
    )
    return system


def make_officer(system: Person, *, username: str, role: str | None) -> Person:
    """An account with one post at the Office, or with none."""
    user = people.add_person(officer=system, now=NOW, username=username, full_name=username.title())
    if role:
        people.give_post(
            officer=system,
            now=NOW,
            person_id=user.pk,
            agency_id=get_agency("H19.01").pk,
            role=role,
            starts_on=FOUNDED,
        )
    return get_person(user_id=user.pk)


def account_of(person: Person) -> User:
    return User.objects.get(pk=person.id)


def make_revision(**changes: object) -> RevisionEntry:
    values: dict[str, object] = {
        "name": "Đăng ký đất đai lần đầu",
        "name_en": "First registration of land",
        "starts_on": date(2022, 1, 1),
        "agency": "H19.01",
        "decision_number": "12/QĐ-UBND",
        "decision_date": date(2021, 12, 20),
        "legal_basis": ("Luật Đất đai số 45/2013/QH13", "=1+1 không phải công thức"),
        "online": "PARTIAL",
        "is_interagency_same_level": True,
        "workflow": "office-3-steps",
        "channels": (
            ChannelEntry(
                kind="COUNTER",
                limit_amount=Decimal("1.5"),
                limit_unit="WORKING_DAY",
                fee_vnd=Decimal(150000),
                fee_note="mỗi hồ sơ",
            ),
            ChannelEntry(kind="ONLINE", limit_amount=Decimal(8), limit_unit="HOUR"),
        ),
        "variants": (
            VariantEntry(
                code="01",
                name="Cá nhân",
                steps=("Nộp hồ sơ", "Nhận kết quả"),
                components=(
                    ComponentEntry(name="Đơn đăng ký", form="Mẫu số 04a/ĐK", originals=1),
                    ComponentEntry(name="Căn cước công dân", copies=1, is_required=False),
                ),
            ),
            VariantEntry(code="02", name="Tổ chức"),
        ),
        "result": "Giấy chứng nhận",
    }
    return RevisionEntry(**{**values, **changes})  # type: ignore[arg-type]


def make_procedure(code: str = "1.000450", **changes: object) -> ProcedureEntry:
    values: dict[str, object] = {
        "code": code,
        "code_status": "illustrative",
        "field_code": "DD",
        "level": "PROVINCE",
        "revisions": (make_revision(),),
    }
    return ProcedureEntry(**{**values, **changes})  # type: ignore[arg-type]


LAND = FieldEntry(code="DD", name="Đất đai", name_en="Land")
WATER = FieldEntry(code="TNN", name="Tài nguyên nước", name_en="Water resources")


def make_catalogue(*procedures: ProcedureEntry) -> ParsedCatalogue:
    return ParsedCatalogue(fields=(WATER, LAND), procedures=procedures or (make_procedure(),))
