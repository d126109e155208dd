"""Indicators by the names that reports use for them, as metrics.yaml knows them, with those that a project adds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from checker.vocabulary import Vocabulary, any_of, shipped, words

# So many characters at the beginning of a name tell that it is one.
_TELLING = 4


@dataclass(frozen=True, eq=False)
class Metrics:
    """The indicators of a vocabulary.

    concepts     the canonical name of each name
    of_companies ... and of those as well that only a company's report can use without saying whose they are
    any_order    the canonical name by the characters of a name in whatever order; None where those are of two
    entries      what the vocabulary says of each concept
    around       what may stand around a name without changing its meaning; one piece at a time
    within       ... and within it
    verb_before  verbs in front of a name
    beginnings   the first characters of names
    """

    concepts: Mapping[str, str]
    of_companies: Mapping[str, str]
    any_order: Mapping[str, str | None]
    entries: Mapping[str, Mapping[str, Any]]
    around: re.Pattern[str]
    within: re.Pattern[str]
    verb_before: re.Pattern[str]
    beginnings: frozenset[str]

    @lru_cache(maxsize=100_000)  # names come again and again  # noqa: B019
    def concept_of(self, metric: str, company: bool = False) -> str | None:
        """The vocabulary's name for a metric in a source's words; None where the vocabulary does not know it.

        `company` says that it is the report of one. What says nothing of the indicator comes off around the name (item
        numbers, verbs, 快报数) and within it (的), and the order of its words makes no difference.
        """
        concepts = self.of_companies if company else self.concepts
        while True:
            for name in (metric, self.within.sub("", metric)):
                if concept := concepts.get(name) or self.any_order.get("".join(sorted(name))):
                    return concept
            shorter = self.around.sub("", metric)
            if shorter == metric or len(shorter) < 3:
                return None
            metric = shorter

    def begins(self, text: str, at: int = 0) -> bool:
        """Whether the name of an indicator begins at an offset of a text, by its first characters."""
        return any(text[at : at + length] in self.beginnings for length in range(_TELLING, 1, -1))

    def names_of(self, concept: str | None) -> tuple[str, ...]:
        """All names of a concept of the vocabulary; none of what it does not know."""
        entry = self.entries.get(concept or "")
        return (entry["id"], *entry.get("aliases", [])) if entry else ()

    def is_narrower(self, metric: str) -> bool:
        """Whether a metric is an indicator of something narrower: words of its own before the name (高新区税收收入)."""
        if self.concept_of(metric):
            return False
        return any(metric[start:] in self.concepts for start in range(2, len(metric) - 3))

    def bare(self, metric: str) -> str:
        """An indicator of the vocabulary without the verb in front of it: 实现地区生产总值 is 地区生产总值."""
        name = self.verb_before.sub("", metric)
        return name if name in self.concepts else metric

    def kind_of(self, concept: str | None) -> str | None:
        """flow, stock, rate or index, for a concept of the vocabulary."""
        return self._said(concept).get("kind")

    def weight_of(self, concept: str | None) -> int:
        """How much a reader would miss a difference in a concept: 3 for headlines, 0 for what no vocabulary knows."""
        entry = self._said(concept)
        return int(entry.get("weight", 1)) if entry else 0

    def prices_of(self, concept: str | None) -> tuple[str | None, str | None]:
        """At which prices the level and the growth of a concept are published, where the vocabulary says so."""
        price = self._said(concept).get("price", {})
        return price.get("level"), price.get("growth")

    def growth_basis_of(self, concept: str | None) -> str | None:
        """`comparable` where the growth of a concept is published on a comparable basis, as far as it is said."""
        basis: str | None = self._said(concept).get("growth_basis")
        return basis

    def per_head_of(self, concept: str | None) -> tuple[str | None, str | None]:
        """For a concept per head, the concepts of the total and of the population, where the vocabulary says so."""
        shared = self._said(concept).get("per_head", {})
        return shared.get("total"), shared.get("population")

    def ratio_of(self, concept: str | None) -> tuple[str | None, str | None]:
        """For a concept that is a quotient by definition, the concepts of what is divided and of what by."""
        ratio = self._said(concept).get("ratio", {})
        return ratio.get("of"), ratio.get("to")

    def balance_of(self, concept: str | None) -> tuple[str | None, str | None]:
        """For a concept that is a difference by definition, the concepts of what is subtracted from and of what is."""
        balance = self._said(concept).get("balance", {})
        return balance.get("of"), balance.get("less")

    def _said(self, concept: str | None) -> Mapping[str, Any]:
        return self.entries.get(concept or "", {})


def metrics(vocabulary: Vocabulary | None = None) -> Metrics:
    """The indicators of a vocabulary, or of the shipped one."""
    return _compiled(vocabulary or shipped())


def _named(entries: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The canonical name of each name of some indicators."""
    return {name: entry["id"] for entry in entries for name in (entry["id"], *entry.get("aliases", []))}


@lru_cache(maxsize=8)
def _compiled(vocabulary: Vocabulary) -> Metrics:
    data, cues = vocabulary["metrics"], words("cues")
    entries = {entry["id"]: entry for entry in (*data["metrics"], *data["of_companies"])}
    concepts = _named(data["metrics"])
    any_order: dict[str, str | None] = {}
    for name, concept in concepts.items():
        if len(name) >= data["any_order"]:
            letters = "".join(sorted(name))
            any_order[letters] = concept if any_order.get(letters, concept) == concept else None
    around, scopes = data["around"], [word for group in cues["scopes"].values() for word in group]
    before = any_of([*cues["neutral_verbs"], *scopes, *around["before"]])
    after = any_of([*cues["neutral_ends"], *around["after"]])
    return Metrics(
        concepts=concepts,
        of_companies=concepts | _named(data["of_companies"]),
        any_order=any_order,
        entries=entries,
        around=re.compile(f"^(?:{around['number']})|^(?:{around['decided']})|^{before}|{after}$"),
        within=re.compile(any_of(around["within"])),
        verb_before=re.compile(f"^{any_of(cues['neutral_verbs'])}+"),
        beginnings=frozenset(name[:_TELLING] for name in concepts),
    )
