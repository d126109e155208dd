"""Which reading of a text its own figures bear out.

Where words alone do not say which amounts a total adds up, or what a share is taken of, a text is read in its favour:
of the readings that its words allow, the first whose figures agree is meant. Where none agrees, the caller takes the
plainest, or none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from checker.model import Claim, Interval


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


def is_share(share: Claim, part: Claim, whole: Claim, of_whole: Claim | None = None) -> bool:
    """Whether a share in % is the part divided by the whole; with `of_whole`, by that of which it states the share."""
    if None in (share.low, share.high, part.low, part.high, whole.low, whole.high) or whole.value <= 0:
        return False
    times = of_whole.interval if of_whole else Interval.point(Decimal(100))
    if times.low is None or times.high is None:
        return False
    low, high = part.low * times.low, part.high * times.high  # type: ignore[operator]
    return low <= share.high * whole.high and share.low * whole.low <= high  # type: ignore[operator]
