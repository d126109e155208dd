"""The nouns of the project. Read this file first.

A Document is read, Claims are extracted from it, claims that state the same thing form a Fact, and a rule that
does not hold over some claims yields a Finding. All are frozen. What there are many of is a msgspec Struct, which costs
a twentieth of a frozen dataclass to make.

A Claim is made of parts. Where all its fields are wanted side by side, in JSON, in a collection and in the pandas
frames that alignment and rules work on, it is the flat record that `Record` lists (see `record`, `claim_of`, `frame`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct

if TYPE_CHECKING:
    import pandas as pd

ATTRIBUTES = ("level", "growth", "share", "multiple", "streak", "rank", "rate", "change", "date")
MODALITIES = ("actual", "estimate", "target")
QUALIFIERS = ("exact", "about", "nearly", "over", "under", "at_least", "malformed")
LEVELS = ("error", "warning", "note")
# What is less sure than a note; counted, and shown on demand.
SUSPECTED = "suspected"
OUTCOMES = ("same", "possible", "different")


def severity_rank(level: str) -> int:
    """The place of a level from the worst on; what is no level comes after all."""
    return LEVELS.index(level) if level in LEVELS else len(LEVELS)


class Interval(Struct, frozen=True, gc=False):
    """All numbers between two ends; an end of None is unbounded, and each end knows whether it belongs.

    773亿元 stands for [772.5亿, 773.5亿]: every amount that rounds to what is printed, half up or half even
    (GB/T 8170 allows either at the tie, so both ends are closed).
    """

    low: Decimal | None
    high: Decimal | None
    low_open: bool = False
    high_open: bool = False

    def __post_init__(self) -> None:
        low, high = self.low, self.high
        for end in (low, high):
            if end is not None and not end.is_finite():
                raise ValueError(f"an interval ends at a finite number or is unbounded, not at {end}")
        if low is not None and high is not None and low >= high:
            if low > high:
                raise ValueError(f"upside down: {low} > {high}")
            if self.low_open or self.high_open:
                raise ValueError(f"empty: an open end at the single point {low}")

    @classmethod
    def point(cls, value: Decimal) -> Interval:
        return cls(value, value)

    def __contains__(self, value: Decimal) -> bool:
        above = self.low is None or value > self.low or (value == self.low and not self.low_open)
        below = self.high is None or value < self.high or (value == self.high and not self.high_open)
        return above and below

    def meets(self, other: Interval) -> bool:
        """Whether some number lies in both."""
        return not (self.below(other) or other.below(self))

    def below(self, other: Interval) -> bool:
        """Whether every number in here is less than every number in `other`."""
        if self.high is None or other.low is None:
            return False
        return self.high < other.low or (self.high == other.low and (self.high_open or other.low_open))

    def __add__(self, other: Interval) -> Interval:
        low = None if self.low is None or other.low is None else self.low + other.low
        high = None if self.high is None or other.high is None else self.high + other.high
        return Interval(low, high, self.low_open or other.low_open, self.high_open or other.high_open)

    def __neg__(self) -> Interval:
        return Interval(
            None if self.high is None else -self.high,
            None if self.low is None else -self.low,
            self.high_open,
            self.low_open,
        )

    def __sub__(self, other: Interval) -> Interval:
        return self + -other

    def scale(self, factor: Decimal) -> Interval:
        """Every number times a constant."""
        if factor < 0:
            return (-self).scale(-factor)
        if factor == 0:
            return Interval.point(Decimal(0))
        return Interval(
            None if self.low is None else self.low * factor,
            None if self.high is None else self.high * factor,
            self.low_open,
            self.high_open,
        )


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """Where each character of a text with its layout undone stood in the source.

    `starts[i]` is the first flat offset of the i-th run of characters copied unchanged, `sources[i]` its offset in
    the source; both ascend.
    """

    starts: tuple[int, ...]
    sources: tuple[int, ...]

    def source(self, flat: int) -> int:
        """The source offset of the character at this flat offset."""
        i = bisect_right(self.starts, flat) - 1
        return self.sources[i] + flat - self.starts[i]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The source span that begins at the first and ends after the last of these flat characters."""
        return self.source(start), self.source(end - 1) + 1


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that names what stands below it; level 1 is the highest. Offsets count characters of the flat text."""

    start: int
    end: int
    level: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text, without the break at its end. Offsets count characters of the flat text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: where its text stands in the flat text, and the rows and columns it covers, from 0.

    `ref` is its name in a spreadsheet (C14).
    """

    start: int
    end: int
    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A grid of cells, by rows. `number` counts the tables of a document from 1.

    The first `heads` rows name the columns. `unit` is what its note, title or head gives for all its figures, `title`
    and `notes` are the texts above and below that belong to it, `sheet` that of a spreadsheet.
    """

    start: int
    end: int
    number: int
    cells: tuple[Cell, ...]
    heads: int
    title: str = ""
    unit: str = ""
    notes: tuple[str, ...] = ()
    sheet: str = ""


Block = Heading | Paragraph | Table


class Anchor(Struct, frozen=True, gc=False):
    """Where a person finds a figure, beyond line, column and offsets: whatever the format of its document has.

    page counts from 1, and `page_line` is the line on it; table counts the tables of the document, and row and head are
    the labels of the row and of the column there; sheet and cell are those of a spreadsheet (C14).
    """

    page: int | None = None
    page_line: int | None = None
    table: int | None = None
    row: str = ""
    head: str = ""
    sheet: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """How a field of a document was filled: title, date, place, publisher, organisation, kind or period.

    `sure` is stated, inferred or unknown; `how` is where it was read: manifest, front matter, title, head (the lines
    below the title), a line, label, meeting or signature that gives the day, text, named (most named), season (only by
    the year and the kind), date, or file (what the file says beside its text); `text` are the words that say so, and
    `line` the one of the source that they stand on.
    """

    field: str
    sure: str
    how: str = ""
    text: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A text as it was read.

    text      the decoded source, layout and all, or what was read from a file that is no text: a line a paragraph, a
              line a row of a table, a form feed in front of each new page; every offset of a claim counts its
              characters
    flat      the text with layout undone; lines are paragraphs and rows of tables
    offsets   from flat back to text
    blocks    headings, paragraphs and tables in reading order, by their offsets in flat
    format    what the file is: text, markdown, html, docx, xlsx, pdf and so on
    title, date, place   from the manifest, front matter or the text itself; the date drives relative periods
    inferred  the names of those of the three that were read off the text
    kind      what sort of report it is: statistical bulletin, budget report and so on; empty where that is open
    publisher, organisation   who publishes it; the company it is about, if it is about one and not about a place
    period_start, period_end  first and last day of what it reports on
    origins   how each of these was filled
    """

    path: str
    text: str
    flat: str
    offsets: OffsetMap
    title: str = ""
    date: date | None = None
    place: str = ""
    digest: str = ""
    note: str = ""
    inferred: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    format: str = "text"
    kind: str = ""
    publisher: str = ""
    organisation: str = ""
    period_start: str | None = None
    period_end: str | None = None
    origins: tuple[Origin, ...] = ()


