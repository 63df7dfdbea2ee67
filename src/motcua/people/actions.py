"""What can be done about people: guard an action, add agencies, give and end posts."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from motcua.audit import actions as audit
from motcua.engine import vietnamese
from motcua.people import queries
from motcua.people.models import Agency, AgencyAlias, Post, User
from motcua.people.rights import Person, day_of, scope_of

FUNCTION_NAMES = {
    "cases.receive": gettext_noop("tiếp nhận hồ sơ"),
    "cases.return": gettext_noop("trả kết quả"),
    "cases.complete_step": gettext_noop("xử lý hồ sơ"),
    "cases.see": gettext_noop("xem hồ sơ"),
    "procedures.see": gettext_noop("xem thủ tục"),
    "procedures.change": gettext_noop("sửa danh mục thủ tục"),
    "workflow.publish": gettext_noop("công bố quy trình"),
    "reports.see": gettext_noop("xem báo cáo"),
    "people.see": gettext_noop("xem tài khoản và vị trí công tác"),
    "people.change": gettext_noop("sửa tài khoản và vị trí công tác"),
    "law.see": gettext_noop("xem luật đang áp dụng"),
}


class NotAllowed(Exception):
    """This person may not do this, here, now."""


def require(
    person: Person,
    function: str,
    *,
    now: datetime,
    agency_id: int | None = None,
    agency_path: str = "",
) -> None:
    """Stop the action unless `person` may use `function` at `now` (over one agency, or at all)."""
    scope = scope_of(person, function, now=now)
    if agency_id is None:
        if not scope.is_empty:
            return
    elif scope.covers(agency_id=agency_id, agency_path=agency_path):
        return
    raise NotAllowed(_refusal(person, function, now=now))


def _refusal(person: Person, function: str, *, now: datetime) -> str:
    """Say why: an expired post is named with its last day, otherwise the missing right."""
    today = day_of(now)
    doing = _(FUNCTION_NAMES[function])
    ended = [post for post in person.posts if post.ends_on is not None and post.ends_on <= today]
    if ended and not person.posts_on(today):
        post = max(ended, key=lambda held: held.ends_on or held.starts_on)
        return _(
            "Vị trí công tác của anh/chị tại %(agency)s đã hết hiệu lực từ ngày %(day)s, nên anh/chị "
            "không thể %(doing)s. Hãy liên hệ quản trị viên để được phân công lại."
        ) % {
            "agency": post.agency_name,
            "day": f"{post.ends_on:%d/%m/%Y}",
            "doing": doing,
        }
    return _(
        "Anh/chị không có quyền %(doing)s ở cơ quan này: quyền được giao theo vị trí công tác tại từng "
        "cơ quan. Nếu cần, hãy chuyển sang vị trí khác của mình hoặc liên hệ quản trị viên."
    ) % {"doing": doing}


SYSTEM_USERNAME = "he-thong"


class CannotFoundProvince(Exception):
    """There already is a province in this database."""


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
    """Add an agency and its older code. Not durable: setting up a province adds many at once."""
    require(officer, "people.change", now=now)
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
    *, officer: Person, now: datetime, username: str, full_name: str, password: str | None = None
) -> User:
    """Add an account; without a password nobody can sign in to it."""
    require(officer, "people.change", now=now)
    user = User(username=username, full_name=vietnamese.tidy(full_name))
    user.set_password(password)
    user.save()
    audit.record(
        event="person.added",
        subject=f"person:{user.pk}",
        actor_id=officer.id,
        at=now,
        because=user.full_name,
    )
    return user


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
    """Give a person a role at an agency from a day on; raise CannotChangePost when it overlaps."""
    require(officer, "people.change", now=now)
    if ends_on is not None and ends_on <= starts_on:
        raise CannotChangePost(
            _("Ngày kết thúc %(end)s phải sau ngày bắt đầu %(start)s. Hãy kiểm tra lại hai ngày.")
            % {"end": f"{ends_on:%d/%m/%Y}", "start": f"{starts_on:%d/%m/%Y}"}
        )
    try:
        with transaction.atomic():
            post = Post.objects.create(
                person_id=person_id,
                agency_id=agency_id,
                role=role,
                starts_on=starts_on,
                ends_on=ends_on,
            )
    except IntegrityError as error:
        raise CannotChangePost(
            _(
                "Người này đã giữ đúng vị trí đó tại cơ quan này trong khoảng thời gian trùng nhau. "
                "Hãy kết thúc vị trí cũ trước khi giao lại."
            )
        ) from error
    audit.record(
        event="post.given",
        subject=f"person:{person_id}",
        actor_id=officer.id,
        at=now,
        because=f"{role} @{agency_id} {starts_on}–{ends_on or ''}",
    )
    return post


@transaction.atomic(durable=True)
def end_post(*, officer: Person, post_id: int, ends_on: date, now: datetime) -> Post:
    """End a post on a day (the first day on which it is no longer held)."""
    require(officer, "people.change", now=now)
    post = Post.objects.select_for_update().get(pk=post_id)
    if ends_on <= post.starts_on or (post.ends_on is not None and post.ends_on <= ends_on):
        raise CannotChangePost(
            _(
                "Không thể kết thúc vị trí này vào ngày %(day)s: vị trí bắt đầu từ %(start)s và đã có "
                "ngày kết thúc sớm hơn hoặc chưa bắt đầu. Hãy chọn ngày khác."
            )
            % {"day": f"{ends_on:%d/%m/%Y}", "start": f"{post.starts_on:%d/%m/%Y}"}
        )
    post.ends_on = ends_on
    post.save(update_fields=["ends_on"])
    audit.record(
        event="post.ended",
        subject=f"person:{post.person_id}",
        actor_id=officer.id,
        at=now,
        because=f"{post.role} @{post.agency_id} {ends_on}",
    )
    return post
