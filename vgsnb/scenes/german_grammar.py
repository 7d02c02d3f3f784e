"""Just enough German grammar for captions: nouns in three cases, adjective endings, articles and relative pronouns."""

from collections.abc import Sequence
from dataclasses import dataclass

NOMINATIVE, ACCUSATIVE, DATIVE = "nominative", "accusative", "dative"
# Endings by case and gender (m, f, n, p for plural): of "ein", of "der", and of adjectives after each of them.
INDEFINITE = {
    NOMINATIVE: {"m": "ein", "f": "eine", "n": "ein", "p": ""},
    ACCUSATIVE: {"m": "einen", "f": "eine", "n": "ein", "p": ""},
    DATIVE: {"m": "einem", "f": "einer", "n": "einem", "p": ""},
}
DEFINITE = {
    NOMINATIVE: {"m": "der", "f": "die", "n": "das", "p": "die"},
    ACCUSATIVE: {"m": "den", "f": "die", "n": "das", "p": "die"},
    DATIVE: {"m": "dem", "f": "der", "n": "dem", "p": "den"},
}
AFTER_INDEFINITE = {  # mixed declension; strong in the plural, which has no article
    NOMINATIVE: {"m": "er", "f": "e", "n": "es", "p": "e"},
    ACCUSATIVE: {"m": "en", "f": "e", "n": "es", "p": "e"},
    DATIVE: {"m": "en", "f": "en", "n": "en", "p": "en"},
}
AFTER_DEFINITE = {  # weak declension
    NOMINATIVE: {"m": "e", "f": "e", "n": "e", "p": "en"},
    ACCUSATIVE: {"m": "en", "f": "e", "n": "e", "p": "en"},
    DATIVE: {"m": "en", "f": "en", "n": "en", "p": "en"},
}
AFTER_NOTHING = {  # strong declension
    NOMINATIVE: {"m": "er", "f": "e", "n": "es", "p": "e"},
    ACCUSATIVE: {"m": "en", "f": "e", "n": "es", "p": "e"},
    DATIVE: {"m": "em", "f": "er", "n": "em", "p": "en"},
}
UNCHANGING = frozenset({"rosa", "lila", "beige", "orange", "türkis"})  # colours without endings


@dataclass(frozen=True)
class Noun:
    """A German noun: nominative singular, gender (m, f, n, or p for a plural without singular), plural, weak or not."""

    singular: str
    gender: str
    plural: str
    weak: bool = False  # junge, bär: -n in every case but the nominative

    def form(self, case: str, plural: bool = False) -> str:
        """Return the noun in a case and number."""
        if plural or self.gender == "p":
            return self.plural + ("n" if case == DATIVE and self.plural[-1] not in "ns" else "")
        if self.weak and case != NOMINATIVE:
            return self.singular + ("n" if self.singular.endswith(("e", "herr")) else "en")
        return self.singular


def read_nouns(text: str) -> dict[str, Noun]:
    """Read lines ``hund m hunde``; ``m*`` marks a weak noun, ``_`` stands for a space inside a noun."""
    nouns = {}
    for line in text.strip().splitlines():
        singular, gender, plural = (part.replace("_", " ") for part in line.split())
        nouns[singular] = Noun(singular, gender[0], plural, gender.endswith("*"))
    return nouns


def inflected(adjective: str, ending: str) -> str:
    """Return an adjective with its ending: roter, dunkler, rosa; only the last word of several changes."""
    if adjective in UNCHANGING:
        return adjective
    stem = adjective[:-2] + "l" if adjective.endswith("el") else adjective
    return stem + (ending[1:] if stem.endswith("e") else ending)


def noun_phrase(
    noun: Noun, case: str, article: str = "ein", adjectives: Sequence[str] = (), plural: bool = False
) -> str:
    """Return article, adjectives and noun in agreement. ``article``: ein, der, or "" for none, or a number as it is."""
    plural = plural or noun.gender == "p"
    gender = "p" if plural else noun.gender
    if article == "der":
        determiner, endings = DEFINITE[case][gender], AFTER_DEFINITE
    elif article == "ein" and not plural:
        determiner, endings = INDEFINITE[case][gender], AFTER_INDEFINITE
    else:
        determiner, endings = "" if article == "ein" else article, AFTER_NOTHING
    described = [inflected(adjective, endings[case][gender]) for adjective in adjectives]
    return " ".join(part for part in (determiner, *described, noun.form(case, plural)) if part)


def relative_pronoun(noun: Noun, plural: bool) -> str:
    """Return the pronoun that begins "who runs", in the nominative."""
    return DEFINITE[NOMINATIVE]["p" if plural else noun.gender]
