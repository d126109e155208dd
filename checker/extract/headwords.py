"""The words of tables, compiled from rules/vocabulary/tables.yaml: what heads of rows and columns say, and titles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from checker.units import Units
from checker.vocabulary import any_of


class Says(NamedTuple):
    """Words of a head and what they say of its figures; of a rate what it is taken of, where that is no plan."""

    pattern: re.Pattern[str]
    says: str
    basis: str


class Related(NamedTuple):
    """Words of a head that name a period by its relation to that of the table.

    `shift` is by how many years; `point` the state at its end, `start` that at its beginning.
    """

    pattern: re.Pattern[str]
    shift: int
    point: bool
    start: bool


@dataclass(frozen=True, slots=True, eq=False)
class Heads:
    """What tables.yaml says, in the form that heads are read by; see the comments there."""

    attributes: tuple[Says, ...]
    modalities: tuple[Says, ...]
    periods: tuple[Related, ...]
    index: re.Pattern[str]
    index_base: re.Pattern[str]
    rates: re.Pattern[str]
    company: re.Pattern[str]
    planned: re.Pattern[str]
    differences: re.Pattern[str]
    table_number: re.Pattern[str]
    bare_number: re.Pattern[str]
    day: re.Pattern[str]
    area: re.Pattern[str]
    by_area: re.Pattern[str]
    areas: re.Pattern[str]
    area_name: re.Pattern[str]
    entity: re.Pattern[str]
    row_modality: re.Pattern[str]
    whole_place: frozenset[str]
    own_tier: frozenset[str]
    zoned: re.Pattern[str]
    title_ends: re.Pattern[str]
    generic: re.Pattern[str]
    currency: re.Pattern[str]
    versions: re.Pattern[str]
    parts: re.Pattern[str]
    total: re.Pattern[str]
    total_end: re.Pattern[str]
    amounts: re.Pattern[str]
    amount_end: re.Pattern[str]
    year: str
    units: Units


_SINGLE = (
    *("index", "index_base", "rates", "company", "planned", "differences", "table_number", "bare_number"),
    *("day", "area", "by_area", "areas", "entity", "row_modality"),
)


def compile_heads(data: dict[str, Any], zones: Sequence[str], units: Units) -> Heads:
    """The words of tables.yaml, compiled; `zones` are what names of zones end with."""
    single = {name: re.compile(data[name]["pattern"]) for name in _SINGLE}
    totals = any_of(data["totals"])
    return Heads(
        attributes=_saying(data["attributes"], "attribute"),
        modalities=_saying(data["modalities"], "modality"),
        periods=tuple(
            Related(
                re.compile(entry["pattern"]),
                entry.get("shift", 0),
                entry.get("point", False),
                entry.get("start", False),
            )
            for entry in data["periods"]
        ),
        zoned=re.compile(any_of(zones) + "$"),
        title_ends=re.compile("|".join(entry["pattern"] for entry in data["title_ends"])),
        generic=re.compile(f"^{any_of(data['generic'])}(?=..)"),
        currency=re.compile("^" + any_of(data["currencies"])),
        versions=re.compile(any_of(data["versions"])),
        parts=re.compile("|".join(data["parts"])),
        total=re.compile(totals),
        total_end=re.compile(totals + "$"),
        amounts=re.compile(f"(?:{any_of([*data['plain_amounts'], *data['amounts']])})*"),
        amount_end=re.compile(any_of(data["plain_amounts"]) + "$"),
        area_name=re.compile(f"[\u4e00-\u9fff]{{1,6}}{any_of(data['area_ends'])}"),
        year=data["year"],
        whole_place=frozenset(data["whole_place"]),
        own_tier=frozenset(data["own_tier"]),
        units=units,
        **single,
    )


def _saying(entries: Sequence[dict[str, Any]], kind: str) -> tuple[Says, ...]:
    return tuple(Says(re.compile(entry["pattern"]), entry[kind], entry.get("basis", "")) for entry in entries)
