package seal

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
)

// A keyring file, numbers big endian:
//
//	ringMagic
//	check      length (2 bytes), bytes: a key that nobody uses, wrapped, to tell a wrong master
//	keys       how many (4 bytes); each: id (16 bytes), subject's hash (32 bytes), length (2 bytes), wrapped key; the last one of a subject is the current one
//	destroyed  how many (4 bytes); each: id (16 bytes), in order of their bytes
//	sum        32 bytes: SHA-256 of all before it
//
// The sum tells accidents, not malice: who can write the file can compute it. A key that was moved to another subject does not unwrap.
const (
	ringMagic  = "charter keyring 1\n"
	maxWrapped = 1 << 12
)

type wrappedKey struct {
	id      KeyID
	subject subjectID
	wrapped []byte
}

// ring is what a keyring file holds. It is not changed once it is in use.
type ring struct {
	check     []byte
	keys      []wrappedKey
	destroyed map[KeyID]bool

	byID      map[KeyID]int
	bySubject map[subjectID]int // the current one
}

// index builds what is found in the other fields. It gives false when a key comes twice, or a destroyed key is there.
func (r *ring) index() bool {
	r.byID = make(map[KeyID]int, len(r.keys))
	r.bySubject = make(map[subjectID]int, len(r.keys))
	for i := range r.keys {
		r.byID[r.keys[i].id] = i
		r.bySubject[r.keys[i].subject] = i
		if r.destroyed[r.keys[i].id] {
			return false
		}
	}
	return len(r.byID) == len(r.keys)
}

func (r *ring) copy() ring {
	next := ring{check: r.check, keys: slices.Clone(r.keys), destroyed: maps.Clone(r.destroyed)}
	next.index()
	return next
}

func (r *ring) with(w wrappedKey) ring {
	next := ring{check: r.check, keys: append(slices.Clone(r.keys), w), destroyed: r.destroyed}
	next.index()
	return next
}

func (r *ring) without(ids []KeyID) (next ring, changed bool) {
	next = ring{check: r.check, destroyed: maps.Clone(r.destroyed)}
	if next.destroyed == nil {
		next.destroyed = map[KeyID]bool{}
	}
	for _, id := range ids {
		next.destroyed[id] = true
	}
	for _, w := range r.keys {
		if !next.destroyed[w.id] {
			next.keys = append(next.keys, w)
		}
	}
	next.index()
	return next, len(next.destroyed) != len(r.destroyed)
}

// graves are the ids of the destroyed keys, in order.
func (r *ring) graves() []KeyID {
	return slices.SortedFunc(maps.Keys(r.destroyed), func(a, b KeyID) int { return bytes.Compare(a[:], b[:]) })
}

func (r *ring) append(b []byte) []byte {
	start := len(b)
	b = append(b, ringMagic...)
	b = appendNumber(b, uint64(len(r.check)), 2)
	b = append(b, r.check...)
	b = appendNumber(b, uint64(len(r.keys)), 4)
	for _, w := range r.keys {
		b = append(b, w.id[:]...)
		b = append(b, w.subject[:]...)
		b = appendNumber(b, uint64(len(w.wrapped)), 2)
		b = append(b, w.wrapped...)
	}
	b = appendNumber(b, uint64(len(r.destroyed)), 4)
	for _, id := range r.graves() {
		b = append(b, id[:]...)
	}
	s := sha256.Sum256(b[start:])
	return append(b, s[:]...)
}

func appendNumber(b []byte, n uint64, size int) []byte {
	for i := size - 1; i >= 0; i-- {
		b = append(b, byte(n>>(8*i)))
	}
	return b
}

// parseRing takes exactly what append writes.
func parseRing(data []byte) (ring, error) {
	bad := func(what string) (ring, error) { return ring{}, fmt.Errorf("%w: %s", ErrKeyring, what) }
	n := len(data) - sha256.Size
	if n < len(ringMagic) || string(data[:len(ringMagic)]) != ringMagic {
		return bad("it does not begin like one of this version")
	}
	if sha256.Sum256(data[:n]) != sum(data[n:]) {
		return bad("its sum is another one; it is truncated or was changed")
	}
	in := reader{rest: data[len(ringMagic):n]}
	next := ring{destroyed: map[KeyID]bool{}}
	next.check = in.take(in.number(2))
	for range in.number(4) {
		var w wrappedKey
		copy(w.id[:], in.take(uint64(len(w.id))))
		copy(w.subject[:], in.take(uint64(len(w.subject))))
		if w.wrapped = in.take(in.number(2)); in.short || len(w.wrapped) > maxWrapped {
			return bad("it ends among the keys")
		}
		next.keys = append(next.keys, w)
	}
	var before []byte
	for range in.number(4) {
		id := in.take(uint64(len(KeyID{})))
		if in.short || bytes.Compare(before, id) >= 0 {
			return bad("the destroyed keys are out of order")
		}
		next.destroyed[KeyID(id)] = true
		before = id
	}
	if in.short || len(in.rest) > 0 || !next.index() {
		return bad("it contradicts itself")
	}
	return next, nil
}
