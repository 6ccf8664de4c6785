"""A sample of every error, as tests and docs/errors.md show it."""

from datetime import UTC, datetime

from engine.case import CaseState
from engine.certificate import Difference
from server import errors
from server.errors import Violation

SAMPLES: dict[type[errors.OriginGateError], errors.OriginGateError] = {
    type(error): error
    for error in (
        errors.RequestInvalid([Violation("order.import_date", "date.exists", "there is no day 2026-02-30")]),
        errors.RequestIdReused("request-1"),
        errors.TokenInvalid("page_token", "it is no token of this server; give it back just as it came"),
        errors.SiteContradictsRecord("shop-1", "MARKETPLACE", "B2B_INDEPENDENT"),
        errors.SiteNotFound("shop-1"),
        errors.SiteStateForbids("shop-1", "it is suspended already: no answer since May"),
        errors.CaseNotFound("cases/0123"),
        errors.CaseStateForbids("cases/0123", CaseState.INQUIRY, "place its order first"),
        errors.DeclarationConflicts(
            "cases/0123",
            CaseState.CERTIFIED,
            "SBX-1",
            [Difference("order.lines[2].quantity", "2", "quantity", "10", "12")],
        ),
        errors.CertificateUnproved("cases/0123", "SBX-1", "its signature does not hold"),
        errors.CaseErased("cases/0123", datetime(2031, 7, 2, tzinfo=UTC)),
        errors.ErasureRefused("cases/0123", "it is held since 2030-01-01: a lawsuit"),
        errors.CertificateNotFound("SBX-1", "sandbox"),
        errors.DecisionNotFound("cases/0123", "origin"),
        errors.RulebookNotFound("sha256:0123"),
        errors.RulebookNotAccepted("2026-07-01", "none was active on that day"),
        errors.ActivationRefused("sha256:0123", "nothing waits for approval; activate it first"),
        errors.RulebooksOutOfReach(),
        errors.QuestionNotFound("scop", ["scope", "prereview"]),
        errors.Unauthenticated("no key was given", "Send one."),
        errors.RoleMissing("/origingate.v1.CaseService/GetCase", "OPERATOR", ["AUDITOR"]),
        errors.SiteOutOfReach("shop-1"),
        errors.IdentityUnavailable(),
        errors.LimitExceeded("calls a second", "100", "Wait.", retry_after=0.5, bound="TENANT_RATE"),
        errors.QuotaUsedUp(10000, 3600.0),
        errors.DeadlineTooShort(0.01, 0.05),
        errors.TookTooLong(60.0),
        errors.StoreUnavailable(),
        errors.NoPlatform("shop-1"),
        errors.ShuttingDown(),
        errors.NotOffered("/origingate.v1.CaseService/Wait"),
        errors.InternalFault("r-1"),
    )
}
