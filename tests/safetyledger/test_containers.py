"""What a container may do, and of what it is made."""

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_writes_to_its_volumes_only_and_gains_no_rights(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["deploy"]["resources"]["limits"]["memory"]
    if service["image"] == "safetyledger":
        assert service["cap_drop"] == ["ALL"]


def test_images_are_named_to_the_last_number():
    """A tag that moves would be another program after the next pull."""
    named = [service["image"] for service in SERVICES.values() if service["image"] != "safetyledger"]
    named += [image for image in re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE) if ":" in image]
    assert len(named) >= 5
    assert [image for image in named if not re.search(r":\d+\.\d+(\.\d+)?(-[a-z-]+)?$", image)] == []
    assert not [image for image in named if image.startswith(("node:", "python:")) and image.count(".") < 2]


def test_the_image_runs_as_nobody_special_and_holds_no_node():
    last = DOCKERFILE.rsplit("\nFROM ", 1)[1]
    assert "\nUSER safetyledger\n" in last
    assert "node" not in last


def test_there_is_one_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    package, lock = (json.loads((ROOT / name).read_text()) for name in ("package.json", "package-lock.json"))
    assert {package["version"], lock["version"], lock["packages"][""]["version"]} == {project["version"]}
