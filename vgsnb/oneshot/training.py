"""Training a network to tell background classes apart, so that it can tell new ones apart from one example.

One loop for every method: batches of some classes with some tokens each; what is low on development classes, which no
batch has, is the error of naming a token by the nearest of one example a class.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import safetensors.torch
import torch
from torch import Tensor, nn

from vgsnb import devices
from vgsnb.errors import UserError, require_known
from vgsnb.oneshot.networks import LOSSES, Classifier, Direct
from vgsnb.seeds import generator
from vgsnb.training import CHECKPOINT, Batches, fit

WEIGHTS = "network.safetensors"


@dataclass(frozen=True)
class Labelled:
    """Tokens of one modality, ``inputs`` (N, …), with the numbers of their ``classes`` (N,)."""

    inputs: Tensor
    classes: Tensor

    @classmethod
    def of(cls, inputs: Tensor, names: pd.Series) -> "Labelled":
        """With classes numbered in the order of their names."""
        return cls(inputs, torch.from_numpy(pd.factorize(names, sort=True)[0].astype(np.int64)))

    @property
    def rows(self) -> list[np.ndarray]:
        """The places of the tokens of each class."""
        classes = self.classes.numpy()
        return [np.flatnonzero(classes == number) for number in range(int(classes.max()) + 1)]

    def apart(self, share: float, seed: int) -> tuple["Labelled", "Labelled"]:
        """Without ``share`` of the classes, and these alone: training and development, no class in both."""
        order = generator(seed, "development classes").permutation(int(self.classes.max()) + 1)
        held = torch.isin(self.classes, torch.from_numpy(order[: max(2, round(share * len(order)))]))
        return self._some(~held), self._some(held)

    def _some(self, mask: Tensor) -> "Labelled":
        return Labelled(self.inputs[mask], torch.unique(self.classes[mask], return_inverse=True)[1])


class Sampling(NamedTuple):
    """A batch has ``ways`` classes with ``each`` tokens; an epoch ``batches``."""

    ways: int
    each: int
    batches: int


def train(
    network: nn.Module,
    objective: str,
    data: Labelled,
    development: Labelled,
    folder: Path,
    *,
    sampling: Sampling,
    trials: int = 400,
    seed: int = 0,
    device: str | None = None,
    **settings: Any,
) -> pd.DataFrame:
    """Train ``network`` on ``data`` by one of ``LOSSES`` or as a classifier; leave its best epoch in ``folder``.

    ``settings`` go to ``vgsnb.training.fit``. Returns the history, whose ``dev_loss`` is the share of ``trials`` on
    development classes that are answered wrongly.
    """
    require_known("objective", objective, ["classifier", *LOSSES])
    place, rows = devices.find_device(device), data.rows
    trainee = Classifier(network, len(rows)) if objective == "classifier" else network
    asked = deal_trials(development, sampling.ways, trials, seed)

    def load(chosen: Sequence[int]) -> tuple[Tensor, Tensor]:
        return data.inputs[chosen].to(place), data.classes[chosen].to(place)

    def loss(model: nn.Module, batch: tuple[Tensor, Tensor]) -> Tensor:
        found = model(batch[0]).float()
        with devices.autocast(place, "float32"):  # cosines in bfloat16 would be hundredths apart
            if objective == "classifier":
                return nn.functional.cross_entropy(found, batch[1])
            return LOSSES[objective](found, batch[1])

    def validate(_: nn.Module) -> float:
        return error_of(embed(network, development.inputs, device=device), asked)

    def make_batches(epoch: int) -> Batches[int, tuple[Tensor, Tensor]]:
        return Batches([draw(rows, sampling, seed, epoch, number) for number in range(sampling.batches)], load)

    history = fit(trainee, make_batches, loss, validate, folder, seed=seed, device=device, **settings)
    _keep(network, folder)
    return history


def train_direct(
    model: Direct,
    speech: tuple[Labelled, Labelled],
    pictures: tuple[Labelled, Labelled],
    folder: Path,
    *,
    sampling: Sampling,
    trials: int = 400,
    seed: int = 0,
    device: str | None = None,
    **settings: Any,
) -> pd.DataFrame:
    """Train both networks of ``model`` to match across modalities; leave its best epoch in ``folder``.

    ``speech`` and ``pictures`` are data and development. A batch pairs word classes with character classes at random,
    as a support set pairs words with pictures that the networks have never seen together; ``dev_loss`` is the share of
    wrong matches among ``trials`` whose classes are development's.
    """
    place = devices.find_device(device)
    both = [(name, data, data.rows) for name, (data, _) in (("speech", speech), ("image", pictures))]
    sampling = sampling._replace(ways=min(sampling.ways, *(len(large(rows, sampling.each)) for _, _, rows in both)))
    asked = [deal_pairs(data, sampling.ways, trials, seed) for data in (speech[1], pictures[1])]
    ways = min(pairs.shape[1] for pairs in asked)

    def load(chosen: Sequence[list[int]]) -> tuple[Tensor, Tensor]:
        first, second = (data.inputs[rows].to(place) for (_, data, _), rows in zip(both, chosen, strict=True))
        return first, second

    def loss(_: nn.Module, batch: tuple[Tensor, Tensor]) -> Tensor:
        first, second = model.speech(batch[0]).float(), model.pictures(batch[1]).float()
        with devices.autocast(place, "float32"):
            classes = torch.arange(len(first) // sampling.each, device=place).repeat_interleave(sampling.each)
            return model.loss(first, second, classes, sampling.each)

    def validate(_: nn.Module) -> float:
        words, drawings = (
            torch.from_numpy(embed(network, data.inputs, device=device)[pairs[:, :ways]])
            for network, data, pairs in zip(
                (model.speech, model.pictures), (speech[1], pictures[1]), asked, strict=True
            )
        )  # (R, ways, 2, E)
        return model.error(words.to(place), drawings.to(place))

    def make_batches(epoch: int) -> Batches[list[int], tuple[Tensor, Tensor]]:
        numbers = range(sampling.batches)
        return Batches([[draw(rows, sampling, seed, epoch, n, name) for name, _, rows in both] for n in numbers], load)

    history = fit(model, make_batches, loss, validate, folder, seed=seed, device=device, **settings)
    _keep(model, folder)
    return history


def draw(rows: list[np.ndarray], sampling: Sampling, *names: str | int) -> list[int]:
    """``ways`` classes at random and ``each`` tokens of each, class by class: the places of ways · each tokens."""
    rng, known = generator("batch", *names), large(rows, sampling.each)
    chosen = rng.choice(len(known), min(sampling.ways, len(known)), replace=False)
    return [int(row) for number in chosen for row in rng.choice(known[number], sampling.each, replace=False)]


def large(rows: list[np.ndarray], each: int) -> list[np.ndarray]:
    """Those classes that have ``each`` tokens, two or more."""
    known = [own for own in rows if len(own) >= max(2, each)]
    if len(known) < 2:
        raise UserError(
            f"Only {len(known)} background classes have {max(2, each)} tokens: take more tokens, or ask for fewer."
        )
    return known


def deal_trials(data: Labelled, ways: int, trials: int, seed: int) -> np.ndarray:
    """Trials (R, 1 + ways): a query, the example of its own class, and one of each of ``ways`` − 1 others."""
    rng, rows = generator(seed, "trials"), large(data.rows, 2)
    ways, found = min(ways, len(rows)), []
    for _ in range(trials):
        chosen = rng.choice(len(rows), ways, replace=False)
        query, example = rng.choice(rows[chosen[0]], 2, replace=False)
        found.append([query, example, *(rng.choice(rows[number]) for number in chosen[1:])])
    return np.array(found)


def deal_pairs(data: Labelled, ways: int, trials: int, seed: int) -> np.ndarray:
    """Trials (R, ways, 2): an example and another token of each of ``ways`` classes."""
    rng, rows = generator(seed, "pairs"), large(data.rows, 2)
    chosen = (rng.choice(len(rows), min(ways, len(rows)), replace=False) for _ in range(trials))
    return np.array([[rng.choice(rows[number], 2, replace=False) for number in classes] for classes in chosen])


def error_of(vectors: np.ndarray, trials: np.ndarray) -> float:
    """The share of ``trials`` in which another example than the right one is nearest by cosine."""
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    near = np.einsum("re,rwe->rw", unit[trials[:, 0]], unit[trials[:, 1:]])
    return float((near[:, 0] <= near[:, 1:].max(axis=1)).mean())


@torch.no_grad()
def embed(network: nn.Module, inputs: Tensor, batch_size: int = 256, device: str | None = None) -> np.ndarray:
    """The vectors (N, E) of ``inputs`` (N, …), in float32."""
    place = devices.find_device(device)
    network.to(place).eval()
    return torch.cat([network(part.to(place)).float().cpu() for part in inputs.split(batch_size)]).numpy()


def _keep(model: nn.Module, folder: Path) -> None:
    safetensors.torch.save_file(
        {name: value.cpu().contiguous() for name, value in model.state_dict().items()}, folder / WEIGHTS
    )
    (folder / CHECKPOINT).unlink()
