"""Tables without vertical lines: rows of figures that stand under one another in columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from checker.read.content import GridCell
from checker.read.formats.pdf_lines import Line, Run
from checker.read.formats.pdf_page import Rule
from checker.read.formats.pdf_tables import NEAR, Block, cell_text

# Rows of figures that are needed, where rules part the rows and where none do.
RULED_ROWS = 2
ROWS = 3
# Rows of heads that a table has at most.
HEADS = 3
# Lines above a table that are tried as its first row.
TRIES = 4
# No row between two rules is higher than this, in points.
TALL = 80.0
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
    tries: Counter[int] = Counter()
    groups = _groups(rules)
    while at < len(lines):
        group = _group(lines[at], groups)
        end = _last_row(lines, at, group) if group else _last_aligned(lines, at)
        rows, others = _inside(lines[at:end], group)
        block = _block(rows, [rule.at for rule in group]) if len(rows) > 1 else None
        if block:
            things += [*others, block]
            at = end
        else:
            # Some lines may stand above a table, but not all that could be one are worth a try.
            tries[end] += 1
            next_one = at + 1 if tries[end] < TRIES else max(end, at + 1)
            things += lines[at:next_one]
            at = next_one
    return things


def _groups(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Rules that may part the rows of one table: at least three of one length, one below the other; the short first."""
    groups: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        for group in reversed(groups):
            if max(abs(group[-1].start - rule.start), abs(group[-1].end - rule.end)) <= NEAR:
                if _may_follow(group, rule):
                    group.append(rule)
                else:
                    groups.append([rule])
                break
        else:
            groups.append([rule])
    return sorted((group for group in groups if len(group) >= 3), key=lambda group: group[0].end - group[0].start)


def _may_follow(group: list[Rule], rule: Rule) -> bool:
    """Whether a rule is near enough below others; one below the two of a head may end a table without more rules."""
    closed = len(group) == 3 and group[-1].at - group[-2].at > TALL
    return not closed and (rule.at - group[-1].at <= TALL or len(group) == 2)


def _group(line: Line, groups: list[list[Rule]]) -> list[Rule]:
    """The rules that part the rows of a table, if a line can be the first of these."""
    for group in groups:
        inside = group[0].at - ABOVE * line.height <= line.baseline < group[-1].at
        if inside and sum(group[0].start < run.middle < group[0].end for run in line.runs) > 1:
            return group
    return []


def _inside(lines: list[Line], group: list[Rule]) -> tuple[list[Line], list[Line]]:
    """What of some lines stands over the rules of a group, and what stands beside them."""
    if not group:
        return lines, []
    inside: list[Line] = []
    beside: list[Line] = []
    for line in lines:
        over = [run for run in line.runs if group[0].start - NEAR < run.middle < group[0].end + NEAR]
        rest = [run for run in line.runs if run not in over]
        inside += [Line(over, line.size, line.weight)] if over else []
        beside += [Line(rest, line.size, line.weight)] if rest else []
    return inside, beside


def _last_row(lines: list[Line], at: int, group: list[Rule]) -> int:
    """Where the lines end that stand between the rules of a group, up to a line that is running text or a caption."""
    width = group[0].end - group[0].start
    end = at + 1
    for below in group:
        band = end
        while end < len(lines) and lines[end].baseline <= below.at:
            if len(lines[end].runs) == 1 and lines[end].right - lines[end].left > RUNNING * width:
                return end
            end += 1
        if end - band > 1 and all(len(line.runs) == 1 for line in lines[band:end]):
            return band
    return end


def _last_aligned(lines: list[Line], at: int) -> int:
    end = at
    while end < len(lines) and len(lines[end].runs) > 1 and (end == at or _near(lines[end - 1], lines[end])):
        end += 1
    return end


def _near(above: Line, below: Line) -> bool:
    return below.baseline - above.baseline <= STEP * min(above.height, below.height)


def _block(lines: list[Line], rules: list[float]) -> Block | None:
    """The table that some lines are, or None where they are none."""
    several = [line for line in lines if len(line.runs) > 1]
    figures = [line for line in several if sum(run.is_figure for run in line.runs[1:]) >= len(line.runs[1:]) / 2]
    if rules:
        shown = figures if len(figures) >= RULED_ROWS else several
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
    # Labels are of any length, but figures stand in the middle of their columns, or at one of their sides.
    borders = [columns[0][0], *((left + right) / 2 for left, right in columns[1:]), columns[-1][1]]
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
            near = min(range(len(columns)), key=lambda i: abs(sum(columns[i]) / 2 - run.middle))
            held.setdefault((over[0], over[-1]) if over else (near, near), []).append(run)
    return held
