"""Masking by tables of distinct columns gives what masking and rescoring whole utterances gives (Eq. 8 and 9)."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode

from vgsnb import devices
from vgsnb.errors import UserError
from vgsnb.localisation import masking, short_convolution
from vgsnb.localisation.masking import COARSE, RELEASED, SegmentGrid, _plan, segment_logits
from vgsnb.models import ARCHITECTURES, build
from vgsnb.speech.features import FeatureSettings
from vgsnb.vocabulary import KEYWORDS

WORDS = ("ball", "dog", "snow", "water")
PAPER = {
    "PSC": {"channels": [8] * 5},
    "CNN-Pool": {"channels": [8, 12], "output": 16, "hidden": 20},
    "CNN-Attend": {"channels": [8] * 5, "output": 16, "hidden": 20},
    "CNN-PoolAttend": {"channels": [8, 12], "output": 16, "hidden": 20},
}
WIDE = {name: {**sizes, "channels": [32] * len(sizes["channels"]), "output": 64} for name, sizes in PAPER.items()}
del WIDE["PSC"]["output"]
SHORT = {name: {**sizes, "kernels": [3] + [5] * (len(sizes["channels"]))} for name, sizes in PAPER.items()}
EVERY = pytest.mark.parametrize("name", ARCHITECTURES)


def healthy(name, sizes=PAPER, seed=0):
    """A model whose weights and biases are all alive, so that silence is not zero and attention is not flat."""
    model = build(name, WORDS, seed=seed, features=6, **sizes[name]).eval()
    generator = torch.Generator().manual_seed(seed)
    for value in model.parameters():
        if value.dim() == 1 or value is getattr(model.pooling, "queries", None):
            torch.nn.init.normal_(value, std=0.5, generator=generator)
    return model


def speech(frames, seed=0, width=6):
    return torch.randn(frames, width, generator=torch.Generator().manual_seed(seed))


@torch.no_grad()
def by_definition(model, features, words, segments, keep):
    """Mask, then score the whole utterance: Eq. 8 (``keep``) and Eq. 9."""
    frame = torch.arange(len(features))
    found = []
    for part in torch.as_tensor(np.asarray(segments)).split(128):
        inside = (frame >= part[:, :1]) & (frame < part[:, 1:])
        mask = (inside if keep else ~inside).float()[..., None]
        found.append(model(features * mask, torch.full((len(part),), len(features)))[:, words])
    return torch.cat(found)


@torch.no_grad()
def compare(model, features, segments, words=(2, 0), **limits):
    segments, words = np.asarray(segments), torch.tensor(words)
    for keep in (True, False):
        wanted = by_definition(model, features, words, segments, keep)
        found = segment_logits(model, features, words, segments, keep, **limits)
        torch.testing.assert_close(found, wanted, atol=1e-4, rtol=0)
        assert len(segments) < 9 or wanted.std(dim=0).min() > 1e-3  # the judge must not compare constants


@EVERY
@pytest.mark.parametrize("sizes", [PAPER, SHORT, WIDE], ids=["paper kernels", "short kernels", "convolved at points"])
def test_every_segment_of_a_grid_scores_as_by_definition(name, sizes):
    for frames, grid in ((74, RELEASED), (150, COARSE)):
        compare(healthy(name, sizes), speech(frames), grid.segments(frames, FeatureSettings()))


@EVERY
@torch.no_grad()
def test_in_bfloat16_segments_score_nearly_the_same_and_not_all_alike(name):
    model, features, words = healthy(name), speech(150), torch.tensor([2, 0])
    segments = COARSE.segments(150, FeatureSettings())
    exact = segment_logits(model, features, words, segments, True)
    with devices.autocast(torch.device("cpu"), "bfloat16"):
        found = segment_logits(model, features, words, segments, True)
    assert found.dtype == torch.float32
    assert 0 < (found - exact).abs().mean() < 0.15 * exact.std(dim=0).min()
    if name != "PSC":  # its encoder ends in the scores themselves
        assert len(found[:, 0].unique()) > 0.9 * len(exact[:, 0].unique())


@EVERY
def test_short_utterances_and_segments_at_either_end(name):
    for frames in (1, 2, 9, 10, 19):
        every = [(start, end) for start in range(frames) for end in range(start + 1, frames + 1)]
        compare(healthy(name, seed=frames), speech(frames, frames), every)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(
    name=st.sampled_from(list(ARCHITECTURES)),
    frames=st.integers(1, 130),
    kernels=st.lists(st.sampled_from([1, 3, 7, 11]), min_size=2, max_size=4),
    pool=st.integers(1, 4),
    data=st.data(),
)
def test_any_geometry_and_any_segments(name, frames, kernels, pool, data):
    """Strange geometries, and segments in any order, repeated, nested, of one frame or of the whole utterance."""
    sizes = {**PAPER[name], "kernels": kernels, "channels": [8] * (len(kernels) - 1)}
    if "Pool" in name:
        sizes["pool"] = pool
    starts = st.integers(0, frames - 1)
    segment = starts.flatmap(lambda start: st.tuples(st.just(start), st.integers(start + 1, frames)))
    chosen = data.draw(st.lists(segment, min_size=1, max_size=6))
    compare(healthy(name, {name: sizes}), speech(frames), chosen)


@EVERY
def test_no_column_is_computed_twice(name):
    """The rows of every layer are the distinct columns: those that see other frames of a segment, each of them once."""
    plan, segments, layers = planned(build(name, WORDS), 200)
    for layer, reads, rows in zip(layers, plan.reads, plan.rows, strict=True):
        assert rows <= 1.1 * distinct(layer, segments, 200)
        if isinstance(reads, list):
            written = torch.cat([group.writes.flatten() for group in reads])
            assert sorted(written[written > 0].tolist()) == list(range(1, rows))


def planned(model, frames):
    segments = RELEASED.segments(frames, FeatureSettings())
    shape = masking._shape(model, torch.arange(len(model.keywords)))
    return _plan(shape, frames, tuple(map(tuple, segments.tolist()))), segments, masking._layers(shape)[1:]


def distinct(layer, segments, frames):
    """How many columns of ``layer`` see a segment otherwise than another column does, or silence."""
    columns = np.arange(-(-frames // layer.scale))
    low, high = layer.scale * columns + layer.low, layer.scale * columns + layer.high
    first = np.maximum(segments[:, :1], low.clip(0))
    last = np.minimum(segments[:, 1:], high.clip(max=frames - 1) + 1)
    seen = np.stack([np.broadcast_to(columns, first.shape), first, last])[:, first < last].T
    return len(np.unique(seen, axis=0)) + len(columns)


@EVERY
@pytest.mark.parametrize("keywords", [2, 67])
@torch.no_grad()
def test_multiplications_are_fewer_than_the_distinct_columns_need_by_taps(name, keywords):
    """Of whole models at paper size: the encoder's, one query and one classified context a segment and keyword."""
    model, words, frames = build(name, KEYWORDS), torch.arange(keywords), 200
    _, segments, layers = planned(model, frames)
    with FlopCounterMode(display=False) as counter:
        segment_logits(model, speech(frames, width=39), words, segments, True)
    needed, widths = 0, iter([stage.conv.weight.shape for stage in model.encoder.stages])
    for layer in (layer for layer in layers if len(layer.offsets) > 3):
        outputs, inputs, taps = next(widths)
        columns = distinct(layer, segments, frames)
        needed += columns * taps * inputs * (outputs if outputs != len(KEYWORDS) else keywords)
    linear = [layer.weight.numel() for layer in model.classifier.modules() if isinstance(layer, torch.nn.Linear)]
    shared = len(linear) and linear[-1] == 4096
    needed += sum(linear) * (min(columns, len(segments) * keywords) if shared else len(segments))
    assert 0 < counter.get_total_flops() / 2 < needed


