"""Training on pictures and the words that go with them; what is not said with one is taken not to belong to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
import safetensors.torch
import torch
from torch import Tensor, nn

from vgsnb import devices
from vgsnb.errors import require_known
from vgsnb.files import whole_file
from vgsnb.seeds import generator
from vgsnb.training import CHECKPOINT, Batches, Optimise, adam, fit
from vgsnb.wordlearning.networks import LOSSES, CrossNet, bound_norms, company, cosines

WEIGHTS = "network.safetensors"
DECAY = 1e-4  # of the L2 term
JUDGED = 4  # batches of training pictures whose cosines are noted
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Scenes:
    """P pictures: ``seen`` (P, F, D) of their regions, ``heard`` (N, T, D') of all tokens, ``said`` (M, 2) pairs.

    A pair is a place among the pictures and one among the tokens, in the order of pictures.
    """

    seen: Tensor
    heard: Tensor
    said: Ints

    def tokens_of(self, picture: int) -> Ints:
        """The places of a picture's tokens."""
        first, last = np.searchsorted(self.said[:, 0], [picture, picture + 1])
        return self.said[first:last, 1]


class Together(NamedTuple):
    """A batch: regions (P, F, D), words (N, T, D'), and (P, N) whose words they are."""

    seen: Tensor
    heard: Tensor
    same: Tensor


def adadelta(parameters: Any, learning_rate: float) -> torch.optim.Optimizer:
    """The optimiser of the paper, with its L2 term (which is added to the loss, hence twice λ in the gradient)."""
    return torch.optim.Adadelta(parameters, lr=learning_rate, rho=0.95, eps=1e-6, weight_decay=2 * DECAY)


OPTIMISERS: dict[str, Optimise] = {"adadelta": adadelta, "adam": adam}


@dataclass(frozen=True)
class Goal:
    """What is learned: by one of ``LOSSES``, and with so much ``company`` beside it (``networks.company``).

    In training each word is moved in its window by up to ``shift`` frames, and in pitch by up to ``bands``
    coefficients, in no two epochs alike.
    """

    objective: str = "cos-cos2"
    company: float = 0.0
    shift: int = 0
    bands: int = 0

    def __post_init__(self) -> None:
        require_known("objective", self.objective, LOSSES)

    def compared(self, model: nn.Module, batch: Together) -> tuple[Tensor, Tensor]:
        """The cosines (P, F, N) of the regions of each picture and all words of a batch, and the loss."""
        words = batch.heard
        if model.training:
            words = moved(moved(words, self.shift).transpose(1, 2), self.bands).transpose(1, 2)
        seen, heard = model(batch.seen.flatten(0, 1), words)
        with devices.autocast(batch.seen.device, "float32"):
            found = cosines(seen.float(), heard.float()).view(*batch.seen.shape[:2], -1)
            loss = LOSSES[self.objective](found, batch.same)
            return found, loss + self.company * company(heard.float(), batch.same) if self.company else loss


def train(
    network: CrossNet,
    data: Scenes,
    development: Scenes,
    folder: Path,
    goal: Goal,
    *,
    pictures: int,
    optimiser: str = "adadelta",
    max_norm: float = 6.0,
    watch: Callable[[CrossNet], pd.DataFrame] | None = None,
    seed: int = 0,
    device: str | None = None,
    **settings: Any,
) -> pd.DataFrame:
    """Train ``network`` on ``data`` towards ``goal``; leave its best epoch on ``development`` in ``folder``.

    A batch has so many ``pictures``; a word that goes with one of them does not go with the others. With one picture,
    as in the paper, as many random words of others are added as it has. ``cosines.csv`` has a row an epoch (figure 1),
    ``watched.csv`` what ``watch(network)`` gives after each. ``settings`` go to ``vgsnb.training.fit``.
    """
    require_known("optimiser", optimiser, OPTIMISERS)
    place = devices.find_device(device)
    network.expect(data.seen.flatten(0, 1), data.heard.float())
    batches = {"dev": judged(development, place), "train": judged(data, place)[:JUDGED]}
    judge = _Judge(batches, goal, folder, watch)

    def make_batches(epoch: int) -> Batches[int, Together]:
        judge.epoch = epoch + 1
        return Batches(dealt(data, pictures, seed, epoch), lambda group: _to(place, batch_of(data, group, seed, epoch)))

    history = fit(
        network, make_batches, lambda model, batch: goal.compared(model, batch)[1], judge, folder,
        seed=seed, device=device, optimise=OPTIMISERS[optimiser],
        constrain=lambda model: bound_norms(model, max_norm), **settings,
    )  # fmt: skip
    weights = {name: value.cpu().contiguous() for name, value in network.state_dict().items()}
    safetensors.torch.save_file(weights, folder / WEIGHTS)
    (folder / CHECKPOINT).unlink()
    return history


@dataclass
class _Judge:
    """The loss of development batches after an ``epoch``, which is noted with the cosines of all ``batches``."""

    batches: dict[str, list[Together]]
    goal: Goal
    folder: Path
    watch: Callable[[CrossNet], pd.DataFrame] | None
    epoch: int = 0

    def __call__(self, model: nn.Module) -> float:
        found = {name: [self.goal.compared(model, batch) for batch in own] for name, own in self.batches.items()}
        row = dict[str, float]()
        for name, own in self.batches.items():
            means = mean_cosines([cosine for cosine, _ in found[name]], [batch.same for batch in own])
            row |= {f"{name}_{kind}": value for kind, value in means.items()}
        note(self.folder / "cosines.csv", self.epoch, pd.DataFrame([row]))
        if self.watch is not None:
            note(self.folder / "watched.csv", self.epoch, self.watch(cast(CrossNet, model)))
        return float(torch.stack([loss for _, loss in found["dev"]]).mean())


def moved(words: Tensor, most: int) -> Tensor:
    """Each word (N, T, D) moved by a random number of frames, ``most`` either way; the frame at the end is repeated.

    With coefficients in the place of frames it is as if somebody with a longer or shorter vocal tract spoke.
    """
    if not most:
        return words
    count, frames, _ = words.shape
    away = torch.randint(-most, most + 1, (count, 1), device=words.device)
    places = torch.arange(frames, device=words.device) - away  # (N, T)
    rows = torch.arange(count, device=words.device)[:, None]
    return words[rows, places.clamp(0, frames - 1)]


def judged(data: Scenes, place: torch.device, pictures: int = 32) -> list[Together]:
    """All pictures that have words in batches of like size, always the same ones: what every epoch is judged on."""
    order = generator("judged").permutation(np.unique(data.said[:, 0]))
    groups = np.array_split(order, -(-len(order) // pictures))
    return [_to(place, batch_of(data, group.tolist(), 0)) for group in groups]


def mean_cosines(found: Sequence[Tensor], same: Sequence[Tensor]) -> dict[str, float]:
    """The mean cosine (P, F, N) of pairs that belong together, ``same`` (P, N), and of different ones."""
    regions = [own.permute(0, 2, 1) for own in found]  # (P, N, F)
    masks = {"same": same, "different": [~own for own in same]}
    return {
        kind: float(torch.cat([own[mask] for own, mask in zip(regions, of, strict=True)]).mean())
        for kind, of in masks.items()
    }


def note(path: Path, epoch: int, rows: pd.DataFrame) -> None:
    """Add the ``rows`` of an epoch to a table; of an epoch that is trained again the first ones go."""
    known = pd.read_csv(path) if path.is_file() else pd.DataFrame(columns=["epoch"])
    rows = rows.assign(epoch=epoch)[["epoch", *rows.columns]]
    with whole_file(path) as temporary:
        pd.concat([known[known["epoch"] < epoch], rows] if len(known) else [rows]).to_csv(temporary, index=False)


def dealt(data: Scenes, pictures: int, *names: int) -> list[list[int]]:
    """All pictures that have words, so many a batch, in random order; a last batch that is not full is left out."""
    known = np.unique(data.said[:, 0])
    order = generator("pictures", *names).permutation(known)
    full = max(1, len(order) // pictures)
    return [[int(place) for place in order[n * pictures : (n + 1) * pictures]] for n in range(full)]


def batch_of(data: Scenes, group: Sequence[int], *names: int) -> Together:
    """The regions and words of the pictures ``group``, with random words of others beside those of a single one."""
    own = [data.tokens_of(picture) for picture in group]
    tokens = np.unique(np.concatenate(own))  # a recording may go with several pictures
    if len(group) == 1:
        tokens = np.concatenate([tokens, others(data, tokens, generator("others", *names, group[0]))])
    same = torch.from_numpy(np.stack([np.isin(tokens, said) for said in own]))
    return Together(data.seen[list(group)], data.heard[tokens].float(), same)


def others(data: Scenes, tokens: Ints, rng: np.random.Generator) -> Ints:
    """As many tokens as ``tokens``, random ones that are none of them."""
    left = np.setdiff1d(data.said[:, 1], tokens)
    return rng.choice(left, min(len(tokens), len(left)), replace=False)


def _to(place: torch.device, batch: Together) -> Together:
    return Together(*(part.to(place) for part in batch))


@torch.no_grad()
def embed(branch: nn.Module, values: Tensor, device: str | None = None, batch_size: int = 4096) -> np.ndarray:
    """The vectors (N, E) of ``values`` (N, …), in float32."""
    place = devices.find_device(device)
    branch.to(place).eval()
    return torch.cat([branch(part.to(place).float()).float().cpu() for part in values.split(batch_size)]).numpy()
