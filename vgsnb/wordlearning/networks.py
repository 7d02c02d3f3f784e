"""The two networks of Synnaeve et al. (2014), which share nothing but the space they end in, and what they learn by."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from vgsnb.models.words import WordEncoder

MARGIN = 0.3  # of the margin losses, in cosines
SHARPNESS = 10.0  # how near the maximum the soft maximum over a picture's regions is


class Scaled(nn.Module):
    """Inputs (N, …) with the mean and the spread that each number has in the training data."""

    def __init__(self, *shape: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(shape))
        self.register_buffer("spread", torch.ones(shape))

    def fit(self, values: Tensor) -> None:
        """Take mean and spread of ``values`` (N, …)."""
        self.mean = values.mean(dim=0)
        self.spread = values.std(dim=0).clamp(min=1e-3)

    def forward(self, values: Tensor) -> Tensor:
        """The scaled values (N, …)."""
        return (values - self.mean) / self.spread


class CrossNet(nn.Module):
    """Regions (N, D) and spoken words (N, T, D') to vectors (N, E), by networks of their own.

    ``heard`` is (T, D'). With ``hidden`` layers and ``rectified`` it is the paper's: ReLU after everything. Without
    hidden layers speech goes through a ``WordEncoder``, which knows a word wherever it lies in its window.
    """

    def __init__(
        self,
        seen: int,
        heard: tuple[int, int],
        embedding: int = 200,
        hidden: Sequence[int] = (),
        channels: int = 128,
        rectified: bool = False,
    ) -> None:
        super().__init__()
        frames, coefficients = heard
        self.pictures = nn.Sequential(Scaled(seen), *_layers([seen, embedding]))
        layers = [nn.Flatten(), *_layers([frames * coefficients, *hidden, embedding])]
        encoder = layers if hidden else [WordEncoder(coefficients, channels, embedding)]
        self.speech = nn.Sequential(Scaled(frames, coefficients), *encoder)
        if rectified:
            self.pictures.append(nn.ReLU())
            self.speech.append(nn.ReLU())

    def expect(self, seen: Tensor, heard: Tensor) -> None:
        """Scale inputs by those of the training data: (N, D) and (N, T, D')."""
        for branch, values in ((self.pictures, seen), (self.speech, heard)):
            scaled = branch[0]
            assert isinstance(scaled, Scaled)
            scaled.fit(values)

    def forward(self, seen: Tensor, heard: Tensor) -> tuple[Tensor, Tensor]:
        """Vectors of regions (F, E) and of words (N, E)."""
        return self.pictures(seen), self.speech(heard)


def _layers(sizes: Sequence[int]) -> nn.Sequential:
    """Linear layers with ReLUs between them."""
    layers = list[nn.Module]()
    for before, after in pairwise(sizes):
        linear = nn.Linear(before, after)
        nn.init.kaiming_uniform_(linear.weight, nonlinearity="relu")
        nn.init.zeros_(linear.bias)
        layers += [linear, nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def bound_norms(network: nn.Module, most: float = 6.0) -> None:
    """Shrink what comes into a unit of a linear layer to the norm ``most`` where it is larger (max-norm)."""
    with torch.no_grad():
        for layer in network.modules():
            if isinstance(layer, nn.Linear):
                layer.weight.mul_((most / layer.weight.norm(dim=1, keepdim=True).clamp(min=1e-6)).clamp(max=1.0))


def cosines(seen: Tensor, heard: Tensor) -> Tensor:
    """The cosine (F, N) of each region (F, E) and each word (N, E); 0 where a vector is zero."""
    return functional.normalize(seen, dim=1) @ functional.normalize(heard, dim=1).T


def cos_cos2(found: Tensor, same: Tensor) -> Tensor:
    """(1 − cos) / 2 of what belongs together, cos² of what does not (Loss_coscos² of the paper).

    ``found`` are cosines (P, F, N) of F regions of each of P pictures with N words, ``same`` (P, N) says whose words
    they are. Pairs of both kinds count as much as each other, as many as there are of either.
    """
    apart = found.square().mean(dim=1)
    together = ((1 - found) / 2).mean(dim=1)
    return (together[same].mean() + apart[~same].mean()) / 2


def margin(found: Tensor, same: Tensor) -> Tensor:
    """Every pair that belongs together shall be nearer by ``MARGIN`` than the region and another picture's word.

    A margin cost, of which kind the paper speaks as future work, in cosines: the mean of max(0, margin − cos + cos′).
    """
    rows = [
        functional.relu(MARGIN - own[:, belong, None] + own[:, None, ~belong]).mean()
        for own, belong in zip(found, same, strict=True)
    ]
    return torch.stack(rows).mean()


def best_region(found: Tensor, same: Tensor) -> Tensor:
    """A margin for pictures and words, a word being as near to a picture as to the region that is nearest to it.

    After the objective of Karpathy et al. (2014): most regions do not show the word, so not every pair is pulled. The
    maximum is a soft one, log Σ exp, so that all regions learn at first. Both ways: against other words of the
    picture's, and against other pictures of the word.
    """
    near = torch.logsumexp(SHARPNESS * found, dim=1) / SHARPNESS  # (P, N)
    own = near[same]
    pictures, words = same.nonzero(as_tuple=True)
    others = functional.relu(MARGIN - own[:, None] + near[pictures])[~same[pictures]].mean()
    elsewhere = ~same[:, words].T
    if not elsewhere.any():  # one picture alone
        return others
    return others + functional.relu(MARGIN - own[:, None] + near[:, words].T)[elsewhere].mean()


def info_nce(found: Tensor, same: Tensor) -> Tensor:
    """Name the picture of each word among those of the batch, and tell a picture's word from all words of others.

    As ``best_region`` a word is as near to a picture as to the region that is nearest to it; the softmax (van den Oord
    et al. 2018) minds most the wrong pictures and words that are nearest, and never has enough.
    """
    near = torch.logsumexp(SHARPNESS * found, dim=1)  # (P, N)
    pictures, words = same.nonzero(as_tuple=True)
    named = functional.cross_entropy(near.T[words], pictures)
    own, others = near[pictures, words], near[pictures].masked_fill(same[pictures], -torch.inf).logsumexp(dim=1)
    return named + functional.softplus(others - own).mean()


def company(heard: Tensor, same: Tensor) -> Tensor:
    """Words of one picture shall be nearer to each other than to words of others: a softmax over all pairs of words.

    ``heard`` (N, E), ``same`` (P, N). The semantics of words, which the paper names as what its word similarity lacks:
    what is said of the same pictures becomes alike, in whatever voice.
    """
    itself = torch.eye(len(heard), dtype=torch.bool, device=heard.device)
    likeness = (SHARPNESS * cosines(heard, heard)).masked_fill(itself, -torch.inf)
    together = (same.T.float() @ same.float() > 0) & ~itself
    known = together.any(dim=1)
    if not known.any():
        return heard.new_zeros(())
    own = likeness.masked_fill(~together, -torch.inf)[known].logsumexp(dim=1)
    return (likeness[known].logsumexp(dim=1) - own).mean()


LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "cos-cos2": cos_cos2,
    "margin": margin,
    "best-region": best_region,
    "info-nce": info_nce,
}
