"""The steps of the book: each result is found again by its numbers, inputs and code, or made and kept.

A step takes the numbers of a preset and says which library function they go to; the work is done there. A chain of
keys ties a result to everything it was made from: corpus → features, tags → training → scores → places.
"""

import hashlib
import json
import os
import shutil
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, wraps
from itertools import product
from pathlib import Path
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar, cast

import numpy as np
import pandas as pd
import torch
import yaml

from vgsnb import devices, files, further, languages, released, tagging, training
from vgsnb.corpora import Corpus, flickr8k, open_corpus, relevance, spoken_scenes
from vgsnb.errors import UserError, require_known
from vgsnb.evaluation import perfect_ears
from vgsnb.evaluation.localisation import places_right
from vgsnb.evaluation.perfect_ears import associate
from vgsnb.further import calibration, units
from vgsnb.further.localisation import localise, own_method, score_map
from vgsnb.further.localisation import places as by_frames
from vgsnb.further.models import build as build_further
from vgsnb.further.models import load_model, parts_of
from vgsnb.further.pictures import Pictures, seen_by
from vgsnb.further.training import refined
from vgsnb.further.training import train as train_further
from vgsnb.further.units import Listener
from vgsnb.localisation import SegmentGrid
from vgsnb.models import ARCHITECTURES, KeywordModel
from vgsnb.models.encoders import Stage
from vgsnb.released.counting import without_dropped
from vgsnb.released.models import build, departures_of
from vgsnb.released.training import train
from vgsnb.searching import search
from vgsnb.seeds import generator
from vgsnb.settings import Settings, merge
from vgsnb.speech.features import FeatureSettings, FeatureStore, build_store
from vgsnb.speech.workers import in_chunks, spread, with_progress
from vgsnb.vision import backbones
from vgsnb.vocabulary import KEYWORDS, normalise

SUPERVISIONS = ("BoW", "VGS")
BY_SUPERVISION = ("epochs", "augmentation")  # numbers of training that a preset gives for each of them
TAGGED = ("tagger", "tagger-dev")  # the splits that the tagger of drawings learns from and is chosen on
PICTURED = ("train", "dev", "test")  # the splits whose pictures get tags
HEARD = ("train", "dev", "test", "test-seen")  # the splits whose captions are spoken
MASKED = ("masked-in", "masked-out")
MADE_FROM = "made_from.json"  # in a run folder: the names of the corpora and the hashes of what it was made from
OBJECTIVES = ("units", "calibrated", "refined")  # parts that change what a student reaches, of speech or of words
HASHED = (".parquet", ".safetensors", ".f16")
PIECE = 250  # utterances that are placed between two writings to disk
KEPT = 12  # results of one step that a process holds
BEST = 20  # utterances a keyword whose places Table V looks at
P = ParamSpec("P")
R = TypeVar("R")


System = tuple[Settings, str, str, int]  # with the architecture, supervision and seed of a model


@dataclass(frozen=True)
class Trained:
    """A trained model with the folder that keeps it and the course of its training, a row an epoch."""

    model: KeywordModel
    folder: Path
    history: pd.DataFrame


def step(
    settings: Settings, name: str, numbers: dict[str, Any], modules: list[str], make: Callable[[Path], Any]
) -> Path:
    """The folder of one step's result, made from ``numbers`` by the code of ``modules`` unless it is there."""
    key = files.content_key(numbers, modules, ("torch", "numpy"))
    about = {"step": name, "numbers": numbers, "key": key}
    return files.find_or_make(settings.folder / "steps" / f"{name}-{key}", about, make)


def table(
    settings: Settings, name: str, numbers: dict[str, Any], modules: list[str], make: Callable[[], pd.DataFrame]
) -> pd.DataFrame:
    """A step whose result is one table."""
    folder = step(settings, name, numbers, modules, lambda folder: make().to_parquet(folder / "table.parquet"))
    return pd.read_parquet(folder / "table.parquet")


def remembered(find: Callable[Concatenate[Settings, P], R]) -> Callable[Concatenate[Settings, P], R]:
    """Open what a step has made once a process: a table of results asks for the same corpus two hundred times.

    The ``KEPT`` that were asked for last are held, so that a process that measures many systems does not grow with
    them. Tables are handed out as copies (pandas copies their numbers only when somebody writes into them).
    """
    found = OrderedDict[str, R]()

    @wraps(find)
    def recall(settings: Settings, *args: P.args, **kwargs: P.kwargs) -> R:
        key = json.dumps([str(settings.folder), settings.numbers, args, kwargs], sort_keys=True)
        known = found.pop(key) if key in found else find(settings, *args, **kwargs)
        found[key] = known
        while len(found) > KEPT:
            found.popitem(last=False)
        return cast(R, known.copy(deep=False)) if isinstance(known, pd.DataFrame) else known

    return recall


@remembered
def corpus(settings: Settings) -> Corpus:
    """The preset's corpus: Spoken Scenes, or the Flickr8k that ``VGSNB_DATA`` names."""
    kind = settings["corpus"]["kind"]
    require_known("kind of corpus", kind, CORPORA)
    return _opened(CORPORA[kind](settings))


@lru_cache(maxsize=2)
def _opened(folder: Path) -> Corpus:
    """One for all the recipes of a preset: the tables of all of Flickr8k are some hundred megabytes."""
    return open_corpus(folder)


def _spoken_scenes(settings: Settings) -> Path:
    numbers = {name: settings["corpus"][name] for name in ("pictures", "spoken", "voices", "seed", "size")}
    modules = ["vgsnb.corpora.spoken_scenes"]
    workers = os.cpu_count() or 1
    return step(
        settings, "corpus", numbers, modules, lambda folder: spoken_scenes.generate(folder, **numbers, workers=workers)
    )


def _flickr8k(settings: Settings) -> Path:
    source = files.data_folder() / "flickr8k"
    numbers = {name: settings["corpus"][name] for name in ("pictures", "speech", "seed")}
    numbers["pictures"] = {split: numbers["pictures"][split] for split in flickr8k.SPLITS}
    key = {"flickr8k": _fingerprint(source, numbers["speech"]), **numbers}
    workers = os.cpu_count() or 1
    modules = ["vgsnb.corpora.flickr8k"]
    found = step(
        settings, "corpus", key, modules, lambda folder: flickr8k.prepare(folder, source, **numbers, workers=workers)
    )
    flickr8k.relink(found, source)
    return found


