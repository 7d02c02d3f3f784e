"""The live cell, in a notebook that is executed: it follows the menus."""

import nbformat
from nbclient import NotebookClient

SHOW = """
from IPython.display import HTML
from vgsnb.report import live
live.choose(lambda word, place: HTML(f"{word} {place}"), word=["dog", "cat"], place=["here"])
"""
CHOOSE = """
import ipywidgets
known = ipywidgets.widgets.widget._instances.values()
menu, = [widget for widget in known if getattr(widget, "description", "") == "word"]
menu.value = "cat"
"""


def test_the_live_cell_follows_its_menus_without_an_output_widget() -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in (SHOW, CHOOSE)])
    client = NotebookClient(notebook, timeout=60, kernel_name="python3")
    client.execute()
    (live,) = [
        output.data["text/html"] for output in notebook.cells[0].outputs if "text/html" in output.get("data", {})
    ]
    assert live == "cat here"
    assert "OutputModel" not in {state.get("_model_name") for state in client.widget_state.values()}
