"""An audit as one HTML file that opens offline: findings with both passages side by side, then the texts themselves.

Jinja escapes all that comes from documents; the page allows no style or script but its own two, by their hashes.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from checker.model import Audit, Claim, Document, Finding, Match
from checker.report.chart import Axis, Waterfall, axis, waterfall
from checker.report.numbers import difference, interval
from checker.report.plain import Passage, laid_out, one_line, passage, printed, tidy, visible
from checker.report.view import (
    MARKS,
    Group,
    by_level,
    by_reason,
    by_rule,
    claims_of,
    dotted,
    grouped,
    heading,
    lead,
    letter,
    modality,
    name,
    per_document,
    silent_rules,
    standing,
    state,
    supposed,
    suppression,
    where,
)
from checker.report.words import choose, day, label, period, say

_HERE = Path(__file__).parent


class Anchors(NamedTuple):
    """The ids of the page: documents by path, claims by id, and the findings that bind a claim, by their numbers."""

    documents: dict[str, str]
    claims: dict[str, str]
    findings: dict[str, list[int]]
    elsewhere: dict[str, str]


class Side(NamedTuple):
    """One figure of a finding with its passage; the anchor is none where the page lacks the text."""

    letter: str
    printed: str
    passage: Passage
    source: str
    date_and_place: str
    where: str
    modality: str
    interval: str
    about: str
    anchor: str | None


class Compared(NamedTuple):
    """Why two figures count as one fact, or do not."""

    left: str
    right: str
    outcome: str
    score: float
    drawn: Waterfall


class Card(NamedTuple):
    """A finding as the page shows it."""

    number: int
    level: str
    level_name: str
    mark: str
    rule: str
    fingerprint: str
    title: str
    message: str
    verdict: str
    suppressed: str
    sides: list[Side]
    axis: Axis | None
    difference: str
    formula: str
    why: str
    explanations: list[tuple[bool, str, str, str]]
    hypotheses: list[str]
    matches: list[Compared]
    documents: str


class Section(NamedTuple):
    """A document as the page shows it."""

    anchor: str
    title: str
    path: str
    date: str
    place: str
    note: str
    claims: int
    rejected: int
    text: Markup


def render(audit: Audit, lang: str) -> str:
    """The audit as one page that needs no other file."""
    groups = grouped(audit)
    anchors = _anchors(audit, [finding for group in groups for finding in group.findings])
    css, js = (_asset(name) for name in ("report.css", "report.js"))
    return _template().render(
        lang=lang, say=lambda key, **values: say(lang, key, **values), visible=visible, tidy=tidy,
        label=lambda group, code: label(lang, group, code),
        css=Markup(css), js=Markup(js), css_hash=_hash(css), js_hash=_hash(js),
        lead=lead(audit, lang), levels=[(level, MARKS.get(level, "·"), n) for level, n in by_level(audit).items()],
        groups=list(_cards(audit, groups, anchors, lang)), sections=list(_sections(audit, anchors, lang)),
        rules=by_rule(audit), silent=silent_rules(audit), reasons=by_reason(audit), audit=audit,
    )  # fmt: skip


@cache
def _template() -> Template:
    loader = FileSystemLoader([_HERE / "templates"])
    page = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return page.get_template("report.html.j2")


@cache
def _asset(file: str) -> str:
    return (_HERE / "templates" / file).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    return "sha256-" + b64encode(sha256(content.encode()).digest()).decode()


def _anchors(audit: Audit, findings: list[Finding]) -> Anchors:
    documents = {document.path: f"d{i}" for i, document in enumerate(audit.documents, 1)}
    # A claim of a document whose text is not at hand has nothing on the page to link to.
    claims = {claim.id: f"c{i}" for i, claim in enumerate(audit.claims, 1) if claim.document in documents}
    bound: dict[str, list[int]] = {}
    for number, finding in enumerate(findings, 1):
        for claim in dict.fromkeys(finding.claims):
            bound.setdefault(claim, []).append(number)
    elsewhere: dict[str, str] = {}
    for fact in audit.facts:
        known = [claims[claim] for claim in fact.claims if claim in claims]
        if len(fact.claims) > 1 and known:
            elsewhere |= zip((claim for claim in fact.claims if claim in claims), known[1:] + known[:1], strict=True)
    return Anchors(documents, claims, bound, elsewhere)


def _cards(audit: Audit, groups: list[Group], anchors: Anchors, lang: str) -> Iterator[tuple[str, str, list[Card]]]:
    by_id = {claim.id: claim for claim in audit.claims}
    documents = {document.path: document for document in audit.documents}
    number = 0
    for group in groups:
        cards = []
        for finding in group.findings:
            number += 1
            cards.append(_card(number, finding, claims_of(finding, by_id), documents, anchors, lang))
        yield *heading(group, lang), cards


def _card(
    number: int, finding: Finding, claims: list[Claim], documents: dict[str, Document], anchors: Anchors, lang: str
) -> Card:
    letters = {claim.id: letter(i) for i, claim in enumerate(claims)}
    bound = dict.fromkeys(anchors.documents[claim.document] for claim in claims if claim.document in documents)
    return Card(
        number=number,
        level=standing(finding),
        level_name=label(lang, "level", standing(finding)),
        mark=MARKS.get(standing(finding), "·"),
        rule=visible(finding.rule),
        fingerprint=visible(finding.fingerprint),
        title=one_line(choose(finding.title, lang)),
        message=one_line(choose(finding.message, lang)),
        verdict=label(lang, "verdict", finding.verdict),
        suppressed=suppression(finding, lang),
        sides=[_side(letters[claim.id], claim, documents.get(claim.document), anchors, lang) for claim in claims],
        axis=axis(claims),
        difference=difference(finding, claims, lang),
        formula=one_line(finding.formula),
        why=one_line(choose(finding.why, lang)),
        explanations=[
            (item.found, one_line(choose(item.title, lang)), state(item, lang), one_line(item.text))
            for item in finding.explanations
        ],
        hypotheses=[supposed(hypothesis, claims, lang) for hypothesis in finding.hypotheses],
        matches=[_compared(match, letters, lang) for match in finding.matches],
        documents=" ".join(bound),
    )


def _compared(match: Match, letters: dict[str, str], lang: str) -> Compared:
    left, right = (letters.get(claim, visible(claim)) for claim in (match.left, match.right))
    return Compared(left, right, label(lang, "outcome", match.outcome), match.score, waterfall(match, lang))


def _side(side: str, claim: Claim, document: Document | None, anchors: Anchors, lang: str) -> Side:
    when = day(document.date, lang) if document and document.date else say(lang, "undated")
    return Side(
        letter=side,
        printed=printed(claim),
        passage=passage(claim, document),
        source=name(document, claim.document),
        date_and_place=dotted(when, tidy(document.place) if document else ""),
        where=where(claim, lang),
        modality=modality(claim, lang),
        interval=interval(claim),
        about=_about(claim, lang),
        anchor=anchors.claims.get(claim.id),
    )


def _about(claim: Claim, lang: str) -> str:
    """What a figure says, for a tooltip and for those who hear the page: 地区生产总值 · 773亿元 · 2020年."""
    kind = "" if claim.attribute == "level" else label(lang, "attribute", claim.attribute)
    metric = tidy(claim.metric) or say(lang, "metric.none")
    when = period(claim.period_start, claim.period_end, lang)
    return dotted(metric, kind, printed(claim), when, tidy(claim.place), tidy(claim.scope), modality(claim, lang))


def _sections(audit: Audit, anchors: Anchors, lang: str) -> Iterator[Section]:
    claims, rejected = per_document(audit)
    within: dict[str, list[Claim]] = {document.path: [] for document in audit.documents}
    for claim in audit.claims:
        within.get(claim.document, []).append(claim)
    for document in audit.documents:
        path = document.path
        yield Section(
            anchor=anchors.documents[path],
            title=name(document, path),
            path=visible(path),
            date=day(document.date, lang) if document.date else say(lang, "undated"),
            place=tidy(document.place),
            note=visible(document.note),
            claims=claims[path],
            rejected=rejected[path],
            text=Markup("").join(_highlighted(document, within[path], anchors, lang)),
        )


def _highlighted(document: Document, claims: Iterable[Claim], anchors: Anchors, lang: str) -> Iterator[Markup]:
    """The text in pieces, claims marked: one pass over the text, however many claims it holds."""
    text = laid_out(document.text)
    done = 0
    for claim in sorted(claims, key=lambda claim: (claim.start, -claim.end)):
        start, end = max(claim.start, done), min(claim.end, len(text))
        if start >= end:
            # Two claims of the same characters: the second is a place to link to, the first is what one sees.
            yield Markup('<span id="{}"></span>{}').format(anchors.claims[claim.id], _references(claim, anchors, lang))
            continue
        yield escape(text[done:start])
        yield _mark(claim, text[start:end], anchors, lang)
        done = end
    yield escape(text[done:])


def _mark(claim: Claim, shown: str, anchors: Anchors, lang: str) -> Markup:
    anchor, about = anchors.claims[claim.id], _about(claim, lang)
    findings, other = anchors.findings.get(claim.id), anchors.elsewhere.get(claim.id)
    if findings:
        about += "\n" + say(lang, "see_finding", n=findings[0])
        link = Markup('<a class="fig bound" id="{}" href="#f{}" title="{}" aria-label="{}">{}</a>').format(
            anchor, findings[0], about, about, shown
        )
        return link + _references(claim, anchors, lang)
    if other and other != anchor:
        about += "\n" + say(lang, "see_other")
        return Markup('<a class="fig aligned" id="{}" href="#{}" title="{}" aria-label="{}">{}</a>').format(
            anchor, other, about, about, shown
        )
    state = "aligned" if other else "alone"
    return Markup('<span class="fig {}" id="{}" title="{}">{}</span>').format(state, anchor, about, shown)


def _references(claim: Claim, anchors: Anchors, lang: str) -> Markup:
    if claim.id not in anchors.findings:
        return Markup("")
    links = (
        Markup('<a href="#f{}" aria-label="{}">{}</a>').format(n, say(lang, "see_finding", n=n), n)
        for n in anchors.findings[claim.id]
    )
    return Markup('<sup class="refs">{}</sup>').format(Markup(" ").join(links))
