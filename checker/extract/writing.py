"""Writing claims down: where each stands in the source, what its digits stand for, how each slot was filled."""

from __future__ import annotations

import re
from bisect import bisect_right
from decimal import Decimal
from typing import NamedTuple

from checker.extract.clauses import Bound
from checker.extract.dates import NoSuchDay
from checker.extract.language import Language
from checker.extract.periods import Period
from checker.extract.quantities import ONE, Token, interval
from checker.extract.told import Told
from checker.model import (
    Anchor,
    Cell,
    Claim,
    Document,
    How,
    Interval,
    Location,
    Measure,
    Quantity,
    Rejected,
    Table,
    Where,
)
from checker.model import Period as Days

_AROUND = 12
_BELOW = " "
_NOWHERE, _NO_PERIOD = Anchor(), Days(None, None)
# The longest words that a slot is said to be read from.
_LONGEST = 40
# How a table is read.
CELL = "cell"


class Slots(NamedTuple):
    """What is told of a figure beyond its clause, and how; None where a slot does not apply."""

    metric: Told
    period: Told
    place: Told
    tier: Told
    account: Told | None
    modality: Told
    unit: Told


class Writer:
    """Writes the claims and rejected numbers of one document; `at` is the table and cell that is being read."""

    def __init__(self, document: Document, language: Language) -> None:
        self.document, self.flat = document, document.flat
        self.qualifiers, self.times = language.quantities.qualifiers, language.clauses.times
        self.metrics = language.metrics
        self.claims: list[Claim] = []
        # Where each stands in the flat text; None in tables.
        self.spans: list[tuple[int, int] | None] = []
        self.rejected: list[Rejected] = []
        # The clause of each claim, for those who ask how it was read.
        self.bounds: list[Bound | None] = []
        self.at: tuple[Table, Cell] | None = None
        self.lines = [0, *(m.end() for m in re.finditer("\r\n|\n|\r", document.text))]
        self.pages = [m.end() for m in re.finditer("\f(?:\r\n|\n|\r)?", document.text)]
        self.passage = 0
        # For each slot the ways in which it was filled.
        self._hows: list[dict[tuple[str, ...], How]] = [{} for _ in Slots._fields]

    def anchor(self, offset: int, row: str = "", head: str = "") -> Anchor:
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

    def _place(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of an offset into the source."""
        line = bisect_right(self.lines, offset)
        return line, offset - self.lines[line - 1] + 1

    def reject(self, token: Token, reason: str = "") -> None:
        """Note a number that is no figure; `reason` says why, where nothing did before or knows better."""
        token.reason = reason or token.reason
        begin, stop = self.document.offsets.span(token.first, token.end)
        line, column = self._place(begin)
        around = self.flat[max(0, token.first - _AROUND) : token.last + _AROUND].replace("\n", " ")
        number = self.flat[token.first : token.end]
        anchor = self.anchor(token.first)
        self.rejected.append(
            Rejected(self.document.path, line, column, begin, stop, number, token.reason, around, anchor)
        )

    def no_such_day(self, token: Token, wrong: NoSuchDay, sentence: str) -> None:
        """A date is no figure, but one that does not exist is a slip: its day or month, and how many there are."""
        first, last, end = (token.first + at for at in (wrong.start, wrong.stop, wrong.end))
        begin, stop = self.document.offsets.span(token.first, end)
        number = self.flat[first:last]
        self.spans.append(None)
        self.bounds.append(None)
        self.claims.append(
            Claim(
                id=f"{self.document.path}#{begin}",
                location=self._location(begin, begin, stop, sentence, self.anchor(token.first)),
                quantity=Quantity(
                    number=number,
                    number_to=None,
                    text=self.document.text[begin:stop],
                    value=Decimal(number),
                    interval=Interval(ONE, Decimal(wrong.most)),
                    step=ONE,
                    unit=wrong.unit,
                    printed_unit=wrong.unit,
                    dimension="date",
                    qualifier="exact",
                ),
                measure=Measure(self.flat[token.first : end], None, "date"),
                period=_NO_PERIOD,
                where=Where(self.document.place),
                modality="actual",
            )
        )

    def claim(
        self,
        token: Token,
        bound: Bound,
        slots: Slots,
        sentence: str,
        base: Period | None = None,
        anchor: Anchor | None = None,
    ) -> None:
        """Write down a figure; one with an `anchor` of its own is the figure of a cell."""
        if bound.negative and token.value > 0:
            token.value = -token.value
            token.high = None if token.high is None else -token.high
        source = self.document.offsets.source
        begin, stop = source(token.start), source(token.end - 1) + 1
        printed = begin if token.first == token.start else source(token.first)
        period, level, modality = slots.period.value, slots.tier.value, slots.modality.value
        self.spans.append(None if anchor else (token.before, token.after))
        self.bounds.append(bound)
        self.claims.append(
            Claim(
                id=f"{self.document.path}#{begin}",
                location=self._location(
                    printed, begin, stop, sentence, anchor or self.anchor(token.first), token.to and source(token.to[0])
                ),
                quantity=self._quantity(token, bound, modality, self.document.text[begin:stop]),
                measure=Measure(
                    metric=bound.metric,
                    concept=self.metrics.concept_of(bound.metric, company=bool(self.document.organisation)),
                    attribute=bound.attribute,
                    whole=bound.whole,
                    base=f"{base.start}/{base.end}" if base else None,
                    basis=bound.basis,
                ),
                period=Days(period.start, period.end) if period.known else _NO_PERIOD,
                where=Where(
                    place=slots.place.value,
                    scope=f"{level}·{bound.owner}" if level and bound.owner else level or bound.owner,
                    level=level,
                    owner=bound.owner,
                ),
                modality=modality,
                how=self._how(slots),
                reading=bound.reading,
                passed=bound.passed,
            )
        )

    def _location(
        self, printed: int, start: int, end: int, sentence: str, anchor: Anchor, to: int | None = None
    ) -> Location:
        """Where a claim stands whose digits begin at an offset of the source, those of its second end at `to`."""
        line, column = self._place(printed)
        return Location(
            document=self.document.path,
            line=line,
            column=column,
            start=start,
            end=end,
            sentence=sentence,
            line_to=self._place(to)[0] if to is not None else None,
            order=len(self.claims),
            passage=self.passage,
            anchor=anchor,
        )

    def _quantity(self, token: Token, bound: Bound, modality: str, text: str) -> Quantity:
        qualifier, ends = interval(token, modality, self.qualifiers)
        digits_end = token.to[1] if token.to else token.last
        return Quantity(
            number=self.flat[token.first : token.last],
            number_to=self.flat[token.to[0] : token.to[1]] if token.to else None,
            text=text,
            value=token.value,
            interval=ends,
            step=token.step,
            unit=token.unit or "",
            # How many times as much is no proportion: nothing converts to it.
            dimension="times" if bound.attribute == "multiple" and token.unit in self.times else token.dimension,
            qualifier=qualifier,
            printed_unit="".join(self.flat[digits_end : token.end].split()),
            scale=token.scaled,
        )

    def _how(self, slots: Slots) -> tuple[How, ...]:
        """How each slot was filled; equal ones are kept once."""
        hows = []
        for slot, known, told in zip(Slots._fields, self._hows, slots, strict=True):
            if told:
                key = told.how, told.source
                how = known.get(key)
                if how is None:
                    how = known[key] = How(slot, told.how, " ".join(told.source.split())[:_LONGEST])
                hows.append(how)
        return tuple(hows)
