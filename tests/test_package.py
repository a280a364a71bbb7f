"""The wheel: built, installed elsewhere, it finds every file and does its main job."""

import json
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from goldenthread import resources

ROOT = Path(__file__).resolve().parent.parent
FAMILIES = {"ontology": ".ttl", "shapes": ".ttl", "queries": ".rq", "plans": ".ttl", "registers": ".ttl"}
LIST = f"""
import json, sys
from goldenthread import resources
print(json.dumps({{
    "home": resources.__file__,
    "files": {{f: [p.relative_to(resources.folder(f)).as_posix() for p in resources.files(f, s)]
              for f, s in {FAMILIES!r}.items()}},
}}))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Python of an environment that holds the wheel and sees this one's dependencies, but not the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, text=True)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "env", with_pip=False)
    python = folder / "env" / "bin" / "python"
    (site,) = (folder / "env" / "lib").glob("python*/site-packages")
    unpack = [sys.executable, "-m", "zipfile", "-e", str(wheel), str(site)]
    subprocess.run(unpack, check=True)
    dependencies = [entry for entry in sys.path if entry.endswith("site-packages")]
    (site / "dependencies.pth").write_text("\n".join(dependencies), encoding="utf-8")
    return python


def test_the_wheel_holds_every_file(installed: Path, tmp_path: Path) -> None:
    answer = subprocess.run([str(installed), "-c", LIST], cwd=tmp_path, check=True, capture_output=True, text=True)
    found = json.loads(answer.stdout)
    assert not found["home"].startswith(str(ROOT))
    for family, suffix in FAMILIES.items():
        here = [path.relative_to(resources.folder(family)).as_posix() for path in resources.files(family, suffix)]
        assert found["files"][family] == here, family
        assert here, family


def test_the_wheel_does_the_main_job(installed: Path, tmp_path: Path) -> None:
    command = [str(installed), "-m", "goldenthread", "report", "--format", "json"]
    answer = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
    report = json.loads(answer.stdout)
    assert report["validation"]["conforms"] is True
    assert len(report["plans"]) == 5
    html = subprocess.run([*command[:-1], "html"], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert html.stdout.startswith("<!doctype html>")


def test_both_packages_are_typed(installed: Path) -> None:
    (site,) = installed.parent.parent.glob("lib/python*/site-packages")
    assert (site / "goldenthread" / "py.typed").is_file()
    assert (site / "goldenthread_api" / "py.typed").is_file()
    assert not (site / "plans").exists()
    assert not (site / "registers").exists()
