"""How many labelled cells of the tables of real reports are read whole.

    python benchmarks/cells.py ORIGINALS [--misses]

ORIGINALS is a folder with the reports that tests/extract/cells.jsonl labels by hand: 200 cells of ten files, by folder
and name, as figures without text. They are not part of the project. A cell is whole when one claim on its number has
its metric, value, unit, attribute, period, place and modality.
"""

from __future__ import annotations

import argparse
import calendar
import json
import re
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import Any

LABELS = Path(__file__).parent.parent / "tests" / "extract" / "cells.jsonl"
# What a label may print as its unit, and how many of the base unit that is.
UNITS = {"千升": ("升", 1000), "千克": ("公斤", 1)}
BUDGET = re.compile("^(?:一般公共|政府性基金|国有资本经营|社会保险基金)预算")


def score(originals: Path, labels: Path = LABELS, misses: bool = False) -> tuple[int, int]:
    """How many cells are read whole, and of how many; with `misses` those that are not are printed."""
    from checker.extract import extract
    from checker.read import document_of, read_file

    by_file: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in labels.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        by_file[row["file"]].append(row)
    right = of = 0
    for file, rows in by_file.items():
        claims = extract(document_of(read_file(originals / file), file))[0]
        by_number = defaultdict(list)
        for claim in claims:
            by_number[digits(claim.number)].append(claim)
        held = 0
        for row in rows:
            wrong = min(
                ([*faults(row, claim)] for claim in by_number[digits(row["number"])]), key=len, default=["read"]
            )
            held += not wrong
            if wrong and misses:
                print(f"   {file} {row['row']} {row['number']}: {', '.join(wrong)}")
        print(f"{file}: {held} of {len(rows)}")
        right, of = right + held, of + len(rows)
    return right, of


def faults(row: dict[str, Any], claim: Any) -> list[str]:
    """The slots in which a claim is not what the label says."""
    unit, times = UNITS.get(row["unit"], (row["unit"], 1))
    if claim.unit == row["unit"]:
        unit, times = row["unit"], 1
    value, period = row["value"] * times, span(row["period"])
    slots = {
        "value": abs(float(claim.value) - value) <= 1e-9 * max(1, abs(value)),
        "unit": claim.unit == unit or {claim.unit, unit} <= {"人", "名", "位"},
        "attribute": claim.attribute == row["attribute"],
        # A state at the end of a year may be given for the year, and the other way round.
        "period": (claim.period_start, claim.period_end) == period
        or (claim.period_end == period[1] and (claim.period_start == period[1] or period[0] == period[1])),
        "modality": claim.modality == row["modality"],
        "place": bool(claim.place) and (claim.place.endswith(row["place"]) or row["place"].endswith(claim.place)),
        "metric": any(alike(name, claim) for name in (row["metric"], *row["metric_accept"])),
    }
    return [slot for slot, holds in slots.items() if not holds]


def alike(name: str, claim: Any) -> bool:
    """Whether a name is that of a claim, alone or with what it belongs to."""
    wanted = {plain(name), plain(re.sub("[（(][^（()）]*[）)]", "", name))}
    owner = re.sub("(?:收入|支出)$", "", claim.owner.split("·")[-1])
    metric = plain(claim.metric)
    without = plain(BUDGET.sub("", claim.metric))
    given = {metric, without, plain(claim.owner + claim.metric), plain(claim.scope + claim.metric)}
    given |= {plain(owner + claim.metric), re.sub("(?:收入|支出)$", "", without)}
    close = any(
        len(one) > 2
        and (one in metric or metric in one)
        and min(len(one), len(metric)) >= 0.6 * max(len(one), len(metric))
        for one in wanted
    )
    return bool(wanted & given) or close


def plain(text: str) -> str:
    return re.sub(r"[\s()、·:]|其中", "", unicodedata.normalize("NFKC", text))


def digits(text: str) -> str:
    return re.sub(r"[\s,()%]", "", unicodedata.normalize("NFKC", text)).lstrip("-−+")


def span(period: str) -> tuple[str, str]:
    """First and last day of 2020, 2020-H1, 2020-12-31 or 2020-01/2020-05."""
    half = re.sub("-H1$", "-01/" + period[:4] + "-06", re.sub("-H2$", "-07/" + period[:4] + "-12", period))
    first, _, last = half.partition("/")
    return edge(first, end=False), edge(last or first, end=True)


def edge(day: str, end: bool) -> str:
    bits = [int(bit) for bit in day.split("-")]
    if len(bits) == 1:
        bits += [12, 31] if end else [1, 1]
    elif len(bits) == 2:
        bits.append(calendar.monthrange(*bits)[1] if end else 1)
    return "{:04d}-{:02d}-{:02d}".format(*bits)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("originals", type=Path)
    parser.add_argument("--misses", action="store_true", help="list the cells that are not read whole")
    args = parser.parse_args()
    right, of = score(args.originals, misses=args.misses)
    print(f"{right} of {of} cells whole: {right / of:.3f}")


if __name__ == "__main__":
    sys.exit(main())
