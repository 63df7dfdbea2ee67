"""The words of the file format name exactly the values that the tables know."""

from __future__ import annotations

from motcua.people.models import Agency
from motcua.procedures import catalogue
from motcua.procedures.models import Channel, Procedure, Revision


def test_every_stored_value_has_its_word_and_no_other() -> None:
    assert list(catalogue.CODE_STATUSES) == Procedure.CodeStatus.values
    assert list(catalogue.ONLINE) == Revision.Online.values
    assert list(catalogue.RECORDED_RESULTS) == Revision.RecordedResult.values
    assert list(catalogue.CHANNEL_KINDS) == Channel.Kind.values
    assert list(catalogue.LIMIT_UNITS) == Channel.Unit.values
    assert list(catalogue.LEVELS) == Agency.Level.values
    assert set(catalogue.AGENCY_KINDS) <= set(Agency.Kind.values)
