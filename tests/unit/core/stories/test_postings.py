"""Postings against a plain dictionary, with limits so small that everything is merged, crowded and reused."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from firstwire.core.stories.postings import Order, Postings

steps = st.one_of(
    st.tuples(st.just("add"), st.integers(0, 30), st.frozensets(st.integers(0, 12), max_size=6)),
    st.tuples(st.just("drop"), st.integers(0, 30), st.just(frozenset[int]())),
    st.tuples(st.just("ask"), st.just(0), st.frozensets(st.integers(0, 13), max_size=8)),
)


def asked(postings: Postings, features: frozenset[int]) -> Counter[Order]:
    slots = postings.holders(np.array(sorted(features), np.uint32))
    return Counter(postings.order[slot] for slot in slots.tolist())


def expected(living: dict[Order, list[int]], features: frozenset[int], consulted: int) -> Counter[Order]:
    counted: Counter[Order] = Counter()
    for feature in features:
        counted.update(sorted(order for order, held in living.items() if feature in held)[-consulted:])
    return counted


@settings(deadline=None, max_examples=150)
@given(st.lists(steps, max_size=120), st.sampled_from([1, 3, 256]))
def test_the_newest_living_holders_are_found_whatever_happened_before(
    flow: list[tuple[str, int, frozenset[int]]], consulted: int
) -> None:
    postings = Postings(consulted=consulted, head_limit=5, middle_limit=11)
    slots: dict[Order, int] = {}
    living: dict[Order, list[int]] = {}
    for step, number, features in flow:
        order = (f"{number % 7}", f"{number}")
        if step == "ask":
            assert asked(postings, features) == expected(living, features, consulted)
        elif step == "drop" and order in slots:
            held = living.pop(order)
            postings.drop(slots.pop(order), lambda held=held: held)  # type: ignore[misc]
        elif step == "add" and order not in slots:
            living[order] = sorted(features)
            slots[order] = postings.add(order, sorted(features))
    assert asked(postings, frozenset(range(14))) == expected(living, frozenset(range(14)), consulted)


def test_slots_are_used_again() -> None:
    postings = Postings(head_limit=50, middle_limit=100)
    slots: list[int] = []
    for number in range(5_000):
        slots.append(postings.add((f"{number:05}", ""), [number, number + 1, number + 2]))
        if len(slots) > 20:
            postings.drop(slots.pop(0), list)
    assert len(postings.order) < 300
