"""The chapter on Flickr8k: the papers' tables and figures from stored results, or a sentence where there are none.

Tables and figures are HTML that names the corpus in every caption; results come as ``vgsnb.report.stored`` reads them.
"""

import io
from base64 import b64encode
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import Any, cast

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import HTML
from matplotlib.axes import Axes
from torch import nn

from vgsnb.localisation import methods_for
from vgsnb.models import ARCHITECTURES, KeywordModel, build
from vgsnb.models.pooling import Attention, LogMeanExp, MaxOverTime
from vgsnb.report import plots, tables
from vgsnb.report.player import data_url
from vgsnb.report.provenance import stored_table
from vgsnb.report.stored import Stored
from vgsnb.report.tables import Cell, Row
from vgsnb.scenes import english
from vgsnb.scenes.facts import sample_scene
from vgsnb.seeds import generator
from vgsnb.vision.drawing import draw
from vgsnb.vocabulary import KEYWORDS

NOTHING = (
    "No results of <code>{preset}</code> are stored in <code>book/results</code> yet: make them with "
    "<code>{make}</code>, then keep them with <code>.venv/bin/vgsnb keep --preset {preset}</code>."
)
OTHER_SPEECH = (
    "The published scores are of recorded speech and ours of synthesised speech: scores of different speech, of which "
    "neither is better or worse than the other. Only differences within our own tables are claims."
)
FEW = (
    "of so few a ranking can put fewer right ones first, so that P@10 and table V do not compare with those of methods "
    "that place in all"
)
LOCATED = Path(__file__).with_name("located_published.csv")
TOP = 20  # utterances a query in Table V
# Table I of 2022: encoder, pooling, classifier, localisation.
TABLE_I = {
    "PSC": (["CNN"], ["log-mean-exp"], ["–"], ["score-aggregation"]),
    "CNN-Pool": (["CNN-Pool"], ["max"], ["MLP(1024, W)"], ["grad-cam"]),
    "CNN-Attend": (["CNN"], ["attention"], ["MLP(1000, 1)"], ["attention", "masked-in", "masked-out"]),
    "CNN-PoolAttend": (["CNN-Pool"], ["attention"], ["MLP(1000, 1)"], ["attention", "masked-in", "masked-out"]),
}
POOLING = {LogMeanExp: "log-mean-exp", MaxOverTime: "max", Attention: "attention"}
# Section V-B of 2022 on Figure 5: keywords with a detection, and the lowest and highest F1 among them.
FIGURE_5 = {"Keywords that are ever detected": 45 / 67, "Lowest F1 of these": 0.014, "Highest F1 of these": 0.657}


def about(kept: Stored) -> HTML:
    """Which preset, which corpus, how many utterances, and what may be compared; or how to make results."""
    other = f"<p>{OTHER_SPEECH}</p>" if "synthesised" in kept.corpus else ""
    return HTML(measured_on(kept).data + other)


def measured_on(kept: Stored, preset: str = "paper-small", only: str = "") -> HTML:
    """Which preset, which corpus and how many utterances; or how to make those of ``preset``, ``only`` one run's."""
    if not kept.preset:
        make = f".venv/bin/vgsnb run --preset {preset} --only {only}" if only else f"make results PRESET={preset}"
        return HTML(f"<p>{NOTHING.format(preset=preset, make=make)}</p>")
    corpus = f"<b>{escape(kept.corpus)}</b>"
    counted = f": {_utterances(kept)}" if len(kept["localisation"]) or len(kept["detection"]) else ""
    return HTML(f"<p>Shown is the preset <b>{escape(kept.preset)}</b> on {corpus}{counted}.</p>")


def _utterances(kept: Stored) -> str:
    placed, found = kept["localisation"], kept["detection"]
    every = max((int(table["n_utterances"].max()) for table in (placed, found) if len(table)), default=0)
    fewer = placed[placed["n_utterances"] < every] if len(placed) else placed
    parts = [
        f"{count:,} of them for {escape(', '.join(rows['method'].unique()))}"
        for count, rows in (fewer.groupby("n_utterances") if len(fewer) else ())
    ]
    return "; ".join([f"{every:,} test utterances", *parts, *([FEW] if parts else [])])


