// Package prob has the few distributions that intervals and control charts need: normal, Student's t, beta, gamma, binomial and Poisson.
//
// The incomplete beta and gamma functions follow the continued fractions and series of Abramowitz and Stegun (Handbook of Mathematical
// Functions, 26.5.8, 6.5.29 and 6.5.31) and are good to about 1 part in 10^12 for shapes up to [MaxShape]. Quantiles are found by
// bisection of the distribution itself, to the last digits that it has.
package prob

import "math"

// MaxShape is the largest shape or count for which the functions are meant. Beyond it they return NaN.
const MaxShape = 1e10

// Normal is the standard normal distribution function.
func Normal(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }

// NormalDensity is the standard normal density.
func NormalDensity(x float64) float64 { return math.Exp(-x*x/2) / math.Sqrt(2*math.Pi) }

// TwoSided is the normal quantile z with a mass of level between -z and z.
func TwoSided(level float64) float64 { return math.Sqrt2 * math.Erfinv(level) }

// Beta is the distribution function of the beta distribution: the regularised incomplete beta function.
func Beta(x, a, b float64) float64 {
	switch {
	case !(a > 0 && b > 0) || a > MaxShape || b > MaxShape || math.IsNaN(x):
		return math.NaN()
	case x <= 0:
		return 0
	case x >= 1:
		return 1
	}
	// The fraction converges fast below the mean, and the other tail mirrors it.
	if x > (a+1)/(a+b+2) {
		return 1 - betaBelow(1-x, b, a)
	}
	return betaBelow(x, a, b)
}

func betaBelow(x, a, b float64) float64 {
	front := math.Exp(lgamma(a+b) - lgamma(a) - lgamma(b) + a*math.Log(x) + b*math.Log1p(-x))
	return front * betaFraction(x, a, b) / a
}

// tiny keeps the continued fractions from dividing by zero (Lentz's method, as modified by Thompson and Barnett).
const tiny = 1e-300

func betaFraction(x, a, b float64) float64 {
	limit := steps(math.Max(a, b))
	c, d := 1.0, 1/avoid(1-(a+b)*x/(a+1))
	f := d
	for i := 1; i <= limit; i++ {
		m := float64(i)
		for _, n := range [2]float64{
			m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m)),
			-(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1)),
		} {
			d = 1 / avoid(1+n*d)
			c = avoid(1 + n/c)
			f *= c * d
		}
		if math.Abs(c*d-1) < 1e-15 {
			return f
		}
	}
	return f
}

// steps is more than the fractions and series need: they converge in a number of steps of the order of the root of the shape.
func steps(shape float64) int { return 300 + int(20*math.Sqrt(shape)) }

func avoid(v float64) float64 {
	if math.Abs(v) < tiny {
		return tiny
	}
	return v
}

// Gamma is the distribution function of the gamma distribution with scale 1: the regularised lower incomplete gamma function.
func Gamma(x, shape float64) float64 {
	switch {
	case !(shape > 0) || shape > MaxShape || math.IsNaN(x):
		return math.NaN()
	case x <= 0:
		return 0
	case math.IsInf(x, 1):
		return 1
	}
	front := math.Exp(shape*math.Log(x) - x - lgamma(shape))
	limit := steps(shape)
	if x < shape+1 {
		term := 1 / shape
		sum := term
		for i := 1; i <= limit && term > sum*1e-16; i++ {
			term *= x / (shape + float64(i))
			sum += term
		}
		return front * sum
	}
	b := x + 1 - shape
	c, d := 1/tiny, 1/b
	f := d
	for i := 1; i <= limit; i++ {
		n := float64(i) * (shape - float64(i))
		b += 2
		d = 1 / avoid(b+n*d)
		c = avoid(b + n/c)
		f *= c * d
		if math.Abs(c*d-1) < 1e-15 {
			break
		}
	}
	return 1 - front*f
}

// Student is the distribution function of Student's t.
func Student(t, degrees float64) float64 {
	tail := Beta(degrees/(degrees+t*t), degrees/2, 0.5) / 2
	if t > 0 {
		return 1 - tail
	}
	return tail
}

// StudentTwoSided is the quantile t with a mass of level between -t and t.
func StudentTwoSided(level, degrees float64) float64 {
	if !(level > 0 && level < 1) || !(degrees > 0) {
		return math.NaN()
	}
	if degrees > 1e9 {
		return TwoSided(level)
	}
	// 1 - level is the chance of a larger |t|, which is Beta(ν/(ν+t²), ν/2, 1/2).
	x := BetaQuantile(1-level, degrees/2, 0.5)
	return math.Sqrt(degrees * (1 - x) / x)
}

// BetaQuantile is the inverse of [Beta].
func BetaQuantile(p, a, b float64) float64 {
	return bisect(p, 0, 1, func(x float64) float64 { return Beta(x, a, b) })
}

// GammaQuantile is the inverse of [Gamma].
func GammaQuantile(p, shape float64) float64 {
	high := shape + 1
	for Gamma(high, shape) < p && high < math.MaxFloat64/2 {
		high *= 2
	}
	return bisect(p, 0, high, func(x float64) float64 { return Gamma(x, shape) })
}

func bisect(p, low, high float64, f func(float64) float64) float64 {
	if !(p >= 0 && p <= 1) || math.IsNaN(f((low+high)/2)) {
		return math.NaN()
	}
	for {
		mid := low + (high-low)/2
		if mid <= low || mid >= high {
			return mid
		}
		if f(mid) < p {
			low = mid
		} else {
			high = mid
		}
	}
}

// Binomial is the chance of at most hits in so many trials at a rate: the binomial distribution function.
func Binomial(hits, trials, rate float64) float64 {
	switch {
	case hits < 0:
		return 0
	case hits >= trials:
		return 1
	}
	return Beta(1-rate, trials-hits, hits+1)
}

// BinomialAbove is the chance of more than hits, without the loss of digits of 1 - Binomial.
func BinomialAbove(hits, trials, rate float64) float64 {
	switch {
	case hits < 0:
		return 1
	case hits >= trials:
		return 0
	}
	return Beta(rate, hits+1, trials-hits)
}

func lgamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}
