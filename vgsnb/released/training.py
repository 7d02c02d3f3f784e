"""Training as the released code does it: SpecAugment with its axes swapped, and the epoch that transcripts choose."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from torch import Tensor, nn
from torch.nn import functional

from vgsnb import devices, evaluation, training
from vgsnb.errors import UserError
from vgsnb.models import KeywordModel, save_model
from vgsnb.released.departures import concerning
from vgsnb.speech.augmentation import spec_augment
from vgsnb.speech.features import FeatureStore, FloatArray

THETA = 0.4  # at which the released code compares epochs
Batch = tuple[Tensor, Tensor, Tensor]


@dataclass(frozen=True)
class SwappedStore(FeatureStore):
    """A store whose batches have been through SpecAugment with time and frequency swapped.

    Whoever reads it, reads augmented features: training and development data alike. The draws are those of PyTorch's
    default generator, which training seeds for every epoch. What belongs to time moves and covers coefficients, at most
    ``longest_share`` of them; what belongs to frequency covers frames.
    """

    augmentation: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, store: FeatureStore, augmentation: dict[str, Any]) -> Self:
        """``store`` read through ``augmentation``, the keywords of ``spec_augment``."""
        return cls(
            **{name: getattr(store, name) for name in FeatureStore.__dataclass_fields__}, augmentation=augmentation
        )

    def subset(self, ids: Sequence[str]) -> Self:
        """The same with ``ids`` only."""
        return replace(super().subset(ids), augmentation=self.augmentation)

    def batch(self, ids: Sequence[str]) -> tuple[FloatArray, npt.NDArray[np.int64]]:
        """Augmented features (B, T, D) of ``ids``, zero beyond each one's length, and the lengths (B,)."""
        features, lengths = super().batch(ids)
        turned = torch.from_numpy(features).transpose(1, 2)
        coefficients = torch.full((len(turned),), turned.shape[1])
        changes = {**self.augmentation, "groups": 1}
        found = spec_augment(turned, coefficients, torch.default_generator, **changes)
        return found.transpose(1, 2).contiguous().numpy(), lengths


def train(
    model: KeywordModel,
    store: FeatureStore,
    targets: pd.DataFrame,
    development: pd.DataFrame,
    folder: Path,
    *,
    departures: Iterable[str],
    said: pd.DataFrame,
    augmentation: dict[str, Any] | None = None,
    **settings: Any,
) -> pd.DataFrame:
    """As ``vgsnb.training.train``, with ``departures``; ``said`` (utterance × keyword) are the words of development.

    Where transcripts choose the epoch, ``dev_loss`` of the history is 1 − F1 at θ = 0.4 against ``said``: it uses text.
    """
    chosen = concerning(departures, "training")
    if augmentation is not None and "swapped-spec-augment" in chosen:
        store, augmentation = SwappedStore.of(store, augmentation), None
    if "transcript-selection" not in chosen:
        return training.train(model, store, targets, development, folder, augmentation=augmentation, **settings)
    return _train_by_words(model, store, targets, said, folder, augmentation=augmentation, **settings)


def _train_by_words(
    model: KeywordModel,
    store: FeatureStore,
    targets: pd.DataFrame,
    said: pd.DataFrame,
    folder: Path,
    *,
    epochs: int,
    batch_size: int = 32,
    augmentation: dict[str, Any] | None = None,
    seed: int = 0,
    device: str | None = None,
    **settings: Any,
) -> pd.DataFrame:
    """The same batches, draws and steps as in ``vgsnb.training.train``; only the kept epoch is another one."""
    place, known = devices.find_device(device), store.subset(targets.index.tolist())
    wanted = targets[list(model.keywords)].astype("float32")
    model.expect(torch.tensor(wanted.mean().to_numpy()))

    def load(ids: Sequence[str]) -> Batch:
        frames, lengths = (torch.from_numpy(values) for values in store.batch(ids))
        frames = functional.pad(frames, (0, 0, 0, -frames.shape[1] % 32))  # few shapes, as in training
        if augmentation is not None:
            frames = spec_augment(frames, lengths, torch.default_generator, **augmentation)
        return frames.to(place), lengths.to(place), torch.tensor(wanted.loc[list(ids)].to_numpy()).to(place)

    def loss(model: nn.Module, batch: Batch) -> Tensor:
        frames, lengths, goal = batch
        return functional.binary_cross_entropy_with_logits(model(frames, lengths), goal)

    def make_batches(epoch: int) -> training.Batches[str, Batch]:
        rng = np.random.default_rng([seed, epoch])
        return training.Batches(training.bucketed(known.ids, known.lengths, batch_size, rng), load)

    def validate(_: nn.Module) -> float:
        return missed_f1(training.predict(model, store, said.index.tolist(), device=device), said)

    history = training.fit(
        model, make_batches, loss, validate, folder, epochs=epochs, seed=seed, device=device, **settings
    )  # fmt: skip
    save_model(model, folder)
    (folder / training.CHECKPOINT).unlink()
    return history


def missed_f1(scores: pd.DataFrame, said: pd.DataFrame) -> float:
    """One minus the F1 at θ = 0.4 of ``scores`` against the words ``said``, which shall be low."""
    if not said.to_numpy().any():
        raise UserError(
            "The development captions say no keyword, so no epoch is better: take more development pictures."
        )
    return 1 - float(evaluation.detection(scores, said, THETA)["f1"])
