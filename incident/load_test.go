package incident_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/chartertest"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/incident"
)

func TestLoadRefuses(t *testing.T) {
	detected := history.Entry{Seq: 1, At: start, Kind: history.Detected}
	for name, c := range map[string]struct {
		entries []history.Entry
		err     error
		field   string
	}{
		"no number":      {[]history.Entry{{At: start, Kind: history.Detected}}, incident.ErrNumber, "seq"},
		"number twice":   {[]history.Entry{detected, detected}, incident.ErrNumber, "seq"},
		"beyond numbers": {[]history.Entry{{Seq: history.MaxSeq + 1, At: start, Kind: history.Detected}}, history.ErrSeq, "seq"},
		"no instant":     {[]history.Entry{{Seq: 1, Kind: history.Detected}}, history.ErrTime, "at"},
		"no kind":        {[]history.Entry{{Seq: 1, At: start}}, history.ErrKind, "kind"},
	} {
		_, err := incident.Load(history.History{Case: "I-9", Entries: c.entries}, nil)
		var entry *history.EntryError
		require.ErrorAs(t, err, &entry, name)
		assert.ErrorIs(t, err, c.err, name)
		assert.Equal(t, "I-9", entry.Case, name)
		assert.Equal(t, c.field, entry.Field, name)
	}

	_, err := incident.Load(history.History{Case: "T-1", Entries: []history.Entry{{Seq: 1, At: start, Kind: history.Opened, Fields: history.Of("kind", "ticket")}}}, nil)
	assert.ErrorIs(t, err, incident.ErrUnknown)
	assert.EqualError(t, err, "incident T-1: entry 1: opened: the value of kind is unknown")

	// kind means other things elsewhere: an assessment of risk is no lifecycle.
	_, err = incident.Load(history.History{Entries: []history.Entry{{Seq: 1, At: start, Kind: history.Assessed, Fields: history.Of("kind", "risk")}}}, nil)
	assert.NoError(t, err)
}

// A case that breaks the rules goes on: only what a step adds counts against it.
func TestLoadGoesOnWithMessyHistories(t *testing.T) {
	h := chartertest.History(t, `
		mon 09:00 declare lead=9
		mon 10:00 detect class=outage
		mon 10:10 resume
	`)
	i, err := incident.Load(h, nil)
	require.NoError(t, err)
	messy := len(i.Findings())
	require.Positive(t, messy)
	now := h.Entries[2].At.Add(time.Hour)
	require.NoError(t, i.Restore(incident.Meta{Now: now}, incident.Restoration{}))
	require.ErrorIs(t, i.Resume(incident.Meta{Now: now}), incident.ErrOrder)
	require.Len(t, i.Findings(), messy)
	require.Len(t, i.Pending(), 1)
	assert.Equal(t, uint64(4), i.Pending()[0].Seq)
	assert.Len(t, h.Entries, 3, "what was loaded stays as it was")
}

func TestNumbersRunOut(t *testing.T) {
	i, err := incident.Load(history.History{Case: "I-1", Entries: []history.Entry{{Seq: history.MaxSeq, At: start, Kind: history.Detected}}}, nil)
	require.NoError(t, err)
	assert.ErrorIs(t, i.Respond(incident.Meta{At: start}, "phone"), history.ErrSeq)
	assert.Empty(t, i.Pending())
}

// What cannot be written is refused by every command, and names the case and the member.
func TestUnwritable(t *testing.T) {
	i, err := incident.Load(history.History{Case: "I-1"}, nil)
	require.NoError(t, err)
	for name, c := range map[string]struct {
		meta incident.Meta
		err  error
	}{
		"no instant": {incident.Meta{}, history.ErrTime},
		"far future": {incident.Meta{At: time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC)}, history.ErrTime},
		"not UTF-8":  {incident.Meta{At: start, Fields: history.Of("place", "\xff")}, history.ErrUTF8},
		"no key":     {incident.Meta{At: start, Fields: history.Of("", "x")}, history.ErrKey},
		"too large":  {incident.Meta{At: start, Fields: history.Of("place", strings.Repeat("x", history.MaxSize))}, history.ErrSize},
	} {
		err := i.Detect(c.meta, incident.Detection{Class: "fault"})
		require.ErrorIs(t, err, c.err, name)
		assert.ErrorContains(t, err, "incident I-1: entry 1: detected: ", name)
	}
	require.ErrorIs(t, i.Add(incident.Meta{At: start}, "", nil), history.ErrKind)
	assert.Equal(t, incident.New, i.State())
	assert.Empty(t, i.History().Entries)
}

