"""Numbers as a spreadsheet shows them: by the format code of their cell (ECMA-376 part 1, 18.8.31).

No kept library for Python does this, so here it is for what reports use: sections, signs and brackets, thousands and
scaling commas, percent, exponents, fractions, literals between digits (0!.0, for 万), dates, elapsed times, [DBNum].
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from fractions import Fraction
from functools import cache, lru_cache, partial

from checker.read.formats.numerals import chinese, digits, display

# A spreadsheet knows 15 digits of a number; what binary adds to them is noise.
_KNOWN = Context(prec=15, rounding=ROUND_HALF_UP)
_ROUNDING = Context(prec=400, rounding=ROUND_HALF_UP)
_LONGEST_CODE = 1000
# A number with more digits than this is shown as it stands in the file.
_WIDEST = 100
_GENERAL_WIDTH = 11
# Below this the error of a binary number is far less than this part of its last place.
_SURE = 1e9
_NEAR = 1e-4
# Serial days of the years 1900 to 9999.
_LAST_DAY = 2_958_466
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[\d.]+)")
_ELAPSED = re.compile(r"h+|m+|s+", re.I)
_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": lambda a, b: a < b, ">": lambda a, b: a > b, "<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b, "<>": lambda a, b: a != b,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a format code: literal, digit, point, comma, percent, exponent, slash, text, general, or of a date."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Usual:
    """What most sections amount to: so many places behind the point, between two texts, made larger by 10^shift."""

    before: str
    form: str
    step: Decimal
    shift: int
    after: str

    def show(self, value: Decimal) -> str:
        rounded = _ROUNDING.quantize(value.scaleb(self.shift) if self.shift else value, self.step)
        shown = format(rounded, self.form)
        return f"-{self.before}{shown[1:]}{self.after}" if shown[0] == "-" else f"{self.before}{shown}{self.after}"


@dataclass(frozen=True, slots=True)
class Section:
    """One of the up to four parts of a code, with the numbers it is for and the numerals it shows them in."""

    tokens: tuple[Token, ...]
    condition: tuple[str, Decimal] | None = None
    numerals: str = ""
    usual: Usual | None = None

    def has(self, *kinds: str) -> bool:
        return any(token.kind in kinds for token in self.tokens)


def number(raw: str, code: str, epoch_1904: bool = False) -> str:
    """What a cell with this format shows of a number, without the blanks that only set it."""
    return of_format(code, epoch_1904)(raw)


@lru_cache(maxsize=4096)
def of_format(code: str, epoch_1904: bool = False) -> Callable[[str], str]:
    """What cells with this format show, as a function of the number in the file."""
    sections = _sections(code)
    if code == "General" or (len(sections) == 1 and not sections[0].tokens):
        return _quick_general
    only = sections[0].usual if len(sections) == 1 else None
    if only is not None and not only.before and not only.after.strip("%"):
        return _quick(only)
    numeric = tuple(section for i, section in enumerate(sections[:3]) if not (section.has("text") and i))
    conditional = any(section.condition for section in numeric)
    return partial(_exact, partial(_by_section, numeric, conditional, epoch_1904))


def _exact(show: Callable[[Decimal], str], raw: str) -> str:
    try:
        value = _KNOWN.create_decimal(raw)
    except InvalidOperation:
        return raw
    return show(value) if value.is_finite() and value.adjusted() < _WIDEST else raw


def _quick(usual: Usual) -> Callable[[str], str]:
    """The same as `_exact` of a usual section, in a third of the time wherever binary digits surely round the same."""
    factor, scale = 10.0**usual.shift, float(Decimal(10) ** usual.shift / usual.step)

    def shown(raw: str) -> str:
        try:
            value = float(raw)
        except ValueError:
            return raw
        size = abs(value) * scale
        if size < _SURE and abs(size % 1 - 0.5) > _NEAR:
            return format(value * factor, usual.form) + usual.after
        return _exact(usual.show, raw)

    return shown


def _quick_general(raw: str) -> str:
    if len(raw) > _GENERAL_WIDTH:
        return _exact(general, raw)
    try:
        value = float(raw)
    except ValueError:
        return raw
    # Ten digits and a point are what eleven characters hold.
    return format(value, ".10g") if 1 <= abs(value) < _SURE else _exact(general, raw)


def _by_section(sections: tuple[Section, ...], conditional: bool, epoch_1904: bool, value: Decimal) -> str:
    section, signed = _choose(sections, conditional, value)
    if section is None:
        return general(value)
    return _shown(section, value if signed else abs(value), epoch_1904).strip()


def text(raw: str, code: str) -> str:
    """What a cell with this format shows of a text."""
    if "@" not in code and ";" not in code:
        return raw
    sections = _sections(code)
    last = sections[-1] if sections else None
    if last is None or not (last.has("text") or len(sections) == 4):
        return raw
    return "".join(raw if token.kind == "text" else token.text for token in last.tokens)


def general(value: Decimal) -> str:
    """A number as a wide cell without a format shows it: eleven characters, or six digits and an exponent."""
    if not value:
        return "0"
    magnitude = value.adjusted()
    if -10 <= magnitude <= _GENERAL_WIDTH - 1:
        # The leading zero and the point take room of the eleven characters.
        places = max(0, _GENERAL_WIDTH - 2 - max(magnitude, 0))
        rounded = _rounded(value, places)
        plain = _plain(rounded)
        if rounded.adjusted() >= _GENERAL_WIDTH:
            pass
        elif magnitude >= -4 or len(_plain(value).lstrip("-")) <= _GENERAL_WIDTH:
            return plain
    mantissa, exponent = f"{Context(prec=6, rounding=ROUND_HALF_UP).plus(value):.5e}".split("e")
    return f"{mantissa.rstrip('0').rstrip('.')}E{exponent[0]}{int(exponent[1:]):02d}"


def _plain(value: Decimal) -> str:
    shown = f"{value:f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), context=_ROUNDING)


@cache
def _token() -> re.Pattern[str]:
    general = "|".join(map(re.escape, display()["general"]))
    halves = "|".join(map(re.escape, display()["halves"]))
    return re.compile(
        r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|_.|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]?'
        rf"|(?P<general>{general})|(?P<half>{halves})|(?P<exponent>E[+-])"
        r"|(?P<date>y+|m+|d+|h+|s+(?:\.0+)?|a{3,}|e+|b+|g+)|(?P<digit>[0#?])|(?P<other>.)",
        re.I | re.S,
    )


@lru_cache(maxsize=4096)
def _sections(code: str) -> tuple[Section, ...]:
    parts: list[list[re.Match[str]]] = [[]]
    for match in _token().finditer(code[:_LONGEST_CODE]):
        if match["other"] == ";":
            parts.append([])
        else:
            parts[-1].append(match)
    return tuple(map(_section, parts[:4]))


def _section(matches: list[re.Match[str]]) -> Section:
    tokens: list[Token] = []
    condition, numerals = None, ""
    for match in matches:
        kind = match.lastgroup or "pad"
        piece = match[kind] if match.lastgroup else ""
        if kind == "bracket":
            if found := _CONDITION.fullmatch(piece):
                condition = found[1], Decimal(found[2])
            elif piece.upper().startswith("DBNUM"):
                numerals = "formal" if piece.endswith("2") else "plain" if piece.endswith("1") else ""
            else:
                tokens += _bracketed(piece)
        elif kind == "fill":
            tokens.append(Token("literal", " " if piece == " " else ""))
        elif kind in ("quoted", "escaped"):
            tokens.append(Token("literal", piece))
        elif kind == "other":
            named = {".": "point", ",": "comma", "%": "percent", "/": "slash", "@": "text"}
            tokens.append(Token(named.get(piece, "literal"), piece))
        elif kind != "pad":
            tokens.append(Token(kind, piece))
    tokens = _minutes(tokens)
    return Section(tuple(tokens), condition, numerals, None if numerals else _usual(tokens))


_USUAL = re.compile(r"(l*)([#,]*)0(?:(\.)(0+))?(,*)([l%]*)")
_LETTERS = {"literal": "l", "comma": ",", "point": ".", "percent": "%"}


def _usual(tokens: list[Token]) -> Usual | None:
    """The section as one of the usual ones, where it is: #,##0.00, 0.0%, "¥"0, (0) and their like."""
    shape = "".join(token.text if token.kind == "digit" else _LETTERS.get(token.kind, "x") for token in tokens)
    found = _USUAL.fullmatch(shape)
    if found is None:
        return None
    places = len(found[4] or "")
    texts = [token.text for token in tokens]
    return Usual(
        "".join(texts[: found.end(1)]),
        f"{',' if ',' in found[2] else ''}.{places}f",
        Decimal(1).scaleb(-places),
        2 * found[6].count("%") - 3 * len(found[5]),
        "".join(texts[found.start(6) :]),
    )


