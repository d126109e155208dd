"""What the heads of rows and columns say: what is measured, or growth, share, plan, period, tier, place, company, unit.

Each is known by its words in rules/vocabulary/tables.yaml; what is left of a head beside them is part of the name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from checker import places
from checker.extract.language import name_of, zh
from checker.extract.names import list_head
from checker.extract.periods import Period
from checker.extract.where import tier_named
from checker.places import Place
from checker.read.headings import numbering
from checker.read.tables import narrow, role_of
from checker.units import unit_of
from checker.vocabulary import any_of, words

_BRACKET = re.compile(r"\(([^()]*)\)")
# How columns are computed from each other: E, D=E+F.
_FORMULA = re.compile(r"(?<=[\u4e00-\u9fff])[A-Z](?:=[A-Z+-]+)?$|^[A-Z]=[A-Z+-]+$|^[A-Z]$")
MARK = re.compile("[①-⑳*＊]+$|^[#＃*＊△▲]+")
PERMILLE = "‰"
_CHINESE = re.compile("[\u4e00-\u9fff]")
# Words of a translation: the first of them is no abbreviation.
# A translation behind a Chinese head, up to its end: abbreviations alone are none.
_GLOSS = re.compile(r"(?<![A-Za-z&])[(（]?[A-Z](?=[^\u4e00-\u9fff]*[a-z]{2})[^\u4e00-\u9fff]*$")
_YEAR = re.compile(r"(?:19|20)\d\d")
_TABLE_NUMBER = re.compile(r"\d{1,2}[-—–]\d{1,2}(?!\d|年|月)")
# Between the names of the heads of a column.
BELOW = " "
PERCENT = "%"


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a row or column says of its figures; `name` is what it measures, where it names that.

    `role` is set where a column holds no figures. `period` is the index of an entry of `periods` in tables.yaml, for
    one that is named by its relation to that of the document. `version` tells two readings of one figure apart, and
    what a rate is taken of.
    `beside` is the head of the amounts that a rate or growth stands beside, and whose period it has.
    """

    text: str
    name: str = ""
    role: str = ""
    attribute: str = ""
    modality: str = ""
    period: int | None = None
    unit: str = ""
    level: str | None = None
    version: str = ""
    beside: str = ""
    place: str = ""
    owner: str = ""


# What stands above a column without a head.
NO_HEAD = Head("")


@lru_cache(maxsize=20_000)
def path_head(path: tuple[str, ...], near: tuple[Place, ...]) -> Head:
    """The head of a column from the names above it: a place, a company and the number of a table are no measure."""
    place = owner = ""
    level = None
    left = []
    for text in map(without_gloss, path):
        if _FORMULA.fullmatch(narrow(text)):
            continue
        if narrow(text) in zh().tiers.scope_of:
            level = zh().tiers.scope_of[narrow(text)]
        elif found := place_named(text, near):
            place = found
        elif _is_company(text):
            owner = text
        elif not (_TABLE_NUMBER.match(text) and len(path) > 1):
            left.append(text)
    head = read_head(BELOW.join(_in_order(left))) if left else Head("")
    head = head if level is None else replace(head, level=level)
    unit = head.unit or next((unit for text in path if (unit := take_unit(narrow(text))[0])), "")
    return replace(head, text=BELOW.join(path), unit=unit, place=place, owner=owner)


def _in_order(path: list[str]) -> list[str]:
    """The names above a column, that of a group of kinds behind the kind, what both hold once."""
    if len(path) != 2:
        return path
    group, kind = (narrow(text) for text in path)
    if not list_head(group, zh().naming) or list_head(kind, zh().naming) or read_head(path[1]).attribute:
        return path
    name = read_head(path[0]).name
    if not name or not read_head(path[1]).name:
        return path
    shared = next((kind[i:] for i in range(len(kind)) if kind[i:] in name), "")
    behind = name[name.index(shared) + len(shared) :] if shared else name
    return [group.replace(name, ""), kind + behind]


def read_labels(labels: Sequence[str], near: tuple[Place, ...]) -> tuple[tuple[Head, ...], str, str]:
    """The heads of a row, the place that it is about, and the company."""
    place = company = ""
    heads = []
    for text in filter(None, map(without_gloss, labels)):
        if found := place_named(without_marks(narrow(text)), near):
            place = found
        elif _is_company(text) and len(labels) > 1:
            company = text
        else:
            heads.append(read_head(text, row=True))
    return tuple(heads), place, company


