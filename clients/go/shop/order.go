package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// Order is an order in the shop's own form. What is left out is not known, and asked for where it matters; an empty list says
// that there is none. Amounts and quantities are decimals and never pass through a float.
type Order struct {
	Number           string  `json:"number"`
	Destination      string  `json:"destination,omitempty"` // ISO 3166-1 alpha-2
	ImportDate       string  `json:"importDate,omitempty"`  // 2026-07-15
	Commercial       *bool   `json:"commercial,omitempty"`
	OriginatingValue *Amount `json:"originatingValue,omitempty"`
	Lines            []Line  `json:"lines,omitzero"`
	Buyer            *Party  `json:"buyer,omitempty"` // the importer, too
	Claim            *Claim  `json:"claim,omitempty"`
	Origin           *Origin `json:"origin,omitempty"`
}

// Line is one position of an order.
type Line struct {
	ID               string      `json:"id"`
	Description      string      `json:"description,omitempty"`
	HSCode           string      `json:"hsCode,omitempty"`
	Quantity         json.Number `json:"quantity,omitempty"`
	Unit             string      `json:"unit,omitempty"`
	Value            *Amount     `json:"value,omitempty"`
	ClaimsPreference *bool       `json:"claimsPreference,omitempty"`
}

// Amount is an exact amount of money.
type Amount struct {
	Amount   json.Number `json:"amount"`
	Currency string      `json:"currency"`
}

// Party is a company with whom to speak there.
type Party struct {
	Name       string   `json:"name,omitempty"`
	Title      string   `json:"title,omitempty"`
	Official   string   `json:"official,omitempty"`
	Street     []string `json:"street,omitzero"`
	City       string   `json:"city,omitempty"`
	Region     string   `json:"region,omitempty"`
	PostalCode string   `json:"postalCode,omitempty"`
	Country    string   `json:"country,omitempty"`
	Telephone  string   `json:"telephone,omitempty"`
	Email      string   `json:"email,omitempty"`
}

// Claim is how the buyer claims the preference.
type Claim struct {
	When             string `json:"when,omitempty"`      // AT_ENTRY, POST_IMPORTATION
	Indicator        string `json:"indicator,omitempty"` // S, S_PLUS
	MadeOn           string `json:"madeOn,omitempty"`
	HasCertification *bool  `json:"hasCertification,omitempty"`
}

// Origin is what the seller declares about where the goods come from. The importer is the order's buyer.
type Origin struct {
	CertifiedBy   string    `json:"certifiedBy,omitempty"` // IMPORTER, EXPORTER, PRODUCER
	Certifier     *Party    `json:"certifier,omitempty"`
	Basis         string    `json:"basis,omitempty"` // OWN_INFORMATION, PRODUCER_REPRESENTATION
	Exporter      *Role     `json:"exporter,omitempty"`
	Producer      *Role     `json:"producer,omitempty"`
	Goods         []Good    `json:"goods,omitzero"`
	BlanketPeriod *Period   `json:"blanketPeriod,omitempty"` // with it the declaration is for several shipments
	Invoice       string    `json:"invoice,omitempty"`
	Statement     *bool     `json:"statement,omitempty"`
	Signed        *bool     `json:"signed,omitempty"`
	SignedOn      string    `json:"signedOn,omitempty"`
	Language      string    `json:"language,omitempty"` // ISO 639-1
	Document      *Document `json:"document,omitempty"`
}

// Role is who fills a part in the declaration: by name, or AS one of CERTIFIER, EXPORTER, VARIOUS, ON_REQUEST.
type Role struct {
	As    string  `json:"as,omitempty"`
	Named []Party `json:"named,omitzero"`
}

// Good is a good of the declaration, for one or more lines of the order. Description and HS code are those of its first line
// unless it has its own.
type Good struct {
	Lines          []string    `json:"lines"`
	Description    string      `json:"description,omitempty"`
	HSCode         string      `json:"hsCode,omitempty"`
	Criterion      string      `json:"criterion,omitempty"` // A, B, C, D
	ProducedIn     string      `json:"producedIn,omitempty"`
	ProductRuleMet *bool       `json:"productRuleMet,omitempty"`
	RVCPercent     json.Number `json:"rvcPercent,omitempty"`
	RVCMethod      string      `json:"rvcMethod,omitempty"` // TRANSACTION_VALUE, NET_COST
	Stops          []Stop      `json:"stops,omitzero"`      // outside the USMCA countries; empty: it did not leave them
}

// Stop is a stop on the way of a good.
type Stop struct {
	Country        string   `json:"country,omitempty"`
	CustomsControl *bool    `json:"customsControl,omitempty"`
	Operations     []string `json:"operations,omitzero"` // UNLOADING, RELOADING, STORING ...
	Evidence       *bool    `json:"evidence,omitempty"`
}

// Period has both days included.
type Period struct {
	From           string `json:"from,omitempty"`
	To             string `json:"to,omitempty"`
	GoodsIdentical *bool  `json:"goodsIdentical,omitempty"`
}

// Document is what the certification stands on.
type Document struct {
	Kind     string `json:"kind,omitempty"` // SEPARATE, INVOICE, COMMERCIAL_DOCUMENT, OTHER
	IssuedIn string `json:"issuedIn,omitempty"`
}

// ReadOrder reads an order; what the form does not know is an error, so that nothing is lost by a mistyped name.
func ReadOrder(text []byte) (Order, error) {
	var order Order
	if err := readStrictly(text, &order); err != nil {
		return Order{}, fmt.Errorf("this is no order: %w", err)
	}
	return order, nil
}

func readStrictly(text []byte, into any) error {
	reader := json.NewDecoder(bytes.NewReader(text))
	reader.DisallowUnknownFields()
	if err := reader.Decode(into); err != nil {
		return err
	}
	if _, err := reader.Token(); err != io.EOF {
		return fmt.Errorf("something follows after it")
	}
	return nil
}

// Text is the order as the store keeps it: the same order has the same text.
func (o Order) Text() string {
	// No error is possible: there are texts, truth values, numbers that were read, and lists of these.
	text, _ := json.Marshal(o)
	return string(text)
}
