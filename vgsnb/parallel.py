"""German keywords from parallel text: which German word translates an English keyword, by counting alone.

The pairs are English captions of Flickr8k's training pictures and their German translations (Multi30k, task 1; Elliott
et al. 2016). What comes of them, single words and counts, is stored in ``german_keywords.csv``, which ``languages``
reads; ``python -m vgsnb.parallel <folder of flickr8k>`` writes it anew. The rule is that of ``counterparts``.
"""

import re
import sys
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import simplemma

from vgsnb.corpora import flickr8k
from vgsnb.corpora.relevance import sentence_pairs
from vgsnb.errors import UserError
from vgsnb.files import whole_file
from vgsnb.languages import CSV
from vgsnb.vocabulary import ADJECTIVE_ENDINGS, KEYWORDS, normalise, stem

ENGLISH = (*KEYWORDS, "green")  # "grün" is one of the queries that Kamper and Roth (2018) published
COLUMNS = ("keyword", "written", "english", "forms", "words", "pairs", "dice")
LEAST_SHARE = 1 / 3
LEAST_DICE = 0.5
LEAST_PAIRS = 20
SEEN, SEEN_WELL = 2, 5  # times: a form that is no slip of the pen, and one whose share says something
LIKELY = 0.55  # more often than not, and not "young" for klein, which is its company
ROUNDS = 15
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
Forms = dict[str, dict[str, float]]


def read_pairs(folder: Path, split: str = "train") -> pd.DataFrame:
    """English captions of the pictures of one split and their German translations: ``image_id, english, german``."""
    splits, _ = flickr8k.read_splits(folder)
    pairs = sentence_pairs(folder)
    pairs = pairs[pairs.index.isin(splits.loc[splits["split"] == split, "image_id"])]
    return pairs.rename_axis("image_id").sort_index().reset_index()


def counterparts(pairs: pd.DataFrame, keywords: Sequence[str] = ENGLISH) -> pd.DataFrame:
    """The German counterparts of English ``keywords`` in ``pairs`` (``english, german``: texts, as written).

    1. German words belong to one *group* if their lemmas (simplemma) have one Snowball stem and both are nouns, that is
       written with a capital, or both are not. The first word of a text is a noun if it is mostly one elsewhere.
    2. An English keyword goes to the group with the highest Dice coefficient of "the pair says a word with the
       keyword's stem" and "the pair says the group", if at least ``LEAST_SHARE`` of its pairs say the group. A compound
       that begins with the keyword is none (tennis: Tennisball). Keywords of one group are one German keyword.
    3. From here on a noun stands for the very English keywords, so that it keeps their number (dogs: Hunde, not Hund),
       and any other word for all English words with their stems. The *share* of a form is how many of the pairs that
       say it, in lower case, say one of these. ``forms`` are those of the group that are seen ``SEEN`` times and have
       half the share of the best one that is seen ``SEEN_WELL`` times; of an adjective also its endings that are never
       seen. A form of two groups goes to the one with the larger share.
    4. Kept is what has a Dice coefficient of ``LEAST_DICE`` and occurs with its English words in ``LEAST_PAIRS`` pairs.
    5. ``words`` are these English words and all others that are translated so more often than not: of which IBM model 1
       (Brown et al. 1993) says that with a probability of ``LIKELY``, and expects it ``SEEN_WELL`` times.

    A noun is called by its most frequent form; other words by their lemma or, where that is none of the forms, by the
    form without an adjective's ending, if it is one.

    Returns:
        A row a German keyword, in alphabetical order: ``keyword`` as it is compared, ``written`` as Germans write it,
        ``english, forms, words`` (with spaces between), ``pairs`` (how many say it and its English words), ``dice``.
    """
    english, german = _english_words(pairs["english"]), _german_words(pairs["german"])
    groups = _groups(english, german, keywords)
    meant = {group: _meant(english, group, words) for group, words in groups.items()}
    forms = _disjoint({group: _forms(english, german, group, meant[group]) for group in groups})
    counts = {group: _agreement(english, german, meant[group], forms[group]) for group in groups}
    kept = [group for group, (both, dice) in counts.items() if both >= LEAST_PAIRS and dice >= LEAST_DICE]
    others = _likely(english, german, {group: forms[group] for group in kept})
    rows = []
    for group in kept:
        written = _written(german, group, forms[group])
        first, more = groups[group], sorted({*meant[group], *others.get(group, ())} - {*groups[group]})
        ordered = sorted(forms[group], key=lambda form: (form != normalise(written), form))
        lists = (" ".join(words) for words in (first, ordered, (*first, *more)))
        rows.append((normalise(written), written, *lists, *counts[group]))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.sort_values("keyword").reset_index(drop=True)


