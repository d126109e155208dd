"""All words of a long list in a text, in one pass: each time the longest that begins first, or every one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ahocorasick_rs import AhoCorasick, MatchKind

_SURROGATES = re.compile("[\ud800-\udfff]")


def automaton_of(words: Sequence[str]) -> AhoCorasick:
    """An automaton of these words, by their number."""
    return AhoCorasick(words, matchkind=MatchKind.LeftmostLongest)


def matches(automaton: AhoCorasick, text: str) -> list[tuple[int, int, int]]:
    """The words of a text: the number of each, where it begins and where it ends.

    Half of a surrogate pair, which has no UTF-8, is part of no word.
    """
    return _found(automaton, text, overlapping=False)


def overlapping(words: Sequence[str]) -> AhoCorasick:
    """An automaton that finds words within other words as well."""
    return AhoCorasick(words, matchkind=MatchKind.Standard)


def every_match(automaton: AhoCorasick, text: str) -> list[tuple[int, int, int]]:
    """The same, with those that lie within others or overlap them."""
    return _found(automaton, text, overlapping=True)


def _found(automaton: AhoCorasick, text: str, overlapping: bool) -> list[tuple[int, int, int]]:
    try:
        return automaton.find_matches_as_indexes(text, overlapping=overlapping)
    except UnicodeEncodeError:
        return automaton.find_matches_as_indexes(_SURROGATES.sub("\ufffd", text), overlapping=overlapping)
