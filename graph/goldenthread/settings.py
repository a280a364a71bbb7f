"""Small YAML files that users write, such as profiles and weights, read with the line of every entry."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from goldenthread.errors import BadSyntax
from goldenthread.turtle import text_of


@dataclass(frozen=True)
class Entry:
    """One entry of a mapping.

    Attributes:
        key: its name.
        value: what YAML makes of its value.
        line: the line it stands on, counted from 1.
    """

    key: str
    value: Any
    line: int


def entries(path: Path) -> list[Entry]:
    """The entries of a YAML file that is one mapping of names to values.

    Raises:
        UnreadableFile: the file cannot be read.
        BadSyntax: it is not YAML, not a mapping, or says a name twice; with file and line.
    """
    loader = yaml.SafeLoader(text_of(path))
    try:
        node = loader.get_single_node()
        if node is None:
            return []
        if not isinstance(node, yaml.MappingNode):
            raise BadSyntax(f"{path}, line 1: this is not a list of names and values.", "Write lines ‘name: value’.")
        found: dict[str, Entry] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            name = str(key.value)
            if name in found:
                raise BadSyntax(
                    f"{path}, line {line}: ‘{name}’ is said twice.", f"It stands on line {found[name].line} too."
                )
            found[name] = Entry(name, loader.construct_object(value, deep=True), line)
        return list(found.values())
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadSyntax(f"{path}, line {line}: {error.problem}.", "Write lines ‘name: value’.") from None
    finally:
        loader.dispose()
