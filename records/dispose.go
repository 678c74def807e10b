package records

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"
)

// Disposer carries out what [Schedule.Decide] says. Its fields are set once; then any number of goroutines, and of processes, may use it at once.
//
// A disposal is three steps: the intention goes to the ledger, the store erases the record and leaves the certificate in its place, the certificate goes to
// the ledger, after Erased has seen to what goes with the record. Whatever step a crash cuts short, doing it again, by [Disposer.Dispose] or [Disposer.Resume], finishes it once: the store tells whether the
// record is gone. Between the first step and the second the holds are read again and the decision is made again. So who places a hold and then finds none of its
// records in [Disposer.Underway] knows that no disposal will pass it by.
//
// The order of the two readings is what makes this hold, so an intention is withdrawn by the call that wrote it or by Resume, which belongs at the start of a
// program, when no disposal of its records is under way elsewhere.
type Disposer struct {
	Schedule *Schedule
	Store    Store
	Ledger   Ledger
	// Holds gives all holds, released ones included. nil: there are none.
	Holds func(context.Context) ([]Hold, error)
	// Now tells the time.
	Now func() time.Time
	// Method stands in the certificates: how the store erases.
	Method string
	// Erased is called when a record has left the store and before the ledger says so, by [Disposer.Reapply] too: for what is to go with the record, such as the keys
	// of a person, index entries, copies. After an error, or a crash, Dispose of the record calls it again, and so does Resume unless it was Reapply that failed. So it
	// may be called more than once for a record and has to bear that. nil: nothing goes with a record.
	Erased func(context.Context, Certificate) error
}

// Plan tells what would be done with each record, and does nothing. Records that are gone already are left out. It is the dry run, and the work list.
//
// A record of which it cannot be told, such as one that the store does not know or cannot read, comes with its error, and the others follow. It stops when the context
// is done, and with ErrDisposer at once.
func (d *Disposer) Plan(ctx context.Context, ids iter.Seq[string]) iter.Seq2[Decision, error] {
	return func(yield func(Decision, error) bool) {
		if err := d.ready(); err != nil {
			yield(Decision{}, err)
			return
		}
		for id := range ids {
			stored, decision, err := d.decide(ctx, id)
			if err == nil && stored.Erased {
				continue
			}
			if !yield(decision, err) || ctx.Err() != nil {
				return
			}
		}
	}
}

// Review records what a person says on the disposal of a record, and gives the decision as it is then. Only a record that is due can be reviewed: on one to keep
// the error matches [ErrKept], on one that is gone [ErrGone], and without a person [ErrNobody]. Agreeing twice gives [ErrSamePerson]; agreeing after an objection of one's own takes the objection back.
func (d *Disposer) Review(ctx context.Context, id, by string, agree bool) (Decision, error) {
	if by == "" {
		return Decision{}, fmt.Errorf("records: review of %q: %w", clip(id), ErrNobody)
	}
	stored, decision, err := d.decide(ctx, id)
	switch {
	case err != nil:
		return Decision{}, err
	case stored.Erased:
		return Decision{}, fmt.Errorf("records: review of %q: %w", clip(id), ErrGone)
	case decision.Action == Keep:
		return decision, &KeptError{decision}
	case agree && slices.ContainsFunc(decision.Reasons, func(r Reason) bool { return r.Code == ReasonAgreed && r.By == by }):
		return decision, fmt.Errorf("records: review of %q by %q: %w", clip(id), clip(by), ErrSamePerson)
	}
	n := Note{Kind: Reviewed, Record: id, At: decision.At.UTC(), By: by, Agree: agree, Digest: stored.Digest}
	if err := d.Ledger.Append(ctx, n); err != nil {
		return Decision{}, fmt.Errorf("records: review of %q: %w", clip(id), err)
	}
	_, decision, err = d.decide(ctx, id)
	return decision, err
}

// Dispose disposes of a record that is to be disposed of, and gives the certificate. For a record that was disposed of before it gives the certificate
// of then. One that the rules keep, or that waits for a review, gives a *[KeptError].
func (d *Disposer) Dispose(ctx context.Context, id string) (Certificate, error) {
	return d.dispose(ctx, id, false)
}

// dispose is Dispose; intended tells that an intention stands in the ledger, which is this call's to withdraw.
func (d *Disposer) dispose(ctx context.Context, id string, intended bool) (Certificate, error) {
	fail := func(err error) (Certificate, error) {
		return Certificate{}, fmt.Errorf("records: disposal of %q: %w", clip(id), err)
	}
	for {
		stored, decision, err := d.decide(ctx, id)
		switch {
		case err != nil:
			return Certificate{}, err
		case stored.Erased:
			return d.conclude(ctx, id, stored)
		case decision.Action != Dispose:
			return d.kept(ctx, decision, intended)
		}
		certificate := certify(decision, stored, d.Method)
		tombstone, err := certificate.Bytes()
		if err != nil {
			return fail(err)
		}
		if err := d.note(ctx, Intended, certificate, decision.At); err != nil {
			return fail(err)
		}
		intended = true
		// A hold that was placed before the intention could be seen is seen here.
		again, decision, err := d.decide(ctx, id)
		switch {
		case err != nil:
			return Certificate{}, err
		case again.Erased:
			return d.conclude(ctx, id, again)
		case decision.Action != Dispose:
			return d.kept(ctx, decision, intended)
		case again.Version != stored.Version:
			continue
		}
		switch err := d.Store.Erase(ctx, id, stored.Version, tombstone); {
		case errors.Is(err, ErrChanged):
			continue
		case err != nil:
			return fail(err)
		}
		if err := d.erased(ctx, Disposed, certificate, certificate.At); err != nil {
			return fail(err)
		}
		return certificate, nil
	}
}

