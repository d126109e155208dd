"""The beginning and the end of a text, where a document says of itself who, where and when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checker.read.titles import Line, Title, find_title, lines_of

# How many lines below its title a document may tell them, how many at its end, and where its beginning ends.
_BELOW, _END, BEGINNING = 30, 40, 3000


@dataclass(frozen=True, slots=True)
class Page:
    """A flat text, its first and last lines, and the title that stands among them."""

    flat: str
    lines: tuple[Line, ...]
    tail: tuple[Line, ...]
    title: Title | None

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
        """Every match between two offsets; what stands outside is not there."""
        return pattern.finditer(self.flat[:end], start)


def page(flat: str) -> Page:
    """The page of a flat text."""
    lines = lines_of(flat, 0, 4 * BEGINNING)
    return Page(flat, tuple(lines), tuple(lines_of(flat, max(0, len(flat) - BEGINNING))[-_END:]), find_title(lines))
