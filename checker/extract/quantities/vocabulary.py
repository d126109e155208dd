"""All words of quantities, compiled once from rules/vocabulary into the patterns and tables that scanning goes by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from checker.extract.quantities.token import Qualifier, compile_qualifiers
from checker.units import Units, compile_units
from checker.vocabulary import any_of

# A decimal point; a glyph of a font of its own between two digits is one, too.
POINT = "[.．\ue000-\uf8ff\U000f0000-\U0010fffd]"
# A comma of full width parts thousands behind digits of full width, and where a point, another comma, 000 or a
# magnitude behind it bears it out (33，212万吨).
# Groups are few where no possessive match skips them all, so that a long row of them takes no longer than its length.
DIGITS = (
    rf"(?:\d{{1,3}}(?:，\d{{3}}){{1,8}}[.．]\d++(?![\d,，])|\d{{1,3}}(?:，\d{{3}}){{2,8}}(?![\d,，])"
    rf"|\d{{1,3}}(?:(?:，\d{{3}}){{1,8}}(?=.?[万亿])|(?:，000){{1,8}}(?![\d.．]))"
    rf"|\d{{1,3}}(?:(?:,|(?<=[０-９])，)\d{{3}}(?!\d))++(?:{POINT}\d++)?"
    rf"|\d++。\d{{1,2}}(?=[%％])|\d++(?:{POINT}\d++)?)"
)
# What stands for a number and is none, in front of an amount: groups of three that are not (542,62), more than one
# point (12.345.6, 3..5) but no date, letters for digits (25l), a full stop for a point (12。5亿元). Two short numbers
# with a comma between may be a list (3,5万元).
_BROKEN = (
    r"(?P<malformed>(?:\d{1,3}(?:,\d{3}){1,8},\d{1,2}(?:\.\d{1,4})?|\d{3},\d{1,2}(?:\.\d{1,4})?|\d{1,2},\d\d\.\d{1,4}"
    r"|(?!(?:19|20)\d\d\.\d{1,2}\.)\d{1,9}\.\d{1,9}\.\d{1,9}|\d{1,9}(?:\.\.|．．)\d{1,9}"
    r"|\d{1,9}[OoIl][\dOoIl]{0,9}(?:\.\d{1,4})?)(?=[万亿]|{money}|[%％])"
    r"|\d{1,9}。\d{1,2}(?=[万亿]{money}))"
    r"|\d{1,3}(?:,\d{3}){0,8},\d{1,2}(?=[万亿])"
)
_LETTER = re.compile("[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Spelling:
    """What a unit, or a word that tells a name from a quantity, stands for: unit and dimension, or the reason."""

    unit: str
    dimension: str
    reason: str = ""


class OwnUnits(NamedTuple):
    """The units that numbers are read by themselves, as units.yaml spells them; see numerals.yaml."""

    money: str
    tenth: str
    year: str
    thing: str
    point: str
    place: str


@dataclass(frozen=True, slots=True)
class Quantities:
    """The vocabulary of quantities: patterns, and the tables that say what was matched."""

    # numbers
    start: re.Pattern[str]
    digits: re.Pattern[str]
    numeral: re.Pattern[str]
    broken: re.Pattern[str]
    magnitude: re.Pattern[str]
    magnitudes: Mapping[str, Decimal]
    fraction: re.Pattern[str]
    parts: Mapping[str, tuple[str, Decimal]]
    slash: re.Pattern[str]
    slash_before: re.Pattern[str]
    slash_after: re.Pattern[str]
    numerals: frozenset[str]
    numeral_values: Mapping[str, int]
    plain: Mapping[int, str]
    formal: frozenset[str]
    point: str
    points: frozenset[str]
    half: str
    half_unit: re.Pattern[str]
    half_counter: re.Pattern[str]
    half_counters: Mapping[str, str]
    portion: re.Pattern[str]
    portion_not_behind: re.Pattern[str]
    portions: Mapping[str, tuple[Decimal, str]]
    minor: re.Pattern[str]
    minor_units: Mapping[str, Decimal]
    # what is none
    labels: re.Pattern[str]
    label_ends: frozenset[str]
    codes_before: re.Pattern[str]
    codes_after: re.Pattern[str]
    dates: re.Pattern[str]
    date_marks: frozenset[str]
    marks: frozenset[str]
    marked_year: re.Pattern[str]
    dated_not: re.Pattern[str]
    compound: re.Pattern[str]
    names: re.Pattern[str]
    names_before: frozenset[str]
    vague: re.Pattern[str]
    round: frozenset[str]
    round_before: Mapping[str, str]
    round_not_behind: frozenset[str]
    slogan_length: int
    # units
    table: Units
    own: OwnUnits
    of: str
    unit: re.Pattern[str]
    unit_starts: frozenset[str]
    spellings: Mapping[str, Spelling]
    per: re.Pattern[str]
    each: str
    per_units: Mapping[str, str]
    currency: re.Pattern[str]
    currency_ends: frozenset[str]
    currencies: Mapping[str, str]
    implied: re.Pattern[str]
    implied_soon: re.Pattern[str]
    implied_units: Mapping[str, str]
    counted: re.Pattern[str]
    counted_units: Mapping[str, str]
    unit_label: re.Pattern[str]
    money_named: re.Pattern[str]
    money_not: re.Pattern[str]
    money_before: re.Pattern[str]
    money_reach: int
    small: frozenset[str]
    small_one: frozenset[str]
    never: frozenset[str]
    # signs
    minus: frozenset[str]
    plus: frozenset[str]
    minus_word: re.Pattern[str]
    sign_ends: frozenset[str]
    arrows: Mapping[str, int]
    dash_not_behind: frozenset[str]
    signed: frozenset[str]
    below_zero_unit: Mapping[str, Mapping[str, str]]
    # qualifiers
    qualifiers: Mapping[str, Qualifier]
    before: Mapping[str, str]
    before_ends: frozenset[str]
    apart: re.Pattern[str]
    in_words: frozenset[str]
    not_behind: frozenset[str]
    inside: frozenset[str]
    after: re.Pattern[str]
    after_starts: frozenset[str]
    after_kind: Mapping[str, str]
    # ranges, lists, ratios, ranks, years
    joint: re.Pattern[str]
    joiner: re.Pattern[str]
    joiners: frozenset[str]
    range_words: frozenset[str]
    between: re.Pattern[str]
    between_words: frozenset[str]
    lists: frozenset[str]
    ratio: re.Pattern[str]
    ratio_of_parts: re.Pattern[str]
    ratio_named: re.Pattern[str]
    ratio_link: re.Pattern[str]
    ratio_reach: int
    bare: re.Pattern[str]
    rank: re.Pattern[str]
    ordinal: str
    ranked: frozenset[str]
    rank_ends: frozenset[str]
    ordered_not: frozenset[str]
    ranked_bare: re.Pattern[str]
    reached_at: re.Pattern[str]
    streak: re.Pattern[str]
    window_before: re.Pattern[str]
    window_after: re.Pattern[str]
    meetings: re.Pattern[str]
    meeting_counter: str
    meeting_term: str


def compile_quantities(
    units: Mapping[str, Any], numerals: Mapping[str, Any], qualifiers: Mapping[str, Any], cues: Mapping[str, Any]
) -> Quantities:
    """The patterns and tables of these vocabularies: units.yaml, numerals.yaml, qualifiers.yaml and cues.yaml."""
    spellings = _spellings(units)
    befores = {word: kind for kind, entry in qualifiers.items() for word in entry.get("before", [])}
    afters = {word: kind for kind, entry in qualifiers.items() for word in entry.get("after", [])}
    inside = "".join(qualifiers["over"]["inside"])
    currencies = {word: unit for unit, entry in units["units"].items() for word in entry.get("before", [])}
    portions = {
        entry["word"]: (Decimal(str(entry["percent"])), entry.get("qualifier", "exact"))
        for entry in numerals["portions"]
    }
    plain, formal = _characters(numerals)
    numeral = _numeral(numerals, plain, formal)
    ordinary = "".join(character for character in plain if character not in formal)
    joiner = f"[{re.escape(numerals['range_dashes'])}{''.join(numerals['range_words'])}]{{1,2}}"
    vague = any_of(numerals["vague_before"])
    own, of = OwnUnits(**numerals["own_units"]), numerals["of"]
    dated = rf"(?:(?:19|20)\d\d{own.year}{of}?)?"
    return Quantities(
        start=_start(numerals, spellings, units["implied"], inside, portions, "".join(plain)),
        digits=re.compile(DIGITS),
        numeral=re.compile(numeral),
        broken=re.compile(_BROKEN.replace("{money}", f"{own.money}(?!{units['units'][own.money]['not_before']})")),
        magnitude=re.compile(f"[{''.join((*numerals['places'], *numerals['magnitudes']))}]{{1,3}}"),
        magnitudes={c: Decimal(v) for c, v in {**numerals["places"], **numerals["magnitudes"]}.items()},
        fraction=re.compile(rf"([{ordinary}]{{1,8}}){numerals['fraction']}(?=[\d{ordinary}])"),
        parts={part: (it["unit"], Decimal(str(it.get("factor", 1)))) for part, it in numerals["parts"].items()},
        slash=re.compile(r"([1-9]\d?)[/／]([1-9]\d?0?)(?![\d/／.．])"),
        slash_before=re.compile(any_of(numerals["fraction_before"]) + "$"),
        slash_after=re.compile(any_of(numerals["fraction_after"])),
        numerals=frozenset(plain),
        numeral_values={**numerals["digits"], **numerals["places"], **numerals["magnitudes"]},
        plain={ord(character): of for character, of in plain.items()}
        | {ord(character): numerals["point"][0] for character in numerals["point"]},
        formal=frozenset(formal),
        point=numerals["point"][0],
        points=frozenset(numerals["point"]),
        half=numerals["half"],
        half_unit=re.compile(f"{numerals['half']}(?!{numerals['half_not_before']})"),
        half_counter=re.compile(f"{numerals['half']}({any_of(numerals['half_counters'])})"),
        half_counters=dict.fromkeys(numerals["half_units"], "") | numerals["half_counters"],
        portion=re.compile(f"{any_of(portions)}(?!{any_of(numerals['portions_not_before'])})"),
        portion_not_behind=re.compile(any_of(numerals["portions_not_behind"]) + "$"),
        portions=portions,
        minor=re.compile("".join(rf"(?:([\d{''.join(plain)}]){word})?" for word in numerals["minor_units"])),
        minor_units={word: Decimal(str(part)) for word, part in numerals["minor_units"].items()},
        labels=_labels(numerals["labels"]),
        label_ends=frozenset(word[-1] for word in numerals["labels"]) | frozenset(":："),
        codes_before=_pattern(numerals["codes_before"]),
        codes_after=_pattern(numerals["codes_after"]),
        dates=_pattern(numerals["dates"]),
        date_marks=frozenset(numerals["dates"]["marks"] + numerals["range_dashes"] + "".join(numerals["range_words"])),
        marks=frozenset(
            numerals["dates"]["marks"]
            + ":：∶︰/／.．、)）"
            + numerals["range_dashes"]
            + "".join(numerals["range_words"])
        )
        | frozenset(word[0] for word in units["compounds"]),
        marked_year=_pattern(numerals["marked_year"]),
        dated_not=re.compile(numerals["dated_not"]),
        compound=re.compile(any_of(units["compounds"])),
        names=re.compile(any_of(numerals["names"])),
        names_before=frozenset(numerals["names_before"]),
        vague=re.compile(f"{vague}$"),
        round=frozenset({**numerals["places"], **numerals["magnitudes"]}) - {numerals["ten"]},
        round_before=numerals["round_before"],
        round_not_behind=frozenset(numerals["round_not_behind"]),
        slogan_length=cues["slogan_length"],
        table=compile_units(units),
        own=own,
        of=of,
        unit=re.compile(_trie(_guarded(units, spellings))),
        unit_starts=frozenset(spelling[0] for spelling in spellings),
        spellings=spellings,
        per=re.compile(f"[/／]({any_of(units['per'])})|{numerals['each']}({any_of(units['per_spoken'])})"),
        each=numerals["each"],
        per_units={each: spellings[each].unit for each in units["per"] if each in spellings and spellings[each].unit},
        currency=re.compile(f"(?<![A-Za-z]){any_of(currencies)}$"),
        currency_ends=frozenset(word[-1] for word in currencies),
        currencies=currencies,
        implied=re.compile(_trie(dict.fromkeys(units["implied"], ""))),
        implied_soon=re.compile(f"[\u4e00-\u9fff]{{0,4}}?({any_of(units['implied'])})"),
        implied_units=units["implied"],
        counted=_pattern(numerals["counted"]),
        counted_units=numerals["counted"]["units"],
        unit_label=_pattern(numerals["unit_label"]),
        money_named=re.compile(any_of(numerals["money_named"])),
        money_not=re.compile(any_of(numerals["money_not"])),
        money_before=re.compile(rf"[^\w（(“]|$|{any_of(numerals['money_before'])}"),
        money_reach=numerals["money_reach"],
        small=frozenset(numerals["small"]),
        small_one=frozenset(numerals["small_one"]),
        never=frozenset(numerals["never"]),
        minus=frozenset(numerals["minus"]),
        plus=frozenset(numerals["plus"]),
        minus_word=re.compile(
            "|".join(
                (rf"(?:(?<=[{re.escape(at)}])|(?<![^\n])){word}$" if at else f"{word}$")
                for word, at in numerals["minus_words"].items()
            )
        ),
        sign_ends=frozenset(numerals["minus"] + numerals["plus"] + "".join(w[-1] for w in numerals["minus_words"]))
        | frozenset(numerals["arrows"]),
        arrows=numerals["arrows"],
        dash_not_behind=frozenset(numerals["dash_not_behind"]),
        signed=frozenset(numerals["signed"]),
        below_zero_unit=numerals["below_zero_unit"],
        qualifiers=compile_qualifiers(qualifiers),
        before=befores,
        before_ends=frozenset(word[-1] for word in befores),
        apart=re.compile(rf"({any_of(word for word in befores if len(word) > 1)})[^，。；、\d]{{1,8}}{of}$"),
        in_words=frozenset(qualifiers["about"]["before"]),
        not_behind=frozenset(qualifiers["about"]["not_behind"]),
        inside=frozenset(inside),
        after=re.compile(_trie(dict.fromkeys(afters, ""))),
        after_starts=frozenset(word[0] for word in afters),
        after_kind=afters,
        joint=re.compile(rf"{joiner}(?=[\d{''.join(plain)}])"),
        joiner=re.compile(joiner),
        joiners=frozenset(numerals["range_dashes"]) | frozenset(numerals["range_words"]),
        range_words=frozenset(numerals["range_words"]),
        between=re.compile(any_of(numerals["between"])),
        between_words=frozenset(numerals["between_words"]),
        lists=frozenset(numerals["lists"]),
        ratio=re.compile(rf"{DIGITS}(?:[:：∶︰]{DIGITS})++"),
        ratio_of_parts=re.compile(any_of(cues["ratio"])),
        ratio_named=re.compile(rf"{any_of(numerals['ratio_named'])}{numerals['ratio_links']}{dated}$"),
        ratio_link=re.compile(numerals["ratio_links"] + dated),
        ratio_reach=numerals["ratio_reach"],
        bare=re.compile(any_of(cues["bare"]) + "$"),
        rank=re.compile(any_of(cues["rank"])),
        ordinal=numerals["ordinal"],
        ranked=frozenset(numerals["ranked"]),
        rank_ends=frozenset(numerals["ranked"]) | frozenset("，。、；"),
        ordered_not=frozenset(numerals["ordered_not"]),
        ranked_bare=_pattern(numerals["ranked_bare"]),
        reached_at=_pattern(numerals["reached_at"]),
        streak=_pattern(numerals["streak"]),
        window_before=_pattern(numerals["window_before"]),
        window_after=_pattern(numerals["window_after"]),
        meetings=_pattern(numerals["meetings"]),
        meeting_counter=numerals["meetings"]["counter"],
        meeting_term=numerals["meetings"]["term"],
    )


def _pattern(entry: Mapping[str, Any]) -> re.Pattern[str]:
    given = entry["pattern"]
    return re.compile(given if isinstance(given, str) else "|".join(given))


def _labels(words: Mapping[str, str]) -> re.Pattern[str]:
    """What stands in front of a label, up to its end."""
    guarded = [(f"(?<![{no}])" if no else "") + re.escape(word) for word, no in words.items()]
    return re.compile(f"(?:{'|'.join(guarded)})[：:]?$")


def _spellings(units: Mapping[str, Any]) -> dict[str, Spelling]:
    known = {name: Spelling("", "", reason) for reason, names in units["names"].items() for name in names}
    known |= {counter: Spelling(counter, "count") for counter in units["counters"]}
    for unit, entry in units["units"].items():
        known |= dict.fromkeys((unit, *entry.get("aliases", [])), Spelling(unit, entry["dimension"]))
    return known


def _characters(numerals: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """Every character of a numeral with the ordinary one that it stands for, and of these those written formally."""
    ordinary: dict[str, str] = {}
    formal: dict[str, str] = {}
    for kind in ("digits", "places", "magnitudes"):
        by_value = {value: character for character, value in reversed(numerals[kind].items())}
        ordinary |= {character: character for character in numerals[kind]}
        formal |= {
            character: by_value[value]
            for character, value in numerals.get(f"formal_{kind}", {}).items()
            if character not in numerals[kind]
        }
    return ordinary | formal, formal


def _numeral(numerals: Mapping[str, Any], plain: Iterable[str], formal: Iterable[str]) -> str:
    """A whole Chinese numeral, ordinary or formal, decimals and all."""
    both = "".join(character for character in plain if character not in formal)
    decimals = f"[{numerals['point']}][{''.join(numerals['digits'])}]++[百千{''.join(numerals['magnitudes'])}]*+"
    return f"[{both}]++(?:{decimals})?|[{''.join(formal)}零{''.join(numerals['magnitudes'])}]++"


def _start(
    numerals: Mapping[str, Any],
    spellings: Iterable[str],
    implied: Iterable[str],
    inside: str,
    portions: Iterable[str],
    plain: str,
) -> re.Pattern[str]:
    """Where to look closer: digits, numerals with something behind that makes them a quantity, words of proportion."""
    # Of a unit that begins with a numeral (千瓦) the run of numerals takes the first character.
    behind = {spelling[spelling[0] in plain and len(spelling) > 1] for spelling in (*spellings, *implied)}
    behind |= {*inside, *numerals["range_dashes"], *numerals["range_words"], *numerals["point"]}
    behind |= {numerals["half"], numerals["fraction"][0]}
    followed = re.escape("".join(sorted(behind)))
    large = "".join(numerals["magnitudes"])
    words = [word for word in portions if word[0] not in plain]
    # The characters that all of it begins with come first: looking for one of them is quick.
    return re.compile(
        rf"(?=[\d{plain}{''.join(word[0] for word in words)}])"
        rf"(?:\d|(?<![{plain}])[{plain}]++(?:(?=[{followed}])|(?<=[{large}]))|(?<={numerals['ordinal']})[{plain}]++|{any_of(words)})"
    )


def _guarded(units: Mapping[str, Any], spellings: Iterable[str]) -> dict[str, str]:
    """Each spelling with what may not stand behind it: what makes another word of it, for Latin letters another."""
    guards: dict[str, str] = dict(units["counters_not_before"])
    for unit, entry in units["units"].items():
        if "not_before" in entry:
            guards |= {word: entry["not_before"] for word in (unit, *entry.get("aliases", [])) if len(word) == 1}
    return {
        word: f"(?!{guards[word]})" if word in guards else "(?![A-Za-z])" if _LETTER.match(word[-1]) else ""
        for word in spellings
    }


def _trie(words: Mapping[str, str]) -> str:
    """A regular expression for the longest of these words, each with what must follow it, read letter by letter."""
    here = words.get("")
    branches: dict[str, dict[str, str]] = {}
    for word, guard in words.items():
        if word:
            branches.setdefault(word[0], {})[word[1:]] = guard
    deeper = [re.escape(letter) + _trie(rest) for letter, rest in sorted(branches.items())]
    if here is not None:
        deeper.append(here)
    return deeper[0] if len(deeper) == 1 else "(?:" + "|".join(deeper) + ")"
