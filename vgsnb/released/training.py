"""Training as the released code does it: SpecAugment with its axes swapped, and the epoch that transcripts choose."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import pandas as pd
import torch
from torch import Tensor
from torch.nn import functional

from vgsnb import evaluation, training
from vgsnb.errors import UserError
from vgsnb.models import KeywordModel
from vgsnb.released.departures import concerning
from vgsnb.released.models import SummingModel, UnmaskedEncoder
from vgsnb.speech.augmentation import spec_augment
from vgsnb.speech.features import FeatureStore

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

    def batch(self, ids: Sequence[str], multiple: int = 1) -> tuple[Tensor, Tensor]:
        """Augmented features (B, T, D) of ``ids``, zero beyond each one's length, and the lengths (B,)."""
        features, lengths = super().batch(ids)
        turned = features.transpose(1, 2)
        coefficients = torch.full((len(turned),), turned.shape[1])
        changes = {**self.augmentation, "groups": 1}
        found = spec_augment(turned, coefficients, torch.default_generator, **changes)
        return functional.pad(found.transpose(1, 2), (0, 0, 0, -features.shape[1] % multiple)), lengths


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

    if isinstance(model, SummingModel):
        encoder, lengths = model.encoder, store.subset(targets.index.tolist()).lengths
        model.frames = float(encoder.frames if isinstance(encoder, UnmaskedEncoder) else lengths.mean())

    def judge(model: KeywordModel) -> float:
        return missed_f1(training.predict(model, store, said.index.tolist(), device=settings.get("device")), said)

    by_words = judge if "transcript-selection" in chosen else None
    return training.train(
        model, store, targets, development, folder, augmentation=augmentation, judge=by_words, **settings
    )


def missed_f1(scores: pd.DataFrame, said: pd.DataFrame) -> float:
    """One minus the F1 at θ = 0.4 of ``scores`` against the words ``said``, which shall be low."""
    if not said.to_numpy().any():
        raise UserError(
            "The development captions say no keyword, so no epoch is better: take more development pictures."
        )
    return 1 - float(evaluation.detection(scores, said, THETA)["f1"])
