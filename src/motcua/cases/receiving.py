"""The statement that writes a new case with its run, tasks, parties, papers and ledger at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from motcua.audit import actions as audit
from motcua.cases.models import Case
from motcua.cases.reception import PartyEntry, Submission
from motcua.engine import vietnamese
from motcua.engine.ledger import LedgerLine


def number_write(number: int) -> audit.Write:
    """Return the write that takes a number of the day for a case: of two who read it, one gets it.

    The other waits for the first, finds the number gone and gives `case_write` no code, so that its
    whole statement fails.
    """
    return audit.Write(
        name="number_taken",
        sql="""INSERT INTO cases_codecounter (agency_id, day, last_number)
            VALUES (%(receiving)s, %(law_date)s, %(day_number)s)
            ON CONFLICT (agency_id, day) DO UPDATE SET last_number = excluded.last_number
                WHERE cases_codecounter.last_number = excluded.last_number - 1
            RETURNING last_number""",
        params={"day_number": number},
    )


def case_write(case: Case) -> audit.Write:
    """Return the write of the case row itself; its id is `(SELECT id FROM new_case)`."""
    return audit.Write(
        name="new_case",
        sql="""INSERT INTO cases_case (code, submission_key, revision_id, variant_id, field_id, channel,
                receiving_agency_id, settling_agency_id, run_id, status, law_date, received_at,
                received_by_id, due_at, norm_due_at, returned_to, note)
            VALUES ((SELECT %(code)s::text FROM number_taken), %(submission_key)s, %(revision)s, %(variant)s, %(field)s, %(channel)s,
                %(receiving)s, %(settling)s, (SELECT id FROM new_run), %(case_status)s,
                %(law_date)s, %(received_at)s, %(received_by)s, %(due_at)s,
                %(norm_due_at)s, '', %(note)s)
            RETURNING id""",
        params={
            "code": case.code,
            "submission_key": case.submission_key,
            "revision": case.revision_id,
            "variant": case.variant_id,
            "field": case.field_id,
            "channel": case.channel,
            "receiving": case.receiving_agency_id,
            "settling": case.settling_agency_id,
            "case_status": str(case.status),
            "law_date": case.law_date,
            "received_at": case.received_at,
            "received_by": case.received_by_id,
            "due_at": case.due_at,
            "norm_due_at": case.norm_due_at,
            "note": case.note,
        },
    )


def parties_write(submission: Submission) -> audit.Write:
    """Return the write of the parties: applicant, owner (the same unless named), representative."""
    owner = submission.owner or submission.applicant
    rows = [_party("APPLICANT", submission.applicant), _party("OWNER", owner)]
    if submission.representative is not None:
        rows.append(_party("REPRESENTATIVE", submission.representative))
    return audit.Write(
        name="new_parties",
        sql="""INSERT INTO cases_party (case_id, role, kind, full_name, search_name, identity_number,
                phone, email, address)
            SELECT (SELECT id FROM new_case), p.role, p.kind, p.full_name, p.search_name,
                p.identity_number, p.phone, p.email, p.address
            FROM jsonb_to_recordset(%(parties)s::jsonb) AS p(role text, kind text, full_name text,
                search_name text, identity_number text, phone text, email text, address text)""",
        params={"parties": audit.to_json(rows)},
    )


def _party(role: str, entry: PartyEntry) -> dict[str, str]:
    return {
        "role": role,
        "kind": entry.kind,
        "full_name": entry.full_name,
        "search_name": vietnamese.fold(entry.full_name),
        "identity_number": entry.identity_number,
        "phone": entry.phone,
        "email": entry.email,
        "address": entry.address,
    }


def papers_write(submission: Submission) -> audit.Write:
    """Return the write of the components that came with the case."""
    rows = [
        {"component_id": component, "originals": originals, "copies": copies}
        for component, (originals, copies) in submission.papers.items()
        if originals or copies
    ]
    return audit.Write(
        name="new_papers",
        sql="""INSERT INTO cases_receivedcomponent (case_id, component_id, originals, copies)
            SELECT (SELECT id FROM new_case), p.component_id, p.originals, p.copies
            FROM jsonb_to_recordset(%(papers)s::jsonb)
                AS p(component_id bigint, originals int, copies int)""",
        params={"papers": audit.to_json(rows)},
    )


def ledger_write(
    lines: Iterable[LedgerLine],
    *,
    officer_id: int,
    now: datetime,
    case: str = "(SELECT id FROM new_case)",
    generation: int = 1,
) -> audit.Write:
    """Return the write of a generation of the deadline ledger; `case` is the SQL of the case's id."""
    rows = [
        {
            "number": number,
            "kind": str(line.kind),
            "stopped_for": str(line.stopped_for),
            "starts_at": line.starts_at.isoformat(),
            "ends_at": line.ends_at.isoformat(),
            "amount": str(line.amount),
            "unit": str(line.unit),
            "because_vi": line.because.vi,
            "because_en": line.because.en,
            "source": line.because.source,
            "is_verified": line.because.is_verified,
        }
        for number, line in enumerate(lines, start=1)
    ]
    return audit.Write(
        name="new_ledger",
        sql=f"""INSERT INTO cases_ledgerentry (case_id, generation, number, kind, stopped_for,
                starts_at, ends_at, amount, unit, because_vi, because_en, source, is_verified,
                recorded_at, recorded_by_id)
            SELECT {case}, %(ledger_generation)s, l.number, l.kind, l.stopped_for, l.starts_at,
                l.ends_at, l.amount, l.unit, l.because_vi, l.because_en, l.source, l.is_verified,
                %(ledger_at)s, %(ledger_by)s
            FROM jsonb_to_recordset(%(ledger)s::jsonb) AS l(number int, kind text, stopped_for text,
                starts_at timestamptz, ends_at timestamptz, amount numeric, unit text,
                because_vi text, because_en text, source text, is_verified boolean)""",
        params={
            "ledger_generation": generation,
            "ledger": audit.to_json(rows),
            "ledger_at": now,
            "ledger_by": officer_id,
        },
    )
