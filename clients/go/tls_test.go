package client_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"

	"origingate.dev/client"
)

// authority makes certificates.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	pem         []byte
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, octets := signed(t, nil, &x509.Certificate{
		Subject: pkix.Name{CommonName: "authority"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign,
	})
	certificate, err := x509.ParseCertificate(octets)
	if err != nil {
		t.Fatal(err)
	}
	return &authority{certificate, key, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: octets})}
}

func (a *authority) issue(t *testing.T, name string) tls.Certificate {
	t.Helper()
	key, octets := signed(t, a, &x509.Certificate{
		Subject: pkix.Name{CommonName: name}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	})
	return tls.Certificate{Certificate: [][]byte{octets}, PrivateKey: key}
}

func signed(t *testing.T, by *authority, template *x509.Certificate) (*ecdsa.PrivateKey, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template.SerialNumber = big.NewInt(time.Now().UnixNano())
	template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	parent, parentKey := template, key
	if by != nil {
		parent, parentKey = by.certificate, by.key
	}
	octets, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, parentKey)
	if err != nil {
		t.Fatal(err)
	}
	return key, octets
}

// A server is believed by the authority that is given, and sees the certificate that is shown; nothing else passes.
func TestTLS(t *testing.T) {
	ours, others := newAuthority(t), newAuthority(t)
	known := x509.NewCertPool()
	known.AddCert(ours.certificate)
	_, target := served(t, grpc.Creds(credentials.NewTLS(&tls.Config{
		Certificates: []tls.Certificate{ours.issue(t, "gate")}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: known,
	})))
	for _, one := range []struct {
		name    string
		trusted *authority
		shown   []tls.Certificate
		passes  bool
	}{
		{"mutual", ours, []tls.Certificate{ours.issue(t, "shop")}, true},
		{"nothing shown", ours, nil, false},
		{"shown is another authority's", ours, []tls.Certificate{others.issue(t, "shop")}, false},
		{"another authority is trusted", others, []tls.Certificate{ours.issue(t, "shop")}, false},
	} {
		t.Run(one.name, func(t *testing.T) {
			secured, err := client.WithTLS(one.trusted.pem, one.shown...)
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
