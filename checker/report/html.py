"""An audit as one HTML file that opens offline: findings with both passages side by side, then the texts themselves.

Jinja escapes all that comes from documents; the page allows no style or script but its own two, by their hashes.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from typing import NamedTuple

from jinja2 import Template
from markupsafe import Markup

from checker.model import Audit, Claim, Document, Finding
from checker.report.card import TEMPLATES, Card, Pages, about, card, environment
from checker.report.plain import laid_out, tidy, visible
from checker.report.view import (
    MARKS,
    Group,
    by_level,
    by_reason,
    by_rule,
    claims_of,
    dated,
    grouped,
    heading,
    lead,
    name,
    per_document,
    silent_rules,
    where,
)
from checker.report.words import label, say


class Anchors(NamedTuple):
    """The ids of the page: documents by path, claims by id, and the findings that bind a claim, by their numbers."""

    documents: dict[str, str]
    claims: dict[str, str]
    findings: dict[str, list[int]]
    elsewhere: dict[str, str]


class Shown(NamedTuple):
    """A finding with its number on the page and the documents that it is about."""

    number: int
    card: Card
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
    css, js = _asset("page.css") + _asset("report.css"), _asset("report.js")
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
    return environment().get_template("report.html.j2")


@cache
def _asset(file: str) -> str:
    return (TEMPLATES / file).read_text(encoding="utf-8")


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


def _cards(audit: Audit, groups: list[Group], anchors: Anchors, lang: str) -> Iterator[tuple[str, str, list[Shown]]]:
    by_id = {claim.id: claim for claim in audit.claims}
    documents = {document.path: document for document in audit.documents}

    def link(claim: Claim) -> str | None:
        return f"#{anchors.claims[claim.id]}" if claim.id in anchors.claims else None

    number = 0
    for group in groups:
        shown = []
        for finding in group.findings:
            number += 1
            claims = claims_of(finding, by_id)
            bound = dict.fromkeys(anchors.documents[claim.document] for claim in claims if claim.document in documents)
            shown.append(Shown(number, card(finding, claims, documents, link, lang), " ".join(bound)))
        yield *heading(group, lang), shown


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
            date=dated(document, lang),
            place=tidy(document.place),
            note=visible(document.note),
            claims=claims[path],
            rejected=rejected[path],
            text=Markup("").join(_highlighted(document, within[path], anchors, lang)),
        )


def _highlighted(document: Document, claims: Iterable[Claim], anchors: Anchors, lang: str) -> Iterator[Markup]:
    """The text in pieces, claims marked: one pass over the text, however many claims it holds."""
    text, pages = laid_out(document.text), Pages(1, lang)
    done = 0
    for claim in sorted(claims, key=lambda claim: (claim.start, -claim.end)):
        start, end = max(claim.start, done), min(claim.end, len(text))
        if start >= end:
            # Two claims of the same characters: the second is a place to link to, the first is what one sees.
            yield Markup('<span id="{}"></span>{}').format(anchors.claims[claim.id], _references(claim, anchors, lang))
            continue
        yield pages(text[done:start])
        yield _mark(claim, document, pages.skip(text[start:end]), anchors, lang)
        done = end
    yield pages(text[done:])


def _mark(claim: Claim, document: Document, shown: str, anchors: Anchors, lang: str) -> Markup:
    anchor, said = anchors.claims[claim.id], f"{about(claim, lang)}\n{where(claim, document, lang)}"
    findings, other = anchors.findings.get(claim.id), anchors.elsewhere.get(claim.id)
    if findings:
        said += "\n" + say(lang, "see_finding", n=findings[0])
        link = Markup('<a class="fig bound" id="{}" href="#f{}" title="{}" aria-label="{}">{}</a>').format(
            anchor, findings[0], said, said, shown
        )
        return link + _references(claim, anchors, lang)
    if other and other != anchor:
        said += "\n" + say(lang, "see_other")
        return Markup('<a class="fig aligned" id="{}" href="#{}" title="{}" aria-label="{}">{}</a>').format(
            anchor, other, said, said, shown
        )
    state = "aligned" if other else "alone"
    return Markup('<span class="fig {}" id="{}" title="{}">{}</span>').format(state, anchor, said, shown)


def _references(claim: Claim, anchors: Anchors, lang: str) -> Markup:
    if claim.id not in anchors.findings:
        return Markup("")
    links = (
        Markup('<a href="#f{}" aria-label="{}">{}</a>').format(n, say(lang, "see_finding", n=n), n)
        for n in anchors.findings[claim.id]
    )
    return Markup('<sup class="refs">{}</sup>').format(Markup(" ").join(links))
