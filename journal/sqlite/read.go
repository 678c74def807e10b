package sqlite

import (
	"context"
	"database/sql"
	"iter"
	"math"
	"time"

	"github.com/servicecharter/charter/journal"
)

// The reading half. Each statement sees one state of the database.
const (
	sqlRead = `SELECT c.version, c.rev, c.next, c.sum, r.seq, r.data
FROM charter_case AS c LEFT JOIN charter_record AS r ON r.case_id = c.id AND r.seq > ?2
WHERE c.name = ?1 ORDER BY r.seq`

	sqlPlace = `SELECT epoch, (SELECT coalesce(max(pos), 0) FROM charter_record) FROM charter_meta WHERE id = 1`

	sqlScan = `SELECT r.pos, c.name, r.seq, r.data FROM charter_record AS r CROSS JOIN charter_case AS c ON c.id = r.case_id
WHERE r.pos > ?1 AND r.pos <= ?2 ORDER BY r.pos LIMIT ?3`

	sqlDue = `SELECT name, next FROM charter_case
WHERE next IS NOT NULL AND next <= ?1 AND (next, name) > (?2, ?3) ORDER BY next, name LIMIT ?4`
)

var reading = []string{sqlRead, sqlPlace, sqlScan, sqlDue}

// What a loop reads at a time. Between pages it holds neither a connection nor a snapshot, which would keep the log from being emptied.
const (
	pageRows  = 256
	pageBytes = 1 << 20
)

// Read implements [journal.Journal].
func (j *Journal) Read(ctx context.Context, caseID string, after uint64) (journal.Head, []journal.Record, error) {
	if j.closed.Load() {
		return journal.Head{}, nil, caseError(caseID, ErrClosed)
	}
	return read(ctx, j.reader(), caseID, after)
}

// Scan implements [journal.Journal]. SQLite lets one transaction write at a time, and places are given out in it, so that their order is that of the
// commits: nothing can turn up below a place that a reader has seen.
func (j *Journal) Scan(ctx context.Context, after journal.Position) iter.Seq2[journal.Record, error] {
	return func(yield func(journal.Record, error) bool) {
		if j.closed.Load() {
			yield(journal.Record{}, scanError(ErrClosed))
			return
		}
		scan(ctx, j.reader(), after)(yield)
	}
}

// Due implements [journal.Journal].
func (j *Journal) Due(ctx context.Context, until time.Time) iter.Seq2[journal.Item, error] {
	return func(yield func(journal.Item, error) bool) {
		if j.closed.Load() {
			yield(journal.Item{}, dueError(ErrClosed))
			return
		}
		due(ctx, j.reader(), until)(yield)
	}
}

func read(ctx context.Context, s session, caseID string, after uint64) (journal.Head, []journal.Record, error) {
	if err := journal.CheckID(caseID); err != nil {
		return journal.Head{}, nil, err
	}
	now, records, err := history(ctx, s, caseID, after)
	if err != nil {
		return journal.Head{}, nil, caseError(caseID, interrupted(ctx, err))
	}
	return now, records, nil
}

func history(ctx context.Context, s session, caseID string, after uint64) (journal.Head, []journal.Record, error) {
	rows, err := s.QueryContext(ctx, sqlRead, caseID, int64(min(after, math.MaxInt64)))
	if err != nil {
		return journal.Head{}, nil, err
	}
	defer rows.Close()
	var (
		now     head
		known   bool
		records []journal.Record
	)
	for rows.Next() {
		var seq sql.NullInt64
		var data []byte
		if err := rows.Scan(append(now.columns(), &seq, &data)...); err != nil {
			return journal.Head{}, nil, err
		}
		known = true
		if seq.Valid {
			records = append(records, journal.Record{Case: caseID, Seq: uint64(seq.Int64), Data: data})
		}
	}
	if err := rows.Err(); err != nil {
		return journal.Head{}, nil, err
	}
	if !known {
		return journal.Head{}, nil, journal.ErrUnknownCase
	}
	return now.head(), records, nil
}

func scan(ctx context.Context, s session, after journal.Position) iter.Seq2[journal.Record, error] {
	return func(yield func(journal.Record, error) bool) {
		epoch, place, last, err := bounds(ctx, s, after)
		for err == nil && place < last {
			var page []journal.Record
			if page, place, err = scanPage(ctx, s, epoch, place, last); err != nil {
				break
			}
			for _, r := range page {
				if !yield(r, nil) {
					return
				}
			}
		}
		if err != nil {
			yield(journal.Record{}, scanError(interrupted(ctx, err)))
		}
	}
}

// bounds tells from which place to which a scan goes.
func bounds(ctx context.Context, s session, after journal.Position) (epoch string, place, last int64, err error) {
	if err := s.QueryRowContext(ctx, sqlPlace).Scan(&epoch, &last); err != nil {
		return "", 0, 0, err
	}
	place, err = parsePosition(after, epoch, last)
	return epoch, place, last, err
}

// scanPage reads the records of places above after and up to last, as many as make a page, and tells how far it has come.
func scanPage(ctx context.Context, s session, epoch string, after, last int64) ([]journal.Record, int64, error) {
	rows, err := s.QueryContext(ctx, sqlScan, after, last, pageRows)
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	var page []journal.Record
	place := after
	for size := 0; size < pageBytes && rows.Next(); {
		var r journal.Record
		var seq int64
		if err := rows.Scan(&place, &r.Case, &seq, &r.Data); err != nil {
			return nil, 0, err
		}
		r.Seq, r.Pos = uint64(seq), formatPosition(epoch, place)
		page = append(page, r)
		size += len(r.Data)
	}
	if len(page) == 0 {
		place = last // the rest was erased
	}
	return page, place, rows.Err()
}

func due(ctx context.Context, s session, until time.Time) iter.Seq2[journal.Item, error] {
	return func(yield func(journal.Item, error) bool) {
		end := horizon(until)
		next, name := int64(math.MinInt64), ""
		for {
			page, err := duePage(ctx, s, end, next, name)
			if err != nil {
				yield(journal.Item{}, dueError(interrupted(ctx, err)))
				return
			}
			for _, item := range page {
				if !yield(item, nil) {
					return
				}
			}
			if len(page) < pageRows {
				return
			}
			final := page[len(page)-1]
			next, name = final.Next.UnixNano(), final.Case
		}
	}
}

func duePage(ctx context.Context, s session, end, next int64, name string) ([]journal.Item, error) {
	rows, err := s.QueryContext(ctx, sqlDue, end, next, name, pageRows)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var page []journal.Item
	for rows.Next() {
		var item journal.Item
		var at sql.NullInt64
		if err := rows.Scan(&item.Case, &at); err != nil {
			return nil, err
		}
		item.Next = moment(at)
		page = append(page, item)
	}
	return page, rows.Err()
}
