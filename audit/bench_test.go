package audit_test

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/audit"
	"github.com/servicecharter/charter/audit/logfile"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality/measure"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// benchCases is how many cases of eight entries are judged. CHARTER_BENCH_CASES=1000000 asks for the eight million entries of the full run:
//
//	CHARTER_BENCH_CASES=1000000 go test -run '^$' -bench Audit -benchtime 1x ./audit
func benchCases(b *testing.B) int {
	n, err := strconv.Atoi(os.Getenv("CHARTER_BENCH_CASES"))
	if err != nil {
		n = 20_000
	}
	return n
}

// eight yields n cases of eight entries each; they are made once and used again under other names, so that making them costs nothing.
func eight(n int) iter.Seq[history.History] {
	const kinds = 512
	rnd := rand.New(rand.NewPCG(8, 8))
	var made [kinds][]history.Entry
	attributes := []history.Fields{
		history.Of("channel", "phone", "kind", "ticket", "tier", "urgent"), history.Of("channel", "email", "kind", "ticket", "tier", "routine"),
		history.Of("channel", "web", "kind", "ticket", "tier", "routine"), history.Of("channel", "app", "kind", "complaint", "tier", "routine"),
	}
	for i := range made {
		at := monday.Add(time.Duration(rnd.Int64N(int64(28 * 24 * time.Hour)))).Truncate(time.Second)
		add := func(longest time.Duration, kind history.Kind, fields history.Fields) {
			at = at.Add(time.Duration(rnd.Int64N(int64(longest)))).Truncate(time.Second)
			made[i] = append(made[i], history.Entry{Seq: uint64(len(made[i])) + 1, At: at, Kind: kind, Fields: fields})
		}
		add(time.Second, history.Opened, attributes[rnd.IntN(len(attributes))])
		add(20*time.Minute, history.Accepted, nil)
		add(time.Hour, history.Responded, nil)
		add(6*time.Hour, history.FirstHandled, nil)
		add(6*time.Hour, history.Held, history.Of("reason", "customer"))
		add(30*time.Hour, history.Resumed, nil)
		add(30*time.Hour, history.Resolved, nil)
		add(90*time.Hour, history.Closed, nil)
	}
	return func(yield func(history.History) bool) {
		for i := range n {
			if !yield(history.History{Case: "", Entries: made[i%kinds]}) {
				return
			}
		}
	}
}

// writeLog writes the cases as a table.
func writeLog(b *testing.B, n int) (path string, size int64) {
	path = filepath.Join(b.TempDir(), "log.csv")
	f, err := os.Create(path)
	require.NoError(b, err)
	w := bufio.NewWriterSize(f, 1<<20)
	fmt.Fprintln(w, "id,at,what,kind,tier,channel,reason,agent,remark")
	i := 0
	var line []byte
	for h := range eight(n) {
		i++
		kind, _ := h.Entries[0].Fields.Get("kind")
		tier, _ := h.Entries[0].Fields.Get("tier")
		channel, _ := h.Entries[0].Fields.Get("channel")
		for _, e := range h.Entries {
			reason, _ := e.Fields.Get("reason")
			line = fmt.Appendf(line[:0], "INC%07d,", i)
			line = e.At.AppendFormat(line, "2006-01-02 15:04:05")
			line = fmt.Appendf(line, ",%s,%s,%s,%s,%s,agent %d,ok\n", e.Kind, kind, tier, channel, reason, i%97)
			_, err := w.Write(line)
			require.NoError(b, err)
		}
	}
	require.NoError(b, w.Flush())
	info, err := f.Stat()
	require.NoError(b, err)
	require.NoError(b, f.Close())
	return path, info.Size()
}

var benchMapping = logfile.Mapping{
	Case: "id", Time: "at", Activity: "what", Zone: time.UTC,
	Attributes: []logfile.Attribute{{Column: "kind", Name: "kind"}, {Column: "tier", Name: "tier"}, {Column: "channel", Name: "channel"}},
	Facts:      []logfile.Fact{{Column: "reason", Key: "reason"}},
}

