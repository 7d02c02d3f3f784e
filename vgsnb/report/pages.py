"""What notebooks show of a corpus: utterances with their player, captions, rankings, pictures with tags."""

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd
from IPython.display import HTML

from vgsnb.corpora import Corpus
from vgsnb.report.player import data_url, player


def utterance(corpus: Corpus, utterance_id: str, explained: Mapping[str, Any] | None = None) -> HTML:
    """One utterance: picture, sound, words and, with ``explained`` (``steps.explain``), scores and places."""
    row = corpus.utterances.set_index("utterance_id").loc[utterance_id]
    samples, rate = corpus.audio(utterance_id)
    words = corpus.words[corpus.words["utterance_id"] == utterance_id]
    picture = corpus.shown(str(row["image_id"]))
    return HTML(
        player(
            picture,
            samples,
            rate,
            words,
            **(explained or {}),
            title=f"{utterance_id}, voice {row['speaker']}",
            alt=f"Picture of the caption: {row['text']}",
        )
    )


def captions(texts: pd.DataFrame) -> HTML:
    """The captions of pictures, a row each; ``texts`` holds lists of captions by picture and language."""
    head = "".join(f'<th scope="col">{escape(language)}</th>' for language in texts.columns)
    body = "".join(
        f'<tr style="vertical-align: top"><th scope="row">{escape(str(picture))}</th>'
        + "".join(f"<td>{'<br>'.join(escape(text) for text in row[language])}</td>" for language in texts.columns)
        + "</tr>"
        for picture, row in texts.iterrows()
    )
    return HTML(f'<table class="vgsnb-table"><thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody></table>')


def ranking(corpus: Corpus, scores: pd.Series, keyword: str, most: int = 10) -> HTML:
    """The ``most`` utterances that are ranked highest for ``keyword``, with their captions."""
    texts = corpus.utterances.set_index("utterance_id")["text"]
    best = scores.nlargest(most)
    rows = "".join(
        f"<li>{score:.2f} {'✓' if keyword in text.split() else '✗'} {escape(text)}</li>"
        for text, score in zip(texts.loc[best.index], best, strict=True)
    )
    return HTML(f"<ol>{rows}</ol>")


def picture(corpus: Corpus, image_id: str, tags: pd.Series, most: int = 8) -> HTML:
    """A picture with its strongest soft tags."""
    rows = "".join(f"<li>{escape(str(word))} {tag:.2f}</li>" for word, tag in tags.nlargest(most).items())
    alt = f"Picture {image_id} with its strongest tags beside it"
    return HTML(f'<img src="{data_url(corpus.shown(image_id))}" alt="{escape(alt)}"><ol>{rows}</ol>')
