"""The beginning and the end of a document, line by line as printed, where it says of itself who, where and when."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from checker.model import Table
from checker.read.assemble import MARK, Laid
from checker.read.layout import lines_of
from checker.read.titles import Line, Title, find_title

# The beginning that is read, how many lines below its title may tell, how many at the end, and how much of the whole is
# searched; and how far a document is taken to tell what it is, in characters.
_HEAD, _BELOW, _END, _WHOLE = 16000, 30, 40, 200_000
BEGINNING = 3000


@dataclass(frozen=True, slots=True)
class Page:
    """The first lines of a document and their text, its last lines, its title, and the whole as it was laid out."""

    lines: tuple[Line, ...]
    text: str
    tail: tuple[Line, ...]
    title: Title | None
    whole: Laid

    @property
    def start(self) -> int:
        """Where the title begins; the beginning where there is none."""
        return self.lines[self.title.first].start if self.title else 0

    @property
    def below(self) -> tuple[Line, ...]:
        """The title and the lines below it."""
        first, last = (self.title.first, self.title.last) if self.title else (0, 0)
        return self.lines[first : last + _BELOW]

    @property
    def end(self) -> int:
        """Where the last of those lines ends."""
        return self.below[-1].start + len(self.below[-1].text) if self.below else 0

    def finditer(self, pattern: re.Pattern[str], start: int, end: int) -> Iterator[re.Match[str]]:
        """Every match between two offsets of the text; what stands outside is not there."""
        return pattern.finditer(self.text[:end], start)

    @property
    def flat(self) -> str:
        """So much of the whole, laid out, as is searched for what comes up time and again."""
        return self.whole.flat[:_WHOLE]

    def source(self, m: re.Match[str]) -> int:
        """Where in the source the line begins on which a match of the text does."""
        at = m.start() + len(m[0]) - len(m[0].lstrip())
        return self.lines[bisect_right([line.start for line in self.lines], at) - 1].source


def page(text: str, laid: Laid) -> Page:
    """The page of a text that was laid out."""
    first = laid.offsets.sources[0]
    lines = _lines(text, first, first + _HEAD)
    tables = [_sources(block, laid) for block in laid.blocks if isinstance(block, Table)]
    lines = tuple(replace(line, row=True) if _is_row(line, tables) else line for line in lines)
    tail = _lines(text, max(first, len(text) - BEGINNING), len(text))[-_END:]
    return Page(lines, "\n".join(line.text for line in lines), tail, find_title(lines), laid)


def _sources(table: Table, laid: Laid) -> tuple[int, int]:
    """Where a table begins and ends in the source."""
    return laid.offsets.source(table.start), laid.offsets.source(max(table.start, table.end - 1))


def _is_row(line: Line, tables: Sequence[tuple[int, int]]) -> bool:
    """Whether a line is a row of one of these tables, in order, with more than one cell."""
    at = bisect_right(tables, (line.source + len(line.text), 0))
    return MARK in line.text and at > 0 and line.source <= tables[at - 1][1]


def _lines(text: str, start: int, end: int) -> tuple[Line, ...]:
    found, at = [], 0
    for line in lines_of(text, start, end):
        kept = line.kept.strip()
        if kept:
            found.append(Line(at, kept, line.start))
            at += len(kept) + 1
    return tuple(found)
