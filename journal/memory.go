package journal

import (
	"context"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"
)

// Memory is a [Journal] in memory. It is a real one: concurrent, indexed by attention instant, safe to use as the store of a
// program that may lose everything at its end, and the one to test with. The zero value is an empty journal, ready to use; a Memory must not be
// copied.
//
// One lock guards it: appends follow one another, readers run side by side. Scan and Due hold the lock for a page at a time and never while the
// loop's body runs. An append costs the copy of its bytes and, if Next moves, logarithmic time in the number of cases with a Next. Resuming a
// Scan steps over at most 64 KiB of records.
//
// A case costs about 150 bytes besides its id, a record about a dozen bytes besides its own, and the Key of an append about 65 bytes besides its own. Records lie in blocks
// without pointers, which the garbage collector does not look into. Erased bytes are overwritten with zeros, and a block's memory is given back
// when all its cases are erased. There is room for some four billion cases.
type Memory struct {
	mu sync.RWMutex
	contents
}

// NewMemory gives an empty journal.
func NewMemory() *Memory { return new(Memory) }

var _ Journal = (*Memory)(nil)

// Append is described at [Journal]. It never has an unknown outcome.
func (m *Memory) Append(ctx context.Context, b Batch) (Head, error) {
	if err := begin(ctx, b.Case, b.Check()); err != nil {
		return Head{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	no, known := m.ids[b.Case]
	if known {
		c := m.at(no)
		if c.erased {
			return Head{}, CaseError(b.Case, ErrErased)
		}
		if b.Key != "" {
			if h, ok := m.first(no, b.Key); ok {
				return h, nil
			}
		}
	}
	if err := m.expect(no, b.Case, b.Expect); err != nil {
		return Head{}, err
	}
	if !known {
		no = m.open(b.Case)
	}
	return m.add(no, &b), nil
}

// Read is described at [Journal].
func (m *Memory) Read(ctx context.Context, caseID string, after uint64) (Head, []Record, error) {
	if err := begin(ctx, caseID, CheckID(caseID)); err != nil {
		return Head{}, nil, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	no, known := m.ids[caseID]
	if !known {
		return Head{}, nil, CaseError(caseID, ErrUnknownCase)
	}
	c := m.at(no)
	return c.head(), m.read(c, after), nil
}

// Scan is described at [Journal].
func (m *Memory) Scan(ctx context.Context, after Position) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		m.scan(ctx, after, yield, func(records []Record, numbers []uint64) {
			own(records)
			positions(records, m.epoch, numbers)
		})
	}
}

// View is described at [Viewer]. It allocates nothing but the room for one page of records.
func (m *Memory) View(ctx context.Context, after Position) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		var room []byte
		m.scan(ctx, after, yield, func(records []Record, _ []uint64) { room = lend(records, room) })
	}
}

// scan yields records page by page. Of a page finish makes, under the lock, something that outlives the lock.
func (m *Memory) scan(ctx context.Context, after Position, yield func(Record, error) bool, finish func([]Record, []uint64)) {
	var passed, end uint64
	var epoch string
	var page []Record
	var numbers [scanPage]uint64
	for first := true; first || passed < end; first = false {
		if err := ctx.Err(); err != nil {
			yield(Record{}, err)
			return
		}
		m.mu.RLock()
		var err error
		if first {
			epoch, end = m.epoch, m.count
			passed, err = m.resolve(after)
			page = make([]Record, 0, min(scanPage, end-passed))
		} else if epoch != m.epoch {
			err = ErrPosition
		}
		if err == nil {
			page, passed = m.page(page[:0], numbers[:], passed, end)
			finish(page, numbers[:])
		}
		m.mu.RUnlock()
		if err != nil {
			yield(Record{}, err)
			return
		}
		for _, r := range page {
			if !yield(r, nil) {
				return
			}
		}
	}
}

const scanPage = 128

// Due is described at [Journal].
func (m *Memory) Due(ctx context.Context, until time.Time) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		limit := bound(until)
		from := mark{next: none}
		page := make([]Item, 0, duePage)
		for {
			if err := ctx.Err(); err != nil {
				yield(Item{}, err)
				return
			}
			m.mu.RLock()
			page = m.due(page[:0], from, limit)
			m.mu.RUnlock()
			for _, item := range page {
				if !yield(item, nil) {
					return
				}
			}
			if len(page) < duePage {
				return
			}
			last := page[len(page)-1]
			from = mark{last.Next.UnixNano(), last.Case}
		}
	}
}

