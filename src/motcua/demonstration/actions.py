"""Loads the demonstration: the province, then every case file by the real actions, in time order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db import connection, transaction
from django.utils import timezone

from motcua.cases import actions as cases
from motcua.cases import queries as cases_queries
from motcua.clock import actions as clock
from motcua.demonstration import (
    coming_change,
    content,
    mirrored_cases,
    parcels,
    province,
    queries,
    recorded_results,
    seed_figures,
)
from motcua.demonstration.schedule import Event, Span, Story, events, tell
from motcua.engine import deadlines, tokens
from motcua.engine.limits import Limit, Unit
from motcua.engine.moments import VIETNAM, at
from motcua.lawbook import queries as lawbook
from motcua.people import queries as people
from motcua.procedures import queries as procedures
from motcua.workflow import queries as workflow

# The clock of the demonstration begins on the working day after the period's last.
CLOCK_STARTS = time(8, 0)


def load(*, now: datetime, progress: Callable[[int, int], None]) -> int:
    """Load what is not loaded yet and return how many case files there are.

    Can be stopped at any moment and called again: what is done is found and not done twice.
    """
    if people.count_agencies() == 0:
        with transaction.atomic():
            province.set_up()
    plan = content.read("office_cases")
    span = _span(plan["period"]["from"], plan["period"]["to"])
    cast = _Cast(span)
    stories = tell(
        [*plan["rows"], *OTHER_ROWS], span=span, due_of=cast.due_of, steps_of=cast.steps_of
    )
    cast.give_parts(stories)
    happenings = events(stories)
    codes: dict[int, str] = {}
    done = queries.count_steps_done()
    for place, event in enumerate(happenings, start=1):
        _happen(event, cast=cast, codes=codes, done=done)
        progress(place, len(happenings))
    cast.close_results(codes, stories, now=at(span.last_day, time(15, 30)))
    for row in content.read("online")["rows"]:
        cast.submit_online(row)
    mirrored_cases.mirror_others()
    cast.hand_back(codes)
    cast.send_by_post(codes, stories)
    coming_change.send_draft(now=at(span.last_day, time(9, 0)))
    cases.enter_waiting(now=at(span.last_day, time(16, 45)))
    seed_figures.enter_all(now=at(span.last_day, time(16, 45)))
    with connection.cursor() as cursor:
        # So that the first pages are planned with what is there now.
        cursor.execute("ANALYZE")
    if not queries.is_complete():
        opening = at(span.last_day + timedelta(days=1), CLOCK_STARTS)
        clock.shift_clock(shows=opening, now=now)
    return len(stories)


def _span(first_day: Any, last_day: Any) -> Span:
    calendar = lawbook.get_calendar()
    opens = calendar.next_opening(at(first_day, time(0, 0)))
    closes = at(last_day, time(16, 30))
    return Span(
        first_day=first_day, last_day=last_day, opens=opens, closes=closes, calendar=calendar
    )


def _happen(event: Event, *, cast: _Cast, codes: dict[int, str], done: dict[str, int]) -> None:
    story = event.story
    if event.kind == "RECEIVE":
        codes[story.number] = cast.receive(story)
        return
    code = codes[story.number]
    if event.kind == "RETURN":
        if not queries.is_returned(code):
            cast.hand_over(code, now=event.at)
        return
    with_result = cast.has_result(story) and event.step == len(story.step_times)
    if with_result:
        cast.sign_result(story, code, now=event.at)
    if event.step > done.get(code, 0):
        cast.complete_next(code, now=event.at)
    if with_result:
        recorded_results.number(code, officer=cast.settling(story, "OFFICER"), now=event.at)


class _Cast:
    """Who plays the story: clerks, officers and leaders by unit, citizens and organisations."""

    def __init__(self, span: Span) -> None:
        self.span = span
        data = content.read("people")
        self.people = [
            people.get_person(username=account["username"]) for account in data["accounts"]
        ]
        self.citizens = data["citizens"]
        self.organisations = data["organisations"]
        self.steps: dict[str, int] = {}
        # The open step of cases that have just one, as far as known: looking for it is slow.
        self.only_open: dict[str, int] = {}
        self.sheets: dict[tuple[str, date], procedures.Sheet] = {}
        # Of the case that another system sent on, that which came by post, and that handed back.
        self.sent_on = self.by_post = self.handed_back = 0

    def sheet(self, procedure_code: str, day: date) -> procedures.Sheet:
        """Return what the catalogue says of a procedure on a day, asked once."""
        key = (procedure_code, day)
        if key not in self.sheets:
            self.sheets[key] = procedures.get_sheet(code=procedure_code, on=day)
        return self.sheets[key]

    def players(self, agency_id: int, role: str, now: datetime) -> list[people.Person]:
        """Return who holds a role at an agency at a moment."""
        day = timezone.localtime(now).date()
        return [
            person
            for person in self.people
            if any(p.agency_id == agency_id and p.role == role for p in person.posts_on(day))
        ]

    def due_of(self, procedure_code: str, received_at: datetime) -> datetime:
        """Return when a case received at a moment would be due, by the real engine."""
        day = timezone.localtime(received_at).date()
        sheet = self.sheet(procedure_code, day)
        channel = next(c for c in sheet.channels if c.kind == "COUNTER")
        return deadlines.due_at(
            received_at=received_at,
            limit=Limit(amount=channel.limit_amount, unit=Unit(channel.limit_unit)),
            calendar=self.span.calendar,
            rules=lawbook.get_time_rules(day),
        )

    def steps_of(self, procedure_code: str) -> int:
        """Return how many steps a procedure takes when every outcome is the good one."""
        sheet = self.sheet(procedure_code, self.span.last_day)
        if sheet.workflow_key not in self.steps:
            net = workflow.get_version_in_force(
                workflow_key=sheet.workflow_key, on=self.span.last_day
            ).net
            move, count = tokens.start(net, {}), 0
            while not move.is_finished:
                node = move.marking.open[0]
                outcome = _good(net.by_id[node].outcomes)
                move, count = (
                    tokens.complete(net, move.marking, node, {"outcome": outcome}),
                    count + 1,
                )
            self.steps[sheet.workflow_key] = count
        return self.steps[sheet.workflow_key]

    def give_parts(self, stories: tuple[Story, ...]) -> None:
        """Choose the open case files of the procedure that others send on, to which more happens."""
        self.sent_on, self.by_post, self.handed_back = [
            story.number
            for story in stories
            if story.procedure_code == mirrored_cases.sent_on_procedure()
            and not self.has_result(story)
        ][:3]

    def receive(self, story: Story) -> str:
        """Receive the story's case at the counter where its procedure is filed."""
        now = story.received_at
        sheet = self.sheet(story.procedure_code, timezone.localtime(now).date())
        counter = people.get_agency(COUNTERS.get(sheet.level, "H19.01.01"))
        clerks = self.players(counter.pk, "CLERK", now)
        variant = sheet.variants[story.number % len(sheet.variants)]
        case_clerk = clerks[story.number % len(clerks)]
        submission = cases.Submission(
            submission_key=uuid5(NAMESPACE_URL, f"motcua/demonstration/{story.number}"),
            procedure_code=story.procedure_code,
            channel="COUNTER",
            variant_code=variant.code,
            applicant=self._applicant(story),
            papers={c.id: (c.originals, c.copies) for c in variant.components},
        )
        if story.number == self.by_post:
            submission = parcels.bring(
                submission, clerk=case_clerk, agency_id=counter.pk, received_at=now
            )
        case = cases.receive_case(
            officer=case_clerk, agency_id=counter.pk, submission=submission, now=now
        )
        if story.number == self.sent_on:
            mirrored_cases.send_on(
                case.code, agency_code=counter.code, clerk=case_clerk, received_at=now
            )
        return case.code

    def settling(self, story: Story, role: str) -> people.Person:
        """Return who has a role at the agency that settles the story's case."""
        agency_id = self.sheet(story.procedure_code, self.span.last_day).agency_id
        assert agency_id is not None, "a procedure with recorded results has its own agency"
        return self.players(agency_id, role, self.span.closes)[0]

    def has_result(self, story: Story) -> bool:
        """Say whether the story's case comes to its end, with a result that is recorded."""
        is_done = len(story.step_times) == self.steps_of(story.procedure_code)
        return story.procedure_code in recorded_results.wanted() and is_done

    def sign_result(self, story: Story, code: str, *, now: datetime) -> None:
        """Let the result of the story's case be drafted and signed before its last step is done."""
        recorded_results.sign(
            code,
            title=recorded_results.wanted()[story.procedure_code],
            officer=self.settling(story, "OFFICER"),
            leader=self.settling(story, "LEADER"),
            now=now,
        )

    def close_results(
        self, codes: dict[int, str], stories: tuple[Story, ...], *, now: datetime
    ) -> None:
        """Let one result go into the archive, and one be revoked and replaced."""
        told = [story for story in stories if self.has_result(story)]
        recorded_results.archive_and_revoke(
            [codes[story.number] for story in told],
            title=recorded_results.wanted()[told[0].procedure_code],
            officer=self.settling(told[0], "OFFICER"),
            leader=self.settling(told[0], "LEADER"),
            now=now,
        )

    def hand_back(self, codes: dict[int, str]) -> None:
        """Let one case be handed back to the system that told of it."""
        counter, clerk = self._counter_of_centre()
        mirrored_cases.hand_back(codes[self.handed_back], agency_code=counter.code, clerk=clerk)

    def send_by_post(self, codes: dict[int, str], stories: tuple[Story, ...]) -> None:
        """Let the post bring dossiers, and take the last results that lie at the centre's counter."""
        counter, clerk = self._counter_of_centre()
        lying = [
            story
            for story in stories
            if story.returned_at is None
            and self.sheet(story.procedure_code, self.span.last_day).level == "PROVINCE"
            and len(story.step_times) == self.steps_of(story.procedure_code)
            and story.step_times[-1] < parcels.wanted_at()
        ]
        last_first = sorted(lying, key=lambda story: story.step_times[-1], reverse=True)
        parcels.send(
            [
                (codes[story.number], self._applicant(story))
                for story in last_first[: parcels.how_many_wanted()]
            ],
            clerk=clerk,
            agency_id=counter.pk,
        )
        parcels.bring_waiting(clerk=clerk, agency_id=counter.pk)

    def _counter_of_centre(self) -> tuple[Any, people.Person]:
        counter = people.get_agency(COUNTERS["PROVINCE"])
        return counter, self.players(counter.pk, "CLERK", self.span.closes)[0]

    def _applicant(self, story: Story) -> cases.PartyEntry:
        if story.number % 4 == 0:
            entry = self.organisations[story.number % len(self.organisations)]
            return cases.PartyEntry(
                kind="ORGANISATION",
                full_name=entry["name"],
                identity_number=entry["tax_code"],
                address=entry["address"],
            )
        entry = self.citizens[story.number % len(self.citizens)]
        return cases.PartyEntry(
            kind="PERSON",
            full_name=entry["full_name"],
            identity_number=entry["identity_number"],
            phone=f"09{story.number:08d}",
            address=entry["address"],
        )

    def submit_online(self, row: dict[str, Any]) -> None:
        """Let the portal pass on what a citizen sent; the same row again is found, not sent twice."""
        sent_at = datetime.fromisoformat(row["submitted_at"]).replace(tzinfo=VIETNAM)
        variant = self.sheet(row["procedure"], sent_at.date()).variants[0]
        entry = self.citizens[row["citizen"] % len(self.citizens)]
        cases.register_submission(
            officer=people.get_system(),
            agency_code=row["unit"],
            submission=cases.Submission(
                submission_key=uuid5(
                    NAMESPACE_URL, f"motcua/demonstration/online/{row['submitted_at']}"
                ),
                procedure_code=row["procedure"],
                channel="ONLINE",
                variant_code=variant.code,
                applicant=cases.PartyEntry(
                    kind="PERSON",
                    full_name=entry["full_name"],
                    identity_number=entry["identity_number"],
                    phone=f"09{row['citizen']:08d}",
                    address=entry["address"],
                ),
                papers={c.id: (c.originals, c.copies) for c in variant.components}
                if row["has_papers"]
                else {},
            ),
            submitted_at=sent_at,
            now=sent_at,
        )

    def complete_next(self, code: str, *, now: datetime) -> None:
        """Let the right person complete the case's oldest open step with its good outcome."""
        task_id = self.only_open.pop(code, None) or cases_queries.first_open_task(code).pk
        step = cases_queries.read_step(task_id).step
        node = workflow.get_version(step.version_id).net.by_id[step.node]
        players = self.players(step.agency_id, step.role, now)
        done = cases.complete_step(
            officer=players[task_id % len(players)],
            task_id=task_id,
            outcome=_good(node.outcomes),
            now=now,
        )
        if len(step.open_nodes) == len(done.next_task_ids) == 1:
            (self.only_open[code],) = done.next_task_ids

    def hand_over(self, code: str, *, now: datetime) -> None:
        """Let a clerk hand the result to the owner of the case."""
        agency_id, owner = queries.get_return(code)
        clerks = self.players(agency_id, "CLERK", now)
        cases.return_result(officer=clerks[0], case_code=code, returned_to=owner, now=now)


def _good(outcomes: tuple[str, ...]) -> str:
    return "APPROVE" if "APPROVE" in outcomes else (outcomes[0] if outcomes else "")


# The counters with demonstration accounts, by the level that settles.
COUNTERS = {"PROVINCE": "H19.01.01", "DISTRICT": "H19.31", "COMMUNE": "H19.31.01"}

# A few case files of other units, so that every demonstration account has work on the first day.
OTHER_ROWS: list[dict[str, Any]] = content.read("other_cases")["rows"]
