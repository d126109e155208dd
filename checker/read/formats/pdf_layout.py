"""A page laid out: its tables, and around them its lines, by columns."""

from __future__ import annotations

from functools import partial
from typing import Any

from checker.read.formats.pdf_aligned import with_tables
from checker.read.formats.pdf_lines import Line, Run, columns_of, lines_of, runs_of
from checker.read.formats.pdf_page import Letters, Rule, letters_of, look_of, rules_of, turn_of, upright
from checker.read.formats.pdf_sheets import Sheet
from checker.read.formats.pdf_tables import Block, Lattice, filled, joined, lattices_of


def sheet_of(page: Any, text_page: Any) -> Sheet | None:
    """A page as it is laid out; None where it has no text."""
    bounds = page.get_bbox()
    turn = turn_of(text_page)
    letters = letters_of(text_page, bounds, turn)
    if letters is None:
        return None
    across, down = map(joined, rules_of(page, bounds, turn))
    lattices, loose = lattices_of(across, down)
    runs, blocks, unused = _parted(letters, lattices)
    left, bottom, right, top = upright(bounds, turn)
    sheet = Sheet(right - left, top - bottom)
    things: list[Run | Block] = [*runs, *blocks]
    for column in columns_of(things):
        lines = lines_of([thing for thing in column if isinstance(thing, Run)], partial(look_of, text_page))
        tables = [thing for thing in column if isinstance(thing, Block)]
        sheet.columns.append(_merged(lines, tables, loose + unused))
    return sheet


def _parted(letters: Letters, lattices: list[Lattice]) -> tuple[list[Run], list[Block], list[Rule]]:
    """The runs outside of all tables, the tables with what is in them, and the horizontal rules that make none."""
    import numpy as np

    groups = np.full(len(letters.text), -1)
    firsts = []
    middle_x = (letters.left + letters.right) / 2
    middle_y = letters.baseline - letters.height * 0.3
    number = 0
    for lattice in lattices:
        firsts.append(number)
        column = np.searchsorted(lattice.xs, middle_x) - 1
        row = np.searchsorted(lattice.ys, middle_y) - 1
        inside = (column >= 0) & (column < len(lattice.xs) - 1) & (row >= 0) & (row < len(lattice.ys) - 1)
        groups[inside] = lattice.owner[row[inside], column[inside]] + number
        number += len(lattice.cells)
    runs = runs_of(letters, groups)
    outside = runs.get(-1, [])
    blocks: list[Block] = []
    unused: list[Rule] = []
    for lattice, first in zip(lattices, firsts, strict=True):
        block = filled(lattice, [runs.get(first + i, []) for i in range(len(lattice.cells))])
        if block:
            blocks.append(block)
        else:
            unused += lattice.across
            outside.extend(run for i in range(len(lattice.cells)) for run in runs.get(first + i, []))
    return outside, blocks, unused


def _merged(lines: list[Line], tables: list[Block], loose: list[Rule]) -> list[Line | Block]:
    """The lines and the tables of a column, from the top; lines between two tables may be a table themselves."""
    things: list[Line | Block] = []
    at = 0
    for table in sorted(tables, key=lambda table: table.top):
        end = at
        while end < len(lines) and lines[end].baseline <= table.top + lines[end].height / 2:
            end += 1
        things += [*with_tables(lines[at:end], loose), table]
        at = end
    return things + with_tables(lines[at:], loose)
