"""Who may do what, where and when: the outsider first."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils.translation import override

from motcua.engine.moments import VIETNAM
from motcua.people import actions, queries
from motcua.people.models import Agency, Post, User
from motcua.people.queries import HeldPost, Person, Scope
from motcua.people.rights import FUNCTION_NAMES, RIGHTS
from motcua.people.tests.cast import LONG_AGO, MONDAY, Province, make_person

TODAY = MONDAY.date()
OFFICE, CENTRE, ELSEWHERE = (1, "/9/1/"), (2, "/9/1/2/"), (3, "/9/3/")


def post(role: str, at: tuple[int, str] = OFFICE, **dates: date | None) -> HeldPost:
    days: dict[str, date | None] = {"starts_on": LONG_AGO, "ends_on": None, **dates}
    return HeldPost(
        id=at[0],
        role=role,
        agency_id=at[0],
        agency_code="H19.01",
        agency_name="Văn phòng",
        agency_kind="OFFICE",
        agency_level="PROVINCE",
        agency_path=at[1],
        **days,  # type: ignore[arg-type]
    )


def person(*posts: HeldPost) -> Person:
    return Person(id=1, username="an", full_name="Nguyễn Văn An", posts=posts)


def reach(who: Person, function: str, now: datetime = MONDAY) -> Scope:
    return queries.scope_of(who, function, now=now)


def covers(scope: Scope, at: tuple[int, str]) -> bool:
    return scope.covers(agency_id=at[0], agency_path=at[1])


@pytest.mark.parametrize("function", sorted(RIGHTS))
def test_an_outsider_may_do_nothing(function: str) -> None:
    assert reach(person(), function).is_empty
    assert not covers(reach(person(), function), OFFICE)


@pytest.mark.parametrize("function", sorted(RIGHTS))
@pytest.mark.parametrize("role", Post.Role.values)
def test_a_role_may_do_what_the_table_gives_it_and_no_more(role: str, function: str) -> None:
    scope = reach(person(post(role)), function)

    assert scope.is_empty == (role not in RIGHTS[function])


@pytest.mark.parametrize(
    ("role", "function", "covered"),
    [
        ("CLERK", "cases.receive", {OFFICE}),
        ("OFFICER", "cases.see", {OFFICE}),
        ("LEADER", "cases.see", {OFFICE, CENTRE}),
        ("LEADER", "reports.see", {OFFICE, CENTRE}),
        ("CONTROLLER", "cases.see", {OFFICE, CENTRE, ELSEWHERE}),
        ("CONTROLLER", "reports.see", {OFFICE, CENTRE, ELSEWHERE}),
        ("ADMIN", "people.change", {OFFICE, CENTRE, ELSEWHERE}),
        ("ADMIN", "cases.see", set()),
        ("CONTROLLER", "cases.receive", set()),
        ("CONTROLLER", "people.change", set()),
    ],
)
def test_a_right_reaches_over_the_own_agency_its_subtree_or_all(
    role: str, function: str, covered: set[tuple[int, str]]
) -> None:
    scope = reach(person(post(role)), function)

    assert {at for at in (OFFICE, CENTRE, ELSEWHERE) if covers(scope, at)} == covered


def test_the_path_of_a_neighbour_with_a_longer_number_is_no_subtree() -> None:
    scope = reach(person(post("LEADER", (1, "/9/1/"))), "cases.see")

    assert not covers(scope, (12, "/9/12/"))


def test_several_posts_add_up() -> None:
    scope = reach(person(post("CLERK", OFFICE), post("CLERK", ELSEWHERE)), "cases.receive")

    assert covers(scope, OFFICE)
    assert covers(scope, ELSEWHERE)
    assert not covers(scope, CENTRE)


def test_every_role_and_function_of_the_table_is_known_by_name() -> None:
    assert set(RIGHTS) == set(FUNCTION_NAMES)
    assert {role for roles in RIGHTS.values() for role in roles} <= set(Post.Role.values)
    assert {reach for roles in RIGHTS.values() for reach in roles.values()} <= {
        "own",
        "subtree",
        "all",
    }


@pytest.mark.parametrize(
    ("moment", "is_held"),
    [
        (datetime(2023, 3, 5, 23, 30, tzinfo=VIETNAM), False),
        (datetime(2023, 3, 6, 0, 30, tzinfo=VIETNAM), True),
        (datetime(2023, 3, 10, 23, 30, tzinfo=VIETNAM), True),
        (datetime(2023, 3, 11, 0, 30, tzinfo=VIETNAM), False),
    ],
)
def test_a_post_begins_and_ends_at_midnight_in_vietnam(moment: datetime, is_held: bool) -> None:
    # In UTC all four moments lie on another day than the one they are on here, or on the same.
    holder = person(post("CLERK", starts_on=date(2023, 3, 6), ends_on=date(2023, 3, 11)))

    assert reach(holder, "cases.receive", moment).is_empty != is_held
    assert bool(holder.posts_on(queries.day_of(moment))) == is_held


def test_the_post_at_work_is_the_chosen_one_while_it_is_held() -> None:
    first, second = post("CLERK"), post("CLERK", CENTRE, ends_on=TODAY + timedelta(days=1))
    holder = person(first, second)

    assert queries.current_post(holder, None, now=MONDAY) == first
    assert queries.current_post(holder, second.id, now=MONDAY) == second
    assert queries.current_post(holder, second.id, now=MONDAY + timedelta(days=1)) == first
    assert queries.current_post(person(), None, now=MONDAY) is None


def test_the_role_of_a_post_is_named() -> None:
    assert post("CLERK").role_label == "Công chức Bộ phận Một cửa"
    assert post("ADMIN").role_label == "Quản trị hệ thống"


def test_what_a_role_may_do_is_told_in_the_language_of_the_reader() -> None:
    with override("vi"):
        assert queries.name_powers("ADMIN") == [
            "xem thủ tục",
            "xem quy trình",
            "xem nhật ký tải dữ liệu",
            "xem tài khoản và vị trí công tác",
            "sửa tài khoản và vị trí công tác",
            "giải thể cơ quan",
        ]


def test_a_person_is_loaded_with_their_posts_in_one_query(
    province: Province, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        loaded = queries.get_person(user_id=province.clerk.id)

    assert [(held.role, held.agency_code) for held in loaded.posts] == [("CLERK", "H19.01.01")]


@pytest.mark.parametrize("known_by", ["user_id", "username"])
def test_an_account_without_a_post_is_somebody_and_takes_one_query_too(
    province: Province, django_assert_num_queries: object, known_by: str
) -> None:
    newcomer = User.objects.create_user(username="moi", full_name="Võ Thị Mới")
    by: dict[str, Any] = {"user_id": newcomer.pk, "username": "moi"}

    with django_assert_num_queries(1):  # type: ignore[operator]
        loaded = queries.get_person(**{known_by: by[known_by]})

    assert (loaded.id, loaded.full_name) == (newcomer.pk, "Võ Thị Mới")
    assert (loaded.posts, loaded.stand_ins) == ((), ())


def test_a_closed_account_is_nobody(province: Province) -> None:
    User.objects.filter(username="cuc").update(is_active=False)

    with pytest.raises(queries.NoSuchPerson):
        queries.get_person(username="cuc")


def test_the_agencies_of_a_scope_are_its_subtree(province: Province) -> None:
    leader = make_person(province.system, "dung", "Phạm Ngọc Dung", province.office, "LEADER")

    covered = queries.agencies_in_scope(reach(leader, "cases.see"))

    assert {agency.code for agency in covered} == {"H19.01", "H19.01.01"}
    assert queries.agencies_in_scope(reach(province.controller, "cases.see")).count() == 4
    assert queries.agencies_in_scope(reach(province.clerk, "people.see")).count() == 0


def test_the_outsider_is_told_which_right_is_missing(province: Province) -> None:
    with pytest.raises(actions.NotAllowed, match="không có quyền xem tài khoản và vị trí công tác"):
        actions.require(province.clerk, "people.see", now=MONDAY)


def test_the_right_elsewhere_is_no_right_here(province: Province) -> None:
    here, there = Agency.objects.get(code="H19.01.01"), province.department

    actions.require(province.clerk, "cases.receive", now=MONDAY, agency_id=here.pk)
    with pytest.raises(actions.NotAllowed, match="ở cơ quan này"):
        actions.require(
            province.clerk, "cases.receive", now=MONDAY, agency_id=there.pk, agency_path=there.path
        )


def test_whose_post_has_ended_is_told_when(province: Province) -> None:
    former = make_person(
        province.system, "yen", "Đoàn Yến", province.centre, "CLERK", ends_on=date(2023, 3, 1)
    )

    with pytest.raises(actions.NotAllowed, match="hết hiệu lực từ ngày 01/03/2023"):
        actions.require(former, "cases.receive", now=MONDAY)
