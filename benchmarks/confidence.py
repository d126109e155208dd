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
import re
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from checker.vocabulary import rules_dir, words

JUDGED = Path(__file__).parent / "judged.jsonl"
# A weight is believed as far as the findings bear it out: the prior of each is normal with this deviation, around what
# the vocabulary expects of it, or 0.
DEVIATION = 1.5
STEPS, RATE = 4000, 0.05
HELD = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("judged", nargs="*", type=Path, default=[JUDGED])
    parser.add_argument("--write", action="store_true", help="put the weights into the vocabulary")
    args = parser.parse_args()
    rows = [json.loads(line) for path in args.judged for line in path.read_text(encoding="utf-8").splitlines()]
    held = [int(row["fingerprint"], 16) % HELD == 0 for row in rows]
    seen = [row for row, back in zip(rows, held, strict=True) if not back]
    kept_back = [row for row, back in zip(rows, held, strict=True) if back]
    weights = fit(seen)
    for name, some in (("fitted on", seen), ("held back", kept_back)):
        print(f"{name}: {len(some)} findings, " + ", ".join(f"{n} {v}" for v, n in sorted(counted(some).items())))
        calibration(some, weights)
    if args.write:
        weights = fit(rows)
        write(weights)
    for name, weight in sorted(weights.items(), key=lambda pair: -pair[1]):
        borne = [row for row in rows if name in features(row)]
        right = sum(row["verdict"] != "wrong" for row in borne if row["from"] == "read")
        print(
            f"{weight:7.2f} {name:28} read {sum(row['from'] == 'read' for row in borne):4}, right {right:4}, "
            f"planted {sum(row['from'] == 'planted' for row in borne):4}"
        )


def counted(rows: list[dict[str, Any]]) -> Counter[str]:
    return Counter(f"{row['from']} {row['verdict']}" for row in rows)


def features(row: dict[str, Any]) -> set[str]:
    return {f"rule {row['rule']}", *row["marks"]}


def counts(rows: list[dict[str, Any]]) -> np.ndarray[Any, Any]:
    """How much each finding counts."""
    right = sum(row["verdict"] != "wrong" for row in rows if row["from"] == "read")
    planted = sum(row["from"] == "planted" for row in rows)
    each = {"read": 1.0, "earlier": 0.05, "case": 0.33, "planted": right / max(1, planted)}
    return np.array([each[row["from"]] for row in rows])


def fit(rows: list[dict[str, Any]]) -> dict[str, float]:
    """The weights that make what was found likeliest; a mark that can only speak one way has no weight the other."""
    names = sorted({name for row in rows for name in features(row)})
    signs = {mark["id"]: mark.get("speaks") for mark in words("confidence")["marks"]}
    expected = {mark["id"]: mark.get("expected", 0.0) for mark in words("confidence")["marks"]}
    prior = np.array([expected.get(name, 0.0) for name in names])
    x = np.array([[name in features(row) for name in names] for row in rows], dtype=float)
    y = np.array([row["verdict"] != "wrong" for row in rows], dtype=float)
    count = counts(rows)
    low = np.array([0.0 if signs.get(name) == "for" else -np.inf for name in names])
    high = np.array([0.0 if signs.get(name) == "against" else np.inf for name in names])
    weight, speed = np.zeros(len(names)), np.zeros(len(names))
    for _ in range(STEPS):  # gradient descent with momentum, kept within the signs
        sure = 1 / (1 + np.exp(-(x @ weight)))
        slope = x.T @ (count * (sure - y)) + (weight - prior) / DEVIATION**2
        speed = 0.9 * speed - RATE / len(rows) ** 0.5 * slope
        weight = np.clip(weight + speed, low, high)
    return dict(zip(names, weight.round(2).tolist(), strict=True))


def calibration(rows: list[dict[str, Any]], weights: dict[str, float]) -> None:
    """Predicted against actual, by tenths; planted slips apart."""
    sure = [1 / (1 + np.exp(-sum(weights.get(name, 0.0) for name in features(row)))) for row in rows]
    print("  confidence   read  right or fair   mean   planted")
    for tenth in range(10):
        inside = [(row, s) for row, s in zip(rows, sure, strict=True) if min(9, int(s * 10)) == tenth]
        read = [(row, s) for row, s in inside if row["from"] == "read"]
        right = sum(row["verdict"] != "wrong" for row, _ in read)
        mean = f"{np.mean([s for _, s in read]):.2f}" if read else "-"
        planted = len(inside) - len(read)
        print(f"  {tenth / 10:.1f} to {tenth / 10 + 0.1:.1f} {len(read):6} {right:14} {mean:>6} {planted:9}")


def write(weights: dict[str, float]) -> None:
    path = rules_dir() / "vocabulary" / "confidence.yaml"
    text = path.read_text(encoding="utf-8")
    rules = "".join(
        f"  {name.removeprefix('rule ')}: {weight}\n" for name, weight in weights.items() if name.startswith("rule ")
    )
    text = re.sub(r"^rules:.*?\n(?=\n)", f"rules:\n{rules}", text, flags=re.M | re.S)
    for mark in words("confidence")["marks"]:
        pattern = rf"(  - id: {mark['id']}\n(?:    .*\n)*?    weight: ).*"
        text = re.sub(pattern, rf"\g<1>{weights.get(mark['id'], 0.0)}", text)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
