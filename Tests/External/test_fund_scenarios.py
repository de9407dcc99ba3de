"""Every folder of Tests/Scenarios/Fund through a fund process of its own, with the packs that it names."""

import tempfile

import pytest

from conftest import ROOT, Suite
from scenario import Scenario

FOLDERS = sorted(path.parent for path in (ROOT / "Tests/Scenarios/Fund").glob("*/scenario.yaml"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_scenario(folder, request, stubs):
    import yaml

    readme = (folder / "README.md").read_text()
    assert readme.startswith("# ") and "Document:" in readme, "a reader learns what it is about and which rule it shows"
    packs = yaml.safe_load((folder / "scenario.yaml").read_text())["packs"]
    with tempfile.TemporaryDirectory(prefix="huirong-scenario-") as directory:
        suite = Suite(request.config.getoption("--binaries"), directory)
        suite.packs = [ROOT / "Shared/Policy/Packs" / f"{name}.yaml" for name in packs]
        suite.start("fund")
        try:
            Scenario(folder, suite.address("fund", "grpc"), stubs).run()
        finally:
            suite.stop()
