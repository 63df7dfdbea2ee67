"""Ends an agency on a day for good, lets another go on with its work, and takes that back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.people import agency_queries
from motcua.people.actions.guards import require
from motcua.people.actions.posts import write_day
from motcua.people.models import Agency, Post
from motcua.people.rights import Person, day_of

MOST_NAMED = 5


class CannotDissolveAgency(Exception):
    """The agency cannot end like that; the words say why and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """An agency that is to end: the first day without it, and who goes on with its work."""

    agency: Agency
    successor: Agency | None
    ends_on: date

    @property
    def last_day(self) -> date:
        """The last day of the agency."""
        return self.ends_on - timedelta(days=1)


def check_ending(
    *,
    officer: Person,
    agency_id: int,
    successor_id: int | None,
    last_day: date,
    now: datetime,
    is_final: bool = False,
) -> Ending:
    """Return how an agency would end, locked where it is to be final.

    Raises NotAllowed, or CannotDissolveAgency for the first thing that is wrong with it: the agency
    itself, its last day, what stands below it, its successor, its last administrator.
    """
    agencies = Agency.objects.order_by("pk")
    if is_final:
        # Steps that open meanwhile point to these rows: a stronger lock would hold them up, and a
        # step that holds its case's trail would wait for who waits for that.
        agencies = agencies.select_for_update(of=("self",), no_key=True)
    found = {one.pk: one for one in agencies.filter(pk__in=[agency_id, successor_id or agency_id])}
    agency = found[agency_id]
    require(officer, "people.dissolve", now=now, agency_id=agency.pk, agency_path=agency.path)
    successor = found[successor_id] if successor_id is not None else None
    ending = Ending(agency=agency, successor=successor, ends_on=last_day + timedelta(days=1))
    _require_it_goes_on(agency, now=now)
    _require_last_day(ending, now=now)
    _require_nothing_below(ending)
    if successor is not None:
        _require_fit_successor(ending, successor)
    _require_another_administrator(ending)
    return ending


def _require_it_goes_on(agency: Agency, *, now: datetime) -> None:
    if agency.parent_id is None:
        raise CannotDissolveAgency(
            _(
                "%(agency)s đứng đầu cây cơ quan của tỉnh nên không giải thể ở đây được. Hãy chọn cơ quan bên dưới."
            )
            % {"agency": agency.name}
        )
    if agency.ends_on is None:
        return
    heir = agency.successor.name if agency.successor else _("không có")
    told = {
        "agency": agency.name,
        "last": write_day(agency.ends_on - timedelta(days=1)),
        "heir": heir,
    }
    if agency.ends_on <= day_of(now):
        raise CannotDissolveAgency(
            _(
                "%(agency)s đã giải thể, ngày hoạt động cuối là %(last)s, cơ quan kế thừa: %(heir)s. Không cần làm "
                "gì thêm."
            )
            % told
        )
    raise CannotDissolveAgency(
        _(
            "%(agency)s đã được ghi ngày hoạt động cuối là %(last)s, cơ quan kế thừa: %(heir)s. Muốn đổi, hãy hủy "
            "lần giải thể đó trước."
        )
        % told
    )


def _require_last_day(ending: Ending, *, now: datetime) -> None:
    today = day_of(now)
    if ending.last_day < today:
        raise CannotDissolveAgency(
            _(
                "Ngày hoạt động cuối %(last)s đã qua: từ đó đến nay %(agency)s vẫn có thể đã tiếp nhận và xử lý hồ "
                "sơ. Hãy chọn từ hôm nay, %(today)s, trở đi."
            )
            % {
                "last": write_day(ending.last_day),
                "agency": ending.agency.name,
                "today": write_day(today),
            }
        )
    if ending.last_day < ending.agency.starts_on:
        raise CannotDissolveAgency(
            _(
                "%(agency)s hoạt động từ ngày %(first)s, nên ngày cuối không thể là %(last)s. Hãy chọn ngày muộn hơn."
            )
            % {
                "agency": ending.agency.name,
                "first": write_day(ending.agency.starts_on),
                "last": write_day(ending.last_day),
            }
        )