def _english_words(texts: pd.Series) -> pd.DataFrame:
    """Every word: ``pair, word, stem``."""
    rows = [(pair, normalise(word)) for pair, text in enumerate(texts) for word in flickr8k.spoken_text(text).split()]
    table = pd.DataFrame(rows, columns=["pair", "word"])
    return table.assign(stem=table["word"].map(stem))


def _german_words(texts: pd.Series) -> pd.DataFrame:
    """Every word: ``pair, form, lemma, noun, group``; ``form`` is in lower case, a group of nouns with a capital."""
    rows = [
        (pair, normalise(word), word[0].isupper(), place == 0)
        for pair, text in enumerate(texts)
        for place, word in enumerate(_WORD.findall(unicodedata.normalize("NFC", text)))
    ]
    table = pd.DataFrame(rows, columns=["pair", "form", "capital", "first"]).astype({"capital": bool, "first": bool})
    elsewhere = table[~table["first"]].groupby("form")["capital"].mean()
    mostly = table["form"].map(elsewhere).fillna(1.0) > 0.5
    table["noun"] = table["capital"].where(~table["first"], mostly)
    cased = table["form"].where(~table["noun"], table["form"].str.capitalize())
    table["lemma"] = cased.map(_lemma)
    stems = table["lemma"].map(lambda lemma: stem(normalise(lemma), "german"))
    return table.assign(group=stems.where(~table["noun"], stems.str.capitalize()))


@cache
def _lemma(word: str) -> str:
    return simplemma.lemmatize(word, "de")


def _groups(english: pd.DataFrame, german: pd.DataFrame, keywords: Iterable[str]) -> dict[str, list[str]]:
    """The English keywords of each group of German words that translates any."""
    said = german[["pair", "group"]].drop_duplicates()
    totals = said["group"].value_counts()
    found = dict[str, list[str]]()
    for keyword in keywords:
        wanted = english.loc[english["stem"] == stem(keyword), "pair"].unique()
        both = said.loc[said["pair"].isin(wanted), "group"].value_counts()
        longer = [name for name in both.index if _begins_with(name, keyword)]
        dice = (2 * both / (len(wanted) + totals.loc[both.index])).drop(longer).sort_index()
        best = str(dice.idxmax()) if len(dice) else ""
        if best and both[best] >= LEAST_SHARE * len(wanted):
            found.setdefault(best, []).append(keyword)
    return found


def _begins_with(group: str, keyword: str) -> bool:
    """Whether a group of nouns is a compound whose first part is the English keyword itself."""
    return group.startswith(keyword.capitalize()) and group.lower() != stem(keyword, "german")


def _is_noun(group: str) -> bool:
    return group[:1].isupper()


def _meant(english: pd.DataFrame, group: str, keywords: Collection[str]) -> set[str]:
    """The English words that a group stands for: the keywords, and unless it is a noun what has their stems."""
    if _is_noun(group):
        return set(keywords)
    return {*keywords, *english.loc[english["stem"].isin({stem(word) for word in keywords}), "word"]}


def _forms(english: pd.DataFrame, german: pd.DataFrame, group: str, meant: Collection[str]) -> dict[str, float]:
    """The forms of a group that translate what it means, each with its share."""
    counts = german.loc[german["group"] == group, "form"].value_counts()
    rows = german.loc[german["form"].isin(counts.index), ["pair", "form"]].drop_duplicates()
    wanted = english.loc[english["word"].isin(meant), "pair"]
    shares = rows["pair"].isin(wanted).groupby(rows["form"]).mean()
    seen = counts.index[counts >= SEEN]
    best = shares.loc[counts.index[counts >= SEEN_WELL]].max()
    kept = {str(form): float(shares[form]) for form in seen if shares[form] > 0 and not shares[form] < best / 2}
    if kept and not _is_noun(group):
        bare = _bare(max(kept, key=lambda form: counts[form]))
        endings = [bare + ending for ending in ADJECTIVE_ENDINGS]
        if sum(form in kept for form in endings) >= 2:
            kept |= {form: 0.0 for form in endings if form not in seen}
    return kept


def _bare(form: str) -> str:
    """An adjective without its ending."""
    return next((form.removesuffix(ending) for ending in ADJECTIVE_ENDINGS[1:] if form.endswith(ending)), form)


