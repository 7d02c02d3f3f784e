"""Terms of the loss that tell apart what comes together and that keep the silence quiet.

Both look at shares over time (B, W, T), which add up to one over an utterance's own frames: attention's weights, or a
softmax over time of frame scores.
"""

import numpy as np
import pandas as pd
import torch
from torch import Tensor
from torch.nn import functional

from vgsnb.errors import UserError
from vgsnb.speech.features import FeatureSettings


def company(targets: pd.DataFrame) -> Tensor:
    """How much the tags of two keywords come together over ``targets`` (U, W): φ where it is positive, (W, W).

    Zero on the diagonal; a tag that never changes comes with none.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        together = np.atleast_2d(np.corrcoef(targets.to_numpy(float), rowvar=False))
    together = np.nan_to_num(together).clip(0, 1)
    np.fill_diagonal(together, 0.0)
    return torch.tensor(together, dtype=torch.float32)


def overlap(shares: Tensor, together: Tensor) -> Tensor:
    """How much keywords look at the same frames: the cosine of two keywords' ``shares`` (B, W, T), in the mean over
    pairs weighted by how much they come ``together`` (W, W). 0 where none do, at most 1.
    """
    directions = functional.normalize(shares.float(), dim=-1)
    cosines = directions @ directions.transpose(1, 2)
    return (cosines * together).sum() / (len(shares) * together.sum()).clamp(min=1e-6)


def silent_frames(features: Tensor, settings: FeatureSettings, below: float) -> Tensor:
    """Which frames of normalised ``features`` (B, T, D) are silent, (B, T): their energy is under ``below``.

    In standard deviations from the utterance's mean. MFCCs have the energy as coefficient 0; of log-mel bands the mean.
    Raises ``UserError`` for an embedding, which does not say.
    """
    if settings.kind == "embedding":
        raise UserError("A pretrained embedding does not say where silence is: leave the part quiet out.")
    energy = features[..., 0] if settings.kind == "mfcc" else features.mean(dim=-1)
    return energy < below


def in_silence(shares: Tensor, silent: Tensor) -> Tensor:
    """The part of ``shares`` (B, W, T) that lies on ``silent`` (B, T) frames, in the mean over keywords: 0 to 1."""
    return (shares.float() * silent[:, None]).sum(dim=-1).mean()
