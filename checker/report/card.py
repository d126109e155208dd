"""A finding with all there is to see of it: the passages, the picture of its intervals, the evidence, in words.

The HTML report and the review desk show the same card, by the macros of templates/card.html.j2.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from checker.model import Claim, Document, Finding, Match
from checker.report.chart import Axis, Waterfall, axis, waterfall
from checker.report.numbers import difference, figure, interval
from checker.report.plain import Passage, one_line, passage, shorten, tidy, visible
from checker.report.view import (
    MARKS,
    also,
    confidence,
    dated,
    dotted,
    explained,
    kind,
    known,
    letter,
    modality,
    name,
    standing,
    standing_of,
    supposed,
    suppression,
    verdict,
    where,
)
from checker.report.words import choose, label, say
from checker.wording import period

TEMPLATES = Path(__file__).parent / "templates"
# A form feed as it is shown, with the end of the line that it stands on alone.
_PAGE = re.compile("\u240c\n?")
# So many sides are few; what stands around a figure otherwise, in characters.
FEW, CONTEXT = 3, 40


class Side(NamedTuple):
    """One figure of a finding with its passage; `link` leads to it in the text, where that is at hand."""

    letter: str
    printed: str
    passage: Passage
    source: str
    date_and_place: str
    where: str
    modality: str
    interval: str
    about: str
    known: str
    link: str | None


class Compared(NamedTuple):
    """Why two figures count as one fact, or do not."""

    left: str
    right: str
    outcome: str
    score: float
    drawn: Waterfall


class Card(NamedTuple):
    """A finding as a page shows it."""

    level: str
    level_name: str
    mark: str
    rule: str
    fingerprint: str
    title: str
    message: str
    verdict: str
    suppressed: str
    confidence: str
    also: list[str]
    sides: list[Side]
    axis: Axis | None
    difference: str
    formula: str
    why: str
    explanations: list[tuple[str, str, str]]
    missing: list[str]
    hypotheses: list[str]
    matches: list[Compared]


class Pages:
    """Makes text safe for a page, piece by piece, with a line wherever a page of the document begins."""

    def __init__(self, page: int, lang: str) -> None:
        self.page, self.lang = page, lang

    def __call__(self, text: str) -> Markup:
        first, *others = _PAGE.split(text)
        shown = escape(first)
        for piece in others:
            self.page += 1
            named = say(self.lang, "place.page", page=self.page)
            shown += Markup('<span class="page">{}</span>{}').format(named, piece)
        return shown

    def skip(self, text: str) -> str:
        """Text in which no line is to stand, a figure; its pages are counted."""
        self.page += len(_PAGE.findall(text))
        return text


def environment(*folders: Path) -> Environment:
    """Templates of these folders and the ones of the reports; all that comes from documents is escaped."""
    return Environment(
        loader=FileSystemLoader([*folders, TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def card(
    finding: Finding,
    claims: Sequence[Claim],
    documents: Mapping[str, Document],
    link: Callable[[Claim], str | None],
    lang: str,
) -> Card:
    """A finding with its claims; `link` is where a page shows one in its text."""
    letters = {claim.id: letter(i) for i, claim in enumerate(claims)}
    return Card(
        level=standing(finding),
        level_name=label(lang, "level", standing(finding)),
        mark=MARKS.get(standing(finding), "·"),
        rule=visible(finding.rule),
        fingerprint=visible(finding.fingerprint),
        title=one_line(choose(finding.title, lang)),
        message=one_line(choose(finding.message, lang)),
        verdict=verdict(finding, lang),
        suppressed=suppression(finding, lang),
        confidence=confidence(finding, lang),
        also=also(finding, claims, lang),
        sides=_sides(
            [side(letters[claim.id], claim, documents.get(claim.document), link(claim), lang) for claim in claims],
            [(claim.document, claim.passage) for claim in claims],
        ),
        axis=axis(list(claims), lang),
        difference=difference(finding, list(claims), lang),
        formula=one_line(finding.formula),
        why=one_line(choose(finding.why, lang)),
        explanations=[
            (standing_of(item), explained(item, lang), one_line(item.text))
            for item in finding.explanations
            if item.found
        ],
        missing=[one_line(choose(item.title, lang)) for item in finding.explanations if not item.found],
        hypotheses=[supposed(hypothesis, list(claims), lang) for hypothesis in finding.hypotheses],
        matches=[_compared(match, letters, lang) for match in finding.matches],
    )


def _sides(sides: list[Side], passages: Sequence[object]) -> list[Side]:
    """Of many figures in one sentence, the sentence as a whole beside the first of them alone."""
    if len(sides) <= FEW:
        return sides
    first = {passage: n for n, passage in reversed([*enumerate(passages)])}
    return [
        one if first[passage] == n else one._replace(passage=shorten(one.passage._replace(lead="", tail=""), CONTEXT))
        for n, (one, passage) in enumerate(zip(sides, passages, strict=True))
    ]


def side(mark: str, claim: Claim, document: Document | None, link: str | None, lang: str) -> Side:
    """One figure with its passage, under a letter or number."""
    return Side(
        letter=mark,
        printed=figure(claim, lang),
        passage=passage(claim, document),
        source=name(document, claim.document),
        date_and_place=dotted(dated(document, lang), tidy(document.place) if document else ""),
        where=where(claim, document, lang),
        modality=modality(claim, lang),
        interval="" if interval(claim, lang) == figure(claim, lang) else interval(claim, lang),
        about=about(claim, lang),
        known=known(claim, lang),
        link=link,
    )


def about(claim: Claim, lang: str) -> str:
    """What a figure says, for a tooltip and for those who hear the page: 地区生产总值 · 773亿元 · 2020年."""
    metric = tidy(claim.metric) or say(lang, "metric.none")
    when = period(claim.period_start, claim.period_end, lang)
    what = dotted(metric, kind(claim.attribute, lang), figure(claim, lang))
    return dotted(what, when, tidy(claim.place), tidy(claim.scope), modality(claim, lang))


def _compared(match: Match, letters: Mapping[str, str], lang: str) -> Compared:
    left, right = (letters.get(claim, visible(claim)) for claim in (match.left, match.right))
    return Compared(left, right, label(lang, "outcome", match.outcome), match.score, waterfall(match, lang))
