"""Every method of the contract, asked in every role."""

from collections.abc import Iterator

import grpc
import pytest

from server.auth import Role
from server.wire.methods import method_roles
from tests.system.asking import METHODS, Names, ask, request_for
from tests.system.processes import Server
from tests.system.tenants import ACME, identified, key_for


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[Role, str]]]:
    """A server, and a key for each role alone."""
    with identified(tmp_path_factory.mktemp("roles")) as (server, database):
        yield server, {role: key_for(database, ACME, (role,)) for role in Role}


def test_every_method_names_a_role() -> None:
    """Each method of the contract says which role it needs; one that says none would be open to nobody."""
    assert set(METHODS) == set(method_roles())


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("path", METHODS, ids=lambda path: path.rpartition(".")[2])
def test_role(house: tuple[Server, dict[Role, str]], path: str, role: Role) -> None:
    """A method serves those who have its role, and is PERMISSION_DENIED to all others."""
    server, keys = house
    told = ask(server.channel, path, request_for(path, Names()), keys[role])
    refused = (told.code, told.reason) == (grpc.StatusCode.PERMISSION_DENIED, "ROLE_MISSING")
    assert (role is not method_roles()[path]) == refused, told
    assert told.code is not grpc.StatusCode.INVALID_ARGUMENT, told


@pytest.mark.parametrize("path", METHODS, ids=lambda path: path.rpartition(".")[2])
def test_nobody(house: tuple[Server, dict[Role, str]], path: str) -> None:
    """Who does not say who it is gets no answer from any method."""
    told = ask(house[0].channel, path, request_for(path, Names()))
    assert (grpc.StatusCode.UNAUTHENTICATED, "UNAUTHENTICATED") == (told.code, told.reason)
