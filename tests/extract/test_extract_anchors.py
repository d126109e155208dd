"""Where a person finds a number: pages by their lines, tables by row and column, sheets by cell."""

from __future__ import annotations

from pathlib import Path

import openpyxl  # type: ignore[import-untyped]

from checker import parse
from checker.extract import extract
from checker.model import Anchor
from checker.read import read


def _anchors(path: Path) -> dict[str, Anchor]:
    (document,), _ = read([path])
    claims, rejected = extract(document)
    return {claim.text: claim.anchor for claim in claims} | {number.number: number.anchor for number in rejected}


def test_lines_are_counted_on_their_page() -> None:
    """Whether the form feed stands on a line of its own or in front of the first."""
    text = (
        "2020年清河市收入31亿元。\n\n\f\n2020年清河市支出42亿元。\n\n\f2020年清河市投资53亿元。\n\n全年引进企业64家。\n"
    )
    claims, _ = extract(parse(text, "a.txt"))
    assert [(claim.number, claim.anchor) for claim in claims] == [
        ("31", Anchor(page=1, page_line=1)),
        ("42", Anchor(page=2, page_line=1)),
        ("53", Anchor(page=3, page_line=1)),
        ("64", Anchor(page=3, page_line=3)),
    ]


def test_every_number_of_a_sheet_has_its_cell(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "收支"
    rows = [
        ["清河市2020年收支表"],
        ["单位：亿元"],
        ["项目", "预算数", "执行数"],
        ["收入", 30.5, 31.07],
        ["支出", 45.2, 46.01],
        ["备注", None, "第3批，含补助12亿元"],
    ]
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    found = _anchors(tmp_path / "a.xlsx")
    assert found["31.07"] == Anchor(table=1, row="收入", head="执行数", sheet="收支", cell="C4")
    assert {number: (found[number].sheet, found[number].cell) for number in ("3", "12亿元")} == {
        "3": ("收支", "C6"),
        "12亿元": ("收支", "C6"),
    }
