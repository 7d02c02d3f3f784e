"""The tables of keywords in another language than is spoken (task 4 of Kamper 2019; Kamper and Roth 2018).

A model of English speech is taught by a tagger that learned from German captions, so German queries find English
utterances; and the other way round. Nothing in its training is parallel: the pictures stand between the languages.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import product

import pandas as pd

from vgsnb import evaluation, languages, meaning, steps
from vgsnb.corpora.flickr8k import GERMAN
from vgsnb.errors import UserError
from vgsnb.evaluation import chance, confusions, hits
from vgsnb.evaluation.intervals import Values
from vgsnb.evaluation.localisation import right_table
from vgsnb.further.localisation import own_method
from vgsnb.settings import Settings, merge
from vgsnb.summary import leading, measured, with_bounds, with_differences, with_intervals

QUERIES = ("fahrrad", "straße", "hunde", "feld", "grün", "groß")  # whose retrievals were published
WAYS = ("German keyword", "translated", "both")
FEW = 10  # true utterances; a keyword with fewer is marked


def in_languages(settings: Settings, queries: str, speech: str) -> Settings:
    """The settings with keywords written in one language and utterances spoken in another, or the same."""
    chosen = {"languages": {"queries": queries, "speech": speech}}
    return replace(settings, numbers=merge(settings.numbers, chosen, "languages"))


def directions(settings: Settings) -> list[Settings]:
    """English and German queries for English speech, and English ones for German speech where somebody speaks it."""
    rows = steps.corpus(settings).utterances
    spoken = sorted(rows.loc[rows["audio"].astype(bool), "language"].unique(), reverse=True)
    pairs = [("en", "en"), ("de", "en"), ("en", "de")]
    return [in_languages(settings, queries, speech) for queries, speech in pairs if speech in spoken]


def train_all(settings: Settings, seeds: list[int]) -> None:
    """Train what is not there yet of the leading architecture: with VGS in every direction, with BoW the words of the
    speech's own language."""
    if steps.corpus(settings).select("train", "de").empty:
        name = steps.corpus(settings).about["name"]
        raise UserError(f"{name} has no German captions: add them (for Flickr8k {GERMAN[0]}) or take another corpus.")
    kinds = _supervisions(settings)
    steps.train_systems(
        (chosen if kind == "VGS" else _of_speech(chosen), leading(settings), kind, seed)
        for seed, chosen, kind in product(seeds, directions(settings), kinds)
    )


def _supervisions(settings: Settings) -> list[str]:
    return sorted(settings["systems"]["supervisions"], reverse=True)  # visual ones first


def _of_speech(settings: Settings) -> Settings:
    """The settings with keywords of the language that is spoken."""
    return in_languages(settings, settings["languages"]["speech"], settings["languages"]["speech"])


def models(settings: Settings, seed: int) -> dict[str, pd.DataFrame]:
    """The scores of the trained models by their supervision, test utterance × scored keyword, visual ones first.

    ``BoW`` is a model of the words of the speech's own language, which is asked for the counterparts of a keyword of
    another one (``translated``); of a keyword that has none among its words it knows nothing.
    """
    return {kind: _scores(settings, kind, seed) for kind in _supervisions(settings)}


def _scores(settings: Settings, supervision: str, seed: int) -> pd.DataFrame:
    if supervision == "VGS" or not steps.translates(settings):
        return steps.scores(settings, leading(settings), supervision, seed, "test")
    words = list(steps.scored_keywords(settings))
    return translated(settings, supervision, seed).reindex(columns=words, fill_value=0.0)


def systems(settings: Settings, seed: int) -> dict[str, pd.DataFrame]:
    """The scores of every row of one direction by its model, test utterance × scored keyword.

    ``text`` looks a keyword up in a dictionary and the translations in the transcript, or only the word itself where
    nothing is translated.
    """
    words, rows = steps.scored_keywords(settings), steps.utterances(settings, "test")
    text = (
        steps.looked_up(settings, words, rows) if steps.translates(settings) else steps.bag_of_words(settings, "test")
    )
    flat = pd.DataFrame(0.0, rows["utterance_id"], list(words))
    others = {meaning.TAGGER: meaning.seen(settings), meaning.TEXT: text.astype(float), meaning.CHANCE: flat}
    return models(settings, seed) | others


def truth(settings: Settings) -> pd.DataFrame:
    """Which scored keyword is true of which test utterance, in all directions of the same utterances.

    Where some utterances have a reference translation, English queries are asked about these alone, too.
    """
    present, speech = steps.bag_of_words(settings, "test"), settings["languages"]["speech"]
    other = in_languages(settings, "de", "en")
    judged = steps.translations(other) if speech == "en" else None
    return present if judged is None else present.loc[present.index.isin(judged.index)]


