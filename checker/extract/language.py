"""What a language is to extraction: its words and patterns, compiled once and handed to whoever reads with them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from checker.extract.clauses import Clauses, compile_clauses
from checker.extract.names import Naming, clean, compile_naming, said, without_brackets
from checker.extract.parts import Parts, compile_parts
from checker.extract.periods import mentions
from checker.extract.quantities import Quantities, compile_quantities
from checker.vocabulary import words

__all__ = ["Language", "name_of", "zh"]


@dataclass(frozen=True, eq=False)
class Language:
    """The words of one language, compiled: a field for each kind of thing that they tell.

    naming    where a name begins and ends
    clauses   what the words around a figure say of it
    quantities   numbers and the words that make figures of them
    parts     which words open lists and close sums
    """

    naming: Naming
    clauses: Clauses
    quantities: Quantities
    parts: Parts


@cache
def zh() -> Language:
    """Chinese as rules/vocabulary has it."""
    cues, clauses = words("cues"), words("clauses")
    before = [word for entry in words("qualifiers").values() for word in entry.get("before", [])]
    naming = compile_naming(clauses, cues, words("relational"), words("metrics"), before)
    quantities = compile_quantities(*map(words, ("units", "numerals", "qualifiers", "cues")))
    return Language(naming, compile_clauses(clauses, cues, naming), quantities, compile_parts(words("parts")))


def name_of(text: str, language: Language) -> str:
    """The name that a head or title is, without brackets, periods and what only leads to it."""
    plain = without_brackets(text)
    for mention in reversed(list(mentions(plain, 0, len(plain), 1, None))):
        if not mention.inner:
            plain = plain[: mention.start] + plain[mention.end :]
    return said(clean(language.naming.lexer.words(plain), language.naming))
