"""Which of the rules at hand run, at which level, and with which thresholds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from checker.check.expression import Node
from checker.check.rules import Rule
from checker.errors import BadSetting, did_you_mean
from checker.model import LEVELS


def named(rules: Iterable[Rule], id: str, setting: str = "", path: str | None = None) -> Rule:
    """The rule with this id. Raises BadSetting, which says what setting of which file asks for it."""
    known = {rule.id: rule for rule in rules}
    if id not in known:
        raise _unknown(f"no rule is called {id[:80]!r}", id, known, setting, path)
    return known[id]


def matching(rules: Iterable[Rule], names: Iterable[str], setting: str = "", path: str | None = None) -> set[str]:
    """The ids of the rules that names stand for: an id for itself alone, anything else for all ids it begins.

    Raises BadSetting on a name that stands for none.
    """
    known = [rule.id for rule in rules]
    found: set[str] = set()
    for name in names:
        meant = [name] if name in known else [id for id in known if name and id.startswith(name)]
        if not meant:
            raise _unknown(f"no rule is called {name[:80]!r} or begins with it", name, known, setting, path)
        found.update(meant)
    return found


def at_level(rule: Rule, level: str) -> Rule:
    """The rule at another level; what explains a difference may make it milder still, never worse."""
    causes = tuple(
        replace(cause, level=max(cause.level, level, key=LEVELS.index)) if cause.level else cause
        for cause in rule.explained_by
    )
    return replace(rule, level=level, explained_by=causes)


def with_thresholds(rule: Rule, values: Mapping[str, float], path: str | None = None) -> Rule:
    """The rule with these numbers for its thresholds. Raises BadSetting on a threshold it does not have."""
    known = [threshold.name for threshold in rule.thresholds]
    for name in values:
        if name not in known:
            raise _unknown(f"no threshold is called {name[:80]!r}", name, known, f"thresholds.{rule.id}", path)

    def changed(node: Node) -> Node:
        value = values.get(node.name, node.value) if node.op == "number" else node.value
        return replace(node, value=value, args=tuple(map(changed, node.args)))

    return replace(
        rule,
        thresholds=tuple(replace(one, value=values.get(one.name, one.value)) for one in rule.thresholds),
        where=tuple(map(changed, rule.where)),
        holds=changed(rule.holds),
        unless=rule.unless and changed(rule.unless),
        values=tuple(replace(value, node=changed(value.node)) for value in rule.values),
        explained_by=tuple(replace(cause, when=cause.when and changed(cause.when)) for cause in rule.explained_by),
        hypotheses=tuple(replace(one, were=changed(one.were)) for one in rule.hypotheses),
    )


def choose(rules: Sequence[Rule], ids: set[str]) -> list[Rule]:
    """The rules with these ids, in their order.

    Raises BadSetting where none is left: an audit without rules would find every collection in order.
    """
    left = [rule for rule in rules if rule.id in ids]
    if not left:
        raise BadSetting("no rule is left to run")
    return left


def _unknown(reason: str, name: str, known: Iterable[str], setting: str, path: str | None) -> BadSetting:
    return BadSetting((f"{setting}: " if setting else "") + reason + did_you_mean(name, known), path)
