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
and for segments at either end. The index depends on lengths alone (numpy); the arithmetic (torch) is a convolution of
runs of columns a layer (``short_convolution``). Only the keywords that are asked for are pooled and classified.
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

from vgsnb.errors import UserError
from vgsnb.localisation.short_convolution import Runs, convolve, together
from vgsnb.models import KeywordModel
from vgsnb.models.architectures import SharedMLP
from vgsnb.models.encoders import Stage
from vgsnb.models.pooling import Attention, LogMeanExp
from vgsnb.speech.features import FeatureSettings

IntArray = npt.NDArray[np.int64]
NEVER = 1 << 40  # a border that no column sees
MEMORY = 1 << 29  # bytes of the largest array, where nothing else is asked for
LONGEST = 40  # columns of a run: the most that convolves with few multiplications
_Size = tuple[int, int, int, int]  # of a stage: kernel, inputs, outputs, pool


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
    memory: int = MEMORY,
) -> Tensor:
    """Logits (S, P) of the keywords numbered ``words`` (P,) in ``features`` (T, D), masked to each of ``segments``.

    ``segments`` (S, 2) are frames, start and end. With ``keep`` everything but the segment is zero (masked-in,
    Eq. 8); without it the segment is zero (masked-out, Eq. 9). Equal to masking and rescoring the whole utterance up
    to rounding; under autocast the encoder alone is computed in the lower precision. Segments are taken in as many
    parts as it needs for no array to be larger than ``memory`` bytes, but for those of one segment.
    """
    shape = _shape(model, words)
    plan = _plan(shape, features.shape[0], tuple(map(tuple, segments.tolist())))
    if len(segments) > 1 and _largest(model, shape, plan, len(words)) > memory:
        halves = np.array_split(segments, 2)
        return torch.cat([segment_logits(model, features, words, half, keep, memory) for half in halves])
    h = _encode(model, features, words, plan, keep)
    with torch.autocast(h.device.type, enabled=False):  # in bfloat16 many segments would have the same logit
        return _classify(model, h.float(), words, plan)


def _stages(model: KeywordModel) -> list[Stage]:
    return [cast(Stage, stage) for stage in model.encoder.stages]


def _shape(model: KeywordModel, words: Tensor) -> tuple[_Size, ...]:
    """Kernel, inputs, outputs and pool of every stage; of PSC's last one only the outputs that are asked for."""
    sizes = [(*stage.conv.weight.shape, stage.pool) for stage in _stages(model)]
    if isinstance(model.pooling, LogMeanExp):
        sizes[-1] = (len(words), *sizes[-1][1:])
    return tuple((kernel, inputs, outputs, pool) for outputs, inputs, kernel, pool in sizes)


def _largest(model: KeywordModel, shape: tuple[_Size, ...], plan: "_Plan", keywords: int) -> int:
    """Bytes of the largest array: a layer's columns, or what attention takes for every keyword."""
    widths = [outputs for _, _, outputs, pool in shape for _ in range(1 + (pool > 1))]
    numbers = [rows * width for rows, width in zip(plan.rows, widths, strict=True)]
    segments, near = plan.near.rows.shape
    numbers.append(segments * near * (keywords if isinstance(model.pooling, Attention | LogMeanExp) else 1))
    if isinstance(model.classifier, SharedMLP):
        before = _classifies_rows(model.classifier, plan.rows[-1], segments * keywords)
        hidden = cast(nn.Linear, model.classifier.layers[0]).out_features
        numbers.append(plan.rows[-1] * hidden if before else 0)
        numbers.append(len(plan.near.first.unique()) * keywords * (hidden if before else widths[-1]))
    return 4 * max(numbers)


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


def _layers(shape: Sequence[_Size]) -> list[_Layer]:
    """The input, then every convolution and max-pooling of stages of this shape."""
    layers = [_Layer(np.zeros(1, np.int64), 1, 1, 0, 0)]
    for kernel, _, _, pool in shape:
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
class _Near:
    """The columns of the last layer that see any of a segment, and before and after them the outside's.

    They are at most three runs of rows: the left border's; the segment's own, or the inside's; the right border's.
    """

    rows: Tensor  # (S, A), the last one repeated where there are fewer
    there: Tensor  # (S, A) where they are not repeated
    runs: list[list[tuple[int, int, int]]]  # of each segment: first row, how many, and which of its columns A
    first: Tensor  # (S,) the first of these columns
    after: Tensor  # (S,) the column after the last one

    def to(self, device: torch.device) -> "_Near":
        rows, there, first, after = (x.to(device) for x in (self.rows, self.there, self.first, self.after))
        return _Near(rows, there, self.runs, first, after)


