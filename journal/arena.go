package journal

import (
	"encoding/binary"
	"iter"
	"slices"
	"sort"
)

// arena holds what was appended, in that order, in chunks of bytes. Each append is a frame, and each frame lies in one chunk.
type arena struct {
	chunks []chunk
	count  uint64 // records ever written
}

type chunk struct {
	data  []byte // nil once nothing in it is needed
	first uint64 // records in earlier chunks
	live  int    // bytes of frames that are needed
}

// A frame that is longer than what is left of a chunk begins a new one, so that all frames begin below chunkSize.
const (
	chunkBits = 16
	chunkSize = 1 << chunkBits
)

// link is the place of a frame plus one, so that zero is none.
type link uint64

func linkTo(chunk, offset int) link { return link(chunk)<<chunkBits + link(offset) + 1 }

func (l link) place() (chunk, offset int) {
	return int((l - 1) >> chunkBits), int((l - 1) & (chunkSize - 1))
}

// frame is one append, without its records:
//
//	flags: 1 byte; if keyed, sum: 32 bytes
//	case number, previous frame of the case, version before, number of records: varints
//	if keyed: rev, next, older frame with the same hash of the key, length of the key: varints; the key
//	for each record: its length as a varint, its bytes
type frame struct {
	keyed, erased bool

	no     uint32
	prev   link
	before uint64
	count  int

	rev   uint64 // these if keyed
	next  int64
	sum   [32]byte
	older link
	key   []byte // part of the chunk once written

	body []byte // the chunk from the first record on
}

const (
	flagKeyed  = 1
	flagErased = 2
)

// write adds a frame.
func (a *arena) write(f *frame, records [][]byte) link {
	head := make([]byte, 0, 128+len(f.key))
	if f.keyed {
		head = append(head, flagKeyed)
		head = append(head, f.sum[:]...)
	} else {
		head = append(head, 0)
	}
	head = binary.AppendUvarint(head, uint64(f.no))
	head = binary.AppendUvarint(head, uint64(f.prev))
	head = binary.AppendUvarint(head, f.before)
	head = binary.AppendUvarint(head, uint64(f.count))
	if f.keyed {
		head = binary.AppendUvarint(head, f.rev)
		head = binary.AppendVarint(head, f.next)
		head = binary.AppendUvarint(head, uint64(f.older))
		head = binary.AppendUvarint(head, uint64(len(f.key)))
		head = append(head, f.key...)
	}
	size := len(head)
	for _, r := range records {
		size += uvarintLen(uint64(len(r))) + len(r)
	}
	c := a.room(size)
	at := linkTo(len(a.chunks)-1, len(c.data))
	c.data = append(c.data, head...)
	for _, r := range records {
		c.data = binary.AppendUvarint(c.data, uint64(len(r)))
		c.data = append(c.data, r...)
	}
	c.live += size
	a.count += uint64(len(records))
	return at
}

// room gives a chunk with size bytes to spare. The first chunks are small, so that a journal of a few cases is.
func (a *arena) room(size int) *chunk {
	if n := len(a.chunks); n > 0 {
		c := &a.chunks[n-1]
		if len(c.data) < chunkSize && len(c.data)+size <= cap(c.data) {
			return c
		}
		if c.live == 0 {
			c.data = nil
		}
	}
	space := chunkSize
	if n := len(a.chunks); n < 6 {
		space = chunkSize >> (6 - n)
	}
	a.chunks = append(a.chunks, chunk{data: make([]byte, 0, max(space, size)), first: a.count})
	return &a.chunks[len(a.chunks)-1]
}

// frame reads the frame at a place. Its slices are parts of the arena.
func (a *arena) frame(at link) frame {
	i, offset := at.place()
	r := reader{a.chunks[i].data[offset:]}
	f := r.frame()
	f.body = r.rest
	return f
}

// frame reads a frame up to its records.
func (r *reader) frame() frame {
	flags := r.bytes(1)[0]
	f := frame{keyed: flags&flagKeyed != 0, erased: flags&flagErased != 0}
	if f.keyed {
		f.sum = [32]byte(r.bytes(32))
	}
	f.no = uint32(r.uvarint())
	f.prev = link(r.uvarint())
	f.before = r.uvarint()
	f.count = int(r.uvarint())
	if f.keyed {
		f.rev = r.uvarint()
		f.next = r.varint()
		f.older = link(r.uvarint())
		f.key = r.bytes(int(r.uvarint()))
	}
	return f
}

