"""The four budgets: which of them a text speaks of, and what a bare 收入 of one is called in full."""

from __future__ import annotations

import re
from functools import lru_cache

from checker.vocabulary import any_of, words

_MOVED = re.compile("[^，。；]{0,2}[调转][入出]")
_SHARE_OF = re.compile("占[^，。；]{0,3}$")
_OF_BUDGET = re.compile(".{0,4}?(?:预算|收入|支出|收支)")


def _budgets() -> dict[str, list[str]]:
    budgets: dict[str, list[str]] = words("relational")["budget_parts"]["budgets"]
    return budgets


@lru_cache(maxsize=1)
def _budget_names() -> tuple[re.Pattern[str], dict[str, str]]:
    table = {name: budget for budget, names in _budgets().items() for name in [budget, *names]}
    return re.compile(any_of(table)), table


def budget_named(text: str, start: int = 0, end: int | None = None, last: bool = False) -> str:
    """The budget that a stretch of text names first (or last); empty where it names none."""
    pattern, table = _budget_names()
    found = [m[0] for m in pattern.finditer(text, start, len(text) if end is None else end) if _sets(text, m)]
    return table[found[-1 if last else 0]] if found else ""


def _sets(text: str, m: re.Match[str]) -> bool:
    """Whether the name of a budget says what is spoken of; not as a whole of a share, nor as where money moves."""
    if _MOVED.match(text, m.end()) or _MOVED.search(text, max(0, m.start() - 4), m.start()):
        return False
    return not _SHARE_OF.search(text, max(0, m.start() - 4), m.start()) and bool(_OF_BUDGET.match(text, m.end() - 2))


def full_name(metric: str, budget: str) -> str:
    """A bare 收入 or 支出 belongs to the budget that its heading or paragraph speaks of."""
    bare = words("relational")["budget_parts"]["bare"]
    return budget + bare[metric] if budget and metric in bare else metric


def other_budget(metric: str, budget: str) -> str:
    """The budget a figure belongs to, where it is not the general one (the first) and its name does not say so."""
    budgets = _budgets()
    if not budget or budget == next(iter(budgets)) or any(name in metric for name in [budget, *budgets[budget]]):
        return ""
    return budget
