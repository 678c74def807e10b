package seal

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/servicecharter/charter/journal"
)

// A case file is one case as a checkpoint covers it, with all that is needed to prove it. Numbers are big endian:
//
//	fileMagic
//	case        length (2 bytes), bytes
//	records     how many (4 bytes); each: number (8 bytes), length (4 bytes), bytes as stored
//	leaf        number in the tree (8 bytes)
//	proof       how many (1 byte); each: 32 bytes
//	checkpoint  length (4 bytes), signed note
//
// That of a case which was adopted begins with adoptedMagic and has, at its end, the leaf of the adoption:
//
//	at          seconds since 1970 (8 bytes, signed)
//	version     of the case when it was adopted (8 bytes)
//	leaf        number in the tree (8 bytes)
//	proof       how many (1 byte); each: 32 bytes
const (
	fileMagic    = "charter case file 1\n"
	adoptedMagic = "charter case file 2\n"
)

// CaseFile is a case that was exported and has been verified: everything in it is as the checkpoint says.
type CaseFile struct {
	Case       string
	Erased     bool // only the tombstone is left
	Checkpoint Checkpoint

	// Records up to number Adopted were there before the case was sealed, and are those that were found at AdoptedAt ([Journal.Adopt]). Nothing is proved of
	// what happened to them before. Zero for all other cases.
	Adopted   uint64
	AdoptedAt time.Time

	records []journal.Record // as stored
	sealed  []sealedRecord
}

type sealedRecord struct {
	payload []byte
	flags   byte
}

// Version is the number of the last record.
func (f *CaseFile) Version() uint64 { return f.records[len(f.records)-1].Seq }

// Records gives the records as they were appended. With keys, entries have their personal fields; without keys (nil), or when the key was destroyed,
// they have the field [KeyPersonal] instead. An *[EntryError] names the entry whose key cannot be had or is a wrong one.
func (f *CaseFile) Records(ctx context.Context, keys Keys) ([]journal.Record, error) {
	j := Journal{keys: keys}
	records := make([]journal.Record, len(f.records))
	for i := range records {
		data, err := j.reveal(ctx, f.Case, f.records[i].Seq, f.sealed[i].payload, f.sealed[i].flags)
		if err != nil {
			return nil, err
		}
		records[i] = journal.Record{Case: f.Case, Seq: f.records[i].Seq, Data: data}
	}
	return records, nil
}

// Export writes a case as the last checkpoint covers it, for [ReadCase]. Personal fields stay encrypted, and what is newer than the
// checkpoint is left out. It gives [ErrNoLog], [ErrNoCheckpoint] when no checkpoint covers the case or the case was
// erased since, or a *[Fault].
func (j *Journal) Export(ctx context.Context, caseID string) ([]byte, error) {
	l := j.log
	if l == nil {
		return nil, fmt.Errorf("seal: case %s: %w", quote(caseID), ErrNoLog)
	}
	_, records, err := j.inner.Read(ctx, caseID, 0)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.refresh(ctx); err != nil {
		return nil, err
	}
	number := -1
	for _, n := range l.of[caseID] {
		if int64(n) < l.last.Size {
			number = n
		}
	}
	if number < 0 {
		return nil, fmt.Errorf("seal: case %s: %w", quote(caseID), ErrNoCheckpoint)
	}
	covered := &l.leaves[number]
	for len(records) > 0 && records[len(records)-1].Seq > covered.version {
		records = records[:len(records)-1]
	}
	if len(records) == 0 {
		return nil, fmt.Errorf("seal: case %s: %w", quote(caseID), ErrNoCheckpoint)
	}
	proof, err := tlog.ProveRecord(l.last.Size, int64(number), l.tree)
	if err != nil {
		return nil, l.fail(ErrLog, err.Error())
	}
	found, err := l.proveAdoption(caseID, records[0].Seq)
	if err != nil {
		return nil, err
	}
	file := appendCase(nil, caseID, records, int64(number), proof, l.signed, found)
	if _, err := proveCase(file, l.last); err != nil {
		if errors.Is(err, ErrProof) {
			err = &Fault{Case: caseID, Seq: 1, Last: covered.version, Err: ErrRewritten}
		}
		return nil, err
	}
	return file, nil
}

