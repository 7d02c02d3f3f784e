"""Training with parts: spans of utterances, running means of weights, two heads, terms that tell apart.

The loop is ``vgsnb.training.fit``, so a killed training goes on where it was and a seed says everything. The loss is
the same binary cross-entropy, and the kept epoch the one with the lowest loss on development data, its soft tags.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel

from vgsnb import devices, training
from vgsnb.errors import UserError
from vgsnb.further import crops, terms
from vgsnb.further.models import heads, shares_over_time
from vgsnb.further.parts import concerning
from vgsnb.models import KeywordModel, save_model
from vgsnb.speech.augmentation import spec_augment
from vgsnb.speech.features import FeatureSettings, FeatureStore

Batch = tuple[Tensor, Tensor, Tensor]
Term = Callable[[Tensor, Tensor], Tensor]  # of features (B, T, D) and shares over time (B, W, T)


class Averaging(nn.Module):
    """A model that is trained, and beside it the running mean of its weights, which checkpoints keep too.

    The mean forgets by ``decay`` a step, by less at the beginning: it never holds much of the first weights.
    """

    def __init__(self, model: KeywordModel, decay: float) -> None:
        super().__init__()
        if not 0 <= decay < 1:
            raise UserError(f"Weights cannot be averaged with a decay of {decay}: give one from 0 to below 1.")
        self.model = model

        def forget(mean: Tensor, now: Tensor, steps: Tensor | int) -> Tensor:
            return mean.lerp(now, 1 - min(decay, (1 + float(steps)) / (10 + float(steps))))

        self.average = AveragedModel(model, avg_fn=forget)
        self.average.requires_grad_(False)

    def step(self) -> None:
        """Take the weights of now into the mean."""
        self.average.update_parameters(self.model)


def train(
    model: KeywordModel,
    store: FeatureStore,
    targets: pd.DataFrame,
    development: pd.DataFrame,
    folder: Path,
    *,
    parts: Iterable[str],
    epochs: int,
    batch_size: int = 32,
    augmentation: dict[str, Any] | None = None,
    seed: int = 0,
    device: str | None = None,
    numbers: dict[str, Any] | None = None,
    **settings: Any,
) -> pd.DataFrame:
    """As ``vgsnb.training.train``, with those of ``parts`` that change training.

    ``numbers`` are theirs (``crop`` in seconds and ``crop_share``, ``averaging``, ``separation``, ``quietness`` and
    ``silence``); each part needs its own. Batches, their order and the draws of SpecAugment are those of the paper's
    training with the same seed, unless spans are drawn too.
    """
    chosen, known = concerning(parts, "training", architecture=model.name), store.subset(targets.index.tolist())
    place, given = devices.find_device(device), numbers or {}
    wanted, judged = (table[list(model.keywords)].astype("float32") for table in (targets, development))
    model.to(place).expect(torch.tensor(wanted.mean().to_numpy()))
    learner = Averaging(model, given["averaging"]) if "averaged" in chosen else model
    paid = terms_of(chosen, wanted, store.settings, place, given)

    def load(ids: Sequence[str]) -> Batch:
        found, frames = store.batch(ids)
        features, lengths = crops.padded(torch.from_numpy(found)), torch.from_numpy(frames)
        if augmentation is not None:
            features = spec_augment(features, lengths, torch.default_generator, **augmentation)
        if "crops" in chosen:
            features, lengths = _cropped(features, lengths, store.settings.shift, given)
        goal = torch.tensor(wanted.loc[list(ids)].to_numpy())
        return features.to(place), lengths.to(place), goal.to(place)

    def loss(learner: nn.Module, batch: Batch) -> Tensor:
        if isinstance(learner, Averaging):
            learner.step()
        return objective(_trained(learner), batch, paid)

    def validate(learner: nn.Module) -> float:
        found = training.logits(_kept(learner), store, judged.index.tolist(), device=device)
        return float(functional.binary_cross_entropy_with_logits(found, torch.tensor(judged.to_numpy())))

    def make_batches(epoch: int) -> training.Batches[str, Batch]:
        rng = np.random.default_rng([seed, epoch])
        return training.Batches(training.bucketed(known.ids, known.lengths, batch_size, rng), load)

    history = training.fit(
        learner, make_batches, loss, validate, folder, epochs=epochs, seed=seed, device=device, **settings
    )  # fmt: skip
    model.load_state_dict(_kept(learner).state_dict())
    save_model(model, folder)
    (folder / training.CHECKPOINT).unlink()
    return history


def _trained(learner: nn.Module) -> KeywordModel:
    return cast(KeywordModel, learner.model if isinstance(learner, Averaging) else learner)


def _kept(learner: nn.Module) -> KeywordModel:
    return cast(KeywordModel, learner.average.module if isinstance(learner, Averaging) else learner)


def _cropped(features: Tensor, lengths: Tensor, shift: float, numbers: dict[str, Any]) -> tuple[Tensor, Tensor]:
    shortest, longest = (max(1, round(seconds / shift)) for seconds in numbers["crop"])
    if shortest > longest:
        raise UserError(f"Spans of {numbers['crop']} s are none: give the shortest first, then the longest.")
    generator, share = torch.default_generator, numbers["crop_share"]
    return crops.crop(features, lengths, generator, shortest=shortest, longest=longest, share=share)


def objective(model: KeywordModel, batch: Batch, paid: Iterable[Term] = ()) -> Tensor:
    """The binary cross-entropy of every head, in the mean over heads, and what is ``paid`` beside it."""
    features, lengths, goal = batch
    h, frames = model.encoder(features, lengths)
    found = heads(model, h, frames)
    total = torch.stack([functional.binary_cross_entropy_with_logits(logits, goal) for logits in found]).mean()
    if paid := list(paid):
        shares = shares_over_time(model, h, frames)
        total = total + torch.stack([term(features, shares) for term in paid]).sum()
    return total


def terms_of(
    parts: Iterable[str],
    targets: pd.DataFrame,
    settings: FeatureSettings,
    place: torch.device,
    numbers: dict[str, Any],
) -> list[Term]:
    """What ``parts`` add to the loss: ``separated`` and ``quiet``, each times its strength in ``numbers``."""
    found, names = list[Term](), set(parts)
    if "separated" in names:
        together = terms.company(targets).to(place)
        found.append(lambda features, shares: numbers["separation"] * terms.overlap(shares, together))
    if "quiet" in names:
        below = numbers["silence"]
        found.append(
            lambda features, shares: (
                numbers["quietness"] * terms.in_silence(shares, terms.silent_frames(features, settings, below))
            )
        )
    return found


def refined(targets: pd.DataFrame, own: pd.DataFrame, share: float) -> pd.DataFrame:
    """Targets of a second student (U, W): a ``share`` of the first one's ``own`` scores, the rest the soft tags."""
    if not 0 <= share <= 1:
        raise UserError(f"A second student cannot learn a share of {share} from the first: give one from 0 to 1.")
    return (1 - share) * targets + share * own.loc[targets.index, targets.columns].astype(targets.dtypes)
