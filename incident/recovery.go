package incident

import (
	"time"

	"github.com/servicecharter/charter/history"
)

// Recovery is how the service came back. Zero times have not come, or are not known.
type Recovery struct {
	Occurred time.Time // when it began: the field occurred of the first entry that has it, else Detected
	Detected time.Time // the first entry detected or opened
	Restored time.Time // the service runs again: the last entry restored
	Resolved time.Time // the cause is dealt with: the last entry resolved that no reopening has undone
	// Downtime is what the last entry restored states, and otherwise the time from Occurred to Restored; zero while the service is away. It is
	// elapsed time. Compare it with a recovery time objective (RTO).
	Downtime time.Duration
	// DataLost is how far data are lost: from the field data_lost_from of the last entry restored that has it, up to its data_lost_until or
	// else to Occurred; zero when none is lost. Compare it with a recovery point objective (RPO).
	DataLost time.Duration
}

// Recovery returns how the service came back. Fields that cannot be read count as absent.
func (i *Incident) Recovery() Recovery {
	var r Recovery
	stated, from, until := time.Duration(-1), time.Time{}, time.Time{}
	for _, e := range i.sorted() {
		if r.Occurred.IsZero() {
			r.Occurred = instantOf(&e, history.KeyOccurred)
		}
		switch e.Kind {
		case history.Opened, history.Detected:
			if r.Detected.IsZero() {
				r.Detected = e.At
			}
		case history.Restored:
			r.Restored, stated = e.At, -1
			v, _ := e.Fields.Get(KeyDowntime)
			if d, err := time.ParseDuration(v); err == nil && d >= 0 {
				stated = d
			}
			if t := instantOf(&e, KeyDataLostFrom); !t.IsZero() {
				from, until = t, instantOf(&e, KeyDataLostUntil)
			}
		case history.Resolved:
			r.Resolved = e.At
		case history.Reopened:
			r.Resolved = time.Time{}
		}
	}
	if r.Occurred.IsZero() {
		r.Occurred = r.Detected
	}
	if until.IsZero() {
		until = r.Occurred
	}
	switch {
	case stated >= 0:
		r.Downtime = stated
	case !r.Restored.IsZero() && !r.Occurred.IsZero():
		r.Downtime = max(0, r.Restored.Sub(r.Occurred))
	}
	if !from.IsZero() && !until.IsZero() {
		r.DataLost = max(0, until.Sub(from))
	}
	return r
}
