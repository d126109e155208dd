"""A finding in a few plain lines, and where its figures stand: what the formats of other tools share."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from pathlib import PurePath
from typing import NamedTuple

from checker.model import Anchor, Audit, Claim, Document, Finding
from checker.report import view
from checker.report.numbers import difference, figure
from checker.report.plain import cut, one_line, visible
from checker.report.view import explained, letter, lined, located, supposed, suppression
from checker.report.words import choose, label, say

_QUOTE = 70
_LINE_END = re.compile("\r\n|\n|\r")


class Region(NamedTuple):
    """The printed characters of a figure. Lines, columns and bytes count from 1; the end is the character after it.

    Columns count characters and bytes count those of UTF-8; neither is known where the text is not at hand. A file that
    is no text has no lines. `words` name file and place for people.
    """

    path: str
    words: str
    anchor: Anchor
    lines: tuple[int, int] | None = None
    columns: tuple[int, int] | None = None
    bytes: tuple[int, int] | None = None


def regions(audit: Audit, lang: str) -> dict[str, Region]:
    """Where the claims of findings stand, by their ids."""
    bound = {claim for finding in audit.findings for claim in finding.claims}
    claims = [claim for claim in audit.claims if claim.id in bound]
    named = {claim.document for claim in claims}
    texts = {document.path: document for document in audit.documents if document.path in named}
    lines = {path: [0, *(match.end() for match in _LINE_END.finditer(doc.text))] for path, doc in texts.items()}
    return {
        claim.id: _region(claim, texts.get(claim.document), lines.get(claim.document, []), lang) for claim in claims
    }


def _region(claim: Claim, document: Document | None, starts: list[int], lang: str) -> Region:
    whole = Region(PurePath(claim.document).as_posix(), located(claim, document, lang), claim.anchor)
    if not lined(claim, document):
        return whole
    if document is None:
        return whole._replace(lines=(claim.line, claim.line_to or claim.line))
    line, end_line = bisect_right(starts, claim.start), bisect_right(starts, claim.end)
    before, until = (
        document.text[starts[first - 1] : at] for first, at in ((line, claim.start), (end_line, claim.end))
    )
    return whole._replace(
        lines=(line, end_line),
        columns=(len(before) + 1, len(until) + 1),
        bytes=(_size(before) + 1, _size(until) + 1),
    )


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def placed(claims: list[Claim], audit: Audit) -> int:
    """The figure that a finding is put at: the first one, or where new documents were checked, the first of theirs."""
    return next((i for i, claim in enumerate(claims) if claim.document in audit.new), 0)


def headline(finding: Finding, lang: str) -> str:
    """The level of a finding and its rule: 不一致（same-fact）."""
    return say(lang, "level.id", level=label(lang, "level", finding.level), id=visible(finding.rule))


def message(finding: Finding, lang: str) -> str:
    """What a finding says, on one line."""
    return one_line(choose(finding.message, lang))


def side(index: int, claim: Claim, where: Mapping[str, Region], lang: str) -> str:
    """One figure and where it stands: A 773亿元 · report.txt:12."""
    return f"{letter(index)} {figure(claim, lang)} · {where[claim.id].words}"


def verdict(finding: Finding, lang: str) -> str:
    """Whether the texts explain a finding, with their words where they do, or why it is suppressed."""
    said = [suppression(finding, lang) or view.verdict(finding, lang)]
    for found in finding.explanations:
        if found.found:
            quote, line = cut(one_line(found.text), _QUOTE), explained(found, lang)
            said.append(say(lang, "explanation.quoted", said=line, text=quote) if quote else line)
    return " · ".join(said)


def apart(finding: Finding, claims: list[Claim], lang: str) -> str:
    """How far two figures are apart: 相差：13亿元（1.7%）; nothing where no two are compared."""
    amount = difference(finding, claims, lang)
    return amount and say(lang, "brief.difference", difference=amount)


def brief(finding: Finding, claims: list[Claim], where: Mapping[str, Region], lang: str) -> list[str]:
    """What a finding says, its figures, their difference, the verdict and what would agree, a line each."""
    sides = [side(i, claim, where, lang) for i, claim in enumerate(claims)]
    would_agree = [supposed(hypothesis, claims, lang) for hypothesis in finding.hypotheses]
    lines = [message(finding, lang), *sides, apart(finding, claims, lang), verdict(finding, lang), *would_agree]
    return [line for line in lines if line]
