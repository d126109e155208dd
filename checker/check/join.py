"""Which claims a rule binds together, and which of these bindings do not hold.

Reports repeat one another, so the work is done on what differs. Claims that a rule cannot tell apart are one class; a
document that states a fact states one class, seldom several, and documents with the same classes have one profile.
Classes of profiles are joined, not claims of documents: ten thousand reports that print one figure cost as much as two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
import pandas as pd

from checker.check.evaluate import Gathered, View, both, cut_off, holds, supposing
from checker.check.expression import Node, names, walk
from checker.check.neighbours import passages
from checker.check.rules import Rule, Variable, joining
from checker.check.spans import Bools, Truth, points, take, totals
from checker.check.table import SENTENCE, Table, bundle
from checker.columns import Ints, combine
from checker.places import filed, parts

# One join group (a fact, a series) is looked at in so many combinations, those of the earliest documents; a chunk of
# groups is evaluated at once. Both keep memory in bounds whatever a collection repeats.
GROUP_LIMIT = 40_000
CHUNK = 1_000_000

FIGURE = ("value", "low", "high", "low_open", "high_open", "step", "qualifier", "number_to", "unit")
PRINTED = ("value", "step", "qualifier", "modality", "unit")


@dataclass(frozen=True)
class Link:
    """An equality that joins: a field of this variable and a field of an earlier one."""

    field: str
    other: str
    other_field: str


@dataclass(frozen=True)
class Side:
    """The claims that may stand for one variable.

    items are rows of the table, or numbers of sets. An entry is a class within a profile: the item that stands for it,
    and the one document it is found in (-1: several). fact tells what an item states, figure how it is printed.
    """

    items: Ints
    classes: Ints
    profiles: Ints
    fact: Ints
    figure: Ints
    entry_item: Ints
    entry_class: Ints
    entry_profile: Ints
    entry_document: Ints

    def members(self, entry: int) -> Ints:
        """All items of an entry: the claims of its class in the documents of its profile."""
        order, starts, ends = self._slices
        return np.sort(self.items[order[starts[entry] : ends[entry]]])

    @cached_property
    def _slices(self) -> tuple[Ints, Ints, Ints]:
        code = self.profiles * (int(self.classes.max(initial=0)) + 1) + self.classes
        wanted = self.entry_profile * (int(self.classes.max(initial=0)) + 1) + self.entry_class
        order = np.argsort(code, kind="stable")
        sorted_code = code[order]
        return order, np.searchsorted(sorted_code, wanted), np.searchsorted(sorted_code, wanted, side="right")


@dataclass(frozen=True)
class Broken:
    """Bindings that do not hold: the sides, and for each variable the entry bound."""

    sides: dict[str, Side]
    entries: dict[str, Ints]
    sets: dict[str, Gathered]


def broken(rule: Rule, table: Table, same_document: bool) -> Broken:
    """The bindings of a rule, within one document or between documents, that do not hold and are not ambiguous."""
    order = _order(rule)
    links = _links(rule, order, same_document)
    fields = _joined_fields(rule, links, same_document)
    sets: dict[str, Gathered] = {}
    sides: dict[str, Side] = {}
    distinct = rule.variables[:1] if rule.swappable else rule.variables
    rows = {variable.name: _chosen(rule, variable, table, fields[variable.name]) for variable in distinct}
    if not rule.swappable:
        rows = _meeting(rule, table, rows, links)
    for variable in distinct:
        if variable.many:
            sets[variable.name] = gather(table, rows[variable.name], fields[variable.name], variable)
        if variable.optional:
            sets[variable.name] = or_none(table, sets[variable.name], rows[standing(rule)], fields[variable.name])
        sides[variable.name] = _side(
            rule, variable, table, rows[variable.name], sets.get(variable.name), fields[variable.name]
        )
    sides = {variable.name: sides.get(variable.name, sides[order[0]]) for variable in rule.variables}
    chunks = [
        _failing(rule, table, sides, sets, dict(zip(order, chunk, strict=True)), same_document)
        for chunk in _joined(table, order, sides, sets, links)
    ]
    nothing = np.zeros(0, dtype=np.int64)
    entries = {name: np.concatenate([nothing, *(chunk[name] for chunk in chunks)]) for name in sides}
    return Broken(sides, entries, sets)


# ---- the claims of one variable


def _order(rule: Rule) -> list[str]:
    """The variables, each tied to one before it."""
    left = [variable.name for variable in rule.variables]
    order = [left.pop(0)]
    tied = [names(test) for test in rule.where if joining(test)]
    while left:
        near = (name for name in left if any(name in link and link & set(order) for link in tied))
        order.append(left.pop(left.index(next(near, left[0]))))
    return order


def _links(rule: Rule, order: list[str], same_document: bool) -> dict[str, list[Link]]:
    """For each variable the equalities that tie it to those before it."""
    shared = [*rule.same, *(["document"] if same_document and "document" not in rule.same else [])]
    links = {name: [Link(field, order[0], field) for field in shared] for name in order[1:]}
    for test in filter(joining, rule.where):
        early, late = sorted(test.args, key=lambda side: order.index(side.name))
        links[late.name].append(Link(late.field, early.name, early.field))
    return links


def joined_fields(rule: Rule, same_document: bool) -> dict[str, list[str]]:
    """For each variable the fields that a claim must have to be joined with others."""
    return _joined_fields(rule, _links(rule, _order(rule), same_document), same_document)


def standing(rule: Rule) -> str:
    """The first variable that stands for one claim."""
    return next(variable.name for variable in rule.variables if not variable.many)


def choosing(rule: Rule, variable: Variable) -> list[Node]:
    """The tests of a rule that speak of one variable alone."""
    return [test for test in rule.where if names(test) == {variable.name}]


def _joined_fields(rule: Rule, links: dict[str, list[Link]], same_document: bool) -> dict[str, list[str]]:
    fields: dict[str, set[str]] = {variable.name: set(rule.same) for variable in rule.variables}
    for variable in rule.variables:
        if variable.by:
            fields[variable.name].add(variable.by)
        if variable.tiles == "period":
            fields[variable.name].add("months")
    for name, tied in links.items():
        for link in tied:
            fields[name].add(link.field)
            fields[link.other].add(link.other_field)
    return {name: sorted(used | ({"document"} if same_document else set())) for name, used in fields.items()}


def _chosen(rule: Rule, variable: Variable, table: Table, needed: list[str]) -> Ints:
    """The rows that fit the selector, know the fields that join, and pass the tests on this variable alone."""
    keep = np.ones(table.size, dtype=bool)
    for field, allowed in variable.selector:
        column = table.text(field)
        fitting = np.array([value in allowed for value in column.values] + [None in allowed])
        keep &= fitting[column.codes]
    for field in needed:
        keep &= table.codes(field) >= 0
    rows = np.flatnonzero(keep)
    for test in choosing(rule, variable):
        rows = rows[holds(test, View(table, {variable.name: rows}, {})).yes]
    return rows


def _meeting(rule: Rule, table: Table, rows: dict[str, Ints], links: dict[str, list[Link]]) -> dict[str, Ints]:
    """Of each variable the rows that join some row of those it is tied to; a set is gathered from all of its own."""
    many = {variable.name for variable in rule.variables if variable.many}
    optional = {variable.name for variable in rule.variables if variable.optional}
    left = dict(rows)
    for name, tied in links.items():
        for other in dict.fromkeys(link.other for link in tied):
            if optional.intersection((name, other)):
                continue
            shared = [link for link in tied if link.other == other]
            theirs, ours = _keys(table, shared, [other], left, [np.arange(len(left[other]))], name)
            for one, keep in ((other, np.isin(theirs, ours)), (name, np.isin(ours, theirs))):
                if one not in many:
                    left[one] = left[one][keep]
    return left


def gather(table: Table, rows: Ints, fields: list[str], variable: Variable) -> Gathered:
    """The sets of claims of one document that agree in these fields; what is stated twice counts once.

    A set of the parts of a whole is there only if it holds each of them, and no two figures for one.
    """
    document = table.codes("document")
    if not variable.by:
        fact = table.codes("fact")[rows]
        rows = rows[_first(combine([document[rows], np.where(fact < 0, table.size + rows, fact)]))]
    group = combine([table.codes(field)[rows] for field in ["document", *fields]])
    if variable.tiles:
        kept = _first(combine([group, table.codes(variable.tiles)[rows], table.together(PRINTED)[rows]]))
        rows, group = rows[kept], group[kept]
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.append(True, np.diff(group[order]) != 0)) if len(rows) else np.zeros(0, dtype=np.int64)
    members = [rows[part] for part in np.split(order, starts[1:])] if len(rows) else []
    if variable.tiles:
        members = [part for part in members if _complete(table, variable.tiles, part)]
    return _gathered(table, members)


def _first(code: Ints) -> Ints:
    """The first row of each class, in the order of the rows."""
    return np.sort(np.unique(code, return_index=True)[1])


def _gathered(table: Table, members: list[Ints]) -> Gathered:
    count = np.array([len(part) for part in members], dtype=np.int64)
    total = points(np.zeros(0))
    if members:
        total = totals(take(table.figures(), np.concatenate(members)), np.cumsum(count) - count)
    return Gathered(total, count, members, np.array([part[0] for part in members], dtype=np.int64))


def _complete(table: Table, tiles: str, rows: Ints) -> bool:
    """Whether claims of parts of one whole are of each part once."""
    whole = table.text({"place": "around", "period": "months"}[tiles])
    named = str(whole.values[whole.codes[rows[0]]])
    place = filed(named) if tiles == "place" else None
    wanted = 12 // int(named) if tiles == "period" else len(parts(place)) if place else 0
    return len(rows) == wanted == len(np.unique(table.codes(tiles)[rows]))


def or_none(table: Table, gathered: Gathered, rows: Ints, fields: list[str]) -> Gathered:
    """The sets, and one of none for these rows where there is no set; the row stands for it."""
    key = combine([table.codes(field)[np.append(gathered.rows, rows)] for field in ["document", *fields]])
    theirs, ours = key[: len(gathered.rows)], key[len(gathered.rows) :]
    first = _first(ours)
    lacking = rows[first[~np.isin(ours[first], theirs)]]
    none = Gathered(
        points(np.full(len(lacking), np.nan)),
        np.zeros(len(lacking), dtype=np.int64),
        [np.zeros(0, dtype=np.int64)] * len(lacking),
        lacking,
    )
    return both(gathered, none)


def _side(
    rule: Rule,
    variable: Variable,
    table: Table,
    rows: Ints,
    gathered: Gathered | None,
    fields: list[str],
) -> Side:
    items = np.arange(len(gathered.rows)) if gathered else rows
    rows = gathered.rows if gathered else rows
    told = [table.codes(field)[rows] for field in fields]
    if gathered:
        told.append(items)
    else:
        told += [table.together(together)[rows] for together in _used_fields(rule, variable.name)]
    asked = {part.op for test in (*rule.where, rule.holds, *filter(None, [rule.unless])) for part in walk(test)}
    if "measure" in asked:
        told.append(passages(table)[0][rows] + 1)
    if "quotes" in asked:
        told.append(table.together(SENTENCE)[rows])
    content = combine(told) if told else np.zeros(len(rows), dtype=np.int64)
    fact = np.where(table.codes("fact")[rows] < 0, table.size + content, table.codes("fact")[rows])
    classes = combine([content, fact])
    document = table.codes("document")[rows]
    unit = combine([document, fact, *(table.codes(field)[rows] for field in fields)])
    profiles = bundle(unit, classes)
    printed = table.together(PRINTED)[rows]
    return _with_entries(items, classes, profiles, fact, items if gathered else printed, document)


def _with_entries(items: Ints, classes: Ints, profiles: Ints, fact: Ints, figure: Ints, document: Ints) -> Side:
    code = profiles * (int(classes.max(initial=0)) + 1) + classes
    # The earliest item stands for an entry, and entries are in the order of these: the same whatever the codes are.
    _, first, inverse = np.unique(code, return_index=True, return_inverse=True)
    lowest = np.full(len(first), np.iinfo(np.int64).max)
    highest = np.full(len(first), -1)
    np.minimum.at(lowest, inverse, document)
    np.maximum.at(highest, inverse, document)
    only = np.where(lowest == highest, lowest, -1)
    order = np.argsort(first, kind="stable")
    first, only = first[order], only[order]
    return Side(items, classes, profiles, fact, figure, first, classes[first], profiles[first], only)


def _used_fields(rule: Rule, name: str) -> list[tuple[str, ...]]:
    """The fields by which the rule tells claims of this variable apart, apart from those that join.

    Those that most rules use come together, to be numbered once for all rules.
    """
    used: set[tuple[str, ...]] = {PRINTED}
    tests = [test for test in rule.where if len(names(test)) > 1 and not joining(test)]
    for test in [*tests, rule.holds, *([rule.unless] if rule.unless else [])]:
        for part in walk(test):
            if part.op == "interval" and part.name == name:
                used.add(FIGURE)
            elif part.op == "field" and part.name == name:
                used.add((part.field,))
    return sorted(used)


# ---- joining


def _joined(
    table: Table, order: list[str], sides: dict[str, Side], sets: dict[str, Gathered], links: dict[str, list[Link]]
) -> Iterator[list[Ints]]:
    """The bindings, in chunks: for each variable the number of its entry. No join group is cut by a chunk."""
    first = np.arange(len(sides[order[0]].entry_item))
    if len(order) == 1:
        yield [first]
        return
    rows = {name: _entry_rows(name, sides[name], sets) for name in order}
    left, right = _keys(table, links[order[1]], order, rows, [first], order[1])
    for pair in _pairs(left, right, CHUNK):
        bound = list(pair)
        for name in order[2:]:
            left, right = _keys(table, links[name], order, rows, bound, name)
            at, new = next(_pairs(left, right, None), (first[:0], first[:0]))
            bound = [*(column[at] for column in bound), new]
        yield bound


def _entry_rows(name: str, side: Side, sets: dict[str, Gathered]) -> Ints:
    items = side.items[side.entry_item]
    return sets[name].rows[items] if name in sets else items


def _keys(
    table: Table, links: list[Link], order: list[str], rows: dict[str, Ints], bound: list[Ints], name: str
) -> tuple[Ints, Ints]:
    """One number for what joins, for each binding so far and for each entry of the next variable."""
    columns = []
    for link in links:
        other, own = table.shared_codes(link.other_field, link.field)
        index = order.index(link.other)
        columns.append(np.concatenate([other[rows[link.other][bound[index]]], own[rows[name]]]))
    key = combine(columns, unknown=True)
    return key[: len(bound[0])], key[len(bound[0]) :]


def _pairs(left: Ints, right: Ints, chunk: int | None) -> Iterator[tuple[Ints, Ints]]:
    """Positions in left and right with the same key, chunk by chunk; large groups are cut to their first members."""
    ours, theirs = np.flatnonzero(left >= 0), np.flatnonzero(right >= 0)
    ours, theirs = ours[np.isin(left[ours], right[theirs])], theirs[np.isin(right[theirs], left[ours])]
    if not len(ours):
        return
    keys, left_code = np.unique(left[ours], return_inverse=True)
    right_code = np.searchsorted(keys, right[theirs])
    many_left, many_right = np.bincount(left_code), np.bincount(right_code, minlength=len(keys))
    large = many_left * many_right > GROUP_LIMIT
    if large.any():
        most = int(GROUP_LIMIT**0.5)
        keep = ~large[left_code] | (_rank(left_code) < most)
        ours, left_code = ours[keep], left_code[keep]
        keep = ~large[right_code] | (_rank(right_code) < most)
        theirs, right_code = theirs[keep], right_code[keep]
        many_left, many_right = np.bincount(left_code), np.bincount(right_code, minlength=len(keys))
    by_left, by_right = np.argsort(left_code, kind="stable"), np.argsort(right_code, kind="stable")
    ours, theirs, left_code = ours[by_left], theirs[by_right], left_code[by_left]
    starts = np.cumsum(many_right) - many_right
    ends = np.cumsum(many_left * many_right)
    batch = (ends - 1) // chunk if chunk else np.zeros(len(keys), dtype=np.int64)
    for number in np.unique(batch):
        rows = np.flatnonzero(batch[left_code] == number)
        counts = many_right[left_code[rows]]
        inner = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        yield np.repeat(ours[rows], counts), theirs[np.repeat(starts[left_code[rows]], counts) + inner]


def _rank(code: Ints) -> Ints:
    """How many earlier rows have the same code."""
    rank: Ints = pd.Series(code).groupby(code).cumcount().to_numpy(dtype=np.int64)  # type: ignore[assignment]
    return rank


# ---- judging


def _failing(
    rule: Rule,
    table: Table,
    sides: dict[str, Side],
    sets: dict[str, Gathered],
    bound: dict[str, Ints],
    same_document: bool,
) -> dict[str, Ints]:
    """The bindings of a chunk that fail, without those that are matched otherwise or ambiguous."""
    bound = _only(bound, _allowed(rule, sides, sets, bound, same_document))

    def view() -> View:
        return View(table, {name: _items(sides[name], entry) for name, entry in bound.items()}, sets)

    tests = [test for test in rule.where if len(names(test)) > 1 and not joining(test)]
    for test in sorted(tests, key=lambda test: any(part.op == "measure" for part in walk(test))):
        bound = _only(bound, holds(test, view()).yes)
    answer = holds(rule.holds, view())
    if rule.unless:
        answer = answer | holds(rule.unless, view())
    answer = _or_cut_off(rule, view(), answer)
    failing = answer.no
    # Alignment has matched the claims of a fact one to one; those of a series are matched here.
    if len(sides) > 1 and "fact" not in rule.same and failing.any():
        failing = _unmatched(table, sides, bound, answer, same_document)
    return _only(bound, failing)


def _or_cut_off(rule: Rule, view: View, answer: Truth) -> Truth:
    """The answer once what fails only as long as figures count as rounded holds.

    A slip that the rule itself names tells more than that all figures may have been cut off: it is left standing.
    """
    left = np.flatnonzero(answer.no)
    if not len(left):
        return answer
    view = View(view.table, {name: rows[left] for name, rows in view.rows.items()}, view.sets)
    agrees = holds(rule.holds, cut_off(view)).yes.copy()
    for one in rule.hypotheses:
        agrees &= ~holds(rule.holds, supposing(view, one.variable, one.were)).yes
    yes, no = answer.yes.copy(), answer.no.copy()
    yes[left[agrees]], no[left[agrees]] = True, False
    return Truth(yes, no)


def _only(bound: dict[str, Ints], keep: Bools) -> dict[str, Ints]:
    return {name: entry[keep] for name, entry in bound.items()}


def _items(side: Side, entry: Ints) -> Ints:
    return side.items[side.entry_item[entry]]


def _allowed(
    rule: Rule, sides: dict[str, Side], sets: dict[str, Gathered], bound: dict[str, Ints], same_document: bool
) -> Bools:
    """Whether documents are as the rule wants them, and a pair that reads the same both ways comes once."""
    keep = np.ones(len(next(iter(bound.values()))), dtype=bool)
    if len(sides) == 1:
        return keep
    if same_document:
        for one, other in combinations([name for name in sides if name not in sets], 2):
            keep &= _items(sides[one], bound[one]) != _items(sides[other], bound[other])
    else:
        first, *others = (sides[name].entry_document[entry] for name, entry in bound.items())
        keep &= ~np.logical_and.reduce([first >= 0, *(document == first for document in others)])
    if rule.swappable:
        (a, side), (b, _) = sides.items()
        left, right = side.entry_profile[bound[a]], side.entry_profile[bound[b]]
        keep &= (left < right) | ((left == right) & (bound[a] <= bound[b]))
    return keep


def _unmatched(
    table: Table, sides: dict[str, Side], bound: dict[str, Ints], answer: Truth, same_document: bool
) -> Bools:
    """Failing bindings whose claims agree with no other claim of the documents in question, and stand alone there.

    One claim of a document matches at most one of another. Where several figures remain on a side, nobody can say
    which is meant: silence.
    """
    failing = answer.no.copy()
    slot = combine([sides[name].entry_profile[entry] for name, entry in bound.items()])
    within = np.zeros(len(failing), dtype=bool)
    if same_document:
        # One fact printed twice in a document: its claims cannot be matched with one another, only compared.
        first, *others = (sides[name].fact[sides[name].entry_item[entry]] for name, entry in bound.items())
        within = np.logical_and.reduce([first < table.size, *(fact == first for fact in others)])
        failing &= ~within | (np.bincount(slot, weights=failing & within)[slot] <= 2)
    for name, entry in bound.items():
        code = combine([slot, sides[name].entry_class[entry]])
        matched = np.bincount(code, weights=answer.yes) > 0
        failing &= within | ~matched[code]
    clear = within.copy()
    clear[failing] |= np.logical_and.reduce(
        [
            _one_each(slot[failing], sides[name].figure[sides[name].entry_item[entry[failing]]])
            for name, entry in bound.items()
        ]
    )
    return failing & clear


def _one_each(slot: Ints, figure: Ints) -> Bools:
    """Whether the slot of each row holds a single figure."""
    _, first = np.unique(combine([slot, figure]), return_index=True)
    counts = np.bincount(slot[first], minlength=int(slot.max(initial=0)) + 1)
    single: Bools = counts[slot] == 1
    return single
