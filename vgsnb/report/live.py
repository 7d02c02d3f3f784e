"""The live cell of a notebook: choose, and look again, on the same functions as the static page."""

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets
from IPython.display import HTML, display

NOTE = (
    "<p><em>Here stand menus to choose from, when this notebook is open in JupyterLab (<code>make lab</code>).</em></p>"
)


def choose(show: Callable[..., Any], **choices: Sequence[Any]) -> None:
    """A menu for each of ``choices``; ``show(**chosen)`` is displayed below, anew at every choice.

    A rendered book has no kernel behind it: there, a note stands in the widgets' place.
    """
    menus = {
        name: ipywidgets.Dropdown(options=list(options), description=name, layout={"width": "28rem"})
        for name, options in choices.items()
    }
    output = ipywidgets.Output()

    def look(_: Any = None) -> None:
        output.clear_output(wait=True)
        with output:
            display(show(**{name: menu.value for name, menu in menus.items()}))

    for menu in menus.values():
        menu.observe(look, names="value")
    look()
    display(ipywidgets.VBox([*menus.values(), output]))
    display(HTML(f'<div class="vgsnb-live-note">{NOTE}</div>'))
