"""Tables that are drawn with lines: the lattice of their rules, which of its cells are merged, and the text in them."""

from __future__ import annotations

from bisect import bisect, bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from checker.read.content import GridCell
from checker.read.formats.pdf_lines import Line, Run, joint, lines_of
from checker.read.formats.pdf_page import Rule

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# Rules nearer to one another than this are one, or meet.
NEAR = 4.0
# A page with more lines than this, of one direction, is a drawing.
RULES = 2_000
# In heights of a line: how far apart the lines of one label are at most.
CLOSE = 1.6
# And how much room a line has left that a letter does not fit into.
ROOM = 0.6
# So many lines in each cell of a row are rows of their own.
LISTED = 5
# So many figures on one line of a cell, or as many lines of a cell with two, stand in columns of their own.
BESIDE = 4


@dataclass(slots=True)
class Block:
    """A table on one page: the x of the borders of its columns, its cells, and where it stands."""

    left: float
    top: float
    right: float
    bottom: float
    borders: list[float]
    cells: list[GridCell]
    rows: int
    ruled: bool
    heads: int | None = None
    pages: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Lattice:
    """The borders of columns and rows, and for each field between them the number of the cell that it belongs to.

    A cell is its first row, first column, and how many of each it covers; `across` are the horizontal rules.
    """

    xs: list[float]
    ys: list[float]
    owner: npt.NDArray[np.int64]
    across: list[Rule]
    cells: list[tuple[int, int, int, int]] = field(default_factory=list)


def joined(rules: Sequence[Rule]) -> list[Rule]:
    """The rules with those that lie on one line and touch made one, from the top or the left."""
    levels: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if levels and rule.at - levels[-1][0].at <= NEAR:
            levels[-1].append(rule)
        else:
            levels.append([rule])
    found: list[Rule] = []
    for level in levels:
        at = sum(rule.at for rule in level) / len(level)
        start, end = -1e9, -1e9
        for rule in sorted(level, key=lambda rule: rule.start):
            if rule.start <= end + NEAR:
                end = max(end, rule.end)
                found[-1] = Rule(at, start, end)
            else:
                start, end = rule.start, rule.end
                found.append(Rule(at, start, end))
    return found


def lattices_of(across: list[Rule], down: list[Rule]) -> tuple[list[Lattice], list[Rule]]:
    """The lattices that rules make, and the horizontal rules that are part of none."""
    import numpy as np

    if not across or not down or max(len(across), len(down)) > RULES:
        return [], across if len(across) <= RULES else []
    h = np.array([(rule.at, rule.start, rule.end) for rule in across])
    v = np.array([(rule.at, rule.start, rule.end) for rule in down])
    meet = (
        (h[:, 1, None] <= v[None, :, 0] + NEAR)
        & (h[:, 2, None] >= v[None, :, 0] - NEAR)
        & (v[None, :, 1] <= h[:, 0, None] + NEAR)
        & (v[None, :, 2] >= h[:, 0, None] - NEAR)
    )
    lattices: list[Lattice] = []
    loose: list[Rule] = []
    unseen = set(range(len(across)))
    while unseen:
        rows, columns, fresh = {min(unseen)}, set[int](), {min(unseen)}
        while fresh:
            new = set(np.flatnonzero(meet[sorted(fresh)].any(axis=0)).tolist()) - columns
            columns |= new
            fresh = set(np.flatnonzero(meet[:, sorted(new)].any(axis=1)).tolist()) - rows if new else set()
            rows |= fresh
        unseen -= rows
        lattice = _lattice(h[sorted(rows)], v[sorted(columns)]) if columns else None
        if lattice:
            lattices.append(lattice)
        else:
            loose.extend(across[i] for i in sorted(rows))
    return lattices, loose


def _borders(at: npt.NDArray[np.float64], ends: Sequence[float]) -> list[float]:
    """The places of rules, and the ends of those across them where they stand clear of the outermost."""
    borders: list[float] = []
    for place in sorted(at.tolist()):
        if not borders or place - borders[-1] > NEAR:
            borders.append(place)
    if ends[0] < borders[0] - NEAR:
        borders.insert(0, ends[0])
    if ends[1] > borders[-1] + NEAR:
        borders.append(ends[1])
    return borders


