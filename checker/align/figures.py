"""How alike two figures are as digits: the same within rounding, or a slip of the pen apart."""

from __future__ import annotations

from typing import NamedTuple

from checker.align.weights import setting

# Figures of fewer significant digits are too often alike by chance.
SHORT = 3


class Figure(NamedTuple):
    """A printed figure: whose it is, its value, the ends of its interval, one unit of its last digit, its digits.

    `exact` is one that no word loosens, `part` one of a part of what the document is about, `known` one of an indicator
    of the vocabulary. `doubtful` marks one of several figures of a document.
    """

    id: str
    document: str
    value: float
    low: float
    high: float
    step: float
    number: str
    exact: bool = True
    part: bool = False
    known: bool = False
    doubtful: bool = False


def agree(a: Figure, b: Figure) -> bool:
    """Whether two figures print the same amount: within their digits, or one of them cut off (8500.9 as 8500)."""
    # An end without a bound is nan, and no comparison with it holds.
    if not (a.low > b.high or b.low > a.high):
        return True
    coarse, fine = (a, b) if a.step > b.step else (b, a)
    cut, whole = abs(coarse.value), abs(fine.value)
    return coarse.step > fine.step and coarse.value * fine.value >= 0 and cut <= whole < cut + coarse.step


def twice(a: Figure, b: Figure) -> bool:
    """Whether a document prints one amount in two places: the same value, or one of them in fewer digits."""
    return a.value == b.value or (a.step != b.step and agree(a, b))


def significant(figure: Figure) -> str:
    """The digits of a figure without point, separators and zeros around them."""
    return _significant(figure.number)


def significant_digits(number: str) -> int:
    """How many digits of a printed number tell something."""
    return len(_significant(number))


def _significant(number: str) -> str:
    return "".join(ch for ch in number if ch.isdigit()).strip("0")


def value_level(a: Figure, b: Figure) -> str:
    """How two figures compare, by the level of the comparison `value` in alignment.yaml."""
    digits = min(significant_digits(a.number), significant_digits(b.number))
    if agree(a, b):
        long, telling = setting("figures", "long"), setting("figures", "telling")
        return "equal_long" if digits >= long else "equal" if digits >= telling else "equal_short"
    if slip(a, b):
        return "slip"
    return "near" if abs(a.value - b.value) <= setting("figures", "near") * max(abs(a.value), abs(b.value)) else "far"


def slip(a: Figure, b: Figure) -> bool:
    """Whether one slip of the pen makes one of two unequal figures of the other: a digit, or two changing places."""
    from rapidfuzz.distance import OSA

    left, right = significant(a), significant(b)
    if a.value == b.value or min(len(left), len(right)) < SHORT - 1 or max(len(left), len(right)) < SHORT:
        return False
    return OSA.distance(left, right, score_cutoff=1) <= 1 or _swapped(left, right)


def _swapped(left: str, right: str) -> bool:
    """Whether two digits have changed places in a figure long enough to tell (2300.5 as 2003.5)."""
    if len(left) != len(right) or len(left) < setting("figures", "long"):
        return False
    unlike = [pair for pair in zip(left, right, strict=True) if pair[0] != pair[1]]
    return len(unlike) == 2 and unlike[0] == unlike[1][::-1]
