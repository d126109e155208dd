"""Letters become runs, which hang together and are broken by a gap; runs become lines, and lines stand in columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from checker.read.formats.pdf_page import Letters, Look

# All in heights of a letter, which are a little more than its size.
GAP = 0.8
BACK = 0.3
SAME_LINE = 0.35
# Two sides of a page are columns where each has so many runs, and only so large a share of all crosses the gutter.
FEW = 6
CROSSING = 0.2
# Most runs of a column fill so much of its width, and have so many letters.
FULL = 0.6
LONG = 6

_WIDE = re.compile(r"[\u2e80-\U0010ffff\u2018-\u201d\u2026\u2014]")
_FIGURES = re.compile(r"[-+−–—]?[\d.,，]+[%％‰]?[^\d]?\d{0,2}[^\d]?")


@dataclass(slots=True)
class Run:
    """Letters that hang together on one baseline; `first` is the number of the first one in PDFium."""

    text: str
    left: float
    right: float
    baseline: float
    height: float
    first: int

    @property
    def top(self) -> float:
        return self.baseline - self.height * 0.8

    @property
    def bottom(self) -> float:
        return self.baseline + self.height * 0.2

    @property
    def is_figure(self) -> bool:
        """Whether it is a number, maybe with a unit of one letter."""
        return bool(_FIGURES.fullmatch(self.text)) or self.text in "-—–"


@dataclass(slots=True)
class Line:
    """Runs on one baseline, from left to right, and the font of the first of them."""

    runs: list[Run]
    size: float = 0.0
    bold: bool = False

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
        | (np.abs(np.diff(letters.baseline)) > SAME_LINE * height)
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
    baselines, firsts, owners = letters.baseline[starts].tolist(), letters.index[starts].tolist(), groups[starts].tolist()
    found: dict[int, list[Run]] = {}
    next_space = 0
    for i, (start, end) in enumerate(zip(starts, ends, strict=True)):
        text = letters.text[start:end]
        at = next_space
        while at < len(spaces) and spaces[at] < end:
            at += 1
        if at > next_space:
            cuts = [start, *(place for place in spaces[next_space:at] if place > start), end]
            text = " ".join(letters.text[a:b] for a, b in zip(cuts, cuts[1:], strict=False))
            next_space = at
        run = Run(text, lefts[i], rights[i], baselines[i], heights[i], firsts[i])
        found.setdefault(owners[i], []).append(run)
    return found


def lines_of(runs: Sequence[Run], look: Callable[[int], Look] | None = None) -> list[Line]:
    """The lines that runs stand on, from the top; with the fonts they are set in where `look` tells them."""
    if len(runs) == 1:
        lines = [Line([runs[0]])]
    else:
        lines = []
        for run in sorted(runs, key=lambda run: run.baseline):
            last = lines[-1].runs[-1] if lines else None
            if last and run.baseline - last.baseline <= SAME_LINE * min(run.height, last.height):
                lines[-1].runs.append(run)
            else:
                lines.append(Line([run]))
        for line in lines:
            line.runs.sort(key=lambda run: run.left)
    if look:
        for line in lines:
            # The longest run is the one that the line is known by.
            seen = look(max(line.runs, key=lambda run: len(run.text)).first)
            line.size, line.bold = seen.size, seen.bold and look(line.runs[-1].first + len(line.runs[-1].text) - 1).bold
    return lines


def columns_of(things: list[Thing]) -> list[list[Thing]]:
    """The columns that things stand in, in reading order; a page without columns is one."""
    gutter = _gutter(things)
    if gutter is None:
        return [things]
    columns: list[list[Thing]] = []
    across: list[Thing] = []
    left: list[Thing] = []
    right: list[Thing] = []

    def flush(*parts: list[Thing]) -> None:
        for part in parts:
            if part:
                columns.extend([part[:]] if part is across else columns_of(part[:]))
                part.clear()

    for thing in sorted(things, key=lambda thing: thing.top):
        if thing.left < gutter < thing.right:
            flush(left, right)
            across.append(thing)
        else:
            flush(across)
            (left if thing.right <= gutter else right).append(thing)
    flush(left, right, across)
    return columns


def _gutter(things: list[Thing]) -> float | None:
    """Where a page is parted from top to bottom into two sides of running text, the left one a single column."""
    import numpy as np

    if len(things) < 2 * FEW:
        return None
    lefts = np.array([thing.left for thing in things])
    rights = np.array([thing.right for thing in things])
    edges = np.unique(np.round(rights, 1))
    sorted_left, sorted_right = np.sort(lefts), np.sort(rights)
    for at in edges:
        x = float(at) + 1.0
        crossing = int(np.searchsorted(sorted_left, x) - np.searchsorted(sorted_right, x))
        left, right = rights <= x, lefts >= x
        if crossing > CROSSING * len(things) or left.sum() < FEW or right.sum() < FEW:
            continue
        if _is_prose([thing for thing, inside in zip(things, left, strict=True) if inside], FULL) and _is_prose(
            [thing for thing, inside in zip(things, right, strict=True) if inside], 0.0
        ):
            return x
    return None


def _is_prose(things: list[Thing], full: float) -> bool:
    """Whether most of a column is running text that fills that share of its width."""
    width = max(thing.right for thing in things) - min(thing.left for thing in things)
    lines = [
        thing
        for thing in things
        if isinstance(thing, Run)
        and thing.right - thing.left >= full * width
        and len(thing.text) >= LONG
        and not thing.is_figure
    ]
    return len(lines) >= 0.6 * len(things)
