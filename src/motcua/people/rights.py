"""What each role may do, and over which agencies: the one table behind every guard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import get_language, gettext_noop

from motcua.engine.moments import local
from motcua.people.models import Post


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldPost:
    """One post of a person: role, agency and dates (`ends_on` exclusive).

    `stead_of_id` names whose post it is, where it is held in somebody's stead while they are away.
    """

    id: int
    role: str
    agency_id: int
    agency_code: str
    agency_name: str
    agency_kind: str
    agency_level: str
    agency_path: str
    starts_on: date
    ends_on: date | None
    stead_of_id: int | None = None
    stead_of: str = ""
    # The dissolved agencies whose work the agency goes on with.
    heir_of: tuple[int, ...] = ()
    agency_name_en: str = ""

    @property
    def agency_label(self) -> str:
        """The name of the agency in the language of the reader, as far as it has one."""
        return (get_language() == "en" and self.agency_name_en) or self.agency_name

    @property
    def role_label(self) -> str:
        """The name of the role in the language of the reader."""
        return str(Post.Role(self.role).label)

    @property
    def agency_ids(self) -> frozenset[int]:
        """The agency, and those whose work it goes on with."""
        return frozenset((self.agency_id, *self.heir_of))

    def is_held_on(self, day: date) -> bool:
        """Say whether the post is in force on `day`."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Someone who acts, with every post they hold or held; what guards look at."""

    id: int
    username: str
    full_name: str
    posts: tuple[HeldPost, ...]
    # The posts of others in whose stead this person works, with the days on which they do.
    stand_ins: tuple[HeldPost, ...] = ()

    def posts_on(self, day: date) -> tuple[HeldPost, ...]:
        """Return the posts in force on `day`."""
        return tuple(post for post in self.posts if post.is_held_on(day))

    def stand_ins_on(self, day: date) -> tuple[HeldPost, ...]:
        """Return the posts of others that this person fills on `day`."""
        return tuple(post for post in self.stand_ins if post.is_held_on(day))

    def working_posts_on(self, day: date) -> tuple[HeldPost, ...]:
        """Return the posts whose tasks this person may do on `day`, their own first."""
        return self.posts_on(day) + self.stand_ins_on(day)


