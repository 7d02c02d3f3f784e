"""English and German: which keywords there are, their forms, and what a caption of either language says of them.

German keywords are our own, derived from parallel text by a rule (``vgsnb.parallel``) and stored as words and counts.
A German compound is what its last part is: a *Sandstrand* is a *Strand*.
"""

import difflib
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import simplemma

from vgsnb.errors import UserError
from vgsnb.vocabulary import GERMAN, KEYWORDS, normalise, stem

CSV = Path(__file__).with_name("german_keywords.csv")
STEMMERS = {"en": "english", "de": "german"}
LINKING = ("", "s", "es", "n", "en", "er", "e")  # between the parts of a compound
LEAST_HEAD, LEAST_FIRST = 4, 3  # letters of a compound's last part and of its first
PLAIN = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}
Forms = Mapping[str, frozenset[str]]


@cache
def german_keywords() -> pd.DataFrame:
    """The German keywords: ``keyword`` (index), ``written`` as in a book, ``english, forms, words``, ``pairs, dice``.

    ``english`` are the keywords that it is a counterpart of, ``words`` all English words that translate as it.
    """
    table = pd.read_csv(CSV, index_col="keyword", keep_default_na=False)
    return table.assign(**{name: table[name].str.split().map(tuple) for name in ("english", "forms", "words")})


GERMAN_KEYWORDS: tuple[str, ...] = tuple(german_keywords().index)
VOCABULARIES: Mapping[str, tuple[str, ...]] = {"en": KEYWORDS, "de": GERMAN_KEYWORDS}


def forms_of(words: Iterable[str], language: str) -> Forms:
    """The forms of each of ``words``: a German keyword's inflections; any other word is itself alone."""
    known = _column("forms") if language == "de" else {}
    return {word: frozenset(known.get(word, (word,))) for word in words}


def _column(name: str) -> dict[str, tuple[str, ...]]:
    return {str(word): tuple(values) for word, values in german_keywords()[name].items()}


def translations_of(keywords: Iterable[str], language: str) -> Forms:
    """The words of the other language that each keyword of ``language`` is translated as."""
    if language == "de":
        known = _column("words")
        return {word: frozenset(known[word]) for word in keywords}
    return {word: frozenset(GERMAN[word]) for word in keywords}


def said(texts: pd.Series, keywords: Sequence[str], language: str) -> pd.DataFrame:
    """Which of ``keywords`` each text of the same ``language`` says: the index of ``texts`` × keywords.

    English keywords are looked for as they are, German ones in all their forms and as the last part of compounds.
    """
    forms = forms_of(keywords, language)
    if language != "de":
        return _with_any(texts, forms)
    attested = {normalise(word) for text in texts for word in text.split()}
    owner = {form: word for word, some in forms.items() for form in some}
    known = frozenset(form for some in german_keywords()["forms"] for form in some)

    def named(word: str) -> list[str]:
        if word in owner or word in known:
            return [owner[word]] if word in owner else []
        head = head_of(word, owner, attested)
        return [owner[head]] if head else []

    return _table(texts, named, list(keywords))


def head_of(word: str, forms: Collection[str], attested: Collection[str]) -> str | None:
    """The last part of a German compound that is one of ``forms``; None where there is none.

    What stands before it, with or without a linking letter or two, must be an ``attested`` word itself.
    """
    for length in range(len(word) - LEAST_FIRST, LEAST_HEAD - 1, -1):  # the longest: Fahrrad, not Rad
        head, first = word[-length:], word[:-length]
        if head in forms and any(
            first.endswith(link) and len(base := first.removesuffix(link)) >= LEAST_FIRST and base in attested
            for link in LINKING
        ):
            return head
    return None


def translated(texts: pd.Series, keywords: Sequence[str], language: str) -> pd.DataFrame:
    """Whether each text of the *other* language says a word that translates as each keyword of ``language``."""
    return _with_any(texts, translations_of(keywords, language))


def variants(texts: pd.Series, forms: Forms, language: str) -> pd.DataFrame:
    """Whether each text of ``language`` says a variant of any of each keyword's ``forms``: of their stem or lemma."""
    roots = dict[tuple[str, str], list[str]]()
    for word, some in forms.items():
        for root in {root for form in some for root in _roots(form, language)}:
            roots.setdefault(root, []).append(word)

    def named(word: str) -> list[str]:
        return [keyword for root in _roots(word, language) for keyword in roots.get(root, ())]

    return _table(texts, named, list(forms))


