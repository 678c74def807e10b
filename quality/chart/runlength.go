package chart

import (
	"fmt"
	"math"
)

// quadrature holds the nodes and weights of Gauss and Legendre on an interval.
type quadrature struct{ nodes, weights []float64 }

// maxNodes bounds the work of a run length: a linear system of that size.
const maxNodes = 400

// gauss returns a quadrature from a to b for a kernel that is about reach times narrower than the interval is long.
func gauss(a, b, reach float64) (quadrature, error) {
	n := 40 + int(math.Min(12*reach, 2*maxNodes))
	if n > maxNodes {
		return quadrature{}, fmt.Errorf("%w: limits too wide for its run length to be worked out", ErrDesign)
	}
	q := quadrature{make([]float64, n), make([]float64, n)}
	for i := range n {
		x := math.Cos(math.Pi * (float64(i) + 0.75) / (float64(n) + 0.5))
		var slope float64
		for range 100 {
			// The Legendre polynomial of degree n and the one before, by recurrence.
			p, before := 1.0, 0.0
			for k := range n {
				p, before = (float64(2*k+1)*x*p-float64(k)*before)/float64(k+1), p
			}
			slope = float64(n) * (x*p - before) / (x*x - 1)
			step := p / slope
			x -= step
			if math.Abs(step) < 1e-15 {
				break
			}
		}
		q.nodes[i] = (a+b)/2 - (b-a)/2*x
		q.weights[i] = (b - a) / ((1 - x*x) * slope * slope)
	}
	return q, nil
}

// runLength solves L(s) = 1 + atom(s)·L(start) + ∫ L(y)·density(s, y) dy at the nodes and at the start, and returns L(start). The atom is
// the chance to be thrown back to the start, and may be nil. It returns +Inf, and an error, for runs too long to be told from for ever.
func (q quadrature) runLength(start float64, density func(s, y float64) float64, atom func(s float64) float64) (float64, error) {
	n := len(q.nodes) + 1
	m := make([][]float64, n)
	for i := range m {
		s := start
		if i > 0 {
			s = q.nodes[i-1]
		}
		m[i] = make([]float64, n+1)
		for j := 1; j < n; j++ {
			m[i][j] = -q.weights[j-1] * density(s, q.nodes[j-1])
		}
		if atom != nil {
			m[i][0] = -atom(s)
		}
		m[i][i]++
		m[i][n] = 1
	}
	run, ok := solve(m)
	if !ok || !(run >= 0.999 && run < 1e9) {
		return math.Inf(1), fmt.Errorf("%w: a run too long to tell", ErrDesign)
	}
	return run, nil
}

// solve returns the first unknown of a linear system, each row with its right side last, by elimination with pivots.
func solve(m [][]float64) (float64, bool) {
	n := len(m)
	for i := n - 1; i >= 0; i-- { // the first unknown last, so that nothing has to be put back
		pivot := i
		for r := range i {
			if math.Abs(m[r][i]) > math.Abs(m[pivot][i]) {
				pivot = r
			}
		}
		m[i], m[pivot] = m[pivot], m[i]
		if m[i][i] == 0 {
			return 0, false
		}
		for r := range i {
			f := m[r][i] / m[i][i]
			if f == 0 {
				continue
			}
			for k := range i {
				m[r][k] -= f * m[i][k]
			}
			m[r][n] -= f * m[i][n]
		}
	}
	return m[0][n] / m[0][0], true
}