class How(Struct, frozen=True, gc=False):
    """How a slot of a claim was filled: metric, period, place, tier, account, modality or unit.

    `how` is stated where the clause or sentence of the figure says so; carried where a clause, sentence, paragraph,
    heading or the head of a table above it does; document where it is what the document as a whole is about; assumed
    where it is a guess. `text` are the words it was read from, where it was read from any.
    """

    slot: str
    how: str
    text: str = ""


class Location(Struct, frozen=True, gc=False):
    """Where a claim stands.

    line and column count from 1, start and end are character offsets of the printed quantity in the decoded text;
    `line_to` is the line of the second end of a printed range. `order` counts the claims of a document, `passage` its
    sentences.
    """

    document: str
    line: int
    column: int
    start: int
    end: int
    sentence: str
    line_to: int | None = None
    order: int = 0
    passage: int = 0
    anchor: Anchor = Anchor()


class Quantity(Struct, frozen=True, gc=False):
    """What is printed, and what it stands for.

    `number` are the digits as printed (`number_to` those of the second end of a range), `printed_unit` what stands
    behind them, 万 and 亿 and all, `scale` what these amount to (773亿元: 亿元 and 100000000). value and interval are
    in the base unit (77300000000 元); the interval is what the printed digits stand for, or a printed range. `step` is
    the value of one unit in the last printed digit; `dimension` groups units that can state the same fact.
    """

    number: str
    number_to: str | None
    text: str
    value: Decimal
    interval: Interval
    step: Decimal
    unit: str
    dimension: str
    qualifier: str
    printed_unit: str = ""
    scale: Decimal = Decimal(1)


class Measure(Struct, frozen=True, gc=False):
    """What is measured, and how.

    `whole` names what a share or part is taken of, or whom a rank is among; `base` is the first and last day a multiple
    or change is measured against, where the text names one, as first/last; `basis` says how growth is measured (年均,
    实际, 同口径), or 相比 for a difference from another place or a goal.
    """

    metric: str
    concept: str | None
    attribute: str
    whole: str | None = None
    base: str | None = None
    basis: str = ""


class Period(Struct, frozen=True, gc=False):
    """First and last day; None where that is unknown."""

    start: str | None
    end: str | None


