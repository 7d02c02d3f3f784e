"""One readable training loop, used by every trained thing; and the training and scoring of keyword models on it."""

import json
import math
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
import pandas as pd
import safetensors.torch
import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn
from torch.nn import functional

from vgsnb import devices
from vgsnb.errors import UserError, require_known
from vgsnb.files import whole_file
from vgsnb.models import KeywordModel, save_model
from vgsnb.speech.augmentation import spec_augment
from vgsnb.speech.features import FeatureStore

Batch = TypeVar("Batch")
Item = TypeVar("Item")
Change = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]  # of features (B, T, D) and lengths (B,)
CHECKPOINT = "checkpoint.safetensors"
SCHEDULES = ("constant", "one-cycle")
Optimise = Callable[[Iterable[nn.Parameter], float], torch.optim.Optimizer]  # of parameters and a learning rate
# Batches have a multiple of this number of frames. Processors prepare their kernels for every new shape: with few
# shapes a step takes a fifth less time and memory.
STEP = 32


class Utterances(NamedTuple):
    """A batch: features (B, T, D), zero beyond each one's length, lengths (B,) in frames, targets (B, W)."""

    ids: list[str]
    features: Tensor
    lengths: Tensor
    targets: Tensor


@dataclass(frozen=True)
class Batches(Generic[Item, Batch]):
    """The batches of one epoch, each loaded only when its turn comes by ``load(items)``."""

    groups: Sequence[Sequence[Item]]
    load: Callable[[Sequence[Item]], Batch]

    def __len__(self) -> int:
        return len(self.groups)

    def __iter__(self) -> Iterator[Batch]:
        return map(self.load, self.groups)


def learning_rate_factor(schedule: str, progress: float, warm_up: float = 0.15) -> float:
    """What the learning rate is multiplied by after the share ``progress`` of all steps.

    ``one-cycle`` climbs from a twenty-fifth to the full rate over the share ``warm_up`` and falls along a cosine
    towards nothing.
    """
    require_known("schedule", schedule, SCHEDULES)
    if schedule == "constant":
        return 1.0
    if progress < warm_up:
        return 0.04 + 0.96 * progress / warm_up
    return 0.5 * (1 + math.cos(math.pi * (progress - warm_up) / (1 - warm_up)))


def adam(parameters: Iterable[nn.Parameter], learning_rate: float) -> torch.optim.Optimizer:
    """Adam, its arithmetic in one pass over the weights."""
    return torch.optim.Adam(parameters, lr=learning_rate, fused=True)


def fit(
    model: nn.Module,
    make_batches: Callable[[int], Batches[Any, Batch]],
    loss: Callable[[nn.Module, Batch], Tensor],
    validate: Callable[[nn.Module], float],
    folder: Path,
    *,
    epochs: int,
    learning_rate: float = 1e-4,
    schedule: str = "constant",
    clip: float = 1.0,
    patience: int = 0,
    optimise: Optimise = adam,
    constrain: Callable[[nn.Module], None] = lambda _: None,
    seed: int = 0,
    device: str | None = None,
    precision: str = devices.FASTEST,
) -> pd.DataFrame:
    """Train ``model`` and leave it with the weights of its best epoch; return the history, a row an epoch.

    ``make_batches(epoch)`` gives the batches of an epoch, the same ones whenever it is asked; ``loss(model, batch)``
    is a scalar, computed under autocast to ``precision``; ``validate(model)`` is what shall be low on development
    data, without gradients and in float32. Gradients are clipped to the norm ``clip``; ``constrain(model)`` may bound
    the weights after every step. Training ends early after ``patience`` epochs of which none was the best; with 0
    never. Device and precision are found from the machine when they are not given.

    After every epoch ``folder`` holds a whole checkpoint and ``history.csv``. Called again after a kill, training
    goes on from there and ends with the same weights as if nothing had happened: whatever is random in an epoch
    derives from ``(seed, epoch)``. Raises ``UserError`` for a broken or foreign checkpoint, and when the loss is no
    longer finite.
    """
    place = devices.find_device(device)
    precision = devices.find_precision(place, precision)
    model.to(place)
    optimiser = optimise(model.parameters(), learning_rate)
    settings = {"epochs": epochs, "learning_rate": learning_rate, "schedule": schedule, "clip": clip}
    settings |= {"patience": patience, "optimiser": type(optimiser).__name__}
    course = _Course(folder, model, optimiser, {**settings, "seed": seed, "precision": precision})
    course.resume()
    for epoch in range(len(course.history), epochs):
        if course.stalled(patience):
            break
        began = time.monotonic()
        torch.manual_seed(int(np.random.SeedSequence([seed, epoch]).generate_state(1)[0]))
        batches = make_batches(epoch)
        losses = list[Tensor]()
        model.train()
        for number, batch in enumerate(batches):
            progress = (epoch + number / len(batches)) / epochs
            optimiser.param_groups[0]["lr"] = learning_rate * learning_rate_factor(schedule, progress)
            with devices.autocast(place, precision):
                value = loss(model, batch)
            losses.append(_descend(model, optimiser, value, clip))
            constrain(model)
        model.eval()
        with torch.no_grad():
            judged = validate(model)
        course.add(float(torch.stack(losses).mean()), judged, time.monotonic() - began)
    model.load_state_dict(course.best)
    return pd.DataFrame(course.history)


