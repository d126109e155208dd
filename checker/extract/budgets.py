"""The four budgets: which of them a text speaks of, and what a bare 收入 of one is called in full."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checker.vocabulary import any_of

# How far the words around the name of a budget reach that say whether it is spoken of; its last word is among them.
_AROUND = 4
_LAST_WORD = 2


@dataclass(frozen=True, slots=True, eq=False)
class Budgets:
    """The names of the budgets, and the words around a name, of relational.yaml.

    `budget_of` has the budget of every name, `names` every name of a budget, the general one first; `bare` what a head
    that names none is called behind its name.
    """

    named: re.Pattern[str]
    budget_of: Mapping[str, str]
    names: Mapping[str, tuple[str, ...]]
    bare: Mapping[str, str]
    moved: re.Pattern[str]
    share_of: re.Pattern[str]
    of_budget: re.Pattern[str]

    @property
    def general(self) -> str:
        return next(iter(self.names))


def compile_budgets(data: dict[str, Any]) -> Budgets:
    """What relational.yaml says of budgets, compiled."""
    names = {budget: (budget, *others) for budget, others in data["budgets"].items()}
    budget_of = {name: budget for budget, all_names in names.items() for name in all_names}
    around = {name: re.compile(data[name]["pattern"]) for name in ("moved", "share_of", "of_budget")}
    return Budgets(re.compile(any_of(budget_of)), budget_of, names, data["bare"], **around)


def budget_named(words: Budgets, text: str, start: int = 0, end: int | None = None) -> str:
    """The budget that a stretch of text names first; empty where it names none."""
    found = words.named.finditer(text, start, len(text) if end is None else end)
    return next((words.budget_of[m[0]] for m in found if _sets(words, text, m)), "")


def _sets(words: Budgets, text: str, m: re.Match[str]) -> bool:
    """Whether the name of a budget says what is spoken of; not as a whole of a share, nor as where money moves."""
    front = max(0, m.start() - _AROUND)
    if words.moved.match(text, m.end()) or words.moved.search(text, front, m.start()):
        return False
    return not words.share_of.search(text, front, m.start()) and bool(words.of_budget.match(text, m.end() - _LAST_WORD))


def full_name(words: Budgets, metric: str, budget: str) -> str:
    """A bare 收入 or 支出 belongs to the budget that its heading or paragraph speaks of."""
    return budget + words.bare[metric] if budget and metric in words.bare else metric


def other_budget(words: Budgets, metric: str, budget: str) -> str:
    """The budget a figure belongs to, where it is not the general one and its name does not say so."""
    if not budget or budget == words.general or any(name in metric for name in words.names[budget]):
        return ""
    return budget
