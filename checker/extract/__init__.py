"""A Document to its claims. One document in, claims and rejected numbers out; nothing else is needed."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from checker import places
from checker.extract import heads, tables
from checker.extract.clauses import Bound, Subject, bind
from checker.extract.cues import cues
from checker.extract.dates import NoSuchDay, no_such_day
from checker.extract.names import bare, budget_named, clean, concept_of, full_name, kind_of, other_budget
from checker.extract.outline import Outline, Part
from checker.extract.parts import relate
from checker.extract.periods import Mention, Period, assumed_day, mentions, years
from checker.extract.quantities import Quantities, Token, compile_quantities, interval, scan
from checker.extract.sums import sums
from checker.model import Anchor, Cell, Claim, Document, Rejected, Table
from checker.places import Place
from checker.vocabulary import words

__all__ = ["extract"]

# A semicolon ends a sentence where another year is named behind it.
# So does no stop that stands for the point of a percentage (45。6%).
_SENTENCE_END = re.compile(r"[！？!?]|。(?!(?<=\d。)\d{1,2}[%％])|；(?=[^；。]{0,80}(?:19|20)\d\d年)")
_CLAUSE_END = re.compile("[，；,;]")
_SCOPE_AT = re.compile(r"(?:^|[，。；：,;:\s）)”年度末\d]|[一二三四五]是|其中[：:]?)$")
_FROM = re.compile("[从由]$")
_RISES_TO = re.compile("[、，]?(?:增加|提高|上升|增长|下降|降低|扩大|减少|降)[到至]")
_LONGEST_SENTENCE = 2000
# How far back a cue of modality reaches.
_CUE_REACH = 60
# How far behind its period a comparison may stand (比2015年…的1.67倍).
_BASE_REACH = 14
# The longest date.
_DATE = 12
# A cell that holds a sentence is read like one.
_PROSE = re.compile("[。；，]")
_BELOW = " "
_NOWHERE = Anchor()


@cache
def quantities() -> Quantities:
    """The shipped vocabulary of quantities, until a language is handed in."""
    return compile_quantities(*map(words, ("units", "numerals", "qualifiers", "cues")))


class About(NamedTuple):
    """What the title of a table, and the part it stands in, say of all its figures."""

    period: Period
    modality: str
    budget: str
    level: str
    place: str
    near: tuple[Place, ...]


def extract(document: Document) -> tuple[list[Claim], list[Rejected]]:
    """Every quantity the document states, bound to its meaning, and every other number with the reason why not."""
    return _Pass(document).run()


def _offset(token: Token) -> int:
    return token.first


class _Pass:
    """One pass over a document: where it stands, and what it has found."""

    def __init__(self, document: Document) -> None:
        self.document, self.flat, self.day = document, document.flat, assumed_day(document)
        self.outline = Outline(document)
        self.claims: list[Claim] = []
        # Where each stands in the flat text; None in tables.
        self.spans: list[tuple[int, int] | None] = []
        self.rejected: list[Rejected] = []
        self.passage = 0
        self.lines = [0, *(m.end() for m in re.finditer("\r\n|\n|\r", document.text))]
        self.pages = [m.end() for m in re.finditer("\f(?:\r\n|\n|\r)?", document.text)]
        self.places = self.outline.places
        # The table and its cell that are being read.
        self.at: tuple[Table, Cell] | None = None
        self.near = tuple(mention.place for mention in places.find(document.place) if mention.place)[-1:]

    def run(self) -> tuple[list[Claim], list[Rejected]]:
        tokens = scan(self.flat, quantities())
        for block in self.document.blocks:
            inside = tokens[bisect_left(tokens, block.start, key=_offset) : bisect_left(tokens, block.end, key=_offset)]
            if isinstance(block, Table):
                self._table(block, inside)
            else:
                self._paragraph(block.start, block.end, inside)
        return relate(self.flat, self.claims, self.spans), self.rejected

    def _paragraph(self, start: int, end: int, tokens: list[Token]) -> None:
        part = self.outline.paragraph(start, end)
        if not tokens:
            return
        at, first = start, 0
        for stop in self._sentence_ends(start, end):
            last = bisect_left(tokens, stop, lo=first, key=_offset)
            if last > first:
                self._sentence(at, stop, tokens[first:last], part)
            at, first = stop, last

    def _sentence_ends(self, start: int, end: int) -> Iterator[int]:
        """Where sentences end; what has no end is cut, so that a line of any length takes time in proportion."""
        at = start
        for stop in [*(m.end() for m in _SENTENCE_END.finditer(self.flat, start, end)), end]:
            while stop - at > _LONGEST_SENTENCE:
                clauses = [m.end() for m in _CLAUSE_END.finditer(self.flat, at, at + _LONGEST_SENTENCE)]
                at = clauses[-1] if clauses else at + _LONGEST_SENTENCE
                yield at
            yield stop
            at = stop

    def _sentence(self, start: int, end: int, tokens: list[Token], part: Part) -> None:
        self.passage += 1
        found = list(mentions(self.flat, start, end, part.period.year, self.day))
        self._carry(found, start, part)
        quantities = []
        for token in tokens:
            wrong = no_such_day(self.flat[token.first : min(end, token.first + _DATE)])
            if wrong:
                self._no_such_day(token, wrong, self.flat[start:end].strip())
            elif token.reason:
                self._reject(token)
            elif any(mention.start <= token.first < mention.end for mention in found):
                token.reason = "date"
                self._reject(token)
            else:
                quantities.append(token)
        if not quantities:
            return
        part.budget = budget_named(self.flat, start, end) or part.budget
        sentence = self.flat[start:end].strip()
        bounds = bind(self.flat, quantities, start, end, Subject())
        for i, (token, bound) in enumerate(zip(quantities, bounds, strict=True)):
            following = bounds[i + 1] if i + 1 < len(bounds) else None
            self._claim(token, bound, following, found, start, sentence, part)

    def _carry(self, found: list[Mention], start: int, part: Part) -> None:
        """A year that a sentence opens with holds for the rest of its paragraph."""
        opening = next((m for m in found if not m.compared and not m.inner), None)
        if opening and self.outline.opens(start, opening) and opening.period.whole_years and not opening.relative:
            part.period, part.plan = opening.period, self.outline.plans(opening.period)

    def _claim(
        self,
        token: Token,
        bound: Bound,
        following: Bound | None,
        found: list[Mention],
        start: int,
        sentence: str,
        part: Part,
    ) -> None:
        if token.label is not None and not bound.metric:
            bound.metric = clean(_CLAUSE_END.split(self.flat[start : token.label])[-1])
        bound.metric = bare(full_name(self.places.sub("", bound.metric), part.budget))
        if self.at and not bound.metric:  # among the words of a cell a number beside nothing is no figure
            token.reason = "table without header"
            self._reject(token)
            return
        bound.owner = bound.owner or other_budget(bound.metric, part.budget)
        modality = self._modality(token, bound, start, part)
        period = self._period(token, bound, following, found, part, modality)
        if self.day and period.first_year > self.day.year:
            modality = "target"
        base = None
        if bound.attribute in ("multiple", "growth", "change"):
            near = (m.period for m in reversed(found) if m.compared and 0 <= token.before - m.end < _BASE_REACH)
            base = next(near, None)
        self._add(token, bound, period, modality, self._level(token, start, part), sentence, base)

    def _modality(self, token: Token, bound: Bound, start: int, part: Part) -> str:
        """target, estimate or actual, from the words in front and from what the part is about."""
        c = cues()
        nearby = self.flat[max(start, token.before - _CUE_REACH) : token.before]
        if c.target.search(nearby) or (part.plan and not c.done.search(bound.left)):
            return "target"
        last = self.claims[-1] if self.claims else None
        inherits = last is not None and last.passage == self.passage and last.metric == bound.metric
        if c.estimate.search(_CLAUSE_END.split(nearby)[-1]) or (inherits and last and last.modality == "estimate"):
            return "estimate"
        return "actual"

    def _period(
        self, token: Token, bound: Bound, following: Bound | None, found: list[Mention], part: Part, modality: str
    ) -> Period:
        """The period last named in front of the figure, or that of the part; shifted as its words ask for."""
        own = [m for m in found if not m.compared and m.end <= token.first and self._concerns(m, token, bound)]
        rises = bool(_RISES_TO.match(bound.left))
        if rises:
            # 从2015年的2.8万提高到4.1万: 2015 is the year of 2.8
            own = [m for m in own if m.end >= token.before - len(bound.left)]
        period = own[-1].period if own else part.period
        day = self.day
        if modality == "target" and not part.plan and day and period.year < day.year:
            if not own:
                period = years(day.year, day.year)
            elif own[-1].relative:
                period = period.in_year(day.year)
        if following and _FROM.search(bound.left) and _RISES_TO.match(following.left):
            period = years(period.first_year - 1, period.first_year - 1)
        elif rises and not period.one_year:
            period = years(period.year, period.year)
        if bound.basis == "年均" and period.one_year:
            period = self._average_over(period, token, found, part)
        if bound.attribute == "streak" or (bound.attribute in ("multiple", "rank") and not period.one_year):
            return years(period.year, period.year)
        if not period.point and bound.attribute in ("level", "rate", "share") and _is_state(bound):
            return Period(period.end, period.end, True)
        return period

    def _concerns(self, mention: Mention, token: Token, bound: Bound) -> bool:
        """Whether a period phrase that belongs to one figure (上年结转) belongs to this one."""
        if not mention.inner:
            return True
        near = mention.end >= token.before - len(bound.left)
        return near and "、" not in self.flat[mention.end : token.before]

    def _average_over(self, period: Period, token: Token, found: list[Mention], part: Part) -> Period:
        """The years of an average growth: from the year it is compared with, or the window the part is about."""
        since = [m.period for m in found if m.compared and m.end <= token.first and m.period.year < period.year]
        if since:
            return years(since[-1].year + 1, period.year)
        return period if part.period.one_year else part.period

    def _level(self, token: Token, start: int, part: Part) -> str:
        """The tier of administration last named: 市本级 holds until 全市 is named, 中央 for its own clause."""
        own = None
        for m in cues().scope.finditer(self.flat, start, token.before):
            if self.flat[m.end() : m.end() + 1].isdigit() or self._closed(m.start(), token.before):
                continue  # 省级93个, and what stood in brackets
            if m.start() == start or _SCOPE_AT.search(self.flat[max(0, m.start() - 3) : m.start()]):
                scope = cues().scope_of[m[0]]
                if scope in words("cues")["lasting_scopes"]:
                    part.scope, own = scope, None
                else:
                    own = None if _CLAUSE_END.search(self.flat, m.end(), token.before) else scope
        scope = part.scope if own is None else own
        return "" if scope == self.document.place else scope

    def _closed(self, start: int, end: int) -> bool:
        """Whether a bracket that was open at `start` is closed before `end`."""
        closing = max(self.flat.rfind("）", start, end), self.flat.rfind(")", start, end))
        return closing >= 0 and "（" not in self.flat[start:closing] and "(" not in self.flat[start:closing]

    def _table(self, table: Table, tokens: list[Token]) -> None:
        """The figures of a table; a cell of words is a paragraph where no head names the columns."""
        about, rows, standing = self._about(table), self._rows(table), self.outline.standing()
        figures = {figure.cell.start: figure for figure in tables.figures(table, self.flat, about.near)}
        columns: dict[int, dict[int, int]] = {}
        at = 0
        for cell in table.cells:
            last = bisect_left(tokens, cell.end, lo=at, key=_offset)
            inside, at = tokens[at:last], last
            self.at = table, cell
            figure = figures.get(cell.start) if cell.end > cell.start else None
            if figure:
                count = len(self.claims)
                self._figure(figure, table, about, inside, rows[cell.row])
                if len(self.claims) > count:
                    columns.setdefault(cell.column, {})[cell.row] = count
            elif not table.heads or _PROSE.search(self.flat, cell.start, cell.end):
                self._paragraph(cell.start, cell.end, inside)
            else:
                for token in inside:
                    token.reason = token.reason or "label"
                    self._reject(token)
        self.at = None
        self.outline.resume(standing)
        for part, (whole, first) in sums(tables.row_labels(table), list(columns.values()), self.claims).items():
            ids = self.claims[whole].id, self.claims[first].id
            self.claims[part] = replace(self.claims[part], part_of=ids[0], listing=ids[1])

    def _rows(self, table: Table) -> dict[int, str]:
        """The text of each row of a table, cut like a sentence, since each of its figures has it."""
        spans: dict[int, tuple[int, int]] = {}
        for cell in table.cells:
            start, end = spans.get(cell.row, (cell.start, cell.end))
            spans[cell.row] = (min(start, cell.start), max(end, cell.end))
        return {row: self.flat[start : min(end, start + _LONGEST_SENTENCE)] for row, (start, end) in spans.items()}

    def _about(self, table: Table) -> About:
        """What the title of a table says of its figures."""
        part = self.outline.part
        title = table.title
        found = [m.period for m in mentions(title, 0, len(title), part.period.year, self.day) if not m.compared]
        period = next((period for period in found if not period.point), found[0] if found else part.period)
        scope = cues().scope.search(title)
        named = places.resolve(places.find(title), self.near)
        place = next((mention.place for mention in named if mention.place and mention.full), None)
        planned = heads.is_planned(title) or self.outline.plans(period)
        area = heads.area_of(title)
        return About(
            period,
            "target" if planned and heads.read_head(title).modality != "actual" else "",
            budget_named(title) if title else part.budget,
            area or (cues().scope_of[scope[0]] if scope else part.scope),
            places.printed(place) if place else self.document.place,
            (*([place] if place else []), *self.near),
        )

    def _figure(self, figure: tables.Figure, table: Table, about: About, inside: list[Token], row_text: str) -> None:
        row, column, token = figure.row, figure.column, figure.token
        if token is None:
            for number in inside:
                number.reason = figure.reason
                self._reject(number)
            return
        name, owner = tables.metric(figure, table.title)
        name = self.places.sub("", name)
        metric = bare(name if owner else full_name(name, about.budget))
        if not metric:
            for number in inside:
                number.reason = "table without header"
                self._reject(number)
            return
        attribute = column.attribute or next((head.attribute for head in row if head.attribute), "")
        if not attribute:
            attribute = "rate" if token.unit == "%" else "level"
        owner = "·".join(filter(None, (other_budget(metric, about.budget), owner)))
        bound = Bound(metric, attribute, owner=owner, basis=column.version)
        period = self._table_period(figure, about)
        if not period.point and attribute in ("level", "rate", "share") and _is_state(bound):
            period = Period(period.end, period.end, True)
        modality = column.modality or next((head.modality for head in row if head.modality), "") or about.modality
        if self.day and period.first_year > self.day.year:
            modality = "target"
        level = next((head.level for head in (column, *reversed(row)) if head.level is not None), about.level)
        self.passage += 1
        anchor = self._anchor(token.start, _BELOW.join(head.text for head in row), column.text)
        place = figure.place or about.place
        self._add(token, bound, period, modality or "actual", level, row_text, anchor=anchor, place=place)
        self.spans[-1] = None

    def _table_period(self, figure: tables.Figure, about: About) -> Period:
        """The period of a cell: that of its column, its row, or its table, by what they say of each other."""
        period = about.period
        for text in (*(head.text for head in figure.row), figure.column.beside, figure.column.text):
            text = heads.without_comparison(text)
            named = [m for m in mentions(text, 0, len(text), period.year, self.day) if not m.compared]
            if named:
                period = named[-1].period
        for head in (*figure.row, figure.column):
            if head.period is not None:
                period = heads.shifted(period, head.period)
        return period

    def _anchor(self, offset: int, row: str = "", head: str = "") -> Anchor:
        """Where a person finds what stands at an offset of the flat text."""
        page = page_line = None
        if self.pages:
            at = self.document.offsets.source(offset)
            page = bisect_right(self.pages, at) + 1
            start = self.pages[page - 2] if page > 1 else 0
            page_line = bisect_right(self.lines, at) - bisect_right(self.lines, start) + 1
        if self.at:
            table, cell = self.at
            return Anchor(page, page_line, table.number, row, head, table.sheet, cell.ref)
        return Anchor(page, page_line) if page else _NOWHERE

    # ---- writing down

    def _place(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of an offset into the source."""
        i = bisect_right(self.lines, offset) - 1
        return i + 1, offset - self.lines[i] + 1

    def _reject(self, token: Token) -> None:
        begin, stop = self.document.offsets.span(token.first, token.end)
        line, column = self._place(begin)
        around = self.flat[max(0, token.first - 12) : token.last + 12].replace("\n", " ")
        number = self.flat[token.first : token.end]
        anchor = self._anchor(token.first)
        self.rejected.append(
            Rejected(self.document.path, line, column, begin, stop, number, token.reason, around, anchor)
        )

    def _no_such_day(self, token: Token, wrong: NoSuchDay, sentence: str) -> None:
        """A date is no figure, but one that does not exist is a slip: its day or month, and how many there are."""
        first, last = token.first + wrong.start, token.first + wrong.stop
        begin, stop = self.document.offsets.span(token.first, token.first + wrong.end)
        line, column = self._place(begin)
        self.spans.append(None)
        self.claims.append(
            Claim(
                id=f"{self.document.path}#{begin}",
                document=self.document.path,
                line=line,
                column=column,
                start=begin,
                end=stop,
                number=self.flat[first:last],
                number_to=None,
                text=self.document.text[begin:stop],
                value=Decimal(self.flat[first:last]),
                low=Decimal(1),
                high=Decimal(wrong.most),
                low_open=False,
                high_open=False,
                step=Decimal(1),
                unit=wrong.unit,
                dimension="date",
                qualifier="exact",
                metric=self.flat[token.first : token.first + wrong.end],
                concept=None,
                attribute="date",
                period_start=None,
                period_end=None,
                modality="actual",
                place=self.document.place,
                scope="",
                sentence=sentence,
                order=len(self.claims),
                passage=self.passage,
                anchor=self._anchor(token.first),
            )
        )

    def _add(
        self,
        token: Token,
        bound: Bound,
        period: Period,
        modality: str,
        level: str,
        sentence: str,
        base: Period | None = None,
        anchor: Anchor | None = None,
        place: str = "",
    ) -> None:
        if bound.negative and token.value > 0:
            token.value = -token.value
        qualifier, ends = interval(token, modality, quantities().qualifiers)
        begin, stop = self.document.offsets.span(token.start, token.end)
        line, column = self._place(self.document.offsets.source(token.first))
        self.spans.append((token.before, token.after))
        self.claims.append(
            Claim(
                id=f"{self.document.path}#{begin}",
                document=self.document.path,
                line=line,
                column=column,
                start=begin,
                end=stop,
                number=self.flat[token.first : token.last],
                number_to=self.flat[token.to[0] : token.to[1]] if token.to else None,
                text=self.document.text[begin:stop],
                value=token.value,
                low=ends.low,
                high=ends.high,
                low_open=ends.low_open,
                high_open=ends.high_open,
                step=token.step,
                unit=token.unit or "",
                # How many times as much is no proportion: nothing converts to it.
                dimension="times" if bound.attribute == "multiple" and token.unit == "倍" else token.dimension,
                qualifier=qualifier,
                metric=bound.metric,
                concept=concept_of(bound.metric),
                attribute=bound.attribute,
                period_start=period.start if period.known else None,
                period_end=period.end if period.known else None,
                modality=modality,
                place=place or self.document.place,
                scope="·".join(part for part in (level, bound.owner) if part),
                sentence=sentence,
                level=level,
                owner=bound.owner,
                whole=bound.whole,
                base=f"{base.start}/{base.end}" if base else None,
                basis=bound.basis,
                line_to=self._place(self.document.offsets.source(token.to[0]))[0] if token.to else None,
                order=len(self.claims),
                passage=self.passage,
                anchor=anchor or self._anchor(token.first),
            )
        )


def _is_state(bound: Bound) -> bool:
    """Whether a figure describes a state at the end of its period rather than a flow over it."""
    kind = kind_of(concept_of(bound.metric))
    if kind:
        return kind == "stock"
    c = cues()
    return not c.not_states.search(bound.metric) and bool(c.states.search(bound.metric) or c.states.search(bound.left))
