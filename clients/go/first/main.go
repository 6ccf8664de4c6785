// Command first sends one order, as JSON, to an Origin Gate without TLS and prints its outcome and its e-Cert ID:
//
//	go run ./first 127.0.0.1:50051 ../../examples/orders/01-eligible.json
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"google.golang.org/protobuf/encoding/protojson"

	"origingate.dev/client"
	origingatev1 "origingate.dev/client/origingate/v1"
)

func main() {
	text, err := os.ReadFile(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	var order origingatev1.ProcessOrderRequest
	if err := protojson.Unmarshal(text, &order); err != nil {
		log.Fatal(err)
	}
	order.RequestId = "AN-1001-1" // kept with the order, and sent again when the call is repeated

	gate, err := client.Connect(os.Args[1], client.WithPlaintext())
	if err != nil {
		log.Fatal(err)
	}
	defer gate.Close()
	answer, err := gate.ProcessOrder(context.Background(), &order)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer.GetPrereview().GetOutcome(), answer.GetECertId())
}
