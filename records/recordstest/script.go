package recordstest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/records"
)

// Script carries out the commands of a transcript over one site.
//
//	rules zone=Asia/Shanghai          a schedule, one rule a line as JSON
//	lint [lang=zh]                    what is doubtful in it
//	record id=T-1                     entries, one a line: instant, kind, fields; added if the record is there
//	hold name=suit at=… [records=a,b] [classes=…] [everything]
//	                                  another of that name takes its place
//	release name=suit at=…
//	decide id=T-1 at=… [lang=zh]      what is to be done and why
//	plan at=…                         the dry run over all records
//	review id=T-1 by=anna at=… [object]
//	dispose id=T-1 at=… [crash=intended|erase|disposed]    with crash, it breaks off before this step
//	crash=erased breaks off when the record is gone but nobody was told
//	resume at=…                       finish what broke off
//	backup, restore, reapply at=… [dry]
//	content id=T-1                    what the store has
//	ledger                            what the ledger has
type Script struct {
	site     Site
	now      time.Time
	schedule *records.Schedule
	holds    []records.Hold
	ids      []string
	restore  func() records.Store
	crash    string
}

// NewScript begins a transcript.
func NewScript(s Site) *Script { return &Script{site: s} }

var errCrash = errors.New("crash")

// Do carries out a command and gives the answer; an error is an answer too.
func (s *Script) Do(ctx context.Context, command string, args map[string]string, input string) string {
	answer, err := s.do(ctx, command, args, input)
	switch {
	case errors.Is(err, records.ErrUnknown):
		answer = "error: unknown record" // stores differ in what else they say
	case err != nil:
		answer = "error: " + err.Error()
	}
	if answer == "" {
		answer = "ok"
	}
	return answer + "\n"
}

func (s *Script) do(ctx context.Context, command string, args map[string]string, input string) (string, error) {
	if text, ok := args["at"]; ok {
		at, err := history.ParseInstant(text)
		if err != nil {
			return "", fmt.Errorf("at=%s: %w", text, err)
		}
		s.now = at
	}
	s.crash = args["crash"]
	id := args["id"]
	switch command {
	case "rules":
		return "", s.rules(args["zone"], input)
	case "lint":
		return join(s.schedule.Lint(), func(f records.Finding) string { return string(f.Code) + ": " + f.Text(args["lang"]) }), nil
	case "record":
		return "", s.record(ctx, id, input)
	case "hold":
		s.hold(args)
		return "", nil
	case "release":
		for i := range s.holds {
			if s.holds[i].Name == args["name"] {
				s.holds[i].Released = s.now
			}
		}
		return "", nil
	case "backup":
		s.restore = s.site.Backup()
		return "", nil
	case "restore":
		s.site.Store = s.restore()
		return "", nil
	case "ledger":
		return s.ledger(ctx)
	case "content":
		return s.content(ctx, id)
	}
	return s.dispose(ctx, command, id, args)
}

// dispose carries out the commands that need a disposer.
func (s *Script) dispose(ctx context.Context, command, id string, args map[string]string) (string, error) {
	d := &records.Disposer{
		Schedule: s.schedule, Store: crashing{s.site.Store, s}, Ledger: crashingLedger{s.site.Ledger, s},
		Holds: func(context.Context) ([]records.Hold, error) { return s.holds, nil },
		Now:   func() time.Time { return s.now },
	}
	switch command {
	case "decide", "plan":
		ids := s.ids
		if command == "decide" {
			ids = []string{id}
		}
		var lines []string
		for decision, err := range d.Plan(ctx, slices.Values(ids)) {
			if err != nil {
				return "", err
			}
			text := decision.Text(args["lang"])
			if command == "plan" {
				text, _, _ = strings.Cut(text, "\n")
			}
			lines = append(lines, text)
		}
		if len(lines) == 0 {
			return "nothing", nil
		}
		return strings.Join(lines, "\n"), nil
	case "review":
		_, object := args["object"]
		decision, err := d.Review(ctx, id, args["by"], !object)
		return decision.String(), err
	case "dispose":
		c, err := d.Dispose(ctx, id)
		return c.Text(args["lang"]), err
	case "resume":
		var lines []string
		for id, err := range d.Resume(ctx) {
			lines = append(lines, fmt.Sprintf("%s: %v", id, err))
		}
		return cmpText(strings.Join(lines, "\n")), nil
	case "reapply":
		_, dry := args["dry"]
		var lines []string
		for r, err := range d.Reapply(ctx, dry) {
			if err != nil {
				return "", err
			}
			lines = append(lines, r.Certificate.Record+": "+string(r.Outcome))
		}
		return cmpText(strings.Join(lines, "\n")), nil
	}
	return "", fmt.Errorf("no such command: %s", command)
}

