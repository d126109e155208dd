"""Findings in the diagnostic format of reviewdog, whose columns count the bytes of UTF-8."""

from __future__ import annotations

from typing import Any

from checker.model import Audit
from checker.report.brief import Region, brief, placed, regions, side
from checker.report.json import spread
from checker.report.view import active, claims_of

_SEVERITIES = {"error": "ERROR", "warning": "WARNING"}


def render(audit: Audit, lang: str) -> str:
    """One diagnostic for each finding, worst first, at one of its figures; the others are related."""
    by_id, where = {claim.id: claim for claim in audit.claims}, regions(audit, lang)
    diagnostics = []
    for finding in active(audit):
        claims = claims_of(finding, by_id)
        at = placed(claims, audit)
        places = [_location(where[claim.id]) for claim in claims]
        diagnostics.append(
            {
                "message": "\n".join(brief(finding, claims, where, lang)),
                "location": places[at],
                "severity": _SEVERITIES.get(finding.level, "INFO"),
                "code": {"value": finding.rule},
                "related_locations": [
                    {"message": side(i, claim, where, lang), "location": places[i]}
                    for i, claim in enumerate(claims)
                    if i != at
                ],
            }
        )
    return spread({"source": {"name": "checker"}, "diagnostics": diagnostics})


def _location(region: Region) -> dict[str, Any]:
    """Without columns a range stands for its whole lines; a file that has no lines has no range."""
    if not region.lines:
        return {"path": region.path}
    start, end = ({"line": line} for line in region.lines)
    if region.bytes:
        start["column"], end["column"] = region.bytes
    return {"path": region.path, "range": {"start": start, "end": end}}
