"""Frame-wise multiple-instance pooling: what a whole utterance scores from what each of its frames scores.

All are a weighted mean of the frames' probabilities p = σ(h), and differ in the weights: Wang, Li and Metze (2019)
compare them. They are computed in logits, log Σ w p − log Σ w (1 − p), which is the logit of Σ w p / Σ w exactly. It
fits the rest of the library, whose models give logits.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from vgsnb.models.encoders import frame_mask


class FramePooling(nn.Module):
    """The logit of Σ w p / Σ w over an utterance's own frames; here w = 1, the mean."""

    def log_weights(self, h: Tensor) -> Tensor:
        """log w (B, W, T) of ``h`` (B, W, T), which is −∞ on padding."""
        return torch.zeros_like(h)

    def forward(self, h: Tensor, lengths: Tensor) -> Tensor:
        """Pool the logits ``h`` (B, W, T) over each utterance's own frames into logits (B, W)."""
        outside, h = ~frame_mask(lengths, h.shape[-1])[:, None], h.float()
        weights = self.log_weights(h.masked_fill(outside, -math.inf)).masked_fill(outside, -math.inf)
        own = h.masked_fill(outside, 0.0)  # finite where the weight is nothing, so that no gradient is NaN
        said, not_said = functional.logsigmoid(own), functional.logsigmoid(-own)
        return torch.logsumexp(weights + said, dim=-1) - torch.logsumexp(weights + not_said, dim=-1)


class LinearSoftmax(FramePooling):
    """w = p: Σp²/Σp. A frame below half the utterance's probability is pushed down, one above it up."""

    def log_weights(self, h: Tensor) -> Tensor:
        """log p (B, W, T)."""
        return functional.logsigmoid(h)


class AutoPool(FramePooling):
    """w = exp(a p), a temperature a for each keyword, which is trained (McFee, Salamon and Bello 2018).

    From the mean (a = 0) to the maximum (a → ∞). Its logarithm is trained, so that it stays positive and moves fast
    enough: it begins at ``temperature``.
    """

    def __init__(self, keywords: int, temperature: float) -> None:
        super().__init__()
        self.log_temperature = nn.Parameter(torch.full((keywords,), math.log(temperature)))

    def log_weights(self, h: Tensor) -> Tensor:
        """a p (B, W, T)."""
        return self.log_temperature.exp()[:, None] * h.sigmoid()


class TopK(FramePooling):
    """w = 1 for the ``k`` most probable frames, 0 for the others; for all of a shorter utterance."""

    def __init__(self, k: int) -> None:
        super().__init__()
        self.k = max(1, k)

    def log_weights(self, h: Tensor) -> Tensor:
        """0 (B, W, T) where h is one of the highest k, −∞ elsewhere."""
        least = h.topk(min(self.k, h.shape[-1]), dim=-1).values[..., -1:]
        return torch.zeros_like(h).masked_fill(h < least, -math.inf)
