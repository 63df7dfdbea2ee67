"""Founds a province, adds agencies and accounts, gives and ends posts."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.engine import vietnamese
from motcua.people import agency_queries, queries
from motcua.people.actions.guards import SYSTEM_USERNAME, require
from motcua.people.models import Agency, AgencyAlias, Post, User
from motcua.people.rights import Person

# As the table holds it too.
_CODE = re.compile(r"[A-Z][0-9A-Z]{2}(\.[0-9A-Z]+)*")


class CannotFoundProvince(Exception):
    """There already is a province in this database."""


class CannotAddAgency(Exception):
    """The code is no agency code or is taken, or the agency above does not fit."""


class CannotAddPerson(Exception):
    """The account lacks a name, or its username is taken."""


class CannotChangePost(Exception):
    """The post cannot be given or ended like that."""


@transaction.atomic
def found_province(*, code: str, name: str, name_en: str, starts_on: date, now: datetime) -> Person:
    """Make the province's People's Committee and the system account that sets up everything else.

    Works once, on an empty database: afterwards every right is given by someone who has it. Not
    durable: setting up a province is one transaction.
    """
    if Agency.objects.exists():
        raise CannotFoundProvince(
            _("Cơ sở dữ liệu đã có tỉnh, không thể khởi tạo lần nữa. Hãy dùng cơ sở dữ liệu trống.")
        )
    system = User(username=SYSTEM_USERNAME, full_name="Hệ thống")
    system.set_unusable_password()
    system.save()
    province = _insert_agency(
        code=code,
        name=name,
        name_en=name_en,
        level=Agency.Level.PROVINCE,
        kind=Agency.Kind.PROVINCE,
        starts_on=starts_on,
    )
    for role in (Post.Role.ADMIN, Post.Role.CONTROLLER):
        Post.objects.create(person=system, agency=province, role=role, starts_on=starts_on)
    audit.record(
        event="province.founded", subject=f"agency:{code}", actor_id=system.pk, at=now, because=name
    )
    return queries.get_person(user_id=system.pk)


@transaction.atomic
def add_agency(
    *,
    officer: Person,
    now: datetime,
    code: str,
    name: str,
    level: str,
    kind: str,
    starts_on: date,
    parent: Agency | None = None,
    short_name: str = "",
    name_en: str = "",
    old_code: str = "",
    ends_on: date | None = None,
) -> Agency:
    """Add an agency and its older code. Not durable: setting up a province adds many at once.

    Raises CannotAddAgency when the code is none of Decision 20/2020/QĐ-TTg or names another agency, or
    when the agency above does not exist on the first day.
    """
    require(officer, "people.change", now=now)
    _require_agency_fits(code, name, old_code, parent, starts_on)
    agency = _insert_agency(
        code=code,
        name=name,
        level=level,
        kind=kind,
        starts_on=starts_on,
        parent=parent,
        short_name=short_name,
        name_en=name_en,
        ends_on=ends_on,
    )
    if old_code:
        AgencyAlias.objects.create(agency=agency, scheme="QCVN102", code=old_code)
    audit.record(
        event="agency.added",
        subject=f"agency:{code}",
        actor_id=officer.id,
        at=now,
        because=agency.name,
    )
    return agency


def _require_agency_fits(
    code: str, name: str, old_code: str, parent: Agency | None, starts_on: date
) -> None:
    if not vietnamese.tidy(name):
        raise CannotAddAgency(_("Hãy ghi tên cơ quan."))
    if not _CODE.fullmatch(code):
        raise CannotAddAgency(
            _(
                "“%(code)s” không phải mã định danh theo QĐ 20/2020/QĐ-TTg. Mã gồm một chữ hoa, hai chữ số hoặc chữ "
                "hoa, rồi các phần sau dấu chấm, ví dụ H19.17 hoặc H19.31.05."
            )
            % {"code": code}
        )
    codes = [one for one in (code, old_code) if one]
    taken = Agency.objects.filter(Q(code__in=codes) | Q(aliases__code__in=codes)).first()
    if taken is not None:
        raise CannotAddAgency(
            _("Mã %(codes)s đã là của %(agency)s. Hãy kiểm tra lại mã và mã cũ.")
            % {"codes": ", ".join(codes), "agency": taken.name}
        )
    if parent is None:
        return
    if starts_on < parent.starts_on or (parent.ends_on and parent.ends_on <= starts_on):
        raise CannotAddAgency(
            _(
                "%(above)s không hoạt động vào ngày %(day)s. Hãy chọn cơ quan cấp trên hoặc ngày khác."
            )
            % {"above": parent.name, "day": write_day(starts_on)}
        )


def _insert_agency(
    *,
    code: str,
    name: str,
    level: str,
    kind: str,
    starts_on: date,
    parent: Agency | None = None,
    short_name: str = "",
    name_en: str = "",
    ends_on: date | None = None,
) -> Agency:
    name = vietnamese.tidy(name)
    agency = Agency.objects.create(
        code=code,
        name=name,
        short_name=short_name or name[:100],
        name_en=name_en,
        search_name=vietnamese.fold(f"{name} {short_name} {code}")[:400],
        sort_name=vietnamese.sort_key(name)[:500],
        level=level,
        kind=kind,
        parent=parent,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    agency.path = f"{parent.path if parent else '/'}{agency.pk}/"
    agency.save(update_fields=["path"])
    return agency


@transaction.atomic
def add_person(
    *,
    officer: Person,
    now: datetime,
    username: str,
    full_name: str,
    password: str | None = None,
    password_hash: str = "",
) -> User:
    """Add an account; without a password (or its hash) nobody can sign in to it.

    Raises CannotAddPerson when the name is empty or the username is taken.
    """
    require(officer, "people.change", now=now)
    user = User(username=username.strip(), full_name=vietnamese.tidy(full_name))
    if not user.username or not user.full_name:
        raise CannotAddPerson(_("Tài khoản phải có tên đăng nhập và họ tên. Hãy nhập đủ cả hai."))
    if password_hash:
        user.password = password_hash
    else:
        user.set_password(password)
    _save_new(user)
    audit.record(
        event="person.added",
        subject=f"person:{user.pk}",
        actor_id=officer.id,
        at=now,
        because=user.full_name,
        facts={"username": user.username},
    )
    return user


def _save_new(user: User) -> None:
    # Signing in does not tell capitals apart, so two accounts may not differ by them alone.
    namesake = User.objects.filter(username__iexact=user.username).first()
    if namesake is None:
        try:
            with transaction.atomic():
                user.save()
            return
        except IntegrityError:
            namesake = User.objects.get(username=user.username)
    raise CannotAddPerson(
        _(
            "Tên đăng nhập “%(username)s” đã là của %(who)s. Hãy chọn tên đăng nhập khác, ví dụ thêm tên đơn "
            "vị ở đầu."
        )
        % {"username": namesake.username, "who": namesake.full_name}
    )


@transaction.atomic
def give_post(
    *,
    officer: Person,
    now: datetime,
    person_id: int,
    agency_id: int,
    role: str,
    starts_on: date,
    ends_on: date | None = None,
) -> Post:
    """Give a person a role at an agency from a day on, up to `ends_on` exclusive.

    Raises CannotChangePost when the days are in the wrong order, the agency does not exist then, or
    the person holds the same post on one of those days.
    """
    require(officer, "people.change", now=now)
    agency = Agency.objects.get(pk=agency_id)
    _require_days_fit(agency, starts_on, ends_on)
    try:
        with transaction.atomic():
            post = Post.objects.create(
                person_id=person_id,
                agency_id=agency_id,
                role=Post.Role(role),
                starts_on=starts_on,
                ends_on=ends_on,
            )
    except IntegrityError as error:
        raise CannotChangePost(
            _(
                "Người này đã giữ đúng vị trí đó tại %(agency)s trong khoảng thời gian trùng nhau. "
                "Hãy kết thúc vị trí cũ trước khi giao lại, hoặc chọn ngày đầu muộn hơn."
            )
            % {"agency": agency.name}
        ) from error
    _record_post("post.given", post, agency, officer=officer, now=now)
    return post


def _require_days_fit(agency: Agency, starts_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on <= starts_on:
        raise CannotChangePost(
            _("Ngày cuối %(last)s phải từ ngày đầu %(first)s trở đi. Hãy kiểm tra lại hai ngày.")
            % {"last": write_day(ends_on - timedelta(days=1)), "first": write_day(starts_on)}
        )
    if starts_on < agency.starts_on:
        raise CannotChangePost(
            _(
                "%(agency)s hoạt động từ ngày %(day)s, nên vị trí không thể bắt đầu sớm hơn. Hãy chọn ngày "
                "đầu muộn hơn."
            )
            % {"agency": agency.name, "day": write_day(agency.starts_on)}
        )
    if agency.ends_on is not None and agency.ends_on <= starts_on:
        raise CannotChangePost(
            _(
                "%(agency)s ngừng hoạt động từ ngày %(day)s, nên không giao vị trí mới ở đó được. Hãy chọn "
                "cơ quan kế thừa."
            )
            % {"agency": agency.name, "day": write_day(agency.ends_on)}
        )
    if agency.ends_on is not None and (ends_on is None or ends_on > agency.ends_on):
        raise CannotChangePost(
            _(
                "%(agency)s hoạt động đến hết ngày %(last)s, nên vị trí ở đó không thể kéo dài hơn. Hãy ghi ngày cuối "
                "%(last)s hoặc sớm hơn."
            )
            % {"agency": agency.name, "last": write_day(agency.ends_on - timedelta(days=1))}
        )


@transaction.atomic(durable=True)
def end_post(*, officer: Person, post_id: int, ends_on: date, now: datetime) -> Post:
    """End a post on a day (the first day on which it is no longer held).

    Raises CannotChangePost when the post had not begun, has already ended by then, or is the last
    one by which anybody can give posts.
    """
    require(officer, "people.change", now=now)
    # Whoever ends an administrator's post waits for the others who do: the last must stay.
    posts = Post.objects.select_for_update().order_by("pk")
    locked = posts.filter(Q(pk=post_id) | Q(role=Post.Role.ADMIN))
    post = next((post for post in locked if post.pk == post_id), None)
    if post is None:
        raise queries.no_such_post(post_id)
    _require_end_fits(post, ends_on)
    post.ends_on = ends_on
    post.save(update_fields=["ends_on"])
    _record_post(
        "post.ended", post, Agency.objects.get(pk=post.agency_id), officer=officer, now=now
    )
    return post


def _require_end_fits(post: Post, ends_on: date) -> None:
    last_day = ends_on - timedelta(days=1)
    if last_day < post.starts_on:
        raise CannotChangePost(
            _(
                "Vị trí này bắt đầu từ ngày %(first)s, nên không thể có ngày cuối là %(last)s. Hãy chọn ngày "
                "cuối từ %(first)s trở đi."
            )
            % {"first": write_day(post.starts_on), "last": write_day(last_day)}
        )
    if post.ends_on is not None and post.ends_on <= ends_on:
        raise CannotChangePost(
            _(
                "Vị trí này đã có ngày cuối là %(set)s; ở đây chỉ có thể cho kết thúc sớm hơn, không phải %(last)s. "
                "Muốn giữ lâu hơn, hãy giao vị trí mới từ ngày kế tiếp."
            )
            % {"set": write_day(post.ends_on - timedelta(days=1)), "last": write_day(last_day)}
        )
    others = agency_queries.list_lasting_administrators(on=ends_on).exclude(pk=post.pk)
    if post.role == Post.Role.ADMIN and not others.exists():
        raise CannotChangePost(
            _(
                "Đây là vị trí quản trị duy nhất còn đăng nhập được sau ngày %(last)s; kết thúc nó thì không còn ai "
                "giao được vị trí. Hãy giao vị trí quản trị cho người khác trước."
            )
            % {"last": write_day(last_day)}
        )


def _record_post(event: str, post: Post, agency: Agency, *, officer: Person, now: datetime) -> None:
    audit.record(
        event=event,
        subject=f"person:{post.person_id}",
        actor_id=officer.id,
        at=now,
        because=agency.name,
        facts={
            "post": post.pk,
            "role": post.role,
            "agency": agency.code,
            "starts_on": post.starts_on.isoformat(),
            "ends_on": post.ends_on.isoformat() if post.ends_on else None,
        },
    )


def write_day(day: date) -> str:
    """Return a day as refusals tell it: 14/03/2023."""
    return f"{day:%d/%m/%Y}"
