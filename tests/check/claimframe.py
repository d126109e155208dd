"""Claims made by hand, as alignment hands them on."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pandas as pd

from checker.model import Claim, claim_of, field_names, frame

ADDED = ("series", "fact", "measure", "price_growth", "document_date", "document_identity")


def claim(document: str, printed: str, unit: str = "亿元", **given: Any) -> dict[str, Any]:
    """A claim that prints these digits: exact, actual, a level of 2020, of the series `s`, unless said otherwise."""
    scale = {"亿元": Decimal(10) ** 8, "万元": Decimal(10) ** 4}.get(unit, Decimal(1))
    base = "元" if unit in ("亿元", "万元") else unit
    number = Decimal(printed)
    step = Decimal(1).scaleb(int(number.as_tuple().exponent)) * scale
    value = number * scale
    row: dict[str, Any] = {
        "document": document,
        "line": 1,
        "column": 1,
        "start": 0,
        "end": 1,
        "number": printed,
        "number_to": None,
        "text": printed + unit,
        "value": value,
        "low": value - step / 2,
        "high": value + step / 2,
        "low_open": False,
        "high_open": False,
        "step": step,
        "unit": base,
        "dimension": "money" if base == "元" else "count",
        "qualifier": "exact",
        "metric": "税收收入",
        "concept": None,
        "attribute": "level",
        "period_start": "2020-01-01",
        "period_end": "2020-12-31",
        "modality": "actual",
        "place": "清河市",
        "scope": "",
        "sentence": f"税收收入{printed}{unit}。",
        "order": 0,
        "passage": 0,
        "series": "s",
        "measure": "m",
        "price_growth": None,
        "document_date": None,
        "document_identity": f"digest of {document}",
    }
    row |= given
    row |= {name: Decimal(row[name]) for name in ("value", "low", "high", "step") if row[name] is not None}
    row.setdefault("id", f"{document}:{row['order']}:{row['text']}")
    if "fact" not in row:
        kind = "target" if row["modality"] == "target" else "actual"
        parts = (row["series"], row["period_start"], row["period_end"], row["attribute"], kind)
        row["fact"] = "/".join(map(str, parts)) if row["series"] else None
    return row


def table(*rows: dict[str, Any], seed: int | None = None) -> pd.DataFrame:
    """The table of these claims, shuffled when a seed is given."""
    names = set(field_names(Claim))
    claims = [claim_of(**{key: value for key, value in row.items() if key in names}) for row in rows]
    result = frame(claims, Claim)
    for name in ADDED:
        result[name] = [row[name] for row in rows]
    if seed is not None:
        order = list(range(len(rows)))
        random.Random(seed).shuffle(order)
        result = result.iloc[order].reset_index(drop=True)
    return result
