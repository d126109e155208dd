"""Which reading of a text its own figures bear out.

Where words alone do not say which amounts a total adds up, or what a share is taken of, a text is read in its favour:
of the readings that its words allow, the first whose figures agree is meant. Where none agrees, the only reading of
words that leave nothing open is meant, or else the one that a slip of one figure keeps from agreeing. Else nobody
knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from checker.model import Claim, Interval

# A figure of so few digits agrees with another by chance once a digit may be another one, or two are swapped.
_DIGITS, _SWAPPED = 4, 3
_UNITS = (4, -4, 8, -8)
_HALF = Decimal("0.5")
# Figures that are rounded more coarsely than this, in units of the last digit of another, tell nothing of it.
_ROUNDED = 30


def meant(
    claims: Sequence[Claim], readings: Sequence[Sequence[int]], whole: int, *, closed: bool = False
) -> Sequence[int] | None:
    """Which of these lists of amounts makes up the whole, the plainest first; None where nobody can say.

    `closed`: the words leave it at the first of them.
    """
    fitting = that_adds_up(claims, readings, whole)
    if fitting or not readings:
        return fitting
    if closed:
        return readings[0]
    total = claims[whole].value
    return next((parts for parts in readings if but_for_a_slip(claims, parts, total, whole)), None)


def that_adds_up(claims: Sequence[Claim], readings: Iterable[Sequence[int]], whole: int) -> Sequence[int] | None:
    """The one of these lists of amounts that makes up the whole most nearly, if but for rounding; else None."""
    fitting = [parts for parts in readings if parts and adds_up(claims, parts, claims[whole].interval)]
    return min(fitting, key=lambda parts: abs(sum(claims[i].value for i in parts) - claims[whole].value), default=None)


def adds_up(claims: Sequence[Claim], parts: Sequence[int], whole: Interval) -> bool:
    """Whether amounts make up a whole, but for rounding."""
    total = Interval.point(Decimal(0))
    for i in parts:
        total += claims[i].interval
    return total.meets(whole)


def but_for_a_slip(
    claims: Sequence[Claim],
    parts: Sequence[int],
    total: Decimal,
    whole: int | None = None,
    *,
    digits: int = _DIGITS,
) -> bool:
    """Whether amounts would make up this total if one figure of theirs, or the whole, had no slip of the pen.

    A figure of fewer `digits` agrees with another by chance too often.
    """
    more = sum((claims[i].value for i in parts), Decimal(0)) - total
    if len(parts) < 2 or not more:
        return False
    wanted = [(i, claims[i].value - more) for i in parts]
    terms = list(parts)
    if whole is not None:
        wanted.append((whole, total + more))
        terms.append(whole)
    slack = _HALF * sum((claims[i].step for i in terms), Decimal(0))
    return any(_slips_from(claims[i], amount, slack - _HALF * claims[i].step, digits) for i, amount in wanted)


def _slips_from(claim: Claim, amount: Decimal, slack: Decimal, fewest: int) -> bool:
    """Whether a figure is this amount, give or take what others are rounded by, with one slip.

    A digit changed, dropped, added, two swapped, or another unit.
    """
    if amount <= 0 or claim.step <= 0 or not claim.value:
        return False
    if any(abs(claim.value.scaleb(by) - amount) <= slack + claim.step.scaleb(by) * _HALF for by in _UNITS):
        return True
    printed = claim.value / claim.step
    if printed != int(printed):
        return False
    for by in (0, -1, 1):
        step = claim.step.scaleb(by)
        # A digit that was dropped or doubled behind the point leaves what stands before it.
        if by and int(claim.value / _point(claim)) != int(amount / _point(claim)):
            continue
        lowest, highest = int((amount - slack) / step), int((amount + slack) / step)
        if highest - lowest > _ROUNDED:
            continue
        for wanted in range(lowest, highest + 1):
            if abs(wanted * step - amount) <= slack and _one_slip(str(int(printed)), str(wanted), fewest, by != 0):
                return True
    return False


def _point(claim: Claim) -> Decimal:
    """How much a one before the point of a printed figure is."""
    return claim.step.scaleb(len(claim.number.partition(".")[2]))


def _one_slip(printed: str, meant: str, fewest: int, shifted: bool) -> bool:
    if len(printed) == len(meant):
        off = [k for k, (a, b) in enumerate(zip(printed, meant, strict=True)) if a != b]
        if shifted:
            return False
        if len(off) == 2 and off[1] == off[0] + 1:
            swapped = printed[off[0]] + printed[off[1]] == meant[off[1]] + meant[off[0]]
            return len(printed) >= min(_SWAPPED, fewest) and swapped
        return len(off) == 1 and len(printed) >= fewest
    short, long = sorted((printed, meant), key=len)
    if len(long) - len(short) != 1 or min(len(short), len(short.rstrip("0")) + 1) < fewest:
        return False
    return short in _without_one(long)


def _without_one(digits: str) -> Iterator[str]:
    yield digits[:-1]
    for (k, digit), (_, following) in pairwise(enumerate(digits)):
        if digit != following:
            yield digits[:k] + digits[k + 1 :]


def is_share(share: Claim, part: Claim, whole: Claim, of_whole: Claim | None = None) -> bool:
    """Whether a share in % is the part divided by the whole; with `of_whole`, by that of which it states the share."""
    if None in (share.low, share.high, part.low, part.high, whole.low, whole.high) or whole.value <= 0:
        return False
    times = of_whole.interval if of_whole else Interval.point(Decimal(100))
    if times.low is None or times.high is None:
        return False
    low, high = part.low * times.low, part.high * times.high  # type: ignore[operator]
    return low <= share.high * whole.high and share.low * whole.low <= high  # type: ignore[operator]
