package recordstest

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/records"
)

// Memory is an empty site in memory.
func Memory() Site {
	m := &memory{records: map[string]kept{}}
	return Site{
		Store: m, Ledger: new(records.MemoryLedger), Put: m.put,
		Backup: func() func() records.Store {
			m.mu.Lock()
			defer m.mu.Unlock()
			copied := maps.Clone(m.records)
			return func() records.Store { return &memory{records: copied} }
		},
	}
}

type memory struct {
	mu      sync.Mutex
	records map[string]kept
}

type kept struct {
	entries   []history.Entry
	parts     [][]byte
	tombstone []byte
}

func (m *memory) put(_ context.Context, id string, entries []history.Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := m.records[id]
	if k.tombstone != nil {
		return fmt.Errorf("record %q is erased", id)
	}
	for _, e := range entries {
		e.Seq = uint64(len(k.entries)) + 1
		b, err := e.AppendCanonical(nil)
		if err != nil {
			return err
		}
		k.entries, k.parts = append(slices.Clip(k.entries), e), append(slices.Clip(k.parts), b)
	}
	m.records[id] = k
	return nil
}

// Load is described at [records.Store].
func (m *memory) Load(_ context.Context, id string) (records.Stored, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, ok := m.records[id]
	switch {
	case !ok:
		return records.Stored{}, records.ErrUnknown
	case k.tombstone != nil:
		return records.Stored{Erased: true, Tombstone: bytes.Clone(k.tombstone)}, nil
	}
	class := ""
	if len(k.entries) > 0 {
		class, _ = k.entries[0].Fields.Get(history.KeyKind)
	}
	return records.Stored{
		Record: records.Record{ID: id, Class: class, History: history.History{Case: id, Entries: k.entries}},
		Digest: records.DigestOf(slices.Values(k.parts)), Parts: len(k.parts), Version: strconv.Itoa(len(k.parts)),
	}, nil
}

// Erase is described at [records.Store].
func (m *memory) Erase(_ context.Context, id, version string, tombstone []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, ok := m.records[id]
	switch {
	case !ok:
		return records.ErrUnknown
	case k.tombstone != nil || strconv.Itoa(len(k.parts)) != version:
		return records.ErrChanged
	}
	m.records[id] = kept{tombstone: bytes.Clone(tombstone)}
	return nil
}
