"""A place that a person names and of which nothing can be published: told, and no version made."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from server.cli.main import main

HEADER = "city1,country1,city2,country2\n"
GOOD = HEADER + "Évry,France,Kayes,Mali\n"


@pytest.mark.parametrize("option", ["--source", "--add"])
@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("commune;code\nÉvry;91228\n", "it has no column `city1`"),
        (HEADER, "it holds no record"),
        (HEADER + "Évry,France,Évry,France\n,France,Kayes,Mali\n", "tell them apart"),
        ("", "is empty: save the page again"),
    ],
)
def test_a_file_of_which_nothing_is_of_use_publishes_nothing(
    tmp_path: Path, option: str, content: str, told: str
) -> None:
    source = tmp_path / "list.csv"
    source.write_text(content)
    home = tmp_path / "home"
    arguments = ["build", "--home", str(home), "--only", "twinnings", "--only", "countries"]
    result = CliRunner().invoke(main, [*arguments, option, f"twinnings={source}"])
    assert result.exit_code == 1
    assert f"{source}: not one record of twinnings in it can be published" in result.output
    assert told in result.output
    assert not (home / "current").exists()
    check = CliRunner().invoke(
        main, ["check", "--only", "twinnings", option, f"twinnings={source}"]
    )
    assert check.exit_code == 1


def test_a_folder_may_hold_other_files_too(tmp_path: Path) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "list.csv").write_text(GOOD)
    (folder / "other.csv").write_text("commune;code\nÉvry;91228\n")
    arguments = [
        "build",
        "--home",
        str(tmp_path / "home"),
        "--only",
        "twinnings",
        "--only",
        "countries",
    ]
    result = CliRunner().invoke(main, [*arguments, "--source", f"twinnings={folder}"])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "home" / "current").exists()


def test_of_two_named_files_each_has_to_be_of_use(tmp_path: Path) -> None:
    for name, content in (("a.csv", GOOD), ("b.csv", "x;y\n1;2\n")):
        (tmp_path / name).write_text(content)
    options = [f"--source=twinnings={tmp_path / name}" for name in ("a.csv", "b.csv")]
    arguments = [
        "build",
        "--home",
        str(tmp_path / "home"),
        "--only",
        "twinnings",
        "--only",
        "countries",
    ]
    result = CliRunner().invoke(main, [*arguments, *options])
    assert result.exit_code == 1
    assert "b.csv: not one record" in result.output
    assert not (tmp_path / "home" / "current").exists()