def _with_any(texts: pd.Series, forms: Forms) -> pd.DataFrame:
    owners = dict[str, list[str]]()
    for keyword, some in forms.items():
        for form in some:
            owners.setdefault(form, []).append(keyword)
    return _table(texts, lambda word: owners.get(word, []), list(forms))


def _table(texts: pd.Series, named: Callable[[str], Collection[str]], keywords: Sequence[str]) -> pd.DataFrame:
    """Texts × keywords: whether a text has a word that names the keyword. Every different word is asked once."""
    column = {word: place for place, word in enumerate(keywords)}
    found, known = np.zeros((len(texts), len(column)), bool), dict[str, list[int]]()
    for row, text in enumerate(texts):
        for word in text.split():
            if word not in known:
                known[word] = [column[keyword] for keyword in named(normalise(word))]
            found[row, known[word]] = True
    return pd.DataFrame(found, texts.index, list(keywords))


@cache
def lemmas(word: str, language: str) -> frozenset[str]:
    """What a dictionary may list ``word`` under, in small letters; a German word may be a noun or not."""
    spellings = {word, word.capitalize()} if language == "de" else {word}
    return frozenset(str(simplemma.lemmatize(spelling, language)).casefold() for spelling in spellings)


@cache
def _roots(word: str, language: str) -> frozenset[tuple[str, str]]:
    """What words are variants by: their lemmas and their Snowball stem. Nothing is a variant of no word."""
    if not word:
        return frozenset()
    found = {("lemma", lemma) for lemma in lemmas(word, language)}
    return frozenset(found | {("stem", stem(word, STEMMERS[language]))})


def is_variant(one: str, other: str, language: str) -> bool:
    """Whether two words share a lemma or a stem: trägt and tragen, Bäume and Baum, women and woman."""
    return not _roots(normalise(one), language).isdisjoint(_roots(normalise(other), language))


def understand(query: str, keywords: Sequence[str], language: str, captions: pd.Series | None = None) -> str:
    """The keyword that somebody means who types ``query``: in any spelling, inflection or, in German, compound.

    Raises:
        UserError: none is meant. It names the nearest: the keywords that go with the word in ``captions``, texts of the
            same language, or those that are spelt like it.
    """
    word = normalise(query.strip())
    if not word:
        raise UserError(f"There is no word in the query {query!r}: type one of {', '.join(keywords[:5])} …")
    forms = {form: keyword for keyword, some in forms_of(keywords, language).items() for form in some}
    forms |= {keyword: keyword for keyword in keywords}
    plain = {_plain(form): keyword for form, keyword in forms.items()}
    if keyword := forms.get(word) or plain.get(_plain(word)):
        return keyword
    if alike := [keyword for form, keyword in forms.items() if is_variant(form, word, language)]:
        return alike[0]
    texts = () if captions is None else captions
    attested = {_plain(normalise(other)) for text in texts for other in text.split()}
    if language == "de" and (head := head_of(_plain(word), plain, attested)):
        return plain[head]
    nearest = _companions(word, keywords, language, captions) or _spelt_like(_plain(word), plain)
    raise UserError(f"{query!r} is not in the vocabulary; the nearest words that are: {', '.join(nearest)}.")


def _plain(word: str) -> str:
    """Without umlauts and ß: straße and strasse, grün and gruen are one."""
    return "".join(PLAIN.get(letter, letter) for letter in unicodedata.normalize("NFC", word))


def _companions(word: str, keywords: Sequence[str], language: str, captions: pd.Series | None) -> list[str]:
    """The three keywords that captions with ``word`` say most more often than others; none where no caption has it."""
    if captions is None:
        return []
    having = captions[[word in map(normalise, text.split()) for text in captions]]
    if having.empty:
        return []
    more = said(having, keywords, language).mean() - said(captions, keywords, language).mean()
    return [str(keyword) for keyword in more[more > 0].nlargest(3).index]


def _spelt_like(word: str, plain: Mapping[str, str]) -> list[str]:
    near = difflib.get_close_matches(word, plain, n=6, cutoff=0.0)
    return list(dict.fromkeys(plain[form] for form in near))[:3]
