package measure

import "strings"

// key names a group by numbers.
type key struct {
	measure                             int32
	period, tier, channel, group, agent uint32
}

// names numbers texts, from 0 for the empty one.
type names struct {
	numbers map[string]uint32
	texts   []string
}

func (n *names) number(text string) uint32 {
	if text == "" {
		return 0
	}
	if i, ok := n.numbers[text]; ok {
		return i
	}
	if n.numbers == nil {
		n.numbers, n.texts = map[string]uint32{}, []string{""}
	}
	i := uint32(len(n.texts))
	text = strings.Clone(text) // the host may have cut it from something large
	n.numbers[text] = i
	n.texts = append(n.texts, text)
	return i
}

func (n *names) text(i uint32) string {
	if i == 0 {
		return ""
	}
	return n.texts[i]
}

func (n *names) compare(a, b uint32) int {
	if a == b {
		return 0
	}
	return strings.Compare(n.text(a), n.text(b))
}

// key numbers a group of which all is to be kept apart.
func (t *Tally) key(measure int32, period string, s Slice) key {
	return key{measure, t.periods.number(period), t.tiers.number(s.Tier), t.channels.number(s.Channel), t.groups.number(s.Group), t.agents.number(s.Agent)}
}

func (t *Tally) slice(k key) Slice {
	return Slice{Tier: t.tiers.text(k.tier), Channel: t.channels.text(k.channel), Group: t.groups.text(k.group), Agent: t.agents.text(k.agent)}
}
