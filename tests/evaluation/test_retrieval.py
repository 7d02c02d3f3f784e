"""Ranks and recalls against brute force: ties, queries without an answer, what takes no part, weights."""

import itertools

import numpy as np
import pandas as pd
import pytest

from vgsnb.evaluation.retrieval import chance_ranks, first_ranks, rank_measures


def by_brute_force(similarities, relevant):
    """The mean rank of the first right answer over every order that agrees with the similarities."""
    found = []
    for order in itertools.permutations(range(len(similarities))):
        if all(similarities[a] >= similarities[b] for a, b in itertools.pairwise(order)):
            found.append(1 + [relevant[place] for place in order].index(True))
    return np.mean(found)


def test_ranks_are_means_over_all_orders_of_ties() -> None:
    rng = np.random.default_rng(0)
    similarities, relevant = rng.integers(0, 3, (40, 6)).astype(np.float32), rng.random((40, 6)) < 0.4
    relevant[:, 0] |= ~relevant.any(axis=1)
    expected = [by_brute_force(*rows) for rows in zip(similarities, relevant, strict=True)]
    assert first_ranks(similarities, relevant) == pytest.approx(expected)


def test_what_takes_no_part_is_not_counted() -> None:
    rng = np.random.default_rng(1)
    similarities, relevant, ranked = rng.random((30, 8)), rng.random((30, 8)) < 0.3, rng.random((30, 8)) < 0.7
    found = first_ranks(similarities, relevant, ranked)
    chance = chance_ranks(relevant, ranked)
    for row, part in enumerate(ranked):
        own = relevant[row, part]
        if own.any():
            assert found[row] == first_ranks(similarities[row : row + 1, part], own[None])[0]
            assert chance[row] == chance_ranks(own[None])[0]
        else:
            assert np.isnan(found[row])
            assert np.isnan(chance[row])


def test_chance_is_the_mean_rank_in_random_order() -> None:
    rng = np.random.default_rng(2)
    relevant = np.array([True] * 3 + [False] * 17)
    ranks = first_ranks(rng.random((40_000, 20)), np.broadcast_to(relevant, (40_000, 20)))
    assert chance_ranks(relevant[None])[0] == pytest.approx(21 / 4)
    assert ranks.mean() == pytest.approx(21 / 4, abs=0.05)


def test_measures_are_those_of_the_ranks() -> None:
    ranks = pd.Series([1.0, 3.0, 7.0, 30.0, np.nan], list("abcde"))
    found = rank_measures(ranks)
    assert found == {"median_rank": 5.0, "mean_rank": 10.25, "r1": 0.25, "r5": 0.5, "r10": 0.75, "r25": 0.75}


def test_weights_are_repetitions() -> None:
    rng = np.random.default_rng(3)
    ranks = pd.Series(rng.integers(1, 40, 15).astype(float), [f"q{n}" for n in range(15)])
    counts = rng.integers(0, 4, (15, 6))
    found = rank_measures(ranks, pd.DataFrame(counts.astype(float), ranks.index))
    for column in range(6):
        repeated = ranks.repeat(counts[:, column])
        assert found["median_rank"][column] == np.median(repeated)
        assert found["mean_rank"][column] == pytest.approx(repeated.mean())
        assert found["r10"][column] == pytest.approx((repeated <= 10).mean())


def test_nothing_to_rank_has_no_measure() -> None:
    found = rank_measures(pd.Series([np.nan, np.nan], list("ab")))
    assert all(np.isnan(value) for value in found.values())
