package journal

import (
	"crypto/rand"
	"strconv"
	"strings"
)

// newEpoch names the time from one restore to the next. It is random, so that no two journals share one.
func newEpoch() string { return rand.Text() }

// position is that after the record with a number, counted over all cases from 1: "EPOCH.number".
func position(epoch string, n uint64) Position {
	var room [48]byte
	return Position(strconv.AppendUint(append(append(room[:0], epoch...), '.'), n, 10))
}

// positions gives records the positions after those with the numbers. They are parts of one text.
func positions(records []Record, epoch string, numbers []uint64) {
	var room [48]byte
	begin := append(append(room[:0], epoch...), '.')
	var text strings.Builder
	text.Grow(len(records) * (len(begin) + 20)) // digits of a uint64
	for i := range records {
		at := text.Len()
		text.Write(strconv.AppendUint(begin, numbers[i], 10))
		records[i].Pos = Position(text.String()[at:])
	}
}

// resolve gives the number of the record after which a position stands; 0 is the beginning.
func (m *contents) resolve(p Position) (uint64, error) {
	if p == "" {
		return 0, nil
	}
	_, text, _ := strings.Cut(string(p), ".")
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || n == 0 || n > m.count || p != position(m.epoch, n) {
		return 0, ErrPosition
	}
	return n, nil
}
