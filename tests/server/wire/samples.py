"""Requests to read, and what reading them finds."""

from google.protobuf.message import Message
from google.type.date_pb2 import Date
from google.type.decimal_pb2 import Decimal
from google.type.money_pb2 import Money
from origingate.v1 import (
    case_service_pb2,
    declaration_pb2,
    order_pb2,
    party_pb2,
    screening_service_pb2,
    site_pb2,
)

from server.errors import RequestInvalid
from server.wire.requests import Facts, read


def asking(
    order: order_pb2.Order, site: site_pb2.Site | None = None
) -> screening_service_pb2.CheckScopeRequest:
    """A CheckScope request."""
    return screening_service_pb2.CheckScopeRequest(site=site or site_pb2.Site(), order=order)


def declaring(declaration: declaration_pb2.Declaration) -> screening_service_pb2.DecidePreReviewRequest:
    """A DecidePreReview request with a declaration for a small order."""
    return screening_service_pb2.DecidePreReviewRequest(
        site=site_pb2.Site(), order=order_pb2.Order(destination="US"), declaration=declaration
    )


def order_facts(order: order_pb2.Order) -> Facts:
    """The facts that an order says."""
    facts: Facts = read(asking(order)).facts["order"]
    return facts


def faults(request: Message) -> list[tuple[str, str]]:
    """Field and rule of every violation; empty where the request is well."""
    try:
        read(request)
    except RequestInvalid as error:
        return [(violation.field, violation.rule) for violation in error.violations]
    return []


def order_faults(order: order_pb2.Order) -> list[tuple[str, str]]:
    """Field and rule of every violation of an order."""
    return faults(asking(order))


def texts(request: Message) -> list[str]:
    """What the violations say."""
    try:
        read(request)
    except RequestInvalid as error:
        return [violation.text for violation in error.violations]
    return []


def full_order() -> order_pb2.Order:
    """An order in which every field is set."""
    order = order_pb2.Order(
        order_id="A-1",
        destination="US",
        commercial=True,
        originating_value=Money(currency_code="USD", units=2500),
        import_date=Date(year=2026, month=7, day=15),
        claim=order_pb2.Claim(
            kind="CLAIM_KIND_AT_ENTRY",
            indicator="CLAIM_INDICATOR_S",
            made_on=Date(year=2026, month=7, day=15),
            claimed_at_entry=True,
            certification_in_possession=True,
            certification_obtained_on=Date(year=2026, month=7, day=1),
            entries_same_day=1,
            evasion_found=False,
            copy_notice_on=Date(year=2026, month=8, day=1),
            copy_submitted_on=Date(year=2026, month=8, day=2),
        ),
    )
    order.lines.items.add(
        line_id="1",
        description="Steel rod",
        hs="7213.20",
        quantity=Decimal(value="12.5"),
        unit="kg",
        value=Money(currency_code="USD", units=2500),
        claims_preference=True,
    )
    return order


def full_declaration() -> declaration_pb2.Declaration:
    """A declaration that uses every message type that declarations have."""
    party = party_pb2.Party(
        name="Aceros del Norte",
        title="Director",
        address=party_pb2.Address(
            lines=party_pb2.AddressLines(items=["Av. Industrias 1400"]), locality="Monterrey", country="MX"
        ),
        telephone="+52 81 5555 0100",
        email="origen@aceros.example",
    )
    named = party_pb2.PartyStatement(manner="PARTY_MANNER_NAMED", parties=party_pb2.Parties(items=[party]))
    declaration = declaration_pb2.Declaration(
        certifier_role="CERTIFIER_ROLE_PRODUCER",
        certifier=party,
        exporter=named,
        producer=party_pb2.PartyStatement(manner="PARTY_MANNER_CERTIFIER"),
        importer=party_pb2.PartyStatement(manner="PARTY_MANNER_VARIOUS"),
        coverage="COVERAGE_BLANKET",
        blanket_period=declaration_pb2.BlanketPeriod(
            first_day=Date(year=2026, month=1, day=1), last_day=Date(year=2026, month=12, day=31)
        ),
        goods_identical=True,
        statement=True,
        signed=True,
        certified_on=Date(year=2025, month=12, day=15),
        language="es",
        carrier=declaration_pb2.CarrierDocument(kind="CARRIER_KIND_SEPARATE", issued_in="MX"),
        basis="CERTIFICATION_BASIS_OWN_INFORMATION",
    )
    declaration.goods.items.add(
        good_id="g1",
        line_ids=declaration_pb2.LineIds(items=["1"]),
        description="Steel rod",
        hs="721320",
        criterion="ORIGIN_CRITERION_B",
        produced_in="MX",
        operations_in_parties=declaration_pb2.Operations(items=["OPERATION_PROCESSING"]),
        rvc_percent=Decimal(value="62.5"),
        transaction_value=Money(currency_code="USD", units=2500),
        de_minimis=declaration_pb2.DeMinimis(claimed=False),
        transit=declaration_pb2.Transit(
            items=[
                declaration_pb2.TransitStep(
                    country="PA",
                    customs_control=True,
                    operations=declaration_pb2.Operations(items=["OPERATION_UNLOADING"]),
                )
            ]
        ),
    )
    return declaration


def full_request() -> case_service_pb2.ProcessOrderRequest:
    """A ProcessOrder request with all of that."""
    return case_service_pb2.ProcessOrderRequest(
        request_id="request-0001",
        site=site_pb2.Site(site_id="shop-1", kind="SITE_KIND_B2B_INDEPENDENT"),
        order=full_order(),
        declaration=full_declaration(),
    )
