package journal

import (
	"math"
	"math/rand/v2"
	"strings"
	"time"
)

// agenda is the index by attention instant: a treap (Seidel and Aragon, 1996) of the cases that have one, linked through their states.
// It takes eight bytes a case, and a walk can begin at any place in it.
type agenda struct {
	root uint32
	seed uint64 // so that nobody can choose instants that make a deep tree
}

// mark is a place in the agenda: where a case with this instant and id stands.
type mark struct {
	next int64
	id   string
}

func (a mark) before(b mark) bool {
	return a.next < b.next || a.next == b.next && strings.Compare(a.id, b.id) < 0
}

func (m *contents) mark(no uint32) mark {
	c := m.at(no)
	return mark{c.next, c.id}
}

func (m *contents) priority(no uint32) uint64 { return mix(m.seed ^ uint64(no)) }

// move gives a case another attention instant, or none.
func (m *contents) move(no uint32, next int64) {
	c := m.at(no)
	if c.next == next {
		return
	}
	if c.next != none {
		m.root = m.without(m.root, no)
	}
	c.next = next
	if next != none {
		if m.seed == 0 {
			m.seed = rand.Uint64() | 1
		}
		c.left, c.right = 0, 0
		m.root = m.with(m.root, no)
	}
}

// with gives the tree with a case added to it.
func (m *contents) with(tree, no uint32) uint32 {
	if tree == 0 {
		return no
	}
	if m.priority(no) > m.priority(tree) {
		c := m.at(no)
		c.left, c.right = m.split(tree, m.mark(no))
		return no
	}
	if t := m.at(tree); m.mark(no).before(m.mark(tree)) {
		t.left = m.with(t.left, no)
	} else {
		t.right = m.with(t.right, no)
	}
	return tree
}

// without gives the tree with a case taken out of it.
func (m *contents) without(tree, no uint32) uint32 {
	t := m.at(tree)
	switch {
	case tree == no:
		return m.merge(t.left, t.right)
	case m.mark(no).before(m.mark(tree)):
		t.left = m.without(t.left, no)
	default:
		t.right = m.without(t.right, no)
	}
	return tree
}

// split gives what stands before a place and what stands at or after it.
func (m *contents) split(tree uint32, at mark) (before, after uint32) {
	if tree == 0 {
		return 0, 0
	}
	t := m.at(tree)
	if m.mark(tree).before(at) {
		t.right, after = m.split(t.right, at)
		return tree, after
	}
	before, t.left = m.split(t.left, at)
	return before, tree
}

// merge joins two trees, all of the first standing before all of the second.
func (m *contents) merge(a, b uint32) uint32 {
	switch {
	case a == 0:
		return b
	case b == 0:
		return a
	case m.priority(a) > m.priority(b):
		c := m.at(a)
		c.right = m.merge(c.right, b)
		return a
	default:
		c := m.at(b)
		c.left = m.merge(a, c.left)
		return b
	}
}

const duePage = 64

// due fills a page with the cases after a place and up to an instant, in order.
func (m *contents) due(page []Item, from mark, until int64) []Item {
	m.walk(m.root, from, until, &page)
	return page
}

// walk tells whether there may be more.
func (m *contents) walk(tree uint32, from mark, until int64, page *[]Item) bool {
	if tree == 0 {
		return true
	}
	c := m.at(tree)
	wanted := from.before(mark{c.next, c.id})
	if wanted && !m.walk(c.left, from, until, page) {
		return false
	}
	if c.next > until || len(*page) == cap(*page) {
		return false
	}
	if wanted {
		*page = append(*page, Item{Case: c.id, Next: instant(c.next)})
	}
	return m.walk(c.right, from, until, page)
}

// none stands for no instant.
const none = math.MinInt64

func nanoseconds(t time.Time) int64 {
	if t.IsZero() {
		return none
	}
	return t.UnixNano()
}

func instant(ns int64) time.Time {
	if ns == none {
		return time.Time{}
	}
	return time.Unix(0, ns).UTC()
}

// bound is the last instant that a journal keeps and that is not after t.
func bound(t time.Time) int64 {
	switch {
	case keeps(t):
		return t.UnixNano()
	case t.Year() < 1970:
		return none
	default:
		return math.MaxInt64
	}
}
