package logfile_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/servicecharter/charter/audit"
	"github.com/servicecharter/charter/audit/logfile"
	"github.com/servicecharter/charter/history"
)

var shanghai = time.FixedZone("Asia/Shanghai", 8*3600)

// told renders what a source yields: each case with its lines and entries, and each finding.
func told(t testing.TB, s audit.Source) (out []string, err error) {
	for c, err := range s.Cases {
		var f *audit.Finding
		switch {
		case errors.As(err, &f):
			dropped := ""
			if f.Code == audit.CodeRowEntry {
				require.NotEmpty(t, f.Detail)
				f.Detail = "" // package history's words
			}
			if f.Dropped {
				dropped = " dropped"
			}
			out = append(out, strings.TrimSpace(fmt.Sprintf("%d: %s %s %s=%q %s", f.Line, f.Code, f.Case, f.Column, f.Value, f.Detail))+dropped)
		case err != nil:
			return out, err
		default:
			require.Len(t, c.Lines, len(c.Entries))
			out = append(out, "case "+c.Case)
			for i, e := range c.Entries {
				out = append(out, fmt.Sprintf("%d: %v", c.Lines[i], e))
			}
		}
	}
	return out, nil
}

func tell(t testing.TB, m logfile.Mapping, text string) []string {
	out, err := told(t, logfile.Read(strings.NewReader(text), m))
	require.NoError(t, err)
	return out
}