def _bracketed(piece: str) -> list[Token]:
    if piece.startswith("$"):
        if piece.upper() in ("$-F800", "$-F400"):
            code = display()["long_date" if piece.upper() == "$-F800" else "time"]
            return [*_sections(code)[0].tokens, Token("system", "")]
        return [Token("literal", piece[1:].split("-")[0])]
    return [Token("elapsed", piece.lower())] if _ELAPSED.fullmatch(piece) else []


def _minutes(tokens: list[Token]) -> list[Token]:
    """The same tokens, with m behind an hour or before a second told from the month."""
    if any(token.kind == "system" for token in tokens):
        tokens = tokens[: next(i for i, token in enumerate(tokens) if token.kind == "system")]
    timed = [i for i, token in enumerate(tokens) if token.kind in ("date", "elapsed")]
    for at, i in enumerate(timed):
        token = tokens[i]
        before = tokens[timed[at - 1]].text[0].lower() if at else ""
        after = tokens[timed[at + 1]].text[0].lower() if at + 1 < len(timed) else ""
        if token.kind == "date" and token.text[0] in "mM" and len(token.text) <= 2 and (before == "h" or after == "s"):
            tokens[i] = Token("date", "n" * len(token.text))
    return tokens


def _choose(numeric: tuple[Section, ...], conditional: bool, value: Decimal) -> tuple[Section | None, bool]:
    """The section for a number, and whether it shows the sign itself."""
    if conditional:
        for section in numeric:
            if section.condition is None or _COMPARE[section.condition[0]](value, section.condition[1]):
                return section, not (section.condition and section.condition[0] in ("<", "<=") and value < 0)
        return None, True
    if len(numeric) == 1 or value > 0 or (value == 0 and len(numeric) < 3):
        return numeric[0], True
    return (numeric[1], False) if value < 0 else (numeric[2], True)


