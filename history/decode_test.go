package history_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/history"
)

// TestDecodeRefuses: what is no canonical entry, where, and in which member.
func TestDecodeRefuses(t *testing.T) {
	type fault struct {
		in    string // with a mark where the fault is
		field string
		err   error
	}
	faults := []fault{
		{`▲`, "", history.ErrSyntax},
		{`▲null`, "", history.ErrSyntax},
		{`▲[]`, "", history.ErrSyntax},
		{`{▲`, "", history.ErrSyntax},
		{`{}▲`, "at", history.ErrTime},
		{`{"at":"2025-03-03T01:00:00Z"}▲`, "kind", history.ErrKind},
		{`{"kind":"k"}▲`, "at", history.ErrTime},
		{`{"kind":▲""}`, "kind", history.ErrKind},
		{`{"kind":▲1}`, "kind", history.ErrSyntax},
		{`{"kind":"k","at":▲""`, "at", history.ErrSyntax},
		{`{"seq":▲-1}`, "seq", history.ErrSyntax},
		{`{"seq":1▲.5}`, "seq", history.ErrSyntax},
		{`{"seq":1▲e3}`, "seq", history.ErrSyntax},
		{`{"seq":▲01}`, "seq", history.ErrSyntax},
		{`{"seq":▲"1"}`, "seq", history.ErrSyntax},
		{`{"seq":▲9007199254740992}`, "seq", history.ErrSeq},
		{`{"seq":▲99999999999999999999999999}`, "seq", history.ErrSeq},
		{`{▲"case":"T-1"}`, "case", history.ErrSyntax},
		{`{▲"Kind":"k"}`, "Kind", history.ErrSyntax},
		{`{"kind":"k",▲"kind":"k"}`, "kind", history.ErrSyntax},
		{`{"actor":▲"17"}`, "actor", history.ErrSyntax},
		{`{"actor":{▲"name":"x"}}`, "actor.name", history.ErrSyntax},
		{`{"actor":{"id":"x",▲"id":"y"}}`, "actor.id", history.ErrSyntax},
		{`{"fields":{"a":▲1}}`, "fields.a", history.ErrSyntax},
		{`{"fields":{"a":▲{"b":"c"}}}`, "fields.a", history.ErrSyntax},
		{`{"fields":{"a":["b",▲["c"]]}}`, "fields.a", history.ErrSyntax},
		{`{"fields":{▲"":"b"}}`, "fields", history.ErrKey},
		{`{"fields":{"a":"b",▲"a":"c"}}`, "fields.a", history.ErrSyntax},
		{`{"fields":{"b":"","a":"",▲"b":""}}`, "fields.b", history.ErrSyntax},
		{`{"personal":{"name":▲"` + "\xff" + `"}}`, "personal.name", history.ErrUTF8},
		{`{"personal":{"name":"▲\ud800"}}`, "personal.name", history.ErrSyntax},
		{`{"personal":{"name":"▲\ud800\u0041"}}`, "personal.name", history.ErrSyntax},
		{`{"personal":{"name":"▲\x"}}`, "personal.name", history.ErrSyntax},
		{`{"personal":{"name":"▲\u12g4"}}`, "personal.name", history.ErrSyntax},
		{`{"personal":{"name":"a▲` + "\n" + `"}}`, "personal.name", history.ErrSyntax},
		{`{"personal":{"name":"\n▲` + "\n" + `"}}`, "personal.name", history.ErrSyntax},
		{`{"personal":{"name":▲"\n` + "\xff" + `"}}`, "personal.name", history.ErrUTF8},
		{`{"at":▲"2025-03-03T01:00:00"}`, "at", history.ErrSyntax},
		{`{"at":▲"2025-03-03 01:00:00Z"}`, "at", history.ErrSyntax},
		{`{"at":▲"2025-02-29T01:00:00Z"}`, "at", history.ErrSyntax},
		{`{"at":▲"2025-03-03T24:00:00Z"}`, "at", history.ErrSyntax},
		{`{"at":▲"2025-03-03T1:00:00Z"}`, "at", history.ErrSyntax},
		{`{"at":▲"2025-03-03T01:00:00,5Z"}`, "at", history.ErrSyntax},
		{`{"at":▲"2025-03-03T01:00:00.1234567891Z"}`, "at", history.ErrSyntax},
		{`{"at":▲"0001-01-01T00:00:00Z"}`, "at", history.ErrTime},
		{`{"at":▲"9999-12-31T23:00:00-02:00"}`, "at", history.ErrTime},
		{`{"at":▲"0000-01-01T00:00:00+00:01"}`, "at", history.ErrTime},
		{`{"at":▲null}`, "at", history.ErrSyntax},
		{`{"at":"2025-03-03T01:00:00Z","kind":"k"}▲ `, "", history.ErrNotCanonical},
		{`{"at":"2025-03-03T01:00:00Z","kind":"k"}▲{}`, "", history.ErrSyntax},
		{`{"at":"2025-03-03T01:00:00Z",▲ "kind":"k"}`, "", history.ErrNotCanonical},
		{`{"▲kind":"k","at":"2025-03-03T01:00:00Z"}`, "", history.ErrNotCanonical},
		{`{"at":"2025-03-03T01:00:00▲.0Z","kind":"k"}`, "at", history.ErrNotCanonical},
		{`{"at":"2025-03-03T01:00:00▲+00:00","kind":"k"}`, "at", history.ErrNotCanonical},
		{`{"at":"2025-03-03T01:00:00Z","kind":"▲\u006b"}`, "kind", history.ErrNotCanonical},
		{`{"at":"2025-03-03T01:00:00Z","fields":{"▲b":"1","a":"2"},"kind":"k"}`, "fields", history.ErrNotCanonical},
		{`{"at":"2025-03-03T01:00:00Z","fields":{"a":["▲2","1"]},"kind":"k"}`, "fields.a", history.ErrNotCanonical},
		{`{"at":"2025-03-03T01:00:00Z","fields":{"a":▲["1"]},"kind":"k"}`, "fields.a", history.ErrNotCanonical},
		{`{"at":"2025-03-03T01:00:00Z","fields":{"a":▲["1","1"]},"kind":"k"}`, "fields.a", history.ErrNotCanonical},
		{`{"at":"2025-03-03T01:00:00Z","▲fields":{"a":[]},"kind":"k"}`, "", history.ErrNotCanonical},
		{`{"at":"2025-03-03T01:00:00Z","▲fields":{},"kind":"k"}`, "", history.ErrNotCanonical},
		{`{"a▲ctor":{},"at":"2025-03-03T01:00:00Z","kind":"k"}`, "", history.ErrNotCanonical},
		{`{"at":"2025-03-03T01:00:00Z","kind":"k"▲,"recorded":"2025-03-03T01:00:00Z"}`, "", history.ErrNotCanonical},
		{`{"at":"2025-03-03T01:00:00Z","kind":"k"▲,"seq":0}`, "", history.ErrNotCanonical},
		{`{"at":"2025-03-03T01:00:00Z","kind":"k","personal":{"n":"▲\/secret"}}`, "personal.n", history.ErrNotCanonical},
		{"▲" + strings.Repeat("[", 100_000), "", history.ErrSyntax},
		{strings.Repeat(" ", history.MaxSize) + "▲ ", "", history.ErrSize},
		{`{▲"x` + strings.Repeat("y", 100) + `":1}`, "x" + strings.Repeat("y", 63) + "...", history.ErrSyntax},
	}
	for _, want := range faults {
		offset := strings.Index(want.in, "▲")
		in := strings.Replace(want.in, "▲", "", 1)
		e, err := history.Decode([]byte(in))
		name := in[:min(len(in), 80)]
		require.ErrorIs(t, err, want.err, name)
		assert.Zero(t, e, name)
		var decodeError *history.DecodeError
		require.ErrorAs(t, err, &decodeError, name)
		assert.Equal(t, offset, decodeError.Offset, name)
		assert.Equal(t, want.field, decodeError.Field, name)
		assert.NotContains(t, err.Error(), "secret")
		if want.err != history.ErrNotCanonical && in != "null" {
			before := full()
			require.ErrorIs(t, before.UnmarshalJSON([]byte(in)), want.err, name)
			assert.True(t, before.Equal(full()), name)
		}
	}
}

