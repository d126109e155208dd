"""Amounts for people: in the unit of the printed text where that can be told, else in 万 or 亿 of the base unit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from checker.model import Claim, Finding
from checker.report.plain import printed, visible
from checker.report.words import say

_LOOSE = re.compile(r"左右|上下|以上|以下|以内|之多|有余|余|多|来|几")
_SEPARATORS = str.maketrans("", "", ", \u3000\n\t'")
# Where a finding binds a level, its difference is one of levels, whatever shares or multiples it binds beside.
_RATIOS = ("growth", "share", "multiple", "streak", "rank", "rate")
DIGITS = 5
_SIGNS = {Decimal(1): "", Decimal(10**3): "千", Decimal(10**4): "万", Decimal(10**8): "亿"}


class Scale(NamedTuple):
    """A printed unit and how much of the base unit one of it is: 亿元 is 100000000 元."""

    factor: Decimal
    unit: str


def exact(value: Decimal) -> str:
    """All digits of a number and no more: 773, 772.5, 0.0168."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def percent(share: float) -> str:
    """0.0168 as 1.7%; a small share keeps two digits."""
    if share and abs(share) < 0.001:
        return f"{exact(Decimal(f'{share * 100:.1e}'))}%"
    return f"{exact(Decimal(f'{share * 100:.1f}'))}%"


def scale(claim: Claim) -> Scale:
    """The unit a claim is printed in: 亿元 for 773亿元, 万户 for 13.2万余户."""
    return _printed_scale(claim) or scale_of(claim.value, claim.unit)


def scale_of(value: Decimal, unit: str) -> Scale:
    """万 or 亿 of a base unit, whichever keeps the number short."""
    size = abs(value)
    factor, sign = (10**8, "亿") if size >= 10**8 else (10**4, "万") if size >= 10**4 else (1, "")
    return Scale(Decimal(factor), sign + visible(unit))


def _printed_scale(claim: Claim) -> Scale | None:
    digits = visible(claim.number_to or claim.number)
    _, found, unit = printed(claim).rpartition(digits.replace(" ", ""))
    number = _decimal(claim.number)
    # Of a range printed upside down the first end is the upper one.
    value = claim.low if claim.number_to and claim.value != claim.high else claim.value
    if not found or not number or not value or re.search(r"\d", unit):
        return None
    factor = abs(value / number)
    if not unit:  # it stands in the head of a table
        return Scale(factor, _SIGNS[factor] + visible(claim.unit)) if factor in _SIGNS else None
    return Scale(factor, _LOOSE.sub("", unit))


def in_full(claim: Claim) -> str:
    """A figure by itself: as printed, with the unit out of the head of its table, and the sign that a word gives it."""
    text = printed(claim)
    if text[-1:].isdigit():
        text += scale(claim).unit
    return f"−{text}" if claim.value < 0 and text[:1] not in "-−－负" else text


def _decimal(number: str) -> Decimal | None:
    try:
        return Decimal(unicodedata.normalize("NFKC", number).translate(_SEPARATORS))
    except InvalidOperation:
        return None


def interval(claim: Claim, unit: Scale | None = None) -> str:
    """The amounts a printed figure stands for, in its own unit: [772.5, 773.5]亿元."""
    factor, name = unit or scale(claim)
    if claim.low is not None and claim.low == claim.high:
        return exact(claim.low / factor) + name
    return bounds(claim, lambda value: exact(value / factor)) + name


def bounds(claim: Claim, written: Callable[[Decimal], str]) -> str:
    """The ends of an interval, with brackets that say whether they belong to it."""
    low = "(−∞" if claim.low is None else ("(" if claim.low_open else "[") + written(claim.low)
    high = "+∞)" if claim.high is None else written(claim.high) + (")" if claim.high_open else "]")
    return f"{low}, {high}"


def difference(finding: Finding, claims: list[Claim], lang: str) -> str:
    """How far apart two figures are, as amount and share: 13亿元（1.7%）. Empty where no two figures are compared."""
    if finding.difference is None:
        return "" if finding.relative is None else percent(finding.relative)
    amount, points = _amount(finding.difference, _unit_of(finding.difference, claims), lang)
    if finding.relative is None:
        return amount
    key = "difference.points" if points else "difference.both"
    return say(lang, key, difference=amount, share=percent(finding.relative))


def _unit_of(size: Decimal, claims: list[Claim]) -> Scale:
    """The printed unit of the first level, or of the first claim; another where the number would be unwieldy."""
    chosen = next((claim for claim in claims if claim.attribute not in _RATIOS), claims[0] if claims else None)
    if chosen is None:
        return scale_of(size, "")
    unit = scale(chosen)
    awkward = size and not Decimal("0.001") <= abs(size / unit.factor) < 10**7
    return scale_of(size, chosen.unit) if awkward else unit


def _amount(value: Decimal, unit: Scale, lang: str) -> tuple[str, bool]:
    number = exact(rounded(value / unit.factor))
    if unit.unit in ("%", "％"):
        return say(lang, "points", n=number), True
    return number + unit.unit, False


def rounded(value: Decimal, digits: int = DIGITS) -> Decimal:
    """A number to so many significant digits; digits before the point all stay."""
    if not value:
        return value
    places = max(0, digits - 1 - value.adjusted())
    return value if value == value.to_integral_value() else round(value, places)