def _require_nothing_below(ending: Ending) -> None:
    living = agency_queries.list_living_below(ending.agency, on=ending.ends_on)
    below = list(living.values_list("name", "code"))
    if below:
        names = "; ".join(f"{name} ({code})" for name, code in below[:MOST_NAMED])
        more = len(below) - MOST_NAMED
        raise CannotDissolveAgency(
            _(
                "Sau ngày %(last)s vẫn còn %(count)d cơ quan trực thuộc đang hoạt động: %(names)s%(more)s. Hãy giải "
                "thể các cơ quan đó trước, cùng ngày hoặc sớm hơn."
            )
            % {
                "last": write_day(ending.last_day),
                "count": len(below),
                "names": names,
                "more": _(" và %(count)d cơ quan khác") % {"count": more} if more > 0 else "",
            }
        )


def _require_fit_successor(ending: Ending, successor: Agency) -> None:
    known = {
        "agency": ending.agency.name,
        "heir": successor.name,
        "day": write_day(ending.ends_on),
    }
    if successor.pk == ending.agency.pk:
        raise CannotDissolveAgency(
            _("%(agency)s không thể kế thừa chính mình. Hãy chọn cơ quan khác.") % known
        )
    if successor.path.startswith(ending.agency.path):
        raise CannotDissolveAgency(
            _(
                "%(heir)s trực thuộc %(agency)s, nên kết thúc cùng cơ quan đó và không kế thừa được. Hãy chọn cơ "
                "quan ngoài nhánh này."
            )
            % known
        )
    if successor.ends_on is not None and successor.ends_on <= ending.ends_on:
        after = successor.successor.name if successor.successor else _("chưa ghi")
        raise CannotDissolveAgency(
            _(
                "%(heir)s kết thúc từ ngày %(ended)s nên không nhận việc từ ngày %(day)s được. Hãy chọn cơ quan còn "
                "hoạt động; cơ quan kế thừa của %(heir)s: %(after)s."
            )
            % {**known, "ended": write_day(successor.ends_on), "after": after}
        )
    if successor.starts_on > ending.ends_on:
        raise CannotDissolveAgency(
            _(
                "%(heir)s chỉ hoạt động từ ngày %(starts)s, muộn hơn ngày nhận việc %(day)s. Hãy chọn ngày hoạt động "
                "cuối muộn hơn, hoặc cơ quan khác."
            )
            % {**known, "starts": write_day(successor.starts_on)}
        )


def _require_another_administrator(ending: Ending) -> None:
    others = agency_queries.list_lasting_administrators(on=ending.ends_on)
    if others.exists() and not others.exclude(agency_id=ending.agency.pk).exists():
        raise CannotDissolveAgency(
            _(
                "Mọi vị trí quản trị còn đăng nhập được đều ở %(agency)s; sau ngày %(last)s không còn ai giao được "
                "vị trí. Hãy giao vị trí quản trị ở cơ quan khác trước."
            )
            % {"agency": ending.agency.name, "last": write_day(ending.last_day)}
        )


# Not durable: called by dissolve_agency of cases, with which it stands or falls.
@transaction.atomic
def end_agency(
    *, officer: Person, ending: Ending, because: str, now: datetime
) -> list[dict[str, Any]]:
    """Write an ending that was checked: the agency's last day and successor, and the ends of its posts.

    A post that begins later goes to the successor. Returns what each post was, to put it back.
    Raises CannotDissolveAgency where its holder has that post at the successor already.
    """
    agency = ending.agency
    agency.ends_on, agency.successor = ending.ends_on, ending.successor
    agency.save(update_fields=["ends_on", "successor"])
    posts = list(
        agency_queries.list_posts_after(agency.pk, ending.ends_on).select_for_update(of=("self",))
    )
    told = [_told(post) for post in posts]
    for post in posts:
        if post.starts_on < ending.ends_on:
            post.ends_on = ending.ends_on
        elif ending.successor is not None:
            post.agency = ending.successor
    _save_posts(posts, ending)
    _record(agency, "agency.dissolved", officer=officer, because=because, now=now, ending=ending)
    _record_posts("person.posts_ended", posts, officer=officer, because=agency.name, now=now)
    return told