// The host keeps what it passes in and gets out: nothing is shared.
func TestNothingIsShared(t *testing.T) {
	i, err := incident.Load(history.History{}, nil)
	require.NoError(t, err)
	fields := history.Of("place", "Shenzhen")
	require.NoError(t, i.Add(incident.Meta{At: start}, history.Detected, fields))
	fields[0].Value = "Peking"
	i.Pending()[0].Kind = history.Closed
	i.History().Entries[0].Kind = history.Closed
	assert.Equal(t, history.Of("place", "Shenzhen"), i.Record())
	assert.Equal(t, incident.Detected, i.State())
}

// Now alone is enough; what happened earlier keeps when it was written down.
func TestInstants(t *testing.T) {
	i, err := incident.Load(history.History{}, nil)
	require.NoError(t, err)
	local := start.In(time.FixedZone("", 8*3600))
	require.NoError(t, i.Detect(incident.Meta{Now: local}, incident.Detection{}))
	require.NoError(t, i.Respond(incident.Meta{At: local.Add(time.Minute), Now: local.Add(time.Hour)}, "phone"))
	require.NoError(t, i.Respond(incident.Meta{At: local.Add(2 * time.Hour)}, "phone"))
	var got []string
	for _, e := range i.Pending() {
		b, err := e.AppendCanonical(nil)
		require.NoError(t, err)
		got = append(got, string(b))
	}
	assert.Equal(t, []string{
		`{"at":"2025-03-03T01:00:00Z","fields":{"kind":"incident"},"kind":"detected","seq":1}`,
		`{"at":"2025-03-03T01:01:00Z","fields":{"channel":"phone"},"kind":"responded","recorded":"2025-03-03T02:00:00Z","seq":2}`,
		`{"at":"2025-03-03T03:00:00Z","fields":{"channel":"phone"},"kind":"responded","seq":3}`,
	}, got)
}

// Lacking says all that a step would be refused for, and takes none.
func TestLacking(t *testing.T) {
	r, _ := demanded(t, "standard")
	i, err := incident.Load(history.History{}, r)
	require.NoError(t, err)
	m := incident.Meta{Now: start}
	require.NoError(t, i.Detect(m, incident.Detection{Class: "complaint"}))
	var missing []string
	for _, f := range i.Lacking(m, history.Reported, history.Of("to", "management", "form", "analysis")) {
		missing = append(missing, f.Field)
	}
	assert.Equal(t, []string{"cause", "steps", "impact", "improvements"}, missing)
	assert.Len(t, i.Pending(), 1)
	assert.Empty(t, i.Lacking(m, history.Responded, nil))
}

func TestStepError(t *testing.T) {
	i, err := incident.Load(history.History{Case: "I-1"}, nil)
	require.NoError(t, err)
	require.NoError(t, i.Detect(incident.Meta{At: start}, incident.Detection{Class: "outage"}))
	err = i.Resolve(incident.Meta{At: start}, "", "")
	var step *incident.StepError
	require.ErrorAs(t, err, &step)
	assert.Equal(t, &incident.StepError{
		Case: "I-1", Seq: 2, Step: history.Resolved, Code: incident.CodeOrder, Need: "restored", Err: incident.ErrOrder,
	}, step)
	assert.Equal(t, "解决：应先有“恢复服务”", step.Text("zh-CN"))
	for _, sentinel := range []error{
		incident.ErrField, incident.ErrRole, incident.ErrFuture, incident.ErrClosed, incident.ErrUnknown, incident.ErrMalformed,
	} {
		assert.False(t, errors.Is(err, sentinel))
	}
}

// Every code has its sentinel and says something of its own in both languages.
func TestCodes(t *testing.T) {
	texts := map[string]incident.Code{}
	for _, c := range incident.Codes() {
		for _, language := range []string{"en", "zh"} {
			text := incident.Finding{Code: c, Step: history.Closed, Field: "f", Need: "resolved", Clause: "x/1"}.Text(language)
			assert.NotContains(t, texts, text)
			texts[text] = c
		}
	}
	assert.Len(t, texts, 2*len(incident.Codes()))
}

