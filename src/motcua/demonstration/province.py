"""Sets up the demonstration province: agencies, accounts, catalogue and flow charts."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password

from motcua.demonstration import content
from motcua.engine.moments import at
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.procedures import actions as procedures
from motcua.workflow import actions as workflow

# Shown on the sign-in page of a demonstration and by `motcua demo --accounts`.
PASSWORD = "motcua-2023"  # noqa: S105


# The last working day before the first day of what is published, and of the revisions of procedures.
FOUNDED_AT = at(date(2021, 12, 31), time(8, 0))
APPLIED_FROM = date(2022, 1, 1)


def set_up() -> None:
    """Make all that the case files need, at the demonstration's own time and in the caller's transaction."""
    now = FOUNDED_AT
    agencies = content.read("agencies")["agencies"]
    first, *others = agencies
    system = people_actions.found_province(
        code=first["code"],
        name=first["name"],
        name_en=first["name_en"],
        starts_on=first["starts_on"],
        now=now,
    )
    made = {first["code"]: people.get_agency(first["code"])}
    for entry in others:
        made[entry["code"]] = people_actions.add_agency(
            officer=system,
            now=now,
            code=entry["code"],
            old_code=entry["old_code"],
            name=entry["name"],
            short_name=entry["short_name"],
            name_en=entry["name_en"],
            level=entry["level"],
            kind=entry["kind"],
            parent=made[entry["parent"]] if entry["parent"] else None,
            starts_on=entry["starts_on"],
        )
    _add_accounts(system, made, now=now)
    procedures.import_catalogue_file(officer=system, data=content.read_bytes("procedures"), now=now)
    _register_decisions(system)
    drawings = content.read_flow_charts().items()
    # What is called comes first: a call is pinned to a version that is there.
    for key, drawing in sorted(drawings, key=lambda drawn: "callActivity" in drawn[1]):
        workflow.publish_version(
            officer=system,
            key=key,
            name=FLOW_CHART_NAMES[key],
            bpmn_xml=drawing,
            starts_on=APPLIED_FROM,
            decision="minh họa",
            owner_id=made[FLOW_CHART_OWNERS[key]].pk,
            now=now,
        )


def _register_decisions(system: people.Person) -> None:
    register = content.read("workflow_decisions")
    for row in register["rows"]:
        workflow.register_decision(
            officer=system,
            title=row["title"],
            counted_on=row["counted_on"],
            source=register["source"],
            now=at(row["counted_on"], time(16, 0)),
        )


def _add_accounts(system: people.Person, made: dict[str, Any], *, now: datetime) -> None:
    # All accounts share one password, so that it is hashed once: hashing is slow on purpose.
    password_hash = make_password(PASSWORD)
    for account in content.read("people")["accounts"]:
        user = people_actions.add_person(
            officer=system,
            now=now,
            username=account["username"],
            full_name=account["full_name"],
            password_hash=password_hash,
        )
        for post in account["posts"]:
            last_day = post["ends_on"]
            people_actions.give_post(
                officer=system,
                now=now,
                person_id=user.pk,
                agency_id=made[post["agency"]].pk,
                role=post["role"],
                starts_on=post["starts_on"],
                ends_on=last_day + timedelta(days=1) if last_day else None,
            )


FLOW_CHART_NAMES = {
    "office-3-steps": "Giải quyết tại Văn phòng UBND tỉnh, 3 bước",
    "office-5-steps": "Giải quyết tại Văn phòng UBND tỉnh, 5 bước",
    "office-submission": "Trình Văn phòng UBND tỉnh",
    "department-standard": "Giải quyết tại sở, ban, ngành và UBND các cấp",
    "department-3-days": "Giải quyết tại sở, ban, ngành và UBND các cấp, trong 3 ngày",
    "department-1-day": "Giải quyết tại sở, ban, ngành và UBND các cấp, trong ngày",
    "interagency-parallel": "Liên thông cùng cấp, lấy ý kiến song song",
    "interagency-short": "Liên thông cùng cấp, lấy ý kiến song song, rút gọn",
    "cross-level": "Liên thông giữa các cấp",
    "cross-level-short": "Liên thông giữa các cấp, rút gọn",
    "commune-on-the-spot": "Giải quyết tại chỗ ở cấp xã",
}
# Whose each flow chart is: who may draw a new version of it, beside procedure control. The three steps
# at the Office are drawn by a department: that nobody asked the Office is what it complains of.
FLOW_CHART_OWNERS = {
    "office-3-steps": "H19.17",
    "office-5-steps": "H19.01",
    "office-submission": "H19.01",
    "department-standard": "H19.01",
    "department-3-days": "H19.01",
    "department-1-day": "H19.01",
    "interagency-parallel": "H19.13",
    "interagency-short": "H19.13",
    "cross-level": "H19.31",
    "cross-level-short": "H19.31",
    "commune-on-the-spot": "H19.31",
}
