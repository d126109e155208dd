"""An audit as a workbook: findings, claims, rejected numbers and documents, each on a sheet with a filter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from rich.cells import cell_len

from checker.errors import BadSetting
from checker.model import Audit
from checker.report.numbers import exact
from checker.report.rows import Cell, Table, claim_rows, document_rows, finding_rows, rejected_rows
from checker.report.words import say

# A workbook that carried the time of its making would differ from run to run.
_CREATED = datetime(2000, 1, 1)
_SHEETS = {"findings": finding_rows, "claims": claim_rows, "rejected": rejected_rows, "documents": document_rows}
_MOST_ROWS = 1_048_576
_LONGEST = 32_767
_NARROW, _WIDE, _SAMPLE = 8, 48, 200


def render(audit: Audit, lang: str) -> bytes:
    """The audit as the bytes of an .xlsx file."""
    sheets = ((say(lang, f"sheet.{key}"), rows(audit, lang)) for key, rows in _SHEETS.items())
    return workbook(say(lang, "report"), sheets)


def workbook(title: str, sheets: Iterable[tuple[str, Table]]) -> bytes:
    """Tables with their titles, each on a sheet; text cells are text, never formulas or links."""
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": title, "created": _CREATED})
        head = book.add_format({"bold": True, "bottom": 1, "valign": "top", "text_wrap": True})
        body = book.add_format({"valign": "top", "text_wrap": True})
        for name, rows in sheets:
            _sheet(book, name, rows, head, body)
    return out.getvalue()


def _sheet(book: Any, title: str, rows: Table, head: Any, body: Any) -> None:
    if len(rows) > _MOST_ROWS:
        raise BadSetting(f"{len(rows)} rows are more than a sheet of xlsx holds; csv or json holds them")
    sheet = book.add_worksheet(title)
    for column in range(len(rows[0])):
        sheet.set_column(column, column, _width([row[column] for row in rows[:_SAMPLE]]))
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            written = _written(value)
            if isinstance(written, str):
                sheet.write_string(i, j, written, body if i else head)
            elif written is not None:
                sheet.write_number(i, j, written, body)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows) - 1, len(rows[0]) - 1)


def _written(value: Cell) -> str | float | None:
    """A number where a spreadsheet's own keeps every digit, else text."""
    if isinstance(value, Decimal):
        near = float(value)
        return near if Decimal(repr(near)) == value else exact(value)
    return value[:_LONGEST] if isinstance(value, str) else value


def _width(cells: list[Cell]) -> int:
    """Wide enough for most of a column, as Chinese characters count double."""
    sizes = sorted(cell_len(exact(cell) if isinstance(cell, Decimal) else str(cell or "")) for cell in cells)
    return max(_NARROW, min(_WIDE, sizes[int(len(sizes) * 0.9) - 1 if len(sizes) > 9 else -1] + 2))
