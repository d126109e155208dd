"""How many of the findings that people have looked at were right, rule by rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from checker.decisions.events import Event
from checker.decisions.state import State, states
from checker.decisions.verdicts import verdicts

ALL = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """The findings of one rule, or of ALL, by where they stand; a disputed one is undecided.

    A flag was right where the figures do differ, whatever the reason. What was read or matched amiss is counted apart.
    """

    rule: str
    right: int
    rounding: int
    extraction: int
    alignment: int
    undecided: int

    @property
    def decided(self) -> int:
        return self.right + self.rounding + self.extraction + self.alignment

    @property
    def share(self) -> float | None:
        """Those that were right among those decided."""
        return self.right / self.decided if self.decided else None


def stats(events: Iterable[Event]) -> list[Counts]:
    """A row for each rule by its id, then one for ALL."""
    found: dict[str, Counter[str]] = {}
    for one in states(events).values():
        for rule in (_rule(one), ALL):
            if one.verdict:
                found.setdefault(rule, Counter())[_standing(one)] += 1
    return [_counts(rule, found.get(rule, Counter())) for rule in [*sorted(set(found) - {ALL}), ALL]]


def _counts(rule: str, found: Counter[str]) -> Counts:
    return Counts(
        rule, found["right"], found["rounding"], found["extraction-error"], found["alignment-error"], found["open"]
    )


def _rule(one: State) -> str:
    return one.verdict.sight.rule if one.verdict and one.verdict.sight else ALL


def _standing(one: State) -> str:
    flag = "open" if one.disputed else verdicts()[one.to].flag
    return one.to if flag == "wrong" else flag
