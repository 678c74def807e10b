package ticket_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/ticket"
)

// FuzzLoad takes entries, one a line, in any order; whatever they are, loading and checking end, and what the ticket adds can be stored.
func FuzzLoad(f *testing.F) {
	f.Fuzz(func(t *testing.T, book uint8, text string) {
		sets, err := ruleSets()
		require.NoError(t, err)
		rules := sets[int(book)%len(sets)]
		h := history.History{Case: "T-1"}
		for line := range strings.Lines(text) {
			e, err := history.Decode([]byte(strings.TrimSuffix(line, "\n")))
			if err == nil {
				h.Entries = append(h.Entries, e)
			}
		}
		for _, found := range ticket.Check(h, rules) {
			require.NotEmpty(t, found.Text("en"))
			require.NotEmpty(t, found.Text("zh"))
		}
		made, err := ticket.Load(h, rules)
		if err != nil {
			require.ErrorIs(t, err, ticket.ErrUnknown)
			return
		}
		for _, e := range h.Entries {
			_ = made.Record(ticket.Meta{At: e.At, Actor: e.Actor}, e.Kind, e.Fields)
		}
		_ = made.Close(li(nine), "done")
		_ = made.Reopen(li(nine), "again")
		for _, e := range made.Pending() {
			_, err := e.AppendCanonical(nil)
			require.NoError(t, err)
		}
		again, err := ticket.Load(made.History(), rules)
		require.NoError(t, err)
		require.Equal(t, stands(made), stands(again))
	})
}

// FuzzParseRules takes anybody's JSON: rules that are accepted can be used, and say the same when they are written.
func FuzzParseRules(f *testing.F) {
	f.Fuzz(func(t *testing.T, text []byte) {
		rules, err := ticket.ParseRules(text)
		if err != nil {
			require.ErrorIs(t, err, ticket.ErrRules)
			return
		}
		require.NoError(t, rules.Validate())
		made := loaded(t, history.History{Case: "T-1"}, rules)
		_ = made.Open(li(nine), ticket.Opening{Channel: "phone"})
		_ = made.Escalate(li(nine), "team", "")
		_ = made.Classify(li(nine), ticket.Classification{Urgency: "high"})
		_ = made.Resolve(li(nine), "done", "")
		_ = texts(ticket.Check(made.History(), rules), "zh")
	})
}
