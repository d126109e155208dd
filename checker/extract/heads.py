"""What the heads of rows and columns say: what is measured, or growth, share, plan, period, tier, place, company, unit.

Each is known by its words in rules/vocabulary/tables.yaml; what is left of a head beside them is part of the name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from checker import places
from checker.extract.headwords import Heads, Related, Says
from checker.extract.language import Language, name_of
from checker.extract.names import list_head
from checker.extract.periods import Period
from checker.extract.where import tier_named
from checker.places import Place
from checker.read.headings import numbering
from checker.read.tables import narrow, role_of

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
# Between the names of the heads of a column.
BELOW = " "
PERCENT = "%"


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a row or column says of its figures; `name` is what it measures, where it names that.

    `role` is set where a column holds no figures. `period` is one that is named by its relation to that of the
    document. `whole` is what a share is taken of. `version` tells two readings of one figure apart,
    and what a rate is taken of.
    `beside` is the head of the amounts that a rate or growth stands beside, and whose period it has.
    """

    text: str
    name: str = ""
    role: str = ""
    attribute: str = ""
    modality: str = ""
    period: Related | None = None
    unit: str = ""
    level: str | None = None
    version: str = ""
    beside: str = ""
    place: str = ""
    owner: str = ""
    whole: str = ""


# Signs of names as texts print them.
_WIDE = str.maketrans("()", "（）")
# What stands above a column without a head.
NO_HEAD = Head("")


@lru_cache(maxsize=20_000)
def path_head(path: tuple[str, ...], near: tuple[Place, ...], language: Language) -> Head:
    """The head of a column from the names above it: a place, a company and the number of a table are no measure."""
    place = owner = ""
    level = None
    left = []
    known = language.heads
    for text in map(without_gloss, path):
        if _FORMULA.fullmatch(narrow(text)):
            continue
        if (tier := level_named(text, language)) is not None:
            level = tier
        elif found := place_named(text, near):
            place = found
        elif _is_company(text, known):
            owner = text
        elif not (known.bare_number.match(text) and len(path) > 1):
            left.append(text)
    if len(left) > 1 and known.total.fullmatch(narrow(left[-1])):
        left.pop()
    head = read_head(BELOW.join(_in_order(left, language)), language) if left else Head("")
    head = head if level is None else replace(head, level=level)
    unit = head.unit or next((unit for text in path if (unit := take_unit(narrow(text), known)[0])), "")
    return replace(head, text=BELOW.join(path), unit=unit, place=place, owner=owner)


def _in_order(path: list[str], language: Language) -> list[str]:
    """The names above a column, that of a group of kinds behind the kind, what both hold once."""
    if len(path) != 2:
        return path
    group, kind = (narrow(text) for text in path)
    above, below = (read_head(text, language) for text in path)
    if not list_head(above.name or group, language.naming) or list_head(kind, language.naming) or below.attribute:
        return path
    name = above.name
    if not name or not below.name:
        return path
    shared = next((kind[i:] for i in range(len(kind)) if kind[i:] in name), "")
    behind = name[name.index(shared) + len(shared) :] if shared else name
    return [group.replace(name, ""), kind + behind]


def read_labels(
    labels: Sequence[str], near: tuple[Place, ...], language: Language, areas: bool = False
) -> tuple[tuple[Head, ...], str, str]:
    """The heads of a row, the place that it is about, and the company; whether its labels are said to be `areas`."""
    place = company = ""
    heads = []
    for text in filter(None, map(without_gloss, labels)):
        if found := place_named(without_marks(narrow(text), language.heads), near):
            place = found
        elif areas and _names_area(text, language):
            place = narrow(text)
        elif _is_company(text, language.heads) and len(labels) > 1:
            company = text
        else:
            heads.append(read_head(text, language, row=True))
    return tuple(heads), place, company


def _names_area(text: str, language: Language) -> bool:
    """Whether a label among names of areas has the form of one, and is no tier or sum of them (市辖区, 各县)."""
    plain, known = narrow(text), language.heads
    return bool(known.area_name.fullmatch(plain)) and level_named(text, language) is None and not is_total(text, known)