func TestLastDrill(t *testing.T) {
	h := chartertest.History(t, `
		mon 09:00 drill scope=full form=live
		wed 09:00 drill scope=part form=table_top
		tue 09:00 drill scope=full form=table_top
		thu 09:00 issue version=2
	`)
	last, ok := incident.LastDrill(h, "full")
	require.True(t, ok)
	assert.Equal(t, h.Entries[2], last)
	last, ok = incident.LastDrill(h, "")
	require.True(t, ok)
	assert.Equal(t, h.Entries[1], last)
	_, ok = incident.LastDrill(h, "simulated")
	assert.False(t, ok)
	_, ok = incident.LastDrill(history.History{}, "")
	assert.False(t, ok)
}

// Large cases and large entries cost what they are long, not more.
func TestLargeHistories(t *testing.T) {
	var h history.History
	var many history.Fields
	for n := range 20_000 {
		many = append(many, history.Field{Key: fmt.Sprintf("k%d", n), Value: "v"})
	}
	for n := range 20_000 {
		e := history.Entry{Seq: uint64(n) + 1, At: start.Add(time.Duration(-n)), Kind: history.Closed}
		if n < 20 {
			e.Kind, e.Fields = history.Classified, many
		}
		h.Entries = append(h.Entries, e)
	}
	assert.NotEmpty(t, incident.Check(h, nil))
	i, err := incident.Load(h, nil)
	require.NoError(t, err)
	assert.ErrorIs(t, i.Close(incident.Meta{At: start.Add(time.Hour)}, ""), incident.ErrClosed)
}

// FuzzLoad reads a log with one entry a line.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(`{"at":"2025-03-03T01:00:00Z","fields":{"kind":"incident","class":"outage"},"kind":"detected","seq":1}
{"at":"2025-03-03T02:00:00Z","fields":{"result":"done"},"kind":"resolved","seq":2}
{"at":"2025-03-03T01:30:00Z","fields":{"data_lost_from":"2025-03-03T00:00:00Z","downtime":"30m"},"kind":"restored","recorded":"2025-03-03T03:00:00Z","seq":3}`))
	f.Add([]byte(`{"at":"0000-01-01T00:00:00Z","kind":"reopened","seq":9007199254740991}`))
	f.Add([]byte(`{"at":"9999-12-31T23:59:59Z","fields":{"occurred":"0000-01-01T00:00:00Z"},"kind":"restored","seq":7}`))
	text, err := os.ReadFile("testdata/lifecycle.txt")
	require.NoError(f, err)
	f.Add(text)
	f.Fuzz(func(t *testing.T, data []byte) {
		h := history.History{Case: "I-1"}
		for line := range bytes.Lines(data) {
			if _, e, err := history.ParseLine(bytes.TrimSpace(line)); err == nil {
				h.Entries = append(h.Entries, e)
			}
		}
		found := incident.Check(h, nil)
		i, err := incident.Load(h, nil)
		if err != nil {
			return
		}
		if len(i.Findings()) != len(found) {
			t.Fatalf("Load finds %v, Check %v", i.Findings(), found)
		}
		if r := i.Recovery(); r.Downtime < 0 || r.DataLost < 0 {
			t.Fatalf("%+v", r)
		}
		whole(i)
		_ = i.Close(incident.Meta{At: start}, "done")
	})
}

// Such a case could not be loaded again.
func TestOtherKindIsRefusedWhateverTheRulesSay(t *testing.T) {
	i, err := incident.Load(history.History{}, &incident.Rules{Lenient: incident.Codes()})
	require.NoError(t, err)
	require.NoError(t, i.Detect(incident.Meta{At: start}, incident.Detection{}))
	m := incident.Meta{At: start, Fields: history.Of("kind", "ticket")}
	require.ErrorIs(t, i.Dispatch(m, "operations", "", ""), incident.ErrUnknown)
	require.NoError(t, i.Add(m, history.Assessed, nil), "no attribute of the case")
	_, err = incident.Load(i.History(), nil)
	require.NoError(t, err)
}
