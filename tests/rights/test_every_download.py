"""Every file that leaves the product: listed in docs/reference/personal-data.md, and as harmless as it says there."""

from __future__ import annotations

from tests.rights.foreign import SECRETS
from tests.rights.table import rows_of
from tests.rights.walk import WORKERS, Answer, Walked

KINDS = {name: kind for name, _what, kind in rows_of("What can be downloaded")}


def files(walked: Walked) -> dict[str, Answer]:
    """Return each file as whoever may download it was given it first."""
    given: dict[str, Answer] = {}
    for answer in walked.of(*WORKERS, method="GET"):
        if answer.is_file:
            given.setdefault(answer.name, answer)
    return given


def test_every_file_is_listed_and_is_what_its_line_says(walked: Walked) -> None:
    found = files(walked)
    listed = {name: kind for name, kind in KINDS.items() if not name.startswith("motcua ")}

    assert sorted(found) == sorted(listed)
    for name, file in found.items():
        if listed[name] == "no case":
            told = [word for word in (*SECRETS, "Ngọc", *walked.codes) if word in file.text]
            assert (told, file.areas) == ([], []), name
        elif listed[name] == "one case":
            assert file.areas == ["case"], name
        else:
            assert file.areas.count("export") == 1, name
        assert all(was_allowed for _subject, was_allowed in file.noted), name


def test_the_commands_that_write_files_are_listed_and_tell_no_person(walked: Walked) -> None:
    commands = {name for name in KINDS if name.startswith("motcua ")}

    assert commands == {"motcua export facts", "motcua report lateness"}
    assert sorted(walked.noted_of_commands) == ["export:facts", "export:lateness"]
    assert [secret for secret in SECRETS if secret in walked.written] == []
