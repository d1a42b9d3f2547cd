"""Which things are one: a union of names, joined pair by pair. Pure."""

from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

N = TypeVar("N", bound=Hashable)


class Components(Generic[N]):
    """Groups of names; joining two names makes their groups one."""

    def __init__(self) -> None:
        self._above: dict[N, N] = {}

    def find(self, name: N) -> N:
        """Return the name that stands for the group of ``name``."""
        above = self._above.setdefault(name, name)
        while above is not name and above != name:
            self._above[name] = self._above[above]
            name, above = above, self._above[above]
        return name

    def join(self, names: Iterable[N]) -> None:
        """Make all ``names`` one group."""
        first: N | None = None
        for name in names:
            if first is None:
                first = self.find(name)
            else:
                self._above[self.find(name)] = first
                first = self.find(first)

    def names(self) -> list[N]:
        """Return every name that was joined or looked for."""
        return list(self._above)
