"""Made-up results of a preset, as ``vgsnb keep`` stores them: every table, small."""

import json

import numpy as np
import pandas as pd

from vgsnb.evaluation.hits import HIT_TYPES, TRANSLATION_KINDS
from vgsnb.report import meant, tables
from vgsnb.report.stored import RECORD, TABLES

CORPUS = "Flickr8k, synthesised speech"
METHODS = {
    "PSC": ("score-aggregation", "grad-cam"),
    "CNN-Pool": ("grad-cam",),
    "CNN-Attend": ("attention", "masked-in", "chance-random", "chance-middle"),
    "CNN-PoolAttend": ("attention", "masked-in"),
}
KEYWORDS = ("air", "beach", "black", "dogs")


def measured(names, metrics, low=0.05):
    """Rows of systems with a random value, and an interval around it, for each metric."""
    rng = np.random.default_rng(3)
    table = pd.DataFrame(names)
    for metric in metrics:
        value = rng.uniform(0.2, 0.8, len(table)).round(3)
        table = table.assign(**{metric: value, f"{metric}_low": value - low, f"{metric}_high": value + low})
    return table.assign(recipe="paper", n_utterances=5000, corpus=CORPUS)


def systems(architectures, placed):
    rows = []
    for supervision in ("BoW", "VGS"):
        for name in architectures:
            base = {"architecture": name, "supervision": supervision, "seed": 1, "theta": 0.5}
            rows += [{**base, "method": method} for method in METHODS[name]] if placed else [base]
    ears = {"architecture": "perfect-ears", "supervision": "VGS", "seed": 1, "theta": 0.5}
    return [*rows, {**ears, "method": "attribution"} if placed else ears]


def at_2021(table):
    return table[table["supervision"] == "BoW"].assign(theta=0.4)


def contrast(heads):
    rows = [
        {**head, "seed": 1, "metric": metric, "ours": 0.2, "published": 0.3, "low": 0.1, "high": 0.3}
        for head in heads
        for metric in tables.HEADLINE
    ]
    return pd.DataFrame(rows).assign(corpus=CORPUS)


def curves():
    rows = [("score", 0.01, 0.2), ("score", 0.03, 0.9), ("loudness", 0.01, 0.5), ("loudness", 0.03, 1.0)]
    rows += [("border", 0.02, np.nan), ("said", 0.02, 0.04), ("place", 0.03, 1.0), ("detection", np.nan, 0.7)]
    panel = pd.DataFrame(rows, columns=["what", "time", "value"])
    shown = [("7 of 2022", number, word, "masked-in") for number, word in enumerate(("bike", "air"), 1)]
    shown += [("2 of 2021", 1, "white", "attention")]
    names = ("figure", "panel", "keyword", "method")
    return pd.concat([panel.assign(**dict(zip(names, row, strict=True))) for row in shown]).assign(corpus=CORPUS)


def apart(recipes, measures, **columns):
    """Rows of recipes beside the paper's, with differences and their intervals, of two seeds."""
    names = [{"architecture": "PSC", "supervision": "VGS", "method": "score-aggregation", "theta": 0.5, **columns}]
    names = [{**names[0], "recipe": recipe, "seed": seed} for seed in (1, 2) for recipe in ("paper", *recipes)]
    table = measured(names, measures).drop(columns="recipe").assign(recipe=[row["recipe"] for row in names])
    for measure in measures:
        away = np.where(table["recipe"] == "paper", 0.0, 0.1)
        bounds = {
            f"{measure}_difference{bound}": away + step for bound, step in (("", 0), ("_low", -0.05), ("_high", 0.05))
        }
        table = table.assign(**bounds)
    return table


def results(architectures=tuple(METHODS)):
    """All tables of a preset that trained these architectures."""
    placed = measured(systems(architectures, placed=True), tables.PLACED)
    placed.loc[placed["method"] == "masked-in", "n_utterances"] = 200
    found = measured(systems(architectures, placed=False), tables.FOUND)
    words = [(key, rank, word, 11 - rank, word == key) for key in KEYWORDS for rank, word in ((1, "snow"), (2, key))]
    f1 = pd.DataFrame({"keyword": KEYWORDS, "detections": [3, 9, 4, 0], "f1": [0.2, 0.7, 0.4, 0.0]})
    attended = placed[(placed["method"] == "attention") & (placed["architecture"] == "CNN-Attend")]
    seeds = [attended.assign(seed=seed, f1=0.1 * seed, p10=0.5, average_precision=0.4) for seed in (1, 2)]
    both = {"CNN-Attend", "CNN-PoolAttend"} <= set(architectures)
    return {
        "detection": found,
        "localisation": placed,
        "at_2021_detection": at_2021(found),
        "at_2021_localisation": at_2021(placed),
        "penalty": contrast([{"architecture": name, "method": METHODS[name][0]} for name in architectures]),
        "pooling": contrast([{"method": "attention", "supervision": "VGS"}]).iloc[: 99 if both else 0],
        "seeds": pd.concat(seeds),
        "tagging": pd.DataFrame({"keyword": KEYWORDS, "average_precision": [0.1, 0.6, 0.3, 0.5], "corpus": CORPUS}),
        "located": pd.DataFrame(words, columns=["keyword", "rank", "word", "count", "right"]).assign(corpus=CORPUS),
        "by_keyword": f1.assign(corpus=CORPUS),
        "kinds": pd.DataFrame({"keyword": "air", "kind": ["correct"] * 6 + ["several words"] * 4, "corpus": CORPUS}),
        "curves": curves(),
        "released": apart(["released-last-peak", "released"], ("f1", "oracle_accuracy")),
        **meant_tables(),
        **space_tables(),
        "further": apart(["smoothed"], tables.BESIDE, against="score-aggregation", objective="cross-entropy"),
    }


