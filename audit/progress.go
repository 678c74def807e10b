package audit

import (
	"fmt"
	"io"
	"os"
)

// ProgressBar shows how far an audit has come, on one line of a terminal that it writes again and again:
//
//	bar := audit.NewProgressBar(os.Stderr)
//	report, err := audit.Run(ctx, rules, source, audit.Options{Now: now, Progress: bar.Update})
//
// On anything that is no terminal it writes nothing, so that files and pipes stay clean. A nil ProgressBar does nothing.
type ProgressBar struct {
	w     io.Writer
	shown uint64
	begun bool
}

// NewProgressBar makes a bar on w if that is a terminal.
func NewProgressBar(w io.Writer) *ProgressBar {
	f, ok := w.(*os.File)
	if !ok || f == nil {
		return nil
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return nil
	}
	return &ProgressBar{w: w}
}

// Update shows the progress, and nothing any more once it is done.
func (p *ProgressBar) Update(at Progress) {
	// A terminal need not be written to more often than every few milliseconds of work.
	const cases = 4 * every
	switch {
	case p == nil:
		return
	case at.Done:
		if p.begun {
			fmt.Fprint(p.w, "\r\x1b[K")
		}
		return
	case p.begun && at.Cases < p.shown+cases:
		return
	}
	p.begun, p.shown = true, at.Cases
	if at.Read < 0 {
		fmt.Fprintf(p.w, "\r%d cases, %d entries", at.Cases, at.Entries)
		return
	}
	fmt.Fprintf(p.w, "\r%s %3.0f%%  %d cases, %d entries", bar(at.Read, 30), 100*at.Read, at.Cases, at.Entries)
}
