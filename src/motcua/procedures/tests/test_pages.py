"""The pages of the catalogue: who may see them, what they show, how many queries they take."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from motcua.people.queries import Person
from motcua.procedures import actions
from motcua.procedures.catalogue_files import read_catalogue
from motcua.procedures.catalogue_xlsx_writing import write_xlsx
from motcua.procedures.catalogue_yaml import write_yaml
from motcua.procedures.models import Procedure
from motcua.procedures.tests.samples import (
    NOW,
    account_of,
    make_catalogue,
    make_officer,
    make_procedure,
    make_province,
    make_revision,
)

pytestmark = pytest.mark.django_db

LIST = "/thu-tuc/"
IMPORT = "/thu-tuc/nhap/"
ADDRESSES = [LIST, IMPORT, "/thu-tuc/danh-muc.yaml", "/thu-tuc/danh-muc.xlsx", "/thu-tuc/1.000450/"]


@pytest.fixture(scope="module")
def system_of_file(
    made_once: Callable[[Callable[[], Person]], Callable[[], Person]],
) -> Callable[[], Person]:
    return made_once(make_province)


@pytest.fixture
def system(db: None, system_of_file: Callable[[], Person]) -> Person:
    return system_of_file()


@pytest.fixture
def clerk(system: Person, client: Client) -> Client:
    """A counter clerk at the desk."""
    client.force_login(account_of(make_officer(system, username="an", role="CLERK")))
    return client


@pytest.fixture
def controller(system: Person) -> Client:
    """The controller at another desk."""
    client = Client()
    client.force_login(account_of(make_officer(system, username="binh", role="CONTROLLER")))
    return client


def store(system: Person, count: int = 1) -> None:
    """Import `count` procedures, every third one about water."""
    procedures = [
        make_procedure(
            f"1.{number:06}",
            field_code="TNN" if number % 3 == 0 else "DD",
            revisions=(make_revision(name=f"Cấp giấy phép số {number}"),),
        )
        for number in range(1, count + 1)
    ]
    actions.import_catalogue(officer=system, content=make_catalogue(*procedures), now=NOW)


def store_history(system: Person) -> None:
    """Import one procedure with two revisions."""
    revisions = (
        make_revision(last_day=date(2022, 12, 31)),
        make_revision(name="Đăng ký đất đai theo quy định mới", starts_on=date(2023, 1, 1)),
    )
    content = make_catalogue(make_procedure(revisions=revisions))
    actions.import_catalogue(officer=system, content=content, now=NOW)


def upload(content: bytes, name: str = "danh-muc.yaml") -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile(name, content)}


class Counts(NamedTuple):
    """How many queries a page made, and how many of them asked the catalogue."""

    total: int
    of_catalogue: int


def _counts(made: CaptureQueriesContext) -> Counts:
    asked = [query for query in made.captured_queries if '"procedures_' in query["sql"]]
    return Counts(len(made), len(asked))


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_outsider_is_sent_to_the_sign_in(client: Client, address: str) -> None:
    response = client.get(address)

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_person_without_a_post_is_refused(system: Person, client: Client, address: str) -> None:
    client.force_login(account_of(make_officer(system, username="chi", role=None)))

    assert client.get(address).status_code == 403


def test_an_outsider_and_a_clerk_import_nothing(clerk: Client) -> None:
    content = write_yaml(make_catalogue())

    anonymous = Client().post(IMPORT, upload(content))
    refused = clerk.post(IMPORT, upload(content))

    assert (anonymous.status_code, refused.status_code) == (302, 403)
    assert "sửa danh mục thủ tục" in refused.content.decode()
    assert Procedure.objects.count() == 0


def test_the_list_is_found_without_marks_and_by_field(system: Person, clerk: Client) -> None:
    store(system, 12)

    by_words = clerk.get(LIST, {"q": "giay phep so 11"})
    by_code = clerk.get(LIST, {"q": "1.000007"})
    by_field = clerk.get(LIST, {"field": "TNN", "q": "phép"})
    by_unknown_field = clerk.get(LIST, {"field": "XX"})

    assert by_words.context["page"].paginator.count == 1
    assert "Cấp giấy phép số 11" in by_words.content.decode()
    assert [revision.procedure.code for revision in by_code.context["page"]] == ["1.000007"]
    assert by_field.context["page"].paginator.count == 4
    assert "Không tìm thấy thủ tục nào" in by_unknown_field.content.decode()


def test_each_count_is_the_length_of_its_list(system: Person, clerk: Client) -> None:
    store(system, 12)
    chips = clerk.get(LIST, {"q": "giay phep"}).context["chips"]

    lengths = [clerk.get(chip["url"]).context["page"].paginator.count for chip in chips]

    assert [chip["count"] for chip in chips] == lengths == [12, 8, 4]


def test_the_list_has_pages_and_keeps_the_search_in_the_address(
    system: Person, clerk: Client
) -> None:
    store(system, 60)

    response = clerk.get(LIST, {"q": "giấy phép", "page": "2"})

    assert len(response.context["page"]) == 10
    assert "?q=gi%E1%BA%A5y+ph%C3%A9p&amp;page=1" in response.content.decode()


def test_the_list_takes_as_many_queries_for_a_thousand_procedures_as_for_ten(
    system: Person, clerk: Client
) -> None:
    counts = []
    clerk.get(LIST)

    for count in (10, 1000):
        store(system, count)
        with CaptureQueriesContext(connection) as made:
            assert clerk.get(LIST).context["page"].paginator.count == count
        counts.append(_counts(made))

    assert counts[0] == counts[1]
    assert counts[0].of_catalogue == 5


def test_a_procedure_page_takes_the_same_queries_for_a_longer_dossier(
    system: Person, clerk: Client
) -> None:
    small = make_revision()
    papers = small.variants[0].components * 40
    large = make_revision(variants=(replace(small.variants[0], components=papers),))
    content = make_catalogue(
        make_procedure("1.1", revisions=(small,)), make_procedure("1.2", revisions=(large,))
    )
    actions.import_catalogue(officer=system, content=content, now=NOW)
    counts = []
    clerk.get(LIST)

    for code in ("1.1", "1.2"):
        with CaptureQueriesContext(connection) as made:
            assert clerk.get(f"/thu-tuc/{code}/").status_code == 200
        counts.append(_counts(made))

    assert counts[0] == counts[1]
    assert counts[0].of_catalogue == 6


def test_a_procedure_page_shows_what_the_file_said(system: Person, clerk: Client) -> None:
    store_history(system)

    page = clerk.get("/thu-tuc/1.000450/").content.decode()

    for words in (
        "Đăng ký đất đai theo quy định mới",
        "mã minh họa",
        "Văn phòng Ủy ban nhân dân tỉnh",
        "12/QĐ-UBND, 20/12/2021",
        "1,5 ngày làm việc",
        "150.000",
        "8 giờ làm việc",
        "Mẫu số 04a/ĐK",
        "Nhận kết quả",
        "Luật Đất đai số 45/2013/QH13",
        "liên thông cùng cấp",
        "một phần",
        "Trường hợp: Tổ chức",
        "đến trước ngày 01/01/2023",
    ):
        assert words in page, words


def test_a_procedure_page_shows_an_earlier_revision_by_date(system: Person, clerk: Client) -> None:
    store_history(system)

    on_last_day = clerk.get("/thu-tuc/1.000450/", {"on": "2022-12-31"})
    on_first_day = clerk.get("/thu-tuc/1.000450/", {"on": "2023-01-01"})
    before = clerk.get("/thu-tuc/1.000450/", {"on": "2021-12-31"})

    assert on_last_day.context["revision"].number == 1
    assert on_first_day.context["revision"].number == 2
    assert before.context["revision"] is None
    assert "Thủ tục không áp dụng vào ngày 31/12/2021" in before.content.decode()


def test_a_wrong_day_is_said_and_an_unknown_code_is_not_found(
    system: Person, clerk: Client
) -> None:
    store_history(system)

    page = clerk.get("/thu-tuc/1.000450/", {"on": "31/02/2023"})

    assert "Ngày không có thật" in page.content.decode()
    assert "31/02/2023" in page.content.decode()
    assert clerk.get("/thu-tuc/9.999/").status_code == 404
    assert "Ngày không có thật" in clerk.get(LIST, {"on": "x"}).content.decode()
    assert clerk.get("/thu-tuc/danh-muc.yaml", {"on": "x"}).status_code == 404


def test_the_catalogue_is_handed_out_in_both_forms(system: Person, clerk: Client) -> None:
    store_history(system)

    yaml = clerk.get("/thu-tuc/danh-muc.yaml", {"on": "2022-06-01"})
    xlsx = clerk.get("/thu-tuc/danh-muc.xlsx")

    assert 'filename="danh-muc-thu-tuc-2022-06-01.yaml"' in yaml["Content-Disposition"]
    (procedure,) = read_catalogue(yaml.content).procedures
    assert [revision.last_day for revision in procedure.revisions] == [date(2022, 12, 31)]
    assert len(read_catalogue(xlsx.content).procedures[0].revisions) == 2


def test_only_who_may_import_sees_the_way_there(
    system: Person, clerk: Client, controller: Client
) -> None:
    store(system)

    assert IMPORT not in clerk.get(LIST).content.decode()
    assert IMPORT in controller.get(LIST).content.decode()


@pytest.mark.parametrize("write", [write_yaml, write_xlsx])
def test_a_controller_imports_a_file_and_sees_what_it_did(
    system: Person, controller: Client, write: object
) -> None:
    assert callable(write)

    response = controller.post(IMPORT, upload(write(make_catalogue())))
    again = controller.post(IMPORT, upload(write(make_catalogue())))

    assert response.status_code == 200
    assert response.context["result"].added == ("1.000450",)
    assert "Đã nhập tệp danh-muc.yaml." in response.content.decode()
    assert again.context["result"].unchanged == ("1.000450",)
    assert Procedure.objects.count() == 1


def test_a_file_with_errors_shows_them_all_and_writes_nothing(
    system: Person, controller: Client
) -> None:
    text = write_yaml(make_catalogue()).decode()
    text = text.replace("level: PROVINCE", "level: <b>X</b>").replace(
        "agency: H19.01", "agency: H77"
    )

    response = controller.post(IMPORT, upload(text.encode()))
    page = response.content.decode()

    assert response.status_code == 422
    assert "Tệp có 2 lỗi, chưa ghi gì vào danh mục" in page
    assert "&lt;b&gt;X&lt;/b&gt;" in page
    assert "Không có cơ quan nào mang mã “H77”" in page
    assert Procedure.objects.count() == 0


def test_very_many_errors_are_cut_and_counted(system: Person, controller: Client) -> None:
    content = make_catalogue(*(make_procedure("1.1") for _ in range(320)))

    page = controller.post(IMPORT, upload(write_yaml(content))).content.decode()

    assert "Tệp có 319 lỗi" in page
    assert "Còn 19 lỗi khác" in page


def test_no_file_an_empty_file_and_a_foreign_file_are_each_said(
    system: Person, controller: Client
) -> None:
    none = controller.post(IMPORT)
    empty = controller.post(IMPORT, {"file": io.BytesIO(b"")})
    foreign = controller.post(IMPORT, upload(b"\x89PNG\r\n\x1a\n\xff", "anh.yaml"))

    assert [r.status_code for r in (none, empty, foreign)] == [422, 422, 422]
    assert "Chưa chọn tệp" in none.content.decode()
    assert "Tệp trống" in empty.content.decode()
    assert "không phải YAML" in foreign.content.decode()
