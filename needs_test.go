package charter_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

// What Needs and Lint say is missing is what the engine says of a case that
// has everything else.
func TestNeedsAgreesWithTheEngineOnWhatIsMissing(t *testing.T) {
	books := map[string]*charter.Handbook{}
	for h, err := range handbooks.All() {
		require.NoError(t, err)
		amended, err := h.Amend(charter.Patch{
			Base: h.Pin(), Reason: "r", Effective: day(2025, 1, 1),
			Changes: []charter.Change{{Edit: charter.NameBasis{Basis: sla.Elapsed, Clauses: []string{charter.Every}}}},
		})
		require.NoError(t, err)
		books[h.ID()] = amended
	}
	rapid.Check(t, func(r *rapid.T) {
		base := books[rapid.SampledFrom(handbooks.Names()).Draw(r, "handbook")]
		kinds := rapid.SliceOfNDistinct(rapid.SampledFrom(history.Kinds()), 1, 20, rapid.ID[history.Kind]).Draw(r, "kinds")
		h, err := base.Amend(charter.Patch{
			Base: base.Pin(), Reason: "r", Effective: day(2025, 1, 1),
			Changes: []charter.Change{{Edit: charter.SetProvides{Kinds: kinds}}},
		})
		require.NoError(r, err)
		kind := rapid.SampledFrom([]string{"ticket", "complaint", "incident"}).Draw(r, "kind")
		c := history.History{Entries: []history.Entry{
			{Seq: 1, At: at(2, 8, 0), Kind: history.Opened, Fields: history.Of("kind", kind, "tier", "urgent", "complexity", "complex", "request", "technical")},
			{Seq: 2, At: at(2, 8, 0), Kind: history.Detected},
		}}
		j, err := h.Judge(c, at(2, 8, 1))
		require.NoError(r, err)
		lint := h.Lint()
		for _, k := range j.Clocks {
			n, ok := h.Needs(k.Target)
			require.True(r, ok, k.Target)
			found := slices.ContainsFunc(lint, func(f charter.Finding) bool {
				return f.Code == charter.CodeNotProvided && f.Clauses[0] == k.Target && f.Blocks
			})
			require.Equal(r, len(n.Missing) > 0, found, k.Target)
			if slices.Contains([]string{"figure", "calendar"}, k.Missing) {
				continue
			}
			for _, m := range n.Missing {
				require.Equal(r, sla.NotEvaluable, k.State, k.Target)
				require.Contains(r, k.Missing, string(m), k.Target)
			}
			if len(n.Missing) == 0 && k.Cycle > 0 && k.State == sla.NotEvaluable {
				require.Contains(r, n.Attributes, k.Missing, k.Target)
			}
		}
	})
}

// What Needs names is what the clock does.
func TestNeedsFollowsThePauses(t *testing.T) {
	h := amended(t)
	n, ok := h.Needs("norms/2.2.2-urgent-handling")
	require.True(t, ok)
	assert.Equal(t, sla.On(history.Opened), n.Start)
	assert.Equal(t, sla.On(history.Resolved), n.Stop)
	assert.Equal(t, "held[reason=customer|vendor]", n.Pause[0].String())
	assert.Equal(t, sla.On(history.Resumed), n.Resume)
	assert.Equal(t, []string{"kind", "tier"}, n.Attributes)
	n.Start[0].Kind = "spoilt"
	again, _ := h.Needs("norms/2.2.2-urgent-handling")
	assert.Equal(t, sla.On(history.Opened), again.Start)
}

