"""A contrastive term with the picture: utterances and pictures in one space while the encoder learns.

The tags say 67 numbers of a picture; which of the pictures at hand an utterance belongs to says more, and a word that
tells pictures apart is worth hearing even if it is no keyword. As in Harwath et al. (2016) the branch pools over time
and compares by a dot product; the loss is InfoNCE both ways. The branch is thrown away when the encoder is trained.
"""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from torch import Tensor, nn
from torch.nn import functional

from vgsnb.models.encoders import frame_mask

SIZE = 256  # of the common space
TEMPERATURE = 0.1  # at the beginning; it is learned
HIGHEST = 50.0  # that similarities are ever multiplied by
DROPPED = 0.3  # of a picture's numbers, anew in every batch: six thousand pictures are soon known by heart

BATCH = 256  # pictures looked at together


@dataclass(frozen=True)
class Pictures:
    """Pictures that utterances are spoken of.

    Attributes:
        shown: of each utterance, which picture it is of (utterance_id → image_id).
        seen: what a network sees in each picture, not negative (image_id × D).
    """

    shown: pd.Series
    seen: pd.DataFrame

    def rows(self, ids: Sequence[str]) -> Tensor:
        """The rows (B,) of ``seen`` that the utterances ``ids`` are of."""
        return torch.from_numpy(self.seen.index.get_indexer(pd.Index(self.shown.loc[list(ids)])))


class PictureBranch(nn.Module):
    """From encoded frames and from what is ``seen`` (P, D) in pictures into one space of similarities."""

    seen: Tensor

    def __init__(self, channels: int, seen: Tensor, seed: int) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        self.register_buffer("seen", scaled(seen), persistent=False)
        self.from_sound, self.from_picture = nn.Linear(channels, SIZE), nn.Linear(seen.shape[1], SIZE)
        for layer in (self.from_sound, self.from_picture):
            nn.init.normal_(layer.weight, std=layer.in_features**-0.5, generator=generator)
            nn.init.zeros_(layer.bias)
        self.scale = nn.Parameter(torch.tensor(1 / TEMPERATURE).log())

    def forward(self, h: Tensor, frames: Tensor, rows: Tensor) -> Tensor:
        """Similarities (B, B) of utterances ``h`` (B, K, T) of ``frames`` (B,) with the pictures ``rows`` (B,)."""
        with torch.autocast(h.device.type, enabled=False):  # similarities of near pictures differ by little
            own = frame_mask(frames, h.shape[-1])[:, None]
            mean = (h.float() * own).sum(-1) / frames[:, None]
            kept = functional.dropout(self.seen[rows], DROPPED, self.training)
            heard = functional.normalize(self.from_sound(mean), dim=1)
            seen = functional.normalize(self.from_picture(kept), dim=1)
            return heard @ seen.T * self.scale.exp().clamp(max=HIGHEST)


@torch.no_grad()
def seen_by(tagger: nn.Module, pictures: npt.NDArray[np.uint8], image_ids: Sequence[str]) -> pd.DataFrame:
    """What a tagger of pictures (P, H, W, 3) sees in them before its last layer judges: image_id × D."""
    network = deepcopy(tagger).cpu().eval()
    network.last = nn.Identity()
    found = [network(torch.from_numpy(pictures[first : first + BATCH])) for first in range(0, len(pictures), BATCH)]
    return pd.DataFrame(torch.cat(found).numpy(), index=pd.Index(image_ids, name="image_id"))


def contrast(similar: Tensor, rows: Tensor) -> Tensor:
    """InfoNCE both ways of the similarities (B, B) of utterances with pictures; the diagonal belongs together.

    ``rows`` (B,) are the pictures' numbers: another caption of the same picture is no wrong answer and is left out.
    """
    others = ~torch.eye(len(similar), dtype=torch.bool, device=similar.device)
    judged = similar.masked_fill((rows[:, None] == rows) & others, -torch.inf)
    goal = torch.arange(len(similar), device=similar.device)
    return (functional.cross_entropy(judged, goal) + functional.cross_entropy(judged.T, goal)) / 2


def scaled(vectors: Tensor) -> Tensor:
    """Activations (P, D) as the branch takes them: square roots of what is positive, on a sphere of radius √D / 2."""
    return functional.normalize(vectors.float().clamp(min=0).sqrt(), dim=1) * vectors.shape[1] ** 0.5 / 2
