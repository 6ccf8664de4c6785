package client_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"origingate.dev/client"
	origingatev1 "origingate.dev/client/origingate/v1"
)

func Example() {
	gate, err := client.Connect("127.0.0.1:50051", client.WithPlaintext())
	if err != nil {
		log.Fatal(err)
	}
	defer gate.Close()

	value, err := client.Money("2500.00", "USD")
	if err != nil {
		log.Fatal(err)
	}
	answer, err := gate.ProcessOrder(context.Background(), &origingatev1.ProcessOrderRequest{
		RequestId: client.NewRequestID(), // kept with the order, and sent again when the call is repeated
		Site:      &origingatev1.Site{SiteId: new("aceros-shop")},
		Order: &origingatev1.Order{
			OrderId:     new("AN-2001"),
			Destination: new("US"),
			ImportDate:  client.Date(2026, time.July, 15),
			Lines: &origingatev1.OrderLines{Items: []*origingatev1.OrderLine{
				{LineId: "1", Value: value, Quantity: client.Decimal("8"), ClaimsPreference: new(true)},
			}},
		},
	})
	if client.ReasonOf(err) == origingatev1.ErrorReason_ERROR_REASON_REQUEST_INVALID {
		log.Fatal("a field is at fault: ", err)
	} else if err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer.GetPrereview().GetOutcome(), answer.GetECertId())
	for _, fact := range answer.GetPrereview().GetMissing() {
		fmt.Println("ask the buyer for", fact)
	}
}