def _lattice(h: npt.NDArray[np.float64], v: npt.NDArray[np.float64]) -> Lattice | None:
    import numpy as np

    xs = _borders(v[:, 0], (h[:, 1].min(), h[:, 2].max()))
    ys = _borders(h[:, 0], (v[:, 1].min(), v[:, 2].max()))
    if len(xs) < 3 or len(ys) < 2:
        return None
    middle_x = (np.array(xs[1:]) + np.array(xs[:-1])) / 2
    middle_y = (np.array(ys[1:]) + np.array(ys[:-1])) / 2
    rows, columns = len(middle_y), len(middle_x)
    # Whether a border is drawn below a field, and to the right of it.
    below = np.zeros((rows, columns), bool)
    beside = np.zeros((rows, columns), bool)
    below[-1], beside[:, -1] = True, True
    for at, start, end in h.tolist():
        i = _nearest(ys, at)
        if 0 < i <= rows:
            below[i - 1] |= (middle_x > start) & (middle_x < end)
    for at, start, end in v.tolist():
        i = _nearest(xs, at)
        if 0 < i <= columns:
            beside[:, i - 1] |= (middle_y > start) & (middle_y < end)
    lattice = Lattice(xs, ys, np.full((rows, columns), -1), [Rule(*rule) for rule in h.tolist()])
    for row in range(rows):
        for column in range(columns):
            if lattice.owner[row, column] < 0:
                _add_cell(lattice, below, beside, row, column)
    return lattice if len(lattice.cells) > 1 else None


def _nearest(places: list[float], at: float) -> int:
    """The number of the place, of places that ascend, that is nearest."""
    i = bisect(places, at)
    return i if i == 0 or (i < len(places) and places[i] - at < at - places[i - 1]) else i - 1


def _add_cell(
    lattice: Lattice, below: npt.NDArray[np.bool_], beside: npt.NDArray[np.bool_], row: int, column: int
) -> None:
    """The largest cell that begins at a field: to the right as far as no border is drawn, then down likewise."""
    owner = lattice.owner
    rows, columns = owner.shape
    right = column + 1
    while right < columns and not beside[row, right - 1] and owner[row, right] < 0:
        right += 1
    bottom = row + 1
    while (
        bottom < rows
        and not below[bottom - 1, column:right].any()
        and not beside[bottom, column : right - 1].any()
        and (owner[bottom, column:right] < 0).all()
        and (right == columns or beside[bottom, right - 1])
    ):
        bottom += 1
    owner[row:bottom, column:right] = len(lattice.cells)
    lattice.cells.append((row, column, bottom - row, right - column))


def filled(lattice: Lattice, runs: list[list[Run]]) -> Block | None:
    """The table that a lattice is with the text in its cells; None where it is a frame or a drawing."""
    lines = [lines_of(held) if held else [] for held in runs]
    if sum(map(bool, lines)) < 2 or _lacks_columns(lines):
        return None
    parts = _parts(lattice, lines)
    offsets = [0]
    for part in parts:
        offsets.append(offsets[-1] + max(len(part), 1))
    cells: list[GridCell] = []
    for (row, column, rows, columns), held in zip(lattice.cells, lines, strict=True):
        if rows == 1 and len(parts[row]) > 1:
            cells.extend(
                GridCell(cell_text(group), offsets[row] + part, column, 1, columns)
                for part, group in enumerate(_dealt(held, parts[row]))
                if group
            )
        elif held:
            cells.append(GridCell(cell_text(held), offsets[row], column, offsets[row + rows] - offsets[row], columns))
    cells.sort(key=lambda cell: (cell.row, cell.column))
    if len({cell.column for cell in cells}) < 2:
        return None
    return Block(lattice.xs[0], lattice.ys[0], lattice.xs[-1], lattice.ys[-1], lattice.xs, cells, offsets[-1], True)


