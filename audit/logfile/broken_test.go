package logfile_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/audit/logfile"
	"github.com/servicecharter/charter/history"
)

func TestHeadersThatDoNotFit(t *testing.T) {
	for text, want := range map[string]string{
		"":                 `no column "工单编号"; the log is empty`,
		"\n\n":             `no column "工单编号"; the log is empty`,
		"工单编号,环节,紧急程度,组\n": `no column "时间"; there are 工单编号, 环节, 紧急程度, 组`,
		"工单编号,时间,环节,紧急程度,组,时间\n":         `more than one column "时间"`,
		strings.Repeat("a,", 50) + "a\n": `a, ...`,
	} {
		_, err := told(t, logfile.Read(strings.NewReader(text), desk))
		var h *logfile.HeaderError
		require.ErrorAs(t, err, &h, text)
		require.ErrorIs(t, err, logfile.ErrHeader)
		assert.Contains(t, err.Error(), want)
	}
	for _, text := range []string{strings.Repeat(",", 1_000_000) + "\n", strings.Repeat("x", 2<<20), "\"a"} {
		_, err := told(t, logfile.Read(strings.NewReader(text), desk))
		var r *logfile.ReadError
		require.ErrorAs(t, err, &r)
		assert.Equal(t, 1, r.Line)
	}
	m := logfile.Mapping{Header: []string{"id", "at", "kind"}, Case: "id", Time: "at", Activity: "kind"}
	assert.Equal(t, lines(`
		case 1
		1: 1 2025-01-01T00:00:00Z opened`), tell(t, m, "1,2025-01-01T00:00:00Z,opened\n"))
	assert.Empty(t, tell(t, m, ""))
}

func TestMappingsThatMakeNoSense(t *testing.T) {
	ok := logfile.Mapping{Case: "id", Time: "at", Activity: "kind"}
	for name, spoil := range map[string]func(*logfile.Mapping){
		"no case":       func(m *logfile.Mapping) { m.Case = "" },
		"no time":       func(m *logfile.Mapping) { m.Time = "" },
		"nothing":       func(m *logfile.Mapping) { m.Activity = "" },
		"wide nothing":  func(m *logfile.Mapping) { m.Time, m.Activity = "", "" },
		"pauses":        func(m *logfile.Mapping) { m.Pauses = []logfile.Pause{{From: "a", To: "b"}} },
		"budget":        func(m *logfile.Mapping) { m.Budget = -1 },
		"comma":         func(m *logfile.Mapping) { m.Comma = '"' },
		"comma no rune": func(m *logfile.Mapping) { m.Comma = -1 },
		"encoding":      func(m *logfile.Mapping) { m.Encoding = 9 },
		"attribute":     func(m *logfile.Mapping) { m.Attributes = []logfile.Attribute{{Column: "x"}} },
		"attribute kind": func(m *logfile.Mapping) {
			m.Attributes = []logfile.Attribute{{Column: "x", Name: "x", Kind: history.Resolved}}
		},
		"fact":    func(m *logfile.Mapping) { m.Facts = []logfile.Fact{{Key: "x"}} },
		"instant": func(m *logfile.Mapping) { m.Instants = []logfile.Instant{{Column: "x"}} },
		"roles":   func(m *logfile.Mapping) { m.Roles = map[string]string{"a": "b"} },
		"states": func(m *logfile.Mapping) {
			m.Activity, m.States, m.Instants = "", true, []logfile.Instant{{"x", "y", nil}}
		},
		"wide pause": func(m *logfile.Mapping) {
			*m = logfile.Mapping{Case: "id", Instants: []logfile.Instant{{"x", "y", nil}}, Pauses: []logfile.Pause{{}}}
		},
		"wide instant twice": func(m *logfile.Mapping) {
			*m = logfile.Mapping{Case: "id", Instants: []logfile.Instant{{"x", "y", nil}, {"z", "y", nil}}}
		},
	} {
		m := ok
		spoil(&m)
		_, err := told(t, logfile.Read(strings.NewReader("id,at,kind\n"), m))
		assert.ErrorIs(t, err, logfile.ErrMapping, name)
	}
}

func TestFilesThatBreakOff(t *testing.T) {
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	for i := range 20_000 {
		fmt.Fprintf(z, "%d,2025-01-01T00:00:%02dZ,opened,%x\n", i, i%60, rand.New(rand.NewPCG(uint64(i), 1)).Uint64())
	}
	require.NoError(t, z.Close())
	m := logfile.Mapping{Header: []string{"id", "at", "kind", "noise"}, Case: "id", Time: "at", Activity: "kind"}
	cut := zipped.Bytes()[:zipped.Len()/2]
	out, err := told(t, logfile.Read(bytes.NewReader(cut), m))
	var r *logfile.ReadError
	require.ErrorAs(t, err, &r)
	assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.Greater(t, r.Line, 5000)
	assert.Len(t, out, 2*(r.Line-1-1), "all whole rows, apart from the case that may go on")

	_, err = told(t, logfile.Read(bytes.NewReader([]byte{0x1f, 0x8b, 1, 2}), m))
	require.ErrorAs(t, err, &r)
	disk := errors.New("disk")
	_, err = told(t, logfile.Read(iotest.ErrReader(disk), m))
	assert.ErrorIs(t, err, disk)
	s := logfile.Read(strings.NewReader(""), m)
	_, err = told(t, s)
	require.NoError(t, err)
	_, err = told(t, s)
	assert.ErrorIs(t, err, logfile.ErrUsed)
}
