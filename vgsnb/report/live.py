"""The live cell of a notebook: choose, and look again, on the same functions as the static page."""

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets
from IPython.display import display


def choose(show: Callable[..., Any], **choices: Sequence[Any]) -> None:
    """A menu for each of ``choices``; ``show(**chosen)`` is displayed below, anew at every choice.

    Call it in a cell tagged ``live``: a rendered book has no kernel behind it and shows a note in that cell's place.
    """
    menus = {
        name: ipywidgets.Dropdown(options=list(options), description=name, layout={"width": "28rem"})
        for name, options in choices.items()
    }

    def chosen() -> Any:
        return show(**{name: menu.value for name, menu in menus.items()})

    display(ipywidgets.VBox([*menus.values()]))
    # No Output widget: notebooks that are run without anybody before them now and then wait for ever for its answer.
    place = display(chosen(), display_id=True)
    for menu in menus.values():
        menu.observe(lambda _: place.update(chosen()), names="value")
