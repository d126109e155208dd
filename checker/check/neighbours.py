"""The measure `equal_neighbours`: what else two sentences print alike."""

from __future__ import annotations

import numpy as np

from checker.check.table import Ints, Table, bundle, combine


def passages(table: Table) -> tuple[Ints, Ints]:
    """For each claim a number for what its sentence prints, equal where sentences print the same, and its own figure.

    Only exact figures of a known series count; a claim that is none has -1 for its figure.
    """
    if "passages" in table.memo:
        return table.memo["passages"]
    exact = table.text("qualifier")
    usable = table.codes("series") >= 0
    usable &= np.isin(exact.codes, [i for i, value in enumerate(exact.values) if value == "exact"])
    printed = np.where(usable, combine([table.codes("series"), table.codes("value"), table.codes("unit")]), -1)
    sentence = combine([table.codes("document"), table.codes("passage")])
    table.memo["passages"] = bundle(sentence, printed), printed
    return table.memo["passages"]


def equal_neighbours(table: Table, a: Ints, b: Ints) -> Ints:
    """For each pair of claims, how many other figures their sentences have in common."""
    content, printed = passages(table)
    width = int(printed.max(initial=-1)) + 2
    pairs, pair = np.unique(np.stack([content[a], content[b]]), axis=1, return_inverse=True)
    # Each content with each figure in it, once.
    kept = np.unique(content[printed >= 0] * width + printed[printed >= 0])
    starts = np.searchsorted(kept, pairs[0] * width)
    counts = np.searchsorted(kept, (pairs[0] + 1) * width) - starts
    owner = np.repeat(np.arange(pairs.shape[1]), counts)
    inner = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    figures = kept[starts[owner] + inner] % width
    wanted = pairs[1][owner] * width + figures
    at = np.minimum(np.searchsorted(kept, wanted), max(len(kept) - 1, 0))
    found = kept[at] == wanted if len(kept) else np.zeros(0, dtype=bool)
    shared = np.bincount(owner, weights=found, minlength=pairs.shape[1])
    own = (printed[a] == printed[b]) & (printed[a] >= 0)
    result: Ints = shared[pair.reshape(-1)].astype(np.int64) - own
    return result
