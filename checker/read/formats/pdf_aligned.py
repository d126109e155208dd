"""Tables without vertical lines: rows of figures that stand under one another in columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from checker.read.content import GridCell
from checker.read.formats.pdf_lines import Line, Run
from checker.read.formats.pdf_page import Rule
from checker.read.formats.pdf_tables import NEAR, Block, cell_text

# Rows of figures that are needed, where rules part the rows and where none do.
RULED_ROWS = 2
ROWS = 3
# Rows of heads that a table has at most.
HEADS = 3
# A cell covers a column that it hides so large a share of.
COVERED = 0.3
# A line alone between two rules that fills so much of them is running text.
RUNNING = 0.6
# In heights of a line: how far the next row of a table may be, and how far a row of heads above the first rule.
STEP = 4.0
ABOVE = 2.5


def with_tables(lines: list[Line], rules: Sequence[Rule]) -> list[Line | Block]:
    """The lines of a column of a page, from the top, with those that are rows of tables made into tables."""
    things: list[Line | Block] = []
    at = 0
    groups = _groups(rules)
    while at < len(lines):
        end, parts = _zone(lines, at, groups)
        block = _block(lines[at:end], parts) if end - at > 1 else None
        if block:
            things.append(block)
            at = end
        else:
            things.append(lines[at])
            at += 1
    return things


def _groups(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Rules that may part the rows of one table: at least three of one length, one below the other."""
    groups: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        for group in groups:
            if abs(group[-1].start - rule.start) <= NEAR and abs(group[-1].end - rule.end) <= NEAR:
                group.append(rule)
                break
        else:
            groups.append([rule])
    return [group for group in groups if len(group) >= 3]


def _zone(lines: list[Line], at: int, groups: list[list[Rule]]) -> tuple[int, list[float]]:
    """Where the rows end that begin with a line, and the rules that part them."""
    first = lines[at]
    if len(first.runs) == 1:
        return at, []
    for group in groups:
        inside = group[0].at - ABOVE * first.height <= first.baseline < group[-1].at
        if inside and first.left < group[0].end and first.right > group[0].start:
            end = _last_row(lines, at, group)
            return end, [rule.at for rule in group if rule.at < lines[end - 1].baseline]
    end = at
    while end < len(lines) and len(lines[end].runs) > 1 and (end == at or _near(lines[end - 1], lines[end])):
        end += 1
    return end, []


def _last_row(lines: list[Line], at: int, group: list[Rule]) -> int:
    """Where the lines end that stand between the rules of a group, up to a line that is running text or a caption."""
    end = at + 1
    for above, below in pairwise(group):
        band = end
        while end < len(lines) and lines[end].baseline <= below.at:
            end += 1
        held = lines[band:end]
        single = [line for line in held if len(line.runs) == 1]
        wide = any(line.right - line.left > RUNNING * (below.end - below.start) for line in single)
        if above.at > lines[at].baseline and (wide or (len(single) == len(held) > 1)):
            return band
    return end


def _near(above: Line, below: Line) -> bool:
    return below.baseline - above.baseline <= STEP * min(above.height, below.height)


def _block(lines: list[Line], rules: list[float]) -> Block | None:
    """The table that some lines are, or None where they are none."""
    several = [line for line in lines if len(line.runs) > 1]
    figures = [line for line in several if sum(run.is_figure for run in line.runs[1:]) >= len(line.runs[1:]) / 2]
    if rules:
        shown = figures or several
        enough = len(shown) >= RULED_ROWS and len(several) >= len(lines) / 2
    else:
        shown = figures
        enough = len(shown) >= ROWS and len(shown) >= len(lines) / 2
    if not enough or sum(not line.runs[0].is_figure for line in shown) < len(shown) / 2:
        return None
    columns = _columns(shown)
    if len(columns) < 2:
        return None
    rows = _rows(lines, rules)
    cells = [
        GridCell(cell_text([Line([run]) for run in runs]), row, first, 1, last - first + 1)
        for row, held in enumerate(rows)
        for (first, last), runs in sorted(_by_column(held, columns).items())
    ]
    borders = [columns[0][0], *((a[1] + b[0]) / 2 for a, b in pairwise(columns)), columns[-1][1]]
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    return Block(left, lines[0].top, right, lines[-1].bottom, borders, cells, len(rows), False)


def _columns(rows: list[Line]) -> list[tuple[float, float]]:
    """From where to where the columns go, by the rows that have as many cells as most rows have, or more."""
    usual = Counter(len(line.runs) for line in rows).most_common(1)[0][0]
    spans: list[tuple[float, float]] = []
    held: list[set[int]] = []
    runs = [(run, i) for i, line in enumerate(rows) if len(line.runs) >= usual for run in line.runs]
    for run, row in sorted(runs, key=lambda pair: pair[0].left):
        if spans and run.left < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], run.right))
            held[-1].add(row)
        else:
            spans.append((run.left, run.right))
            held.append({row})
    i = 1
    while i < len(spans):
        # A head that stands beside its figures, not above them, has their column.
        if not held[i - 1] & held[i] and min(len(held[i - 1]), len(held[i])) <= HEADS:
            spans[i - 1 : i + 1] = [(spans[i - 1][0], spans[i][1])]
            held[i - 1 : i + 1] = [held[i - 1] | held[i]]
        else:
            i += 1
    return spans if len(spans) >= usual else []


def _rows(lines: list[Line], rules: list[float]) -> list[list[Line]]:
    """The lines of each row: those between two rules, unless more than one of them has figures."""
    bands: dict[int, list[Line]] = {}
    for line in lines:
        bands.setdefault(sum(rule < line.baseline for rule in rules) if rules else len(bands), []).append(line)
    rows: list[list[Line]] = []
    for _, band in sorted(bands.items()):
        figures = [line for line in band if any(run.is_figure for run in line.runs[1:])]
        if len(figures) > 1 or not rules:
            rows.extend([line] for line in band)
        else:
            rows.append(band)
    return rows


def _by_column(lines: list[Line], columns: list[tuple[float, float]]) -> dict[tuple[int, int], list[Run]]:
    """The runs of a row by the first and last of the columns that they stand in."""
    held: dict[tuple[int, int], list[Run]] = {}
    for line in lines:
        for run in line.runs:
            over = [
                i
                for i, (left, right) in enumerate(columns)
                if min(run.right, right) - max(run.left, left) > COVERED * min(right - left, run.right - run.left)
            ]
            middle = (run.left + run.right) / 2
            near = min(range(len(columns)), key=lambda i: abs(sum(columns[i]) / 2 - middle))
            held.setdefault((over[0], over[-1]) if over else (near, near), []).append(run)
    return held
