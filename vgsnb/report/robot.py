"""One-shot learning on a page: tables, the curve over shots, and episodes to be played as static HTML.

Who plays is the robot of Eloff et al. (2019): it is shown one word with one picture a class, hears a query by somebody
else, and chooses among new pictures; then it sees what each method chose.
"""

import base64
from collections.abc import Mapping, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from PIL import Image

from vgsnb.report.player import asset, clip, data_url, inside_script
from vgsnb.report.tables import Row, difference_cell, html_table, measure_cell, of_corpus

FloatArray = npt.NDArray[np.float32]
CHANCE = "chance"  # in the place of a method
SIDE = 64  # pixels of a picture on the page
LOUD = 0.5  # of full scale, the loudest sample of every word: voices of recordings differ


class Episode(NamedTuple):
    """What is shown, asked and answered: sounds are samples at ``rate``, pictures (S, S) in [0, 1], 1 where the ink is.

    ``right`` are the places of the right choices, ``answers`` that of each method's.
    """

    shown: Sequence[tuple[FloatArray, FloatArray]]
    query: FloatArray
    choices: Sequence[FloatArray]
    right: Sequence[int]
    answers: Mapping[str, int]
    word: str
    rate: int


def robot(episodes: Sequence[Episode]) -> str:
    """Episodes that are played without a kernel; without JavaScript a sentence says what is missing."""
    data = [
        {
            "shown": [
                {"sound": _sound(sound, each.rate), "picture": _picture(picture)} for sound, picture in each.shown
            ],
            "query": _sound(each.query, each.rate),
            "choices": [_picture(picture) for picture in each.choices],
            "right": [int(place) for place in each.right],
            "answers": {name: int(place) for name, place in each.answers.items()},
            "word": each.word,
        }
        for each in episodes
    ]
    return "\n".join(
        [
            f"<style>{asset('robot.css')}</style>",
            '<section class="vgsnb-robot" aria-label="One-shot matching, to be played">',
            '<div class="vgsnb-game" hidden></div>',
            '<p class="vgsnb-plain">To play, open this page with JavaScript: you hear words and choose pictures.</p>',
            f'<script type="application/json" class="vgsnb-data">{inside_script(data)}</script>',
            "</section>",
            f"<script>{asset('robot.js')}</script>",
        ]
    )


def _sound(samples: FloatArray, rate: int) -> str:
    loudest = max(float(np.abs(samples).max(initial=0.0)), 1e-6)
    return "data:audio/mpeg;base64," + base64.b64encode(clip(samples * (LOUD / loudest), rate)).decode()


def _picture(pixels: FloatArray) -> str:
    image = Image.fromarray((255 * (1 - pixels)).round().astype(np.uint8))
    return data_url(image.resize((SIDE, SIDE), Image.Resampling.NEAREST))


def accuracies_html(table: pd.DataFrame, caption: str) -> str:
    """Accuracies with one and with the most examples: a row a method, with its difference to the first one."""
    tasks, base, shots = list(dict.fromkeys(table["task"])), table["method"].iloc[0], [table["shots"].min()]
    shots += [most] if (most := table["shots"].max()) > shots[0] else []
    rows = []
    for method, own in table.groupby("method", sort=False):
        cells = []
        for task, count in product(tasks, shots):
            row = dict(own[(own["task"] == task) & (own["shots"] == count)].iloc[0])
            row |= {"accuracy_low": row["low"], "accuracy_high": row["high"]}
            cells.append((measure_cell if method == base else difference_cell)(row, "accuracy"))
        rows.append(Row((str(method),), tuple(cells), aside=method == CHANCE))
    columns = [(task, f"{count} example{'s' if count > 1 else ''} a class") for task, count in product(tasks, shots)]
    note = (
        f"Percent [95 % interval over {table['episodes'].iloc[0]} episodes and up to {table['models'].max()} models a "
        f"method]. Below, the difference to {base} on the same episodes, marked where its interval leaves out zero."
    )
    return html_table(["Method"], columns, rows, of_corpus(caption, table), note)