// Resume finishes what a crash cut short: it disposes again of every record with an intention in the ledger that came to no end. It yields
// the records and what came of each; one that has meanwhile to be kept is yielded with its *[KeptError].
func (d *Disposer) Resume(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if err := d.ready(); err != nil {
			yield("", err)
			return
		}
		for id, err := range d.Underway(ctx) {
			if err == nil {
				_, err = d.dispose(ctx, id, true)
			}
			if !yield(id, err) {
				return
			}
		}
	}
}

// Underway yields the records whose disposal has begun and come to no end: those with an open intention in the ledger, the oldest first, each once. Some other
// process is about to erase them, or a crash cut it short and Resume will finish it. It reads the whole ledger first, and needs nothing but the ledger;
// an error comes alone and last.
func (d *Disposer) Underway(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if d.Ledger == nil {
			yield("", ErrDisposer)
			return
		}
		open, place := map[string]int{}, 0
		for n, err := range d.Ledger.Notes(ctx) {
			if err != nil {
				yield("", fmt.Errorf("records: ledger: %w", err))
				return
			}
			switch place++; n.Kind {
			case Reviewed:
			case Intended:
				open[n.Record] = place
			default:
				delete(open, n.Record)
			}
		}
		for _, id := range slices.SortedFunc(maps.Keys(open), func(a, b string) int { return open[a] - open[b] }) {
			if !yield(id, nil) {
				return
			}
		}
	}
}

// ready tells whether the disposer has what it needs.
func (d *Disposer) ready() error {
	if d.Store == nil || d.Ledger == nil || d.Now == nil {
		return ErrDisposer
	}
	return nil
}

// decide loads a record with what was said on it and decides. The decision on an erased record is empty.
func (d *Disposer) decide(ctx context.Context, id string) (Stored, Decision, error) {
	fail := func(err error) (Stored, Decision, error) {
		return Stored{}, Decision{Record: id}, fmt.Errorf("records: record %q: %w", clip(id), err)
	}
	if err := d.ready(); err != nil {
		return fail(err)
	}
	stored, err := d.Store.Load(ctx, id)
	switch {
	case err != nil:
		return fail(err)
	case stored.Erased:
		return stored, Decision{Record: id}, nil
	}
	notes, err := d.Ledger.Of(ctx, id)
	if err != nil {
		return fail(err)
	}
	holds, err := d.holds(ctx)
	if err != nil {
		return fail(err)
	}
	r := stored.Record
	r.ID, r.Reviews = id, nil
	for _, n := range notes {
		if n.Kind == Reviewed && n.Digest == stored.Digest {
			r.Reviews = append(r.Reviews, Review{By: n.By, At: n.At, Agree: n.Agree})
		}
	}
	return stored, d.Schedule.Decide(r, holds, d.Now()), nil
}

func (d *Disposer) holds(ctx context.Context) ([]Hold, error) {
	if d.Holds == nil {
		return nil, nil
	}
	return d.Holds(ctx)
}

func (d *Disposer) note(ctx context.Context, kind NoteKind, c Certificate, at time.Time) error {
	return d.Ledger.Append(ctx, Note{Kind: kind, Record: c.Record, At: at.UTC(), Certificate: &c})
}

// erased sees to what goes with a record, and then writes into the ledger that the record is gone.
func (d *Disposer) erased(ctx context.Context, kind NoteKind, c Certificate, at time.Time) error {
	if d.Erased != nil {
		if err := d.Erased(ctx, c); err != nil {
			return err
		}
	}
	return d.note(ctx, kind, c, at)
}

// conclude brings the certificate of an erased record into the ledger, where a crash may have kept it from.
func (d *Disposer) conclude(ctx context.Context, id string, stored Stored) (Certificate, error) {
	c, err := ParseCertificate(stored.Tombstone)
	if err != nil || c.Record != id {
		return Certificate{}, fmt.Errorf("records: disposal of %q: %w", clip(id), errors.Join(ErrForeign, err))
	}
	if err := d.erased(ctx, Disposed, c, c.At); err != nil {
		return Certificate{}, fmt.Errorf("records: disposal of %q: %w", clip(id), err)
	}
	return c, nil
}

// kept refuses a disposal, and withdraws the intention.
func (d *Disposer) kept(ctx context.Context, decision Decision, intended bool) (Certificate, error) {
	refused := &KeptError{decision}
	if !intended {
		return Certificate{}, refused
	}
	notes, err := d.Ledger.Of(ctx, decision.Record)
	if err != nil {
		return Certificate{}, errors.Join(refused, err)
	}
	for _, n := range slices.Backward(notes) {
		if n.Kind == Intended {
			return Certificate{}, errors.Join(refused, d.note(ctx, Withdrawn, *n.Certificate, decision.At))
		}
	}
	return Certificate{}, refused
}
