"""Findings as CSV, one row for each finding and claim, so that a Chinese Excel opens it by a double click."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from io import StringIO

from checker.model import Audit
from checker.report.numbers import exact
from checker.report.rows import Cell, Table, finding_rows

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def render(audit: Audit, lang: str) -> bytes:
    """The findings as UTF-8 with a byte order mark, without which Excel reads Chinese in a legacy encoding."""
    return sheet(finding_rows(audit, lang))


def sheet(rows: Table) -> bytes:
    """Any table in the same way."""
    out = StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([cell(item) for item in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def cell(value: Cell) -> str:
    """What to write for a cell. A text that a spreadsheet would run as a formula gets a leading apostrophe."""
    if value is None:
        return ""
    if isinstance(value, (Decimal, float)):
        return exact(Decimal(repr(value)) if isinstance(value, float) else value)
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) and not _NUMBER.fullmatch(text) else text
