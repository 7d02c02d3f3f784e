"""The experiment of a preset: its tokens, episodes and trained networks, each made once and found again."""

from importlib.util import find_spec
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import safetensors.torch
import torch
from torch import Tensor, nn

from vgsnb import devices, files, steps
from vgsnb.errors import UserError, require_known
from vgsnb.models.words import WordEncoder
from vgsnb.oneshot import answers, background, digits, recorded
from vgsnb.oneshot.answers import Cosine, Known, Metric
from vgsnb.oneshot.episodes import Episodes, deal
from vgsnb.oneshot.networks import Direct, PictureNetwork, centred
from vgsnb.oneshot.tokens import Pictures, Spoken
from vgsnb.oneshot.training import WEIGHTS, Labelled, Sampling, embed, train, train_direct
from vgsnb.settings import Settings
from vgsnb.speech import pretrained
from vgsnb.speech.features import FeatureSettings, extract
from vgsnb.speech.synthesis import RATE
from vgsnb.speech.workers import spread

BASELINE, PRETRAINED, DIRECT = "dtw-pixels", "pretrained", "direct"
BEGUN = "siamese"  # whose networks ``direct`` goes on with
TRAINED = ("classifier", "siamese", "prototypical", DIRECT)
TASKS = ("speech", "image", "multimodal")
MODALITIES = TASKS[:2]
SPOKEN = {"synthesised": RATE, "fsdd": recorded.FSDD_RATE, "tidigits": RATE}  # samples a second
PICTURES = {"scikit-learn": 8, "mnist": 28}  # pixels on a side
DRAWN = ("made", "omniglot")
FloatArray = npt.NDArray[np.float32]
Correct = npt.NDArray[np.bool_]


def _numbers(settings: Settings, *names: str) -> dict[str, Any]:
    return {name: settings["oneshot"][name] for name in names}


@steps.remembered
def spoken(settings: Settings) -> Spoken:
    """The spoken digits that are tested, of voices that no background has."""
    numbers = settings["oneshot"]
    kind, folder = numbers["spoken"], Path()
    require_known("collection of spoken digits", kind, SPOKEN)
    if kind != "synthesised":
        folder = files.data_folder() / "digits" / kind
        if not folder.is_dir():
            raise UserError(f"There is no {folder}: put the recordings there, or take synthesised digits.")

    def read() -> Spoken:
        if kind == "synthesised":
            return digits.synthesised(numbers["voices"], numbers["takes"], numbers["seed"])
        return recorded.read_fsdd(folder, numbers["takes"]) if kind == "fsdd" else recorded.read_tidigits(folder)

    key = {**_numbers(settings, "spoken", "voices", "takes", "seed"), "files": _files(folder)}
    modules = ["vgsnb.oneshot.digits", "vgsnb.oneshot.recorded", "vgsnb.speech.synthesis"]
    return Spoken.load(steps.step(settings, "digits-spoken", key, modules, lambda place: read().save(place)))


def _files(folder: Path) -> list[int]:
    """How many files there are and how large they are together: what is seen of recordings that are exchanged."""
    sizes = [path.stat().st_size for path in folder.rglob("*.*")] if folder != Path() else []
    return [len(sizes), sum(sizes)]


@steps.remembered
def pictures(settings: Settings) -> Pictures:
    """The pictures of digits that are tested."""
    kind = settings["oneshot"]["pictures"]
    require_known("collection of pictures of digits", kind, PICTURES)
    if kind == "scikit-learn":
        return digits.handwritten()
    return recorded.read_mnist(files.data_folder() / "digits" / "mnist.npz")


@steps.remembered
def background_words(settings: Settings) -> Spoken:
    """Words of the training captions of the preset's corpus that are not like digits, as they were spoken."""
    numbers, corpus = settings["oneshot"]["background"], steps.corpus(settings)
    rate = SPOKEN[settings["oneshot"]["spoken"]]

    def make(folder: Path) -> None:
        rows = corpus.select("train", "en").set_index("utterance_id")
        rows = rows[rows["audio"].astype(bool)]
        table = corpus.words[corpus.words["utterance_id"].isin(rows.index)]
        chosen = background.words(
            table, rows["speaker"],
            shortest=numbers["shortest"], classes=numbers["words"], tokens=numbers["tokens"],
            seed=settings["oneshot"]["seed"],
        )  # fmt: skip
        background.cut_words(
            {str(name): corpus.folder / file for name, file in rows["audio"].items()}, chosen, rate
        ).save(folder)

    key = {**numbers, "corpus": corpus.folder.name, "rate": rate, **_numbers(settings, "seed")}
    return Spoken.load(steps.step(settings, "background-words", key, ["vgsnb.oneshot.background"], make))