def titled(what: str, kept: Stored) -> str:
    """A caption with the name of the corpus."""
    return " – ".join(part for part in (what, kept.corpus) if part)


def missing(what: str, kept: Stored) -> HTML:
    """The sentence in place of what was not computed."""
    where = f"at the preset {kept.preset}" if kept.preset else "yet"
    return HTML(f"<p><em>{escape(f'{what}: this has not been computed {where}.')}</em></p>")


def table(kept: Stored, what: str, make: Callable[..., str], *frames: pd.DataFrame) -> HTML:
    """What ``make`` makes of stored ``frames``, or the sentence where one of them is empty."""
    return missing(what, kept) if any(frame.empty for frame in frames) else HTML(make(*frames))


def figure(kept: Stored, what: str, show: Callable[..., Axes | np.ndarray], *frames: pd.DataFrame) -> HTML:
    """The plot of ``frames`` with a caption below it, or the sentence where one of them is empty."""
    if any(frame.empty for frame in frames):
        return missing(what, kept)
    drawn = np.asarray(show(*frames)).flat[0].figure
    stream = io.BytesIO()
    drawn.savefig(stream, format="png")
    plt.close(drawn)
    return _figure(f"data:image/png;base64,{b64encode(stream.getvalue()).decode()}", titled(what, kept))


def _figure(source: str, caption: str, width: str = "750px") -> HTML:
    picture = f'<img src="{source}" alt="{escape(caption)}" style="width: 100%; max-width: {width}">'
    said = f'<figcaption style="color: inherit; font-weight: 400">{escape(caption)}</figcaption>'
    return HTML(f'<figure style="margin: 1rem 0">{picture}{said}</figure>')


def compared(kept: Stored) -> pd.DataFrame:
    """The published numbers with the stored ones beside them, those at the threshold of 2021 among them."""
    return tables.compare(*(_both(kept, name, f"at_2021_{name}") for name in ("localisation", "detection")))


def _both(kept: Stored, *names: str) -> pd.DataFrame:
    found = [kept[name] for name in names if len(kept[name])]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def comparison(kept: Stored, name: str, paper: int = 2022) -> HTML:
    """One table of numbers of a paper, published beside ours, or the sentence where nothing of it is ours."""
    rows = compared(kept).query("table == @name and paper == @paper").dropna(subset="ours")
    what = tables.CAPTIONS[paper, name]
    return table(kept, what, lambda _: tables.comparison_html(compared(kept), name, paper), rows)


def left_out(kept: Stored, every: Sequence[Stored]) -> HTML:
    """The papers' tables of the largest of ``every`` that has architectures which ``kept`` lacks, if there is one."""
    more = next((each for each in every if _trained(each) - _trained(kept)), None)
    if more is None:
        return HTML("<p>No stored preset has more architectures.</p>")
    shown = (comparison(more, name, paper) for paper, name in tables.CAPTIONS)
    return HTML("".join(each.data for each in (measured_on(more), *shown)))


def _trained(kept: Stored) -> set[str]:
    return set(kept.record.get("numbers", {}).get("systems", {}).get("architectures", ()))


def pooling(kept: Stored) -> HTML:
    """What pooling in the encoder costs, of the preset that has encoders with it and without."""
    what = "Pooling in the encoder"
    return HTML(measured_on(kept).data + table(kept, what, tables.pooling_effect_html, kept["pooling"]).data)


def architectures(kept: Stored) -> HTML:
    """Table I of 2022: what the architectures are put together from, in the paper and in the registry."""
    numbers = kept.record.get("numbers", {})
    trained = numbers.get("systems", {}).get("architectures", list(ARCHITECTURES))
    rows = []
    for name, theirs in TABLE_I.items():
        ours = _parts(build(name, KEYWORDS, **numbers.get("models", {}).get(name, {})))
        cells = [_stacked(part) for pair in zip(theirs, ours, strict=True) for part in pair]
        rows.append(Row((name,), tuple(cells), aside=name not in trained))
    names = ("Encoder", "Pooling", "Classifier", "Localised by")
    columns = [(name, side) for name in names for side in ("2022", "ours")]
    caption = titled("Table I of Olaleye et al. (2022): four architectures", kept)
    note = "MLP(inputs, outputs), W keywords. Slanted: not trained at this preset."
    return HTML(tables.html_table(["Architecture"], columns, rows, caption, note))


