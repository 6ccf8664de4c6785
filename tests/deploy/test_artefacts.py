"""What runs the server elsewhere: each file by a tool that knows its kind, and all of them against the server's settings."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from server.settings import Settings

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
DOCKERFILE, COMPOSE = DEPLOY / "Dockerfile", DEPLOY / "compose.yaml"
KUBERNETES, UNIT = DEPLOY / "kubernetes" / "origingate.yaml", DEPLOY / "systemd" / "origingate.service"
TOOLS = Path(sys.executable).parent

# Of the unit's linter: it takes every mask for one that lets all write, and wants delegation of groups that are not made.
NOT_OURS = ("Security.UMaskOW", "Security.Delegate")


def said(*words: str | Path) -> list[str]:
    """What a tool has to say against a file."""
    done = subprocess.run(
        [str(TOOLS / words[0]), *map(str, words[1:])],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return [
        line
        for line in (done.stdout + done.stderr).splitlines()
        if not any(code in line for code in NOT_OURS)
    ]


def hadolint(file: Path) -> list[str]:
    return said("hadolint", file)


def compose(file: Path) -> list[str]:
    found = said("check-jsonschema", "--builtin-schema", "vendor.compose-spec", file)
    return [line for line in found if line != "ok -- validation done"]


def kubernetes(file: Path) -> list[str]:
    return said("kubernetes-validate", "--strict", "--quiet", file)


def unit(file: Path) -> list[str]:
    return said("systemdlint", "--norootfs", file)


LINTED = {"image": (hadolint, DOCKERFILE), "compose": (compose, COMPOSE), "kubernetes": (kubernetes, KUBERNETES),
          "unit": (unit, UNIT)}  # fmt: skip


@pytest.mark.parametrize("kind", LINTED)
def test_sound(kind: str) -> None:
    """The tool of its kind has nothing to say against the file."""
    tool, file = LINTED[kind]
    assert [] == tool(file)


@pytest.mark.parametrize(
    ("kind", "was", "is_"),
    [
        ("image", "FROM python:3.11-slim-bookworm", "FROM python"),
        ("compose", "depends_on:", "depend_on:"),
        ("kubernetes", "readinessProbe:", "readyProbe:"),
        ("kubernetes", "minAvailable: 2", "minAvailable: [2]"),
        ("unit", "NoNewPrivileges=", "NoNewPriviledges="),
        ("unit", "Restart=on-failure", "Restart=sometimes"),
    ],
)
def test_tools_see(kind: str, was: str, is_: str, tmp_path: Path) -> None:
    """The tool sees a fault that is put in."""
    tool, file = LINTED[kind]
    text = file.read_text("utf-8")
    assert was in text
    broken = tmp_path / file.name
    broken.write_text(text.replace(was, is_, 1), "utf-8")
    assert [] != tool(broken)


def documents() -> dict[str, Any]:
    """The documents for Kubernetes by kind and name."""
    read = list(yaml.safe_load_all(KUBERNETES.read_text("utf-8")))
    return {f"{one['kind']}/{one['metadata']['name']}": one for one in read}


def in_compose() -> Any:
    """The server of the compose file."""
    return yaml.safe_load(COMPOSE.read_text("utf-8"))["services"]["server"]


def environments() -> dict[str, dict[str, str]]:
    """The settings that each file gives to the server."""
    lines = [line.strip() for line in DOCKERFILE.read_text("utf-8").splitlines()]
    image = dict(
        line.removeprefix("ENV ").rstrip(" \\").split("=", 1) for line in lines if "ORIGINGATE_" in line
    )
    service = UNIT.read_text("utf-8").splitlines()
    return {
        "image": image,
        "compose": in_compose()["environment"],
        "kubernetes": documents()["ConfigMap/origingate"]["data"],
        "unit": dict(
            line.removeprefix("Environment=").split("=", 1)
            for line in service
            if line.startswith("Environment=")
        ),
    }


@pytest.mark.parametrize("kind", ["image", "compose", "kubernetes", "unit"])
def test_settings(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every setting that a file gives is one of the server's, with a value that the server takes."""
    given = {key: value for key, value in environments()[kind].items() if key.startswith("ORIGINGATE_")}
    assert given
    for key, value in given.items():
        monkeypatch.setenv(key, value)
    settings = Settings()
    assert set() == {key.removeprefix("ORIGINGATE_").lower() for key in given} - settings.model_fields_set


