"""SpecAugment (Park et al. 2019) on batches of features of different lengths."""

import torch
from torch import Tensor


def spec_augment(
    features: Tensor,
    lengths: Tensor,
    generator: torch.Generator,
    *,
    time_warp: int = 40,
    time_masks: int = 2,
    time_mask: int = 40,
    longest_share: float = 0.2,
    frequency_masks: int = 2,
    frequency_mask: int = 3,
    groups: int = 3,
) -> Tensor:
    """Warp ``features`` (B, T, D) in time, then set bands of time and of coefficients to zero, their mean.

    What lies beyond an utterance's length stays zero, and what lies within it depends on its length alone, not on the
    padding of its batch: hence not torchaudio's masking, which knows neither lengths nor generators. Widths are drawn
    uniformly, as in section 2 of the paper.

    Args:
        features: zero-padded, normalised by utterance.
        lengths: frames of each utterance (B,).
        generator: source of all randomness; its device is that of the draws, not of the features.
        time_warp: W, how many frames a point of the utterance moves at most.
        time_masks: how many spans of time are masked.
        time_mask: T, frames that one of them covers at most.
        longest_share: p, share of the utterance that one of them covers at most.
        frequency_masks: how many bands of coefficients are masked.
        frequency_mask: F, coefficients that one of them covers at most.
        groups: the D coefficients are static ones and their derivatives, 3 groups of D/3 (MFCC), or 1 (log-mel). A band
            is masked in all groups alike, or the derivatives would tell what the static coefficients were.
    """
    batch, frames, dimensions = features.shape
    warped = warp_time(features, lengths, _uniform(batch, 2, generator).to(features.device), time_warp)
    widest = (longest_share * lengths).clamp(max=time_mask).to(features.device)
    spans = _spans(_uniform(batch, 2 * time_masks, generator).to(features.device), widest, lengths, frames)
    statics = torch.full_like(lengths, dimensions // groups)
    bands = _spans(
        _uniform(batch, 2 * frequency_masks, generator).to(features.device),
        torch.full_like(widest, frequency_mask, dtype=torch.float32),
        statics,
        dimensions // groups,
    )
    return warped.masked_fill(spans[:, :, None] | bands.repeat(1, groups)[:, None, :], 0.0)


def warp_time(features: Tensor, lengths: Tensor, draws: Tensor, reach: int) -> Tensor:
    """Move one point of every utterance by up to ``reach`` frames and stretch both its sides to fit, linearly.

    ``draws`` (B, 2) in [0, 1) choose the point, at least ``reach`` frames (or a quarter of a short utterance) away from
    both ends, and how far it moves. Ends stay where they are; padding stays padding.
    """
    if reach <= 0:
        return features
    ends = (lengths.to(features.device) - 1)[:, None]
    last = ends.clamp(min=1).float()
    margin = (last / 4).clamp(max=reach)
    source = margin + draws[:, :1] * (last - 2 * margin)
    target = source + (2 * draws[:, 1:] - 1) * margin * 0.999
    times = torch.arange(features.shape[1], device=features.device).float()[None]
    before = times * source / target
    after = source + (times - target) * (last - source) / (last - target)
    wanted = torch.minimum(torch.where(times < target, before, after).clamp(min=0), ends.float())
    wanted = torch.where(times <= ends, wanted, times)
    lower = wanted.floor().long()
    upper = (lower + 1).clamp(max=features.shape[1] - 1)
    share = (wanted - lower)[:, :, None]
    rows = torch.arange(len(features), device=features.device)[:, None]
    return features[rows, lower] * (1 - share) + features[rows, upper] * share


def _spans(draws: Tensor, widest: Tensor, lengths: Tensor, size: int) -> Tensor:
    """Which of ``size`` places (B, size) are covered by spans, two draws in [0, 1) (width, start) for each."""
    widths, starts = draws.unflatten(1, (-1, 2)).unbind(dim=2)
    widths = (widths * (widest[:, None] + 1)).floor()
    starts = (starts * (lengths.to(draws.device)[:, None] - widths + 1)).floor()
    places = torch.arange(size, device=draws.device)[None, None]
    covered = (places >= starts[:, :, None]) & (places < (starts + widths)[:, :, None])
    return covered.any(dim=1)


def _uniform(rows: int, columns: int, generator: torch.Generator) -> Tensor:
    return torch.rand(rows, columns, generator=generator, device=generator.device)
