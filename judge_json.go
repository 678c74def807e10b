package charter

import (
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

type judgementJSON struct {
	Case     string          `json:"case,omitempty"`
	At       time.Time       `json:"at"`
	Clocks   []sla.Clock     `json:"clocks"`
	Next     time.Time       `json:"next,omitzero"`
	Findings []saidFinding   `json:"findings,omitempty"`
	Faults   []saidDataFault `json:"faults,omitempty"`
}

type saidFinding struct {
	Finding
	Text Text `json:"text"`
}

type saidDataFault struct {
	history.Finding
	Text Text `json:"text"`
}

// MarshalJSON writes the judgement for another program: case, at, clocks, next,
// findings and faults, names in snake case. Instants are RFC 3339, those that are
// not there left out, and each finding and fault has its text in both languages.
// The form is for reading; nothing turns it into a Judgement again.
func (j Judgement) MarshalJSON() ([]byte, error) {
	out := judgementJSON{Case: j.Case, At: j.At, Clocks: j.Clocks, Next: j.Next}
	if out.Clocks == nil {
		out.Clocks = []sla.Clock{}
	}
	for _, f := range j.Findings {
		out.Findings = append(out.Findings, saidFinding{f, Text{f.Text("en"), f.Text("zh")}})
	}
	for _, f := range j.Faults {
		out.Faults = append(out.Faults, saidDataFault{f, Text{f.Text("en"), f.Text("zh")}})
	}
	return marshal(out)
}
