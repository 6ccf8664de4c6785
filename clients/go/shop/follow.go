package main

import (
	"context"
	"errors"
	"time"

	"origingate.dev/client"
	origingatev1 "origingate.dev/client/origingate/v1"
)

const (
	// manyEvents is after how many events that change no order the token is kept all the same.
	manyEvents = 200
	// longestSilence is how long a watch that lives can be silent: a server has something to say every 15 seconds, unless its
	// operator sets another heartbeat.
	longestSilence = time.Minute
	// pauseOfWatch is before a watch that ended is begun again.
	pauseOfWatch = 2 * time.Second
)

// settling are the states to which a case comes when its answer changes.
var settling = map[origingatev1.CaseState]bool{
	origingatev1.CaseState_CASE_STATE_CERTIFIED: true,
	origingatev1.CaseState_CASE_STATE_REJECTED:  true,
	origingatev1.CaseState_CASE_STATE_DECLARED:  true,
	origingatev1.CaseState_CASE_STATE_IN_REVIEW: true,
	origingatev1.CaseState_CASE_STATE_MANUAL:    true,
	origingatev1.CaseState_CASE_STATE_REVOKED:   true,
	origingatev1.CaseState_CASE_STATE_EXPIRED:   true,
	origingatev1.CaseState_CASE_STATE_CANCELLED: true,
}

// errAskedInVain says that an event's order could not be asked about, so that the event has to come again.
var errAskedInVain = errors.New("an order of an event could not be asked about")

// Follow keeps up with the cases of all orders until the context ends: events are told from where the store says that the
// watch stands, and those behind it come again after any fault.
func (d *Desk) Follow(ctx context.Context) {
	for ctx.Err() == nil {
		err := d.watch(ctx)
		if ctx.Err() != nil {
			return
		}
		d.log.WarnContext(ctx, "the watch ended, and begins again", "error", err)
		if client.ReasonOf(err) == origingatev1.ErrorReason_ERROR_REASON_TOKEN_INVALID {
			// The log is another one, e.g. a backup's: events are told from now on.
			if err := d.store.KeepToken(ctx, ""); err != nil {
				d.log.ErrorContext(ctx, "the watch could not be begun anew", "error", err)
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(pauseOfWatch):
		}
	}
}

// watch hears events until it breaks off. One that begins without a token tells nothing of what happened before: what is pending
// then is asked about once it has begun.
func (d *Desk) watch(ctx context.Context) error {
	kept, err := d.store.Token(ctx)
	if err != nil {
		return err
	}
	ctx, leave := context.WithCancel(ctx)
	defer leave()
	silence := time.AfterFunc(longestSilence, leave)
	defer silence.Stop()
	request := &origingatev1.WatchCasesRequest{
		After: kept, Filter: &origingatev1.CaseEventFilter{SiteId: &d.site},
	}
	passed := ""
	defer func() {
		if passed != "" {
			if err := d.store.KeepToken(context.WithoutCancel(ctx), passed); err != nil {
				d.log.ErrorContext(ctx, "where the watch stands could not be kept", "error", err)
			}
		}
	}()
	count := 0
	for told, err := range d.gate.WatchCases(ctx, request) {
		if err != nil {
			return err
		}
		silence.Reset(longestSilence)
		if kept == "" {
			if _, err := d.round(ctx, true); err != nil {
				return err
			}
			kept = told.GetToken()
		}
		changed, err := d.hear(ctx, told)
		if err != nil {
			return err
		}
		if passed = told.GetToken(); changed {
			passed, count = "", 0
			continue
		}
		if count++; count >= manyEvents || told.GetEvent() == nil {
			if err := d.store.KeepToken(ctx, passed); err != nil {
				return err
			}
			passed, count = "", 0
		}
	}
	return nil
}

// hear asks about the order of an event whose answer may have changed, and keeps the answer with the event's token.
func (d *Desk) hear(ctx context.Context, told *origingatev1.WatchCasesResponse) (changed bool, err error) {
	event := told.GetEvent()
	if !settling[event.GetToState()] {
		return false, nil
	}
	record, err := d.store.Find(ctx, event.GetOrderId())
	if errors.Is(err, ErrUnknown) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	// A confirmed order changes by what befalls its certificate alone.
	changes := record.Answer.State == Pending || record.Answer.State == Confirmed && ended[event.GetToState()] != ""
	if !changes {
		return false, nil
	}
	answer := d.call(ctx, record)
	if answer.next == askAgain {
		return false, errAskedInVain
	}
	_, err = d.keep(ctx, record, answer, told.GetToken())
	return true, err
}
