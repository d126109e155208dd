"""Figures of lists and of markets: whose each is, and what nobody can name."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from checker.extract import extract
from checker.read import parse
from checker.vocabulary import words
from checker.yamlfile import load

CASES = load(Path(__file__).parent / "lists.yaml")
KNOWN: dict[str, Any] = {"title": "2022年上半年金融运行报告", "date": date(2022, 8, 10), "place": "清河市"}
PATTERNS = {**words("lists")["patterns"], **words("lists")["markets"]}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:30])
def test_a_figure_is_of_its_item(case: dict[str, Any]) -> None:
    claims, _ = extract(parse(case["text"], "a.txt", KNOWN))
    got = [[c.number, c.metric, c.owner, f"{c.period_start}/{c.period_end}"] for c in claims]
    wanted = case["figures"]
    assert [figure[0] for figure in got] == [figure[0].lstrip("-") for figure in wanted]
    for have, want in zip(got, wanted, strict=True):
        assert [h if w else "" for h, w in zip(have[1:], want[1:], strict=False)] == want[1:]


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, p in PATTERNS.items() for text in p["reads"]])
def test_a_pattern_of_lists_reads_its_examples(name: str, text: str) -> None:
    assert re.search(PATTERNS[name]["pattern"], text)


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, p in PATTERNS.items() for text in p["not"]])
def test_a_pattern_of_lists_does_not_read_what_it_must_not(name: str, text: str) -> None:
    pattern = PATTERNS[name]["pattern"]
    found = re.fullmatch(pattern, text) if name in ("needs", "term") else re.search(pattern, text, re.S)
    assert not found