def data_of(settings: Settings) -> dict[str, Any]:
    """What the results of a preset depend on outside the project, by content; nothing where there is no such thing."""
    if settings.numbers.get("corpus", {}).get("kind") != "flickr8k" or not os.environ.get("VGSNB_DATA"):
        return {}
    source, numbers = files.data_folder() / "flickr8k", settings["photo_tagger"]
    others = [source / numbers[name] for name in ("activations", "tags") if numbers[name]]
    others += sorted((files.data_folder() / "models").glob("*.onnx"))
    others += [source / name for name in (relevance.LABELS, relevance.COUNTS)]
    return {path.name: flickr8k.digest(path) for path in others} | _fingerprint(source, settings["corpus"]["speech"])


@lru_cache
def _fingerprint(source: Path, speech: str) -> dict[str, Any]:
    """Once a process: what changes while it runs is not what it runs on."""
    return flickr8k.fingerprint(source, speech)


CORPORA = {"spoken-scenes": _spoken_scenes, "flickr8k": _flickr8k}


@remembered
def heard(settings: Settings) -> Corpus:
    """The corpus with the words and utterances that are learned and judged by: all, but for what a recipe drops."""
    dropping = released.concerning(settings["departures"], "words")
    return without_dropped(corpus(settings)) if dropping else corpus(settings)


def _judged(settings: Settings, *splits: str) -> pd.DataFrame:
    rows, judged = utterances(settings, *splits), heard(settings)
    if judged is corpus(settings):
        return rows
    return rows[rows["utterance_id"].isin(judged.utterances["utterance_id"])]


@remembered
def utterances(settings: Settings, *splits: str) -> pd.DataFrame:
    """The spoken utterances of ``splits`` in the language of speech."""
    rows, language = corpus(settings).utterances, settings["languages"]["speech"]
    chosen = [rows[(rows["split"] == split) & (rows["language"] == language)] for split in splits]
    spoken = pd.concat(chosen)
    return spoken[spoken["audio"].astype(bool)]


@remembered
def features(settings: Settings) -> FeatureStore:
    """The features of every utterance in the language of speech."""
    spoken, language = corpus(settings), settings["languages"]["speech"]
    if language == "de" and not spoken.utterances.query("language == 'de'")["audio"].astype(bool).any():
        raise UserError(f"Nobody speaks German in {spoken.about['name']}: take another corpus, or English speech.")
    rows = utterances(settings, *HEARD)
    items = [(name, spoken.folder / file) for name, file in zip(rows["utterance_id"], rows["audio"], strict=True)]
    folder = step(
        settings,
        "features",
        {"corpus": spoken.folder.name, **settings["features"], **_foreign(speech=language)},
        ["vgsnb.speech.features"],
        lambda folder: build_store(folder, items, FeatureSettings(**settings["features"]), os.cpu_count() or 1),
    )
    return FeatureStore.open(folder)


def _foreign(**chosen: str) -> dict[str, str]:
    """What languages add to a step's numbers: English nothing, so that its results keep their keys.

    German queries add which keywords there are, and their forms.
    """
    found = {name: language for name, language in chosen.items() if language != "en"}
    return found | ({"keywords": flickr8k.digest(languages.CSV)} if "queries" in found else {})


def translates(settings: Settings) -> bool:
    """Whether keywords are written in another language than is spoken."""
    return bool(settings["languages"]["queries"] != settings["languages"]["speech"])


def vocabulary(settings: Settings) -> tuple[str, ...]:
    """All keywords of the language of queries: the papers' 67 English ones, or the German ones of our own."""
    language = settings["languages"]["queries"]
    require_known("language", language, languages.VOCABULARIES)
    return languages.VOCABULARIES[language]


@remembered
def keywords(settings: Settings) -> tuple[str, ...]:
    """The keywords that are learned: those said in enough training utterances.

    In another language than is spoken: in enough of the training pictures' captions in the language of queries.
    """
    return _frequent(settings, "train", settings["keywords"]["least_train_utterances"], vocabulary(settings))


@remembered
def scored_keywords(settings: Settings) -> tuple[str, ...]:
    """The learned keywords that are scored: those said in enough test utterances for a number to mean something."""
    return _frequent(settings, "test", settings["keywords"]["least_test_utterances"], keywords(settings))


def _frequent(settings: Settings, split: str, least: int, words: tuple[str, ...]) -> tuple[str, ...]:
    if split == "test" and translates(settings):
        counts = _true_of(settings, words, split).sum()
    else:
        rows = corpus(settings).select(split, settings["languages"]["queries"])
        counts = _said(corpus(settings), words, rows).sum()
    return tuple(word for word in words if counts[word] >= least)


def _said(spoken: Corpus, words: Sequence[str], rows: pd.DataFrame) -> pd.DataFrame:
    """Which of ``words`` the captions of ``rows``, all in the same language as they, say."""
    if (rows["language"] == "en").all():
        return spoken.bag_of_words(words, rows["utterance_id"])
    texts, known = rows.set_index("utterance_id")["text"], attested(spoken.folder)
    # Keywords by themselves: "Sandstrand" may be one of the other words, and is a Strand all the same.
    kinds = [[word for word in words if (word in languages.GERMAN_KEYWORDS) == one] for one in (True, False)]
    found = [languages.said(texts, some, "de", known) for some in kinds]
    return pd.concat(found, axis=1)[list(words)]


@lru_cache(maxsize=2)
def attested(folder: Path) -> frozenset[str]:
    """Every word of the German captions of the corpus in ``folder``: what can begin a compound in any of its texts."""
    rows = _opened(folder).utterances
    distinct = {word for text in rows.loc[rows["language"] == "de", "text"] for word in text.split()}
    return frozenset(map(normalise, distinct))


def prevalence(settings: Settings) -> pd.Series:
    """The share of training and test utterances in which each of the papers' keywords is said. Uses text."""
    spoken = corpus(settings)
    ids = pd.concat([spoken.select("train"), spoken.select("test")])["utterance_id"]
    return spoken.bag_of_words(KEYWORDS, ids).mean()


def full_size_captions(settings: Settings) -> pd.DataFrame:
    """Captions of as many scenes as Flickr8k has pictures, text alone: for the corpus card. Flickr8k's own."""
    if settings["corpus"]["kind"] == "flickr8k":
        return corpus(settings).utterances.query("language == 'en'")[["utterance_id", "image_id", "text"]]
    numbers = {"scenes": settings["card"]["scenes"], "seed": settings["corpus"]["seed"]}
    modules = ["vgsnb.corpora.spoken_scenes"]
    return table(settings, "captions", numbers, modules, lambda: spoken_scenes.captions(**numbers))