// records yields the records of a frame, as parts of the arena.
func (f *frame) records() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		r := reader{f.body}
		for range f.count {
			if !yield(r.bytes(int(r.uvarint()))) {
				return
			}
		}
	}
}

// end is the offset in its chunk at which the frame that begins at offset ends.
func (a *arena) end(i int, f *frame) int {
	r := reader{f.body}
	for range f.count {
		r.bytes(int(r.uvarint()))
	}
	return len(a.chunks[i].data) - len(r.rest)
}

// blank overwrites what a frame holds of a case. A chunk in which nothing is needed any more is given back; a frame that is still
// linked from others is needed.
func (a *arena) blank(at link, f *frame, linked bool) {
	i, offset := at.place()
	c := &a.chunks[i]
	for data := range f.records() {
		clear(data)
	}
	clear(f.key)
	if f.keyed {
		clear(c.data[offset+1 : offset+1+len(f.sum)])
	}
	c.data[offset] |= flagErased
	if linked {
		return
	}
	c.live -= a.end(i, f) - offset
	if c.live == 0 && i < len(a.chunks)-1 {
		c.data = nil
	}
}

// page fills records, as far as they and numbers reach, with those after the first passed ones, up to number end, and tells how many have been passed
// with them. Their bytes are parts of the arena.
func (m *contents) page(records []Record, numbers []uint64, passed, end uint64) ([]Record, uint64) {
	const maxBytes = 1 << 16
	size := 0
	i := max(0, sort.Search(len(m.chunks), func(i int) bool { return m.chunks[i].first > passed })-1)
pages:
	for ; i < len(m.chunks); i++ {
		n := m.chunks[i].first
		for r := (reader{m.chunks[i].data}); len(r.rest) > 0; {
			f := r.frame()
			for seq := f.before + 1; seq <= f.before+uint64(f.count); seq++ {
				data := r.bytes(int(r.uvarint()))
				if n++; f.erased || n <= passed {
					continue
				}
				if n > end || len(records) == cap(records) || size > maxBytes {
					end = n - 1
					break pages
				}
				size += len(data)
				numbers[len(records)] = n
				records = append(records, Record{Case: m.at(f.no).id, Seq: seq, Data: data})
			}
		}
	}
	return records, end
}

// lend gives records bytes that lie in room, or in another one if it is too small.
func lend(records []Record, room []byte) []byte {
	size := 0
	for i := range records {
		size += len(records[i].Data)
	}
	room = slices.Grow(room[:0], size)
	for i := range records {
		at := len(room)
		room = append(room, records[i].Data...)
		records[i].Data = room[at:len(room):len(room)]
	}
	return room
}

// own gives records bytes of their own instead of parts of the arena. Small ones share blocks, with no room to grow into each other: whoever keeps one
// record keeps at most a block for it.
func own(records []Record) {
	const block, small = 8 << 10, 1 << 10
	left := 0 // small bytes without a place yet
	for i := range records {
		if n := len(records[i].Data); n <= small {
			left += n
		}
	}
	var room []byte
	for i := range records {
		data := records[i].Data
		if len(data) > small {
			records[i].Data = append([]byte{}, data...)
			continue
		}
		if len(data) > cap(room)-len(room) {
			room = make([]byte, 0, min(block, left))
		}
		at := len(room)
		room = append(room, data...)
		records[i].Data = room[at:len(room):len(room)]
		left -= len(data)
	}
}

func (a *arena) clone() arena {
	c := arena{chunks: slices.Clone(a.chunks), count: a.count}
	for i := range c.chunks {
		c.chunks[i].data = slices.Clone(c.chunks[i].data)
	}
	return c
}

// reader takes apart what write has written.
type reader struct{ rest []byte }

func (r *reader) uvarint() uint64 {
	if b := r.rest; len(b) > 0 && b[0] < 1<<7 { // as most are
		r.rest = b[1:]
		return uint64(b[0])
	}
	v, n := binary.Uvarint(r.rest)
	r.rest = r.rest[n:]
	return v
}

func (r *reader) varint() int64 {
	v, n := binary.Varint(r.rest)
	r.rest = r.rest[n:]
	return v
}

func (r *reader) bytes(n int) []byte {
	b := r.rest[:n:n]
	r.rest = r.rest[n:]
	return b
}

func uvarintLen(v uint64) int {
	n := 1
	for ; v >= 1<<7; v >>= 7 {
		n++
	}
	return n
}
