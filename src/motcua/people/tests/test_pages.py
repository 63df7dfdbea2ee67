"""The pages of posts, accounts and agencies: who may see and change, what they tell and keep."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.clock import queries as clock
from motcua.clock.actions import shift_clock
from motcua.people import queries
from motcua.people.models import Agency, Post, User
from motcua.people.queries import Person
from motcua.people.tests.cast import (
    LONG_AGO,
    MONDAY,
    Province,
    give,
    hash_password,
    make_agency,
    make_person,
    make_province,
)

POSTS = "/quan-tri/"
GIVE = "/quan-tri/giao-vi-tri/"
ADD = "/quan-tri/tai-khoan/them/"
AGENCIES = "/quan-tri/co-quan/"
TODAY = MONDAY.date()

pytestmark = pytest.mark.django_db


@pytest.fixture
def province(db: None) -> Iterator[Province]:
    """The small province, on Monday 06/03/2023."""
    made = make_province()
    shift_clock(shows=MONDAY, now=timezone.now())  # noqa: TID251
    yield made
    clock.forget()


def desk_of(person: Person) -> Client:
    client = Client()
    client.force_login(
        User.objects.get(pk=person.id), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


@pytest.fixture
def admin(province: Province) -> Client:
    """The administrator's desk."""
    return desk_of(province.admin)


def end_page(post: Post) -> str:
    return f"/quan-tri/vi-tri/{post.pk}/ket-thuc/"


def post_of(person: Person) -> Post:
    return Post.objects.get(person_id=person.id)


def giving(**changes: str) -> dict[str, str]:
    asked = {
        "person": "cuc",
        "agency": "H19.01",
        "role": "OFFICER",
        "first_day": "01/04/2023",
        "last_day": "30/04/2023",
    }
    return {**asked, **changes}


@pytest.mark.parametrize("address", [POSTS, AGENCIES, GIVE, ADD, "/quan-tri/vi-tri/1/ket-thuc/"])
def test_a_visitor_is_sent_to_the_door(province: Province, address: str) -> None:
    answer = Client().get(address)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/tai-khoan/login/")


@pytest.mark.parametrize("address", [POSTS, AGENCIES, GIVE, ADD])
def test_a_clerk_sees_no_page_of_the_administration(province: Province, address: str) -> None:
    answer = desk_of(province.clerk).get(address)

    assert answer.status_code == 403
    assert "không có quyền" in answer.content.decode()


def test_the_controller_sees_posts_and_agencies_and_changes_nothing(province: Province) -> None:
    client = desk_of(province.controller)

    lists = [client.get(POSTS), client.get(AGENCIES)]
    refused = [
        client.get(GIVE),
        client.post(GIVE, giving()),
        client.post(ADD, {"username": "an", "full_name": "An", "password": "cay-tram-2023"}),
        client.post(end_page(post_of(province.clerk)), {"last_day": "06/03/2023"}),
    ]

    assert [answer.status_code for answer in lists] == [200, 200]
    assert all(GIVE not in answer.content.decode() for answer in lists)
    assert [answer.status_code for answer in refused] == [403] * 4
    assert not User.objects.filter(username="an").exists()
    assert post_of(province.clerk).ends_on is None


def test_posts_are_listed_with_their_last_day_those_in_force_first(
    province: Province, admin: Client
) -> None:
    make_person(
        province.system, "yen", "Đoàn Yến", province.centre, "CLERK", ends_on=date(2023, 3, 1)
    )

    rows = admin.get(POSTS).context["rows"]

    assert [row["post"].person.username for row in rows][-1] == "yen"
    assert (rows[-1]["last_day"], rows[-1]["state"]) == (date(2023, 2, 28), "Đã kết thúc")
    assert {row["state"] for row in rows[:-1]} == {"Đang hiệu lực"}


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ({"q": "tran thi cuc"}, {"cuc"}),
        ({"q": "TRẦN"}, {"cuc"}),
        ({"q": "trung tam"}, {"cuc"}),
        ({"q": "van phong phuc"}, {"phuc"}),
        ({"agency": "H19.01"}, {"phuc", "vy"}),
        ({"agency": "H19.01", "role": "ADMIN"}, {"phuc"}),
        ({"role": "CLERK"}, {"cuc"}),
        ({"q": "nobody"}, set()),
        ({"agency": "H99"}, set()),
        ({"q": "\0"}, {"he-thong", "phuc", "vy", "cuc"}),
    ],
    ids=str,
)
def test_posts_are_found_without_marks_by_agency_and_role(
    province: Province, admin: Client, search: dict[str, str], names: set[str]
) -> None:
    answer = admin.get(POSTS, search)

    assert answer.status_code == 200
    assert {row["post"].person.username for row in answer.context["rows"]} == names


