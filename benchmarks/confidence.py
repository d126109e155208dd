"""Fit the confidence of findings on findings that people have read, and print how well it is kept.

    python benchmarks/confidence.py [JUDGED.jsonl ...] [--write]

Each line of JUDGED is a finding: its fingerprint, its rule, the marks it bears, the verdict (right; fair: it differs,
and the texts say why; wrong) and where it is from: `read` in reports; `earlier`, read as well, of a version that has
since become better; `case`, of small labelled texts; `planted` in reports by benchmarks/planted.py. Those of an
earlier version count a twentieth, cases a third, and of planted slips so many as there were right ones among those
read, since only these tell how rare a slip is. A fifth, by fingerprint, is held back from the fit; the calibration
printed is theirs beside that of the rest. --write fits on all and puts the weights into
rules/vocabulary/confidence.yaml.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

from checker.decisions.fit import RULE, Judged, calibration, features, fit, write
from checker.vocabulary import rules_dir, words

JUDGED = Path(__file__).parent / "judged.jsonl"
HELD = 5
# The weight that a rule is believed to have as long as findings do not tell: right in three cases of four.
BELIEVED = 1.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("judged", nargs="*", type=Path, default=[JUDGED])
    parser.add_argument("--write", action="store_true", help="put the weights into the vocabulary")
    args = parser.parse_args()
    rows = [json.loads(line) for path in args.judged for line in path.read_text(encoding="utf-8").splitlines()]
    held = [int(row["fingerprint"], 16) % HELD == 0 for row in rows]
    seen = [row for row, back in zip(rows, held, strict=True) if not back]
    kept_back = [row for row, back in zip(rows, held, strict=True) if back]
    model = words("confidence")
    of_rules = {RULE + row["rule"]: BELIEVED for row in rows}
    expected = of_rules | {mark["id"]: mark.get("expected", 0.0) for mark in model["marks"]}
    weights = fit(judged(seen), model, expected)
    for name, some in (("fitted on", seen), ("held back", kept_back)):
        print(f"{name}: {len(some)} findings, " + ", ".join(f"{n} {v}" for v, n in sorted(counted(some).items())))
        show(some, weights)
    if args.write:
        weights = fit(judged(rows), model, expected)
        path = rules_dir() / "vocabulary" / "confidence.yaml"
        marks = [{**mark, "weight": 0.0} for mark in model["marks"]]
        write(path, path, weights, {**model, "marks": marks})
    for name, weight in sorted(weights.items(), key=lambda pair: -pair[1]):
        borne = [row for row in rows if name in features(row["rule"], row["marks"])]
        right = sum(row["verdict"] != "wrong" for row in borne if row["from"] == "read")
        print(
            f"{weight:7.2f} {name:28} read {sum(row['from'] == 'read' for row in borne):4}, right {right:4}, "
            f"planted {sum(row['from'] == 'planted' for row in borne):4}"
        )


def counted(rows: list[dict[str, Any]]) -> Counter[str]:
    return Counter(f"{row['from']} {row['verdict']}" for row in rows)


def judged(rows: list[dict[str, Any]]) -> list[Judged]:
    """The findings, each with how much it counts."""
    right = sum(row["verdict"] != "wrong" for row in rows if row["from"] == "read")
    planted = sum(row["from"] == "planted" for row in rows)
    each = {"read": 1.0, "earlier": 0.05, "case": 0.33, "planted": right / max(1, planted)}
    return [Judged(features(row["rule"], row["marks"]), row["verdict"] != "wrong", each[row["from"]]) for row in rows]


def show(rows: list[dict[str, Any]], weights: dict[str, float]) -> None:
    """Predicted against actual, by tenths; all that was not read in reports apart."""
    read = calibration(judged([row for row in rows if row["from"] == "read"]), weights)
    others = calibration(judged([row for row in rows if row["from"] != "read"]), weights)
    print("  confidence   read  right or fair   mean    others")
    for tenth, beside in zip(read, others, strict=True):
        mean = "-" if tenth.mean is None else f"{tenth.mean:.2f}"
        print(
            f"  {tenth.low:.1f} to {tenth.low + 0.1:.1f} {tenth.findings:6} {tenth.right:14} {mean:>6} "
            f"{beside.findings:9}"
        )


if __name__ == "__main__":
    main()
