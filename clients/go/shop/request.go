package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/genproto/googleapis/type/decimal"
	"google.golang.org/genproto/googleapis/type/money"

	"origingate.dev/client"
	origingatev1 "origingate.dev/client/origingate/v1"
)

// Fault is something wrong with the form of an order.
type Fault struct {
	Where   string `json:"where"` // JSON Pointer into the order
	Because string `json:"because"`
}

// mapping turns the shop's form into Origin Gate's, and collects what is wrong.
type mapping struct{ faults []Fault }

// Request is the order as Origin Gate is asked about it. The faults are those of its form; with one it is not asked.
func (o Order) Request(site, requestID string) (*origingatev1.ProcessOrderRequest, []Fault) {
	m := &mapping{}
	request := &origingatev1.ProcessOrderRequest{
		RequestId: requestID,
		Site:      &origingatev1.Site{SiteId: new(site)},
		Order: &origingatev1.Order{
			OrderId:          new(o.Number),
			Destination:      said(o.Destination),
			Commercial:       o.Commercial,
			OriginatingValue: m.money("/originatingValue", o.OriginatingValue),
			ImportDate:       m.day("/importDate", o.ImportDate),
		},
	}
	if o.Lines != nil {
		request.Order.Lines = &origingatev1.OrderLines{}
		for i, line := range o.Lines {
			request.Order.Lines.Items = append(request.Order.Lines.Items, &origingatev1.OrderLine{
				LineId:           line.ID,
				Description:      said(line.Description),
				Hs:               said(line.HSCode),
				Quantity:         number(line.Quantity),
				Unit:             said(line.Unit),
				Value:            m.money(at("/lines", i, "value"), line.Value),
				ClaimsPreference: line.ClaimsPreference,
			})
		}
	}
	if claim := o.Claim; claim != nil {
		request.Order.Claim = &origingatev1.Claim{
			Kind: word[origingatev1.ClaimKind](
				m, "/claim/when", claim.When, "CLAIM_KIND_", origingatev1.ClaimKind_value),
			Indicator: word[origingatev1.ClaimIndicator](
				m, "/claim/indicator", claim.Indicator, "CLAIM_INDICATOR_", origingatev1.ClaimIndicator_value),
			MadeOn:                    m.day("/claim/madeOn", claim.MadeOn),
			CertificationInPossession: claim.HasCertification,
		}
	}
	if o.Origin != nil {
		request.Declaration = m.declaration(o)
	}
	if len(m.faults) == 0 {
		m.faults = faultsOf(client.Validate(request))
	}
	return request, m.faults
}

func (m *mapping) fault(where, because string, values ...any) {
	m.faults = append(m.faults, Fault{where, fmt.Sprintf(because, values...)})
}

func (m *mapping) money(where string, amount *Amount) *money.Money {
	if amount == nil {
		return nil
	}
	exact, err := client.Money(amount.Amount.String(), amount.Currency)
	if err != nil {
		m.fault(where, "%v", err)
	}
	return exact
}

func (m *mapping) day(where, text string) *date.Date {
	if text == "" {
		return nil
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		m.fault(where, "%q is no day such as 2026-07-15", text)
		return nil
	}
	return client.DateOf(day)
}

// word is the value of an enum that a word of the shop's form stands for: the contract's without its prefix.
func word[E ~int32](m *mapping, where, text, prefix string, known map[string]int32) *E {
	if text == "" {
		return nil
	}
	value, ok := known[prefix+text]
	if !ok || value == 0 {
		var words []string
		for _, name := range slices.Sorted(maps.Keys(known)) {
			if known[name] != 0 {
				words = append(words, strings.TrimPrefix(name, prefix))
			}
		}
		m.fault(where, "%q is none of %s", text, strings.Join(words, ", "))
		return nil
	}
	return new(E(value))
}

func number(text json.Number) *decimal.Decimal {
	if text == "" {
		return nil
	}
	return client.Decimal(text.String())
}

// said is a text that was given; an empty one was not.
func said(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func at(list string, index int, field string) string {
	return list + "/" + strconv.Itoa(index) + "/" + field
}
