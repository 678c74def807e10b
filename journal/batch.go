package journal

import (
	"fmt"
	"time"
	"unicode"
	"unicode/utf8"
)

// What a journal takes. They keep a mistaken or malicious caller from filling the memory of the journal's other readers.
const (
	MaxID      = 200      // bytes of a case id, and of a key
	MaxRecord  = 1 << 20  // bytes of a record
	MaxRecords = 1000     // records of a batch
	MaxBatch   = 16 << 20 // bytes of all records of a batch
)

// Check tells whether a journal takes the batch, whatever it holds. The error is a *[BatchError]. Every implementation of [Journal] refuses just
// what Check refuses:
//
//   - a Case that [CheckID] refuses;
//   - a Key that is not empty and that CheckID would refuse as an id;
//   - a record that [CheckRecord] refuses, more than [MaxRecords] records, or more than [MaxBatch] bytes in them;
//   - no records for a case that must not exist: a case begins with a record;
//   - a Next that is set and lies outside the years 1678 to 2261 of UTC, since journals keep it as nanoseconds in 64 bits.
func (b *Batch) Check() error {
	if err := CheckID(b.Case); err != nil {
		return err
	}
	if b.Key != "" {
		if problem := badID(b.Key); problem != "" {
			return &BatchError{Case: b.Case, Problem: "key " + problem}
		}
	}
	if len(b.Records) > MaxRecords {
		return &BatchError{Case: b.Case, Problem: fmt.Sprintf("%d records, at most %d", len(b.Records), MaxRecords)}
	}
	if len(b.Records) == 0 && b.Expect.Version == 0 && b.Expect.Rev == 0 {
		return &BatchError{Case: b.Case, Problem: "a new case without records"}
	}
	size := 0
	for i, r := range b.Records {
		if len(r) > MaxRecord {
			return &BatchError{Case: b.Case, Problem: fmt.Sprintf("record %d of the batch has %d bytes, at most %d", i+1, len(r), MaxRecord)}
		}
		size += len(r)
	}
	if size > MaxBatch {
		return &BatchError{Case: b.Case, Problem: fmt.Sprintf("records of %d bytes together, at most %d", size, MaxBatch)}
	}
	if !b.Next.IsZero() && !keeps(b.Next) {
		return &BatchError{Case: b.Case, Problem: "next lies outside the years 1678 to 2261: " + b.Next.UTC().Format(time.RFC3339)}
	}
	return nil
}

// CheckID tells whether an id names a case: 1 to [MaxID] bytes of valid UTF-8 without control characters. The error is a *[BatchError].
// Ids that differ in a byte are different, also in case, blanks or Unicode form only.
func CheckID(id string) error {
	if problem := badID(id); problem != "" {
		return &BatchError{Case: id, Problem: "case id " + problem}
	}
	return nil
}

// CheckRecord tells whether a record of a case has at most [MaxRecord] bytes. None is allowed too. The error is a *[BatchError].
func CheckRecord(caseID string, data []byte) error {
	if len(data) > MaxRecord {
		return &BatchError{Case: caseID, Problem: fmt.Sprintf("record has %d bytes, at most %d", len(data), MaxRecord)}
	}
	return nil
}

func badID(id string) string {
	switch {
	case id == "":
		return "is empty"
	case len(id) > MaxID:
		return fmt.Sprintf("has %d bytes, at most %d", len(id), MaxID)
	case !utf8.ValidString(id):
		return "is not valid UTF-8"
	}
	for _, r := range id {
		if unicode.IsControl(r) {
			return fmt.Sprintf("holds the control character %U", r)
		}
	}
	return ""
}

// keeps tells whether all of the instant's year can be written as nanoseconds since 1970 in an int64.
func keeps(t time.Time) bool {
	y := t.UTC().Year()
	return 1678 <= y && y <= 2261
}
