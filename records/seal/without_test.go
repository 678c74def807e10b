package seal

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
)

// All that is wrong is named, the first bad entry of each case first.
func TestVerifyGoesOnBehindAFault(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	for _, id := range []string{"T-1", "T-2", "T-3", "T-4"} {
		h.entries(id, 9)
	}
	held := h.checkpoint()
	flip := func(id string, seq uint64) {
		data := h.store.stored(t, id, seq)
		data[3] ^= 4
		h.store.data[place{id, seq}] = data
	}
	flip("T-1", 2)
	flip("T-1", 3)
	flip("T-1", 7)
	h.store.data[place{"T-2", 4}] = nil
	flip("T-2", 6)
	h.store.data[place{"T-2", 9}] = nil
	h.rewrite("T-4", 5, []byte("forged"))
	flip("T-4", 8)
	report, err := h.Verify(t.Context(), held)
	require.Equal(t, fault("T-1", 2, ErrDamaged), err)
	require.Equal(t, []*Fault{
		fault("T-1", 2, ErrDamaged), fault("T-1", 3, ErrDamaged), fault("T-1", 7, ErrDamaged),
		fault("T-2", 4, ErrMissing), fault("T-2", 6, ErrDamaged), fault("T-2", 9, ErrMissing),
		{Case: "T-4", Seq: 1, Last: 9, Err: ErrRewritten},
		fault("T-4", 8, ErrDamaged),
	}, report.Faults)
	require.Equal(t, 3, report.Bad)
	require.Zero(t, report.More)
	require.Equal(t, 4, report.Cases)
	require.Equal(t, 36-2, report.Records)
}

// A journal that is bad throughout does not fill the memory of who verifies it.
func TestFaultsAreBounded(t *testing.T) {
	m := journal.NewMemory()
	h := newHouse(t, m)
	const cases, each = 250, 100
	for i := range cases {
		_, err := m.Append(t.Context(), journal.Batch{Case: fmt.Sprint("T-", i), Records: make([][]byte, each)})
		require.NoError(t, err)
	}
	for i := range cases {
		for seq := range uint64(each) {
			// Every second record is missing.
			if seq%2 == 1 {
				h.store.data[place{fmt.Sprint("T-", i), seq + 1}] = nil
			}
		}
	}
	report, err := h.Verify(t.Context())
	require.ErrorIs(t, err, ErrTampered)
	require.Equal(t, cases, report.Bad)
	require.Equal(t, report.Faults[0], err)
	all := len(report.Faults) + report.More
	require.Greater(t, all, MaxFaults)
	require.Len(t, report.Faults, MaxFaults)
}

// An audit goes on over what is sound when it was told to, and never by itself.
func TestAuditOverADamagedJournal(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	for i := range 5 {
		h.entries(fmt.Sprint("T-", i), 4)
	}
	for _, id := range []string{"T-1", "T-3"} {
		data := h.store.stored(t, id, 3)
		data[0] ^= 1
		h.store.data[place{id, 3}] = data
	}
	_, err := collectScan(t, h.Journal)
	require.Equal(t, fault("T-1", 3, ErrDamaged), err)
	report, err := h.Verify(t.Context())
	require.ErrorIs(t, err, ErrTampered)

	some := h.Without(report.Faults[0])
	records, err := collectScan(t, some)
	require.Equal(t, fault("T-3", 3, ErrDamaged), err, "the other one was not named")
	require.NotEmpty(t, records)

	rest := some.Without(report.Faults...)
	records, err = collectScan(t, rest)
	require.NoError(t, err)
	seen := map[string]int{}
	for _, r := range records {
		seen[r.Case]++
	}
	require.Equal(t, map[string]int{"T-0": 4, "T-2": 4, "T-4": 4}, seen, "whole cases")
	_, _, err = rest.Read(t.Context(), "T-1", 0)
	require.Equal(t, fault("T-1", 3, ErrDamaged), err)
	_, err = rest.Append(t.Context(), journal.Batch{Case: "T-1", Expect: journal.Head{Version: 4, Rev: 4}, Records: [][]byte{{1}}})
	require.Equal(t, fault("T-1", 3, ErrDamaged), err)
	_, err = rest.Erase(t.Context(), "T-1", journal.Head{Version: 4, Rev: 4}, nil)
	require.Equal(t, fault("T-1", 3, ErrDamaged), err)
	_, _, err = rest.Read(t.Context(), "T-2", 0)
	require.NoError(t, err)
	_, err = rest.Checkpoint(t.Context(), h.signer)
	require.ErrorIs(t, err, ErrTampered, "nothing is signed over them")
	_, err = rest.Verify(t.Context())
	require.ErrorIs(t, err, ErrTampered)

	_, err = collectScan(t, h.Without())
	require.ErrorIs(t, err, ErrTampered)
	_, err = collectScan(t, h.Without(nil, nil))
	require.ErrorIs(t, err, ErrTampered)
}
