from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch

from vgsnb.errors import UserError
from vgsnb.vision import backbones


def test_stored_activations_come_back_in_the_order_asked_for(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=(3, 5))
    backbones.write_activations(tmp_path / "fc7.npz", ["a", "b", "c"], values)
    table = backbones.read_activations(tmp_path / "fc7.npz", ["c", "a"])
    assert list(table.index) == ["c", "a"]
    np.testing.assert_allclose(table.to_numpy(), values[[2, 0]], atol=2e-3)


def test_missing_pictures_and_broken_files_are_named(tmp_path: Path) -> None:
    path = tmp_path / "fc7.npz"
    with pytest.raises(UserError, match=r"There is no .*fc7\.npz"):
        backbones.read_activations(path)
    backbones.write_activations(path, ["a"], np.zeros((1, 5)))
    with pytest.raises(UserError, match="'z'"):
        backbones.read_activations(path, ["z"])
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(UserError, match="cut short"):
        backbones.read_activations(path)


def test_objects_are_never_unpickled(tmp_path: Path) -> None:
    np.savez(tmp_path / "bad.npz", X=np.zeros((1, 2)), names=np.array([object()], dtype=object))
    with pytest.raises(UserError, match="cut short or lacks"):
        backbones.read_activations(tmp_path / "bad.npz")


def test_without_weights_the_error_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no network")

    monkeypatch.delenv(backbones.PLACE, raising=False)
    monkeypatch.setattr(backbones.VGG16_Weights, "get_state_dict", refuse)
    monkeypatch.setattr(backbones, "vgg16", lambda: torch.nn.Linear(1, 1))
    with pytest.raises(UserError, match="set VGSNB_VGG16 to its path"):
        backbones.imagenet_vgg16()
    (tmp_path / "w.safetensors").write_bytes(b"nothing")
    monkeypatch.setenv(backbones.PLACE, str(tmp_path / "w.safetensors"))
    with pytest.raises(UserError, match="no safetensors file"):
        backbones.imagenet_vgg16()
    safetensors.torch.save_file({"other": torch.zeros(1)}, tmp_path / "w.safetensors")
    with pytest.raises(UserError, match="does not hold the weights"):
        backbones.imagenet_vgg16()


def test_pictures_reach_the_network_normalised() -> None:
    seen = list[torch.Tensor]()

    class Spy(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            seen.append(x)
            return x.mean((2, 3))

    pictures = np.full((3, 8, 8, 3), 255, np.uint8)
    found = backbones.activations(Spy(), pictures, batch_size=2)
    assert [tuple(x.shape) for x in seen] == [(2, 3, 224, 224), (1, 3, 224, 224)]
    expected = [(1 - m) / s for m, s in zip(backbones.MEAN, backbones.SPREAD, strict=True)]
    np.testing.assert_allclose(found, [expected] * 3, rtol=1e-5)