# function → role → reach: "own" agency, its "subtree", or "all" agencies of the province.
RIGHTS: dict[str, dict[str, str]] = {
    "cases.receive": {"CLERK": "own"},
    "cases.return": {"CLERK": "own"},
    "cases.complete_step": {"CLERK": "own", "OFFICER": "own", "LEADER": "own"},
    "cases.assign": {"LEADER": "subtree"},
    "cases.close_register": {"LEADER": "subtree", "CONTROLLER": "all"},
    "cases.deliver_message": {"CLERK": "own", "OFFICER": "own"},
    "cases.see": {"CLERK": "own", "OFFICER": "own", "LEADER": "subtree", "CONTROLLER": "all"},
    "cases.ask_citizen": {"CLERK": "own", "OFFICER": "own", "LEADER": "own"},
    "cases.return_file": {"OFFICER": "own", "LEADER": "own"},
    "cases.take_supplement": {"CLERK": "own"},
    "cases.put_off": {"LEADER": "own"},
    "cases.end": {"LEADER": "own"},
    "cases.withdraw": {"CLERK": "own"},
    "cases.answer_online": {"CLERK": "own"},
    "cases.hand_back": {"CLERK": "own", "LEADER": "own"},
    "cases.send_again": {"CLERK": "own", "LEADER": "subtree", "CONTROLLER": "all"},
    "cases.consult": {"OFFICER": "own", "LEADER": "own"},
    "cases.answer": {"OFFICER": "own", "LEADER": "own"},
    "cases.suspend": {"LEADER": "subtree", "CONTROLLER": "all"},
    "results.draft": {"OFFICER": "own", "LEADER": "own"},
    "results.sign": {"LEADER": "own"},
    "results.number": {"OFFICER": "own", "LEADER": "own"},
    "results.revoke": {"LEADER": "own"},
    "results.archive": {"OFFICER": "own"},
    "procedures.see": {
        "CLERK": "all",
        "OFFICER": "all",
        "LEADER": "all",
        "CONTROLLER": "all",
        "ADMIN": "all",
    },
    "procedures.change": {"CONTROLLER": "all"},
    "workflow.compare": {"LEADER": "all", "CONTROLLER": "all"},
    "workflow.see": {
        "CLERK": "all",
        "OFFICER": "all",
        "LEADER": "all",
        "CONTROLLER": "all",
        "ADMIN": "all",
    },
    "workflow.draw": {"OFFICER": "own", "LEADER": "own", "CONTROLLER": "all"},
    "workflow.publish": {"CONTROLLER": "all"},
    "workflow.migrate": {"CONTROLLER": "subtree"},
    "workflow.consent": {"LEADER": "own"},
    "workflow.override": {"CONTROLLER": "all"},
    "reports.see": {"OFFICER": "own", "LEADER": "subtree", "CONTROLLER": "all"},
    "reports.enter": {"OFFICER": "own", "LEADER": "own", "CONTROLLER": "all"},
    "exports.see": {"CONTROLLER": "all", "ADMIN": "all"},
    "reads.see": {"LEADER": "subtree", "CONTROLLER": "all"},
    "people.see": {"ADMIN": "all", "CONTROLLER": "all"},
    "people.change": {"ADMIN": "all"},
    "people.dissolve": {"ADMIN": "all", "CONTROLLER": "subtree"},
    "people.name_stand_in": {"CLERK": "own", "OFFICER": "own", "LEADER": "subtree"},
    "people.name_stand_in_of_others": {"LEADER": "subtree"},
    "law.decide": {"CONTROLLER": "all"},
    "slips.write": {"CONTROLLER": "all"},
    "law.see": {"CLERK": "all", "OFFICER": "all", "LEADER": "all", "CONTROLLER": "all"},
}

# Whose tasks a stand-in may do: of those who work on cases. Administration is not passed on.
STAND_IN_ROLES = frozenset({"CLERK", "OFFICER", "LEADER"})
# What a stand-in may do at the agency of the post that they fill: its tasks, and nothing else.
STAND_IN_FUNCTIONS = frozenset({"cases.see", "cases.complete_step"})

# What is done at an agency as it stands, and not for the cases of those that it goes on with.
ONLY_AT_THE_AGENCY = frozenset({"cases.receive", "people.name_stand_in"})

