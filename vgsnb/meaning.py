"""The tables of what is meant: predicted words, typed hits and retrieval by meaning (tasks 1 to 3 of Kamper 2019).

Every system is scores (U, W) of test utterances × keywords. Beside the models stand what reads the caption (perfect
ears, a matcher of words), what sees the picture (the tagger), and what knows neither (how frequent a keyword is, and
nothing at all).
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from vgsnb import evaluation, languages, steps
from vgsnb.errors import UserError
from vgsnb.evaluation import confusions, hits, semantic
from vgsnb.evaluation.intervals import Values
from vgsnb.evaluation.semantic import CHANCE, EARS, PRIOR, TAGGER, TEXT
from vgsnb.settings import Settings
from vgsnb.summary import leading, with_intervals

TALK = ("beach", "behind", "bike", "boys", "large", "play", "sitting", "yellow", "young")  # its table of task 2
VOTED = ("ocean", "snowy", "bike", "children", "field", "swimming", "carrying", "large", "hair")  # ... and of task 3
RELEVANCE = ("exact", "semantic")
VARIANT = 0.5  # what the matcher gives another form of the keyword, below the keyword itself
TOP = 10
LEAST = {name: -1.0 if "spearman" in name else 0.0 for name in semantic.MEASURES}


def system(settings: Settings, supervision: str) -> str:
    """What a trained model is called in these tables."""
    return f"{leading(settings)} {supervision}"


def visual(settings: Settings) -> str:
    """The name of the model that pictures taught, which these pages are about."""
    if "VGS" not in settings["systems"]["supervisions"]:
        raise UserError(
            f"The preset {settings.preset} trains no model with VGS, which this page is about: "
            "add it to its systems: supervisions."
        )
    return system(settings, "VGS")


def models(settings: Settings, seed: int) -> dict[str, pd.DataFrame]:
    """The scores of the trained models, utterance × scored keyword, by name; visual ones first."""
    kinds = sorted(settings["systems"]["supervisions"], reverse=True)
    return {system(settings, kind): steps.scores(settings, leading(settings), kind, seed, "test") for kind in kinds}


def seen(settings: Settings) -> pd.DataFrame:
    """What the tagger sees in each test utterance's picture: utterance × scored keyword."""
    images = steps.utterances(settings, "test").set_index("utterance_id")["image_id"]
    return steps.tags(settings)[list(steps.scored_keywords(settings))].loc[images].set_axis(images.index)


def variants(settings: Settings) -> pd.DataFrame:
    """Whether each test utterance says a form of each scored keyword, the keyword itself or another."""
    texts = steps.utterances(settings, "test").set_index("utterance_id")["text"]
    words, language = steps.scored_keywords(settings), settings["languages"]["queries"]
    return steps.forms_said(settings, texts, languages.forms_of(words, language), language)


def systems(settings: Settings, seed: int) -> dict[str, pd.DataFrame]:
    """The scores of every row of the table of retrieval, utterance × scored keyword."""
    words, found = list(steps.scored_keywords(settings)), models(settings, seed)
    said, forms = steps.bag_of_words(settings, "test"), variants(settings)
    frequent = steps.targets(settings, "VGS", "train")[words].mean()
    flat = pd.DataFrame(0.0, said.index, words)
    return found | {
        TAGGER: seen(settings).loc[said.index],
        EARS: steps.perfect_ears_of(settings)[0][words],
        TEXT: forms.loc[said.index].astype(float).mul(VARIANT).mask(said, 1.0),
        PRIOR: flat + frequent,
        CHANCE: flat,
    }


def retrieval(settings: Settings, seeds: Sequence[int]) -> pd.DataFrame:
    """Exact and semantic retrieval side by side: a row a system and relevance, with intervals over pictures.

    Models have rows for every seed; what has none is in the rows of the first.

    ``row, relevance, seed, p10, pn, eer, average_precision, mean_average_precision, spearman``, each measure with its
    bounds. *Exact* is said in the caption, *semantic* what fits its meaning (``steps.votes``); both of the utterances
    whose meaning was judged. ρ, with how many found that it fits, is of all pairs in one ranking as the authors' code
    has it, and ``keyword_spearman`` its mean over keywords; there is neither for exact relevance.
    """
    tasks = [(settings, seeds[0], *item) for item in systems(settings, seeds[0]).items()]
    tasks += [(settings, seed, *item) for seed in seeds[1:] for item in models(settings, seed).items()]
    return pd.DataFrame([row for task in tasks for row in _retrieved(*task)])


def _retrieved(settings: Settings, seed: int, name: str, every: pd.DataFrame) -> list[dict[str, object]]:
    """The rows of one system, exact and semantic."""
    meant, counts, _ = steps.votes(settings)
    said = steps.bag_of_words(settings, "test").loc[meant.index]
    scores, rows = every.loc[meant.index], []
    for relevance, relevant in zip(RELEVANCE, (said, meant), strict=True):

        def measure(weights: pd.DataFrame, relevant: pd.DataFrame = relevant) -> Values:
            votes = counts if relevant is meant else None
            return semantic.retrieval(scores, relevant, votes, weights)

        row = {"row": name, "relevance": relevance, "seed": seed, "n_utterances": len(meant)}
        rows.append(row | with_intervals(settings, measure, least=pd.Series(LEAST)))
    return rows


