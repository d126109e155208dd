"""Alignment: made-up claims of growing number to their facts, and a record-linkage library over the same table.

The table of each size is made in one process and measured in others, so that peak memory is that of the work alone.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import apart
import pandas as pd
from speed import peak_megabytes

SIZES = (10_000, 100_000, 1_000_000, 5_000_000)
# The record-linkage library is given no more than this: it compares claims, not phrases.
MOST_LINKED = 1_000_000
TIMEOUT = 1800


def measured_apart(sizes: Sequence[int]) -> Iterator[tuple[str, str]]:
    linkable = find_spec("splink") is not None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "claims.pickle"
        for size in sizes:
            _run("make", str(size), str(path))
            seconds, before, peak, facts, pairs, each = _run("aligned", str(path))
            rate = f"{seconds:.2f} s, {size / seconds:,.0f} claims/s; {facts:,.0f} facts"
            yield f"{size:,} claims", f"{rate}; {_memory(peak, size)}, {before:,.0f} MB of it the table"
            cost = f"{pairs:,.0f}, {each * 1e6:.1f} µs each, {pairs * each / seconds:.0%} of the time"
            yield "pairs of phrases compared one by one", cost
            if linkable and size <= MOST_LINKED:
                longer, _, peak, facts = _run("linked", str(path))
                times = f"{longer:.1f} s, {longer / seconds:.0f} times as long; {facts:,.0f} clusters"
                yield f"the same by {_versions()}", f"{times}; {_memory(peak, size)}"
        if not linkable:
            yield "the same by Splink", "not measured: the group `bench` is not installed"


def make(size: str, path: str) -> None:
    import madeup

    from checker.vocabulary import words

    claims = madeup.claims(int(size), words("metrics")["metrics"])
    madeup.reworded(claims).to_pickle(path)


def aligned(path: str) -> tuple[float, float, float, int, int, float]:
    """Seconds, megabytes before and at the most, how many facts there are, and what comparing two phrases costs."""
    from checker.align import align_table
    from checker.align.phrases import Phrases, phrases

    claims = pd.read_pickle(path)
    phrases()  # the vocabulary is read once in a process, for whatever size
    before, started = peak_megabytes(), time.perf_counter()
    facts = align_table(claims)["fact"]
    seconds, peak, pairs = time.perf_counter() - started, peak_megabytes(), Phrases.likeness.cache_info().misses
    return seconds, before, peak, facts.nunique(), pairs, _cost_of_likeness(claims["metric"].unique()[:200])


def _cost_of_likeness(metrics: Sequence[str]) -> float:
    """Seconds for comparing two phrases, none of which was compared before."""
    from checker.align.phrases import Phrases, normalise, phrases

    known, normal = phrases(), [normalise(metric) for metric in metrics]
    started = time.perf_counter()
    for left in normal:
        for right in normal:
            Phrases.likeness.__wrapped__(known, left, right)
    return (time.perf_counter() - started) / max(1, len(normal)) ** 2


def linked(path: str) -> tuple[float, float, float, int]:
    """The same by Splink: claims alike in what alignment keeps apart are compared by their phrases, and clustered."""
    import splink.comparison_library as compare
    from splink import Linker, SettingsCreator, block_on
    from splink.backends.duckdb import DuckDBAPI

    claims = pd.read_pickle(path)
    apart = ["dimension", "attribute", "place", "period_start", "period_end", "modality"]
    claims = claims[["id", "metric", "value", *apart]].assign(value=claims["value"].astype(str))
    before, started = peak_megabytes(), time.perf_counter()
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=[compare.JaroWinklerAtThresholds("metric", [0.9, 0.8]), compare.ExactMatch("value")],
        blocking_rules_to_generate_predictions=[block_on(*apart)],
        retain_matching_columns=False,
    )
    linker = Linker(DuckDBAPI().register(claims), settings, log_level=None)
    linker.training.estimate_u_using_random_sampling(seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on(*apart, "value"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on(*apart, "metric"))
    pairs = linker.inference.predict(threshold_match_probability=0.5)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, 0.5).as_pandas_dataframe()
    return time.perf_counter() - started, before, peak_megabytes(), clusters["cluster_id"].nunique()


def _run(*arguments: str) -> list[float]:
    figures: list[float] = apart.run(__file__, *arguments, timeout=TIMEOUT)[-1]
    return figures


def _memory(peak: float, size: int) -> str:
    return f"{peak:,.0f} MB, {peak * 1e6 / size:,.0f} bytes a claim" if peak else "memory not measured on this system"


def _versions() -> str:
    from importlib.metadata import version

    return f"Splink {version('splink')} on DuckDB {version('duckdb')}"


if __name__ == "__main__":
    print(json.dumps({"make": make, "aligned": aligned, "linked": linked}[sys.argv[1]](*sys.argv[2:])))
