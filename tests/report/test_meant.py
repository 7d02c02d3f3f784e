"""Tables of meaning and of another language: what they say, and that what people wrote is escaped."""

import pandas as pd
import pytest
from made_up import meant_tables

from vgsnb.evaluation.hits import HIT_TYPES, TRANSLATION_KINDS
from vgsnb.report import meant


def test_predicted_words_are_bold_where_they_are_said():
    found = pd.DataFrame(
        [("u", "dogs", 0.9, True), ("u", "<b>", 0.6, False)], columns=["utterance_id", "keyword", "score", "said"]
    )
    html = meant.words_html(found, {"u": "two <dogs>", "silent": "nothing"})
    assert "<b>dogs</b>, &lt;b&gt;" in html
    assert "two &lt;dogs&gt;" in html
    assert "<td>nothing</td><td>–</td>" in html


def test_hits_have_their_reference_where_there_is_one():
    hits = pd.DataFrame(
        [("hunde", "two <dogs>", "exact translation", "zwei Hunde"), ("hunde", "a cat", "wrong tag", "")],
        columns=["keyword", "text", "kind", "reference"],
    )
    html = meant.hits_html(hits, TRANSLATION_KINDS, "Hunde")
    assert "zwei Hunde" in html
    assert "two &lt;dogs&gt;" in html
    alone = meant.hits_html(hits.assign(reference=""), TRANSLATION_KINDS, "Hunde")
    assert "reference" not in alone


def test_retrieval_stands_beside_the_published_numbers():
    table = meant_tables()["semantic"]
    semantic, exact = (meant.retrieval_html(table, relevance) for relevance in ("semantic", "exact"))
    assert "58.8" in semantic
    assert "38.5" in exact
    assert "58.8" not in exact
    assert "text (uses text)" in exact
    assert "seed" not in exact
    two = pd.concat([table, table.assign(seed=2)])
    assert "CNN-Attend VGS, seed 2" in meant.retrieval_html(two, "exact")
    assert "chance, seed" not in meant.retrieval_html(two, "exact")
    assert meant.both_html(table) == exact + semantic


def test_a_measure_that_is_not_defined_is_a_dash():
    table = meant_tables()["semantic"].query("relevance == 'semantic'").assign(spearman=[0.3, 0.2, None, 0.1])
    whole = meant_tables()["semantic"]
    assert meant.retrieval_html(table, "semantic").count("–") == meant.retrieval_html(whole, "semantic").count("–") + 1
    without = meant.retrieval_html(table.assign(spearman=float("nan"), keyword_spearman=float("nan")), "semantic")
    assert "Spearman" not in without


def test_votes_say_which_are_too_few():
    table = pd.DataFrame(
        [("ocean", "a wave", 1, 4, 5, True), ("hair", "two men", 3, 1, 5, False)],
        columns=["keyword", "text", "rank", "votes", "of", "relevant"],
    )
    html = meant.votes_html(table)
    assert "4 / 5<" in html
    assert "1 / 5 *" in html


def test_keywords_with_few_true_utterances_are_marked_and_the_best_come_first():
    table = meant_tables()["german_keywords"].assign(p10=[0.2, 0.8])
    html = meant.keywords_html(table)
    assert "grün *" in html
    assert "Hunde *" not in html
    assert html.index("grün *") < html.index("Hunde")


def test_german_queries_are_compared_with_english_ones_over_seeds():
    rows = [("de", "VGS", 1, 0.3), ("de", "VGS", 2, 0.2), ("en", "VGS", 2, 0.4), ("en", "VGS", 1, 0.2)]
    rows += [("de", "chance", 1, 0.04), ("en", "chance", 1, 0.03), ("de", "BoW", 1, 0.9), ("en", "BoW", 1, 0.9)]
    table = pd.DataFrame(rows, columns=["query_language", "model", "seed", "p10"]).assign(speech_language="en")
    other = table.assign(speech_language="de", p10=0.9)
    said = meant.german_share(pd.concat([other, table]))
    assert "<b>25.0 %</b>" in said
    assert "English ones 30.0 %" in said
    assert "<b>0.83</b> (0.50 to 1.50 by seed)" in said
    assert "by chance 4.0 and 3.0 %" in said
    assert "by seed" not in meant.german_share(table[table["seed"] == 1])


@pytest.mark.parametrize(
    ("name", "show", "words"),
    [
        ("hits", meant.types_html, HIT_TYPES),
        ("translation_kinds", meant.translations_html, TRANSLATION_KINDS),
        ("prediction", meant.prediction_html, ("Precision", "tagger")),
        ("crosslingual", meant.directions_html, ("de", "EER", "chance", "published: VGS", "58.0")),
        ("german_ways", meant.ways_html, ("German keyword", "translated", "9 keywords")),
        ("german_places", meant.placed_html, ("attention", "chance-middle", "Oracle accuracy")),
    ],
)
def test_every_table_names_its_corpus_and_columns(name, show, words):
    html = show(meant_tables()[name])
    assert "Flickr8k, synthesised speech" in html
    assert all(word in html or word.capitalize() in html for word in words)