func TestUnmarshalJSONIsLenient(t *testing.T) {
	want := full()
	for _, in := range []string{
		canonical(t, want),
		"\n{ \"seq\" : 3,\r\n\t\"personal\": {\"phone\": [\"13800000000\", \"13800000000\"], \"name\": \"\\u674e\\u96f7\"}, " +
			`"kind":"opened", "fields": {"tier":["urgent"],"none":[],"content":"a \u0022quote\u0022\u000a\u003Cb\u003e\u0026\u2028 \u005c \u007F 路由器坏了 \uD83D\ude00","tags":["b","a"]},` +
			`"recorded":"2025-03-03T09:05:00+08:00","at":"2025-03-02T20:00:00.000000001-05:00","actor":{"role":"agent","id":"17"}} `,
	} {
		var e history.Entry
		require.NoError(t, json.Unmarshal([]byte(in), &e))
		assert.True(t, e.Equal(want), in)
		assert.Equal(t, canonical(t, want), canonical(t, e))
	}
	var e history.Entry
	require.NoError(t, json.Unmarshal([]byte(`{"at":"2025-03-03T01:00:00Z","kind":"k","actor":null,"fields":null,"personal":null,"recorded":null,"seq":null}`), &e))
	assert.Equal(t, history.Entry{At: nine.UTC(), Kind: "k"}, e)
	require.NoError(t, json.Unmarshal([]byte(`{"at":"2025-03-03T01:00:00Z","kind":"k","recorded":"0001-01-01T00:00:00Z"}`), &e))
	assert.Equal(t, history.Entry{At: nine.UTC(), Kind: "k"}, e)
	require.NoError(t, json.Unmarshal([]byte(`null`), &e))
	assert.Equal(t, history.Entry{At: nine.UTC(), Kind: "k"}, e)
}

