package handbooks

import (
	"embed"
	"fmt"
	"iter"

	"github.com/servicecharter/charter"
)

//go:embed standard.json etiquette.json norms.json enterprise.json telecom.json
var files embed.FS

// Names returns the ids of the five handbooks, in the order of [All]. The
// slice is the caller's.
func Names() []string { return []string{"standard", "etiquette", "norms", "enterprise", "telecom"} }

// Standard returns the customer service centre service standard handbook of
// 2025, for any sector.
//
// Like its sisters it parses the embedded text at every call, which takes about
// five milliseconds: call it once and keep the handbook, which never
// changes and may be shared. An error would mean that the embedded file is
// damaged.
func Standard() (*charter.Handbook, error) { return parse("standard") }

// Etiquette returns the handbook of service process and etiquette of 2025, for
// customer service centres of any sector.
func Etiquette() (*charter.Handbook, error) { return parse("etiquette") }

// Norms returns the customer service centre service norms handbook of 2025,
// for any sector.
func Norms() (*charter.Handbook, error) { return parse("norms") }

// Enterprise returns the guide to process norms and skills of enterprise
// customer service of 2025.
func Enterprise() (*charter.Handbook, error) { return parse("enterprise") }

// Telecom returns the customer service standards handbook of the
// communications industry of 2025.
func Telecom() (*charter.Handbook, error) { return parse("telecom") }

// All yields the five handbooks, each with its error, in the order of [Names].
func All() iter.Seq2[*charter.Handbook, error] {
	return func(yield func(*charter.Handbook, error) bool) {
		for _, name := range Names() {
			if !yield(parse(name)) {
				return
			}
		}
	}
}

// JSON returns the text of the handbook with that id, as it is embedded: a
// start for a host's own.
func JSON(name string) ([]byte, error) {
	text, err := files.ReadFile(name + ".json")
	if err != nil {
		return nil, fmt.Errorf("handbooks: no handbook %q", name)
	}
	return text, nil
}

func parse(name string) (*charter.Handbook, error) {
	text, err := JSON(name)
	if err != nil {
		return nil, err
	}
	h, err := charter.ParseHandbook(text)
	if err != nil {
		return nil, fmt.Errorf("handbooks: %s.json: %w", name, err)
	}
	return h, nil
}
