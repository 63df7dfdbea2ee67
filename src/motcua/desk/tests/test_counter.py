"""The counter's finder: what may be received here comes first, found by any of its words."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from django.test import Client

from motcua.cases import reception_queries as reception
from motcua.cases.tests.world import LONG_AGO, MONDAY, World, make_person, make_procedure
from motcua.desk.tests.rows import count_queries, desk_clock, sign_in, words
from motcua.engine import vietnamese
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.procedures import queries as procedures
from motcua.procedures.models import Channel, Field, Procedure, Revision

FIND = "/tiep-nhan/"
WATER = "Cấp giấy phép khai thác nước dưới đất"
BIRTH = "Đăng ký khai sinh"


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock():
        yield world


@pytest.fixture
def clerk(world: World) -> Client:
    return sign_in(world.cuc)


def found(response: object) -> list[str]:
    """Return the names of the procedures on a page, in order."""
    page = response.content.decode()  # type: ignore[attr-defined]
    return re.findall(r'class="cell-title" href="[^"]+">([^<]+)</a>', page)


def give_post(world: World, person: people.Person, agency_id: int, role: str) -> None:
    people_actions.give_post(
        officer=world.system,
        now=MONDAY,
        person_id=person.id,
        agency_id=agency_id,
        role=role,
        starts_on=LONG_AGO,
    )


def make_commune_procedure(world: World) -> None:
    """Make a procedure that is filed at a commune only."""
    make_procedure(world.office, "2.000001", BIRTH)
    Procedure.objects.filter(code="2.000001").update(level="COMMUNE")


def test_a_visitor_is_led_to_the_sign_in_page(world: World) -> None:
    for address in (FIND, f"{FIND}1.000001/", "/ho-so/X/giay-tiep-nhan.pdf"):
        response = Client().get(address)

        assert response.status_code == 302
        assert response["Location"].startswith("/tai-khoan/")


def test_someone_without_a_counter_is_told_so(world: World) -> None:
    for person in (world.oanh, world.binh, world.dung, world.controller):
        response = sign_in(person).get(FIND)

        assert response.status_code == 403
        assert "không có quyền tiếp nhận hồ sơ" in words(response)


def test_an_expired_post_is_named_with_its_last_day(world: World) -> None:
    former = make_person(
        world.system, "cu", "Đoàn Yến", world.centre, "CLERK", ends_on=date(2023, 1, 1)
    )

    response = sign_in(former).get(FIND)

    assert response.status_code == 403
    assert "hết hiệu lực từ ngày 01/01/2023" in words(response)


def test_someone_at_another_of_their_posts_is_told_to_switch(world: World) -> None:
    give_post(world, world.binh, world.centre.pk, "CLERK")
    client = sign_in(world.binh)
    counter = people.get_person(user_id=world.binh.id).posts[-1]

    refused = client.get(FIND)
    refused_form = client.get(f"{FIND}1.000001/")
    client.post("/chon-vi-tri/", {"post": counter.id})
    allowed = client.get(FIND)

    assert refused.status_code == refused_form.status_code == 403
    assert "Hãy chuyển sang vị trí tiếp nhận" in words(refused)
    assert f'name="post" value="{counter.id}"' in refused.content.decode()
    assert allowed.status_code == 200


def test_a_procedure_is_shown_with_its_field_limit_and_fee(world: World, clerk: Client) -> None:
    Channel.objects.filter(kind="COUNTER").update(fee_vnd=28000)
    Revision.objects.update(is_interagency_same_level=True)

    page = words(clerk.get(FIND))

    assert "Tài nguyên nước" in page
    assert WATER in page
    assert "1.000001" in page
    assert "5 ngày làm việc" in page
    assert "28.000 đồng" in page
    assert "liên thông cùng cấp" in page


@pytest.mark.parametrize(
    "text",
    [
        "khai thác nước",
        "nuoc duoi dat",
        "KHAI THAC",
        "1.000001",
        unicodedata.normalize("NFD", "nước dưới đất"),
        "tai nguyen nuoc",
        "  nước   dưới ",
        "nuoc\0",
    ],
)
def test_a_procedure_is_found_by_its_words_code_or_field(
    world: World, clerk: Client, text: str
) -> None:
    make_procedure(world.office, "2.000001", BIRTH)
    Revision.objects.filter(name=BIRTH).update(search_text="2.000001 dang ky khai sinh")

    response = clerk.get(FIND, {"q": text})

    assert found(response) == [WATER]


def test_nothing_found_says_what_to_try(clerk: Client) -> None:
    response = clerk.get(FIND, {"q": "hộ chiếu"})

    assert found(response) == []
    assert "Không tìm thấy thủ tục nào" in words(response)


def test_a_very_long_text_is_refused_in_words(clerk: Client) -> None:
    response = clerk.get(FIND, {"q": "a" * 201})

    assert response.status_code == 200
    assert "Cụm từ dài quá 200 ký tự" in words(response)


def test_a_field_filters_and_stays_in_the_links(world: World, clerk: Client) -> None:
    other = Field.objects.create(code="HT", name="Hộ tịch", sort_name="hộ tịch")
    make_procedure(world.office, "2.000001", BIRTH)
    Procedure.objects.filter(code="2.000001").update(field=other)

    response = clerk.get(FIND, {"field": "HT", "q": "cap phep khai sinh"[-9:]})

    page = response.content.decode()
    assert found(response) == [BIRTH]
    assert 'href="/tiep-nhan/?q=khai+sinh&amp;field=HT" aria-current="true"' in page
    assert 'name="field" id="finder-field" value="HT"' in page


def test_an_unknown_field_finds_nothing(clerk: Client) -> None:
    assert found(clerk.get(FIND, {"field": "KHONG-CO"})) == []


def test_what_is_filed_elsewhere_comes_last_and_says_where(world: World, clerk: Client) -> None:
    make_commune_procedure(world)

    response = clerk.get(FIND)

    page = response.content.decode()
    assert found(response) == [WATER, BIRTH]
    assert "Nộp ở nơi khác" in words(response)
    assert "nộp tại Bộ phận Một cửa cấp xã" in words(response)
    assert 'href="/tiep-nhan/1.000001/"' in page
    assert 'href="/tiep-nhan/2.000001/"' not in page


def test_the_database_sorts_by_the_same_rule_as_the_catalogue(world: World) -> None:
    Revision.objects.all().delete()
    Procedure.objects.all().delete()
    flags = product(("PROVINCE", "DISTRICT", "COMMUNE"), ("", "DISTRICT", "COMMUNE"), *[(0, 1)] * 2)
    for number, (level, kind, independent, across) in enumerate(flags):
        make_procedure(world.office, f"3.{number}", f"Thủ tục {number}")
        Procedure.objects.filter(code=f"3.{number}").update(level=level)
        Revision.objects.filter(procedure__code=f"3.{number}").update(
            agency=None if kind else world.office,
            agency_kind=kind,
            is_place_independent=bool(independent),
            is_interagency_across_levels=bool(across),
        )
    post = world.cuc.posts[0]
    posts = [
        replace(post, agency_kind=kind, agency_level=level, agency_path=path)
        for kind, level, path in (
            ("CENTRE", "PROVINCE", "/1/2/3/"),
            ("DISTRICT", "DISTRICT", "/1/7/"),
            ("COMMUNE", "COMMUNE", "/1/7/8/"),
            ("COMMUNE", "COMMUNE", "/8/"),
            ("VERTICAL", "VERTICAL", "/9/"),
        )
    ]

    for held in posts:
        listed = reception.list_at_counter(text="", field_code="", post=held, on=MONDAY.date())

        by_rule = {
            code
            for code in Procedure.objects.values_list("code", flat=True)
            if procedures.place_of_filing(
                procedures.get_sheet(code=code, on=MONDAY.date()), post=held
            ).is_allowed
        }
        assert {one.procedure.code for one in listed.here} == by_rule
        order = [one.procedure.code in by_rule for one in listed.revisions]
        assert order == sorted(order, reverse=True)
        assert len(order) == 36


@pytest.mark.parametrize("text", ["nuoc duoi dat", "1.000001"])
def test_enter_opens_the_first_procedure_when_it_is_sure(
    world: World, clerk: Client, text: str
) -> None:
    response = clerk.get(FIND, {"q": text, "field": "", "mo": ""})

    assert response["Location"] == "/tiep-nhan/1.000001/"


def test_enter_opens_the_first_of_several_only_when_they_were_seen(
    world: World, clerk: Client
) -> None:
    make_procedure(world.office, "1.000002", "Gia hạn giấy phép khai thác nước dưới đất")

    unseen = clerk.get(FIND, {"q": "nuoc", "field": "TNN", "mo": "nu"})
    seen = clerk.get(FIND, {"q": "nuoc", "field": "", "mo": "nuoc"})

    assert unseen["Location"] == "/tiep-nhan/?q=nuoc&field=TNN"
    assert seen["Location"] == "/tiep-nhan/1.000001/"


def test_enter_never_opens_what_is_filed_elsewhere(world: World, clerk: Client) -> None:
    make_commune_procedure(world)

    response = clerk.get(FIND, {"q": "khai sinh", "mo": "khai sinh"})

    assert response["Location"] == "/tiep-nhan/?q=khai+sinh"


def test_enter_with_nothing_typed_stays_on_the_list(clerk: Client) -> None:
    assert clerk.get(FIND, {"q": "", "mo": ""})["Location"] == FIND


def store_procedures(world: World, count: int) -> None:
    stored = Procedure.objects.bulk_create(
        Procedure(
            code=f"5.{number:06}", code_status="illustrative", field=world.field, level="PROVINCE"
        )
        for number in range(count)
    )
    revisions = Revision.objects.bulk_create(
        Revision(
            procedure=one,
            number=1,
            name=f"Thủ tục {one.code}",
            search_text=vietnamese.fold(f"{one.code} Thủ tục"),
            agency=world.office,
            starts_on=LONG_AGO,
            workflow_key="three-steps",
        )
        for one in stored
    )
    Channel.objects.bulk_create(
        Channel(revision=one, kind="COUNTER", limit_amount=5, limit_unit="DAY") for one in revisions
    )


def test_pages_follow_each_other(world: World, clerk: Client) -> None:
    store_procedures(world, 30)

    first, second = (clerk.get(FIND, {"q": "thu tuc", "page": str(page)}) for page in (1, 2))

    assert len(found(first)) == 25
    assert len(found(second)) == 5
    assert not set(found(first)) & set(found(second))
    assert "?q=thu+tuc&amp;page=2" in first.content.decode()


def test_a_thousand_procedures_take_as_many_queries_as_ten(world: World, clerk: Client) -> None:
    store_procedures(world, 9)
    few = count_queries(clerk, FIND)
    Channel.objects.filter(revision__procedure__code__startswith="5.").delete()
    Revision.objects.filter(procedure__code__startswith="5.").delete()
    Procedure.objects.filter(code__startswith="5.").delete()
    store_procedures(world, 1000)

    many = count_queries(clerk, FIND)

    assert few == many <= 14
