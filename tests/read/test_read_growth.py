"""A text that is no report takes time in proportion to its length, whatever it repeats.

A clock that others share is coarse, so the bar stands between proportion (exponent 1) and its square (2).
"""

from __future__ import annotations

import gc
import math
import time

import pytest

from checker.extract import extract
from checker.read import parse

# Characters of the shorter and of the longer text, and how fast the time may grow between them.
SHORT, LONG = 8_000, 32_000
EXPONENT = 1.5
# What is faster than this in seconds is not measured: it is as good as nothing.
LEAST = 0.05

# What begins a text, is repeated in it, and ends it.
REPEATED = {
    "numbers, one a line": ("", "12345\n", ""),
    "numbers in lines": ("", "12 34.5 6\n", ""),
    "numbers in one line": ("", "1 2 3 4 ", ""),
    "a label or number a line": ("", "项目名称\n123.4\n", ""),
    "labels, numbers and blank lines": ("", "a\n\n1\n\n", ""),
    "labels with their numbers": ("", "项目名称 12 34.5 6\n", ""),
    "many labels, then numbers": ("项目\n", "名\n", "1\n2\n3\n4\n" * 100),
    "many heads, then numbers": ("", "项目 预算数 决算数\n", "1\n2\n3\n4\n" * 400),
    "many years, then numbers": ("项目\n", "2019年\n", "1\n2\n3\n4\n" * 100),
    "rows with bars": ("", "|a|1|2|\n", ""),
    "rows with bars, apart": ("", "\n|1|\n", ""),
    "rows of words, then of numbers": ("", "|名|名\n", "|a|b|c|1|2|\n"),
    "a head of many rows": ("", "|a|b|c|\n", "|---|---|---|\n|1|2|3|\n"),
    "heads and no figures": ("", "项目|2020年|2019年\n", ""),
    "rules": ("", "|---|---|---|\n", "|1|2|3|\n"),
    "one row of many cells": ("", "|12|名称", ""),
    "one row of many cells with tabs": ("", "名称\t1\t", "\n1\t2\n"),
    "many wide rows": ("", "|名称|1" * 20 + "\n", ""),
    "a long label": ("", "其中：", "|1|\n|2|\n"),
    "parts": ("项目|2020年|2019年\n", "其中：名|1|2\n", ""),
    "short lines": ("", "产业发展\n", ""),
    "digits": ("", "1234567890", ""),
    "a code": ("", "1-", ""),
    "brackets": ("", "“（", ""),
    "a list": ("", "粮食12万吨、", ""),
}


@pytest.mark.parametrize("name", REPEATED)
def test_time_grows_with_length(name: str) -> None:
    _seconds(name, 1)  # vocabulary and patterns are made when first used
    short = max(_seconds(name, SHORT), LEAST)
    assert math.log(_seconds(name, LONG) / short, LONG / SHORT) < EXPONENT


def _seconds(name: str, characters: int) -> float:
    opening, repeated, ending = REPEATED[name]
    text = opening + repeated * (characters // len(repeated)) + ending
    gc.collect()
    started = time.process_time()
    extract(parse(text, "made-up.txt"))
    return time.process_time() - started
