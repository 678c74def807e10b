package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/audit"
	"github.com/servicecharter/charter/audit/logfile"
	"github.com/servicecharter/charter/handbooks"
)

// job is a log and what to judge it by.
type job struct {
	open      func() (io.ReadCloser, error)
	source    func(io.Reader) audit.Source
	handbooks []*charter.Handbook
	options   audit.Options
	compare   []string // clauses to compare with the log's own flag
}

// kind is a sort of log that the program knows.
type kind struct {
	mapping logfile.Mapping
	amended func() (*charter.Handbook, error)
	slices  []string
	compare []string
}

// recognise finds out what the log is: the first kind whose columns it has.
func recognise(o options) (*job, error) {
	norms, err := handbooks.Norms()
	if err != nil {
		return nil, err
	}
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		return nil, err
	}
	var zone *time.Location
	if o.zone != "" {
		if zone, err = time.LoadLocation(o.zone); err != nil {
			return nil, err
		}
	}
	usual := []string{"tier", "channel", "unit"}
	kinds := []kind{
		{helpDesk(norms, shanghai), desk, usual, nil},
		{serviceNow(), byPriority, []string{"priority", ownVerdict}, []string{
			"desk/priority-3-resolution", "desk/priority-4-resolution", "desk/priority-3-closure", "desk/priority-4-closure",
		}},
		{anyLog(o, zone), desk, usual, nil},
	}
	j := &job{open: func() (io.ReadCloser, error) { return os.Open(o.log) }}
	if o.log == "" {
		j.open = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(sample)), nil }
	}
	if filepath.Ext(strings.TrimSuffix(o.log, ".gz")) == ".jsonl" {
		j.source = func(r io.Reader) audit.Source { return logfile.ReadJSONLines(r, o.budget) }
		return j, j.by(kinds[2])
	}
	for _, k := range kinds {
		j.source = func(r io.Reader) audit.Source { return logfile.Read(r, k.mapping) }
		if err = j.each(func(audit.Case) (more bool) { return false }); err == nil {
			return j, j.by(k)
		}
		if !errors.Is(err, logfile.ErrHeader) {
			break
		}
	}
	return nil, err
}

// by sets what a kind of log is judged by: one handbook as it is printed, and one amended.
func (j *job) by(k kind) error {
	printed, err := handbooks.Standard()
	if err != nil {
		return err
	}
	amended, err := k.amended()
	if err != nil {
		return err
	}
	share := decimal.RequireFromString
	j.handbooks, j.compare = []*charter.Handbook{printed, amended}, k.compare
	j.options = audit.Options{
		Worst: 1, Examples: 2, Slices: k.slices,
		Gates: []audit.Gate{{Clause: "norms/2.1.3-urgent-response", AtLeast: share("0.9")}, {Clause: "norms/2.2.2-*", AtLeast: share("0.5")}},
	}
	return nil
}

// each goes through the log. Faults in the data are left to the audit.
func (j *job) each(visit func(audit.Case) (more bool)) error {
	log, err := j.open()
	if err != nil {
		return err
	}
	defer log.Close()
	for c, err := range j.source(log).Cases {
		if _, fault := err.(*audit.Finding); fault {
			continue
		}
		if err != nil {
			return err
		}
		if !visit(c) {
			return nil
		}
	}
	return nil
}

// settle sets the instant of judgement, and the day before it as the window. Without one it is the last entry that is no obvious mistake: at
// most a year after the one before.
func (j *job) settle(o options) (err error) {
	now := &j.options.Now
	if o.now != "" {
		*now, err = time.Parse(time.RFC3339, o.now)
	} else {
		err = j.each(func(c audit.Case) bool {
			for _, e := range c.Entries {
				if now.IsZero() || e.At.After(*now) && e.At.Before(now.AddDate(1, 0, 0)) {
					*now = e.At
				}
			}
			return true
		})
	}
	if err == nil && now.IsZero() {
		err = errors.New("the log has no entries")
	}
	j.options.Window = audit.Window{From: now.AddDate(0, 0, -1), To: *now}
	return err
}

// judge judges the log by one handbook and prints the report.
func (j *job) judge(ctx context.Context, w io.Writer, o options, h *charter.Handbook) error {
	rules, err := audit.By(h)
	if err != nil {
		return err
	}
	log, err := j.open()
	if err != nil {
		return err
	}
	defer log.Close()
	j.options.Progress = audit.NewProgressBar(os.Stderr).Update
	report, err := audit.Run(ctx, rules, j.source(log), j.options)
	if err != nil {
		return err
	}
	if o.json {
		out := json.NewEncoder(w)
		out.SetIndent("", "  ")
		return out.Encode(report)
	}
	if err := report.WriteText(w, o.language); err != nil {
		return err
	}
	if len(j.compare) == 0 {
		return nil
	}
	if _, ok := h.Clause(j.compare[0]); !ok {
		return nil
	}
	agreement(w, report, j.compare...)
	fmt.Fprintln(w, "\nsome of the cases on which the two disagree")
	d := disagreements{w: w, handbook: h, now: j.options.Now, clauses: j.compare[:2], most: 3}
	return d.show(j)
}