@steps.remembered
def background_pictures(settings: Settings) -> Pictures:
    """Characters that are no digits, of the size of the digits."""
    numbers, size = settings["oneshot"]["background"], PICTURES[settings["oneshot"]["pictures"]]
    require_known("collection of characters", numbers["drawn"], DRAWN)
    folder = files.data_folder() / "digits" if numbers["drawn"] == "omniglot" else Path()

    def read() -> Pictures:
        if folder != Path():
            return recorded.read_omniglot(folder / "omniglot_packbits105.npz", size)
        return background.pictures(numbers["characters"], numbers["drawings"], size, settings["oneshot"]["seed"])

    modules = ["vgsnb.oneshot.background", "vgsnb.oneshot.recorded"]
    key = {**numbers, "size": size, **_numbers(settings, "seed"), "files": _files(folder)}
    return Pictures.load(steps.step(settings, "background-pictures", key, modules, lambda place: read().save(place)))


@steps.remembered
def episodes(settings: Settings, shots: int, distractors: bool = False) -> Episodes:
    """The stored episodes, the same for every method."""
    numbers = settings["oneshot"]

    def make(folder: Path) -> None:
        dealt = deal(
            spoken(settings).table, pictures(settings).table,
            shots=shots, queries=numbers["queries"], count=numbers["episodes"], seed=numbers["seed"],
            distractors=distractors,
        )  # fmt: skip
        dealt.save(folder / "episodes.npz")

    key = {**_numbers(settings, "queries", "episodes", "seed"), "shots": shots, "distractors": distractors}
    key |= {"digits": [spoken(settings).digest(), pictures(settings).digest()]}
    folder = steps.step(settings, f"episodes-{shots}", key, ["vgsnb.oneshot.episodes"], make)
    return Episodes.load(folder / "episodes.npz")


def features(settings: Settings, words: Spoken) -> list[FloatArray]:
    """The features (T, D) of each of ``words``, normalised by word."""
    chosen = FeatureSettings(**settings["oneshot"]["features"], rate=words.rate)
    return [extract(sound, chosen) for sound in words.sounds]


def inputs(settings: Settings, modality: str, role: str) -> Tensor:
    """What a network of ``modality`` sees of the ``digits`` or of the ``background``: (N, T, D) or (N, S, S)."""
    if modality == "image":
        return torch.from_numpy((pictures if role == "digits" else background_pictures)(settings).pixels)
    words = (spoken if role == "digits" else background_words)(settings)

    def make(folder: Path) -> None:
        tokens = [torch.from_numpy(token) for token in features(settings, words)]
        np.save(folder / "inputs.npy", centred(tokens, settings["oneshot"]["frames"]).half().numpy())

    key = {"words": words.digest(), **_numbers(settings, "features", "frames")}
    modules = ["vgsnb.oneshot.networks", "vgsnb.speech.features"]
    return torch.from_numpy(np.load(steps.step(settings, f"words-{role}", key, modules, make) / "inputs.npy")).float()


def data(settings: Settings, modality: str) -> tuple[Labelled, Labelled]:
    """Background tokens of one modality with their classes: to train on, and others to choose the epoch by."""
    numbers = settings["oneshot"]
    names = (
        background_words(settings).table["word"]
        if modality == "speech"
        else background_pictures(settings).table["character"]
    )
    every = Labelled.of(inputs(settings, modality, "background"), names)
    return every.apart(numbers["background"]["development"], numbers["seed"])


def network(settings: Settings, modality: str) -> nn.Module:
    """An untrained network of one modality."""
    numbers = settings["oneshot"]
    if modality == "image":
        return PictureNetwork(PICTURES[numbers["pictures"]], **numbers["image"])
    found = WordEncoder(FeatureSettings(**numbers["features"]).dimensions, **numbers["speech"])
    if numbers["frames"] < found.shortest:
        raise UserError(f"Words of {numbers['frames']} frames are too short for the network: give {found.shortest}.")
    return found


