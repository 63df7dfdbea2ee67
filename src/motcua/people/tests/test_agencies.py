"""Agencies: codes new and old, days, Vietnamese order, the tree."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from motcua.people import actions, queries
from motcua.people.models import Agency, AgencyAlias, User
from motcua.people.tests.cast import MONDAY, Province, make_agency


def test_who_may_not_change_agencies_adds_none(province: Province) -> None:
    with pytest.raises(actions.NotAllowed):
        make_agency(province.controller, "H19.50", "Sở Y tế", parent=province.province)


@pytest.mark.parametrize("code", ["H19.03", "h19.03", " H19.03 ", "000.00.03.H19", "000.00.03.h19"])
def test_an_agency_is_found_by_its_code_or_an_older_one(province: Province, code: str) -> None:
    made = make_agency(
        province.system,
        "H19.03",
        "Sở Công Thương",
        parent=province.province,
        old_code="000.00.03.H19",
    )

    assert queries.get_agency(code) == made


def test_a_code_that_nobody_has_is_said_so(province: Province) -> None:
    assert queries.find_agency("H99") is None
    with pytest.raises(queries.NoSuchAgency, match="H99"):
        queries.get_agency("H99")


@pytest.mark.parametrize("code", ["19.03", "H1", "H19.", "H19..3", "H19.sở"])
def test_a_code_of_another_form_is_refused_in_words_and_by_the_database(
    province: Province, code: str
) -> None:
    with pytest.raises(actions.CannotAddAgency, match="không phải mã định danh"):
        make_agency(province.system, code, "Sở Công Thương", parent=province.province)

    refusal = "agency_code_is_of_decision_20_2020"
    with pytest.raises(IntegrityError, match=refusal), transaction.atomic():
        Agency.objects.filter(code="H19.17").update(code=code)


def test_an_old_code_names_one_agency(province: Province) -> None:
    make_agency(province.system, "H19.03", "Sở Công Thương", old_code="000.00.03.H19")

    with pytest.raises(actions.CannotAddAgency, match="đã là của Sở Công Thương"):
        make_agency(province.system, "H19.04", "Sở Giáo dục", old_code="000.00.03.H19")


def test_agencies_in_force_are_listed_in_vietnamese_order(province: Province) -> None:
    for code, name in [
        ("H19.20", "Sở Y tế"),
        ("H19.21", "Sở Đất đai"),
        ("H19.22", "Sở Dân tộc"),
        ("H19.23", "Sở Ăn uống"),
        ("H19.24", "Sở Âm nhạc"),
        ("H19.25", "Sở An toàn"),
    ]:
        make_agency(province.system, code, name, parent=province.province)
    make_agency(
        province.system,
        "H19.26",
        "Sở Cũ",
        parent=province.province,
        ends_on=date(2023, 3, 6),
    )

    names = [agency.name for agency in queries.list_agencies(on=MONDAY.date())]

    assert names == [
        "Sở An toàn",
        "Sở Ăn uống",
        "Sở Âm nhạc",
        "Sở Dân tộc",
        "Sở Đất đai",
        "Sở Tài nguyên và Môi trường",
        "Sở Y tế",
        "Trung tâm Hành chính công tỉnh",
        "Ủy ban nhân dân tỉnh Đồng Nai",
        "Văn phòng Ủy ban nhân dân tỉnh",
    ]


def test_an_agency_is_found_by_its_kind_on_a_day(province: Province) -> None:
    assert queries.get_agency_by_kind("CENTRE", on=MONDAY.date()) == province.centre
    with pytest.raises(queries.NoSuchAgency):
        queries.get_agency_by_kind("CENTRE", on=date(2019, 12, 31))


def test_the_tree_goes_from_the_top_down_by_level_kind_and_name(province: Province) -> None:
    for code, name, level, kind in [
        ("H19.60", "Cục Thuế tỉnh", "VERTICAL", "VERTICAL"),
        ("H19.31", "Ủy ban nhân dân thành phố Biên Hòa", "DISTRICT", "DISTRICT"),
        ("H19.02", "Sở Công Thương", "PROVINCE", "DEPARTMENT"),
    ]:
        make_agency(province.system, code, name, parent=province.province, level=level, kind=kind)
    make_agency(
        province.system,
        "H19.31.01",
        "Ủy ban nhân dân phường An Bình",
        parent=queries.get_agency("H19.31"),
        level="COMMUNE",
        kind="COMMUNE",
        old_code="000.01.31.H19",
    )

    rows = queries.list_agency_tree(now=MONDAY)

    assert [(row.depth, row.agency.code) for row in rows] == [
        (0, "H19"),
        (1, "H19.01"),
        (2, "H19.01.01"),
        (1, "H19.02"),
        (1, "H19.17"),
        (1, "H19.31"),
        (2, "H19.31.01"),
        (1, "H19.60"),
    ]
    assert rows[6].other_codes == ("000.01.31.H19",)
    assert rows[6].above == "Ủy ban nhân dân thành phố Biên Hòa"


@pytest.mark.parametrize(
    "text", ["tai nguyen", "TÀI NGUYÊN", "moi truong so", "h19.17", "000.00.17.H19"]
)
def test_agencies_are_found_by_words_and_codes(province: Province, text: str) -> None:
    AgencyAlias.objects.create(agency=province.department, scheme="QCVN102", code="000.00.17.H19")

    assert list(queries.find_agencies(text)) == [province.department]


@pytest.mark.parametrize("text", ["%", "_", "\\", "khong co"])
def test_signs_of_patterns_are_words_like_others(province: Province, text: str) -> None:
    assert list(queries.find_agencies(text)) == []
    assert list(queries.find_accounts(text)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("do thi oanh", ["oanh"]),
        ("ĐỖ OANH", ["oanh"]),
        ("o\u0302", ["oanh", "phuc", "so.y-te"]),
        ("so.y", ["so.y-te"]),
        ("Nguyễn", ["so.y-te"]),
        ("nguyen ưỡng", []),
    ],
)
def test_accounts_are_found_without_marks(province: Province, text: str, found: list[str]) -> None:
    User.objects.create(username="oanh", full_name="Đỗ Thị Oanh")
    User.objects.create(username="so.y-te", full_name="Nguyễn Đức Hòa")
    User.objects.create(username="dong", full_name="Đỗ Thị Oanh", is_active=False)

    usernames = {user.username for user in queries.find_accounts(text)}

    assert usernames - {"he-thong"} == set(found)
