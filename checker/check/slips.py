"""What a printed figure would be without a slip: 3,156,077 for 3,165,077, 8.4万元 for 8.4亿元."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

# The most plausible first.
SLIPS = {
    "swapped": {"zh": "相邻两位数字颠倒", "en": "two neighbouring digits swapped"},
    "doubled": {"zh": "一位数字印了两次", "en": "a digit printed twice"},
    "added": {"zh": "多一位数字", "en": "one digit too many"},
    "dropped": {"zh": "少一位数字", "en": "a digit left out"},
    "unit": {"zh": "单位相差万倍或亿倍", "en": "another unit (万, 亿)"},
    "point": {"zh": "小数点移动一位", "en": "the decimal point moved by one place"},
    "changed": {"zh": "一位数字不同", "en": "one digit changed"},
}
# What 万 and 亿 stand for, as powers of ten; the longest comes first.
MAGNITUDES = {"万亿": 12, "亿": 8, "万": 4, "": 0}
# A figure nearer than this, in units of its last digit, is merely close.
NEAR = 9
# What would fit over this part of the way that a slip leads is hit by chance.
APART = 5

_LAYOUT = re.compile(r"[\s*_]+")
_DIGITS = re.compile(r"[0-9]+(?:\.[0-9]+)?")


class Printed(NamedTuple):
    """A printed figure taken apart: what stands before its digits and behind, and how much one of it is."""

    before: str
    digits: str
    after: str
    grouped: bool
    scale: Decimal


class Slip(NamedTuple):
    """A figure without a slip: the quantity as it would be printed, its amount and the amount of its last digit.

    It says something only if figures so far `apart` from it would not do as well.
    """

    kind: str
    text: str
    value: Decimal
    step: Decimal
    apart: Decimal


def plain(text: str) -> str:
    """A printed quantity without line breaks, justifying spaces and emphasis."""
    return _LAYOUT.sub("", text)


def taken_apart(text: str, number: str, value: float, step: float) -> Printed | None:
    """A printed figure, unless its digits are not such that its amount can be read off them: 两万, 3亿2000万."""
    shown, given = plain(text), plain(number)
    normal = unicodedata.normalize("NFKC", given)
    digits = normal.replace(",", "")
    before, found, after = shown.rpartition(given)
    if not found or not _DIGITS.fullmatch(digits):
        return None
    scale = Decimal(repr(float(step))).scaleb(_places(digits))
    if abs(Decimal(repr(abs(float(value)))) - Decimal(digits) * scale) > scale * Decimal("1e-9"):
        return None
    return Printed(before, digits, after, "," in normal, scale)


def written(figure: Printed, digits: str) -> str:
    """The quantity with other digits, grouped like those it has."""
    whole, point, rest = digits.partition(".")
    return figure.before + (f"{int(whole):,}" if figure.grouped else whole) + point + rest + figure.after


def slips(figure: Printed, dimension: str) -> Iterator[Slip]:
    """What the figure would be without each slip that is worth naming, most plausible first; amounts have no sign."""
    printed, known = Decimal(figure.digits), {figure.digits}
    near = NEAR * Decimal(1).scaleb(-_places(figure.digits))
    for kind, digits, place in _rewritten(figure.digits):
        if digits in known or not _proper(digits) or (kind == "point" and not _has_decimals(figure)):
            continue
        known.add(digits)
        number = Decimal(digits)
        far = abs(number - printed)
        if number and far >= near:
            apart = Decimal(1).scaleb(place - 1) if kind == "changed" else far / APART
            yield _slip(kind, figure, digits, apart)
    for after, by in _units(figure, dimension):
        other = figure._replace(after=after, scale=figure.scale.scaleb(by))
        yield _slip("unit", other, figure.digits, abs(printed - printed.scaleb(-by)) / APART)


def _slip(kind: str, figure: Printed, digits: str, apart: Decimal) -> Slip:
    step = figure.scale.scaleb(-_places(digits))
    return Slip(kind, written(figure, digits), Decimal(digits) * figure.scale, step, apart * figure.scale)


def _rewritten(digits: str) -> Iterator[tuple[str, str, int]]:
    """The digits without a slip, with its kind and the place at which it is."""
    at = [i for i, character in enumerate(digits) if character != "."]
    if _significant(digits) < 2:
        return
    for i, j in pairwise(at):
        yield "swapped", digits[:i] + digits[j] + digits[i + 1 : j] + digits[i] + digits[j + 1 :], 0
    # Without its last decimal a figure is only coarser.
    within = at[:-1] if "." in digits else at
    fewer = {i: digits[:i] + digits[i + 1 :] for i in within}
    for kind in ("doubled", "added"):
        for i, shorter in fewer.items():
            twice = any(digits[i] == digits[k] for k in at if abs(at.index(k) - at.index(i)) == 1)
            if twice == (kind == "doubled") and _significant(shorter) >= 2:
                yield kind, shorter, 0
    for i in range(len(digits) - _places(digits) + ("." not in digits)):
        for digit in "0123456789":
            yield "dropped", digits[:i] + digit + digits[i:], 0
    for by in (1, -1):
        yield "point", _moved(digits, by), 0
    if _significant(digits) < 3:
        return
    for order, i in enumerate(at[:-1]):
        if digits[i + 1 :].strip("0."):  # else nothing behind it agrees
            for digit in "0123456789":
                yield "changed", digits[:i] + digit + digits[i + 1 :], len(at) - 1 - order - _places(digits)


def _units(figure: Printed, dimension: str) -> Iterator[tuple[str, int]]:
    """Other units that the digits may have had, and by how many powers of ten they are larger.

    They are there where a magnitude is printed, or for an amount of money in the plain unit.
    """
    magnitude = next(m for m in MAGNITUDES if figure.after.startswith(m))
    if not magnitude and (dimension != "money" or figure.scale != 1 or not figure.after):
        return
    for other, power in MAGNITUDES.items():
        by = power - MAGNITUDES[magnitude]
        if abs(by) in (4, 8) and (other or dimension == "money"):
            yield other + figure.after[len(magnitude) :], by


def _moved(digits: str, by: int) -> str:
    """The digits with the point moved to the right or left."""
    whole = digits.replace(".", "")
    places = _places(digits) - by
    whole = whole.ljust(len(whole) - places, "0").zfill(places + 1)
    return whole[:-places].lstrip("0").rjust(1, "0") + "." + whole[-places:] if places > 0 else whole.lstrip("0")


def _has_decimals(figure: Printed) -> bool:
    """Whether a figure like this one may have a decimal point: no count of people has."""
    return "." in figure.digits or figure.scale != 1 or figure.after[:1] in tuple("%％倍")


def _proper(digits: str) -> bool:
    """Whether a number is printed so: neither .5 nor 5. nor 05."""
    return digits[-1:] != "." and (digits.startswith("0.") or digits[:1] not in ("", "0", "."))


def _places(digits: str) -> int:
    """How many digits stand behind the point."""
    return len(digits.partition(".")[2])


def _significant(digits: str) -> int:
    return len(digits.replace(".", "").strip("0"))
