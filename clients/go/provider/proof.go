package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
)

const issuer = "urn:origin-gate:example-provider"

// signer signs proofs by ES256 and publishes its key.
type signer struct {
	key *ecdsa.PrivateKey
	id  string
}

func newSigner() (*signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	return &signer{key: key, id: "example-" + rand.Text()[:8]}, nil
}

// sign gives claims as a JWS in compact form (RFC 7515).
func (s *signer) sign(claims any) (string, error) {
	header, err := part(map[string]string{"alg": "ES256", "kid": s.id})
	if err != nil {
		return "", err
	}
	payload, err := part(claims)
	if err != nil {
		return "", err
	}
	signed := header + "." + payload
	hash := sha256.Sum256([]byte(signed))
	r, t, err := ecdsa.Sign(rand.Reader, s.key, hash[:])
	if err != nil {
		return "", err
	}
	// A JWS holds the two numbers one after the other, 32 octets each, and no ASN.1 (RFC 7518, 3.4).
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	t.FillBytes(signature[32:])
	return signed + "." + encode(signature), nil
}

// jwks gives the public key as a JWK Set (RFC 7517).
func (s *signer) jwks() ([]byte, error) {
	point, err := s.key.PublicKey.Bytes() // 4, x, y
	if err != nil {
		return nil, err
	}
	key := map[string]string{
		"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": s.id,
		"x": encode(point[1:33]), "y": encode(point[33:]),
	}
	return json.Marshal(map[string]any{"keys": []any{key}})
}

func part(content any) (string, error) {
	text, err := json.Marshal(content)
	return encode(text), err
}

func encode(octets []byte) string { return base64.RawURLEncoding.EncodeToString(octets) }
