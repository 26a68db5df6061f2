"""Matrices that are cut by rows over the processes, and each whole on one of them, its home.

Muon looks at a whole matrix at once. Matrix n is at home in process n mod W: there all rows of its
gradient come together, the step is taken, and the new rows go back to where they are kept. So each
process takes 1/W of the steps, and one exchange each way does for all matrices.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.distributed
from torch.distributed.tensor import DTensor


class WholeMatrices:
    """Sharded matrices, those at home here held whole as well."""

    @torch.no_grad()
    def __init__(self, matrices: Sequence[DTensor]) -> None:
        """Bring every matrix home once.

        Args:
            matrices: each cut by rows, in the same order in every process.
        """
        self._matrices = matrices
        mesh = matrices[0].device_mesh
        self._group, self._size, self._rank = mesh.get_group(), mesh.size(), mesh.get_local_rank()
        self.at_home = {
            number: torch.nn.Parameter(whole)
            for number, whole in self._bring_home([each.to_local() for each in matrices]).items()
        }
        """The whole matrices of this process, by number."""

    def bring_gradients(self) -> None:
        """Give every matrix at home the gradient of all its rows."""
        shards = []
        for each in self._matrices:
            assert isinstance(each.grad, DTensor)  # noqa: S101 - a sharded weight has a sharded one
            shards.append(each.grad.to_local())
        for number, gradient in self._bring_home(shards).items():
            self.at_home[number].grad = gradient

    @torch.no_grad()
    def send_back(self) -> None:
        """Give every process its rows of the matrices as they are at home."""
        outgoing = [
            rows.flatten()
            for rank in range(self._size)
            for number, whole in self.at_home.items()
            for rows in [whole[self._rows(number, rank)]]
        ]
        wanted = [
            self._matrices[number].to_local()
            for home in range(self._size)
            for number in self._numbers(home)
        ]
        got = self._exchange(outgoing, self._sizes_out(), self._sizes_in())
        for shard, part in zip(
            wanted, torch.split(got, [each.numel() for each in wanted]), strict=True
        ):
            shard.copy_(part.view_as(shard))

    def home(self, number: int) -> int:
        """Return the rank at which a matrix is whole."""
        return number % self._size

    def spread(self, number: int, tensor: torch.Tensor | None) -> torch.Tensor:
        """Return, everywhere, what the home of a matrix holds for it: a tensor of its shape."""
        matrix = self._matrices[number]
        if tensor is None:
            tensor = torch.empty(matrix.shape, dtype=matrix.dtype, device=matrix.device)
        torch.distributed.broadcast(tensor, group=self._group, group_src=self.home(number))
        return tensor

    def _bring_home(self, shards: Sequence[torch.Tensor]) -> dict[int, torch.Tensor]:
        outgoing = [
            shards[number].flatten() for home in range(self._size) for number in self._numbers(home)
        ]
        got = self._exchange(outgoing, self._sizes_in(), self._sizes_out())
        mine = self._numbers(self._rank)
        parts = iter(
            torch.split(got, [self._size_of(n, r) for r in range(self._size) for n in mine])
        )
        rows: dict[int, list[torch.Tensor]] = {number: [] for number in mine}
        for _ in range(self._size):
            for number in mine:
                rows[number].append(next(parts))
        return {n: torch.cat(rows[n]).view(self._matrices[n].shape) for n in mine}

    def _exchange(
        self, outgoing: Sequence[torch.Tensor], sent: list[int], received: list[int]
    ) -> torch.Tensor:
        """Return what all processes sent here, one after the other.

        Args:
            sent: numbers of values for each process.
            received: numbers of values from each process.
        """
        together = torch.cat(list(outgoing)) if outgoing else self._nothing()
        got = together.new_empty(sum(received))
        torch.distributed.all_to_all_single(got, together, received, sent, group=self._group)
        return got

    def _nothing(self) -> torch.Tensor:
        first = self._matrices[0]
        return torch.empty(0, dtype=first.dtype, device=first.device)

    def _sizes_in(self) -> list[int]:
        """Return the size of this process's rows of the matrices at home in each process."""
        return [
            sum(self._size_of(number, self._rank) for number in self._numbers(home))
            for home in range(self._size)
        ]

    def _sizes_out(self) -> list[int]:
        """Return the size of each process's rows of the matrices at home here."""
        mine = self._numbers(self._rank)
        return [sum(self._size_of(number, rank) for number in mine) for rank in range(self._size)]

    def _numbers(self, home: int) -> range:
        return range(home, len(self._matrices), self._size)

    def _rows(self, number: int, rank: int) -> slice:
        """Return which rows of a matrix a process keeps: equal parts, the last ones smaller."""
        rows = self._matrices[number].shape[0]
        part = -(-rows // self._size)
        return slice(min(rank * part, rows), min((rank + 1) * part, rows))

    def _size_of(self, number: int, rank: int) -> int:
        rows = self._rows(number, rank)
        return int((rows.stop - rows.start) * self._matrices[number].shape[1])