def _shown(section: Section, value: Decimal, epoch_1904: bool) -> str:
    if section.usual:
        return section.usual.show(value)
    if section.has("date", "elapsed"):
        return _dated(section, value, epoch_1904)
    if section.has("general", "text"):
        shown = _said(value, section.numerals) if section.numerals else general(value)
        return "".join(shown if token.kind in ("general", "text") else token.text for token in section.tokens)
    if not section.has("digit"):
        sign = "-" if value < 0 and section.tokens else ""
        return sign + "".join(token.text for token in section.tokens)
    for token in section.tokens:
        if token.kind == "percent":
            value = value.scaleb(2)
    value = value.scaleb(-3 * _scaling(section.tokens))
    if section.has("exponent"):
        return _scientific(section, value)
    if section.has("slash"):
        return _fraction(section, value)
    return _fixed(section, value)


def _said(value: Decimal, numerals: str) -> str:
    left, point, right = general(value).partition(".")
    whole = chinese(int(left), numerals) if left.isdecimal() else digits(left, numerals)
    return whole + point + digits(right, numerals)


def _scaling(tokens: tuple[Token, ...]) -> int:
    """How many commas stand right behind the last digit in front of the point, or behind the last of all."""
    count, run, after_digit = 0, 0, False
    for token in tokens:
        if token.kind == "digit":
            run, after_digit = 0, True
        elif token.kind == "comma" and after_digit:
            run += 1
        elif token.kind == "point":
            count, run = count + run, 0
    return count + run


