"""A finding in a few plain lines, and where its figures stand: what the formats of other tools share."""

from __future__ import annotations

import re
from bisect import bisect_right
from pathlib import PurePath
from typing import NamedTuple

from checker.model import Audit, Claim, Finding
from checker.report.numbers import difference
from checker.report.plain import cut, one_line, printed, visible
from checker.report.view import letter, state, supposed, suppression
from checker.report.words import choose, label, say

_QUOTE = 70
_LINE_END = re.compile("\r\n|\n|\r")


class Region(NamedTuple):
    """The printed characters of a figure. Lines, columns and bytes count from 1; the end is the character after it.

    Columns count characters and bytes count those of UTF-8; neither is known where the text is not at hand.
    """

    path: str
    line: int
    end_line: int
    columns: tuple[int, int] | None = None
    bytes: tuple[int, int] | None = None


def regions(audit: Audit) -> dict[str, Region]:
    """Where the claims of findings stand, by their ids."""
    bound = {claim for finding in audit.findings for claim in finding.claims}
    claims = [claim for claim in audit.claims if claim.id in bound]
    named = {claim.document for claim in claims}
    texts = {document.path: document.text for document in audit.documents if document.path in named}
    lines = {path: [0, *(match.end() for match in _LINE_END.finditer(text))] for path, text in texts.items()}
    return {claim.id: _region(claim, texts.get(claim.document), lines.get(claim.document, [])) for claim in claims}


def _region(claim: Claim, text: str | None, starts: list[int]) -> Region:
    path = PurePath(claim.document).as_posix()
    if text is None:
        return Region(path, claim.line, claim.line_to or claim.line)
    line, end_line = bisect_right(starts, claim.start), bisect_right(starts, claim.end)
    before, until = text[starts[line - 1] : claim.start], text[starts[end_line - 1] : claim.end]
    return Region(path, line, end_line, (len(before) + 1, len(until) + 1), (_size(before) + 1, _size(until) + 1))


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


def side(index: int, claim: Claim) -> str:
    """One figure and where it stands: A 773亿元 · report.txt:12."""
    return f"{letter(index)} {printed(claim)} · {visible(claim.document)}:{claim.line}"


def verdict(finding: Finding, lang: str) -> str:
    """Whether the texts explain a finding, with their words where they do, or why it is suppressed."""
    said = [suppression(finding, lang) or label(lang, "verdict", finding.verdict)]
    for found in finding.explanations:
        if found.found:
            quote = cut(one_line(found.text), _QUOTE)
            key = "explanation.quoted" if quote else "explanation"
            title = one_line(choose(found.title, lang))
            said.append(say(lang, key, title=title, state=state(found, lang), text=quote))
    return " · ".join(said)


def apart(finding: Finding, claims: list[Claim], lang: str) -> str:
    """How far two figures are apart: 相差：13亿元（1.7%）; nothing where no two are compared."""
    amount = difference(finding, claims, lang)
    return amount and say(lang, "brief.difference", difference=amount)


def brief(finding: Finding, claims: list[Claim], lang: str) -> list[str]:
    """What a finding says, its figures, their difference, the verdict and what would agree, a line each."""
    sides = [side(i, claim) for i, claim in enumerate(claims)]
    would_agree = [supposed(hypothesis, claims, lang) for hypothesis in finding.hypotheses]
    lines = [message(finding, lang), *sides, apart(finding, claims, lang), verdict(finding, lang), *would_agree]
    return [line for line in lines if line]
