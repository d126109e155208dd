"""Which rules run, and at which level."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from checker.check import Rule
from checker.check.choice import at_level, choose, matching, named
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