def _disjoint(forms: Forms) -> Forms:
    """``forms`` with each form in the group alone where its share is largest."""
    owners = dict[str, str]()
    for group, shares in forms.items():
        for form, share in shares.items():
            if form not in owners or share > forms[owners[form]][form]:
                owners[form] = group
    return {group: {form: share for form, share in shares.items() if owners[form] == group}
            for group, shares in forms.items()}  # fmt: skip


def _agreement(
    english: pd.DataFrame, german: pd.DataFrame, meant: Collection[str], forms: Collection[str]
) -> tuple[int, float]:
    """How many pairs say both, and the Dice coefficient."""
    ours = set(german.loc[german["form"].isin(forms), "pair"])
    theirs = set(english.loc[english["word"].isin(meant), "pair"])
    return len(ours & theirs), 2 * len(ours & theirs) / max(1, len(ours) + len(theirs))


def _written(german: pd.DataFrame, group: str, forms: Mapping[str, float]) -> str:
    """What a keyword is called, as Germans write it."""
    rows = german[(german["group"] == group) & german["form"].isin(forms)]
    common = str(rows["form"].mode()[0])
    if _is_noun(group):
        return common.capitalize()
    lemma, bare = str(rows["lemma"].mode()[0]), _bare(common)
    names = [lemma, bare] if simplemma.is_known(lemma, "de") else [bare]
    return next((name for name in names if name in forms), common)


def _likely(english: pd.DataFrame, german: pd.DataFrame, forms: Forms) -> dict[str, list[str]]:
    """The English words that are translated by a form of each group more often than not."""
    ours = [form in forms.get(group, ()) for form, group in zip(german["form"], german["group"], strict=True)]
    tokens = german["group"].where(
        np.array(ours, bool), "-" + german["group"]
    )  # other forms of a group are other words
    table = translations(english[["pair", "word"]], german[["pair"]].assign(word=tokens))
    table = table[(table["probability"] >= LIKELY) & (table["expected"] >= SEEN_WELL) & table["german"].isin(forms)]
    return {str(group): list(words) for group, words in table.groupby("german")["english"]}


def translations(english: pd.DataFrame, german: pd.DataFrame, rounds: int = ROUNDS) -> pd.DataFrame:
    """IBM model 1 (Brown et al. 1993): how probably an English word is translated by a German one.

    Words of a pair compete for one another, so that what is said in company (a wave and its surfer) is not taken for a
    translation, as counting would have it. Every text has an empty word "" that explains what nothing else does.

    Args:
        english, german: a row a word of each text: ``pair, word``.
        rounds: of expectation and maximisation, from all being equally probable.

    Returns:
        ``english, german, probability, expected``: every two words of one pair, and how often the German one is
        expected to stand for the English one.
    """
    empty = pd.DataFrame({"pair": german["pair"].unique(), "word": ""})
    sources = pd.concat([empty, english[["pair", "word"]]])
    links = german[["pair", "word"]].reset_index(drop=True).reset_index(names="token")
    links = links.merge(sources, on="pair", suffixes=("_german", "_english"))
    token = links["token"].to_numpy()
    theirs, english_words = links["word_english"].factorize()
    ours, german_words = links["word_german"].factorize()
    kinds, which = np.unique(theirs.astype(np.int64) * len(german_words) + ours, return_inverse=True)
    source, target = np.divmod(kinds, max(1, len(german_words)))
    table = pd.DataFrame({"english": english_words[source], "german": german_words[target]})
    chance = np.ones(len(table))
    expected = chance.copy()
    for _ in range(rounds):
        weight = chance[which]
        weight = weight / np.bincount(token, weight)[token]
        expected[:] = np.bincount(which, weight, len(table))
        chance = expected / np.bincount(source, expected)[source]
    return table.assign(probability=chance, expected=expected)


def write_keywords(source: Path, path: Path = CSV) -> pd.DataFrame:
    """Derive the German keywords from the Flickr8k in ``source`` and store them in ``path``; returns them."""
    table = counterparts(read_pairs(source))
    with whole_file(path) as place:
        table.assign(dice=table["dice"].map("{:.3f}".format)).to_csv(place, index=False, lineterminator="\n")
    return table


def main(arguments: Sequence[str]) -> None:
    if len(arguments) != 1:
        raise SystemExit("Name the folder of Flickr8k: python -m vgsnb.parallel <folder>")
    try:
        table = write_keywords(Path(arguments[0]))
    except UserError as error:
        raise SystemExit(str(error)) from error
    print(f"{len(table)} German keywords in {CSV}")


if __name__ == "__main__":
    main(sys.argv[1:])
