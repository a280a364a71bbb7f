"""The one module that knows where files lie.

In a checkout the folders stand at the root of the repository (`ontology/`, `shapes/`, `queries/`) and under
`graph/` (`plans/`, `registers/`); in an installed wheel all of them stand inside the package.
"""

import importlib.resources
from pathlib import Path
from types import ModuleType

_PACKAGE = Path(__file__).resolve().parent
_IN_CHECKOUT = {
    "ontology": _PACKAGE.parent.parent / "ontology",
    "shapes": _PACKAGE.parent.parent / "shapes",
    "queries": _PACKAGE.parent.parent / "queries",
    "plans": _PACKAGE.parent / "plans",
    "registers": _PACKAGE.parent / "registers",
}


def folder(name: str) -> Path:
    """Return the folder of a resource family.

    Args:
        name: `ontology`, `shapes`, `queries`, `plans` or `registers`.

    Raises:
        FileNotFoundError: the installation is broken: neither place holds the folder.
    """
    installed = _PACKAGE / name
    if installed.is_dir():
        return installed
    checkout = _IN_CHECKOUT[name]
    if checkout.is_dir():
        return checkout
    raise FileNotFoundError(f"The folder of the {name} is missing; looked in {installed} and {checkout}.")


def of_package(package: ModuleType, path: str) -> str:
    """The text of a file that another installed package brings with it."""
    return (importlib.resources.files(package) / path).read_text(encoding="utf-8")


def files(name: str, suffix: str) -> list[Path]:
    """Return every file with `suffix` (such as `.ttl`) below a resource folder, sorted by path."""
    return sorted(folder(name).rglob(f"*{suffix}"))
