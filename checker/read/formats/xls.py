"""XLS, as Excel wrote until 2003 and WPS does as .et, through xlrd. Formulas show the value that was last computed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from checker.read.content import Content
from checker.read.formats import display, sheets
from checker.read.formats.refused import OLE, refused
from checker.read.formats.sheets import Sheet, Texts

if TYPE_CHECKING:
    from xlrd.book import Book
    from xlrd.sheet import Sheet as Source

SUFFIXES = (".xls", ".xlt", ".et")


def recognises(data: bytes) -> bool:
    return data.startswith(OLE) and refused(data) is None


def read(data: bytes) -> Content:
    import xlrd

    if not data.startswith(OLE):
        raise ValueError(refused(data) or "no XLS file")
    if reason := refused(data):
        raise ValueError(reason)
    try:
        with (
            open(os.devnull, "w") as quiet,
            xlrd.open_workbook(
                file_contents=data, formatting_info=True, on_demand=True, ragged_rows=True, logfile=quiet
            ) as book,
        ):
            skipped: list[str] = []
            return sheets.content(_sheets(book, skipped), skipped)
    except ValueError:
        raise
    except xlrd.biffh.XLRDError as error:
        encrypted = "encrypted" in str(error).lower()
        raise ValueError("encrypted: save it without a password" if encrypted else f"damaged: {error}") from error
    except Exception as error:  # whatever a damaged file makes of the library
        raise ValueError(f"damaged: its records cannot be read ({type(error).__name__})") from error


def _sheets(book: Book, skipped: list[str]) -> Iterator[Sheet]:
    for index, name in enumerate(book.sheet_names()):
        source = book.sheet_by_index(index)
        if source.visibility:
            skipped.append(f"hidden sheet {name}")
        else:
            yield _sheet(book, source)
        book.unload_sheet(index)


def _sheet(book: Book, source: Source) -> Sheet:
    sheet = Sheet(source.name)
    for top, bottom, left, right in source.merged_cells:
        sheet.merge(top, left, bottom - 1, right - 1)
    for row in sorted(row for row, info in source.rowinfo_map.items() if info.hidden):
        sheet.hidden_rows.add(row, row)
    for column in sorted(column for column, info in source.colinfo_map.items() if info.hidden):
        sheet.hidden_columns.add(column, column)
    for row in range(source.nrows):
        sheet.add(row, _texts(book, source, row))
    return sheet


def _texts(book: Book, source: Source, row: int) -> Texts:
    import xlrd

    texts: Texts = []
    for column, (kind, value) in enumerate(zip(source.row_types(row), source.row_values(row), strict=True)):
        if value == "":
            continue
        if kind == xlrd.XL_CELL_BOOLEAN:
            text = "TRUE" if value else "FALSE"
        elif kind == xlrd.XL_CELL_ERROR:
            text = str(xlrd.error_text_from_code.get(int(value), ""))
        elif kind == xlrd.XL_CELL_TEXT:
            text = display.text(value, _code(book, source, row, column))
        else:
            text = display.of_format(_code(book, source, row, column), bool(book.datemode))(repr(value))
        if text and not text.isspace():
            texts.append((column, text))
    return texts


def _code(book: Book, source: Source, row: int, column: int) -> str:
    """The format code of a cell."""
    return str(book.format_map[book.xf_list[source.cell_xf_index(row, column)].format_key].format_str)
