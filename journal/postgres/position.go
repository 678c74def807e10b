package postgres

import (
	"strconv"
	"strings"

	"github.com/servicecharter/charter/journal"
)

// place is where a scan stands: after one record of one epoch. The zero place is the beginning.
type place struct {
	epoch string
	turn  uint64
	place int64
	mark  int64
}

func (p place) position() journal.Position {
	b := make([]byte, 0, 96)
	b = append(b, p.epoch...)
	b = strconv.AppendUint(append(b, '.'), p.turn, 10)
	b = strconv.AppendInt(append(b, '.'), p.place, 10)
	b = strconv.AppendInt(append(b, '.'), p.mark, 10)
	return journal.Position(b)
}

// parse reads just what position writes.
func parse(s journal.Position) (place, error) {
	if s == "" {
		return place{}, nil
	}
	parts := strings.Split(string(s), ".")
	if len(parts) != 4 {
		return place{}, journal.ErrPosition
	}
	turn, err1 := strconv.ParseUint(parts[1], 10, 64)
	at, err2 := strconv.ParseInt(parts[2], 10, 64)
	mark, err3 := strconv.ParseInt(parts[3], 10, 64)
	p := place{epoch: parts[0], turn: turn, place: at, mark: mark}
	if err1 != nil || err2 != nil || err3 != nil || p.position() != s {
		return place{}, journal.ErrPosition
	}
	return p, nil
}
