"""CSV and TSV: told by their ending alone, as any text could be one."""

from __future__ import annotations

import csv
from collections import Counter
from io import StringIO
from itertools import islice

from checker.read.content import Content
from checker.read.decode import decode
from checker.read.formats import sheets
from checker.read.formats.sheets import Sheet

SUFFIXES = (".csv", ".tsv", ".tab")
_DELIMITERS = ("\t", ";", ",")
# The rows that tell the delimiter.
_TELLING = 200
# What Excel takes as the delimiter where it is the first line, as in sep=;
_SAID = "sep="


def recognises(data: bytes) -> bool:
    return False


def read(data: bytes) -> Content:
    text = decode(data).removeprefix("\ufeff")
    said = ""
    if text.startswith(_SAID):
        first, _, text = text.partition("\n")
        said = first.removeprefix(_SAID).strip("\r")
    delimiter = said if said in (*_DELIMITERS, "|") else _delimiter(list(islice(StringIO(text, newline=""), _TELLING)))
    sheet = Sheet("")
    try:
        for number, row in enumerate(csv.reader(StringIO(text, newline=""), delimiter=delimiter)):
            sheet.add(number, [(i, cell) for i, cell in enumerate(row) if cell and not cell.isspace()])
    except csv.Error as error:
        raise ValueError(f"damaged: {error}") from error
    return sheets.content([sheet], [])


def _delimiter(lines: list[str]) -> str:
    """The one that cuts most rows into as many cells as each other; where none does, a comma."""

    def even(delimiter: str) -> int:
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter))
        except csv.Error:
            return 0
        return max((count for width, count in widths.items() if width > 1), default=0)

    return max(reversed(_DELIMITERS), key=even)
