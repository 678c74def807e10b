package seal

import (
	"crypto/sha256"
	"encoding/binary"

	"github.com/servicecharter/charter/journal"
)

// A sealed record is what the journal underneath stores: the payload and a seal of fixed size behind it.
//
//	payload  any bytes
//	prev     32 bytes: the sum of the record before it, or that of the case's name
//	flags     1 byte
//	bare      4 bytes, big endian: records before it that lie there without a seal
//	mark      8 bytes: format and version
//	sum      32 bytes: SHA-256 of recordDomain, the case, the number, the payload's length, and all of the above but the mark
//
// The mark stands outside the sum, so that a record with a flipped bit can be told from one without a seal: either
// the mark or the sum is still right.
const (
	seenPrev  = 32
	seenFlags = seenPrev + 1
	seenBare  = seenFlags + 4
	seenMark  = seenBare + 8
	sealSize  = seenMark + 32

	mark = "\x00chseal\x01"
)

// Every hash begins with what it is of, so that no bytes of one sort can pass for another.
const (
	caseDomain   = "charter/seal 1 case\n"
	recordDomain = "charter/seal 1 record\n"
	bareDomain   = "charter/seal 1 bare record\n"
	headDomain   = "charter/seal 1 head\n"
	foundDomain  = "charter/seal 1 adopted head\n"
	goneDomain   = "charter/seal 1 destroyed key\n"
)

const (
	flagPersonal  = 1 << iota // the payload is an entry with encrypted fields
	flagTombstone             // what is left of an erased case
	flagsKnown    = flagPersonal | flagTombstone
)

// sum is a SHA-256.
type sum = [sha256.Size]byte

// seal is what stands behind a payload. Its sums lie in the bytes of the record; a record without a seal has none.
type seal struct {
	prev, own *sum
	flags     byte
	bare      uint32
}

// form is what a stored record looks like.
type form uint8

const (
	sealed  form = iota // with a seal that fits
	bare                // without a seal
	damaged             // with a seal that does not fit
)

// genesis is the sum that the first record of a case continues.
func genesis(caseID string) sum {
	var room [len(caseDomain) + journal.MaxID]byte
	return sha256.Sum256(append(append(room[:0], caseDomain...), caseID...))
}

// appendPrefix writes what is hashed before the bytes of a record: lengths before all that has no fixed one.
func appendPrefix(b []byte, domain, caseID string, seq uint64, payload int) []byte {
	b = append(b, domain...)
	b = binary.BigEndian.AppendUint16(b, uint16(len(caseID)))
	b = append(b, caseID...)
	b = binary.BigEndian.AppendUint64(b, seq)
	return binary.BigEndian.AppendUint64(b, uint64(payload))
}

const prefixRoom = len(bareDomain) + 2 + journal.MaxID + 16

// digest hashes a record's bytes after their prefix, and then more. Neither the hash nor its room leaves the stack.
func digest(domain, caseID string, seq uint64, payload int, data []byte, more *sum) (s sum) {
	var room [prefixRoom]byte
	h := sha256.New()
	h.Write(appendPrefix(room[:0], domain, caseID, seq, payload))
	h.Write(data)
	if more != nil {
		h.Write(more[:])
	}
	h.Sum(s[:0])
	return s
}

// appendSealed makes a stored record and gives its sum. caseID was checked.
func appendSealed(b, payload []byte, caseID string, seq uint64, prev sum, flags byte, bares uint32) ([]byte, sum) {
	start := len(b)
	b = append(b, payload...)
	b = append(b, prev[:]...)
	b = append(b, flags)
	b = binary.BigEndian.AppendUint32(b, bares)
	own := digest(recordDomain, caseID, seq, len(payload), b[start:], nil)
	b = append(b, mark...)
	return append(b, own[:]...), own
}

// parse takes a stored record apart. The payload is a part of data.
func parse(caseID string, seq uint64, data []byte) (payload []byte, s seal, f form) {
	n := len(data) - sealSize
	if n < 0 {
		return data, seal{}, bare
	}
	tail := data[n:]
	s.prev = (*sum)(tail)
	s.flags = tail[seenPrev]
	s.bare = binary.BigEndian.Uint32(tail[seenFlags:])
	s.own = (*sum)(tail[seenMark:])
	marked := string(tail[seenBare:seenMark]) == mark
	fits := digest(recordDomain, caseID, seq, n, data[:n+seenBare], nil) == *s.own
	switch {
	case !marked && !fits:
		return data, seal{}, bare
	case !marked || !fits || s.flags&^flagsKnown != 0:
		return nil, seal{}, damaged
	}
	return data[:n:n], s, sealed
}

// bareSum is the sum of a record without a seal.
func bareSum(caseID string, seq uint64, data []byte, prev sum) sum {
	return digest(bareDomain, caseID, seq, len(data), data, &prev)
}

// looksSealed tells whether bytes without a seal would be taken for a damaged record.
func looksSealed(data []byte) bool {
	n := len(data) - sealSize
	return n >= 0 && string(data[n+seenBare:n+seenMark]) == mark
}

// roomFor tells whether a batch can be stored with its seals. One that cannot is stored without, and the record after it seals it.
func roomFor(payloads [][]byte) bool {
	total := 0
	for _, p := range payloads {
		if len(p) > journal.MaxRecord-sealSize {
			return false
		}
		total += len(p) + sealSize
	}
	return total <= journal.MaxBatch
}