def predicted(settings: Settings, scores: pd.DataFrame, utterances: list[str]) -> pd.DataFrame:
    """Task 1: the words predicted for some utterances, highest score first, and whether they are said."""
    present, theta = steps.bag_of_words(settings, "test"), settings["evaluation"]["threshold"]
    found = hits.predicted_words(scores.loc[utterances], present, theta)
    texts = steps.utterances(settings, "test").set_index("utterance_id")["text"]
    return found.assign(text=texts.loc[found["utterance_id"]].to_numpy())


def prediction(settings: Settings, seeds: Sequence[int]) -> pd.DataFrame:
    """Task 1 in numbers: precision, recall and F1 of the words above θ, of every trained model and the tagger.

    A row a system and truth: what the *utterance* says, or what any caption of its *picture* does.
    """
    theta, said = settings["evaluation"]["threshold"], steps.bag_of_words(settings, "test")
    truths, rows = {"utterance": said, "picture": said_of_picture(settings).loc[said.index]}, []
    found = [(seed, *item) for seed in seeds for item in models(settings, seed).items()]
    for seed, name, scores in [*found, (seeds[0], TAGGER, seen(settings))]:
        for truth, present in truths.items():

            def measure(
                weights: pd.DataFrame, found: pd.DataFrame = scores.loc[said.index], present: pd.DataFrame = present
            ) -> Values:
                return evaluation.detection(found, present, theta, weights)

            rows.append({"row": name, "truth": truth, "seed": seed} | with_intervals(settings, measure))
    return pd.DataFrame(rows)


def said_of_picture(settings: Settings) -> pd.DataFrame:
    """Whether any caption of its picture says each scored keyword: test utterance × keyword."""
    said = steps.said_of_pictures(settings, "test")[list(steps.scored_keywords(settings))] > 0
    return of_utterances(settings, said)


def related(settings: Settings) -> pd.DataFrame:
    """What is related to each test utterance without being said: another caption of its picture has a form of the
    keyword, or those who judged its meaning found that it fits."""
    found, meant = of_utterances(settings, forms_of_pictures(settings)), steps.votes(settings)[0]
    return found | meant.reindex(found.index, fill_value=False)


def forms_of_pictures(settings: Settings) -> pd.DataFrame:
    """Whether any caption in the language of queries says a form of each scored keyword: test picture × keyword."""
    language, words = settings["languages"]["queries"], steps.scored_keywords(settings)
    captions = steps.corpus(settings).select("test", language)
    texts = captions.set_index("utterance_id")["text"]
    found = steps.forms_said(settings, texts, languages.forms_of(words, language), language)
    return found.groupby(captions["image_id"].to_numpy()).any()


def of_utterances(settings: Settings, pictures: pd.DataFrame) -> pd.DataFrame:
    """What is so of a picture (× keyword), for every test utterance of it; of other pictures it is not."""
    images = steps.utterances(settings, "test").set_index("utterance_id")["image_id"]
    return pictures.reindex(images, fill_value=False).set_axis(images.index)


def typed(settings: Settings, found: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Task 2: the top ten utterances of every keyword, each typed: ``row, utterance_id, keyword, rank, kind, text``.

    Of keywords that somebody says; equal scores go by id.
    """
    said = steps.bag_of_words(settings, "test")
    holds = dict(zip(hits.HIT_TYPES[:-1], (said, variants(settings), related(settings)), strict=True))
    texts = steps.utterances(settings, "test").set_index("utterance_id")["text"]
    tables = []
    for name, scores in found.items():
        best = confusions.best_utterances(scores.loc[said.index, said.any()], TOP)
        sort = hits.sort_hits(best, holds, hits.HIT_TYPES[-1])
        tables.append(sort.assign(row=name, text=texts.loc[sort["utterance_id"]].to_numpy()))
    return pd.concat(tables, ignore_index=True)


def shares(settings: Settings, sorted_hits: pd.DataFrame, kinds: tuple[str, ...] = hits.HIT_TYPES) -> pd.DataFrame:
    """The share of each kind among the hits of every ``row`` and ``seed``, with intervals: ``<kind>, <kind>_low`` …"""
    rows = []
    for (name, seed), group in sorted_hits.groupby(["row", "seed"], sort=False):

        def measure(weights: pd.DataFrame, group: pd.DataFrame = group) -> Values:
            return hits.shares(group, kinds, weights)

        rows.append({"row": name, "seed": seed} | with_intervals(settings, measure))
    return pd.DataFrame(rows)


def voted(settings: Settings, scores: pd.DataFrame, keywords: tuple[str, ...] = VOTED) -> pd.DataFrame:
    """Task 3, its examples: of some keywords the first utterance that fits and the first that does not.

    Of those whose meaning was judged: ``keyword, utterance_id, rank, text, votes, of, relevant``, most votes first.
    """
    meant, counts, of = steps.votes(settings)
    shown = [word for word in keywords if word in meant] or list(meant.columns[: len(keywords)])
    ranked = confusions.best_utterances(scores.loc[meant.index, shown], len(meant))
    fits = [bool(meant.loc[pair]) for pair in zip(ranked["utterance_id"], ranked["keyword"], strict=True)]
    best = ranked.assign(fits=fits).drop_duplicates(["keyword", "fits"]).drop(columns="fits")
    pairs = list(zip(best["utterance_id"], best["keyword"], strict=True))
    texts = steps.utterances(settings, "test").set_index("utterance_id")["text"]
    found = best.assign(
        text=texts.loc[best["utterance_id"]].to_numpy(),
        votes=[int(counts.loc[pair]) for pair in pairs],
        of=of,
        relevant=[bool(meant.loc[pair]) for pair in pairs],
    )
    return found.sort_values("votes", ascending=False, kind="stable").reset_index(drop=True)
