// Package recordstest holds transcripts of retention, holds, review and disposal that every [records.Store] with its [records.Ledger] must give. It is
// written for hosts that keep records in tables of their own, and used over Charter's journals.
//
//	func TestRecords(t *testing.T) {
//		recordstest.Run(t, func(t testing.TB) recordstest.Site { ... })
//	}
//
// A transcript is a text: a command with its input, a line of four dashes, and what it answers. They stand in testdata beside the source and say what they
// show. [Memory] is a site in memory, which shows how little is needed.
package recordstest

import (
	"context"
	"embed"
	"fmt"
	"strings"
	"testing"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/records"
)

// Site is a place where records are kept, empty at first.
type Site struct {
	Store  records.Store
	Ledger records.Ledger

	// Put adds entries to a record, which begins with them if it is new. The class of a record is the attribute kind of its first entry.
	Put func(ctx context.Context, id string, entries []history.Entry) error

	// Backup keeps a copy of the records, without the ledger; restore puts it in their place and gives the store to go on with. nil: transcripts
	// that restore are left out.
	Backup func() (restore func() records.Store)
}

//go:embed testdata/*.txt
var transcripts embed.FS

// Run runs all transcripts, each file a subtest over a site of its own.
func Run(t *testing.T, open func(t testing.TB) Site) {
	files, err := transcripts.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(f.Name(), ".txt"), func(t *testing.T) {
			text, err := transcripts.ReadFile("testdata/" + f.Name())
			if err != nil {
				t.Fatal(err)
			}
			if err := play(t, open, f.Name(), string(text)); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// play runs one transcript and compares what it answers.
func play(t testing.TB, open func(t testing.TB) Site, name, text string) error {
	steps, err := parse(text)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	site := open(t)
	s := NewScript(site)
	for _, step := range steps {
		if s.site.Backup == nil && (step.command == "backup" || step.command == "restore") {
			t.Skip("recordstest: Site.Backup is not given")
		}
		if got := s.Do(t.Context(), step.command, step.args, step.input); got != step.want {
			return fmt.Errorf("%s:%d: %s\nanswered\n%s\nand not\n%s", name, step.line, step.command, got, step.want)
		}
	}
	return nil
}

// step is one command of a transcript with what it should answer.
type step struct {
	line           int
	command, input string
	args           map[string]string
	want           string
}

// parse reads the format of github.com/cockroachdb/datadriven as far as the transcripts need it.
func parse(text string) ([]step, error) {
	var steps []step
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		if lines[i] == "" || strings.HasPrefix(lines[i], "#") {
			continue
		}
		words := strings.Fields(lines[i])
		s := step{line: i + 1, command: words[0], args: map[string]string{}}
		for _, w := range words[1:] {
			key, value, _ := strings.Cut(w, "=")
			s.args[key] = value
		}
		for i++; i < len(lines) && lines[i] != "----"; i++ {
			s.input += lines[i] + "\n"
		}
		if i == len(lines) {
			return nil, fmt.Errorf("line %d: %s has no answer", s.line, s.command)
		}
		for i++; i < len(lines) && lines[i] != ""; i++ {
			s.want += lines[i] + "\n"
		}
		steps = append(steps, s)
	}
	return steps, nil
}