def spotting(settings: Settings, seeds: Sequence[int]) -> pd.DataFrame:
    """P@10, P@N, EER and average precision in every direction, means over keywords with intervals over pictures.

    A row a model: ``query_language, speech_language, model, seed, keywords, n_utterances``, then each measure. Models
    have rows for every seed; what has none is in the rows of the first.
    """
    return pd.concat([in_direction(chosen, seeds) for chosen in directions(settings)], ignore_index=True)


def in_direction(settings: Settings, seeds: Sequence[int]) -> pd.DataFrame:
    """The rows of ``spotting`` for the languages of ``settings``; what is not trained yet is."""
    present, chosen = truth(settings), settings["languages"]
    found = [(seeds[0], *item) for item in systems(settings, seeds[0]).items()]
    found += [(seed, *item) for seed in seeds[1:] for item in models(settings, seed).items()]
    rows = []
    for seed, model, scores in found:

        def measure(weights: pd.DataFrame, scores: pd.DataFrame = scores.loc[present.index]) -> Values:
            return evaluation.spotting(scores, present, weights)

        row = {"query_language": chosen["queries"], "speech_language": chosen["speech"], "model": model}
        row |= {"seed": seed, "keywords": int(present.any().sum()), "n_utterances": len(present)}
        rows.append(row | with_intervals(settings, measure))
    return pd.DataFrame(rows)


def translated(settings: Settings, supervision: str, seed: int) -> pd.DataFrame:
    """The scores of keywords by a model of those of the *speech's* language, as somebody with a dictionary asks it:
    test utterance × keyword, each the highest of its counterparts, as far as that model learned them."""
    scores = steps.scores(_of_speech(settings), leading(settings), supervision, seed, "test", every=True)
    pairs = languages.german_keywords()["english"].explode().rename("english").reset_index()  # keyword, english
    asked, known = ("keyword", "english") if settings["languages"]["queries"] == "de" else ("english", "keyword")
    words = pairs[pairs[known].isin(scores.columns)].groupby(asked)[known].agg(list)
    chosen = [keyword for keyword in steps.scored_keywords(settings) if keyword in words]
    return pd.DataFrame({keyword: scores[words[keyword]].max(axis=1) for keyword in chosen})


def ways_to_ask(settings: Settings, seeds: Sequence[int]) -> pd.DataFrame:
    """German queries to visual models asked three ways, on the same utterances and keywords: ``way, seed, keywords,
    n_utterances``, the measures of spotting, and their paired differences to the query that is translated.

    *German keyword*: a model that learned it. *translated*: a model of English keywords and a dictionary, see
    ``translated``. *both*: the mean of the two scores.
    """
    rows, present = list[dict[str, object]](), truth(settings)
    for seed in seeds:
        other = translated(settings, "VGS", seed).loc[present.index]
        own = steps.scores(settings, leading(settings), "VGS", seed, "test").loc[present.index, other.columns]
        true = present[other.columns]

        def spot(scores: pd.DataFrame, true: pd.DataFrame = true) -> Callable[[pd.DataFrame], Values]:
            return lambda weights: evaluation.spotting(scores, true, weights)

        about = {"seed": seed, "keywords": int(true.any().sum()), "n_utterances": len(true)}
        base = measured(settings, spot(other))
        rows.append({"way": WAYS[0], **about} | with_differences(settings, spot(own), base))
        rows.append({"way": WAYS[1], **about} | with_bounds(*base))
        rows.append({"way": WAYS[2], **about} | with_differences(settings, spot((own + other) / 2), base))
    return pd.DataFrame(rows)


def by_keyword(settings: Settings, seed: int) -> pd.DataFrame:
    """Each German keyword for English speech, the visual model: ``keyword, written, english, said, few, p10, pn, eer,
    average_precision`` and ``tagging``, the tagger's average precision on the test pictures; ``few`` marks keywords
    that are true of fewer than ``FEW`` utterances."""
    present = truth(settings)
    scores = steps.scores(settings, leading(settings), "VGS", seed, "test").loc[present.index]
    table = evaluation.spotting_by_keyword(scores, present).reset_index()
    about = languages.german_keywords().loc[table["keyword"]]
    tagging = steps.tagging_table(settings).set_index("keyword")["average_precision"].reindex(table["keyword"])
    english = [" ".join(words) for words in about["english"]]
    return table.assign(
        few=table["said"] < FEW, tagging=tagging.to_numpy(), written=about["written"].to_numpy(), english=english
    )


