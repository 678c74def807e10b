package seal

import "maps"

// Without gives the journal without the cases of some faults, for who has looked at them and wants to go on with the rest, such as an audit over a journal
// that is damaged here and there:
//
//	report, err := j.Verify(ctx, held...)
//	for r, err := range j.Without(report.Faults...).Scan(ctx, "") { ... }
//
// Scan passes over these cases, all of their records and not the bad ones alone: half a history gives wrong verdicts. Read, Append and Erase give the fault. A
// case that is not named ends a Scan as before, so that nothing is passed over that nobody was told of; nor does Checkpoint ever sign over it.
// The journal itself is not changed. No faults, or nil ones: the same journal.
func (j *Journal) Without(faults ...*Fault) *Journal {
	other := *j
	other.without = maps.Clone(j.without)
	for _, f := range faults {
		if f == nil {
			continue
		}
		if other.without == nil {
			other.without = map[string]*Fault{}
		}
		if other.without[f.Case] == nil {
			other.without[f.Case] = f
		}
	}
	return &other
}

// excluded gives the fault for which a case was left out.
func (j *Journal) excluded(caseID string) error {
	if f := j.without[caseID]; f != nil {
		return f
	}
	return nil
}
