"""Amounts for people: in the unit of the printed text where that can be told, else in 万 or 亿 of the base unit."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from typing import NamedTuple

from checker.model import Claim, Finding
from checker.report.plain import printed, tidy, visible
from checker.report.words import say
from checker.units import units
from checker.wording import comes_whole, direction, in_magnitude, said

_LOOSE = re.compile(r"左右|上下|以上|以下|以内|之多|有余|余|多|来|几")
_SEPARATORS = str.maketrans("", "", ", \u3000\n\t'")
# Where a finding binds a level, its difference is one of levels, whatever shares or multiples it binds beside.
_RATIOS = ("growth", "share", "multiple", "streak", "rank", "rate")
# Of two ranks or dates neither is less.
_UNORDERED = ("rank", "streak", "date")
_SIDES = ("A", "B")
_PERCENT = ("%", "％")
_MINUS = "−"
DIGITS = 5


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
    """0.0168 as 1.7%; a small share keeps two digits, and what is less than the whole is not rounded to it."""
    if 0.9995 <= share < 1:
        return "99.9%"
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
        named = in_magnitude(factor, visible(claim.unit))
        return None if named is None else Scale(factor, named)
    return Scale(factor, _LOOSE.sub("", unit))


def figure(claim: Claim, lang: str) -> str:
    """A figure by itself: as printed, with the unit out of the head of its table, and its direction: 下降5.2%."""
    text = printed(claim)
    if text[-1:].isdigit():
        text += found.unit if (found := _printed_scale(claim)) else ""
    return said(text, towards(claim, lang))


def towards(claim: Claim, lang: str) -> str:
    """What to say in front of a figure like this one."""
    return direction(claim.value, claim.attribute, claim.dimension, tidy(claim.metric), lang)


def _decimal(number: str) -> Decimal | None:
    try:
        return Decimal(unicodedata.normalize("NFKC", number).translate(_SEPARATORS))
    except InvalidOperation:
        return None


def interval(claim: Claim, lang: str, unit: Scale | None = None) -> str:
    """The amounts a printed figure stands for, in its own unit: 772.5亿元至773.5亿元; whole things 400至499件."""
    factor, name = unit or scale(claim)
    whole = comes_whole(claim.dimension)
    ends = _whole_within(claim) if whole else (claim.low, claim.high)
    low, high = (None if end is None else exact(end / factor).replace("-", _MINUS) for end in ends)
    if low == high:
        return say(lang, "interval.any") if low is None else low + name
    if low is None or high is None:
        beyond = not whole and (claim.high_open if low is None else claim.low_open)
        key = ("under" if beyond else "to") if low is None else ("over" if beyond else "from")
        return say(lang, f"interval.{key}", amount=f"{high or low}{name}")
    # A magnitude or a sign of per cent goes with both ends, as GB/T 15835 has it (9亿至16亿, 15%至30%).
    repeated = "" if factor == 1 and name not in _PERCENT else name
    return say(lang, "interval.both", low=low + repeated, high=high + name)


def _whole_within(claim: Claim) -> tuple[Decimal | None, Decimal | None]:
    """The least and the greatest whole number in an interval; where there is none, its ends."""
    low, high = claim.low, claim.high
    least = None if low is None else low.to_integral_value(ROUND_CEILING)
    most = None if high is None else high.to_integral_value(ROUND_FLOOR)
    if claim.low_open and least is not None and least == low:
        least += 1
    if claim.high_open and most is not None and most == high:
        most -= 1
    return (low, high) if least is not None and most is not None and least > most else (least, most)


def difference(finding: Finding, claims: list[Claim], lang: str) -> str:
    """How far apart two figures are, by amount and share, and which is less: B比A少13亿元（1.7%）.

    Empty where no two figures are compared; a share of a ratio says nothing.
    """
    if finding.difference is None:
        return "" if finding.relative is None else percent(finding.relative)
    amount, points = _amount(finding.difference, _unit_of(finding.difference, claims), lang)
    unordered = bool(claims) and claims[0].attribute in _UNORDERED
    if finding.relative is not None and not points and not unordered:
        amount = say(lang, "difference.both", difference=amount, share=percent(finding.relative))
    kinds = {(claim.attribute, claim.dimension) for claim in claims[:2]}
    if len(claims) < 2 or len(kinds) > 1 or unordered:
        return amount
    first, second = (units().in_base(claim.value, claim.unit) for claim in claims[:2])
    less = int(second < first)
    kind = "lower" if claims[0].attribute in _RATIOS else "less"
    return say(lang, f"difference.{kind}", less=_SIDES[less], more=_SIDES[1 - less], difference=amount)


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
    if unit.unit in _PERCENT:
        return say(lang, "points", n=number), True
    return number + unit.unit, False


def rounded(value: Decimal, digits: int = DIGITS) -> Decimal:
    """A number to so many significant digits; digits before the point all stay."""
    if not value:
        return value
    places = max(0, digits - 1 - value.adjusted())
    return value if value == value.to_integral_value() else round(value, places)
