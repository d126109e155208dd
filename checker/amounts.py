"""Columns of claims in the base unit of their dimension, so that 斤 and 吨 are compared as what they weigh."""

from __future__ import annotations

import numpy as np
import pandas as pd

from checker.columns import Floats, Texts, combine, first_of_each
from checker.units import Units

AMOUNTS = ("value", "low", "high", "step")


def factor_within(unit: str, dimension: str, units: Units) -> float:
    """How many base units of its dimension one unit of a claim is; 1 where the dimension is not that of the unit.

    A multiple is in 倍, and of a dimension that nothing converts to.
    """
    return float(units.factor_of(unit)) if units.dimension_of(unit) == dimension else 1.0


def bases(unit: Texts, dimension: Texts, units: Units) -> tuple[Texts, Floats]:
    """For each claim the base unit of its dimension, and how many of it one of its own unit is."""
    if not len(unit.codes):
        return unit, np.ones(0)
    code = combine([unit.codes, dimension.codes])
    rows = first_of_each(code)
    pairs = list(zip(unit.at(rows).rows(), dimension.at(rows).rows(), strict=True))
    converts = [bool(unit and units.dimension_of(unit) == dimension) for unit, dimension in pairs]
    names = [units.base_of(unit) if known else unit for (unit, _), known in zip(pairs, converts, strict=True)]
    factors = [float(units.factor_of(unit)) if known else 1.0 for (unit, _), known in zip(pairs, converts, strict=True)]
    codes, values = pd.factorize(np.array(names, dtype=object))
    return Texts(codes.astype(np.int64)[code], np.asarray(values, dtype=object)), np.array(factors)[code]


def in_base(table: pd.DataFrame, factor: Floats) -> pd.DataFrame:
    """The table with its amounts in base units; each is the very same where its factor is 1."""
    changed = factor != 1.0
    if not changed.any():
        return table
    return table.assign(
        **{name: table[name].where(~changed, table[name] * factor) for name in AMOUNTS if name in table}
    )
