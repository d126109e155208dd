"""The patterns of rules/vocabulary/clauses.yaml: each reads its examples, and not what it must not."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from checker.extract import bindings
from checker.extract.grammar import compile_patterns
from checker.extract.language import Language, zh
from checker.extract.lexer import compile_lexer
from checker.read import parse
from checker.vocabulary import words

WORDS = words("clauses")
PATTERNS = WORDS["patterns"]
# In front of an example there is a name to be said of it, and a figure where the pattern asks for one.
FRAMES = ("{}。", "全县生产总值{}。", "全县生产总值520亿元，{}。", "完成预算5亿元{}。", "全县生产总值居全省第8位，{}。")


# Patterns that fit whatever nothing else does, and ranks, which others speak of.
LAST = [entry for entry in PATTERNS if entry["name"] in ("rank", "proportion", "level")]


@cache
def only(number: int) -> Language:
    """The language with one pattern beside those that always fit."""
    clauses = replace(zh().clauses, patterns=compile_patterns([PATTERNS[number], *LAST], zh().naming.lexer))
    return replace(zh(), clauses=clauses)


def fits(number: int, text: str) -> bool:
    """Whether a pattern fits some figure of a text."""
    found = bindings(parse(text, "a.txt", {}), only(number))
    return any(PATTERNS[number]["name"] in (bound.reading, *bound.passed) for _, bound in found if bound)


def examples(which: str) -> list[Any]:
    return [
        pytest.param(number, text, id=f"{number:02d}-{entry['name']}-{text}")
        for number, entry in enumerate(PATTERNS)
        for text in entry[which]
    ]


@pytest.mark.parametrize(("number", "example"), examples("reads"))
def test_a_pattern_reads_its_examples(number: int, example: str) -> None:
    assert any(fits(number, frame.format(example)) for frame in FRAMES)


@pytest.mark.parametrize(("number", "example"), examples("not"))
def test_a_pattern_does_not_read_what_it_must_not(number: int, example: str) -> None:
    assert not fits(number, f"{example}。")


def test_the_longest_word_that_begins_first_is_taken_with_all_its_kinds() -> None:
    lexer = compile_lexer({"a": ["增长", "增"], "b": ["增长", "加/中央", "中央补助"]}, ["period"])
    assert [
        (word.text, lexer.of_kind("a", word), lexer.of_kind("b", word)) for word in lexer.words("增长增加中央补助")
    ] == [
        ("增长", True, True),
        ("增", True, False),
        ("加", False, True),
        ("中央补助", False, True),
    ]


def test_a_pattern_without_a_figure_or_with_an_unknown_kind_is_refused() -> None:
    lexer = compile_lexer({"a": ["增长"]})
    for pattern, says in (("a", "no figure"), ("b <percent>", "of the kind 'b'"), ("a ~ <percent>", "is no pattern")):
        with pytest.raises(ValueError, match=says):
            compile_patterns([{"name": "x", "pattern": pattern, "weight": 1}], lexer)


def test_half_of_a_surrogate_pair_is_part_of_no_word() -> None:
    claims = [claim for claim, _ in bindings(parse("全县生产总值\udcff520亿元，增长\ud8006.1%。", "a.txt", {}))]
    assert [claim.number for claim in claims] == ["520", "6.1"]


NAMING_PATTERNS = [
    *WORDS["parts_open"],
    *WORDS["of_subject"],
    *(WORDS[k] for k in ("coverage", "grades", "circumstance")),
]


@pytest.mark.parametrize("entry", NAMING_PATTERNS, ids=lambda entry: str(entry["reads"][0]))
def test_a_pattern_of_parts_and_subjects_reads_its_examples(entry: dict[str, Any]) -> None:
    pattern = re.compile(entry["pattern"])
    assert [text for text in entry["reads"] if not pattern.search(text)] == []
    assert [text for text in entry["not"] if pattern.search(text)] == []