@lru_cache(maxsize=20_000)
def place_named(text: str, near: tuple[Place, ...]) -> str:
    """The place that a head is the name of; empty where it is none, or may be several."""
    plain = narrow(text)
    mentions = places.resolve(places.find(plain), near)
    inside = [place for place in places.named(plain) if any(places.above(outer, place) for outer in near)]
    if not mentions and len(inside) == 1:
        return places.printed(inside[0])  # a name that is an ordinary word elsewhere (市中区)
    if not mentions:
        return next((one.text for one in places.formed(plain) if one.text == plain), "")
    if sum(mention.end - mention.start for mention in mentions) < len(plain):
        return ""
    found = mentions[-1].place
    return places.printed(found) if found else ""


# The level of what holds for a place's own tier of administration, whichever that is.
OWN_TIER = "own"


def level_named(text: str, language: Language) -> str | None:
    """The tier that a head is the name of, OWN_TIER where it says no more than that; None where it is none."""
    plain, known = narrow(text), language.heads
    if plain in known.own_tier:
        return OWN_TIER
    return "" if plain in known.whole_place else language.tiers.scope_of.get(plain)


def _is_company(text: str, known: Heads) -> bool:
    return known.company.fullmatch(narrow(text)) is not None


@lru_cache(maxsize=20_000)
def without_gloss(text: str) -> str:
    """A Chinese head without its translation; what is only a translation is nothing beside the head itself."""
    return _GLOSS.sub(" ", text).strip() if _CHINESE.search(text) else "" if _GLOSS.search(text) else text


def is_total(label: str, known: Heads) -> bool:
    """Whether the label of a row says that it adds up others."""
    return bool(known.total_end.search(without_marks(narrow(label), known)))


def is_numbered(text: str) -> bool:
    return any(form.match(narrow(text)) for form in numbering())


@lru_cache(maxsize=20_000)
def read_head(text: str, language: Language, row: bool = False) -> Head:
    """What the head of a column, or of a row, says; a row is not named by its relation to a period."""
    known = language.heads
    plain = narrow(MARK.sub("", text.strip()))
    plain = known.index_base.sub("", without_marks(plain, known)) or plain
    if role := role_of(plain):
        return Head(text, role=role)
    unit, plain = take_unit(plain, known)
    plain = plain + known.year if _YEAR.fullmatch(plain) else plain
    if role := role_of(plain):
        return Head(text, role=role, unit=unit)
    difference = "%" not in narrow(text) and known.differences.search(plain)
    attribute, basis, rest = _take(plain, known.attributes)
    whole = name_of(_whole_of(plain, known), language) if attribute == "share" else ""
    if row and not plain.startswith(rest):
        attribute = basis = ""  # only what a label ends with says what its figures are
    else:
        plain = rest
    if attribute in ("growth", "share", "rate") and not unit and "%" in text:
        unit = PERCENT
    if attribute == "growth" and difference:
        attribute, unit = "change", unit if unit != PERCENT else ""
    version, plain = _take_version(plain, known)
    period, rest = _take_period(plain, known)
    if row and not known.amounts.fullmatch(rest):
        period = None
    else:
        plain = rest
    modality, _, rest = _take(plain, known.modalities)
    if not row or known.amounts.fullmatch(rest):
        plain = rest
    elif m := known.row_modality.search(plain):
        modality, plain = _take(m[0], known.modalities)[0], plain[: m.start()]
    else:
        modality = ""
    if (own := level_named(plain, language)) is not None:
        return Head(text, "", "", attribute, modality, period, unit, own, version or basis)
    level = tier_named(plain, language.naming)
    name = _FORMULA.sub("", name_of(plain, language).strip("%()±·.、:")).translate(_WIDE)
    if not attribute and name and known.rates.search(name) and unit in ("", PERCENT, PERMILLE):
        attribute, unit = "rate", unit or PERCENT
    name = "" if known.amounts.fullmatch(name) else known.amount_end.sub("", name)
    scope = language.tiers.scope_of[level] if level else None
    name = "" if level and name == level else name
    return Head(text, name, "", attribute, modality, period, unit, scope, version or basis, whole=whole)


