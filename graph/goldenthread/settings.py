"""Small YAML files that users write, such as profiles and weights, read with the line of every entry."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from goldenthread.errors import BadSyntax
from goldenthread.turtle import text_of

Scalar = str | float | int | bool | None


@dataclass(frozen=True)
class Entry:
    """One entry of a mapping.

    Attributes:
        key: its name.
        value: what YAML makes of its value; a list becomes its text.
        line: the line it stands on, counted from 1.
        entries: those of its value where that is a mapping itself.
    """

    key: str
    value: Scalar
    line: int
    entries: tuple["Entry", ...] = ()


def entries(path: Path) -> tuple[Entry, ...]:
    """The entries of a YAML file that is one mapping of names to values, or to mappings of such.

    Raises:
        UnreadableFile: the file cannot be read.
        BadSyntax: it is not YAML, not a mapping, or says a name twice; with file and line.
    """
    loader = yaml.SafeLoader(text_of(path))
    try:
        node = loader.get_single_node()
        return () if node is None else _entries(node, loader, path)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadSyntax(f"{path}, line {line}: {error.problem}.", "Write lines ‘name: value’.") from None
    except yaml.YAMLError as error:
        raise BadSyntax(f"{path} is not YAML: {error}.", "Write lines ‘name: value’.") from None
    finally:
        loader.dispose()


def _entries(node: yaml.Node, loader: yaml.SafeLoader, path: Path) -> tuple[Entry, ...]:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        raise BadSyntax(f"{path}, line {line}: this is not a list of names and values.", "Write lines ‘name: value’.")
    found: dict[str, Entry] = {}
    for key, value in node.value:
        line, name = key.start_mark.line + 1, str(key.value)
        if name in found:
            raise BadSyntax(
                f"{path}, line {line}: ‘{name}’ is said twice.", f"It stands on line {found[name].line} too."
            )
        if isinstance(value, yaml.MappingNode):
            found[name] = Entry(name, None, line, _entries(value, loader, path))
        else:
            scalar = loader.construct_object(value, deep=True)
            known = scalar is None or isinstance(scalar, str | float | int)
            found[name] = Entry(name, scalar if known else str(scalar), line)
    return tuple(found.values())
