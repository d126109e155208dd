"""All words of a long list in a text, in one pass: each time the longest that begins first."""

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
    try:
        return automaton.find_matches_as_indexes(text)
    except UnicodeEncodeError:
        return automaton.find_matches_as_indexes(_SURROGATES.sub("\ufffd", text))