def test_the_counts_of_the_chips_are_the_lengths_of_the_lists_behind_them(
    province: Province, admin: Client
) -> None:
    make_person(province.system, "yen", "Đoàn Yến", province.centre, "CLERK", ends_on=TODAY)
    give(province.system, province.clerk.id, province.office, starts_on=TODAY + timedelta(days=1))

    chips = admin.get(POSTS, {"role": "CLERK"}).context["chips"]

    assert {chip["label"]: chip["count"] for chip in chips} == {
        "Tất cả": 3,
        "Đang hiệu lực": 1,
        "Chưa bắt đầu": 1,
        "Đã kết thúc": 1,
    }
    for chip in chips:
        assert len(admin.get(chip["url"]).context["rows"]) == chip["count"]


def make_posts(province: Province, count: int) -> None:
    users = User.objects.bulk_create(
        [
            User(username=f"nv{number}", full_name=f"Nguyễn Văn {number}", password="!")
            for number in range(count)
        ]
    )
    Post.objects.bulk_create(
        [
            Post(person=user, agency=province.centre, role="CLERK", starts_on=LONG_AGO)
            for user in users
        ]
    )


def count_queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries_made:
        assert client.get(address).status_code == 200
    return len(queries_made)


@pytest.mark.parametrize("address", [POSTS, f"{POSTS}?q=nguyen&role=CLERK", GIVE])
def test_a_page_takes_as_many_queries_for_a_thousand_posts_as_for_ten(
    province: Province, admin: Client, address: str
) -> None:
    make_posts(province, 10)
    few = count_queries(admin, address)
    Post.objects.filter(role="CLERK").delete()
    User.objects.filter(username__startswith="nv").delete()
    make_posts(province, 1000)

    many = count_queries(admin, address)

    assert many == few
    assert few <= {GIVE: 6}.get(address, 10)


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
    assert few <= 8


def test_long_lists_come_in_pages_that_keep_the_search(province: Province, admin: Client) -> None:
    make_posts(province, 120)

    page = admin.get(POSTS, {"q": "nguyen van", "page": "3"})

    assert len(page.context["rows"]) == 20
    assert "q=nguyen+van&amp;page=2" in page.content.decode()


def test_an_account_without_a_post_is_pointed_out(province: Province, admin: Client) -> None:
    user = User.objects.create(username="moi", full_name="Trương Mới")
    user.password = hash_password("motcua-2023")
    user.save()

    words = admin.get(POSTS).content.decode()

    assert f"{GIVE}?person=moi" in words
    assert "moi" not in desk_of(province.controller).get(POSTS).content.decode()


def test_a_post_is_given_up_to_the_last_day_that_was_typed(
    province: Province, admin: Client
) -> None:
    answer = admin.post(GIVE, giving(), follow=True)

    post = Post.objects.get(person_id=province.clerk.id, role="OFFICER")
    assert (post.agency, post.starts_on, post.ends_on) == (
        province.office,
        date(2023, 4, 1),
        date(2023, 5, 1),
    )
    assert answer.redirect_chain == [("/quan-tri/?q=cuc", 302)]
    assert "Đã giao vị trí Công chức thụ lý" in answer.content.decode()


def test_a_post_may_be_given_without_an_end(province: Province, admin: Client) -> None:
    admin.post(GIVE, giving(last_day=""))

    assert Post.objects.get(person_id=province.clerk.id, role="OFFICER").ends_on is None