// adoption is the proof of an adopted head.
type adoption struct {
	at      int64
	version uint64
	number  int64
	proof   tlog.RecordProof
}

// proveAdoption gives the proof that a case was adopted, or none when it was not, or was erased since: its first record is newer.
func (l *Log) proveAdoption(caseID string, first uint64) (*adoption, error) {
	for _, n := range slices.Backward(l.numbers(caseID, int(l.last.Size))) {
		if f := &l.leaves[n]; f.found && first <= f.version {
			proof, err := tlog.ProveRecord(l.last.Size, int64(n), l.tree)
			if err != nil {
				return nil, l.fail(ErrLog, err.Error())
			}
			return &adoption{f.at, f.version, int64(n), proof}, nil
		}
	}
	return nil, nil
}

func appendCase(b []byte, caseID string, records []journal.Record, number int64, proof tlog.RecordProof, signed []byte, found *adoption) []byte {
	if found != nil {
		b = append(b, adoptedMagic...)
	} else {
		b = append(b, fileMagic...)
	}
	b = binary.BigEndian.AppendUint16(b, uint16(len(caseID)))
	b = append(b, caseID...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(records)))
	for _, r := range records {
		b = binary.BigEndian.AppendUint64(b, r.Seq)
		b = binary.BigEndian.AppendUint32(b, uint32(len(r.Data)))
		b = append(b, r.Data...)
	}
	b = appendProof(b, number, proof)
	b = binary.BigEndian.AppendUint32(b, uint32(len(signed)))
	b = append(b, signed...)
	if found == nil {
		return b
	}
	b = binary.BigEndian.AppendUint64(b, uint64(found.at))
	b = binary.BigEndian.AppendUint64(b, found.version)
	return appendProof(b, found.number, found.proof)
}

func appendProof(b []byte, number int64, proof tlog.RecordProof) []byte {
	b = binary.BigEndian.AppendUint64(b, uint64(number))
	b = append(b, byte(len(proof)))
	for _, h := range proof {
		b = append(b, h[:]...)
	}
	return b
}

// ReadCase verifies a case file, without any database: the signature of its checkpoint by one of the verifiers, the proof that the checkpoint holds the head
// of the case, and every record up to that head. The error matches [ErrCaseFile], [ErrCheckpoint], [ErrSignature], [ErrProof], or is the *[Fault] of the first bad
// record. The result shares the bytes of file.
func ReadCase(file []byte, trusted ...note.Verifier) (*CaseFile, error) {
	p, err := parseCase(file)
	if err != nil {
		return nil, err
	}
	c, err := ReadCheckpoint(p.signed, trusted...)
	if err != nil {
		return nil, err
	}
	return p.prove(c)
}

// proveCase verifies a case file against a checkpoint that is known to be good.
func proveCase(file []byte, c Checkpoint) (*CaseFile, error) {
	p, err := parseCase(file)
	if err != nil {
		return nil, err
	}
	return p.prove(c)
}

func (p *parsedCase) prove(c Checkpoint) (*CaseFile, error) {
	f := &CaseFile{Case: p.caseID, Checkpoint: c, records: p.records, sealed: make([]sealedRecord, 0, len(p.records))}
	found, err := p.proveFound(c)
	if err != nil {
		return nil, err
	}
	if found != nil {
		f.Adopted, f.AdoptedAt = found.version, time.Unix(found.at, 0).UTC()
	}
	end := startOf(p.caseID).adopted(found)
	for _, r := range p.records {
		payload, s, bad := end.step(p.caseID, r.Seq, r.Data)
		if bad != nil {
			return nil, bad
		}
		f.sealed = append(f.sealed, sealedRecord{payload, s.flags})
	}
	f.Erased = end.erased
	head := leaf{caseID: p.caseID, version: end.seq, erased: end.erased, sum: end.sum}
	if found != nil && end.seq == found.version {
		head = *found
	}
	if err := p.holds(c, p.number, p.proof, &head); err != nil {
		return nil, err
	}
	return f, nil
}