def test_time_to_stop() -> None:
    """Each leaves a stopping server its grace, and as much again to spare, before it is killed."""
    pod = documents()["Deployment/origingate"]["spec"]["template"]["spec"]
    pause = int(pod["containers"][0]["lifecycle"]["preStop"]["exec"]["command"][1])
    grace = {kind: float(given.get("ORIGINGATE_GRACE", 10)) for kind, given in environments().items()}
    service = dict(
        line.split("=", 1) for line in UNIT.read_text("utf-8").splitlines() if line.startswith("Timeout")
    )
    allowed = {
        "kubernetes": pod["terminationGracePeriodSeconds"] - pause,
        "compose": int(in_compose()["stop_grace_period"].removesuffix("s")),
        "unit": int(service["TimeoutStopSec"]),
    }
    assert {} == {kind: seconds for kind, seconds in allowed.items() if seconds < 2 * grace[kind] + 5}


def test_metrics_port() -> None:
    """Where metrics are served the port is opened to who watches, and to nobody else."""
    port = documents()["ConfigMap/origingate"]["data"]["ORIGINGATE_METRICS"].rpartition(":")[2]
    pod = documents()["Deployment/origingate"]["spec"]["template"]
    ports = {one["name"]: one["containerPort"] for one in pod["spec"]["containers"][0]["ports"]}
    entries = documents()["NetworkPolicy/origingate"]["spec"]["ingress"]
    allowed = {one["ports"][0]["port"]: one["from"][0]["namespaceSelector"]["matchLabels"] for one in entries}
    assert (int(port), port) == (ports["metrics"], pod["metadata"]["annotations"]["prometheus.io/port"])
    assert {
        "grpc": {"origingate.dev/calls": "true"},
        "metrics": {"origingate.dev/watches": "true"},
    } == allowed
    published = {one.partition(":")[0] for one in in_compose()["ports"]}
    assert in_compose()["environment"]["ORIGINGATE_METRICS"] == "0.0.0.0:9464"
    assert (["9464"], {"50051"}) == (in_compose()["expose"], published)


def test_replicas() -> None:
    """Replicas know how many there are at most, so that together they ask no platform more than it takes."""
    spec = documents()["Deployment/origingate"]["spec"]
    most = spec["replicas"] + spec["strategy"]["rollingUpdate"]["maxSurge"]
    assert str(most) == environments()["kubernetes"]["ORIGINGATE_REPLICAS"]


def test_nobody_s_root() -> None:
    """The server runs as nobody's root, and writes nowhere but where it is told."""
    pod = documents()["Deployment/origingate"]["spec"]["template"]["spec"]
    container = pod["containers"][0]["securityContext"]
    user = next(line for line in DOCKERFILE.read_text("utf-8").splitlines() if line.startswith("USER "))
    assert "USER 10001:10001" == user
    assert (True, 10001) == (pod["securityContext"]["runAsNonRoot"], pod["securityContext"]["runAsUser"])
    assert (True, False, ["ALL"]) == (
        container["readOnlyRootFilesystem"],
        container["allowPrivilegeEscalation"],
        container["capabilities"]["drop"],
    )
    assert (True, ["ALL"]) == (in_compose()["read_only"], in_compose()["cap_drop"])


def test_image_holds_what_the_wheel_needs() -> None:
    """The image is made from everything that the wheel is made of."""
    import tomllib

    project = tomllib.loads((DEPLOY.parent / "pyproject.toml").read_text("utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {path.partition("/")[0] for path in [*wheel["packages"], *wheel["force-include"]]}
    copied: set[str] = set()
    for line in DOCKERFILE.read_text("utf-8").splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            copied.update(word.partition("/")[0] for word in line.split()[1:-1])
    assert set() == needed - copied