def _lacks_columns(cells: list[list[Line]]) -> bool:
    """Whether figures stand side by side in a cell: on the axis of a chart, or in columns that no rule parts."""
    figures = [[sum(run.is_figure for run in line.runs) for line in cell] for cell in cells]
    return any(max(cell, default=0) >= BESIDE or sum(count > 1 for count in cell) >= BESIDE for cell in figures)


def cell_text(lines: list[Line]) -> str:
    """The text of a cell, its lines put together."""
    text = ""
    for line in lines:
        for run in line.runs:
            text += run.text if not text else joint(text, run.text) + run.text
    return text


def _parts(lattice: Lattice, lines: list[list[Line]]) -> list[list[float]]:
    """For each row of a lattice the baselines of the rows of text in it, where figures show that there are several."""
    parts: list[list[float]] = [[] for _ in lattice.ys[1:]]
    rows: list[list[list[Line]]] = [[] for _ in parts]
    for (row, _, height, _), cell in zip(lattice.cells, lines, strict=True):
        if height == 1:
            rows[row].append(cell)
    for row, held in enumerate(rows):
        if any(len(cell) > 1 and all(is_figure(line) for line in cell) for cell in held):
            parts[row] = _baselines(held)
        elif len(held) > 1 and len(held[0]) >= LISTED and _same_baselines(held):
            parts[row] = [line.baseline for line in held[0]]
    return parts


def _same_baselines(cells: list[list[Line]]) -> bool:
    """Whether all the cells of a row have as many lines, side by side."""
    return len({len(cell) for cell in cells}) == 1 and all(
        abs(line.baseline - first.baseline) < line.height / 2
        for cell in cells
        for line, first in zip(cell, cells[0], strict=True)
    )


def is_figure(line: Line) -> bool:
    return all(run.is_figure for run in line.runs)


def _baselines(cells: list[list[Line]]) -> list[float]:
    """The baselines of rows without rules between them: those of the figures, and of the labels that stand alone."""
    rows: list[float] = []
    for baseline, height in sorted((line.baseline, line.height) for cell in cells for line in cell if is_figure(line)):
        if not rows or baseline - rows[-1] > height / 2:
            rows.append(baseline)
    for label in sorted((label for cell in cells for label in _labels(cell, rows)), key=_middle):
        height = label[0].height
        middle = _middle(label)
        if not _beside(label, rows) and not (rows and abs(rows[_nearest(rows, middle)] - middle) <= height / 2):
            insort(rows, middle)
    return rows


def _labels(cell: list[Line], rows: list[float]) -> list[list[Line]]:
    """The lines of a cell, put together where one goes on below: it had no more room, or figures stand between both."""
    labels: list[list[Line]] = []
    right = max((line.right for line in cell), default=0.0)
    for line in cell:
        last = labels[-1][-1] if labels else None
        if last and not is_figure(line) and not is_figure(last) and line.baseline - last.baseline < CLOSE * line.height:
            third = (line.baseline - last.baseline) / 3
            between = bisect(rows, line.baseline - third) - bisect(rows, last.baseline + third)
            if between == 1 or right - last.right < ROOM * last.height:
                labels[-1].append(line)
                continue
        labels.append([line])
    return labels


def _middle(label: list[Line]) -> float:
    return (label[0].baseline + label[-1].baseline) / 2


def _beside(label: list[Line], rows: list[float]) -> range:
    """The rows that begin beside a label."""
    top, bottom = label[0].baseline - label[0].height / 2, label[-1].baseline + NEAR
    return range(bisect_left(rows, top), bisect(rows, bottom))


def _dealt(lines: list[Line], rows: list[float]) -> list[list[Line]]:
    """The lines of a cell by row: a label goes to the one row beside it, else each line to the nearest."""
    dealt: list[list[Line]] = [[] for _ in rows]
    for label in _labels(lines, rows):
        beside = _beside(label, rows)
        for line in label:
            at = _middle(label) if not beside else line.baseline
            dealt[beside[0] if len(beside) == 1 else _nearest(rows, at)].append(line)
    return dealt