def trained(settings: Settings, method: str, modality: str, seed: int) -> Path:
    """The folder of a trained method and modality, with ``history.csv``; of ``direct``, which has both, the same."""
    require_known("trained method", method, TRAINED)
    numbers, both = settings["oneshot"], method == DIRECT
    sampling, training = Sampling(**numbers["sampling"]), dict(numbers["training"])
    epochs = training["epochs"][method]
    training["epochs"] = epochs if both else epochs[MODALITIES.index(modality)]
    training["learning_rate"] *= numbers["slower"] if both else 1.0

    def make(folder: Path) -> None:
        new = untrained(settings, method, modality, seed)
        if isinstance(new, Direct):
            train_direct(
                new, data(settings, "speech"), data(settings, "image"), folder,
                sampling=sampling, seed=seed, **training,
            )  # fmt: skip
        else:
            train(new, method, *data(settings, modality), folder, sampling=sampling, seed=seed, **training)

    key = {
        "networks": _numbers(settings, "features", "frames", "speech", "image", "sampling", "seed"),
        "method": method,
        "start": seed,
        "training": training,
    }
    key |= {"precision": devices.find_precision(devices.find_device()), "share": numbers["background"]["development"]}
    key |= {"speech": background_words(settings).digest()} if both or modality == "speech" else {}
    key |= {"image": background_pictures(settings).digest()} if both or modality == "image" else {}
    key |= {"begun": [trained(settings, BEGUN, each, seed).name for each in MODALITIES]} if both else {}
    modules = ["vgsnb.models.words", "vgsnb.oneshot.networks", "vgsnb.oneshot.training", "vgsnb.training"]
    modules += ["vgsnb.speech.features"]
    name = f"oneshot-{method}-{seed}" if both else f"oneshot-{method}-{modality}-{seed}"
    return steps.step(settings, name, key, modules, make)


def untrained(settings: Settings, method: str, modality: str, seed: int) -> nn.Module:
    """The network of a method and modality as it begins; ``direct`` has both in one, the siamese ones."""
    torch.manual_seed(seed)
    if method == DIRECT:
        return Direct(*(model(settings, BEGUN, each, seed) for each in MODALITIES))
    return network(settings, modality)


def model(settings: Settings, method: str, modality: str, seed: int) -> nn.Module:
    """The trained network of a method and modality; ``direct`` has both in one."""
    found = untrained(settings, method, modality, seed)
    found.load_state_dict(safetensors.torch.load_file(trained(settings, method, modality, seed) / WEIGHTS))
    return found


def development(settings: Settings) -> pd.DataFrame:
    """How many one-shot trials on development classes trained networks answer wrongly: ``method, modality, error``.

    The mean over seeds of the kept epochs. ``direct`` is left out: its error is of matches across modalities.
    """
    rows = [
        (method, modality, pd.read_csv(trained(settings, method, modality, seed) / "history.csv")["dev_loss"].min())
        for method in settings["oneshot"]["methods"]
        if method != DIRECT
        for modality in MODALITIES
        for seed in settings["oneshot"]["seeds"]
    ]
    table = pd.DataFrame(rows, columns=["method", "modality", "error"])
    return table.groupby(["method", "modality"], sort=False)["error"].mean().reset_index()


def best_on_development(settings: Settings) -> str:
    """The trained method that errs least on development words."""
    table = development(settings).query("modality == 'speech'")
    return str(table["method"].to_numpy()[table["error"].to_numpy().argmin()])


@steps.remembered
def vectors(settings: Settings, method: str, modality: str, seed: int) -> Cosine:
    """Where a trained network puts the tested tokens of one modality."""
    found = model(settings, method, modality, seed)
    if isinstance(found, Direct):
        found = found.speech if modality == "speech" else found.pictures
    return Cosine(embed(found, inputs(settings, modality, "digits")))


@steps.remembered
def metrics(settings: Settings, method: str, seed: int) -> tuple[Metric, Metric]:
    """How a method measures distances between spoken digits, and between pictures."""
    if method in TRAINED:
        return vectors(settings, method, "speech", seed), vectors(settings, method, "image", seed)
    pixels = Cosine(pictures(settings).pixels.reshape(len(pictures(settings).table), -1))
    return (_warped(settings) if method == BASELINE else _pretrained(settings)), pixels


