package main

import (
	"errors"
	"regexp"
	"strings"

	"origingate.dev/client"
)

// Question asks for a fact that is missing.
type Question struct {
	Fact     string `json:"fact"` // as Origin Gate calls it, e.g. "order.lines[0].claims_preference"
	Question string `json:"question"`
	Whom     string `json:"whom"`            // "buyer", or who else has to be asked
	Where    string `json:"where,omitempty"` // where the answer belongs, a JSON Pointer into the order; empty: not in the order
}

// asked has the facts that an order can say, where it says them, and how a buyer is asked. An index goes where "#" stands.
var asked = map[string]struct{ where, question string }{
	"order.order_id":                   {"/number", "Which number does the order have?"},
	"order.destination":                {"/destination", "To which country do the goods go?"},
	"order.commercial":                 {"/commercial", "Are the goods imported for commercial use?"},
	"order.originating_value":          {"/originatingValue", "What are the goods worth for which you claim the preference?"},
	"order.import_date":                {"/importDate", "On which day will the goods be imported?"},
	"order.lines":                      {"/lines", "What do you order, line by line?"},
	"order.lines[#].line_id":           {"/lines/#/id", "Which number does this line have?"},
	"order.lines[#].description":       {"/lines/#/description", "What are the goods of this line called on the invoice?"},
	"order.lines[#].hs":                {"/lines/#/hsCode", "Which HS code do the goods of this line have?"},
	"order.lines[#].quantity":          {"/lines/#/quantity", "How much of it do you order?"},
	"order.lines[#].unit":              {"/lines/#/unit", "In which unit do you order it?"},
	"order.lines[#].value":             {"/lines/#/value", "What is this line worth?"},
	"order.lines[#].claims_preference": {"/lines/#/claimsPreference", "Do you claim the USMCA preference for this line?"},
	"order.claim":                      {"/claim", "How do you claim the preference?"},
	"order.claim.kind":                 {"/claim/when", "Do you claim the preference at entry, or after importation?"},
	"order.claim.indicator":            {"/claim/indicator", "Which prefix marks the claim in the entry, S or S+?"},
	"order.claim.made_on":              {"/claim/madeOn", "On which day do you make the claim?"},
	"order.claim.certification_in_possession": {
		"/claim/hasCertification", "Do you have the certification of origin when you make the claim?"},
	"declaration.certifier_role":            {"/origin/certifiedBy", "Who certifies the origin: importer, exporter or producer?"},
	"declaration.certifier":                 {"/origin/certifier", "Who is the certifier?"},
	"declaration.basis":                     {"/origin/basis", "On what does the certifier rely?"},
	"declaration.exporter":                  {"/origin/exporter", "Who is the exporter?"},
	"declaration.producer":                  {"/origin/producer", "Who is the producer?"},
	"declaration.importer":                  {"/buyer", "Who imports the goods?"},
	"declaration.goods":                     {"/origin/goods", "Which goods does the declaration have?"},
	"declaration.goods[#].description":      {"/origin/goods/#/description", "What is this good called?"},
	"declaration.goods[#].hs":               {"/origin/goods/#/hsCode", "Which HS code does this good have?"},
	"declaration.goods[#].criterion":        {"/origin/goods/#/criterion", "Which origin criterion, A to D, does this good meet?"},
	"declaration.goods[#].produced_in":      {"/origin/goods/#/producedIn", "In which country was this good produced?"},
	"declaration.goods[#].product_rule_met": {"/origin/goods/#/productRuleMet", "Does this good meet the product-specific rule?"},
	"declaration.goods[#].rvc_percent":      {"/origin/goods/#/rvcPercent", "What is its regional value content in percent?"},
	"declaration.goods[#].rvc_method":       {"/origin/goods/#/rvcMethod", "By which method was that percentage calculated?"},
	"declaration.goods[#].transit":          {"/origin/goods/#/stops", "Where did this good stop outside the USMCA countries?"},
	"declaration.blanket_period.first_day":  {"/origin/blanketPeriod/from", "On which day does the blanket period begin?"},
	"declaration.blanket_period.last_day":   {"/origin/blanketPeriod/to", "On which day does the blanket period end?"},
	"declaration.goods_identical":           {"/origin/blanketPeriod/goodsIdentical", "Are all shipments of identical goods?"},
	"declaration.invoice_number":            {"/origin/invoice", "Which number does the invoice have?"},
	"declaration.statement":                 {"/origin/statement", "Is the certifier's statement on the declaration?"},
	"declaration.signed":                    {"/origin/signed", "Is the declaration of origin signed?"},
	"declaration.certified_on":              {"/origin/signedOn", "On which day was the declaration signed?"},
	"declaration.language":                  {"/origin/language", "In which language is the declaration?"},
	"declaration.carrier":                   {"/origin/document", "On which document does the declaration stand?"},
	"declaration.carrier.kind":              {"/origin/document/kind", "On which kind of document does the declaration stand?"},
	"declaration.carrier.issued_in":         {"/origin/document/issuedIn", "In which country was that document issued?"},
	"declaration.coverage":                  {"/origin", "What does the declaration of origin say?"},
	"declaration.certifier.name":            {"/origin/certifier/name", "What is the certifier called?"},
	"declaration.certifier.title":           {"/origin/certifier/title", "Which title does the certifier have?"},
	"declaration.certifier.telephone":       {"/origin/certifier/telephone", "What is the certifier's telephone number?"},
	"declaration.certifier.email":           {"/origin/certifier/email", "What is the certifier's e-mail address?"},
	"declaration.certifier.address.country": {"/origin/certifier/country", "In which country is the certifier?"},
	"declaration.certifier.responsible_official": {
		"/origin/certifier/official", "Who is the certifier's responsible official?"},
}

