"""Two tenants on one server: whatever one asks, it learns nothing of the other, and changes nothing of it."""

import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import pytest
from origingate.v1 import (
    case_service_pb2,
    certificate_service_pb2,
    evidence_service_pb2,
    evidence_service_pb2_grpc,
)

from tests.system.asking import METHODS, Names, Told, ask, request_for
from tests.system.blanket import blanket, under
from tests.system.exporting import audited, files_of
from tests.system.processes import Server, order
from tests.system.tenants import ACME, BRASA, identified, key_for

MADE_UP = Names()


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The server, a key of each tenant, and what the first of them has."""

    server: Server
    database: str
    acme: str
    brasa: str
    names: Names

    def as_acme(self, method: str, request: Any) -> Any:
        """What CaseService answers to the first tenant."""
        stub = getattr(self.server.cases, method)
        return stub(request, timeout=20, metadata=(("authorization", f"Bearer {self.acme}"),))

    def state(self) -> tuple[str, int, int]:
        """What is known of the first tenant's case, and how many it has."""
        case = self.as_acme("GetCase", case_service_pb2.GetCaseRequest(name=self.names.case)).case
        listed = self.as_acme("ListCases", case_service_pb2.ListCasesRequest()).cases
        return case.SerializeToString().hex(), case.version, len(listed)


@pytest.fixture(scope="module")
def neighbours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neighbours]:
    """Two tenants; the first has a certified case."""
    with identified(tmp_path_factory.mktemp("neighbours")) as (server, database):
        acme, brasa = key_for(database, ACME), key_for(database, BRASA)
        request = order(request_id="request-1", order_id="order-1")
        answer = server.cases.ProcessOrder(
            request, timeout=20, metadata=(("authorization", f"Bearer {acme}"),)
        )
        assert answer.e_cert_id
        names = dataclasses.replace(MADE_UP, case=answer.case.name, e_cert_id=answer.e_cert_id)
        yield Neighbours(server, database, acme, brasa, names)


def without(told: Told, names: Names) -> Told:
    """What was told, with the names that were asked about taken out."""
    return dataclasses.replace(
        told, text=told.text.replace(names.case, "CASE").replace(names.e_cert_id, "ID")
    )


# Rulebooks are no tenant's: tests/system/test_rulebook_together.py says who may do what with them.
OF_RULEBOOKS = [path for path in METHODS if "/origingate.v1.RulebookService/" in path]
LOOKED_AFTER = [
    path for path in OF_RULEBOOKS if not path.endswith(("/ListRulebooks", "/GetRulebook", "/ListActivations"))
]


@pytest.mark.parametrize(
    "path", [path for path in METHODS if path not in LOOKED_AFTER], ids=lambda path: path.rpartition(".")[2]
)
def test_nothing_crosses(neighbours: Neighbours, path: str) -> None:
    """A method that is asked about another tenant's things answers as if they were not there, and leaves them alone."""
    before = neighbours.state()
    asked = request_for(path, neighbours.names)
    told = ask(neighbours.server.channel, path, asked, neighbours.brasa)
    assert told.code in (grpc.StatusCode.OK, grpc.StatusCode.NOT_FOUND), told
    if told.code is grpc.StatusCode.OK:
        assert neighbours.names.case not in told.text
        assert neighbours.names.e_cert_id not in told.text
    else:
        none = dataclasses.replace(MADE_UP, e_cert_id="X" * len(neighbours.names.e_cert_id))
        made_up = ask(neighbours.server.channel, path, request_for(path, none), neighbours.brasa)
        assert without(made_up, none) == without(told, neighbours.names)
    assert before == neighbours.state()


@pytest.mark.parametrize(
    "path",
    [path for path, method in METHODS.items() if {"name", "e_cert_id"} & set(method.input_type.fields_by_name)],
    ids=lambda path: path.rpartition(".")[2],
)  # fmt: skip
def test_named_things_are_not_there(neighbours: Neighbours, path: str) -> None:
    """A case or certificate of another tenant is NOT_FOUND."""
    told = ask(neighbours.server.channel, path, request_for(path, neighbours.names), neighbours.brasa)
    assert grpc.StatusCode.NOT_FOUND == told.code


def test_same_order(neighbours: Neighbours) -> None:
    """The same order under the same request_id is another one for another tenant, with a certificate of its own."""
    request = order(request_id="request-1", order_id="order-1")
    metadata = (("authorization", f"Bearer {neighbours.brasa}"),)
    answer = neighbours.server.cases.ProcessOrder(request, timeout=20, metadata=metadata)
    assert answer.case.name != neighbours.names.case
    assert answer.e_cert_id and answer.e_cert_id != neighbours.names.e_cert_id


