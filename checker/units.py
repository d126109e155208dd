"""Units by the way they are printed, and what they are in the base unit of their dimension."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from checker.vocabulary import Vocabulary, any_of, shipped


class Unit(NamedTuple):
    """The unit of a claim, its dimension, and how many of it one of the printed unit are (万元: 10000 元)."""

    name: str
    dimension: str
    factor: Decimal


@dataclass(frozen=True, eq=False)
class Units:
    """The table of units: by spelling the unit, by unit its dimension and how many base units of that it is."""

    spellings: Mapping[str, str]
    dimensions: Mapping[str, str]
    factors: Mapping[str, Decimal]
    magnitudes: Mapping[str, Decimal]
    printed: re.Pattern[str]

    def printed_unit(self, text: str) -> str:
        """The unit that a text begins with, as printed, with its 万 or 亿; empty where it begins with none."""
        m = self.printed.match(text)
        return m[0] if m else ""

    @lru_cache(maxsize=20_000)  # units come again and again  # noqa: B019
    def unit_of(self, printed: str) -> Unit | None:
        """What a printed unit stands for; None where the whole of it is no unit."""
        m = self.printed.fullmatch(printed)
        if not m:
            return None
        if printed in self.spellings:
            name = self.spellings[printed]
            return Unit(name, self.dimension_of(name), Decimal(1))
        factor = Decimal(1)
        for character in m["factor"]:
            factor *= self.magnitudes[character]
        name = self.spellings.get(m["unit"], m["unit"])
        for each in m["per"].replace("／", "/").split("/")[1:]:
            name += "/" + self.spellings.get(each, each)
        return Unit(name, self.dimension_of(name), factor)

    @lru_cache(maxsize=20_000)  # noqa: B019
    def dimension_of(self, unit: str) -> str:
        """The dimension of a unit; of one per something both (元/吨: money/mass), what is counted stands for itself."""
        if "/" not in unit:
            return self.dimensions.get(unit, unit)
        amount, *per = unit.split("/")
        convertible = [self.dimensions[each] if each in self.factors or self._is_base(each) else each for each in per]
        return "/".join([self.dimensions.get(amount, amount), *convertible])

    def _is_base(self, unit: str) -> bool:
        """Whether others convert to this unit."""
        return self.dimensions.get(unit) in {self.dimensions[other] for other in self.factors}

    def factor_of(self, unit: str) -> Decimal:
        """How many base units of its dimension one of this unit is (斤: 0.5 千克); 1 where nothing converts to it."""
        amount, *per = unit.split("/")
        factor = self.factors.get(amount, Decimal(1))
        for each in per:
            factor /= self.factors.get(each, Decimal(1))
        return factor

    def in_base(self, value: Decimal, unit: str) -> Decimal:
        """A value of a unit in the base unit of its dimension: 990 斤 are 495 千克."""
        return value * self.factor_of(unit)

    def base_of(self, unit: str) -> str:
        """The unit that all of its dimension convert to; the unit itself where none does."""
        amount, *per = unit.split("/")
        return "/".join([self._base(amount), *map(self._base, per)])

    def _base(self, unit: str) -> str:
        if unit not in self.factors:
            return unit
        dimension = self.dimensions[unit]
        return next(o for o, its in self.dimensions.items() if its == dimension and o not in self.factors)


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


def units(vocabulary: Vocabulary | None = None) -> Units:
    """The table of units of a vocabulary, or of the shipped one."""
    return _compiled(vocabulary or shipped())


@lru_cache(maxsize=8)
def _compiled(vocabulary: Vocabulary) -> Units:
    return compile_units(vocabulary["units"])