// TestNanosecondsSurvive: a sum over nanoseconds must still hold for what comes back from storage (open-bank-oss#3505).
func TestNanosecondsSurvive(t *testing.T) {
	e := history.Entry{At: nine.Add(123456789), Recorded: nine.Add(987654321), Kind: "k"}
	back, err := history.Decode([]byte(canonical(t, e)))
	require.NoError(t, err)
	assert.Equal(t, 123456789, back.At.Nanosecond())
	assert.Equal(t, 987654321, back.Recorded.Nanosecond())
	micro := e
	micro.At = e.At.Truncate(time.Microsecond)
	assert.NotEqual(t, canonical(t, e), canonical(t, micro))
}

// TestReorderedKeysVerify: a store that reorders members (JSONB) must not break a chain (temple-stuart-accounting#499).
func TestReorderedKeysVerify(t *testing.T) {
	var members map[string]any
	require.NoError(t, json.Unmarshal([]byte(canonical(t, full())), &members))
	indented, err := json.MarshalIndent(members, "", "\t")
	require.NoError(t, err)
	var e history.Entry
	require.NoError(t, json.Unmarshal(indented, &e))
	assert.Equal(t, canonical(t, full()), canonical(t, e))
}

// text draws texts with all that needs care in them.
func text() *rapid.Generator[string] {
	return rapid.StringOf(rapid.OneOf(
		rapid.RuneFrom([]rune("abcABC019 ,=/~#\"\\<>&\u2028\u0000\b\f\n\r\t\u001f\u007f\u00a0\ufeff\ufffd中文")),
		rapid.RuneFrom([]rune{0xE000, 0xFB33, 0xFFFF, 0x10000, 0x1F600, 0x10FFFF}),
		rapid.Rune(),
	))
}

func fields() *rapid.Generator[history.Fields] {
	return rapid.Custom(func(t *rapid.T) history.Fields {
		f := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) history.Field {
			key := text().Filter(func(s string) bool { return s != "" })
			return history.Field{
				Key:   rapid.OneOf(rapid.SampledFrom([]string{"tier", "tags", "by", "seq"}), key).Draw(t, "key"),
				Value: text().Draw(t, "value"),
			}
		}), 0, 20).Draw(t, "fields")
		return f
	})
}

func instant() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		seconds := rapid.OneOf(
			rapid.Int64Range(-62167219200, 253402300799),
			rapid.Int64Range(nine.Unix()-10, nine.Unix()+10),
		).Draw(t, "seconds")
		nanoseconds := rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(0, 999999999)).Draw(t, "nanoseconds")
		offset := rapid.IntRange(-12*60, 14*60).Draw(t, "offset")
		at := time.Unix(seconds, nanoseconds).In(time.FixedZone("", offset*60))
		if at.IsZero() {
			return at.Add(1)
		}
		return at
	})
}

func entry() *rapid.Generator[history.Entry] {
	return rapid.Custom(func(t *rapid.T) history.Entry {
		kind := text().Filter(func(s string) bool { return s != "" })
		e := history.Entry{
			Seq:      rapid.OneOf(rapid.Uint64Range(0, 3), rapid.Uint64Range(0, history.MaxSeq)).Draw(t, "seq"),
			At:       instant().Draw(t, "at"),
			Kind:     history.Kind(rapid.OneOf(rapid.SampledFrom([]string{"opened", "held"}), kind).Draw(t, "kind")),
			Actor:    history.Actor{ID: text().Draw(t, "id"), Role: text().Draw(t, "role")},
			Fields:   fields().Draw(t, "fields"),
			Personal: fields().Draw(t, "personal"),
		}
		switch rapid.IntRange(0, 2).Draw(t, "recorded") {
		case 1:
			e.Recorded = e.At
		case 2:
			e.Recorded = instant().Draw(t, "recorded")
		}
		return e
	})
}

