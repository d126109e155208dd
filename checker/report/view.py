"""What every format shows of an audit: findings worst first, grouped by what they are about, with their two sides."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from checker.model import (
    LEVELS,
    Anchor,
    Audit,
    Claim,
    Document,
    Explanation,
    Fact,
    Finding,
    Hypothesis,
    Rejected,
    severity_rank,
)
from checker.report.numbers import towards
from checker.report.plain import cut, one_line, tidy, visible
from checker.report.words import choose, label, say
from checker.wording import day, period, said

MARKS = {"error": "■", "warning": "▲", "note": "○", "suspected": "·", "suppressed": "□"}
# The formats whose lines are those of the file. The longest label of a row or column, in characters.
_TEXTS = ("text", "markdown")
LABEL = 20
# What Excel writes without quotes, unless it could be read as a cell: A1, R1C1.
_PLAIN_SHEET = re.compile(r"[^\W\d][\w.]*")
_LIKE_A_CELL = re.compile(r"[A-Z]{1,3}\d+|RC?|C|(?:RC?|C)\d.*", re.IGNORECASE)


class Group(NamedTuple):
    """Findings about one metric of one place over one period."""

    metric: str
    attribute: str
    scope: str
    place: str
    period_start: str | None
    period_end: str | None
    findings: tuple[Finding, ...]


def worst_first(findings: tuple[Finding, ...]) -> list[Finding]:
    """The most important first, those of equal importance by level and difference; the suppressed last."""
    return sorted(findings, key=_badness)


def _badness(finding: Finding) -> tuple[bool, float, int, float, str, str, str]:
    rank = severity_rank(finding.level)
    name = (finding.metric, finding.period_start or "", finding.fingerprint)
    return finding.suppression is not None, -finding.importance, rank, -(finding.relative or 0.0), *name


def active(audit: Audit) -> list[Finding]:
    """The findings that are not suppressed, worst first."""
    return [finding for finding in worst_first(audit.findings) if finding.suppression is None]


def standing(finding: Finding) -> str:
    """The level of a finding, or that it is suppressed."""
    return "suppressed" if finding.suppression else finding.level


def suppression(finding: Finding, lang: str) -> str:
    """Why a finding is suppressed: 基线：…; nothing where it is not."""
    if finding.suppression is None:
        return ""
    kind = label(lang, "suppression", finding.suppression.kind)
    return say(lang, "suppression", kind=kind, reason=one_line(finding.suppression.reason))


def grouped(audit: Audit) -> list[Group]:
    """Findings by the fact they are about, the fact with the worst one first; the suppressed in groups at the end."""
    facts = {claim: fact for fact in audit.facts for claim in fact.claims}
    about: dict[object, list[Finding]] = {}
    for finding in worst_first(audit.findings):
        fact = _fact(finding, facts)
        key = fact.id if fact else (finding.metric, finding.place, finding.period_start, finding.period_end)
        about.setdefault((finding.suppression is not None, key), []).append(finding)
    return [_group(tuple(findings), _fact(findings[0], facts)) for findings in about.values()]


def _fact(finding: Finding, facts: dict[str, Fact]) -> Fact | None:
    """The fact a finding is about: the one that holds all its claims, else the first of its metric and period."""
    held = [facts[claim] for claim in finding.claims if claim in facts]
    if held and len({fact.id for fact in held}) == 1 and len(held) == len(finding.claims):
        return held[0]
    wanted = (finding.metric, finding.period_start, finding.period_end)
    return next((fact for fact in held if (fact.metric, fact.period_start, fact.period_end) == wanted), None)


def _group(findings: tuple[Finding, ...], fact: Fact | None) -> Group:
    first = findings[0]
    return Group(
        metric=first.metric or (fact.metric if fact else ""),
        attribute=fact.attribute if fact else "",
        scope=fact.scope if fact else "",
        place=first.place,
        period_start=first.period_start,
        period_end=first.period_end,
        findings=findings,
    )


def heading(group: Group | Fact, lang: str) -> tuple[str, str]:
    """What findings, or figures, are about: the metric, and the period, place and scope."""
    metric = tidy(group.metric) or say(lang, "metric.none")
    when = period(group.period_start, group.period_end, lang)
    return dotted(metric, kind(group.attribute, lang)), dotted(when, tidy(group.place), tidy(group.scope))


def kind(attribute: str, lang: str) -> str:
    """增速 or 占比; nothing for a level, which goes without saying."""
    return "" if attribute in ("", "level") else label(lang, "attribute", attribute)


def dated(document: Document | None, lang: str) -> str:
    """The day of a document, or that it is not known."""
    return day(document.date, lang) if document and document.date else say(lang, "undated")


def dotted(*parts: str) -> str:
    """The parts that are not empty, with a dot between."""
    return " · ".join(filter(None, parts))


# The slots that decide what a figure is compared with, and how much of the words they were read from is shown.
_DECIDING, _WORDS = ("metric", "period", "place", "tier"), 20


def known(claim: Claim, lang: str) -> str:
    """Which slots of a figure do not stand in its own sentence, and where they come from; empty where all do."""
    told = [how for how in claim.how if how.slot in _DECIDING and how.how != "stated"]
    silent = {"place": claim.place, "tier": claim.level}
    parts = [
        say(lang, "known.words" if how.text else "known.slot", slot=label(lang, "slot", how.slot),
            how=label(lang, "how", how.how), text=cut(visible(how.text), _WORDS))
        for how in told
        if silent.get(how.slot, "shown")
    ]  # fmt: skip
    return say(lang, "known.joint").join(parts)


def modality(claim: Claim, lang: str) -> str:
    """预计 or 目标; nothing for an outcome."""
    return "" if claim.modality == "actual" else label(lang, "modality", claim.modality)


def claims_of(finding: Finding, by_id: Mapping[str, Claim]) -> list[Claim]:
    """The claims of a finding, in its order."""
    return [by_id[claim] for claim in finding.claims]


def letter(index: int) -> str:
    """A, B, C, ... for the sides of a finding; numbers once the letters are used up."""
    return chr(ord("A") + index) if index < 26 else str(index + 1)


def lead(audit: Audit, lang: str) -> str:
    """How much was compared."""
    counted = say(
        lang, "lead", documents=say(lang, "documents", n=len(audit.documents)),
        claims=say(lang, "claims", n=len(audit.claims)), shared=say(lang, "shared", n=shared_facts(audit)),
    )  # fmt: skip
    return counted + (say(lang, "held", n=audit.held) if audit.held is not None else "")


def explained(explanation: Explanation, lang: str) -> str:
    """What would explain a difference, and whether the texts say it, the figures show it, or both only allow for it."""
    return say(lang, f"explanation.{standing_of(explanation)}", title=one_line(choose(explanation.title, lang)))


def standing_of(explanation: Explanation) -> str:
    """`stated`, `fits`, `possible` or `missing`."""
    if not explanation.found:
        return "missing"
    return "possible" if explanation.possible else "stated" if explanation.text else "fits"


def verdict(finding: Finding, lang: str) -> str:
    """Whether a difference is explained, and how surely: by the texts, only possibly, or because it is of a kind."""
    if finding.verdict != "explained":
        return label(lang, "verdict", finding.verdict)
    found = {standing_of(one) for one in finding.explanations} - {"missing"}
    return label(lang, "verdict", "expected" if not found else "possible" if found == {"possible"} else "explained")


def also(finding: Finding, claims: Sequence[Claim], lang: str) -> list[str]:
    """What else was found of the same cause: 各项之和等于总数：98.6亿元 ≠ 68.3亿元 + 33.3亿元（A、C、D）.

    What compares other figures of the very fact that the finding is about is in its message.
    """
    by_id = {claim.id: (i, claim) for i, claim in enumerate(claims)}
    found: dict[tuple[str, str], tuple[Finding, set[int]]] = {}
    for other in finding.also:
        bound = dict(by_id[id] for id in other.claims if id in by_id)
        key = (other.rule, next((claim.attribute for claim in bound.values()), ""))
        if key != (finding.rule, claims[0].attribute):
            found.setdefault(key, (other, set()))[1].update(bound)
    return [_besides(other, sides, lang) for other, sides in found.values()]


def _besides(other: Finding, bound: Iterable[int], lang: str) -> str:
    title, formula = one_line(choose(other.title, lang)), cut(one_line(other.formula), _FORMULA)
    sides = say(lang, "also.joint").join(map(letter, sorted(bound)))
    return say(lang, "also.line" if formula else "also.sides", title=title, formula=formula, sides=sides)


# So much of a formula is shown beside another finding.
_FORMULA = 60


def confidence(finding: Finding, lang: str) -> str:
    """How likely a finding is right, with the marks that make it so, the weightiest first; empty where nobody knows."""
    if finding.confidence is None:
        return ""
    percent = f"{min(99, max(1, round(100 * finding.confidence)))}%"
    telling = sorted((mark for mark in finding.marks if abs(mark.weight) >= _TELLING), key=lambda m: -abs(m.weight))
    sides: dict[str, list[str]] = {"for": [], "against": []}
    for mark in telling[:_MARKS]:
        sides["for" if mark.weight > 0 else "against"].append(one_line(choose(mark.title, lang)))
    marks = say(lang, "confidence.but").join(
        say(lang, f"confidence.{side}", titles=say(lang, "confidence.joint").join(titles))
        for side, titles in sides.items()
        if titles
    )
    return say(lang, "confidence.marks", confidence=percent, marks=marks) if marks else percent


# A mark that weighs less changes little, and so many are shown.
_TELLING, _MARKS = 0.25, 5


def supposed(hypothesis: Hypothesis, claims: list[Claim], lang: str) -> str:
    """A hypothesis as a sentence: which figure would have to read what for the finding to go."""
    side = letter(next(i for i, claim in enumerate(claims) if claim.id == hypothesis.claim))
    ahead = towards(next(claim for claim in claims if claim.id == hypothesis.claim), lang)
    printed, corrected = (said(tidy(text), ahead) for text in (hypothesis.printed, hypothesis.corrected))
    title = one_line(choose(hypothesis.title, lang))
    return say(lang, "hypothesis", side=side, printed=printed, corrected=corrected, title=title)


def name(document: Document | None, path: str) -> str:
    """What people call a document: its title, else its path."""
    return one_line(document.title).strip() if document and document.title.strip() else visible(path)


def where(item: Claim | Rejected, document: Document | None, lang: str, room: int = LABEL) -> str:
    """Where a person finds a number: 第12行, 第2页第3行, 第2页，表3“…”行“…”列, Sheet1!C14; labels take so much room."""
    if not lined(item, document):
        return inside(item.anchor, lang, room) or _line(item, lang)
    return _both(_line(item, lang), _table(item.anchor, lang, room), lang)


def located(item: Claim | Rejected, document: Document | None, lang: str) -> str:
    """File and place; report.txt:12 where the file has lines, as editors and terminals open it."""
    path = visible(item.document)
    if not lined(item, document):
        return dotted(path, where(item, document, lang))
    return dotted(f"{path}:{item.line}", _table(item.anchor, lang, LABEL))


def lined(item: Claim | Rejected, document: Document | None) -> bool:
    """Whether the line of a number is one of its file, and not of a text that was made of the file."""
    return document.format in _TEXTS if document else item.anchor == Anchor()


def inside(anchor: Anchor, lang: str, room: int = LABEL) -> str:
    """The place in a file that has no lines, by its pages, tables or cells; empty where it has none of these."""
    if anchor.cell:
        return f"{_sheet(visible(anchor.sheet))}!{anchor.cell}" if anchor.sheet else anchor.cell
    table = _table(anchor, lang, room)
    if anchor.page is None:
        return table
    if table or anchor.page_line is None:
        return _both(say(lang, "place.page", page=anchor.page), table, lang)
    return say(lang, "place.page_line", page=anchor.page, line=anchor.page_line)


def _line(item: Claim | Rejected, lang: str) -> str:
    """第12行, or 第12—13行 where line breaks cut through the figure."""
    to = item.line_to if isinstance(item, Claim) else None
    return say(lang, "line", line=item.line) if to in (None, item.line) else say(lang, "lines", line=item.line, to=to)


def _table(anchor: Anchor, lang: str, room: int) -> str:
    """表3“一般公共预算收入”行“执行数”列, or as much of it as is known."""
    if anchor.table is None:
        return ""
    labels = {"row": anchor.row, "head": anchor.head}
    named = (say(lang, f"place.{key}", label=cut(one_line(text), room)) for key, text in labels.items() if text)
    return say(lang, "place.table", table=anchor.table) + "".join(named)


def _both(outer: str, inner: str, lang: str) -> str:
    return say(lang, "place.both", outer=outer, inner=inner) if inner else outer


def _sheet(name: str) -> str:
    """The name of a sheet as formulas write it."""
    plain = _PLAIN_SHEET.fullmatch(name) and not _LIKE_A_CELL.fullmatch(name)
    return name if plain else "'" + name.replace("'", "''") + "'"


def per_document(audit: Audit) -> tuple[Counter[str], Counter[str]]:
    """How many claims and how many rejected numbers each document holds."""
    return Counter(claim.document for claim in audit.claims), Counter(number.document for number in audit.rejected)


def by_level(audit: Audit) -> dict[str, int]:
    """The number of findings at each level, all levels named, and of those suppressed where there are some."""
    counts = Counter(map(standing, audit.findings))
    return {level: counts[level] for level in (*LEVELS, *sorted(set(counts) - set(LEVELS)))}


def by_rule(audit: Audit) -> list[tuple[str, int]]:
    """The number of findings of each rule that has some, most first."""
    return _most_first(Counter(finding.rule for finding in audit.findings))


def by_reason(audit: Audit) -> list[tuple[str, int]]:
    """The number of rejected numbers for each reason, most first."""
    return _most_first(Counter(number.reason for number in audit.rejected))


def silent_rules(audit: Audit) -> int:
    """How many rules ran and found nothing."""
    return len(set(audit.rules) - {finding.rule for finding in audit.findings})


def shared_facts(audit: Audit) -> int:
    """How many facts are stated more than once."""
    return sum(len(fact.claims) > 1 for fact in audit.facts)


def _most_first(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
