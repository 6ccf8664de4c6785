package main

import (
	"context"
	"database/sql"
	"errors"
	"net/url"

	"origingate.dev/client"

	_ "modernc.org/sqlite" // the driver, in Go alone
)

const schema = `
CREATE TABLE IF NOT EXISTS orders (
	number TEXT PRIMARY KEY,
	placed TEXT NOT NULL,                       -- as it came: tells the same order from another one
	content TEXT NOT NULL,                      -- as it is asked about: with what was answered since
	request_id TEXT NOT NULL,
	earlier_request_ids TEXT NOT NULL DEFAULT '[]',
	state TEXT NOT NULL,
	answer TEXT NOT NULL,
	case_version INTEGER NOT NULL DEFAULT 0,    -- the last one that is known of, by an answer or an event
	e_cert_id TEXT,
	receipt BLOB,
	ask_again INTEGER NOT NULL DEFAULT 1,       -- the answer is not known
	changed_at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS orders_to_ask ON orders (ask_again) WHERE ask_again;
CREATE INDEX IF NOT EXISTS orders_by_state ON orders (state);
CREATE TABLE IF NOT EXISTS watch (id INTEGER PRIMARY KEY CHECK (id = 1), token TEXT NOT NULL) STRICT;
`

var (
	// ErrUnknown says that no order has this number.
	ErrUnknown = errors.New("there is no order with this number")
	// ErrOther says that the number belongs to an order of another content.
	ErrOther = errors.New("this number is another order's; take a new number, or send the same order")
	// ErrMoved says that the order was changed by somebody else meanwhile.
	ErrMoved = errors.New("the order was changed meanwhile; look at it again")
)

// Store keeps orders. Each change of an order is one transaction.
type Store struct{ db *sql.DB }

// OpenStore opens the database, and makes it where there is none.
func OpenStore(path string) (*Store, error) {
	settings := url.Values{
		"_pragma": {"journal_mode(WAL)", "synchronous(FULL)", "busy_timeout(5000)"},
		"_txlock": {"immediate"},
	}
	db, err := sql.Open("sqlite", "file:"+path+"?"+settings.Encode())
	if err != nil {
		return nil, err
	}
	// SQLite has one writer anyway; who waits here does not fail as busy.
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(schema); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &Store{db}, nil
}

// Close closes the database.
func (s *Store) Close() error { return s.db.Close() }

// Place keeps a new order before anybody is asked about it, and tells whether it is new. The same order again is the one that
// is there. An order of which Origin Gate refused the form gives way to a mended one.
func (s *Store) Place(ctx context.Context, order Order, requestID string) (record Record, isNew bool, err error) {
	text := order.Text()
	err = s.write(ctx, func(tx *sql.Tx) error {
		there, err := find(ctx, tx, order.Number)
		switch {
		case err == nil && there.placed == text:
			record = there
			return nil
		case err == nil && len(there.Answer.Faults) > 0:
			if _, err := tx.ExecContext(ctx, `UPDATE orders SET placed = ? WHERE number = ?`, text, order.Number); err != nil {
				return err
			}
			err = renew(ctx, tx, there, text, requestID)
		case err == nil:
			return ErrOther
		case errors.Is(err, ErrUnknown):
			_, err = tx.ExecContext(ctx, `INSERT INTO orders (number, placed, content, request_id, state, answer, changed_at)
				VALUES (?, ?, ?, ?, ?, ?, ?)`,
				order.Number, text, text, requestID, Pending, encode(notAsked), now())
		}
		if err != nil {
			return err
		}
		isNew = true
		record, err = find(ctx, tx, order.Number)
		return err
	})
	return record, isNew, err
}

// notAsked is the answer of an order that was just kept.
var notAsked = Answer{State: Pending, Because: "Origin Gate is being asked."}

// Extend gives an order another content, with the request_id under which that is asked.
func (s *Store) Extend(ctx context.Context, record Record, order Order, requestID string) (extended Record, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		if err := renew(ctx, tx, record, order.Text(), requestID); err != nil {
			return err
		}
		extended, err = find(ctx, tx, record.Number)
		return err
	})
	return extended, err
}

// Keep keeps what was answered to a request, and with it where the watch stands if a token is given, and returns the order as
// it is then. What came later stays: the answer to an earlier request, one about an earlier version of the case, and a failure
// where the answer is known change nothing.
func (s *Store) Keep(ctx context.Context, record Record, answer Answer, token string) (kept Record, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		changed, err := tx.ExecContext(ctx, `UPDATE orders
			SET state = ?, answer = ?, case_version = max(case_version, ?), e_cert_id = nullif(?, ''),
				receipt = coalesce(?, receipt), ask_again = ?, changed_at = ?
			WHERE number = ? AND request_id = ? AND
				CASE WHEN ? > 0 THEN case_version <= ? ELSE ask_again AND state IN ('PENDING', 'FAILED') END`,
			answer.State, encode(answer), answer.version, answer.ECertID,
			answer.receipt, answer.next != nothing, now(),
			record.Number, record.RequestID, answer.version, answer.version)
		if err != nil {
			return err
		}
		if rows, err := changed.RowsAffected(); err != nil {
			return err
		} else if rows == 1 && answer.next == askAnew {
			if _, err := tx.ExecContext(ctx, newRequest, client.NewRequestID(), record.Number, record.RequestID); err != nil {
				return err
			}
		}
		if token != "" {
			if err := saveToken(ctx, tx, token); err != nil {
				return err
			}
		}
		kept, err = find(ctx, tx, record.Number)
		return err
	})
	return kept, err
}

// AskLater keeps that an order has to be asked about because its case has come to a version, and with it where the watch stands.
// An answer about an earlier version does not count any more.
func (s *Store) AskLater(ctx context.Context, record Record, version int32, token string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx,
			`UPDATE orders SET ask_again = 1, case_version = max(case_version, ?) WHERE number = ?`, version, record.Number)
		if err != nil {
			return err
		}
		return saveToken(ctx, tx, token)
	})
}

// Find returns an order, or ErrUnknown.
func (s *Store) Find(ctx context.Context, number string) (Record, error) {
	return find(ctx, s.db, number)
}

// ToAsk lists the orders whose answer is not known; with all, those too whose answer is still to come.
func (s *Store) ToAsk(ctx context.Context, all bool) ([]Record, error) {
	rows, err := s.db.QueryContext(ctx, selected+` WHERE ask_again OR (? AND state = ?) ORDER BY rowid`, all, Pending)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []Record
	for rows.Next() {
		record, err := read(rows)
		if err != nil {
			return nil, err
		}
		found = append(found, record)
	}
	return found, rows.Err()
}

// Token is where the watch goes on; empty: it has not begun.
func (s *Store) Token(ctx context.Context) (token string, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT token FROM watch`).Scan(&token)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return token, err
}

// KeepToken keeps where the watch stands after events that changed no order. An empty one forgets it.
func (s *Store) KeepToken(ctx context.Context, token string) error {
	return s.write(ctx, func(tx *sql.Tx) error { return saveToken(ctx, tx, token) })
}

func saveToken(ctx context.Context, tx *sql.Tx, token string) error {
	_, err := tx.ExecContext(ctx,
		`INSERT INTO watch (id, token) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET token = excluded.token`, token)
	return err
}

func (s *Store) write(ctx context.Context, change func(*sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := change(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}
