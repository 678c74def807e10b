package quality

import (
	"encoding/json"
	"fmt"
	"time"
)

type durationsJSON struct {
	BinsPerOctave int        `json:"binsPerOctave"`
	Count         uint64     `json:"count"`
	Min           string     `json:"min,omitempty"`
	Max           string     `json:"max,omitempty"`
	Bins          [][]uint64 `json:"bins"`
}

// MarshalJSON writes the whole state, so that what is read back merges like the original:
//
//	{"binsPerOctave":64,"count":3,"min":"1m0s","max":"1h30m0s","bins":[[1967,2],[2382,1]]}
//
// Min and max are exact and in the form of [time.Duration.String]. Each bin is a number, rising, and how many durations fell into it:
// number 64·k+j with k > 0 stands for the 2^(k−1) durations from (64+j)·2^(k−1) ns on, and a number j below 64 for j ns. Equal states
// give equal bytes.
func (d Durations) MarshalJSON() ([]byte, error) {
	out := durationsJSON{BinsPerOctave: binsPerOctave, Count: d.count, Bins: [][]uint64{}}
	if d.count > 0 {
		out.Min, out.Max = d.min.String(), d.max.String()
	}
	for octave, counts := range d.bins {
		if counts == nil {
			continue
		}
		for bin, n := range counts {
			if n > 0 {
				out.Bins = append(out.Bins, []uint64{uint64(octave*binsPerOctave + bin), n})
			}
		}
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what [Durations.MarshalJSON] writes, in place of what d held. A state that no observations lead to (bins out of
// order, a sum that differs from the count, a minimum outside the first bin) is refused with [ErrFormat] and leaves d as it was.
func (d *Durations) UnmarshalJSON(data []byte) error {
	var in durationsJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return fmt.Errorf("%w: durations: %w", ErrFormat, err)
	}
	read, err := in.durations()
	if err != nil {
		return fmt.Errorf("%w: durations: %w", ErrFormat, err)
	}
	*d = read
	return nil
}

func (in durationsJSON) durations() (Durations, error) {
	if in.BinsPerOctave != binsPerOctave {
		return Durations{}, fmt.Errorf("%d bins per octave instead of %d", in.BinsPerOctave, binsPerOctave)
	}
	var d Durations
	next := uint64(0)
	for i, b := range in.Bins {
		switch {
		case len(b) != 2:
			return Durations{}, fmt.Errorf("bins[%d]: %d numbers instead of 2", i, len(b))
		case b[0] < next:
			return Durations{}, fmt.Errorf("bins[%d]: number %d does not rise", i, b[0])
		case b[0] >= octaves*binsPerOctave:
			return Durations{}, fmt.Errorf("bins[%d]: number %d, the last is %d", i, b[0], octaves*binsPerOctave-1)
		case b[1] == 0:
			return Durations{}, fmt.Errorf("bins[%d]: nothing in it", i)
		case b[1] > MaxCount-d.count:
			return Durations{}, fmt.Errorf("bins[%d]: %w", i, ErrTooMany)
		}
		d.octave(int(b[0] / binsPerOctave))[b[0]%binsPerOctave] = b[1]
		d.count += b[1]
		next = b[0] + 1
	}
	if d.count != in.Count {
		return Durations{}, fmt.Errorf("count %d, but the bins hold %d", in.Count, d.count)
	}
	if d.count == 0 {
		if in.Min != "" || in.Max != "" {
			return Durations{}, fmt.Errorf("min %.40q and max %.40q of nothing", in.Min, in.Max)
		}
		return d, nil
	}
	var err error
	if d.min, err = extreme(in.Min, in.Bins[0][0]); err != nil {
		return Durations{}, fmt.Errorf("min: %w", err)
	}
	if d.max, err = extreme(in.Max, in.Bins[len(in.Bins)-1][0]); err != nil {
		return Durations{}, fmt.Errorf("max: %w", err)
	}
	if d.max < d.min || d.count == 1 && d.min != d.max {
		return Durations{}, fmt.Errorf("min %v and max %v of %d", d.min, d.max, d.count)
	}
	return d, nil
}

// extreme reads the shortest or longest duration and holds it against the bin that it must lie in.
func extreme(text string, number uint64) (time.Duration, error) {
	v, err := time.ParseDuration(text)
	if err != nil {
		return 0, err
	}
	if v < 0 {
		return 0, fmt.Errorf("%w: %v", ErrNegative, v)
	}
	if octave, bin := locate(v); uint64(octave*binsPerOctave+bin) != number {
		return 0, fmt.Errorf("%v is not in bin %d", v, number)
	}
	return v, nil
}
