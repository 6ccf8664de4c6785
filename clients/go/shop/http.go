package main

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
)

// mostOfOrder is how large an order may be.
const mostOfOrder = 1 << 20

// API is the shop over HTTP.
type API struct {
	desk   *Desk
	logKey ed25519.PublicKey // nil: receipts are kept, and not verified here
	log    *slog.Logger

	mutex   sync.Mutex
	closing bool
	calls   sync.WaitGroup
}

// Routes are its addresses.
func (a *API) Routes() http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("POST /orders", a.open(a.place))
	routes.HandleFunc("POST /orders/{number}/answers", a.open(a.answer))
	routes.HandleFunc("GET /orders/{number}", a.order)
	routes.HandleFunc("GET /orders/{number}/receipt", a.receipt)
	routes.HandleFunc("GET /health", a.health)
	return routes
}

// Close takes no new orders from now on, and waits for those that are being taken until the context ends.
func (a *API) Close(ctx context.Context) error {
	a.mutex.Lock()
	a.closing = true
	a.mutex.Unlock()
	done := make(chan struct{})
	go func() {
		a.calls.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// open lets calls through for as long as the shop is open.
func (a *API) open(serve http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a.mutex.Lock()
		if a.closing {
			a.mutex.Unlock()
			w.Header().Set("Retry-After", "5")
			a.write(w, http.StatusServiceUnavailable, wrong{Error: "The shop is closing; send it again."})
			return
		}
		a.calls.Add(1)
		a.mutex.Unlock()
		defer a.calls.Done()
		serve(w, r)
	}
}

// told is an order as callers see it.
type told struct {
	Number string `json:"number"`
	Answer
}

// wrong says why a call was refused.
type wrong struct {
	Error  string  `json:"error"`
	Faults []Fault `json:"faults,omitempty"`
}

func (a *API) place(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostOfOrder))
	if err != nil {
		a.write(w, http.StatusRequestEntityTooLarge, wrong{Error: "The order is too large."})
		return
	}
	order, err := ReadOrder(text)
	if err != nil {
		a.write(w, http.StatusBadRequest, wrong{Error: err.Error()})
		return
	}
	record, isNew, err := a.desk.Place(r.Context(), order)
	if err != nil {
		a.refuse(w, r, err)
		return
	}
	code := http.StatusOK
	if isNew {
		w.Header().Set("Location", "/orders/"+url.PathEscape(record.Number))
		code = http.StatusCreated
	}
	a.write(w, code, told{record.Number, record.Answer})
}

func (a *API) answer(w http.ResponseWriter, r *http.Request) {
	var said struct {
		Answers Answers `json:"answers"`
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostOfOrder))
	if err == nil {
		err = readStrictly(text, &said)
	}
	if err != nil {
		a.write(w, http.StatusBadRequest, wrong{Error: "These are no answers: " + err.Error()})
		return
	}
	record, err := a.desk.Answer(r.Context(), r.PathValue("number"), said.Answers)
	a.tell(w, r, record, err)
}

func (a *API) order(w http.ResponseWriter, r *http.Request) {
	record, err := a.desk.store.Find(r.Context(), r.PathValue("number"))
	a.tell(w, r, record, err)
}

func (a *API) receipt(w http.ResponseWriter, r *http.Request) {
	record, err := a.desk.store.Find(r.Context(), r.PathValue("number"))
	switch {
	case err != nil:
		a.refuse(w, r, err)
	case a.logKey == nil:
		a.write(w, http.StatusNotImplemented, wrong{Error: "The shop does not know the log's public key; set -log-key."})
	case record.Receipt == nil:
		a.write(w, http.StatusNotFound, wrong{Error: "There is no receipt yet."})
	default:
		a.write(w, http.StatusOK, proofOf(record, a.logKey))
	}
}

func (a *API) health(w http.ResponseWriter, _ *http.Request) {
	a.mutex.Lock()
	closing := a.closing
	a.mutex.Unlock()
	if closing {
		a.write(w, http.StatusServiceUnavailable, map[string]string{"status": "closing"})
		return
	}
	a.write(w, http.StatusOK, map[string]string{"status": "open"})
}

func (a *API) tell(w http.ResponseWriter, r *http.Request, record Record, err error) {
	if err != nil {
		a.refuse(w, r, err)
		return
	}
	a.write(w, http.StatusOK, told{record.Number, record.Answer})
}

// refusals are the codes of what callers did wrong; all else is our fault.
var refusals = map[error]int{
	ErrUnknown:  http.StatusNotFound,
	ErrOther:    http.StatusConflict,
	ErrMoved:    http.StatusConflict,
	ErrNotAsked: http.StatusConflict,
	ErrForm:     http.StatusBadRequest,
}

func (a *API) refuse(w http.ResponseWriter, r *http.Request, err error) {
	for known, code := range refusals {
		if errors.Is(err, known) {
			var form FormError
			errors.As(err, &form)
			a.write(w, code, wrong{err.Error(), form.Faults})
			return
		}
	}
	a.log.ErrorContext(r.Context(), "a call failed", "error", err)
	a.write(w, http.StatusInternalServerError, wrong{Error: "The shop has a fault; send it again."})
}

func (a *API) write(w http.ResponseWriter, code int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	// Who went away is told nothing.
	_ = json.NewEncoder(w).Encode(body)
}
