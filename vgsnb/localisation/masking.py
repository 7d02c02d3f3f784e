"""Input masking, exactly and fast (Eq. 8 and 9 of Olaleye et al. 2022).

Masked-in keeps one segment of the utterance and zeroes everything else; masked-out zeroes the segment and keeps the
rest. Either way the whole utterance is rescored, once for each of hundreds or thousands of segments. Most of that is
the same work again and again: a column of a convolution sees only some input frames, and

- where it sees nothing of the segment, it is what it is for the *outside* (silence, or the utterance);
- where it sees nothing but the segment, it is what it is for the *inside* (the utterance, or silence);
- where it sees the segment's left border only, it is the same for every duration;
- where it sees the right border only, it is the same for every start;
- only where it sees both borders does it belong to this segment alone.

So every layer computes a table of distinct columns, one row each, and an index says which rows of the layer below
each of them reads. The zeros beyond either end of the utterance are a row too, which makes it exact for every length
and for segments at either end. The index depends on lengths alone (numpy); the arithmetic is a gather and a matrix
product a layer (torch). Only the keywords that are asked for are pooled and classified.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from vgsnb.errors import UserError
from vgsnb.models import KeywordModel
from vgsnb.models.architectures import SharedMLP
from vgsnb.models.encoders import Stage
from vgsnb.models.pooling import Attention, LogMeanExp
from vgsnb.speech.features import FeatureSettings

IntArray = npt.NDArray[np.int64]
NEVER = 1 << 40  # a border that no column sees
BLOCK = 1 << 22  # bytes gathered for one matrix product: few enough for the caches, enough for all threads


@dataclass(frozen=True)
class SegmentGrid:
    """Which segments are masked, in seconds: every ``start_step`` one of each of the ``durations`` begins.

    The paper's segments of 200 to 600 ms are "overlapping by 30 ms". Its released code starts one every 30 ms, with
    durations of 200, 230, … 590 ms (``RELEASED``); we take the phrase in that sense.
    """

    start_step: float = 0.06
    durations: tuple[float, ...] = (0.2, 0.4, 0.6)

    def __post_init__(self) -> None:
        object.__setattr__(self, "durations", tuple(float(duration) for duration in self.durations))
        if not self.durations or min(self.durations) <= 0 or self.start_step <= 0:
            raise UserError(
                f"A grid of segments that start every {self.start_step} s and last {list(self.durations)} s is none: "
                "give at least one duration, and positive seconds."
            )

    def segments(self, frames: int, settings: FeatureSettings) -> IntArray:
        """First frame and frame after the last (S, 2) of every segment in an utterance of ``frames`` frames.

        Sorted by start, then duration. Segments that would not fit are left out.

        Raises:
            UserError: none fits.
        """
        step = max(1, round(self.start_step / settings.shift))
        lengths = {max(1, round(duration / settings.shift)) for duration in self.durations}
        pairs = [(start, start + n) for start in range(0, frames, step) for n in sorted(lengths) if start + n <= frames]
        if not pairs:
            raise UserError(
                f"An utterance of {frames * settings.shift:.2f} s holds no segment of {min(self.durations)} s: "
                "leave it out, or mask shorter segments."
            )
        return np.array(pairs, dtype=np.int64)


COARSE = SegmentGrid()
RELEASED = SegmentGrid(0.03, tuple(round(0.2 + 0.03 * number, 2) for number in range(14)))


def segment_logits(
    model: KeywordModel,
    features: Tensor,
    words: Tensor,
    segments: IntArray,
    keep: bool,
    memory: int = 1 << 28,
) -> Tensor:
    """Logits (S, P) of the keywords numbered ``words`` (P,) in ``features`` (T, D), masked to each of ``segments``.

    ``segments`` (S, 2) are frames, start and end. With ``keep`` everything but the segment is zero (masked-in,
    Eq. 8); without it the segment is zero (masked-out, Eq. 9). Equal to masking and rescoring the whole utterance up
    to rounding; under autocast the encoder alone is computed in the lower precision. No array much larger than
    ``memory`` bytes is made: segments are taken in as many parts as that needs.
    """
    shape = tuple((stage.conv.kernel_size[0], stage.pool) for stage in _stages(model))
    at_once = max(1, memory // _bytes_a_segment(model, shape, features.shape[0], segments, len(words)))
    found = []
    for first in range(0, len(segments), at_once):
        part = segments[first : first + at_once]
        plan = _plan(shape, features.shape[0], tuple(map(tuple, part.tolist())))
        h = _encode(model, features, words, plan, keep)
        with torch.autocast(h.device.type, enabled=False):  # in bfloat16 many segments would have the same logit
            found.append(_classify(model, h.float(), words, plan))
    return torch.cat(found)


def _stages(model: KeywordModel) -> list[Stage]:
    return [cast(Stage, stage) for stage in model.encoder.stages]


def _bytes_a_segment(
    model: KeywordModel, shape: tuple[tuple[int, int], ...], frames: int, segments: IntArray, keywords: int
) -> int:
    """At most this many bytes a segment takes in the largest array: a layer's columns, or a vector for each keyword."""
    longest = int((segments[:, 1] - segments[:, 0]).max())
    channels = [stage.conv.out_channels for stage in _stages(model) for _ in range(1 + (stage.pool > 1))]
    layers = _layers(shape)[1:]
    seen = [min(longest + layer.high - layer.low, frames) // layer.scale + 1 for layer in layers]
    hidden = [layer.out_features for layer in model.classifier.modules() if isinstance(layer, nn.Linear)]
    vectors = max(channels[-1], frames // layers[-1].scale + 1, *hidden)
    return 4 * max(keywords * vectors, *(columns * width for columns, width in zip(seen, channels, strict=True)))


# ---- Which columns there are, and what they read: numbers of frames only


@dataclass(frozen=True)
class _Layer:
    """A convolution or max-pooling: column t reads the columns ``stride · t + offsets`` of the layer below.

    Through all layers below it sees the input frames ``scale · t + low`` to ``scale · t + high``.
    """

    offsets: IntArray
    stride: int
    scale: int
    low: int
    high: int

    def above(self, offsets: IntArray, stride: int) -> "_Layer":
        low, high = self.scale * int(offsets[0]) + self.low, self.scale * int(offsets[-1]) + self.high
        return _Layer(offsets, stride, self.scale * stride, low, high)

    def first_that_sees(self, border: IntArray) -> IntArray:
        """The first column that sees both sides of the ``border`` before an input frame."""
        return -((self.high - border) // self.scale)

    def last_that_sees(self, border: IntArray) -> IntArray:
        return (border - 1 - self.low) // self.scale


def _layers(shape: Sequence[tuple[int, int]]) -> list[_Layer]:
    """The input, then every convolution and max-pooling of stages with these (kernel, pool)."""
    layers = [_Layer(np.zeros(1, np.int64), 1, 1, 0, 0)]
    for kernel, pool in shape:
        layers.append(layers[-1].above(np.arange(kernel) - kernel // 2, 1))
        if pool > 1:
            layers.append(layers[-1].above(np.arange(pool), pool))
    return layers


@dataclass(frozen=True)
class _Variants:
    """Inputs that are *inside* from frame ``start`` to before ``end``, and *outside* elsewhere, V of them.

    Beside the segments these are the borders alone (a segment without end, or without start), the inside alone and
    the outside alone. ``left`` and ``right`` name the variants that have only the left or the right border of each.
    """

    start: IntArray
    end: IntArray
    left: IntArray
    right: IntArray
    inside: int
    outside: int
    segments: IntArray  # (S,) the variant that each segment is

    @classmethod
    def of(cls, segments: IntArray, frames: int) -> "_Variants":
        # A border at an end of the utterance is none: there is nothing beyond it to be masked.
        start = np.where(segments[:, 0] <= 0, -NEVER, segments[:, 0])
        end = np.where(segments[:, 1] >= frames, NEVER, segments[:, 1])
        endless, startless = np.full_like(start, NEVER), np.full_like(start, -NEVER)
        both, left, right = (np.stack(pair, axis=1) for pair in ((start, end), (start, endless), (startless, end)))
        known, numbers = np.unique(
            np.concatenate([both, left, right, [[-NEVER, NEVER], [NEVER, NEVER]]]), axis=0, return_inverse=True
        )
        own, left, right = numbers[: 3 * len(segments)].reshape(3, -1)
        lefts, rights = np.arange(len(known)), np.arange(len(known))
        lefts[own], rights[own] = left, right
        return cls(known[:, 0], known[:, 1], lefts, rights, int(numbers[-2]), int(numbers[-1]), own)


@dataclass(frozen=True)
class _Table:
    """Where the columns of one layer lie: row 0 is zero, then those of each variant that no simpler variant has."""

    layer: _Layer
    frames: int
    first: IntArray  # (V,) the first column of each variant that is its own
    count: IntArray  # (V,)
    row: IntArray  # (V,) the row of that column

    @classmethod
    def of(cls, layer: _Layer, variants: _Variants, frames: int) -> "_Table":
        first, last = np.zeros_like(variants.start), np.full_like(variants.start, frames - 1)
        for border in (variants.start, variants.end):
            seen = np.abs(border) < NEVER
            first = np.where(seen, np.maximum(first, layer.first_that_sees(border)), first)
            last = np.where(seen, np.minimum(last, layer.last_that_sees(border)), last)
        count = np.maximum(last - first + 1, 0)
        return cls(layer, frames, first, count, 1 + np.cumsum(count) - count)

    def own_columns(self) -> tuple[IntArray, IntArray]:
        """Variant and column of every row but the first."""
        variant = np.repeat(np.arange(len(self.count)), self.count)
        return variant, np.arange(1, len(variant) + 1) - self.row[variant] + self.first[variant]

    def rows_of(self, variants: _Variants, variant: IntArray, column: IntArray) -> IntArray:
        """The row that holds ``column`` of ``variant`` (any shapes that broadcast), 0 beyond the utterance."""
        low, high = self.layer.scale * column + self.layer.low, self.layer.scale * column + self.layer.high
        start, end = variants.start[variant], variants.end[variant]
        before, after = low < start, high >= end
        source = np.where(before, np.where(after, variant, variants.left[variant]), variants.right[variant])
        source = np.where(before | after, source, variants.inside)
        source = np.where((high < start) | (low >= end), variants.outside, source)
        return np.where((column >= 0) & (column < self.frames), self.row[source] + column - self.first[source], 0)


@dataclass(frozen=True)
class _Plan:
    """What to compute: for every layer the rows that each of its rows reads, and what each segment pools over."""

    reads: list[Tensor]  # a layer each: (N, taps)
    pooled: Tensor  # (S, T') rows of the last layer
    inside: slice  # input rows that hold the inside, and the outside
    outside: slice
    last_outside: slice  # rows of the last layer that hold the outside
    near: Tensor  # (S, A) columns of the last layer that see any of the segment, or T' where there are fewer


@lru_cache(maxsize=4)
def _plan(shape: tuple[tuple[int, int], ...], frames: int, pairs: tuple[tuple[int, int], ...]) -> _Plan:
    segments = np.array(pairs, dtype=np.int64)
    variants = _Variants.of(segments, frames)
    layers = _layers(shape)
    table = bottom = _Table.of(layers[0], variants, frames)
    reads = []
    for layer in layers[1:]:
        upper = _Table.of(layer, variants, -(-table.frames // layer.stride))
        variant, column = upper.own_columns()
        below = table.rows_of(variants, variant[:, None], column[:, None] * layer.stride + layer.offsets)
        reads.append(torch.from_numpy(below.astype(np.int32)))
        table = upper
    pooled = table.rows_of(variants, variants.segments[:, None], np.arange(table.frames)[None])
    return _Plan(
        reads,
        torch.from_numpy(pooled),
        _rows(bottom, variants.inside),
        _rows(bottom, variants.outside),
        _rows(table, variants.outside),
        torch.from_numpy(_near(table, segments)),
    )


def _rows(table: _Table, variant: int) -> slice:
    return slice(int(table.row[variant]), int(table.row[variant] + table.frames))


def _near(table: _Table, segments: IntArray) -> IntArray:
    first = np.maximum(table.layer.first_that_sees(segments[:, 0]), 0)
    last = np.minimum(table.layer.last_that_sees(segments[:, 1]), table.frames - 1)
    columns = first[:, None] + np.arange(int((last - first).max()) + 1)
    return np.where(columns <= last[:, None], columns, table.frames)


# ---- The arithmetic


def _encode(model: KeywordModel, features: Tensor, words: Tensor, plan: _Plan, keep: bool) -> Tensor:
    """The rows (N, K) of the encoder's last layer. Of PSC, whose channels are keywords, only those of ``words``."""
    kind = features.device.type  # autocast itself would convert every block of every layer
    dtype = torch.get_autocast_dtype(kind) if torch.is_autocast_enabled(kind) else features.dtype
    table = features.new_zeros(1 + 2 * features.shape[0], features.shape[1], dtype=dtype)
    table[plan.inside if keep else plan.outside] = features.to(dtype)
    reads = iter(plan.reads)
    stages = _stages(model)
    for stage in stages:
        weight, bias = stage.conv.weight, cast(Tensor, stage.conv.bias)
        if stage is stages[-1] and isinstance(model.pooling, LogMeanExp):
            weight, bias = weight[words], bias[words]
        table = _convolve(table, next(reads).to(table.device), weight, bias, stage.activation)
        if stage.pool > 1:
            table = _with_zero_row(block.amax(dim=1) for block in _gather(table, next(reads).to(table.device)))
    return table


def _convolve(table: Tensor, reads: Tensor, weight: Tensor, bias: Tensor, activation: bool) -> Tensor:
    matrix = weight.permute(2, 1, 0).flatten(0, 1).to(table.dtype)  # (taps · inputs, outputs)
    bias = bias.to(table.dtype)
    rows = (torch.addmm(bias, block.flatten(1), matrix) for block in _gather(table, reads))
    return _with_zero_row(row.relu_() if activation else row for row in rows)


def _gather(table: Tensor, reads: Tensor) -> Iterator[Tensor]:
    """Blocks (n, taps, K) of the rows of ``table`` (N, K) that ``reads`` (M, taps) names."""
    for part in reads.split(max(1, BLOCK // (4 * reads.shape[1] * table.shape[1]))):
        yield table.index_select(0, part.flatten()).view(*part.shape, -1)


def _with_zero_row(rows: Iterator[Tensor]) -> Tensor:
    blocks = list(rows)
    return torch.cat([blocks[0].new_zeros(1, blocks[0].shape[1]), *blocks])


def _classify(model: KeywordModel, h: Tensor, words: Tensor, plan: _Plan) -> Tensor:
    """Pool what each segment sees of the rows ``h`` (N, K) and classify it: logits (S, P)."""
    if isinstance(model.pooling, Attention):
        return _attend(model, h, words, plan)
    pooled = plan.pooled.to(h.device)
    if isinstance(model.pooling, LogMeanExp):
        r = model.pooling.r
        sums = torch.cat([torch.logsumexp(r * block, dim=1) for block in _gather(h, pooled)])
        return (sums - math.log(pooled.shape[1])) / r
    return model.classifier(torch.cat([block.amax(dim=1) for block in _gather(h, pooled)]))[:, words]


def _attend(model: KeywordModel, h: Tensor, words: Tensor, plan: _Plan) -> Tensor:
    """Attend to what each segment sees of the rows ``h`` (N, K), and classify the context: logits (S, P).

    Attention to parts of an utterance adds up to attention to the whole (Eq. 11 and 12): each part's context counts as
    much as its summed weights. Before and after what a segment changes, the columns are the outside's, and many
    segments share their contexts; of the columns near it each has its own.
    """
    values, finish = _before_pooling(model.classifier, h, len(plan.near) * len(words))
    scores = h @ cast(Attention, model.pooling).queries[words].T
    near, pooled = plan.near.to(h.device), functional.pad(plan.pooled.to(h.device), (0, 1))
    frames = pooled.shape[1] - 1
    outside = scores[plan.last_outside], values[plan.last_outside]
    column = torch.arange(frames, device=h.device)
    firsts, before = near[:, 0].unique(return_inverse=True)
    lasts, after = near.masked_fill(near == frames, -1).amax(dim=1).unique(return_inverse=True)
    early, late = _parts(*outside, column < firsts[:, None]), _parts(*outside, column > lasts[:, None])
    found = list[Tensor]()
    for some in torch.arange(len(near), device=h.device).split(max(1, BLOCK // (4 * near.shape[1] * values.shape[1]))):
        rows = pooled[some].gather(1, near[some])
        own, seen = (table.index_select(0, rows.flatten()).view(*rows.shape, -1) for table in (scores, values))
        own = own.masked_fill((near[some] == frames)[..., None], -math.inf)  # (n, A, P)
        shared = [[x.index_select(0, place[some]) for x in part] for place, part in ((before, early), (after, late))]
        whole = torch.stack([own.logsumexp(dim=1), *(weight for weight, _ in shared)]).logsumexp(dim=0)
        context = (own - whole[:, None]).exp().transpose(1, 2) @ seen
        for weight, part in shared:
            context.addcmul_((weight - whole).exp()[..., None], part)
        found.append(finish(context))
    return torch.cat(found)


def _before_pooling(classifier: nn.Module, h: Tensor, contexts: int) -> tuple[Tensor, Callable[[Tensor], Tensor]]:
    """What to pool of the rows ``h`` (N, K), and what makes logits of the pooled.

    Weights add up to one, so that the shared classifier's first layer may come before pooling, which pays where there
    are more contexts than rows.
    """
    if not isinstance(classifier, SharedMLP) or contexts <= len(h):
        return h, classifier
    first, *others = classifier.layers
    return first(h), lambda hidden: nn.Sequential(*others)(hidden).squeeze(-1)


def _parts(scores: Tensor, values: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
    """Attention to some columns: the logarithm of the summed weights (D, P), and the contexts (D, P, V).

    ``scores`` (T', P) and ``values`` (T', V) are of all columns, ``seen`` (D, T') says which; none are a context of 0.
    """
    own = scores.T[None].masked_fill(~seen[:, None], -math.inf)
    return own.logsumexp(dim=2), own.softmax(dim=2).nan_to_num(0.0) @ values


def alpha(logits: Tensor, keep: bool) -> Tensor:
    """Localisation scores α from logits: σ(y) masked-in (Eq. 8), 1 − σ(y) masked-out (Eq. 9), in [0, 1]."""
    return torch.sigmoid(logits if keep else -logits)
