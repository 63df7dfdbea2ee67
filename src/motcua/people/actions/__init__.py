"""Everything that can be done about people: guards, agencies, accounts, posts, stand-ins."""

from motcua.people.actions.absences import (
    CannotNameStandIn,
    CannotTakeBackStandIn,
    name_stand_in,
    take_back_stand_in,
)
from motcua.people.actions.guards import (
    SYSTEM_USERNAME,
    NotAllowed,
    is_system,
    require,
    require_system,
)
from motcua.people.actions.posts import (
    CannotAddPerson,
    CannotChangePost,
    CannotFoundProvince,
    add_agency,
    add_person,
    end_post,
    found_province,
    give_post,
)

__all__ = [
    "SYSTEM_USERNAME",
    "CannotAddPerson",
    "CannotChangePost",
    "CannotFoundProvince",
    "CannotNameStandIn",
    "CannotTakeBackStandIn",
    "NotAllowed",
    "add_agency",
    "add_person",
    "end_post",
    "found_province",
    "give_post",
    "is_system",
    "name_stand_in",
    "require",
    "require_system",
    "take_back_stand_in",
]
