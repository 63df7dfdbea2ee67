"""What people are told when lower areas announce: that they stand in for somebody, or no longer do."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.urls import reverse

from motcua.engine.explain import Because
from motcua.engine.standing_in import StandIn
from motcua.messages.actions import News, tell
from motcua.people import events


@receiver(events.stand_in_named, dispatch_uid="messages.stand_in_named")
def tell_of_stand_in(
    *, absence_id: int, stand_in: StandIn, officer_id: int, now: datetime, **_signal: Any
) -> None:
    """Tell the stand-in whose tasks they do and when; and who is away, unless they did it."""
    _tell_both(f"{absence_id}:named", stand_in, officer_id, stand_in.sentence, now=now)


@receiver(events.stand_in_taken_back, dispatch_uid="messages.stand_in_taken_back")
def tell_of_taking_back(
    *, absence_id: int, stand_in: StandIn, officer_id: int, now: datetime, **_signal: Any
) -> None:
    """Tell both that the stand-in has ended."""
    _tell_both(f"{absence_id}:taken-back", stand_in, officer_id, stand_in.sentence_of_end, now=now)


def _tell_both(
    key: str, stand_in: StandIn, officer_id: int, said: Because, *, now: datetime
) -> None:
    tell(
        news=(
            News(
                once_key=f"stand-in:{key}:{person_id}",
                path=reverse("desk:absences"),
                text_vi=said.vi,
                text_en=said.en,
                person_id=person_id,
            )
            for person_id in (stand_in.absent_id, stand_in.stand_in_id)
            if person_id != officer_id
        ),
        now=now,
    )
