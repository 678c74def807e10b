package seal

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/journal"
)

// Whatever is appended, erased and gathered, and whatever somebody then does to the store without computing sums anew: Verify names, in every case
// that was changed, the first place where the store shows something else than was sealed, and no other case. The model knows just
// that: it keeps what was stored and compares.
func TestVerifyAgainstAComparison(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		h := &house{TB: t, store: alter(journal.NewMemory()), logStore: journal.NewMemory()}
		h.signer, h.verifier = signers(t, origin)
		var err error
		h.log, err = OpenLog(t.Context(), h.logStore, origin, h.verifier)
		require.NoError(t, err)
		h.Journal = New(h.store, Options{Log: h.log})

		heads := map[string]journal.Head{}
		gone := map[string]bool{}
		ids := []string{"a", "b", "c"}
		for range rapid.IntRange(1, 25).Draw(r, "steps") {
			id := rapid.SampledFrom(ids).Draw(r, "case")
			switch what := rapid.IntRange(0, 9).Draw(r, "what"); {
			case what == 0:
				h.checkpoint()
			case gone[id]:
			case what == 1 && heads[id].Version > 0:
				heads[id], err = h.Erase(t.Context(), id, heads[id], []byte("gone"))
				require.NoError(t, err)
				gone[id] = true
			case what == 2 && heads[id].Version > 0:
				heads[id], err = h.Append(t.Context(), journal.Batch{Case: id, Expect: heads[id], Next: noon})
				require.NoError(t, err)
			default:
				records := rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 0, 90), 1, 3).Draw(r, "records")
				heads[id], err = h.Append(t.Context(), journal.Batch{Case: id, Expect: heads[id], Records: records})
				require.NoError(t, err)
			}
		}
		held := h.checkpoint()
		h.sound(held)

		sealed := contents(t, h.store)
		order := places(sealed)
		if len(order) == 0 {
			return
		}
		for range rapid.IntRange(0, 3).Draw(r, "changes") {
			at, other := rapid.SampledFrom(order).Draw(r, "at"), rapid.SampledFrom(order).Draw(r, "other")
			data := bytes.Clone(sealed[at])
			switch rapid.IntRange(0, 4).Draw(r, "how") {
			case 0:
				data[rapid.IntRange(0, len(data)-1).Draw(r, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(r, "bit")
			case 1:
				data = nil
			case 2:
				data = data[:rapid.IntRange(0, len(data)).Draw(r, "cut")]
			case 3:
				data = bytes.Clone(sealed[other])
			case 4:
				data = append(data, 0)
			}
			h.store.data[at] = data
		}

		want := map[string]uint64{}
		for _, at := range order {
			data, changed := h.store.data[at]
			if changed && (data == nil || !bytes.Equal(data, sealed[at])) && want[at.id] == 0 {
				want[at.id] = at.seq
			}
		}
		report, err := h.Verify(t.Context(), held)
		have := map[string]uint64{}
		for _, f := range report.Faults {
			if have[f.Case] == 0 {
				have[f.Case] = f.Seq
			}
		}
		for id := range want {
			lacking := uint64(0)
			for data, ok := h.store.data[place{id, lacking + 1}]; ok && data == nil; data, ok = h.store.data[place{id, lacking + 1}] {
				lacking++
			}
			switch {
			case gone[id] && have[id] == 1:
				want[id] = 1 // without its tombstone the case lacks its entries from the first on
			case lacking > 0 && have[id] == lacking+1:
				want[id] = lacking + 1 // with nothing before it, it was taken for a damaged tombstone
			}
		}
		require.Equal(t, want, have, fmt.Sprint(report.Faults))
		require.Equal(t, len(want), report.Bad)
		for at, data := range h.store.data {
			named := slices.ContainsFunc(report.Faults, func(f *Fault) bool { return f.Case == at.id && f.Seq <= at.seq && at.seq <= f.Last })
			require.True(t, named || data == nil || bytes.Equal(data, sealed[at]), "%v is changed too, named are %v", at, report.Faults)
		}
		require.Equal(t, len(want) > 0, err != nil)
	})
}