def sorted_hits(settings: Settings, found: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The top ten utterances of every keyword, by what is wrong with them: ``row, utterance_id, keyword, rank, kind``.

    The first that holds of: *exact translation* (the reference has the keyword), *other form* (a word of the same
    stem or lemma), *related meaning* (a caption of the picture in the language of queries says a form of it), *wrong
    tag* (the tagger ranks the picture among as many as have such a caption), else *wrong in speech*.
    """
    present, described = truth(settings), meaning.of_utterances(settings, meaning.forms_of_pictures(settings))
    rules = (present, other_forms(settings), described, tagged_high(settings))
    holds = dict(zip(hits.TRANSLATION_KINDS[:-1], rules, strict=True))
    tables = []
    for name, scores in found.items():
        best = confusions.best_utterances(scores.loc[present.index, present.any()], meaning.TOP)
        tables.append(hits.sort_hits(best, holds, hits.TRANSLATION_KINDS[-1]).assign(row=name))
    return with_texts(settings, pd.concat(tables, ignore_index=True))


def with_texts(settings: Settings, found: pd.DataFrame) -> pd.DataFrame:
    """``found`` with what its utterances say, ``text``, and their reference translation, ``reference`` ("": none)."""
    texts = steps.utterances(settings, "test").set_index("utterance_id")["text"]
    known = steps.translations(settings)
    ids = found["utterance_id"]
    reference = "" if known is None else known.reindex(ids).fillna("").to_numpy()
    return found.assign(text=texts.loc[ids].to_numpy(), reference=reference)


def other_forms(settings: Settings) -> pd.DataFrame:
    """Whether the reference, or where there is none the transcript, has another form of each keyword's words."""
    words, spoken = steps.scored_keywords(settings), settings["languages"]
    known = steps.translations(settings)
    if known is not None:
        texts = known.loc[truth(settings).index]
        return steps.forms_said(settings, texts, languages.forms_of(words, spoken["queries"]), spoken["queries"])
    texts = steps.utterances(settings, "test").set_index("utterance_id")["text"]
    return steps.forms_said(settings, texts, languages.translations_of(words, spoken["queries"]), spoken["speech"])


def tagged_high(settings: Settings) -> pd.DataFrame:
    """Whether the tagger ranks an utterance's picture among the first N of a keyword, N those that captions name."""
    said = meaning.forms_of_pictures(settings)
    tags = steps.tags(settings).loc[said.index, said.columns]
    high = tags.rank(ascending=False, method="first") <= said.sum()
    return meaning.of_utterances(settings, high)


def localisation(settings: Settings, seed: int) -> pd.DataFrame:
    """Where in the speech is the word of the other language? The three tasks by the visual model's own method, by
    masked-in, and in the middle, all on the utterances that the preset masks.

    A place is right inside a word that the dictionary gives for the keyword. Where the truth has the keyword and the
    transcript none of its words there is nothing to be found, and nothing is asked: such a pair is neither present nor
    detected, and comes last in its ranking.
    """
    theta, words, ids = settings["evaluation"]["threshold"], steps.scored_keywords(settings), steps.localised_utterances
    model = steps.trained(settings, leading(settings), "VGS", seed).model
    heard = steps.utterances(settings, "test").set_index("utterance_id").loc[ids(settings, "masked-in")]
    forms = languages.translations_of(steps.keywords(settings), settings["languages"]["queries"])
    true, findable = (
        steps.bag_of_words(settings, "test").loc[heard.index],
        steps.looked_up(settings, words, heard.reset_index()),
    )
    present = true & findable
    scores = steps.scores(settings, leading(settings), "VGS", seed, "test").loc[heard.index]
    scores = scores.mask(true & ~findable, 0.0)
    rows = []
    for method in (own_method(model), "masked-in", "chance-middle"):
        places = _places(settings, seed, method, heard["duration"], present)
        right = right_table(places, steps.corpus(settings).words, present, forms)

        def measure(weights: pd.DataFrame, right: pd.DataFrame = right) -> Values:
            return evaluation.localisation(scores, present, right, theta, weights)

        row = {"method": method, "seed": seed, "n_utterances": len(heard)}
        rows.append(row | with_intervals(settings, measure))
    return pd.DataFrame(rows)


def _places(settings: Settings, seed: int, method: str, durations: pd.Series, present: pd.DataFrame) -> pd.DataFrame:
    if method == "chance-middle":
        return chance.middle_places(durations, present)
    return steps.places(settings, leading(settings), "VGS", seed, method)
