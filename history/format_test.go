package history_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/servicecharter/charter/history"
)

func TestEntryString(t *testing.T) {
	assert.Equal(t, `3 2025-03-03T01:00:00.000000001Z opened by=agent/17 recorded=2025-03-03T01:05:00Z tier=urgent note="two words" empty="" +2 personal`,
		history.Entry{
			Seq: 3, At: nine.Add(1), Recorded: nine.Add(5 * time.Minute), Kind: history.Opened, Actor: history.Actor{ID: "17", Role: "agent"},
			Fields:   history.Fields{{"tier", "urgent"}, {"note", "two words"}, {"empty", ""}},
			Personal: history.Of("name", "Li Lei", "phone", "13800000000"),
		}.String())
	assert.Equal(t, `0001-01-01T00:00:00Z ""`, history.Entry{}.String())
}

// TestPersonalDataIsNeverPrinted: no verb, no log, no copy marked as redacted shows a personal value, of an entry or of what holds one.
func TestPersonalDataIsNeverPrinted(t *testing.T) {
	const secret = "13800000000"
	e := history.Entry{Seq: 1, At: nine, Kind: history.Opened, Personal: history.Of("phone", secret)}
	h := history.History{Case: "T-1", Entries: []history.Entry{e}}
	var out bytes.Buffer
	for _, v := range []any{e, &e, h, h.Entries} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%t"} {
			fmt.Fprintf(&out, verb, v)
		}
		fmt.Fprint(&out, v)
	}
	for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(handler).Info("entry", "entry", e, "pointer", &e, "history", h)
	}
	redacted, err := e.Redacted().AppendCanonical(nil)
	assert.NoError(t, err)
	out.Write(redacted)
	for _, f := range history.Check(h) {
		fmt.Fprintf(&out, "%+v %s %s", f, f, f.Text("zh"))
	}
	assert.NotContains(t, out.String(), secret)
	assert.NotContains(t, out.String(), fmt.Sprintf("%x", secret))
	assert.Contains(t, out.String(), "+1 personal")
	assert.Equal(t, secret, e.Personal[0].Value, "the entry itself still has it")
}

func TestLogValue(t *testing.T) {
	var out bytes.Buffer
	withoutTime := &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
		if len(groups) == 0 && a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}
	log := slog.New(slog.NewTextHandler(&out, withoutTime))
	e := full()
	e.Fields = history.Of("tier", "urgent", "tags", "a")
	e.At, e.Recorded = e.At.UTC(), e.Recorded.UTC()
	log.Info("m", "entry", e)
	log.Info("m", "history", history.History{Case: "T-1", Entries: []history.Entry{e}})
	assert.Equal(t, `level=INFO msg=m entry.seq=3 entry.at=2025-03-03T01:00:00.000Z entry.kind=opened entry.actor.role=agent entry.actor.id=17 `+
		`entry.recorded=2025-03-03T01:05:00.000Z entry.fields.tags=a entry.fields.tier=urgent entry.personal=2
level=INFO msg=m history.case=T-1 history.entries=1
`, out.String())
}
