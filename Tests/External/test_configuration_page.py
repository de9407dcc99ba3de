"""docs/configuration.md names every key that an executable's --help names, and says the same of it."""

import re
import subprocess

import pytest

from conftest import ROOT, SERVICES

KEY = re.compile(r"^  --([a-z0-9-]+)  \((.*); (default (.*)|unset by default); (HUIRONG_[A-Z0-9_]+)\)$")
# Differ between the services, as the page says above its table.
OWN_DEFAULTS = {"plain-port", "grpc-port", "admin-port", "store", "drain-seconds"}


def keys(executable):
    run = subprocess.run([str(executable), "--help"], capture_output=True, text=True, timeout=60, check=True)
    lines = run.stdout.split("keys:\n")[1].split("\nexit codes:")[0].splitlines()
    found = {}
    for line in lines:
        match = KEY.match(line)
        if match:
            name, kind, _, default, variable = match.groups()
            found[name] = [kind, f"`{default}`" if default is not None else "—", f"`{variable}`", ""]
        else:
            found[name][3] = f"{found[name][3]} {line.strip()}".strip()
    # A peer that this service does not call: the same key, with a word more.
    unused = "; accepted for the sake of shared environments, not used here."
    return {name: [*row[:3], row[3].replace(unused, ".")] for name, row in found.items()}


@pytest.mark.parametrize("service", SERVICES)
def test_the_page_names_every_key_of_the_help(request, service):
    page = (ROOT / "docs/configuration.md").read_text()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("|")]
    common = {row[0].strip("`"): row[1:] for row in rows if len(row) == 5}
    own = {row[1].strip("`"): row[2:] for row in rows if len(row) == 6 and row[0] == service}
    told = keys(f"{request.config.getoption('--binaries')}/huirong-{service}")
    assert len(told) > 10, "the help was not understood"
    for name, expected in told.items():
        written = own.get(name) or common.get(name)
        assert written, f"{name} is missing from the page"
        if name in OWN_DEFAULTS and name not in own:
            written, expected = written[:1] + written[2:3], expected[:1] + expected[2:3]
        assert written == expected, name
    assert set(own) <= set(told), "the page names a key that the service does not have"
