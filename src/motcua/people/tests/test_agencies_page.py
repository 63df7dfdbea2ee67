"""The tree of agencies."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from motcua.people.models import Agency
from motcua.people.tests.cast import (
    LONG_AGO,
    Province,
    make_agency,
)
from motcua.people.tests.desks import (
    AGENCIES,
    count_queries,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def test_the_tree_takes_as_many_queries_for_a_thousand_agencies_as_for_ten(
    province: Province, admin: Client
) -> None:
    few = count_queries(admin, AGENCIES)
    Agency.objects.bulk_create(
        [
            Agency(
                code=f"H19.99.{number}",
                name=f"Xã {number}",
                short_name="Xã",
                search_name=f"xa {number}",
                sort_name=f"xa {number}",
                level="COMMUNE",
                kind="COMMUNE",
                parent=province.department,
                path=f"{province.department.path}{number}/",
                starts_on=LONG_AGO,
            )
            for number in range(1000)
        ]
    )

    many = count_queries(admin, AGENCIES)

    assert many == few
    assert few <= 9


def test_agencies_are_shown_as_a_tree_with_codes_old_and_new(
    province: Province, admin: Client
) -> None:
    make_agency(
        province.system,
        "H19.40",
        "Ban Dân tộc",
        parent=province.province,
        old_code="000.00.40.H19",
        ends_on=date(2023, 3, 1),
    )

    answer = admin.get(AGENCIES)

    rows = [(row["agency"].code, len(row["steps"])) for row in answer.context["rows"]]
    words = answer.content.decode()
    assert rows == [("H19", 0), ("H19.01", 1), ("H19.01.01", 2), ("H19.40", 1), ("H19.17", 1)]
    assert "000.00.40.H19" in words
    assert "28/02/2023" in words


@pytest.mark.parametrize(
    ("search", "codes"),
    [
        ({"q": "tai nguyen"}, ["H19.17"]),
        ({"q": "h19.01.01"}, ["H19.01.01"]),
        ({"level": "DISTRICT"}, ["H19.31"]),
        ({"q": "bien hoa", "level": "PROVINCE"}, []),
        ({"q": "xa nao do"}, []),
    ],
    ids=str,
)
def test_agencies_are_found_by_words_and_level(
    province: Province, admin: Client, search: dict[str, str], codes: list[str]
) -> None:
    make_agency(
        province.system,
        "H19.31",
        "Ủy ban nhân dân thành phố Biên Hòa",
        parent=province.province,
        level="DISTRICT",
        kind="DISTRICT",
    )

    answer = admin.get(AGENCIES, search)

    assert [row["agency"].code for row in answer.context["rows"]] == codes


def test_agencies_are_called_by_their_english_names_when_asked(
    province: Province, admin: Client
) -> None:
    Agency.objects.filter(pk=province.office.parent_id or 0).update(name_en="The Province")
    admin.cookies["django_language"] = "en"

    page = admin.get(AGENCIES).content.decode()

    assert "under The Province" in page
