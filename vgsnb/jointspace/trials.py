"""The experiment of a preset: what pictures look like to a frozen network, the trained space, and who finds whom."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import safetensors.torch
import torch
from torch import Tensor

from vgsnb import devices, steps, tagging
from vgsnb.errors import require_known
from vgsnb.jointspace.networks import JointSpace, last_two, matchmap
from vgsnb.jointspace.training import WEIGHTS, Captioned, hear, see, train
from vgsnb.seeds import generator
from vgsnb.settings import Settings, merge
from vgsnb.speech.features import FeatureStore

FloatArray = npt.NDArray[np.float32]


def pool(settings: Settings) -> Settings:
    """The settings whose test pictures are found and find: the preset's, or of drawn scenes as many as it says.

    The preset's own test scenes are the first of them; each has one caption, and nobody else is heard.
    """
    wanted = settings["joint"]["pool"]
    if settings["corpus"]["kind"] != "spoken-scenes" or settings["corpus"]["pictures"]["test"] >= wanted:
        return settings
    none = dict.fromkeys(settings["corpus"]["pictures"], 0)
    chosen = {"pictures": {**none, "test": wanted}, "spoken": {"en": 1, "de": 0}}
    return replace(settings, numbers=merge(settings.numbers, {"corpus": chosen}, "pool"))


@steps.remembered
def maps(settings: Settings, split: str, pooled: bool = False) -> tuple[Tensor, list[str]]:
    """What the frozen network sees in the pictures of a split, or of the ``pool``: (P, K, H, W), their ids.

    Of drawings its last two layers, side by side; of photographs the stored activations, (P, D, 1, 1).
    """
    spoken = steps.corpus(pool(settings) if pooled else settings)
    images = spoken.images.loc[spoken.images["split"] == split, "image_id"].tolist()
    if settings["corpus"]["kind"] == "flickr8k":
        return torch.from_numpy(steps.activations(settings).loc[images].to_numpy())[..., None, None], images

    def make(folder: Path) -> None:
        pictures, look = tagging.read_pictures(spoken, images, network.side), network.load()
        with torch.no_grad():
            parts = [last_two(look(part)).half().cpu() for part in torch.from_numpy(pictures).split(64)]
        np.save(folder / "maps.npy", torch.cat(parts).numpy())

    network = steps.frozen(settings)
    key = {"corpus": spoken.folder.name, "split": split, "network": network.name}
    folder = steps.step(settings, f"maps-{split}", key, ["vgsnb.jointspace.networks"], make)
    return torch.from_numpy(np.load(folder / "maps.npy")), images


@steps.remembered
def captioned(settings: Settings, split: str, pooled: bool = False) -> Captioned:
    """The spoken captions of a split, or of the ``pool``, with what is seen in their pictures."""
    rows = steps.utterances(pool(settings) if pooled else settings, split).set_index("utterance_id")
    found, images = maps(settings, split, pooled)
    return Captioned(rows["image_id"], found, {name: place for place, name in enumerate(images)})


def store(settings: Settings, pooled: bool = False) -> FeatureStore:
    """The features of the captions, or of those of the ``pool``."""
    return steps.features(pool(settings) if pooled else settings)


def trained(settings: Settings, seed: int, name: str = "") -> Path:
    """The folder of a trained space, with ``history.csv``; ``name`` is a compared way, "" the preset's own."""
    numbers, known = settings["joint"], store(settings)
    require_known("way to train the joint space", name, ["", *numbers["ways"]])
    training = {**numbers["training"], **(numbers["ways"][name] if name else {})}
    data, judged = captioned(settings, "train"), captioned(settings, "dev")

    def make(folder: Path) -> None:
        train(untrained(settings, seed), known, data, judged, folder, seed=seed, **training)

    key = {"features": known.folder.name, "sizes": numbers["sizes"], "training": training, "seed": seed}
    key |= {"seen": [_digest(data), _digest(judged)], "precision": devices.find_precision(devices.find_device())}
    modules = ["vgsnb.jointspace.networks", "vgsnb.jointspace.training", "vgsnb.models.encoders"]
    modules += ["vgsnb.speech.augmentation"]
    return steps.step(settings, f"joint-{seed}", key, modules, make)


def _digest(data: Captioned) -> str:
    names = "\n".join([*data.rows, *data.images.index])
    return blake2b(data.maps.contiguous().numpy().tobytes() + names.encode(), digest_size=8).hexdigest()


