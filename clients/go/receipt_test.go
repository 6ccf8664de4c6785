package client

import (
	"crypto/ed25519"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	origingatev1 "origingate.dev/client/origingate/v1"
)

func kept(t *testing.T) (*origingatev1.Receipt, ed25519.PublicKey) {
	t.Helper()
	folder := filepath.Join("..", "..", "examples", "receipt")
	text, err := os.ReadFile(filepath.Join(folder, "receipt.json"))
	if err != nil {
		t.Fatal(err)
	}
	receipt := new(origingatev1.Receipt)
	if err := protojson.Unmarshal(text, receipt); err != nil {
		t.Fatal(err)
	}
	text, err = os.ReadFile(filepath.Join(folder, "log.pub.pem"))
	if err != nil {
		t.Fatal(err)
	}
	key, err := LogKey(text)
	if err != nil {
		t.Fatal(err)
	}
	return receipt, key
}

// A receipt that was kept proves its decision, with nothing but the log's public key.
func TestReceipt(t *testing.T) {
	receipt, key := kept(t)
	proved, err := VerifyReceipt(receipt, key)
	if err != nil {
		t.Fatal(err)
	}
	expected := []string{"prereview", "ELIGIBLE", "SBX-4GSH-3A04-K9NQ-F2", "dev"}
	if actual := []string{proved.Question, proved.Outcome, proved.ECertID, proved.Tenant}; strings.Join(expected, " ") != strings.Join(actual, " ") {
		t.Errorf("expected %v, got %v", expected, actual)
	}
	if proved.Position != 50 || proved.Size != 81 || proved.SignedAt.Before(proved.RecordedAt) {
		t.Errorf("position %d of %d, recorded %v, signed %v", proved.Position, proved.Size, proved.RecordedAt, proved.SignedAt)
	}
}

// A receipt of which any part was changed does not hold, and the error says what.
func TestReceiptThatWasChanged(t *testing.T) {
	receipt, key := kept(t)
	other, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		change func(*origingatev1.Receipt)
		key    ed25519.PublicKey
		says   string
	}{
		"position":  {func(r *origingatev1.Receipt) { r.Position++ }, key, "does not stand under its head"},
		"envelope":  {func(r *origingatev1.Receipt) { r.Envelope = strings.Replace(r.Envelope, "dev", "eve", 1) }, key, "does not stand"},
		"event":     {func(r *origingatev1.Receipt) { r.Event = strings.Replace(r.Event, "ELIGIBLE", "INELIGIBLE", 1) }, key, "not the one that its entry names"},
		"inclusion": {func(r *origingatev1.Receipt) { r.Inclusion = r.Inclusion[1:] }, key, "does not stand"},
		"head":      {func(r *origingatev1.Receipt) { r.Head = strings.Replace(r.Head, "\n81\n", "\n82\n", 1) }, key, "signed by none"},
		"no head":   {func(r *origingatev1.Receipt) { r.Head = "" }, key, "no signed head"},
		"key":       {func(*origingatev1.Receipt) {}, other, "signed by none of the keys"},
	} {
		t.Run(name, func(t *testing.T) {
			changed := proto.CloneOf(receipt)
			test.change(changed)
			proved, err := VerifyReceipt(changed, test.key)
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("expected an error that says %q, got %v and %+v", test.says, err, proved)
			}
		})
	}
}

// What is no key of the log is told to be that.
func TestLogKeyThatIsNone(t *testing.T) {
	if _, err := LogKey([]byte("nothing")); err == nil {
		t.Error("expected an error")
	}
}
