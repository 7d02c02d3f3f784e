"""Which words belong together within German and English and between them: forms, compounds, spellings, translations.

The German keywords are data of our own, derived from parallel text (``parallel``). Words are compared in lower case,
as they are heard: "junge" is a boy and young, "rennen" to run and a race.
"""

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import simplemma
from scipy import sparse

from vgsnb.errors import UserError, require_known
from vgsnb.vocabulary import GERMAN, KEYWORDS, normalise, stem

NAMES = {"en": "english", "de": "german"}
CSV = Path(__file__).with_name("german_keywords.csv")
LISTS = ("english", "forms", "words")  # columns of several words
LINKS = ("", "s", "es", "n", "en", "e")  # letters between the parts of a German compound
LEAST_HEAD, LEAST_FIRST = 4, 3  # letters
NEAREST = 3
PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
MARKED = {plain: chr(letter) for letter, plain in PLAIN.items()}
BOY = ("junge", "jungen", "jungs")  # what shares its stem and lemmas with them is young
SLIP = 0.9  # as alike as a keyword and itself mistyped
MOST_SPELLINGS = 6  # pairs of letters that are tried as one
Words = Mapping[str, Collection[str]]
# Of German captions: articles, prepositions, pronouns, auxiliaries and the like.
_STOP_WORDS = """aber alle als am an ander anderem anderen anderer anderes andere auch auf aus bei beide beiden beim bis
da dabei das dass dem den der deren des dessen die diese dieser durch ein eine einander einem einen einer eines entlang
er es etwas für gegen gerade haben hat hinter ihm ihn ihr ihre ihrem ihren ihrer im in indem ins ist ja mehrere mehreren
mit nach neben nicht noch nur ob oder ohne sein seine seinem seinen seiner sich sie sind so über um und unter viele
vielen vom von vor während was welche welcher wie wird werden zu zum zur zusammen zwischen"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


@cache
def german_keywords() -> pd.DataFrame:
    """The German keywords: ``written, english, forms, words, pairs, dice``, a keyword a row (index, in lower case).

    ``written`` as Germans write it; ``english`` the English keywords of which it is the counterpart; ``forms`` its
    German forms; ``words`` all English words that it translates; ``pairs`` and ``dice`` how well text attests it.
    """
    table = pd.read_csv(CSV, index_col="keyword", keep_default_na=False)  # a keyword may be spelt "nan" or "null"
    return table.assign(**{name: table[name].str.split().map(tuple) for name in LISTS})


GERMAN_KEYWORDS: tuple[str, ...] = tuple(german_keywords().index)
VOCABULARIES: dict[str, tuple[str, ...]] = {"en": KEYWORDS, "de": GERMAN_KEYWORDS}


def forms_of(keywords: Iterable[str], language: str) -> dict[str, frozenset[str]]:
    """The words that are each keyword in its own language: German forms; an English keyword is its own only form."""
    require_known("language", language, NAMES)
    known = german_keywords()["forms"] if language == "de" else pd.Series(dtype=object)
    return {keyword: frozenset(known.get(keyword, (keyword,))) for keyword in keywords}


def translations_of(keywords: Iterable[str], language: str) -> dict[str, frozenset[str]]:
    """The words that say each keyword of ``language`` in the other language: what is looked for in its speech."""
    require_known("language", language, NAMES)
    known: Words = GERMAN if language == "en" else dict(zip(GERMAN_KEYWORDS, german_keywords()["words"], strict=True))
    found = dict[str, frozenset[str]]()
    for keyword in keywords:
        require_known("keyword", keyword, known)
        found[keyword] = frozenset(known[keyword])
    return found


@cache
def lemmas(word: str, language: str) -> frozenset[str]:
    """The lemmas that a word may have (simplemma), casefolded; in German a noun's as well, which has a capital."""
    require_known("language", language, NAMES)
    word = normalise(word)
    cases = (word, word.capitalize()) if language == "de" else (word,)
    return frozenset(simplemma.lemmatize(case, language).casefold() for case in cases if case)


