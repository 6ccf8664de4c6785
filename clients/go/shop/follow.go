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
	origingatev1.CaseState_CASE_STATE_CERTIFIED:  true,
	origingatev1.CaseState_CASE_STATE_REJECTED:   true,
	origingatev1.CaseState_CASE_STATE_DECLARED:   true,
	origingatev1.CaseState_CASE_STATE_IN_REVIEW:  true,
	origingatev1.CaseState_CASE_STATE_MANUAL:     true,
	origingatev1.CaseState_CASE_STATE_REVOKED:    true,
	origingatev1.CaseState_CASE_STATE_EXPIRED:    true,
	origingatev1.CaseState_CASE_STATE_CANCELLING: true,
	origingatev1.CaseState_CASE_STATE_CANCELLED:  true,
}

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

// watch hears events until it breaks off.
func (d *Desk) watch(ctx context.Context) error {
	token, err := d.store.Token(ctx)
	if err != nil {
		return err
	}
	ctx, leave := context.WithCancel(ctx)
	defer leave()
	silence := time.AfterFunc(longestSilence, leave)
	defer silence.Stop()
	ear := &listening{desk: d, anew: token == ""}
	defer func() {
		if err := ear.keep(context.WithoutCancel(ctx)); err != nil {
			d.log.ErrorContext(ctx, "where the watch stands could not be kept", "error", err)
		}
	}()
	request := &origingatev1.WatchCasesRequest{
		After: token, Filter: &origingatev1.CaseEventFilter{SiteId: &d.site},
	}
	for told, err := range d.gate.WatchCases(ctx, request) {
		if err != nil {
			return err
		}
		silence.Stop()
		if err := ear.hear(ctx, told); err != nil {
			return err
		}
		silence.Reset(longestSilence)
	}
	return nil
}

// listening is one watch: whether it began without a token, and what it heard since the last token was kept.
type listening struct {
	desk   *Desk
	anew   bool
	passed string
	count  int
}

func (l *listening) hear(ctx context.Context, told *origingatev1.WatchCasesResponse) error {
	if l.anew {
		// Nothing is told of what happened before: what is pending is asked about, now that nothing more is missed.
		if _, err := l.desk.round(ctx, true); err != nil {
			return err
		}
		l.anew = false
	}
	kept, err := l.desk.hear(ctx, told.GetEvent(), told.GetToken())
	if err != nil {
		return err
	}
	if kept {
		l.passed, l.count = "", 0
		return nil
	}
	l.passed = told.GetToken()
	if l.count++; l.count >= manyEvents || told.GetEvent() == nil {
		return l.keep(ctx)
	}
	return nil
}

// keep keeps the token of what was heard and changed no order.
func (l *listening) keep(ctx context.Context) error {
	if l.passed == "" {
		return nil
	}
	if err := l.desk.store.KeepToken(ctx, l.passed); err != nil {
		return err
	}
	l.passed, l.count = "", 0
	return nil
}

// hear asks about the order of an event whose answer may have changed, and keeps the answer together with the event's token;
// where there is no answer, or one from before the event, that it has to be asked for. It tells whether the token was kept.
func (d *Desk) hear(ctx context.Context, event *origingatev1.CaseEvent, token string) (kept bool, err error) {
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
	befell := record.Answer.State == Confirmed && ended[event.GetToState()] != ""
	changes := record.Answer.State == Pending || befell
	if !changes && !record.AskAgain {
		return false, nil
	}
	// What is asked about anyway may have an answer on its way from before the event. While a case is being cancelled a call waits
	// for the platform, and so would all events behind this one.
	if !changes || event.GetToState() == origingatev1.CaseState_CASE_STATE_CANCELLING {
		return true, d.store.AskLater(ctx, record, event.GetVersion(), token)
	}
	answer := d.call(ctx, record)
	if answer.next == askAgain || answer.version < event.GetVersion() {
		return true, d.store.AskLater(ctx, record, event.GetVersion(), token)
	}
	_, err = d.keep(ctx, record, answer, token)
	return true, err
}