def _fixed(section: Section, value: Decimal) -> str:
    tokens = section.tokens
    point = next((i for i, token in enumerate(tokens) if token.kind == "point"), len(tokens))
    whole, decimals = tokens[:point], tokens[point + 1 :]
    places = [token.text for token in decimals if token.kind == "digit"]
    rounded = _rounded(value, len(places))
    sign = "-" if rounded.is_signed() else ""
    left, _, right = f"{rounded.copy_abs():f}".partition(".")
    shown = _whole(whole, "" if left == "0" else left)
    if point < len(tokens):
        shown += "." + _decimals(decimals, right)
    return sign + (digits(shown, section.numerals) if section.numerals else shown)


def _whole(tokens: tuple[Token, ...], number: str) -> str:
    """The digits in front of the point, filled in from the right; the first place takes all that are left over."""
    places = [i for i, token in enumerate(tokens) if token.kind == "digit"]
    last = places[-1] if places else -1
    grouped = any(token.kind == "comma" and places and places[0] < i < last for i, token in enumerate(tokens))
    shown: list[str] = []
    used = 0
    for i in range(len(tokens) - 1, -1, -1):
        token = tokens[i]
        if token.kind != "digit":
            shown.append("" if token.kind == "comma" else token.text)
            continue
        digit = number[len(number) - 1 - used] if used < len(number) else {"0": "0", "?": " "}.get(token.text, "")
        shown.append(digit + ("," if grouped and used and used % 3 == 0 and digit.strip() else ""))
        used += 1
        if i == places[0]:
            while used < len(number):
                shown.append(number[len(number) - 1 - used] + ("," if grouped and used % 3 == 0 else ""))
                used += 1
    if not places and number:
        shown.append(number)
    return "".join(reversed(shown))


def _decimals(tokens: tuple[Token, ...], number: str) -> str:
    """The digits behind the point; a place of # or ? shows no zero that ends the number."""
    kept = len(number.rstrip("0"))
    shown, at = "", 0
    for token in tokens:
        if token.kind == "digit":
            shown += number[at] if token.text == "0" or at < kept else " " if token.text == "?" else ""
            at += 1
        elif token.kind != "comma":
            shown += token.text
    return shown


def _scientific(section: Section, value: Decimal) -> str:
    at = next(i for i, token in enumerate(section.tokens) if token.kind == "exponent")
    front, behind = section.tokens[:at], section.tokens[at + 1 :]
    point = next((i for i, token in enumerate(front) if token.kind == "point"), len(front))
    step = max(1, sum(token.kind == "digit" for token in front[:point]))
    places = sum(token.kind == "digit" for token in front[point:])
    exponent = value.adjusted() // step * step if value else 0
    if value and abs(_rounded(value.scaleb(-exponent), places)) >= 10**step:
        exponent += step
    width = sum(token.kind == "digit" for token in behind)
    sign = "-" if exponent < 0 else "+" if section.tokens[at].text[1] == "+" else ""
    rest = "".join(token.text for token in behind if token.kind != "digit")
    mantissa = _fixed(Section(front), value.scaleb(-exponent))
    return f"{mantissa}{section.tokens[at].text[0]}{sign}{abs(exponent):0{width}d}{rest}"


