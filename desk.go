package charter

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/sla"
)

// Desk keeps cases in a journal and tells people what has become due: the
// third level of adoption. What it knows stands in the journal alone, so any
// number of desks in any number of processes may share one, and one that dies
// loses nothing.
//
// A deadline that lies beyond the published holidays may still move. The desk
// remembers it by one more entry, history.DeadlineNoted, which it writes with
// those that gave or moved the deadline, and tells the host once when other
// days move it: sla.RevisedNotice says what it was and what it is. When it moves
// again, that notice is withdrawn and the next one told; an entry of the case
// that moves it is no news to the host, and nothing is told.
//
// Somebody who takes a matter on says so by an entry
// history.NoticeAcknowledged, given to [Desk.Record]: from then on nobody else
// is warned or called.
//
// A Desk is safe for concurrent use. It starts no goroutine; [Desk.Run] works
// in the caller's.
type Desk struct {
	config Config
	bound  bool
	book   *atomic.Pointer[Handbook] // in place of config.Handbook, which is nil
	wake   chan struct{}
}

// Config says what a desk works with. Handbook, Journal and Now are required.
type Config struct {
	// Handbook is what the desk starts with. [Desk.Use] gives it another.
	Handbook *Handbook
	Journal  journal.Journal
	// Now is the clock, usually time.Now. Desks that share a journal should
	// agree within a second or so: one whose clock runs ahead by d records
	// notices up to d early, and refuses no entry of the others up to MaxSkew.
	// What the others add within d of its entries is recorded as of its clock,
	// so that no record runs backwards; but their entries happen before its own,
	// and a step that wants its step to have happened is refused until then.
	Now func() time.Time
	// Lifecycles are rules of Ticket, Complaint and Incident in place of the
	// handbook's.
	Lifecycles Lifecycles
	// Deliver takes a notice over: it writes it to an outbox, pages somebody,
	// opens a chat. Nil is success. An error is tried again, at least
	// Retry(attempt) later, for ever, across restarts and processes; so is a
	// delivery whose success could not be recorded. The same notice may
	// therefore come twice, with the same id. It is called within Tick, and
	// should hand over quickly: other cases wait, and when those of one case
	// take longer than Retry(1), another process may deliver them once more. Nil
	// Deliver records notices and delivers none.
	Deliver func(context.Context, Delivery) error
	// Resolve names the person who fills a role for a case at this moment; ok
	// is false when there is nobody, and then the next higher role of the
	// handbook is asked. Nil leaves Delivery.Person empty.
	Resolve func(ctx context.Context, role string, h history.History) (person string, ok bool, err error)
	// Cutover keeps notices away whose instant lies before it, for cases that
	// were open before the desk was. Zero keeps none away.
	Cutover time.Time
	// MaxSleep bounds how long Run sleeps, because another process may have
	// recorded something that is due earlier. Zero is one minute.
	MaxSleep time.Duration
	// MaxSkew is how far ahead of Now an entry may lie. Zero is five minutes.
	MaxSkew time.Duration
	// Retry is how long to wait before the given attempt, from 1 for the first
	// repetition. Nil doubles from ten seconds up to an hour. Retry(1) is also
	// how long a delivery under way keeps other processes from the same.
	Retry func(attempt int) time.Duration
	// Logger, where given, is told of failed deliveries, of cases that cannot be
	// judged, and of what keeps Run from planning anew.
	Logger *slog.Logger
	// Observe, where given, is called for everything worth counting, in the
	// goroutine that does the work.
	Observe func(Event)
}

// Event is something worth counting.
type Event struct {
	Kind EventKind
	Case string
	// Lateness is the time from a notice's instant to its recording or, of one
	// that was delivered, to its delivery.
	Lateness time.Duration
	Err      error
}

// EventKind says what happened.
type EventKind uint8

const (
	Appended  EventKind = iota // entries of a command were recorded
	Conflict                   // somebody else wrote first; the work is done again
	Noticed                    // a notice was recorded
	Delivered                  // a notice was delivered
	Failed                     // a delivery failed, or a case could not be judged
	Withdrawn                  // a notice lost its ground
)

var eventNames = [...]string{"appended", "conflict", "noticed", "delivered", "failed", "withdrawn"}

// String returns the kind in lower case, fit for the label of a metric.
func (k EventKind) String() string {
	if int(k) < len(eventNames) {
		return eventNames[k]
	}
	return fmt.Sprintf("event(%d)", k)
}

// Delivery is a notice on its way.
type Delivery struct {
	sla.Notice
	// Withdrawn tells that the notice, delivered before, has lost its ground
	// by a fact that was recorded later. It has the same id.
	Withdrawn bool
	// Attempt counts from 1.
	Attempt int
	// Asked is the role that the rule names, and Role the one that is told: a
	// higher one when nobody fills the first. Person fills it.
	Asked, Person string
	History       history.History
}

