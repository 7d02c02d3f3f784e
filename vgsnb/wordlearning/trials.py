"""The experiment of a preset: regions, tokens and trained networks, each made once and found again."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import safetensors.torch
import torch

from vgsnb import devices, languages, steps, tagging
from vgsnb.errors import UserError, require_known
from vgsnb.models.words import WordEncoder
from vgsnb.seeds import generator
from vgsnb.settings import Settings
from vgsnb.speech.features import FeatureSettings, FeatureStore, build_store
from vgsnb.wordlearning import fragments, tasks, tokens
from vgsnb.wordlearning.networks import CrossNet
from vgsnb.wordlearning.tasks import Space
from vgsnb.wordlearning.training import WEIGHTS, Goal, Scenes, embed, train

FloatArray = npt.NDArray[np.float32]
SPLITS = ("train", "dev", "test")
TRAINED, RANDOM = "trained", "random"


@dataclass(frozen=True)
class Split:
    """What there is of one split: a table of its regions, one of its tokens, and inputs to the networks.

    ``images`` are the ids of its P pictures, ``seen`` (P, F, D), ``heard`` (N, T, D'), ``said`` (M, 2) places of
    pictures and tokens that go together; ``captions`` (``picture, word``) has every content word of the captions, be it
    recorded or not; ``made`` names the steps that inputs come from.
    """

    images: list[str]
    regions: pd.DataFrame
    tokens: pd.DataFrame
    captions: pd.DataFrame
    seen: FloatArray
    heard: npt.NDArray[np.float16]
    said: npt.NDArray[np.int64]
    made: tuple[str, str]

    def scenes(self) -> Scenes:
        """The inputs as tensors."""
        return Scenes(torch.from_numpy(self.seen), torch.from_numpy(self.heard), self.said)

    def kept(self) -> float:
        """The share of the different words of each picture's captions that its one speaker is heard saying."""
        heard = set(zip(self.said[:, 0].tolist(), self.tokens["word"].to_numpy()[self.said[:, 1]], strict=True))
        return len(heard) / len(self.captions.drop_duplicates())


def stop_words(language: str) -> frozenset[str]:
    """The words of a language, en or de, that carry no meaning."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return languages.STOP_WORDS if language == "de" else frozenset(ENGLISH_STOP_WORDS)


@steps.remembered
def words(settings: Settings, split: str) -> pd.DataFrame:
    """The tokens of content words of a split's captions (``tokens.content``)."""
    spoken = steps.corpus(settings)
    return tokens.content(spoken.words, steps.utterances(settings, split), stop_words(settings["languages"]["speech"]))


@steps.remembered
def features(settings: Settings) -> FeatureStore:
    """Log-mel filterbanks of every utterance that tokens are cut from."""
    spoken, numbers = steps.corpus(settings), settings["words"]["features"]
    rows = steps.utterances(settings, *SPLITS)
    items = [(name, spoken.folder / file) for name, file in zip(rows["utterance_id"], rows["audio"], strict=True)]
    key = {"corpus": spoken.folder.name, "language": settings["languages"]["speech"], **numbers}
    folder = steps.step(
        settings, "filterbanks", key, ["vgsnb.speech.features"],
        lambda place: build_store(place, items, FeatureSettings(**numbers), devices.workers(len(items))),
    )  # fmt: skip
    return FeatureStore.open(folder)


@steps.remembered
def split(settings: Settings, name: str) -> Split:
    """Regions and tokens of one split."""
    numbers, table = settings["words"], words(settings, name)
    said = tokens.by_one_speaker(table, numbers["seed"])
    used = np.unique(said["token"])
    images = said["image_id"].drop_duplicates().tolist()
    places = np.column_stack([pd.Index(images).get_indexer(said["image_id"]), np.searchsorted(used, said["token"])])

    def make(folder: Path) -> None:
        heard = tokens.around(features(settings), table.iloc[used], numbers["frames"])
        np.save(folder / "heard.npy", heard)

    key = {"features": features(settings).folder.name, "frames": numbers["frames"], "said": steps.hash_of(said)}
    folder = steps.step(settings, f"word-tokens-{name}", key, ["vgsnb.wordlearning.tokens"], make)
    captions = pd.DataFrame({"picture": pd.Index(images).get_indexer(table["image_id"]), "word": table["word"]})
    rows = regions(settings, images)
    looked = seen(settings, name, rows)
    return Split(
        images, rows, table.iloc[used].reset_index(drop=True), captions, np.load(looked / "seen.npy"),
        np.load(folder / "heard.npy"), places[np.argsort(places[:, 0], kind="stable")], (looked.name, folder.name),
    )  # fmt: skip


def regions(settings: Settings, images: list[str]) -> pd.DataFrame:
    """The regions of pictures: figures and random ones of drawings, a grid on photographs."""
    spoken, numbers = steps.corpus(settings), settings["words"]
    if "figures" not in spoken.images:
        return fragments.grid(images, numbers["regions"])
    rows = spoken.images.set_index("image_id", drop=False).loc[images]
    return fragments.drawn(rows, numbers["regions"], numbers["seed"])


def seen(settings: Settings, name: str, rows: pd.DataFrame) -> Path:
    """Where it is kept what the frozen network sees in the regions ``rows``: ``seen.npy`` (P, F, D)."""
    spoken, numbers = steps.corpus(settings), settings["words"]
    images = rows["image_id"].drop_duplicates().tolist()
    boxes = rows[["left", "top", "right", "bottom"]].to_numpy(np.float32).reshape(len(images), -1, 4)

    def make(folder: Path) -> None:
        pictures = tagging.read_pictures(spoken, images, network.side)
        np.save(folder / "seen.npy", fragments.seen(network.load(), pictures, boxes, numbers["cells"]))

    network = steps.frozen(settings)
    key = {"corpus": spoken.folder.name, "regions": steps.hash_of(rows), "network": network.name}
    modules = ["vgsnb.wordlearning.fragments", "vgsnb.vision.backbones"]
    return steps.step(settings, f"regions-{name}", {**key, "cells": numbers["cells"]}, modules, make)


def way(settings: Settings, name: str) -> dict[str, dict[str, Any]]:
    """The numbers of ``network, goal, training`` of one of the compared ways, ``""`` for the preset's own."""
    numbers = settings["words"]
    require_known("way to learn words", name, ["", *numbers["ways"]])
    changed = numbers["ways"][name] if name else {}
    return {part: {**numbers[part], **changed.get(part, {})} for part in ("network", "goal", "training")}


def trained(settings: Settings, seed: int, name: str = "") -> Path:
    """The folder of a trained network, with ``history.csv``."""
    data, judged = split(settings, "train"), split(settings, "dev")
    numbers = way(settings, name)

    def watch(network: CrossNet) -> pd.DataFrame:
        words = tasks.word_precisions(placed(network, judged))
        return tasks.by_frequency(words.assign(train_tokens=words["word"].map(learned).fillna(0)))

    def make(folder: Path) -> None:
        network = untrained(settings, seed, name)
        goal = Goal(**numbers["goal"])
        train(network, data.scenes(), judged.scenes(), folder, goal, seed=seed, watch=watch, **numbers["training"])

    learned = heard_in_training(settings)
    key = {**numbers, "start": seed, "data": [data.made, judged.made]}
    key |= {"precision": devices.find_precision(devices.find_device())}
    modules = ["vgsnb.wordlearning.networks", "vgsnb.wordlearning.training", "vgsnb.models.words"]
    modules += ["vgsnb.wordlearning.tasks"]  # by which it is watched
    return steps.step(settings, f"words-{seed}", key, modules, make)


def heard_in_training(settings: Settings) -> pd.Series:
    """How many training tokens each word has."""
    return split(settings, "train").tokens["word"].value_counts()


def untrained(settings: Settings, seed: int, name: str = "") -> CrossNet:
    """The two networks as they begin."""
    data = split(settings, "train")
    torch.manual_seed(seed)
    _, frames, coefficients = data.heard.shape
    found = CrossNet(data.seen.shape[-1], (frames, coefficients), **way(settings, name)["network"])
    encoder = found.speech[1]
    if isinstance(encoder, WordEncoder) and frames < encoder.shortest:
        raise UserError(f"Words of {frames} frames are too short for the network: give {encoder.shortest}.")
    return found


def model(settings: Settings, seed: int, name: str = "") -> CrossNet:
    """The trained networks."""
    found = untrained(settings, seed, name)
    found.load_state_dict(safetensors.torch.load_file(trained(settings, seed, name) / WEIGHTS))
    return found


def space(settings: Settings, seed: int, name: str = "") -> Space:
    """Where trained networks put the regions and words of the test pictures."""
    return placed(model(settings, seed, name), split(settings, "test"))


def placed(network: CrossNet, data: Split) -> Space:
    """Where networks put the regions and words of a split."""
    scenes = data.scenes()
    seen_there = embed(network.pictures, scenes.seen.flatten(0, 1)).reshape(*data.seen.shape[:2], -1)
    return Space(seen_there, embed(network.speech, scenes.heard), data.tokens, data.said, data.captions)


def projected(settings: Settings, seed: int) -> Space:
    """Where a random projection puts the inputs, each scaled as in the training data."""
    data, size, rng = split(settings, "test"), settings["words"]["network"]["embedding"], generator("projection", seed)
    network = untrained(settings, seed)
    learned = split(settings, "train").scenes()
    network.expect(learned.seen.flatten(0, 1), learned.heard.float())
    scenes = data.scenes()
    seen_there = embed(network.pictures[0], scenes.seen.flatten(0, 1))
    heard = embed(network.speech[0], scenes.heard)
    found = tasks.random_projection(seen_there, size, rng).reshape(*data.seen.shape[:2], -1)
    flat = heard.reshape(len(heard), -1)
    return Space(found, tasks.random_projection(flat, size, rng), data.tokens, data.said, data.captions)
