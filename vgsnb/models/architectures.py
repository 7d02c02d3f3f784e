"""The four architectures of Olaleye et al. 2022 as ``Clf ∘ Pool ∘ Enc`` (Table I), in a registry."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import safetensors.torch
import torch
import yaml
from safetensors import SafetensorError
from torch import Tensor, nn

from vgsnb.errors import UserError, require_known
from vgsnb.files import whole_file
from vgsnb.models import encoders, pooling

Sizes = dict[str, Any]


class KeywordModel(nn.Module):
    """An utterance's keyword scores before the sigmoid: an encoder, a pooling layer and a classifier."""

    def __init__(
        self, name: str, keywords: Sequence[str], sizes: Sizes, parts: tuple[encoders.Encoder, nn.Module, nn.Module]
    ) -> None:
        super().__init__()
        self.name = name
        self.keywords = tuple(keywords)
        self.sizes = sizes
        self.encoder, self.pooling, self.classifier = parts

    def forward(self, features: Tensor, lengths: Tensor) -> Tensor:
        """Logits (B, W) of ``features`` (B, T, D), of which the first ``lengths`` (B,) frames are each utterance's."""
        h, frames = self.encoder(features, lengths)
        return self.classifier(self.pooling(h, frames)).float()

    def expect(self, shares: Tensor) -> None:
        """Set the last bias so that, before anything is learned, each keyword is as likely as ``shares`` (W,) says.

        A classifier that all keywords share has one bias for them, and takes the mean of theirs.
        """
        layers = [layer for layer in self.modules() if isinstance(layer, nn.Conv1d | nn.Linear)]
        biases = torch.logit(shares.float(), eps=1e-4)
        bias = cast(Tensor, layers[-1].bias)
        with torch.no_grad():
            bias.copy_(biases if len(bias) == len(biases) else biases.mean())


class SharedMLP(nn.Module):
    """An MLP from each keyword's context vector to its one score, the same for all keywords."""

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, 1))

    def forward(self, context: Tensor) -> Tensor:
        """From ``context`` (B, W, K) to logits (B, W)."""
        return self.layers(context).squeeze(-1)


def _psc(words: int, s: Sizes) -> tuple[encoders.Encoder, nn.Module, nn.Module]:
    encoder = encoders.cnn(s["features"], s["channels"], words, s["kernels"], last_activation=False)
    return encoder, pooling.LogMeanExp(s["r"]), nn.Identity()


def _cnn_pool(words: int, s: Sizes) -> tuple[encoders.Encoder, nn.Module, nn.Module]:
    encoder = encoders.cnn_pool(s["features"], s["channels"], s["output"], s["kernels"], s["pool"])
    classifier = nn.Sequential(nn.Linear(s["output"], s["hidden"]), nn.ReLU(), nn.Linear(s["hidden"], words))
    return encoder, pooling.MaxOverTime(), classifier


def _cnn_attend(words: int, s: Sizes) -> tuple[encoders.Encoder, nn.Module, nn.Module]:
    encoder = encoders.cnn(s["features"], s["channels"], s["output"], s["kernels"], last_activation=True)
    return encoder, pooling.Attention(words, s["output"]), SharedMLP(s["output"], s["hidden"])


def _cnn_pool_attend(words: int, s: Sizes) -> tuple[encoders.Encoder, nn.Module, nn.Module]:
    encoder = encoders.cnn_pool(s["features"], s["channels"], s["output"], s["kernels"], s["pool"])
    return encoder, pooling.Attention(words, s["output"]), SharedMLP(s["output"], s["hidden"])


@dataclass(frozen=True)
class Architecture:
    """How an architecture is put together, and the paper's sizes, which are the defaults of ``build``."""

    parts: Callable[[int, Sizes], tuple[encoders.Encoder, nn.Module, nn.Module]]
    sizes: Sizes


_CNN = {"features": 39, "channels": (96,) * 5, "kernels": (9, *(11,) * 5)}
_CNN_POOL = {"features": 39, "channels": (64, 256), "kernels": (9, 11, 11), "output": 1024, "pool": 3}

