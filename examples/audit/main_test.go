package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/servicecharter/charter/audit/logfile"
	"github.com/servicecharter/charter/history"
)

func output(t *testing.T, o options) string {
	t.Helper()
	var b bytes.Buffer
	if err := run(context.Background(), &b, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func usual() options {
	return options{language: "en", caseColumn: "case", timeColumn: "time", activityColumn: "activity"}
}

// The sample in the repository is what the generator writes.
func TestSampleIsGenerated(t *testing.T) {
	var b bytes.Buffer
	if err := generate(&b); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Bytes(), sample) {
		t.Error("sample.csv is not what generate writes: run go generate")
	}
}

// The first report cannot tell anything, as the handbook names no basis; the amended one can, and finds the dirt.
func TestSample(t *testing.T) {
	got := output(t, usual())
	printed, amended, ok := strings.Cut(got, "═")
	if !ok {
		t.Fatal("two reports were expected")
	}
	for _, want := range []string{"260 cases", "a basis: elapsed, business hours or working days"} {
		if !strings.Contains(printed, want) {
			t.Errorf("%q is missing in the first report", want)
		}
	}
	for _, want := range []string{
		"norms/2.1.3-urgent-response", "worst breaches", "holiday", "by unit", "gates",
		"row-time", "row-case", "row-shape", "unknown-activity", "unknown-word", "entry-twice", "resolved-before-opened", "time-backwards", "after-now",
	} {
		if !strings.Contains(amended, want) {
			t.Errorf("%q is missing in the second report", want)
		}
	}
	chinese := usual()
	chinese.language = "zh"
	if got := output(t, chinese); !strings.Contains(got, "超时最多") || !strings.Contains(got, "清明节") {
		t.Error("the report in Chinese lacks its headings or its holiday")
	}
	asJSON := usual()
	asJSON.json = true
	if got := output(t, asJSON); !strings.HasPrefix(got, "{") {
		t.Errorf("%.40q is no JSON", got)
	}
}

// The header of the public log is enough to know it. These few rows were made up.
const updates = `number,incident_state,made_sla,opened_at,sys_updated_at,contact_type,priority,assignment_group
INC1,New,true,1/3/2016 08:00,1/3/2016 08:10,Phone,3 - Moderate,Group 1
INC1,Active,true,1/3/2016 08:00,1/3/2016 09:00,Phone,3 - Moderate,Group 1
INC1,Awaiting User Info,true,1/3/2016 08:00,1/3/2016 10:00,Phone,3 - Moderate,Group 1
INC1,Active,true,1/3/2016 08:00,6/3/2016 10:00,Phone,3 - Moderate,Group 2
INC1,Resolved,true,1/3/2016 08:00,6/3/2016 11:00,Phone,3 - Moderate,Group 2
INC1,Closed,true,1/3/2016 08:00,11/3/2016 11:00,Phone,3 - Moderate,Group 2
INC2,New,true,1/3/2016 08:00,1/3/2016 08:10,Email,4 - Low,?
INC2,Resolved,true,1/3/2016 08:00,1/3/2016 08:20,Email,4 - Low,?
INC2,Closed,true,1/3/2016 08:00,6/3/2016 08:20,Email,4 - Low,?
INC3,New,true,1/3/2016 08:00,1/3/2016 08:10,Phone,3 - Moderate,Group 1
INC3,Resolved,true,1/3/2016 08:00,2/3/2016 08:20,Phone,3 - Moderate,Group 1
INC3,Closed,false,1/3/2016 08:00,7/3/2016 08:20,Phone,3 - Moderate,Group 1
`

func TestPublicLog(t *testing.T) {
	o := usual()
	o.log = filepath.Join(t.TempDir(), "updates.csv")
	if err := os.WriteFile(o.log, []byte(updates), 0o600); err != nil {
		t.Fatal(err)
	}
	got := output(t, o)
	for _, want := range []string{
		"desk/priority-3-resolution: 0 of 2, 0.0%", "desk/priority-4-resolution: 1 of 1, 100.0%", "desk/priority-3-closure: 0 of 2",
		"INC1: breached, but the log says made_sla=true", "INC3: kept, but the log says made_sla=false", "on hold for 120h",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
}

func TestPublicLogIsMappedByStates(t *testing.T) {
	var got []string
	for c, err := range logfile.Read(strings.NewReader(updates), serviceNow()).Cases {
		if err != nil {
			t.Fatal(err)
		}
		if c.Case != "INC1" {
			continue
		}
		for _, e := range c.Entries {
			got = append(got, string(e.Kind))
		}
	}
	want := []history.Kind{
		history.Opened, history.Registered, history.Dispatched, history.Accepted, history.Held, history.Resumed, history.Dispatched,
		history.Resolved, history.Closed,
	}
	if len(got) != len(want) {
		t.Fatalf("%v instead of %v", got, want)
	}
	for i := range want {
		if got[i] != string(want[i]) {
			t.Fatalf("%v instead of %v", got, want)
		}
	}
}

func TestAnyLog(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	o := usual()
	o.log = write("any.csv", "no;when;what;prio\n1;3.3.2025 09:00;opened;urgent\n1;3.3.2025 10:30;responded;urgent\n")
	o.caseColumn, o.timeColumn, o.activityColumn, o.layouts, o.zone, o.attributes = "no", "when", "what", "2.1.2006 15:04", "Asia/Shanghai", "prio=tier"
	if got := output(t, o); !strings.Contains(got, "1 cases, 2 entries") {
		t.Error(got)
	}
	lines := usual()
	lines.log = write("any.jsonl", `{"at":"2025-03-03T09:00:00+08:00","case":"1","fields":{"kind":"ticket","tier":"urgent"},"kind":"opened"}`+"\n")
	lines.now = "2025-03-04T09:00:00+08:00"
	if got := output(t, lines); !strings.Contains(got, "1 cases, 1 entries") || !strings.Contains(got, "over by 22h") {
		t.Error(got)
	}
	for name, spoil := range map[string]func(*options){
		"no such file":   func(o *options) { o.log = filepath.Join(dir, "none.csv") },
		"no such column": func(o *options) { o.caseColumn = "id" },
		"no such zone":   func(o *options) { o.zone = "Atlantis" },
		"no instant":     func(o *options) { o.now = "today" },
		"nothing in it":  func(o *options) { o.log = write("empty.csv", "no;when;what;prio\n") },
	} {
		bad := o
		spoil(&bad)
		if err := run(context.Background(), &bytes.Buffer{}, bad); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
