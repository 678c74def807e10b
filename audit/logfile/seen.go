package logfile

// seen remembers the cases of late, in a fixed amount of memory: a case that comes again is noticed unless another one has taken its
// place since.
type seen [1 << 15]uint64

// before tells whether a case was seen, and remembers it.
func (s *seen) before(id []byte) bool {
	// FNV-1a: the same on every run, so that reports are.
	h := uint64(14695981039346656037)
	for _, c := range id {
		h = (h ^ uint64(c)) * 1099511628211
	}
	place := &s[h%uint64(len(s))]
	again := *place == h
	*place = h
	return again
}