// Erase is described at [Journal]. It never has an unknown outcome.
func (m *Memory) Erase(ctx context.Context, caseID string, expect Head, tombstone []byte) (Head, error) {
	problem := CheckID(caseID)
	if problem == nil {
		problem = CheckRecord(caseID, tombstone)
	}
	if err := begin(ctx, caseID, problem); err != nil {
		return Head{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	no, known := m.ids[caseID]
	if !known {
		return Head{}, CaseError(caseID, ErrUnknownCase)
	}
	if m.at(no).erased {
		return Head{}, CaseError(caseID, ErrErased)
	}
	if err := m.expect(no, caseID, expect); err != nil {
		return Head{}, err
	}
	m.wipe(no)
	h := m.add(no, &Batch{Case: caseID, Records: [][]byte{tombstone}})
	m.at(no).erased = true
	return h, nil
}

// Snapshot is what a [Memory] held at one instant: a backup. The zero Snapshot is that of an empty journal. It never changes and may be restored any
// number of times, also into another Memory.
type Snapshot struct{ c *contents }

// Snapshot copies the whole journal, and holds its lock while it does.
func (m *Memory) Snapshot() Snapshot {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return Snapshot{m.clone()}
}

// Restore replaces what the journal holds by a snapshot: what was appended since is lost. Every position given before is refused from now
// on, those of before the snapshot too, and so is a Scan that is under way.
func (m *Memory) Restore(s Snapshot) {
	c := new(contents)
	if s.c != nil {
		c = s.c.clone()
	}
	c.epoch = newEpoch()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.contents = *c
}

// begin gives the first reason not to begin a call about a case.
func begin(ctx context.Context, caseID string, problem error) error {
	if problem != nil {
		return problem
	}
	return CaseError(caseID, ctx.Err())
}

// contents is what a Memory holds, without its lock. Methods that change nothing need the lock for reading, all others for writing.
type contents struct {
	epoch string
	arena
	ids   map[string]uint32
	cases []*[caseBlock]state // by number; number 0 is nobody's
	known uint32              // cases, and the number of the last one
	keys  keyIndex
	agenda
}

const caseBlock = 256

// state is what is known of a case without looking at its records.
type state struct {
	id      string
	sum     [32]byte
	version uint64
	rev     uint64
	next    int64 // nanoseconds since 1970, or none
	last    link  // the last frame
	left    uint32
	right   uint32
	erased  bool
}

func (c *state) head() Head {
	return Head{Version: c.version, Rev: c.rev, Next: instant(c.next), Sum: c.sum}
}

func (m *contents) at(no uint32) *state { return &m.cases[no/caseBlock][no%caseBlock] }

// expect compares the head of a case, number 0 if there is none, with the one that is expected.
func (m *contents) expect(no uint32, id string, want Head) error {
	var have Head
	if no != 0 {
		have = m.at(no).head()
	}
	if have.Version != want.Version || have.Rev != want.Rev {
		return &ConflictError{Case: id, Expected: want, Actual: have}
	}
	return nil
}

// open makes a case without anything in it.
func (m *contents) open(id string) uint32 {
	if m.ids == nil {
		m.ids = map[string]uint32{}
		m.epoch = newEpoch()
		m.cases = append(m.cases, new([caseBlock]state))
	}
	m.known++
	if int(m.known/caseBlock) == len(m.cases) {
		m.cases = append(m.cases, new([caseBlock]state))
	}
	// The caller's string may be a piece of a much longer one.
	id = string([]byte(id))
	m.ids[id] = m.known
	*m.at(m.known) = state{id: id, next: none}
	return m.known
}

// add appends a batch that has been checked.
func (m *contents) add(no uint32, b *Batch) Head {
	c := m.at(no)
	next := nanoseconds(b.Next)
	if len(b.Records) > 0 || b.Key != "" {
		f := frame{no: no, prev: c.last, before: c.version, count: len(b.Records)}
		if b.Key != "" {
			f.keyed, f.rev, f.next, f.sum, f.key = true, c.rev+1, next, b.Sum, []byte(b.Key)
			f.older = m.keys.head(no, b.Key)
		}
		c.last = m.write(&f, b.Records)
		if f.keyed {
			m.keys.put(no, b.Key, c.last)
		}
	}
	c.version += uint64(len(b.Records))
	c.rev++
	c.sum = b.Sum
	m.move(no, next)
	return c.head()
}

// first gives the result of the append that had the key.
func (m *contents) first(no uint32, key string) (Head, bool) {
	for at := m.keys.head(no, key); at != 0; {
		f := m.frame(at)
		if f.no == no && !f.erased && string(f.key) == key {
			return Head{Version: f.before + uint64(f.count), Rev: f.rev, Next: instant(f.next), Sum: f.sum}, true
		}
		at = f.older
	}
	return Head{}, false
}

// read collects the records of a case from the last one backwards, since that is how frames are linked.
func (m *contents) read(c *state, after uint64) []Record {
	if after >= c.version {
		return nil
	}
	var frames []frame
	for at := c.last; at != 0; {
		f := m.frame(at)
		if f.before+uint64(f.count) <= after {
			break
		}
		frames = append(frames, f)
		at = f.prev
	}
	slices.Reverse(frames)
	var records []Record
	for i := range frames {
		seq := frames[i].before
		for data := range frames[i].records() {
			if seq++; seq > after {
				records = append(records, Record{Case: c.id, Seq: seq, Data: data})
			}
		}
	}
	own(records)
	return records
}

// wipe takes the records and keys of a case out of the arena.
func (m *contents) wipe(no uint32) {
	c := m.at(no)
	for at := c.last; at != 0; {
		f := m.frame(at)
		linked := f.keyed && !m.keys.drop(no, string(f.key), at, f.older)
		m.blank(at, &f, linked)
		at = f.prev
	}
	c.last = 0
}

func (m *contents) clone() *contents {
	c := *m
	c.arena = m.arena.clone()
	c.ids = maps.Clone(m.ids)
	c.cases = make([]*[caseBlock]state, len(m.cases))
	for i, block := range m.cases {
		copied := *block
		c.cases[i] = &copied
	}
	c.keys = m.keys.clone()
	return &c
}
