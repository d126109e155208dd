"""From bindings that do not hold to findings: one for two figures that disagree, however many documents print them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from checker.check.evaluate import Gathered
from checker.check.findings import Bound, word
from checker.check.join import Broken, broken
from checker.check.rules import Rule
from checker.check.table import Ints, Table, combine
from checker.model import LEVELS, Finding, Match

# No fact yields more findings of one rule than this, those that differ most: past it, what is broken is the alignment.
FINDINGS_PER_FACT = 10
# Of claims that print the same, so many of the earliest and of the latest are tried to find the two nearest in time.
TRIED = 30
BINDINGS_TRIED = 20


def find(claims: pd.DataFrame, rules: Sequence[Rule], matches: Mapping[frozenset[str], Match]) -> list[Finding]:
    """What the rules find in a table of claims, worst first."""
    if claims.empty:
        return []
    table = Table(claims)
    found = [finding for rule in rules for finding in apply(rule, table, matches)]
    return sorted(found, key=lambda f: (LEVELS.index(f.level), -(f.relative or 0.0), f.fingerprint))


def apply(rule: Rule, table: Table, matches: Mapping[frozenset[str], Match]) -> list[Finding]:
    """What one rule finds."""
    sets: dict[str, Gathered] = {}
    cases: list[_Run] = []
    for same_document in _modes(rule):
        result = broken(rule, table, same_document)
        # A set is the same however the others are joined, but counted anew: the sets of both runs stand in one list.
        offset = {name: len(sets[name].members) for name in sets}
        sets = {name: _append(sets.get(name), gathered) for name, gathered in result.sets.items()}
        cases.append(_Run(result, same_document, offset))
    unique: dict[frozenset[tuple[str, int]], Bound] = {}
    for one in filter(None, (_bind(rule, table, cases, group) for group in _groups(rule, table, cases))):
        unique.setdefault(frozenset((name if name in sets else "", row) for name, row in one.rows.items()), one)
    return word(rule, table, sets, list(unique.values()), matches)


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


def _append(known: Gathered | None, more: Gathered) -> Gathered:
    if known is None:
        return more
    total = type(more.total)(*(np.concatenate(pair) for pair in zip(known.total, more.total)))
    count, rows = np.concatenate([known.count, more.count]), np.concatenate([known.rows, more.rows])
    return Gathered(total, count, known.members + more.members, rows)


def _groups(rule: Rule, table: Table, cases: list[_Run]) -> Iterator[list[tuple[int, int]]]:
    """Bindings of the same figures of the same facts, as (case, binding), the ones that differ most first."""
    if not any(case.size for case in cases):
        return
    columns = [_described(rule, case) for case in cases]
    fact, figure = (np.concatenate([column[k] for column in columns], axis=1) for k in (0, 1))
    relative = np.concatenate([_relative(rule, table, case) for case in cases])
    case = np.repeat(np.arange(len(cases)), [one.size for one in cases])
    number = np.concatenate([np.arange(one.size) for one in cases])
    about = combine(list(fact))
    group = combine([*fact, *figure])
    order = np.lexsort((number, case, -np.round(relative, 12)))
    worst_first = pd.DataFrame({"about": about[order], "group": group[order]}).drop_duplicates("group")
    kept = worst_first[worst_first.groupby("about").cumcount() < FINDINGS_PER_FACT]["group"].to_numpy()
    members = pd.Series(np.arange(len(group))).groupby(group).indices
    for one in kept:
        yield [(int(case[i]), int(number[i])) for i in members[one]]


def _described(rule: Rule, case: _Run) -> tuple[np.ndarray, np.ndarray]:
    """The fact and the printed figure of each variable; exchangeable variables in a fixed order."""
    sides, entries = case.broken.sides, case.broken.entries
    fact = np.stack([sides[name].fact[sides[name].entry_item[entry]] for name, entry in entries.items()])
    figure = np.stack([sides[name].figure[sides[name].entry_item[entry]] for name, entry in entries.items()])
    if rule.swappable:
        swap = (fact[0] > fact[1]) | ((fact[0] == fact[1]) & (figure[0] > figure[1]))
        fact, figure = (np.where(swap, column[::-1], column) for column in (fact, figure))
    return fact, figure


def _relative(rule: Rule, table: Table, case: _Run) -> np.ndarray:
    sides, entries = case.broken.sides, case.broken.entries
    if len(sides) != 2 or case.broken.sets:
        return np.zeros(case.size)
    a, b = (table.number("value")[sides[name].items[sides[name].entry_item[entry]]] for name, entry in entries.items())
    larger = np.maximum(np.abs(a), np.abs(b))
    result: np.ndarray = np.abs(a - b) / np.where(larger == 0, 1, larger)
    return result


def _bind(rule: Rule, table: Table, cases: list[_Run], group: list[tuple[int, int]]) -> Bound | None:
    """The claims that stand for a group of bindings, those nearest in time, and all others that print the same."""
    best: tuple[float, dict[str, int]] | None = None
    others: set[int] = set()
    for tried, (case_number, binding) in enumerate(group):
        case = cases[case_number]
        sides = case.broken.sides
        members = {name: sides[name].members(int(entry[binding])) for name, entry in case.broken.entries.items()}
        others.update(int(row) for name, rows in members.items() if name not in case.broken.sets for row in rows)
        if best is None or tried < BINDINGS_TRIED:
            for spread, rows in _nearest(table, case, members):
                rank = (spread, sorted(rows.values()))
                if best is None or rank < (best[0], sorted(best[1].values())):
                    best = spread, {n: r + case.offset.get(n, 0) for n, r in rows.items()}
    if best is None:
        return None
    rows = best[1]
    if rule.swappable:
        rows = dict(zip(rows, sorted(rows.values())))
    return Bound(rows, sorted(others - {row for name, row in rows.items() if name not in cases[0].broken.sets}))


def _nearest(table: Table, case: _Run, members: dict[str, Ints]) -> Iterator[tuple[float, dict[str, int]]]:
    """Ways to choose one claim for each variable, with the days between their documents."""
    names = list(members)
    dates, documents = table.number("document_date"), table.codes("document")
    for rows in product(*(_trimmed(rows) for rows in members.values())):
        real = [case.broken.sets[n].rows[row] if n in case.broken.sets else row for n, row in zip(names, rows)]
        if len(real) > 1 and case.same_document != (len({documents[row] for row in real}) == 1):
            continue
        if len(set(real)) < len(real):
            continue
        days = [dates[row] for row in real]
        spread = max(days) - min(days) if not np.isnan(days).any() else 0.0
        yield float(spread), dict(zip(names, map(int, rows)))


def _trimmed(rows: Ints) -> list[int]:
    return [int(row) for row in (rows if len(rows) <= 2 * TRIED else np.concatenate([rows[:TRIED], rows[-TRIED:]]))]