// norms are the rules of thirteen clauses, with a calendar of business hours and a pause.
func norms(b *testing.B) audit.Rules {
	h, err := handbooks.Norms()
	require.NoError(b, err)
	office, err := handbooks.ChinaOfficeHours("Mo-Fr 09:00-12:00,13:00-18:00; PH off")
	require.NoError(b, err)
	waiting := []sla.Match{{Kind: history.Held, Fields: []sla.FieldMatch{{Name: "reason", Values: []string{"customer"}}}}}
	h, err = h.Amend(charter.Patch{
		Base: h.Pin(), Reason: "benchmark", Zone: "Asia/Shanghai", Effective: calendar.Date{Year: 2024, Month: 1, Day: 1},
		Changes: []charter.Change{
			{Edit: charter.SetCalendar{Spec: office.Spec()}},
			{Edit: charter.NameBasis{Basis: sla.Business, Clauses: []string{charter.Every}}},
			{Edit: charter.SetPauses{Metric: "resolution", On: waiting}},
			{Edit: charter.SetPauses{Metric: "closure", On: waiting}},
		},
	})
	require.NoError(b, err)
	r, err := audit.By(h)
	require.NoError(b, err)
	return r
}

// few are the rules of a desk with three targets: a response, and a resolution for each of two tiers.
func few(b *testing.B) audit.Rules {
	r := revision(b)
	r.Targets = r.Targets[:3]
	plan, err := sla.Compile(r)
	require.NoError(b, err)
	return audit.Targets(plan, r)
}

// throughput reports entries per second and bytes allocated per entry, setup included.
func throughput(b *testing.B, entries int, run func()) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	b.ResetTimer()
	n := 0
	for b.Loop() {
		run()
		n++
	}
	b.StopTimer()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(entries)*float64(n)/b.Elapsed().Seconds(), "entries/s")
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(n)/float64(entries), "B/entry")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkAudit judges cases from memory and from a log. The aim is that judging takes no longer than reading: 2 x-reading where both take
// turns on one core ("csv in turns"). Seen on a shared machine: 1.6 for three targets and 2.25 for thirteen clauses, at 350 ns an entry for
// reading alone.
func BenchmarkAudit(b *testing.B) {
	cases := benchCases(b)
	entries := 8 * cases
	path, size := writeLog(b, cases)
	now := monday.AddDate(0, 3, 0)
	judge := func(b *testing.B, r audit.Rules, s audit.Source, workers int) {
		report, err := audit.Run(context.Background(), r, s, audit.Options{Now: now, Workers: workers, Slices: []string{"tier"}})
		require.NoError(b, err)
		require.EqualValues(b, entries, report.Entries)
	}
	rules := []struct {
		name  string
		Rules audit.Rules
	}{{"3 targets", few(b)}, {"13 clauses", norms(b)}}
	for _, r := range rules {
		for _, workers := range []int{1, runtime.GOMAXPROCS(0)} {
			b.Run(fmt.Sprintf("memory/%s/workers=%d", r.name, workers), func(b *testing.B) {
				throughput(b, entries, func() { judge(b, r.Rules, audit.From(eight(cases)), workers) })
			})
		}
	}
	read := func(b *testing.B, r io.Reader) {
		n := 0
		for c, err := range logfile.Read(r, benchMapping).Cases {
			if err != nil {
				b.Fatal(err)
			}
			n += len(c.Entries)
		}
		require.Equal(b, entries, n)
	}
	readAsPeersDo := func(b *testing.B, r io.Reader) { require.Equal(b, entries, readAsPeersDo(b, r)) }
	b.Run("csv/read only", func(b *testing.B) {
		b.SetBytes(size)
		throughput(b, entries, func() { withFile(b, path, read) })
	})
	b.Run("csv/read only by encoding csv", func(b *testing.B) {
		b.SetBytes(size)
		throughput(b, entries, func() { withFile(b, path, readAsPeersDo) })
	})
	for _, r := range rules {
		for _, workers := range []int{1, runtime.GOMAXPROCS(0)} {
			b.Run(fmt.Sprintf("csv/%s/workers=%d", r.name, workers), func(b *testing.B) {
				b.SetBytes(size)
				throughput(b, entries, func() {
					withFile(b, path, func(b *testing.B, f io.Reader) { judge(b, r.Rules, logfile.Read(f, benchMapping), workers) })
				})
			})
		}
	}
	for _, r := range rules {
		b.Run("csv in turns/"+r.name, func(b *testing.B) {
			turns := make([][]time.Duration, 3)
			for b.Loop() {
				inTurns(b, path, turns, read, readAsPeersDo, func(b *testing.B, f io.Reader) {
					judge(b, r.Rules, logfile.Read(f, benchMapping), 1)
				})
			}
			var took [3]float64
			for i, t := range turns {
				slices.Sort(t)
				took[i] = t[len(t)/4].Seconds() / stretch * float64(size) / float64(entries)
			}
			b.ReportMetric(1/took[0], "read/s")
			b.ReportMetric(1/took[1], "encoding-csv/s")
			b.ReportMetric(1/took[2], "judged/s")
			b.ReportMetric(took[2]/took[0], "x-reading")
			b.ReportMetric(took[2]/took[1], "x-encoding-csv")
			b.ReportMetric(0, "ns/op")
		})
	}
}

