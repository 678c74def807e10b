package seal

import (
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/servicecharter/charter/journal"
)

// leaf is what the tree of a [Log] holds: the head of a case, that of a case as it was found unsealed, or a key that was destroyed.
//
//	head           headDomain, length of the case (2 bytes), case, version (8 bytes), erased (1 byte: 0 or 1), sum (32 bytes)
//	adopted head   foundDomain, seconds since 1970 at which it was adopted (8 bytes, signed), and the same from the length on
//	destroyed key  goneDomain, id (16 bytes)
//
// Numbers are big endian.
type leaf struct {
	caseID  string
	version uint64
	erased  bool
	sum     sum

	found bool  // none of the records up to version has a seal
	at    int64 // adopted, in seconds since 1970

	gone bool // the leaf is a destroyed key, and all of the above is zero
	key  KeyID
}

func (l *leaf) append(b []byte) []byte {
	switch {
	case l.gone:
		return append(append(b, goneDomain...), l.key[:]...)
	case l.found:
		b = append(b, foundDomain...)
		b = binary.BigEndian.AppendUint64(b, uint64(l.at))
	default:
		b = append(b, headDomain...)
	}
	b = binary.BigEndian.AppendUint16(b, uint16(len(l.caseID)))
	b = append(b, l.caseID...)
	b = binary.BigEndian.AppendUint64(b, l.version)
	erased := byte(0)
	if l.erased {
		erased = 1
	}
	b = append(b, erased)
	return append(b, l.sum[:]...)
}

func parseLeaf(b []byte) (l leaf, err error) {
	text := string(b)
	if id, ok := strings.CutPrefix(text, goneDomain); ok {
		if len(id) != len(l.key) {
			return leaf{}, fmt.Errorf("%w: a destroyed key of %d bytes", ErrLog, len(id))
		}
		return leaf{gone: true, key: KeyID([]byte(id))}, nil
	}
	rest, head := strings.CutPrefix(text, headDomain)
	if !head {
		if rest, l.found = strings.CutPrefix(text, foundDomain); l.found && len(rest) >= 8 {
			l.at = int64(binary.BigEndian.Uint64([]byte(rest)))
			rest = rest[8:]
		}
	}
	if !head && !l.found || len(rest) < 2 {
		return leaf{}, fmt.Errorf("%w: neither a head nor a destroyed key", ErrLog)
	}
	n := int(binary.BigEndian.Uint16([]byte(rest)))
	rest = rest[2:]
	if len(rest) != n+8+1+len(l.sum) {
		return leaf{}, fmt.Errorf("%w: a head of another length", ErrLog)
	}
	l.caseID, rest = rest[:n], rest[n:]
	l.version = binary.BigEndian.Uint64([]byte(rest))
	l.sum = sum([]byte(rest[9:]))
	l.erased = rest[8] == 1
	if journal.CheckID(l.caseID) != nil || l.version == 0 || rest[8] > 1 {
		return leaf{}, fmt.Errorf("%w: an impossible head", ErrLog)
	}
	return l, nil
}
