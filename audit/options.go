package audit

import (
	"errors"
	"fmt"
	"path"
	"runtime"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality/measure"
)

// Errors of [Run], for [errors.Is]. A source's own errors are passed on.
var (
	// ErrRules: there is no plan to judge by.
	ErrRules = errors.New("audit: no rules")
	// ErrSource: there are no cases to read from.
	ErrSource = errors.New("audit: no source")
	// ErrOptions: an option makes no sense; the error names it.
	ErrOptions = errors.New("audit: impossible option")
	// ErrGroups: an attribute to slice by has more values than [MaxGroups].
	ErrGroups = errors.New("audit: too many values to slice by")
)

// MaxGroups is how many values an attribute may have that a report is sliced by.
const MaxGroups = 10_000

// MaxExamples is how many examples of a finding, and how many breaches of a clause, can be kept.
const MaxExamples = 10_000

// maxGatePlaces is how many decimal places the bound of a gate may have.
const maxGatePlaces = 32

// maxWorkers is more than any machine has use for.
const maxWorkers = 1024

// Options say how to judge. Only Now is required.
type Options struct {
	// Now is the instant of judgement: what has not happened by then is pending or breached, and what happened later is not
	// counted. For a log of the past it is the instant up to which the log was taken.
	Now time.Time
	// Window asks for the verdicts that became final in it, such as yesterday's. The zero Window asks for none.
	Window Window
	// Slices are the attributes whose values the counts are divided by, such as tier, channel and unit. A case counts with the last
	// value it was given up to Now.
	Slices []string
	// Worst is how many breaches of each clause are kept and explained: those that overran by most. 0 means none.
	Worst int
	// Examples is how many examples of each finding are kept; 0 means 5 and a negative number none.
	Examples int
	// Level is that of the intervals; 0 means 0.95.
	Level float64
	// Gates are bounds on attainment, and ask whether objectives are met.
	Gates []Gate
	// Conduct also holds every case to what the clauses of [Rules].Handbook demand of its steps, by the class of the case, and of its content:
	// [Report].Conduct. What happened is held to what was in force then. Ticket, complaint and incident are held to the clauses on these,
	// plan to those on emergency plans, and every class, such as person or document, to the clauses on the content of such records. What is no
	// case, by its class, then has no deadlines either; see [Report].Records.
	Conduct bool
	// Class tells the record class of a case, for Conduct; nil takes the attribute kind as the case last had it by Now. It is called by
	// several goroutines, with the entries up to Now in order, and must not keep them.
	Class func(history.History) string
	// Tally, if not nil, tells how the objectives of [Rules].Handbook stand as of Now: [Report].Objectives and [Report].Measures. Make a new one
	// with measure.NewTally of the table of measure.Standard. It takes every case of the source that has verdicts, with its clocks. What no case
	// shows, as of people and services, the host counts into it before, with [measure.Tally.Take] or [measure.Tally.Observe]: all that the
	// tally holds counts, of any period and group. So let it hold the facts of the period for which the handbook is asked, and Now lie in it.
	// It changes only when Run returns a report, and is not to be used meanwhile. Measures do not know of [Source.Provides]: leave out of the
	// table what the source cannot tell.
	Tally *measure.Tally
	// Strict ends the audit at the first row, line or case that would be left out; the error is the [*Finding].
	Strict bool
	// Workers is how many goroutines judge; 0 means GOMAXPROCS, as [runtime.GOMAXPROCS] gives it. With 1, everything happens in
	// the caller's goroutine. The source is always read by the caller's, and the report is the same whatever the number.
	Workers int
	// Progress, if not nil, is called by the goroutine that called Run, after every few hundred cases and once at the end.
	Progress func(Progress)
}

// Window is a stretch of time, half open: From belongs to it and To does not. A zero From or To has no bound on that side.
type Window struct {
	From time.Time `json:"from,omitzero"`
	To   time.Time `json:"to,omitzero"`
}

