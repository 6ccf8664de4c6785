package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"
)

// Record is an order as the store has it.
type Record struct {
	Number    string
	Order     Order
	RequestID string
	Answer    Answer
	Receipt   []byte
	AskAgain  bool

	placed string
}

// newRequest lets a request take the place of one that is still the order's.
const newRequest = `UPDATE orders SET earlier_request_ids = json_insert(earlier_request_ids, '$[#]', request_id), request_id = ?
	WHERE number = ? AND request_id = ?`

// renew gives an order another content, and a request_id for it.
func renew(ctx context.Context, tx *sql.Tx, record Record, content, requestID string) error {
	changed, err := tx.ExecContext(ctx, newRequest, requestID, record.Number, record.RequestID)
	if err != nil {
		return err
	}
	if rows, err := changed.RowsAffected(); err != nil || rows == 0 {
		return errors.Join(err, ErrMoved)
	}
	_, err = tx.ExecContext(ctx,
		`UPDATE orders SET content = ?, state = ?, answer = ?, ask_again = 1, changed_at = ? WHERE number = ?`,
		content, Pending, encode(notAsked), now(), record.Number)
	return err
}

const selected = `SELECT number, placed, content, request_id, answer, receipt, ask_again FROM orders`

type queries interface {
	QueryRowContext(ctx context.Context, query string, arguments ...any) *sql.Row
}

func find(ctx context.Context, from queries, number string) (Record, error) {
	record, err := read(from.QueryRowContext(ctx, selected+` WHERE number = ?`, number))
	if errors.Is(err, sql.ErrNoRows) {
		return Record{}, ErrUnknown
	}
	return record, err
}

func read(row interface{ Scan(into ...any) error }) (record Record, err error) {
	var content, answer string
	err = row.Scan(&record.Number, &record.placed, &content, &record.RequestID, &answer, &record.Receipt, &record.AskAgain)
	if err != nil {
		return Record{}, err
	}
	return record, errors.Join(
		json.Unmarshal([]byte(content), &record.Order), json.Unmarshal([]byte(answer), &record.Answer))
}

func encode(answer Answer) string {
	// No error is possible: there are texts and lists of texts.
	text, _ := json.Marshal(answer)
	return string(text)
}

func now() string { return time.Now().UTC().Format(time.RFC3339Nano) }
