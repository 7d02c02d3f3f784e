"""Enc: the convolutional encoders of Olaleye et al. 2022 (section IV-B), padding masked after every layer."""

from collections.abc import Sequence
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional


def frame_mask(lengths: Tensor, frames: int) -> Tensor:
    """True (B, T) where a frame lies inside its utterance; ``lengths`` (B,) in frames."""
    return torch.arange(frames, device=lengths.device) < lengths[:, None]


class Stage(nn.Module):
    """One convolution over time, its ReLU and its max-pooling.

    What lies beyond an utterance's end is zeroed after the convolution, so the next one sees the same zeros there as
    it would with no padding at all. Pooling keeps a last window that is not full; it follows a ReLU, so the zeros in
    that window never win.

    The convolution is two-dimensional with one row: in that form PyTorch keeps the channels of a frame together in
    memory, which spares processors a rearrangement before and after every layer.
    """

    def __init__(self, inputs: int, outputs: int, kernel: int, pool: int = 1, activation: bool = True) -> None:
        super().__init__()
        if kernel % 2 == 0 or (pool > 1 and not activation):
            raise ValueError(f"A stage needs an odd kernel (not {kernel}), and a ReLU before its max-pooling.")
        self.conv = nn.Conv1d(inputs, outputs, kernel, padding=kernel // 2)
        self.activation = activation
        self.pool = pool

    def forward(self, x: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """From ``x`` (B, K, T) and ``lengths`` (B,) to what this stage gives, and its lengths."""
        padding = (0, self.conv.kernel_size[0] // 2)
        h = functional.conv2d(x[:, :, None], self.conv.weight[:, :, None], self.conv.bias, padding=padding)
        with torch.no_grad():  # no gradient comes back from padding: ReLU passes none at zero, pooling masks it
            h.masked_fill_(~frame_mask(lengths, x.shape[-1])[:, None, None], 0.0)
        if self.activation:
            h = h.relu_()
        if self.pool > 1:
            h = functional.max_pool2d(h, (1, self.pool), ceil_mode=True)
            lengths = -(-lengths // self.pool)
        return h.squeeze(2), lengths


class Encoder(nn.Module):
    """A stack of stages: CNN without pooling, CNN-Pool with max-pooling in every stage but the last."""

    def __init__(self, stages: Sequence[Stage]) -> None:
        super().__init__()
        self.stages = nn.ModuleList(stages)

    @property
    def stride(self) -> int:
        """Input frames from one encoded frame to the next."""
        return int(np.prod([cast(Stage, stage).pool for stage in self.stages]))

    def forward(self, features: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """Encode ``features`` (B, T, D) of ``lengths`` (B,) frames into ``h`` (B, K, T') and its lengths (B,)."""
        x = features.masked_fill(~frame_mask(lengths, features.shape[1])[..., None], 0.0).transpose(1, 2)
        for stage in self.stages:
            x, lengths = stage(x, lengths)
        return x, lengths

    def frame_centres(self, n: int) -> np.ndarray:
        """Where the centres of ``n`` encoded frames lie, in input frames (9 i + 4 after two poolings by 3)."""
        return np.arange(n) * self.stride + (self.stride - 1) / 2


def cnn(inputs: int, channels: Sequence[int], output: int, kernels: Sequence[int], last_activation: bool) -> Encoder:
    """The encoder without pooling: ``channels`` of all convolutions but the last, which has ``output``."""
    widths = [inputs, *channels, output]
    activations = [True] * len(channels) + [last_activation]
    sizes = zip(widths[:-1], widths[1:], kernels, activations, strict=True)
    return Encoder([Stage(i, o, kernel, activation=active) for i, o, kernel, active in sizes])


def cnn_pool(inputs: int, channels: Sequence[int], output: int, kernels: Sequence[int], pool: int) -> Encoder:
    """The encoder with max-pooling over ``pool`` frames after every convolution but the last."""
    widths = [inputs, *channels, output]
    pools = [pool] * len(channels) + [1]
    sizes = zip(widths[:-1], widths[1:], kernels, pools, strict=True)
    return Encoder([Stage(i, o, kernel, pool=pool) for i, o, kernel, pool in sizes])