# function → what doing it is called; marked here for translation, and translated when it is said.
FUNCTION_NAMES: dict[str, str] = {
    "cases.receive": gettext_noop("tiếp nhận hồ sơ"),
    "cases.return": gettext_noop("trả kết quả"),
    "cases.complete_step": gettext_noop("xử lý hồ sơ"),
    "cases.assign": gettext_noop("phân công việc"),
    "cases.close_register": gettext_noop("khóa sổ theo dõi hồ sơ"),
    "cases.deliver_message": gettext_noop("ghi nhận tin đến của hồ sơ"),
    "cases.see": gettext_noop("xem hồ sơ"),
    "cases.ask_citizen": gettext_noop("yêu cầu bổ sung hoặc nộp tiền"),
    "cases.return_file": gettext_noop("trả lại hồ sơ sau thẩm định"),
    "cases.take_supplement": gettext_noop("nhận bổ sung và ghi nhận nộp tiền"),
    "cases.put_off": gettext_noop("hẹn lại ngày trả kết quả"),
    "cases.end": gettext_noop("từ chối hoặc dừng giải quyết"),
    "cases.withdraw": gettext_noop("ghi nhận rút hồ sơ"),
    "cases.answer_online": gettext_noop("trả lời hồ sơ trực tuyến"),
    "cases.hand_back": gettext_noop("trao lại, nhận lại quyền giữ trạng thái hồ sơ"),
    "cases.send_again": gettext_noop("gửi lại trạng thái cho hệ thống khác"),
    "cases.consult": gettext_noop("lấy ý kiến cơ quan khác"),
    "cases.answer": gettext_noop("trả lời ý kiến"),
    "cases.suspend": gettext_noop("tạm ngừng thời hạn do bất khả kháng"),
    "results.draft": gettext_noop("soạn kết quả"),
    "results.sign": gettext_noop("ký kết quả"),
    "results.number": gettext_noop("cấp số kết quả"),
    "results.revoke": gettext_noop("thu hồi kết quả"),
    "results.archive": gettext_noop("lưu trữ kết quả"),
    "procedures.see": gettext_noop("xem thủ tục"),
    "procedures.change": gettext_noop("sửa danh mục thủ tục"),
    "workflow.compare": gettext_noop("so sánh quy trình"),
    "workflow.see": gettext_noop("xem quy trình"),
    "workflow.draw": gettext_noop("soạn quy trình"),
    "workflow.publish": gettext_noop("công bố quy trình"),
    "workflow.migrate": gettext_noop("chuyển hồ sơ đang chạy sang phiên bản quy trình mới"),
    "workflow.consent": gettext_noop("cho ý kiến về quy trình của cơ quan khác"),
    "workflow.override": gettext_noop("quyết định thay ý kiến về quy trình"),
    "reports.see": gettext_noop("xem báo cáo"),
    "reports.enter": gettext_noop("nhập số liệu báo cáo"),
    "exports.see": gettext_noop("xem nhật ký tải dữ liệu"),
    "reads.see": gettext_noop("xem ai đã xem hồ sơ"),
    "people.see": gettext_noop("xem tài khoản và vị trí công tác"),
    "people.change": gettext_noop("sửa tài khoản và vị trí công tác"),
    "people.dissolve": gettext_noop("giải thể cơ quan"),
    "people.name_stand_in": gettext_noop("cử người làm thay khi vắng"),
    "people.name_stand_in_of_others": gettext_noop("cử người làm thay cho người trong đơn vị"),
    "law.decide": gettext_noop("ghi quyết định về ngày nghỉ, ngày làm bù"),
    "slips.write": gettext_noop("sửa lời của các mẫu giấy"),
    "law.see": gettext_noop("xem luật đang áp dụng"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """The agencies over which a person may use a function: all, or some by id and by subtree."""

    everything: bool
    agency_ids: frozenset[int]
    subtrees: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Say whether the function may not be used anywhere."""
        return not (self.everything or self.agency_ids or self.subtrees)

    def covers(self, *, agency_id: int, agency_path: str) -> bool:
        """Say whether an agency lies in this scope."""
        return (
            self.everything
            or agency_id in self.agency_ids
            or any(agency_path.startswith(tree) for tree in self.subtrees)
        )


def agencies_worked_at(person: Person, *, now: datetime) -> frozenset[int]:
    """Return the agencies at which a person holds a post, with those whose work these go on with."""
    return frozenset().union(*(post.agency_ids for post in person.posts_on(day_of(now))))


def day_of(now: datetime) -> date:
    """Return the office's day (Asia/Ho_Chi_Minh) of a moment."""
    return local(now).date()


def scope_of(person: Person, function: str, *, now: datetime) -> Scope:
    """Return where `person` may use `function` at `now`, from the posts then in force.

    Where an agency goes on with the work of a dissolved one, that one lies in the scope too.
    """
    reach = RIGHTS[function]
    today = day_of(now)
    held = [post for post in person.posts_on(today) if post.role in reach]
    posts = list(held)
    if function in STAND_IN_FUNCTIONS:
        posts += [post for post in person.stand_ins_on(today) if post.role in reach]
    own = {
        post.agency_id
        for post in posts
        if reach[post.role] == "own" or post.stead_of_id is not None
    }
    if function not in ONLY_AT_THE_AGENCY:
        own.update(*(post.heir_of for post in posts))
    return Scope(
        everything=any(reach[post.role] == "all" for post in held),
        agency_ids=frozenset(own),
        subtrees=tuple(post.agency_path for post in held if reach[post.role] == "subtree"),
    )
