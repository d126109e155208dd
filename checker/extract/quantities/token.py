"""A number in the text and what it was read as."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from msgspec import Struct

from checker.model import Interval

# Longer numbers are none that anybody measured.
MAX_DIGITS = 25
ZERO, ONE = Decimal(0), Decimal(1)


class Token(Struct):
    """A number in the flat text. `start`..`end` is the quantity, unit and all; `reason` is set where it is no claim.

    `first` and `last` delimit the printed digits, `before` and `after` the quantity with its qualifiers. `step` is one
    unit in the last digit, `significant` in the last that is no trailing zero, `scaled` the factor of 万 and 亿. `high`
    is the other end of a printed range or of a pair of neighbours (两三家), printed at `to`;
    `implied` marks a unit that only the noun behind tells, `signed` a number with its sign;
    `label` is where the label in front ends that gives the unit in brackets.
    """

    start: int
    end: int
    first: int
    last: int
    value: Decimal = ZERO
    step: Decimal = ZERO
    significant: Decimal = ZERO
    unit: str | None = None
    dimension: str = ""
    qualifier: str = "exact"
    qualified: str = ""
    kind: str = ""
    reason: str = ""
    high: Decimal | None = None
    to: tuple[int, int] | None = None
    before: int = 0
    after: int = 0
    implied: bool = False
    signed: bool = False
    label: int | None = None
    scaled: Decimal = ONE


def reject(token: Token, reason: str, end: int = 0) -> Token:
    """The token as a number that states no quantity, for this reason."""
    token.kind, token.reason = "rejected", reason
    token.end = max(token.end, end)
    return token


def scale(token: Token, by: Decimal) -> None:
    """Make the token state so many times its amount."""
    token.value *= by
    token.step *= by
    token.significant *= by
    token.scaled *= by
    if token.high is not None:
        token.high *= by


class End(NamedTuple):
    """An end of what a quantity stands for: so many times its value and so many steps more."""

    times: Decimal
    steps: Decimal
    open: bool


class Qualifier(NamedTuple):
    """The ends that a qualifier leaves a quantity; the upper one is another where it stands inside (13.2万余)."""

    low: End | None
    high: End | None
    high_inside: End | None
    inside: frozenset[str]
    after_target: frozenset[str]


def compile_qualifiers(data: Mapping[str, Any]) -> dict[str, Qualifier]:
    """The qualifiers of rules/vocabulary/qualifiers.yaml."""
    return {
        name: Qualifier(
            _end(entry["low"]),
            _end(entry["high"]),
            _end(entry.get("high_inside")),
            frozenset(entry.get("inside", ())),
            frozenset(entry.get("after_target", ())),
        )
        for name, entry in data.items()
    }


def _end(rule: Mapping[str, Any] | None) -> End | None:
    if rule is None:
        return None
    return End(Decimal(str(rule["times"])), Decimal(str(rule["steps"])), bool(rule.get("open")))


def interval(token: Token, modality: str, qualifiers: Mapping[str, Qualifier]) -> tuple[str, Interval]:
    """The qualifier of a quantity and the numbers it stands for."""
    value, name = token.value, token.qualifier
    if token.high is not None:
        return name, Interval(min(value, token.high), max(value, token.high), False, False)
    if modality == "target" and token.qualified in qualifiers["at_least"].after_target:
        name = "at_least"
    qualifier = qualifiers[name]
    low, high = qualifier.low, qualifier.high
    if name == "over" and token.qualified in qualifier.inside:
        high = qualifier.high_inside
    step = token.step if name == "exact" else token.significant
    low_end = value * low.times + step * low.steps if low else None
    high_end = value * high.times + step * high.steps if high else None
    if low_end is not None and high_end is not None and low_end > high_end:
        low_end, high_end = high_end, low_end
    return name, Interval(low_end, high_end, low is not None and low.open, high is not None and high.open)
