"""German counterparts of the keywords, derived from parallel text by a rule: how ``german_keywords.csv`` was made.

``python -m vgsnb.parallel <folder of Flickr8k>`` makes it again, from the sentence pairs of Multi30k (Elliott et al.
2016) that belong to training pictures: an English caption and its German translation. Words and counts alone are kept.
Nothing else of the project reads parallel text; models never do.

The rule:

1. German words are grouped by noun or not (written with a capital, as nouns are) and by the Snowball stem of
   their lemma (simplemma).
2. An English keyword belongs to the group with the highest Dice coefficient, 2 n(e, g) / (n(e) + n(g)), of the pairs
   that have both, which must be in at least a third of the pairs that have the keyword. Nouns are asked for the keyword
   as it is, so that *dogs* is not *dog*; other words for any word of its stem, as German has no ``-ing``.
3. The forms of a group are those in at least two pairs of which at least half as large a share has the keyword as of
   the best form: *hunde, hunden* for *dogs*, and not *hund*. Adjectives have all their endings. A form of two groups
   stays with the one of which more of its pairs have the keyword.
4. Keywords of the same group are one, and one is kept when its Dice coefficient is at least .5 in at least 20 pairs.
5. Its English words, a dictionary, are those that IBM's model 1 (Brown et al. 1993) translates to it with a
   probability of at least .5, in at least three pairs; of what is no noun also all words of the keywords' stems.
"""

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import simplemma

from vgsnb.corpora.flickr8k import GERMAN, read_german, read_splits, spoken_text
from vgsnb.languages import CSV
from vgsnb.vocabulary import ADJECTIVE_ENDINGS, KEYWORDS, normalise, stem

WANTED = (*KEYWORDS, "green")  # no keyword of the papers, but one of the German queries that were published
LEAST_SHARE, LEAST_DICE, LEAST_PAIRS, LEAST_SEEN = 1 / 3, 0.5, 20, 2
LEAST_PROBABILITY, LEAST_COUNT, ROUNDS = 0.5, 3.0, 15
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
COLUMNS = ["keyword", "written", "english", "forms", "words", "pairs", "dice"]
Group = tuple[bool, str]  # whether it is a noun, and its stem
Token = tuple[Group, str]  # of a German word, with its form


def read_pairs(folder: Path, split: str = "train") -> pd.DataFrame:
    """The sentence pairs of the pictures of ``split``: ``english, german``, in the translator's spelling."""
    splits = read_splits(folder)[0]
    path = next((folder / name for name in GERMAN if (folder / name).is_file()), folder / GERMAN[0])
    rows = read_german(path)[0]
    rows = rows[rows["image_id"].isin(splits.loc[splits["split"] == split, "image_id"])]
    texts = rows.pivot(index="image_id", columns="source", values="text").reindex(columns=["t1.en", "t1.de"])
    return texts.dropna().set_axis(["english", "german"], axis=1)


def counterparts(pairs: pd.DataFrame, keywords: Sequence[str] = WANTED) -> pd.DataFrame:
    """The German keywords of ``pairs`` (``english, german``) by the rule above, in the order of the English ones.

    ``keyword, written, english, forms, words, pairs, dice``; words are separated by spaces, normalised but for
    ``written``.
    """
    english = [list(map(normalise, spoken_text(text).split())) for text in pairs["english"]]
    german = _tokens(pairs["german"])
    chosen = defaultdict[Group, list[str]](list)
    for keyword in keywords:
        if (group := _counterpart(keyword, english, german)) is not None:
            chosen[group].append(keyword)
    kept = _forms(chosen, english, german)
    rows = [_row(group, chosen[group], forms, english, german) for group, forms in kept.items()]
    found = pd.DataFrame(rows, columns=COLUMNS)
    found = found[(found["pairs"] >= LEAST_PAIRS) & (found["dice"] >= LEAST_DICE)].reset_index(drop=True)
    words = _dictionary(found["keyword"], found["forms"], english, german)
    known = sorted({word for sentence in english for word in sentence})
    found["words"] = [
        " ".join(dict.fromkeys([*row["english"].split(), *words[row["keyword"]], *_of_stems(row, known)]))
        for row in found.to_dict("records")
    ]
    return found.round({"dice": 3})


