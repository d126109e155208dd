"""The period and the modality of a figure: from the words of its sentence, or from what stands above it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from msgspec.structs import replace

from checker.extract import heads
from checker.extract.clauses import Bound
from checker.extract.language import Language
from checker.extract.modality import ACTUAL, TARGET, Cue, Setting, modality_of
from checker.extract.outline import Outline, Part
from checker.extract.periods import NOT_KNOWN, Mention, Period, Periods, years
from checker.extract.quantities import Token
from checker.extract.tables import Figure
from checker.extract.told import ASSUMED, CARRIED, DOCUMENT, STATED, Told

# How far behind its period a comparison may stand (比2015年…的1.67倍), and words in front of a list told in order.
_BASE_REACH = 14
_ORDER_REACH = 24
_RISE_REACH = 5
_CLAUSE_END = re.compile("[，；,;]")
_OPEN, _CLOSE = "（(", "）)"
_MONEY = ("money", "percent")
# What is said of a state rather than of what happens over a period, if its words say so.
OF_STATES = ("level", "rate", "share")


class Sentence(NamedTuple):
    """A sentence as its figures need it: where it begins and ends, what it states, and the periods it names.

    `ordered` are the periods of figures that are told in the order of a list of periods, by their place in `tokens`.
    """

    start: int
    end: int
    text: str
    tokens: Sequence[Token]
    bounds: Sequence[Bound]
    mentions: Sequence[Mention]
    cues: Sequence[Cue]
    ordered: dict[int, Told]


# ---- periods told in order: 2020年、2021年分别为…


def in_order(outline: Outline, said: Sentence) -> dict[int, Told]:
    """The periods of figures that are told in the order of a list of periods, by the place of the figures."""
    told: dict[int, Told] = {}
    if not said.mentions:
        return told
    for m in outline.periods.in_order.finditer(outline.flat, said.start, said.end):
        listed = _listed(outline, [mention for mention in said.mentions if mention.end <= m.start()])
        run = _run(outline, m.end(), said.tokens, said.bounds)
        lists = (listed[at:] for at in range(len(listed)))
        pieces = next((each for part in lists for each in _readings(part) if len(each) == len(run) > 1), None)
        if pieces:
            source = outline.flat[listed[0].start : listed[-1].end]
            told |= {i: Told(piece, STATED, source) for i, piece in zip(run, pieces, strict=True)}
    return told


def _listed(outline: Outline, mentions: Sequence[Mention]) -> list[Mention]:
    """The last list of periods among some, with nothing but the signs of a list between them."""
    listed: list[Mention] = []
    for mention in reversed([m for m in mentions if not m.compared]):
        gap = outline.flat[mention.end : listed[0].start] if listed else ""
        if listed and not outline.periods.joins.fullmatch(gap):
            break
        listed.insert(0, mention)
    return listed


def _readings(listed: Sequence[Mention]) -> list[list[Period]]:
    """The periods that a list stands for: stretches by their years and months, by their years, or whole."""
    long = [mention.each if mention.period.whole_years else (mention.period,) for mention in listed]
    lists: list[list[tuple[Period, ...]]] = [[m.each for m in listed], long, [(m.period,) for m in listed]]
    return [[piece for pieces in each for piece in pieces] for each in lists]


def _run(outline: Outline, after: int, tokens: Sequence[Token], bounds: Sequence[Bound]) -> list[int]:
    """The figures behind the word for in order, as far as they follow each other and measure one thing."""
    flat, joins = outline.flat, outline.periods.joins
    first = next((i for i, token in enumerate(tokens) if token.before >= after), None)
    end = tokens[first].before if first is not None else after
    if first is None or end - after > _ORDER_REACH or _CLAUSE_END.search(flat, after, end):
        return []
    last = first
    while last + 1 < len(tokens) and joins.fullmatch(flat, tokens[last].after, tokens[last + 1].before):
        last += 1
    run = list(range(first, last + 1))
    return run if len({bounds[i].metric for i in run}) == 1 and len({tokens[i].unit for i in run}) == 1 else []


# ---- the period of a figure


def told_of(
    outline: Outline, said: Sentence, i: int, part: Part, last: str, same: bool, state: bool
) -> tuple[Told, Told]:
    """The period and the modality of a figure of a sentence.

    `last` is the modality of the figure in front, and `same` whether that measures the same; `state` says that the
    figure describes a state, not a flow.
    """
    own = _own(outline, said, i)
    ordered = said.ordered.get(i)
    named = ordered or (_told(outline, own) if own else None)
    modality = _modality(outline, said, i, part, named, last, same)
    if ordered:
        return (_at_end(ordered) if state else ordered), modality
    return _period(outline, said, i, part, modality, own, state), modality


def _own(outline: Outline, said: Sentence, i: int) -> Mention | None:
    """The period last named in front of a figure that is one of it; the terms of a ratio are told together."""
    first, _ = _terms(said, i)
    for mention in reversed(said.mentions):
        if mention.end <= said.tokens[first].first and _concerns(outline, said, mention, first):
            return mention
    return None


def _terms(said: Sentence, i: int) -> tuple[int, int]:
    """The first and the last figure of the ratio (9.5:41.2:49.3) that a figure is a term of; itself of no ratio."""
    tokens, first, last = said.tokens, i, i
    while first and _one_ratio(tokens[first - 1], tokens[first]):
        first -= 1
    while last + 1 < len(tokens) and _one_ratio(tokens[last], tokens[last + 1]):
        last += 1
    return first, last


def _one_ratio(token: Token, following: Token) -> bool:
    return token.kind == following.kind == "ratio" and following.start - token.end == 1


def _period(
    outline: Outline, said: Sentence, i: int, part: Part, modality: Told, own: Mention | None, state: bool
) -> Told:
    """The period last named in front of a figure of a sentence, or that of its part; shifted as its words ask for."""
    bound = said.bounds[i]
    if own and _is_start(outline, own):
        outline.part.origin = own.period
    told = part.state if part.state and (state or part.goes_on) else part.told
    told = _told(outline, own) if own else told
    told = _shifted(outline, said, i, part, modality, own, told)
    if modality.value == ACTUAL:
        told = _within_report(outline, told)
    period: Period = told.value
    if bound.attribute == "streak" or (bound.attribute in ("multiple", "rank") and not period.one_year):
        return Told(years(period.year, period.year), told.how, told.source)
    return _at_end(told) if state and bound.attribute in OF_STATES else told


def _told(outline: Outline, mention: Mention) -> Told:
    return Told(mention.period, ASSUMED if mention.guessed else STATED, outline.flat[mention.start : mention.end])


def _at_end(told: Told) -> Told:
    period: Period = told.value
    return told if period.point else replace(told, value=period.at_end())


def _shifted(
    outline: Outline, said: Sentence, i: int, part: Part, modality: Told, own: Mention | None, told: Told
) -> Told:
    """A period moved by what the words around say: a plan looks ahead, 从…增加到… tells of the year before as well."""
    token, bound = said.tokens[i], said.bounds[i]
    period: Period = told.value
    day, words = outline.day, outline.periods
    ahead = modality.value == TARGET and not part.plan and outline.modality.ahead.search(modality.source)
    if ahead and day and period.year < day.year and (not own or own.relative):
        year = day.year
        period = period.in_year(year) if own else years(year, year)
        told = Told(period, ASSUMED, told.source)
    first, last = (bound.run[0], bound.run[-1]) if bound.run else _terms(said, i)
    if _rises(said, last, words) and words.from_end.search(said.bounds[first].left):
        # Where no words say over how long it rose, that may be five years as well as one.
        told_when = own or said.mentions or not period.one_year
        before = years(period.first_year - 1, period.first_year - 1) if told_when else NOT_KNOWN
        return Told(outline.part.origin or before, ASSUMED, told.source)
    if not period.one_year and (words.rises.match(bound.left) or words.reaches.search(bound.left)):
        return Told(years(period.year, period.year), ASSUMED, told.source)
    if bound.basis == words.average and period.one_year:
        return _average_over(said, token, part, told)
    return told


def _rises(said: Sentence, i: int, words: Periods) -> bool:
    """Whether the next figure is what this one rose or fell to, or the ratio that this one became."""
    if i + 1 == len(said.bounds):
        return False
    return bool(words.rises.match(said.bounds[i + 1].left)) or said.tokens[i].kind == said.tokens[i + 1].kind == "ratio"


def _average_over(said: Sentence, token: Token, part: Part, told: Told) -> Told:
    """The years of an average growth: from the year it is compared with, or the window the part is about."""
    year = told.value.year
    since = [m.period for m in said.mentions if m.compared and m.end <= token.first and m.period.year < year]
    if since:
        return replace(told, value=years(since[-1].year + 1, year))
    return told if part.period.one_year else part.told


def _within_report(outline: Outline, told: Told) -> Told:
    """What a report on a part of a year states of that year is of that part, while the year is running."""
    period, reports = told.value, outline.reports
    if reports and period.whole_years and period.one_year and period.year == reports.year:
        return Told(reports, ASSUMED, told.source)
    return told


def _concerns(outline: Outline, said: Sentence, mention: Mention, i: int) -> bool:
    """Whether a period that stands in front of a figure is one of it."""
    flat, token, bound = outline.flat, said.tokens[i], said.bounds[i]
    gap = flat[mention.end : token.before]
    if mention.compared:
        return bool(outline.periods.of.fullmatch(gap)) and not outline.periods.base.match(flat, mention.end)
    if _in_closed_bracket(flat, said.start, mention, token.before):
        return False
    if _is_start(outline, mention):
        first = bound.run[0] if bound.run else i  # 分别从上年末的2.1%和3.4%降至…
        return first == 0 or said.tokens[first - 1].first < mention.end
    if mention.reach == "figure":
        alone = "、" not in gap and not outline.periods.and_others.search(gap)
        return alone and mention.end >= token.before - len(bound.left)
    of = not _leads(outline, mention) and outline.periods.of.match(flat, mention.end)
    if mention.reach == "clause" or (of and flat[of.end() : of.end() + 1].isdigit()):
        opens = mention.start == said.start or flat[mention.start - 1] in "，；,;。\n"
        return not _CLAUSE_END.search(gap, 1 if opens and mention.reach else 0)
    return True


def _leads(outline: Outline, mention: Mention) -> bool:
    """Whether it is the year of the second of two amounts, which is what the sentence goes on about."""
    return bool(outline.periods.reaches.search(outline.flat, max(0, mention.start - _RISE_REACH), mention.start))


def _is_start(outline: Outline, mention: Mention) -> bool:
    """Whether it is the year of the first of two amounts (由2021年的3.8亿元增至…)."""
    before = outline.flat[max(0, mention.start - 2) : mention.start]
    return bool(outline.periods.from_end.search(before)) and not outline.periods.from_on.match(
        outline.flat, mention.end
    )


def _in_closed_bracket(flat: str, start: int, mention: Mention, end: int) -> bool:
    """Whether a period stands in a bracket that is closed again in front of the figure, with more than itself in it."""
    opened = max(flat.rfind(sign, start, mention.start) for sign in _OPEN)
    if opened < 0 or any(flat.find(sign, opened, mention.start) >= 0 for sign in _CLOSE):
        return False
    closed = min((at for sign in _CLOSE if (at := flat.find(sign, mention.end, end)) >= 0), default=-1)
    return closed >= 0 and not (opened + 1 == mention.start and closed == mention.end)


def base_of(said: Sentence, i: int, period: Period) -> Period | None:
    """The period that a multiple, growth or change is taken over, where the words name another than the year before."""
    token, bound = said.tokens[i], said.bounds[i]
    if bound.attribute not in ("multiple", "growth", "change"):
        return None
    base = None
    for m in said.mentions:
        if m.compared and 0 <= token.before - m.end < _BASE_REACH and (m.named or not (m.relative or m.reach)):
            base = m.period
    if base is None or bound.attribute == "multiple" or not period.known or base.year != period.year - 1:
        return base
    whole = base == years(base.year, base.year)
    return None if whole or base.end[4:] == period.end[4:] else base


# ---- modality


def _opens_bracket(outline: Outline, start: int, end: int) -> bool:
    """Whether a bracket opens directly behind a figure and is open at the next."""
    gap = outline.flat[start:end]
    return gap[:1] in tuple(_OPEN) and not any(sign in gap for sign in _CLOSE)


def _modality(outline: Outline, said: Sentence, i: int, part: Part, named: Told | None, last: str, same: bool) -> Told:
    """Whether a figure is planned, expected or done."""
    token, day = said.tokens[i], outline.today
    period: Period = named.value if named else part.period
    over = named is not None and bool(day) and period.known and period.end < day
    after = bool(day) and period.start[:4] > day[:4]
    expected = outline.notes and part.budget and token.dimension in _MONEY and period.year >= part.year
    setting = Setting(
        part.plan,
        part.past,
        over,
        after,
        outline.note(token.first) if expected else "",
        last if same else "",
        last if i and _opens_bracket(outline, said.tokens[i - 1].after, token.before) else "",
    )
    flat = outline.flat
    return modality_of(outline.modality, said.cues, flat, said.start, token.before, token.after, setting)


# ---- tables


def title_period(outline: Outline, title: str) -> Told:
    """The period that the title of a table names, or that of the part it stands in."""
    part = outline.part
    found = [mention.period for mention in outline.named_in(title, part) if mention.period.known]
    period = next((period for period in found if not period.point), found[0] if found else None)
    return Told(period, CARRIED, title) if period else part.told


def cell_period(outline: Outline, figure: Figure, about: Told, state: bool) -> Told:
    """The period of a cell: that of its column, its row, or its table, by what they say of each other."""
    told = about
    for text in (*(head.text for head in figure.row), figure.column.beside, figure.column.text):
        # What is named by its relation to the period of the table is in head.period.
        plain = heads.without_comparison(text, outline.language.heads)
        named = [m for m in outline.named_in(plain, outline.part, told.value) if not m.reach]
        if named:
            told = Told(named[-1].period, CARRIED, text)
    for head in (*figure.row, figure.column):
        if head.period is not None:
            told = Told(heads.shifted(told.value, head.period), CARRIED, head.text)
    return _at_end(told) if state else told


def cell_modality(outline: Outline, figure: Figure, period: Period, title: str, planned: bool) -> Told:
    """Whether a cell is planned, expected or done, by its heads or its title."""
    if outline.day and period.first_year > outline.day.year:
        return Told(TARGET, DOCUMENT, str(period.first_year))
    for head in (figure.column, *figure.row):
        if head.modality:
            return Told(head.modality, CARRIED, head.text)
    return Told(TARGET, CARRIED, title) if planned else Told(ACTUAL, ASSUMED)


def is_state(bound: Bound, language: Language) -> bool:
    """Whether a figure describes a state at the end of its period rather than a flow over it."""
    said = _says_state(bound.metric, language)
    return bool(language.clauses.states.search(bound.left)) if said is None else said


@lru_cache(maxsize=20_000)
def _says_state(metric: str, language: Language) -> bool | None:
    """Whether a name is one of a state; None where it leaves that to the words around it."""
    kind = language.metrics.kind_of(language.metrics.concept_of(metric))
    if kind:
        return kind == "stock"
    if language.clauses.flows.search(metric):
        return False
    return True if language.clauses.states.search(metric) else None
