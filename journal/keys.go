package journal

import (
	"hash/maphash"
	"maps"
)

// keyIndex finds the frame of an append by its case and key. It maps a hash to the newest frame whose key has it; from there, frames are
// linked to older ones with the same hash.
type keyIndex struct {
	newest map[uint64]link
	hash   func(no uint32, key string) uint64
}

func (x *keyIndex) head(no uint32, key string) link {
	if x.newest == nil {
		return 0
	}
	return x.newest[x.hash(no, key)]
}

func (x *keyIndex) put(no uint32, key string, at link) {
	if x.newest == nil {
		x.newest = map[uint64]link{}
	}
	if x.hash == nil {
		seed := maphash.MakeSeed()
		x.hash = func(no uint32, key string) uint64 { return maphash.String(seed, key) ^ mix(uint64(no)) }
	}
	x.newest[x.hash(no, key)] = at
}

// drop forgets a frame and tells whether it could: not while frames are linked through it.
func (x *keyIndex) drop(no uint32, key string, at, older link) bool {
	h := x.hash(no, key)
	if older != 0 || x.newest[h] != at {
		return false
	}
	delete(x.newest, h)
	return true
}

func (x *keyIndex) clone() keyIndex {
	return keyIndex{newest: maps.Clone(x.newest), hash: x.hash}
}

// mix is the finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): neighbours end up far apart.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
