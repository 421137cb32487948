"""The steps of docs/deploy.md for an operator, done."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from server.settings import Settings
from tests.server.conftest import ROOT, run_server, switch_to, wait_until, write_version

DEPLOY = (ROOT / "docs" / "deploy.md").read_text("utf-8")
SECOND = "@prefix ex: <https://example.org/> . ex:evry ex:gave 7 ."
SUM = "SELECT (SUM(?n) AS ?sum) { ?s <https://example.org/gave> ?n }"
# The other machine is another folder of this one.
ELSEWHERE = """
set -euo pipefail
ssh() { bash -euc "${2//$here/$there}"; }
rsync() {
  local target=${4#replica:}
  target=${target/$here/$there}
  mkdir -p "$target"
  cp -a "$3." "$target"
}
"""


def block(language: str, beginning: str) -> str:
    """The block of the document in that language that begins so."""
    (found,) = (
        text
        for text in re.findall(rf"```{language}\n(.*?)```", DEPLOY, re.DOTALL)
        if text.startswith(beginning)
    )
    return found


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd")
def test_systemd_takes_the_unit_without_a_warning(tmp_path):
    unit = tmp_path / "maillage.service"
    text = block("ini", "[Unit]")
    unit.write_text(text.replace("/opt/maillage/.venv/bin/maillage", "/bin/true"))
    assert unit.read_text() != text
    checked = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, timeout=60
    )
    assert (checked.returncode, checked.stderr) == (0, "")


def test_the_service_has_the_time_to_stop_that_its_queries_may_take():
    seconds = int(re.search(r"TimeoutStopSec=(\d+)", DEPLOY)[1])
    settings = Settings()
    assert seconds >= settings.deadline + settings.queue_wait + 10


def test_a_replica_takes_a_copied_version_up(tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    for home in (here, there):
        write_version(home, "first")
        switch_to(home, "first")
    write_version(here, "second", SECOND)
    switch_to(here, "second")
    commands = block("sh", "home=").replace("/var/lib/maillage", str(here))
    script = f"here={here} there={there}\n{ELSEWHERE}\n{commands}"
    for replica in run_server(there, evaluators=1, access_log=""):
        assert replica.get(SUM).values == [("390",)]
        for _ in range(2):  # to do it again changes nothing
            subprocess.run(["bash", "-c", script], check=True, timeout=60)
        wait_until(lambda replica=replica: replica.request("/health").json["version"] == "second")
        assert replica.get(SUM).values == [("7",)]
    assert (there / "current").readlink() == Path("versions/second")
    assert not (there / ".current-new").is_symlink()
