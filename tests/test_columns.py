"""Numbers for combinations of columns."""

from __future__ import annotations

import numpy as np
import pytest

from checker.columns import combine


@pytest.mark.parametrize("largest", [5, 10**6, 2**32 - 2])
def test_a_combination_has_one_number_however_wide_its_columns(largest: int) -> None:
    rng = np.random.default_rng(largest)
    some = np.append(rng.integers(0, largest, 4), [largest, -1])
    columns = [rng.choice(some, 400) for _ in range(4)]
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    first = {row: i for i, row in reversed(list(enumerate(rows)))}
    numbers = {row: number for number, row in enumerate(sorted(first, key=first.__getitem__))}
    assert combine(columns).tolist() == [numbers[row] for row in rows]
    known = combine(columns, unknown=True).tolist()
    assert known == [-1 if -1 in row else numbers[row] for row in rows]
