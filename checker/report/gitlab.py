"""Findings as a Code Quality report of GitLab, for the widget and the changes of a merge request."""

from __future__ import annotations

from checker.model import Audit
from checker.report.brief import brief, placed, regions
from checker.report.json import spread
from checker.report.view import active, claims_of

_SEVERITIES = {"error": "major", "warning": "minor"}


def render(audit: Audit, lang: str) -> str:
    """One entry for each finding, worst first, at one of its figures."""
    by_id, where = {claim.id: claim for claim in audit.claims}, regions(audit)
    entries = []
    for finding in active(audit):
        claims = claims_of(finding, by_id)
        region = where[claims[placed(claims, audit)].id]
        entries.append(
            {
                "description": " · ".join(brief(finding, claims, lang)),
                "check_name": finding.rule,
                "fingerprint": finding.fingerprint,
                "severity": _SEVERITIES.get(finding.level, "info"),
                "location": {"path": region.path, "lines": {"begin": region.line, "end": region.end_line}},
            }
        )
    return spread(entries)