func lines(s string) []string {
	var out []string
	for l := range strings.Lines(s) {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

var desk = logfile.Mapping{
	Case: "工单编号", Time: "时间", Activity: "环节", Zone: shanghai, Missing: []string{"无"},
	Activities: []logfile.Activity{
		{Word: "受理", Kind: history.Opened},
		{Word: "回复", Kind: history.Responded, Role: history.RoleAgent},
		{Word: "等待客户", Kind: history.Held, Fields: history.Of("reason", "customer")},
		{Word: "恢复", Kind: history.Resumed},
		{Word: "解决", Kind: history.Resolved},
		{Word: "备注"},
	},
	Attributes: []logfile.Attribute{
		{Column: "紧急程度", Name: "tier", Values: map[string]string{"普通": "routine", "紧急": "urgent"}},
		{Column: "组", Name: "unit", Kind: history.Dispatched},
	},
	Always: history.Of("kind", "ticket"),
}

const deskLog = `工单编号,时间,环节,紧急程度,组,备注
A1,2025/3/1 9:05,受理,普通,一线,"多行
备注"
A1,2025/3/1 9:20,回复,普通,一线,
A1,2025/3/1 9:40,等待客户,紧急,一线,
A1,2025/3/1 10:40,恢复,无,二线,
A1,2025/3/1 10:41,备注,紧急,二线,
A1,2025/3/1 11:00,解决,紧急,二线,
A2,2025/3/1 9:30,受理,特急,一线,
A2,昨天,解决,,,
A2,2025/3/1 9:50,关注,,,
,2025/3/1 9:50,关注,,,
A3,2025/3/1 9:50
,,,,,
A1,2025/3/1 12:00,解决,,,
`

const deskTold = `
	case A1
	2: 1 2025-03-01T01:05:00Z opened kind=ticket tier=routine
	2: 2 2025-03-01T01:05:00Z dispatched unit=一线
	4: 3 2025-03-01T01:20:00Z responded by=agent
	5: 4 2025-03-01T01:40:00Z classified tier=urgent
	5: 5 2025-03-01T01:40:00Z held reason=customer
	6: 6 2025-03-01T02:40:00Z resumed
	6: 7 2025-03-01T02:40:00Z dispatched unit=二线
	8: 8 2025-03-01T03:00:00Z resolved
	9: unknown-word A2 紧急程度="特急"
	10: row-time A2 时间="昨天" dropped
	11: unknown-activity A2 环节="关注" after 受理
	12: row-case  工单编号="" dropped
	13: row-shape A3 ="" 2 instead of 6 dropped
	case A2
	9: 1 2025-03-01T01:30:00Z opened kind=ticket tier=特急
	9: 2 2025-03-01T01:30:00Z dispatched unit=一线
	15: case-split A1 =""
	case A1
	15: 1 2025-03-01T04:00:00Z classified kind=ticket
	15: 2 2025-03-01T04:00:00Z resolved
`

func TestLongTable(t *testing.T) {
	assert.Equal(t, lines(deskTold), tell(t, desk, deskLog))
}

func TestEncodings(t *testing.T) {
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(deskLog)
	require.NoError(t, err)
	utf16, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(deskLog)
	require.NoError(t, err)
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, err = z.Write([]byte(gb))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	for name, text := range map[string]string{
		"UTF-8 with a mark": "\uFEFF" + deskLog, "GB18030": gb, "GB18030 with a mark": "\x84\x31\x95\x33" + gb, "UTF-16": utf16, "gzip": zipped.String(),
		"CRLF": strings.ReplaceAll(deskLog, "\n", "\r\n"), "tabs": strings.ReplaceAll(deskLog, ",", "\t"), "semicolons": strings.ReplaceAll(deskLog, ",", ";"),
		"blank lines before": "\n \n" + deskLog,
	} {
		want := lines(deskTold)
		got := tell(t, desk, text)
		if name == "blank lines before" {
			assert.Equal(t, len(want), len(got), name)
			assert.Equal(t, "4: 1 2025-03-01T01:05:00Z opened kind=ticket tier=routine", got[1])
			continue
		}
		assert.Equal(t, want, got, name)
	}
	forced := desk
	forced.Encoding = logfile.UTF8
	_, err = told(t, logfile.Read(strings.NewReader(gb), forced))
	assert.ErrorIs(t, err, logfile.ErrHeader)
	forced.Encoding = logfile.GB18030
	assert.Equal(t, lines(deskTold), tell(t, forced, gb))
}

func TestBytesThatAreNoText(t *testing.T) {
	m := logfile.Mapping{Case: "id", Time: "at", Activity: "kind", Zone: time.UTC, Encoding: logfile.UTF8, Attributes: []logfile.Attribute{{Column: "unit", Name: "unit"}}}
	assert.Equal(t, lines(`
		2: row-text  id="a?" dropped
		3: row-text  id="a\x00" dropped
		4: row-text b unit="?1"
		case b
		4: 1 2025-01-01T00:00:00Z opened
		5: row-text c unit="�"
		5: unknown-activity c kind="ope?"
		case c`), tell(t, m, "id,at,kind,unit\na\xff,2025-01-01,opened,\na\x00,2025-01-01,opened,\nb,2025-01-01,opened,\xff1\nc,2025-01-01,ope\xff,\uFFFD\n"))
}

func TestStates(t *testing.T) {
	m := logfile.Mapping{
		Case: "number", Time: "updated", Activity: "state", States: true, Layouts: []string{"2/1/2006 15:04"}, Zone: time.UTC, Missing: []string{"?"},
		Activities: []logfile.Activity{
			{Word: "New", Kind: history.Registered},
			{Word: "Active", After: []string{"Waiting"}, Kind: history.Resumed},
			{Word: "Active", After: []string{"Resolved"}, Kind: history.Reopened},
			{Word: "Active", After: []string{"", "New"}, Kind: history.Started},
			{Word: "Waiting", Kind: history.Held},
			{Word: "Resolved", Kind: history.Resolved},
		},
		Instants:   []logfile.Instant{{Column: "opened", Kind: history.Opened, Fields: history.Of("source", "customer")}, {Column: "promised", Kind: history.Planned}},
		Attributes: []logfile.Attribute{{Column: "priority", Name: "tier"}},
		Actor:      "by", Role: "as", Roles: map[string]string{"K": history.RoleCustomer},
		Facts:    []logfile.Fact{{Column: "why", Key: "reason"}, {Column: "due", Key: "due", Instant: true}},
		Recorded: "written",
	}
	assert.Equal(t, lines(`
		3: row-time I1 promised="bald"
		5: time-differs I1 opened="2/1/2016 00:00"
		8: unknown-activity I1 state="Closed" after Resolved
		9: unknown-activity I1 state="Active" after Closed
		case I1
		2: 1 2016-01-01T00:00:00Z opened source=customer tier=3
		2: 2 2016-01-01T00:10:00Z registered by=customer/7 recorded=2016-01-01T00:11:00Z due=2016-01-09T00:00:00Z
		4: 3 2016-01-01T00:30:00Z started
		5: 4 2016-01-01T00:40:00Z classified tier=2
		5: 5 2016-01-01T00:40:00Z held reason=parts
		6: 6 2016-01-01T00:50:00Z resumed
		7: 7 2016-01-01T01:00:00Z resolved`), tell(t, m, statesLog))
}

const statesLog = `number,updated,state,opened,promised,priority,by,as,why,due,written
I1,1/1/2016 00:10,New,1/1/2016 00:00,?,3,7,K,?,9/1/2016 00:00,1/1/2016 00:11
I1,1/1/2016 00:20,New,1/1/2016 00:00,bald,3,?,?,?,?,?
I1,1/1/2016 00:30,Active,1/1/2016 00:00,bald,?,?,?,?,?,?
I1,1/1/2016 00:40,Waiting,2/1/2016 00:00,bald,2,?,?,parts,?,?
I1,1/1/2016 00:50,Active,2/1/2016 00:00,bald,2,?,?,?,?,?
I1,1/1/2016 01:00,Resolved,1/1/2016 00:00,?,2,?,?,?,?,?
I1,1/1/2016 01:10,Closed,1/1/2016 00:00,?,2,?,?,?,?,?
I1,1/1/2016 01:20,Active,1/1/2016 00:00,?,2,?,?,?,?,?
`

func TestWideTable(t *testing.T) {
	m := logfile.Mapping{
		Case: "id", Zone: shanghai,
		Instants: []logfile.Instant{
			{Column: "opened", Kind: history.Opened},
			{Column: "resolved", Kind: history.Resolved, Fields: history.Of("result", "done")},
			{Column: "answered", Kind: history.Responded},
		},
		Attributes: []logfile.Attribute{{Column: "tier", Name: "tier"}, {Column: "channel", Name: "channel"}},
		Always:     history.Of("kind", "ticket"),
		Pauses:     []logfile.Pause{{"wait from", "wait to", "customer"}},
	}
	assert.Equal(t, lines(`
		case 1
		2: 1 2025-03-01T01:00:00Z opened channel=phone kind=ticket tier=urgent
		2: 2 2025-03-01T01:10:00Z responded
		2: 3 2025-03-01T02:00:00Z held reason=customer
		2: 4 2025-03-01T03:00:00Z resumed reason=customer
		2: 5 2025-03-01T04:00:00Z resolved result=done
		case 2
		3: 1 2025-03-01T01:00:00Z opened channel=chat kind=ticket
		4: row-time 3 resolved="bald" dropped
		5: row-entry 4 ="" dropped
		6: row-entry 5 ="" dropped
		7: case-split 1 =""
		case 1
		7: 1 2025-03-01T01:00:00Z opened kind=ticket`), tell(t, m, `id,tier,channel,opened,answered,resolved,wait from,wait to
1,urgent,phone,2025-03-01 09:00,2025-03-01 09:10,2025-03-01 12:00,2025-03-01 10:00,2025-03-01 11:00
2,,chat,2025-03-01 09:00,,,,
3,,,2025-03-01 09:00,,bald,,
4,,,,,,,
5,,,2025-03-01 09:00,,,2025-03-01 10:00,2025-03-01 09:00
1,,,2025-03-01 09:00,,,,
`))
}

func TestLocalTimesThatDoNotExistOrComeTwice(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	m := logfile.Mapping{Case: "id", Time: "at", Activity: "kind", Zone: berlin}
	const log = "id,at,kind\n1,2025-03-30 02:30,opened\n1,2025-10-26 02:30,resolved\n1,2025-10-26T02:30:00+01:00,closed\n"
	got := tell(t, m, log)
	assert.Equal(t, []string{`2: time-skipped 1 at="2025-03-30 02:30"`, `3: time-twice 1 at="2025-10-26 02:30"`}, got[:2])
	m.Zone = nil
	got = tell(t, m, log)
	assert.Equal(t, []string{`2: no-zone 1 at="2025-03-30 02:30"`, `3: no-zone 1 at="2025-10-26 02:30"`}, got[:2])
	assert.Equal(t, "4: 3 2025-10-26T01:30:00Z closed", got[5])
}

func TestRowsInAnyOrderWithinABudget(t *testing.T) {
	rows := slices.Collect(strings.Lines(shuffledLog))
	want := tell(t, shuffled, strings.Join(rows, ""))
	require.NotEmpty(t, want)
	rnd := rand.New(rand.NewPCG(1, 2))
	m := shuffled
	m.Budget = 1 << 20
	for range 20 {
		got := tell(t, m, strings.Join(rows, ""))
		// Cases come in the order in which they begin in the file, and lines are those of the file.
		assert.Equal(t, sorted(want), sorted(got))
		rnd.Shuffle(len(rows)-1, func(i, j int) { rows[i+1], rows[j+1] = rows[j+1], rows[i+1] })
	}
	m.Budget = 350
	_, err := told(t, logfile.Read(strings.NewReader(shuffledLog), m))
	var r *logfile.ReadError
	require.ErrorAs(t, err, &r)
	assert.ErrorIs(t, err, logfile.ErrBudget)
	assert.Equal(t, 4, r.Line)
}

var shuffled = logfile.Mapping{
	Case: "id", Time: "at", Activity: "kind", Zone: time.UTC,
	Attributes: []logfile.Attribute{{Column: "tier", Name: "tier"}},
}

const shuffledLog = `id,at,kind,tier
1,2025-01-01 00:00,opened,urgent
1,2025-01-01 01:00,responded,urgent
1,2025-01-01 02:00,resolved,routine
2,2025-01-01 00:30,opened,routine
2,2025-01-01 03:30,resolved,routine
3,2025-01-01 00:45,opened,
3,2025-01-01 00:50,held,
3,2025-01-01 00:55,resumed,urgent
`

// sorted puts the cases in order and leaves out the lines.
func sorted(told []string) []string {
	var cases []string
	for _, l := range told {
		if strings.HasPrefix(l, "case ") {
			cases = append(cases, l)
			continue
		}
		_, l, _ = strings.Cut(l, ": ")
		cases[len(cases)-1] += "\n" + l
	}
	slices.Sort(cases)
	return cases
}

func TestStoppingEarly(t *testing.T) {
	for _, budget := range []int64{0, 1 << 20} {
		m := shuffled
		m.Budget = budget
		n := 0
		for _, err := range logfile.Read(strings.NewReader(shuffledLog), m).Cases {
			require.NoError(t, err)
			if n++; n == 2 {
				break
			}
		}
		assert.Equal(t, 2, n)
	}
}

func TestProvides(t *testing.T) {
	assert.Equal(t, []history.Kind{history.Dispatched, history.Opened, history.Responded, history.Held, history.Resumed, history.Resolved}, desk.Provides())
	m := logfile.Mapping{Case: "id", Time: "at", Activity: "kind"}
	assert.Nil(t, m.Provides(), "the words are kinds, so it may be any")
	m = logfile.Mapping{Instants: []logfile.Instant{{"a", history.Opened, nil}}, Pauses: []logfile.Pause{{}}}
	assert.Equal(t, []history.Kind{history.Opened, history.Held, history.Resumed}, m.Provides())
}

func TestShareRead(t *testing.T) {
	s := logfile.Read(strings.NewReader(deskLog), desk)
	require.NotNil(t, s.Read)
	assert.Zero(t, s.Read())
	_, err := told(t, s)
	require.NoError(t, err)
	assert.InDelta(t, 1, s.Read(), 0)
	assert.Nil(t, logfile.Read(struct{ io.Reader }{}, desk).Read)
	f, err := os.CreateTemp(t.TempDir(), "log*.csv")
	require.NoError(t, err)
	_, err = f.WriteString(deskLog)
	require.NoError(t, err)
	_, err = f.Seek(0, io.SeekStart)
	require.NoError(t, err)
	s = logfile.Read(f, desk)
	assert.Equal(t, f.Name(), s.Name)
	_, err = told(t, s)
	require.NoError(t, err)
	assert.InDelta(t, 1, s.Read(), 0)
	require.NoError(t, f.Close())
}

// A case costs the text of its id and nothing else, however long the log.
func TestReadingAllocatesOneTextACase(t *testing.T) {
	log := func(cases int) string {
		var b strings.Builder
		b.WriteString("id,at,kind,tier\n")
		for i := range cases {
			for j, kind := range []string{"opened", "responded", "held", "resumed", "resolved", "closed"} {
				fmt.Fprintf(&b, "case %d,2025-01-01 %02d:%02d,%s,%d\n", i, j, i%60, kind, i%3)
			}
		}
		return b.String()
	}
	few, many := log(1000), log(3000)
	cost := func(text string) float64 {
		return testing.AllocsPerRun(3, func() {
			for _, err := range logfile.Read(strings.NewReader(text), shuffled).Cases {
				require.NoError(t, err)
			}
		})
	}
	assert.InDelta(t, 2000, cost(many)-cost(few), 10)
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(deskLog), int64(0))
	f.Add([]byte(deskLog), int64(1<<20))
	f.Add([]byte("\xff\xfeid,at\n"), int64(0))
	f.Add([]byte("工单编号;时间;环节;紧急程度;组\n\"A\nB\";2025-01-01T00:00:00+01:00;受理;普通;一\n"), int64(300))
	f.Fuzz(func(t *testing.T, b []byte, budget int64) {
		if len(b) > 1<<14 || len(b) > 1 && b[0] == 0x1f && b[1] == 0x8b {
			return
		}
		m := desk
		m.Budget = max(budget, 0)
		var faults []error
		for c, err := range logfile.Read(bytes.NewReader(b), m).Cases {
			if err != nil {
				faults = append(faults, err)
				continue
			}
			require.NotEmpty(t, c.Case)
			require.Len(t, c.Lines, len(c.Entries))
			for i, e := range c.Entries {
				require.Equal(t, uint64(i)+1, e.Seq)
				if e.At.Year() >= 0 && e.At.Year() < 9999 && !e.At.IsZero() {
					_, err := e.AppendCanonical(nil)
					require.NoError(t, err)
				}
			}
		}
		for i, err := range faults {
			f, ok := err.(*audit.Finding)
			if !ok {
				require.Equal(t, len(faults)-1, i, "only the last error ends it")
				continue
			}
			require.NotEmpty(t, f.Code)
			require.Positive(t, f.Line)
		}
	})
}
