"""The wheel holds all that is needed: installed elsewhere, it serves from an empty folder."""

import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.servers import ROOT, Service, missing

MODEL = ROOT / "models" / "send-guide.tar.gz"


@pytest.fixture(scope="module")
def uv() -> str:
    found = shutil.which("uv") or shutil.which(ROOT / ".uv" / "bin" / "uv")
    if not found:
        missing("uv")
    return str(found)


@pytest.fixture(scope="module")
def wheel(uv: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([uv, "build", "--quiet", "--wheel", "--out-dir", folder], cwd=ROOT, check=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(uv: str, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel, which finds everything else in this one's."""
    home = tmp_path_factory.mktemp("installed")
    python = home / "bin" / "python"
    subprocess.run([uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, home], check=True)
    subprocess.run([uv, "pip", "install", "--quiet", "--python", python, "--no-deps", wheel], check=True)
    packages = next(home.glob("lib/*/site-packages"))
    (packages / "of-the-tests.pth").write_text(sysconfig.get_path("purelib"))
    return home


class InstalledService(Service):
    """``send-guide serve`` of the wheel, in a folder that holds nothing."""

    def __init__(self, home: Path, folder: Path) -> None:
        self.program = [str(home / "bin" / "python"), "-I", str(home / "bin" / "send-guide")]
        self.working_folder = folder
        super().__init__(folder, MODEL=str(MODEL))


def test_the_wheel_holds_the_pages_the_project_and_nothing_of_the_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for part in (
        "send_guide/templates/chat.html",
        "send_guide/static/send-guide.js",
        "send_guide/project/domain.yml",
        "send_guide/project/config.yml",
        "send_guide/project/data/contacts.yml",
        "send_guide/project/actions/__init__.py",
        "send-guide-absent-packages.pth",
    ):
        assert part in names
    tops = {name.partition("/")[0] for name in names if ".dist-info" not in name}
    assert tops == {"send_guide", "send-guide-absent-packages.pth"}


def test_the_installed_wheel_answers_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    service = InstalledService(installed, tmp_path).wait()
    try:
        replies = service.asks("somebody", "who must appoint a senco")
        said = [answer for reply in replies for answer in reply.get("custom", {}).get("answer_ids", [])]
        assert said == ["schools.appoint-senco"]
        status, page = service.get("/")
        assert status == 200
        assert "<html" in page
    finally:
        assert service.stop() == 0


def test_the_content_of_the_installed_wheel_is_whole(installed: Path, tmp_path: Path) -> None:
    command = [str(installed / "bin" / "python"), "-I", str(installed / "bin" / "send-guide"), "check"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
