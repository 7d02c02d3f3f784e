"""German keywords, their forms and compounds, what captions of either language say, and what a query means."""

import time
import unicodedata

import pandas as pd
import pytest

from vgsnb import languages
from vgsnb.errors import UserError
from vgsnb.vocabulary import GERMAN, KEYWORDS, normalise

CHOSEN = ("strand", "fahrrad", "hunde", "straße", "grün", "fußball", "ball")


def texts(*lines: str) -> pd.Series:
    return pd.Series(lines, [f"u{number}" for number in range(len(lines))], dtype=object)


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
    assert all(normalise(word) == word for word in [*forms, *table["words"].explode()])
    assert [normalise(word) for word in table["written"]] == table.index.tolist()
    assert all(set(own) <= set(words) for own, words in zip(table["english"], table["words"], strict=True))
    assert table["english"].explode().is_unique
    assert set(table["english"].explode()) <= {*KEYWORDS, "green"}
    assert (table["dice"] >= 0.5).all()
    assert (table["pairs"] >= 20).all()
    assert languages.VOCABULARIES == {"en": KEYWORDS, "de": languages.GERMAN_KEYWORDS}


def test_rule_and_hand_agree() -> None:
    table = languages.german_keywords()
    for english, forms in zip(table["english"], table["forms"], strict=True):
        for word in english:
            assert set(forms) & set(GERMAN[word]), word


def test_forms_and_compounds_are_said_and_other_words_are_not() -> None:
    lines = texts(
        "ein hund am sandstrand",  # the plural alone is a keyword
        "zwei Hunde auf der Straße.",
        "ein grünes fahrrad und ein rennrad",
        "sie spielen fußball am strand",  # Fußball is a keyword itself, no kind of ball
        "der wasserball auf dem wasser des fußes",
        "am verstrand",  # "ver" is no word
        "",
        "ein hellgrüner Weihnachtsbaum",  # the dictionary knows Weihnacht
    )
    expected = [{"strand"}, {"hunde", "straße"}, {"grün", "fahrrad"}, {"fußball", "strand"}, {"ball"}, set(), set()]
    assert found(languages.said(lines, CHOSEN, "de")) == [*expected, {"grün"}]
    assert found(languages.said(lines, ["ball"], "de"))[3] == set()  # whichever keywords are asked about
    table = languages.said(lines, CHOSEN, "de")
    assert table.index.equals(lines.index)
    assert table.columns.tolist() == list(CHOSEN)


def test_verbs_have_no_compounds() -> None:
    lines = texts(
        "zwei Frauen unterhalten sich", "ein Hunderennen", "er geht aus", "sie halten", "rennende Hunde rennen"
    )
    said = languages.said(lines, ["halten", "rennen", "gehen"], "de")
    assert found(said) == [set(), set(), {"gehen"}, {"halten"}, {"rennen"}]


def test_first_parts_of_compounds_may_be_given() -> None:
    line = texts("ein Blorkstrand")
    assert found(languages.said(line, CHOSEN, "de")) == [set()]
    assert found(languages.said(line, CHOSEN, "de", attested=["Blork"])) == [{"strand"}]


def test_the_longest_last_part_is_the_head() -> None:
    attested = {"kinder", "sand", "sandkasten", "straße", "weihnacht"}
    assert languages.head_of("kinderfahrrad", {"rrad", "fahrrad"}, attested) == "fahrrad"
    assert languages.head_of("straßenhunde", {"hunde"}, attested) == "hunde"
    assert languages.head_of("weihnachtsbaum", {"baum"}, attested) == "baum"
    assert languages.head_of("sandstrand", {"rand"}, attested) is None  # "sandst" is no word
    assert languages.head_of("sandhut", {"hut"}, attested) is None  # three letters are too few
    assert languages.head_of("hunde", {"hunde"}, attested) is None


def test_spellings_are_the_same_word() -> None:
    lines = texts(unicodedata.normalize("NFD", "Ein GRÜNES Fahrrad"), "STRASSE", "die Strassen", "gruene Fussball")
    assert found(languages.said(lines, CHOSEN, "de")) == [
        {"grün", "fahrrad"}, {"straße"}, {"straße"}, {"grün", "fußball"},
    ]  # fmt: skip


def test_english_is_looked_for_as_it_is_and_in_translation() -> None:
    lines = texts("two dogs on a bicycle", "a dog 's bike", "the road")
    assert found(languages.said(lines, ["dogs", "bike", "road"], "en")) == [{"dogs"}, {"bike"}, {"road"}]
    assert found(languages.translated(lines, CHOSEN, "de")) == [{"hunde", "fahrrad"}, {"fahrrad"}, {"straße"}]
    german = texts("zwei hunde", "schwarzer hund", "die straße", "die strasse")
    said = languages.translated(german, ["dogs", "black", "road", "street"], "en")
    assert found(said) == [{"dogs"}, {"black"}, {"road", "street"}, {"road", "street"}]
    with pytest.raises(UserError, match="no keyword 'zebra'"):
        languages.translations_of(["zebra"], "en")
    with pytest.raises(UserError, match="no language 'fr'"):
        languages.said(lines, ["dogs"], "fr")


