package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	providerv1 "origingate.dev/client/origingate/provider/v1"
)

// connected gives a client of a provider that serves over a Unix socket, and its platform's clock.
func connected(t *testing.T) providerv1.PlatformProviderServiceClient {
	t.Helper()
	address := "unix:" + filepath.Join(t.TempDir(), "p.sock")
	ctx, stop := context.WithCancel(context.Background())
	ready, ended := make(chan string, 1), make(chan error, 1)
	go func() { ended <- serve(ctx, options{listen: address}, func(told string) { ready <- told }) }()
	select {
	case told := <-ready:
		if told != address {
			t.Fatalf("serves at %s, not %s", told, address)
		}
	case err := <-ended:
		t.Fatal(err)
	}
	connection, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		connection.Close()
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return providerv1.NewPlatformProviderServiceClient(connection)
}

func submission(reference, content string) *providerv1.SubmitRequest {
	return &providerv1.SubmitRequest{
		Tenant: "dev", Reference: reference, Content: []byte(content), DeclarationDigest: digestOf([]byte(content)),
	}
}

func submit(t *testing.T, client providerv1.PlatformProviderServiceClient, asked *providerv1.SubmitRequest) *providerv1.SubmitResponse {
	t.Helper()
	answer, err := client.Submit(t.Context(), asked)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// The same reference gets the same certificate.
func TestSameReference(t *testing.T) {
	client := connected(t)
	first := submit(t, client, submission("og-1", `{"a":"1"}`)).GetIssued()
	again := submit(t, client, submission("og-1", `{"a":"1"}`)).GetIssued()
	if first.GetECertId() == "" || first.GetECertId() != again.GetECertId() || first.GetProof() != again.GetProof() {
		t.Errorf("got %v, then %v", first, again)
	}
}

// The same content under another reference is a duplicate, until the first is void.
func TestSameContent(t *testing.T) {
	client := connected(t)
	first := submit(t, client, submission("og-1", `{"a":"1"}`)).GetIssued()
	if duplicate := submit(t, client, submission("og-2", `{"a":"1"}`)).GetDuplicate(); duplicate.GetReference() != "og-1" {
		t.Errorf("got %v", duplicate)
	}
	if answer, err := client.Void(t.Context(), &providerv1.VoidRequest{ECertId: first.GetECertId()}); err != nil || answer.GetVoided() == nil {
		t.Errorf("got %v, %v", answer, err)
	}
	if issued := submit(t, client, submission("og-2", `{"a":"1"}`)).GetIssued(); issued.GetECertId() == first.GetECertId() {
		t.Errorf("got %v", issued)
	}
}

// A reference that comes with other content is rejected, and issues nothing.
func TestReferenceReused(t *testing.T) {
	client := connected(t)
	submit(t, client, submission("og-1", `{"a":"1"}`))
	codes := submit(t, client, submission("og-1", `{"a":"2"}`)).GetRejected().GetCodes()
	if len(codes) != 1 || codes[0].GetCode() != "REFERENCE_REUSED" {
		t.Errorf("got %v", codes)
	}
}

// A digest that is not the content's issues nothing.
func TestWrongDigest(t *testing.T) {
	client := connected(t)
	asked := submission("og-1", `{"a":"1"}`)
	asked.DeclarationDigest = digestOf([]byte("{}"))
	if answer := submit(t, client, asked); answer.GetMisconfigured() == nil {
		t.Errorf("got %v", answer)
	}
	if answer, err := client.Lookup(t.Context(), &providerv1.LookupRequest{Reference: "og-1"}); err != nil || answer.GetNotFound() == nil {
		t.Errorf("got %v, %v", answer, err)
	}
}

// A proof holds under the published key, binds the content, and says that it is a sandbox's.
func TestProof(t *testing.T) {
	behind, err := newPlatform(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	issued, _, err := behind.issue("og-1", "sha256:00")
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(issued.proof, ".")
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || len(signature) != 64 {
		t.Fatalf("signature of %d octets, %v", len(signature), err)
	}
	hash := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	r, s := new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])
	if !ecdsa.Verify(&behind.signer.key.PublicKey, hash[:], r, s) {
		t.Error("the signature does not hold")
	}
	var claims struct {
		Digest  string `json:"declaration_digest"`
		Sandbox bool   `json:"sandbox"`
	}
	payload, _ := base64.RawURLEncoding.DecodeString(parts[1])
	if err := json.Unmarshal(payload, &claims); err != nil || claims.Digest != "sha256:00" || !claims.Sandbox {
		t.Errorf("claims %s, %v", payload, err)
	}
}

// A certificate whose life ended is expired, and no duplicate of anything.
func TestExpired(t *testing.T) {
	now := time.Now()
	behind, err := newPlatform(func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := behind.issue("og-1", "sha256:00")
	now = now.Add(life)
	answer, err := (&service{platform: behind}).Status(t.Context(), &providerv1.StatusRequest{ECertId: first.eCertID})
	if status := answer.GetTold().GetStatus(); err != nil || status != providerv1.CertificateStatus_CERTIFICATE_STATUS_EXPIRED {
		t.Errorf("got %v, %v", status, err)
	}
	if _, duplicate, _ := behind.issue("og-2", "sha256:00"); duplicate {
		t.Error("an expired certificate made a duplicate")
	}
}

// What two providers cannot both have, the second is refused; what one left behind, the next takes over.
func TestSocketOfAnother(t *testing.T) {
	address := "unix:" + filepath.Join(t.TempDir(), "p.sock")
	first, _, err := listen(options{listen: address})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := listen(options{listen: address}); err == nil || !strings.Contains(err.Error(), "another provider serves there") {
		t.Errorf("got %v", err)
	}
	first.(interface{ SetUnlinkOnClose(bool) }).SetUnlinkOnClose(false)
	first.Close()
	second, _, err := listen(options{listen: address})
	if err != nil {
		t.Fatal(err)
	}
	second.Close()
}

// Without TLS nothing is served on a network.
func TestNoPlaintext(t *testing.T) {
	if _, _, err := listen(options{listen: "127.0.0.1:0"}); err == nil {
		t.Error("it listens without TLS")
	}
}

// A certificate in force is replaced in one step, once.
func TestReplace(t *testing.T) {
	client := connected(t)
	old := submit(t, client, submission("og-1", `{"a":"1"}`)).GetIssued()
	replace := func(reference string) *providerv1.ReplaceResponse {
		content := []byte(`{"a":"2"}`)
		answer, err := client.Replace(t.Context(), &providerv1.ReplaceRequest{
			Tenant: "dev", Reference: reference, Content: content, DeclarationDigest: digestOf(content), ECertId: old.GetECertId(),
		})
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
	first, again, other := replace("og-2").GetIssued(), replace("og-2").GetIssued(), replace("og-3").GetRejected()
	if first.GetECertId() == "" || first.GetECertId() != again.GetECertId() || len(other.GetCodes()) != 1 {
		t.Errorf("got %v, then %v, then %v", first, again, other)
	}
	status, err := client.Status(t.Context(), &providerv1.StatusRequest{Tenant: "dev", ECertId: old.GetECertId()})
	if err != nil || status.GetTold().GetStatus() != providerv1.CertificateStatus_CERTIFICATE_STATUS_REPLACED {
		t.Errorf("got %v, %v", status, err)
	}
}
