"""A number in the text and the words that make it a quantity: units, qualifiers, and what they stand for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from checker.model import Interval
from checker.vocabulary import any_of, words

MAX_DIGITS = 25
NUMERALS = "一二三四五六七八九十两百千万亿"
STREAK = re.compile("连续?$")
_SPAN_YEARS = re.compile(r"(?:这|过去|近|最近|未来|今后|前|前后|第)$")
_SPAN_AFTER = re.compile(r"来|间|累计|共|以来|前|后|期|级|制|度|行动|计划|规划|任务|目标|改革")


@dataclass(slots=True)
class Token:
    """A number in the flat text. `start`..`end` is the quantity, unit and all; `reason` is set where it is no claim.

    `first` and `last` delimit the printed digits, `before` and `after` the quantity with its qualifiers. `step` is one
    unit in the last digit, `significant` in the last that is no trailing zero, `scaled` the factor of 万 and 亿. `high`
    is the other end of a printed range, printed at `to`; `implied` marks a unit that only the noun behind tells;
    `label` is where the label in front ends that gives the unit in brackets.
    """

    start: int
    end: int
    first: int
    last: int
    value: Decimal = Decimal(0)
    step: Decimal = Decimal(0)
    significant: Decimal = Decimal(0)
    unit: str | None = None
    dimension: str = ""
    qualifier: str = "exact"
    qualified: str = ""
    kind: str = ""
    reason: str = ""
    high: Decimal | None = None
    to: tuple[int, int] | None = None
    before: int = 0
    after: int = 0
    implied: bool = False
    label: int | None = None
    scaled: Decimal = Decimal(1)


@dataclass(frozen=True)
class Lexicon:
    spellings: dict[str, tuple[str, str, str]]
    longest: int
    before: dict[str, str]
    in_words: frozenset[str]
    inside: str
    after: re.Pattern[str]
    after_kind: dict[str, str]
    per: re.Pattern[str]
    implied: re.Pattern[str]
    implied_soon: re.Pattern[str]
    implied_units: dict[str, str]
    compound: re.Pattern[str]
    chinese: re.Pattern[str]
    ratio: re.Pattern[str]
    bare: re.Pattern[str]
    rank: re.Pattern[str]
    slogan: re.Pattern[str]


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    units, qualifiers, cues = words("units"), words("qualifiers"), words("cues")
    spellings: dict[str, tuple[str, str, str]] = {}
    for reason, names in units["names"].items():
        spellings.update(dict.fromkeys(names, ("name", reason, "")))
    for counter in units["counters"]:
        spellings[counter] = ("unit", counter, "count")
    for unit, entry in units["units"].items():
        for spelling in (unit, *entry.get("aliases", [])):
            spellings[spelling] = ("unit", unit, entry["dimension"])
    chinese = any_of([*units["chinese"], *units["chinese_one"]])
    slogan = cues["slogan_length"]
    return Lexicon(
        spellings=spellings,
        longest=max(map(len, spellings)),
        before={word: kind for kind, entry in qualifiers.items() for word in entry.get("before", [])},
        in_words=frozenset(qualifiers["about"]["before"]),
        inside="".join(qualifiers["over"]["inside"]),
        after=re.compile(any_of(word for entry in qualifiers.values() for word in entry.get("after", []))),
        after_kind={word: kind for kind, entry in qualifiers.items() for word in entry.get("after", [])},
        per=re.compile("[/／]" + any_of(units["per"])),
        implied=re.compile(any_of(units["implied"])),
        implied_soon=re.compile(f"[\u4e00-\u9fff]{{0,4}}?({any_of(units['implied'])})"),
        implied_units=units["implied"],
        compound=re.compile(any_of(units["compounds"])),
        chinese=re.compile(rf"(?<![第几{NUMERALS}“‘\d.])([{NUMERALS}]+)([余多几来]?)([万亿]?)([余多]?)({chinese})"),
        ratio=re.compile(any_of(cues["ratio"])),
        bare=re.compile(any_of(cues["bare"]) + "$"),
        rank=re.compile(any_of(cues["rank"])),
        slogan=re.compile(rf"“[^”\n]{{0,{slogan}}}$"),
    )


def reject(token: Token, reason: str, end: int = 0) -> Token:
    token.kind, token.reason = "rejected", reason
    token.end = max(token.end, end)
    return token


def as_duration(token: Token, text: str) -> None:
    """5年 is a streak behind 连续, a window behind 这 or before 来, a duration otherwise."""
    head = text[max(0, token.first - 3) : token.first]
    if STREAK.search(head):
        token.kind = "streak"
    elif _SPAN_YEARS.search(head) or _SPAN_AFTER.match(text, token.end) or token.value >= 1000:
        reject(token, "date")


def qualify(token: Token, text: str, inside: str, known: Lexicon) -> None:
    after = known.after.match(text, token.end)
    token.before, token.after = token.start, after.end() if after else token.end
    for length in (4, 3, 2, 1):
        word = text[token.start - length : token.start] if token.start >= length else ""
        if word in known.before and not (word in known.in_words and _split_word(text, token.start - length)):
            token.qualifier, token.qualified, token.before = known.before[word], word, token.start - length
            return
    if inside:
        token.qualifier, token.qualified = "over", inside
    elif after:
        token.qualifier, token.qualified = known.after_kind[after[0]], after[0]
        if after[0] in known.inside:
            token.end = after.end()


def _split_word(text: str, at: int) -> bool:
    """Whether the qualifier that begins here is the end of a word (节约)."""
    return at > 0 and text[at - 1] in words("qualifiers")["about"]["not_behind"]


def interval(token: Token, modality: str) -> tuple[str, Interval]:
    """The qualifier of a quantity and the numbers it stands for, as rules/vocabulary/qualifiers.yaml says."""
    if token.high is not None:
        return token.qualifier, Interval(min(token.value, token.high), max(token.value, token.high))
    data = words("qualifiers")
    qualifier = token.qualifier
    if modality == "target" and token.qualified in data["at_least"]["after_target"]:
        qualifier = "at_least"
    entry: dict[str, Any] = data[qualifier]
    high = entry["high"]
    if qualifier == "over" and token.qualified in entry["inside"]:
        high = entry["high_inside"]
    step = token.step if qualifier == "exact" else token.significant
    low_end, high_end = _end(token, entry["low"], step), _end(token, high, step)
    if low_end is not None and high_end is not None and low_end > high_end:
        low_end, high_end = high_end, low_end
    return qualifier, Interval(
        low_end, high_end, bool((entry["low"] or {}).get("open")), bool((high or {}).get("open"))
    )


def _end(token: Token, rule: dict[str, Any] | None, step: Decimal) -> Decimal | None:
    if rule is None:
        return None
    return token.value * Decimal(str(rule["times"])) + step * Decimal(str(rule["steps"]))
