package sla

// truth is whether a target covers a case.
type truth uint8

const (
	no truth = iota
	unknown
	yes
)

func (v truth) force() force {
	switch v {
	case yes:
		return in
	case unknown:
		return unclear
	}
	return out
}

// decision is which targets cover a case that has certain attributes, whatever
// else happens to it.
type decision struct {
	targets []ruling
	covers  []bool // by stopwatch: one of its targets covers the case, or may
}

// ruling is what is decided on a target.
type ruling struct {
	truth truth
	lack  int32 // slot of the missing attribute
}

// truth is whether a target covers the case.
func (r *Run) truth(ti int32) truth { return r.decided.targets[ti].truth }

// decide evaluates every condition. In a ranked group the first target that
// holds is in force, and a missing attribute counts against it.
func (p *Plan) decide(attrs []byte) *decision {
	d := &decision{make([]ruling, len(p.targets)), make([]bool, len(p.watches))}
	for ti := range p.targets {
		d.targets[ti] = p.targets[ti].holds(attrs)
	}
	for _, group := range p.groups {
		found := false
		for _, ti := range group {
			t := &d.targets[ti].truth
			if found || *t == unknown {
				*t = no
			}
			found = found || *t == yes
		}
	}
	for ti := range p.targets {
		if w := p.targets[ti].watch; d.targets[ti].truth != no {
			d.covers[w] = true
		}
	}
	return d
}

// holds evaluates the target's condition.
func (tg *target) holds(attrs []byte) ruling {
	out := ruling{truth: yes}
	for i := range tg.terms {
		t := &tg.terms[i]
		bits := attrs[t.first:]
		has := false
		for b, values := range t.values {
			has = has || bits[b]&values != 0
		}
		switch {
		case has == t.not && (has || bits[0]&1 != 0):
			return ruling{truth: no}
		case !has && !t.not && out.truth == yes:
			out = ruling{unknown, int32(t.slot)}
		}
	}
	return out
}

// memo keeps decisions by the attributes that they were made on: cases have few
// different combinations of what a plan asks for.
type memo map[string]*decision

// mostDecisions bounds the memo.
const mostDecisions = 64

// decide is [Plan.decide], with as little work as may be.
func (r *Run) decide() {
	d := r.memo[string(r.attrs)]
	if d == nil {
		d = r.plan.decide(r.attrs)
		if r.memo == nil || len(r.memo) == mostDecisions {
			r.memo = memo{}
		}
		r.memo[string(r.attrs)] = d
	}
	r.decided = d
}
