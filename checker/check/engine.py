"""From bindings that do not hold to findings: one for two figures that disagree, however many documents print them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

import numpy as np
import pandas as pd

from checker.check.evaluate import Gathered, both
from checker.check.findings import Bound, word
from checker.check.join import Broken, broken
from checker.check.rules import Rule
from checker.check.table import Table
from checker.columns import Ints, combine
from checker.model import LEVELS, Finding
from checker.units import units
from checker.vocabulary import Vocabulary

# No fact yields more findings of one rule than this, those that differ most: past it, what is broken is the alignment.
FINDINGS_PER_FACT = 10
# Of claims that print the same, so many of the earliest and of the latest are tried to find the two nearest in time.
TRIED = 30
BINDINGS_TRIED = 20


def find(
    claims: pd.DataFrame,
    rules: Sequence[Rule],
    about: Set[str] | None = None,
    vocabulary: Vocabulary | None = None,
) -> list[Finding]:
    """What the rules find in a table of claims, worst first; all of it, or what binds some claims."""
    if claims.empty:
        return []
    table = Table(claims, units(vocabulary))
    found = [finding for rule in rules for finding in apply(rule, table, about)]
    return sorted(found, key=lambda f: (LEVELS.index(f.level), -(f.relative or 0.0), f.fingerprint))


def apply(rule: Rule, table: Table, about: Set[str] | None = None) -> list[Finding]:
    """What one rule finds."""
    sets: dict[str, Gathered] = {}
    runs: list[_Run] = []
    for same_document in _modes(rule):
        result = broken(rule, table, same_document)
        # A set is the same however the others are joined, but counted anew: the sets of both runs stand in one list.
        offset = {name: len(sets[name].members) for name in sets}
        sets = {name: both(sets[name], more) if name in sets else more for name, more in result.sets.items()}
        runs.append(_Run(result, same_document, offset))
    unique: dict[frozenset[tuple[str, int]], Bound] = {}
    for one in filter(None, (_bind(rule, table, runs, group) for group in _groups(rule, table, runs))):
        unique.setdefault(frozenset((name if name in sets else "", row) for name, row in one.rows.items()), one)
    return word(rule, table, sets, list(unique.values()), about)


@dataclass(frozen=True)
class _Run:
    """The broken bindings of one run over a rule."""

    broken: Broken
    same_document: bool
    offset: dict[str, int]

    @property
    def size(self) -> int:
        return len(next(iter(self.broken.entries.values())))


def _modes(rule: Rule) -> list[bool]:
    if len(rule.variables) == 1:
        return [False]
    return {"same": [True], "different": [False], "any": [False, True]}[rule.documents]


def _groups(rule: Rule, table: Table, runs: list[_Run]) -> Iterator[list[tuple[int, int]]]:
    """Bindings of the same figures of the same facts, as (run, binding), the ones that differ most first."""
    if not any(run.size for run in runs):
        return
    columns = [_described(rule, run) for run in runs]
    fact, figure = (np.concatenate([column[k] for column in columns], axis=1) for k in (0, 1))
    relative = np.concatenate([_relative(rule, table, run) for run in runs])
    source = np.repeat(np.arange(len(runs)), [run.size for run in runs])
    number = np.concatenate([np.arange(run.size) for run in runs])
    about = combine(list(fact))
    group = combine([*fact, *figure])
    order = np.lexsort((number, source, -np.round(relative, 12)))
    worst_first = pd.DataFrame({"about": about[order], "group": group[order]}).drop_duplicates("group")
    kept = worst_first[worst_first.groupby("about").cumcount() < FINDINGS_PER_FACT]["group"].to_numpy()
    members = pd.Series(np.arange(len(group))).groupby(group).indices
    for one in kept:
        yield [(int(source[i]), int(number[i])) for i in members[one]]


def _described(rule: Rule, run: _Run) -> tuple[np.ndarray, np.ndarray]:
    """The fact and the printed figure of each variable; exchangeable variables in a fixed order."""
    sides, entries = run.broken.sides, run.broken.entries
    fact = np.stack([sides[name].fact[sides[name].entry_item[entry]] for name, entry in entries.items()])
    figure = np.stack([sides[name].figure[sides[name].entry_item[entry]] for name, entry in entries.items()])
    if rule.swappable:
        swap = (fact[0] > fact[1]) | ((fact[0] == fact[1]) & (figure[0] > figure[1]))
        fact, figure = (np.where(swap, column[::-1], column) for column in (fact, figure))
    return fact, figure


def _relative(rule: Rule, table: Table, run: _Run) -> np.ndarray:
    sides, entries = run.broken.sides, run.broken.entries
    if len(sides) != 2 or run.broken.sets:
        return np.zeros(run.size)
    a, b = (table.number("value")[sides[name].items[sides[name].entry_item[entry]]] for name, entry in entries.items())
    larger = np.maximum(np.abs(a), np.abs(b))
    result: np.ndarray = np.abs(a - b) / np.where(larger == 0, 1, larger)
    return result


def _bind(rule: Rule, table: Table, runs: list[_Run], group: list[tuple[int, int]]) -> Bound | None:
    """The claims that stand for a group of bindings, those nearest in time, and all others that print the same."""
    best: tuple[float, list[int], dict[str, int]] | None = None
    others: list[Ints] = []
    for tried, (number, binding) in enumerate(group):
        run = runs[number]
        sides, sets = run.broken.sides, run.broken.sets
        members = {name: sides[name].members(int(entry[binding])) for name, entry in run.broken.entries.items()}
        others += [rows for name, rows in members.items() if name not in sets]
        if best is None or tried < BINDINGS_TRIED:
            near = _nearest(table, run, members)
            if near and (best is None or near[:2] < best[:2]):
                best = near
    if best is None:
        return None
    rows = best[2]
    if rule.swappable:
        rows = dict(zip(rows, sorted(rows.values()), strict=True))
    standing = [row for name, row in rows.items() if name not in runs[0].broken.sets]
    return Bound(rows, np.setdiff1d(np.concatenate(others), standing).tolist() if others else [])


def _nearest(table: Table, run: _Run, members: dict[str, Ints]) -> tuple[float, list[int], dict[str, int]] | None:
    """The choice of one claim for each variable whose documents lie nearest in time, the earliest of them."""
    sets = run.broken.sets
    tried = [_trimmed(rows) for rows in members.values()]
    choice = [grid.reshape(-1) for grid in np.meshgrid(*tried, indexing="ij")]
    rows = np.stack(
        [sets[name].rows[column] if name in sets else column for name, column in zip(members, choice, strict=True)]
    )
    documents, dates = table.codes("document")[rows], table.number("document_date")[rows]
    ordered = np.sort(rows, axis=0)
    # A set may hold the claim of another variable; two variables that stand for one claim each stand for two.
    single = np.sort(rows[[name not in sets for name in members]], axis=0)
    keep = (single[1:] != single[:-1]).all(axis=0)
    if len(rows) > 1:
        keep &= (documents == documents[0]).all(axis=0) == run.same_document
    if not keep.any():
        return None
    spread = np.nan_to_num(dates.max(axis=0) - dates.min(axis=0))
    at = int(np.lexsort((*ordered[::-1], np.where(keep, spread, np.inf)))[0])
    offset = {name: int(column[at]) + run.offset.get(name, 0) for name, column in zip(members, choice, strict=True)}
    return float(spread[at]), ordered[:, at].tolist(), offset


def _trimmed(rows: Ints) -> Ints:
    return rows if len(rows) <= 2 * TRIED else np.concatenate([rows[:TRIED], rows[-TRIED:]])
