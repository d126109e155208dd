from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from checker.check.expression import (
    MAX_LENGTH,
    ExpressionError,
    canonical,
    conjuncts,
    names,
    parse,
    render,
    render_broken,
)
from checker.check.fields import FUNCTIONS, KINDS, MEASURES
from checker.yamlfile import load

CASES: dict[str, list[Any]] = load(Path(__file__).parent / "expressions.yaml")
VARIABLES = {"a": False, "b": False, "paid": False, "parts": True}
DIMENSIONS = {"paid": {"money"}}
THRESHOLDS = {"most": 2.5}


@pytest.mark.parametrize("source", CASES["accepts"])
def test_accepts(source: str) -> None:
    node = parse(source, VARIABLES, thresholds=THRESHOLDS, dimensions=DIMENSIONS)
    shown = render(node, lambda n: _plain(n))
    # Written out and read again it is the same expression.
    again = parse(shown, VARIABLES, thresholds=THRESHOLDS, dimensions=DIMENSIONS)
    assert canonical(again, {}) == canonical(node, {})


def _plain(node: Any) -> str:
    if node.op == "number" and not node.name:
        return f"{node.value:.10g}"
    if node.op in ("text", "date"):
        return f'"{node.items[0]}"'
    if node.op == "amount":
        return str(node.name)
    return f"{node.name}.{node.field}" if node.field else node.name


@pytest.mark.parametrize("case", CASES["refuses"], ids=lambda case: case["expression"])
def test_refuses(case: dict[str, str]) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(case["expression"], VARIABLES, thresholds=THRESHOLDS, dimensions=DIMENSIONS)
    assert case["says"] in caught.value.reason
    if "at" in case:
        assert caught.value.word == case["at"]
        assert case["expression"][caught.value.offset :].startswith(case["at"])


def test_every_function_field_and_measure_is_read() -> None:
    for field, kind in KINDS.items():
        assert parse(f"known(a.{field})", VARIABLES)
        literal = {"text": '"x"', "date": '"2020-01-31"', "number": "1"}[kind]
        assert parse(f"a.{field} == {literal}", VARIABLES)
    assert set(FUNCTIONS) == {
        *("abs", "percent", "compound", "doublings", "known", "sum", "count", "quotes", "min", "max", "round")
    }
    assert all(parse(f"{measure} > 0", VARIABLES) for measure in MEASURES)


@pytest.mark.parametrize(
    "source",
    [
        "(" * 900 + "a == b" + ")" * 900,
        "not " * 400 + "(a == b",
        " + ".join(["a"] * 400) + " == b",
        "-" * 1900 + "a == b)",
        "a == b" + " " * 1_000_000,
        "a == b and " * 100_000 + "a == b",
        "abs(" * 300 + "a" + ")" * 300 + " == b",
        "[" * 1900,
    ],
)
def test_monsters_are_refused_at_once(source: str) -> None:
    start = time.perf_counter()
    with pytest.raises(ExpressionError):
        parse(source, VARIABLES)
    assert time.perf_counter() - start < 1


def test_a_difference_shows_what_a_function_does() -> None:
    node = parse("a == b * compound(percent(a), a.year - b.year)", VARIABLES)
    assert render_broken(node, _plain) == "a ≠ b * (1 + a) ^ (a.year - b.year)"


def test_length_is_capped() -> None:
    assert parse("a == b" + " " * (MAX_LENGTH - 6), VARIABLES)
    with pytest.raises(ExpressionError, match="longer than"):
        parse("a == b" + " " * (MAX_LENGTH - 5), VARIABLES)


def test_a_threshold_is_a_number_with_a_name() -> None:
    node = parse("a < most", VARIABLES, thresholds=THRESHOLDS).args[1]
    assert (node.op, node.kind, node.name, node.value) == ("number", "number", "most", 2.5)
    assert names(parse("a < most", VARIABLES, thresholds=THRESHOLDS)) == {"a"}


def test_parts() -> None:
    node = parse("a.unit == b.unit and (a == b and equal_neighbours > 1)", VARIABLES)
    assert [part.op for part in conjuncts(node)] == ["==", "==", ">"]
    assert names(node) == {"a", "b"}
    assert names(parse("sum(parts) == a", VARIABLES)) == {"a", "parts"}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a == b", "b == a", True),
        ("a < b", "b > a", True),
        ("a >= b", "b <= a", True),
        ("a < b", "b < a", False),
        ("a + b == 2", "2 == b + a", True),
        ("a - b == 2", "b - a == 2", False),
        ("a == b and a.unit == b.unit", "b.unit == a.unit and b == a", True),
        ("a == b or a < b", "a < b or a == b or a == b", True),
    ],
)
def test_canonical_form(one: str, other: str, same: bool) -> None:
    assert (canonical(parse(one, VARIABLES), {}) == canonical(parse(other, VARIABLES), {})) is same