def _descend(model: nn.Module, optimiser: torch.optim.Optimizer, value: Tensor, clip: float) -> Tensor:
    optimiser.zero_grad()
    value.backward()
    nn.utils.clip_grad_norm_(model.parameters(), clip)
    optimiser.step()
    return value.detach()


class _Course:
    """The course of one training: its history and best weights, and the checkpoint that keeps both."""

    def __init__(
        self, folder: Path, model: nn.Module, optimiser: torch.optim.Optimizer, settings: dict[str, Any]
    ) -> None:
        self.folder, self.model, self.optimiser, self.settings = folder, model, optimiser, settings
        self.best = _copy(model)
        self.history = list[dict[str, Any]]()

    def add(self, train_loss: float, dev_loss: float, seconds: float) -> None:
        """Note what an epoch gave, keep its weights when it is the best, and write the checkpoint."""
        epoch = len(self.history) + 1
        if not math.isfinite(train_loss + dev_loss):
            raise UserError(
                f"The loss in {self.folder} is no number any more (epoch {epoch}): lower the learning rate."
            )
        best = all(dev_loss < row["dev_loss"] for row in self.history)
        if best:
            self.best = _copy(self.model)
        row = {"epoch": epoch, "train_loss": train_loss, "dev_loss": dev_loss, "best": best}
        self.history.append({**row, "seconds": round(seconds, 2)})
        self.save()
        print(
            f"epoch {epoch:3d} of {self.settings['epochs']}: training loss {train_loss:.4f}, "
            f"development loss {dev_loss:.4f}{' (best)' if best else ''}, {seconds:.1f} s",
            file=sys.stderr, flush=True,
        )  # fmt: skip

    def stalled(self, patience: int) -> bool:
        """Whether none of the last ``patience`` epochs was the best."""
        return 0 < patience < len(self.history) and not any(row["best"] for row in self.history[-patience:])

    def save(self) -> None:
        """Write checkpoint and history, each of them whole or not at all."""
        states = self.optimiser.state_dict()["state"].items()
        tensors = {f"model.{key}": value for key, value in self.model.state_dict().items()}
        tensors |= {f"best.{key}": value for key, value in self.best.items()}
        tensors |= {f"optimiser.{number}.{key}": value for number, state in states for key, value in state.items()}
        tensors = {key: value.detach().cpu().contiguous() for key, value in tensors.items()}
        about = {"settings": json.dumps(self.settings), "history": json.dumps(self.history)}
        with whole_file(self.folder / CHECKPOINT) as path:
            safetensors.torch.save_file(tensors, path, metadata=about)
        with whole_file(self.folder / "history.csv") as path:
            pd.DataFrame(self.history).to_csv(path, index=False)

    def resume(self) -> None:
        """Continue from the folder's checkpoint, if there is one."""
        path = self.folder / CHECKPOINT
        if not path.is_file():
            return
        try:
            with safe_open(path, framework="pt") as file:
                about = file.metadata()
            tensors = safetensors.torch.load_file(path)
            if json.loads(about["settings"]) != self.settings:
                raise UserError(f"{path} was left by a training with other settings: remove it to start anew.")
            self.model.load_state_dict(_within("model", tensors))
            self.best = _within("best", tensors)
            self.history = json.loads(about["history"])
        except (SafetensorError, OSError, KeyError, TypeError) as error:
            raise UserError(f"{path} is cut short or no checkpoint ({error}): remove it to start anew.") from error
        except RuntimeError as error:
            raise UserError(f"{path} was left by another model: remove it to start anew.") from error
        states: dict[int, dict[str, Tensor]] = {}
        for name, value in _within("optimiser", tensors).items():
            number, _, key = name.partition(".")
            states.setdefault(int(number), {})[key] = value
        self.optimiser.load_state_dict({**self.optimiser.state_dict(), "state": states})