@remembered
def bag_of_words(settings: Settings, *splits: str, every: bool = False) -> pd.DataFrame:
    """Whether each scored keyword (``every``: each learned one) is said in each utterance of ``splits``. Uses text.

    A keyword of another language is, where it is in the utterance's reference translation; utterances without one are
    left out. A corpus that has no translations has a dictionary instead (``looked_up``).
    """
    return _true_of(settings, keywords(settings) if every else scored_keywords(settings), *splits)


def _true_of(settings: Settings, words: Sequence[str], *splits: str) -> pd.DataFrame:
    rows = _judged(settings, *splits)
    if not translates(settings):
        return _said(heard(settings), words, rows)
    if (known := translations(settings)) is None:
        return looked_up(settings, words, rows)
    texts = known.loc[rows["utterance_id"][rows["utterance_id"].isin(known.index)]]
    return languages.said(texts, words, "de", attested(corpus(settings).folder))


@remembered
def translations(settings: Settings) -> pd.Series | None:
    """The German translations of some utterances, in a human's words; None where there are none."""
    if settings["corpus"]["kind"] != "flickr8k" or not translates(settings):
        return None
    return relevance.reference_translations(files.data_folder() / "flickr8k")


def looked_up(settings: Settings, words: Sequence[str], rows: pd.DataFrame) -> pd.DataFrame:
    """Whether the captions of ``rows`` say a word that a dictionary gives for each keyword of the other language."""
    texts = rows.set_index("utterance_id")["text"]
    return languages.translated(texts, words, settings["languages"]["queries"], attested(corpus(settings).folder))


def forms_said(settings: Settings, texts: pd.Series, forms: languages.Words, language: str) -> pd.DataFrame:
    """Which keywords of ``forms``, words of ``language``, each of ``texts`` says in any form."""
    return languages.variants(texts, forms, language, attested(corpus(settings).folder))


@remembered
def votes(settings: Settings) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """Which scored keywords fit the meaning of test utterances, how many found so, and of how many.

    Of Flickr8k what the annotators of Kamper et al. (2019) said of 1,000 utterances; of drawn scenes what careful
    describers say of the scene, a tenth of them or any where the caption says it too. Utterance × keyword, twice.
    """
    words, ids = scored_keywords(settings), _judged(settings, "test").set_index("utterance_id")["image_id"]
    if settings["corpus"]["kind"] == "flickr8k":
        relevant, counts = relevance.read_relevance(files.data_folder() / "flickr8k", words)
        known = [name for name in ids.index if name in relevant.index]
        return relevant.loc[known], counts.loc[known], relevance.ANNOTATORS
    spoken = corpus(settings)
    numbers = {"corpus": spoken.folder.name, "keywords": words}
    modules = ["vgsnb.corpora.relevance"]
    counts = table(
        settings, "votes", numbers, modules, lambda: relevance.scene_votes(spoken, _images(spoken, "test"), words)
    )
    counts = counts.loc[ids].set_axis(ids.index)
    said = heard(settings).bag_of_words(words, ids.index)
    return (counts >= relevance.TRUE_AT) | (said & (counts > 0)), counts, relevance.DESCRIBERS


@remembered
def targets(settings: Settings, supervision: str, *splits: str) -> pd.DataFrame:
    """What a model is trained towards, utterance × keyword in [0, 1]: soft tags of the picture, or words said."""
    require_known("supervision", supervision, SUPERVISIONS)
    rows = _judged(settings, *splits)
    if supervision == "BoW":
        words = keywords(settings)
        said = looked_up(settings, words, rows) if translates(settings) else _said(heard(settings), words, rows)
        return said.astype("float32")
    found = tags(settings)[list(keywords(settings))].loc[rows["image_id"]]
    return found.set_axis(pd.Index(rows["utterance_id"], name="utterance_id"))


def perfect_ears_of(settings: Settings, supervision: str = "VGS") -> tuple[pd.DataFrame, pd.DataFrame]:
    """Scores and places on the test data of a student that is given the captions' words. Uses text.

    Of the recipe's objective: refined and calibrated where the recipe is.
    """
    words = corpus(settings).words
    learn, judge = (targets(settings, supervision, split) for split in ("train", "dev"))
    if objective := objective_of(settings):
        return _further_ears(settings, supervision, objective, learn, judge)
    present = bag_of_words(settings, "test", every=True)

    def make(folder: Path) -> None:
        student = perfect_ears.fit(words, learn, judge)
        student.scores(words, present.index).to_parquet(folder / "scores.parquet")
        pairs = _pairs(pd.DataFrame(True, present.index, present.columns))
        student.places(words, pairs).to_parquet(folder / "places.parquet")

    numbers = {"corpus": corpus(settings).folder.name, "targets": hash_of(pd.concat([learn, judge]))}
    folder = step(settings, f"ears-{supervision}", numbers, ["vgsnb.evaluation.perfect_ears"], make)
    return pd.read_parquet(folder / "scores.parquet"), pd.read_parquet(folder / "places.parquet")


def objective_of(settings: Settings) -> tuple[str, ...]:
    """Which parts of a recipe change what is aimed at: the targets, or how often a keyword is detected."""
    parts = further.concerning(settings["further"]["parts"], "training", "scores")
    return tuple(name for name in parts if name in OBJECTIVES)


