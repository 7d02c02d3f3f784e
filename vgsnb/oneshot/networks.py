"""The networks that turn one token into one vector, and what they learn by (Eloff et al. 2019)."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

MARGIN = 0.2  # of the triplet loss
SHARPNESS = 10.0  # what a cosine is multiplied by before it is compared


class PictureNetwork(nn.Module):
    """Pictures (B, S, S) in [0, 1] to vectors (B, E): three 3 × 3 convolutions, two poolings by 2, two layers."""

    def __init__(
        self, size: int, channels: Sequence[int] = (32, 64, 128), hidden: int = 2048, embedding: int = 1024
    ) -> None:
        super().__init__()
        self.embedding = embedding
        layers, inputs = list[nn.Module](), 1
        for number, outputs in enumerate(channels):
            layers += [nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU()]
            if number < 2:
                layers.append(nn.MaxPool2d(2))
            inputs = outputs
        flat = channels[-1] * (size // 4) ** 2
        self.layers = nn.Sequential(*layers, nn.Flatten(), nn.Linear(flat, hidden), nn.ReLU())
        self.last = nn.Linear(hidden, embedding)

    def forward(self, pictures: Tensor) -> Tensor:
        """Vectors (B, E)."""
        return self.last(self.layers(pictures[:, None]))


class Classifier(nn.Module):
    """A network with one more layer that names its training classes; the test takes the network without it."""

    def __init__(self, network: nn.Module, classes: int) -> None:
        super().__init__()
        self.network = network
        self.last = nn.Linear(int(network.embedding), classes)  # type: ignore[arg-type]

    def forward(self, inputs: Tensor) -> Tensor:
        """Logits (B, C) of the training classes."""
        return self.last(functional.relu(self.network(inputs)))


class Direct(nn.Module):
    """Speech and pictures in one space that a support set spans: how like each of its examples a token is.

    Two tokens match, whatever their modalities, when they are like the same pairs. Both networks are trained for this
    together, with the triplet loss of each, over support sets of random pairs of background words and characters; no
    step in between chooses one pair, as the way of Eloff et al. over the nearest example does.
    """

    def __init__(self, speech: nn.Module, pictures: nn.Module) -> None:
        super().__init__()
        self.speech, self.pictures = speech, pictures
        self.sharpness = nn.Parameter(torch.tensor([SHARPNESS, SHARPNESS]).log())

    def loss(self, speech: Tensor, pictures: Tensor, classes: Tensor, each: int) -> Tensor:
        """Of vectors (L · ``each``, E), class by class: words and pictures of a class are paired, the first half shown.

        Cross-entropy of matching the other half to a new picture of each class, and the triplet loss of each modality.
        """
        heard, seen = (
            _shares(vectors.view(-1, each, vectors.shape[1]), sharpness)
            for vectors, sharpness in ((speech, self.sharpness[0]), (pictures, self.sharpness[1]))
        )
        right = torch.arange(len(seen), device=seen.device)
        matching = joined(heard.flatten(0, 1), seen[:, 0])
        crossed = functional.cross_entropy(matching, right.repeat_interleave(heard.shape[1]))
        return crossed + semi_hard_loss(speech, classes) + semi_hard_loss(pictures, classes)

    @torch.no_grad()
    def error(self, words: Tensor, drawings: Tensor) -> float:
        """How often the second token of the first class is taken for another: trials (R, L, 2, E) of each modality."""
        wrong = 0
        for said, drawn in zip(words, drawings, strict=True):
            heard = likeness(said[:1, 1], said[:, 0], self.sharpness[0].exp())
            seen = likeness(drawn[:, 1], drawn[:, 0], self.sharpness[1].exp())
            found = joined(heard, seen)[0]
            wrong += int(found[0] <= found[1:].max())  # what is the same everywhere is no answer
        return wrong / len(words)


def _shares(grouped: Tensor, sharpness: Tensor) -> Tensor:
    """The logarithm (L, Q, L) of the share of each class in what the second half of tokens (L, 2 Q, E) are like."""
    classes, each, _ = grouped.shape
    examples, queries = grouped[:, : each // 2], grouped[:, each // 2 :]
    found = likeness(queries.flatten(0, 1), examples.flatten(0, 1), sharpness.exp())
    return torch.logsumexp(found.view(classes, -1, classes, each // 2), dim=3)


def likeness(queries: Tensor, examples: Tensor, sharpness: Tensor) -> Tensor:
    """The logarithm (Q, S) of the share that each of ``examples`` (S, E) has in what ``queries`` (Q, E) are like."""
    cosines = functional.normalize(queries, dim=1) @ functional.normalize(examples, dim=1).T
    return functional.log_softmax(sharpness * cosines, dim=1)


def joined(heard: Tensor, seen: Tensor) -> Tensor:
    """How well speech (Q, L) matches pictures (M, L): the logarithm (Q, M) of Σ over L pairs of both shares."""
    return torch.logsumexp(heard[:, None] + seen[None], dim=2)


def centred(features: Sequence[Tensor], frames: int) -> Tensor:
    """Tokens (T_i, D) in the middle of (B, ``frames``, D), zeros around; of longer ones the middle."""
    found = torch.zeros(len(features), frames, features[0].shape[1])
    for row, token in zip(found, features, strict=True):
        surplus = max(0, len(token) - frames)
        kept = token[surplus // 2 : surplus // 2 + frames]
        first = (frames - len(kept)) // 2
        row[first : first + len(kept)] = kept
    return found


def semi_hard_loss(vectors: Tensor, classes: Tensor) -> Tensor:
    """The triplet loss of a batch of vectors (B, E) with ``classes`` (B,), semi-hard negatives within the batch.

    The distance is (1 − cos) / 2. Of each anchor and positive the negative is the nearest one that is farther than the
    positive, or where there is none the farthest of all (Schroff et al. 2015).
    """
    unit = functional.normalize(vectors, dim=1)
    distance, same = (1 - unit @ unit.T) / 2, classes[:, None] == classes
    anchors, positives = torch.nonzero(
        same & ~torch.eye(len(same), dtype=torch.bool, device=same.device), as_tuple=True
    )
    own, others, negative = distance[anchors, positives], distance[anchors], ~same[anchors]
    farther = others.masked_fill(~(negative & (others > own[:, None])), torch.inf).amin(dim=1)
    farthest = others.masked_fill(~negative, -torch.inf).amax(dim=1)
    nearest = torch.where(torch.isfinite(farther), farther, farthest)
    return functional.relu(own - nearest + MARGIN)[negative.any(dim=1)].mean()


def prototypical_loss(vectors: Tensor, classes: Tensor) -> Tensor:
    """Cross-entropy of naming each token by the mean vector of its class's others (Snell et al. 2017), by cosine.

    The batch (B, E) holds its classes one after another, as many tokens of each: the first half are examples.
    """
    grouped = functional.normalize(vectors, dim=1).view(len(torch.unique_consecutive(classes)), -1, vectors.shape[1])
    shots = grouped.shape[1] // 2
    prototypes = functional.normalize(grouped[:, :shots].mean(dim=1), dim=1)
    queries = grouped[:, shots:].reshape(-1, vectors.shape[1])
    right = torch.arange(len(grouped), device=vectors.device).repeat_interleave(grouped.shape[1] - shots)
    return functional.cross_entropy(SHARPNESS * queries @ prototypes.T, right)


LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {"siamese": semi_hard_loss, "prototypical": prototypical_loss}