// others has who is to be asked for the facts that no order says, by how their paths begin.
var others = []struct{ begins, whom, question string }{
	{"site.", "the operator of Origin Gate", "Is our shop connected to a recognised platform? Its records do not say."},
	{"certificate.", "the origin verification platform", "The certificate's status follows once nothing else is missing."},
	{"nomenclature.", "the operator of Origin Gate", "Is the HS code in an edition of the nomenclature? Its records do not say."},
}

var index = regexp.MustCompile(`\[(\d+)\]`)

// questionFor asks for a fact: of the buyer where the order says it, else of who knows it.
func questionFor(fact string) Question {
	if where, question, known := placeOf(fact); known {
		return Question{fact, question, "buyer", where}
	}
	for _, other := range others {
		if strings.HasPrefix(fact, other.begins) {
			return Question{Fact: fact, Question: other.question, Whom: other.whom}
		}
	}
	words := strings.NewReplacer(".", ", ", "_", " ").Replace(index.ReplaceAllString(fact, ""))
	return Question{Fact: fact, Question: "Please tell us: " + words + ".", Whom: "our order desk"}
}

// placeOf says where an order states a fact, and how it is asked for.
func placeOf(fact string) (where, question string, known bool) {
	entry, known := asked[index.ReplaceAllString(fact, "[#]")]
	where = entry.where
	for _, found := range index.FindAllStringSubmatch(fact, -1) {
		where = strings.Replace(where, "#", found[1], 1)
	}
	return where, entry.question, known
}

// faultsOf are the fields that Origin Gate names, as places of the order where they have one.
func faultsOf(err error) []Fault {
	var failed *client.Error
	if !errors.As(err, &failed) {
		return nil
	}
	var faults []Fault
	for _, violation := range failed.Violations {
		// The message has wrappers where a fact has the list itself.
		where, _, known := placeOf(strings.ReplaceAll(violation.Field, ".items[", "["))
		if !known {
			where = violation.Field
		}
		faults = append(faults, Fault{where, violation.Description})
	}
	return faults
}
