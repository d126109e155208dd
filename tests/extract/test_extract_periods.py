"""Phrases that name periods, words that tell plans from outcomes, and headings: each pattern reads its examples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from checker.extract.modality import compile_modality, find_cues
from checker.extract.periods import Form, Frame, compile_periods, find, mentions
from checker.vocabulary import words
from checker.yamlfile import load

PERIODS = compile_periods(words("periods"))
MODALITY = compile_modality(words("modality"))
CASES = load(Path(__file__).parent / "periods.yaml")


def forms() -> Iterator[Any]:
    """Each entry of periods.yaml with its compiled forms: a part of a year has one behind a year and one alone."""
    data = words("periods")
    alone = [entry for entry in data["parts"] if entry.get("alone", True)]
    compiled = [*PERIODS.forms[: PERIODS.until - 1], *PERIODS.forms[PERIODS.until :]]
    entries = [*data["stretches"], *data["years"], *data["parts"], *alone]
    for entry in entries[: -len(alone)]:
        own = [form for form, other in zip(compiled, entries, strict=True) if other is entry]
        yield pytest.param(entry, own, id=entry["pattern"][:40])


@pytest.mark.parametrize(("entry", "own"), list(forms()))
def test_a_period_is_read_by_its_form(entry: dict[str, Any], own: list[Form]) -> None:
    def read(text: str) -> bool:
        return any(form is phrase.form or form is phrase.part for phrase in find(PERIODS, text) for form in own)

    assert [text for text in entry["reads"] if not read(text)] == []
    assert [text for text in entry["not"] if read(text)] == []


def patterns() -> Iterator[Any]:
    """Every other pattern of the three files, wherever it stands."""

    def walk(node: Any, name: str) -> Iterator[Any]:
        if isinstance(node, dict) and "pattern" in node:
            yield pytest.param(node, id=f"{name}-{node['pattern'][:30]}")
        elif isinstance(node, dict | list):
            for key, inner in node.items() if isinstance(node, dict) else enumerate(node):
                yield from walk(inner, f"{name}-{key}")

    for file in ("periods", "outline", "modality"):
        data = {key: node for key, node in words(file).items() if key not in ("stretches", "years", "parts")}
        yield from walk(data, file)


@pytest.mark.parametrize("entry", list(patterns()))
def test_a_pattern_reads_its_examples(entry: dict[str, Any]) -> None:
    filled = re.sub(r"\{([A-Za-z-]+)\}", lambda m: words("periods")["numbers"][m[1]], entry["pattern"])
    pattern = re.compile(filled)
    assert [text for text in entry["reads"] if not pattern.search(text)] == []
    assert [text for text in entry["not"] if pattern.search(text)] == []


@pytest.mark.parametrize("name", ["target", "estimate", "done"])
def test_a_cue_is_found_where_it_begins(name: str) -> None:
    texts = [text for entry in words("modality")[name] for text in entry["reads"]]
    assert [text for text in texts if not find_cues(MODALITY, text)] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_a_phrase_is_read_as_its_period(case: dict[str, Any]) -> None:
    text, day = case["text"], date.fromisoformat(case.get("date", "2021-02-01"))
    found = list(mentions(find(PERIODS, text), Frame(case.get("about", 2020), day, case.get("firm", True))))
    wanted = [case["period"]] if isinstance(case["period"], str) else case["period"]
    assert [f"{m.period.start}/{m.period.end}" for m in found] == wanted
    if "compared" in case:
        assert [m.compared for m in found] == [case["compared"]] * len(found)