@lru_cache(maxsize=20_000)
def place_named(text: str, near: tuple[Place, ...]) -> str:
    """The place that a head is the name of; empty where it is none, or may be several."""
    plain = narrow(text)
    mentions = places.resolve(places.find(plain), near)
    if not mentions or sum(mention.end - mention.start for mention in mentions) < len(plain):
        return ""
    found = mentions[-1].place
    return places.printed(found) if found else ""


def _is_company(text: str) -> bool:
    return bool(re.fullmatch(words("tables")["company"]["pattern"], narrow(text)))


@lru_cache(maxsize=20_000)
def without_gloss(text: str) -> str:
    """A Chinese head without its translation; what is only a translation is nothing beside the head itself."""
    return _GLOSS.sub(" ", text).strip() if _CHINESE.search(text) else "" if _GLOSS.search(text) else text


def is_total(label: str) -> bool:
    """Whether the label of a row says that it adds up others."""
    return bool(_total_end().search(without_marks(narrow(label))))


@cache
def _total_end() -> re.Pattern[str]:
    return re.compile(any_of(words("tables")["totals"]) + "$")


def is_numbered(text: str) -> bool:
    return any(form.match(narrow(text)) for form in numbering())


@lru_cache(maxsize=20_000)
def read_head(text: str, row: bool = False) -> Head:
    """What the head of a column, or of a row, says; a row is not named by its relation to a period."""
    plain = narrow(MARK.sub("", text.strip()))
    plain = re.sub(words("tables")["index_base"]["pattern"], "", without_marks(plain)) or plain
    if role := role_of(plain):
        return Head(text, role=role)
    unit, plain = take_unit(plain)
    plain = f"{plain}年" if _YEAR.fullmatch(plain) else plain
    if role := role_of(plain):
        return Head(text, role=role, unit=unit)
    difference = "%" not in narrow(text) and re.search(words("tables")["differences"]["pattern"], plain)
    attribute, basis, rest = _take_attribute(plain)
    if row and not plain.startswith(rest):
        attribute = basis = ""  # only what a label ends with says what its figures are
    else:
        plain = rest
    if attribute in ("growth", "share", "rate") and not unit and "%" in text:
        unit = PERCENT
    if attribute == "growth" and difference:
        attribute, unit = "change", unit if unit != PERCENT else ""
    version, plain = _take_version(plain)
    period, rest = _take_period(plain)
    if row and not _amounts().fullmatch(rest):
        period = None
    else:
        plain = rest
    modality, rest = _take_modality(plain)
    if row and not _amounts().fullmatch(rest):
        modality = ""
    else:
        plain = rest
    level = tier_named(plain, zh().naming)
    name = _FORMULA.sub("", name_of(_BRACKET.sub("", plain), zh()).strip("%()±·.、:"))
    if not attribute and name and _rates().search(name) and unit in ("", PERCENT, PERMILLE):
        attribute, unit = "rate", unit or PERCENT
    name = "" if _amounts().fullmatch(name) else _plain_amount().sub("", name)
    scope = zh().tiers.scope_of[level] if level else None
    name = "" if level and name == level else name
    return Head(text, name, "", attribute, modality, period, unit, scope, version or basis)


def without_marks(plain: str) -> str:
    """A label without its number and without the words that open parts."""
    at = 0
    while True:
        for form in (*numbering(), _parts()):
            m = form.match(plain, at)
            if m and m.end() < len(plain):
                at = m.end()
                break
        else:
            return plain[at:]


def opens_parts(text: str) -> bool:
    """Whether a label says that its row is a part of the one above."""
    return bool(_parts().match(narrow(text)))


@cache
def _parts() -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(words("tables")["parts"]) + ")")


@cache
def _rates() -> re.Pattern[str]:
    return re.compile(words("tables")["rates"]["pattern"])


@cache
def _plain_amount() -> re.Pattern[str]:
    return re.compile(any_of(words("tables")["plain_amounts"]) + "$")


@cache
def _amounts() -> re.Pattern[str]:
    return re.compile(f"(?:{any_of(words('tables')['amounts'])})*")