def _further_ears(
    settings: Settings, supervision: str, objective: Sequence[str], learn: pd.DataFrame, judge: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    judged = settings["further"]["units"] if "units" in objective else {}
    alone = {name: judged[name] for name in ("strength", "rivalry") if judged}
    folder = _word_student(settings, supervision, learn, judge, alone)
    if "refined" in objective:
        own = pd.read_parquet(folder / "scores-train.parquet")
        folder = _word_student(settings, supervision, _refined(settings, learn, own), judge, alone)
    found = pd.read_parquet(folder / "scores-test.parquet")
    if "calibrated" in objective:
        shift = _shifts(settings, f"ears-{supervision}", pd.read_parquet(folder / "scores-dev.parquet"))
        found = calibration.shifted(found, shift)
    return found, pd.read_parquet(folder / "places.parquet")


def _word_student(
    settings: Settings, supervision: str, learn: pd.DataFrame, judge: pd.DataFrame, alone: dict[str, Any]
) -> Path:
    """A student of words with its scores on all the data that a student of speech scores, and its places.

    With the numbers ``alone`` of an association it judges words one by one, as units are judged.
    """
    words, present = corpus(settings).words, bag_of_words(settings, "test", every=True)

    def make(folder: Path) -> None:
        student = associate(words, learn, **alone) if alone else perfect_ears.fit(words, learn, judge)
        for split, ids in (("train", learn.index), ("dev", judge.index), ("test", present.index)):
            student.scores(words, ids).to_parquet(folder / f"scores-{split}.parquet")
        pairs = _pairs(pd.DataFrame(True, present.index, present.columns))
        student.places(words, pairs).to_parquet(folder / "places.parquet")

    numbers = {"corpus": corpus(settings).folder.name, "targets": hash_of(pd.concat([learn, judge])), **alone}
    return step(settings, f"word-student-{supervision}", numbers, ["vgsnb.evaluation.perfect_ears"], make)


@remembered
def tagged(settings: Settings) -> Path:
    """The folder of the soft tags (``table.parquet``) and of the course of the tagger's training (``history.csv``)."""
    if settings["corpus"]["kind"] == "spoken-scenes":
        return _tag_drawings(settings)
    return _read_tags(settings) if settings["photo_tagger"]["tags"] else _tag_photographs(settings)


class Frozen(NamedTuple):
    """A network that is trained no further: its ``name``, the side S of its pictures, and ``load()``.

    What is loaded makes of pictures (B, S, S, 3) uint8, where they are, what the network's layers see in them.
    """

    name: str
    side: int
    load: Callable[[], Callable[[torch.Tensor], list[torch.Tensor]]]


def frozen(settings: Settings) -> Frozen:
    """Of drawings the tagger, all of its layers; of photographs VGG-16, the last of its convolutions."""
    if settings["corpus"]["kind"] != "spoken-scenes":
        return Frozen("vgg16, last convolution", backbones.SIDE, _vgg16)
    folder, place = tagged(settings), devices.find_device()
    tagger = cast(tagging.PictureTagger, tagging.load_tagger(folder)).to(place).eval()
    return Frozen(folder.name, settings["corpus"]["size"], lambda: lambda pictures: tagger.maps(pictures.to(place)))


def _vgg16() -> Callable[[torch.Tensor], list[torch.Tensor]]:
    place = devices.find_device()
    network = cast(Any, backbones.imagenet_vgg16().to(place))
    return lambda pictures: [network.features[:-1](backbones.normalised(pictures.to(place)))]


def _tag_drawings(settings: Settings) -> Path:
    """A network that learns from pictures of its own tags those whose captions are spoken."""
    spoken, numbers = corpus(settings), dict(settings["tagger"])
    sizes = {"channels": numbers.pop("channels"), "dropout": numbers.pop("dropout")}
    kind = numbers.pop("target")

    def make(folder: Path) -> None:
        data = [(_pictures(spoken, split), said_of_pictures(settings, split, kind)) for split in TAGGED]
        (inputs, learn), (judged, judge) = data
        torch.manual_seed(numbers["seed"])
        network = tagging.PictureTagger(vocabulary(settings), **sizes)
        tagging.train_tagger(network, inputs, learn, judged, judge, folder, **numbers)
        found = [tagging.soft_tags(network, _pictures(spoken, split), _images(spoken, split)) for split in PICTURED]
        pd.concat(found).to_parquet(folder / "table.parquet")

    key = {"corpus": spoken.folder.name, **settings["tagger"], **_foreign(queries=settings["languages"]["queries"])}
    return step(settings, "tags", key, ["vgsnb.tagging", *_lexicon(settings)], make)


def _lexicon(settings: Settings) -> list[str]:
    """The module that says which German words there are, where they matter."""
    return ["vgsnb.languages"] if settings["languages"]["queries"] == "de" else []


def _tag_photographs(settings: Settings) -> Path:
    """Networks on stored activations, cross-fitted over the training pictures; the others get the mean of all.

    Training pictures that nobody described in the language of queries are among the others.
    """
    spoken, numbers, every = corpus(settings), dict(settings["photo_tagger"]), vocabulary(settings)
    values = activations(settings)
    count, kind = numbers.pop("words"), numbers.pop("target")
    sizes = {name: numbers.pop(name) for name in ("hidden", "dropout", "scale")}
    del numbers["activations"], numbers["tags"]

    def make(folder: Path) -> None:
        captions = spoken.select("train", settings["languages"]["queries"])["text"]
        words = tagging.content_words(captions, count, every, settings["languages"]["queries"])
        learn = said_of_pictures(settings, "train", kind, words)
        rest = values.drop(index=learn.index)
        found = tagging.cross_fit(
            lambda: tagging.ActivationTagger(words, values.shape[1], **sizes),
            values.loc[learn.index].to_numpy(), learn, folder, **numbers,
        )  # fmt: skip
        others = tagging.mean_tags(folder, rest.to_numpy(), rest.index.tolist())
        pd.concat([found, others])[list(every)].to_parquet(folder / "table.parquet")
        tagging.mean_history(folder).to_csv(folder / "history.csv", index=False)

    key = {"corpus": spoken.folder.name, "activations": hash_of(values), **settings["photo_tagger"]}
    key |= _foreign(queries=settings["languages"]["queries"])
    return step(settings, "tags", key, ["vgsnb.tagging", *_lexicon(settings)], make)


def _read_tags(settings: Settings) -> Path:
    """The tags that others made, from a file of the 2019 recipe; nothing is known of their training."""
    spoken, path = corpus(settings), files.data_folder() / "flickr8k" / settings["photo_tagger"]["tags"]

    def make(folder: Path) -> None:
        found = flickr8k.read_tags_of(path, _images(spoken, *PICTURED), vocabulary(settings))
        found.to_parquet(folder / "table.parquet")
        pd.DataFrame(columns=["epoch", "train_loss", "dev_loss", "best", "seconds"]).to_csv(folder / "history.csv")

    key = {"corpus": spoken.folder.name, "tags": flickr8k.digest(path)}
    key |= _foreign(queries=settings["languages"]["queries"])
    return step(settings, "tags", key, ["vgsnb.corpora.flickr8k"], make)


@remembered
def activations(settings: Settings) -> pd.DataFrame:
    """VGG-16's activations for the pictures of the corpus, stored ones where there are some: image_id × D."""
    spoken, path = corpus(settings), files.data_folder() / "flickr8k" / settings["photo_tagger"]["activations"]
    names = _images(spoken, *PICTURED)
    if path.is_file():
        return backbones.read_activations(path, names)

    def make(folder: Path) -> None:
        network = backbones.imagenet_vgg16()
        parts = list(in_chunks(names, 256))
        shown = (tagging.read_pictures(spoken, part, backbones.SIDE) for part in parts)
        seen = with_progress(shown, len(parts), "VGG-16, batches of 256 pictures")
        found = np.concatenate([backbones.activations(network, pictures) for pictures in seen])
        backbones.write_activations(folder / path.name, names, found)

    folder = step(settings, "activations", {"corpus": spoken.folder.name}, ["vgsnb.vision.backbones"], make)
    return backbones.read_activations(folder / path.name, names)


def _pictures(spoken: Corpus, split: str) -> np.ndarray:
    return tagging.read_pictures(spoken, _images(spoken, split), size=spoken.about["parameters"]["size"])


def _images(spoken: Corpus, *splits: str) -> list[str]:
    return spoken.images.loc[spoken.images["split"].isin(splits), "image_id"].tolist()


def said_of_pictures(
    settings: Settings, split: str, kind: str = "any", words: Sequence[str] | None = None
) -> pd.DataFrame:
    """What the captions of ``split`` in the language of queries say of their pictures: picture × word. Uses text.

    Of all keywords, where no ``words`` are given. Pictures without such a caption are left out.
    """
    spoken = corpus(settings)
    rows = spoken.select(split, settings["languages"]["queries"])
    said = _said(spoken, vocabulary(settings) if words is None else words, rows)
    found = tagging.picture_targets(said, rows.set_index("utterance_id")["image_id"], kind)
    return found.loc[[name for name in _images(spoken, split) if name in found.index]]


@remembered
def tags(settings: Settings) -> pd.DataFrame:
    """Soft tags of the pictures whose captions are spoken: picture × keyword of the vocabulary, in [0, 1]."""
    return pd.read_parquet(tagged(settings) / "table.parquet")


def tagging_table(settings: Settings) -> pd.DataFrame:
    """How well the tags rank the test pictures: ``keyword, average_precision, prevalence``. Uses text."""
    said = said_of_pictures(settings, "test")
    return tagging.average_precisions(tags(settings).loc[said.index], said)


def prior_loss(settings: Settings, supervision: str) -> float:
    """The development loss of giving every utterance each keyword's mean over the training targets."""
    mean, judged = targets(settings, supervision, "train").mean(), targets(settings, supervision, "dev")
    mean = mean.clip(1e-6, 1 - 1e-6)
    return float(-(judged * np.log(mean) + (1 - judged) * np.log(1 - mean)).to_numpy().mean())


@remembered
def trained(settings: Settings, architecture: str, supervision: str, seed: int) -> Trained:
    """One architecture trained under one supervision; a killed training continues from its last epoch.

    Departures of the released code and parts of ``vgsnb.further`` that concern it are part of what it is found by;
    without any, nothing is.
    """
    require_known("architecture", architecture, ARCHITECTURES)
    store, words = features(settings), keywords(settings)
    course = {**settings["training"], **{name: settings["training"][name][supervision] for name in BY_SUPERVISION}}
    parts = parts_in(settings, "training", architecture=architecture)
    learn, judge = (targets(settings, supervision, split) for split in ("train", "dev"))
    if "refined" in parts:
        learn = _refined(settings, learn, own_scores(_unrefined(settings), architecture, supervision, seed, "train"))
    numbers = {
        "features": store.folder.name,
        "targets": hash_of(pd.concat([learn, judge])),
        "architecture": architecture,
        "sizes": settings["models"][architecture],
        "training": course,
        "seed": seed,
        "keywords": words,
    }
    pictures = pictures_of(settings, "train") if "pictured" in parts else None
    numbers |= {} if pictures is None else {"seen": hash_of(pictures.seen)}
    departures = released.concerning(settings["departures"], "model", "training", architecture=architecture)
    if "transcript-selection" in departures:
        numbers["said"] = hash_of(bag_of_words(settings, "dev", every=True))
    sizes = {**settings["models"][architecture], "features": store.settings.dimensions}
    shift = settings["features"]["shift"]

    def make(folder: Path) -> None:
        if parts:
            top, temperature = round(settings["further"]["top"] / shift), settings["further"]["temperature"]
            model = build_further(architecture, words, seed, parts, top, temperature, **sizes)
            about = {"parts": parts, "numbers": settings["further"], "pictures": pictures}
            train_further(model, store, learn, judge, folder, seed=seed, **about, **course)
            return
        model = build(architecture, words, seed, departures, round(released.PADDING / shift), **sizes)
        if not departures:
            training.train(model, store, learn, judge, folder, seed=seed, **course)
            return
        said = bag_of_words(settings, "dev", every=True)
        train(model, store, learn, judge, folder, departures=departures, said=said, seed=seed, **course)

    modules = ["vgsnb.released.training", "vgsnb.released.models"] if departures else ["vgsnb.training"]
    modules = ["vgsnb.further.training", "vgsnb.further.models"] if parts else modules
    name = f"train-{architecture}-{supervision}-{seed}"
    folder = step(settings, name, numbers | _departing(departures) | _with_parts(settings, parts), modules, make)
    return Trained(load_model(folder), folder, pd.read_csv(folder / "history.csv"))


def train_all(
    variants: Iterable[Settings], architectures: Iterable[str], supervisions: Iterable[str], seeds: Iterable[int]
) -> None:
    """Train what is not there yet of every system of ``variants``; architectures that a preset lacks are left out."""
    train_systems(
        (settings, architecture, supervision, seed)
        for seed, settings, architecture, supervision in product(seeds, variants, architectures, supervisions)
        if architecture in settings["systems"]["architectures"]
    )


def train_systems(systems: Iterable[System]) -> None:
    """Train what is not there yet of ``systems``, as many at a time as there are processors.

    Two trainings with one thread each are done sooner than one after the other with two; on a GPU it is one at a time.
    Systems that train alike do it once. Features come first: what they lack is told before hours of training.
    """
    systems, different = list(systems), dict[str, System]()
    for settings, *_ in systems:
        features(settings)
    for settings, architecture, supervision, seed in systems:
        for number in members(settings, architecture, seed):
            system = (settings, architecture, supervision, number)
            different.setdefault(_course(*system), system)
    for _ in spread(_train, different.values(), devices.workers(len(different))):
        pass


def _course(settings: Settings, architecture: str, supervision: str, seed: int) -> str:
    """What tells one training of a preset from another."""
    parts = parts_in(settings, "training", architecture=architecture)
    departures = released.concerning(settings["departures"], "words", "model", "training", architecture=architecture)
    changed = [_with_parts(settings, parts), departures]
    changed += [settings[name] for name in ("languages", "tagger", "photo_tagger", "features", "models", "training")]
    return json.dumps([changed, architecture, supervision, seed])


def _train(system: System) -> None:
    trained(*system)


@remembered
def pictures_of(settings: Settings, split: str) -> Pictures:
    """Which pictures the utterances of ``split`` are of, and what the tagger sees in them before it judges."""
    rows, spoken = _judged(settings, split), corpus(settings)
    names = _images(spoken, split)
    if settings["corpus"]["kind"] == "flickr8k":
        seen = activations(settings).loc[names]
    else:
        seen = seen_by(tagging.load_tagger(tagged(settings)), _pictures(spoken, split), names)
    return Pictures(rows.set_index("utterance_id")["image_id"], seen)


def parts_in(
    settings: Settings, *changes: str, architecture: str | None = None, method: str | None = None
) -> tuple[str, ...]:
    """The parts of ``vgsnb.further`` that a recipe has, as far as they change something here."""
    names = settings["further"]["parts"]
    if names and settings["departures"]:
        raise UserError(
            f"The recipe {settings.recipe} has departures of the released code and parts that go further: keep either."
        )
    return further.concerning(names, *changes, architecture=architecture, method=method)


def _with_parts(settings: Settings, parts: Sequence[str]) -> dict[str, Any]:
    """What parts add to a step's numbers: without any nothing, so that the paper's results keep their keys."""
    return {"further": further.chosen(parts, settings["further"])} if parts else {}


def _unrefined(settings: Settings) -> Settings:
    """The recipe of the first student, from which a second one learns."""
    parts = [name for name in settings["further"]["parts"] if name != "refined"]
    return replace(settings, numbers=merge(settings.numbers, {"further": {"parts": parts}}, "the first student"))


def _refined(settings: Settings, targets: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    return refined(targets, own, settings["further"]["own_share"])


def _departing(departures: Sequence[str]) -> dict[str, Any]:
    """What departures add to a step's numbers: without any nothing, so that the paper's results keep their keys."""
    return {"departures": departures} if departures else {}


def hash_of(table: pd.DataFrame) -> str:
    """What changes with the values of a table: for the numbers that a step is made from."""
    return f"{int(pd.util.hash_pandas_object(table).sum()):x}"


@remembered
def scores(
    settings: Settings, architecture: str, supervision: str, seed: int, split: str, every: bool = False
) -> pd.DataFrame:
    """The detection scores of one system: utterance × scored keyword (``every``: each learned one).

    Those of one trained model, or of an ensemble, and calibrated where the recipe says so.
    """
    found = uncalibrated(settings, architecture, supervision, seed, split)
    if calibrates(settings):
        found = calibration.shifted(found, shifts(settings, architecture, supervision, seed))
    return found if every else found[list(scored_keywords(settings))]


def calibrates(settings: Settings) -> bool:
    """Whether a recipe calibrates its scores."""
    return "calibrated" in parts_in(settings, "scores")


def members(settings: Settings, architecture: str, seed: int, method: str | None = None) -> list[int]:
    """The seeds of the models whose scores and, by ``method``, whose score maps are averaged: one, or an ensemble's."""
    together = "ensemble" in parts_in(settings, "scores", "places", architecture=architecture, method=method)
    return [seed + offset for offset in (settings["further"]["members"] if together else [0])]


@remembered
def uncalibrated(settings: Settings, architecture: str, supervision: str, seed: int, split: str) -> pd.DataFrame:
    """The scores of one system as its models give them, utterance × learned keyword."""
    if "units" in parts_in(settings, "scores", architecture=architecture):
        return _scores_by_units(settings, architecture, supervision, seed, split)
    seeds = members(settings, architecture, seed)
    found = [own_scores(settings, architecture, supervision, number, split) for number in seeds]
    return sum(found[1:], found[0]) / len(found) if len(found) > 1 else found[0]


def shifts(settings: Settings, architecture: str, supervision: str, seed: int) -> pd.Series:
    """How far calibration moves each keyword's logits: matched on development audio, no transcript of which is read."""
    found = uncalibrated(settings, architecture, supervision, seed, "dev")
    return _shifts(settings, f"{architecture}-{supervision}-{seed}", found)


def _shifts(settings: Settings, name: str, found: pd.DataFrame) -> pd.Series:
    expected, theta = expected_shares(settings), settings["evaluation"]["threshold"]
    numbers = {"scores": hash_of(found), "expected": hash_of(expected.to_frame()), "theta": theta}

    def make() -> pd.DataFrame:
        return pd.DataFrame({"expected": expected, "shift": calibration.shifts(found, expected, theta)})

    return table(settings, f"shifts-{name}", numbers, ["vgsnb.further.calibration"], make)["shift"]


@remembered
def expected_shares(settings: Settings) -> pd.Series:
    """In how large a share of captions each learned keyword is to be expected, by what the tagger learned from.

    The mean over its training pictures of the share of a picture's captions that say the word.
    """
    split = "tagger" if settings["corpus"]["kind"] == "spoken-scenes" else "train"
    if split == "train" and (path := settings["photo_tagger"]["tags"]):
        raise UserError(
            f"Calibration needs the captions that the tagger learned from, which {path} does not bring: leave "
            "calibrated out, or photo_tagger: tags empty."
        )
    return said_of_pictures(settings, split, "fraction", keywords(settings)).mean()


@remembered
def units_of(settings: Settings, architecture: str, supervision: str, seed: int) -> units.Units:
    """The units that recur in one trained model's encoder, and their association with the tags of the training data."""
    result, numbers = trained(settings, architecture, supervision, seed), dict(settings["further"]["units"])
    rivalry = numbers.pop("rivalry")
    del numbers["smoothing"]
    learn, store = targets(settings, supervision, "train"), features(settings)

    def make(folder: Path) -> None:
        units.save(units.fit(result.model, store, learn, **numbers, seed=seed), folder)

    key = {"model": result.folder.name, "targets": hash_of(learn), "units": numbers}
    name = f"units-{architecture}-{supervision}-{seed}"
    return units.load(step(settings, name, key, ["vgsnb.further.units"], make)).against(rivalry)


def _smoothed_frames(settings: Settings) -> int:
    """Over how many frames a score map of units is averaged."""
    return max(1, round(settings["further"]["units"]["smoothing"] / settings["features"]["shift"]))


def _listeners(settings: Settings, architecture: str, supervision: str, seed: int) -> tuple[list[str], list[Listener]]:
    """The models of one system, one or an ensemble's, by name and with the units of each."""
    systems = [(settings, architecture, supervision, number) for number in members(settings, architecture, seed)]
    results = [trained(*system) for system in systems]
    found = [(units_of(*system), result.model) for system, result in zip(systems, results, strict=True)]
    return [result.folder.name for result in results], found


def _scores_by_units(settings: Settings, architecture: str, supervision: str, seed: int, split: str) -> pd.DataFrame:
    names, listeners = _listeners(settings, architecture, supervision, seed)
    ids = utterances(settings, split)["utterance_id"].tolist()
    numbers = {"models": names, "split": split, "utterances": len(ids), **settings["further"]["units"]}
    store, frames = features(settings), _smoothed_frames(settings)
    name, modules = f"unit-scores-{architecture}-{supervision}-{seed}-{split}", ["vgsnb.further.units"]
    return table(settings, name, numbers, modules, lambda: units.scores(listeners, store, ids, frames))


def _places_by_units(
    settings: Settings, architecture: str, supervision: str, seed: int, pairs: pd.DataFrame
) -> pd.DataFrame:
    names, listeners = _listeners(settings, architecture, supervision, seed)
    store, frames = features(settings), _smoothed_frames(settings)

    def make() -> pd.DataFrame:
        def alpha(utterance: np.ndarray) -> np.ndarray:
            return units.score_map(listeners, utterance, frames)

        step, words = frames * store.settings.shift, keywords(settings)
        return by_frames(alpha, store, pairs, words, step, "Localising by units")

    numbers = {"models": names, "pairs": hash_of(pairs), **settings["further"]["units"]}
    name = f"places-{architecture}-{supervision}-{seed}-units"
    return table(settings, name, numbers, ["vgsnb.further.units"], make)


def own_scores(settings: Settings, architecture: str, supervision: str, seed: int, split: str) -> pd.DataFrame:
    """The scores of one trained model as it gives them, utterance × learned keyword."""
    result = trained(settings, architecture, supervision, seed)
    ids = utterances(settings, split)["utterance_id"].tolist()
    numbers = {"model": result.folder.name, "split": split, "utterances": len(ids)}
    name = f"scores-{architecture}-{supervision}-{seed}-{split}"
    store = features(settings)
    return table(settings, name, numbers, ["vgsnb.training"], lambda: training.predict(result.model, store, ids))


@remembered
def masked_utterances(settings: Settings) -> list[str]:
    """The test utterances that are masked: all, or as many as the preset says, all of a picture's together.

    Of those in another language than keywords are written in, utterances whose truth is known.
    """
    rows, wanted = utterances(settings, "test"), settings["masking"]["utterances"]
    if translates(settings):
        rows = rows[rows["utterance_id"].isin(bag_of_words(settings, "test").index)]
    if not wanted or wanted >= len(rows):
        return rows["utterance_id"].tolist()
    groups = {str(name): ids.tolist() for name, ids in rows.groupby("image_id")["utterance_id"]}
    names = generator(settings["corpus"]["seed"], "masked").permutation(sorted(groups)).tolist()
    counts = np.cumsum([len(groups[name]) for name in names])
    return [row for name in names[: int(np.searchsorted(counts, wanted)) + 1] for row in groups[name]]


def localised_utterances(settings: Settings, method: str) -> list[str]:
    """The test utterances in which ``method`` is asked for places."""
    judged = bag_of_words(settings, "test").index.tolist()
    known = set(judged)
    return [name for name in masked_utterances(settings) if name in known] if method in MASKED else judged


def pairs_present(settings: Settings, split: str = "test") -> pd.DataFrame:
    """Which keyword is said in which utterance of ``split``: ``utterance_id, keyword``. Uses text."""
    return _pairs(bag_of_words(settings, split))


def _pairs(wanted: pd.DataFrame) -> pd.DataFrame:
    rows, columns = np.nonzero(wanted.to_numpy())
    return pd.DataFrame({"utterance_id": wanted.index[rows], "keyword": wanted.columns[columns]})


def searched(
    settings: Settings,
    architecture: str,
    supervision: str,
    seed: int,
    sounds: Sequence[Path],
    method: str,
    keywords: Sequence[str] = (),
    threshold: float | None = None,
) -> Path:
    """The folder of what one trained model finds in files of one's own: ``found.csv`` and ``broken.csv``."""
    result = trained(settings, architecture, supervision, seed)
    least = settings["evaluation"]["threshold"] if threshold is None else threshold
    states = [(str(path), path.stat()) for path in sounds]
    known = json.dumps([[name, state.st_size, state.st_mtime_ns] for name, state in states])
    key = {"model": result.folder.name, "keywords": list(keywords), "threshold": least, "method": method}
    key |= {"sounds": hashlib.sha256(known.encode()).hexdigest()}
    key |= {"masking": settings["masking"] if method in MASKED else {}}
    how, heard = _placed(settings, method), FeatureSettings(**settings["features"])
    parts = parts_in(settings, "places", architecture=architecture, method=method)
    key |= _departing(how["departures"]) | _with_parts(settings, parts)

    def make(folder: Path) -> None:
        search(
            result.model, heard, sounds, folder,
            keywords=keywords, threshold=least, method=method, workers=devices.processors(), **how,
        )  # fmt: skip

    return step(settings, "searched", key, ["vgsnb.searching"], make)


def places(
    settings: Settings, architecture: str, supervision: str, seed: int, method: str, best: int = BEST
) -> pd.DataFrame:
    """The places of one trained model by one method in the test data.

    Placed are the pairs that are said (only they can be right) and each keyword's ``best`` utterances (Table V).
    """
    seeds = members(settings, architecture, seed, method)
    result, *others = [trained(settings, architecture, supervision, number) for number in seeds]
    ids = localised_utterances(settings, method)
    found = scores(settings, architecture, supervision, seed, "test", every=True).loc[ids]
    ranks = found.rank(ascending=False, method="first")
    present = bag_of_words(settings, "test", every=True).loc[ids]
    pairs = _pairs(present | (ranks <= best).loc[present.index, present.columns])
    if method == "units":
        return _places_by_units(settings, architecture, supervision, seed, pairs)
    masking = settings["masking"] if method in MASKED else {}
    numbers = {"model": result.folder.name, "method": method, "masking": masking, "pairs": hash_of(pairs)}
    how, store = _placed(settings, method), features(settings)
    parts = parts_in(settings, "places", architecture=architecture, method=method)
    modules = ["vgsnb.localisation"]
    if parts or parts_of(result.model):
        modules = ["vgsnb.further.localisation"]
    elif how["departures"] or departures_of(result.model):
        modules = ["vgsnb.released.localisation"]
    networks, name = [other.model for other in others], f"places-{architecture}-{supervision}-{seed}-{method}"

    def make(folder: Path) -> None:
        def find(some: pd.DataFrame) -> pd.DataFrame:
            return localise(result.model, store, some, method, others=networks, **how)

        _in_pieces(folder, pairs, find)

    numbers |= _departing(how["departures"]) | _with_parts(settings, parts)
    return pd.read_parquet(step(settings, name, numbers, modules, make) / "table.parquet")


def _in_pieces(folder: Path, pairs: pd.DataFrame, find: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    """Write what ``find`` finds for ``pairs`` to ``table.parquet``, ``PIECE`` utterances at a time.

    What was found by a call that was killed is kept.
    """
    ids, found = list(dict.fromkeys(pairs["utterance_id"])), list[pd.DataFrame]()
    paths = [folder / f"piece-{number}.parquet" for number in range(-(-len(ids) // PIECE) or 1)]
    for path, some in zip(paths, list(in_chunks(ids, PIECE)) or [ids], strict=True):
        if not path.is_file():
            with files.whole_file(path) as whole:
                find(pairs[pairs["utterance_id"].isin(some)]).to_parquet(whole)
        found.append(pd.read_parquet(path))
    with files.whole_file(folder / "table.parquet") as whole:
        pd.concat(found, ignore_index=True).to_parquet(whole)
    for path in paths:
        path.unlink()


def _placed(settings: Settings, method: str) -> dict[str, Any]:
    """Which segments a preset masks, in which precision, and where a recipe leaves the paper or goes further.

    Methods that do not mask stay in float32, being quick in it.
    """
    numbers = {name: value for name, value in settings["masking"].items() if name != "utterances"}
    found = devices.find_precision(devices.find_device(), numbers.pop("precision"))
    departures = released.concerning(settings["departures"], "places", method=method)
    precision = found if method in MASKED else "float32"
    parts, smoothing = parts_in(settings, "places", method=method), settings["further"]["smoothing"]
    known = {"departures": departures, "parts": parts, "smoothing": smoothing}
    return {"grid": SegmentGrid(**numbers), "precision": precision, **known}


def map_over_time(
    settings: Settings, model: KeywordModel, utterance_id: str, words: list[str], method: str
) -> tuple[np.ndarray, np.ndarray]:
    """The scores of ``words`` over time in one utterance, (W', F), and the times (F,) in seconds."""
    store = features(settings)
    return score_map(model, store[utterance_id], words, method, store.settings, **_placed(settings, method))


def explain(
    settings: Settings, model: KeywordModel, utterance_id: str, method: str | None = None, most: int = 4
) -> dict[str, Any]:
    """What an utterance player shows: score maps, places and detection scores of the ``most`` likely keywords."""
    found = training.predict(model, features(settings), [utterance_id]).iloc[0].nlargest(most)
    return _explained(settings, model, utterance_id, found.index.tolist(), method or own_method(model))


def _explained(
    settings: Settings, model: KeywordModel, utterance_id: str, words: list[str], method: str
) -> dict[str, Any]:
    store = features(settings)
    alpha, times = map_over_time(settings, model, utterance_id, words, method)
    pairs = pd.DataFrame({"utterance_id": utterance_id, "keyword": words})
    found = localise(model, store, pairs, method, **_placed(settings, method))
    placed = found.set_index("keyword")
    return {
        "right": _right_words(settings, found) if translates(settings) else None,
        "score_maps": {word: (row, times) for word, row in zip(words, alpha, strict=True)},
        "places": {word: tuple(placed.loc[word, ["time", "start", "end"]]) for word in placed.index},
        "scores": training.predict(model, store, [utterance_id]).iloc[0][words].to_dict(),
    }


def _right_words(settings: Settings, places: pd.DataFrame) -> dict[str, bool]:
    """Whether each place in one utterance lies in a word that its keyword of another language translates."""
    forms = languages.translations_of(places["keyword"], settings["languages"]["queries"])
    return dict(zip(places["keyword"], places_right(places, corpus(settings).words, forms).tolist(), strict=True))


def explain_one(
    settings: Settings, model: KeywordModel, utterance_id: str, keyword: str, method: str
) -> dict[str, Any]:
    """The same for one keyword, by the method that the page around it is about."""
    return _explained(settings, model, utterance_id, [keyword], method)


def receptive_field(model: KeywordModel, settings: Settings) -> float:
    """How much sound, in seconds, one encoded frame depends on."""
    frames, stride = 1, 1
    for stage in cast(list[Stage], model.encoder.stages):
        frames += (stage.conv.kernel_size[0] - 1 + (stage.pool - 1)) * stride
        stride *= stage.pool
    return (frames - 1) * settings["features"]["shift"] + settings["features"]["window"]


def examples(settings: Settings, architecture: str, supervision: str, seed: int, count: int = 3) -> list[str]:
    """The ids of the ``count`` test utterances of different pictures in which a keyword is said and scored highest."""
    found = scores(settings, architecture, supervision, seed, "test")
    heard = found.where(bag_of_words(settings, "test")).max(axis=1).sort_values(ascending=False)
    images = utterances(settings, "test").set_index("utterance_id")["image_id"]
    return heard.index[~images[heard.index].duplicated()][:count].tolist()


def keep(
    run_folder: str,
    tables: Mapping[str, Any],
    metrics: Mapping[str, Any],
    inputs: tuple[Path, ...] = (),
    copies: tuple[Path, ...] = (),
    corpora: tuple[str, ...] = (),
) -> None:
    """Write what a notebook found into its run folder: tables (``x.csv``, ``x.parquet``), metrics, files to copy.

    The files ``inputs``, and the data and checkpoints in those that are folders, are named by their content, for the
    provenance; so are the corpora among them, besides ``corpora``, names of those that it knows otherwise. Without a
    run folder (a notebook opened by hand) nothing is written.
    """
    if not run_folder:
        return
    folder = Path(run_folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.to_parquet(folder / name) if name.endswith(".parquet") else table.to_csv(folder / name, index=False)
    (folder / "metrics.json").write_text(json.dumps(metrics, indent=1, default=float))
    for path in copies:
        shutil.copy2(path, folder / path.name)
    paths = [path for place in inputs for path in (_data_in(place) if place.is_dir() else [place])]
    hashes = {f"{path.parent.name}/{path.name}": _digest(path) for path in paths}
    named = [yaml.safe_load(path.read_text())["name"] for place in inputs for path in place.glob("corpus.yaml")]
    (folder / MADE_FROM).write_text(json.dumps({"corpora": [*corpora, *named], "hashes": hashes}))


def _data_in(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.glob("[!.]*.*")) if path.suffix in HASHED]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]
