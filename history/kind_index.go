package history

// Index is the place of the kind in [Kinds], from 0, or -1 for a kind of the host. It costs a few nanoseconds, less than a look into a map: what is
// to be done for an entry of each kind can stand in a slice. Places move when the vocabulary grows, so they are not to be stored.
func (k Kind) Index() int {
	if k == "" {
		return -1
	}
	for i := k.slot(); places[i] != 0; i++ {
		if n := int(places[i]) - 1; ranks[n] == k {
			return n
		}
	}
	return -1
}

// slot is where the search for a kind begins. With these factors no two kinds of the vocabulary begin at the same place, so that one comparison is
// enough; were there such kinds, they would only be found a step later.
func (k Kind) slot() uint8 {
	return uint8(len(k))*160 + k[0]*39 + k[len(k)/2]*185 + k[len(k)/3]*254
}

// places is a hash table with open addressing of the places of kinds, plus one.
var places = func() (table [1 << 8]uint8) {
	for n, k := range ranks {
		i := k.slot()
		for table[i] != 0 {
			i++
		}
		table[i] = uint8(n) + 1
	}
	return table
}()
