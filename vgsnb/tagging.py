"""Soft tags: how much a picture suggests each keyword, by a network that learned it from captions of other pictures.

The tagger is trained once, on pictures and captions that nothing else uses, and then frozen; its tags are what a
visually supervised model of speech learns from (section III-A of Olaleye et al. 2022). How good it is decides how hard
everything after it is: on drawn scenes a mean average precision of .25 made detection at θ = 0.5 collapse, and at .53
nearly every keyword was detected; photographs and VGG-16 give .40.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import safetensors.torch
import torch
import yaml
from safetensors import SafetensorError
from torch import Tensor, nn
from torch.nn import functional

from vgsnb import devices
from vgsnb.corpora import Corpus
from vgsnb.errors import UserError, require_known
from vgsnb.files import whole_file
from vgsnb.languages import STOP_WORDS
from vgsnb.training import CHECKPOINT, Batches, fit
from vgsnb.vocabulary import normalise

Array = npt.NDArray[Any]
KINDS = ("any", "fraction")  # of targets
SCALES = ("none", "root")  # of activations
WEIGHTS = "model.safetensors"
RADIUS = 30.0  # of that sphere: 4,096 numbers of about .5


class Tagger(nn.Module):
    """What turns a batch of pictures into keyword logits: the keywords, and the sizes to build it again."""

    keywords: tuple[str, ...]
    sizes: dict[str, Any]

    def expect(self, shares: Tensor) -> None:
        """Begin from how frequent each keyword is, ``shares`` (W,), where that helps."""


class PictureTagger(Tagger):
    """A small convolutional network: pictures (B, H, W, 3) uint8 → logits (B, W), W keywords.

    Four convolutions that each halve the picture, with batch normalisation, then mean and maximum over what is left.
    """

    def __init__(self, keywords: Sequence[str], channels: Sequence[int] = (24, 48, 96, 160), dropout: float = 0.2):
        super().__init__()
        self.keywords = tuple(keywords)
        self.sizes = {"channels": list(channels), "dropout": dropout}
        layers = list[nn.Module]()
        for number, (before, after) in enumerate(zip((3, *channels), channels, strict=False)):
            kernel = 5 if number == 0 else 3
            convolution = nn.Conv2d(before, after, kernel, stride=2, padding=kernel // 2, bias=False)
            layers += [convolution, nn.BatchNorm2d(after), nn.ReLU()]
        self.layers = nn.Sequential(*layers)
        self.dropout = nn.Dropout(dropout)
        self.last = nn.Linear(2 * channels[-1], len(keywords))

    def forward(self, pictures: Tensor) -> Tensor:
        """Logits (B, W)."""
        x = self.maps(pictures)[-1]
        return self.last(self.dropout(torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1)))

    def maps(self, pictures: Tensor) -> list[Tensor]:
        """What each layer makes of the pictures: (B, K, H', W'), the first one half as high and wide as they."""
        x, found = pictures.permute(0, 3, 1, 2).float() / 127.5 - 1, list[Tensor]()
        for layer in self.layers:
            x = layer(x)
            if isinstance(layer, nn.ReLU):
                found.append(x)
        return found


class ActivationTagger(Tagger):
    """The paper's tagger: stored activations of VGG-16 (B, D) → logits (B, W) by an MLP with dropout.

    Four layers of 2048 and dropout of 0.25 as in Kamper et al. (2019) and Olaleye et al. (2022). With the ``scale``
    ``root`` the network sees the square roots of the activations on a sphere: few of them are large, and it learns
    more evenly from the others.
    """

    def __init__(
        self,
        keywords: Sequence[str],
        inputs: int = 4096,
        hidden: Sequence[int] = (2048, 2048, 2048, 2048),
        dropout: float = 0.25,
        scale: str = "none",
    ):
        super().__init__()
        require_known("scale of activations", scale, SCALES)
        self.keywords = tuple(keywords)
        self.sizes = {"inputs": inputs, "hidden": list(hidden), "dropout": dropout, "scale": scale}
        self.root = scale == "root"
        layers = list[nn.Module]()
        for before, after in zip((inputs, *hidden), hidden, strict=False):
            layers += [nn.Linear(before, after), nn.ReLU(), nn.Dropout(dropout)]
        self.layers = nn.Sequential(*layers)
        self.last = nn.Linear([inputs, *hidden][-1], len(keywords))
        for layer in self.modules():
            if isinstance(layer, nn.Linear):
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
                nn.init.zeros_(layer.bias)

    def expect(self, shares: Tensor) -> None:
        """Give every keyword its share before anything is learned; without it four layers stay silent for 300 steps."""
        with torch.no_grad():
            self.last.weight.mul_(0.1)
            self.last.bias.copy_(torch.logit(shares, eps=1e-4))

    def forward(self, activations: Tensor) -> Tensor:
        """Logits (B, W)."""
        x = activations.float()
        if self.root:
            x = functional.normalize(x.clamp(min=0).sqrt(), dim=1) * RADIUS
        return self.last(self.layers(x))


TAGGERS: dict[str, Callable[..., Tagger]] = {"PictureTagger": PictureTagger, "ActivationTagger": ActivationTagger}


def read_pictures(corpus: Corpus, image_ids: Sequence[str], size: int = 96) -> Array:
    """The pictures of ``image_ids`` in their order: (B, size, size, 3) uint8."""
    pictures = np.empty((len(image_ids), size, size, 3), np.uint8)
    for place, image_id in enumerate(image_ids):
        picture = corpus.image(image_id)
        pictures[place] = np.asarray(picture if picture.size == (size, size) else picture.resize((size, size)))
    return pictures


def picture_targets(said: pd.DataFrame, images: pd.Series, kind: str = "any") -> pd.DataFrame:
    """What captions say of their pictures, image_id × keyword in [0, 1].

    Args:
        said: utterance_id × keyword, whether the caption says it (``Corpus.bag_of_words``).
        images: utterance_id → image_id.
        kind: ``any`` is 1 if any of the picture's captions says the word (as in the paper and in Kamper et al. 2019),
            ``fraction`` the share of them that do.
    """
    require_known("kind of target", kind, KINDS)
    groups = said.groupby(images.loc[said.index].rename("image_id"))
    return groups.any().astype("float32") if kind == "any" else groups.mean().astype("float32")


def train_tagger(
    tagger: Tagger,
    inputs: Array,
    targets: pd.DataFrame,
    dev_inputs: Array,
    dev_targets: pd.DataFrame,
    folder: Path,
    *,
    epochs: int,
    batch_size: int = 32,
    learning_rate: float = 3e-3,
    schedule: str = "one-cycle",
    seed: int = 0,
    device: str | None = None,
    **settings: Any,
) -> pd.DataFrame:
    """Train ``tagger`` with binary cross-entropy and leave its best epoch in ``folder``; return the history.

    ``inputs`` are pictures (B, H, W, 3) uint8 or activations (B, D), ``targets`` their rows in the same order
    (``picture_targets``). The best epoch is the one with the lowest loss on the ``dev_`` ones, whose captions nothing
    else uses. Pictures are mirrored, moved and lit at random. ``settings`` go to ``vgsnb.training.fit``.
    """
    _check(inputs, targets)
    _check(dev_inputs, dev_targets)
    place = devices.find_device(device)
    wanted = torch.tensor(targets[list(tagger.keywords)].to_numpy(np.float32))
    goal = torch.tensor(dev_targets[list(tagger.keywords)].to_numpy(np.float32))
    tagger.expect(wanted.mean(0))

    def load(rows: Sequence[int]) -> tuple[Tensor, Tensor]:
        batch = torch.tensor(inputs[rows])
        return (vary(batch) if batch.ndim == 4 else batch).to(place), wanted[rows].to(place)

    def loss(model: nn.Module, batch: tuple[Tensor, Tensor]) -> Tensor:
        return functional.binary_cross_entropy_with_logits(model(batch[0]), batch[1])

    def validate(model: nn.Module) -> float:
        return float(functional.binary_cross_entropy_with_logits(_logits(model, dev_inputs, place), goal))

    def make_batches(epoch: int) -> Batches[int, tuple[Tensor, Tensor]]:
        order = np.random.default_rng([seed, epoch]).permutation(len(inputs)).tolist()
        starts = range(0, max(1, len(order) - batch_size // 2), batch_size)  # no last batch of less than half
        return Batches([order[start : start + batch_size] for start in starts], load)

    history = fit(
        tagger, make_batches, loss, validate, folder,
        epochs=epochs, learning_rate=learning_rate, schedule=schedule, seed=seed, device=device, **settings,
    )  # fmt: skip
    save_tagger(tagger, folder)
    (folder / CHECKPOINT).unlink()
    return history


def _check(inputs: Array, targets: pd.DataFrame) -> None:
    if not len(inputs) or len(inputs) != len(targets):
        raise UserError(
            f"There are {len(inputs)} pictures and targets for {len(targets)}: give each picture its row of targets."
        )


def vary(pictures: Tensor, reach: int = 6) -> Tensor:
    """Mirror, move by up to ``reach`` pixels and light every picture anew: (B, H, W, 3) uint8 → float."""
    batch, high, wide, _ = pictures.shape
    x = pictures.permute(0, 3, 1, 2).float() / 127.5 - 1
    turn = torch.zeros(batch, 2, 3)
    grow = 1 + 0.12 * (torch.rand(batch) - 0.5)
    turn[:, 0, 0] = grow * torch.where(torch.rand(batch) < 0.5, -1.0, 1.0)
    turn[:, 1, 1] = grow
    turn[:, :, 2] = (torch.rand(batch, 2) - 0.5) * 4 * reach / high
    grid = functional.affine_grid(turn, [batch, 3, high, wide], align_corners=False)
    x = functional.grid_sample(x, grid, padding_mode="reflection", align_corners=False)
    x = x * (1 + 0.1 * torch.randn(batch, 1, 1, 1)) + 0.05 * torch.randn(batch, 3, 1, 1)
    return (x.permute(0, 2, 3, 1) + 1) * 127.5


@torch.no_grad()
def _logits(tagger: nn.Module, inputs: Array, place: torch.device, batch_size: int = 256) -> Tensor:
    tagger.to(place).eval()
    parts = [tagger(torch.tensor(inputs[i : i + batch_size]).to(place)) for i in range(0, len(inputs), batch_size)]
    return torch.cat(parts).float().cpu()


def soft_tags(tagger: Tagger, inputs: Array, image_ids: Sequence[str], device: str | None = None) -> pd.DataFrame:
    """Tag pictures (B, H, W, 3), or their activations (B, D), with a frozen tagger: image_id × keyword in [0, 1]."""
    tags = torch.sigmoid(_logits(tagger, inputs, devices.find_device(device)))
    columns = pd.Index(tagger.keywords, name="keyword")
    return pd.DataFrame(tags.numpy(), index=pd.Index(image_ids, name="image_id"), columns=columns)


def cross_fit(
    make_tagger: Callable[[], Tagger],
    inputs: Array,
    targets: pd.DataFrame,
    folder: Path,
    *,
    folds: int = 5,
    members: int = 1,
    seed: int = 0,
    **settings: Any,
) -> pd.DataFrame:
    """Tag every picture with networks that saw neither it nor its captions, where there are no other pictures.

    Pictures are dealt into ``folds``; the tags of a fold are the mean of ``members`` taggers trained on the others,
    their epochs chosen on the next fold. ``settings`` go to ``train_tagger``. Returns image_id × keyword in [0, 1], in
    the order of ``targets``; the taggers stay in ``folder`` (``mean_tags``), and a killed call goes on with the next.
    """
    if not 3 <= folds <= len(targets):
        raise UserError(f"{len(targets)} pictures cannot be dealt into {folds} folds: ask for 3 folds or a few more.")
    fold = np.random.default_rng(seed).permutation(len(targets)) % folds
    parts = list[pd.DataFrame]()
    for number in range(folds):
        dev, test = fold == (number + 1) % folds, fold == number
        train = ~dev & ~test
        data = (inputs[train], targets[train], inputs[dev], targets[dev])
        own = folder / f"fold-{number}"
        for member in range(members):
            place, start = own / f"member-{member}", seed + number + folds * member
            if not (place / WEIGHTS).is_file():
                torch.manual_seed(start)
                train_tagger(make_tagger(), *data, place, seed=start, **settings)
        parts.append(mean_tags(own, inputs[test], targets.index[test].tolist(), settings.get("device")))
    return pd.concat(parts).loc[targets.index]


def mean_tags(folder: Path, inputs: Array, image_ids: Sequence[str], device: str | None = None) -> pd.DataFrame:
    """The mean soft tags of all taggers below ``folder``: image_id × keyword in [0, 1]."""
    places = sorted(path.parent for path in folder.rglob(WEIGHTS))
    found = [soft_tags(load_tagger(place), inputs, image_ids, device) for place in places]
    return sum(found[1:], found[0]) / len(found)


def mean_history(folder: Path) -> pd.DataFrame:
    """The mean course of the trainings below ``folder``, a row an epoch."""
    courses = pd.concat([pd.read_csv(path) for path in folder.rglob("history.csv")])
    found = courses.groupby("epoch", as_index=False)[["train_loss", "dev_loss", "seconds"]].mean()
    return found.assign(best=found["dev_loss"] == found["dev_loss"].min())


def content_words(texts: Iterable[str], count: int, first: Sequence[str] = (), language: str = "en") -> list[str]:
    """``first`` and after them the most common words of ``texts`` that carry a meaning, ``count`` in all."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    stop = STOP_WORDS if language == "de" else ENGLISH_STOP_WORDS
    said = Counter(word for text in texts for word in map(normalise, text.split()))
    known = {"", *first, *stop}
    return [*first, *(word for word, _ in said.most_common() if word not in known)][:count]