def test_certificate_with_its_proof(neighbours: Neighbours) -> None:
    """Who brings another tenant's certificate and proof learns what the platform says, and not whom it served."""
    case = neighbours.as_acme("GetCase", case_service_pb2.GetCaseRequest(name=neighbours.names.case)).case
    request = request_for("/origingate.v1.CertificateService/VerifyCertificate", neighbours.names)
    request.platform, request.proof = "sandbox", case.certificate.proof
    told = ask(
        neighbours.server.channel,
        "/origingate.v1.CertificateService/VerifyCertificate",
        request,
        neighbours.brasa,
    )
    assert grpc.StatusCode.OK == told.code
    assert neighbours.names.case not in told.text


@pytest.mark.parametrize("kind", ["page", "watch"])
def test_tokens(neighbours: Neighbours, kind: str) -> None:
    """A token that one tenant was given is none of another's."""
    for number in (2, 3):
        inquiry = request_for(
            "/origingate.v1.CaseService/OpenInquiry",
            dataclasses.replace(MADE_UP, order_id=f"{kind}-{number}", request_id=f"{kind}-{number}"),
        )
        neighbours.as_acme("OpenInquiry", inquiry)
    if kind == "page":
        request: Any = case_service_pb2.ListCasesRequest(page_size=1)
        request.page_token = neighbours.as_acme("ListCases", request).next_page_token
        path = "/origingate.v1.CaseService/ListCases"
    else:
        request = case_service_pb2.WatchCasesRequest(start=case_service_pb2.WATCH_START_BEGINNING)
        stream = neighbours.as_acme("WatchCases", request)
        request = case_service_pb2.WatchCasesRequest(after=next(iter(stream)).token)
        stream.cancel()
        path = "/origingate.v1.CaseService/WatchCases"
    assert "TOKEN_INVALID" == ask(neighbours.server.channel, path, request, neighbours.brasa).reason


def test_watch_and_list_of_the_other(neighbours: Neighbours) -> None:
    """A watch from the beginning, and lists, have what is the tenant's own and nothing else."""
    metadata = (("authorization", f"Bearer {neighbours.brasa}"),)
    own = {
        case.name
        for case in neighbours.server.cases.ListCases(
            case_service_pb2.ListCasesRequest(), timeout=10, metadata=metadata
        ).cases
    }
    assert neighbours.names.case not in own
    request = case_service_pb2.WatchCasesRequest(start=case_service_pb2.WATCH_START_BEGINNING)
    stream = neighbours.server.cases.WatchCases(request, timeout=20, metadata=metadata)
    seen = set()
    for told in stream:
        if not told.HasField("event"):
            break
        seen.add(told.event.case_name)
    stream.cancel()
    assert seen <= own


def test_get_certificate_of_its_own(neighbours: Neighbours) -> None:
    """The tenant whose certificate it is reads it, so that the tests before are about who asks."""
    request = certificate_service_pb2.GetCertificateRequest(e_cert_id=neighbours.names.e_cert_id)
    path = "/origingate.v1.CertificateService/GetCertificate"
    assert grpc.StatusCode.OK == ask(neighbours.server.channel, path, request, neighbours.acme).code


LIMITED = [path for path in METHODS if not path.endswith("/BatchCheckScope")]


@pytest.mark.parametrize("path", LIMITED, ids=lambda path: path.rpartition(".")[2])
def test_key_for_another_site(neighbours: Neighbours, path: str) -> None:
    """A key for one site of a tenant is as good as none for what belongs to its others."""
    before = neighbours.state()
    key = key_for(neighbours.database, ACME, sites=("plaza-market",))
    told = ask(neighbours.server.channel, path, request_for(path, neighbours.names), key)
    assert told.reason in ("SITE_OUT_OF_REACH", "CASE_NOT_FOUND", "CERTIFICATE_NOT_FOUND"), told
    assert before == neighbours.state()


NEVER_OF_ONE_SITE = (
    "/origingate.v1.OperatorService/ListManualCases",
    "/origingate.v1.OperatorService/ListLedgers",
    "/origingate.v1.OperatorService/ListHeldCases",
    "/origingate.v1.OperatorService/EraseScreenings",
    "/origingate.v1.EvidenceService/ListHeads",
    "/origingate.v1.SiteService/ListSites",
)


@pytest.mark.parametrize(
    "path",
    [path for path in LIMITED if path not in (*NEVER_OF_ONE_SITE, *OF_RULEBOOKS)],
    ids=lambda path: path.rpartition(".")[2],
)  # fmt: skip
def test_key_for_its_site(neighbours: Neighbours, path: str) -> None:
    """A key for a site serves for whatever belongs to it."""
    key = key_for(neighbours.database, ACME, sites=("aceros-shop", "tornillos-shop"))
    other = request_for(path, dataclasses.replace(neighbours.names, case=MADE_UP.case))
    told = ask(neighbours.server.channel, path, other, key)
    assert "SITE_OUT_OF_REACH" != told.reason, told


