"""What the paper's tagger sees with: activations of VGG-16 trained on ImageNet, computed here or stored by others."""

import os
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import nn
from torch.nn import functional
from torchvision.models import VGG16_Weights, vgg16

from vgsnb import devices
from vgsnb.errors import UserError

PLACE = "VGSNB_VGG16"
MEAN, SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet, red, green and blue
SIDE = 224  # pixels of VGG-16's input


def imagenet_vgg16(weights: Path | None = None) -> nn.Module:
    """VGG-16 up to its last hidden layer, fc7 after its ReLU, with ImageNet weights, in evaluation mode.

    ``weights`` (or the environment variable ``VGSNB_VGG16``) is a safetensors file with torchvision's names; without
    it torchvision downloads its own weights once. ``UserError`` when neither can be had.
    """
    given = weights or os.environ.get(PLACE)
    network = vgg16()
    try:
        network.load_state_dict(_read(Path(given)) if given else _download())
    except RuntimeError as error:
        raise UserError(f"{given} does not hold the weights of torchvision's vgg16: give another file.") from error
    network.classifier = network.classifier[:5]  # up to the ReLU of fc7: without dropout and the 1,000 classes
    return network.eval()


def _read(path: Path) -> dict[str, torch.Tensor]:
    try:
        return safetensors.torch.load_file(path)
    except (OSError, SafetensorError) as error:
        raise UserError(f"{path} is missing or no safetensors file: set {PLACE} to VGG-16's weights.") from error


def _download() -> dict[str, Any]:
    # Only tensors are unpacked (weights_only), and only from the very file that torchvision names (its hash).
    try:
        state = VGG16_Weights.IMAGENET1K_V1.get_state_dict(progress=True, check_hash=True, weights_only=True)
    except (OSError, RuntimeError) as error:
        raise UserError(
            f"VGG-16's ImageNet weights cannot be downloaded ({error}): on a machine with a network save "
            "torchvision.models.vgg16(weights='IMAGENET1K_V1').state_dict() with safetensors.torch.save_file, copy the "
            f"file here and set {PLACE} to its path."
        ) from error
    return dict(state)


@torch.no_grad()
def activations(
    network: nn.Module, pictures: npt.NDArray[np.uint8], batch_size: int = 32, device: str | None = None
) -> npt.NDArray[np.float32]:
    """The activations (B, 4096) of ``network`` for pictures (B, H, W, 3) uint8, resized to 224 × 224 and normalised."""
    place = devices.find_device(device)
    network.to(place)
    found = list[torch.Tensor]()
    for first in range(0, len(pictures), batch_size):
        batch = torch.from_numpy(pictures[first : first + batch_size]).to(place)
        found.append(network(normalised(batch)).float().cpu())
    return torch.cat(found).numpy()


def normalised(pictures: torch.Tensor) -> torch.Tensor:
    """Pictures (B, H, W, 3) uint8 as networks of ImageNet take them: (B, 3, 224, 224)."""
    mean, spread = (torch.tensor(values, device=pictures.device).view(3, 1, 1) for values in (MEAN, SPREAD))
    x = pictures.permute(0, 3, 1, 2).float() / 255
    return (functional.interpolate(x, (SIDE, SIDE), mode="bilinear", antialias=True) - mean) / spread


def write_activations(path: Path, image_ids: Sequence[str], values: npt.NDArray[np.floating]) -> None:
    """Store activations (B, D) as ``read_activations`` reads them, in half precision."""
    np.savez_compressed(path, names=np.array(list(image_ids), dtype=str), X=values.astype(np.float16))


def read_activations(path: Path, image_ids: Sequence[str] | None = None) -> pd.DataFrame:
    """Stored activations: an npz file with ``names`` (B,), be they of files (.jpg), and ``X`` (B, D); image_id × D.

    ``image_ids`` chooses pictures and their order. ``UserError`` for a file that is missing, cut short or lacks one.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            names = pd.Index(stored["names"], name="image_id").str.removesuffix(".jpg")
            table = pd.DataFrame(stored["X"].astype(np.float32), index=names)
    except FileNotFoundError as error:
        raise UserError(
            f"There is no {path}: compute the activations first, or name the file that has them."
        ) from error
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, EOFError) as error:
        raise UserError(f"{path} is cut short or lacks the arrays X and names: make or copy it again.") from error
    lost = [name for name in image_ids or () if name not in table.index]
    if lost:
        raise UserError(f"{path} has no activations of {len(lost)} pictures, {lost[0]!r} among them: add them to it.")
    return table if image_ids is None else table.loc[list(image_ids)]
