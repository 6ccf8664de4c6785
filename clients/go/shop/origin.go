package main

import (
	"slices"
	"strconv"

	"google.golang.org/protobuf/types/known/fieldmaskpb"

	origingatev1 "origingate.dev/client/origingate/v1"
)

func (m *mapping) declaration(o Order) *origingatev1.Declaration {
	origin := o.Origin
	made := &origingatev1.Declaration{
		CertifierRole: word[origingatev1.CertifierRole](
			m, "/origin/certifiedBy", origin.CertifiedBy, "CERTIFIER_ROLE_", origingatev1.CertifierRole_value),
		Basis: word[origingatev1.CertificationBasis](
			m, "/origin/basis", origin.Basis, "CERTIFICATION_BASIS_", origingatev1.CertificationBasis_value),
		Certifier:     party(origin.Certifier),
		Exporter:      m.role("/origin/exporter", origin.Exporter),
		Producer:      m.role("/origin/producer", origin.Producer),
		InvoiceNumber: said(origin.Invoice),
		Statement:     origin.Statement,
		Signed:        origin.Signed,
		CertifiedOn:   m.day("/origin/signedOn", origin.SignedOn),
		Language:      said(origin.Language),
	}
	if o.Buyer != nil {
		made.Importer = m.role("/buyer", &Role{Named: []Party{*o.Buyer}})
	}
	if document := origin.Document; document != nil {
		made.Carrier = &origingatev1.CarrierDocument{
			Kind: word[origingatev1.CarrierKind](
				m, "/origin/document/kind", document.Kind, "CARRIER_KIND_", origingatev1.CarrierKind_value),
			IssuedIn: said(document.IssuedIn),
		}
	}
	if period := origin.BlanketPeriod; period != nil {
		made.Coverage = origingatev1.Coverage_COVERAGE_BLANKET.Enum()
		made.BlanketPeriod = &origingatev1.BlanketPeriod{
			FirstDay: m.day("/origin/blanketPeriod/from", period.From),
			LastDay:  m.day("/origin/blanketPeriod/to", period.To),
		}
		made.GoodsIdentical = period.GoodsIdentical
	} else {
		// The shop knows that a single shipment has neither: that is none, which is not the same as not known.
		made.Coverage = origingatev1.Coverage_COVERAGE_SINGLE_SHIPMENT.Enum()
		made.None = &fieldmaskpb.FieldMask{Paths: []string{"blanket_period", "goods_identical"}}
	}
	if origin.Goods != nil {
		made.Goods = &origingatev1.Goods{}
		for i, good := range origin.Goods {
			made.Goods.Items = append(made.Goods.Items, m.good(i, good, o.Lines))
		}
	}
	return made
}

func (m *mapping) good(index int, good Good, lines []Line) *origingatev1.Good {
	var first Line
	if found := slices.IndexFunc(lines, func(line Line) bool { return slices.Contains(good.Lines, line.ID) }); found >= 0 {
		first = lines[found]
	}
	if good.Description == "" {
		good.Description = first.Description
	}
	if good.HSCode == "" {
		good.HSCode = first.HSCode
	}
	made := &origingatev1.Good{
		GoodId:      strconv.Itoa(index + 1),
		LineIds:     &origingatev1.LineIds{Items: good.Lines},
		Description: said(good.Description),
		Hs:          said(good.HSCode),
		Criterion: word[origingatev1.OriginCriterion](
			m, at("/origin/goods", index, "criterion"), good.Criterion, "ORIGIN_CRITERION_", origingatev1.OriginCriterion_value),
		ProducedIn:     said(good.ProducedIn),
		ProductRuleMet: good.ProductRuleMet,
		RvcPercent:     number(good.RVCPercent),
		RvcMethod: word[origingatev1.RvcMethod](
			m, at("/origin/goods", index, "rvcMethod"), good.RVCMethod, "RVC_METHOD_", origingatev1.RvcMethod_value),
	}
	if good.Stops != nil {
		made.Transit = &origingatev1.Transit{}
		for i, stop := range good.Stops {
			made.Transit.Items = append(made.Transit.Items, m.stop(at("/origin/goods", index, "stops/"+strconv.Itoa(i)), stop))
		}
	}
	return made
}

func (m *mapping) stop(where string, stop Stop) *origingatev1.TransitStep {
	made := &origingatev1.TransitStep{
		Country: said(stop.Country), CustomsControl: stop.CustomsControl, Evidence: stop.Evidence,
	}
	if stop.Operations != nil {
		made.Operations = &origingatev1.Operations{}
		for i, text := range stop.Operations {
			place := where + "/operations/" + strconv.Itoa(i)
			if known := word[origingatev1.Operation](m, place, text, "OPERATION_", origingatev1.Operation_value); known != nil {
				made.Operations.Items = append(made.Operations.Items, *known)
			}
		}
	}
	return made
}

// role says who fills a part: by name, or as one of the wordings that the law allows instead.
func (m *mapping) role(where string, role *Role) *origingatev1.PartyStatement {
	if role == nil {
		return nil
	}
	if role.Named == nil {
		return &origingatev1.PartyStatement{Manner: word[origingatev1.PartyManner](
			m, where+"/as", role.As, "PARTY_MANNER_", origingatev1.PartyManner_value)}
	}
	named := &origingatev1.Parties{}
	for _, one := range role.Named {
		named.Items = append(named.Items, party(&one))
	}
	return &origingatev1.PartyStatement{Manner: origingatev1.PartyManner_PARTY_MANNER_NAMED.Enum(), Parties: named}
}

func party(from *Party) *origingatev1.Party {
	if from == nil {
		return nil
	}
	made := &origingatev1.Party{
		Name: said(from.Name), Title: said(from.Title), ResponsibleOfficial: said(from.Official),
		Telephone: said(from.Telephone), Email: said(from.Email),
		Address: &origingatev1.Address{
			Locality: said(from.City), Region: said(from.Region),
			PostalCode: said(from.PostalCode), Country: said(from.Country),
		},
	}
	if from.Street != nil {
		made.Address.Lines = &origingatev1.AddressLines{Items: from.Street}
	}
	return made
}