def test_sending_the_same_post_twice_gives_it_once(province: Province, admin: Client) -> None:
    admin.post(GIVE, giving())
    again = admin.post(GIVE, giving())

    assert again.status_code == 422
    assert "khoảng thời gian trùng nhau" in again.content.decode()
    assert Post.objects.filter(person_id=province.clerk.id, role="OFFICER").count() == 1


def test_words_that_name_nobody_exactly_offer_who_is_meant(
    province: Province, admin: Client
) -> None:
    asked = giving(person="tran thi", agency="trung tam hanh chinh")

    offered = admin.post(GIVE, asked)
    given = admin.post(GIVE, {**asked, "person_match": "cuc", "agency_match": "H19.01.01"})

    words = offered.content.decode()
    assert offered.status_code == 422
    assert "Trần Thị Cúc (cuc)" in words
    assert "Trung tâm Hành chính công tỉnh (H19.01.01)" in words
    assert 'value="tran thi"' in words
    assert given.status_code == 302
    assert Post.objects.filter(person_id=province.clerk.id, role="OFFICER").exists()


def test_a_match_of_other_words_is_not_taken(province: Province, admin: Client) -> None:
    answer = admin.post(GIVE, giving(person="tran thi", person_match="phuc"))

    assert answer.status_code == 422
    assert Post.objects.filter(role="OFFICER").count() == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"person": ""}, "Hãy nhập người được giao vị trí."),
        ({"person": "không có ai"}, "Không tìm thấy «không có ai»"),
        ({"agency": "H99"}, "Không tìm thấy «H99»"),
        ({"role": ""}, "Hãy chọn vai trò."),
        ({"role": "KING"}, "Vai trò này không có."),
        ({"first_day": "31/02/2023"}, "Ngày này không có thật"),
        ({"first_day": ""}, "Hãy ghi ngày này"),
        ({"last_day": "31/12/9999"}, "Ngày này quá xa"),
        ({"last_day": "31/03/2023"}, "Ngày cuối 31/03/2023 phải từ ngày đầu 01/04/2023 trở đi"),
        ({"first_day": "01/01/2019"}, "hoạt động từ ngày 01/01/2020"),
    ],
    ids=str,
)
def test_a_mistake_is_told_and_everything_typed_is_kept(
    province: Province, admin: Client, changes: dict[str, str], words: str
) -> None:
    asked = giving(**changes)

    answer = admin.post(GIVE, asked)

    told = answer.content.decode()
    assert answer.status_code == 422
    assert words in told
    for name in ("person", "agency", "first_day", "last_day"):
        assert not asked[name] or f'value="{asked[name]}"' in told
    assert Post.objects.filter(person_id=province.clerk.id).count() == 1


def test_too_many_matches_ask_for_more_words(province: Province, admin: Client) -> None:
    make_posts(province, 30)

    answer = admin.post(GIVE, giving(person="nguyen van"))

    assert "Có hơn 20 kết quả khớp" in answer.content.decode()


def test_the_form_opens_with_the_person_or_agency_it_was_asked_for(
    province: Province, admin: Client
) -> None:
    words = admin.get(GIVE, {"person": "cuc", "agency": "H19.01"}).content.decode()

    assert 'value="cuc"' in words
    assert 'value="H19.01"' in words
    assert 'value="06/03/2023"' in words


def test_before_a_post_ends_the_page_says_what_that_means(
    province: Province, admin: Client
) -> None:
    give(province.system, province.clerk.id, province.office, "OFFICER")
    post = Post.objects.get(person_id=province.clerk.id, role="CLERK")

    words = admin.get(end_page(post)).content.decode()

    assert "không còn được tiếp nhận hồ sơ, trả kết quả, xử lý hồ sơ" in words
    assert "Công chức thụ lý, Văn phòng Ủy ban nhân dân tỉnh" in words
    assert 'value="06/03/2023"' in words