// holds tells whether a checkpoint has a leaf.
func (p *parsedCase) holds(c Checkpoint, number int64, proof tlog.RecordProof, f *leaf) error {
	if number >= c.Size {
		return fmt.Errorf("seal: case %s: %w: leaf %d of %d", quote(p.caseID), ErrProof, number, c.Size)
	}
	if err := tlog.CheckRecord(proof, c.Size, c.Root, number, tlog.RecordHash(f.append(nil))); err != nil {
		return fmt.Errorf("seal: case %s: %w", quote(p.caseID), ErrProof)
	}
	return nil
}

// proveFound gives the adopted head of the case, nil when it has none. All that it is made of but its sum stands in the file.
func (p *parsedCase) proveFound(c Checkpoint) (*leaf, error) {
	if p.found == nil {
		return nil, nil
	}
	f := &leaf{found: true, at: p.found.at, caseID: p.caseID, version: p.found.version, sum: genesis(p.caseID)}
	f.erased = f.version > 1 && p.records[0].Seq == f.version
	for _, r := range p.records {
		if r.Seq <= f.version {
			f.sum = bareSum(p.caseID, r.Seq, r.Data, f.sum)
		}
	}
	if err := p.holds(c, p.found.number, p.found.proof, f); err != nil {
		return nil, err
	}
	return f, nil
}

// parsedCase is a case file, taken apart.
type parsedCase struct {
	caseID  string
	records []journal.Record
	number  int64
	proof   tlog.RecordProof
	signed  []byte
	found   *adoption // nil: it was not adopted
}

// reader takes bytes from the front, and remembers that there were too few.
type reader struct {
	rest  []byte
	short bool
}

func (r *reader) take(n uint64) []byte {
	if r.short || uint64(len(r.rest)) < n {
		r.short = true
		return nil
	}
	b := r.rest[:n:n]
	r.rest = r.rest[n:]
	return b
}

func (r *reader) number(size uint64) uint64 {
	var n uint64
	for _, b := range r.take(size) {
		n = n<<8 | uint64(b)
	}
	return n
}

// proof takes the number of a leaf and its proof.
func (r *reader) proof() (number int64, proof tlog.RecordProof) {
	number = int64(r.number(8))
	for range r.number(1) {
		var h tlog.Hash
		copy(h[:], r.take(tlog.HashSize))
		proof = append(proof, h)
	}
	return number, proof
}

func parseCase(file []byte) (*parsedCase, error) {
	bad := func(what string) (*parsedCase, error) {
		return nil, fmt.Errorf("seal: %w: %s", ErrCaseFile, what)
	}
	r := reader{rest: file}
	magic := string(r.take(uint64(len(fileMagic))))
	if magic != fileMagic && magic != adoptedMagic {
		return bad("it does not begin like one of these versions")
	}
	var p parsedCase
	p.caseID = string(r.take(r.number(2)))
	if r.short || journal.CheckID(p.caseID) != nil {
		return bad("no id of a case")
	}
	count := r.number(4)
	if count == 0 {
		return bad("no records")
	}
	p.records = make([]journal.Record, 0, min(count, uint64(len(file)/12))) // a number and a length are 12 bytes
	for range count {
		seq := r.number(8)
		data := r.take(r.number(4))
		if r.short {
			return bad("it ends among the records")
		}
		if len(data) > journal.MaxRecord {
			return bad("a record that is too large")
		}
		p.records = append(p.records, journal.Record{Case: p.caseID, Seq: seq, Data: data})
	}
	p.number, p.proof = r.proof()
	p.signed = r.take(r.number(4))
	if magic == adoptedMagic {
		p.found = &adoption{at: int64(r.number(8)), version: r.number(8)}
		p.found.number, p.found.proof = r.proof()
	}
	if r.short || p.number < 0 || p.found != nil && (p.found.number < 0 || p.found.version < p.records[0].Seq) || len(r.rest) > 0 {
		return bad("it ends too early or too late")
	}
	return &p, nil
}
