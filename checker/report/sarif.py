"""Findings as SARIF 2.1.0, for code scanning and editors: the first figure is the place, the others are related."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from checker import __version__
from checker.model import SUSPECTED, Anchor, Audit, Claim, Finding, record
from checker.report.brief import Region, apart, message, placed, regions, side, verdict
from checker.report.json import spread
from checker.report.plain import one_line, visible
from checker.report.view import claims_of, inside, supposed, worst_first
from checker.report.words import choose, say

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LANGUAGES = {"zh": "zh-CN", "en": "en-US"}

# What code scanning shows of a run and of a result; it refuses a run of 25,000 results and a result of 1,000 places.
_MOST_RESULTS = 5_000
_MOST_PLACES = 100

_Object = dict[str, Any]


def render(audit: Audit, lang: str) -> str:
    """The findings as one run, the worst first and no more of them than code scanning shows; a note says how many."""
    shown = worst_first(audit.findings)[:_MOST_RESULTS]
    rules = {finding.rule: finding for finding in sorted(shown, key=lambda finding: finding.rule)}
    numbers = {rule: i for i, rule in enumerate(rules)}
    by_id, where = {claim.id: claim for claim in audit.claims}, regions(audit, lang)
    run = {
        "tool": {
            "driver": {
                "name": "checker",
                "semanticVersion": __version__,
                "rules": [_rule(finding, lang) for finding in rules.values()],
            }
        },
        "language": _LANGUAGES[lang],
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {"executionSuccessful": not audit.problems, "toolExecutionNotifications": _notes(audit, len(shown), lang)}
        ],
        "results": [
            _result(finding, numbers[finding.rule], claims_of(finding, by_id), audit, where, lang) for finding in shown
        ],
    }
    return spread({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(finding: Finding, lang: str) -> _Object:
    title, why = one_line(choose(finding.title, lang)), one_line(choose(finding.why, lang))
    return {
        "id": finding.rule,
        "shortDescription": {"text": _escaped(title)},
        "fullDescription": {"text": _escaped(why)},
        "help": {"text": _escaped(f"{title}\n\n{why}")},
    }


def _result(
    finding: Finding, rule: int, claims: list[Claim], audit: Audit, where: dict[str, Region], lang: str
) -> _Object:
    at = placed(claims, audit)
    sides = [(i, claim) for i, claim in enumerate(claims) if i != at][: _MOST_PLACES - 1]
    said = [_escaped(message(finding, lang))]
    if not where[claims[at].id].lines:  # no viewer can show the place, so it is said
        said.append(_escaped(side(at, claims[at], where, lang)))
    said += [f"[{_escaped(side(i, claim, where, lang))}]({i})" for i, claim in sides]
    agree = [supposed(hypothesis, claims, lang) for hypothesis in finding.hypotheses]
    said += map(_escaped, filter(None, (apart(finding, claims, lang), verdict(finding, lang), *agree)))
    return {
        "ruleId": finding.rule,
        "ruleIndex": rule,
        "level": "none" if finding.level == SUSPECTED else finding.level,
        "message": {"text": "\n".join(said)},
        "locations": [_place(where[claims[at].id], lang)],
        "relatedLocations": [
            {"id": i, **_place(where[claim.id], lang), "message": {"text": _escaped(side(i, claim, where, lang))}}
            for i, claim in sides
        ],
        "partialFingerprints": {"finding/v1": finding.fingerprint},
        **({} if finding.confidence is None else {"rank": round(100 * finding.confidence, 1)}),
        # Either no result of a run says whether it is suppressed, or all of them do.
        "suppressions": [
            {"kind": "external", "status": "accepted", "justification": one_line(finding.suppression.reason)}
        ]
        if finding.suppression
        else [],
    }


def _notes(audit: Audit, shown: int, lang: str) -> list[_Object]:
    """What a reader of the results has to know: documents that could not be read, and findings left out."""
    notes: list[_Object] = [
        {
            "level": "error",
            "message": {"text": _escaped(f"{visible(problem.path)}: {visible(problem.reason)}")},
            "locations": [{"physicalLocation": {"artifactLocation": _artifact(problem.path)}}],
        }
        for problem in audit.problems
    ]
    if left := len(audit.findings) - shown:
        notes.append({"level": "warning", "message": {"text": say(lang, "brief.cut", shown=shown, n=left)}})
    return notes


def _place(region: Region, lang: str) -> _Object:
    """The file, with lines and columns where it has some, and the page, table or cell in it where it has those."""
    physical: _Object = {"artifactLocation": _artifact(region.path)}
    if region.lines:
        physical["region"] = dict(zip(("startLine", "endLine"), region.lines, strict=True))
    if region.columns:
        physical["region"] |= dict(zip(("startColumn", "endColumn"), region.columns, strict=True))
    return {"physicalLocation": physical, **_logical(region.anchor, lang)}


def _logical(anchor: Anchor, lang: str) -> _Object:
    kind = next((kind for kind in ("cell", "table", "page") if getattr(anchor, kind)), None)
    if kind is None:
        return {}
    known = {name: value for name, value in record(anchor).items() if value}
    return {"logicalLocations": [{"fullyQualifiedName": inside(anchor, lang), "kind": kind}], "properties": known}


def _artifact(path: str) -> _Object:
    """A relative path hangs from the top of the project; what is no UTF-8 in it is spelt byte by byte."""
    pure = PurePath(path)
    if pure.is_absolute():
        return {"uri": pure.as_uri()}
    return {"uri": quote(pure.as_posix(), errors="surrogateescape"), "uriBaseId": "%SRCROOT%"}


def _escaped(text: str) -> str:
    """Text in which no bracket makes a link and no brace a placeholder."""
    return re.sub(r"[\\\[\]]", r"\\\g<0>", text).replace("{", "{{").replace("}", "}}")
