"""An audit as one JSON object, and claims as JSON Lines. The object is described in schema.json.

Each list entry stands on a line of its own, so that two reports can be compared with diff.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from checker.model import Anchor, Audit, Claim, Document, Finding, How, Match, Rejected, record
from checker.report.numbers import exact
from checker.report.view import per_document, worst_first
from checker.report.words import choose

# Allowed raw in JSON, but a terminal would act on them, and lone surrogates have no UTF-8: written as \\uXXXX.
_UNPRINTED = re.compile("[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")

# json.dumps would make a new encoder for each of millions of strings.
_plain = json.JSONEncoder(ensure_ascii=False).encode


def render(audit: Audit, lang: str) -> str:
    """The audit as one JSON object; message, title and why in the language asked for."""
    parts: dict[str, Any] = {
        "documents": _documents(audit),
        "claims": [record(claim) for claim in audit.claims],
        "facts": [record(fact) for fact in audit.facts],
        "findings": [_finding(finding, lang) for finding in worst_first(audit.findings)],
        "rejected": [record(number) for number in audit.rejected],
        "problems": [record(problem) for problem in audit.problems],
        "rules": list(audit.rules),
        "suspected": len(audit.suspected),
    }
    return "{\n" + ",\n".join(f"{encode(key)}: {_part(part)}" for key, part in parts.items()) + "\n}\n"


def claims_jsonl(claims: Iterable[Claim | Rejected]) -> str:
    """One claim (or rejected number) a line, every field by its name."""
    return "".join(encode(record(claim)) + "\n" for claim in claims)


def encode(value: Any) -> str:
    """A value as JSON on one line; a Decimal prints all its digits, which no float could promise."""
    if isinstance(value, str):
        return _UNPRINTED.sub(lambda match: f"\\u{ord(match.group()):04x}", _plain(value))
    if isinstance(value, Decimal):
        return exact(value)
    if isinstance(value, float) and not math.isfinite(value):
        return "null"
    if isinstance(value, (Anchor, How)):
        value = record(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{encode(key)}: {encode(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(encode, value)) + "]"
    return _plain(value)


def spread(value: Any) -> str:
    """A value without Decimals as JSON over many lines."""
    plain = json.dumps(value, ensure_ascii=False, indent=1)
    return _UNPRINTED.sub(lambda match: f"\\u{ord(match.group()):04x}", plain) + "\n"


def _part(rows: Any) -> str:
    if not isinstance(rows, list):
        return encode(rows)
    return "[\n" + ",\n".join(f"  {encode(row)}" for row in rows) + "\n]" if rows else "[]"


def _documents(audit: Audit) -> list[dict[str, Any]]:
    claims, rejected = per_document(audit)
    return [_document(document, claims[document.path], rejected[document.path]) for document in audit.documents]


def _document(document: Document, claims: int, rejected: int) -> dict[str, Any]:
    return {
        "path": document.path,
        "title": document.title,
        "date": document.date.isoformat() if document.date else None,
        "place": document.place,
        "claims": claims,
        "rejected": rejected,
        "note": document.note,
        "kind": document.kind,
        "publisher": document.publisher,
        "organisation": document.organisation,
        "period_start": document.period_start,
        "period_end": document.period_end,
        "origins": [record(origin) for origin in document.origins],
    }


def _finding(finding: Finding, lang: str) -> dict[str, Any]:
    return {
        "fingerprint": finding.fingerprint,
        "rule": finding.rule,
        "level": finding.level,
        "verdict": finding.verdict,
        "suppression": record(finding.suppression) if finding.suppression else None,
        "title": choose(finding.title, lang),
        "message": choose(finding.message, lang),
        "why": choose(finding.why, lang),
        "claims": finding.claims,
        "formula": finding.formula,
        "metric": finding.metric,
        "place": finding.place,
        "period_start": finding.period_start,
        "period_end": finding.period_end,
        "difference": finding.difference,
        "relative": finding.relative,
        "explanation": [
            {
                "id": found.id,
                "title": choose(found.title, lang),
                "found": found.found,
                "text": found.text,
                "possible": found.possible,
            }
            for found in finding.explanations
        ],
        "hypotheses": [
            {
                "id": hypothesis.id,
                "title": choose(hypothesis.title, lang),
                "claim": hypothesis.claim,
                "printed": hypothesis.printed,
                "corrected": hypothesis.corrected,
            }
            for hypothesis in finding.hypotheses
        ],
        "evidence": [_match(match) for match in finding.matches],
        "confidence": finding.confidence,
        "marks": [{"id": mark.id, "title": choose(mark.title, lang), "weight": mark.weight} for mark in finding.marks],
        "importance": finding.importance,
        "also": [
            {"fingerprint": other.fingerprint, "rule": other.rule, "message": choose(other.message, lang)}
            for other in finding.also
        ],
    }


def _match(match: Match) -> dict[str, Any]:
    return {
        "left": match.left,
        "right": match.right,
        "score": match.score,
        "outcome": match.outcome,
        "rows": [record(evidence) for evidence in match.evidence],
    }
