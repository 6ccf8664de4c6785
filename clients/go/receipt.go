package client

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	origingatev1 "origingate.dev/client/origingate/v1"
)

// Proved is what a receipt proves, once it is verified: that this was decided, and stands in the log.
type Proved struct {
	// Origin names the log, Position the entry in it; the head that proves it stood over Size entries.
	Origin         string
	Position, Size int64
	// SignedAt is when the head was signed, RecordedAt when the decision was recorded, both by the server's clock.
	SignedAt, RecordedAt time.Time
	// Subject is the case, "cases/" and 32 hex digits, or "decisions/" and the id of a decision without a case.
	Tenant, Subject string
	// What was decided, from which facts and by which rules.
	Decision, Question, Outcome, FactsDigest, RulebookDigest string
	// What it is about. Empty where it is about none.
	DeclarationDigest, ECertID string
}

// LogKey reads the log's public key, Ed25519 in PEM, as the operator hands it out.
func LogKey(text []byte) (ed25519.PublicKey, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("this is no key in PEM form")
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("this is no public key: %w", err)
	}
	public, ok := key.(ed25519.PublicKey)
	if !ok {
		return nil, errors.New("this is a key of another kind; the log's are Ed25519")
	}
	return public, nil
}

// VerifyReceipt verifies a receipt without the server: it has to be signed by one of the keys. The error says what does not
// hold; nothing of such a receipt may be believed.
func VerifyReceipt(receipt *origingatev1.Receipt, keys ...ed25519.PublicKey) (*Proved, error) {
	head, err := readHead(receipt.GetHead(), keys)
	if err != nil {
		return nil, err
	}
	envelope := []byte(receipt.GetEnvelope())
	leaf := sha256.Sum256(append([]byte{0}, envelope...))
	if !includes(head, receipt.GetPosition(), leaf, receipt.GetInclusion()) {
		return nil, errors.New("the receipt's entry does not stand under its head")
	}
	var said struct{ At, Event, Kind, Subject, Tenant string }
	if err := json.Unmarshal(envelope, &said); err != nil {
		return nil, fmt.Errorf("the receipt's envelope cannot be read: %w", err)
	}
	if digest := fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(receipt.GetEvent()))); digest != said.Event {
		return nil, errors.New("the receipt's event is not the one that its entry names")
	}
	var event struct {
		Decision, Question, Outcome string
		FactsDigest                 string `json:"facts_digest"`
		RulebookDigest              string `json:"rulebook_digest"`
		DeclarationDigest           string `json:"declaration_digest"`
		ECertID                     string `json:"e_cert_id"`
	}
	if err := json.Unmarshal([]byte(receipt.GetEvent()), &event); err != nil {
		return nil, fmt.Errorf("the receipt's event cannot be read: %w", err)
	}
	recorded, err := time.Parse(time.RFC3339Nano, said.At)
	if err != nil || said.Kind != "decision" {
		return nil, errors.New("the receipt is not one of a decision")
	}
	return &Proved{
		Origin: head.origin, Position: receipt.GetPosition(), Size: head.size, SignedAt: head.at, RecordedAt: recorded,
		Tenant: said.Tenant, Subject: said.Subject,
		Decision: event.Decision, Question: event.Question, Outcome: event.Outcome,
		FactsDigest: event.FactsDigest, RulebookDigest: event.RulebookDigest,
		DeclarationDigest: event.DeclarationDigest, ECertID: event.ECertID,
	}, nil
}

type head struct {
	origin string
	size   int64
	root   []byte
	at     time.Time
}

// readHead reads a checkpoint (c2sp.org/tlog-checkpoint) and verifies that one of the keys signed it.
func readHead(note string, keys []ed25519.PublicKey) (*head, error) {
	text, signatures, found := strings.Cut(note, "\n\n")
	lines := strings.Split(text, "\n")
	if !found || len(lines) < 4 {
		return nil, errors.New("the receipt's head is no signed head")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	root, rootErr := base64.StdEncoding.DecodeString(lines[2])
	at, timeErr := time.Parse(time.RFC3339Nano, strings.TrimPrefix(lines[3], "time "))
	if err := errors.Join(err, rootErr, timeErr); err != nil || len(root) != sha256.Size {
		return nil, errors.New("the receipt's head cannot be read")
	}
	for line := range strings.Lines(signatures) {
		words := strings.Split(strings.TrimSuffix(line, "\n"), " ")
		if len(words) != 3 || words[0] != "—" || words[1] != lines[0] {
			continue
		}
		signature, err := base64.StdEncoding.DecodeString(words[2])
		if err != nil || len(signature) != 4+ed25519.SignatureSize {
			continue
		}
		for _, key := range keys {
			// A signed note names its key by four octets of a digest over name, kind and key.
			id := sha256.Sum256(append([]byte(words[1]+"\n\x01"), key...))
			if bytes.Equal(id[:4], signature[:4]) && ed25519.Verify(key, []byte(text+"\n"), signature[4:]) {
				return &head{origin: lines[0], size: size, root: root, at: at}, nil
			}
		}
	}
	return nil, errors.New("the receipt's head is signed by none of the keys that are given")
}

// includes follows RFC 9162, section 2.1.3.2.
func includes(head *head, position int64, leaf [sha256.Size]byte, path [][]byte) bool {
	if position < 0 || position >= head.size {
		return false
	}
	number, last, node := position, head.size-1, leaf
	for _, step := range path {
		if last == 0 || len(step) != sha256.Size {
			return false
		}
		if number%2 == 1 || number == last {
			node = sha256.Sum256(bytes.Join([][]byte{{1}, step, node[:]}, nil))
			for number%2 == 0 && number != 0 {
				number, last = number/2, last/2
			}
		} else {
			node = sha256.Sum256(bytes.Join([][]byte{{1}, node[:], step}, nil))
		}
		number, last = number/2, last/2
	}
	return last == 0 && bytes.Equal(node[:], head.root)
}
