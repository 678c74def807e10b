package charter_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/incident"
)

// Whatever is accepted can be written, read again as the same, linted,
// compiled and judged by.
func FuzzParseHandbook(f *testing.F) {
	f.Add([]byte(small))
	f.Fuzz(func(t *testing.T, text []byte) {
		h, err := charter.ParseHandbook(text)
		if err != nil {
			require.Nil(t, h)
			problems(err)
			return
		}
		written, err := h.MarshalJSON()
		require.NoError(t, err)
		again, err := charter.ParseHandbook(written)
		require.NoError(t, err, string(written))
		require.Equal(t, h.Digest(), again.Digest())
		require.Empty(t, charter.Diff(h, again))
		for _, finding := range h.Lint() {
			_ = finding.Text("zh")
		}
		_, _ = h.Judge(history.History{Entries: []history.Entry{{Kind: history.Opened, At: at(2, 8, 0)}}}, at(3, 8, 0))
		require.NoError(t, h.TicketRules(at(2, 8, 0)).Validate())
		require.NoError(t, h.ComplaintRules(at(2, 8, 0)).Validate())
		_ = incident.Check(history.History{Entries: []history.Entry{{Kind: history.Detected, At: at(2, 8, 0)}}}, h.IncidentRules(at(2, 8, 0)))
		for _, x := range h.Content(at(2, 8, 0)) {
			require.NoError(t, x.Validate())
		}
		holdings, err := h.CheckRecord("ticket", history.History{Entries: []history.Entry{{Kind: history.Opened, At: at(2, 8, 0)}}})
		if err != nil {
			require.ErrorIs(t, err, charter.ErrUnknownClass)
		}
		for _, held := range holdings {
			_ = held.Text("zh")
		}
		_ = h.String()
	})
}

// Whatever is accepted can be written and read again as the same, and is put
// on a handbook or refused without a trace.
func FuzzParsePatch(f *testing.F) {
	base, err := charter.ParseHandbook([]byte(small))
	require.NoError(f, err)
	digest := base.Digest()
	f.Add([]byte(`{"base": {"handbook": "small", "version": "1", "digest": "x"}, "reason": "r", "effective": "2026-01-01",
		"changes": [{"op": "basis", "basis": "elapsed", "clauses": ["*"]}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := charter.ParsePatch(text)
		if err != nil {
			problems(err)
			return
		}
		_ = p.String()
		written, err := p.MarshalJSON()
		require.NoError(t, err)
		again, err := charter.ParsePatch(written)
		require.NoError(t, err, string(written))
		rewritten, err := again.MarshalJSON()
		require.NoError(t, err)
		require.Equal(t, string(written), string(rewritten))

		p.Base = base.Pin()
		h, err := base.Amend(p)
		require.Equal(t, digest, base.Digest())
		if err != nil {
			require.Nil(t, h)
			return
		}
		require.NotEqual(t, digest, h.Digest())
		_, err = h.Judge(history.History{Entries: []history.Entry{{Kind: history.Opened, At: at(2, 8, 0)}}}, at(2, 8, 0).Add(time.Hour))
		require.NoError(t, err)
	})
}