@lru_cache(maxsize=20_000)
def without_marks(plain: str, known: Heads) -> str:
    """A label without its number and without the words that open parts."""
    at = 0
    while True:
        for form in (*numbering(), known.parts):
            m = form.match(plain, at)
            if m and m.end() < len(plain):
                at = m.end()
                break
        else:
            return plain[at:]


def opens_parts(text: str, known: Heads) -> bool:
    """Whether a label says that its row is a part of the one above."""
    return bool(known.parts.match(narrow(text)))


def _take(plain: str, among: Sequence[Says]) -> tuple[str, str, str]:
    """What the first of some words that a head has say, what a rate is taken of, and the head without the words."""
    for words in among:
        if (m := words.pattern.search(plain)) and m[0]:
            return words.says, words.basis, plain[: m.start()] + plain[m.end() :]
    return "", "", plain


def _whole_of(plain: str, known: Heads) -> str:
    """What a head says that its shares are taken of (占营业收入比重); empty where it does not."""
    for words in known.attributes:
        if words.says == "share" and (m := words.pattern.search(plain)):
            return m["whole"] or ""
    return ""


def take_unit(plain: str, known: Heads) -> tuple[str, str]:
    """The unit that a head gives in brackets or at its end, as printed, and the head without it."""
    for m in _BRACKET.finditer(plain):
        said = known.currency.sub("", re.split("[,、]", m[1])[-1])
        if known.units.unit_of(said):
            return said, plain[: m.start()] + plain[m.end() :]
    return "", plain


def _take_version(plain: str, known: Heads) -> tuple[str, str]:
    m = known.versions.search(plain)
    return (m[0], plain[: m.start()] + plain[m.end() :]) if m else ("", plain)


def _take_period(plain: str, known: Heads) -> tuple[Related | None, str]:
    for related in known.periods:
        if m := related.pattern.search(plain):
            return related, plain[: m.start()] + plain[m.end() :]
    return None, plain


@lru_cache(maxsize=2000)
def titled(title: str, language: Language) -> str:
    """The subject that the title of a table names."""
    plain = _BRACKET.sub("", narrow(title))
    numbered = language.heads.table_number.match(plain)
    plain = plain[numbered.end() :] if numbered else plain
    plain = plain.split(":")[-1]
    return name_of(language.heads.title_ends.sub("", plain), language)


def is_planned(title: str, known: Heads) -> bool:
    """Whether a title says that the figures of its table are plans."""
    return bool(known.planned.search(narrow(title)))


def entity_of(title: str, known: Heads) -> str:
    """Whose figures alone a table holds by its title (母公司); empty where it does not say so."""
    m = known.entity.search(narrow(title))
    return m[0] if m else ""


def area_of(title: str, language: Language) -> str:
    """The area that the title of a budget table names between its year and its budget; empty where it names none.

    Areas that are no divisions (a development zone) are a part of the place, as a tier of it is.
    """
    m = language.heads.area.search(narrow(title))
    area = m["area"] if m else ""
    if language.heads.zoned.search(area):
        return area
    return "" if tier_named(area, language.naming) or places.find(area) else area


@lru_cache(maxsize=20_000)
def without_comparison(text: str, known: Heads) -> str:
    """A head without what it compares its figures with, for the period that it names; a bare year is one."""
    parts = map(narrow, text.split(BELOW))
    return _take("".join(part + known.year if _YEAR.fullmatch(part) else part for part in parts), known.attributes)[2]


def is_year(text: str) -> bool:
    """Whether a cell that is a number is a year."""
    return _YEAR.fullmatch(narrow(text)) is not None


def shifted(period: Period, related: Related) -> Period:
    """The period that a head means by its relation to that of the table: the year before, the state at its end."""
    if related.start:
        before = int(period.start[:4]) - 1
        return Period(f"{before:04d}-12-31", f"{before:04d}-12-31", True)
    if related.point:
        return Period(period.end, period.end, True)
    year = related.shift
    return Period(_moved(period.start, year), _moved(period.end, year), period.point) if year else period


def _moved(day: str, years: int) -> str:
    moved = f"{int(day[:4]) + years:04d}{day[4:]}"
    return moved.replace("-02-29", "-02-28")
