"""A Document to its claims. One document in, claims and rejected numbers out; nothing else is needed."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

from msgspec.structs import replace

from checker import places
from checker.extract import context, heads, tables, where
from checker.extract.budgets import budget_named, full_name, other_budget
from checker.extract.clauses import Bound, Subject, bind, figure_kind, names_nothing, wording_of
from checker.extract.context import Sentence
from checker.extract.dates import no_such_day
from checker.extract.language import Language, name_of, zh
from checker.extract.lexer import Span, Word
from checker.extract.lists import NO_LEAD
from checker.extract.lists import REACH as LONGEST_LIST
from checker.extract.modality import find_cues, revision_of, version_of
from checker.extract.names import FOUND
from checker.extract.outline import Outline, Part
from checker.extract.periods import Mention
from checker.extract.quantities import Token, scan
from checker.extract.ratios import growth_of
from checker.extract.relations import relate
from checker.extract.sums import Rows, across, sums
from checker.extract.told import ASSUMED, CARRIED, DOCUMENT, STATED, Told
from checker.extract.writing import CELL, Slots, Writer
from checker.model import Claim, Document, Heading, Links, Paragraph, Rejected, Table
from checker.places import Place
from checker.read.tables import is_title

__all__ = ["bindings", "extract"]

_CLAUSE_END = re.compile("[，；,;]")
_LONGEST_SENTENCE = 2000
# How far above a table its title may stand, in lines.
_LINES_ABOVE = 4
# The longest date.
_DATE = 12
# A cell that holds a sentence is read like one.
_PROSE = re.compile("[。；，]")
_BELOW = " "
# Why a number that may be an amount is none that could be read.
_UNREAD = frozenset(["no unit", "malformed", "too many digits"])
_NO_HEADER = "table without header"
_NO_METRIC = "no metric"


class About(NamedTuple):
    """What the title of a table, and the part it stands in, say of all its figures."""

    period: Told
    planned: bool
    budget: str
    tier: Told
    place: Told
    near: tuple[Place, ...]


def extract(document: Document, language: Language | None = None) -> tuple[list[Claim], list[Rejected]]:
    """Every quantity the document states, bound to its meaning, and every other number with the reason why not.

    `language` is that of the document; Chinese where none is given.
    """
    written = _Pass(document, language or zh()).run()
    return written.claims, written.rejected


def bindings(document: Document, language: Language | None = None) -> list[tuple[Claim, Bound | None]]:
    """The claims of a document with what its words say of each; None for cells of tables and dates that cannot be."""
    written = _Pass(document, language or zh()).run()
    return list(zip(written.claims, written.bounds, strict=True))


# Where the name of a place begins.
_place_start = itemgetter(0)


def _behind(tokens: Sequence[Token], at: int, end: int) -> int:
    """The first of the tokens, from one of them on, that does not begin before an offset."""
    while at < len(tokens) and tokens[at].first < end:
        at += 1
    return at


def _in_one(token: Token, found: Sequence[Mention]) -> bool:
    """Whether a number is that of a period."""
    return any(mention.start <= token.first < mention.end for mention in found)


def _captions(document: Document) -> set[int]:
    """Where the titles of tables stand, which are no headings of what follows behind the table."""
    found: set[int] = set()
    lines: list[Heading | Paragraph] = []
    for block in document.blocks:
        if not isinstance(block, Table):
            lines.append(block)
            continue
        title = "".join(block.title.split())
        for line in lines[-_LINES_ABOVE:] if title and is_title(title) else ():
            if "".join(document.flat[line.start : line.end].split()).startswith(title):
                found.add(line.start)
        lines.clear()
    return found


class _Pass:
    """One pass over a document: where it stands, and what it has found."""

    def __init__(self, document: Document, language: Language) -> None:
        self.document, self.flat, self.language = document, document.flat, language
        self.lexer = language.naming.lexer
        self.letters = {kind: self.lexer.letter(kind) for kind in FOUND}
        self.outline = Outline(document, language)
        self.near = tuple(mention.place for mention in places.find(document.place) if mention.place)[-1:]
        periods = {phrase.start: phrase.end for phrase in self.outline.phrases}
        own = self.outline.own_place
        self.located = where.located(
            document, self.near, language.tiers, own, periods, language.naming, language.metrics
        )
        self.written = Writer(document, language)
        # Where numbers stand in sentences that may be amounts and could not be read.
        self.unread: list[int] = []
        # What the sentence before is about, where it is about one thing.
        self.earlier = ""
        # ... and of what the next one may tell parts.
        self.lead = NO_LEAD
        # The figures of tables by the labels of their rows.
        self.rows: list[Rows] = []
        # The numbers of their claims by row, for each column.
        self.columns: list[list[dict[int, int]]] = []

    def run(self) -> Writer:
        tokens, written = scan(self.flat, self.language.quantities), self.written
        starts = [token.first for token in tokens]
        captions, above = _captions(self.document), None
        for block in self.document.blocks:
            first = bisect_left(starts, block.start)
            inside = tokens[first : bisect_left(starts, block.end, lo=first)]
            if isinstance(block, Table):
                self._table(block, inside)
                if above:
                    self.outline.resume(above)
                above = None
                continue
            if block.start in captions:
                above = above or self.outline.standing()
            self._paragraph(block.start, block.end, inside)
        self._relate_cells()
        written.claims = relate(
            self.flat, written.claims, written.spans, self.unread, self.language.parts, self.language.modality
        )
        return written

    def _paragraph(self, start: int, end: int, tokens: Sequence[Token]) -> None:
        part = self.outline.paragraph(start, end)
        self.earlier = ""
        if not self.language.clauses.parts_open.match(self.flat, start, end):
            self.lead = NO_LEAD
        if not tokens:
            return
        at, first = start, 0
        for stop in self._sentence_ends(start, end):
            last = _behind(tokens, first, stop)
            if last > first:
                self._sentence(at, stop, tokens[first:last], part)
            at, first = stop, last

    def _sentence_ends(self, start: int, end: int) -> Iterator[int]:
        """Where sentences end; what has no end is cut, so that a line of any length takes time in proportion."""
        at = start
        for stop in [*(m.end() for m in self.language.outline.sentence_end.finditer(self.flat, start, end)), end]:
            while stop - at > _LONGEST_SENTENCE:
                clauses = [m.end() for m in _CLAUSE_END.finditer(self.flat, at, at + _LONGEST_SENTENCE)]
                at = clauses[-1] if clauses else at + _LONGEST_SENTENCE
                yield at
            yield stop
            at = stop

    def _sentence(self, start: int, end: int, tokens: Sequence[Token], part: Part) -> None:
        self.written.passage += 1
        found = self.outline.sentence(start, end, part)
        quantities = self._quantities(tokens, found, start, end)
        if not quantities:
            return
        spans = self.lexer.spans(self.flat[start:end], start)
        budget = budget_named(self.language.budgets, self.flat, start, end)
        part.budget = budget or part.budget
        bounds = self._bind(tokens, quantities, found, spans, start, end)
        cues = find_cues(self.language.modality, self.flat, start, end)
        said = Sentence(start, end, self.flat[start:end].strip(), quantities, bounds, found, cues, {})
        said.ordered.update(context.in_order(self.outline, said))
        kinds = self.lexer.kinds
        scope = kinds["scope"] | kinds["company"] if self.document.organisation else kinds["scope"]
        behind = {place.end for place in self._located_in(start, end)}
        tiers = where.tiers_in(
            self.flat, start, end, [span for span in spans if span[2].letter in scope], self.language.tiers, behind
        )
        account = Told(part.budget, STATED if budget else CARRIED, part.budget)
        for i in range(len(quantities)):
            self._claim(said, i, tiers, account, part)

    def _quantities(self, tokens: Sequence[Token], found: list[Mention], start: int, end: int) -> list[Token]:
        """The numbers of a sentence that are figures; the others are noted."""
        quantities = []
        for token in tokens:
            if wrong := no_such_day(self.outline.periods, self.flat, token.first, min(end, token.first + _DATE)):
                self.written.no_such_day(token, wrong, self.flat[start:end].strip())
            elif token.reason:
                if token.reason in _UNREAD:
                    self.unread.append(token.first)
                self.written.reject(token)
            elif found and _in_one(token, found):
                self.written.reject(token, "date")
            else:
                quantities.append(token)
        return quantities

    def _bind(
        self,
        tokens: Sequence[Token],
        quantities: list[Token],
        found: list[Mention],
        spans: Sequence[Span],
        start: int,
        end: int,
    ) -> list[Bound]:
        """What the words around each figure of a sentence say of it."""
        flat, letters, known = self.flat, self.letters, self.language.clauses
        kinds = [figure_kind(token, known) for token in quantities]
        figures = [
            (token.before, token.after, Word(letters[kind], flat[token.before : token.after]))
            for token, kind in zip(quantities, kinds, strict=True)
        ]
        others = [
            (m.start, m.end, Word(letters["period"], flat[m.start : m.end])) for m in found if m.reach != "figure"
        ]
        if len(tokens) > len(quantities):
            marker = letters["marker"]
            others += [(t.first, t.end, Word(marker, flat[t.first : t.end])) for t in tokens if t.reason == "label"]
        for place in self._located_in(start, end):
            others.append((place.start, place.end, Word(letters["place"], place.text)))
        sentence = wording_of(flat, start, end, spans, figures, others, self.language.naming)
        before = flat[max(0, start - LONGEST_LIST) : start]
        subject = Subject(earlier=self.earlier, lead=self.lead, before=before)
        bounds = bind(sentence, quantities, kinds, subject, known)
        self.lead = subject.lead_of_next()
        names = {
            bound.metric for bound in bounds if bound.attribute in ("level", "growth", "rate") and not bound.fulfils
        }
        self.earlier = names.pop() if len(names) == 1 else ""
        return bounds

    def _located_in(self, start: int, end: int) -> Sequence[where.Located]:
        first = bisect_left(self.located, start, key=_place_start)
        return self.located[first : bisect_left(self.located, end, lo=first, key=_place_start)]

    def _claim(self, said: Sentence, i: int, tiers: Sequence[where.Tier], account: Told, part: Part) -> None:
        token, bound, claims = said.tokens[i], said.bounds[i], self.written.claims
        if token.label is not None and not bound.metric:
            bound.metric = name_of(_CLAUSE_END.split(self.flat[said.start : token.label])[-1], self.language)
        stated = bound.metric
        bound.metric = self.language.metrics.bare(full_name(self.language.budgets, stated, part.budget))
        if self.written.at and not bound.metric:  # among the words of a cell a number beside nothing is no figure
            self.written.reject(token, _NO_HEADER)
            return
        if names_nothing(stated, self.language.naming):
            self.unread.append(token.first)
            self.written.reject(token, _NO_METRIC)
            return
        other = other_budget(self.language.budgets, bound.metric, part.budget)
        item = ""
        if bound.run and bound.item and i not in said.ordered:
            item = self.language.clauses.listing.item.format(n=bound.item, count=len(bound.run))
        bound.owner = bound.owner or other or item
        last = claims[-1] if claims else None
        same = last is not None and last.passage == self.written.passage and last.metric == bound.metric
        before = last.modality if last else ""
        matters = bound.attribute in context.OF_STATES or part.state or said.ordered
        state = bool(matters) and context.is_state(bound, self.language)
        period, modality = context.told_of(self.outline, said, i, part, before, same, state)
        tier, part.scope = where.tier_of(tiers, token.before, part.scope)
        slots = Slots(
            metric=Told(bound.metric, bound.how, stated),
            period=period,
            place=where.place_of(bound, self.located, said.start, said.end, self.document.place),
            tier=tier,
            account=account if other or bound.metric != stated else None,
            modality=modality,
            unit=self._unit(token),
        )
        bound.basis = bound.basis or revision_of(self.outline.modality, modality)
        if self.outline.corrects:
            since = said.tokens[i - 1].after if i else said.start
            version = version_of(self.outline.modality, self.flat, since, token.before, token.after)
            bound.basis = bound.basis or version
        self.written.claim(token, bound, slots, said.text, context.base_of(said, i, period.value))

    def _unit(self, token: Token) -> Told:
        """How the unit of a figure is known: printed behind it, or told by its label or by the noun behind it."""
        if token.implied:
            return Told(token.unit, ASSUMED, self.flat[token.last : token.after])
        if token.label is not None:
            return Told(token.unit, STATED, self.flat[token.label : token.first])
        return Told(token.unit, STATED if token.end > token.last else CARRIED, self.flat[token.last : token.end])

    # ---- tables

    def _table(self, table: Table, tokens: Sequence[Token]) -> None:
        """The figures of a table; a cell of words is a paragraph where no head names the columns."""
        written = self.written
        about, rows, standing = self._about(table), self._rows(table), self.outline.standing()
        figures = {figure.cell.start: figure for figure in tables.figures(table, self.flat, about.near, self.language)}
        columns: dict[int, dict[int, int]] = {}
        at = 0
        for cell in table.cells:
            last = _behind(tokens, at, cell.end)
            inside, at = tokens[at:last], last
            written.at = table, cell
            figure = figures.get(cell.start) if cell.end > cell.start else None
            if figure:
                count = len(written.claims)
                self._figure(figure, table, about, inside, rows[cell.row])
                if len(written.claims) > count:
                    columns.setdefault(cell.column, {})[cell.row] = count
            elif not table.heads or _PROSE.search(self.flat, cell.start, cell.end):
                self._paragraph(cell.start, cell.end, inside)
            else:
                for token in inside:
                    written.reject(token, token.reason or "label")
        written.at = None
        self.outline.resume(standing)
        self.columns.append(list(columns.values()))
        for labels, named in tables.row_labels(table, columns):
            self.rows.append(Rows(labels, [columns[column] for column in named]))
        levels = {
            column: cells
            for column, cells in columns.items()
            if all(written.claims[i].attribute == "level" for i in cells.values())
        }
        named_by = {figure.cell.column: figure.column.text for figure in figures.values()}
        self.rows += across(named_by, levels, self.language)

    def _relate_cells(self) -> None:
        """Note which figures of tables are the parts of which, and which amounts growth is between."""
        claims = self.written.claims
        for part, (whole, first) in sums(self.rows, claims, self.language).items():
            claims[part] = replace(claims[part], links=Links(part_of=claims[whole].id, listing=claims[first].id))
        for columns in self.columns:
            for growth, now, then in growth_of(columns, claims):
                claims[growth] = replace(claims[growth], links=Links(subject=claims[now].id, part_of=claims[then].id))

    def _rows(self, table: Table) -> dict[int, str]:
        """The text of each row of a table, cut like a sentence, since each of its figures has it."""
        spans: dict[int, tuple[int, int]] = {}
        for cell in table.cells:
            start, end = spans.get(cell.row, (cell.start, cell.end))
            spans[cell.row] = (min(start, cell.start), max(end, cell.end))
        return {row: self.flat[start : min(end, start + _LONGEST_SENTENCE)] for row, (start, end) in spans.items()}

    def _about(self, table: Table) -> About:
        """What the title of a table says of its figures."""
        part, title = self.outline.part, table.title
        period = context.title_period(self.outline, title)
        named = places.resolve(places.find(title), self.near)
        place = next((mention.place for mention in named if mention.place and mention.full), None)
        planned = heads.is_planned(title, self.language.heads) or bool(self.outline.plans(period.value))
        return About(
            period,
            planned and heads.read_head(title, self.language).modality != "actual",
            budget_named(self.language.budgets, title) if title else part.budget,
            self._title_tier(title, part),
            Told(places.printed(place), CARRIED, title) if place else Told(self.document.place, DOCUMENT),
            (*([place] if place else []), *self.near),
        )

    def _title_tier(self, title: str, part: Part) -> Told:
        if area := heads.area_of(title, self.language):
            return Told(area, CARRIED, title)
        if tier := where.tier_named(title, self.language.naming):
            return Told(self.language.tiers.scope_of[tier], CARRIED, title)
        return Told(part.scope, CARRIED if part.scope else DOCUMENT)

    def _figure(
        self, figure: tables.Figure, table: Table, about: About, inside: Sequence[Token], row_text: str
    ) -> None:
        row, column, token, written = figure.row, figure.column, figure.token, self.written
        name, owner = tables.metric(figure, table.title, self.language) if token else ("", "")
        name = self.outline.own_place.sub("", name, 1) if self.outline.own_place.match(name) else name
        metric = self.language.metrics.bare(name if owner else full_name(self.language.budgets, name, about.budget))
        if token is None or not metric:
            for number in inside:
                written.reject(number, figure.reason if token is None else _NO_HEADER)
            return
        attribute = column.attribute or next((head.attribute for head in row if head.attribute), "")
        attribute = attribute or ("rate" if token.unit == "%" else "level")
        other = other_budget(self.language.budgets, metric, about.budget)
        bound = Bound(
            metric,
            attribute,
            whole=next((head.whole for head in (column, *reversed(row)) if head.whole), None),
            owner="·".join(filter(None, (other, owner))),
            basis=column.version,
            reading=CELL,
        )
        state = attribute in context.OF_STATES and context.is_state(bound, self.language)
        period = context.cell_period(self.outline, figure, about.period, state)
        if about.tier.value and self.language.tiers.scope_of.get(bound.owner) == about.tier.value:
            bound.owner = ""  # 母公司 says it once
        labels = _BELOW.join(head.text for head in row)
        tier = next((head for head in (column, *reversed(row)) if head.level is not None), None)
        place = Told(figure.place, CARRIED, labels) if figure.place else about.place
        level = Told("", CARRIED, labels) if figure.place else about.tier
        if tier:
            own = tier.level == heads.OWN_TIER
            level = Told(where.own_tier(place.value, self.language.tiers) if own else tier.level, CARRIED, tier.text)
        slots = Slots(
            metric=Told(metric, CARRIED, labels),
            period=period,
            place=place,
            tier=level,
            account=Told(about.budget, CARRIED, about.budget) if other or metric != name else None,
            modality=context.cell_modality(self.outline, figure, period.value, table.title, about.planned),
            unit=Told(token.unit, CARRIED, column.unit or table.unit),
        )
        written.passage += 1
        written.claim(token, bound, slots, row_text, anchor=written.anchor(token.start, labels, column.text))
