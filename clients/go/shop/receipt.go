package main

import (
	"crypto/ed25519"
	"time"

	"google.golang.org/protobuf/proto"

	"origingate.dev/client"
	origingatev1 "origingate.dev/client/origingate/v1"
)

// Proof says what the receipt of an order proves, with the log's public key alone.
type Proof struct {
	Holds          bool      `json:"holds"`
	Because        string    `json:"because"`
	Case           string    `json:"case,omitempty"`
	Question       string    `json:"question,omitempty"`
	Outcome        string    `json:"outcome,omitempty"`
	ECertID        string    `json:"eCertId,omitempty"`
	FactsDigest    string    `json:"factsDigest,omitempty"`
	RulebookDigest string    `json:"rulebookDigest,omitempty"`
	RecordedAt     time.Time `json:"recordedAt,omitzero"`
	SignedAt       time.Time `json:"signedAt,omitzero"`
}

// proofOf verifies the receipt that was kept with an order. Nothing is asked.
func proofOf(record Record, keys ...ed25519.PublicKey) Proof {
	receipt := &origingatev1.Receipt{}
	if err := proto.Unmarshal(record.Receipt, receipt); err != nil {
		return Proof{Because: "The kept receipt cannot be read."}
	}
	proved, err := client.VerifyReceipt(receipt, keys...)
	switch {
	case err != nil:
		return Proof{Because: "The kept receipt does not hold: " + err.Error() + "."}
	case proved.Subject != record.Answer.Case || proved.ECertID != record.Answer.ECertID:
		return Proof{Because: "The kept receipt holds, and is not about this order as it was answered."}
	}
	return Proof{
		Holds: true, Because: "The decision stands in the log, as its signed head proves.",
		Case: proved.Subject, Question: proved.Question, Outcome: proved.Outcome, ECertID: proved.ECertID,
		FactsDigest: proved.FactsDigest, RulebookDigest: proved.RulebookDigest,
		RecordedAt: proved.RecordedAt, SignedAt: proved.SignedAt,
	}
}
