"""Adding an account: by an administrator, with a name of its own."""

import pytest

from motcua.audit.queries import list_entries
from motcua.people import actions
from motcua.people.models import User
from motcua.people.tests.cast import MONDAY, Province


def test_who_may_not_change_accounts_adds_none(province: Province) -> None:
    with pytest.raises(actions.NotAllowed):
        actions.add_person(
            officer=province.controller, now=MONDAY, username="an", full_name="Nguyễn Văn An"
        )

    assert not User.objects.filter(username="an").exists()


def test_an_account_is_added_with_its_name_tidied_and_its_password_hidden(
    province: Province,
) -> None:
    user = actions.add_person(
        officer=province.admin,
        now=MONDAY,
        username=" an ",
        full_name="  Nguye\u0302\u0303n  Va\u0306n An ",
        password="cay-tram-2023",
    )

    assert (user.username, user.full_name) == ("an", "Nguyễn Văn An")
    assert user.check_password("cay-tram-2023")
    assert "cay-tram-2023" not in user.password
    entry = list_entries(f"person:{user.pk}").get()
    assert (entry.event, entry.actor_id) == ("person.added", province.admin.id)
    assert "password" not in str(entry.facts)


def test_an_account_without_a_password_cannot_sign_in(province: Province) -> None:
    user = actions.add_person(
        officer=province.admin, now=MONDAY, username="an", full_name="Nguyễn Văn An"
    )

    assert not user.has_usable_password()


@pytest.mark.parametrize("username", ["cuc", "CUC", " Cuc "])
def test_a_username_names_one_person_capitals_aside(province: Province, username: str) -> None:
    with pytest.raises(actions.CannotAddPerson, match="“cuc” đã là của Trần Thị Cúc"):
        actions.add_person(
            officer=province.admin, now=MONDAY, username=username, full_name="Lê Thị Cúc"
        )

    assert User.objects.filter(username__iexact="cuc").count() == 1


@pytest.mark.parametrize(("username", "full_name"), [("", "Nguyễn Văn An"), ("an", " \t ")])
def test_an_account_needs_both_names(province: Province, username: str, full_name: str) -> None:
    with pytest.raises(actions.CannotAddPerson, match="tên đăng nhập và họ tên"):
        actions.add_person(
            officer=province.admin, now=MONDAY, username=username, full_name=full_name
        )