def _copy(model: nn.Module) -> dict[str, Tensor]:
    return {key: value.detach().clone() for key, value in model.state_dict().items()}


def _within(group: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {key.removeprefix(f"{group}."): value for key, value in tensors.items() if key.startswith(f"{group}.")}


def train(
    model: KeywordModel,
    store: FeatureStore,
    targets: pd.DataFrame,
    development: pd.DataFrame,
    folder: Path,
    *,
    epochs: int,
    batch_size: int = 32,
    augmentation: dict[str, Any] | None = None,
    judge: Callable[[KeywordModel], float] | None = None,
    seed: int = 0,
    device: str | None = None,
    **settings: Any,
) -> pd.DataFrame:
    """Train ``model`` towards ``targets`` and leave its best epoch in ``folder``; return the history.

    ``targets`` and ``development`` (utterance × keyword, in [0, 1]) are soft tags of the picture (VGS) or words of
    the caption (BoW); the loss is the binary cross-entropy over all keywords (section III-A of Olaleye et al. 2022).
    The best epoch is the one with the lowest loss on ``development``, whose targets are of the same kind: no word of
    a caption chooses a visual model. Another ``judge`` of the model gives another number that shall be low.
    ``augmentation`` are the keywords of ``spec_augment``, but for ``groups``, which the features know; ``settings``
    those of ``fit`` (learning_rate, schedule, clip, precision).
    """
    place = devices.find_device(device)
    store, wanted, judged = store.on(place), aligned(targets, model), aligned(development, model)
    model.expect(torch.tensor(wanted.mean().to_numpy()))

    def validate(_: nn.Module) -> float:
        return loss_of(model, store, judged, device) if judge is None else judge(model)

    batches = batches_of(store, wanted, batch_size, augmentation, seed=seed, place=place)
    history = fit(model, batches, cross_entropy, validate, folder, epochs=epochs, seed=seed, device=device, **settings)
    keep(model, folder)
    return history


def cross_entropy(model: nn.Module, batch: Utterances) -> Tensor:
    """The binary cross-entropy of what ``model`` says of ``batch``, the mean over utterances and keywords."""
    return functional.binary_cross_entropy_with_logits(model(batch.features, batch.lengths), batch.targets)


def loss_of(model: KeywordModel, store: FeatureStore, targets: pd.DataFrame, device: str | None = None) -> float:
    """The binary cross-entropy of ``model`` against ``targets`` (utterance × keyword of the model), in float32."""
    found = logits(model, store, targets.index.tolist(), device=device)
    return float(functional.binary_cross_entropy_with_logits(found, torch.tensor(targets.to_numpy())))


def batches_of(
    store: FeatureStore,
    targets: pd.DataFrame,
    batch_size: int,
    augmentation: dict[str, Any] | None = None,
    change: Change | None = None,
    *,
    seed: int,
    place: torch.device,
) -> Callable[[int], Batches[str, Utterances]]:
    """The batches of each epoch: the utterances of ``targets``, augmented and changed, on the device ``place``.

    A store that is there (``FeatureStore.on``) spares copying: batches are put together and augmented there.
    """
    known = store.subset(targets.index.tolist())
    goals = torch.tensor(targets.to_numpy(), device=place)

    def load(ids: Sequence[str]) -> Utterances:
        features, lengths = known.batch(ids, STEP)
        if augmentation is not None:
            groups = store.settings.dimensions // store.settings.statics
            features = spec_augment(features, lengths, torch.default_generator, groups=groups, **augmentation)
        if change is not None:
            features, lengths = change(features, lengths)
        goal = goals[[known.rows[name] for name in ids]]
        return Utterances(list(ids), features.to(place), lengths.to(place), goal)

    def make_batches(epoch: int) -> Batches[str, Utterances]:
        return Batches(bucketed(known.ids, known.lengths, batch_size, np.random.default_rng([seed, epoch])), load)

    return make_batches


def keep(model: KeywordModel, folder: Path) -> None:
    """Leave the trained ``model`` in ``folder``, and no checkpoint beside it."""
    save_model(model, folder)
    (folder / CHECKPOINT).unlink()


def aligned(targets: pd.DataFrame, model: KeywordModel) -> pd.DataFrame:
    """``targets`` with the keywords of ``model`` alone, in its order; ``UserError`` for one that is missing."""
    missing = [word for word in model.keywords if word not in targets.columns]
    if missing:
        raise UserError(f"The targets lack the model's keywords {', '.join(missing)}: make targets for all of them.")
    return targets[list(model.keywords)].astype("float32")


def bucketed(
    ids: Sequence[str], lengths: np.ndarray, batch_size: int, rng: np.random.Generator, pool: int = 16
) -> list[list[str]]:
    """Shuffle ``ids`` into batches of utterances of like length, so that little time goes into padding.

    Utterances are shuffled, sorted by length within each ``pool`` batches, and the batches are shuffled again.
    """
    order = rng.permutation(len(ids))
    batches = list[list[str]]()
    for start in range(0, len(order), pool * batch_size):
        part = order[start : start + pool * batch_size]
        part = part[np.argsort(np.asarray(lengths)[part], kind="stable")]
        batches += [[ids[i] for i in part[first : first + batch_size]] for first in range(0, len(part), batch_size)]
    return [batches[number] for number in rng.permutation(len(batches))]


@torch.no_grad()
def logits(
    model: nn.Module,
    store: FeatureStore,
    ids: Sequence[str],
    batch_size: int = 64,
    device: str | None = None,
    precision: str = "float32",
) -> Tensor:
    """Keyword logits (B, W) of the utterances ``ids`` in their order, on the processor."""
    place = devices.find_device(device)
    model.to(place).eval()
    order = np.argsort(store.subset(ids).lengths, kind="stable")
    found = list[Tensor]()
    for first in range(0, len(order), batch_size):
        features, lengths = store.batch([ids[i] for i in order[first : first + batch_size]], STEP)
        with devices.autocast(place, precision):
            found.append(model(features.to(place), lengths.to(place)).float().cpu())
    return torch.cat(found)[torch.from_numpy(np.argsort(order))]


def predict(
    model: KeywordModel,
    store: FeatureStore,
    ids: Sequence[str] | None = None,
    batch_size: int = 64,
    device: str | None = None,
    precision: str = "float32",
) -> pd.DataFrame:
    """Score every keyword in every utterance (of ``ids``, or of the whole store): utterance × keyword, in [0, 1].

    In float32 by default, where the score of an utterance does not depend on what it is batched with.
    """
    ids = store.ids if ids is None else list(ids)
    scores = torch.sigmoid(logits(model, store, ids, batch_size, device, precision))
    return pd.DataFrame(
        scores.numpy(), index=pd.Index(ids, name="utterance_id"), columns=pd.Index(model.keywords, name="keyword")
    )
