"""Closes and opens accounts, and gives them a new password where the old one is lost."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.people import agency_queries, queries
from motcua.people.actions.guards import SYSTEM_USERNAME, require
from motcua.people.models import Post, User
from motcua.people.rights import Person


class CannotChangeAccount(Exception):
    """The account is not one that can be changed like that."""


@transaction.atomic(durable=True)
def close_account(*, officer: Person, user_id: int, reason: str, now: datetime) -> User:
    """Close an account: nobody signs in to it any more, and whoever is signed in is out at once.

    Nothing that was done with it is touched, and its posts stay. Raises CannotChangeAccount when it is
    one's own, closed already, or that of the last who can give posts; NoSuchPerson or NotAllowed.
    """
    require(officer, "people.change", now=now)
    # Whoever closes the account of an administrator waits for the others who do: the last must stay.
    list(Post.objects.select_for_update().filter(role=Post.Role.ADMIN).order_by("pk"))
    user = _locked(user_id)
    words = _reason(reason, user)
    if not user.is_active:
        raise CannotChangeAccount(
            _("Tài khoản %(username)s đã khóa rồi.") % {"username": user.username}
        )
    if user.pk == officer.id:
        raise CannotChangeAccount(
            _("Anh/chị không tự khóa tài khoản của mình được. Hãy nhờ quản trị viên khác.")
        )
    lasting = agency_queries.list_lasting_administrators(on=queries.day_of(now))
    if not lasting.exclude(person=user).exists():
        raise CannotChangeAccount(
            _(
                "Đây là tài khoản quản trị duy nhất còn đăng nhập được; khóa nó thì không còn ai giao được vị trí. "
                "Hãy giao vị trí quản trị cho người khác trước."
            )
        )
    user.is_active = False
    user.save(update_fields=["is_active"])
    _record("person.account_closed", user, words, officer=officer, now=now)
    return user


@transaction.atomic(durable=True)
def open_account(*, officer: Person, user_id: int, reason: str, now: datetime) -> User:
    """Open a closed account again; raises CannotChangeAccount, NoSuchPerson or NotAllowed."""
    require(officer, "people.change", now=now)
    user = _locked(user_id)
    words = _reason(reason, user)
    if user.is_active:
        raise CannotChangeAccount(
            _("Tài khoản %(username)s đang mở.") % {"username": user.username}
        )
    user.is_active = True
    user.save(update_fields=["is_active"])
    _record("person.account_opened", user, words, officer=officer, now=now)
    return user


@transaction.atomic(durable=True)
def reset_password(
    *, officer: Person, user_id: int, password: str, reason: str, now: datetime
) -> User:
    """Give an account another password, which the form has judged; who is signed in is out at once.

    Raises CannotChangeAccount, NoSuchPerson or NotAllowed.
    """
    require(officer, "people.change", now=now)
    user = _locked(user_id)
    words = _reason(reason, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    # That it was changed, and by whom; never what it is.
    _record("person.password_reset", user, words, officer=officer, now=now)
    return user


def _locked(user_id: int) -> User:
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise queries.no_such_account(user_id)
    if user.username == SYSTEM_USERNAME:
        raise CannotChangeAccount(
            _("Đây là tài khoản của chính hệ thống, không ai đăng nhập và không ai sửa được.")
        )
    return user


def _reason(reason: str, user: User) -> str:
    words = reason.strip()
    if not words:
        raise CannotChangeAccount(
            _("Hãy ghi lý do, để nhật ký của %(who)s cho biết vì sao.") % {"who": user.full_name}
        )
    return words


def _record(event: str, user: User, words: str, *, officer: Person, now: datetime) -> None:
    audit.record(
        event=event,
        subject=f"person:{user.pk}",
        actor_id=officer.id,
        at=now,
        because=words,
        facts={"username": user.username},
    )
