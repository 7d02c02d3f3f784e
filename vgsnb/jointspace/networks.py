"""A branch for speech and one for pictures, which end in the same space; likeness is that of frames with places."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from vgsnb.models.encoders import Encoder, cnn_pool

MARGIN = 0.2  # of the margin loss, in cosines
SHARPNESS = 10.0  # what a cosine is multiplied by in InfoNCE, at first


class JointSpace(nn.Module):
    """Captions and pictures to unit vectors (B, E).

    Of what the encoder finds in a caption the maximum over time counts, brought into the space by the last layer: what
    is said once is there, however long the caption. A picture is the mean of what each place comes to. The same layers
    bring single frames there, and their likeness with single places is the *matchmap* (Harwath et al. 2018).
    """

    def __init__(
        self,
        features: int,
        seen: int,
        channels: Sequence[int] = (64, 128),
        kernels: Sequence[int] = (5, 7, 7),
        pool: int = 2,
        embedding: int = 256,
    ) -> None:
        super().__init__()
        self.encoder: Encoder = cnn_pool(features, channels, embedding, kernels, pool)
        self.speech = nn.Conv1d(embedding, embedding, 1)
        self.pictures = nn.Sequential(
            nn.BatchNorm2d(seen), nn.Conv2d(seen, embedding, 1), nn.ReLU(), nn.Conv2d(embedding, embedding, 1)
        )
        self.sharpness = nn.Parameter(torch.tensor(SHARPNESS).log())

    def frames(self, features: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """What each encoded frame of captions (B, T, D) comes to, (B, E, T'); and how many each caption has (B,)."""
        h, lengths = self.encoder(features, lengths)
        return self.speech(h), lengths

    def places(self, maps: Tensor) -> Tensor:
        """What each place of pictures (B, K, H, W) comes to, (B, E, H, W)."""
        return self.pictures(maps)

    def heard(self, features: Tensor, lengths: Tensor) -> Tensor:
        """Unit vectors (B, E) of captions; beyond their ends the encoder gives zeros, which never win."""
        h, _ = self.encoder(features, lengths)
        found = self.speech(h.amax(dim=2, keepdim=True))
        return functional.normalize(found.squeeze(2).float(), dim=1)

    def seen(self, maps: Tensor) -> Tensor:
        """Unit vectors (B, E) of pictures."""
        return functional.normalize(self.places(maps).float().mean(dim=(2, 3)), dim=1)


def last_two(layers: Sequence[Tensor]) -> Tensor:
    """What the last two of the layers see in pictures, side by side (B, K + K', H, W), as coarse as the last."""
    before, last = layers[-2:]
    return torch.cat([functional.adaptive_avg_pool2d(before, (last.shape[-2], last.shape[-1])), last], 1)


def matchmap(frames: Tensor, places: Tensor) -> Tensor:
    """How like each frame of a caption (E, T) is to each place of a picture (E, H, W): dot products (T, H, W)."""
    return torch.einsum("et,ehw->thw", frames, places)


def info_nce(found: Tensor, sharpness: Tensor) -> Tensor:
    """Cross-entropy of naming the picture of each caption, and the caption of each picture, in a batch (B, B)."""
    right = torch.arange(len(found), device=found.device)
    logits = sharpness.exp() * found
    return (functional.cross_entropy(logits, right) + functional.cross_entropy(logits.T, right)) / 2


def margin(found: Tensor, _: Tensor) -> Tensor:
    """A caption shall be nearer to its own picture by ``MARGIN`` than to a random other, and the other way round.

    Harwath et al. (2016); the others are the next ones of the batch, whose order is random.
    """
    own = found.diagonal()
    others = torch.stack([found.roll(1, dims=1).diagonal(), found.roll(1, dims=0).diagonal()])
    return functional.relu(MARGIN - own + others).sum(dim=0).mean()


LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {"margin": margin, "info-nce": info_nce}