def test_items_of_a_batch(neighbours: Neighbours) -> None:
    """In a batch each item stands alone: those of the key's site are answered, the others are not."""
    key = key_for(neighbours.database, ACME, sites=("plaza-market",))
    path = "/origingate.v1.ScreeningService/BatchCheckScope"
    request = request_for(path, MADE_UP)
    request.items.add().CopyFrom(request.items[0])
    request.items[1].site.site_id = "plaza-market"
    stub = neighbours.server.screening.BatchCheckScope
    answer = stub(request, timeout=10, metadata=(("authorization", f"Bearer {key}"),))
    assert ["error", "scope"] == [item.WhichOneof("answer") for item in answer.items]
    assert "SITE_OUT_OF_REACH" in str(answer.items[0].error)


def test_certificate_of_another_site(neighbours: Neighbours) -> None:
    """A key for one site puts no case under a certificate that was issued for another site of its tenant."""
    key = key_for(neighbours.database, ACME, sites=("tornillos-shop",))
    place, certify = "/origingate.v1.CaseService/PlaceOrder", "/origingate.v1.CaseService/Certify"
    names = dataclasses.replace(neighbours.names, site_id="tornillos-shop", order_id="use", request_id="use")
    metadata = (("authorization", f"Bearer {key}"),)
    placed = neighbours.server.cases.PlaceOrder(request_for(place, names), timeout=10, metadata=metadata)
    request = request_for(certify, dataclasses.replace(names, case=placed.case.name))
    request.use.e_cert_id = neighbours.names.e_cert_id
    assert "CERTIFICATE_NOT_FOUND" == ask(neighbours.server.channel, certify, request, key).reason


def test_export_under_another_site(neighbours: Neighbours, tmp_path: Path) -> None:
    """An export for a key of one site holds another site's certificate that covers the case, and nothing of it in plain."""
    issued = neighbours.as_acme(
        "ProcessOrder", blanket("SITES-BLANKET", "sites-request-1", goods="of two sites")
    )
    request = under(issued.e_cert_id, "SITES-UNDER", "sites-request-2", goods="of two sites")
    request.site.site_id = "plaza-market"
    covered = neighbours.as_acme("ProcessOrder", request)
    export = evidence_service_pb2_grpc.EvidenceServiceStub(neighbours.server.channel).ExportEvidence

    def exported(key: str) -> bytes:
        asked = evidence_service_pb2.ExportEvidenceRequest(name=covered.case.name)
        answers = export(asked, timeout=20, metadata=(("authorization", f"Bearer {key}"),))
        return b"".join(answer.chunk for answer in answers)

    of_one = exported(key_for(neighbours.database, ACME, sites=("plaza-market",)))
    of_both = exported(key_for(neighbours.database, ACME, sites=("plaza-market", "aceros-shop")))
    limited, whole = files_of(of_one), files_of(of_both)
    texts = {"certificates/1/proof.txt", "certificates/1/declaration_digest.txt"}
    assert texts == set(whole) - set(limited)
    assert whole["certificates/1/row.json"] == limited["certificates/1/row.json"]
    assert issued.case.name == json.loads(limited["certificates/1/row.json"])["columns"]["case_name"]
    assert 1 == whole["index.html"].count(b"e cert id: ") - limited["index.html"].count(b"e cert id: ")
    assert whole == files_of(exported(neighbours.acme))
    assert [] == audited(neighbours.server.folder / "og.db.log-key.pub.pem", tmp_path)(of_one)


def test_items_of_a_stream(neighbours: Neighbours) -> None:
    """So it is in a stream, for which also another site's certificate is none."""
    key = key_for(neighbours.database, ACME, sites=("plaza-market",))
    path = "/origingate.v1.ScreeningService/StreamDecide"
    other, own, of_other = (request_for(path, neighbours.names) for _ in range(3))
    own.item.site.site_id = of_other.item.site.site_id = "plaza-market"
    own.item.e_cert_id = ""
    stub = neighbours.server.screening.StreamDecide
    metadata = (("authorization", f"Bearer {key}"),)
    answers = list(stub(iter([other, own, of_other]), timeout=10, metadata=metadata))
    assert ["error", "decisions", "error"] == [answer.WhichOneof("answer") for answer in answers]
    assert "SITE_OUT_OF_REACH" in str(answers[0].error)
    assert "CERTIFICATE_NOT_FOUND" in str(answers[2].error)


@pytest.mark.parametrize("key", ["", "og_nonsense", "eyJhbGciOiJub25lIn0.e30."])
def test_nobody(neighbours: Neighbours, key: str) -> None:
    """Who shows nothing that holds is UNAUTHENTICATED, and no part of what was shown comes back."""
    path = "/origingate.v1.CaseService/GetCase"
    told = ask(neighbours.server.channel, path, request_for(path, neighbours.names), key)
    assert (grpc.StatusCode.UNAUTHENTICATED, "UNAUTHENTICATED") == (told.code, told.reason)
    assert not key or key not in told.text
