package gatetest

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
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Authority makes certificates that hold for an hour on this machine.
type Authority struct {
	Certificate *x509.Certificate
	// PEM is what those are given who shall trust it.
	PEM []byte
	key *ecdsa.PrivateKey
}

// NewAuthority makes one.
func NewAuthority(t testing.TB) *Authority {
	t.Helper()
	key, octets := signed(t, nil, &x509.Certificate{
		Subject: pkix.Name{CommonName: "authority"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign,
	})
	certificate, err := x509.ParseCertificate(octets)
	if err != nil {
		t.Fatal(err)
	}
	return &Authority{certificate, pemOf("CERTIFICATE", octets), key}
}

// Issue makes a certificate for both ends of a connection.
func (a *Authority) Issue(t testing.TB, name string) tls.Certificate {
	t.Helper()
	key, octets := signed(t, a, &x509.Certificate{
		Subject: pkix.Name{CommonName: name}, DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	})
	return tls.Certificate{Certificate: [][]byte{octets}, PrivateKey: key}
}

// Files are where a certificate, its private key and the authority that issued it stand.
type Files struct{ Certificate, Key, Authority string }

// Write makes a certificate and writes it into files of the folder.
func (a *Authority) Write(t testing.TB, folder, name string) Files {
	t.Helper()
	issued := a.Issue(t, name)
	octets, err := x509.MarshalPKCS8PrivateKey(issued.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, name)
	files := Files{path + ".pem", path + ".key", path + ".ca"}
	for file, text := range map[string][]byte{
		files.Certificate: pemOf("CERTIFICATE", issued.Certificate[0]),
		files.Key:         pemOf("PRIVATE KEY", octets),
		files.Authority:   a.PEM,
	} {
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func pemOf(kind string, octets []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: octets})
}

func signed(t testing.TB, by *Authority, template *x509.Certificate) (*ecdsa.PrivateKey, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template.SerialNumber = big.NewInt(time.Now().UnixNano())
	template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	parent, parentKey := template, key
	if by != nil {
		parent, parentKey = by.Certificate, by.key
	}
	octets, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, parentKey)
	if err != nil {
		t.Fatal(err)
	}
	return key, octets
}
