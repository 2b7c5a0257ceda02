package baseline_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/baseline"
	"github.com/tekwright/tekwright/internal/fingerprint"
	"github.com/tekwright/tekwright/pkg/diag"
)

const (
	one = "00000000000000000000000000000001"
	two = "00000000000000000000000000000002"
)

// TestEncode tests the form of a baseline: sorted, a line for each entry, and without what
// may be secret or changes often.
func TestEncode(t *testing.T) {
	at := func(file, same string) fingerprint.Print {
		return fingerprint.Print{File: file, Same: same, ID: "not used"}
	}
	f := func(code, name string) diag.Finding {
		return diag.Finding{Code: code, Message: "a message", Excerpt: "an excerpt", Object: diag.ObjectRef{Kind: "Task", Name: name}, Position: diag.Position{Line: 77}}
	}
	findings := diag.Findings{f("b", "x"), f("a", "secret"), f("b", "x"), f("b", "x"), {Code: "c"}}
	prints := []fingerprint.Print{at("b.yaml", two), at("b.yaml", one), at("b.yaml", two), at("a\u202e.yaml", two), at("b.yaml", one[:31]+"3")}
	hide := func(text string) string { return strings.ReplaceAll(text, "secret", "***") }
	text, err := baseline.Encode(baseline.Of(findings, prints, hide))
	require.NoError(t, err)
	const want = `{
  "version": 2,
  "findings": [
    {"file":"a\u202e.yaml","object":"Task/x","code":"b","count":1,"fingerprint":"` + two + `"},
    {"file":"b.yaml","object":"","code":"c","count":1,"fingerprint":"00000000000000000000000000000003"},
    {"file":"b.yaml","object":"Task/***","code":"a","count":1,"fingerprint":"` + one + `"},
    {"file":"b.yaml","object":"Task/x","code":"b","count":2,"fingerprint":"` + two + `"}
  ]
}
`
	assert.Equal(t, want, string(text))
	entries, err := baseline.Decode(text)
	require.NoError(t, err)
	assert.Equal(t, baseline.Of(findings, prints, hide), entries)
	assert.Len(t, baseline.Prints(entries), 5)
	again, err := baseline.Encode(entries)
	require.NoError(t, err)
	assert.Equal(t, string(text), string(again))

	text, err = baseline.Encode(nil)
	require.NoError(t, err)
	assert.Equal(t, "{\n  \"version\": 2,\n  \"findings\": []\n}\n", string(text))
	_, err = baseline.Encode([]baseline.Entry{{Count: baseline.MaxFindings + 1}})
	require.Error(t, err)
}

func TestDecodeFaults(t *testing.T) {
	entry := func(fields string) string { return `{"version": 2, "findings": [{` + fields + `}]}` }
	for text, want := range map[string]string{
		"":                                      "line 1: unexpected end of JSON input",
		"[]":                                    "line 1: cannot unmarshal array",
		"{}":                                    "it has no version, so it is not a baseline",
		"null":                                  "it has no version",
		`{"version": 3, "other": 1}`:            "its version 3 is not supported, only version 2",
		`{"version": "1"}`:                      "line 1: cannot unmarshal string",
		"{\n\"version\": 2,\n<<<<<<< a":         "line 3: invalid character '<'",
		`{"version": 2, "finding": []}`:         `unknown field "finding"`,
		entry(`"fingerprint": "x", "count": 1`): "finding 1 has no valid fingerprint",
		entry(`"fingerprint": "` + one + `"`):   "the count of finding 1 is not positive",
		entry(`"fingerprint": "` + one + `", "count": -1`):            "the count of finding 1 is not positive",
		entry(`"fingerprint": "` + one + `", "count": 1000001`):       "it has more than 1000000 findings",
		entry(`"fingerprint": "` + one + `", "count": 99999999999e9`): "cannot unmarshal number",
		entry(`"fingerprint": "` + one + `", "line": 1`):              `unknown field "line"`,
		entry(`"fingerprint": "`+one+`", "count": 1`) + "}":           "line 1: invalid character '}'",
		strings.Repeat(" ", baseline.MaxSize+1):                       "larger than 64 MiB",
	} {
		_, err := baseline.Decode([]byte(text))
		if assert.Error(t, err, "%.60s", text) {
			assert.Contains(t, err.Error(), want)
		}
	}
	entries, err := baseline.Decode([]byte("\ufeff{\"version\": 2}"))
	require.NoError(t, err)
	assert.Empty(t, entries)
}

// FuzzDecode tests that what is read can be written, and is the same again.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"version": 2, "findings": [{"file": "a", "fingerprint": "` + one + `", "count": 3, "object": "Task/a", "code": "b"}]}`))
	f.Add([]byte(`{"version": 2, "findings": [{"file": "\u202e", "fingerprint": "` + two + `", "count": 1}, {}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		entries, err := baseline.Decode(text)
		if err != nil {
			return
		}
		written, err := baseline.Encode(entries)
		require.NoError(t, err)
		again, err := baseline.Decode(written)
		require.NoError(t, err)
		require.Len(t, again, len(entries))
		for i := range entries {
			require.Equal(t, entries[i], again[i])
		}
		require.LessOrEqual(t, len(baseline.Prints(entries)), baseline.MaxFindings)
	})
}
