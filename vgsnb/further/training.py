"""Training with parts: spans of utterances, running means of weights, two heads, terms that tell apart, pictures.

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
from vgsnb.further.pictures import PictureBranch, Pictures, contrast
from vgsnb.models import KeywordModel
from vgsnb.speech.features import FeatureSettings, FeatureStore
from vgsnb.training import Utterances

Term = Callable[[Tensor, Tensor], Tensor]  # of features (B, T, D) and shares over time (B, W, T)


class Learner(nn.Module):
    """A model that is trained, with what parts put beside it; checkpoints keep all of it.

    With a ``decay`` beside it is the running mean of its weights. The mean forgets by ``decay`` a step, by less at the
    beginning: it never holds much of the first weights. A ``branch`` compares what its encoder gives with pictures.
    """

    def __init__(self, model: KeywordModel, decay: float | None = None, branch: PictureBranch | None = None) -> None:
        super().__init__()
        self.model, self.branch, self.average = model, branch, None
        if decay is None:
            return
        if not 0 <= decay < 1:
            raise UserError(f"Weights cannot be averaged with a decay of {decay}: give one from 0 to below 1.")

        def forget(mean: Tensor, now: Tensor, steps: Tensor | int) -> Tensor:
            return mean.lerp(now, 1 - min(decay, (1 + float(steps)) / (10 + float(steps))))

        self.average = AveragedModel(model, avg_fn=forget)
        self.average.requires_grad_(False)

    def step(self) -> None:
        """Take the weights of now into the mean, where there is one."""
        if self.average is not None:
            self.average.update_parameters(self.model)

    @property
    def kept(self) -> KeywordModel:
        """The model that is judged and kept."""
        return self.model if self.average is None else cast(KeywordModel, self.average.module)


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
    pictures: Pictures | None = None,
    **settings: Any,
) -> pd.DataFrame:
    """As ``vgsnb.training.train``, with those of ``parts`` that change training.

    ``numbers`` are theirs (``crop`` in seconds and ``crop_share``, ``averaging``, ``separation``, ``quietness`` and
    ``silence``, ``contrast``); each part needs its own. Batches, their order and the draws of SpecAugment are those of
    the paper's training with the same seed, unless spans or dropped activations are drawn too. ``pictured`` needs
    ``pictures``: which one each utterance is of, and what is seen in each.
    """
    chosen, place = concerning(parts, "training", architecture=model.name), devices.find_device(device)
    store, (wanted, judged) = store.on(place), (training.aligned(table, model) for table in (targets, development))
    model.to(place).expect(torch.tensor(wanted.mean().to_numpy()))
    given, shown = numbers or {}, pictures if "pictured" in chosen else None
    learner = learner_of(model, chosen, given, shown, seed)
    paid, strength = terms_of(chosen, wanted, store.settings, place, given), given.get("contrast", 0.0)

    def change(features: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        return _cropped(features, lengths, store.settings.shift, given)

    def loss(_: nn.Module, batch: Utterances) -> Tensor:
        learner.step()
        rows = None if shown is None else shown.rows(batch.ids).to(place)
        return objective(learner, batch, rows, paid, strength)

    def validate(_: nn.Module) -> float:
        return training.loss_of(learner.kept, store, judged, device)

    cropping = change if "crops" in chosen else None
    batches = training.batches_of(store, wanted, batch_size, augmentation, cropping, seed=seed, place=place)
    history = training.fit(
        learner, batches, loss, validate, folder, epochs=epochs, seed=seed, device=device, **settings
    )  # fmt: skip
    model.load_state_dict(learner.kept.state_dict())
    training.keep(model, folder)
    return history


def _cropped(features: Tensor, lengths: Tensor, shift: float, numbers: dict[str, Any]) -> tuple[Tensor, Tensor]:
    shortest, longest = (max(1, round(seconds / shift)) for seconds in numbers["crop"])
    if shortest > longest:
        raise UserError(f"Spans of {numbers['crop']} s are none: give the shortest first, then the longest.")
    generator, share = torch.default_generator, numbers["crop_share"]
    return crops.crop(features, lengths, generator, shortest=shortest, longest=longest, share=share)


def learner_of(
    model: KeywordModel, parts: Iterable[str], numbers: dict[str, Any], pictures: Pictures | None, seed: int
) -> Learner:
    """``model`` with what those of ``parts`` put beside it that need weights of their own."""
    names, branch = set(parts), None
    if "pictured" in names:
        if pictures is None:
            raise UserError("A pictured training needs pictures: give which utterance is of which, or leave it out.")
        seen = torch.tensor(pictures.seen.to_numpy(np.float32))
        branch = PictureBranch(model.sizes["output"], seen, seed).to(next(model.parameters()).device)
    return Learner(model, numbers["averaging"] if "averaged" in names else None, branch)


def objective(
    learner: Learner, batch: Utterances, rows: Tensor | None = None, paid: Sequence[Term] = (), strength: float = 0.0
) -> Tensor:
    """The binary cross-entropy of every head, in the mean over heads, and what is ``paid`` beside it.

    To a learner with a branch the contrast with pictures, numbered ``rows`` (B,), adds its ``strength`` times.
    """
    model = learner.model
    h, frames = model.encoder(batch.features, batch.lengths)
    found = [functional.binary_cross_entropy_with_logits(logits, batch.targets) for logits in heads(model, h, frames)]
    total = torch.stack(found).mean()
    if paid:
        shares = shares_over_time(model, h, frames)
        total = total + torch.stack([term(batch.features, shares) for term in paid]).sum()
    if learner.branch is not None and rows is not None:
        total = total + strength * contrast(learner.branch(h, frames, rows), rows)
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
