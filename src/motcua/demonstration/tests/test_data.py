"""The data files of the demonstration province hold together: counts, uniqueness, references."""

import re
import unicodedata
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from stdnum.vn import mst

DATA = Path(__file__).parent.parent / "data"
FILES = ("agencies.yaml", "procedures.yaml", "office_cases.yaml", "people.yaml")
OFFICE = "H19.01"
FIRST_DAY, LAST_DAY = date(2022, 12, 15), date(2023, 3, 14)
COLUMNS = (
    *("carried_over", "received", "total"),
    *("done_on_time", "done_late", "done"),
    *("open_in_time", "open_overdue", "open"),
)
WORKFLOWS = {
    "office-3-steps",
    "office-5-steps",
    "department-standard",
    "department-3-days",
    "department-1-day",
    "interagency-parallel",
    "interagency-short",
    "cross-level",
    "cross-level-short",
    "commune-on-the-spot",
}


def load(name: str) -> dict[str, Any]:
    content = yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


@pytest.fixture(scope="module")
def agencies() -> dict[str, dict[str, Any]]:
    return {agency["code"]: agency for agency in load("agencies.yaml")["agencies"]}


@pytest.fixture(scope="module")
def catalogue() -> dict[str, Any]:
    return load("procedures.yaml")


@pytest.fixture(scope="module")
def procedures(catalogue: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {procedure["code"]: procedure for procedure in catalogue["procedures"]}


@pytest.fixture(scope="module")
def revisions(catalogue: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        revision for procedure in catalogue["procedures"] for revision in procedure["revisions"]
    ]


@pytest.fixture(scope="module")
def office_cases() -> dict[str, Any]:
    return load("office_cases.yaml")


@pytest.fixture(scope="module")
def people() -> dict[str, Any]:
    return load("people.yaml")


@pytest.mark.parametrize("name", FILES)
def test_a_data_file_is_written_in_composed_unicode(name: str) -> None:
    text = (DATA / name).read_text(encoding="utf-8")

    assert unicodedata.is_normalized("NFC", text)


def test_agency_codes_are_unique() -> None:
    listed = load("agencies.yaml")["agencies"]

    assert len({agency["code"] for agency in listed}) == len(listed)
    assert len({agency["old_code"] for agency in listed}) == len(listed)


def test_the_province_has_the_agencies_that_the_report_counts(
    agencies: dict[str, dict[str, Any]],
) -> None:
    kinds = Counter(agency["kind"] for agency in agencies.values())

    assert kinds["DEPARTMENT"] == 18
    assert kinds["DISTRICT"] == 11
    assert kinds["COMMUNE"] == 170
    assert kinds["BOARD"] == 2
    assert kinds["PROVINCE"] == kinds["OFFICE"] == kinds["CENTRE"] == 1
    assert kinds["VERTICAL"] >= 5


def test_each_district_has_its_number_of_communes(agencies: dict[str, dict[str, Any]]) -> None:
    communes = Counter(a["parent"] for a in agencies.values() if a["kind"] == "COMMUNE")

    counts = {agencies[parent]["short_name"]: count for parent, count in communes.items()}

    assert counts == {
        "TP. Biên Hòa": 30,
        "TP. Long Khánh": 15,
        "Huyện Nhơn Trạch": 12,
        "Huyện Long Thành": 14,
        "Huyện Vĩnh Cửu": 12,
        "Huyện Trảng Bom": 17,
        "Huyện Thống Nhất": 10,
        "Huyện Cẩm Mỹ": 13,
        "Huyện Xuân Lộc": 15,
        "Huyện Định Quán": 14,
        "Huyện Tân Phú": 18,
    }


def test_an_agency_name_is_unique_below_its_parent(agencies: dict[str, dict[str, Any]]) -> None:
    names = Counter((agency["parent"], agency["name"]) for agency in agencies.values())

    assert [name for name, count in names.items() if count > 1] == []


def test_the_code_of_an_agency_extends_that_of_its_parent(
    agencies: dict[str, dict[str, Any]],
) -> None:
    astray = [
        code
        for code, agency in agencies.items()
        if agency["parent"] is not None
        and (agency["parent"] not in agencies or code.rpartition(".")[0] != agency["parent"])
    ]

    assert astray == []


def test_only_communes_have_a_commune_type(agencies: dict[str, dict[str, Any]]) -> None:
    wrong = [
        code
        for code, agency in agencies.items()
        if (agency["kind"] == "COMMUNE")
        != (agency.get("commune_type") in {"xã", "phường", "thị trấn"})
    ]

    assert wrong == []


def test_there_are_at_least_sixty_procedures_with_unique_codes(catalogue: dict[str, Any]) -> None:
    codes = [procedure["code"] for procedure in catalogue["procedures"]]

    assert catalogue["format"] == "motcua-catalogue/1"
    assert len(codes) >= 60
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[1-6]\.\d{6}", code) for code in codes)


def test_each_field_is_used_and_each_procedure_names_a_known_field(
    catalogue: dict[str, Any],
) -> None:
    fields = [field["code"] for field in catalogue["fields"]]

    used = {procedure["field"] for procedure in catalogue["procedures"]}

    assert len(set(fields)) == len(fields)
    assert used == set(fields)


def test_the_revisions_of_a_procedure_follow_each_other_without_a_gap(
    procedures: dict[str, dict[str, Any]],
) -> None:
    for code, procedure in procedures.items():
        chain = procedure["revisions"]

        gaps = [
            (earlier["ends_on"], later["starts_on"])
            for earlier, later in zip(chain, chain[1:], strict=False)
            if earlier["ends_on"] + timedelta(days=1) != later["starts_on"]
        ]

        assert gaps == [], code
        assert chain[-1]["ends_on"] is None, code


def test_at_least_two_procedures_change_on_new_year_2023(
    procedures: dict[str, dict[str, Any]],
) -> None:
    changed = [
        code
        for code, procedure in procedures.items()
        if [r["starts_on"] for r in procedure["revisions"][1:]] == [date(2023, 1, 1)]
    ]

    assert len(changed) >= 2


def test_each_revision_is_settled_by_a_known_agency_of_its_level(
    procedures: dict[str, dict[str, Any]], agencies: dict[str, dict[str, Any]]
) -> None:
    for code, procedure in procedures.items():
        for revision in procedure["revisions"]:
            agency = revision["agency"]

            level = (
                agencies[agency]["level"].replace("VERTICAL", "PROVINCE")
                if isinstance(agency, str)
                else agency["kind"]
            )

            assert level == procedure["level"], code


def test_each_revision_has_one_channel_of_a_kind_and_an_online_one_if_it_is_online(
    revisions: list[dict[str, Any]],
) -> None:
    for revision in revisions:
        kinds = [channel["kind"] for channel in revision["channels"]]

        assert len(set(kinds)) == len(kinds), revision["name"]
        assert set(kinds) <= {"COUNTER", "ONLINE", "POST"}, revision["name"]
        assert ("ONLINE" in kinds) == (revision["online"] in {"PARTIAL", "FULL"}), revision["name"]


def test_each_channel_has_a_time_limit_and_a_fee(revisions: list[dict[str, Any]]) -> None:
    for revision in revisions:
        for channel in revision["channels"]:
            assert channel["limit"]["amount"] > 0, revision["name"]
            assert channel["limit"]["unit"] in {"WORKING_DAY", "DAY", "HOUR", "MONTH"}
            assert isinstance(channel["fee"]["amount"], int)
            assert channel["fee"]["amount"] >= 0, revision["name"]
            assert isinstance(channel["fee"]["note"], str)


def test_some_channels_of_one_procedure_differ(revisions: list[dict[str, Any]]) -> None:
    differing = [
        revision["name"]
        for revision in revisions
        if len({str(channel["limit"]) for channel in revision["channels"]}) > 1
    ]

    assert len(differing) >= 3


def test_each_variant_has_numbered_steps_and_components(revisions: list[dict[str, Any]]) -> None:
    for revision in revisions:
        codes = [variant["code"] for variant in revision["variants"]]
        assert codes == [f"{number:02}" for number in range(1, len(codes) + 1)]

        for variant in revision["variants"]:
            numbers = [step.split(":")[0] for step in variant["steps"]]

            assert numbers == [f"Bước {n}" for n in range(1, len(numbers) + 1)], revision["name"]
            assert variant["components"], revision["name"]
            assert all(c["originals"] + c["copies"] > 0 for c in variant["components"])


def test_flags_and_workflows_agree(revisions: list[dict[str, Any]]) -> None:
    for revision in revisions:
        workflow = revision["workflow"]
        assert workflow in WORKFLOWS
        assert revision["on_the_spot"] == (workflow == "commune-on-the-spot"), revision["name"]
        assert revision["interagency_across_levels"] == workflow.startswith("cross-level")
        if workflow.startswith("interagency"):
            assert revision["interagency_same_level"], revision["name"]
        if workflow.startswith("office-"):
            assert revision["agency"] == OFFICE, revision["name"]


def test_the_rows_of_the_offices_table_add_up_across(office_cases: dict[str, Any]) -> None:
    for row in office_cases["rows"]:
        assert row["carried_over"] + row["received"] == row["total"], row["number"]
        assert row["done_on_time"] + row["done_late"] == row["done"], row["number"]
        assert row["open_in_time"] + row["open_overdue"] == row["open"], row["number"]
        assert row["done"] + row["open"] == row["total"], row["number"]


def test_the_rows_of_the_offices_table_add_up_to_the_printed_total(
    office_cases: dict[str, Any],
) -> None:
    sums = [sum(row[column] for row in office_cases["rows"]) for column in COLUMNS]

    assert sums == [42, 242, 284, 190, 1, 191, 93, 0, 93]
    assert [office_cases["total"][column] for column in COLUMNS] == sums


def test_the_printed_rows_of_the_offices_table_are_kept(office_cases: dict[str, Any]) -> None:
    rows = {
        row["field_name"]: [row[column] for column in COLUMNS] for row in office_cases["rows"][4:]
    }

    assert rows["Thi đua, khen thưởng"][3:] == [49, 0, 49, 35, 0, 35]
    assert rows["Tài nguyên nước"] == [11, 49, 60, 35, 0, 35, 25, 0, 25]
    assert rows["Đất đai"] == [15, 33, 48, 31, 0, 31, 17, 0, 17]
    assert rows["Môi trường"] == [2, 10, 12, 10, 0, 10, 2, 0, 2]
    assert rows["Quy hoạch xây dựng, kiến trúc"] == [2, 0, 2, 2, 0, 2, 0, 0, 0]
    assert rows["Thủy lợi"] == [0, 4, 4, 2, 0, 2, 2, 0, 2]
    assert rows["Đấu thầu"] == [1, 0, 1, 1, 0, 1, 0, 0, 0]


def test_the_rows_lost_in_the_scan_are_marked_as_reconstructed(
    office_cases: dict[str, Any],
) -> None:
    marked = [row["number"] for row in office_cases["rows"] if row["reconstructed"]]

    assert marked == [1, 2, 3, 4, 5]
    assert office_cases["rows"][4]["reconstructed_cells"] == ["carried_over", "received", "total"]
    assert sum(row["total"] for row in office_cases["rows"][:4]) == 73
    assert all(row["note"] for row in office_cases["rows"][:5])


def test_each_row_names_procedures_of_its_field_that_the_office_settles(
    office_cases: dict[str, Any],
    procedures: dict[str, dict[str, Any]],
    catalogue: dict[str, Any],
) -> None:
    names = {field["code"]: field["name"] for field in catalogue["fields"]}

    for row in office_cases["rows"]:
        assert row["procedures"], row["number"]
        assert names[row["field"]] == row["field_name"]
        for code in row["procedures"]:
            assert procedures[code]["field"] == row["field"], code
            assert {r["agency"] for r in procedures[code]["revisions"]} == {OFFICE}, code


def test_usernames_are_unique_and_posts_are_at_known_agencies(
    people: dict[str, Any], agencies: dict[str, dict[str, Any]]
) -> None:
    usernames = [account["username"] for account in people["accounts"]]
    posts = [post for account in people["accounts"] for post in account["posts"]]

    assert len(set(usernames)) == len(usernames)
    assert {post["agency"] for post in posts} <= set(agencies)
    roles = {post["role"] for post in posts}
    assert roles == {"CLERK", "OFFICER", "LEADER", "CONTROLLER", "ADMIN"}


def test_the_office_and_its_centre_are_staffed_on_the_last_day(people: dict[str, Any]) -> None:
    staffed = Counter(
        (post["agency"], post["role"])
        for account in people["accounts"]
        for post in account["posts"]
        if post["starts_on"] <= FIRST_DAY
        and (post["ends_on"] is None or post["ends_on"] >= LAST_DAY)
    )

    assert staffed[OFFICE, "LEADER"] == 1
    assert staffed[OFFICE, "OFFICER"] >= 3
    assert staffed[OFFICE, "CONTROLLER"] == 1
    assert staffed[OFFICE, "ADMIN"] == 1
    assert staffed["H19.01.01", "CLERK"] >= 2


def test_one_account_has_only_an_expired_post_and_one_has_two_posts(
    people: dict[str, Any],
) -> None:
    expired = [
        account["username"]
        for account in people["accounts"]
        if all(post["ends_on"] == date(2022, 12, 31) for post in account["posts"])
    ]
    twofold = [a["username"] for a in people["accounts"] if len(a["posts"]) == 2]

    assert len(expired) == 1
    assert len(twofold) == 1


def test_identity_numbers_are_unique_and_agree_with_birth_and_gender(
    people: dict[str, Any],
) -> None:
    citizens = people["citizens"]

    for citizen in citizens:
        born: date = citizen["birth_date"]
        digit = 2 * (born.year // 100 - 19) + (citizen["gender"] == "FEMALE")
        prefix = f"075{digit}{born.year % 100:02}"
        assert re.fullmatch(prefix + r"\d{6}", citizen["identity_number"]), citizen["full_name"]

    assert len(citizens) == 120
    assert len({citizen["identity_number"] for citizen in citizens}) == 120
    assert len({citizen["full_name"] for citizen in citizens}) == 120


def test_citizens_and_organisations_live_in_a_known_commune(
    people: dict[str, Any], agencies: dict[str, dict[str, Any]]
) -> None:
    for holder in [*people["citizens"], *people["organisations"]]:
        commune = agencies[holder["commune"]]

        assert commune["kind"] == "COMMUNE"
        assert commune["name"].removeprefix("Ủy ban nhân dân ") in holder["address"]

    assert len(people["organisations"]) == 25
    assert len({organisation["tax_code"] for organisation in people["organisations"]}) == 25


def test_tax_codes_are_such_as_can_be(people: dict[str, list[dict[str, str]]]) -> None:
    for organisation in people["organisations"]:
        assert mst.is_valid(organisation["tax_code"]), organisation["name"]
