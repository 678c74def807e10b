package seal

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
)

// KeyPersonal is the field by which an entry says that it had personal fields which are not there any more. Its value is [Erased].
const KeyPersonal = "personal"

// Erased is the value of [KeyPersonal] on an entry whose subject's key was destroyed.
const Erased = "erased"

// Withheld is the value of [KeyPersonal] on an entry that was read without keys.
const Withheld = "withheld"

// The payload of an entry with personal fields is the entry without them, in the clear, and those as they stood in the canonical bytes, encrypted:
//
//	at       4 bytes, big endian: where the personal part was cut out
//	length   4 bytes, big endian: of the entry without it
//	entry    canonical bytes without the personal part
//	key     16 bytes: the id of the key
//	nonce   12 bytes, random
//	box     the personal part, encrypted with AES-256-GCM, and its tag of 16 bytes
const personalHead = 8

// personalMember is in all JSON with personal fields. Bytes without it have none in canonical form.
var personalMember = []byte("personal")

// additional is what the box is bound to: it opens in this place only.
func additional(caseID string, seq uint64, id KeyID) []byte {
	b := append([]byte("charter/seal 1 personal\n"), id[:]...)
	b = binary.BigEndian.AppendUint64(b, seq)
	return append(b, caseID...)
}

// conceal gives the payload of a record: the record itself unless it is an entry with personal fields.
func (j *Journal) conceal(ctx context.Context, caseID string, seq uint64, data []byte) (payload []byte, flags byte, err error) {
	if !bytes.Contains(data, personalMember) {
		return data, 0, nil
	}
	e, err := history.Decode(data)
	if err != nil {
		if _, loose, err := history.ParseLine(data); err == nil && len(loose.Personal) > 0 {
			return nil, 0, refuse(caseID, seq, ErrPlain)
		}
		return data, 0, nil
	}
	if len(e.Personal) == 0 {
		return data, 0, nil
	}
	if j.keys == nil {
		return nil, 0, refuse(caseID, seq, ErrNoKeys)
	}
	open, err := e.Redacted().AppendCanonical(nil)
	if err != nil {
		return nil, 0, &EntryError{caseID, seq, err}
	}
	subject := caseID
	if j.subject != nil {
		if subject = j.subject(caseID, e); subject == "" {
			subject = caseID
		}
	}
	id, key, err := j.current(ctx, subject)
	if err != nil {
		return nil, 0, &EntryError{caseID, seq, err}
	}
	at := 0
	for at < len(open) && open[at] == data[at] {
		at++
	}
	part := data[at : at+len(data)-len(open)]
	payload = make([]byte, 0, personalHead+len(open)+len(id)+12+len(part)+16+sealSize)
	payload = binary.BigEndian.AppendUint32(payload, uint32(at))
	payload = binary.BigEndian.AppendUint32(payload, uint32(len(open)))
	payload = append(payload, open...)
	payload = append(payload, id[:]...)
	if payload, err = key.encrypt(payload, part, additional(caseID, seq, id)); err != nil {
		return nil, 0, &EntryError{caseID, seq, err}
	}
	if len(payload) > journal.MaxRecord-sealSize {
		return nil, 0, refuse(caseID, seq, errTooLarge)
	}
	return payload, flagPersonal, nil
}

// current gives the key for new entries of a subject. A keyring that came back from a backup may still have one that the log knows as
// destroyed; then the keyring is told, and makes another.
func (j *Journal) current(ctx context.Context, subject string) (KeyID, Key, error) {
	id, key, err := j.keys.Current(ctx, subject)
	if err != nil || j.log == nil || !j.log.destroyed(id) {
		return id, key, err
	}
	if err := j.keys.Destroy(ctx, id); err != nil {
		return KeyID{}, Key{}, err
	}
	if id, key, err = j.keys.Current(ctx, subject); err == nil && j.log.destroyed(id) {
		err = ErrKeyDestroyed
	}
	return id, key, err
}

var (
	errTooLarge = errors.New("too large once its personal fields are encrypted")
	errNoRoom   = errors.New("personal fields in a batch that leaves no room for seals")
	errAlike    = errors.New("a record too large for a seal ends like one that has it")
	errGrave    = errors.New("tombstone leaves no room for its seal")
)

// reveal gives the record as it was appended, or marked when its key was destroyed.
func (j *Journal) reveal(ctx context.Context, caseID string, seq uint64, payload []byte, flags byte) ([]byte, error) {
	if flags&flagPersonal == 0 {
		return payload, nil
	}
	p, ok := parsePersonal(payload)
	if !ok {
		return nil, fault(caseID, seq, ErrDamaged)
	}
	var state string
	var part []byte
	switch {
	case j.log != nil && j.log.destroyed(p.id):
		state = Erased
	case j.keys == nil:
		state = Withheld
	default:
		key, err := j.keys.Lookup(ctx, p.id)
		if errors.Is(err, ErrKeyDestroyed) {
			state = Erased
			break
		}
		if err == nil {
			part, err = key.decrypt(p.box, additional(caseID, seq, p.id))
		}
		if err != nil {
			return nil, &EntryError{caseID, seq, err}
		}
	}
	if state == "" {
		data := make([]byte, 0, len(p.open)+len(part))
		data = append(data, p.open[:p.at]...)
		data = append(data, part...)
		return append(data, p.open[p.at:]...), nil
	}
	e, err := history.Decode(p.open)
	if err != nil {
		return nil, &EntryError{caseID, seq, err}
	}
	e.Fields = append(e.Fields[:len(e.Fields):len(e.Fields)], history.Field{Key: KeyPersonal, Value: state}).Canonical()
	data, err := e.AppendCanonical(nil)
	if err != nil {
		return nil, &EntryError{caseID, seq, err}
	}
	return data, nil
}

// personal is the payload of an entry with personal fields.
type personal struct {
	at   int
	open []byte
	id   KeyID
	box  []byte
}

func parsePersonal(payload []byte) (p personal, ok bool) {
	if len(payload) < personalHead {
		return p, false
	}
	at, n := binary.BigEndian.Uint32(payload), binary.BigEndian.Uint32(payload[4:])
	rest := payload[personalHead:]
	if at > n || uint64(len(rest)) < uint64(n)+uint64(len(p.id)) {
		return p, false
	}
	p.at, p.open, rest = int(at), rest[:n], rest[n:]
	p.id, p.box = KeyID(rest[:len(p.id)]), rest[len(p.id):]
	return p, true
}
