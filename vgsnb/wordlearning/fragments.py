"""Regions of pictures, and what a frozen network sees in them.

Synnaeve et al. (2014) take the proposals of a detector and crop each. Here the picture goes through the convolutions
once, and each region is read off its maps (Girshick 2015), which gives the same kind of vector in a twentieth of time.
"""

import json
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from PIL import Image
from torch import Tensor
from torchvision.ops import roi_align

from vgsnb import devices
from vgsnb.errors import UserError
from vgsnb.seeds import generator

FloatArray = npt.NDArray[np.float32]
COLUMNS = ["image_id", "left", "top", "right", "bottom", "figure"]
LEAST, MOST = 0.25, 0.75  # sides of a random region, as a share of the picture's
SMALL = 0.2  # figures smaller than this are seen with what is around them
GRIDS = ((1, 1.0), (2, 0.6), (3, 0.4), (4, 0.3))  # regions a side, and how large each of them is


def drawn(images: pd.DataFrame, count: int, seed: int) -> pd.DataFrame:
    """``count`` regions of each drawn picture: the boxes of its figures, and random ones up to that number.

    ``images`` has ``image_id`` and, as JSON, ``figures``. Returns ``image_id, left, top, right, bottom`` in fractions
    of the picture, and which ``figure`` it was drawn around, "" for random ones.
    """
    rows = list[tuple[object, ...]]()
    for image_id, figures in zip(images["image_id"], images["figures"], strict=True):
        rng = generator(seed, "regions", str(image_id))
        boxes = json.loads(figures)
        chosen = sorted(rng.permutation(len(boxes))[:count])
        rows += [(image_id, *_widened(boxes[place]), boxes[place]["name"]) for place in chosen]
        for _ in range(count - len(chosen)):
            (wide, high), corner = rng.uniform(LEAST, MOST, 2), rng.uniform(0, 1, 2)
            left, top = corner * (1 - np.array([wide, high]))
            rows.append((image_id, left, top, left + wide, top + high, ""))
    return pd.DataFrame(rows, columns=COLUMNS)


def _widened(box: dict[str, float]) -> tuple[float, float, float, float]:
    (left, right), (top, low) = (
        _at_least(box[one], box[other]) for one, other in (("left", "right"), ("top", "bottom"))
    )
    return left, top, right, low


def _at_least(first: float, last: float) -> tuple[float, float]:
    middle, half = (first + last) / 2, max(SMALL, last - first) / 2
    return max(0.0, middle - half), min(1.0, middle + half)


def grid(image_ids: Sequence[str], count: int) -> pd.DataFrame:
    """The first ``count`` of thirty regions of each picture: all of it, then finer and finer grids that overlap."""
    boxes = list[tuple[float, ...]]()
    for side, size in GRIDS:
        starts = np.linspace(0, 1 - size, side)
        boxes += [(left, top, left + size, top + size) for top in starts for left in starts]
    if count > len(boxes):
        raise UserError(f"A grid has {len(boxes)} regions at the most, and {count} are asked for: take fewer.")
    return pd.DataFrame([(name, *box, "") for name in image_ids for box in boxes[:count]], columns=COLUMNS)


def cut(picture: Image.Image, region: "pd.Series[float]") -> Image.Image:
    """The part of a picture that a region is, ``left, top, right, bottom`` in fractions of it."""
    wide, high = picture.size
    left, top, right, bottom = (float(region[side]) for side in ("left", "top", "right", "bottom"))
    return picture.crop((round(left * wide), round(top * high), round(right * wide), round(bottom * high)))


@torch.no_grad()
def seen(
    see: Callable[[Tensor], Sequence[Tensor]],
    pictures: npt.NDArray[np.uint8],
    regions: FloatArray,
    cells: int = 2,
    device: str | None = None,
    batch_size: int = 64,
) -> FloatArray:
    """What a network sees in each region: (P, F, D) of ``pictures`` (P, S, S, 3) and ``regions`` (P, F, 4).

    ``see`` gives the maps (P, K, H, W) of some layers; a region is the mean of each map in ``cells`` × ``cells`` parts
    of it, D = cells² · ΣK. Regions are left, top, right and bottom in fractions of the picture.
    """
    place, found = devices.find_device(device), list[FloatArray]()
    for first in range(0, len(pictures), batch_size):
        maps = see(torch.from_numpy(pictures[first : first + batch_size]).to(place))
        boxes = torch.from_numpy(np.ascontiguousarray(regions[first : first + batch_size], np.float32)).to(place)
        parts = [roi_align(layer.float(), list(boxes), cells, layer.shape[-1], aligned=True) for layer in maps]
        # roi_align scales by one factor: regions are fractions, and maps are square.
        found.append(torch.cat([part.flatten(1) for part in parts], 1).view(*boxes.shape[:2], -1).cpu().numpy())
    return np.concatenate(found)