ARCHITECTURES = {
    # Section IV-B gives PSC's last convolution 1000 filters, but score aggregation needs one for each keyword
    # (assumption 1 below Eq. 9), so it has W. The paper is silent on r; 1.2 is what its released code uses.
    "PSC": Architecture(_psc, {**_CNN, "r": 1.2}),
    "CNN-Pool": Architecture(_cnn_pool, {**_CNN_POOL, "hidden": 4096}),
    "CNN-Attend": Architecture(_cnn_attend, {**_CNN, "output": 1000, "hidden": 4096}),
    # Table I writes MLP(1000, 1), but a query is as wide as what it is multiplied with: 1024, as the 2021 paper says.
    "CNN-PoolAttend": Architecture(_cnn_pool_attend, {**_CNN_POOL, "hidden": 4096}),
}


def build(name: str, keywords: Sequence[str], seed: int = 0, **sizes: Any) -> KeywordModel:
    """A new model of architecture ``name`` for ``keywords``, its weights drawn from ``seed``.

    ``sizes`` replace the paper's: ``features`` (D), ``channels`` of all convolutions but the last, ``output`` of the
    last, ``kernels`` in frames (odd), ``pool``, ``hidden`` units of the MLP, ``r`` of log-mean-exp.
    """
    require_known("architecture", name, ARCHITECTURES)
    architecture = ARCHITECTURES[name]
    for size in sizes:
        require_known(f"size of {name}", size, architecture.sizes)
    chosen = {key: _plain(value) for key, value in {**architecture.sizes, **sizes}.items()}
    if len(chosen["kernels"]) != len(chosen["channels"]) + 1:
        raise UserError(f"{name} needs one kernel for each of its {len(chosen['channels']) + 1} convolutions.")
    model = KeywordModel(name, keywords, chosen, architecture.parts(len(keywords), chosen))
    initialise(model, seed)
    return model


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple | list) else value


def initialise(model: nn.Module, seed: int) -> None:
    """Draw all weights from ``seed``: He's normal for convolutions and linear layers, zero biases.

    PyTorch's default shrinks the signal about threefold in every ReLU layer: after six of them and an attention, the
    logits of an untrained CNN-Attend differ by 1e-4 between utterances and by 4e-6 between keywords (here by 0.08 and
    0.05). Such models can stay at "always the prior" for a thousand steps, in float32 as in bfloat16.
    """
    generator = torch.Generator().manual_seed(seed)
    for module in model.modules():
        if isinstance(module, nn.Conv1d | nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu", generator=generator)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, pooling.Attention):
            nn.init.normal_(module.queries, std=module.queries.shape[1] ** -0.5, generator=generator)


def save_model(model: KeywordModel, folder: Path) -> None:
    """Write ``model.safetensors`` and ``model.yaml`` (architecture, sizes, keywords) into ``folder``."""
    weights = {key: value.detach().cpu().contiguous() for key, value in model.state_dict().items()}
    with whole_file(folder / "model.safetensors") as path:
        safetensors.torch.save_file(weights, path)
    about = {"architecture": model.name, "sizes": model.sizes, "keywords": list(model.keywords)}
    with whole_file(folder / "model.yaml") as path:
        path.write_text(yaml.safe_dump(about, sort_keys=False))


def load_model(folder: Path, build: Callable[..., KeywordModel] = build) -> KeywordModel:
    """The model that ``save_model`` wrote into ``folder``; ``UserError`` for files cut short or that do not match.

    ``build`` makes it again from its architecture, keywords and sizes: rooms above have models of their own kinds.
    """
    about = _read_about(folder / "model.yaml")
    model = build(about["architecture"], about["keywords"], **about["sizes"])
    path = folder / "model.safetensors"
    try:
        model.load_state_dict(safetensors.torch.load_file(path))
    except FileNotFoundError as error:
        raise UserError(f"There is no {path}: train the model again.") from error
    except SafetensorError as error:
        raise UserError(
            f"{path} does not hold the weights of the {model.name}, being cut short or no safetensors file ({error}): "
            "train the model again."
        ) from error
    except RuntimeError as error:
        raise UserError(
            f"{path} is of another model than the {model.name}: it does not hold the weights of the {model.name} that "
            "model.yaml beside it names; put the two files of one model together, or train it again."
        ) from error
    return model


def _read_about(path: Path) -> dict[str, Any]:
    try:
        about = yaml.safe_load(path.read_text())
        return {key: about[key] for key in ("architecture", "sizes", "keywords")}
    except (OSError, yaml.YAMLError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise UserError(f"{path} is missing or does not describe a model: train the model again.") from error
