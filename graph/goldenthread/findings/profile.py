"""How serious each kind of finding is."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from goldenthread import resources, settings
from goldenthread.errors import BadSyntax, UnknownName

SEVERITIES = ("high", "medium", "low")
OFF = "off"


class Profile:
    """How serious each kind of finding is; a kind that is `off` is not looked for.

    Args:
        severities: kind → `high`, `medium`, `low` or `off`.
    """

    def __init__(self, severities: Mapping[str, str]) -> None:
        self._severities = severities

    @classmethod
    def load(cls, path: Path | None = None) -> "Profile":
        """The shipped profile, with the entries of a file of the same form put over it.

        Raises:
            UnreadableFile: the file cannot be read.
            BadSyntax: it is not YAML, or names a kind or a severity that does not exist; with file and line.
        """
        shipped = {entry.key: str(entry.value) for entry in settings.entries(shipped_profile())}
        if path is None:
            return cls(shipped)
        for entry in settings.entries(path):
            if entry.key not in shipped:
                near = get_close_matches(entry.key, shipped, n=3, cutoff=0.5)
                offer = f"Did you mean {' or '.join(near)}? " if near else ""
                raise BadSyntax(
                    f"{path}, line {entry.line}: there is no kind of finding ‘{entry.key}’.",
                    f"{offer}All kinds are listed in {shipped_profile()}.",
                )
            # YAML reads a bare `off` as false.
            severity = OFF if entry.value is False else str(entry.value)
            if severity not in (*SEVERITIES, OFF):
                raise BadSyntax(
                    f"{path}, line {entry.line}: ‘{entry.value}’ is not a severity.", "Write high, medium, low or off."
                )
            shipped[entry.key] = severity
        return cls(shipped)

    def __getitem__(self, kind: str) -> str:
        return self._severities[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self._severities)

    def kinds(self, family: str) -> list[str]:
        """The kinds of a family that are not off."""
        return [kind for kind, level in self._severities.items() if kind.startswith(f"{family}.") and level != OFF]

    def find(self, name: str) -> str:
        """A kind from its name, with or without the family before the dot.

        Raises:
            UnknownName: there is no such kind; the nearest are offered.
        """
        known = list(self)
        matches = [kind for kind in known if name in (kind, kind.partition(".")[2])]
        if len(matches) == 1:
            return matches[0]
        last_parts = {kind.partition(".")[2]: kind for kind in known}
        near = [last_parts[n] for n in get_close_matches(name.rpartition(".")[2], last_parts, n=3, cutoff=0.4)]
        offer = (
            f"Did you mean {' or '.join(f'‘{kind}’' for kind in near)}?" if near else f"They are: {', '.join(known)}."
        )
        raise UnknownName(f"There is no kind of finding ‘{name}’.", offer)


def shipped_profile() -> Path:
    """The file of the severities that apply unless a user says otherwise."""
    return resources.folder("profiles") / "severity.yaml"
