"""Units by the way they are printed, and what they are in the base unit of their dimension."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any, NamedTuple

from checker.vocabulary import any_of, words


class Unit(NamedTuple):
    """The unit of a claim, its dimension, and how many of it one of the printed unit are (万元: 10000 元)."""

    name: str
    dimension: str
    factor: Decimal


@dataclass(frozen=True, slots=True)
class Units:
    """The table of units: by spelling the unit, by unit its dimension and how many base units of that it is."""

    spellings: Mapping[str, str]
    dimensions: Mapping[str, str]
    factors: Mapping[str, Decimal]
    magnitudes: Mapping[str, Decimal]
    printed: re.Pattern[str]


def compile_units(data: Mapping[str, Any]) -> Units:
    """The table of units that rules/vocabulary/units.yaml holds."""
    entries = data["units"]
    spellings = {spelling: unit for unit, entry in entries.items() for spelling in (unit, *entry.get("aliases", []))}
    spelled = any_of([*spellings, *data["counters"]])
    per = any_of(data["per"])
    return Units(
        spellings=spellings,
        dimensions={unit: entry["dimension"] for unit, entry in entries.items()}
        | dict.fromkeys(data["counters"], "count"),
        factors={unit: _factor(entry["factor"]) for unit, entry in entries.items() if "factor" in entry},
        magnitudes={character: Decimal(by) for character, by in data["magnitudes"].items()},
        printed=re.compile(rf"(?P<factor>[十百千万亿]{{0,2}})(?P<unit>{spelled})(?P<per>(?:[/／]{per})*)"),
    )


def _factor(given: float | str) -> Decimal:
    exact = Fraction(str(given))
    return Decimal(exact.numerator) / Decimal(exact.denominator)


@cache
def units() -> Units:
    """The shipped table."""
    return compile_units(words("units"))


def printed_unit(text: str) -> str:
    """The unit that a text begins with, as printed, with its 万 or 亿; empty where it begins with none."""
    m = units().printed.match(text)
    return m[0] if m else ""


@lru_cache(maxsize=20_000)
def unit_of(printed: str) -> Unit | None:
    """What a printed unit stands for; None where the whole of it is no unit."""
    table = units()
    m = table.printed.fullmatch(printed)
    if not m:
        return None
    if printed in table.spellings:
        name = table.spellings[printed]
        return Unit(name, dimension_of(name), Decimal(1))
    factor = Decimal(1)
    for character in m["factor"]:
        factor *= table.magnitudes[character]
    name = table.spellings.get(m["unit"], m["unit"])
    for each in m["per"].replace("／", "/").split("/")[1:]:
        name += "/" + table.spellings.get(each, each)
    return Unit(name, dimension_of(name), factor)


@lru_cache(maxsize=20_000)
def dimension_of(unit: str) -> str:
    """The dimension of a unit; of a unit per something both (元/吨: money/mass), what is counted stands for itself."""
    table = units()
    if "/" not in unit:
        return table.dimensions.get(unit, unit)
    amount, *per = unit.split("/")
    convertible = [table.dimensions[each] if each in table.factors or _is_base(each) else each for each in per]
    return "/".join([table.dimensions.get(amount, amount), *convertible])


def _is_base(unit: str) -> bool:
    """Whether others convert to this unit."""
    table = units()
    return table.dimensions.get(unit) in {table.dimensions[other] for other in table.factors}


def factor_of_unit(unit: str) -> Decimal:
    """How many base units of its dimension one of this unit is (斤: 0.5 千克); 1 for a unit nothing converts to."""
    amount, *per = unit.split("/")
    factors = units().factors
    factor = factors.get(amount, Decimal(1))
    for each in per:
        factor /= factors.get(each, Decimal(1))
    return factor


def in_base(value: Decimal, unit: str) -> Decimal:
    """A value of a unit in the base unit of its dimension: 990 斤 are 495 千克."""
    return value * factor_of_unit(unit)


def base_unit(unit: str) -> str:
    """The unit that all of its dimension convert to; the unit itself where none does."""
    amount, *per = unit.split("/")
    return "/".join([_base(amount), *map(_base, per)])


def _base(unit: str) -> str:
    table = units()
    if unit not in table.factors:
        return unit
    dimension = table.dimensions[unit]
    return next(other for other, its in table.dimensions.items() if its == dimension and other not in table.factors)
