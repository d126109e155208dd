"""Why a rule finds nothing over some figures: the condition that refuses them, for people who write rules."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from checker.check.evaluate import Gathered, View, holds
from checker.check.expression import Node, names, render, written
from checker.check.fields import NUMBER_FIELDS, SHOWN_FIELDS
from checker.check.join import choosing, gather, joined_fields, or_none, standing
from checker.check.rules import Rule, Variable
from checker.check.slips import plain
from checker.check.table import Cells, Table
from checker.columns import Ints

if TYPE_CHECKING:
    import pandas as pd

# So many combinations of the claims in question are looked at.
TRIED = 10_000
# So many sets are named, and so many figures of one.
SHOWN = 5


class Condition(NamedTuple):
    """A test that a binding must pass, as the rule says it."""

    said: str
    test: Node


def diagnose(rule: Rule, numbers: Sequence[str], claims: pd.DataFrame) -> list[str]:
    """Why a rule finds nothing over claims that print these quantities: what refuses them, in the words of the rule."""
    if claims.empty:
        return ["no claim is read in these documents"]
    table = Table(claims)
    cells = table.cells(np.arange(table.size))
    wanted = {plain(number) for number in numbers}
    rows = [row for row in range(table.size) if wanted & {plain(cells("text", row)), plain(cells("number", row))}]
    read = {plain(cells(field, row)) for row in rows for field in ("text", "number")}
    lines = [f"no claim prints {number}" for number in numbers if plain(number) not in read]
    if lines:
        return lines
    fields = joined_fields(rule, rule.documents == "same")
    refused = {
        variable.name: [
            _refusals(rule, variable, table, cells, row, fields[variable.name]) for row in range(table.size)
        ]
        for variable in rule.variables
    }
    chosen = {name: np.array([row for row, no in enumerate(why) if not no], np.int64) for name, why in refused.items()}
    sets = _sets(rule, table, chosen, fields)
    bound = {
        name: list(range(len(sets[name].rows))) if name in sets else [row for row in rows if not why[row]]
        for name, why in refused.items()
    }
    for variable in rule.variables:
        fitting = [_figure(cells, row) for row in rows if not refused[variable.name][row]]
        if not fitting and not variable.optional:
            lines.append(f"{variable.name} binds none of these figures")
        elif not bound[variable.name]:
            lines.append(f"{variable.name} is no complete set, each part once: it has {', '.join(fitting[:SHOWN])}")
    for row in rows:
        if all(why[row] for why in refused.values()):
            given = "; ".join(f"{name}: {', '.join(why[row])}" for name, why in refused.items())
            lines.append(f"no variable binds {_figure(cells, row)}: {given}")
    return lines or _of_bindings(rule, table, cells, bound, sets)


def _sets(rule: Rule, table: Table, chosen: dict[str, Ints], fields: dict[str, list[str]]) -> dict[str, Gathered]:
    """All sets of a rule, whatever claims are in question."""
    sets = {}
    for variable in filter(lambda variable: variable.many, rule.variables):
        name = variable.name
        sets[name] = gather(table, chosen[name], fields[name], variable)
        if variable.optional:
            sets[name] = or_none(table, sets[name], chosen[standing(rule)], fields[name])
    return sets


def _refusals(rule: Rule, variable: Variable, table: Table, cells: Cells, row: int, needed: Sequence[str]) -> list[str]:
    """Why a variable does not bind a claim: the fields of its selector, what is unknown, its own tests."""
    reasons = []
    for field, allowed in variable.selector:
        value = _value(field, table, row)
        if value not in allowed:
            wanted = " or ".join(sorted("unknown" if one is None else str(one) for one in allowed))
            reasons.append(f"{field} is {_shown(value)}, not {wanted}")
    reasons += [f"{field} is unknown" for field in needed if table.codes(field)[row] < 0]
    view = View(table, {variable.name: np.array([row])}, {})
    for test in choosing(rule, variable):
        reasons += _failing(test, f"`{_said(test)}`", view, 0, cells)
    return reasons


def _of_bindings(
    rule: Rule, table: Table, cells: Cells, bound: dict[str, list[int]], sets: dict[str, Gathered]
) -> list[str]:
    """What the combination of these claims that comes nearest to a finding fails by."""
    single = [name for name in bound if name not in sets]
    combinations = [
        one
        for one in islice(product(*bound.values()), TRIED)
        if len({row for name, row in zip(bound, one, strict=True) if name in single}) == len(single)
    ]
    if not combinations:
        return ["the rule needs more claims than these figures are"]
    rows = {name: np.array(column) for name, column in zip(bound, zip(*combinations, strict=True), strict=True)}
    view = View(table, rows, sets)
    conditions = _conditions(rule)
    refused = np.sum([~holds(one.test, view).yes for one in conditions], axis=0) if conditions else np.zeros(view.size)
    answer = holds(rule.holds, view)
    at = int(np.lexsort((np.arange(view.size), ~answer.no, refused))[0])
    lines = [line for one in conditions for line in _failing(one.test, one.said, view, at, cells)]
    if not answer.no[at]:
        state = "holds" if answer.yes[at] else "can be neither true nor false, for something in it is unknown"
        lines.append(f"`{_said(rule.holds)}` {state}: {_values(rule.holds, view, at, cells)}")
    elif rule.unless and holds(rule.unless, view).yes[at]:
        lines.append(f"unless `{_said(rule.unless)}`, and that holds: {_values(rule.unless, view, at, cells)}")
    documents = {cells("document", int(view.claim_rows(name)[at])) for name in bound}
    if len(bound) > 1 and rule.documents != "any" and (len(documents) == 1) != (rule.documents == "same"):
        lines.append(f"documents: {rule.documents}, and these stand in {', '.join(sorted(documents))}")
    return lines or ["every condition is met: another figure agrees, or several would do and none is meant"]


def _conditions(rule: Rule) -> list[Condition]:
    first, *others = (variable.name for variable in rule.variables)

    def shared(field: str, other: str) -> Condition:
        sides = tuple(Node("field", "text", name=name, field=field) for name in (first, other))
        return Condition(f"same {field}", Node("==", "truth", sides))

    tests = [test for test in rule.where if len(names(test)) > 1]
    return [
        *(shared(field, other) for field in rule.same for other in others),
        *(Condition(f"`{_said(test)}`", test) for test in tests),
    ]


def _failing(test: Node, said: str, view: View, at: int, cells: Cells) -> list[str]:
    answer = holds(test, view)
    if answer.yes[at]:
        return []
    return [f"{said} is {'false' if answer.no[at] else 'unknown'}: {_values(test, view, at, cells)}"]


def _values(test: Node, view: View, at: int, cells: Cells) -> str:
    """What the parts of a test are in a binding: a.year is 2020, b is 5亿元."""
    shown = {}
    for part in written(test):
        if part.op == "field":
            shown[f"{part.name}.{part.field}"] = _shown(
                _value(part.field, view.table, int(view.claim_rows(part.name)[at]))
            )
        elif part.op == "interval":
            shown[part.name] = _figure(cells, int(view.claim_rows(part.name)[at]))
        elif part.op == "set":
            members: Ints = view.sets[part.name].members[view.rows[part.name][at]]
            shown[part.name] = " + ".join(_figure(cells, row) for row in members.tolist()) or "none"
    return ", ".join(f"{name} is {value}" for name, value in shown.items())


def _value(field: str, table: Table, row: int) -> object:
    """A field as it is compared."""
    if field in NUMBER_FIELDS or field in SHOWN_FIELDS:
        return table.cells(np.array([row]))(field, row)
    column = table.text(field)
    return column.values[column.codes[row]] if column.codes[row] >= 0 else None


def _said(node: Node) -> str:
    return render(node, _word)


def _word(node: Node) -> str:
    if node.op in ("text", "date"):
        return f'"{node.items[0]}"'
    if node.op == "number" and not node.name:
        return f"{node.value:g}"
    return f"{node.name}.{node.field}" if node.op == "field" else node.name


def _figure(cells: Cells, row: int) -> str:
    return plain(str(cells("text", row)))


def _shown(value: object) -> str:
    if value is None:
        return "unknown"
    return str(value) if value != "" else "empty"
