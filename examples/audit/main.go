// Command audit reads a log of past cases and says, clause by clause, what was kept, what was breached and why.
//
//	go run ./examples/audit                  a help desk's month, which the program carries
//	go run ./examples/audit -log FILE        any log
//
// It knows the sample's columns and those of a public ServiceNow log by their headers, and JSON Lines (.jsonl) by their name. Of any other table it needs the
// columns of case, time and activity:
//
//	go run ./examples/audit -log calls.csv -case id -time at -activity what -layout "2/1/2006 15:04" -zone Europe/Berlin -attributes prio=tier
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	_ "time/tzdata" // so that zones are there on any machine
)

type options struct {
	log, language, now, generate           string
	json                                   bool
	caseColumn, timeColumn, activityColumn string
	layouts, zone, attributes              string
	budget                                 int64
}

func main() {
	var o options
	flag.StringVar(&o.log, "log", "", "the log to judge, instead of the sample; gzip is fine")
	flag.StringVar(&o.language, "lang", "en", "en or zh")
	flag.StringVar(&o.now, "now", "", "the instant of judgement, in RFC 3339; the last entry of the log if empty")
	flag.BoolVar(&o.json, "json", false, "print JSON")
	flag.StringVar(&o.caseColumn, "case", "case", "column of the case, for a log of which nothing is known")
	flag.StringVar(&o.timeColumn, "time", "time", "column of the instant")
	flag.StringVar(&o.activityColumn, "activity", "activity", "column of what happened, in Charter's words")
	flag.StringVar(&o.layouts, "layout", "", "how instants are written, as Go layouts with commas between; the year first if empty")
	flag.StringVar(&o.zone, "zone", "", "zone of local times")
	flag.StringVar(&o.attributes, "attributes", "", "columns and the attributes they hold: prio=tier,via=channel")
	flag.Int64Var(&o.budget, "budget", 0, "bytes of memory for a log whose cases do not stand together")
	flag.StringVar(&o.generate, "generate", "", "write the sample to this file, and do nothing else")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, w io.Writer, o options) error {
	if o.generate != "" {
		var b bytes.Buffer
		if err := generate(&b); err != nil {
			return err
		}
		return os.WriteFile(o.generate, b.Bytes(), 0o644)
	}
	j, err := recognise(o)
	if err != nil {
		return err
	}
	if err := j.settle(o); err != nil {
		return err
	}
	for i, h := range j.handbooks {
		if i > 0 && !o.json {
			fmt.Fprintln(w, "\n"+strings.Repeat("═", 100)+"\n")
		}
		if err := j.judge(ctx, w, o, h); err != nil {
			return err
		}
	}
	return nil
}
