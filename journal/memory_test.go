package journal_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/journal/journaltest"
)

func TestMemoryPassesTheSuite(t *testing.T) {
	journaltest.Run(t, journaltest.Store{
		Open: func(testing.TB) journal.Journal { return journal.NewMemory() },
		Backup: func(_ testing.TB, j journal.Journal) func() journal.Journal {
			m := j.(*journal.Memory)
			backup := m.Snapshot()
			return func() journal.Journal {
				m.Restore(backup)
				return m
			}
		},
	})
}

// Everything at once, for the race detector; Scan may only fail for having been overtaken by a restore.
func TestMemoryIsConcurrent(t *testing.T) {
	m := journal.NewMemory()
	backup := m.Snapshot()
	ctx := t.Context()
	next := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	allowed := func(err error, kinds ...error) {
		for _, kind := range kinds {
			if errors.Is(err, kind) {
				return
			}
		}
		assert.NoError(t, err)
	}
	var all sync.WaitGroup
	for worker := range 6 {
		all.Go(func() {
			for i := range 150 {
				id := fmt.Sprint("case ", i%7)
				h, _, err := m.Read(ctx, id, 0)
				allowed(err, journal.ErrUnknownCase)
				_, err = m.Append(ctx, journal.Batch{Case: id, Expect: h, Records: [][]byte{[]byte(id)}, Next: next.Add(time.Duration(i)), Key: fmt.Sprint(worker, i)})
				allowed(err, journal.ErrConflict, journal.ErrErased)
				for r, err := range m.Scan(ctx, "") {
					allowed(err, journal.ErrPosition)
					assert.Equal(t, r.Case, string(r.Data))
				}
				for item, err := range m.Due(ctx, next.Add(time.Hour)) {
					allowed(err)
					assert.NotEmpty(t, item.Case)
				}
				switch i % 50 {
				case 20:
					_, err := m.Erase(ctx, id, h, []byte(id))
					allowed(err, journal.ErrConflict, journal.ErrErased, journal.ErrUnknownCase)
				case 30:
					m.Snapshot()
				case 40:
					m.Restore(backup)
				}
			}
		})
	}
	all.Wait()
}
