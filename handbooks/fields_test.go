package handbooks_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

// The table of the README has every field that a demand on records names and that package history does not list with the kind of entry, and no other.
func TestFieldsOfDemandsAreListed(t *testing.T) {
	usual := usualFields(t)
	named := map[string][]string{}
	for _, h := range all(t) {
		for c := range h.Clauses() {
			for _, x := range c.Content {
				for _, m := range append(slices.Concat(x.Holds...), x.On) {
					fields := m.Fields
					if !x.Words.IsZero() {
						fields = append(slices.Clone(fields), sla.FieldMatch{Name: x.Words.Field})
					}
					for _, f := range fields {
						kind := string(m.Kind)
						if !slices.Contains(usual[kind], f.Name) && !slices.Contains(named[kind], f.Name) {
							named[kind] = append(named[kind], f.Name)
						}
					}
				}
			}
		}
	}
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	_, section, ok := strings.Cut(string(text), "## Fields that demands on records name")
	require.True(t, ok)
	section, _, _ = strings.Cut(section, "\n## ")
	row, word := regexp.MustCompile("(?m)^\\| `([-a-z]+)` \\| (.*) \\|$"), regexp.MustCompile("`([a-z_]+)`")
	listed := map[string][]string{}
	for _, m := range row.FindAllStringSubmatch(section, -1) {
		for _, w := range word.FindAllStringSubmatch(m[2], -1) {
			if w[1] != "key" { // a value
				listed[m[1]] = append(listed[m[1]], w[1])
			}
		}
	}
	for kind := range named {
		assert.ElementsMatch(t, named[kind], listed[kind], kind)
	}
	assert.Len(t, listed, len(named))
}

// usualFields are by kind the fields that package history names in the comments of its constants, and the attributes where it names any.
func usualFields(t *testing.T) map[string][]string {
	source, err := os.ReadFile("../history/kind.go")
	require.NoError(t, err)
	fields, remark := map[string][]string{}, regexp.MustCompile(` \([^)]*\)`)
	constant := regexp.MustCompile(`(?m)((?:^\t// .*\n)+)\t[A-Za-z]+ +Kind = "([-a-z]+)"`)
	for _, m := range constant.FindAllStringSubmatch(string(source), -1) {
		_, names, _ := strings.Cut(strings.ReplaceAll(m[1], "\n\t//", ""), "Fields: ")
		names = remark.ReplaceAllString(names, "")
		fields[m[2]] = append(strings.Split(strings.TrimSuffix(strings.TrimSpace(names), "."), ", "), history.KeyRole)
		if strings.Contains(names, "any attribute") {
			fields[m[2]] = append(fields[m[2]], history.KeyRequest, history.KeyClass, history.KeySource, history.KeyChannel,
				history.KeyComplexity, history.KeyImportance)
		}
	}
	for _, k := range history.Kinds() {
		require.Contains(t, fields, string(k))
	}
	return fields
}
