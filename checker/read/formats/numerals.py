"""Whole numbers in words and letters, as lists and headings number: 二十一, 贰拾壹, xxi, ua."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

# Beyond this a list is none.
MOST = 10**12
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


@cache
def display() -> Any:
    """The formats and words of display.yaml."""
    from checker.yamlfile import load

    return load(Path(__file__).with_name("display.yaml"))


def chinese(number: int, kind: str = "plain") -> str:
    """A number as it is said: 二百零五, 一万零三; the 一 in front of a leading 十 is left out in plain ones."""
    script = display()["numerals"][kind]
    if not 0 < number < MOST:
        return script["digits"][0] if number == 0 else str(number)
    zero = display()["numerals"]["formal"]["digits"][0]
    text, gap, groups = "", False, []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    for myriad in range(len(groups) - 1, -1, -1):
        group = groups[myriad]
        for power in (3, 2, 1, 0):
            digit = group // 10**power % 10
            if digit:
                text += zero if gap and text else ""
                text += script["digits"][digit] + (script["units"][power - 1] if power else "")
            gap = not digit
        text += script["myriads"][myriad - 1] if myriad and group else ""
    one_ten = script["digits"][1] + script["units"][0]
    return text[1:] if kind == "plain" and text.startswith(one_ten) else text


def digits(number: str, kind: str = "plain") -> str:
    """A number digit by digit: 二〇二五."""
    script = display()["numerals"][kind]["digits"]
    return "".join(script[int(digit)] if digit in "0123456789" else digit for digit in number)


def roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text


def letter(number: int) -> str:
    """a to z, then aa, bb, as lists of Word count."""
    if not 0 < number <= 26 * 30:
        return str(number)
    return "abcdefghijklmnopqrstuvwxyz"[(number - 1) % 26] * ((number - 1) // 26 + 1)