class Where(Struct, frozen=True, gc=False):
    """Whom a claim is about.

    `level` is the tier of administration it speaks of (市本级; empty for the place itself) and `owner` what a bare head
    such as 完成投资 belongs to; together they make up `scope`.
    """

    place: str
    scope: str = ""
    level: str = ""
    owner: str = ""


class Links(Struct, frozen=True, gc=False):
    """The claims of its document that a claim belongs to, by id.

    `part_of` is the whole or total that an amount is said to be part of (其中, 合计), of a share the whole it is taken
    of, of a difference the amount it is compared with; `listing` is the first of the parts that together make up the
    whole, where the text lists them all; `among` is the first of the amounts that one list (其中) names as parts of one
    whole, where the list was read to its end and its words do not leave it open (等); `subject` is the amount that a
    share, growth, a rate or a difference is said of.
    """

    part_of: str | None = None
    listing: str | None = None
    among: str | None = None
    subject: str | None = None


def _at(path: str) -> Any:
    return property(attrgetter(path))


class Record:
    """The fields of a claim side by side, in the order in which they are written, and the part that holds each."""

    __slots__ = ()

    id: str
    document: str = _at("location.document")
    line: int = _at("location.line")
    column: int = _at("location.column")
    start: int = _at("location.start")
    end: int = _at("location.end")
    number: str = _at("quantity.number")
    number_to: str | None = _at("quantity.number_to")
    text: str = _at("quantity.text")
    value: Decimal = _at("quantity.value")
    low: Decimal | None = _at("quantity.interval.low")
    high: Decimal | None = _at("quantity.interval.high")
    low_open: bool = _at("quantity.interval.low_open")
    high_open: bool = _at("quantity.interval.high_open")
    step: Decimal = _at("quantity.step")
    unit: str = _at("quantity.unit")
    printed_unit: str = _at("quantity.printed_unit")
    scale: Decimal = _at("quantity.scale")
    dimension: str = _at("quantity.dimension")
    qualifier: str = _at("quantity.qualifier")
    metric: str = _at("measure.metric")
    concept: str | None = _at("measure.concept")
    attribute: str = _at("measure.attribute")
    period_start: str | None = _at("period.start")
    period_end: str | None = _at("period.end")
    modality: str
    place: str = _at("where.place")
    scope: str = _at("where.scope")
    sentence: str = _at("location.sentence")
    level: str = _at("where.level")
    owner: str = _at("where.owner")
    whole: str | None = _at("measure.whole")
    base: str | None = _at("measure.base")
    basis: str = _at("measure.basis")
    line_to: int | None = _at("location.line_to")
    order: int = _at("location.order")
    passage: int = _at("location.passage")
    part_of: str | None = _at("links.part_of")
    listing: str | None = _at("links.listing")
    among: str | None = _at("links.among")
    subject: str | None = _at("links.subject")
    anchor: Anchor = _at("location.anchor")
    how: tuple[How, ...]
    reading: str
    passed: tuple[str, ...]


class Claim(Record, Struct, frozen=True, gc=False):
    """One quantity that a document states, bound to what it measures; `claim.value` is `claim.quantity.value`.

    `how` says how each slot was filled; `reading` names the pattern by which the words around the figure were read
    (cell in a table), and `passed` the other ones that fitted as well.
    """

    id: str
    location: Location
    quantity: Quantity
    measure: Measure
    period: Period
    where: Where
    modality: str
    links: Links = Links()
    how: tuple[How, ...] = ()
    reading: str = ""
    passed: tuple[str, ...] = ()

    @property
    def interval(self) -> Interval:
        return self.quantity.interval


