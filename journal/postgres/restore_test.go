package postgres_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/journal/postgres"
)

func TestMalformedPositions(t *testing.T) {
	j, _, _ := fresh(t)
	add(t, j, "T-1", journal.Head{}, "1")
	_, pos := scan(t, j, "")
	good := string(pos)
	for _, bad := range []string{
		"x", ".", "...", good + ".", good + " ", " " + good, "0" + good, strings.ToUpper(good) + "x", good[:len(good)-1], good[1:], strings.Replace(good, ".", ".0", 1),
		strings.Replace(good, ".", ".-", 1), strings.Replace(good, ".", ".99999999999999999999999", 1), strings.Replace(good, ".", "'", 1),
		"\x00", "\xff", "'; drop table head; --", strings.Repeat("9.", 1<<16),
	} {
		assert.ErrorIs(t, scanError(t, j, journal.Position(bad)), journal.ErrPosition, "%.80q", bad)
	}
	assert.NoError(t, scanError(t, j, pos))
	other, _, _ := fresh(t)
	add(t, other, "T-1", journal.Head{}, "1")
	assert.ErrorIs(t, scanError(t, other, pos), journal.ErrPosition, "of another journal")
}

// The cluster is put back to before the record of a position: the record is gone.
func TestRestoreToBeforeThePosition(t *testing.T) {
	j, pool, schema := fresh(t)
	h := add(t, j, "T-1", journal.Head{}, "1")
	_, before := scan(t, j, "")
	add(t, j, "T-1", h, "lost")
	_, pos := scan(t, j, "")

	// Another record takes the number, the turn and the place of the one that was lost, as after a real restore.
	run(t, pool, "update "+schema+".record set data = 'other', mark = mark + 1 where seq = 2")
	assert.ErrorIs(t, scanError(t, j, pos), journal.ErrPosition)
	got, _ := scan(t, j, before)
	assert.Equal(t, []string{"T-1/2=other"}, got)

	run(t, pool, "delete from "+schema+".record where seq = 2")
	assert.ErrorIs(t, scanError(t, j, pos), journal.ErrPosition)
	assert.NoError(t, scanError(t, j, before))
}

// A dump was read into a cluster whose transaction ids are far behind. Nothing is scanned until there is a new epoch, then everything
// is, in order, also what is appended since.
func TestDumpIntoAClusterWithLowerTransactionIDs(t *testing.T) {
	j, pool, schema := fresh(t)
	a := add(t, j, "A", journal.Head{}, "1")
	b := add(t, j, "B", journal.Head{}, "1")
	b = add(t, j, "B", b, "2")
	a = add(t, j, "A", a, "2")
	_, pos := scan(t, j, "")
	const ahead = `('1' || lpad(turn::text, 17, '0'))::xid8`
	run(t, pool, "update "+schema+".record set turn = "+ahead+" where case_id = 'B' or seq = 2")
	run(t, pool, "update "+schema+".head set turn = "+ahead)
	run(t, pool, "update "+schema+".epoch set home = 'elsewhere'")

	_, err := postgres.Open(t.Context(), pool, postgres.Options{Schema: schema})
	require.ErrorIs(t, err, postgres.ErrRestored)
	err = scanError(t, j, pos)
	require.ErrorIs(t, err, journal.ErrPosition)
	require.ErrorIs(t, err, postgres.ErrRestored)
	err = scanError(t, j, "")
	require.NotErrorIs(t, err, journal.ErrPosition, "starting again would not help")
	require.ErrorIs(t, err, postgres.ErrRestored)
	b = add(t, j, "B", b, "3")

	require.NoError(t, postgres.NewEpoch(t.Context(), pool, schema))
	assert.ErrorIs(t, scanError(t, j, pos), journal.ErrPosition)
	add(t, j, "B", b, "4")
	add(t, j, "A", a, "3")
	got, _ := scan(t, open(t, pool, schema), "")
	assert.Equal(t, []string{"A/1=1", "B/1=1", "B/2=2", "A/2=2", "B/3=3", "B/4=4", "A/3=3"}, got)
}

func TestNewEpoch(t *testing.T) {
	j, pool, schema := fresh(t)
	add(t, j, "A", journal.Head{}, "1")
	_, pos := scan(t, j, "")
	require.NoError(t, postgres.NewEpoch(t.Context(), pool, schema))
	assert.ErrorIs(t, scanError(t, j, pos), journal.ErrPosition)
	got, pos := scan(t, j, "")
	assert.Equal(t, []string{"A/1=1"}, got)
	assert.NoError(t, scanError(t, j, pos))
}