@EVERY
@torch.no_grad()
def test_memory_is_bounded_by_a_parameter(name, monkeypatch):
    """The same scores when segments are taken in parts, and no array larger than asked for."""
    model, features, limit = healthy(name), speech(90), 60_000
    segments = RELEASED.segments(90, FeatureSettings())
    monkeypatch.setattr(masking, "_block", lambda table: limit)
    monkeypatch.setattr(short_convolution, "SCRATCH", limit)
    largest = {}
    for memory in (1 << 29, limit):
        with LargestArray() as watched:
            found = segment_logits(model, features, torch.tensor([2, 0]), segments, True, memory)
        torch.testing.assert_close(found, by_definition(model, features, torch.tensor([2, 0]), segments, True))
        largest[memory] = watched.size
    assert largest[limit] <= limit < largest[1 << 29] / 2


class LargestArray(TorchDispatchMode):
    """Watches what torch computes: ``size`` is the number of bytes of the largest floating-point result."""

    size = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        if isinstance(result, torch.Tensor) and result.is_floating_point() and not result._is_view():
            self.size = max(self.size, result.untyped_storage().nbytes())
        return result


def test_work_grows_with_borders_not_with_segments():
    """On the released grid: the last layer's columns of 1,400 segments, against those of 1,400 whole utterances."""
    plan, segments, _ = planned(build("CNN-Attend", WORDS), 350)
    rows = plan.rows
    assert len(segments) > 1_400
    assert rows[-1] < len(segments) * 350 / 12
    assert rows[0] < len(segments) * 350 / 150


def test_the_released_grid_is_the_one_of_the_notes():
    """1,225, 1,687 and 2,625 segments in 300, 400 and 600 frames, as the released code counts them."""
    counts = [len(RELEASED.segments(frames, FeatureSettings())) for frames in (300, 400, 600)]
    assert RELEASED.durations == (0.2, 0.23, 0.26, 0.29, 0.32, 0.35, 0.38, 0.41, 0.44, 0.47, 0.5, 0.53, 0.56, 0.59)
    assert counts == [1225, 1687, 2625]


def test_a_grid_is_counted_in_frames_of_any_shift():
    coarse = SegmentGrid(0.06, [0.2, 0.4]).segments(23, FeatureSettings(shift=0.02))
    assert coarse.tolist() == [[0, 10], [0, 20], [3, 13], [3, 23], [6, 16], [9, 19], [12, 22]]


@pytest.mark.parametrize("grid", [(0.06, ()), (0.0, (0.2,)), (0.06, (0.2, -0.4)), (-1.0, (0.2,))])
def test_impossible_grids_are_refused(grid):
    with pytest.raises(UserError, match="at least one duration, and positive seconds"):
        SegmentGrid(*grid)


def test_an_utterance_shorter_than_every_segment_is_refused():
    with pytest.raises(UserError, match=r"An utterance of 0\.19 s holds no segment of 0\.2 s"):
        COARSE.segments(19, FeatureSettings())
