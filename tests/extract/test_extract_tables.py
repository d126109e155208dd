"""Tables to figures: the cases in tables.yaml, the words of tables, sums of rows, and cells of real reports."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from checker.extract import extract
from checker.model import Claim, Rejected
from checker.read import parse
from checker.read.tables import narrow
from checker.vocabulary import table_words, words
from checker.yamlfile import load

HERE = Path(__file__).parent
CASES = load(HERE / "tables.yaml")


def cell(found: Claim | Rejected, wanted: dict[str, Any]) -> dict[str, Any]:
    """What a case says of a number, as it was read."""
    if isinstance(found, Rejected):
        return {"number": found.number, "reason": found.reason}
    read = {name: getattr(found, name) for name in wanted if name not in ("value", "period")}
    return read | {"value": float(found.value), "period": f"{found.period_start}/{found.period_end}"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_figures_of_a_table(case: dict[str, Any]) -> None:
    day = date.fromisoformat(str(case["date"]))
    document = parse(case["text"], "a.txt", {"date": day, "place": case.get("place", "清河市"), "title": "材料"})
    claims, rejected = extract(document)
    found = sorted([*claims, *(r for r in rejected if r.reason not in ("date",))], key=lambda each: each.start)
    numbers = [each for each in found if isinstance(each, Rejected) or each.anchor.table]
    wanted = [dict(entry) for entry in case["cells"]]
    tabled = [each for each in numbers if each.number in {entry["number"] for entry in wanted}]
    assert [cell(each, want) for each, want in zip(tabled, wanted, strict=True)] == wanted


def patterns() -> Iterator[tuple[str, dict[str, Any], bool]]:
    """Every pattern of tables.yaml and headings.yaml, where it stands, and whether it must fit the whole."""
    data = table_words()
    for kind in ("roles", "attributes", "modalities", "periods", "title_ends"):
        yield from ((f"{kind} {i}", entry, kind == "roles") for i, entry in enumerate(data[kind]))
    for name, entry in data.items():
        if isinstance(entry, dict):
            yield name, entry, name == "furniture"
    yield from ((f"numbering {i}", entry, False) for i, entry in enumerate(words("headings")["numbering"]))


@pytest.mark.parametrize(
    ("name", "entry", "whole"), patterns(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_pattern_reads_its_examples(name: str, entry: dict[str, Any], whole: bool) -> None:
    pattern = re.compile(entry["pattern"])
    # Numbers of headings open a line; names of columns and whole lines are read from their beginning.
    at_start = name.startswith(("numbering", "caption", "table_number", "bare_number", "period", "company", "measures"))
    fits = pattern.fullmatch if whole else pattern.match if at_start else pattern.search

    def read(text: str) -> bool:
        plain = text if name.startswith("numbering") or name in ("caption", "furniture", "note") else narrow(text)
        m = fits(plain)
        return bool(m and m[0])

    assert [text for text in entry["reads"] if not read(text)] == []
    assert [text for text in entry["not"] if read(text)] == []


def test_rows_that_add_up_are_parts_of_their_total() -> None:
    text = """2025年清河市一般公共预算收入执行表
单位：万元
| 项目 | 2024年决算数 | 2025年执行数 | 增长% |
|---|---|---|---|
| 一、税收收入 | 100 | 110 | 10.0 |
| 1.增值税 | 60 | 70 | 16.7 |
| 2.契税 | 40 | 40 | 0.0 |
| 二、非税收入 | 50 | 45 | -10.0 |
| 三、其他收入 | 10 | 15 | 50.0 |
| 收入合计 | 160 | 180 | 12.5 |
"""
    document = parse(text, "a.txt", {"date": date(2026, 1, 20), "place": "清河市", "title": "材料"})
    by_id = {claim.id: claim for claim in extract(document)[0]}
    sums = {
        (claim.number, by_id[claim.part_of].number if claim.part_of else None)
        for claim in by_id.values()
        if claim.listing
    }
    # 2025年: 110, 45 and 15 make 170, not 180; the other year bears out that these are all parts.
    assert sums == {
        *{(number, "160") for number in ("100", "50", "10")},
        *{(number, "180") for number in ("110", "45", "15")},
        *{(number, "100") for number in ("60", "40")},
        *{(number, "110") for number in ("70", "40")},
    }


ORIGINALS = os.environ.get("CHECKER_ORIGINALS")


@pytest.mark.skipif(not ORIGINALS, reason="CHECKER_ORIGINALS names no folder with the reports that cells.jsonl is of")
def test_cells_of_real_reports() -> None:
    from benchmarks.cells import score

    right, of = score(Path(ORIGINALS or ""), HERE / "cells.jsonl")
    assert right / of >= 0.93


def test_labelled_cells_are_whole() -> None:
    keys = {
        "file",
        "number",
        "row",
        "value",
        "unit",
        "metric",
        "metric_accept",
        "attribute",
        "period",
        "place",
        "modality",
    }
    rows = [json.loads(line) for line in (HERE / "cells.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row for row in rows if set(row) != keys] == []
    assert len(rows) == 200
