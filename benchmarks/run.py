"""Print what the checker reaches as Markdown tables: quality, speed, readers, alignment, rules and all else.

    python benchmarks/run.py                     everything: 10 MB of text, 5,000,000 claims aligned, 1,000,000 checked
    python benchmarks/run.py --quick             1 MB of text, 1,000,000 claims aligned, 100,000 checked
    python benchmarks/run.py --only speed        or quality, readers, align, rules, collection, start or review

Quality needs labelled documents, which are not part of the project: a folder with score.py, pairs.py, plant.py and
labels, and beside it the folder corpus/. Where it is absent the table says so; so it does where Splink, which alignment
is held against, is not installed (dependency group bench).
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import align
import collection
import quality
import readers
import review
import speed
import start

import rules

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("quality", "speed", "readers", "align", "rules", "collection", "start", "review")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=10, help="how much text to measure speed over (default 10)")
    parser.add_argument("--quick", action="store_true", help="the same as --megabytes 1, without the most claims")
    parser.add_argument("--only", choices=PARTS, action="append", help="measure this part alone; may be repeated")
    parser.add_argument("--gold", type=Path, default=ROOT.parent / "shared" / "gold", help="folder of the gold labels")
    args = parser.parse_args()
    megabytes = 1 if args.quick else args.megabytes
    if not 0 < megabytes <= 1000:
        parser.error("--megabytes is more than 0 and at most 1000")

    os.chdir(ROOT)
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    print(f"{platform.python_implementation()} {platform.python_version()}, {system}")
    parts = {
        "quality": lambda: quality.rows(args.gold),
        "speed": lambda: speed.measured_apart(megabytes, args.gold.parent / "corpus"),
        "readers": lambda: readers.measured_apart(0.1 if args.quick else 1),
        "align": lambda: align.measured_apart(align.SIZES[:-1] if args.quick else align.SIZES),
        "rules": lambda: rules.measured_apart(rules.SIZES[:-1] if args.quick else rules.SIZES),
        "collection": lambda: collection.measured_apart(2_000 if args.quick else 100_000),
        "start": start.measured_apart,
        "review": review.measured_apart,
    }
    for part in args.only or PARTS:
        print(f"\n| {part} | |\n|---|---|", flush=True)
        try:
            for what, figure in parts[part]():
                print(f"| {what} | {figure} |", flush=True)
        except (RuntimeError, subprocess.TimeoutExpired) as error:
            sys.exit(f"{part}: {error}")


if __name__ == "__main__":
    main()
