"""`make run` says what it does and nothing else, also where pip and npm would have much to say."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OWN = ["making .venv", "installing Python packages", "installing Node packages"]
needs = pytest.mark.skipif(
    not all(map(shutil.which, ("make", "npm", "python3"))), reason="make, npm or python3 is missing"
)


@pytest.fixture
def project(tmp_path):
    """The Makefile with nothing for pip to install, which pip calls worth a warning, and a neighbour for npm."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "requirements.txt").write_text("# nothing\n")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "package.json").write_text('{"name": "b", "version": "1.0.0"}')
    me = {"name": "a", "version": "1.0.0", "dependencies": {"b": "file:b"}}
    packages = {"": me, "b": {"version": "1.0.0"}, "node_modules/b": {"resolved": "b", "link": True}}
    (tmp_path / "package.json").write_text(json.dumps(me))
    (tmp_path / "package-lock.json").write_text(json.dumps({"name": "a", "lockfileVersion": 3, "packages": packages}))
    return tmp_path


def make(project, *targets, **environment):
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "MAKE", "npm_", "MFLAGS"))
    }
    return subprocess.run(
        ["make", *targets],
        cwd=project,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def not_ours(directory):
    """A cache that pip warns about: it cannot be written, and belongs to somebody else where we are root."""
    directory.mkdir()
    directory.chmod(0o500)
    if os.getuid() == 0:
        os.chown(directory, 12345, 12345)
    return str(directory)


@needs
def test_preparing_prints_only_our_own_lines(project):
    cache = not_ours(project / "cache")
    done = make(project, ".venv/.installed", "node_modules/.installed", PIP_CACHE_DIR=cache, NPM_CONFIG_FUND="true")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == OWN
    assert done.stderr == ""

    again = make(project, ".venv/.installed", "node_modules/.installed")
    assert again.stderr == ""
    assert not set(OWN) & set(again.stdout.splitlines()), "nothing is done twice"


@needs
def test_what_goes_wrong_is_said(project):
    (project / "requirements.txt").write_text(f"nothing-of-this-name==1.0 --hash=sha256:{'0' * 64}\n")
    failed = make(project, ".venv/.installed", PIP_NO_INDEX="1")
    assert failed.returncode != 0
    assert "nothing-of-this-name" in failed.stderr
    assert not (project / ".venv" / ".installed").exists()
