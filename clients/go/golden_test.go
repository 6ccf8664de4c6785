package client_test

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// The golden bytes of every message of the contract are read and written here as in Python and Java.
func TestGoldenBytes(t *testing.T) {
	text, err := os.ReadFile("../../tests/wire/contract.golden.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for line := range bytes.Lines(text) {
		var golden struct {
			Message string
			Octets  []byte
			JSON    json.RawMessage
		}
		if err := json.Unmarshal(line, &golden); err != nil {
			t.Fatal(err)
		}
		kind, err := protoregistry.GlobalTypes.FindMessageByName(protoreflect.FullName(golden.Message))
		if err != nil {
			t.Fatal(err)
		}
		read, said := kind.New().Interface(), kind.New().Interface()
		if err := proto.Unmarshal(golden.Octets, read); err != nil {
			t.Errorf("%s: %v", golden.Message, err)
		}
		if err := protojson.Unmarshal(golden.JSON, said); err != nil {
			t.Errorf("%s: %v", golden.Message, err)
		}
		if !proto.Equal(said, read) {
			t.Errorf("%s: the bytes are read as\n%v\nand the JSON as\n%v", golden.Message, read, said)
		}
		written, err := proto.MarshalOptions{Deterministic: true}.Marshal(said)
		if err != nil || !bytes.Equal(golden.Octets, written) {
			t.Errorf("%s: expected the bytes %x, got %x (%v)", golden.Message, golden.Octets, written, err)
		}
		count++
	}
	if count < 100 {
		t.Errorf("expected every message of the contract, got %d", count)
	}
}
