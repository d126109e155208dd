"""The tables a spreadsheet shows: a header and rows of cells. What a cell becomes is for each format to say."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import astuple

from checker.model import Anchor, Audit, Claim, Document, Finding, Rejected, field_names
from checker.report.numbers import difference
from checker.report.plain import one_line, printed, tidy, visible
from checker.report.view import (
    claims_of,
    explained,
    letter,
    lined,
    name,
    per_document,
    supposed,
    suppression,
    verdict,
    worst_first,
)
from checker.report.words import choose, label, say
from checker.wording import period

Cell = str | int | float | Decimal | None
Table = list[list[Cell]]

_ABOUT = (
    "fingerprint", "rule", "level", "verdict", "suppressed", "title", "message", "why", "metric", "place", "period"
)  # fmt: skip
_COMPARED = ("difference", "relative", "formula", "explanations", "hypotheses", "confidence")
_ANCHOR = field_names(Anchor)
_SOURCE = ("path", "document", "date", "line_number", *_ANCHOR)
_FIGURE = ("printed", "value", "low", "high", "unit")
_BOUND = ("metric", "attribute", "period_start", "period_end", "modality", "place", "scope")
_ASIDE = ("path", "line_number", "column_number", *_ANCHOR, "number", "reason", "context")
_DOCUMENT = ("path", "title", "date", "place", "counted", "set_aside", "note")


def finding_rows(audit: Audit, lang: str) -> Table:
    """One row for each finding and each claim it binds."""
    by_id = {claim.id: claim for claim in audit.claims}
    documents = {document.path: document for document in audit.documents}
    rows = [_titles(lang, *_ABOUT, *_COMPARED, "side", *_SOURCE, *_FIGURE, "modality", "sentence")]
    for finding in worst_first(audit.findings):
        claims = claims_of(finding, by_id)
        about = [*_about(finding, lang), *_compared(finding, claims, lang)]
        for i, claim in enumerate(claims):
            source = _source(claim, documents.get(claim.document))
            side = [letter(i), *source, *_figure(claim), label(lang, "modality", claim.modality), tidy(claim.sentence)]
            rows.append([*about, *side])
    return rows


def claim_rows(audit: Audit, lang: str) -> Table:
    """One row for each claim."""
    documents = {document.path: document for document in audit.documents}
    rows = [_titles(lang, *_SOURCE, *_FIGURE, *_BOUND, "sentence")]
    for claim in audit.claims:
        bound: list[Cell] = [
            tidy(claim.metric), label(lang, "attribute", claim.attribute), claim.period_start, claim.period_end,
            label(lang, "modality", claim.modality), tidy(claim.place), tidy(claim.scope),
        ]  # fmt: skip
        source = _source(claim, documents.get(claim.document))
        rows.append([*source, *_figure(claim), *bound, tidy(claim.sentence)])
    return rows


def rejected_rows(audit: Audit, lang: str) -> Table:
    """One row for each number that was seen and is no claim."""
    documents = {document.path: document for document in audit.documents}
    rows = [_titles(lang, *_ASIDE)]
    for seen in audit.rejected:
        reason = label(lang, "reason", visible(seen.reason))
        path, number = visible(seen.document), visible(seen.number)
        line, *anchor = _place(seen, documents.get(seen.document))
        column = None if line is None else seen.column
        rows.append([path, line, column, *anchor, number, reason, tidy(seen.context)])
    return rows


def document_rows(audit: Audit, lang: str) -> Table:
    """One row for each document, then one for each that could not be read, its reason in the last column."""
    claims, rejected = per_document(audit)
    rows = [_titles(lang, *_DOCUMENT)]
    for doc in audit.documents:
        counts = [claims[doc.path], rejected[doc.path]]
        rows.append([visible(doc.path), one_line(doc.title), _date(doc), tidy(doc.place), *counts, visible(doc.note)])
    for problem in audit.problems:
        rows.append([visible(problem.path), "", "", "", None, None, visible(problem.reason)])
    return rows


def _titles(lang: str, *keys: str) -> list[Cell]:
    return [say(lang, key) for key in keys]


def _about(finding: Finding, lang: str) -> list[Cell]:
    texts = (one_line(choose(words, lang)) for words in (finding.title, finding.message, finding.why))
    when = period(finding.period_start, finding.period_end, lang)
    level = label(lang, "level", finding.level)
    ids = (visible(finding.fingerprint), visible(finding.rule))
    return [
        *ids,
        level,
        verdict(finding, lang),
        suppression(finding, lang),
        *texts,
        tidy(finding.metric),
        tidy(finding.place),
        when,
    ]


def _compared(finding: Finding, claims: list[Claim], lang: str) -> list[Cell]:
    explanations = (explained(explanation, lang) for explanation in finding.explanations)
    compared = [difference(finding, claims, lang), finding.relative, one_line(finding.formula)]
    hypotheses = (supposed(hypothesis, claims, lang) for hypothesis in finding.hypotheses)
    return [*compared, "; ".join(explanations), "; ".join(hypotheses), finding.confidence]


def _source(claim: Claim, document: Document | None) -> list[Cell]:
    return [visible(claim.document), name(document, claim.document), _date(document), *_place(claim, document)]


def _place(item: Claim | Rejected, document: Document | None) -> list[Cell]:
    """The line, unless it is of a text that was made of the file and the file has places of its own; and those."""
    told = lined(item, document) or item.anchor == Anchor()
    anchor = (visible(value) if isinstance(value, str) else value for value in astuple(item.anchor))
    return [item.line if told else None, *anchor]


def _figure(claim: Claim) -> list[Cell]:
    return [printed(claim), claim.value, claim.low, claim.high, visible(claim.unit)]


def _date(document: Document | None) -> str:
    return document.date.isoformat() if document and document.date else ""
