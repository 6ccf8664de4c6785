package client_test

import (
	"crypto/tls"
	"crypto/x509"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"

	"origingate.dev/client"
	"origingate.dev/client/internal/gatetest"
)

// A server is believed by the authority that is given, and sees the certificate that is shown; nothing else passes.
func TestTLS(t *testing.T) {
	ours, others := gatetest.NewAuthority(t), gatetest.NewAuthority(t)
	known := x509.NewCertPool()
	known.AddCert(ours.Certificate)
	_, target := served(t, grpc.Creds(credentials.NewTLS(&tls.Config{
		Certificates: []tls.Certificate{ours.Issue(t, "gate")}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: known,
	})))
	for _, one := range []struct {
		name    string
		trusted *gatetest.Authority
		shown   []tls.Certificate
		passes  bool
	}{
		{"mutual", ours, []tls.Certificate{ours.Issue(t, "shop")}, true},
		{"nothing shown", ours, nil, false},
		{"shown is another authority's", ours, []tls.Certificate{others.Issue(t, "shop")}, false},
		{"another authority is trusted", others, []tls.Certificate{ours.Issue(t, "shop")}, false},
	} {
		t.Run(one.name, func(t *testing.T) {
			secured, err := client.WithTLS(one.trusted.PEM, one.shown...)
			if err != nil {
				t.Fatal(err)
			}
			gate, err := client.Connect(target, secured)
			if err != nil {
				t.Fatal(err)
			}
			defer gate.Close()
			_, err = gate.ProcessOrder(t.Context(), order("request-1"))
			if passes := err == nil; one.passes != passes {
				t.Errorf("expected %v, got %v", one.passes, err)
			}
			if failed, ok := err.(*client.Error); err != nil && (!ok || failed.Code != codes.Unavailable) {
				t.Errorf("expected %v, got %v", codes.Unavailable, err)
			}
		})
	}
}

// A text without an authority is refused when the client is made.
func TestNoAuthority(t *testing.T) {
	if _, err := client.WithTLS([]byte("nothing")); err == nil {
		t.Error("expected an error")
	}
}
