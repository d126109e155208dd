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
from checker.extract import context, heads, tables
from checker.extract.clauses import Bound, Subject, bind
from checker.extract.context import Sentence
from checker.extract.cues import cues
from checker.extract.dates import NoSuchDay, no_such_day
from checker.extract.modality import Modality, compile_modality, version_of
from checker.extract.names import bare, budget_named, clean, concept_of, full_name, kind_of, other_budget
from checker.extract.numbers import scan
from checker.extract.outline import Outline, Part, Words, compile_outline
from checker.extract.parts import relate
from checker.extract.periods import Period, Periods, compile_periods
from checker.extract.sums import sums
from checker.extract.tokens import Token, interval
from checker.extract.told import Told
from checker.model import Anchor, Cell, Claim, Document, Rejected, Table
from checker.places import Place
from checker.vocabulary import words

__all__ = ["extract"]

# A semicolon ends a sentence where another year is named behind it.
# So does no stop that stands for the point of a percentage (45。6%).
_SENTENCE_END = re.compile(r"[！？!?]|。(?!(?<=\d。)\d{1,2}[%％])|；(?=[^；。]{0,80}(?:19|20)\d\d年)")
_CLAUSE_END = re.compile("[，；,;]")
_SCOPE_AT = re.compile(r"(?:^|[，。；：,;:\s）)”年度末\d]|[一二三四五]是|其中[：:]?)$")
_LONGEST_SENTENCE = 2000
# The longest date.
_DATE = 12
# A cell that holds a sentence is read like one.
_PROSE = re.compile("[。；，]")
_BELOW = " "
_NOWHERE = Anchor()


class About(NamedTuple):
    """What the title of a table, and the part it stands in, say of all its figures."""

    period: Told
    planned: bool
    budget: str
    level: str
    place: str
    near: tuple[Place, ...]


def extract(document: Document) -> tuple[list[Claim], list[Rejected]]:
    """Every quantity the document states, bound to its meaning, and every other number with the reason why not."""
    return _Pass(document).run()


@cache
def _vocabulary() -> tuple[Words, Periods, Modality]:
    """The words of the language that outlines, periods and modality are read by."""
    return (
        compile_outline(words("outline")),
        compile_periods(words("periods")),
        compile_modality(words("modality")),
    )


def _offset(token: Token) -> int:
    return token.first


class _Pass:
    """One pass over a document: where it stands, and what it has found."""

    def __init__(self, document: Document) -> None:
        self.document, self.flat = document, document.flat
        self.outline = Outline(document, *_vocabulary())
        self.claims: list[Claim] = []
        # Where each stands in the flat text; None in tables.
        self.spans: list[tuple[int, int] | None] = []
        # How the period and the modality of each are known; None for a date that does not exist.
        self.told: list[tuple[Told, Told] | None] = []
        self.rejected: list[Rejected] = []
        self.passage = 0
        self.lines = [0, *(m.end() for m in re.finditer("\r\n|\n|\r", document.text))]
        self.pages = [m.end() for m in re.finditer("\f(?:\r\n|\n|\r)?", document.text)]
        self.places = self.outline.places
        # The table and its cell that are being read.
        self.at: tuple[Table, Cell] | None = None
        self.near = tuple(mention.place for mention in places.find(document.place) if mention.place)[-1:]

    def run(self) -> tuple[list[Claim], list[Rejected]]:
        tokens = scan(self.flat)
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
        found = self.outline.sentence(start, end, part)
        quantities = []
        for token in tokens:
            wrong = no_such_day(self.outline.periods, self.flat[token.first : min(end, token.first + _DATE)])
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
        said = Sentence(start, end, quantities, bounds, found, {})
        said.ordered.update(context.in_order(self.outline, said))
        for i in range(len(quantities)):
            self._claim(said, i, sentence, part)

    def _claim(self, said: Sentence, i: int, sentence: str, part: Part) -> None:
        token, bound, start = said.tokens[i], said.bounds[i], said.start
        if token.label is not None and not bound.metric:
            bound.metric = clean(_CLAUSE_END.split(self.flat[start : token.label])[-1])
        bound.metric = bare(full_name(self.places.sub("", bound.metric), part.budget))
        if self.at and not bound.metric:  # among the words of a cell a number beside nothing is no figure
            token.reason = "table without header"
            self._reject(token)
            return
        bound.owner = bound.owner or other_budget(bound.metric, part.budget)
        last = self.claims[-1] if self.claims else None
        same = last is not None and (last.passage, last.metric) == (self.passage, bound.metric)
        before = last.modality if last else ""
        period, modality = context.told_of(self.outline, said, i, part, before, same, _is_state(bound))
        if self.outline.corrects:
            since = said.tokens[i - 1].after if i else start
            version = version_of(self.outline.modality, self.flat, since, token.before, token.after)
            bound.basis = bound.basis or version
        base = context.base_of(said, i)
        self._add(token, bound, period, modality, self._level(token, start, part), sentence, base)

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
        period = context.title_period(self.outline, title)
        scope = cues().scope.search(title)
        named = places.resolve(places.find(title), self.near)
        place = next((mention.place for mention in named if mention.place and mention.full), None)
        planned = heads.is_planned(title) or bool(self.outline.plans(period.value))
        area = heads.area_of(title)
        return About(
            period,
            planned and heads.read_head(title).modality != "actual",
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
            attribute = "level" if token.dimension != "percent" else "rate"
        owner = "·".join(filter(None, (other_budget(metric, about.budget), owner)))
        bound = Bound(metric, attribute, owner=owner, basis=column.version)
        state = attribute in ("level", "rate", "share") and _is_state(bound)
        period = context.cell_period(self.outline, figure, about.period, state)
        modality = context.cell_modality(self.outline, figure, period.value, table.title, about.planned)
        level = next((head.level for head in (column, *reversed(row)) if head.level is not None), about.level)
        self.passage += 1
        anchor = self._anchor(token.start, _BELOW.join(head.text for head in row), column.text)
        place = figure.place or about.place
        self._add(token, bound, period, modality, level, row_text, anchor=anchor, place=place)
        self.spans[-1] = None

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
        self.told.append(None)
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
        told: Told,
        modality: Told,
        level: str,
        sentence: str,
        base: Period | None = None,
        anchor: Anchor | None = None,
        place: str = "",
    ) -> None:
        if bound.negative and token.value > 0:
            token.value = -token.value
        period: Period = told.value
        qualifier, ends = interval(token, modality.value)
        begin, stop = self.document.offsets.span(token.start, token.end)
        line, column = self._place(self.document.offsets.source(token.first))
        self.spans.append((token.before, token.after))
        self.told.append((told, modality))
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
                dimension=token.dimension,
                qualifier=qualifier,
                metric=bound.metric,
                concept=concept_of(bound.metric),
                attribute=bound.attribute,
                period_start=period.start if period.known else None,
                period_end=period.end if period.known else None,
                modality=modality.value,
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