def test_a_post_ends_with_the_last_day_that_was_typed(province: Province, admin: Client) -> None:
    post = post_of(province.clerk)

    answer = admin.post(end_page(post), {"last_day": "10/03/2023"}, follow=True)

    clerk = queries.get_person(username="cuc")
    assert clerk.posts_on(date(2023, 3, 10))
    assert not clerk.posts_on(date(2023, 3, 11))
    assert "hết hiệu lực sau ngày 10/03/2023" in answer.content.decode()


@pytest.mark.parametrize(
    ("last_day", "words"),
    [
        ("", "Hãy ghi ngày này"),
        ("mai", "không đúng dạng"),
        ("31/12/2019", "bắt đầu từ ngày 01/01/2020"),
    ],
)
def test_a_day_on_which_a_post_cannot_end_is_told_and_kept(
    province: Province, admin: Client, last_day: str, words: str
) -> None:
    post = post_of(province.clerk)

    answer = admin.post(end_page(post), {"last_day": last_day})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not last_day or f'value="{last_day}"' in answer.content.decode()
    assert post_of(province.clerk).ends_on is None


def test_one_s_own_last_administrator_s_post_stays(province: Province, admin: Client) -> None:
    post = post_of(province.admin)

    page = admin.get(end_page(post))
    answer = admin.post(end_page(post), {"last_day": "06/03/2023"})

    assert "Đây là vị trí của chính anh/chị." in page.content.decode()
    assert answer.status_code == 422
    assert "vị trí quản trị duy nhất" in answer.content.decode()


def test_a_post_that_has_ended_offers_nothing_to_do(province: Province, admin: Client) -> None:
    former = make_person(
        province.system, "yen", "Đoàn Yến", province.centre, "CLERK", ends_on=date(2023, 3, 1)
    )

    words = admin.get(end_page(post_of(former))).content.decode()

    assert "Vị trí này đã kết thúc" in words
    assert 'name="last_day"' not in words


def test_the_post_of_a_closed_account_can_be_ended(province: Province, admin: Client) -> None:
    User.objects.filter(pk=province.clerk.id).update(is_active=False)
    post = post_of(province.clerk)

    page = admin.get(end_page(post))
    admin.post(end_page(post), {"last_day": "06/03/2023"})

    assert page.status_code == 200
    assert post_of(province.clerk).ends_on == date(2023, 3, 7)


def test_a_post_that_does_not_exist_is_not_found(province: Province, admin: Client) -> None:
    assert admin.get("/quan-tri/vi-tri/987654/ket-thuc/").status_code == 404


def test_a_new_account_can_sign_in_and_is_given_a_post_next(
    province: Province, admin: Client
) -> None:
    answer = admin.post(
        ADD, {"username": "an", "full_name": " Nguyễn  Văn An", "password": "cay-tram-2023"}
    )

    assert answer.status_code == 302
    assert answer["Location"] == f"{GIVE}?person=an"
    assert User.objects.get(username="an").full_name == "Nguyễn Văn An"
    assert Client().login(username="an", password="cay-tram-2023")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"username": "cuc"}, "«cuc» đã là của Trần Thị Cúc"),
        ({"username": "nguyen an"}, "không có khoảng trắng"),
        ({"username": ""}, "Hãy nhập tên đăng nhập."),
        ({"full_name": ""}, "Hãy nhập họ và tên."),
        ({"password": "ngan"}, "Mật khẩu quá ngắn"),
        ({"password": "password1"}, "Mật khẩu này quá phổ biến"),
        ({"password": ""}, "Hãy nhập mật khẩu ban đầu."),
    ],
    ids=str,
)
def test_a_mistake_in_an_account_is_told_and_everything_typed_is_kept(
    province: Province, admin: Client, changes: dict[str, str], words: str
) -> None:
    asked = {"username": "an", "full_name": "Nguyễn Văn An", "password": "cay-tram-2023", **changes}

    answer = admin.post(ADD, asked)

    told = answer.content.decode()
    assert answer.status_code == 422
    assert words in told
    assert all(f'value="{value}"' in told for value in asked.values() if value)
    assert not User.objects.filter(username="an").exists()


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
