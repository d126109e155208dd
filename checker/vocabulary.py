"""The words of the domain, read from rules/vocabulary/*.yaml: data that a domain expert edits, shared by all stages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from checker.yamlfile import load

_KIND = re.compile(r"\{([a-z_]+)\}")


def rules_dir() -> Path:
    """The folder of the shipped rules: inside the installed package, or at the top of a checkout."""
    inside = Path(__file__).parent / "rules"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "rules"


@cache
def words(name: str) -> dict[str, Any]:
    """The vocabulary file of this name, validated by the schema beside it."""
    folder = rules_dir() / "vocabulary"
    data: dict[str, Any] = load(folder / f"{name}.yaml", folder / "schemas" / f"{name}.json")
    return data


def any_of(words: Iterable[str]) -> str:
    """A regular expression for any of these words, the longest first."""
    return _any_of(tuple(words))


@lru_cache(maxsize=1000)
def _any_of(words: tuple[str, ...]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in sorted(set(words), key=lambda w: (-len(w), w))) + ")"


@cache
def table_words() -> dict[str, Any]:
    """tables.yaml, with the words of other files where its patterns name their kind in braces: {budgets}."""
    budgets, clauses = words("relational")["budget_parts"]["budgets"], words("clauses")
    kinds = {
        "budgets": [name for budget, names in budgets.items() for name in (budget, *names)],
        "versus": clauses["kinds"]["versus"],
        "looking_back": clauses["looking_back"],
    }
    data: dict[str, Any] = _filled(words("tables"), kinds)
    return data


def _filled(data: Any, kinds: Mapping[str, Iterable[str]]) -> Any:
    if isinstance(data, str):
        return _KIND.sub(lambda m: any_of(kinds[m[1]]), data)
    if isinstance(data, list):
        return [_filled(each, kinds) for each in data]
    return {key: _filled(each, kinds) for key, each in data.items()} if isinstance(data, dict) else data
