"""Read YAML of a fixed shape; what does not fit becomes a problem with its place.

Scalars stay the text that was written: ``password: 0123`` is no octal number and
``waba_id: 123`` no number. Only true, false, on, off and empty values are told apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from channels_cfg.services.problems import Invalid, Problem
from channels_cfg.services.specs import Place

_KEPT_TAGS = ("bool", "null", "merge")


class _Loader(yaml.SafeLoader):
    """Reads numbers and dates as text, and refuses a key that stands twice."""

    yaml_implicit_resolvers = {
        letter: [
            (tag, form) for tag, form in forms if tag.rpartition(":")[2] in _KEPT_TAGS
        ]
        for letter, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for key in keys:
            if keys.count(key) > 1 and key != "<<":
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key} stands here twice", node.start_mark
                )
        return super().construct_mapping(node, deep)


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the file, its place, and where problems are collected."""

    value: object
    place: Place
    problems: list[Problem]

    def fail(self, message: str) -> None:
        self.problems.append(Problem(place=self.place, message=message))

    def child(self, value: object, step: str | int) -> "Node":
        return Node(value, (*self.place, step), self.problems)

    def fields(self, *allowed: str) -> dict[str, "Node"]:
        """Return the values of a mapping; other keys than ``allowed`` are problems."""
        if not isinstance(self.value, Mapping):
            self.fail(f"must hold {', '.join(allowed)}")
            return {}
        found = {str(k): self.child(v, str(k)) for k, v in self.value.items()}
        for key in found.keys() - set(allowed):
            found.pop(key).fail(f"unknown; allowed here: {', '.join(allowed)}")
        return found

    def members(self) -> dict[str, "Node"]:
        """Return the values of a mapping with any keys."""
        if isinstance(self.value, Mapping):
            return {str(k): self.child(v, str(k)) for k, v in self.value.items()}
        self.fail("must be a mapping of names to values")
        return {}

    def one_or_more(self) -> list["Node"]:
        """Return the members of a list, or the single value that stands for one."""
        return self.items() if isinstance(self.value, list) else [self]

    def items(self) -> list["Node"]:
        """Return the members of a list."""
        if isinstance(self.value, list):
            return [self.child(each, index) for index, each in enumerate(self.value)]
        self.fail("must be a list")
        return []

    def text(self) -> str:
        if isinstance(self.value, str):
            return self.value.strip()
        self.fail("must be a text; write it in quotes")
        return ""

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            self.fail("must be true or false")
        return self.value is True

    def whole(self) -> int:
        if (
            isinstance(self.value, str)
            and self.value.isascii()
            and self.value.isdigit()
        ):
            return int(self.value)
        self.fail("must be a whole number")
        return 1


def parse(text: str) -> Node:
    """Read the text of a file. Raises ``Invalid`` if it is not YAML at all."""
    try:
        # A loader of safe YAML; see its docstring.
        value = yaml.load(text, Loader=_Loader)  # noqa: S506
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark or exc.context_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise _not_yaml(f"{place}{exc.problem}") from None
    except (yaml.YAMLError, RecursionError, ValueError) as exc:
        raise _not_yaml(str(exc)) from None
    return Node(value, (), [])


def _not_yaml(reason: str) -> Invalid:
    return Invalid([Problem(place=(), message=f"not YAML: {reason}")])
