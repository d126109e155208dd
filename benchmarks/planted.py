"""How many planted slips are flagged, by kind and by what bears the figure out.

    python benchmarks/planted.py CORPUS [--seed N] [--only NAME] [--missed]

CORPUS holds folders of reports, each folder of one place; it is no part of the project. Reports of a folder are
audited by pairs. Figures that both state alike, and figures that a total, a share or a growth rate of the same report
bears out, get one slip each, few at a time and none beside another, and the pair is audited again. A slip counts that
lies outside the rounding of the figure; it is flagged where an error or warning binds it. --missed prints those that
are not.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from checker.model import Audit, Claim, Document, Finding, Interval
from checker.pipeline import audit_documents
from checker.read import parse, read

LOUD = ("error", "warning")
# Slips stand so many claims apart, so that each has its neighbours.
APART = 12
# Figures of fewer digits are too often alike by chance.
DIGITS = 3
UNITS = {"亿": "万", "万": "亿"}
SIGNS = {"增长": "下降", "下降": "增长"}
FIGURE = re.compile(r"(?:[1-9]\d*|[1-9]\d{0,2}(?:,\d{3})+)(?:\.\d+)?|0\.\d+")
_SIGNED = re.compile("(增长|下降)[了约为 ]?$")


class Slip(NamedTuple):
    """What stands in a text in place of what was printed; `witness` is what bears the printed figure out."""

    claim: Claim
    kind: str
    witness: str
    start: int
    end: int
    text: str


class Outcome(NamedTuple):
    """A planted slip, the findings that bind it, and the audit they are of."""

    slip: Slip
    findings: list[Finding]
    audit: Audit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="folders whose name holds this")
    parser.add_argument("--missed", action="store_true", help="print the slips that are not flagged")
    args = parser.parse_args()
    planted, flagged = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    sure: dict[str, list[float]] = defaultdict(list)
    for outcome in outcomes(args.corpus, args.only, args.seed):
        slip, loud = outcome.slip, [finding for finding in outcome.findings if finding.level in LOUD]
        planted[slip.kind, slip.witness] += 1
        flagged[slip.kind, slip.witness] += bool(loud)
        sure[slip.kind].append(max((finding.confidence for finding in outcome.findings), default=0.0))
        if args.missed and not loud:
            c = slip.claim
            heard = [(f.rule, round(f.confidence, 2)) for f in outcome.findings]
            print(f"{c.document}:{c.line} {c.metric} {c.text} -> {slip.text} ({slip.kind}, {slip.witness}) {heard}")
    print(f"{'':10}{'planted':>8}{'flagged':>9}{'confidence, quarters':>24}")
    for name in sorted(sure):
        row = [n for (kind, _), n in planted.items() if kind == name], [n for (k, _), n in flagged.items() if k == name]
        print(line(name, *map(sum, row)) + quarters(sure[name]))
    for name in sorted({witness for _, witness in planted}):
        row = [n for (_, w), n in planted.items() if w == name], [n for (_, w), n in flagged.items() if w == name]
        print(line(name, *map(sum, row)))
    print(line("all", planted.total(), flagged.total()))


def line(name: str, planted: int, flagged: int) -> str:
    return f"{name:10}{planted:8}{flagged:9} {flagged / max(1, planted):.3f}"


def quarters(sure: Sequence[float]) -> str:
    """The confidence that a quarter, half and three quarters of the slips do not reach."""
    ordered = sorted(sure)
    return "   " + " ".join(f"{ordered[len(ordered) * part // 4]:.2f}" for part in (1, 2, 3))


def outcomes(corpus: Path, only: str, seed: int) -> Iterator[Outcome]:
    """Every slip that is planted, in order of folder, and what an audit finds of it."""
    draw = random.Random(seed)
    for folder in sorted(path for path in corpus.iterdir() if path.is_dir() and only in path.name):
        documents = read([folder])[0]
        for pair in pairwise(documents) if len(documents) > 1 else [documents]:
            audit = audit_documents(pair)
            slips = list(spread(planned(audit, draw)))
            if slips:
                yield from found(audit, slips)


def planned(audit: Audit, draw: random.Random) -> Iterator[Slip]:
    """A slip for each figure that is borne out and of which nothing is said, in random order."""
    texts = {document.path: document.text for document in audit.documents}
    bound = {id for finding in audit.findings for id in finding.claims}
    borne = [(claim, witness) for claim, witness in witnessed(audit) if claim.id not in bound]
    draw.shuffle(borne)
    for claim, witness in borne:
        kinds = list(KINDS)
        draw.shuffle(kinds)
        for kind in kinds:
            if slip := planted(claim, kind, witness, texts[claim.document], draw):
                yield slip
                break


def spread(slips: Iterator[Slip]) -> Iterator[Slip]:
    """Those that stand far enough from those before."""
    taken: dict[str, list[int]] = defaultdict(list)
    for slip in slips:
        orders = taken[slip.claim.document]
        if all(abs(slip.claim.order - order) >= APART for order in orders):
            orders.append(slip.claim.order)
            yield slip


def witnessed(audit: Audit) -> Iterator[tuple[Claim, str]]:
    """Exact figures of enough digits that something else in the texts bears out."""
    claims = {claim.id: claim for claim in audit.claims}
    seen: set[str] = set()
    for witness, ids in (("twice", twice(audit, claims)), ("total", summed(audit, claims)), ("share", shared(claims))):
        for id in ids:
            claim = claims[id]
            telling = len(re.sub(r"\D", "", claim.number).strip("0")) >= DIGITS
            if id not in seen and telling and claim.qualifier == "exact" and not claim.number_to:
                seen.add(id)
                yield claim, witness


def twice(audit: Audit, claims: dict[str, Claim]) -> Iterator[str]:
    """Figures that two documents state alike."""
    for fact in audit.facts:
        stated = [claims[id] for id in fact.claims]
        if len({claim.document for claim in stated}) > 1 and len({(claim.value, claim.unit) for claim in stated}) == 1:
            yield from fact.claims


def summed(audit: Audit, claims: dict[str, Claim]) -> Iterator[str]:
    """Totals and parts of lists that add up."""
    lists: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in audit.claims:
        if claim.part_of and claim.listing:
            lists[claim.part_of, claim.listing].append(claim)
    for (whole, _), parts in lists.items():
        if len({part.unit for part in parts} | {claims[whole].unit}) > 1:
            continue
        total = parts[0].interval
        for part in parts[1:]:
            total += part.interval
        if total.meets(claims[whole].interval):
            yield whole
            yield from (part.id for part in parts)


def shared(claims: dict[str, Claim]) -> Iterator[str]:
    """Shares that are those of the amounts they are said of."""
    for claim in claims.values():
        if claim.attribute == "share" and claim.part_of and claim.subject:
            part, whole = claims[claim.subject], claims[claim.part_of]
            if (
                whole.value
                and part.unit == whole.unit
                and abs(part.value / whole.value * 100 - claim.value) < claim.step
            ):
                yield from (claim.id, part.id, whole.id)


def planted(claim: Claim, kind: str, witness: str, text: str, draw: random.Random) -> Slip | None:
    """A slip of this kind, where the figure can have it and it lies outside the rounding."""
    at = text.find(claim.number, claim.start, claim.end)
    if at < 0:
        return None
    end = at + len(claim.number)
    if kind == "unit":
        unit = text[end : end + 1]
        return (
            Slip(claim, kind, witness, end, end + 1, UNITS[unit])
            if unit in UNITS and text[end + 1 :][:1] == "元"
            else None
        )
    if kind == "sign":
        word = _SIGNED.search(text, max(0, claim.start - 4), claim.start)
        fits = word and claim.attribute == "growth"
        return Slip(claim, kind, witness, word.start(1), word.end(1), SIGNS[word[1]]) if word and fits else None
    rewritten = REWRITTEN[kind](claim.number, draw)
    if not (FIGURE.fullmatch(claim.number) and FIGURE.fullmatch(rewritten)):
        return None
    outside = not stands_for(rewritten).meets(stands_for(claim.number))
    return Slip(claim, kind, witness, at, end, rewritten) if outside else None


def stands_for(number: str) -> Interval:
    """All that a number may have been rounded from, and a step more, since what bears it out is rounded as well."""
    value = Decimal(number.replace(",", ""))
    step = Decimal(1).scaleb(int(value.as_tuple().exponent))
    return Interval(value - step, value + step)


def swapped(number: str, draw: random.Random) -> str:
    at = [i for i in range(len(number) - 1) if number[i].isdigit() and number[i + 1].isdigit()]
    i = draw.choice(at) if at else 0
    return number[:i] + number[i + 1 : i + 2] + number[i : i + 1] + number[i + 2 :]


def dropped(number: str, draw: random.Random) -> str:
    i = draw.choice(digits(number))
    return number[:i] + number[i + 1 :]


def doubled(number: str, draw: random.Random) -> str:
    i = draw.choice(digits(number))
    return number[: i + 1] + number[i:]


def changed(number: str, draw: random.Random) -> str:
    i = draw.choice(digits(number))
    return number[:i] + draw.choice([digit for digit in "0123456789" if digit != number[i]]) + number[i + 1 :]


def digits(number: str) -> list[int]:
    return [i for i, character in enumerate(number) if character.isdigit()]


REWRITTEN: dict[str, Callable[[str, random.Random], str]] = {
    "swapped": swapped,
    "dropped": dropped,
    "doubled": doubled,
    "changed": changed,
}
KINDS = (*REWRITTEN, "unit", "sign")


def found(audit: Audit, slips: Sequence[Slip]) -> Iterator[Outcome]:
    """What is found of slips once they stand in the texts."""
    documents, where = [], {}
    for document in audit.documents:
        mine = sorted((slip for slip in slips if slip.claim.document == document.path), key=lambda slip: slip.start)
        text, moved = with_slips(document, mine)
        documents.append(text)
        where.update({(document.path, slip.claim.id): start for slip, start in zip(mine, moved, strict=True)})
    again = audit_documents(documents)
    at = {(claim.document, claim.start): claim.id for claim in again.claims}
    binding: dict[str, list[Finding]] = defaultdict(list)
    for finding in again.findings:
        for id in finding.claims:
            binding[id].append(finding)
    for slip in slips:
        id = at.get((slip.claim.document, where[slip.claim.document, slip.claim.id]))
        yield Outcome(slip, binding[id] if id else [], again)


def with_slips(document: Document, slips: Sequence[Slip]) -> tuple[Document, list[int]]:
    """A document with slips in its text, and where the claims of these begin in it."""
    pieces, starts, at, shift = [], [], 0, 0
    for slip in slips:
        pieces += [document.text[at : slip.start], slip.text]
        at = slip.end
        grown = len(slip.text) - (slip.end - slip.start)
        starts.append(slip.claim.start + shift + (grown if slip.end <= slip.claim.start else 0))
        shift += grown
    text = "".join([*pieces, document.text[at:]])
    known = {"title": document.title, "date": document.date, "place": document.place}
    return parse(text, document.path, {name: value for name, value in known.items() if value}), starts


if __name__ == "__main__":
    main()