func cmpText(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}

func (s *Script) rules(zone, input string) error {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return err
	}
	var rules []records.Rule
	for line := range strings.Lines(input) {
		var r records.Rule
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			return err
		}
		rules = append(rules, r)
	}
	s.schedule, err = records.NewSchedule(loc, rules...)
	return err
}

func (s *Script) record(ctx context.Context, id, input string) error {
	var entries []history.Entry
	for line := range strings.Lines(input) {
		words := strings.Fields(line)
		at, err := history.ParseInstant(words[0])
		if err != nil || len(words) < 2 {
			return fmt.Errorf("%q: want an instant, a kind and fields", strings.TrimSpace(line))
		}
		e := history.Entry{At: at, Kind: history.Kind(words[1])}
		for _, w := range words[2:] {
			key, value, _ := strings.Cut(w, "=")
			if key == "recorded" {
				if e.Recorded, err = history.ParseInstant(value); err != nil {
					return err
				}
				continue
			}
			e.Fields = append(e.Fields, history.Field{Key: key, Value: value})
		}
		e.Fields = e.Fields.Canonical()
		entries = append(entries, e)
	}
	if !slices.Contains(s.ids, id) {
		s.ids = append(s.ids, id)
	}
	return s.site.Put(ctx, id, entries)
}

func (s *Script) hold(args map[string]string) {
	list := func(key string) []string {
		if args[key] == "" {
			return nil
		}
		return strings.Split(args[key], ",")
	}
	_, everything := args["everything"]
	s.holds = slices.DeleteFunc(s.holds, func(h records.Hold) bool { return h.Name == args["name"] })
	s.holds = append(s.holds, records.Hold{
		Name: args["name"], Placed: s.now, Records: list("records"), Classes: list("classes"), Everything: everything,
	})
}

func (s *Script) ledger(ctx context.Context) (string, error) {
	var lines []string
	for n, err := range s.site.Ledger.Notes(ctx) {
		if err != nil {
			return "", err
		}
		line := fmt.Sprintf("%s %s %s", n.Record, n.Kind, history.FormatInstant(n.At))
		if n.Kind == records.Reviewed {
			line += fmt.Sprintf(" %s %v", n.By, n.Agree)
		}
		lines = append(lines, line)
	}
	slices.SortStableFunc(lines, func(a, b string) int {
		return strings.Compare(strings.Fields(a)[0], strings.Fields(b)[0]) // a ledger orders those of one record only
	})
	return cmpText(strings.Join(lines, "\n")), nil
}

func (s *Script) content(ctx context.Context, id string) (string, error) {
	stored, err := s.site.Store.Load(ctx, id)
	switch {
	case errors.Is(err, records.ErrUnknown):
		return "unknown", nil
	case err != nil:
		return "", err
	case stored.Erased:
		c, err := records.ParseCertificate(stored.Tombstone)
		return "certificate of " + c.Record + " at " + history.FormatInstant(c.At), err
	}
	return fmt.Sprintf("%s, %d parts", stored.Record.Class, stored.Parts), nil
}

func join[T any](all []T, text func(T) string) string {
	lines := make([]string, len(all))
	for i, x := range all {
		lines[i] = text(x)
	}
	return cmpText(strings.Join(lines, "\n"))
}

// crashing is a store that breaks off before or after it erases.
type crashing struct {
	records.Store
	s *Script
}

func (c crashing) Erase(ctx context.Context, id, version string, tombstone []byte) error {
	if c.s.crash == "erase" {
		return errCrash
	}
	err := c.Store.Erase(ctx, id, version, tombstone)
	if err == nil && c.s.crash == "erased" {
		return errCrash
	}
	return err
}

// crashingLedger breaks off before it writes a kind of note.
type crashingLedger struct {
	records.Ledger
	s *Script
}

func (c crashingLedger) Append(ctx context.Context, n records.Note) error {
	if c.s.crash == string(n.Kind) {
		return errCrash
	}
	return c.Ledger.Append(ctx, n)
}