// IsZero tells that there is no window at all.
func (w Window) IsZero() bool { return w.From.IsZero() && w.To.IsZero() }

// Contains tells whether t lies in the window.
func (w Window) Contains(t time.Time) bool {
	return (w.From.IsZero() || !t.Before(w.From)) && (w.To.IsZero() || t.Before(w.To))
}

func (w Window) utc() Window {
	if !w.From.IsZero() {
		w.From = w.From.UTC()
	}
	if !w.To.IsZero() {
		w.To = w.To.UTC()
	}
	return w
}

// Gate is a bound on the attainment of clauses, and asks of objectives whether they are met.
type Gate struct {
	// Clause is the id of a clause, or a pattern as [path.Match] takes it: "norms/*" is every clause of the norms. With [Options].Conduct the
	// clauses on steps and content are among them, of a pattern those that speak of any of the cases. With [Options].Tally objectives are: each
	// is met or missed by its own bounds, by all of them, as the interval tells, or of a census the figure. One that is set for another year
	// than that of Now is undecided; a pattern counts it only if nothing else fits. Without a tally no gate fits an objective, and one that
	// fits nothing is undecided.
	Clause string `json:"clause"`
	// AtLeast is a share between 0 and 1, such as 0.9, with at most 32 decimal places; it is not asked of objectives.
	AtLeast decimal.Decimal `json:"at_least"`
}

// Progress is how far an audit has come.
type Progress struct {
	Cases, Entries uint64
	// Read is the share of the source that has been read, from 0 to 1; below 0 when it is not known.
	Read float64
	// Done marks the last call.
	Done bool
}

func (o Options) check() (Options, error) {
	bad := func(name string, format string, args ...any) (Options, error) {
		return o, fmt.Errorf("%w: %s: %s", ErrOptions, name, fmt.Sprintf(format, args...))
	}
	switch {
	case o.Now.IsZero():
		return bad("Now", "the instant of judgement is missing")
	case !o.Window.From.IsZero() && !o.Window.To.IsZero() && o.Window.To.Before(o.Window.From):
		return bad("Window", "ends at %v, before it begins at %v", o.Window.To, o.Window.From)
	case o.Worst < 0 || o.Worst > MaxExamples:
		return bad("Worst", "%d is not between 0 and %d", o.Worst, MaxExamples)
	case o.Examples > MaxExamples:
		return bad("Examples", "%d is above %d", o.Examples, MaxExamples)
	case !(o.Level >= 0 && o.Level < 1):
		return bad("Level", "%v is not a share between 0 and 1", o.Level)
	case o.Workers < 0 || o.Workers > maxWorkers:
		return bad("Workers", "%d is not between 0 and %d", o.Workers, maxWorkers)
	}
	if o.Tally != nil && o.Tally.Measures() == nil {
		return bad("Tally", "it has no table of measures")
	}
	for i, a := range o.Slices {
		if a == "" {
			return bad("Slices", "number %d is empty", i+1)
		}
	}
	for _, g := range o.Gates {
		if _, err := path.Match(g.Clause, ""); err != nil || g.Clause == "" {
			return bad("Gates", "%q is neither a clause nor a pattern", g.Clause)
		}
		// Magnitudes are compared first: what has a huge exponent is not to be written out.
		switch magnitude := int64(g.AtLeast.NumDigits()) + int64(g.AtLeast.Exponent()); {
		case g.AtLeast.IsNegative(), magnitude > 1, g.AtLeast.Exponent() < -maxGatePlaces, g.AtLeast.GreaterThan(decimal.NewFromInt(1)):
			return bad("Gates", "of %q at least what is no share between 0 and 1, or has more than %d decimal places", g.Clause, maxGatePlaces)
		}
	}
	if o.Examples == 0 {
		o.Examples = 5
	}
	o.Examples = max(o.Examples, 0)
	if o.Level == 0 {
		o.Level = 0.95
	}
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	return o, nil
}
