"""Claims of the documents in the tests that rules carry, so that each rule finds something among them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from checker.align import align
from checker.check import Rule
from checker.extract import extract
from checker.read import parse

AMOUNTS = ("value", "low", "high", "step")
# What joins claims, and so keeps one case from meeting another.
JOINING = ("place", "series", "fact", "measure")
# What names a claim or a document.
NAMES = ("id", "part_of", "listing", "among", "subject", "document", "document_identity")


def cases(rules: Iterable[Rule]) -> list[pd.DataFrame]:
    """The aligned claims of each test of these rules."""
    return [_claims(test.documents) for rule in rules for test in rule.tests]


def crowd_of(cases: list[pd.DataFrame], seed: int, copies: int = 6) -> pd.DataFrame:
    """Each case several times over, the first time as it is, then with some figures altered, in one of two places."""
    rng = np.random.default_rng(seed)
    rows = []
    for number, case in enumerate(cases):
        for copy in range(copies):
            name, group = f"{number}/{copy}/", "" if copy == 0 else f"|{rng.integers(2)}"
            factor = np.where(rng.random(len(case)) < (0.3 if copy else 0), rng.choice([0.5, 1.1, 3, 10], len(case)), 1)
            altered = {column: case[column] * factor for column in AMOUNTS}
            told_apart = {column: case[column] + f"|{number}{group}" for column in JOINING}
            named = {column: case[column].map(f"{name}{{}}".format, na_action="ignore") for column in NAMES}
            rows.append(case.assign(**altered, **told_apart, **named))
    return pd.concat(rows, ignore_index=True)


def _claims(texts: dict[str, dict[str, str]]) -> pd.DataFrame:
    documents = []
    for name, entry in texts.items():
        document = replace(parse(entry["text"], name), title="", place=entry.get("place", ""))
        documents.append(replace(document, date=date.fromisoformat(str(entry["date"])) if "date" in entry else None))
    return align([claim for document in documents for claim in extract(document)[0]], documents).table
