package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/journal/sqlite"
)

// server is the help desk: a desk over a journal, a list made from the journal,
// and a notice board in a table of its own beside the journal's.
type server struct {
	desk     *charter.Desk
	handbook *charter.Handbook
	journal  *sqlite.Journal
	list     *list
	board    board
	now      func() time.Time
	speed    float64
}

type setting struct {
	speed float64
	// clock makes the clock, given the last instant on record.
	clock  func(last time.Time) func() time.Time
	logger *slog.Logger
}

func open(ctx context.Context, path string, c setting) (s *server, err error) {
	s = &server{speed: c.speed}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if s.handbook, err = rules(); err != nil {
		return s, err
	}
	if s.journal, err = sqlite.Open(ctx, path); err != nil {
		return s, err
	}
	if s.board.db, err = sql.Open("sqlite", sqlite.DSN(path)); err != nil {
		return s, err
	}
	if _, err = s.board.db.ExecContext(ctx, noticeTable); err != nil {
		return s, err
	}
	s.list = &list{journal: s.journal, histories: map[string]history.History{}}
	if _, err = s.list.tickets(ctx); err != nil {
		return s, err
	}
	s.now = c.clock(s.list.last)
	config := charter.Config{
		Handbook: s.handbook, Journal: s.journal, Now: s.now, Deliver: s.board.deliver, Logger: c.logger,
	}
	if c.speed != 1 {
		// Run sleeps by the wall clock, which lags behind this one.
		config.MaxSleep = 200 * time.Millisecond
	}
	s.desk, err = charter.NewDesk(config)
	return s, err
}

func (s *server) close() {
	if s.board.db != nil {
		s.board.db.Close()
	}
	if s.journal != nil {
		s.journal.Close()
	}
}

// list follows the journal and keeps what a list of tickets needs: here all of
// it. It is lost with the process and made anew from the beginning.
type list struct {
	journal   journal.Journal
	mu        sync.Mutex
	at        journal.Position
	last      time.Time
	histories map[string]history.History
}

// tickets reads what was recorded since the last call, by whichever process,
// and returns every ticket.
func (l *list) tickets(ctx context.Context) ([]history.History, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for record, err := range l.journal.Scan(ctx, l.at) {
		if err != nil {
			return nil, err
		}
		e, err := history.Decode(record.Data)
		if err != nil {
			return nil, fmt.Errorf("ticket %q: %w", record.Case, err)
		}
		h := l.histories[record.Case]
		h.Case, h.Entries = record.Case, append(h.Entries, e)
		l.histories[record.Case], l.at = h, record.Pos
		if e.RecordedAt().After(l.last) {
			l.last = e.RecordedAt()
		}
	}
	all := make([]history.History, 0, len(l.histories))
	for _, h := range l.histories {
		all = append(all, h)
	}
	return all, nil
}

// board is where notices are delivered to. A host with pagers or chats would
// send them on from here.
type board struct{ db *sql.DB }

const noticeTable = `create table if not exists notice (
	id text primary key, ticket text not null, kind text not null, clause text not null, role text not null,
	at integer not null, withdrawn integer not null) strict`

// deliver puts a notice on the board. The desk may bring one twice, with the
// same id, which the table holds once.
func (b board) deliver(ctx context.Context, d charter.Delivery) error {
	_, err := b.db.ExecContext(ctx, `insert into notice values (?, ?, ?, ?, ?, ?, ?)
		on conflict (id) do update set withdrawn = excluded.withdrawn`,
		d.ID.String(), d.Case, d.Kind.String(), d.Target, d.Role, d.At.UnixNano(), d.Withdrawn)
	return err
}

// notice is one line of the board.
type notice struct {
	Ticket, Kind, Clause, Role string
	At                         time.Time
	Withdrawn                  bool
}

// latest gives the newest notices, of one ticket or, without an id, of all.
func (b board) latest(ctx context.Context, id string) (all []notice, err error) {
	rows, err := b.db.QueryContext(ctx, `select ticket, kind, clause, role, at, withdrawn from notice
		where ? in ('', ticket) order by at desc, rowid desc limit 12`, id)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var n notice
		var nanos int64
		if err := rows.Scan(&n.Ticket, &n.Kind, &n.Clause, &n.Role, &nanos, &n.Withdrawn); err != nil {
			return nil, err
		}
		n.At = time.Unix(0, nanos)
		all = append(all, n)
	}
	return all, rows.Err()
}
