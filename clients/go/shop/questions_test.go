package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// A fact of a line is asked of the buyer, at its place in the order.
func TestQuestion(t *testing.T) {
	expected := Question{
		Fact:     "order.lines[1].claims_preference",
		Question: "Do you claim the USMCA preference for this line?",
		Whom:     "buyer",
		Where:    "/lines/1/claimsPreference",
	}
	if actual := questionFor(expected.Fact); expected != actual {
		t.Errorf("expected %v, got %v", expected, actual)
	}
}

// What no order says is not asked of the buyer: it is said whom to ask.
func TestQuestionForOthers(t *testing.T) {
	for fact, whom := range map[string]string{
		"site.integration":   "the operator of Origin Gate",
		"certificate.status": "the origin verification platform",
	} {
		if actual := questionFor(fact); whom != actual.Whom || actual.Where != "" {
			t.Errorf("expected %s to be asked of %s, got %v", fact, whom, actual)
		}
	}
}

// A fact that the table does not have is asked for readably.
func TestQuestionWithoutEntry(t *testing.T) {
	expected := "Please tell us: declaration, goods, de minimis, elastomeric percent."
	if actual := questionFor("declaration.goods[0].de_minimis.elastomeric_percent"); expected != actual.Question {
		t.Errorf("expected %q, got %q", expected, actual.Question)
	}
}

// Every place of the table is one of the shop's form.
func TestPlacesOfQuestions(t *testing.T) {
	for fact, entry := range asked {
		where := strings.ReplaceAll(entry.where, "#", "0")
		if _, err := (Answers{where: json.RawMessage("null")}).addedTo(eligible(t, "AN-1")); err != nil {
			t.Errorf("%s: %s is no place of an order: %v", fact, where, err)
		}
	}
}
