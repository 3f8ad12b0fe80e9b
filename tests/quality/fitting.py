"""Fits weights and heads of a network in PyTorch, on batches of examples of similar length."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from tests.quality.encoder_network import leaves

BATCH = 32
HEADS_FASTER = 10.0
"""Heads learn so many times as fast as what is there already."""
WARMED_UP = 0.06
"""Part of all steps in which the rate rises; it falls afterwards."""
DECAY = 0.01

T = TypeVar("T")


def batches_of(
    examples: Iterable[T], length_of: Callable[[T], int], lengths: Sequence[int], shuffled: random.Random
) -> list[tuple[int, list[T]]]:
    """Examples that are read together, with the length of their batch: the first of `lengths` that is enough."""
    by_length: dict[int, list[T]] = {}
    for each in examples:
        by_length.setdefault(next(one for one in lengths if length_of(each) <= one), []).append(each)
    found = []
    for length, alike in by_length.items():
        shuffled.shuffle(alike)
        found += [(length, alike[at : at + BATCH]) for at in range(0, len(alike), BATCH)]
    shuffled.shuffle(found)
    return found


def fit(
    weights: Any,
    heads: Any,
    batches: Sequence[T],
    lost_by: Callable[[T], Any],
    *,
    highest: float,
    heads_faster: float = HEADS_FASTER,
) -> None:
    """Move weights and heads, by Adam with decay of weights (Loshchilov and Hutter, 2019); the rate rises and falls.

    `lost_by`: the loss of a batch, a tensor. `highest`: the rate of learning of the weights at its highest. Of a leaf
    in two parts the first alone is moved.
    """
    import torch

    of_weights = [each[0] if isinstance(each, tuple) else each for each in leaves(weights)]
    every = [*of_weights, *leaves(heads)]
    for each in every:
        each.requires_grad_()
    groups = [{"params": of_weights, "faster": 1.0}, {"params": leaves(heads), "faster": heads_faster}]
    step = torch.optim.AdamW(groups, betas=(0.9, 0.999), eps=1e-8, weight_decay=DECAY, fused=True)
    smooth = 0.0
    for number, batch in enumerate(batches, start=1):
        rate = highest * min(1.0, number / (WARMED_UP * len(batches))) * max(0.02, 1 - number / len(batches))
        for group in step.param_groups:
            group["lr"] = rate * group["faster"]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            lost = lost_by(batch)
        step.zero_grad()
        lost.backward()
        torch.nn.utils.clip_grad_norm_(every, 1.0)
        step.step()
        smooth = 0.98 * smooth + 0.02 * float(lost)
        if number % 100 == 0:
            print(f"{number} of {len(batches)}: {smooth / (1 - 0.98**number):.3f}", flush=True)


def seeded(seed: int) -> random.Random:
    """Chance of its own; what is dropped is the same each time too, on one thread."""
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    return random.Random(seed)