func withFile(b *testing.B, path string, do func(*testing.B, io.Reader)) {
	f, err := os.Open(path)
	require.NoError(b, err)
	do(b, f)
	require.NoError(b, f.Close())
}

// stretch is how many bytes of a log are read in a turn: a thousand entries or so.
const stretch = 1 << 16

// inTurns lets the tasks go through the file side by side on one core, a stretch at a time, and notes how long each turn took. So all have the same weather,
// and as turns are so short that many are not interrupted by what else runs on the machine, their first quartile is about what the task takes when alone.
func inTurns(b *testing.B, path string, turns [][]time.Duration, tasks ...func(*testing.B, io.Reader)) {
	var nexts []func() (struct{}, bool)
	for _, task := range tasks {
		next, stop := iter.Pull(func(yield func(struct{}) bool) {
			withFile(b, path, func(b *testing.B, f io.Reader) { task(b, &pausing{Reader: f, pause: yield}) })
		})
		defer stop()
		nexts = append(nexts, next)
	}
	for more := true; more; {
		for i, next := range nexts {
			begin := time.Now()
			_, more = next()
			turns[i] = append(turns[i], time.Since(begin))
		}
	}
}

// pausing is a reader that lets others go on after every stretch.
type pausing struct {
	io.Reader
	pause func(struct{}) bool
	read  int
}

func (p *pausing) Read(to []byte) (int, error) {
	if p.read == stretch {
		p.read = 0
		p.pause(struct{}{})
	}
	n, err := p.Reader.Read(to[:min(len(to), stretch-p.read)])
	p.read += n
	return n, err
}

// readAsPeersDo reads the table as anyone would with the standard library: records, instants, and the rows of a case together.
func readAsPeersDo(b *testing.B, r io.Reader) (rows int) {
	in := csv.NewReader(r)
	in.ReuseRecord = true
	_, err := in.Read()
	require.NoError(b, err)
	last, latest := "", time.Time{}
	for {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			return rows
		}
		if err != nil {
			b.Fatal(err)
		}
		at, err := time.ParseInLocation("2006-01-02 15:04:05", record[1], time.UTC)
		if err != nil {
			b.Fatal(err)
		}
		if record[0] != last {
			last, latest = record[0], time.Time{}
		}
		if at.After(latest) {
			latest = at
		}
		rows++
	}
}

// BenchmarkWhole judges the same cases for deadlines only and then also for conduct, measures and both, in alternating turns on one core: what more is
// asked for costs so many times as much.
func BenchmarkWhole(b *testing.B) {
	h, err := handbooks.Standard()
	require.NoError(b, err)
	rules, err := audit.By(h)
	require.NoError(b, err)
	table := standardMeasures(b)
	var cases []history.History
	for c := range eight(4000) {
		cases = append(cases, c)
	}
	tasks := []struct {
		name    string
		options func() audit.Options
	}{
		{"deadlines", func() audit.Options { return audit.Options{} }},
		{"conduct", func() audit.Options { return audit.Options{Conduct: true} }},
		{"measures", func() audit.Options {
			return audit.Options{Tally: measure.NewTally(table, measure.Grouping{Period: measure.Month})}
		}},
		{"whole", func() audit.Options {
			return audit.Options{Conduct: true, Tally: measure.NewTally(table, measure.Grouping{Period: measure.Month})}
		}},
	}
	took := make([][]time.Duration, len(tasks))
	for b.Loop() {
		for i, task := range tasks {
			o := task.options()
			o.Now, o.Workers = monday.AddDate(0, 3, 0), 1
			begin := time.Now()
			report, err := audit.Run(context.Background(), rules, audit.From(slices.Values(cases)), o)
			took[i] = append(took[i], time.Since(begin))
			require.NoError(b, err)
			require.EqualValues(b, len(cases), report.Cases)
		}
	}
	for i, task := range tasks {
		slices.Sort(took[i])
		quartile := took[i][len(took[i])/4]
		b.ReportMetric(float64(quartile.Nanoseconds())/float64(len(cases)), task.name+"-ns/case")
		if i > 0 {
			b.ReportMetric(float64(quartile)/float64(took[0][len(took[0])/4]), task.name+"-x-deadlines")
		}
	}
	b.ReportMetric(0, "ns/op")
}