def _stacked(lines: Sequence[str]) -> Cell:
    """A cell of words with its lines below each other."""
    return Cell(lines[0], tuple(lines[1:]), words=True)


def _parts(model: KeywordModel) -> tuple[list[str], list[str], list[str], list[str]]:
    """The encoder, pooling, classifier and localisation methods of ``model``, as Table I calls them."""
    layers = [layer for layer in model.classifier.modules() if isinstance(layer, nn.Linear)]
    sizes = (str(layers[0].in_features), _width(layers[-1], model)) if layers else ()
    classifier = f"MLP({', '.join(sizes)})" if layers else "–"
    encoder = "CNN-Pool" if cast(Any, model.encoder).stride > 1 else "CNN"
    return [encoder], [POOLING[type(model.pooling)]], [classifier], methods_for(model)


def _width(layer: nn.Linear, model: KeywordModel) -> str:
    return "W" if layer.out_features == len(model.keywords) else str(layer.out_features)


def located(kept: Stored) -> HTML:
    """Table V of 2022 for the paper's queries: the words most often located, published beside ours."""
    return table(kept, "Table V for the paper's queries", lambda ours: _located(ours, kept), kept["located"])


def _located(ours: pd.DataFrame, kept: Stored) -> str:
    theirs = pd.read_csv(LOCATED, keep_default_na=False)
    theirs = theirs.assign(right=theirs["word"] == theirs["keyword"])
    rows = [_query(query, rows, ours[ours["keyword"] == query]) for query, rows in theirs.groupby("keyword")]
    shares = [("The query itself", name) for name in ("2022", "ours", "95 % interval", "difference")]
    columns = [("Words most often located", name) for name in ("2022", "ours")] + shares
    caption = titled("Table V of 2022: what is located for a query", kept)
    note = (
        f"Counts of {TOP} utterances; -: no word. The query itself: percent of {TOP}, Wilson's interval. The paper has "
        f"sixteen queries; these are the {len(rows)} of which we could read the counts."
    )
    return tables.html_table(["Query"], columns, rows, caption, note)


def _query(query: Any, theirs: pd.DataFrame, ours: pd.DataFrame) -> Row:
    counts = [int(side.loc[side["right"].astype(bool), "count"].sum()) for side in (theirs, ours)]
    shares = [count / TOP for count in counts]
    low, high = tables.share_interval(counts[1], TOP)
    numbers = (tables.percent(shares[0]), tables.percent(shares[1]), f"[{tables.percent(low)}, {tables.percent(high)}]")
    values = (*numbers, tables.percent(shares[1] - shares[0], signed=True))
    if ours.empty:  # too rare to be learned at this preset
        values = (numbers[0], "–", "–", "–")
    return Row((str(query),), (_words(theirs), _words(ours), *(Cell(value) for value in values)))


def _words(rows: pd.DataFrame) -> Cell:
    """Words with their counts, the first on a line of its own."""
    words = [f"{row['word']} {row['count']}" for row in rows.to_dict("records")] or ["–"]
    return _stacked([line for line in (words[0], ", ".join(words[1:3]), ", ".join(words[3:])) if line])


def keyword_f1(kept: Stored) -> HTML:
    """Figure 5 of 2022, and the three numbers that the paper says of it."""
    what = "Figure 5 of 2022: F1 of actual localisation by keyword, CNN-Attend with VGS and masked-in"
    shown = figure(kept, what, lambda rows: plots.keyword_f1(rows.set_index("keyword")), kept["by_keyword"])
    counted = table(kept, "Figure 5 in numbers", lambda rows: _figure_5(rows, kept), kept["by_keyword"])
    return HTML(shown.data + counted.data)