def _fraction(section: Section, value: Decimal) -> str:
    """A fraction with as many digits below as the code has places, or over the number it names: # ?/?, # ??/16."""
    tokens = section.tokens
    slash = next(i for i, token in enumerate(tokens) if token.kind == "slash")
    below = [token for token in tokens[slash + 1 :] if token.kind == "digit" or token.text.isdigit()]
    named = "".join(token.text for token in below)
    blank = next((i for i in range(slash - 1, -1, -1) if not tokens[i].text.strip()), None)
    mixed = blank is not None and any(token.kind == "digit" for token in tokens[:blank])
    size = abs(value)
    whole = int(size) if mixed else 0
    rest = Fraction(size) - whole
    if named.strip("0").isdigit():
        over = int(named)
        above = int(rest * over + Fraction(1, 2))
    else:
        near = rest.limit_denominator(10 ** min(len(named), 5) - 1)
        above, over = near.numerator, near.denominator
    if mixed and above == over:
        whole, above = whole + 1, 0
    sign = "-" if value < 0 else ""
    if mixed and not above:
        return f"{sign}{whole}"
    return f"{sign}{f'{whole} ' if whole else ''}{above}/{over}"


def _dated(section: Section, value: Decimal, epoch_1904: bool) -> str:
    if not 0 <= value < _LAST_DAY:
        return general(value)
    tokens = section.tokens
    places = max((len(t.text.partition(".")[2]) for t in tokens if t.kind == "date" and t.text[0] in "sS"), default=0)
    seconds = _rounded(value * 86400, places)
    moment, special = _moment(seconds, epoch_1904)
    halved = section.has("half")
    shown = []
    for token in tokens:
        if token.kind == "elapsed":
            unit = {"h": 3600, "m": 60, "s": 1}[token.text[0]]
            shown.append(f"{int(seconds // unit):0{len(token.text)}d}")
        elif token.kind == "half":
            before, after = next(v for k, v in display()["halves"].items() if k == token.text.upper())
            shown.append(before if moment.hour < 12 else after)
        elif token.kind == "date":
            shown.append(_part(token.text, moment, special, halved, seconds, section.numerals))
        elif token.kind not in ("digit", "text"):
            shown.append(token.text)
    return "".join(shown)


def _moment(seconds: Decimal, epoch_1904: bool) -> tuple[datetime, str]:
    """The moment of a serial number, and the day that 1900 did not have but spreadsheets count (60: 29 February)."""
    days, rest = divmod(int(seconds), 86400)
    first = datetime(1904, 1, 1) if epoch_1904 else datetime(1899, 12, 30 if days > 60 else 31)
    special = "29" if days == 60 and not epoch_1904 else ""
    return first + timedelta(days=days - bool(special), seconds=rest), special


def _part(code: str, moment: datetime, special: str, halved: bool, seconds: Decimal, numerals: str) -> str:
    """What one piece of a date format shows."""
    code = code.lower()
    kind, width = code[0], len(code)
    if kind == "s":
        whole, _, places = code.partition(".")
        fraction = f"{seconds % 1:.{len(places)}f}"[1:] if places else ""
        return f"{moment.second:0{min(len(whole), 2)}d}{fraction}"
    if kind in "md" and width > 2:
        words: list[str] = display()["months" if kind == "m" else "weekdays"]
        word = words[moment.month - 1 if kind == "m" else moment.weekday()]
        return {3: word[:3], 5: word[0]}.get(width, word)
    if kind == "a":
        day: str = display()["days"][moment.weekday()]
        return display()["week"] + day if width > 3 else day
    if kind in "gb":
        return ""
    value = {
        "y": moment.year,
        "e": moment.year,
        "m": moment.month,
        "d": int(special or moment.day),
        "h": (moment.hour % 12 or 12) if halved else moment.hour,
        "n": moment.minute,
    }[kind]
    if kind == "y" and width <= 2:
        value %= 100
    if numerals:
        return digits(str(value), numerals) if kind in "ye" else chinese(value, numerals)
    return f"{value:0{4 if kind == 'y' and width > 2 else min(width, 2)}d}"
