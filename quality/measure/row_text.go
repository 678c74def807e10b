package measure

import (
	"fmt"
	"strconv"
	"strings"
)

// String names what is known of where a fact belongs, as in "tier=urgent channel=phone"; empty when nothing is. A value with spaces
// or anything that does not print is quoted as in Go.
func (s Slice) String() string {
	var parts []string
	for _, p := range [...]struct{ name, value string }{{"tier", s.Tier}, {"channel", s.Channel}, {"group", s.Group}, {"agent", s.Agent}} {
		if p.value != "" {
			value := strconv.Quote(p.value)
			if plain := value[1 : len(value)-1]; plain == p.value && !strings.Contains(plain, " ") {
				value = plain
			}
			parts = append(parts, p.name+"="+value)
		}
	}
	return strings.Join(parts, " ")
}

// String says it in one line, as in "satisfaction 2025-03 tier=urgent: 81/263 (30.80%), 2 pending, 1 excluded".
func (r Row) String() string {
	var b strings.Builder
	b.WriteString(r.Measure)
	for _, part := range [...]string{r.Period, r.Slice.String()} {
		if part != "" {
			b.WriteString(" " + part)
		}
	}
	b.WriteString(": ")
	if r.Statistic == nil {
		b.WriteString("no figure")
	} else {
		fmt.Fprint(&b, r.Statistic)
	}
	for _, n := range [...]struct {
		count uint64
		what  string
	}{{r.Pending, "pending"}, {r.Excluded, "excluded"}} {
		if n.count > 0 {
			fmt.Fprintf(&b, ", %d %s", n.count, n.what)
		}
	}
	return b.String()
}
