"""What the weights of rules/vocabulary/alignment.yaml rest on: how often pairs of figures reach each level.

    python benchmarks/weights.py [--gold FOLDER] [--cases FOLDER] [CORPUS ...]

Pairs that state the same fact are labelled ones (pairs of figures that agree or should, in the gold labels and in
cases that expect a flag), and figures of two documents of one folder of the corpus that print the same amount of four
digits or more for one period; the latter say nothing of the comparison of values. Pairs that do not are random ones of
figures of one kind of unit in the same two documents. Both are compared as the checker compares them; a level that m
of the former and u of the latter reach has log2(m / u) bits, with half a pair added to each count. Beside it stands
the weight of the data file; the two differ where one comparison depends on another, or a level is a veto.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from math import log2
from pathlib import Path
from typing import Any

from checker.align import Alignment, align
from checker.align.figures import significant_digits
from checker.align.weights import prior, weights
from checker.extract import extract
from checker.model import Claim, Match
from checker.read import read

# Random pairs for each collection that has so many claims; from so many digits on equal figures are no chance.
RANDOM, MANY, LONG = 1000, 200, 4
# The names under which evidence shows a comparison of another name.
SHOWN = {"concept": "metric", "neighbour": "neighbours"}

Pair = tuple[Alignment, Claim, Claim]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    gold = Path(__file__).resolve().parent.parent.parent / "shared" / "gold"
    parser.add_argument("--gold", type=Path, default=gold, help="folder of the gold labels")
    parser.add_argument("--cases", type=Path, help="folder of cases (audits.jsonl), if any")
    parser.add_argument("corpus", nargs="*", type=Path, help="folders whose documents speak of one place")
    args = parser.parse_args()
    labelled = [*seeds(args.gold), *pairs_of_corpus(args.gold), *(cases(args.cases) if args.cases else ())]
    equal, others = [], []
    for alignment in (aligned([folder]) for folder in args.corpus):
        equal += list(equal_figures(alignment))
        others += list(random_pairs(alignment))
    for alignment in {id(pair[0]): pair[0] for pair in labelled}.values():
        others += list(random_pairs(alignment))
    print(f"{len(labelled)} labelled pairs, {len(equal)} that print one long figure, {len(others)} random ones")
    report(levels(labelled), levels(equal), levels(others))


def aligned(paths: Sequence[Path]) -> Alignment:
    documents, _ = read(paths)
    return align([claim for document in documents for claim in extract(document)[0]], documents)


def at(alignment: Alignment, name: str, line: int | None, number: str) -> Claim | None:
    """The claim of a document, by the end of its path, its line and its number."""
    return next(
        (
            claim
            for claim in alignment.claims.values()
            if Path(claim.document).name.startswith(name) and claim.number == number and line in (None, claim.line)
        ),
        None,
    )


def rows(path: Path) -> Iterator[dict[str, Any]]:
    yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


def seeds(gold: Path) -> Iterator[Pair]:
    alignment = aligned([gold.parent / "seeds"])
    for row in rows(gold / "seeds" / "cross.jsonl"):
        if row["expect"] in ("agree", "flag") and row.get("kind") not in ("plan", "partly-updated", "cumulative"):
            yield from found(
                alignment, [(name, int(line), number) for name, line, number in (c.split(":") for c in row["claims"])]
            )


def pairs_of_corpus(gold: Path) -> Iterator[Pair]:
    known: dict[tuple[str, str], Alignment] = {}
    for row in rows(gold / "dev" / "pairs.jsonl"):
        if row["expect"] in ("agree", "flag"):
            a, b = ((path, line, number) for path, line, number in (row["a"], row["b"]))
            folder = gold.parent / "corpus"
            key = (a[0], b[0])
            if key not in known:
                known[key] = aligned([folder / a[0], folder / b[0]])
            yield from found(known[key], [(Path(path).name, line, number) for path, line, number in (a, b)])


def cases(folder: Path) -> Iterator[Pair]:
    for row in rows(folder / "audits.jsonl"):
        wanted = [bound for bound in row["binds"] if len(bound) == 2]
        if row["expect"] != "flag" or len(row["documents"]) != 2 or not wanted:
            continue
        with tempfile.TemporaryDirectory() as place:
            for name, text in row["documents"].items():
                Path(place, name).write_text(text, encoding="utf-8")
            if row.get("manifest"):
                entries = [f"  {name}: {json.dumps(said)}" for name, said in row["manifest"].items()]
                Path(place, "manifest.yaml").write_text("documents:\n" + "\n".join(entries) + "\n", encoding="utf-8")
            alignment = aligned([Path(place)])
        for one, other in wanted:
            sides = [at(alignment, "", None, number) for number in (one, other)]
            a, b = sides
            if a and b and a.document != b.document:
                yield alignment, a, b


def found(alignment: Alignment, places: Iterable[tuple[str, int, str]]) -> Iterator[Pair]:
    sides = [at(alignment, *place) for place in places]
    for a, b in combinations([side for side in sides if side], 2):
        if a.document != b.document:
            yield alignment, a, b


def equal_figures(alignment: Alignment) -> Iterator[Pair]:
    """Figures of two documents that print one long amount for one period."""
    groups: dict[tuple[Any, ...], list[Claim]] = defaultdict(list)
    for claim in alignment.claims.values():
        if significant_digits(claim.number) >= LONG:
            groups[claim.value, claim.dimension, claim.period_start, claim.period_end].append(claim)
    for group in groups.values():
        if len(group) == 2 and group[0].document != group[1].document:
            yield alignment, group[0], group[1]


def random_pairs(alignment: Alignment) -> Iterator[Pair]:
    """Any two figures of one kind of unit in two documents: where there are many, hardly ever one fact."""
    chance = random.Random(1)
    claims = list(alignment.claims.values())
    kinds: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        kinds[claim.dimension].append(claim)
    for _ in range(RANDOM if len(claims) >= MANY else 0):
        a = chance.choice(claims)
        b = chance.choice(kinds[a.dimension])
        if a.document != b.document:
            yield alignment, a, b


def levels(pairs: Iterable[Pair]) -> tuple[int, Counter[tuple[str, str]]]:
    """How many pairs there are, and how many of them reach each level of each comparison."""
    count: Counter[tuple[str, str]] = Counter()
    total = 0
    for alignment, a, b in pairs:
        count.update(reached(alignment.match(a.id, b.id)))
        total += 1
    return total, count


def reached(match: Match) -> dict[tuple[str, str], int]:
    """The levels that a match shows; a comparison that it leaves out weighs nothing, and is of a level that does."""
    shown = {(SHOWN.get(row.what, row.what), row.weight) for row in match.evidence}
    found = {}
    for comparison in COMPARISONS:
        mine = {weight for what, weight in shown if what == comparison} or {0}
        for level, weight in weights(comparison).items():
            if weight in mine:
                found[comparison, level] = 1
                break
    return found


COMPARISONS = ("metric", "owner", "subject", "tier", "account", "attribute", "basis", "whole", "period", "modality")
COMPARISONS += ("value", "rank", "neighbours")


def report(
    labelled: tuple[int, Mapping[tuple[str, str], int]],
    equal: tuple[int, Mapping[tuple[str, str], int]],
    others: tuple[int, Mapping[tuple[str, str], int]],
) -> None:
    print("\n| comparison | level | same | not | bits | weight |\n|---|---|---|---|---|---|")
    print(f"| prior | | | | | {prior()} |")
    for comparison in COMPARISONS:
        # Pairs taken for their equal figures say nothing of values.
        samples = [labelled] if comparison == "value" else [labelled, equal]
        total = sum(size for size, _ in samples)
        for level, weight in weights(comparison).items():
            same = sum(count[comparison, level] for _, count in samples)
            different = others[1][comparison, level]
            bits = log2((same + 0.5) / (total + 1)) - log2((different + 0.5) / (others[0] + 1))
            shares = f"{same} of {total} | {different} of {others[0]}"
            print(f"| {comparison} | {level} | {shares} | {bits:+.1f} | {weight:+g} |")


if __name__ == "__main__":
    main()
