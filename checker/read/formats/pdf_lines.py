"""Letters become runs, which hang together and are broken by a gap; runs become lines, and lines stand in columns."""

from __future__ import annotations

import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from checker.read.formats.pdf_page import Letters, Look

# All in heights of a letter, which are a little more than its size.
GAP = 0.8
BACK = 0.3
SAME_LINE = 0.35
# How high above a line the sign of a note stands, at least and at most; and how many there are on one.
RAISED = 0.12
HIGH = 0.75
NOTES = 20
# A gutter is so many points wide, has so many runs on both sides, and what goes across it is so small a share of what
# goes across the fullest x.
WHITE = 4.0
FEW = 6
CROSSING = 0.2
# So large a share of the lines of a column fills so much of its width.
MOST = 0.6
FULL = 0.6

_WIDE = re.compile(r"[⁰¹²³⁴-⁹\u2e80-\U0010ffff\u2018-\u201d\u2026\u2014]")
_NOTE = re.compile(r"\d{1,3}|[\[［〔]\d{1,3}[\]］〕]|[①-⑳]")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_FIGURES = re.compile(r"[-+−–—]?[\d.,，]+[%％‰]?[^\d]?\d{0,2}[^\d]?")


@dataclass(slots=True)
class Run:
    """Letters that hang together on one baseline; `last` is the number of the last one in PDFium."""

    text: str
    left: float
    right: float
    baseline: float
    height: float
    last: int

    @property
    def top(self) -> float:
        return self.baseline - self.height * 0.8

    @property
    def bottom(self) -> float:
        return self.baseline + self.height * 0.2

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def is_figure(self) -> bool:
        """Whether it is a number, maybe with a unit of one letter."""
        return bool(_FIGURES.fullmatch(self.text)) or self.text in "-—–"


@dataclass(slots=True)
class Line:
    """Runs on one baseline, from left to right, and the font of the first of them."""

    runs: list[Run]
    size: float = 0.0
    weight: int = 0

    @property
    def left(self) -> float:
        return self.runs[0].left

    @property
    def right(self) -> float:
        return self.runs[-1].right

    @property
    def baseline(self) -> float:
        return self.runs[0].baseline

    @property
    def height(self) -> float:
        return min(run.height for run in self.runs)

    @property
    def top(self) -> float:
        return min(run.top for run in self.runs)

    @property
    def bottom(self) -> float:
        return max(run.bottom for run in self.runs)

    @property
    def text(self) -> str:
        return "".join(
            run.text if i == 0 else _gap(self.runs[i - 1], run) + run.text for i, run in enumerate(self.runs)
        )


class Boxed(Protocol):
    """What has a place on a page."""

    @property
    def left(self) -> float: ...
    @property
    def right(self) -> float: ...
    @property
    def top(self) -> float: ...
    @property
    def bottom(self) -> float: ...


Thing = TypeVar("Thing", bound=Boxed)


def _gap(before: Run, after: Run) -> str:
    return " " if after.left - before.right > GAP * min(before.height, after.height) else joint(before.text, after.text)


def joint(before: str, after: str) -> str:
    """What stands between two texts that belong together: nothing beside Chinese, a space between words."""
    return "" if _WIDE.match(before[-1:]) or _WIDE.match(after[:1]) else " "


def runs_of(letters: Letters, groups: npt.NDArray[np.int64]) -> dict[int, list[Run]]:
    """The runs of each group of letters, in the order of the file."""
    import numpy as np

    height = np.minimum(letters.height[1:], letters.height[:-1])
    gap = letters.left[1:] - letters.right[:-1]
    broken = (
        (groups[1:] != groups[:-1])
        | (np.abs(np.diff(letters.baseline)) > RAISED * height)
        | (gap > GAP * height)
        | (np.diff(letters.left) < -BACK * height)
    )
    codes = np.frombuffer(letters.text.encode("utf-32-le"), "<u4")
    narrow = codes < 0x2000
    spaced = letters.spaced.copy()
    spaced[1:] &= narrow[1:] & narrow[:-1] & ~broken
    spaces = np.flatnonzero(spaced).tolist()
    starts = [0, *(np.flatnonzero(broken) + 1).tolist()]
    ends = [*starts[1:], len(codes)]
    lefts = np.minimum.reduceat(letters.left, starts).tolist()
    rights = np.maximum.reduceat(letters.right, starts).tolist()
    heights = np.minimum.reduceat(letters.height, starts).tolist()
    baselines, lasts, owners = (
        letters.baseline[starts].tolist(),
        letters.index[np.array(ends) - 1].tolist(),
        groups[starts].tolist(),
    )
    found: dict[int, list[Run]] = {}
    next_space = 0
    for i, (start, end) in enumerate(zip(starts, ends, strict=True)):
        text = letters.text[start:end]
        at = next_space
        while at < len(spaces) and spaces[at] < end:
            at += 1
        if at > next_space:
            cuts = [start, *(place for place in spaces[next_space:at] if place > start), end]
            text = " ".join(letters.text[a:b] for a, b in pairwise(cuts))
            next_space = at
        run = Run(text, lefts[i], rights[i], baselines[i], heights[i], lasts[i])
        found.setdefault(owners[i], []).append(run)
    return found