def untrained(settings: Settings, seed: int) -> JointSpace:
    """The two branches as they begin."""
    torch.manual_seed(seed)
    seen = captioned(settings, "train").maps.shape[1]
    return JointSpace(store(settings).settings.dimensions, seen, **settings["joint"]["sizes"])


@steps.remembered
def model(settings: Settings, seed: int, name: str = "") -> JointSpace:
    """The trained branches."""
    found = untrained(settings, seed)
    found.load_state_dict(safetensors.torch.load_file(trained(settings, seed, name) / WEIGHTS))
    return found.eval()


def likeness(settings: Settings, seed: int, name: str = "") -> tuple[FloatArray, pd.Series, list[str]]:
    """The cosine of each test caption with each picture of the pool (B, P); the captions' pictures; the pictures."""
    data, network = captioned(settings, "test", pooled=True), model(settings, seed, name)
    heard = hear(network, store(settings, pooled=True), data.images.index.tolist())
    return heard @ see(network, data.maps).T, data.images, list(data.rows)


@torch.no_grad()
def match(settings: Settings, seed: int, utterance_id: str) -> tuple[FloatArray, npt.NDArray[np.float64]]:
    """The matchmap (T, H, W) of a test caption of the pool with its picture, and the times (T,) in seconds."""
    data, known, network = captioned(settings, "test", pooled=True), store(settings, pooled=True), model(settings, seed)
    place, (features, lengths) = next(network.parameters()).device, known.batch([utterance_id])
    frames, _ = network.frames(features.to(place), lengths.to(place))
    values = matchmap(frames[0], network.places(data.maps_of([utterance_id]).to(place))[0]).cpu()
    centres = network.encoder.frame_centres(len(values))
    return values.numpy(), centres * known.settings.shift + known.settings.window / 2


def shown(settings: Settings, seed: int, keyword: str, count: int) -> FloatArray:
    """The mean direction (E,) of ``count`` random training pictures of what a keyword names; uses text to find them.

    Pictures of which most captions say the word.
    """
    rows = steps.utterances(settings, "train")
    said = steps.bag_of_words(settings, "train", every=True)[keyword].groupby(rows["image_id"].to_numpy()).mean()
    known = said[said > 0.5].index if (said > 0.5).sum() >= count else said.sort_values().index[-count:]
    names = generator(seed, "pictures of", keyword).choice(known, min(count, len(known)), replace=False)
    return _direction(settings, seed, names.tolist())


def tagged(settings: Settings, seed: int, keyword: str, count: int) -> FloatArray:
    """The mean direction (E,) of the ``count`` training pictures that are tagged most strongly; uses no text."""
    tags, images = steps.targets(settings, "VGS", "train")[keyword], captioned(settings, "train").images
    of_pictures = tags.groupby(images.loc[tags.index].to_numpy()).first()
    return _direction(settings, seed, of_pictures.nlargest(count).index.tolist())


def _direction(settings: Settings, seed: int, pictures: Sequence[str]) -> FloatArray:
    data = captioned(settings, "train")
    return _mean(see(model(settings, seed), data.maps[[data.rows[name] for name in pictures]]))


def spoken(settings: Settings, seed: int, keyword: str, count: int) -> FloatArray:
    """The mean direction (E,) of ``count`` recordings of a keyword, cut from training captions; uses text for it.

    Where there are fewer, of all; of a keyword that nobody says in training zeros, to which all captions are alike.
    """
    words = steps.corpus(settings).words
    rows = words[
        (words["word"] == keyword) & words["utterance_id"].isin(steps.utterances(settings, "train")["utterance_id"])
    ]
    count = min(count, len(rows))
    if not count:
        return np.zeros(settings["joint"]["sizes"]["embedding"], np.float32)
    chosen = rows.iloc[generator(seed, "recordings of", keyword).choice(len(rows), count, replace=False)]
    known = store(settings)
    found = {}
    for name, start, end in zip(chosen["utterance_id"], chosen["start"], chosen["end"], strict=True):
        first, last = (round(time / known.settings.shift) for time in (start, end))
        found[f"{name}-{first}"] = known[name][first:last]
    own = FeatureStore.in_memory(found, known.settings)
    return _mean(hear(model(settings, seed), own, own.ids))


def _mean(vectors: FloatArray) -> FloatArray:
    mean = vectors.mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-12), np.float32)
