"""The parts of a small book: executed notebooks as runs leave them, with players and plots."""

import io
from base64 import b64encode
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from vgsnb.report.player import player
from vgsnb.report.provenance import provenance, provenance_table

matplotlib.use("Agg")

PROJECT = Path(__file__).parents[2]
RATE = 16_000
NASTY = "</script><img src=x onerror=alert(1)>"
WORDS = pd.DataFrame(
    [("a", 0.30, 0.36), ("black", 0.40, 0.75), ("dog", 1.00, 1.40), ("leaps", 1.45, 1.80), (NASTY, 2.0, 2.4)],
    columns=["word", "start", "end"],
)
RUN = "runs/quick/train-CNN-Attend-VGS/notebook"


def tone():
    """Silence with a tone wherever a word is."""
    time = np.arange(int(2.6 * RATE)) / RATE
    spoken = ((WORDS["start"].to_numpy() <= time[:, None]) & (time[:, None] < WORDS["end"].to_numpy())).any(axis=1)
    return (0.5 * spoken * np.sin(2 * np.pi * 400 * time)).astype(np.float32)


def utterance(keywords=("dog", "black")):
    """The player of an utterance in which *dog* is placed rightly and *black* wrongly."""
    times = np.arange(260) * 0.01
    maps = {word: (np.exp(-(((times - 1.2) / 0.1) ** 2)), times) for word in keywords}
    places = dict.fromkeys(keywords, (1.2, 1.0, 1.4))
    picture = Image.new("RGB", (96, 96), (90, 160, 220))
    scores = {word: 0.9 - 0.3 * number for number, word in enumerate(keywords)}
    return player(picture, tone(), RATE, WORDS, maps, places, scores, title=f"Utterance {NASTY}", alt="A blue square")


def output(html):
    return new_output("execute_result", {"text/html": html, "text/plain": "<HTML>"})


def plot():
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(4, 2))
    axes.plot([3, 1, 2])
    stream = io.BytesIO()
    figure.savefig(stream)
    pyplot.close(figure)
    return b64encode(stream.getvalue()).decode()


def notebook(title, **names):
    """An executed notebook as a run leaves it."""
    record = provenance("notebooks/03.ipynb", names, names, project=PROJECT, device="cpu", hashes={}, seconds=1)
    drawn = new_code_cell("plots.history(history)", metadata={"mystnb": {"image": {"alt": "Loss by epoch"}}})
    drawn.outputs = [new_output("display_data", {"image/png": plot(), "text/plain": "<Figure>"})]
    cells = [new_markdown_cell(f"# {title}"), drawn, new_markdown_cell("## Listen")]
    cells += [new_code_cell("show(utterance)", outputs=[output(utterance(words))]) for words in (("dog", "black"), ())]
    cells += [
        new_code_cell("provenance", outputs=[output(provenance_table(record))], metadata={"tags": ["hide-input"]})
    ]
    about = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return new_notebook(cells=cells, metadata={**about, "myst": {"substitutions": names}})
