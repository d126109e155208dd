"""The words of lists and sums (rules/vocabulary/parts.yaml), compiled, and what can be part of what."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from checker.extract.told import ASSUMED
from checker.metrics import Metrics
from checker.model import Claim
from checker.vocabulary import any_of


@dataclass(frozen=True)
class Composition:
    """Names that tell all parts of one whole apart, the name of the whole, and what they are no parts of."""

    word: re.Pattern[str]
    count: int
    whole: str | None
    no_parts_of: tuple[str, ...]


@dataclass(frozen=True)
class Parts:
    """What parts.yaml says, in the form that the walk over a text asks it; see the comments there."""

    event: re.Pattern[str]
    added: re.Pattern[str]
    goes_on: re.Pattern[str]
    enumerates: re.Pattern[str]
    numbered: re.Pattern[str]
    share_follows: re.Pattern[str]
    bare_total: re.Pattern[str]
    named_total: re.Pattern[str]
    added_total: re.Pattern[str]
    compared: re.Pattern[str]
    compared_with: re.Pattern[str]
    differs: re.Pattern[str]
    rises: re.Pattern[str]
    by: re.Pattern[str]
    compared_by_name: re.Pattern[str]
    was: re.Pattern[str]
    running: re.Pattern[str]
    new: re.Pattern[str]
    consists: re.Pattern[str]
    structure: re.Pattern[str]
    listed_share: re.Pattern[str]
    rest: re.Pattern[str]
    gap: re.Pattern[str]
    faster: re.Pattern[str]
    risen: re.Pattern[str]
    left_over: re.Pattern[str]
    all_years: re.Pattern[str]
    of_the_year: re.Pattern[str]
    carried: re.Pattern[str]
    mean: re.Pattern[str]
    elsewhere: re.Pattern[str]
    difference: re.Pattern[str]
    in_brackets: re.Pattern[str]
    not_parts: re.Pattern[str]
    part: re.Pattern[str]
    apart: tuple[re.Pattern[str], ...]
    sides: tuple[str, ...]
    means_in: frozenset[str]
    counters: frozenset[str]
    tiers: frozenset[tuple[str, ...]]
    compositions: tuple[Composition, ...]
    metrics: Metrics


@dataclass(slots=True)
class Relations:
    """By the number of a claim those of others: of the whole it is part of, of the first of the parts that make up the
    whole, of the first of the parts named in one list, of its subject."""

    part_of: dict[int, int] = field(default_factory=dict)
    listing: dict[int, int] = field(default_factory=dict)
    among: dict[int, int] = field(default_factory=dict)
    subject: dict[int, int] = field(default_factory=dict)
    maybe: dict[int, int] = field(default_factory=dict)

    def whole(self, part: int) -> int | None:
        """What an amount is, or may be, part of."""
        return self.part_of.get(part, self.maybe.get(part))

    def make_up(self, parts: Sequence[int], whole: int) -> None:
        """Note that these amounts together are that one."""
        for k in parts:
            self.part_of[k], self.listing[k] = whole, parts[0]


# What is taken note of between two figures: punctuation, then words, each a method of the walk.
_SIGNS = "\n。！？；;（(）)"
_PUNCTUATION = r"(?P<line>\n)|(?P<stop>[。！？])|(?P<semicolon>[；;])|(?P<opening>[（(])|(?P<closing>[）)])"
_WORDS = ("among", "some", "divided", "added", "subtracted", "balanced", "even")
_ASKED = (
    *(
        "added",
        "goes_on",
        "enumerates",
        "numbered",
        "share_follows",
        "bare_total",
        "named_total",
        "added_total",
        "compared",
        "risen",
    ),
    *("compared_with", "differs", "rises", "by", "compared_by_name", "gap", "faster"),
    *("was", "running", "new", "consists", "structure", "listed_share", "rest"),
    *(
        "left_over",
        "all_years",
        "of_the_year",
        "carried",
        "mean",
        "elsewhere",
        "difference",
        "in_brackets",
        "not_parts",
    ),
)


def compile_parts(words: Mapping[str, Any], metrics: Metrics) -> Parts:
    """The vocabulary of parts.yaml, compiled; by `metrics` wholes are known that go by several names."""
    patterns = {name: entry["pattern"] for name, entry in words["patterns"].items()}
    events = "|".join([_PUNCTUATION, *(f"(?P<{name}>{patterns[name]})" for name in _WORDS)])
    compositions = words["compositions"]
    return Parts(
        event=re.compile(f"(?=[{_SIGNS}{words['begins']}])(?:{events})"),
        **{name: re.compile(patterns[name]) for name in _ASKED},
        part=re.compile(any_of(part for one in compositions for part in one["parts"])),
        apart=tuple(re.compile(any_of(kinds)) for kinds in words["apart"]),
        sides=tuple(words["sides"]),
        means_in=frozenset(words["means_in"]),
        counters=frozenset(words["counters"]),
        tiers=frozenset(map(tuple, words["tiers"])),
        compositions=tuple(
            Composition(
                re.compile(any_of(one["parts"])), len(one["parts"]), one.get("whole"), tuple(one.get("not", ()))
            )
            for one in compositions
        ),
        metrics=metrics,
    )


def planned_apart(one: Claim, other: Claim) -> bool:
    """Whether one amount is planned and the other is said not to be; what is only assumed to be done may be planned."""
    if (one.modality == "target") == (other.modality == "target"):
        return False
    return not any(how.slot == "modality" and how.how == ASSUMED for how in (*one.how, *other.how))


def alike(part: Claim, whole: Claim, words: Parts, *, counted: bool = True) -> bool:
    """Whether an amount can be part of another: of its unit, kind and year, planned or not as it is.

    Where `counted` is false the names of what is counted need have nothing in common.
    """
    if part.unit != whole.unit or planned_apart(part, whole):
        return False
    if counted and part.unit in words.counters and set(part.metric).isdisjoint(whole.metric):
        return False
    of_year = same_year(part, whole) and not is_apart(part, whole, words)
    return of_year or bool(words.carried.search(part.metric))


def same_year(one: Claim, other: Claim) -> bool:
    """Whether the periods of two claims end in one year."""
    return (one.period_end or "")[:4] == (other.period_end or "")[:4]


def is_mean(claim: Claim, words: Parts) -> bool:
    """Whether a figure is no sum, so that what is listed under it may be larger."""
    return "/" in claim.unit or claim.unit in words.means_in or bool(words.mean.search(claim.metric))


def is_apart(one: Claim, other: Claim, words: Parts) -> bool:
    """Whether two amounts are of different kinds (存款, 贷款): by the last word of either name that tells which."""
    for kinds in words.apart:
        first = kinds.findall(one.metric)
        second = kinds.findall(other.metric) if first else first
        if second and first[-1] != second[-1]:
            return True
    return False
