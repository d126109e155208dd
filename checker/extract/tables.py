"""Rows of a table (cells parted by |): each number is a figure of its row's label and its column's head."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from checker.extract.tokens import Token, dimension_of
from checker.vocabulary import any_of, words

_NUMERIC = re.compile(r"[-−－+]?\d[\d,]*(?:[.．]\d+)?\s?(?:[%％])?$")
_UNIT_NOTE = re.compile(r"单位[：:]\s?([^\s）)|，。\n]{1,8})")
_NUMBERING = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.．、]|其中[：:]?|[#＃*])+"
)
_UNIT_HEAD = re.compile("(?:计量)?单位")
_RULE = re.compile("[-:—\\s]*")
_GROWTH = re.compile("增长|增速|增幅|增减|比上年|同比|±")
_PLANNED = re.compile("预算|计划|目标")
_SHARE = re.compile("占比|比重|占.*%|构成")


@dataclass(frozen=True, slots=True)
class Cell:
    """A number in a table: its token, the label of its row and the head of its column."""

    token: Token
    label: str
    head: str
    attribute: str
    modality: str
    row: tuple[int, int]


def is_row(text: str, start: int, end: int) -> bool:
    """Whether a line is a row of a table."""
    return text.count("|", start, end) >= 2


def cells(text: str, rows: list[tuple[int, int]], note: str, numbers: list[Token]) -> list[Cell]:
    """The figures of consecutive table rows (offsets into text).

    `note` is the text just above, for the 单位 note; `numbers` are those in the rows as prose would read them.
    """
    printed = {(number.start, number.end): number for number in numbers if not number.reason}
    unit_note = _UNIT_NOTE.findall(note)
    default = unit_note[-1] if unit_note else ""
    heads: list[str] = []
    found = []
    for start, end in rows:
        parts = _split(text, start, end)
        row = [text[a:b] for a, b in parts]
        if all(_RULE.fullmatch(cell) for cell in row):
            continue
        if not any(_NUMERIC.match(cell) or part in printed for cell, part in zip(row, parts, strict=True)):
            heads = row
            continue
        row_unit = next((cell for cell, head in zip(row, heads, strict=False) if _UNIT_HEAD.fullmatch(head)), "")
        label = ""
        for i, (cell, (a, b)) in enumerate(zip(row, parts, strict=True)):
            head = heads[i] if i < len(heads) else ""
            token = printed.get((a, b))
            if _NUMERIC.match(cell):
                token = _token(text, a, b, _unit_of(cell, head, label, row_unit or default))
            elif not token:
                label = _NUMBERING.sub("", cell) if cell and cell != row_unit else label
                continue
            if label and token:
                name = re.sub("[（(].*", "", label)
                found.append(Cell(token, name, head, _attribute(head, label, token), _modality(head), (start, end)))
    return found


def _split(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The cells of a row, without the spaces around them."""
    out = []
    at = start
    for part in text[start:end].split("|"):
        lead = len(part) - len(part.lstrip())
        out.append((at + lead, at + max(lead, len(part.rstrip()))))
        at += len(part) + 1
    return out


@lru_cache(maxsize=1)
def _units() -> re.Pattern[str]:
    data = words("units")
    spelled = [*data["units"], *data["counters"], *(a for e in data["units"].values() for a in e.get("aliases", []))]
    return re.compile(rf"(?P<factor>[十百千万亿]{{0,2}})(?P<unit>{any_of(spelled)})[）)]?$")


def _unit_of(cell: str, head: str, label: str, default: str) -> str:
    if cell[-1] in "%％" or "%" in head or "％" in head:
        return "%"
    for place in (head, label):
        m = re.search(r"[（(]([^（()）]{1,8})[)）]", place)
        if m and _units().match(m[1]):
            return m[1]
    return default


def _token(text: str, start: int, end: int, unit: str) -> Token | None:
    m = _units().match(unit)
    if not m:
        return None
    printed = text[start:end].rstrip("%％ ")
    digits = printed.lstrip("-−－+")
    first = start + len(printed) - len(digits)
    value = Decimal(digits.replace(",", "").replace("．", "."))
    factor = Decimal(1)
    for character in m["factor"]:
        factor *= Decimal(words("units")["magnitudes"][character])
    spelled = m["unit"]
    base = next(
        (u for u, e in words("units")["units"].items() if spelled == u or spelled in e.get("aliases", [])), spelled
    )
    sign = -1 if printed[0] in "-−－" else 1
    step = Decimal(1).scaleb(int(value.as_tuple().exponent)) * factor
    return Token(
        start,
        end,
        first,
        first + len(digits),
        sign * value * factor,
        step,
        step,
        base,
        dimension_of(base),
        before=start,
        scaled=factor,
    )


def _attribute(head: str, label: str, token: Token) -> str:
    if token.dimension == "percent" or "%" in head:
        if _GROWTH.search(head) or _GROWTH.search(label):
            return "growth"
        return "share" if _SHARE.search(head + label) else "rate"
    return "level"


def _modality(head: str) -> str:
    """A column of 预算数 plans, one of 预计数 estimates."""
    return "target" if _PLANNED.search(head) else "estimate" if "预计" in head else "actual"
