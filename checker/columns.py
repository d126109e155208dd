"""Columns of a table as numbers that are equal where the values are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

# Codes of several columns are packed into one number up to this size; a smaller code and a column always fit.
LARGEST = 2**62


class Texts(NamedTuple):
    """A column of texts: codes count into values, -1 is unknown."""

    codes: Ints
    values: Any

    def at(self, rows: Ints) -> Texts:
        """Some rows of the column."""
        return Texts(self.codes[rows], self.values)

    def map(self, wording: Callable[[str], Any]) -> Texts:
        """What becomes of each text, worked out once for each distinct one."""
        return self.recode(np.array([wording(value) for value in self.values], dtype=object))

    def recode(self, values: Any) -> Texts:
        """The column with these values in place of its own; some may be equal."""
        codes, distinct = pd.factorize(values)
        return Texts(np.append(codes, -1)[self.codes], distinct)

    def where(self, rows: Bools) -> Texts:
        """The column, unknown in all other rows."""
        return Texts(np.where(rows, self.codes, -1), self.values)

    def filled(self) -> Texts:
        """The column with an empty text where it is unknown."""
        codes = np.where(self.codes < 0, len(self.values), self.codes)
        return Texts(codes, self.values).recode(np.append(self.values, np.array([""], dtype=object)))

    def are(self, test: Callable[[str], bool]) -> Bools:
        """Whether the text of each row passes a test; what is unknown does not."""
        return np.array([*map(test, self.values), False], dtype=bool)[self.codes]

    def rows(self) -> Any:
        """The text of each row, None where it is unknown."""
        return np.append(self.values, np.array([None]))[self.codes]


def encode(column: pd.Series[Any]) -> Texts:
    """A column of texts, numbered as they appear."""
    # Arrow numbers its own texts fastest; of others the objects are numbered as they are.
    texts = column if getattr(column.dtype, "storage", "") == "pyarrow" else column.to_numpy(dtype=object)
    codes, values = pd.factorize(texts)
    return Texts(codes.astype(np.int64, copy=False), np.asarray(values, dtype=object))


def join(columns: Sequence[Texts], between: str = "|") -> Texts:
    """The texts of several columns in one, put together once for each distinct row; none of them is unknown."""
    code = combine([column.codes for column in columns])
    first = first_of_each(code)
    texts = zip(*(column.values[column.codes[first]].tolist() for column in columns), strict=True)
    return Texts(code, np.array(list(map(between.join, texts)), dtype=object))


def combine(columns: Sequence[Ints], unknown: bool = False) -> Ints:
    """One number a row, equal where the rows are equal in all columns; two or more are numbered as they appear.

    -1 is a value like any other; with `unknown` it makes the whole row -1.
    """
    code = columns[0] + 1
    size = int(code.max(initial=0)) + 1
    for column in columns[1:]:
        width = int(column.max(initial=-1)) + 2
        if size * width > LARGEST:
            code, size = _numbered(code), len(code)
        code, size = code * width + column + 1, size * width
    if len(columns) > 1:
        code = _numbered(code)
    if unknown:
        code = np.where(np.logical_or.reduce([column < 0 for column in columns]), -1, code)
    return code


def first_of_each(code: Ints) -> Ints:
    """The first row of each class; classes are numbered as they appear."""
    return np.flatnonzero(np.diff(np.maximum.accumulate(code), prepend=-1))


def largest(values: Floats, group: Ints) -> Floats:
    """For each row the largest value of its group."""
    found = np.full(group.max(initial=-1) + 1, -np.inf)
    np.maximum.at(found, group, values)
    return found[group]


def _numbered(code: Ints) -> Ints:
    """The same classes, numbered as they appear."""
    return pd.factorize(code)[0].astype(np.int64, copy=False)
