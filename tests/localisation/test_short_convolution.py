"""Convolving short runs at points gives what convolving whole sequences by taps gives."""

import itertools

import numpy as np
import pytest
import torch
from torch.nn import functional

from vgsnb.localisation import short_convolution
from vgsnb.localisation.short_convolution import Runs, bilinear, convolve, together, work


@pytest.mark.parametrize("columns", [1, 2, 7, 16, 40])
@pytest.mark.parametrize("taps", [1, 3, 9, 11])
def test_the_bilinear_algorithm_is_a_correlation(columns, taps):
    back, into, kernel = bilinear(columns, taps)
    x, w = np.random.default_rng(0).standard_normal((2, 100))
    x, w = x[: columns + taps - 1], w[:taps]
    np.testing.assert_allclose(back @ ((kernel @ w) * (into @ x)), np.correlate(x, w), atol=1e-12)


@pytest.mark.parametrize("activation", [True, False])
@pytest.mark.parametrize("gradients", [True, False])
@pytest.mark.parametrize(("columns", "inputs", "outputs"), [(30, 48, 64), (12, 64, 96), (8, 4, 3), (1, 48, 64)])
def test_runs_of_a_table_are_convolved_as_a_sequence(columns, inputs, outputs, activation, gradients, monkeypatch):
    """Runs that overlap or end early, in more than one block: each column as in the whole sequence."""
    generator, taps, frames = torch.Generator().manual_seed(0), 11, 50
    sequence = torch.randn(frames, inputs, generator=generator)
    weight = torch.randn(outputs, inputs, taps, generator=generator) * (inputs * taps) ** -0.5
    bias = torch.randn(outputs, generator=generator)
    starts, column = torch.arange(0, frames, columns), torch.arange(columns)
    seen = starts + torch.arange(columns + taps - 1)[:, None] - taps // 2
    reads = torch.where((seen >= 0) & (seen < frames), seen + 1, 0)
    writes = (starts[:, None] + column + 1) * (starts[:, None] + column < frames)
    table = torch.cat([torch.zeros(1, inputs), sequence])
    monkeypatch.setattr(short_convolution, "SCRATCH", 1 << 14)
    found = convolve(
        table, [Runs(reads[:, :1], writes[:1]), Runs(reads[:, 1:], writes[1:])], 51, weight, bias, activation
    )
    wanted = functional.conv1d(sequence.T, weight, bias, padding=taps // 2).T
    torch.testing.assert_close(found[1:], wanted.relu() if activation else wanted, atol=2e-6, rtol=1e-5)
    assert not found[0].any()


def test_at_points_it_takes_a_third_of_the_multiplications_at_paper_size():
    for columns in range(12, 41):
        by_taps, at_points = work(columns, 11, 96, 1000)
        assert at_points < by_taps / 3


def test_runs_are_put_together_with_the_least_work():
    lengths, sizes = np.array([3, 3, 7, 8, 8, 8, 8, 20, 21] * 40), (11, 96, 1000)
    known = sorted(set(lengths.tolist()))

    def cost(ranges):
        return sum(
            (((lengths >= a) & (lengths <= b)).sum() + short_convolution.SETUP) * min(work(b, *sizes))
            for a, b in ranges
        )

    def divisions():
        for cuts in itertools.product([False, True], repeat=len(known) - 1):
            edges = [0, *(i + 1 for i, cut in enumerate(cuts) if cut), len(known)]
            yield [(known[a], known[b - 1]) for a, b in itertools.pairwise(edges)]

    found = together(lengths, *sizes)
    assert cost(found) == min(map(cost, divisions()))
    assert 1 < len(found) < len(known)
