"""A rule as `checker rules explain` shows it; its words are tested where the command is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from rich.cells import cell_len

from checker.check import Rule, load_rules
from checker.check.rules import RuleTest
from checker.model import Audit
from checker.report.rule import explain
from checker.vocabulary import rules_dir


@pytest.fixture(scope="module")
def rule() -> Rule:
    return next(rule for rule in load_rules([rules_dir()]) if rule.id == "same-fact")


def nothing() -> Audit:
    fields: dict[str, Any] = dict.fromkeys(Audit.__dataclass_fields__, ())
    return Audit(**fields)


def test_colour_only_where_it_is_asked_for(rule: Rule) -> None:
    assert "\x1b" not in explain(rule, None, None, "zh")
    assert "\x1b" in explain(rule, None, None, "zh", color=True)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [1, 60, 80, 500])
def test_lines_keep_their_width(rule: Rule, width: int, lang: str) -> None:
    long = RuleTest("n" * 300, {"d" * 200: {"text": "汉" * 300 + "\n\n" + "x" * 300, "place": "地" * 100}}, ())
    shown = explain(rule, (long, nothing()), (long, nothing()), lang, width)
    assert max(map(cell_len, shown.splitlines())) <= max(60, min(width, 100))


def test_what_is_no_print_is_shown_as_a_mark(rule: Rule) -> None:
    odd = "\x1b[31m\u202e<b>[bold]"
    test = RuleTest(odd, {odd: {"text": odd, "title": odd}}, ())
    cause = replace(rule.explained_by[1], title={"zh": odd, "en": odd}, text=(odd,))
    threshold = replace(rule.thresholds[0], title={"zh": odd, "en": odd})
    rule = replace(rule, thresholds=(threshold,))
    strange = replace(rule, title={"zh": odd, "en": odd}, why={"zh": odd, "en": odd}, since=odd, explained_by=(cause,))
    shown = explain(strange, (test, nothing()), None, "en")
    assert "\x1b" not in shown and "\u202e" not in shown
    assert "<b>[bold]" in shown


def test_a_rule_that_looks_for_no_explanation(rule: Rule) -> None:
    alone = replace(rule, explained_by=())
    assert "looks for no explanation" in explain(alone, None, None, "en")
    assert "explained in itself" in explain(replace(alone, verdict="explained"), None, None, "en")


@pytest.mark.parametrize(
    ("value", "shown"), [(300.0, "300"), (-0.5, "-0.5"), (1e18, "1" + "0" * 18), (1e-7, "0.0000001")]
)
def test_thresholds_are_shown_with_all_digits(rule: Rule, value: float, shown: str) -> None:
    bounded = replace(rule, thresholds=(replace(rule.thresholds[0], value=value),))
    assert f"revision_days = {shown} What" in " ".join(explain(bounded, None, None, "en").split())
    assert "Thresholds" not in explain(replace(rule, thresholds=()), None, None, "en")
