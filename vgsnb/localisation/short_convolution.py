"""Convolution of many short runs of columns, with fewer multiplications than columns times taps.

A convolution of n columns is a product of polynomials, and those can be multiplied at points (Winograd, *Arithmetic
Complexity of Computations*, 1980): ``A ((G w) ⊙ (B x))``. Where channels are mixed, ⊙ is one matrix product for every
point, and there are about 1.5 (n + taps) of them instead of n · taps: for eleven taps and thirty columns, a fifth.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

Matrix = npt.NDArray[np.float64]
SCRATCH = 1 << 24  # bytes of products at a time: enough runs for a matrix product, few enough for the caches
SETUP = 64  # runs that cost as much as the kernels of a new length


@dataclass(frozen=True)
class Runs:
    """Runs of neighbouring columns: the rows of a table that each reads, and the rows that its columns become."""

    reads: Tensor  # (columns + taps - 1, R)
    writes: Tensor  # (R, columns), 0 beyond the end of a run


def convolve(table: Tensor, groups: list[Runs], rows: int, weight: Tensor, bias: Tensor, activation: bool) -> Tensor:
    """The ``rows`` columns (rows, K') that ``groups`` make of those of ``table`` (N, K); row 0 is zero.

    ``weight`` (K', K, taps) and ``bias`` (K') are those of a ``Conv1d``, ``activation`` a ReLU.
    """
    kernel = weight.permute(2, 1, 0).contiguous()
    most = max(products(group.writes.shape[1], len(kernel)) for group in groups)
    found, room = table.new_empty(rows, len(weight)), kernel.new_empty(most, *kernel.shape[1:])
    for group in groups:
        convolution = _Convolution(kernel, bias, group.writes.shape[1], room)
        for runs in torch.arange(len(group.writes)).split(convolution.at_once):
            some = slice(int(runs[0]), int(runs[-1]) + 1)
            reads, writes = group.reads[:, some].to(table.device), group.writes[some].to(table.device)
            h = convolution(table.index_select(0, reads.flatten()).view(*reads.shape, -1))
            found.index_copy_(0, writes.flatten(), (h.relu_() if activation else h).flatten(0, 1))
    found[0] = 0.0
    return found


def together(lengths: npt.NDArray[np.int64], taps: int, inputs: int, outputs: int) -> list[tuple[int, int]]:
    """Ranges of the ``lengths`` of runs, each to be computed as if all were as long as its longest.

    Of all divisions the one with the least work, where the kernels of a new length cost as much as ``SETUP`` runs.
    """
    known, counts = np.unique(lengths, return_counts=True)
    runs = np.concatenate([[0], np.cumsum(counts)])
    best: list[tuple[float, list[tuple[int, int]]]] = [(0.0, [])]
    for last, longest in enumerate(known.tolist()):
        cost = min(work(longest, taps, inputs, outputs))
        options = [best[i][0] + cost * (runs[last + 1] - runs[i] + SETUP) for i in range(last + 1)]
        first = int(np.argmin(options))
        best.append((options[first], [*best[first][1], (int(known[first]), longest)]))
    return best[-1][1]


def products(columns: int, taps: int) -> int:
    """R, how many products a convolution at points takes: three for each pair of its columns and taps."""
    return 3 * ((columns + taps) // 2)


def work(columns: int, taps: int, inputs: int, outputs: int) -> tuple[int, int]:
    """Multiplications for one run by taps, and at points."""
    fast = products(columns, taps) * (inputs * outputs + inputs * (columns + taps - 1) + outputs * columns)
    return columns * taps * inputs * outputs, fast


@lru_cache(maxsize=128)
def bilinear(columns: int, taps: int) -> tuple[Matrix, Matrix, Matrix]:
    """A (columns, R), B (R, columns + taps − 1) and G (R, taps) of a convolution of this size, as networks count it.

    The points are the roots of zᴺ = −1, where rounding does no harm and none is real, so that all are treated alike:
    the transform of real numbers at half of them says everything, and one complex product takes three real ones
    (Gauss). What wraps around lies beyond the columns that are wanted.
    """
    wanted = columns + taps - 1
    points = wanted + wanted % 2
    e = np.exp(-2j * np.pi / points * np.outer(np.arange(points // 2) + 0.5, np.arange(points)))
    x, w, y = e[:, :wanted], e[:, :taps].conj(), 2 / points * e[:, :columns].conj().T
    # (a + bi)(c + di) = (p − r) + (p + q) i with p = c (a + b), q = a (d − c), r = b (c + d)
    into = np.concatenate([x.real + x.imag, x.real, x.imag])
    kernel = np.concatenate([w.real, w.imag - w.real, w.real + w.imag])
    back = np.concatenate([y.real - y.imag, -y.imag, -y.real], axis=1)
    return back, into, kernel


class _Convolution:
    """A convolution of runs of ``columns`` columns: ``kernel`` (taps, K, K'), at points in ``room`` (R, K, K').

    In a lower precision than single it is done by taps, as the sums over points would lose what is left of it, and
    where gradients are wanted. Of ``at_once`` runs the products stay small enough for the caches.
    """

    def __init__(self, kernel: Tensor, bias: Tensor, columns: int, room: Tensor) -> None:
        taps, inputs, outputs = kernel.shape
        by_taps, at_points = work(columns, taps, inputs, outputs)
        exact = kernel.dtype in (torch.float32, torch.float64)
        self.columns, self.bias = columns, bias
        self.fast = at_points < by_taps and exact and not torch.is_grad_enabled()
        if self.fast:
            back, self.into, points = (torch.from_numpy(m).to(kernel) for m in bilinear(columns, taps))
            self.back = torch.cat([back, torch.ones_like(back[:, :1])], dim=1)  # the last product is the bias
            self.kernel = room[: len(points)]
            torch.mm(points, kernel.flatten(1), out=self.kernel.flatten(1))
            numbers = (len(points) + columns) * max(inputs, outputs)
        else:
            self.kernel = kernel.flatten(0, 1)
            numbers = columns * (taps * inputs + outputs)
        self.at_once = max(1, SCRATCH // (4 * numbers))

    def __call__(self, x: Tensor) -> Tensor:
        """From ``x`` (columns + taps − 1, runs, K) to (runs, columns, K')."""
        if not self.fast:
            windows = x.unfold(0, len(x) - self.columns + 1, 1).permute(1, 0, 3, 2).flatten(0, 1)
            return torch.addmm(self.bias, windows.flatten(1), self.kernel).unflatten(0, (-1, self.columns))
        points, _, outputs = self.kernel.shape
        found = x.new_empty(points + 1, x.shape[1], outputs)
        found[-1] = self.bias
        torch.bmm((self.into @ x.flatten(1)).view(points, x.shape[1], -1), self.kernel, out=found[:-1])
        return self.back.expand(x.shape[1], -1, -1) @ found.transpose(0, 1)