@dataclass(frozen=True)
class _Plan:
    """What to compute: for every layer the rows that each of its rows reads, and what each segment pools over."""

    reads: list[list[Runs] | Tensor]  # of a convolution its runs, of a max-pooling (N, pool)
    rows: list[int]  # of every layer, the zero row among them
    inside: slice  # input rows that hold the inside, and the outside
    outside: slice
    last_outside: slice  # rows of the last layer that hold the outside
    near: _Near


@lru_cache(maxsize=16)
def _plan(shape: tuple[_Size, ...], frames: int, pairs: tuple[tuple[int, int], ...]) -> _Plan:
    segments = np.array(pairs, dtype=np.int64)
    variants = _Variants.of(segments, frames)
    layers = _layers(shape)
    table = bottom = _Table.of(layers[0], variants, frames)
    reads, rows = list[list[Runs] | Tensor](), list[int]()
    sizes = [size for kernel, inputs, outputs, pool in shape for size in [(inputs, outputs)] + [None] * (pool > 1)]
    for layer, size in zip(layers[1:], sizes, strict=True):
        upper = _Table.of(layer, variants, -(-table.frames // layer.stride))
        reads.append(_runs(table, upper, variants, *size) if size else _windows(table, upper, variants))
        rows.append(1 + int(upper.count.sum()))
        table = upper
    inside, outside = (_rows(bottom, variant) for variant in (variants.inside, variants.outside))
    return _Plan(reads, rows, inside, outside, _rows(table, variants.outside), _near(table, variants))


def _rows(table: _Table, variant: int) -> slice:
    return slice(int(table.row[variant]), int(table.row[variant] + table.frames))


def _windows(below: _Table, table: _Table, variants: _Variants) -> Tensor:
    variant, column = table.own_columns()
    rows = below.rows_of(variants, variant[:, None], column[:, None] * table.layer.stride + table.layer.offsets)
    return torch.from_numpy(rows)


def _runs(below: _Table, table: _Table, variants: _Variants, inputs: int, outputs: int) -> list[Runs]:
    """Each variant's own columns, cut into pieces; those of similar length are computed together."""
    pieces = -(-table.count // LONGEST)
    variant = np.repeat(np.arange(len(pieces)), pieces)
    piece = np.arange(len(variant)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    length = -(-table.count // np.maximum(pieces, 1))[variant]  # pieces of a run are as long as each other
    start = piece * length
    length = np.minimum(length, table.count[variant] - start)
    offsets, found = table.layer.offsets, []
    for shortest, longest in together(length, len(offsets), inputs, outputs):
        own = np.flatnonzero((length >= shortest) & (length <= longest))
        v, first, column = variant[own][:, None], start[own][:, None], np.arange(longest)
        seen = np.arange(longest + len(offsets) - 1) + offsets[0]
        reads = below.rows_of(variants, v, table.first[v] + first + seen)
        writes = np.where(column < length[own][:, None], table.row[v] + first + column, 0)
        found.append(Runs(torch.from_numpy(reads.T.copy()), torch.from_numpy(writes)))
    return found


def _near(table: _Table, variants: _Variants) -> _Near:
    """What each segment pools over besides the outside, in the last layer's ``table``."""
    own, layer = variants.segments, table.layer
    start, end = variants.start[own], variants.end[own]
    # Columns see the left border from `sees_start` on and are past it at `past_start`, likewise for the right border.
    borders = [
        f(border) + past
        for border in (start, end)
        for f, past in ((layer.first_that_sees, 0), (layer.last_that_sees, 1))
    ]
    sees_start, past_start, sees_end, past_end = (np.clip(border, 0, table.frames) for border in borders)
    cuts = np.stack([sees_start, np.minimum(past_start, sees_end), np.maximum(past_start, sees_end), past_end])
    middle = np.where(past_start < sees_end, variants.inside, own)
    sources = np.stack([variants.left[own], middle, variants.right[own]])
    first_rows = table.row[sources] + cuts[:-1] - table.first[sources]
    runs = np.stack([first_rows, np.diff(cuts, axis=0), cuts[:-1] - sees_start]).T.tolist()  # (S, 3, 3)
    column = np.arange(int((past_end - sees_start).max()))
    there = column < (past_end - sees_start)[:, None]
    columns = np.minimum(sees_start[:, None] + column, past_end[:, None] - 1)
    part, each = (columns >= cuts[1][:, None]).astype(int) + (columns >= cuts[2][:, None]), np.arange(len(own))[:, None]
    return _Near(
        torch.from_numpy(first_rows[part, each] + columns - cuts[part, each]),
        torch.from_numpy(there),
        [[(row, n, at) for row, n, at in some if n] for some in runs],
        torch.from_numpy(sees_start),
        torch.from_numpy(past_end),
    )


# ---- The arithmetic


def _encode(model: KeywordModel, features: Tensor, words: Tensor, plan: _Plan, keep: bool) -> Tensor:
    """The rows (N, K) of the encoder's last layer. Of PSC, whose channels are keywords, only those of ``words``."""
    kind = features.device.type  # autocast itself would convert every block of every layer
    dtype = torch.get_autocast_dtype(kind) if torch.is_autocast_enabled(kind) else features.dtype
    table = features.new_zeros(1 + 2 * features.shape[0], features.shape[1], dtype=dtype)
    table[plan.inside if keep else plan.outside] = features.to(dtype)
    layers = iter(zip(plan.reads, plan.rows, strict=True))
    stages = _stages(model)
    for stage in stages:
        weight, bias = stage.conv.weight, cast(Tensor, stage.conv.bias)
        if stage is stages[-1] and isinstance(model.pooling, LogMeanExp):
            weight, bias = weight[words], bias[words]
        runs, rows = next(layers)
        table = convolve(table, cast(list[Runs], runs), rows, weight.to(dtype), bias.to(dtype), stage.activation)
        if stage.pool > 1:
            blocks = _gather(table, cast(Tensor, next(layers)[0]))
            table = torch.cat([table[:1], *(block.amax(dim=1) for block in blocks)])
    return table


def _block(table: Tensor) -> int:
    """Bytes to be gathered for one operation: on a processor few enough for its caches."""
    return 1 << 22 if table.device.type == "cpu" else 1 << 28


def _gather(table: Tensor, reads: Tensor) -> Iterator[Tensor]:
    """Blocks (n, A, K) of the rows of ``table`` (N, K) that ``reads`` (M, A) names."""
    for part in reads.to(table.device).split(max(1, _block(table) // (4 * reads.shape[1] * table.shape[1]))):
        yield table.index_select(0, part.flatten()).view(*part.shape, -1)


def _classify(model: KeywordModel, h: Tensor, words: Tensor, plan: _Plan) -> Tensor:
    """Pool what each segment sees of the rows ``h`` (N, K) and classify it: logits (S, P)."""
    near = plan.near.to(h.device)
    if isinstance(model.pooling, Attention):
        return _attend(model, h, words, near, plan.last_outside)
    outside = h[plan.last_outside]
    if isinstance(model.pooling, LogMeanExp):
        r = model.pooling.r
        own = (r * h)[near.rows].masked_fill_(~near.there[..., None], -math.inf).logsumexp(dim=1)
        sums = torch.stack([own, *_around(torch.logcumsumexp, r * outside, near)]).logsumexp(dim=0)
        return (sums - math.log(len(outside))) / r
    own = torch.cat([block.amax(dim=1) for block in _gather(h, near.rows)])
    early, late = _around(lambda x, dim: x.cummax(dim).values, outside, near)
    return model.classifier(own.maximum(early).maximum(late))[:, words]


def _around(pool: Callable[..., Tensor], outside: Tensor, near: _Near) -> tuple[Tensor, Tensor]:
    """The columns before and after those near each segment, pooled (S, K); minus infinity where there are none.

    ``pool`` makes of ``outside`` (T', K) what its columns up to each one are together.
    """
    none = outside.new_full((1, outside.shape[1]), -math.inf)
    up_to, backwards = (torch.cat([none, pool(x, dim=0)]) for x in (outside, outside.flip(0)))
    return up_to[near.first], backwards[len(outside) - near.after]


def _attend(model: KeywordModel, h: Tensor, words: Tensor, near: _Near, last_outside: slice) -> Tensor:
    """Attend to what each segment sees of the rows ``h`` (N, K), and classify the context: logits (S, P).

    Attention to parts of an utterance adds up to attention to the whole (Eq. 11 and 12): each part's context counts as
    much as its summed weights. Before and after what a segment changes, the columns are the outside's, and many
    segments share their contexts.
    """
    values, finish = _before_pooling(model.classifier, h, len(near.rows) * len(words))
    scores = h @ cast(Attention, model.pooling).queries[words].T
    outside = scores[last_outside], values[last_outside]
    parts = _beyond(*outside, near.first, before=True), _beyond(*outside, near.after, before=False)
    own = scores[near.rows].masked_fill_(~near.there[..., None], -math.inf)  # (S, A, P)
    whole = torch.stack([own.logsumexp(dim=1), *(part.weight for part in parts)]).logsumexp(dim=0)
    weights = (own - whole[:, None]).exp().transpose(1, 2).contiguous()
    shares = [(part.weight - whole).exp()[..., None] for part in parts]
    singly = h.device.type == "cpu" and not torch.is_grad_enabled()
    width = 4 * values.shape[1] * (len(words) if singly else near.rows.shape[1])
    found = list[Tensor]()
    for some in torch.arange(len(weights), device=h.device).split(max(1, _block(h) // width)):
        context, late = (part.contexts.index_select(0, part.place[some]) for part in parts)
        context = torch.addcmul(context * shares[0][some], late, shares[1][some])
        if singly:  # as the columns lie in memory: nothing is gathered
            for c, w, runs in zip(context, weights[some], near.runs[some[0] : some[-1] + 1], strict=True):
                for row, n, column in runs:
                    c.addmm_(w[:, column : column + n], values[row : row + n])
        else:  # few calls
            context.baddbmm_(weights[some], values[near.rows[some]])
        found.append(finish(context))
    return torch.cat(found)


def _before_pooling(classifier: nn.Module, h: Tensor, contexts: int) -> tuple[Tensor, Callable[[Tensor], Tensor]]:
    """What to pool of the rows ``h`` (N, K), and what makes logits of the pooled.

    Weights add up to one, so that the shared classifier's first layer may come before pooling.
    """
    if not _classifies_rows(classifier, len(h), contexts):
        return h, classifier
    first, _, last = cast(list[nn.Linear], classifier.layers)
    return h @ first.weight.T, lambda hidden: hidden.add_(first.bias).relu_() @ last.weight[0] + last.bias


def _classifies_rows(classifier: nn.Module, rows: int, contexts: int) -> bool:
    """Whether the classifier's first layer comes before pooling, which pays where contexts are more than rows."""
    return isinstance(classifier, SharedMLP) and contexts > rows


@dataclass(frozen=True)
class _Beyond:
    """Attention to the outside's columns before or after those near each segment."""

    weight: Tensor  # (S, P) logarithms of summed weights
    contexts: Tensor  # (D, P, V) of those that are distinct
    place: Tensor  # (S,) which of them is each segment's


def _beyond(scores: Tensor, values: Tensor, cut: Tensor, before: bool) -> _Beyond:
    """Attend to the columns of the outside before ``cut`` (S,) or from it on; none are a context of zero.

    ``scores`` (T', P) and ``values`` (T', V) are of all its columns.
    """
    cuts, place = cut.unique(return_inverse=True)
    beyond = (torch.arange(len(scores), device=cut.device) < cuts[:, None]) ^ (not before)
    own = scores.T[None].masked_fill(~beyond[:, None], -math.inf)
    return _Beyond(own.logsumexp(dim=2)[place], own.softmax(dim=2).nan_to_num(0.0) @ values, place)


def alpha(logits: Tensor, keep: bool) -> Tensor:
    """Localisation scores α from logits: σ(y) masked-in (Eq. 8), 1 − σ(y) masked-out (Eq. 9), in [0, 1]."""
    return torch.sigmoid(logits if keep else -logits)