def _take_attribute(plain: str) -> tuple[str, str, str]:
    """What a head says its figures are, what a rate is taken of, and the head without its words."""
    for entry, pattern in _compiled("attributes"):
        if (m := pattern.search(plain)) and m[0]:
            return entry["attribute"], entry.get("basis", ""), plain[: m.start()] + plain[m.end() :]
    return "", "", plain


def _take_modality(plain: str) -> tuple[str, str]:
    """Whether a head says that its figures are planned, estimated or done, and the head without its words."""
    for entry, pattern in _compiled("modalities"):
        if (m := pattern.search(plain)) and m[0]:
            return entry["modality"], plain[: m.start()] + plain[m.end() :]
    return "", plain


@cache
def _compiled(kind: str) -> list[tuple[dict[str, Any], re.Pattern[str]]]:
    """The entries of a list in tables.yaml with their patterns."""
    return [(entry, re.compile(entry["pattern"])) for entry in words("tables")[kind]]


def take_unit(plain: str) -> tuple[str, str]:
    """The unit that a head gives in brackets or at its end, as printed, and the head without it."""
    for m in _BRACKET.finditer(plain):
        said = _currency().sub("", re.split("[,、]", m[1])[-1])
        if unit_of(said):
            return said, plain[: m.start()] + plain[m.end() :]
    return "", plain


@cache
def _currency() -> re.Pattern[str]:
    return re.compile("^" + any_of(words("tables")["currencies"]))


def _take_version(plain: str) -> tuple[str, str]:
    m = re.search(any_of(words("tables")["versions"]), plain)
    return (m[0], plain[: m.start()] + plain[m.end() :]) if m else ("", plain)


def _take_period(plain: str) -> tuple[int | None, str]:
    for i, (_, pattern) in enumerate(_compiled("periods")):
        if m := pattern.search(plain):
            return i, plain[: m.start()] + plain[m.end() :]
    return None, plain


@cache
def totals() -> re.Pattern[str]:
    return re.compile(any_of(words("tables")["totals"]))


@lru_cache(maxsize=2000)
def titled(title: str) -> str:
    """The subject that the title of a table names."""
    plain = _BRACKET.sub("", narrow(title))
    plain = re.sub("^" + words("tables")["table_number"]["pattern"], "", plain)
    plain = plain.split(":")[-1]
    return name_of(re.sub("|".join(_title_ends()), "", plain), zh())


@cache
def _title_ends() -> list[str]:
    return [entry["pattern"] for entry in words("tables")["title_ends"]]


def is_planned(title: str) -> bool:
    """Whether a title says that the figures of its table are plans."""
    return bool(re.search(words("tables")["planned"]["pattern"], narrow(title)))


def area_of(title: str) -> str:
    """The area that the title of a budget table names between its year and its budget; empty where it names none.

    Areas that are no divisions (a development zone) are a part of the place, as a tier of it is.
    """
    m = re.search(rf"年(?P<area>[\u4e00-\u9fff]{{2,12}}?)(?={any_of(_budget_titles())})", narrow(title))
    area = m["area"] if m else ""
    zoned = any_of(words("places")["zones"])
    return (
        area
        if re.search(f"{zoned}$", area) or (area and not tier_named(area, zh().naming) and not places.find(area))
        else ""
    )


def _budget_titles() -> list[str]:
    budgets: dict[str, list[str]] = words("relational")["budget_parts"]["budgets"]
    return [*budgets, *(name for names in budgets.values() for name in names)]


@lru_cache(maxsize=20_000)
def without_comparison(text: str) -> str:
    """A head without what it compares its figures with, for the period that it names."""
    return _take_attribute(narrow(text))[2]


def shifted(period: Period, entry: int) -> Period:
    """The period that a head means by its relation to that of the table: the year before, the state at its end."""
    said = words("tables")["periods"][entry]
    if said.get("start"):
        before = int(period.start[:4]) - 1
        return Period(f"{before:04d}-12-31", f"{before:04d}-12-31", True)
    if said.get("point"):
        return Period(period.end, period.end, True)
    year = int(said["shift"])
    return Period(_moved(period.start, year), _moved(period.end, year), period.point) if year else period


def _moved(day: str, years: int) -> str:
    moved = f"{int(day[:4]) + years:04d}{day[4:]}"
    return moved.replace("-02-29", "-02-28")