@cache
def _keys(word: str, language: str) -> frozenset[str]:
    """What two words must share to be forms of one: a lemma, or a stem. Nothing is a form of no word."""
    if not normalise(word):
        return frozenset()
    end = stem(normalise(word), NAMES[language])
    if (language, end) == ("de", "jung"):
        return frozenset({"boy" if normalise(word) in BOY else "young"})
    return lemmas(word, language) | {f"{end}-"}


def is_variant(one: str, other: str, language: str) -> bool:
    """Whether two words share a lemma or a Snowball stem: rides and riding, Bäume and Baum."""
    return not _keys(one, language).isdisjoint(_keys(other, language))


def head_of(word: str, forms: Collection[str], attested: Collection[str]) -> str | None:
    """The last part of a German compound, which says what it is (Sandstrand: strand); None where it is no compound.

    Args:
        forms: what can be a last part; it must have ``LEAST_HEAD`` letters, and a form itself is no compound.
        attested: words, one of which, of ``LEAST_FIRST`` letters, must be what stands before the last part, with or
            without the letters that link them (Sonnen|hut, Weihnacht|s|baum).
    """
    if word in forms:
        return None
    for place in range(LEAST_FIRST, len(word) - LEAST_HEAD + 1):  # the longest last part first
        first, last = word[:place], word[place:]
        parts = (first.removesuffix(link) for link in LINKS)
        if last in forms and any(len(part) >= LEAST_FIRST and part in attested for part in parts):
            return last
    return None


def said(texts: pd.Series, keywords: Sequence[str], language: str, attested: Collection[str] = ()) -> pd.DataFrame:
    """Which of ``keywords`` each text says, all in one language: bool, the texts' index × keywords.

    In English the very words; in German a form, umlauts and ß written as they may be, or a compound whose last part is
    one. The first part of a compound must be a word in ``attested``, by default a word of the texts, or one that the
    lemmatiser's dictionary knows. Verbs have no compounds: "unterhalten" is not "halten".
    """
    tokens, owners = _Tokens(texts), _owners(forms_of(keywords, language), language)
    heads = tokens.heads(owners, attested) if language == "de" else {}
    return tokens.table(keywords, [owners.get(heads.get(word, word), ()) for word in tokens.words])


def translated(
    texts: pd.Series, keywords: Sequence[str], language: str, attested: Collection[str] = ()
) -> pd.DataFrame:
    """Whether each text, in the other language, says a word for each of ``keywords``, which are in ``language``.

    German texts say the last part of a compound, with ``attested`` as in ``said``.
    """
    tokens, spoken = _Tokens(texts), "en" if language == "de" else "de"
    owners = _owners(translations_of(keywords, language), spoken)
    heads = tokens.heads(owners, attested) if spoken == "de" else {}
    return tokens.table(keywords, [owners.get(heads.get(word, word), ()) for word in tokens.words])


def variants(texts: pd.Series, forms: Words, language: str, attested: Collection[str] = ()) -> pd.DataFrame:
    """Which keywords of ``forms`` each text says in any form: all that ``said`` finds and all variants of ``forms``.

    ``forms`` gives the words of each keyword; they and the texts are in ``language``; ``attested`` is as in ``said``.
    """
    require_known("language", language, NAMES)
    tokens, owners = _Tokens(texts), _owners(forms, language)
    keys: dict[str, set[str]] = {}
    for keyword, words in forms.items():
        for key in set().union(*(_keys(word, language) for word in words)):
            keys.setdefault(key, set()).add(keyword)
    heads = tokens.heads(owners, attested) if language == "de" else {}
    found = [
        owners.get(heads.get(word, word), set()).union(*(keys.get(key, ()) for key in _keys(word, language)))
        for word in tokens.words
    ]
    return tokens.table(list(forms), found)


