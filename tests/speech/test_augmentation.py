import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from vgsnb.speech.augmentation import spec_augment, warp_time


def batch(lengths, dimensions=39):
    features = torch.zeros(len(lengths), max(lengths), dimensions)
    for row, length in enumerate(lengths):
        features[row, :length] = 1 + torch.rand(length, dimensions, generator=torch.Generator().manual_seed(row))
    return features, torch.tensor(lengths)


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@given(st.lists(st.integers(1, 120), min_size=1, max_size=5), st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_padding_stays_zero_and_input_stays_whole(lengths, seed):
    features, sizes = batch(lengths)
    before = features.clone()
    augmented = spec_augment(features, sizes, generator(seed))
    assert torch.equal(features, before)
    assert augmented.shape == features.shape
    assert torch.isfinite(augmented).all()
    for row, length in enumerate(lengths):
        assert not augmented[row, length:].any()


def test_longer_neighbours_change_nothing():
    """The first utterance gets the same draws in both batches; the padding must not matter."""
    alone, sizes = batch([90])
    together = torch.cat([alone, torch.zeros(1, 60, 39)], dim=1)
    torch.testing.assert_close(
        spec_augment(together, sizes, generator())[:, :90], spec_augment(alone, sizes, generator()), atol=0, rtol=0
    )


def test_masks_have_the_stated_sizes():
    features, sizes = batch([200] * 64)
    augmented = spec_augment(
        features, sizes, generator(), time_warp=0, time_masks=1, time_mask=30, frequency_masks=1, frequency_mask=4
    )
    silent = augmented == 0
    spans = silent.all(dim=2).sum(dim=1)
    assert spans.max() <= 30
    assert spans.float().mean() > 8
    bands = silent.all(dim=1)
    assert bands[:, :13].sum(dim=1).max() <= 4
    assert bands.any()
    assert torch.equal(bands[:, :13], bands[:, 13:26])
    assert torch.equal(bands[:, :13], bands[:, 26:])
    assert torch.equal(augmented[~silent], features[~silent])


def test_short_utterances_keep_most_of_their_frames():
    features, sizes = batch([20] * 32)
    augmented = spec_augment(features, sizes, generator(), time_warp=0, time_masks=1, time_mask=100, frequency_masks=0)
    assert (augmented == 0).all(dim=2).sum(dim=1).max() <= 4


def test_warp_moves_a_point_and_keeps_the_ends():
    ramp = torch.arange(101.0)[None, :, None].repeat(3, 1, 1)
    draws = torch.tensor([[0.5, 0.5], [0.5, 0.0], [0.5, 1.0]])
    warped = warp_time(ramp, torch.tensor([101, 101, 101]), draws, 20)[:, :, 0]
    torch.testing.assert_close(warped[0], ramp[0, :, 0])
    assert warped[:, 0].tolist() == [0, 0, 0]
    torch.testing.assert_close(warped[:, 100], torch.full((3,), 100.0))
    assert warped[1, 30].item() == pytest.approx(50, abs=0.1)  # the middle, said 20 frames earlier
    assert warped[2, 70].item() == pytest.approx(50, abs=0.1)
    assert (warped.diff(dim=1) > 0).all()


def test_same_seed_same_result():
    features, sizes = batch([80, 50])
    assert torch.equal(spec_augment(features, sizes, generator(3)), spec_augment(features, sizes, generator(3)))
    assert not torch.equal(spec_augment(features, sizes, generator(3)), spec_augment(features, sizes, generator(4)))
