"""The rules: a made-up collection through all that are shipped, the cost of each, and how it grows with the claims."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence

import apart
from speed import peak_megabytes, peak_memory

SIZES = (10_000, 100_000, 1_000_000)
TIMEOUT = 1800


def measured_apart(sizes: Sequence[int]) -> Iterator[tuple[str, str]]:
    """The rows of each size, measured in a process of its own, so that its peak memory is that of this size alone."""
    for size in sizes:
        yield from apart.run(__file__, str(size), timeout=TIMEOUT)


def rows(size: int) -> Iterator[tuple[str, str]]:
    import madeup

    from checker.check import load_rules
    from checker.check.engine import apply
    from checker.check.fields import KINDS
    from checker.check.table import Table
    from checker.vocabulary import rules_dir, words

    claims = madeup.claims(size, words("metrics")["metrics"])
    documents, made = claims["document"].nunique(), peak_memory()
    started = time.perf_counter()
    table = Table(claims)
    for field in KINDS:  # by whichever rule a column is first asked for, all share it
        table.codes(field)
    cost = {"sorting and numbering the columns": time.perf_counter() - started}
    found = 0
    for rule in load_rules([rules_dir()]):
        before = time.perf_counter()
        found += len(apply(rule, table))
        cost[rule.id] = time.perf_counter() - before
    total = sum(cost.values())
    rate = f"{total / size * 1e5:.2f} s for 100,000 claims"
    yield f"{size:,} claims of {documents:,} documents", f"{total:.1f} s, {rate}; {found:,} findings"
    yield "of these", ", ".join(f"{name} {cost[name]:.2f} s" for name in sorted(cost, key=lambda name: -cost[name]))
    each = peak_megabytes() * 1e6 / size
    yield "peak memory", f"{peak_memory()}, {each:,.0f} bytes a claim; {made} of it before the first rule"


if __name__ == "__main__":
    for row in rows(int(sys.argv[1])):
        print(json.dumps(row), flush=True)
