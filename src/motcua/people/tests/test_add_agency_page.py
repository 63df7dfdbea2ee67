"""The page that adds an agency."""

from __future__ import annotations

import pytest
from django.test import Client

from motcua.audit.queries import list_entries
from motcua.people import queries
from motcua.people.models import Agency
from motcua.people.tests.cast import Province
from motcua.people.tests.desks import ADD_AGENCY, AGENCIES, desk_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def typed(**changes: str) -> dict[str, str]:
    return {
        "parent": "H19",
        "name": " Sở  Khoa học và Công nghệ ",
        "short_name": "Sở KH&CN",
        "name_en": "Department of Science and Technology",
        "code": "h19.10",
        "old_code": "000.00.10.H19",
        "level": "PROVINCE",
        "kind": "DEPARTMENT",
        "first_day": "01/03/2023",
        **changes,
    }


def test_nobody_but_an_administrator_adds_one(province: Province) -> None:
    for outsider in (province.clerk, province.controller):
        assert desk_of(outsider).post(ADD_AGENCY, typed()).status_code == 403

    assert not Agency.objects.filter(code="H19.10").exists()


def test_a_new_agency_stands_in_the_tree_and_is_found_by_either_code(
    province: Province, admin: Client
) -> None:
    answer = admin.post(ADD_AGENCY, typed(), follow=True)

    assert "Đã thêm Sở Khoa học và Công nghệ (H19.10)" in answer.text
    agency = queries.get_agency("000.00.10.H19")
    assert (agency.code, agency.path) == ("H19.10", f"{province.province.path}{agency.pk}/")
    assert "Sở Khoa học và Công nghệ" in admin.get(AGENCIES).text
    assert [entry.event for entry in list_entries("agency:H19.10")] == ["agency.added"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"code": "H19.17"}, "đã là của Sở Tài nguyên và Môi trường"),
        ({"code": "19.17"}, "không phải mã định danh theo QĐ 20/2020/QĐ-TTg"),
        ({"code": ""}, "Hãy ghi mã định danh."),
        ({"name": "   "}, "Hãy ghi tên cơ quan."),
        ({"parent": ""}, "Hãy chọn cơ quan cấp trên."),
        ({"parent": "H99"}, "Không có cơ quan này."),
        ({"first_day": "31/12/2019"}, "không hoạt động vào ngày 31/12/2019"),
        ({"first_day": "31/02/2023"}, "Ngày này không có thật"),
    ],
    ids=str,
)
def test_a_mistake_is_told_and_everything_typed_is_kept(
    province: Province, admin: Client, changes: dict[str, str], words: str
) -> None:
    answer = admin.post(ADD_AGENCY, typed(**changes))

    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="000.00.10.H19"' in answer.text
    assert not Agency.objects.filter(code="H19.10").exists()
