package improvement

import "github.com/servicecharter/charter/quality"

// Words says what the words of a host mean in the fields step and effect. The zero value stands for [Standard]; words are compared as they
// are.
type Words struct {
	// Steps are the words of the field step; nil stands for those of [Standard].
	Steps map[string]Meaning
	// Effects are the words of the field effect, true for those that say that it helped; nil stands for those of [Standard].
	Effects map[string]bool
}

// Meaning is what a word says of a step.
type Meaning struct {
	Step quality.Step
	// Verified says that somebody saw that the problem is gone.
	Verified bool
}

// Standard returns the words of the handbooks and of the vocabulary; see the package comment. For effects they are yes and no, as in the
// field solved. The maps are the caller's, who may add to them.
func Standard() Words {
	return Words{
		Steps: map[string]Meaning{
			"plan": {Step: quality.Plan}, "do": {Step: quality.Do}, "check": {Step: quality.Check}, "act": {Step: quality.Act},
			"identify": {Step: quality.Plan}, "analyse": {Step: quality.Plan}, "improve": {Step: quality.Do},
			"record": {Step: quality.Plan}, "define_measures": {Step: quality.Plan}, "implement": {Step: quality.Do},
			"verify": {Step: quality.Check, Verified: true}, "keep_improving": {Step: quality.Act},
			"planned": {Step: quality.Plan}, "done": {Step: quality.Do}, "checked": {Step: quality.Check},
			"verified": {Step: quality.Check, Verified: true},
		},
		Effects: map[string]bool{"yes": true, "no": false},
	}
}

func (w Words) orStandard() Words {
	standard := Standard()
	if w.Steps == nil {
		w.Steps = standard.Steps
	}
	if w.Effects == nil {
		w.Effects = standard.Effects
	}
	return w
}
