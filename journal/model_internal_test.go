package journal

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// model is a journal as one would explain it: lists that are searched from end to end.
type model struct {
	cases map[string]*modelCase
	log   []Record // in the order of appending, those of erased cases without data
}

type modelCase struct {
	head   Head
	first  map[string]Head // by key
	erased bool
}

func (m *model) clone() *model {
	c := &model{cases: map[string]*modelCase{}, log: slices.Clone(m.log)}
	for id, one := range m.cases {
		c.cases[id] = &modelCase{head: one.head, first: maps.Clone(one.first), erased: one.erased}
	}
	return c
}

func (m *model) append(b Batch) (Head, error) {
	c := m.cases[b.Case]
	switch {
	case b.Check() != nil:
		return Head{}, ErrBatch
	case c != nil && c.erased:
		return Head{}, ErrErased
	}
	var head Head
	if c != nil {
		if h, ok := c.first[b.Key]; ok {
			return h, nil
		}
		head = c.head
	}
	if head.Version != b.Expect.Version || head.Rev != b.Expect.Rev {
		return Head{}, ErrConflict
	}
	if c == nil {
		c = &modelCase{first: map[string]Head{}}
		m.cases[b.Case] = c
	}
	for i, data := range b.Records {
		m.log = append(m.log, Record{Case: b.Case, Seq: head.Version + uint64(i) + 1, Data: bytes.Clone(data)})
	}
	c.head = Head{Version: head.Version + uint64(len(b.Records)), Rev: head.Rev + 1, Next: b.Next.UTC(), Sum: b.Sum}
	if b.Key != "" {
		c.first[b.Key] = c.head
	}
	return c.head, nil
}

func (m *model) erase(id string, expect Head, tombstone []byte) (Head, error) {
	c := m.cases[id]
	switch {
	case c == nil:
		return Head{}, ErrUnknownCase
	case c.erased:
		return Head{}, ErrErased
	case c.head.Version != expect.Version || c.head.Rev != expect.Rev:
		return Head{}, ErrConflict
	}
	for i := range m.log {
		if m.log[i].Case == id {
			m.log[i] = Record{}
		}
	}
	h, err := m.append(Batch{Case: id, Expect: expect, Records: [][]byte{tombstone}})
	c.erased, c.first = true, nil
	return h, err
}

// tail gives what was logged after the first n, without what was erased.
func (m *model) tail(n int) []Record {
	return slices.DeleteFunc(slices.Clone(m.log[n:]), func(r Record) bool { return r.Case == "" })
}

func (m *model) due(until time.Time) []Item {
	var items []Item
	for id, c := range m.cases {
		if !c.head.Next.IsZero() && !c.head.Next.After(until) {
			items = append(items, Item{id, c.head.Next})
		}
	}
	slices.SortFunc(items, func(a, b Item) int {
		return cmp.Or(a.Next.Compare(b.Next), strings.Compare(a.Case, b.Case))
	})
	return items
}

// place is a position that Scan gave, and how much of the model's log stood before it.
type place struct {
	pos   Position
	n     int
	epoch int
}

// machine does the same to both.
type machine struct {
	memory *Memory
	model  *model

	places  []place
	epoch   int
	backups []func()
}

var (
	someID    = rapid.SampledFrom([]string{"a", "b", "A", "案", "case 10", "case 9"})
	someKey   = rapid.SampledFrom([]string{"", "", "k", "open", "K"})
	somePause = rapid.Int64Range(0, 20)
)

func someNext(t *rapid.T) time.Time {
	if n := somePause.Draw(t, "next"); n > 2 {
		return time.Date(2026, 3, 2, 12, 0, 0, int(n), time.UTC)
	}
	return time.Time{}
}

// someHead is, as a rule, the head of the case.
func (m *machine) someHead(t *rapid.T, id string) Head {
	var h Head
	if c := m.model.cases[id]; c != nil {
		h = c.head
	}
	switch rapid.IntRange(0, 9).Draw(t, "expect") {
	case 0:
		h = Head{}
	case 1:
		h.Version++
	case 2:
		h.Rev--
	}
	return h
}

func (m *machine) Append(t *rapid.T) {
	id := someID.Draw(t, "case")
	b := Batch{Case: id, Key: someKey.Draw(t, "key"), Expect: m.someHead(t, id), Next: someNext(t), Sum: [32]byte{byte(len(m.model.log))}}
	for range rapid.IntRange(0, 4).Draw(t, "records") {
		size := rapid.SampledFrom([]int{0, 1, 10, 200, 5000, 70_000}).Draw(t, "size")
		b.Records = append(b.Records, bytes.Repeat([]byte{byte('a' + len(b.Records))}, size))
	}
	want, wantErr := m.model.append(b)
	have, err := m.memory.Append(t.Context(), b)
	require.ErrorIs(t, err, wantErr)
	require.Equal(t, want, have)
}

