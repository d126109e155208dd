"""Whether the original of a report and a text made of it give the same claims.

    python benchmarks/originals.py FILES CORPUS [--missing]

FILES holds originals (HTML, PDF, DOCX, XLSX) and CORPUS, under the same folders and stems, their texts. For each
original it prints how many claims the prose of the text states, and which share of them the original gives too, in its
prose or its tables: by value, unit and metric, and by value and unit alone. A figure that is stated twice is to be
found twice. Then the totals by format. --missing prints each claim that is not found, with its sentence. Neither
folder is part of the project.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from pathlib import Path

from checker.errors import CheckerError
from checker.extract import extract
from checker.model import Claim
from checker.read import document_of, read_file

READ = (".html", ".pdf", ".docx", ".xlsx")


class Score:
    """Claims of texts, and how many of them the originals give."""

    def __init__(self) -> None:
        self.files = self.claims = self.whole = self.figures = 0

    def add(self, other: Score) -> None:
        self.files += other.files
        self.claims += other.claims
        self.whole += other.whole
        self.figures += other.figures

    def __str__(self) -> str:
        shares = (f"{count / self.claims:.3f}" if self.claims else "-" for count in (self.whole, self.figures))
        return "{:>6} {:>10} {:>11}".format(self.claims, *shares)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--missing", action="store_true", help="print the claims that are not found")
    args = parser.parse_args()
    totals: dict[str, Score] = {}
    print("claims      whole value+unit")
    for original, text in pairs(args.files, args.corpus):
        try:
            score, missing = compared(claims(text), claims(original))
        except CheckerError as error:
            print(f"{original.relative_to(args.files)}: {error}")
            continue
        print(f"{score} {original.relative_to(args.files)}", flush=True)
        for claim in missing if args.missing else ():
            print(f"    {claim.line}: {claim.text} [{claim.metric}] {claim.sentence[:100]!r}")
        for name in (original.suffix, "all"):
            totals.setdefault(name, Score()).add(score)
    for name, total in sorted(totals.items()):
        print(f"{total} {name}, {total.files} files")


def pairs(files: Path, corpus: Path) -> Iterator[tuple[Path, Path]]:
    for original in sorted(files.rglob("*")):
        text = corpus / original.relative_to(files).with_suffix(".txt")
        if original.suffix in READ and text.is_file():
            yield original, text


def claims(path: Path) -> list[Claim]:
    return extract(document_of(read_file(path), str(path)))[0]


def compared(text: Sequence[Claim], original: Sequence[Claim]) -> tuple[Score, list[Claim]]:
    """How many claims of the prose of a text an original gives, and those that it does not."""
    prose = [claim for claim in text if claim.anchor.table is None]
    score = Score()
    score.files, score.claims = 1, len(prose)
    given = Counter(map(_whole, original))
    missing = [claim for claim in prose if not _taken(given, _whole(claim))]
    figures = Counter(map(_figure, original))
    score.whole = len(prose) - len(missing)
    score.figures = sum(_taken(figures, _figure(claim)) for claim in prose)
    return score, missing


def _taken(left: Counter[Hashable], key: Hashable) -> bool:
    left[key] -= 1
    return left[key] >= 0


def _figure(claim: Claim) -> Hashable:
    return claim.value, claim.unit


def _whole(claim: Claim) -> Hashable:
    return claim.value, claim.unit, claim.metric


if __name__ == "__main__":
    main()