@pytest.mark.parametrize(
    ("one", "other", "language", "alike"),
    [
        ("trägt", "tragen", "de", True),
        ("bäume", "baum", "de", True),
        ("fuhr", "fahren", "de", True),
        ("Hund", "hunde", "de", True),
        ("hut", "hund", "de", False),
        ("jungen", "junge", "de", True),
        ("junger", "junge", "de", False),  # young is no boy
        ("jüngere", "jung", "de", True),
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


def test_all_that_is_said_is_said_in_a_variant() -> None:
    lines = texts("ein Hund am Sandstrand", "die strasse", "ein grünlicher Tennisball", "Bälle")
    forms = languages.forms_of(CHOSEN, "de")
    said, variants = languages.said(lines, CHOSEN, "de"), languages.variants(lines, forms, "de")
    assert found(variants) == [{"hunde", "strand"}, {"straße"}, {"ball"}, {"ball"}]
    assert (variants | said).equals(variants)


@pytest.mark.parametrize(
    ("query", "keyword"),
    [
        ("Fahrrad", "fahrrad"),
        ("Straße", "straße"),
        ("STRASSE", "straße"),
        ("STRAẞE", "straße"),
        ("gruen", "grün"),
        ("gruenes", "grün"),
        ("  grünes ", "grün"),
        (unicodedata.normalize("NFD", "Grünen"), "grün"),
        ("Hunde", "hunde"),
        ("Hund", "hunde"),
        ("Fahrräder", "fahrrad"),
        ("Fahrraeder", "fahrrad"),
        ("Sandstrand", "strand"),
        ("Sandstrände", "strand"),
        ("Strassenhunde", "hunde"),
        ("Fußball", "fußball"),
        ("Tennisball", "ball"),
    ],
)
def test_a_query_is_understood_in_any_spelling(query: str, keyword: str) -> None:
    assert languages.understand(query, CHOSEN, "de", texts("ein sandiger sand auf straßen")) == keyword
    assert languages.understand(query, CHOSEN, "de") == keyword


@pytest.mark.parametrize("query", ["Fahrrad", "Straße", "Hunde", "Feld", "grün", "groß"])
def test_published_queries_are_keywords(query: str) -> None:
    assert languages.understand(query, languages.GERMAN_KEYWORDS, "de") == query.lower()


def test_an_english_query_is_understood_by_its_variant() -> None:
    assert languages.understand("Rides", ["riding", "dogs"], "en") == "riding"
    assert languages.understand("rides", ["riding", "rides"], "en") == "rides"
    assert languages.understand("DOG", ["riding", "dogs"], "en") == "dogs"


def test_a_query_outside_the_vocabulary_gets_the_nearest_words() -> None:
    captions = texts("ein welpe am strand", "welpe und hunde am strand", "ein fahrrad", "kein tier")
    with pytest.raises(UserError, match=r"no keyword 'Welpe'; captions that say it often say: Strand, Hunde\.$"):
        languages.understand("Welpe", CHOSEN, "de", captions)
    with pytest.raises(UserError, match="no keyword 'Fahrad'; spelt most like it are: Fahrrad"):
        languages.understand("Fahrad", CHOSEN, "de", texts("ein Fahrad am Strand"))
    with pytest.raises(UserError, match="spelt most like it are: Hunde"):
        languages.understand("Wunder", CHOSEN, "de", captions)
    with pytest.raises(UserError, match="no keyword 'Fußball'"):  # a keyword, though not one of these; no kind of ball
        languages.understand("Fußball", ["ball", "hunde"], "de")


@pytest.mark.parametrize(("query", "message"), [(" ?! ", "is empty"), ("", "is empty"), ("am Strand", "several words")])
def test_a_query_is_one_word(query: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        languages.understand(query, CHOSEN, "de")


def test_many_captions_take_little_time() -> None:
    lines = pd.Series(["ein kleiner hund rennt am sandstrand neben zwei grünen fahrrädern her"] * 40_000)
    languages.said(lines[:1], languages.GERMAN_KEYWORDS, "de")  # the dictionary is read once
    start = time.process_time()
    languages.said(lines, languages.GERMAN_KEYWORDS, "de")
    assert time.process_time() - start < 2  # a word is looked up once: a third of a second where nothing else runs


def test_which_other_words_are_attested_may_be_fixed():
    alone = pd.Series(["am blorkstrand"])
    beside = pd.Series(["am blorkstrand", "ein blork"])
    for texts in (alone, beside):
        assert languages.said(texts, ["strand"], "de", {"blork"})["strand"].iloc[0]
        assert languages.translated(texts, ["beach"], "en", {"blork"})["beach"].iloc[0]
        assert not languages.said(texts, ["strand"], "de", {"sand"})["strand"].iloc[0]
        forms = languages.forms_of(["strand"], "de")
        assert languages.variants(texts, forms, "de", {"blork"})["strand"].iloc[0]
