"""What is in deploy/ is what the programs it is for accept, and names only settings that exist."""

import contextlib
import getpass
import re
import shutil
import subprocess
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from benchmarks.nginx import REPLICA, Nginx
from send_guide.settings import Settings
from tests.conftest import ROOT
from tests.servers import COMMAND, free_port, missing

DEPLOY = ROOT / "deploy"
old_schemas = pytest.mark.filterwarnings("ignore:The metaschema specified by:DeprecationWarning")
"""Kubernetes publishes its schemas without saying which draft they are of."""


@old_schemas
@pytest.mark.parametrize("file", sorted(DEPLOY.glob("kubernetes/*.yaml")), ids=lambda path: path.name)
def test_kubernetes_manifests_fit_their_schemas(file: Path) -> None:
    for manifest in yaml.safe_load_all(file.read_text()):
        kubernetes_validate.validate(manifest, "1.28", strict=True)


@old_schemas
def test_a_wrong_manifest_is_noticed() -> None:
    wrong = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "x"}, "spec": {"replica": 2}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, "1.28", strict=True)


def test_nginx_takes_its_configuration(tmp_path: Path) -> None:
    if not shutil.which("nginx"):
        missing("nginx")
    shutil.copy(DEPLOY / "nginx.conf", tmp_path)
    (tmp_path / "replicas.conf").write_text(REPLICA.format(port=5005) + REPLICA.format(port=5006))
    (tmp_path / "listen.conf").write_text("listen 127.0.0.1:8443;\n")
    command = ["nginx", "-t", "-q", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
    command += ["-g", "pid nginx.pid;"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", [True, False], ids=["with a page", "without"])
def test_while_no_replica_answers_people_are_told_whom_to_ring(tmp_path: Path, page: bool) -> None:
    if not shutil.which("nginx"):
        missing("nginx")
    if page:
        done = subprocess.run([*COMMAND, "down-page"], cwd=ROOT, capture_output=True, text=True, check=True)
        (tmp_path / "down.html").write_text(done.stdout)
    for part in (tmp_path, *tmp_path.parents):
        if part.owner() == getpass.getuser() and part.is_relative_to(tempfile.gettempdir()):
            part.chmod(part.stat().st_mode | 0o755)  # nginx reads as a user of its own
    nginx = Nginx(tmp_path, [free_port()])
    try:
        with pytest.raises(urllib.error.HTTPError) as told:
            urllib.request.urlopen(f"http://127.0.0.1:{nginx.port}/chat")
        for path in ("/metrics", "/metrics/", "/readyz", "/readyz//"):  # not even asked of a replica
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(f"http://127.0.0.1:{nginx.port}{path}")
    finally:
        nginx.stop()
    assert told.value.code == 502
    assert told.value.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert ("ring 999" in told.value.read().decode()) == page


class Replica(BaseHTTPRequestHandler):
    """Something that answers."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def replica(port: int) -> Iterator[None]:
    with ThreadingHTTPServer(("127.0.0.1", port), Replica) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def test_replicas_are_restarted_one_after_the_other_and_somebody_always_answers(tmp_path: Path) -> None:
    """What was away is asked again at once, so that the other may go next (docs/operate.md, Upgrade)."""
    if not shutil.which("nginx"):
        missing("nginx")
    ports = [free_port(), free_port()]
    nginx = Nginx(tmp_path, ports)
    answers = []
    try:
        for there in (ports, ports[1:], ports, ports[:1]):
            with contextlib.ExitStack() as running:
                for port in there:
                    running.enter_context(replica(port))
                for _ in range(4):
                    with urllib.request.urlopen(f"http://127.0.0.1:{nginx.port}/") as answer:
                        answers.append(answer.status)
    finally:
        nginx.stop()
    assert answers == [200] * 16


def test_what_stands_in_nginx_conf_of_a_replica_is_what_is_tested() -> None:
    assert f'"{REPLICA.format(port=5005)}"' in (DEPLOY / "nginx.conf").read_text()


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        missing("systemd-analyze")
    unit = (DEPLOY / "send-guide@.service").read_text()
    unit = unit.replace("/opt/send-guide/.venv/bin/send-guide", "/bin/true")  # not installed here
    (tmp_path / "send-guide@.service").write_text(unit)
    command = ["systemd-analyze", "verify", str(tmp_path / "send-guide@5005.service")]
    shutil.copy(tmp_path / "send-guide@.service", tmp_path / "send-guide@5005.service")
    done = subprocess.run(command, capture_output=True, text=True)
    assert "send-guide@5005.service" not in done.stderr, done.stderr


def test_every_setting_that_is_named_exists() -> None:
    names = {f"SEND_GUIDE_{name.upper()}" for name in Settings.model_fields}
    for file in DEPLOY.rglob("*"):
        if file.is_file() and "__pycache__" not in file.parts:
            assert set(re.findall(r"SEND_GUIDE_[A-Z_0-9]+", file.read_text())) <= names, file


def test_compose_names_files_and_services_that_exist() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    services = compose["services"]
    assert (
        DEPLOY / services["guide"]["build"]["context"] / services["guide"]["build"]["dockerfile"]
    ).is_file()
    for service in services.values():
        assert set(service.get("depends_on", {})) <= set(services)


def test_nothing_that_is_served_points_at_the_tests() -> None:
    assert [name for name, one in Settings.model_fields.items() if "tests" in str(one.default)] == []
    made, _, image = (DEPLOY / "Dockerfile").read_text().rpartition("FROM ")
    assert re.search(r"mv tests/questions questions && rm -rf [\w. ]*\btests$", made, re.M)
    assert "tests" not in image
