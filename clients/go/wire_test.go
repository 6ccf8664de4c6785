package client_test

import (
	"math"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/type/money"

	"origingate.dev/client"
)

// An amount keeps every digit on its way to the wire and back; only superfluous zeros go.
func TestMoneyIsExact(t *testing.T) {
	for amount, expected := range map[string]string{
		"0":                              "0",
		"-0.00":                          "0",
		"2500.00":                        "2500",
		"2500.01":                        "2500.01",
		"0.1":                            "0.1",
		"-0.5":                           "-0.5",
		"-12.000000001":                  "-12.000000001",
		"9223372036854775807.999999999":  "9223372036854775807.999999999",
		"-9223372036854775808.999999999": "-9223372036854775808.999999999",
		"007.10":                         "7.1",
		"0.1000000000000":                "0.1",
	} {
		value, err := client.Money(amount, "USD")
		if err != nil {
			t.Errorf("%q: %v", amount, err)
			continue
		}
		if actual, err := client.Amount(value); expected != actual || err != nil {
			t.Errorf("%q: expected %q, got %q, %v", amount, expected, actual, err)
		}
	}
}

// Text that is no exact amount is refused with a sentence that says what was expected.
func TestMoneyRefusesWhatIsNoAmount(t *testing.T) {
	for amount, expected := range map[string]string{
		"":                    `"" is not a plain decimal amount, such as 2500.00`,
		"1e3":                 `"1e3" is not a plain decimal amount, such as 2500.00`,
		"1,000":               `"1,000" is not a plain decimal amount, such as 2500.00`,
		".5":                  `".5" is not a plain decimal amount, such as 2500.00`,
		"NaN":                 `"NaN" is not a plain decimal amount, such as 2500.00`,
		"٣":                   `"٣" is not a plain decimal amount, such as 2500.00`,
		"0.1234567891":        `"0.1234567891" has more than 9 digits after the point`,
		"9223372036854775808": `"9223372036854775808" is too large an amount`,
	} {
		if _, err := client.Money(amount, "USD"); err == nil || expected != err.Error() {
			t.Errorf("%q: expected %q, got %v", amount, expected, err)
		}
	}
}

// A currency is three capital letters.
func TestMoneyRefusesWhatIsNoCurrency(t *testing.T) {
	expected := `"usd" is not a currency code of three capital letters, such as USD`
	if _, err := client.Money("1", "usd"); err == nil || expected != err.Error() {
		t.Errorf("expected %q, got %v", expected, err)
	}
}

// A value whose units and nanos contradict each other has no amount.
func TestAmountRefusesWhatIsNoMoney(t *testing.T) {
	for _, value := range []*money.Money{
		{Units: 1, Nanos: -1},
		{Units: -1, Nanos: 1},
		{Nanos: 1_000_000_000},
		{Nanos: math.MinInt32},
	} {
		if amount, err := client.Amount(value); err == nil {
			t.Errorf("%v: expected an error, got %q", value, amount)
		}
	}
}

// The civil day of a moment is the day in the moment's own time zone.
func TestDateOfMoment(t *testing.T) {
	expected := client.Date(2026, time.June, 30)
	actual := client.DateOf(time.Date(2026, time.June, 30, 23, 30, 0, 0, time.FixedZone("", -6*60*60)))
	if expected.String() != actual.String() {
		t.Errorf("expected %v, got %v", expected, actual)
	}
}
