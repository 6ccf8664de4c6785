package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/singleflight"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"origingate.dev/client"
)

const (
	// atOnce is how many orders are asked about at once that nobody waits for.
	atOnce = 8
	// longestPause is between two rounds in which orders are asked about again, at most.
	longestPause = time.Minute
)

// Desk takes orders, asks Origin Gate about them and keeps what it answers.
type Desk struct {
	store    *Store
	gate     *client.Client
	site     string
	deadline time.Duration
	log      *slog.Logger
	calls    singleflight.Group
}

// Place takes an order: it is kept with a fresh request_id, and then Origin Gate is asked. The same order again is the one that
// is there; it is asked about again where its answer is not known.
func (d *Desk) Place(ctx context.Context, order Order) (record Record, isNew bool, err error) {
	requestID := client.NewRequestID()
	if _, faults := order.Request(d.site, requestID); len(faults) > 0 {
		return Record{}, false, FormError{faults}
	}
	record, isNew, err = d.store.Place(ctx, order, requestID)
	if err == nil && record.AskAgain {
		record, err = d.ask(ctx, record)
	}
	return record, isNew, err
}

// Answer gives facts that were missing, by where they belong in the order, and asks again with them. The same answers again
// change nothing.
func (d *Desk) Answer(ctx context.Context, number string, answers Answers) (Record, error) {
	record, err := d.store.Find(ctx, number)
	if err != nil {
		return Record{}, err
	}
	if !answers.areIn(record.Order) {
		for where := range answers {
			if !record.Answer.asksFor(where) {
				return Record{}, fmt.Errorf("%s: %w", where, ErrNotAsked)
			}
		}
		order, err := answers.addedTo(record.Order)
		if err != nil {
			return Record{}, err
		}
		requestID := client.NewRequestID()
		if _, faults := order.Request(d.site, requestID); len(faults) > 0 {
			return Record{}, FormError{faults}
		}
		if record, err = d.store.Extend(ctx, record, order, requestID); err != nil {
			return Record{}, err
		}
	}
	if record.AskAgain {
		return d.ask(ctx, record)
	}
	return record, nil
}

// ask asks Origin Gate about an order, and keeps what it answers.
func (d *Desk) ask(ctx context.Context, record Record) (Record, error) {
	return d.keep(ctx, record, d.call(ctx, record), "")
}

// call asks Origin Gate about an order, under the request_id that was kept with it. Who comes with the same request meanwhile
// gets the same answer. A buyer who goes away stops nothing.
func (d *Desk) call(ctx context.Context, record Record) Answer {
	answer, _, _ := d.calls.Do(record.RequestID, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), d.deadline)
		defer cancel()
		request, faults := record.Order.Request(d.site, record.RequestID)
		if len(faults) > 0 {
			return Answer{State: Failed, Because: sayings[codes.InvalidArgument], Faults: faults}, nil
		}
		response, err := d.gate.ProcessOrder(ctx, request)
		if err != nil {
			d.log.WarnContext(ctx, "an order could not be asked about",
				"number", record.Number, "code", status.Code(err).String(), "reason", client.ReasonOf(err).String())
			return failed(err), nil
		}
		return answered(response), nil
	})
	return answer.(Answer)
}

// keep keeps an answer, and the token of the event that brought it, if one did.
func (d *Desk) keep(ctx context.Context, record Record, answer Answer, token string) (Record, error) {
	kept, err := d.store.Keep(context.WithoutCancel(ctx), record, answer, token)
	if err == nil {
		d.log.InfoContext(ctx, "an order was asked about",
			"number", record.Number, "state", kept.Answer.State, "case", kept.Answer.Case)
	}
	return kept, err
}

// AskAgain asks about the orders whose answer is not known, and at first about those too whose answer is still to come, until
// the context ends. It pauses between two rounds, and longer for as long as none brings an answer.
func (d *Desk) AskAgain(ctx context.Context, pause time.Duration) {
	for all, wait := true, pause; ctx.Err() == nil; all = false {
		inVain, err := d.round(ctx, all)
		if err != nil && ctx.Err() == nil {
			d.log.ErrorContext(ctx, "orders could not be asked about again", "error", err)
		}
		if wait = min(2*wait, longestPause); !inVain {
			wait = pause
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// round asks about every order that has to be asked about; it was in vain where there are some, and none has an answer now.
func (d *Desk) round(ctx context.Context, all bool) (inVain bool, err error) {
	records, err := d.store.ToAsk(ctx, all)
	if err != nil {
		return false, err
	}
	var calls errgroup.Group
	calls.SetLimit(atOnce)
	var known atomic.Bool
	for _, record := range records {
		calls.Go(func() error {
			if ctx.Err() != nil {
				return nil
			}
			after, err := d.ask(ctx, record)
			if err == nil && !after.AskAgain {
				known.Store(true)
			}
			return err
		})
	}
	err = calls.Wait()
	return len(records) > 0 && !known.Load(), err
}
