"""German keywords, their forms and compounds, what captions of either language say, and what a query means."""

import time
import unicodedata

import pandas as pd
import pytest

from vgsnb import languages
from vgsnb.errors import UserError
from vgsnb.vocabulary import GERMAN, KEYWORDS

CHOSEN = ("strand", "fahrrad", "hunde", "straße", "grün", "fußball", "ball")


def texts(*lines: str) -> pd.Series:
    return pd.Series(lines, [f"u{number}" for number in range(len(lines))])


def found(table: pd.DataFrame) -> list[set[str]]:
    return [set(table.columns[row]) for row in table.to_numpy()]


def test_the_stored_keywords_are_whole() -> None:
    table = languages.german_keywords()
    assert len(table) >= 40
    assert table.index.is_unique
    assert {"fahrrad", "straße", "hunde", "feld", "grün", "groß"} <= set(table.index)
    forms = table["forms"].explode()
    assert forms.is_unique, forms[forms.duplicated()]
    assert all(word in some for word, some in table["forms"].items())
    assert all(set(own) <= set(words) for own, words in zip(table["english"], table["words"], strict=True))
    assert set(table["english"].explode()) <= {*KEYWORDS, "green"}
    assert (table["dice"] >= 0.5).all()
    assert (table["pairs"] >= 20).all()
    assert languages.VOCABULARIES["en"] == KEYWORDS


def test_rule_and_hand_agree_on_most_keywords() -> None:
    table = languages.german_keywords()
    agree = [
        any(set(some) & set(GERMAN[word]) for word in own)
        for own, some in zip(table["english"], table["forms"], strict=True)
    ]
    assert sum(agree) >= len(table) - 2  # of tennis the rule finds Tennisball


def test_forms_and_compounds_are_said_and_other_words_are_not() -> None:
    lines = texts(
        "ein hund am sandstrand",  # the plural alone is a keyword
        "zwei Hunde auf der Straße.",
        "ein grünes fahrrad und ein rennrad",
        "sie spielen fußball am strand",  # Fußball is a keyword itself, no kind of ball
        "der wasserball auf dem wasser des fußes",
        "am verstrand",  # "ver" is no word
        "sand und fuß und wasser",
    )
    assert found(languages.said(lines, CHOSEN, "de")) == [
        {"strand"}, {"hunde", "straße"}, {"grün", "fahrrad"}, {"fußball", "strand"}, {"ball"}, set(), set(),
    ]  # fmt: skip
    assert found(languages.said(lines, ["ball"], "de"))[3] == set()  # whichever keywords are asked about


def test_the_longest_last_part_is_the_head() -> None:
    attested = {"kinder", "sand", "sandkasten", "straßen"}
    assert languages.head_of("kinderfahrrad", {"rad", "fahrrad"}, attested) == "fahrrad"
    assert languages.head_of("straßenhunde", {"hunde"}, attested) == "hunde"
    assert languages.head_of("sandstrand", {"rand"}, attested) is None  # "sandst" is no word
    assert languages.head_of("hunde", {"hunde"}, attested) is None


def test_decomposed_letters_and_capitals_are_the_same_word() -> None:
    lines = texts(unicodedata.normalize("NFD", "Ein GRÜNES Fahrrad"), "STRASSE", "die Straße")
    assert found(languages.said(lines, CHOSEN, "de")) == [{"grün", "fahrrad"}, set(), {"straße"}]


def test_english_is_looked_for_as_it_is_and_in_translation() -> None:
    lines = texts("two dogs on a bicycle", "a dog 's bike", "the road")
    assert found(languages.said(lines, ["dogs", "bike", "road"], "en")) == [{"dogs"}, {"bike"}, {"road"}]
    assert found(languages.translated(lines, CHOSEN, "de")) == [{"hunde", "fahrrad"}, {"fahrrad"}, {"straße"}]
    german = texts("zwei hunde", "schwarzer hund")
    assert found(languages.translated(german, ["dogs", "black", "bike"], "en")) == [{"dogs"}, {"black"}]


@pytest.mark.parametrize(
    ("one", "other", "language", "alike"),
    [
        ("trägt", "tragen", "de", True),
        ("bäume", "baum", "de", True),
        ("fuhr", "fahren", "de", True),
        ("Hund", "hunde", "de", True),
        ("hut", "hund", "de", False),
        ("riding", "rides", "en", True),
        ("women", "woman", "en", True),
        ("sat", "sitting", "en", True),
        ("beach", "bench", "en", False),
        ("", ".", "en", False),
    ],
)
def test_variants_share_a_lemma_or_a_stem(one: str, other: str, language: str, alike: bool) -> None:
    assert languages.is_variant(one, other, language) is alike
    known = languages.variants(texts(other), {one: frozenset({one})}, language)
    assert known.iloc[0, 0] == alike


@pytest.mark.parametrize(
    ("query", "keyword"),
    [
        ("Fahrrad", "fahrrad"),
        ("Straße", "straße"),
        ("STRASSE", "straße"),
        ("gruen", "grün"),
        ("  grünes ", "grün"),
        (unicodedata.normalize("NFD", "Grünen"), "grün"),
        ("Hunde", "hunde"),
        ("Hund", "hunde"),
        ("Fahrräder", "fahrrad"),
        ("Sandstrand", "strand"),
        ("Strassenhunde", "hunde"),
    ],
)
def test_a_query_is_understood_in_any_spelling(query: str, keyword: str) -> None:
    assert languages.understand(query, CHOSEN, "de", texts("ein sandiger sand auf straßen")) == keyword


def test_an_english_query_is_understood_by_its_variant() -> None:
    assert languages.understand("Rides", ["riding", "dogs"], "en") == "riding"
    assert languages.understand("DOGS", ["riding", "dogs"], "en") == "dogs"


def test_a_query_outside_the_vocabulary_gets_the_nearest_words() -> None:
    captions = texts("ein welpe am strand", "welpe und hunde am strand", "ein fahrrad", "kein tier")
    with pytest.raises(UserError, match=r"'Welpe' is not in the vocabulary; .*: strand, hunde\.$"):
        languages.understand("Welpe", CHOSEN, "de", captions)
    with pytest.raises(UserError, match="nearest words that are: fahrrad"):
        languages.understand("Fahrad", CHOSEN, "de")
    with pytest.raises(UserError, match="There is no word in the query"):
        languages.understand(" ?! ", CHOSEN, "de")


def test_many_captions_take_little_time() -> None:
    lines = pd.Series(["ein kleiner hund rennt am sandstrand neben zwei grünen fahrrädern her"] * 40_000)
    start = time.perf_counter()
    languages.said(lines, languages.GERMAN_KEYWORDS, "de")
    assert time.perf_counter() - start < 10  # a word is looked up once: half a second where nothing else runs
