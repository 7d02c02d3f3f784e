"""Training on random spans of utterances, so that a masked utterance is nothing that a model has never seen."""

import torch
from torch import Tensor

from vgsnb.models.encoders import frame_mask
from vgsnb.training import STEP


def spans(lengths: Tensor, shortest: int, longest: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """A random span of each utterance: first frames and widths (B,), ``shortest`` to ``longest`` frames or all."""
    draws = torch.rand(2, len(lengths), generator=generator)
    widths = shortest + (draws[0] * (longest - shortest + 1)).long()
    widths = torch.minimum(widths, lengths)
    return (draws[1] * (lengths - widths + 1)).long(), widths


def cut(features: Tensor, starts: Tensor, widths: Tensor) -> Tensor:
    """The spans of ``features`` (B, T, D) alone, each moved to frame 0, zero beyond it: (B, T', D)."""
    frames = -(-int(widths.max()) // STEP) * STEP
    wanted = (starts[:, None] + torch.arange(frames)).clamp(max=features.shape[1] - 1).to(features.device)
    found = features[torch.arange(len(features), device=features.device)[:, None], wanted]
    return found.masked_fill(~frame_mask(widths, frames).to(features.device)[..., None], 0.0)


def silenced(features: Tensor, starts: Tensor, widths: Tensor) -> Tensor:
    """``features`` (B, T, D) with zero, their mean, outside the spans: what masked-in shows of them (Eq. 8)."""
    frames = torch.arange(features.shape[1])
    inside = (frames >= starts[:, None]) & (frames < (starts + widths)[:, None])
    return features.masked_fill(~inside.to(features.device)[..., None], 0.0)


def crop(
    features: Tensor, lengths: Tensor, generator: torch.Generator, *, shortest: int, longest: int, share: float
) -> tuple[Tensor, Tensor]:
    """``features`` (B, T, D) of ``lengths`` (B,) frames as they are, or spans of them in a ``share`` of the batches.

    Half of these batches are cut, the others silenced outside the span. The targets stay those of the whole utterance.
    """
    changed, way = torch.rand(2, generator=generator)
    if changed >= share:
        return features, lengths
    starts, widths = spans(lengths, shortest, longest, generator)
    if way < 0.5:
        return cut(features, starts, widths), widths
    return silenced(features, starts, widths), lengths
