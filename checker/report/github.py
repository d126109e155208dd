"""Findings as workflow commands of GitHub Actions, which become annotations on the lines of a pull request."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import PurePath

from checker.model import Audit
from checker.report.brief import Region, brief, headline, placed, regions
from checker.report.plain import cut, laid_out, visible
from checker.report.view import active, claims_of
from checker.report.words import say

# What a step may annotate of each kind, and the characters of a message that the runner keeps.
_MOST = 10
_LONGEST = 4096
_KINDS = {"error": "error", "warning": "warning"}
_ESCAPED = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_ESCAPED_PROPERTY = {**_ESCAPED, ":": "%3A", ",": "%2C"}


def render(audit: Audit, lang: str) -> str:
    """A line each for documents that could not be read and for the worst findings; a last one says what is left."""
    by_id, where = {claim.id: claim for claim in audit.claims}, regions(audit, lang)
    title = say(lang, "brief.unread")
    lines = [
        (
            "error",
            _command("error", {"file": PurePath(problem.path).as_posix(), "title": title}, visible(problem.reason)),
        )
        for problem in audit.problems
    ]
    for finding in active(audit):
        claims = claims_of(finding, by_id)
        kind = _KINDS.get(finding.level, "notice")
        place = _place(where[claims[placed(claims, audit)].id]) | {"title": headline(finding, lang)}
        lines.append((kind, _command(kind, place, "\n".join(brief(finding, claims, where, lang)))))
    shown = _most(lines)
    if left := len(lines) - len(shown):
        shown.append(say(lang, "brief.more", n=left, most=_MOST))
    return "\n".join(shown or [say(lang, "no_findings")]) + "\n"


def _most(lines: list[tuple[str, str]]) -> list[str]:
    """The first of each kind, as many as are shown."""
    counts: Counter[str] = Counter()
    shown = []
    for kind, line in lines:
        counts[kind] += 1
        if counts[kind] <= _MOST:
            shown.append(line)
    return shown


def _place(region: Region) -> dict[str, str]:
    """The file, its lines if it has some, and columns if they are of one line: others would not be accepted."""
    place = {"file": region.path}
    if region.lines:
        line, end_line = region.lines
        place |= {"line": str(line), "endLine": str(end_line)}
    if region.columns and line == end_line:
        place |= {"col": str(region.columns[0]), "endColumn": str(region.columns[1])}
    return place


def _command(kind: str, properties: dict[str, str], message: str) -> str:
    said = ",".join(f"{name}={_escape(value, _ESCAPED_PROPERTY)}" for name, value in properties.items())
    return f"::{kind} {said}::{_escape(cut(message, _LONGEST), _ESCAPED)}"


def _escape(text: str, marks: dict[str, str]) -> str:
    return re.sub("[%\r\n:,]", lambda match: marks.get(match.group(), match.group()), laid_out(text))