def _figure_5(by_keyword: pd.DataFrame, kept: Stored) -> str:
    f1 = by_keyword.set_index("keyword")["f1"][by_keyword["detections"].to_numpy() > 0]
    ours = (len(f1) / len(by_keyword), f1.min(), f1.max())
    low, high = tables.share_interval(len(f1), len(by_keyword))
    around = (f"[{tables.percent(low)}, {tables.percent(high)}]", "–", "–")
    names = (f"{len(f1)} of {len(by_keyword)}", *((f1.idxmin(), f1.idxmax()) if len(f1) else ("–", "–")))
    theirs = ("45 of 67", "dogs", "beach")
    rows = [
        Row(
            (what,),
            (
                Cell(tables.percent(published), (theirs[n],)),
                Cell(tables.percent(ours[n]), (str(names[n]),)),
                Cell(around[n]),
                Cell(tables.percent(ours[n] - published, signed=True)),
            ),
        )
        for n, (what, published) in enumerate(FIGURE_5.items())
    ]
    columns = [("2022",), ("Ours",), ("95 % interval",), ("Difference",)]
    masked = kept["localisation"].query("method == 'masked-in'") if len(kept["localisation"]) else by_keyword.iloc[:0]
    among = f" Ours among {int(masked['n_utterances'].min()):,} masked utterances." if len(masked) else ""
    note = f"Percent. Wilson's interval of the share; the extremes of a set have none.{among}"
    return tables.html_table(["Figure 5"], columns, rows, titled("Figure 5 of 2022 in numbers", kept), note)


def grounding(kept: Stored) -> HTML:
    """Figure 6 of 2022, from F1 by keyword and the tagger's average precision."""

    def show(by_keyword: pd.DataFrame, tagging: pd.DataFrame) -> Axes:
        detected = by_keyword[by_keyword["detections"] > 0].set_index("keyword")["f1"]
        return plots.grounding(detected, tagging.set_index("keyword")["average_precision"])

    what = "Figure 6 of 2022: F1 of actual localisation against the tagger's average precision, a keyword a point"
    return figure(kept, what, show, kept["by_keyword"], kept["tagging"])


def departures(kept: Stored) -> HTML:
    """What each departure of the released code is worth, of the preset that tried them."""
    what = "What each departure of the released code is worth"
    return HTML(measured_on(kept).data + table(kept, what, tables.departures_html, kept["released"]).data)


def further(kept: Sequence[Stored]) -> HTML:
    """What each recipe gives over the paper's, and how near it comes to what is aimed at; of each preset."""
    gained, reached = "What each recipe gives over the paper's", "What is aimed at, and what is reached"
    parts = [
        shown.data
        for each in kept
        for shown in (
            measured_on(each),
            table(each, gained, tables.gains_html, each["further"]),
            table(each, reached, lambda rows: tables.reached_html(tables.reached(rows)), each["further"]),
        )
    ]
    return HTML("".join(parts))


def curves(kept: Stored, name: str) -> HTML:
    """A figure of score maps, ``name`` as in the table of curves: "7 of 2022" or "2 of 2021"."""
    every = kept["curves"]
    rows = every[every["figure"] == name] if len(every) else every
    shown = list(rows.drop_duplicates("panel")["keyword"]) if len(rows) else list[str]()
    method = f", by {rows['method'].iloc[0]}" if len(rows) else ""
    return figure(kept, f"Figure {name}: {', '.join(shown) or 'score maps'}{method}", plots.curves, rows)


def scene(kept: Stored, seed: int = 4) -> HTML:
    """In place of figure 4 of 2022, a photograph with its captions, a drawn scene with its captions."""
    drawn = sample_scene(generator(seed, "scene"))
    texts = [english.describe(drawn, generator(seed, "describer", str(number))) for number in range(5)]
    picture = draw(drawn, generator(seed, "drawing"), 240)
    caption = (
        "Figure 4 of 2022 is a photograph of Flickr8k with its captions, which are not ours to hand on. "
        "In its place: a drawn scene with its captions – Spoken Scenes"
    )
    items = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return HTML(_figure(data_url(picture), caption, "240px").data + f"<ol>{items}</ol>")


def origin(kept: Stored) -> HTML:
    """Where the stored results come from; nothing where there are none."""
    return HTML(stored_table(kept.record) if kept.preset else "")
