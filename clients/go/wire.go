package client

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/genproto/googleapis/type/decimal"
	"google.golang.org/genproto/googleapis/type/money"
)

// fractionDigits is how many digits google.type.Money holds after the point: nanos.
const fractionDigits = 9

var (
	plainDecimal = regexp.MustCompile(`^(-?)([0-9]+)(?:\.([0-9]+))?$`)
	currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)
)

// Money reads an exact amount such as "2500.00" or "-0.5". There is no way through a float, in which 0.1 is not 0.1.
//
// The error says what is wrong: text that is no plain decimal, more than nine digits after the point, an amount beyond 64
// bits, or a currency that is not three capital letters. Whether that currency exists is for the server to say.
func Money(amount, currency string) (*money.Money, error) {
	if !currencyCode.MatchString(currency) {
		return nil, fmt.Errorf("%q is not a currency code of three capital letters, such as USD", currency)
	}
	parts := plainDecimal.FindStringSubmatch(amount)
	if parts == nil {
		return nil, fmt.Errorf("%q is not a plain decimal amount, such as 2500.00", amount)
	}
	sign, whole, fraction := parts[1], parts[2], strings.TrimRight(parts[3], "0")
	if len(fraction) > fractionDigits {
		return nil, fmt.Errorf("%q has more than %d digits after the point", amount, fractionDigits)
	}
	units, err := strconv.ParseInt(sign+whole, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("%q is too large an amount", amount)
	}
	// No error is possible: these are nine digits.
	nanos, _ := strconv.ParseInt(sign+fraction+strings.Repeat("0", fractionDigits-len(fraction)), 10, 32)
	return &money.Money{CurrencyCode: currency, Units: units, Nanos: int32(nanos)}, nil
}

// Amount writes the exact amount of a value as a decimal without superfluous zeros, such as "2500" or "-0.5". It is an error
// where units and nanos have different signs or nanos are a whole unit or more, which google.type.Money does not allow.
func Amount(value *money.Money) (string, error) {
	units, nanos := value.GetUnits(), int64(value.GetNanos())
	if nanos <= -1e9 || nanos >= 1e9 || units > 0 && nanos < 0 || units < 0 && nanos > 0 {
		return "", errors.New("units and nanos do not make one amount")
	}
	text := strconv.FormatInt(units, 10)
	if nanos == 0 {
		return text, nil
	}
	if nanos < 0 {
		nanos = -nanos
		if units == 0 {
			text = "-0"
		}
	}
	return text + "." + strings.TrimRight(fmt.Sprintf("%09d", nanos), "0"), nil
}

// Decimal is an exact number such as a quantity "4" or a percentage "62.5". The server says whether it is one.
func Decimal(value string) *decimal.Decimal {
	return &decimal.Decimal{Value: value}
}

// Date is a civil day. It is not checked against the calendar: the server names the field of a day that does not exist.
func Date(year int, month time.Month, day int) *date.Date {
	return &date.Date{Year: int32(year), Month: int32(month), Day: int32(day)}
}

// DateOf is the civil day of a moment in that moment's own time zone.
func DateOf(moment time.Time) *date.Date {
	return Date(moment.Date())
}