class _Tokens:
    """The distinct words of texts, which are looked up once each, and where they are."""

    def __init__(self, texts: pd.Series) -> None:
        parts = [text.split() for text in texts]
        codes, distinct = pd.factorize(np.array([word for part in parts for word in part], dtype=object))
        self.index = texts.index
        self.words = [normalise(word) for word in distinct]
        rows = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
        self.places = sparse.csr_array(
            (np.ones(len(codes), np.int32), (rows, codes)), shape=(len(parts), len(self.words))
        )

    def heads(self, forms: Collection[str], attested: Collection[str] = ()) -> dict[str, str]:
        """The last part of every compound among the words, of those that end with one of ``forms``."""
        known = {normalise(word) for word in attested} or set(self.words)
        found = ((word, _head(word, forms, known)) for word in self.words)
        return {word: head for word, head in found if head is not None}

    def table(self, keywords: Sequence[str], found: Sequence[Collection[str]]) -> pd.DataFrame:
        """Which ``keywords`` the texts say, where ``found`` says which each of ``words`` is."""
        column = {keyword: place for place, keyword in enumerate(keywords)}
        pairs = [(row, column[keyword]) for row, its in enumerate(found) for keyword in its]
        rows, columns = np.array(pairs, int).reshape(-1, 2).T
        shape = (len(self.words), len(keywords))
        looked_up = sparse.csr_array((np.ones(len(rows), np.int32), (rows, columns)), shape=shape)
        return pd.DataFrame((self.places @ looked_up).toarray() > 0, index=self.index, columns=list(keywords))


def _owners(forms: Words, language: str) -> dict[str, set[str]]:
    """The keywords of each word of ``forms``, of a German one in all its spellings."""
    owners: dict[str, set[str]] = {}
    for keyword, words in forms.items():
        for word in filter(None, words):
            for spelt in {word, word.replace("ß", "ss"), word.translate(PLAIN)} if language == "de" else {word}:
                owners.setdefault(spelt, set()).add(keyword)
    return owners


@cache
def _german_forms() -> dict[str, set[str]]:
    return _owners(forms_of(GERMAN_KEYWORDS, "de"), "de")


@cache
def _verb_forms() -> frozenset[str]:
    """The forms of German keywords that are verbs: infinitives, with a small letter and no adjective's endings."""
    table = german_keywords()
    rows = zip(GERMAN_KEYWORDS, table["written"], table["forms"], strict=True)
    verbs = [forms for key, name, forms in rows if re.fullmatch("[^A-ZÄÖÜ]+n", name) and f"{key}e" not in forms]
    return frozenset().union(*verbs)


@cache
def _is_known(word: str) -> bool:
    return simplemma.is_known(word.capitalize(), "de")


def _head(word: str, forms: Collection[str], attested: Collection[str]) -> str | None:
    """The head of a compound if it is one of ``forms``; neither verbs nor forms of other keywords are compounds."""
    every = _german_forms()
    if word in every or word in forms:
        return None
    lasts = {word[place:] for place in range(LEAST_FIRST, len(word))} - _verb_forms()
    lasts = {last for last in lasts if last in every or last in forms}
    if not lasts:
        return None
    starts = {word[:place] for place in range(LEAST_FIRST, len(word))}
    head = head_of(word, lasts, {start for start in starts if start in attested or _is_known(start)})
    return head if head in forms else None


