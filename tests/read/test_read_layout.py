"""Layout undone: the cases in layout.yaml, and what must hold for any text."""

from __future__ import annotations

import re
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.model import OffsetMap
from checker.read.assemble import lay_out
from checker.yamlfile import load

CASES = load(Path(__file__).parent / "layout.yaml")

# Words, numbers and all that layout is made of, in any order.
# fmt: off
PIECES = [" ", "  ", "　", "\t", "\n", "\n\n", "\r\n", "\r", "\f", "\ufeff", "\u2028", "# ", "> ", "● "]
PIECES += ["3,594, 026", "重 大 项 目", "a b"]
PIECES += [
    "全市", "生产总值", "完成", "773", "1.2", "７７３", "亿元", "万个", "%", "，", "。", "、", "：", "（", "）", "**",
    "***", "__", "~~", "|", "一、", "1.", "（1）", "GDP", "“三个”", "综合实力跃上新台阶", "—", "12", "😀",
    "𠮷",
]
# fmt: on
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
LEFT_OUT = re.compile(r"[\s\u200b*_~#>|]")
# What ends a line of the flat text, and parts the cells of a table.
MARKS = "\n|"


def flatten(text: str) -> tuple[str, OffsetMap]:
    laid = lay_out(text)
    return laid.flat, laid.offsets


def places(text: str, flat: str, offsets: OffsetMap) -> list[int]:
    return [offsets.source(i) for i in range(len(flat))]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_layout_is_undone(case: dict[str, Any]) -> None:
    flat, offsets = flatten(case["text"])
    assert flat.split("\n")[:-1] == case["flat"]
    for i, character in enumerate(flat):
        if character not in MARKS:
            assert case["text"][offsets.source(i)] == character


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_nothing_is_made_up_or_moved(text: str) -> None:
    flat, offsets = flatten(text)
    stood = places(text, flat, offsets)
    # Every character but a line end and the mark between two cells was printed just there, and in the same order.
    assert all(text[at] == character for at, character in zip(stood, flat, strict=True) if character not in MARKS)
    assert all(a <= b for a, b in pairwise(stood))
    copied = [at for at, character in zip(stood, flat, strict=True) if character not in MARKS]
    assert all(a < b for a, b in pairwise(copied))
    assert not flat or flat.endswith("\n")


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_nothing_is_lost_but_spaces_emphasis_page_marks_and_doubles(text: str) -> None:
    flat, offsets = flatten(text)
    kept = set(places(text, flat, offsets))
    ends = [0, *accumulate(len(line) for line in text.splitlines(keepends=True))]
    marks = {
        (start + line.index(mark), mark)
        for start, line in zip(ends, text.splitlines(keepends=True), strict=False)
        for mark in "—―–"
        if line.strip() == mark
    }
    # So is the number of a page that stands between two words, or in front of one.
    numbered = re.finditer(r"(?:(?<=[\u4e00-\u9fff。；，])[ \u3000]*|^)—\s?\d{1,3}\s?—", text, re.M)
    marks |= {(at, text[at]) for m in numbered for at in range(*m.span())}
    for at, character in enumerate(text):
        if at not in kept and not LEFT_OUT.match(character) and character not in "\ufeff":
            line = text[max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1 :]
            assert (at, character) in marks or re.search(r"([\u4e00-\u9fff“”、]{6,40})\1", line), (at, character)


@given(TEXTS)
@settings(deadline=None)
def test_undoing_twice_changes_nothing_within_lines(text: str) -> None:
    flat, _ = flatten(text)
    assert flatten(text) == flatten(text)
    assert "\r" not in flat
    assert not re.search(r"(?m)^[ \t\u3000]|[ \t\u3000]$", re.sub(r"\n.*\|.*\|.*(?=\n)", "", "\n" + flat))


@given(st.text())
@settings(deadline=None)
def test_any_text(text: str) -> None:
    flat, offsets = flatten(text)
    assert all(0 <= at <= len(text) for at in places(text, flat, offsets))
