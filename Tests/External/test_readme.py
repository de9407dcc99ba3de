"""The commands of both READMEs, run as they stand: a newcomer's first steps must work."""

import json
import re
import subprocess

import pytest

from conftest import ROOT


def commands(page):
    """The lines of the page's shell blocks that call a running suite, with continued lines joined."""
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / page).read_text(), re.S)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return [line for line in lines if line.startswith("curl") or " call " in line]


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_first_steps(suite, page):
    found = commands(page)
    assert len(found) == 2, found
    for command in found:
        command = command.replace("localhost:8080", suite.address("gateway", "http"))
        command = command.replace(".build/release/huirongctl call", f"{suite.binaries}/huirongctl call --address {suite.address('demand', 'plain')}")
        run = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=30)
        assert run.returncode == 0, run.stderr
        answer = json.loads(run.stdout)
        assert "error" not in answer, answer
    assert answer["demand"]["state"] == "DEMAND_STATE_PUSHED"
