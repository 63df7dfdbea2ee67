"""The page of an account: a new password, closing it and opening it again."""

from __future__ import annotations

import pytest
from django.test import Client

from motcua.audit.queries import find_broken_chains, list_entries
from motcua.people import actions, queries
from motcua.people.models import User
from motcua.people.tests.cast import MONDAY, Province, make_person
from motcua.people.tests.desks import count_queries, desk_of, make_posts, post_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def page_of(user_id: int, act: str = "") -> str:
    return f"/quan-tri/tai-khoan/{user_id}/{act}"


ACTS = {
    "mat-khau/": {"password": "cay-tram-2023", "reason": "Quên mật khẩu"},
    "khoa/": {"reason": "Thôi việc"},
    "mo/": {"reason": "Đi làm lại"},
}


@pytest.mark.parametrize("act", ACTS)
def test_nobody_but_an_administrator_sees_or_changes_an_account(
    province: Province, act: str
) -> None:
    address, before = page_of(province.clerk.id), User.objects.get(pk=province.clerk.id).password

    for outsider in (province.clerk, province.controller):
        assert desk_of(outsider).get(address).status_code == 403
        assert desk_of(outsider).post(f"{address}{act}", ACTS[act]).status_code == 403
    visitor = Client().post(f"{address}{act}", ACTS[act])

    assert visitor["Location"].startswith("/tai-khoan/login/")
    user = User.objects.get(pk=province.clerk.id)
    assert (user.is_active, user.password) == (True, before)


def test_a_lost_password_is_replaced_and_whoever_is_signed_in_is_out(
    province: Province, admin: Client
) -> None:
    clerk = desk_of(province.clerk)

    answer = admin.post(page_of(province.clerk.id, "mat-khau/"), ACTS["mat-khau/"], follow=True)

    assert "Đã đặt mật khẩu mới cho cuc" in answer.text
    assert "cay-tram-2023" not in answer.text
    assert clerk.get("/viec-cua-toi/").status_code == 302
    assert Client().login(username="cuc", password="cay-tram-2023")
    (entry,) = [
        one
        for one in list_entries(f"person:{province.clerk.id}")
        if one.event == "person.password_reset"
    ]
    assert (entry.because, entry.facts) == ("Quên mật khẩu", {"username": "cuc"})
    assert list(find_broken_chains()) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"password": "ngan"}, "Mật khẩu quá ngắn"),
        ({"password": ""}, "Hãy nhập mật khẩu mới."),
        ({"reason": ""}, "Hãy ghi lý do."),
        ({"reason": "  "}, "Hãy ghi lý do."),
    ],
    ids=str,
)
def test_a_mistake_is_told_and_the_old_password_stays(
    province: Province, admin: Client, changes: dict[str, str], words: str
) -> None:
    before = User.objects.get(pk=province.clerk.id).password

    answer = admin.post(page_of(province.clerk.id, "mat-khau/"), {**ACTS["mat-khau/"], **changes})

    assert answer.status_code == 422
    assert words in answer.text
    assert User.objects.get(pk=province.clerk.id).password == before


def test_a_closed_account_is_out_at_once_and_opens_again_with_all_its_posts(
    province: Province, admin: Client
) -> None:
    clerk, address = desk_of(province.clerk), page_of(province.clerk.id)

    closed = admin.post(f"{address}khoa/", ACTS["khoa/"], follow=True)
    out = clerk.get("/viec-cua-toi/")
    again = admin.post(f"{address}khoa/", ACTS["khoa/"])
    opened = admin.post(f"{address}mo/", ACTS["mo/"], follow=True)

    assert "đã khóa, không ai đăng nhập được" in closed.text
    assert out["Location"].startswith("/tai-khoan/login/")
    assert again.status_code == 422
    assert "Tài khoản cuc đã khóa rồi." in again.text
    assert "Đã mở lại tài khoản cuc" in opened.text
    assert post_of(province.clerk).ends_on is None
    assert queries.get_person(user_id=province.clerk.id).posts


def test_nobody_locks_themselves_out_nor_the_last_administrator_nor_the_system(
    province: Province, admin: Client
) -> None:
    own = admin.post(page_of(province.admin.id, "khoa/"), ACTS["khoa/"])
    system = admin.post(page_of(province.system.id, "mat-khau/"), ACTS["mat-khau/"])
    with pytest.raises(actions.CannotChangeAccount, match="duy nhất"):
        actions.close_account(
            officer=province.system, user_id=province.admin.id, reason="Nghỉ", now=MONDAY
        )

    assert "không tự khóa tài khoản của mình" in own.text
    assert "tài khoản của chính hệ thống" in system.text
    assert "Đặt mật khẩu mới" not in admin.get(page_of(province.system.id)).text
    assert User.objects.get(pk=province.admin.id).is_active


def test_a_second_administrator_may_be_closed(province: Province, admin: Client) -> None:
    other = make_person(province.system, "hai", "Lê Văn Hai", province.office, "ADMIN")

    answer = admin.post(page_of(other.id, "khoa/"), ACTS["khoa/"])

    assert answer.status_code == 302
    assert not User.objects.get(pk=other.id).is_active


def test_an_account_that_is_not_there_is_named(province: Province, admin: Client) -> None:
    answers = [admin.get(page_of(999_999)), admin.post(page_of(999_999, "khoa/"), ACTS["khoa/"])]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_the_page_takes_as_many_queries_for_many_posts_as_for_few(
    province: Province, admin: Client
) -> None:
    few = count_queries(admin, page_of(province.clerk.id))
    make_posts(province, 30)

    assert count_queries(admin, page_of(province.clerk.id)) == few
