"""Findings as a Markdown table, for the summary of a CI job or a comment."""

from __future__ import annotations

import re
from collections.abc import Mapping

from checker.model import Audit, Claim, Finding
from checker.report.brief import Region, message, regions, side, verdict
from checker.report.numbers import difference
from checker.report.plain import visible
from checker.report.view import MARKS, by_level, claims_of, lead, standing, worst_first
from checker.report.words import label, say

# The summary of a step on GitHub holds 1 MiB; the rest is for what other tools of the step have to say.
_MOST_BYTES = 1_000_000
_COLUMNS = ("level", "message", "printed", "difference", "verdict", "rule")
_PUNCTUATION = re.compile(r"[\\`*_\[\]<>#|~$&]")
# An escaped character still makes a mention, a reference or a link; an empty comment in it does not.
_LINKING = re.compile(r"@(?=\w)|#(?=\w)|(?<=\w):(?=//)|www(?=\.)", re.IGNORECASE)


def render(audit: Audit, lang: str) -> str:
    """Counts, a row for each finding, worst first, as far as there is room, and the documents that were not read."""
    by_id, where = {claim.id: claim for claim in audit.claims}, regions(audit, lang)
    lines = [f"# {say(lang, 'report')}", "", lead(audit, lang), ""]
    if not audit.findings:
        lines += [say(lang, "no_findings")]
    else:
        rows = [_row(finding, claims_of(finding, by_id), where, lang) for finding in worst_first(audit.findings)]
        shown = _fitting(rows)
        lines += [_counts(audit, lang), "", _cells([say(lang, key) for key in _COLUMNS]), "|---" * len(_COLUMNS) + "|"]
        lines += rows[:shown]
        if shown < len(rows):
            lines += ["", say(lang, "brief.cut", shown=shown, n=len(rows) - shown)]
    if audit.problems:
        lines += ["", say(lang, "problems", n=len(audit.problems)), ""]
        lines += [f"- {_text(visible(problem.path))}: {_text(visible(problem.reason))}" for problem in audit.problems]
    return "\n".join(lines) + "\n"


def _counts(audit: Audit, lang: str) -> str:
    return " · ".join(
        f"{MARKS.get(level, '·')} {label(lang, 'level', level)} {n}" for level, n in by_level(audit).items()
    )


def _row(finding: Finding, claims: list[Claim], where: Mapping[str, Region], lang: str) -> str:
    state = standing(finding)
    return _cells(
        [
            f"{MARKS.get(state, '·')} {label(lang, 'level', state)}",
            _text(message(finding, lang)),
            "<br>".join(_text(side(i, claim, where, lang)) for i, claim in enumerate(claims)),
            _text(difference(finding, claims, lang)),
            _text(verdict(finding, lang)),
            _text(visible(finding.rule)),
        ]
    )


def _cells(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _fitting(rows: list[str]) -> int:
    """How many rows there is room for."""
    left = _MOST_BYTES
    for shown, row in enumerate(rows):
        left -= len(row.encode("utf-8", "replace")) + 1
        if left < 0:
            return shown
    return len(rows)


def _text(text: str) -> str:
    """Text that stays text: no markup, no cell, no HTML, no mention, no link."""
    return _LINKING.sub(r"\g<0><!-- -->", _PUNCTUATION.sub(r"\\\g<0>", text))