def understand(query: str, keywords: Sequence[str], language: str, captions: pd.Series | None = None) -> str:
    """The keyword that somebody who types ``query`` looks for: in any case, form and spelling.

    A word is, first that fits: a form of a keyword, umlauts and ß written as they may be; a variant of one, the one
    spelt most like it; a German compound with a keyword as its last part, and a first part that ``captions`` or the
    lemmatiser's dictionary know.

    Args:
        captions: texts in ``language``, which tell what is said in company with a word that is no keyword.

    Raises:
        UserError: the query is no single word, or outside the vocabulary; then it names the keywords that are nearest.
            These are those that captions which say the word say more often than others; for a slip of the pen, or
            without such captions, those that are spelt most like it.
    """
    require_known("language", language, NAMES)
    words = [normalise(part) for part in query.split()]
    if not any(words):
        raise UserError(f"The query is empty: write a word to look for, such as {_written(keywords[0], language)}.")
    if len(words) > 1:
        raise UserError(f"The query {query.strip()!r} is of several words: look for one word at a time.")
    spellings = list(_spellings(words[0])) if language == "de" else words
    forms = forms_of(keywords, language)
    found = _form(spellings, forms) or _variant(spellings, forms, language)
    if found is None and language == "de":
        found = _compound(spellings, forms, captions)
    if found is not None:
        return found
    near, how = _spelt_like(words[0], forms), "spelt most like it are"
    if captions is not None and _likeness(words[0], forms[near[0]]) < SLIP:
        company = _in_company(words[0], keywords, language, captions)
        near, how = (company, "captions that say it often say") if company else (near, how)
    listed = [_written(keyword, language) for keyword in near]
    raise UserError(f"There is no keyword {query.strip()!r}; {how}: {', '.join(listed)}.")


def _written(keyword: str, language: str) -> str:
    known = german_keywords()["written"]
    return str(known.get(keyword, keyword)) if language == "de" else keyword


def _spellings(word: str) -> Iterator[str]:
    """``word`` itself, then as it would be with letters that not every keyboard has: strasse, straße."""
    parts = re.split("(" + "|".join(MARKED) + ")", word, maxsplit=MOST_SPELLINGS)
    yield from map("".join, product(*((part, MARKED[part]) if part in MARKED else (part,) for part in parts)))


def _form(spellings: Iterable[str], forms: Words) -> str | None:
    return next((keyword for word in spellings for keyword, its in forms.items() if word in its), None)


def _variant(spellings: Iterable[str], forms: Words, language: str) -> str | None:
    """The keyword with a form that is a variant of one of ``spellings``, of several the one spelt most like it."""
    found = [
        (_likeness(word, its), keyword)
        for word in spellings
        for keyword, its in forms.items()
        if any(is_variant(word, form, language) for form in its)
    ]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _likeness(word: str, others: Iterable[str]) -> float:
    """How alike ``word`` and the most alike of ``others`` are spelt, from 0 to 1, which is the same."""
    return max(difflib.SequenceMatcher(None, word, other).ratio() for other in others)


def _compound(spellings: Sequence[str], forms: Words, captions: pd.Series | None) -> str | None:
    """The keyword that is the last part of one of ``spellings`` or of its lemmas (Sandstrände)."""
    owners = _owners(forms, "de")
    attested = [] if captions is None else _Tokens(captions).words
    names = (name for word in spellings for name in (word, *sorted(lemmas(word, "de"))))
    head = next((head for name in names if (head := _head(name, owners, set(attested))) is not None), None)
    return None if head is None else min(owners[head])


def _in_company(word: str, keywords: Sequence[str], language: str, captions: pd.Series) -> list[str]:
    """The keywords that are most over-represented in the captions that say a form of ``word``; maybe none."""
    here = variants(captions, {word: [word]}, language)[word].to_numpy()
    table = said(captions, keywords, language)
    expected = table.mean() * here.sum()
    more = (table[here].sum() - expected) / np.sqrt(expected.where(expected > 0))
    return [str(keyword) for keyword in more[more > 0].nlargest(NEAREST).index]


def _spelt_like(word: str, forms: Words) -> list[str]:
    """The keywords with the forms that are spelt most like ``word``."""
    return sorted(forms, key=lambda keyword: _likeness(word, forms[keyword]), reverse=True)[:NEAREST]