def _tokens(texts: Iterable[str]) -> list[list[Token]]:
    """Every word's group and form. The first word of a sentence is a noun where most of its others are."""
    sentences = [_WORD.findall(text) for text in texts]
    inside = Counter(word for sentence in sentences for word in sentence[1:])

    def is_noun(word: str, first: bool) -> bool:
        if not first or word.lower() == word:
            return word[:1].isupper()
        return inside[word] > inside[word.lower()]

    return [
        [(_group(word, is_noun(word, place == 0)), normalise(word)) for place, word in enumerate(sentence)]
        for sentence in sentences
    ]


@cache
def _group(word: str, noun: bool) -> Group:
    lemma = simplemma.lemmatize(word if noun else word.lower(), "de")
    return noun, stem(normalise(lemma), "german")


def _has(keywords: Sequence[str], words: Sequence[str], noun: bool) -> bool:
    """Whether an English sentence has one of ``keywords``: as it is for nouns, else any word of its stem."""
    if noun:
        return not set(keywords).isdisjoint(words)
    return not {stem(keyword) for keyword in keywords}.isdisjoint(map(stem, words))


def _counterpart(keyword: str, english: Sequence[Sequence[str]], german: Sequence[Sequence[Token]]) -> Group | None:
    """The group that goes best with ``keyword``, if it does so often enough."""
    asked = [i for i, words in enumerate(english) if _has([keyword], words, False)]
    together = Counter(group for i in asked for group in {group for group, _ in german[i]})
    every = Counter(group for sentence in german for group in {group for group, _ in sentence})
    if not together:
        return None
    # Ties by frequency and by letters, so that the same pairs in another order give the same list.
    best = max(together, key=lambda group: (2 * together[group] / (len(asked) + every[group]), together[group], group))
    return best if together[best] >= LEAST_SHARE * len(asked) else None


def _forms(
    chosen: dict[Group, list[str]], english: Sequence[Sequence[str]], german: Sequence[Sequence[Token]]
) -> dict[Group, list[str]]:
    """The forms of every group, frequent ones first, each form in one group."""
    found, owner = dict[Group, list[str]](), dict[str, tuple[float, Group]]()
    for group, keywords in chosen.items():
        share, seen = _shares(group, keywords, english, german)
        forms = [form for form in sorted(share, key=lambda form: (-seen[form], form)) if seen[form] >= LEAST_SEEN]
        top = max((share[form] for form in forms), default=0.0)
        found[group] = [form for form in forms if share[form] >= top / 2]
        if not group[0]:
            found[group] += [form for form in _endings(found[group]) if form not in found[group]]
        for form in found[group]:
            owner[form] = max(owner.get(form, (-1.0, group)), (share.get(form, 0.0), group))
    return {group: [form for form in forms if owner[form][1] == group] for group, forms in found.items()}


def _shares(
    group: Group, keywords: Sequence[str], english: Sequence[Sequence[str]], german: Sequence[Sequence[Token]]
) -> tuple[dict[str, float], Counter[str]]:
    """Of each form of a group the share of its pairs that have a keyword, and how many pairs it has."""
    seen, together = Counter[str](), Counter[str]()
    for words, sentence in zip(english, german, strict=True):
        forms = {form for known, form in sentence if known == group}
        seen.update(forms)
        together.update(forms if forms and _has(keywords, words, group[0]) else ())
    return {form: together[form] / seen[form] for form in seen}, seen


