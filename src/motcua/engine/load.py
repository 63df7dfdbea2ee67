"""Load: who of those who may do a task has the least to do, and what people are told of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from motcua.engine.explain import Because
from motcua.engine.moments import local
from motcua.engine.wording import clock_time, full_day


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """Somebody who is there and qualified, and how many open tasks they hold."""

    id: int
    name: str
    open_count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """Whom a task should go to, and why."""

    candidate: Candidate
    because: Because


def suggest(candidates: Iterable[Candidate]) -> Suggestion | None:
    """Return who has the fewest open tasks, by name where several have; None without candidates."""
    ordered = sorted(candidates, key=lambda one: (one.open_count, one.name, one.id))
    if not ordered:
        return None
    best, others = ordered[0], len(ordered) - 1
    return Suggestion(
        candidate=best,
        because=Because(
            vi=f"{best.name} đang giữ {best.open_count} việc, "
            + (
                f"ít nhất trong {others + 1} người có mặt và đúng vai trò."
                if others
                else "là người duy nhất có mặt và đúng vai trò."
            ),
            en=f"{best.name} holds {best.open_count} open {'task' if best.open_count == 1 else 'tasks'}, "
            + (
                f"the fewest of {others + 1} people who are there and have the role."
                if others
                else "the only one who is there and has the role."
            ),
        ),
    )


def share_out(count: int, candidates: Iterable[Candidate]) -> tuple[int, ...]:
    """Return whom each of so many tasks goes to, always the least loaded at that point."""
    loads = {one.id: one for one in candidates}
    chosen: list[int] = []
    for _place in range(count):
        found = suggest(loads.values())
        if found is None:
            break
        best = found.candidate
        loads[best.id] = replace(best, open_count=best.open_count + 1)
        chosen.append(best.id)
    return tuple(chosen)


def told_receiver(by: str, at: datetime) -> Because:
    """Return what somebody is told who gets tasks."""
    return Because(
        vi=f"{by} giao việc cho anh/chị lúc {_moment(at)}.",
        en=f"{by} put tasks in your hands at {_moment(at)}.",
    )


def told_holder(by: str, at: datetime) -> Because:
    """Return what somebody is told whose tasks go to others."""
    return Because(
        vi=f"{by} chuyển việc anh/chị đang giữ cho người khác lúc {_moment(at)}.",
        en=f"{by} passed tasks that you held on to others at {_moment(at)}.",
    )


def _moment(at: datetime) -> str:
    return f"{clock_time(local(at))} {full_day(local(at).date())}"
