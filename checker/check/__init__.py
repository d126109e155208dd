"""Rules judge claims: what must hold between them is data in rules/*.yaml, and what does not hold is a Finding.

load_rules(dirs) -> list[Rule]
check(claims, rules) -> list[Finding]
weigh(findings, claims, documents) -> list[Finding]
merge(findings, facts, claims) -> list[Finding]
run_tests(rules, audit) -> list[Failure]
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import TYPE_CHECKING

from checker.check.cases import Failure, run_tests
from checker.check.causes import merge
from checker.check.confidence import weigh
from checker.check.rules import Rule, load_rule, load_rules, rule_tests, within_place
from checker.model import Finding
from checker.vocabulary import Vocabulary

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Failure",
    "Rule",
    "check",
    "load_rule",
    "load_rules",
    "merge",
    "rule_tests",
    "run_tests",
    "weigh",
    "within_place",
]


def check(
    claims: pd.DataFrame,
    rules: Sequence[Rule],
    about: Set[str] | None = None,
    vocabulary: Vocabulary | None = None,
) -> list[Finding]:
    """What these rules find in a table of claims, worst first; the order of its rows makes no difference.

    The columns are the fields of Claim and what alignment adds: series, fact, document_date, document_identity.
    `about` holds ids of claims: of all findings, those that bind one of them. Units are those of the vocabulary.
    """
    from checker.check.engine import find  # numpy and pandas only when there is something to do

    return find(claims, rules, about, vocabulary)
