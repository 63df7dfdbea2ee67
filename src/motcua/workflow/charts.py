"""A drawn chart compiled for a day: called processes in their places, and everything to correct."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from motcua.engine import bpmn, calls, choices, flowcheck
from motcua.engine.case_facts import FACTS
from motcua.engine.chart_agencies import KnownAgency, check_agencies, list_agencies
from motcua.engine.event_checks import check_events
from motcua.engine.flowcheck import Finding
from motcua.engine.limit_checks import TOO_LONG, check_limits
from motcua.engine.net import Net
from motcua.lawbook import queries as lawbook
from motcua.people import queries as people
from motcua.procedures import queries as procedures
from motcua.workflow import queries


@dataclass(frozen=True, kw_only=True, slots=True)
class CompiledChart:
    """A chart with all it calls: its net, which version each call is, and what is to correct."""

    net: Net
    called: dict[str, int]
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that hinder publication."""
        return tuple(finding for finding in self.findings if finding.severity == "error")

    @property
    def hindrances(self) -> tuple[Finding, ...]:
        """The errors for which no case could run: a limit that is too long hinders only publication."""
        return tuple(finding for finding in self.errors if finding.code not in TOO_LONG)


def compile_chart(*, bpmn_xml: bytes | str, key: str, on: date) -> CompiledChart:
    """Compile a drawing as it would be if published for a day; raises BpmnProblem.

    A call is of the version in force on that day. `called` gives the version of each call's node.
    """
    drawn = bpmn.compile_bpmn(bpmn_xml)
    found = {
        name: queries.find_version_in_force(workflow_key=name, on=on)
        for name in calls.list_called(drawn)
    }
    versions = {name: version for name, version in found.items() if version is not None}
    called = {
        name: calls.Called(key=name, version=version.number, net=version.net)
        for name, version in versions.items()
    }
    hindrances = calls.check_calls(drawn, called, key=key)
    if hindrances:
        return CompiledChart(net=drawn, called={}, findings=hindrances)
    net = calls.put_in_place(drawn, called)
    return CompiledChart(
        net=net,
        called={node.id: versions[node.called].id for node in drawn.nodes if node.called},
        findings=(
            *flowcheck.check(net),
            *check_events(net),
            *choices.check_conditions(net, FACTS),
            *check_limits(
                net,
                procedures.list_legal_limits(key, on=on),
                lawbook.get_working_week(on),
                lawbook.get_limit_choices(on),
            ),
            *check_agencies(net, _known_agencies(net), on=on),
        ),
    )


def _known_agencies(net: Net) -> dict[str, KnownAgency]:
    known = {}
    for code in list_agencies(net):
        agency = people.find_agency(code)
        if agency is not None:
            after = agency.successor
            known[code] = KnownAgency(
                name=agency.name,
                ends_on=agency.ends_on,
                successor=f"{after.name} ({after.code})" if after else "",
            )
    return known
