"""A contrastive term with the picture: utterances and pictures in one space while the encoder learns.

The tags say 67 numbers of a picture; which of the pictures at hand an utterance belongs to says more, and a word that
tells pictures apart is worth hearing even if it is no keyword. As in Harwath et al. (2016) the branch pools over time
and compares by a dot product; the loss is InfoNCE both ways. The branch is thrown away when the encoder is trained.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from vgsnb.models.encoders import frame_mask

SIZE = 256  # of the common space
TEMPERATURE = 0.1  # at the beginning; it is learned
HIGHEST = 50.0  # that similarities are ever multiplied by
DROPPED = 0.3  # of a picture's numbers, anew in every batch: six thousand pictures are soon known by heart


class PictureBranch(nn.Module):
    """From encoded frames and from what a network sees in pictures into one space, (B, B) similarities."""

    def __init__(self, channels: int, inputs: int, seed: int) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        self.heard, self.seen = nn.Linear(channels, SIZE), nn.Linear(inputs, SIZE)
        for layer in (self.heard, self.seen):
            nn.init.normal_(layer.weight, std=layer.in_features**-0.5, generator=generator)
            nn.init.zeros_(layer.bias)
        self.scale = nn.Parameter(torch.tensor(1 / TEMPERATURE).log())

    def forward(self, h: Tensor, frames: Tensor, vectors: Tensor) -> Tensor:
        """Similarities (B, B) of utterances ``h`` (B, K, T) of ``frames`` (B,) with pictures ``vectors`` (B, D)."""
        own = frame_mask(frames, h.shape[-1])[:, None]
        mean = (h.float() * own).sum(-1) / frames[:, None]
        heard = functional.normalize(self.heard(mean), dim=1)
        seen = functional.normalize(self.seen(functional.dropout(vectors, DROPPED, self.training)), dim=1)
        return heard @ seen.T * self.scale.exp().clamp(max=HIGHEST)


def contrast(similar: Tensor, pictures: Tensor) -> Tensor:
    """InfoNCE both ways of the similarities (B, B) of utterances with pictures; the diagonal belongs together.

    ``pictures`` (B,) are their numbers: another caption of the same picture is no wrong answer and is left out.
    """
    others = ~torch.eye(len(similar), dtype=torch.bool, device=similar.device)
    judged = similar.masked_fill((pictures[:, None] == pictures) & others, -torch.inf)
    goal = torch.arange(len(similar), device=similar.device)
    return (functional.cross_entropy(judged, goal) + functional.cross_entropy(judged.T, goal)) / 2


def scaled(vectors: Tensor) -> Tensor:
    """Activations (B, D) as the branch takes them: square roots of what is positive, on a sphere of radius √D / 2."""
    return functional.normalize(vectors.float().clamp(min=0).sqrt(), dim=1) * vectors.shape[1] ** 0.5 / 2
