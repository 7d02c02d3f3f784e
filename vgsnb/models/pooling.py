"""Pool: from encoded frames to one vector an utterance (or one for every keyword), padding masked in each.

Softmax, logarithm and maximum run in float32, whatever precision the encoder used: they add up hundreds of small
numbers, which the eight bits of bfloat16 do not carry.
"""

import math

import torch
from torch import Tensor, nn

from vgsnb.models.encoders import frame_mask


class LogMeanExp(nn.Module):
    """Eq. 10 of Olaleye et al. 2022 before its sigmoid: ``1/r · log mean_t exp(r h_t)``; ``r`` → ∞ is the maximum."""

    def __init__(self, r: float) -> None:
        super().__init__()
        self.r = r

    def forward(self, h: Tensor, lengths: Tensor) -> Tensor:
        """Pool ``h`` (B, W, T) over each utterance's own frames into (B, W)."""
        masked = (self.r * h.float()).masked_fill(~frame_mask(lengths, h.shape[-1])[:, None], -math.inf)
        return (torch.logsumexp(masked, dim=-1) - lengths[:, None].float().log()) / self.r


class MaxOverTime(nn.Module):
    """The highest value of each channel over an utterance's own frames."""

    def forward(self, h: Tensor, lengths: Tensor) -> Tensor:
        """Pool ``h`` (B, K, T) into (B, K)."""
        return h.float().masked_fill(~frame_mask(lengths, h.shape[-1])[:, None], -math.inf).amax(dim=-1)


class Attention(nn.Module):
    """One trained query a keyword; Eq. 11 gives its weights over time and Eq. 12 its context vector (2022)."""

    def __init__(self, keywords: int, size: int) -> None:
        super().__init__()
        self.queries = nn.Parameter(torch.zeros(keywords, size))

    def weights(self, h: Tensor, lengths: Tensor) -> Tensor:
        """Attention weights (B, W, T) of ``h`` (B, K, T): ``α_w = softmax_t(q_w · h_t)``, zero on padding (Eq. 11)."""
        scores = (h.transpose(1, 2) @ self.queries.T).float().transpose(1, 2)
        return scores.masked_fill(~frame_mask(lengths, h.shape[-1])[:, None], -math.inf).softmax(dim=-1)

    def forward(self, h: Tensor, lengths: Tensor) -> Tensor:
        """Context vectors (B, W, K) of ``h`` (B, K, T): ``Σ_t α_{w,t} h_t`` (Eq. 12)."""
        return self.weights(h, lengths).to(h.dtype) @ h.transpose(1, 2)