def average_precisions(tags: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """How well tags rank pictures: ``keyword, average_precision, prevalence``, both in [0, 1].

    A picture is relevant to a keyword when any of its captions says it (``targets`` above 0). Keywords that no caption
    says have no average precision and are left out; the mean of the column is the mean average precision.
    """
    from sklearn.metrics import average_precision_score  # two seconds to import, which only this function needs

    relevant = targets.loc[tags.index] > 0
    rows = [
        {
            "keyword": word,
            "average_precision": average_precision_score(relevant[word], tags[word]),
            "prevalence": relevant[word].mean(),
        }
        for word in tags.columns
        if relevant[word].any()
    ]
    return pd.DataFrame(rows, columns=["keyword", "average_precision", "prevalence"])


def reliability(tags: pd.DataFrame, targets: pd.DataFrame, bins: int = 10) -> pd.DataFrame:
    """Whether a tag of .7 is right in 70 %: by bins of the tag, ``low, high, tag, share, count``.

    ``tag`` is the mean tag of the bin and ``share`` the mean target, over all pictures and keywords; equal columns are
    a calibrated tagger. Empty bins are left out.
    """
    edges = np.linspace(0, 1, bins + 1)
    flat = tags.to_numpy().ravel()
    table = pd.DataFrame({"tag": flat, "share": targets.loc[tags.index, tags.columns].to_numpy(float).ravel()})
    groups = table.groupby(np.clip(np.digitize(flat, edges) - 1, 0, bins - 1))
    found = groups.mean().assign(count=groups.size())
    found.insert(0, "high", edges[found.index + 1])
    found.insert(0, "low", edges[found.index])
    return found.reset_index(drop=True)


def save_tagger(tagger: Tagger, folder: Path) -> None:
    """Write ``model.safetensors`` and ``model.yaml`` (kind, sizes, keywords) into ``folder``."""
    about = {"tagger": type(tagger).__name__, "sizes": tagger.sizes, "keywords": list(tagger.keywords)}
    with whole_file(folder / "model.yaml") as path:
        path.write_text(yaml.safe_dump(about, sort_keys=False))
    weights = {key: value.detach().cpu().contiguous() for key, value in tagger.state_dict().items()}
    with whole_file(folder / WEIGHTS) as path:  # last: where they are, all is
        safetensors.torch.save_file(weights, path)


def load_tagger(folder: Path) -> Tagger:
    """The tagger that ``save_tagger`` wrote; ``UserError`` for files cut short or that do not match."""
    try:
        about = yaml.safe_load((folder / "model.yaml").read_text())
        name, keywords, sizes = about["tagger"], about["keywords"], about["sizes"]
    except (OSError, yaml.YAMLError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise UserError(f"{folder / 'model.yaml'} is missing or describes no tagger: train it again.") from error
    require_known("tagger", name, TAGGERS)
    tagger = TAGGERS[name](keywords, **sizes)
    path = folder / WEIGHTS
    try:
        tagger.load_state_dict(safetensors.torch.load_file(path))
    except (SafetensorError, OSError) as error:
        raise UserError(f"{path} is missing or cut short ({error}): train the tagger again.") from error
    except RuntimeError as error:
        raise UserError(f"{path} holds the weights of another tagger than model.yaml names: train it again.") from error
    return tagger
