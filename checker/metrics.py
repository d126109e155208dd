"""Indicators by the names that reports use for them, as rules/vocabulary/metrics.yaml knows them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from checker.vocabulary import any_of, words


@lru_cache(maxsize=2)
def _concepts(company: bool = False) -> dict[str, str]:
    data = words("metrics")
    entries = [*data["metrics"], *(data["of_companies"] if company else ())]
    return {name: entry["id"] for entry in entries for name in (entry["id"], *entry.get("aliases", []))}


@lru_cache(maxsize=1)
def _entries() -> dict[str, dict[str, Any]]:
    data = words("metrics")
    return {entry["id"]: entry for entry in (*data["metrics"], *data["of_companies"])}


@lru_cache(maxsize=2)
def _any_order(company: bool) -> dict[str, str | None]:
    """The concept of each name by its characters, whatever their order; None where those are of two."""
    found: dict[str, str | None] = {}
    for name, concept in _concepts(company).items():
        if len(name) >= words("metrics")["any_order"]:
            letters = "".join(sorted(name))
            found[letters] = concept if found.get(letters, concept) == concept else None
    return found


@lru_cache(maxsize=1)
def _around_concept() -> re.Pattern[str]:
    """What may stand around the name of an indicator without changing its meaning; one piece at a time."""
    c, around = words("cues"), words("metrics")["around"]
    scopes = [word for group in c["scopes"].values() for word in group]
    before = any_of([*c["neutral_verbs"], *scopes, *around["before"]])
    return re.compile(f"^(?:{around['number']})|^{before}|{any_of([*c['neutral_ends'], *around['after']])}$")


@lru_cache(maxsize=1)
def _within() -> re.Pattern[str]:
    return re.compile(any_of(words("metrics")["around"]["within"]))


@lru_cache(maxsize=1)
def _verb_before() -> re.Pattern[str]:
    return re.compile(f"^{any_of(words('cues')['neutral_verbs'])}+")


@lru_cache(maxsize=100_000)
def concept_of(metric: str, company: bool = False) -> str | None:
    """The vocabulary's name for a metric in a source's words; None where the vocabulary does not know it.

    In the report of a company those count as well of which only a company's can speak without saying whose they are.

    What says nothing of the indicator comes off around the name (item numbers, verbs, 快报数) and within it (的), and
    the order of its words makes no difference.
    """
    table, any_order = _concepts(company), _any_order(company)
    while True:
        for name in (metric, _within().sub("", metric)):
            if concept := table.get(name) or any_order.get("".join(sorted(name))):
                return concept
        shorter = _around_concept().sub("", metric)
        if shorter == metric or len(shorter) < 3:
            return None
        metric = shorter


# So many characters at the beginning of a name tell that it is one.
_TELLING = 4


@lru_cache(maxsize=1)
def _beginnings() -> frozenset[str]:
    return frozenset(name[:_TELLING] for name in _concepts())


def begins(text: str, at: int = 0) -> bool:
    """Whether the name of an indicator begins at an offset of a text, by its first characters."""
    return any(text[at : at + length] in _beginnings() for length in range(_TELLING, 1, -1))


@lru_cache(maxsize=10_000)
def names_of(concept: str | None) -> tuple[str, ...]:
    """All names of a concept of the vocabulary; none of what it does not know."""
    entry = _entries().get(concept or "")
    return (entry["id"], *entry.get("aliases", [])) if entry else ()


@lru_cache(maxsize=100_000)
def is_narrower(metric: str) -> bool:
    """Whether a metric is an indicator of something narrower: words of its own before the name (高新区税收收入)."""
    if concept_of(metric):
        return False
    return any(metric[start:] in _concepts() for start in range(2, len(metric) - 3))


@lru_cache(maxsize=100_000)
def bare(metric: str) -> str:
    """An indicator of the vocabulary without the verb in front of it: 实现地区生产总值 is 地区生产总值."""
    name = _verb_before().sub("", metric)
    return name if name in _concepts() else metric


def kind_of(concept: str | None) -> str | None:
    """flow, stock, rate or index, for a concept of the vocabulary."""
    return _entries()[concept]["kind"] if concept in _entries() else None


def weight_of(concept: str | None) -> int:
    """How much a reader would miss a difference in a concept: 3 for headlines, 0 for what no vocabulary knows."""
    return int(_entries()[concept].get("weight", 1)) if concept in _entries() else 0


def prices_of(concept: str | None) -> tuple[str | None, str | None]:
    """At which prices the level and the growth of a concept are published, where the vocabulary says so."""
    price = _entries().get(concept or "", {}).get("price", {})
    return price.get("level"), price.get("growth")


def growth_basis_of(concept: str | None) -> str | None:
    """`comparable` where the growth of a concept is published on a comparable basis, as far as the vocabulary says."""
    basis: str | None = _entries().get(concept or "", {}).get("growth_basis")
    return basis


def per_head_of(concept: str | None) -> tuple[str | None, str | None]:
    """For a concept per head, the concepts of the total and of the population, where the vocabulary says so."""
    shared = _entries().get(concept or "", {}).get("per_head", {})
    return shared.get("total"), shared.get("population")
