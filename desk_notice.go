package charter

import (
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

// NoticeRecord is what the history of a case says about one notice.
type NoticeRecord struct {
	sla.Notice
	// Recorded is when a desk found that the notice had fallen due.
	Recorded time.Time
	// Delivered tells that the host has taken the notice over, or that there was
	// no more need: the work was done before it could.
	Delivered bool
	// Withdrawn tells that the notice has lost its ground by a fact that was
	// recorded later.
	Withdrawn bool
}

// NoticeRecords reads from a history what desks have recorded about its
// notices, each once, in the order in which they were recorded. It is for pages
// and reports; [Judgement.Notices] computes what should have been told.
func NoticeRecords(h history.History) []NoticeRecord {
	var all []NoticeRecord
	for _, t := range memory(h) {
		all = append(all, NoticeRecord{t.notice, t.recorded, t.delivered, t.withdrawn})
	}
	return all
}

// told is what a history remembers of one notice.
type told struct {
	notice    sla.Notice
	delivered bool
	withdrawn bool
	failures  int
	failed    time.Time // the last one
	recorded  time.Time
	retracted bool // its withdrawal has been delivered
	moot      bool // settled without anybody being told
	outdated  bool // facts have moved the revised deadline since
}

// settled tells whether nothing is left to do about the notice.
func (t *told) settled() bool {
	if t.outdated {
		return true
	}
	if t.withdrawn {
		return !t.delivered || t.retracted
	}
	return t.delivered
}

// memory reads what the desk has told, oldest first.
func memory(h history.History) []*told {
	var all []*told
	byID := map[string]*told{}
	for i := range h.Entries {
		e := &h.Entries[i]
		id, _ := e.Fields.Get("id")
		t := byID[id]
		switch e.Kind {
		case history.NoticeRecorded:
			if t == nil {
				t = &told{notice: noticeOf(h.Case, e), recorded: e.At}
				byID[id] = t
				all = append(all, t)
			} else if t.outdated {
				*t = told{notice: noticeOf(h.Case, e), recorded: e.At}
			} else if t.withdrawn {
				// The ground came back; a delivered withdrawal has to be followed
				// by the notice again.
				t.withdrawn, t.retracted = false, false
				t.delivered, t.moot = t.delivered && !e.Fields.Has("again", "true"), false
			}
		case history.NoticeDelivered:
			if t != nil {
				if t.withdrawn {
					t.retracted = true
				} else {
					t.delivered, t.moot = true, e.Fields.Has("moot", "true")
				}
				t.failures = 0
			}
		case history.NoticeFailed:
			if t != nil {
				t.failures++
				t.failed = e.At
			}
		case history.NoticeWithdrawn:
			if t != nil {
				// Nobody has to be told that something is withdrawn which nobody knows.
				t.withdrawn, t.delivered, t.failures = true, t.delivered && !t.moot, 0
			}
		case history.DeadlineNoted:
			noted := notedOf(e)
			for _, t := range all {
				if t.notice.Kind == sla.RevisedNotice && t.notice.Target == noted.Target && t.notice.Cycle == noted.Cycle {
					t.outdated = true
				}
			}
		}
	}
	return all
}

// noticeOf reads a notice back from its entry.
func noticeOf(id string, e *history.Entry) sla.Notice {
	get := func(key string) string {
		v, _ := e.Fields.Get(key)
		return v
	}
	n := sla.Notice{Case: id, Target: get("clause"), Metric: get("metric"), Name: get("name"), Role: get(history.KeyRole), Open: true}
	// What cannot be read back leaves its zero value: the id alone decides
	// what has been told.
	n.ID, _ = uuid.Parse(get("id"))
	_ = n.Kind.UnmarshalText([]byte(get("notice")))
	cycle, _ := strconv.ParseUint(get("cycle"), 10, 32)
	n.Cycle = uint32(cycle)
	n.At, _ = history.ParseInstant(get("instant"))
	n.Due, _ = history.ParseInstant(get(history.KeyDue))
	n.Was, _ = history.ParseInstant(get("was"))
	n.Provisional = get("provisional") == "true"
	return n
}

// entryOf is the entry that records a notice.
func entryOf(n sla.Notice, now time.Time) history.Entry {
	kv := []string{
		"id", n.ID.String(), "notice", n.Kind.String(), "clause", n.Target, "metric", n.Metric,
		"cycle", strconv.FormatUint(uint64(n.Cycle), 10), "instant", history.FormatInstant(n.At),
	}
	for _, f := range [][2]string{{"name", n.Name}, {history.KeyRole, n.Role}} {
		if f[1] != "" {
			kv = append(kv, f[0], f[1])
		}
	}
	if !n.Due.IsZero() {
		kv = append(kv, history.KeyDue, history.FormatInstant(n.Due))
	}
	if !n.Was.IsZero() {
		kv = append(kv, "was", history.FormatInstant(n.Was))
	}
	if n.Provisional {
		kv = append(kv, "provisional", "true")
	}
	return history.Entry{At: now, Kind: history.NoticeRecorded, Fields: history.Of(kv...)}
}

func mark(kind history.Kind, id uuid.UUID, now time.Time, more ...string) history.Entry {
	return history.Entry{At: now, Kind: kind, Fields: history.Of(append([]string{"id", id.String()}, more...)...)}
}

// owed lists the notices that a judgement gives and that are to be told: not
// those before the cut-over, nor rungs for which somebody answers by then; and
// the deadlines that were revised.
func (d *Desk) owed(j Judgement, h history.History) []sla.Notice {
	all := j.Notices(sla.Window{Cutover: d.config.Cutover})
	owed := all[:0]
	for _, n := range all {
		if n.Kind == sla.EscalationNotice {
			if since, ok := acknowledged(h, n); ok && since.Before(n.At) {
				continue
			}
		}
		owed = append(owed, n)
	}
	return append(owed, d.revised(j, h)...)
}

// acknowledged tells whether somebody answers for the clause, and since when.
func acknowledged(h history.History, n sla.Notice) (since time.Time, ok bool) {
	for i := range h.Entries {
		e := &h.Entries[i]
		if e.Kind == history.NoticeAcknowledged && e.Fields.Has("clause", n.Target) &&
			e.Fields.Has("cycle", strconv.FormatUint(uint64(n.Cycle), 10)) && (!ok || e.At.Before(since)) {
			since, ok = e.At, true
		}
	}
	return since, ok
}

// attention is when a case has to be looked at next: at once when something is
// to be recorded or delivered, when a failed delivery is to be repeated, or
// when the handbook says so.
//
// before is the case's instant until now, zero for a new case. What should be
// delivered by now although the case was not due has been claimed by a tick
// that is about it, and waits until that claim runs out.
func (d *Desk) attention(j Judgement, h history.History, before, now time.Time) time.Time {
	next := j.Next
	sooner := func(t time.Time) {
		if next.IsZero() || t.Before(next) {
			next = t
		}
	}
	remembered := map[uuid.UUID]*told{}
	for _, t := range memory(h) {
		remembered[t.notice.ID] = t
		if d.config.Deliver == nil || t.settled() {
			continue
		}
		owed := now
		if t.failures > 0 {
			owed = t.failed.Add(d.config.Retry(t.failures))
		}
		if !owed.After(now) && before.After(now) {
			owed = before
		}
		sooner(owed)
	}
	for _, n := range d.owed(j, h) {
		if t := remembered[n.ID]; t == nil || t.withdrawn || t.outdated {
			sooner(later(n.At, now))
		}
		delete(remembered, n.ID)
	}
	for _, t := range remembered {
		if d.lost(t, j) {
			sooner(now)
		}
	}
	return next
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