// TestRoundTrip: what is written comes back, by every way of reading, and is written again in the same bytes.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := entry().Draw(t, "entry")
		b, err := e.AppendCanonical(nil)
		require.NoError(t, err)
		require.True(t, json.Valid(b))

		decoded, err := history.Decode(b)
		require.NoError(t, err)
		require.True(t, decoded.Equal(e))
		again, err := decoded.AppendCanonical(nil)
		require.NoError(t, err)
		require.Equal(t, string(b), string(again))

		marshalled, err := json.Marshal(e) // escaped for HTML
		require.NoError(t, err)
		var unmarshalled history.Entry
		require.NoError(t, json.Unmarshal(marshalled, &unmarshalled))
		require.Equal(t, decoded, unmarshalled)

		id := text().Draw(t, "case")
		line, err := e.AppendLine(nil, id)
		require.NoError(t, err)
		gotID, got, err := history.ParseLine(line)
		require.NoError(t, err)
		require.Equal(t, id, gotID)
		require.Equal(t, decoded, got)

		// What RFC 8785 promises: an encoder that knows only that standard, here encoding/json on maps, gives the same bytes. It orders
		// by bytes, so keys beyond the Basic Multilingual Plane are left to the test above.
		if !strings.ContainsFunc(string(b), func(r rune) bool { return r > 0xD7FF || r == 0x2028 || r == 0x2029 }) {
			require.Equal(t, string(b), standardJSON(t, b))
		}
	})
}

func standardJSON(t require.TestingT, b []byte) string {
	var v any
	decoder := json.NewDecoder(strings.NewReader(string(b)))
	decoder.UseNumber()
	require.NoError(t, decoder.Decode(&v))
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	require.NoError(t, encoder.Encode(v))
	return strings.TrimSuffix(out.String(), "\n")
}

// TestEqualIsEqualBytes: Equal, and the canonical form of fields, say what the bytes say.
func TestEqualIsEqualBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		small := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) history.Field {
			return history.Field{Key: rapid.StringMatching("[ab]").Draw(t, "key"), Value: rapid.StringMatching("[xy]?").Draw(t, "value")}
		}), 0, 4)
		draw := func(name string) history.Entry {
			return history.Entry{
				Seq: rapid.Uint64Range(0, 1).Draw(t, name), At: nine, Kind: "k", Fields: small.Draw(t, name),
				Recorded: rapid.SampledFrom([]time.Time{{}, nine, nine.Add(1)}).Draw(t, name),
				Personal: small.Draw(t, name),
			}
		}
		a, b := draw("a"), draw("b")
		require.Equal(t, canonical(t, a) == canonical(t, b), a.Equal(b))
		require.Equal(t, a.Fields.Canonical(), a.Fields.Canonical().Canonical())
	})
}

func FuzzDecode(f *testing.F) {
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := history.Decode(b)
		if err != nil {
			var decodeError *history.DecodeError
			require.ErrorAs(t, err, &decodeError)
			require.LessOrEqual(t, decodeError.Offset, len(b))
			return
		}
		again, err := e.AppendCanonical(nil)
		require.NoError(t, err)
		require.Equal(t, string(b), string(again))
	})
}

// FuzzUnmarshalJSON holds the reader against encoding/json, reading into maps.
func FuzzUnmarshalJSON(f *testing.F) {
	f.Fuzz(func(t *testing.T, b []byte) {
		id, e, err := history.ParseLine(b)
		if err != nil {
			return
		}
		require.True(t, json.Valid(b))
		require.Equal(t, e.At.UTC(), e.At)
		canonical, err := e.AppendLine(nil, id)
		require.NoError(t, err)
		require.LessOrEqual(t, len(canonical), len(b))
		sameID, same, err := history.ParseLine(canonical)
		require.NoError(t, err)
		require.Equal(t, id, sameID)
		require.Equal(t, e, same)
		checkAgainstStandard(t, b, id, e)
	})
}

func checkAgainstStandard(t *testing.T, b []byte, id string, e history.Entry) {
	var want struct {
		Actor            struct{ ID, Role string }
		Case             string
		At, Recorded     time.Time
		Fields, Personal map[string]any
		Kind             history.Kind
		Seq              uint64
	}
	require.NoError(t, json.Unmarshal(b, &want))
	require.Equal(t, want.Case, id)
	require.True(t, want.At.Equal(e.At))
	require.Equal(t, history.Actor(want.Actor), e.Actor)
	require.Equal(t, want.Kind, e.Kind)
	require.Equal(t, want.Seq, e.Seq)
	for _, f := range []struct {
		want map[string]any
		got  history.Fields
	}{{want.Fields, e.Fields}, {want.Personal, e.Personal}} {
		var fields history.Fields
		for k, v := range f.want {
			values, several := v.([]any)
			if !several {
				values = []any{v}
			}
			for _, v := range values {
				fields = append(fields, history.Field{Key: k, Value: fmt.Sprint(v)})
			}
		}
		require.True(t, fields.Equal(f.got))
	}
}
