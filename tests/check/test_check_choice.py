"""Which rules run, at which level, and with which thresholds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from checker.check import Rule
from checker.check.choice import at_level, choose, matching, named, with_thresholds
from checker.check.expression import walk
from checker.errors import BadSetting
from checker.model import LEVELS

WORDS = {"zh": "一", "en": "one"}


@pytest.fixture
def rules(make_rule: Callable[..., Rule]) -> list[Rule]:
    rule = make_rule()
    return [replace(rule, id=id) for id in ("growth", "growth-average", "share")]


@pytest.mark.parametrize(
    ("names", "ids"),
    [
        ([], set()),
        (["growth"], {"growth"}),
        (["growth-"], {"growth-average"}),
        (["gro"], {"growth", "growth-average"}),
        (["s", "share"], {"share"}),
    ],
)
def test_matching(rules: list[Rule], names: list[str], ids: set[str]) -> None:
    assert matching(rules, names) == ids


@pytest.mark.parametrize("name", ["", "Growth", "growth*", "hare", "\n", "x" * 10_000])
def test_a_name_of_no_rule(rules: list[Rule], name: str) -> None:
    with pytest.raises(BadSetting, match=": select: no rule is called ") as caught:
        matching(rules, ["growth", name], "select", "checker.toml")
    assert caught.value.path == "checker.toml"
    assert len(caught.value.reason) < 200 and "\n" not in caught.value.reason


def test_named(rules: list[Rule]) -> None:
    assert named(rules, "share") is rules[2]
    with pytest.raises(BadSetting, match="'gro'"):
        named(rules, "gro")


def test_choose_keeps_the_order_and_wants_one_at_least(rules: list[Rule]) -> None:
    assert [rule.id for rule in choose(rules, {"share", "growth"})] == ["growth", "share"]
    with pytest.raises(BadSetting, match="no rule is left"):
        choose(rules, set())


@pytest.mark.parametrize("level", LEVELS)
def test_at_level_makes_a_new_rule_whose_causes_are_no_worse(make_rule: Callable[..., Rule], level: str) -> None:
    causes = [{"id": f"c-{cause}", "title": WORDS, "text": ["x"], "level": cause} for cause in LEVELS]
    rule = make_rule(level="error", explained_by=[*causes, {"id": "open", "title": WORDS, "text": ["x"]}])
    changed = at_level(rule, level)
    assert (rule.level, changed.level, changed.holds) == ("error", level, rule.holds)
    *stated, left_open = (cause.level for cause in changed.explained_by)
    assert left_open is None
    assert stated == [max(cause, level, key=LEVELS.index) for cause in LEVELS]


@pytest.fixture
def bounded(make_rule: Callable[..., Rule]) -> Rule:
    """A rule in which each part compares with a threshold."""
    return make_rule(
        thresholds={"most": {"value": 2, "title": WORDS}, "least": {"value": -1, "title": WORDS}},
        where=["a.year > most", "b.year > 2"],
        holds="a <= most * b",
        unless="a - b < least",
        values={"bound": {"is": "most * b", "as": "a"}},
        explained_by=[
            {"id": "small", "title": WORDS, "when": "abs(a - b) < most"},
            {"id": "told", "title": WORDS, "text": ["x"]},
        ],
    )


def test_with_thresholds_makes_a_new_rule_with_other_numbers(bounded: Rule) -> None:
    changed = with_thresholds(bounded, {"most": 9.5})
    assert [(one.name, one.value) for one in changed.thresholds] == [("most", 9.5), ("least", -1)]
    assert _numbers(bounded) == [("most", 2), ("", 2), ("most", 2), ("least", -1), ("most", 2), ("most", 2)]
    assert _numbers(changed) == [("most", 9.5), ("", 2), ("most", 9.5), ("least", -1), ("most", 9.5), ("most", 9.5)]
    assert with_thresholds(changed, {"most": 2}) == bounded == with_thresholds(bounded, {})


def _numbers(rule: Rule) -> list[tuple[str, float]]:
    trees = [*rule.where, rule.holds, rule.unless, rule.values[0].node, rule.explained_by[0].when]
    return [(part.name, part.value) for tree in trees if tree for part in walk(tree) if part.op == "number"]


@pytest.mark.parametrize(
    ("name", "says"),
    [("mots", "'mots' (did you mean 'most'?)"), ("Most", "'Most'"), ("a", "'a'"), ("x" * 10_000, "'xx")],
)
def test_a_name_of_no_threshold(bounded: Rule, name: str, says: str) -> None:
    with pytest.raises(BadSetting) as caught:
        with_thresholds(bounded, {"least": 1, name: 1}, "checker.toml")
    assert caught.value.path == "checker.toml"
    assert caught.value.reason.startswith(f"thresholds.made-up: no threshold is called {says}")
    assert len(caught.value.reason) < 200
