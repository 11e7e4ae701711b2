"""Rows in their orders: those that are put into their places are where they would be if all were sorted anew."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.store.arrangement import arranged, rearranged

#: A card: whether it is there, its story, its date, its value of a column.
CARD = st.tuples(st.booleans(), st.integers(-5, 5), st.integers(0, 3), st.integers(0, 2))


def columns(rows):
    alive, story, dated, codes = (np.array(column) for column in zip(*rows, strict=True))
    there = np.flatnonzero(alive).astype(np.int32)
    return (
        alive.astype(np.bool_),
        story.astype(np.int64),
        dated.astype(np.int64),
        {"state": (there, codes[there].astype(np.int32))},
    )


@given(
    st.lists(CARD, min_size=1, max_size=20),
    st.dictionaries(st.integers(0, 25), CARD, min_size=1, max_size=6),
    st.data(),
)
def test_what_is_put_into_its_place_is_where_sorting_puts_it(before, changes, data):
    after = [*before, *((False, 0, 0, 0) for _ in range(max(changes) + 1 - len(before)))]
    for row, card in changes.items():
        after[row] = card
    old = arranged(*columns(before))
    alive, story, dated, pairs = columns(after)
    changed = np.isin(np.arange(len(after)), [*changes, *range(len(before), len(after))])
    rows, codes = pairs["state"]
    some = {"state": (rows[changed[rows]], codes[changed[rows]])}
    moved = len(after) > len(before) or any(before[row][:3:2] != after[row][:3:2] for row in changes)

    new, fresh = rearranged(old, changed, alive, story, dated, some, moved=moved), arranged(alive, story, dated, pairs)

    assert new.order.tolist() == fresh.order.tolist()
    assert new.leading(new.order).tolist() == fresh.leading(fresh.order).tolist()
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=len(after), max_size=len(after))))
    expected = [
        len({story for at, (there, story, _, value) in enumerate(after) if there and mask[at] and value == code})
        for code in range(3)
    ]
    assert new.columns["state"].stories(mask, 3).tolist() == expected
    assert fresh.columns["state"].stories(mask, 3).tolist() == expected
