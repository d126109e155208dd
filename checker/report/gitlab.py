"""Findings as a Code Quality report of GitLab, for the widget and the changes of a merge request."""

from __future__ import annotations

from checker.model import Audit
from checker.report.brief import brief, placed, regions
from checker.report.json import spread
from checker.report.view import active, claims_of

_SEVERITIES = {"error": "major", "warning": "minor"}


def render(audit: Audit, lang: str) -> str:
    """One entry for each finding, worst first, at one of its figures."""
    by_id, where = {claim.id: claim for claim in audit.claims}, regions(audit, lang)
    entries = []
    for finding in active(audit):
        claims = claims_of(finding, by_id)
        region = where[claims[placed(claims, audit)].id]
        begin, end = region.lines or (1, 1)  # GitLab wants a line of every file
        entries.append(
            {
                "description": " · ".join(brief(finding, claims, where, lang)),
                "check_name": finding.rule,
                "fingerprint": finding.fingerprint,
                "severity": _SEVERITIES.get(finding.level, "info"),
                "location": {"path": region.path, "lines": {"begin": begin, "end": end}},
            }
        )
    return spread(entries)
