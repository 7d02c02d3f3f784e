"""Keywords, counterparts, stems: what counts as the same word."""

import pytest

from vgsnb.scenes import english_words
from vgsnb.vocabulary import GERMAN, KEYWORDS, RELATED, is_variant, normalise, stem


def test_keywords_are_67_and_sorted() -> None:
    assert len(KEYWORDS) == len(set(KEYWORDS)) == 67
    assert list(KEYWORDS) == sorted(KEYWORDS)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Dog,", "dog"),
        ("man's", "man"),
        ("Straße.", "straße"),
        ("gru\u0308n", "grün"),
        ("t-shirt", "tshirt"),
        ("—", ""),
    ],
)
def test_words_are_normalised(word: str, expected: str) -> None:
    assert normalise(word) == expected
    assert normalise(expected) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("dogs", "dog", True),
        ("rides", "riding", True),
        ("women", "Woman", True),
        ("children", "child's", True),
        ("sits", "sitting", True),
        ("snow", "snowy", False),
        ("ocean", "sea", False),
        ("rock", "rocket", False),
    ],
)
def test_variants_share_a_stem(one: str, other: str, same: bool) -> None:
    assert is_variant(one, other) is same
    assert is_variant(other, one) is same


def test_german_variants() -> None:
    assert is_variant("hunde", "hund", "german")
    assert is_variant("grünen", "grüner", "german")
    assert not is_variant("hund", "katze", "german")


def test_every_keyword_has_a_german_counterpart_in_lower_case() -> None:
    assert set(KEYWORDS) <= GERMAN.keys()
    for forms in GERMAN.values():
        assert len(set(forms)) == len(forms) >= 1
        assert all(normalise(form) == form for form in forms)
    for form, keyword in [("fahrrad", "bike"), ("straße", "street"), ("feld", "field"), ("hunde", "dogs")]:
        assert GERMAN[keyword][0] == form
    assert GERMAN["green"] == ("grün", "grüne", "grünen", "grüner", "grünes", "grünem")
    assert GERMAN["large"][0] == "groß"


def test_related_words_are_other_words() -> None:
    assert RELATED.keys() == set(KEYWORDS)
    for keyword, related in RELATED.items():
        assert len(related) >= 3
        assert keyword not in related
        assert all(normalise(word) == word for word in related)


def test_related_words_are_mostly_said_by_describers() -> None:
    tables = [value for value in vars(english_words).values() if isinstance(value, dict)]
    said = {
        stem(word)
        for table in tables
        for key, choices in table.items()
        if hasattr(choices, "values") and not callable(choices.values)
        for phrase in (*choices.values, str(key))
        for word in phrase.split()
    }
    words = {word for related in RELATED.values() for word in related}
    assert sum(stem(word) in said for word in words) > 0.75 * len(words)
