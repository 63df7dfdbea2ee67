"""Everything that can be done about people: guards, agencies, accounts, posts, stand-ins."""

from motcua.people.actions.absences import (
    CannotNameStandIn,
    CannotTakeBackStandIn,
    name_stand_in,
    take_back_stand_in,
)
from motcua.people.actions.accounts import (
    CannotChangeAccount,
    close_account,
    open_account,
    reset_password,
)
from motcua.people.actions.agencies import (
    CannotDissolveAgency,
    Ending,
    check_ending,
    end_agency,
    go_on_with,
    revive_agency,
)
from motcua.people.actions.guards import (
    SYSTEM_USERNAME,
    NotAllowed,
    is_system,
    require,
    require_system,
)
from motcua.people.actions.posts import (
    CannotAddAgency,
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
    "CannotAddAgency",
    "CannotAddPerson",
    "CannotChangeAccount",
    "CannotChangePost",
    "CannotDissolveAgency",
    "CannotFoundProvince",
    "CannotNameStandIn",
    "CannotTakeBackStandIn",
    "Ending",
    "NotAllowed",
    "add_agency",
    "add_person",
    "check_ending",
    "close_account",
    "end_agency",
    "end_post",
    "found_province",
    "give_post",
    "go_on_with",
    "is_system",
    "name_stand_in",
    "open_account",
    "require",
    "require_system",
    "reset_password",
    "revive_agency",
    "take_back_stand_in",
]
