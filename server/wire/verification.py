"""From a verification to the contract's message."""

from origingate.v1 import certificate_service_pb2

from engine.verification import Part, Verification
from server.wire.decisions import differences_to_proto
from server.wire.records import timestamp


def verification_to_proto(
    verification: Verification,
) -> certificate_service_pb2.VerifyCertificateResponse:
    """The five parts apart, with the status and the differences that were found."""
    told = verification.status_told
    return certificate_service_pb2.VerifyCertificateResponse(
        transport=_part(verification.transport),
        document=_part(verification.document),
        status=_part(verification.status),
        match=_part(verification.match),
        use=_part(verification.use),
        certificate_status=f"CERTIFICATE_STATUS_{told}" if told is not None else None,
        status_at=timestamp(verification.status_at) if verification.status_at is not None else None,
        differences=differences_to_proto(verification.differences),
        sandbox=verification.sandbox,
    )


def _part(part: Part) -> certificate_service_pb2.VerificationPart:
    return certificate_service_pb2.VerificationPart(verdict=f"VERDICT_{part.verdict}", because=part.because)