def space_tables():
    """Tables of learning words and of the joint space."""
    ranks, recalls = ("median_rank", "mean_rank"), ("r1", "r5", "r10", "r25")
    about = {"seeds": 3, "queries": 50, "pool": 5000, "chance_rank": 120.0}
    tasks = [
        {"task": task, "model": model, **about}
        for task in ("word-similarity", "image-token-by-word")
        for model in ("trained", "random")
    ]
    ways = [{**row, "way": way, "seconds": 9.0} for way in ("this preset's", "margin") for row in tasks]
    both = [
        {"direction": name, "way": "this preset's", "seeds": 1, "queries": 50, "pool": 500, "chance_r10": 0.02}
        for name in ("speech-to-image", "image-to-speech")
    ]
    asked = [("picture", 1), ("recording", 10), ("written word, CNN-Attend VGS", 0)]
    return {
        "wordlearning": measured(tasks, (*ranks, *recalls)),
        "wordlearning_ways": measured(ways, (*ranks, *recalls)),
        "wordlearning_words": pd.DataFrame({"word": ["dog"], "train_tokens": 9, "average_precision": 0.5}),
        "retrieval": measured(both, ("r1", "r5", "r10", "median_rank")),
        "retrieval_ways": measured(both, ("r1", "r5", "r10", "median_rank")),
        "retrieval_by_example": measured(
            [{"query": query, "examples": count, "seed": 1} for query, count in asked],
            ("p10", "pn", "eer", "average_precision"),
        ),
    }


def meant_tables():
    """Tables of meaning and of queries in another language."""
    rows = [{"row": name, "seed": 1} for name in ("CNN-Attend VGS", "tagger", "text", "chance")]
    both = [{**row, "relevance": relevance} for relevance in ("exact", "semantic") for row in rows]
    models = [
        {"query_language": language, "speech_language": "en", "model": name, "seed": 1}
        for language in ("de", "en")
        for name in ("VGS", "chance")
    ]
    words = [{"keyword": "hunde", "written": "Hunde", "english": "dogs", "said": 12, "few": False, "tagging": 0.5}]
    words += [{"keyword": "grün", "written": "grün", "english": "green", "said": 3, "few": True, "tagging": 0.2}]
    return {
        "semantic": measured(both, meant.RETRIEVAL),
        "hits": measured(rows[:2], HIT_TYPES),
        "prediction": measured([{**row, "truth": "picture"} for row in rows[:2]], ("precision", "recall", "f1")),
        "crosslingual": measured(models, meant.SPOTTING),
        "translation_kinds": measured([{"row": "VGS", "seed": 1}], TRANSLATION_KINDS),
        "german_keywords": measured(words, meant.SPOTTING),
        "german_places": measured(
            [{"method": name, "seed": 1} for name in ("attention", "chance-middle")],
            ("oracle_accuracy", "actual_f1", "spotting_p10"),
        ),
        "german_ways": measured(
            [{"way": name, "seed": 1, "keywords": 9} for name in ("German keyword", "translated")],
            (*meant.SPOTTING, *(f"{name}_difference" for name in meant.SPOTTING)),
        ),
    }


def store(project, preset, found, corpus=CORPUS, architectures=("PSC",)):
    """Store tables below ``project`` as results of ``preset``, which has ``architectures``."""
    folder = project / "book" / "results" / preset
    folder.mkdir(parents=True)
    assert set(found) <= set(TABLES)
    for name, table in found.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    numbers = {"systems": {"architectures": list(architectures)}}
    record = {"preset": preset, "corpus": corpus, "numbers": numbers, "library": "abc", "versions": {"torch": "2.11.0"}}
    record |= {"commit": "0123abc", "dirty": False, "device": "<one> GPU", "tables": list(found)}
    (folder / RECORD).write_text(json.dumps(record))
    return folder