// A nil handbook is the zero one: nothing panics.
func TestNilHandbook(t *testing.T) {
	var h *charter.Handbook
	zero := &charter.Handbook{}
	now := at(2, 8, 0)
	assert.Equal(t, zero.Pin(), h.Pin())
	assert.Equal(t, zero.Digest(), h.Digest())
	assert.Equal(t, zero.String(), h.String())
	assert.Equal(t, []string{h.ID(), h.Version(), h.Sector()}, []string{"", "", ""})
	assert.True(t, h.Title().IsZero())
	assert.True(t, h.Source().IsZero())
	assert.Equal(t, time.UTC, h.Location())
	assert.Empty(t, slices.Collect(h.Attributes()))
	assert.Empty(t, slices.Collect(h.Roles()))
	_, ok := h.Role("agent")
	assert.False(t, ok)
	assert.Empty(t, slices.Collect(h.Settings()))
	assert.Empty(t, slices.Collect(h.Patches()))
	assert.Empty(t, slices.Collect(h.Clauses()))
	assert.Empty(t, slices.Collect(h.Versions("x")))
	assert.Empty(t, slices.Collect(h.InForce(now)))
	assert.Empty(t, h.Lint())
	for _, ok := range []bool{
		second(h.Attribute("tier")), second(h.Clause("x")), second(h.Value("tier", "x")), second(h.Needs("x")),
	} {
		assert.False(t, ok)
	}
	_, err := h.MarshalJSON()
	require.NoError(t, err)
	_, err = h.Plan()
	require.NoError(t, err)
	j, err := h.Judge(entries(entry(now, history.Opened), entry(now, history.Held)), now)
	require.NoError(t, err)
	assert.Empty(t, j.Clocks)
	assert.Empty(t, j.Findings, "nothing runs that could pause")
	_, err = h.Amend(charter.Patch{Base: h.Pin()})
	require.ErrorIs(t, err, charter.ErrMissing)
	small := parse(t, small)
	assert.Empty(t, charter.Diff(nil, nil))
	assert.NotEmpty(t, charter.Diff(nil, small))
	assert.NotEmpty(t, charter.Diff(small, nil))
}

func second[T any](_ T, ok bool) bool { return ok }

func TestKeysTellFindingsApart(t *testing.T) {
	h := parse(t, small)
	elapsed, err := h.Amend(charter.Patch{
		Base: h.Pin(), Reason: "r", Effective: day(2026, 1, 1),
		Changes: []charter.Change{{Edit: charter.NameBasis{Basis: sla.Elapsed, Clauses: []string{charter.Every}}}},
	})
	require.NoError(t, err)
	keys := func(h *charter.Handbook) (keys []string) {
		for _, f := range h.Lint() {
			keys = append(keys, f.Key())
		}
		return keys
	}
	was, is := keys(h), keys(elapsed)
	assert.Equal(t, "no-basis|small/1|||1h|", was[0])
	assert.Equal(t, was[1:], is)
	a := charter.Finding{Code: "x", Clauses: []string{"a|b"}}
	b := charter.Finding{Code: "x", Clauses: []string{"a", "b"}}
	assert.NotEqual(t, a.Key(), b.Key())
	a.Clauses, b.Clauses = []string{`a\`, "b"}, []string{`a\|b`}
	assert.NotEqual(t, a.Key(), b.Key())
	assert.Equal(t, charter.Finding{Code: "x", Seq: 1}.Key(), charter.Finding{Code: "x", Seq: 2}.Key())
}

// Of the five handbooks as printed, just what needs the host blocks; nothing
// does once a figure, a basis and hours are there.
func TestBlocksTellsWhatVerdictsWaitFor(t *testing.T) {
	for h, err := range handbooks.All() {
		require.NoError(t, err)
		for _, f := range h.Lint() {
			want := slices.Contains([]charter.Code{charter.CodeNoFigure, charter.CodeNoBasis, charter.CodeNoCalendar}, f.Code)
			if f.Code == charter.CodeNoBasis && f.Clauses[0] == "enterprise/3.3.4-follow-up-time" {
				want = false // figures that are mere examples
			}
			if f.Code == charter.CodeNoFigure {
				// How long records are kept, and a figure over many, are no verdict on a case.
				c, _ := h.Clause(f.Clauses[0])
				want = c.Kind != charter.KindRetention && c.Kind != charter.KindObjective
			}
			assert.Equal(t, want, f.Blocks, f.String())
		}
	}
}
