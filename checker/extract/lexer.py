"""The words of a text, found in one pass: each with its kinds, by the longest word that begins first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from checker.automaton import automaton_of, matches

# Kinds are packed into one letter a word, so that a row of words is a string that patterns can be matched against.
_FIRST_LETTER = 0xE000
TEXT = "text"
# Where a word ends in front of what must follow.
_ENDS = "/"


class Word(NamedTuple):
    """A word of a text, or a stretch between words: its kinds as a letter, and what it reads."""

    letter: str
    text: str


# Where a word begins and ends, in characters, and the word. Plain tuples, since a text has so many.
Span = tuple[int, int, Word]


@dataclass(frozen=True, eq=False)
class Lexer:
    """Finds words. By the number of a word: the word, and its length where more must follow than belongs to it.

    `kinds` are the letters that a kind may have.
    """

    automaton: AhoCorasick
    vocabulary: tuple[Word, ...]
    lengths: tuple[int, ...]
    kinds: Mapping[str, frozenset[str]]
    letter_of: Mapping[frozenset[str], str]
    longest: int

    def spans(self, text: str, offset: int = 0) -> list[Span]:
        """Every word of a text that begins at an offset, in order; what stands between is text."""
        found: list[Span] = []
        vocabulary, lengths = self.vocabulary, self.lengths
        at = 0
        for number, start, end in matches(self.automaton, text):
            if start < at:
                continue
            length = lengths[number]
            at = start + length if length else end
            found.append((offset + start, offset + at, vocabulary[number]))
            if at < end:
                # What must follow is cut anew, with what is behind it.
                behind = self.spans(text[at : at + self.longest], offset + at)
                found += [span for span in behind if span[0] < offset + end]
                at = max(end, found[-1][1] - offset)
        return found

    @lru_cache(maxsize=50_000)  # names come again and again  # noqa: B019
    def words(self, text: str) -> tuple[Word, ...]:
        """A short text cut into its words and what stands between them."""
        words, at, between = [], 0, self.letter(TEXT)
        for start, end, word in self.spans(text):
            if start > at:
                words.append(Word(between, text[at:start]))
            words.append(word)
            at = end
        if at < len(text):
            words.append(Word(between, text[at:]))
        return tuple(words)

    def letter(self, *kinds: str) -> str:
        """The letter of a word that is of these kinds and no other."""
        return self.letter_of[frozenset(kinds)]

    def kinds_of(self, word: Word) -> list[str]:
        """The kinds of a word, in order; of what stands between words the one kind text."""
        return sorted(kind for kind, letters in self.kinds.items() if word.letter in letters)

    def of_kind(self, kind: str, word: Word) -> bool:
        """Whether a word is of a kind."""
        return word.letter in self.kinds[kind]


def compile_lexer(kinds: Mapping[str, Iterable[str]], found: Iterable[str] = ()) -> Lexer:
    """A lexer of words by kind; a word may be of several. `found` are kinds of which others find the places.

    A word written as 加/中央 is 加, where 中央 follows.
    """
    of_word: dict[str, set[str]] = {}
    for kind, words in kinds.items():
        for word in words:
            of_word.setdefault(word, set()).add(kind)
    sets = {frozenset(kinds) for kinds in of_word.values()} | {frozenset([kind]) for kind in (*found, TEXT)}
    letter_of = {kinds: chr(_FIRST_LETTER + number) for number, kinds in enumerate(sorted(sets, key=sorted))}
    by_kind: dict[str, set[str]] = {}
    for among, letter in letter_of.items():
        for kind in among:
            by_kind.setdefault(kind, set()).add(letter)
    spelled = sorted(of_word)
    return Lexer(
        automaton_of([word.replace(_ENDS, "") for word in spelled]),
        tuple(Word(letter_of[frozenset(of_word[word])], word.partition(_ENDS)[0]) for word in spelled),
        tuple(max(0, word.find(_ENDS)) for word in spelled),
        {kind: frozenset(letters) for kind, letters in by_kind.items()},
        letter_of,
        max(map(len, spelled)),
    )