def _told(post: Post) -> dict[str, Any]:
    return {
        "id": post.pk,
        "agency": post.agency_id,
        "ends_on": post.ends_on.isoformat() if post.ends_on else None,
    }


def _save_posts(posts: list[Post], ending: Ending) -> None:
    try:
        with transaction.atomic():
            Post.objects.bulk_update(posts, ["ends_on", "agency"])
    except IntegrityError as error:
        raise CannotDissolveAgency(
            _(
                "Có vị trí sẽ bắt đầu tại %(agency)s sau ngày %(last)s mà người giữ đã có đúng vị trí đó tại "
                "%(heir)s. Hãy kết thúc một trong hai vị trí trước."
            )
            % {
                "agency": ending.agency.name,
                "last": write_day(ending.last_day),
                "heir": ending.successor.name if ending.successor else "",
            }
        ) from error


def _record(
    agency: Agency,
    event: str,
    *,
    officer: Person,
    because: str,
    now: datetime,
    ending: Ending | None = None,
) -> None:
    facts: dict[str, Any] = {}
    if ending is not None:
        facts = {
            "last_day": ending.last_day.isoformat(),
            "successor": ending.successor.code if ending.successor else None,
        }
    audit.record(
        event=event,
        subject=f"agency:{agency.code}",
        actor_id=officer.id,
        at=now,
        because=because,
        facts=facts,
    )


def _record_posts(
    event: str, posts: Iterable[Post], *, officer: Person, because: str, now: datetime
) -> None:
    facts: dict[str, dict[str, Any]] = {}
    for post in posts:
        told = {**_told(post), "role": post.role}
        facts.setdefault(f"person:{post.person_id}", {"posts": []})["posts"].append(told)
    audit.record_many(event=event, facts=facts, actor_id=officer.id, at=now, because=because)


# Not durable: called when the cases of a dissolved agency are moved.
@transaction.atomic
def go_on_with(*, agency: Agency, heir: Agency) -> None:
    """Let an agency go on with all the work of a dissolved one, and of those that it went on with."""
    heir = Agency.objects.select_for_update(no_key=True).get(pk=heir.pk)
    heir.heir_of = list(dict.fromkeys([*heir.heir_of, agency.pk, *agency.heir_of]))
    heir.save(update_fields=["heir_of"])


# Not durable: called by undo_dissolution of cases.
@transaction.atomic
def revive_agency(
    *,
    officer: Person,
    agency_id: int,
    heir_id: int | None,
    posts: Iterable[dict[str, Any]],
    because: str,
    now: datetime,
) -> None:
    """Take the ending of an agency back: its days, its posts as they were, and what its heir got."""
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency_id)
    ended = agency.ends_on
    agency.ends_on = agency.successor = None
    agency.save(update_fields=["ends_on", "successor"])
    if heir_id is not None:
        heir = Agency.objects.select_for_update(no_key=True).get(pk=heir_id)
        gained = {agency.pk, *agency.heir_of}
        heir.heir_of = [pk for pk in heir.heir_of if pk not in gained]
        heir.save(update_fields=["heir_of"])
    was = {told["id"]: told for told in posts}
    found = list(Post.objects.select_for_update().filter(pk__in=was).order_by("pk"))
    # Whoever ended one of them since, earlier, meant that.
    found = [post for post in found if post.ends_on == ended or post.agency_id != agency.pk]
    for post in found:
        told = was[post.pk]
        post.agency_id = told["agency"]
        post.ends_on = date.fromisoformat(told["ends_on"]) if told["ends_on"] else None
    Post.objects.bulk_update(found, ["ends_on", "agency"])
    _record(agency, "agency.revived", officer=officer, because=because, now=now)
    _record_posts("person.posts_restored", found, officer=officer, because=agency.name, now=now)
