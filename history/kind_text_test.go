package history_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/history"
)

// Every standard kind has a Chinese name, and no two share one.
func TestKindsHaveNames(t *testing.T) {
	seen := map[string]history.Kind{}
	for _, k := range history.Kinds() {
		name := k.Text("zh-CN")
		require.NotEqual(t, string(k), name)
		require.Empty(t, seen[name], "%s and %s", seen[name], k)
		seen[name] = k
		require.Equal(t, string(k), k.Text("en"))
	}
	require.Equal(t, "acme.triaged", history.Kind("acme.triaged").Text("zh"))
}
