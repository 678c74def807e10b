package audit

import (
	"strings"

	"golang.org/x/text/width"
)

// table lays out texts in columns. Chinese characters take two places.
type table struct {
	left int // so many columns stand on the left, the others on the right
	rows [][]string
}

func (t *table) row(cells ...string) { t.rows = append(t.rows, cells) }

func (t *table) write(b *strings.Builder, indent string) {
	var widths []int
	for _, row := range t.rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], places(cell))
		}
	}
	for _, row := range t.rows {
		line := indent
		for i, cell := range row {
			if i > 0 {
				line += "  "
			}
			gap := strings.Repeat(" ", widths[i]-places(cell))
			if i < t.left || i == len(widths)-1 {
				line += cell + gap
			} else {
				line += gap + cell
			}
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}

// places is how many places of a terminal a text takes.
func places(s string) int {
	n := 0
	for _, r := range s {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

// bar shows a share in so many places, rounded down, so that only all of it fills the bar.
func bar(share float64, places int) string {
	full := min(max(int(share*float64(places)), 0), places)
	return strings.Repeat("█", full) + strings.Repeat("░", places-full)
}