def _warped(settings: Settings) -> Known:
    words = spoken(settings)

    def make(folder: Path) -> None:
        np.save(folder / "distances.npy", answers.warped(features(settings, words)).distances)

    key = {"words": words.digest(), **_numbers(settings, "features")}
    modules = ["vgsnb.speech.dtw", "vgsnb.speech.features", "vgsnb.oneshot.answers"]
    return Known(np.load(steps.step(settings, "dtw", key, modules, make) / "distances.npy"))


def _pretrained(settings: Settings) -> Cosine:
    """The mean of the pretrained embedding over each word."""
    words = spoken(settings)
    chosen = FeatureSettings(kind="embedding", shift=0.02, normalise=False)

    def make(folder: Path) -> None:
        sounds = (background.resampled(sound, words.rate, chosen.rate) for sound in words.sounds)
        np.save(folder / "vectors.npy", np.stack([extract(sound, chosen).mean(axis=0) for sound in sounds]))

    modules = ["vgsnb.speech.pretrained", "vgsnb.speech.features"]
    return Cosine(np.load(steps.step(settings, "pretrained", {"words": words.digest()}, modules, make) / "vectors.npy"))


def methods(settings: Settings) -> list[str]:
    """The methods of a preset, and the pretrained embedding where it is at hand."""
    try:
        at_hand = all((files.data_folder() / "models" / name).is_file() for name in pretrained.FILES)
    except UserError:
        at_hand = False
    at_hand = at_hand and find_spec("onnxruntime") is not None
    return [BASELINE, *settings["oneshot"]["methods"], *([PRETRAINED] if at_hand else [])]


def seeds(settings: Settings, method: str) -> list[int]:
    """The seeds of a method's models; what is not trained has one."""
    return list(settings["oneshot"]["seeds"]) if method in TRAINED else [0]


def train_all(settings: Settings) -> None:
    """Train what is not there yet, as many at a time as there are processors; ``direct`` after those it begins from."""
    numbers = settings["oneshot"]
    for modality in MODALITIES:
        data(settings, modality)
    alone = [method for method in numbers["methods"] if method != DIRECT]
    tasks = [(settings, *task) for task in product(alone, MODALITIES, numbers["seeds"])]
    tasks += [(settings, DIRECT, "speech", seed) for seed in numbers["seeds"] if DIRECT in numbers["methods"]]
    for _ in spread(_train, tasks, devices.workers(len(tasks))):
        pass


def _train(task: tuple[Settings, str, str, int]) -> None:
    trained(*task)


def answered(
    settings: Settings, method: str, task: str, shots: int, seed: int, distractors: bool = False
) -> npt.NDArray[np.int64]:
    """The class (E, Q) that a method answers, as its place among the words in alphabetical order."""
    require_known("task", task, TASKS)
    dealt, (speech, sight) = episodes(settings, shots, distractors), metrics(settings, method, seed)
    if task == "speech":
        return answers.heard(dealt, speech)[0]
    if task == "image":
        return answers.seen(dealt, sight)
    if method != DIRECT:
        return answers.matched(dealt, speech, sight)
    trained = model(settings, method, "speech", seed)
    sharp = trained.sharpness.exp().tolist()  # type: ignore[union-attr,operator]
    return answers.matched_directly(dealt, speech, sight, (sharp[0], sharp[1]))


def asked(settings: Settings, task: str, shots: int, distractors: bool = False) -> npt.NDArray[np.object_]:
    """What is asked (E, Q): words, or for the task ``image`` digits."""
    dealt = episodes(settings, shots, distractors)
    if task == "image":
        return pictures(settings).table["digit"].to_numpy(object)[dealt.asked]
    return spoken(settings).table["word"].to_numpy(object)[dealt.queries]


def words_of(settings: Settings) -> list[str]:
    """The classes, in the order of answers."""
    return sorted(spoken(settings).table["word"].unique())


def correct(settings: Settings, method: str, task: str, shots: int, seed: int, distractors: bool = False) -> Correct:
    """Whether each answer (E, Q) is right: the word for ``speech``, else the digit, which "oh" and "zero" share."""
    words = words_of(settings)
    said = np.array(words, object)[answered(settings, method, task, shots, seed, distractors)]
    wanted = asked(settings, task, shots, distractors)
    if task == "speech":
        return np.asarray(said == wanted)
    digit = np.vectorize(lambda name: digits.DIGITS.get(name, name), otypes=[int])
    return np.asarray(digit(said) == digit(wanted))