def lines_of(runs: Sequence[Run], look: Callable[[int], Look] | None = None) -> list[Line]:
    """The lines that runs stand on, from the top; with the fonts they are set in where `look` tells them."""
    lines: list[Line] = []
    for run in sorted(runs, key=lambda run: run.baseline) if len(runs) > 1 else runs:
        last = lines[-1].runs[-1] if lines else None
        if last and run.baseline - last.baseline <= SAME_LINE * min(run.height, last.height):
            lines[-1].runs.append(run)
        else:
            lines.append(Line([run]))
    if len(lines) > 1:
        lines = _lowered(lines)
    for line in lines:
        line.runs.sort(key=lambda run: run.left)
        # The longest run is the one that a line is known by.
        longest = max(line.runs, key=lambda run: len(run.text))
        if len(line.runs) > 1:
            line.runs = [_as_printed(run, longest) for run in line.runs]
        if look:
            seen = look(longest.last)
            line.size = seen.size
            line.weight = min(seen.weight, look(line.runs[-1].last).weight) if seen.weight else 0
    return lines


def _lowered(lines: list[Line]) -> list[Line]:
    """The lines with the raised signs of notes put on the line that they belong to."""
    kept: list[Line] = []
    for line, below in zip_longest(lines, lines[1:]):
        if below and len(line.runs) <= NOTES and all(_is_raised(run, below) for run in line.runs):
            below.runs += line.runs
        else:
            kept.append(line)
    return kept


def _is_raised(run: Run, line: Line) -> bool:
    height = line.runs[0].height
    near = line.runs[0].baseline - run.baseline < HIGH * height and _NOTE.fullmatch(run.text)
    return bool(near) and any(
        min(abs(run.left - one.right), abs(one.left - run.right)) < height / 2 for one in line.runs
    )


def _as_printed(run: Run, longest: Run) -> Run:
    """A run on a line, with raised figures where it is the raised sign of a note."""
    raised = longest.baseline - run.baseline > 2 * RAISED * longest.height and _NOTE.fullmatch(run.text)
    return replace(run, text=run.text.translate(_RAISED)) if raised else run


def columns_of(things: list[Thing]) -> list[list[Thing]]:
    """The columns that things stand in, in reading order; a page without columns is one.

    What goes across a gutter parts the page: what is above is read before what is below.
    """
    gutters = _gutters(things)
    columns: list[list[Thing]] = []
    band: list[list[Thing]] = [[] for _ in range(len(gutters) + 1)]
    across: list[Thing] = []

    def flush(parts: list[list[Thing]]) -> None:
        for part in parts:
            if part:
                columns.append(part[:])
                part.clear()

    for thing in sorted(things, key=lambda thing: thing.top) if gutters else []:
        left, right = bisect(gutters, thing.left), bisect(gutters, thing.right)
        if left != right:
            flush(band)
            across.append(thing)
        else:
            flush([across])
            band[left].append(thing)
    flush([*band, across])
    return columns or [things]


def _gutters(things: list[Thing]) -> list[float]:
    """The x that part a page into columns of running text, with little that goes across."""
    import numpy as np

    if len(things) < 2 * FEW:
        return []
    lefts = np.sort([thing.left for thing in things])
    rights = np.sort([thing.right for thing in things])
    x = np.arange(lefts[0], rights[-1])
    before = np.searchsorted(rights, x)
    over = np.searchsorted(lefts, x) - before
    white = (over <= CROSSING * over.max()) & (before >= FEW) & (before + over <= len(things) - FEW)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], white, [False]]))).reshape(-1, 2)
    gutters = []
    for start, end in edges.tolist():
        least = np.flatnonzero(over[start:end] == over[start:end].min())
        if end - start >= WHITE:
            gutters.append(float(x[start + least[len(least) // 2]]))
    while gutters:
        bounds = [-1e9, *gutters, 1e9]
        sides = [
            _is_prose([thing for thing in things if a <= thing.left and thing.right <= b]) for a, b in pairwise(bounds)
        ]
        if all(sides):
            break
        # A side that is no column belongs to its neighbour.
        gutters.pop(max(sides.index(False) - 1, 0))
    return gutters


def _is_prose(things: list[Thing]) -> bool:
    """Whether a side of a page has lines enough, and most of them are words that fill its width."""
    if len(things) < FEW:
        return False
    lefts, rights = sorted(thing.left for thing in things), sorted(thing.right for thing in things)
    width = rights[-1 - len(things) // 20] - lefts[len(things) // 20]
    filled: defaultdict[int, float] = defaultdict(float)
    for thing in things:
        figure = isinstance(thing, Run) and thing.is_figure
        filled[round(thing.bottom / 4)] += 0.0 if figure else thing.right - thing.left
    return sum(share >= FULL * width for share in filled.values()) >= MOST * len(filled)
