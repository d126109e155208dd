"""Lines become passages: paragraphs by how the lines are indented and how far they go, headings by how they look."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from checker.read.content import Grid, Passage
from checker.read.formats.pdf_lines import Line
from checker.read.formats.pdf_sheets import Sheet, drop_running, join_tables
from checker.read.formats.pdf_tables import Block

# In sizes of a letter: how far a line is indented, or falls short, or falls so short that nothing goes on after it;
# how far the next line of a paragraph may be below; and the gap between two texts on one line.
INDENT = 1.2
SHORT = 1.6
FAR_SHORT = 8.0
LEADING = 2.6
APART = 3.0
CENTRED = 2.5
# How much larger the letters of a heading are, and how long it is at most.
LARGER = 1.08
HEADING = 80
LOWEST = 6

_ENDS = re.compile(r"[。！？!?：:；;…][”’」』）)\"']*$")
_SENTENCE = re.compile(r"[。；！，;,]$")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(slots=True)
class Placed:
    """A line with the margins of its column, and whether it stands in the middle between them, or at the right."""

    line: Line
    left: float
    right: float
    page: int
    centred: bool
    aside: bool

    @property
    def indented(self) -> bool:
        return self.line.left - self.left > INDENT * self.line.size

    @property
    def missing(self) -> float:
        """How far it falls short, in sizes of a letter."""
        return (self.right - self.line.right) / max(self.line.size, 1.0)


@dataclass(frozen=True, slots=True)
class Font:
    """What most of the text of a document is set in."""

    size: float
    weight: int


def blocks_of(sheets: list[Sheet]) -> list[Passage | Grid]:
    """What the pages of a document say, in reading order."""
    drop_running(sheets)
    flow = Flow(_font(sheets))
    margins = _margins(sheets)
    join_tables(sheets)
    for number, sheet in enumerate(sheets):
        flow.turn(number > 0 and not sheet.begun)
        for i, column in enumerate(sheet.columns):
            left, right = margins.get(_column_key(sheet, number, i), (0.0, 0.0))
            edges = min([left, *(thing.left for thing in column)]), max([right, *(thing.right for thing in column)])
            right = _own_right(column) or right
            things = [
                part
                if isinstance(part, Block)
                else Placed(part, left, right, number, _is_centred(part, *edges), _is_aside(part, *edges))
                for thing in column
                for part in _apart(thing)
            ]
            notes = _notes(things, flow.font)
            for thing in things[: len(things) - notes]:
                flow.add(thing)
            flow.add_aside(things[len(things) - notes :])
    return flow.finished()


@dataclass(slots=True)
class Flow:
    """A text as it grows: the blocks that are done, the paragraph that still may go on, and a page that has begun."""

    font: Font
    blocks: list[Passage | Grid | list[Placed]] = field(default_factory=list)
    paragraph: list[Placed] = field(default_factory=list)
    turned: bool = False

    def turn(self, told: bool) -> None:
        """Begin a page, of which is told that it begins if nothing else tells."""
        if self.turned:
            self._end()
        self.turned = told

    def add(self, thing: Placed | Block) -> None:
        if isinstance(thing, Block):
            self._end()
            self.blocks.append(Grid(tuple(thing.cells), thing.heads, tuple(thing.pages)))
        elif self.paragraph and _goes_on(self.paragraph[-1], thing, self.font):
            self.turned = False
            self.paragraph.append(thing)
        else:
            self._end()
            self.paragraph.append(thing)

    def add_aside(self, notes: list[Placed | Block]) -> None:
        """Put the notes at the foot of a page in front of a paragraph that they would interrupt."""
        open_paragraph: list[Placed] = []
        if notes and self.paragraph and not _ENDS.search(self.paragraph[-1].line.text):
            open_paragraph, self.paragraph = self.paragraph, []
        for note in notes:
            self.add(note)
        if open_paragraph:
            self._end()
            self.paragraph = open_paragraph

    def finished(self) -> list[Passage | Grid]:
        self._end()
        levels = iter(_levels([block for block in self.blocks if isinstance(block, list)], self.font))
        return [Passage(_text(block), next(levels)) if isinstance(block, list) else block for block in self.blocks]

    def _end(self) -> None:
        if self.paragraph:
            self.blocks.append(self.paragraph)
            self.paragraph = []
        if self.turned:
            self.blocks.append(Passage("\f"))
            self.turned = False


def _notes(things: list[Placed | Block], font: Font) -> int:
    """How many lines at the end of a page are notes, in small type below running text."""
    for count, thing in enumerate(reversed(things)):
        if isinstance(thing, Block):
            return 0
        if thing.line.size * LARGER > font.size:
            return count
    return 0


def _own_right(column: list[Line | Block]) -> float | None:
    """Where the lines of one page end, if two of them end there."""
    rights = sorted((thing.right for thing in column), reverse=True)
    size = max((thing.size for thing in column if isinstance(thing, Line)), default=0.0)
    return rights[0] if len(rights) > 1 and rights[0] - rights[1] < size / 2 else None


def _is_centred(line: Line, left: float, right: float) -> bool:
    before, after = line.left - left, right - line.right
    return min(before, after) > CENTRED * line.size and abs(before - after) < 2 * line.size


def _is_aside(line: Line, left: float, right: float) -> bool:
    return line.left > (left + right) / 2 and right - line.right < CENTRED * line.size


def _text(lines: list[Placed]) -> str:
    text = lines[0].line.text
    for before, after in pairwise(lines):
        text += ("\n" if before.page == after.page else "\f") + after.line.text
    return text


def _apart(thing: Line | Block) -> list[Line | Block]:
    """A line as the texts that stand far apart on it; what ends in a figure is a line of a list."""
    if isinstance(thing, Block) or len(thing.runs) == 1 or thing.runs[-1].is_figure:
        return [thing]
    parts: list[Line | Block] = []
    runs = [thing.runs[0]]
    for before, after in pairwise(thing.runs):
        if after.left - before.right > APART * thing.size:
            parts.append(Line(runs, thing.size, thing.weight))
            runs = []
        runs.append(after)
    return [*parts, Line(runs, thing.size, thing.weight)]


def _goes_on(before: Placed, after: Placed, font: Font) -> bool:
    """Whether a line goes on with the paragraph of the line before it."""
    above, below = before.line, after.line
    if abs(above.size - below.size) > (LARGER - 1) * above.size:
        return False
    down = below.baseline - above.baseline
    if before.page == after.page and (abs(down) < above.size / 2 or down > LEADING * above.size):
        return False
    if min(above.size, below.size) > LARGER * font.size and (before.centred or before.missing <= 2 * CENTRED):
        return before.page == after.page and after.centred and above.weight == below.weight
    if before.centred or after.centred:
        return False
    ended = bool(_ENDS.search(above.text))
    if after.indented:
        return before.missing <= SHORT and not ended
    return before.missing <= SHORT or (before.missing <= FAR_SHORT and not ended and above.weight == below.weight)


def _levels(paragraphs: list[list[Placed]], font: Font) -> list[int]:
    """The level of each paragraph as a heading, 0 for those that are none: by size, then bold or centred ones."""
    looks = [_look(lines, font) for lines in paragraphs]
    levels: dict[float, int] = {0.0: 0}
    largest, level = 0.0, 0
    for size in sorted({size for size in looks if size}, reverse=True):
        # Sizes that the eye does not tell apart are one.
        if not level or size * LARGER < largest:
            largest, level = size, min(level + 1, LOWEST)
        levels[size] = level
    return [levels[size] for size in looks]


def _look(lines: list[Placed], font: Font) -> float:
    """The size of a heading, to half a point; 0 for running text."""
    text = _text(lines)
    if lines[0].aside or len(text) > HEADING or _SENTENCE.search(text) or not _LETTER.search(text):
        return 0.0
    size = round(lines[0].line.size * 2) / 2
    larger = size > LARGER * font.size
    bold = size >= font.size and all(placed.line.weight > font.weight for placed in lines)
    centred = size >= font.size and all(placed.centred for placed in lines)
    return (size if larger else font.size) if larger or bold or centred else 0.0


def _font(sheets: list[Sheet]) -> Font:
    letters: Counter[tuple[float, int]] = Counter()
    for line in (line for sheet in sheets for column in sheet.columns for line in column):
        if isinstance(line, Line):
            letters[round(line.size * 2) / 2, line.weight] += len(line.text)
    return Font(*letters.most_common(1)[0][0]) if letters else Font(0.0, 0)


def _margins(sheets: list[Sheet]) -> dict[tuple[int, int, int], tuple[float, float]]:
    """Where the lines of a column begin and end, but for a few that stand out."""
    lines: defaultdict[tuple[int, int, int], list[Line]] = defaultdict(list)
    for number, sheet in enumerate(sheets):
        for i, column in enumerate(sheet.columns):
            lines[_column_key(sheet, number, i)] += [line for line in column if isinstance(line, Line)]
    found = {}
    for key, held in lines.items():
        if held:
            lefts, rights = sorted(line.left for line in held), sorted(line.right for line in held)
            found[key] = lefts[len(held) // 20], rights[-1 - len(held) // 20]
    return found


def _column_key(sheet: Sheet, number: int, column: int) -> tuple[int, int, int]:
    """Pages of one column and one width have their margins in common; any other column has its own."""
    return (-1, round(sheet.width), 0) if len(sheet.columns) == 1 else (number, len(sheet.columns), column)