class Rejected(Struct, frozen=True, gc=False):
    """A number that was seen and is not a claim, with the reason."""

    document: str
    line: int
    column: int
    start: int
    end: int
    number: str
    reason: str
    context: str
    anchor: Anchor = Anchor()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for or against two claims stating the same thing; weights add up to the score."""

    what: str
    left: str
    right: str
    weight: float


@dataclass(frozen=True, slots=True)
class Match:
    """Two claims compared: the evidence, its sum and what it amounts to (same, possible, different)."""

    left: str
    right: str
    score: float
    outcome: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """Claims that state the same thing: one metric of one place and scope over one period."""

    id: str
    metric: str
    concept: str | None
    attribute: str
    unit: str
    place: str
    scope: str
    period_start: str | None
    period_end: str | None
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Something that would make a difference harmless, and whether it was found.

    text is the sentence that says so. One that is possible is not stated: the texts, or what is known of such figures,
    only allow for it.
    """

    id: str
    title: dict[str, str]
    found: bool
    text: str = ""
    possible: bool = False


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A slip that would account for a difference: with `corrected` for what the claim prints, the rule holds."""

    id: str
    title: dict[str, str]
    claim: str
    printed: str
    corrected: str


@dataclass(frozen=True, slots=True)
class Suppression:
    """Why a finding no longer counts: it is part of a `baseline`, or a person has made a `decision` about it."""

    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What makes a finding more or less likely to be right; weights of marks add up to its log odds."""

    id: str
    title: dict[str, str]
    weight: float


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says of some claims. Messages exist in Chinese and English.

    fingerprint names the finding across runs: rule, metric, period, place and documents, no offsets, no wording.
    verdict is `unexplained` or `explained`. difference and relative are |a - b| in the base unit and as a share of
    the larger, where two figures are compared. An unexplained one has hypotheses, the most plausible first. One that
    is suppressed is shown, as such, and decides nothing.
    severity is the level its rule gives it; confidence, from 0 to 1, is how likely it is right, by its marks; level is
    the milder of what the two allow, and `suspected` where it is too unsure for a note. `also` are other findings of
    the same cause, whose claims it binds as further witnesses. importance orders findings by what a reader would miss
    most: confidence, the weight of the indicator, how far the figures are apart, whether one document contradicts
    itself.
    """

    fingerprint: str
    rule: str
    level: str
    verdict: str
    title: dict[str, str]
    message: dict[str, str]
    why: dict[str, str]
    claims: tuple[str, ...]
    formula: str
    metric: str
    place: str
    period_start: str | None
    period_end: str | None
    difference: Decimal | None = None
    relative: float | None = None
    explanations: tuple[Explanation, ...] = ()
    matches: tuple[Match, ...] = ()
    hypotheses: tuple[Hypothesis, ...] = ()
    suppression: Suppression | None = None
    severity: str = ""
    confidence: float | None = None
    marks: tuple[Mark, ...] = ()
    also: tuple[Finding, ...] = ()
    importance: float = 0.0


@dataclass(frozen=True, slots=True)
class Problem:
    """A document that could not be read: its name and the reason."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Audit:
    """All that an audit found, in an order that does not depend on the order of the files.

    Where new documents were checked against a collection, `new` are the paths of those that could be read, `alone`
    those of whose place the collection holds nothing, and `held` is how many documents that holds; of those, only the
    ones that findings bind are among `documents`, and only the claims that share a fact with a new one, or a finding,
    among `claims`. `suspected` are findings too unsure to be shown unless asked for.
    """

    documents: tuple[Document, ...]
    claims: tuple[Claim, ...]
    rejected: tuple[Rejected, ...]
    facts: tuple[Fact, ...]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...] = ()
    rules: tuple[str, ...] = field(default=())
    new: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    held: int | None = None
    suspected: tuple[Finding, ...] = ()


_Part = TypeVar("_Part", bound=Struct)


def field_names(kind: Any) -> tuple[str, ...]:
    """The names of what is written of a kind of result, in order; of claims, those of the flat record."""
    if issubclass(kind, Claim):
        return tuple(Record.__annotations__)
    return kind.__struct_fields__ if issubclass(kind, Struct) else tuple(kind.__dataclass_fields__)


def record(item: Any) -> dict[str, Any]:
    """A claim, or another result, as its fields by name."""
    return {name: getattr(item, name) for name in field_names(type(item))}


def claim_of(**record: Any) -> Claim:
    """The claim of a flat record; fields that have a default may be missing."""

    def part(kind: type[_Part], **given: Any) -> _Part:
        return kind(**{name: record[name] for name in kind.__struct_fields__ if name in record}, **given)

    interval = Interval(record["low"], record["high"], record["low_open"], record["high_open"])
    return part(
        Claim,
        location=part(Location),
        quantity=part(Quantity, interval=interval),
        measure=part(Measure),
        period=Period(record["period_start"], record["period_end"]),
        where=part(Where),
        links=part(Links),
    )


def changed(item: _Part, **given: Any) -> _Part:
    """A claim, or another result, with other values of some fields of its record."""
    make: Any = claim_of if isinstance(item, Claim) else type(item)
    made: _Part = make(**record(item) | given)
    return made


def frame(rows: Iterable[Any], kind: type) -> pd.DataFrame:
    """A table with one row a result and one column a field; Decimals become floats, for evaluation by column."""
    import pandas as pd

    names = field_names(kind)
    table = pd.DataFrame(list(map(attrgetter(*names), rows)), columns=list(names))
    for name in ("value", "low", "high", "step", "scale"):
        if name in table:
            table[name] = pd.to_numeric(table[name].map(lambda x: None if x is None else float(x)))
    return table