def _endings(forms: Sequence[str]) -> list[str]:
    """All endings of an adjective, the bare form first, if these are forms of one: two that end as no verb does."""
    endings = [ending for ending in ADJECTIVE_ENDINGS if ending]
    stems = Counter(form.removesuffix(ending) for form in forms for ending in endings if form.endswith(ending))
    best = max(stems, key=lambda one: (stems[one], -len(one)), default="")
    return [best + ending for ending in ADJECTIVE_ENDINGS] if stems[best] >= 2 else []


def _row(
    group: Group,
    keywords: Sequence[str],
    forms: Sequence[str],
    english: Sequence[Sequence[str]],
    german: Sequence[Sequence[Token]],
) -> dict[str, object]:
    noun, known = group[0], set(forms)
    asked = np.array([_has(keywords, words, noun) for words in english])
    there = np.array([any(form in known for _, form in sentence) for sentence in german])
    both = int((asked & there).sum())
    name = _name(forms, noun)
    return {
        "keyword": name,
        "written": name.capitalize() if noun else name,
        "english": " ".join(keywords),
        "forms": " ".join(forms),
        "pairs": both,
        "dice": 2 * both / max(1, asked.sum() + there.sum()),
    }


def _name(forms: Sequence[str], noun: bool) -> str:
    """The bare adjective, or the lemma where it is among the forms, else the most frequent of them."""
    if not forms:
        return ""
    if not noun and (endings := _endings(forms)):
        return endings[0]
    lemma = normalise(simplemma.lemmatize(forms[0].capitalize() if noun else forms[0], "de"))
    return lemma if lemma in forms else forms[0]


def _of_stems(row: Mapping[Any, str], words: Sequence[str]) -> list[str]:
    """Those of ``words`` that have the stem of an English keyword of a German one that is no noun."""
    stems = {stem(word) for word in row["english"].split()} if row["written"] == row["keyword"] else set()
    return [word for word in words if stem(word) in stems]


@dataclass(frozen=True)
class _Links:
    """All pairs of an English and a German word of a sentence pair: their numbers, and which German token it is."""

    english: np.ndarray
    german: np.ndarray
    token: np.ndarray


def _dictionary(
    names: Iterable[str], forms: Iterable[str], english: Sequence[Sequence[str]], german: Sequence[Sequence[Token]]
) -> dict[str, list[str]]:
    """For each German keyword the English words that IBM's model 1 translates to it, the surest first."""
    owner = {form: name for name, some in zip(names, forms, strict=True) for form in some.split()}
    vocabulary, links = _links(english, [[owner.get(form, form) for _, form in sentence] for sentence in german])
    words, others = vocabulary
    pair = links.english * len(others) + links.german
    known, number = np.unique(pair, return_inverse=True)
    source, target = known // len(others), known % len(others)
    probability = count = np.ones(len(known), dtype=np.float64)
    for _ in range(ROUNDS):
        likely = probability[number]
        share = likely / np.bincount(links.token, likely)[links.token]
        count = np.asarray(np.bincount(number, share), dtype=np.float64)
        probability = np.asarray(count / np.bincount(source, count)[source])
    sure = (probability >= LEAST_PROBABILITY) & (count >= LEAST_COUNT) & (source > 0)
    order = sorted(np.flatnonzero(sure), key=lambda one: (-probability[one], words[source[one]]))
    return {name: [words[source[one]] for one in order if others[target[one]] == name] for name in names}


def _links(
    english: Sequence[Sequence[str]], german: Sequence[Sequence[str]]
) -> tuple[tuple[list[str], list[str]], _Links]:
    words, others, links, token = {"": 0}, dict[str, int](), list[tuple[int, int, int]](), 0
    for sentence, translation in zip(english, german, strict=True):
        sources = [0, *(words.setdefault(word, len(words)) for word in sentence)]  # 0: of no word
        for word in translation:
            target = others.setdefault(word, len(others))
            links += [(source, target, token) for source in sources]
            token += 1
    columns = np.array(links, dtype=np.int64).T
    return (list(words), list(others)), _Links(*columns)


if __name__ == "__main__":
    counterparts(read_pairs(Path(sys.argv[1]))).to_csv(CSV, index=False)
