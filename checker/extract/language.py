"""What a language is to extraction: its words and patterns, compiled once and handed to whoever reads with them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from checker.extract.budgets import Budgets, compile_budgets
from checker.extract.clauses import Clauses, compile_clauses
from checker.extract.headlines import Headlines, compile_headlines
from checker.extract.headwords import Heads, compile_heads
from checker.extract.lists import compile_listing
from checker.extract.modality import Modality, compile_modality
from checker.extract.names import Naming, clean, compile_naming, said, without_brackets
from checker.extract.parts import Parts, compile_parts
from checker.extract.periods import Periods, compile_periods, find
from checker.extract.quantities import Quantities, compile_quantities
from checker.extract.where import Tiers, compile_tiers
from checker.metrics import Metrics, metrics
from checker.vocabulary import Vocabulary, shipped, table_words, words

__all__ = ["Language", "name_of", "zh"]


@dataclass(frozen=True, eq=False)
class Language:
    """The words of one language, compiled: a field for each kind of thing that they tell.

    naming      where a name begins and ends
    clauses     what the words around a figure say of it
    quantities  numbers and the words that make figures of them
    periods     phrases that name periods
    modality    what is planned, expected or done
    outline     what headings and openings say of what stands below them
    tiers       tiers of administration
    parts       which words open lists and close sums
    heads       what heads of rows and columns say
    budgets     the names of budgets
    metrics     indicators by their names
    """

    naming: Naming
    clauses: Clauses
    quantities: Quantities
    periods: Periods
    modality: Modality
    outline: Headlines
    tiers: Tiers
    parts: Parts
    heads: Heads
    budgets: Budgets
    metrics: Metrics


def zh(vocabulary: Vocabulary | None = None) -> Language:
    """Chinese as a vocabulary, or the shipped one, has it."""
    return _compiled(vocabulary or shipped())


@lru_cache(maxsize=8)
def _compiled(own: Vocabulary) -> Language:
    cues, clauses, relational, places = words("cues"), words("clauses"), words("relational"), words("places")
    before = [word for entry in words("qualifiers").values() for word in entry.get("before", [])]
    naming = compile_naming(clauses, cues, relational, own["metrics"], before)
    quantities = compile_quantities(own["units"], words("numerals"), words("qualifiers"), cues)
    return Language(
        naming,
        compile_clauses(clauses, cues, naming, compile_listing(words("lists"))),
        quantities,
        compile_periods(words("periods")),
        compile_modality(words("modality")),
        compile_headlines(words("outline")),
        compile_tiers(cues, places),
        compile_parts(words("parts"), metrics(own)),
        compile_heads(table_words(), places["zones"], quantities.table),
        compile_budgets(relational["budget_parts"]),
        metrics(own),
    )


@lru_cache(maxsize=20_000)
def name_of(text: str, language: Language) -> str:
    """The name that a head or title is, without brackets, periods and what only leads to it."""
    plain = without_brackets(text)
    for phrase in reversed(find(language.periods, plain)):
        if phrase.form.reach != "figure":
            plain = plain[: phrase.start] + plain[phrase.end :]
    return said(clean(language.naming.lexer.words(plain), language.naming))
