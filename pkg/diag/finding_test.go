package diag_test

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/diag"
)

func TestPosition(t *testing.T) {
	for text, p := range map[string]diag.Position{
		"":                {},
		"main.go":         {File: "main.go"},
		"main.go:14":      {File: "main.go", Line: 14},
		"a/run.yaml:3:7":  {File: "a/run.yaml", Line: 3, Column: 7},
		"a:1:2":           {File: "a:1:2"},
		"a/end.yaml:3:7":  {File: "a/end.yaml", Line: 3, Column: 7, EndLine: 4, EndColumn: 1},
		"a/column.yaml":   {File: "a/column.yaml", Column: 7},
		"a/odd.yaml:3":    {File: "a/odd.yaml", Line: 3, Column: -1},
		"/home/me/x.go:3": {File: "/home/me/x.go", Line: 3},
	} {
		assert.Equal(t, text, p.String())
		assert.Equal(t, text != "", p.IsValid())
	}
	assert.Empty(t, diag.Position{Line: 3}.String(), "a line of an unknown file")
	assert.Equal(t, "x.go:3", diag.Position{File: "/home/me/x.go", Line: 3}.Short())
	assert.Equal(t, "me/x.go:3", diag.Position{File: "me/x.go", Line: 3}.Short())
	assert.Equal(t, diag.Position{File: "a", Line: 1, Column: 2}, diag.Position{File: "a", Line: 1, Column: 2, EndLine: 3, EndColumn: 4}.Start())
}

func TestPositionOrder(t *testing.T) {
	sorted := []diag.Position{
		{File: "a"}, {File: "a", Line: 2}, {File: "a", Line: 2, Column: 3}, {File: "a", Line: 2, Column: 3, EndLine: 2, EndColumn: 5},
		{File: "a", Line: 2, Column: 10}, {File: "a", Line: 10}, {File: "b", Line: 1}, {}, {Line: 1},
	}
	for i, a := range sorted {
		for j, b := range sorted {
			assert.Equal(t, i < j, a.Compare(b) < 0, "%+v %+v", a, b)
			assert.Equal(t, i == j, a.Compare(b) == 0, "%+v %+v", a, b)
		}
	}
}

func TestSeverity(t *testing.T) {
	assert.Equal(t, []diag.Severity{diag.Error, diag.Warning, diag.Note}, diag.Severities())
	for text, s := range map[string]diag.Severity{"error": diag.Error, "warning": diag.Warning, "note": diag.Note} {
		assert.Equal(t, text, s.String())
		assert.True(t, s.IsValid())
		read, err := diag.ParseSeverity(text)
		require.NoError(t, err)
		assert.Equal(t, s, read)
		b, err := json.Marshal([]diag.Severity{s})
		require.NoError(t, err)
		assert.JSONEq(t, `["`+text+`"]`, string(b))
		var back []diag.Severity
		require.NoError(t, json.Unmarshal(b, &back))
		assert.Equal(t, []diag.Severity{s}, back)
	}
	for _, s := range []diag.Severity{0, -1, 4} {
		assert.False(t, s.IsValid())
		_, err := json.Marshal(s)
		assert.Error(t, err)
	}
	assert.Equal(t, "severity(0)", diag.Severity(0).String())
	for _, text := range []string{"", "off", "Error", "fatal", "severity(0)"} {
		var s diag.Severity
		assert.ErrorContains(t, s.UnmarshalText([]byte(text)), "unknown severity")
	}
}

func TestErrorText(t *testing.T) {
	task := diag.ObjectRef{APIVersion: "tekton.dev/v1", Kind: "Task", Name: "greet"}
	f := diag.Finding{Code: "who-unknown", Severity: diag.Error, Object: task, Message: "who is it"}
	assert.EqualError(t, f, `Task "greet": error who-unknown: who is it`)
	f.Position = diag.Position{File: "/src/main.go", Line: 14}
	f.Help = "say it"
	f.Related = []diag.Related{{Message: "he is declared", Position: diag.Position{File: "/src/who.go", Line: 3}}, {Message: "nobody knows where"}}
	assert.EqualError(t, f, "main.go:14: error who-unknown: who is it\n\the is declared at who.go:3\n\tnobody knows where\n\thelp: say it")

	warning := diag.Finding{Code: "w", Severity: diag.Warning, Message: "m"}
	unset := diag.Finding{Code: "u", Message: "m"}
	fs := diag.Findings{f, warning, unset}
	assert.EqualError(t, fs, f.Error()+"\n"+warning.Error()+"\n"+unset.Error())
	assert.Equal(t, diag.Findings{f, unset}, fs.Err(), "a severity that is not set is an error")
	assert.NoError(t, diag.Findings{warning}.Err())
	assert.NoError(t, diag.Findings(nil).Err())

	var first diag.Finding
	require.ErrorAs(t, errors.Join(errors.New("x"), fs), &first)
	assert.Equal(t, f, first)
	assert.Len(t, fs.Unwrap(), 3)
}

// TestSort checks that findings are sorted by position; those without one are last.
func TestSort(t *testing.T) {
	at := func(line int) diag.Position { return diag.Position{File: "a.yaml", Line: line, Column: 1} }
	task := func(name string) diag.ObjectRef { return diag.ObjectRef{Kind: "Task", Name: name} }
	long := at(1)
	long.EndLine, long.EndColumn = 1, 9
	sorted := diag.Findings{
		{Position: long, Code: "a"}, // the end does not count
		{Position: at(1), Code: "b"},
		{Position: at(2), Code: "z"},
		{Position: at(10), Object: task("a"), Path: diag.Fields("spec").Index(2)},
		{Position: at(10), Object: task("a"), Path: diag.Fields("spec").Index(10)},
		{Position: at(10), Object: task("b"), Code: "a", Message: "a"},
		{Position: at(10), Object: task("b"), Code: "a", Message: "b"},
		{Position: at(10), Object: task("b"), Code: "b"},
		{Object: diag.ObjectRef{Kind: "Pipeline", Name: "z"}},
		{Object: task("a")},
	}
	for seed := range uint64(20) {
		fs := slices.Clone(sorted)
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(fs), func(i, j int) { fs[i], fs[j] = fs[j], fs[i] })
		fs.Sort()
		require.Equal(t, sorted, fs)
	}
	for i, f := range sorted {
		for j, g := range sorted {
			assert.Equal(t, i < j, f.Compare(g) < 0, "%d %d", i, j)
		}
	}
}
