package postgres

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/servicecharter/charter/journal"
)

// Scan implements [journal.Journal], in pages that hold no connection while the loop's body runs. Its end is the last record that is committed
// when it begins. It waits for older transactions that are still running, see [Options].Settle, and [ErrRestored]
// says that the journal was moved by dump and restore.
func (j *Journal) Scan(ctx context.Context, after journal.Position) iter.Seq2[journal.Record, error] {
	return func(yield func(journal.Record, error) bool) {
		if err := j.scan(ctx, after, yield); err != nil {
			yield(journal.Record{}, fmt.Errorf("journal: scan: %w", err))
		}
	}
}

// scan yields records until the loop is left or an error is met.
func (j *Journal) scan(ctx context.Context, after journal.Position, yield func(journal.Record, error) bool) error {
	from, err := parse(after)
	if err != nil {
		return err
	}
	now, err := j.settled(ctx, from)
	if err != nil {
		return err
	}
	from.epoch = now.epoch
	for {
		page, err := j.page(ctx, from, now.last)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			return nil
		}
		for _, r := range page {
			from = r.place
			r.record.Pos = from.position()
			if !yield(r.record, nil) {
				return nil
			}
		}
	}
}

// presence is what a scan finds when it begins.
type presence struct {
	epoch string
	last  uint64 // highest turn of a committed record
	xmin  uint64 // below it everything is complete
}

// present tells how far a scan can go, and refuses a place that is not of this journal.
func (j *Journal) present(ctx context.Context, from place) (presence, error) {
	var now presence
	var home, known bool
	var mark *int64
	if from != (place{}) {
		mark = &from.mark
	}
	if err := ctx.Err(); err != nil {
		return now, err
	}
	err := j.db.QueryRow(ctx, j.sql.present, from.turn, from.place, mark).Scan(&now.epoch, &home, &known, &now.last, &now.xmin)
	switch moved := from != (place{}) && (from.epoch != now.epoch || !known); {
	case err != nil:
		return now, fmt.Errorf("postgres: %w", err)
	case !home && from != (place{}):
		return now, fmt.Errorf("%w: %w", journal.ErrPosition, ErrRestored)
	case !home:
		return now, ErrRestored
	case moved:
		return now, journal.ErrPosition
	}
	return now, nil
}

// settled is present, once the transactions are over that were in the way of what had been committed at first, or have been waited for long enough.
func (j *Journal) settled(ctx context.Context, from place) (presence, error) {
	now, err := j.present(ctx, from)
	if err != nil {
		return now, err
	}
	goal := now.last
	for pause, slept := 2*time.Millisecond, time.Duration(0); now.xmin <= goal && slept < j.settle; pause = min(2*pause, 50*time.Millisecond) {
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return now, ctx.Err()
		case <-timer.C:
		}
		slept += pause
		if now, err = j.present(ctx, from); err != nil {
			return now, err
		}
	}
	now.last = goal
	return now, nil
}

// placed is a record and where it stands.
type placed struct {
	record journal.Record
	place  place
}

// page reads the records that follow a place, up to a turn.
func (j *Journal) page(ctx context.Context, from place, to uint64) ([]placed, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	rows, err := j.db.Query(ctx, j.sql.scan, from.turn, from.place, to, from.epoch)
	if err != nil {
		return nil, fmt.Errorf("postgres: %w", err)
	}
	page, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (placed, error) {
		r := placed{place: place{epoch: from.epoch}}
		var seq int64
		err := row.Scan(&r.record.Case, &seq, &r.place.turn, &r.place.place, &r.place.mark, &r.record.Data)
		r.record.Seq = uint64(seq)
		return r, err
	})
	if err != nil {
		return nil, fmt.Errorf("postgres: %w", err)
	}
	return page, nil
}
