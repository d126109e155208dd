"""Units by the way they are printed."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from checker.vocabulary import any_of, words


class Unit(NamedTuple):
    """A base unit, its dimension, and how many of it one of the printed unit are (万元: 10000 元)."""

    name: str
    dimension: str
    factor: Decimal


@cache
def _printed() -> re.Pattern[str]:
    data = words("units")
    spelled = [*data["units"], *data["counters"], *(a for e in data["units"].values() for a in e.get("aliases", []))]
    per = any_of(data["per"])
    return re.compile(rf"(?P<factor>[十百千万亿]{{0,2}})(?P<unit>{any_of(spelled)})(?P<per>(?:[/／]{per})*)")


@cache
def _spellings() -> dict[str, str]:
    units = words("units")["units"]
    return {spelling: unit for unit, entry in units.items() for spelling in (unit, *entry.get("aliases", []))}


def printed_unit(text: str) -> str:
    """The unit that a text begins with, as printed, with its 万 or 亿; empty where it begins with none."""
    m = _printed().match(text)
    return m[0] if m else ""


def unit_of(printed: str) -> Unit | None:
    """What a printed unit stands for; None where the whole of it is no unit."""
    m = _printed().fullmatch(printed)
    if not m:
        return None
    if printed in _spellings():
        name = _spellings()[printed]
        return Unit(name, dimension_of(name), Decimal(1))
    factor = Decimal(1)
    for character in m["factor"]:
        factor *= words("units")["magnitudes"][character]
    name = _spellings().get(m["unit"], m["unit"])
    name += m["per"].replace("／", "/")
    return Unit(name, dimension_of(name), factor)


def dimension_of(unit: str) -> str:
    """The dimension of a base unit; a unit per something is its own."""
    entry = words("units")["units"].get(unit)
    return entry["dimension"] if entry else "count" if unit in words("units")["counters"] else unit
