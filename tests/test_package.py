"""What the README's example uses is there, and a room imports only from the rooms below it."""

import ast
from pathlib import Path

import pytest

import vgsnb

# From the ground up, as in the README; a floor may hold several rooms that do not import one another.
FLOORS = [
    {"errors"},
    {"files", "seeds", "vocabulary"},
    {"devices", "settings", "scenes", "languages"},
    {"speech"},
    {"vision"},
    {"corpora"},
    {"models", "parallel"},
    {"training"},
    {"tagging"},
    {"localisation"},
    {"evaluation"},
    {"released"},
    {"further"},
    {"searching"},
    {"report"},
    {"steps"},
    {"summary"},
    {"meaning", "oneshot", "wordlearning", "jointspace"},
    {"another_language"},
    {"runs"},
    {"keeping"},
    {"cli"},
]
HEIGHT = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
SOURCES = sorted(Path(vgsnb.__file__).parent.rglob("*.py"))


def rooms_imported(path: Path) -> set[str]:
    names = [
        f"{node.module}.{alias.name}" if node.module == "vgsnb" else node.module
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    ]
    return {name.split(".")[1] for name in names if name.startswith("vgsnb.")}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: "/".join(path.parts[-2:]))
def test_a_room_imports_only_from_the_rooms_below_it(path: Path) -> None:
    relative = path.relative_to(Path(vgsnb.__file__).parent)
    room = relative.parts[0].removesuffix(".py")
    if room != "__init__":
        too_high = {other for other in rooms_imported(path) - {room} if HEIGHT[other] >= HEIGHT[room]}
        assert not too_high


@pytest.mark.parametrize("name", dir(vgsnb))
def test_what_the_package_offers_is_there(name: str) -> None:
    assert getattr(vgsnb, name) is not None


def test_what_it_does_not_offer_is_refused_with_the_list() -> None:
    with pytest.raises(AttributeError, match=r"'trian'.*train"):
        _ = vgsnb.trian
