package records

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/servicecharter/charter/history"
)

// ErrCertificate is matched by every error about bytes that are no certificate.
var ErrCertificate = errors.New("records: malformed certificate")

// Digest is the SHA-256 of what a record consists of: for each part in turn, its length as eight bytes, big-endian, and then its bytes. Whoever
// has the parts, from an old backup for example, can compute it and compare it with a [Certificate].
type Digest [sha256.Size]byte

// DigestOf computes the digest of parts.
func DigestOf(parts iter.Seq[[]byte]) Digest {
	h := sha256.New()
	for p := range parts {
		digestPart(h, p)
	}
	return Digest(h.Sum(nil))
}

func digestPart(h hash.Hash, p []byte) {
	var length [8]byte
	binary.BigEndian.PutUint64(length[:], uint64(len(p)))
	h.Write(length[:])
	h.Write(p)
}

// String returns the digest in hexadecimal.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// MarshalText returns the digest in hexadecimal.
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads 64 hexadecimal digits. The error matches [ErrCertificate].
func (d *Digest) UnmarshalText(text []byte) error {
	if len(text) != 2*len(d) {
		return fmt.Errorf("%w: a digest has %d hexadecimal digits", ErrCertificate, 2*len(d))
	}
	if _, err := hex.Decode(d[:], text); err != nil {
		return fmt.Errorf("%w: digest: %w", ErrCertificate, err)
	}
	return nil
}

// Certificate says what was disposed of, when, and under which clauses. It stands in the place of the record and, once more, in the [Ledger], and holds
// nothing of the content but its digest. The members stand in the order of their JSON names, so that equal certificates have equal bytes.
type Certificate struct {
	Agreed  []string  `json:"agreed,omitempty"` // who agreed to it
	At      time.Time `json:"at"`
	Class   string    `json:"class"`
	Digest  Digest    `json:"digest"`
	Due     time.Time `json:"due"` // since when it could be disposed of
	Grounds []Ground  `json:"grounds"`
	ID      string    `json:"id"` // a UUID, derived from the record and its digest
	Method  string    `json:"method,omitempty"`
	Parts   int       `json:"parts"` // how many the digest is of
	Record  string    `json:"record"`
}

// Ground is a period of a clause that was over.
type Ground struct {
	Ceiling bool      `json:"ceiling,omitempty"` // else a floor
	Clause  string    `json:"clause"`
	End     time.Time `json:"end"`
	From    time.Time `json:"from"`
	Period  Period    `json:"period"`
	Start   Start     `json:"start"`
}

// certificates is the name space of their ids.
var certificates = uuid.MustParse("5a2f4a0e-3c7b-5d0e-9b57-0b6c5c9a1d42")

// certify makes the certificate of a decision to dispose.
func certify(d Decision, s Stored, method string) Certificate {
	c := Certificate{
		At: d.At.UTC(), Class: d.Class, Digest: s.Digest, Due: d.Due.UTC(), Method: method, Parts: s.Parts, Record: d.Record,
		ID: uuid.NewSHA1(certificates, []byte(d.Record+"\n"+s.Digest.String())).String(),
	}
	for _, r := range d.Reasons {
		switch r.Code {
		case ReasonFloor, ReasonCeiling, ReasonPerhaps:
			c.Grounds = append(c.Grounds, Ground{
				Ceiling: r.Code == ReasonCeiling, Clause: r.Clause, End: r.End.UTC(), From: r.From.UTC(), Period: r.Period, Start: r.Start,
			})
		case ReasonAgreed:
			c.Agreed = append(c.Agreed, r.By)
		}
	}
	return c
}

// Bytes returns the certificate as it is stored: JSON on one line.
func (c Certificate) Bytes() ([]byte, error) {
	c.At, c.Due = c.At.UTC(), c.Due.UTC()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(c); err != nil {
		return nil, fmt.Errorf("records: certificate of %q: %w", clip(c.Record), err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// ParseCertificate reads what [Certificate.Bytes] wrote, and nothing else. The error matches [ErrCertificate].
func ParseCertificate(b []byte) (Certificate, error) {
	var c Certificate
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return Certificate{}, fmt.Errorf("%w: %w", ErrCertificate, err)
	}
	switch again, err := c.Bytes(); {
	case err != nil:
		return Certificate{}, fmt.Errorf("%w: %w", ErrCertificate, err)
	case !bytes.Equal(again, b):
		return Certificate{}, fmt.Errorf("%w: written otherwise than it would be", ErrCertificate)
	case c.Record == "" || c.ID == "" || c.At.IsZero():
		return Certificate{}, fmt.Errorf("%w: it names no record, no id or no instant", ErrCertificate)
	}
	return c, nil
}

// Proves tells whether parts are what was disposed of.
func (c Certificate) Proves(parts iter.Seq[[]byte]) bool { return DigestOf(parts) == c.Digest }

// Clauses names the clauses of the grounds, each once.
func (c Certificate) Clauses() []string {
	var ids []string
	for _, g := range c.Grounds {
		if !slices.Contains(ids, g.Clause) {
			ids = append(ids, g.Clause)
		}
	}
	return ids
}

// Text says it in the language of a BCP 47 tag: Simplified Chinese for "zh" and whatever begins with "zh-", English for all others.
func (c Certificate) Text(language string) string {
	format := "%s was disposed of at %s under %s; %d parts, SHA-256 %s"
	if history.IsChinese(language) {
		format = "%s已于%s依据%s销毁；共%d部分，SHA-256为%s"
	}
	return fmt.Sprintf(format, c.Record, history.FormatInstant(c.At), strings.Join(c.Clauses(), ", "), c.Parts, c.Digest)
}
