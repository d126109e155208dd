"""What documents say of themselves: the cases in documents.yaml, compared as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checker.model import Document
from checker.read import parse
from checker.yamlfile import load

CASES = load(Path(__file__).parent / "documents.yaml")
FIELDS = ("title", "date", "place", "publisher", "organisation", "kind", "period")


def described(document: Document) -> dict[str, str]:
    """What a document says of itself, without what is open."""
    period = f"{document.period_start}/{document.period_end}" if document.period_start else ""
    values = {"date": str(document.date or ""), "period": period}
    return {field: value for field in FIELDS if (value := values.get(field, getattr(document, field, "")))}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_document_says(case: dict[str, Any]) -> None:
    document = parse(case["text"], "a.txt")
    assert described(document) == {field: str(value) for field, value in case["want"].items()}
    sure = {origin.field: origin.sure for origin in document.origins}
    assert set(sure) == set(FIELDS)
    assert {field for field in FIELDS if sure[field] != "unknown"} == set(case["want"])
    assert {field for field in FIELDS if sure[field] == "inferred"} == set(case.get("guessed", []))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_line_holds_the_words(case: dict[str, Any]) -> None:
    document = parse(case["text"], "a.txt")
    lines = case["text"].split("\n")
    for origin in document.origins:
        assert origin.line is None or origin.text[:4].strip() in lines[origin.line - 1].replace(" ", ""), origin