func (m *machine) Erase(t *rapid.T) {
	id := someID.Draw(t, "case")
	if rapid.IntRange(0, 3).Draw(t, "really") > 0 {
		t.Skip("cases should live for a while")
	}
	expect := m.someHead(t, id)
	want, wantErr := m.model.erase(id, expect, []byte("grave"))
	have, err := m.memory.Erase(t.Context(), id, expect, []byte("grave"))
	require.ErrorIs(t, err, wantErr)
	require.Equal(t, want, have)
}

func (m *machine) Read(t *rapid.T) {
	id, after := someID.Draw(t, "case"), rapid.Uint64Range(0, 12).Draw(t, "after")
	have, records, err := m.memory.Read(t.Context(), id, after)
	c := m.model.cases[id]
	if c == nil {
		require.ErrorIs(t, err, ErrUnknownCase)
		return
	}
	require.NoError(t, err)
	require.Equal(t, c.head, have)
	var want []Record
	for _, r := range m.model.log {
		if r.Case == id && r.Seq > after {
			want = append(want, r)
		}
	}
	sameRecords(t, want, records)
}

func (m *machine) Scan(t *rapid.T) {
	from := rapid.SampledFrom(append(m.places, place{epoch: m.epoch})).Draw(t, "place")
	stop := rapid.IntRange(1, 40).Draw(t, "stop")
	var records []Record
	for r, err := range m.memory.Scan(t.Context(), from.pos) {
		if from.epoch != m.epoch {
			require.ErrorIs(t, err, ErrPosition)
			return
		}
		require.NoError(t, err)
		n := slices.IndexFunc(m.model.log, func(l Record) bool { return l.Case == r.Case && l.Seq == r.Seq })
		require.GreaterOrEqual(t, n, 0, "%s %d is not in the log", r.Case, r.Seq)
		m.places = append(m.places, place{r.Pos, n + 1, m.epoch})
		r.Pos = ""
		records = append(records, r)
		if len(records) == stop {
			break
		}
	}
	require.Equal(t, m.epoch, from.epoch, "a position of another epoch is taken")
	want := m.model.tail(from.n)
	sameRecords(t, want[:min(stop, len(want))], records)
	m.places = m.places[max(0, len(m.places)-20):]
}

func (m *machine) Due(t *rapid.T) {
	until := time.Date(2026, 3, 2, 12, 0, 0, int(somePause.Draw(t, "until")), time.UTC)
	var items []Item
	for item, err := range m.memory.Due(t.Context(), until) {
		require.NoError(t, err)
		items = append(items, item)
	}
	require.Equal(t, m.model.due(until), items)
}

func (m *machine) Backup(*rapid.T) {
	snapshot, copied := m.memory.Snapshot(), m.model.clone()
	m.backups = append(m.backups, func() {
		m.memory.Restore(snapshot)
		m.model = copied.clone()
		m.epoch++
	})
}

func (m *machine) Restore(t *rapid.T) {
	if len(m.backups) == 0 {
		t.Skip("no backup")
	}
	rapid.SampledFrom(m.backups).Draw(t, "backup")()
}

func (m *machine) Check(t *rapid.T) {
	until := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	var have []Item
	for item := range m.memory.Due(t.Context(), until) {
		have = append(have, item)
	}
	require.Equal(t, m.model.due(until), have)
	m.agendaIsATreap(t)
}

// agendaIsATreap looks at the shape: priorities fall from the root down, and every case with an instant is in it once.
func (m *machine) agendaIsATreap(t *rapid.T) {
	c := &m.memory.contents
	var count func(no uint32) int
	count = func(no uint32) int {
		if no == 0 {
			return 0
		}
		s := c.at(no)
		for _, child := range []uint32{s.left, s.right} {
			require.False(t, child != 0 && c.priority(child) > c.priority(no))
		}
		return 1 + count(s.left) + count(s.right)
	}
	n := 0
	for _, one := range m.model.cases {
		if !one.head.Next.IsZero() {
			n++
		}
	}
	require.Equal(t, n, count(c.root))
}

func sameRecords(t *rapid.T, want, have []Record) {
	require.Equal(t, len(want), len(have))
	for i := range want {
		require.Equal(t, fmt.Sprint(want[i].Case, " ", want[i].Seq), fmt.Sprint(have[i].Case, " ", have[i].Seq))
		require.True(t, bytes.Equal(want[i].Data, have[i].Data))
	}
}

func TestMemoryIsTheModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &machine{memory: NewMemory(), model: &model{cases: map[string]*modelCase{}}}
		if rapid.Bool().Draw(t, "all keys collide") {
			m.memory.keys.hash = func(uint32, string) uint64 { return 7 }
		}
		m.Backup(t)
		t.Repeat(rapid.StateMachineActions(m))
	})
}
