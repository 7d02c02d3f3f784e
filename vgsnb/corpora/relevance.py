"""What else is known of an utterance than its own words: what it means, and how it reads in another language.

Meaning is judged by people on Flickr8k (Kamper et al. 2019: five annotators, 1,000 test utterances, the 67 keywords)
and, on drawn scenes, by what careful describers say of the scene. Translations are those of Multi30k (Elliott et al.
2016): a translator was shown one English caption of each picture.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from vgsnb.corpora import Corpus
from vgsnb.corpora.flickr8k import CAPTIONS, GERMAN, read_captions, read_german, spoken_text
from vgsnb.errors import UserError
from vgsnb.scenes import english
from vgsnb.scenes.facts import Scene
from vgsnb.seeds import generator
from vgsnb.vocabulary import normalise

LABELS = "semantic/semantic_flickraudio_labels.csv"  # what fits, by most annotators or by the words, joined by |
COUNTS = "semantic/semantic_flickraudio_counts.csv"  # how many of the five did, keyword=count joined by |
ANNOTATORS = 5
DESCRIBERS = 100  # careful ones, of each scene
# How many of them must say a word for it to be relevant. 3 times as many words are then as are said in a caption; the
# annotators found 2.3 times as many.
TRUE_AT = 10


def read_relevance(folder: Path, keywords: Sequence[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Which of ``keywords`` fit an utterance, and how many annotators found so (0 to 5): utterance × keyword, twice.

    Fitting is what the labels say: what most annotators found, and some words that are said and had no majority (of
    4,337 pairs 328, of which 284 are said). Four counts of the published file are above the number of annotators, for
    words that were asked about several times; they are taken as all of them.

    Args:
        folder: Flickr8k's, with the files ``semantic/semantic_flickraudio_{labels,counts}.csv``.
        keywords: the columns wanted; one that the files never name is judged fitting nowhere.
    """
    labels, counts = (_read(folder / name, column) for name, column in ((LABELS, "keywords"), (COUNTS, "counts")))
    if lost := sorted(set(labels.index) ^ set(counts.index)):
        raise UserError(f"{folder / LABELS} and {COUNTS} name different utterances, {lost[0]} in one: get both again.")
    relevant = pd.DataFrame(False, labels.index, list(keywords))
    votes = pd.DataFrame(0, labels.index, list(keywords))
    for utterance, text in labels.items():
        relevant.loc[utterance, [word for word in text.split("|") if word in relevant]] = True
    for utterance, text in counts.items():
        for word, number in _counts(text, folder / COUNTS):
            if word in votes:
                votes.loc[utterance, word] = min(number, ANNOTATORS)
    return relevant, votes


def _read(path: Path, column: str) -> pd.Series:
    try:
        return pd.read_csv(path, index_col="utt_key", dtype=str, keep_default_na=False)[column]
    except FileNotFoundError as error:
        raise UserError(f"{path} is missing: get the labels of recipe_semantic_flickraudio.") from error
    except (ValueError, KeyError, UnicodeDecodeError) as error:
        raise UserError(f"{path} has no columns utt_key and {column}: get it again.") from error


def _counts(text: str, path: Path) -> list[tuple[str, int]]:
    try:
        return [(word, int(number)) for word, number in (part.split("=") for part in text.split("|") if part)]
    except ValueError as error:
        raise UserError(f"{path} has {text[:40]!r}, no keyword=count joined by |: get it again.") from error


def scene_votes(corpus: Corpus, image_ids: Sequence[str], keywords: Sequence[str]) -> pd.DataFrame:
    """How many of ``DESCRIBERS`` careful describers say each of ``keywords`` of each drawn scene: picture × keyword.

    They are others than those of the captions and make no mistakes, so what they say is true of the scene. Scenes
    come from the table of images; the draw depends on the corpus's seed alone.
    """
    facts = corpus.images.set_index("image_id").loc[list(image_ids), "facts"]
    column = {word: place for place, word in enumerate(keywords)}
    votes = np.zeros((len(facts), len(column)), int)
    for row, (name, text) in enumerate(facts.items()):
        rng = generator(corpus.about["parameters"]["seed"], "careful", str(name))
        for _ in range(DESCRIBERS):
            said = {normalise(word) for word in english.describe(_scene(text), rng, careful=True).split()}
            votes[row, [column[word] for word in said if word in column]] += 1
    return pd.DataFrame(votes, facts.index, list(keywords))


def _scene(text: str) -> Scene:
    facts: dict[str, Any] = json.loads(text)
    known: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in facts.items()}
    return Scene(**known)


def sentence_pairs(folder: Path) -> pd.DataFrame:
    """The English captions that were translated and their translations: image_id × ``english, german``, as written."""
    path = next((folder / name for name in GERMAN if (folder / name).is_file()), None)
    if path is None:
        raise UserError(f"{folder} has no {GERMAN[0]}: put the German captions there.")
    texts = read_german(path)[0].pivot(index="image_id", columns="source", values="text")
    return texts.reindex(columns=["t1.en", "t1.de"]).dropna().set_axis(["english", "german"], axis=1)


def reference_translations(folder: Path) -> pd.Series:
    """The German translation of an English caption: utterance_id → text, in the translator's spelling.

    Of each picture one caption was translated (``t1.en`` to ``t1.de``). It belongs to the utterance whose caption has
    the same words; a translated caption that is none of the five is left out. Where two captions of a picture have
    the same words both have the translation.
    """
    texts, captions = sentence_pairs(folder), read_captions(folder / CAPTIONS)[0]
    captions["words"], texts["words"] = (table.map(spoken_text) for table in (captions["text"], texts["english"]))
    found = captions.merge(texts.reset_index(), on=["image_id", "words"])
    return found.set_index("utterance_id")["german"].rename("translation")
