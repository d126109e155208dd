"""The numbers in front of paragraphs that Word makes itself: 一、 （一） 1. (1) 第一章 (ECMA-376 part 1, 17.9)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from checker.read.formats.numerals import chinese, digits, display, letter, roman

if TYPE_CHECKING:
    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LEVELS = 9
# A document with more lists than this makes them to take time.
_MOST = 20_000
# Word's own limit.
_LONGEST = 255


def _one_of(name: str) -> Callable[[int], str]:
    """Numerals that are signs in a row, such as 甲乙丙, from one; beyond them figures."""

    def sign(number: int) -> str:
        signs: str = display()["signs"][name]
        return signs[number - 1] if 0 < number <= len(signs) else str(number)

    return sign


_NUMERALS: dict[str, Callable[[int], str]] = {
    "none": lambda number: "",
    "bullet": lambda number: "",
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": lambda number: "".join(chr(ord(digit) + 0xFEE0) for digit in str(number)),
    "decimalFullWidth2": lambda number: "".join(chr(ord(digit) + 0xFEE0) for digit in str(number)),
    "decimalEnclosedCircle": _one_of("circled"),
    "decimalEnclosedCircleChinese": _one_of("circled"),
    "decimalEnclosedParen": _one_of("bracketed"),
    "decimalEnclosedFullstop": _one_of("stopped"),
    "ideographEnclosedCircle": _one_of("circled_words"),
    "ideographTraditional": _one_of("stems"),
    "ideographZodiac": _one_of("branches"),
    "upperLetter": lambda number: letter(number).upper(),
    "lowerLetter": letter,
    "upperRoman": lambda number: roman(number).upper(),
    "lowerRoman": roman,
    "ordinal": str,
    "cardinalText": str,
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "ideographDigital": lambda number: digits(str(number)),
    "japaneseDigitalTenThousand": lambda number: digits(str(number)),
    "taiwaneseDigital": lambda number: digits(str(number)),
    "chineseLegalSimplified": lambda number: chinese(number, "formal"),
    "ideographLegalTraditional": lambda number: chinese(number, "formal"),
    "japaneseLegal": lambda number: chinese(number, "formal"),
}


@dataclass(slots=True)
class Level:
    """How one level of a list numbers: from where, in what numerals, in what text (%1.%2), and what style it goes with.

    It begins anew after a level up to `restart`, which counts from 1; 0 is never.
    """

    start: int = 1
    numerals: str = "decimal"
    text: str = ""
    restart: int | None = None
    legal: bool = False
    apart: bool = True
    style: str = ""


@dataclass(slots=True)
class _List:
    """A definition with its levels and counts; several lists (w:num) of one definition go on counting together."""

    levels: list[Level]
    counts: list[int | None] = field(default_factory=lambda: [None] * LEVELS)


class Numbering:
    """The lists of a document, counting as its paragraphs are read in order."""

    def __init__(self, root: _Element | None = None) -> None:
        self._lists: dict[str, _List] = {}
        self._own: dict[str, dict[int, Level]] = {}
        self._starts: dict[str, dict[int, int]] = {}
        if root is not None:
            self._define(root)

    def _define(self, root: _Element) -> None:
        definitions, links, named = {}, {}, {}
        for definition in root.iterchildren(f"{W}abstractNum"):
            identifier = definition.get(f"{W}abstractNumId", "")
            definitions[identifier] = _List(_levels(definition))
            if link := _value(definition, "numStyleLink"):
                links[identifier] = link
            if name := _value(definition, "styleLink"):
                named[name] = identifier
        for number, entry in enumerate(root.iterchildren(f"{W}num")):
            if number >= _MOST:
                raise ValueError(f"more than {_MOST:,} lists")
            identifier, name = _value(entry, "abstractNumId"), entry.get(f"{W}numId", "")
            identifier = named.get(links.get(identifier, ""), identifier)
            if identifier in definitions:
                self._lists[name] = definitions[identifier]
                for override in entry.iterchildren(f"{W}lvlOverride"):
                    self._override(name, override)

    def _override(self, name: str, override: _Element) -> None:
        level = _number(override.get(f"{W}ilvl"), 0)
        if (start := _value(override, "startOverride")) != "":
            self._starts.setdefault(name, {})[level] = _number(start, 1)
        if (own := override.find(f"{W}lvl")) is not None:
            self._own.setdefault(name, {})[level] = _level(own)

    def level_of(self, name: str, style: str) -> int:
        """The level of a list that goes with a style; the first where none says so."""
        numbered = self._lists.get(name)
        return next((i for i, level in enumerate(numbered.levels) if level.style == style), 0) if numbered else 0

    def next(self, name: str, at: int) -> str:
        """The number of the next paragraph of a list at a level, with the gap behind it; empty for bullets."""
        numbered = self._lists.get(name)
        if numbered is None or not 0 <= at < LEVELS:
            return ""
        levels = [self._own.get(name, {}).get(i, level) for i, level in enumerate(numbered.levels)]
        counts, starts = numbered.counts, self._starts.get(name, {})
        if at in starts:  # a list that begins anew does so once
            counts[at] = starts.pop(at) - 1
        before = counts[at]
        counts[at] = levels[at].start if before is None else before + 1
        for i in range(at):
            if counts[i] is None:
                counts[i] = levels[i].start
        for i in range(at + 1, LEVELS):
            restart = levels[i].restart
            if restart is None or at < restart:
                counts[i] = None
        return _label(levels, counts, at)


def _label(levels: list[Level], counts: list[int | None], at: int) -> str:
    level = levels[at]
    if level.numerals == "bullet":
        return ""
    text = level.text
    for i in range(at, -1, -1):
        if (mark := f"%{i + 1}") in text:
            numerals = "decimal" if level.legal else levels[i].numerals
            text = text.replace(mark, _numeral(numerals, counts[i] or 0))
    return text + (" " if level.apart and text else "")


def _numeral(numerals: str, number: int) -> str:
    return _NUMERALS.get(numerals, str)(number)


def _levels(definition: _Element) -> list[Level]:
    levels = [Level() for _ in range(LEVELS)]
    for element in definition.iterchildren(f"{W}lvl"):
        at = _number(element.get(f"{W}ilvl"), 0)
        if 0 <= at < LEVELS:
            levels[at] = _level(element)
    return levels


def _level(element: _Element) -> Level:
    restart = _value(element, "lvlRestart")
    legal = element.find(f"{W}isLgl")
    return Level(
        start=_number(_value(element, "start"), 0),
        numerals=_value(element, "numFmt") or _alternative(element) or "decimal",
        text=_value(element, "lvlText")[:_LONGEST],
        restart=_number(restart, 0) if restart else None,
        legal=legal is not None and legal.get(f"{W}val") not in ("0", "false"),
        apart=_value(element, "suff") != "nothing",
        style=_value(element, "pStyle"),
    )


def _alternative(element: _Element) -> str:
    """The numerals that Word 2010 and later write for those of before: custom ones such as 001."""
    found = element.find(f".//{W}numFmt")
    return "" if found is None else found.get(f"{W}val", "")


def _value(element: _Element, name: str) -> str:
    """What a child element says in its attribute `val`."""
    found = element.find(W + name)
    return "" if found is None else found.get(f"{W}val", "")


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.lstrip("-").isdecimal() and len(text) < 7 else otherwise
