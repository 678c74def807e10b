package charter

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/quality"
)

// Owe keeps what a subject owes by a duty of the handbook, named by its id as
// in [Handbook.Duties]: each period that has begun is a case of the desk, with
// the id of the obligation, whose reminders, breach and escalations are told
// like those of every other case, by the clause and under its id. Evidence ends
// the case of the period that it counts for. What is returned is
// [Handbook.Account] as of now, with its errors.
//
// Call it with all evidence when there is new evidence, when somebody comes or
// leaves, and at the account's Next, or simply every night: what the desk has
// already is not recorded again, so that any number of processes may do it.
// Periods of long ago are told too, unless Config.Cutover keeps them away.
//
// Whoever leaves has the cases of periods whose end he does not see cancelled,
// and after he left nobody is reminded or called about the others. Evidence
// that shows a duty done earlier than the desk knew is added; evidence that is no
// longer given is not taken back. The cost is one read of the journal for each
// period since the subject came.
func (d *Desk) Owe(ctx context.Context, duty string, s quality.DutySubject, evidence []quality.Evidence) (quality.Account, error) {
	book, now := d.handbook(), d.config.Now()
	account, err := book.Account(duty, s, evidence, now)
	if err != nil {
		return quality.Account{}, err
	}
	left := !s.Until.IsZero() && !s.Until.After(now)
	for _, o := range account.Obligations {
		_, err := d.Record(ctx, o.ID.String(), "", func(known history.History) ([]history.Entry, error) {
			return news(o, known, left, s.Until), nil
		})
		if err != nil {
			return quality.Account{}, err
		}
	}
	if !s.Until.IsZero() {
		err = d.release(ctx, book, duty, s, evidence, account, now)
	}
	return account, err
}

// news is what the case of an obligation lacks.
func news(o quality.Obligation, known history.History, left bool, until time.Time) []history.Entry {
	added := DutyCase(o).Entries
	if len(known.Entries) > 0 {
		added = added[1:]
	}
	added = slices.DeleteFunc(added, func(e history.Entry) bool {
		return slices.ContainsFunc(known.Entries, func(k history.Entry) bool { return k.Kind == e.Kind && !k.At.After(e.At) })
	})
	if left && o.Kept.IsZero() && !over(known, o.Shown) {
		added = append(added, history.Entry{At: until, Kind: history.Cancelled, Fields: history.Of(history.KeyReason, "left")})
	}
	return added
}

// over tells that nothing more is expected of the case of a duty.
func over(known history.History, shown string) bool {
	return slices.ContainsFunc(known.Entries, func(k history.Entry) bool {
		return k.Kind == history.Cancelled || k.Kind == history.Attested || k.Kind == history.Kind(shown)
	})
}

// release cancels the cases of periods that are not owed because the subject
// leaves before their end.
func (d *Desk) release(
	ctx context.Context, book *Handbook, duty string, s quality.DutySubject, evidence []quality.Evidence, account quality.Account, now time.Time,
) error {
	at := now
	if s.Until.Before(now) {
		at = s.Until
	}
	s.Until = time.Time{}
	all, err := book.Account(duty, s, evidence, at)
	if err != nil {
		return err
	}
	for _, o := range all.Obligations {
		if slices.ContainsFunc(account.Obligations, func(x quality.Obligation) bool { return x.ID == o.ID }) {
			continue
		}
		_, err := d.Record(ctx, o.ID.String(), "", func(known history.History) ([]history.Entry, error) {
			if len(known.Entries) == 0 || over(known, o.Shown) {
				return nil, nil
			}
			return []history.Entry{{At: at, Kind: history.Cancelled, Fields: history.Of(history.KeyReason, "left")}}, nil
		})
		if err != nil && !errors.Is(err, journal.ErrUnknownCase) {
			return err
		}
	}
	return nil
}
