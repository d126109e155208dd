"""Patterns over rows of words, read from rules/vocabulary/clauses.yaml and matched around a figure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from checker.extract.lexer import Lexer

_ITEM = re.compile(
    r"\s*(?:(?P<open>\()|(?P<close>\))(?P<often>[?*+]?)|(?P<bar>\|)|(?:(?P<name>\w+):)?(?P<kind>\w+)(?P<times>[?*+]?))"
)
_FIGURE = re.compile(r"<([\w ]+)>")
_ANY = "any"
# What is said of percentages is said of tenths.
_TENTH = ("tenth",)


class Item(NamedTuple):
    """One element of a pattern: a kind, or the alternatives of a group, how often, and the name it is kept under."""

    kind: str
    often: str
    name: str
    group: tuple[tuple[Item, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern compiled: `left` is matched against the words in front of the figure, the nearest first."""

    name: str
    weight: int
    figures: frozenset[str]
    left: re.Pattern[str]
    right: re.Pattern[str] | None
    names: tuple[str, ...]


class Reading(NamedTuple):
    """A pattern that fits: how many words in front of the figure it takes, and those that it names, nearest first.

    `passed` are the names of the others that fit as well and weigh less.
    """

    pattern: Pattern
    length: int
    named: Mapping[str, tuple[int, int]]
    passed: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Patterns:
    """Patterns by the kind of the figure, the weightiest first."""

    by_kind: Mapping[str, tuple[Pattern, ...]]


def compile_patterns(entries: Iterable[Mapping[str, Any]], lexer: Lexer) -> Patterns:
    """The patterns of the vocabulary.

    Raises ValueError where one has no figure or names a kind that the lexer does not know.
    """
    patterns = sorted([_compile(entry, lexer) for entry in entries], key=lambda pattern: -pattern.weight)
    kinds = {kind for pattern in patterns for kind in pattern.figures}
    return Patterns({kind: tuple(pattern for pattern in patterns if kind in pattern.figures) for kind in kinds})


@lru_cache(maxsize=20_000)
def readings(patterns: Patterns, figure: str, left: str, right: str) -> Sequence[Reading]:
    """The patterns that fit around a figure of this kind; `left` are the letters in front of it, the nearest first.

    Most figures stand among words that others stood among, kind by kind (同比增长…，).
    """
    found = []
    for pattern in patterns.by_kind[figure]:
        m = pattern.left.match(left)
        if m and (pattern.right is None or pattern.right.match(right)):
            found.append((pattern, m.end(), {name: m.span(name) for name in pattern.names}))
    names = tuple(pattern.name for pattern, _, _ in found)
    return [Reading(*each, names[number:]) for number, each in enumerate(found, 1)]


def _compile(entry: Mapping[str, Any], lexer: Lexer) -> Pattern:
    before, figure, behind = _parted(entry["pattern"])
    left = re.compile(_expression(_items(before), lexer, backwards=True))
    return Pattern(
        entry["name"],
        entry["weight"],
        frozenset([*figure, *(_TENTH if "percent" in figure else ())]),
        left,
        re.compile(_expression(_items(behind), lexer, backwards=False)) if behind.strip() else None,
        tuple(left.groupindex),
    )


def _parted(pattern: str) -> tuple[str, list[str], str]:
    found = _FIGURE.search(pattern)
    if not found:
        raise ValueError(f"no figure in the pattern {pattern!r}")
    return pattern[: found.start()], found[1].split(), pattern[found.end() :]


def _items(text: str) -> tuple[Item, ...]:
    """The elements of half a pattern."""
    stack: list[list[list[Item]]] = [[[]]]
    at = 0
    text = text.strip()
    while at < len(text):
        m = _ITEM.match(text, at)
        if not m:
            raise ValueError(f"{text[at:]!r} is no pattern")
        at = m.end()
        if m["open"]:
            stack.append([[]])
        elif m["bar"]:
            stack[-1].append([])
        elif m["close"]:
            group = tuple(tuple(branch) for branch in stack.pop())
            stack[-1][-1].append(Item("", m["often"], "", group))
        else:
            stack[-1][-1].append(Item(m["kind"], m["times"], m["name"] or ""))
    return tuple(stack[0][0])


def _expression(items: tuple[Item, ...], lexer: Lexer, *, backwards: bool) -> str:
    return "".join(_one(item, lexer, backwards=backwards) for item in (reversed(items) if backwards else items))


def _one(item: Item, lexer: Lexer, *, backwards: bool) -> str:
    if item.group:
        branches = "|".join(_expression(branch, lexer, backwards=backwards) for branch in item.group)
        return f"(?:{branches}){item.often}"
    if item.kind == _ANY:
        one = "."
    elif item.kind in lexer.kinds:
        one = f"[{''.join(sorted(lexer.kinds[item.kind]))}]"
    else:
        raise ValueError(f"no word is of the kind {item.kind!r}")
    # Of words in the middle of a pattern as few as can be, since more of them belong to the name in front.
    often = item.often + "?" if item.kind == _ANY and item.often in ("*", "+") else item.often
    return f"(?P<{item.name}>{one}{often})" if item.name else one + often
