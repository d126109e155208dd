"""How many planted slips are flagged, by kind and by what bears the figure out.

    python benchmarks/planted.py CORPUS [--seed N] [--only NAME] [--missed]

CORPUS holds folders of reports, each folder of one place; it is no part of the project. Reports of a folder are
audited by pairs. Figures that both state alike, and figures that a total, a share or a growth rate of the same report
bears out, get one slip each, few at a time, none in the table of another nor in what bears another out, and the pair is
audited again, several times. A slip counts that lies outside the rounding of the figure and of what bears it out; it is
flagged where an error or warning binds it. --missed prints those that are not.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from checker.metrics import metrics
from checker.model import Audit, Claim, Document, Finding, Interval
from checker.pipeline import audit_documents
from checker.read import parse, read

LOUD = ("error", "warning")
# Slips stand so many claims apart: the rows and columns of a table bear one another out, and reports have few slips.
APART = 150
# So often a pair is audited with slips.
ROUNDS = 4
# Figures of fewer digits are too often alike by chance.
DIGITS = 3
HUNDRED = Decimal(100)
UNITS = {"亿": "万", "万": "亿"}
SIGNS = {"增长": "下降", "下降": "增长"}
FIGURE = re.compile(r"(?:[1-9]\d*|[1-9]\d{0,2}(?:,\d{3})+)(?:\.\d+)?|0\.\d+")
_SIGNED = re.compile("(增长|下降)[了约为 ]?$")


class Witness(NamedTuple):
    """What bears figures out: the intervals of these by claim, and whether some intervals in their place agree."""

    name: str
    figures: dict[str, Interval]
    holds: Callable[[Mapping[str, Interval]], bool]

    def notices(self, claim: Claim, slipped: Interval) -> bool:
        """Whether the figures no longer agree once one of them is another."""
        return not self.holds({**self.figures, claim.id: slipped})


class Slip(NamedTuple):
    """What stands in a text in place of what was printed; `witness` is what bears the printed figure out."""

    claim: Claim
    kind: str
    witness: Witness
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
        planted[slip.kind, slip.witness.name] += 1
        flagged[slip.kind, slip.witness.name] += bool(loud)
        sure[slip.kind].append(max((finding.confidence for finding in outcome.findings), default=0.0))
        if args.missed and not loud:
            c, why = slip.claim, slip.witness.name
            heard = [(f.rule, round(f.confidence, 2)) for f in outcome.findings]
            print(f"{c.document}:{c.line} {c.metric} {c.text} -> {slip.text} ({slip.kind}, {why}) {heard}")
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
            for slips in spread(planned(audit, draw)):
                yield from found(audit, slips)


def planned(audit: Audit, draw: random.Random) -> Iterator[Slip]:
    """A slip for each figure that is borne out and of which nothing is said, in random order."""
    texts = {document.path: document.text for document in audit.documents}
    bound = {id for finding in audit.findings for id in finding.claims}
    borne = [(claim, witnesses) for claim, witnesses in witnessed(audit) if claim.id not in bound]
    draw.shuffle(borne)
    for claim, witnesses in borne:
        kinds = list(KINDS)
        draw.shuffle(kinds)
        for kind in kinds:
            if slip := planted(claim, kind, witnesses, texts[claim.document], draw):
                yield slip
                break


def spread(slips: Iterable[Slip]) -> list[list[Slip]]:
    """The slips of each round: far enough from one another, and none in what bears another out."""
    rounds: list[list[Slip]] = [[] for _ in range(ROUNDS)]
    for slip in slips:
        fitting = (some for some in rounds if all(go_together(slip, other) for other in some))
        next(fitting, []).append(slip)
    return [some for some in rounds if some]


def go_together(a: Slip, b: Slip) -> bool:
    """Whether two slips may stand in the texts at the same time."""
    near = a.claim.document == b.claim.document and abs(a.claim.order - b.claim.order) < APART
    return not near and a.claim.id not in b.witness.figures and b.claim.id not in a.witness.figures


def witnessed(audit: Audit) -> Iterator[tuple[Claim, list[Witness]]]:
    """Exact figures of enough digits, and what else in the texts bears each of them out."""
    claims = {claim.id: claim for claim in audit.claims}
    found: dict[str, list[Witness]] = defaultdict(list)
    for witnesses in (twice(audit, claims), summed(audit, claims), shared(claims), grown(audit)):
        for witness in witnesses:
            for id in witness.figures:
                found[id].append(witness)
    for id, known in found.items():
        claim = claims[id]
        telling = len(re.sub(r"\D", "", claim.number).strip("0")) >= DIGITS
        if telling and claim.qualifier == "exact" and not claim.number_to:
            yield claim, known


def twice(audit: Audit, claims: dict[str, Claim]) -> Iterator[Witness]:
    """Figures that two documents state alike."""
    for fact in audit.facts:
        stated = [claims[id] for id in fact.claims]
        if len({claim.document for claim in stated}) > 1 and len({(claim.value, claim.unit) for claim in stated}) == 1:
            yield Witness("twice", {claim.id: claim.interval for claim in stated}, all_meet)


def all_meet(figures: Mapping[str, Interval]) -> bool:
    first, *others = figures.values()
    return all(first.meets(other) for other in others)


def summed(audit: Audit, claims: dict[str, Claim]) -> Iterator[Witness]:
    """Totals and parts of lists that add up.

    Where they do so to the digit, 10亿元 among 9.49亿元 is taken to be 10.00亿元, and any to be rounded or cut off.
    """
    lists: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in audit.claims:
        if claim.part_of and claim.listing:
            lists[claim.part_of, claim.listing].append(claim)
    for (whole, _), parts in lists.items():
        terms = [claims[whole], *parts]
        if len({term.unit for term in terms}) > 1:
            continue
        figures = {term.id: printed(term) for term in terms}
        if claims[whole].value == sum(part.value for part in parts):
            finest = min(term.step for term in terms)
            figures = {term.id: around(term.value, 2 * finest) for term in terms}
        if adds_up(figures):
            yield Witness("total", figures, adds_up)


def adds_up(figures: Mapping[str, Interval]) -> bool:
    """Whether the first is the sum of the others."""
    whole, total, *others = figures.values()
    for part in others:
        total += part
    return total.meets(whole)


def shared(claims: dict[str, Claim]) -> Iterator[Witness]:
    """Shares that are those of the amounts they are said of."""
    for claim in claims.values():
        if claim.attribute == "share" and claim.part_of and claim.subject:
            terms = claim, claims[claim.subject], claims[claim.part_of]
            witness = Witness("share", {term.id: printed(term) for term in terms}, is_share)
            if terms[1].unit == terms[2].unit and is_share(witness.figures):
                yield witness


def is_share(figures: Mapping[str, Interval]) -> bool:
    """Whether the first is the second in % of the third."""
    share, part, whole = figures.values()
    return within(part, whole, share)


def grown(audit: Audit) -> Iterator[Witness]:
    """Growth over a level of the year before in one report, where the two levels bear it out."""
    stated: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
    for c in audit.claims:
        if c.attribute == "growth" and (
            metrics().prices_of(c.concept)[1] == "constant" or metrics().growth_basis_of(c.concept)
        ):
            continue  # where the levels agree with it all the same they do so by chance
        if c.attribute == "level" or (c.attribute == "growth" and c.unit == "%" and not (c.base or c.basis)):
            unit = c.unit if c.attribute == "level" else ""
            stated[thing(c), unit, c.period_start, c.period_end].append(c)
    for (about, unit, *period), now in stated.items():
        then = stated.get((about, unit, *map(year_before, period)), []) if unit else []
        rates = stated.get((about, "", *period), [])
        if len(now) == len(then) == len(rates) == 1:
            witness = Witness("growth", {c.id: printed(c) for c in (*rates, *then, *now)}, is_growth)
            if is_growth(witness.figures):
                yield witness


def thing(claim: Claim) -> tuple[object, ...]:
    """What a claim measures, whatever it says of it."""
    return claim.document, claim.concept or claim.metric, claim.place, claim.scope, claim.modality == "target"


def year_before(day: str | None) -> str | None:
    return day and f"{int(day[:4]) - 1}{day[4:]}"


def is_growth(figures: Mapping[str, Interval]) -> bool:
    """Whether the first is the growth in % from the second to the third."""
    rate, then, now = figures.values()
    return within(now, then, rate + Interval.point(HUNDRED))


def within(part: Interval, whole: Interval, percent: Interval) -> bool:
    """Whether an amount is so many percent of another one, but for rounding."""
    if None in (part.low, part.high, whole.low, whole.high, percent.low, percent.high):
        return False
    low, high = part.low * HUNDRED, part.high * HUNDRED  # type: ignore[operator]
    return bool(low <= percent.high * whole.high and percent.low * whole.low <= high)  # type: ignore[operator]


def planted(claim: Claim, kind: str, witnesses: Sequence[Witness], text: str, draw: random.Random) -> Slip | None:
    """A slip of this kind, where the figure can have it and something in the texts tells it from rounding."""
    at = text.find(claim.number, claim.start, claim.end)
    end = at + len(claim.number)
    value = claim.value
    if at < 0 or not FIGURE.fullmatch(claim.number):
        return None
    if kind == "unit":
        unit = text[end : end + 1]
        if unit not in UNITS or text[end + 1 :][:1] != "元":
            return None
        by = 4 if unit == "万" else -4
        start, stop, wrong, slipped = end, end + 1, UNITS[unit], around(value.scaleb(by), 2 * claim.step.scaleb(by))
    elif kind == "sign":
        word = _SIGNED.search(text, max(0, claim.start - 4), claim.start)
        if not word or claim.attribute != "growth":
            return None
        start, stop, wrong, slipped = *word.span(1), SIGNS[word[1]], around(-value, 2 * claim.step)
    else:
        start, stop, wrong = at, end, REWRITTEN[kind](claim.number, draw)
        if not FIGURE.fullmatch(wrong) or stands_for(wrong).meets(stands_for(claim.number)):
            return None
        unit_step = claim.step.scaleb(places(claim.number) - places(wrong))
        amount = Decimal(wrong.replace(",", "")).scaleb(places(wrong)) * unit_step
        slipped = around(amount.copy_sign(value), 2 * unit_step)
    witness = next((one for one in witnesses if one.notices(claim, slipped)), None)
    return Slip(claim, kind, witness, start, stop, wrong) if witness else None


def printed(claim: Claim) -> Interval:
    """What a figure may have been rounded or cut off from."""
    return around(claim.value, 2 * claim.step)


def around(value: Decimal, step: Decimal) -> Interval:
    """All that is not half a step from an amount."""
    return Interval(value - step / 2, value + step / 2)


def places(number: str) -> int:
    """How many digits stand behind the point."""
    return len(number.partition(".")[2])


def stands_for(number: str) -> Interval:
    """All that a number may have been rounded or cut off from."""
    return around(Decimal(number.replace(",", "")), 2 * Decimal(1).scaleb(-places(number)))


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
