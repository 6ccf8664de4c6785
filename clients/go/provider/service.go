package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	providerv1 "origingate.dev/client/origingate/provider/v1"
)

// service serves the platform by Origin Gate's contract for providers.
//
// One that asks a platform over a network does more in Submit: it keeps to the context's deadline, answers NotSent only
// where nothing left, and Unknown wherever it cannot tell.
type service struct {
	providerv1.UnimplementedPlatformProviderServiceServer
	platform *platform
}

func (s *service) Describe(context.Context, *providerv1.DescribeRequest) (*providerv1.DescribeResponse, error) {
	return &providerv1.DescribeResponse{
		Title: "Example provider of Origin Gate; its certificates certify nothing",
		Capabilities: &providerv1.Capabilities{
			Binding:           providerv1.Binding_BINDING_DIGEST,
			Proof:             providerv1.ProofKind_PROOF_KIND_JWS,
			LookupByReference: true,
			LookupWindow:      durationpb.New(24 * time.Hour),
			// A call that its caller gave up may be on its way to Submit still.
			SettleTime:  durationpb.New(200 * time.Millisecond),
			SendTimeout: durationpb.New(2 * time.Second),
			Idempotency: providerv1.Idempotency_IDEMPOTENCY_CONTENT,
			Void:        true,
			Replace:     true,
			Delivery:    providerv1.Delivery_DELIVERY_POLL,
		},
	}, nil
}

func (s *service) Submit(_ context.Context, asked *providerv1.SubmitRequest) (*providerv1.SubmitResponse, error) {
	if own := digestOf(asked.GetContent()); own != asked.GetDeclarationDigest() {
		return &providerv1.SubmitResponse{Outcome: &providerv1.SubmitResponse_Misconfigured{
			Misconfigured: &providerv1.Misconfigured{Because: "the digest is not the content's, which is " + own},
		}}, nil
	}
	found, duplicate, err := s.platform.issue(asked.GetReference(), asked.GetDeclarationDigest())
	switch {
	case err != nil:
		return nil, err
	case duplicate:
		return &providerv1.SubmitResponse{Outcome: &providerv1.SubmitResponse_Duplicate{
			Duplicate: &providerv1.Duplicate{ECertId: found.eCertID, Proof: found.proof, Reference: found.reference},
		}}, nil
	case found.digest != asked.GetDeclarationDigest():
		return &providerv1.SubmitResponse{Outcome: &providerv1.SubmitResponse_Rejected{
			Rejected: &providerv1.Rejected{Codes: []*providerv1.Rejection{{
				Code: "REFERENCE_REUSED", Text: "The reference was used for other content.",
			}}},
		}}, nil
	default:
		return &providerv1.SubmitResponse{Outcome: &providerv1.SubmitResponse_Issued{Issued: issued(found)}}, nil
	}
}

func (s *service) Replace(_ context.Context, asked *providerv1.ReplaceRequest) (*providerv1.ReplaceResponse, error) {
	if own := digestOf(asked.GetContent()); own != asked.GetDeclarationDigest() {
		return &providerv1.ReplaceResponse{Outcome: &providerv1.ReplaceResponse_Misconfigured{
			Misconfigured: &providerv1.Misconfigured{Because: "the digest is not the content's, which is " + own},
		}}, nil
	}
	found, duplicate, ended, err := s.platform.replace(
		asked.GetReference(), asked.GetDeclarationDigest(), asked.GetECertId(),
	)
	switch {
	case err != nil:
		return nil, err
	case ended:
		return notReplaced("NOT_ACTIVE", "Only a certificate in force can be replaced."), nil
	case duplicate:
		return &providerv1.ReplaceResponse{Outcome: &providerv1.ReplaceResponse_Duplicate{
			Duplicate: &providerv1.Duplicate{ECertId: found.eCertID, Proof: found.proof, Reference: found.reference},
		}}, nil
	case found.digest != asked.GetDeclarationDigest():
		return notReplaced("REFERENCE_REUSED", "The reference was used for other content."), nil
	default:
		return &providerv1.ReplaceResponse{Outcome: &providerv1.ReplaceResponse_Issued{Issued: issued(found)}}, nil
	}
}

func notReplaced(code, text string) *providerv1.ReplaceResponse {
	return &providerv1.ReplaceResponse{Outcome: &providerv1.ReplaceResponse_Rejected{
		Rejected: &providerv1.Rejected{Codes: []*providerv1.Rejection{{Code: code, Text: text}}},
	}}
}

func (s *service) Lookup(_ context.Context, asked *providerv1.LookupRequest) (*providerv1.LookupResponse, error) {
	found, there := s.platform.findReference(asked.GetReference())
	if !there {
		return &providerv1.LookupResponse{Outcome: &providerv1.LookupResponse_NotFound{NotFound: &providerv1.NotFound{}}}, nil
	}
	return &providerv1.LookupResponse{Outcome: &providerv1.LookupResponse_Issued{Issued: issued(found)}}, nil
}

func (s *service) Status(_ context.Context, asked *providerv1.StatusRequest) (*providerv1.StatusResponse, error) {
	found, there := s.platform.findID(asked.GetECertId())
	if !there {
		return &providerv1.StatusResponse{Outcome: &providerv1.StatusResponse_NotFound{NotFound: &providerv1.NotFound{}}}, nil
	}
	status := providerv1.CertificateStatus_CERTIFICATE_STATUS_ACTIVE
	switch {
	case found.revoked:
		status = providerv1.CertificateStatus_CERTIFICATE_STATUS_REVOKED
	case found.replaced:
		status = providerv1.CertificateStatus_CERTIFICATE_STATUS_REPLACED
	case !s.platform.active(&found):
		status = providerv1.CertificateStatus_CERTIFICATE_STATUS_EXPIRED
	}
	return &providerv1.StatusResponse{Outcome: &providerv1.StatusResponse_Told{Told: &providerv1.Told{Status: status}}}, nil
}

func (s *service) Void(_ context.Context, asked *providerv1.VoidRequest) (*providerv1.VoidResponse, error) {
	if found, there := s.platform.findID(asked.GetECertId()); there && found.replaced {
		return &providerv1.VoidResponse{Outcome: &providerv1.VoidResponse_Rejected{
			Rejected: &providerv1.Rejected{Codes: []*providerv1.Rejection{{Code: "REPLACED", Text: "It was replaced."}}},
		}}, nil
	}
	if !s.platform.void(asked.GetECertId()) {
		return &providerv1.VoidResponse{Outcome: &providerv1.VoidResponse_NotFound{NotFound: &providerv1.NotFound{}}}, nil
	}
	return &providerv1.VoidResponse{Outcome: &providerv1.VoidResponse_Voided{Voided: &providerv1.Voided{}}}, nil
}

func (s *service) Keys(context.Context, *providerv1.KeysRequest) (*providerv1.KeysResponse, error) {
	keys, err := s.platform.signer.jwks()
	return &providerv1.KeysResponse{Jwks: keys}, err
}

func (s *service) Health(context.Context, *providerv1.HealthRequest) (*providerv1.HealthResponse, error) {
	return &providerv1.HealthResponse{Up: true, Because: "The platform is in memory."}, nil
}

func issued(found certificate) *providerv1.Issued {
	return &providerv1.Issued{ECertId: found.eCertID, Proof: found.proof}
}

func digestOf(content []byte) string {
	sum := sha256.Sum256(content)
	return "sha256:" + hex.EncodeToString(sum[:])
}
