"""Training on captions and their pictures: what is not said of a picture in a batch is taken not to belong to it."""

from collections.abc import Mapping, Sequence
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
from vgsnb.errors import UserError, require_known
from vgsnb.jointspace.networks import LOSSES, JointSpace
from vgsnb.seeds import generator
from vgsnb.speech.augmentation import spec_augment
from vgsnb.speech.features import FeatureStore
from vgsnb.training import CHECKPOINT, STEP, Batches, bucketed, fit

WEIGHTS = "network.safetensors"
FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Captioned:
    """Captions and their pictures: ``images`` gives each utterance id its picture, ``maps`` (P, K, H, W) of each.

    ``rows`` are the places of pictures in ``maps``.
    """

    images: pd.Series
    maps: Tensor
    rows: Mapping[str, int]

    def maps_of(self, ids: Sequence[str]) -> Tensor:
        """The maps (B, K, H, W) of the pictures of utterances."""
        return self.maps[[self.rows[name] for name in self.images.loc[list(ids)]]].float()


class Pairs(NamedTuple):
    """A batch: captions (B, T, D), their lengths (B,) in frames, and the maps (B, K, H, W) of their pictures."""

    features: Tensor
    lengths: Tensor
    maps: Tensor


def train(
    network: JointSpace,
    store: FeatureStore,
    data: Captioned,
    development: Captioned,
    folder: Path,
    *,
    objective: str = "info-nce",
    batch_size: int = 64,
    augmentation: dict[str, Any] | None = None,
    seed: int = 0,
    device: str | None = None,
    **settings: Any,
) -> pd.DataFrame:
    """Train ``network`` by one of ``LOSSES``; leave its best epoch on ``development`` in ``folder``.

    No batch has two captions of one picture. ``augmentation`` are the keywords of ``spec_augment``, but for ``groups``;
    ``settings`` go to ``vgsnb.training.fit``.
    """
    require_known("objective", objective, LOSSES)
    place = devices.find_device(device)
    store = store.on(place)

    def load(part: Captioned, ids: Sequence[str]) -> Pairs:
        features, lengths = store.batch(ids, STEP)
        return Pairs(features.to(place), lengths.to(place), part.maps_of(ids).to(place))

    def loss(model: nn.Module, batch: Pairs) -> Tensor:
        space = cast(JointSpace, model)
        heard, seen = space.heard(batch.features, batch.lengths), space.seen(batch.maps)
        with devices.autocast(place, "float32"):
            return LOSSES[objective](heard.float() @ seen.float().T, space.sharpness)

    judged = rounds(store, development.images, batch_size, 0, 0)
    if not judged:
        raise UserError(f"A batch of {batch_size} captions is more than development pictures fill: give a smaller one.")

    def validate(model: nn.Module) -> float:
        return float(torch.stack([loss(model, load(development, ids)) for ids in judged]).mean())

    def load_changed(ids: Sequence[str]) -> Pairs:
        pairs = load(data, ids)
        if augmentation is None:
            return pairs
        groups = store.settings.dimensions // store.settings.statics
        changed = spec_augment(pairs.features, pairs.lengths, torch.default_generator, groups=groups, **augmentation)
        return pairs._replace(features=changed)

    def make_batches(epoch: int) -> Batches[str, Pairs]:
        return Batches(rounds(store, data.images, batch_size, seed, epoch), load_changed)

    history = fit(network, make_batches, loss, validate, folder, seed=seed, device=device, **settings)
    safetensors.torch.save_file(
        {name: value.cpu().contiguous() for name, value in network.state_dict().items()}, folder / WEIGHTS
    )
    (folder / CHECKPOINT).unlink()
    return history


def rounds(store: FeatureStore, images: pd.Series, batch_size: int, *names: int) -> list[list[str]]:
    """Batches of all captions, of like length, each picture once in every round: a round has one caption of each.

    A last batch of half the size or less is left out.
    """
    rng = generator("rounds", *names)
    shuffled = images.iloc[rng.permutation(len(images))]
    number, found = shuffled.groupby(shuffled).cumcount(), list[list[str]]()
    for _, own in shuffled.groupby(number):
        known = store.subset(own.index.tolist())
        found += bucketed(known.ids, known.lengths, batch_size, rng)
    return [found[place] for place in rng.permutation(len(found)) if 2 * len(found[place]) > batch_size]


@torch.no_grad()
def hear(
    network: JointSpace, store: FeatureStore, ids: Sequence[str], device: str | None = None, batch_size: int = 64
) -> FloatArray:
    """Unit vectors (B, E) of the utterances ``ids`` in their order."""
    place = devices.find_device(device)
    network.to(place).eval()
    order = np.argsort(store.subset(ids).lengths, kind="stable")
    found = list[Tensor]()
    for first in range(0, len(order), batch_size):
        features, lengths = store.batch([ids[place] for place in order[first : first + batch_size]], STEP)
        found.append(network.heard(features.to(place), lengths.to(place)).float().cpu())
    return torch.cat(found)[torch.from_numpy(np.argsort(order))].numpy()


@torch.no_grad()
def see(network: JointSpace, maps: Tensor, device: str | None = None, batch_size: int = 256) -> FloatArray:
    """Unit vectors (P, E) of pictures, by their maps (P, K, H, W)."""
    place = devices.find_device(device)
    network.to(place).eval()
    return torch.cat([network.seen(part.to(place).float()).cpu() for part in maps.split(batch_size)]).numpy()