var (
	// ErrConfig is matched by the error of [NewDesk] for a Config that lacks
	// something.
	ErrConfig = errors.New("charter: incomplete desk")
	// ErrFuture is matched by the error for an entry that lies further ahead
	// of now than Config.MaxSkew.
	ErrFuture = errors.New("charter: entry from the future")
	// ErrRecord is matched by the error for a stored record that is no entry.
	ErrRecord = errors.New("charter: unreadable record")
)

// NewDesk makes a desk. It compiles the handbook, so that a rule that cannot
// run is found here.
func NewDesk(c Config) (*Desk, error) {
	switch {
	case c.Handbook == nil:
		return nil, fmt.Errorf("%w: no handbook", ErrConfig)
	case c.Journal == nil:
		return nil, fmt.Errorf("%w: no journal", ErrConfig)
	case c.Now == nil:
		return nil, fmt.Errorf("%w: no clock; time.Now will do", ErrConfig)
	case c.MaxSleep < 0 || c.MaxSkew < 0:
		return nil, fmt.Errorf("%w: MaxSleep and MaxSkew are not negative", ErrConfig)
	}
	if _, err := c.Handbook.Plan(); err != nil {
		return nil, err
	}
	if c.MaxSleep == 0 {
		c.MaxSleep = time.Minute
	}
	if c.MaxSkew == 0 {
		c.MaxSkew = 5 * time.Minute
	}
	if c.Retry == nil {
		c.Retry = doubling
	}
	d := &Desk{config: c, book: new(atomic.Pointer[Handbook]), wake: make(chan struct{}, 1)}
	d.book.Store(c.Handbook)
	d.config.Handbook = nil
	return d, nil
}

func (d *Desk) handbook() *Handbook { return d.book.Load() }

func doubling(attempt int) time.Duration {
	return min(10*time.Second<<min(attempt-1, 10), time.Hour)
}

// With returns the desk on another journal, such as one bound to a transaction
// that the host holds, so that its own row and the history commit together. It
// neither repeats work on a conflict, because only the host can repeat its
// transaction, nor delivers: a running desk on the real journal does, once the
// transaction has committed. Both have one handbook, also after [Desk.Use]. On
// a nil journal every call returns an error that matches [ErrConfig].
func (d *Desk) With(j journal.Journal) *Desk {
	c := d.config
	if c.Journal = j; j == nil {
		c.Journal = noJournal{}
	}
	return &Desk{config: c, bound: true, book: d.book, wake: d.wake}
}

// Status is a case as it stands.
type Status struct {
	Head    journal.Head
	History history.History
	Judgement
}

// Status reads a case and judges it as of now. An unknown case gives
// journal.ErrUnknownCase.
func (d *Desk) Status(ctx context.Context, id string) (Status, error) {
	head, h, err := d.read(ctx, id)
	if err != nil {
		return Status{}, err
	}
	return d.status(head, h)
}

func (d *Desk) status(head journal.Head, h history.History) (Status, error) {
	j, err := d.handbook().Judge(h, d.config.Now())
	if err != nil {
		return Status{}, err
	}
	return Status{head, h, j}, nil
}

// Upcoming yields the cases that have to be looked at up to an instant, in
// the order in which they have to.
func (d *Desk) Upcoming(ctx context.Context, until time.Time) iter.Seq2[journal.Item, error] {
	return d.config.Journal.Due(ctx, until)
}

// read loads a case.
func (d *Desk) read(ctx context.Context, id string) (journal.Head, history.History, error) {
	head, records, err := d.config.Journal.Read(ctx, id, 0)
	if err != nil {
		return head, history.History{}, fmt.Errorf("charter: case %q: %w", clip(id), err)
	}
	if len(records) == 1 && records[0].Seq > 1 { // the tombstone
		return head, history.History{}, fmt.Errorf("charter: case %q: %w", clip(id), journal.ErrErased)
	}
	h := history.History{Case: id, Entries: make([]history.Entry, len(records))}
	for i, r := range records {
		if h.Entries[i], err = history.Decode(r.Data); err != nil {
			return head, history.History{}, fmt.Errorf("charter: case %q record %d: %w: %w", clip(id), r.Seq, ErrRecord, err)
		}
	}
	return head, h, nil
}

func (d *Desk) observe(e Event) {
	if d.config.Observe != nil {
		d.config.Observe(e)
	}
}

func (d *Desk) complain(ctx context.Context, what, id string, err error) {
	if d.config.Logger != nil {
		d.config.Logger.LogAttrs(ctx, slog.LevelError, what, slog.String("case", id), slog.Any("err", err))
	}
}
