"""What stands beside a figure in its sentence: `equal_neighbours` and `quotes`."""

from __future__ import annotations

import numpy as np
import pandas as pd

from checker.check.spans import Bools
from checker.check.table import FIGURE, SENTENCE, Table, bundle
from checker.columns import Ints, combine


def passages(table: Table) -> tuple[Ints, Ints, Ints]:
    """For each claim a number for what its sentence prints, equal where sentences print the same, and its own figure.

    Only exact figures of a known series count; a claim that is none has -1 for its figure. Last each content with each
    figure in it, once, as one number.
    """
    if "passages" in table.memo:
        return table.memo["passages"]
    exact = table.text("qualifier")
    usable = table.codes("series") >= 0
    usable &= np.isin(exact.codes, [i for i, value in enumerate(exact.values) if value == "exact"])
    printed = np.where(usable, combine([table.codes("series"), table.codes("value"), table.codes("unit")]), -1)
    sentence = combine([table.codes("document"), table.codes("passage")])
    content = bundle(sentence, printed)
    kept = pd.unique(content[printed >= 0] * _width(printed) + printed[printed >= 0])
    table.memo["passages"] = content, printed, np.sort(kept)
    return table.memo["passages"]


def equal_neighbours(table: Table, a: Ints, b: Ints) -> Ints:
    """For each pair of claims, how many other figures their sentences have in common."""
    content, printed, kept = passages(table)
    width = _width(printed)
    pairs, pair = np.unique(np.stack([content[a], content[b]]), axis=1, return_inverse=True)
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


def quoted(table: Table, a: Ints, b: Ints) -> Bools:
    """For each pair of claims, whether the sentence of the first states the figure of the second as well."""
    sentence, figure = table.together(SENTENCE), table.together(FIGURE)
    said: Bools = np.isin(sentence[a] * _width(figure) + figure[b], sentence * _width(figure) + figure)
    return said & (table.codes("passage")[a] >= 0)


def _width(printed: Ints) -> int:
    return int(printed.max(initial=-1)) + 2
