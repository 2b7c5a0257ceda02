package fingerprint_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/fingerprint"
	"github.com/tekwright/tekwright/internal/hostile"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// run returns the findings of files, by name, with their fingerprints.
func run(t *testing.T, files map[string]string) (diag.Findings, []fingerprint.Print) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o700))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	}
	set, err := manifest.Load(context.Background(), []string{"."}, manifest.LoadOptions{})
	require.NoError(t, err)
	findings, err := check.Run(context.Background(), set.Objects, check.Profile{})
	require.NoError(t, err)
	findings = append(findings, set.Findings...)
	findings.Sort()
	return findings, fingerprint.Of(findings, source(set))
}

func source(set manifest.LoadResult) fingerprint.Source {
	return fingerprint.Source{Objects: set.Objects, Texts: set.Texts, Secrets: set.Secrets, Hide: set.Hide}
}

// ids returns the IDs of the findings with a code, sorted.
func ids(t *testing.T, files map[string]string, code string) []string {
	t.Helper()
	findings, prints := run(t, files)
	var all []string
	for i, f := range findings {
		if f.Code == code {
			all = append(all, prints[i].ID)
		}
	}
	slices.Sort(all)
	return all
}

const task = `apiVersion: tekton.dev/v1
kind: Task
metadata:
  name: greet
spec:
  params:
    - name: who
      type: string
  steps:
    - name: hello
      image: docker.io/library/alpine:3.20
      script: |
        echo $(params.whom)
        echo again
    - name: bye
      image: docker.io/library/alpine:3.20
      args: [$(params.nobody)]
`

// TestSurvives tests what changes of a file a fingerprint survives.
func TestSurvives(t *testing.T) {
	before := ids(t, map[string]string{"a.yaml": task}, "param-unknown")
	require.Len(t, before, 2)
	replaced := func(pairs ...string) string {
		text := strings.NewReplacer(pairs...).Replace(task)
		require.NotEqual(t, task, text)
		return text
	}
	for name, files := range map[string]map[string]string{
		"lines above":              {"a.yaml": "# one\n\n# two\n" + task},
		"an object above":          {"a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n---\n" + task},
		"a byte order mark":        {"a.yaml": "\ufeff" + task},
		"line breaks of Windows":   {"a.yaml": strings.ReplaceAll(task, "\n", "\r\n")},
		"another name of the file": {"sub/b.yaml": task},
		"a step before":            {"a.yaml": replaced("  steps:\n", "  steps:\n    - name: first\n      image: docker.io/library/alpine:3.20\n      args: [x]\n")},
		"steps in another order": {"a.yaml": replaced("    - name: hello", "    - name: bye\n      image: docker.io/library/alpine:3.20\n      args: [$(params.nobody)]\n    - name: hello",
			"    - name: bye\n      image: docker.io/library/alpine:3.20\n      args: [$(params.nobody)]\n", "")},
		"indentation":                 {"a.yaml": replaced("    - ", "  - ", "      ", "    ", "        echo", "       echo")},
		"flow style":                  {"a.yaml": replaced("    - name: bye\n      image: docker.io/library/alpine:3.20\n      args: [$(params.nobody)]\n", "    - {args: ['$(params.nobody)'], name: bye, image: 'docker.io/library/alpine:3.20'}\n")},
		"other lines of the script":   {"a.yaml": replaced("        echo again\n", "        set -e\n        true\n", "        echo $", "        # a comment\n        echo $")},
		"another image":               {"a.yaml": replaced("alpine:3.20", "alpine:3.21")},
		"another finding beside it":   {"a.yaml": replaced("echo again", "echo $(params.third)")},
		"another version of the type": {"a.yaml": replaced("tekton.dev/v1", "tekton.dev/v1beta1")},
	} {
		after := ids(t, files, "param-unknown")
		for _, id := range before {
			assert.Contains(t, after, id, name)
		}
	}
	for name, text := range map[string]string{
		"another name of the object": replaced("name: greet", "name: greets"),
		"another namespace":          replaced("name: greet", "name: greet\n  namespace: ci"),
		"other names of the steps":   replaced("name: hello", "name: hallo", "name: bye", "name: ciao"),
		"other params":               replaced("params.whom", "params.whoom", "params.nobody", "params.nobodys"),
	} {
		after := ids(t, map[string]string{"a.yaml": text}, "param-unknown")
		require.Len(t, after, 2, name)
		for _, id := range before {
			assert.NotContains(t, after, id, name)
		}
	}
}

// TestBroken tests fingerprints of what is not an object.
func TestBroken(t *testing.T) {
	one := ids(t, map[string]string{"a.yaml": "apiVersion: v1\nkind: X\nfirst: [\n"}, "yaml-invalid")
	require.Len(t, one, 1)
	assert.Equal(t, one, ids(t, map[string]string{"b.yaml": "# moved\n\napiVersion: v1\nkind: X\nfirst:  [\n"}, "yaml-invalid"))
	assert.NotEqual(t, one, ids(t, map[string]string{"a.yaml": "apiVersion: v1\nkind: X\nsecond: [\n"}, "yaml-invalid"))
}

// TestEqual tests that equal findings have different IDs, and which ones stay the same.
func TestEqual(t *testing.T) {
	const code = "param-unknown"
	one := ids(t, map[string]string{"0.1/a.yaml": task}, code)
	two := ids(t, map[string]string{"0.1/a.yaml": task, "0.2/a.yaml": task}, code)
	three := ids(t, map[string]string{"0.1/a.yaml": task, "0.2/a.yaml": task, "0.3/a.yaml": task}, code)
	assert.Len(t, slices.Compact(slices.Clone(three)), 6)
	assert.Subset(t, two, one)
	assert.Subset(t, three, two)

	twice := strings.Replace(task, "        echo again\n", "        echo $(params.whom)\n", 1)
	again := ids(t, map[string]string{"0.1/a.yaml": twice}, code)
	assert.Subset(t, again, one)

	// Steps without names, and objects with the same name in one file.
	unnamed := strings.NewReplacer("name: hello\n      ", "", "name: bye\n      ", "").Replace(task)
	steps := ids(t, map[string]string{"a.yaml": unnamed + "---\n" + unnamed}, "object-duplicate")
	assert.Len(t, steps, len(slices.Compact(slices.Clone(steps))))
	_, prints := run(t, map[string]string{"a.yaml": unnamed + "---\n" + unnamed + "---\na: [\n", "b.yaml": unnamed + "---\na: [\n"})
	all := map[string]bool{}
	for _, p := range prints {
		assert.False(t, all[p.ID])
		assert.Len(t, p.ID, 32)
		assert.Len(t, p.Same, 32)
		all[p.ID] = true
	}
}

// TestMatch tests which findings are new, and which known ones are gone.
func TestMatch(t *testing.T) {
	p := func(texts ...string) (all []fingerprint.Print) {
		for _, text := range texts {
			same, file, _ := strings.Cut(text, " ")
			all = append(all, fingerprint.Print{ID: "it is not used", Same: same, File: file, Object: "o" + same})
		}
		return all
	}
	for name, c := range map[string]struct {
		known, current []fingerprint.Print
		old            []bool
		gone           []int
		stays          string // the file that still has the objects
	}{
		"none":                         {nil, nil, []bool{}, nil, ""},
		"the same":                     {p("1 a", "2 a"), p("2 a", "1 a"), []bool{true, true}, nil, "a"},
		"a new one":                    {p("1 a"), p("1 a", "2 a"), []bool{true, false}, nil, "a"},
		"one less":                     {p("1 a", "2 a"), p("2 a"), []bool{true}, []int{0}, "a"},
		"one of several":               {p("1 a", "1 a"), p("1 a", "1 a", "1 a"), []bool{true, true, false}, nil, "a"},
		"several less":                 {p("1 a", "1 a", "1 a"), p("1 a"), []bool{true}, []int{1, 2}, "a"},
		"a renamed file":               {p("1 a", "2 a"), p("1 b", "2 b"), []bool{true, true}, nil, ""},
		"a copied file":                {p("1 m"), p("1 a", "1 m", "1 z"), []bool{false, true, false}, nil, "m"},
		"a copied and a renamed file":  {p("1 m"), p("1 a", "1 z"), []bool{true, false}, nil, ""},
		"moved here, and new there":    {p("1 a", "2 a"), p("1 b", "3 a"), []bool{true, false}, []int{1}, ""},
		"mended here, and copied":      {p("1 a", "2 a"), p("1 b", "2 a"), []bool{false, true}, []int{0}, "a"},
		"a file of several is deleted": {p("1 a", "1 b", "1 c"), p("1 b", "1 c"), []bool{true, true}, []int{0}, ""},
		"a renamed directory":          {p("1 x/a", "1 x/b"), p("1 y/b", "1 y/a"), []bool{true, true}, nil, ""},
		"a copy that comes first":      {p("1 x/m"), p("1 a/b", "1 y/m"), []bool{false, true}, nil, ""},
		"the nearest of two":           {p("1 r/t/0.1/a"), p("1 r/s/0.2/a", "1 r/s/0.1/a"), []bool{false, true}, nil, ""},
		"versions in another directory": {p("1 t/0.1/a", "1 t/0.2/a"), p("1 s/0.1/a", "1 s/0.2/a", "1 s/0.3/a"),
			[]bool{true, true, false}, nil, ""},
		"two duplicates stay, and a third one is new":     {p("1 a", "1 b"), p("1 a", "1 b", "1 c"), []bool{true, true, false}, nil, "a"},
		"one of two duplicates is mended, a third is new": {p("1 a", "1 b"), p("1 b", "1 c"), []bool{true, false}, []int{0}, "a"},
		"a deep path": {p("1 a/b/c/d/e/f/g/h/i/j/k"), p("1 z/k", "1 A/b/c/d/e/f/g/h/i/j/k", "1 k"), []bool{false, true, false}, nil, ""},
	} {
		stays := func(p fingerprint.Print) bool { return p.File == c.stays && p.Object == "o"+p.Same }
		for range 3 {
			old, gone := fingerprint.Match(c.known, c.current, stays)
			assert.Equal(t, c.old, old, name)
			assert.Equal(t, c.gone, gone, name)
		}
	}
	old, gone := fingerprint.Match(p("1 a"), p("1 b"), nil)
	assert.Equal(t, []bool{true}, old)
	assert.Empty(t, gone)
}

// TestSecrets tests that no fingerprint depends on the value of a secret, wherever a
// finding is and whatever it quotes.
func TestSecrets(t *testing.T) {
	other := strings.NewReplacer(hostile.Canary, "dOlPhI-1a0c", hostile.Encoded, "ZE9sUGhJLTFhMGM=", hostile.Number, "6611661166",
		"WTBGdVFYSlpMVGRtTTJVPQ==", "WkU5c1VHaEpMVEZoTUdNPQ==")
	for name, text := range hostile.Secrets {
		form := hostile.Shown(text)
		require.NotEmpty(t, form, name)
		prints := func(text, form string) (diag.Findings, []fingerprint.Print) {
			set, err := manifest.Load(context.Background(), []string{"-"}, manifest.LoadOptions{Stdin: strings.NewReader(text)})
			require.NoError(t, err)
			var findings diag.Findings
			refs := []diag.ObjectRef{{}, {APIVersion: "tekton.dev/v1", Kind: "Task", Name: "SHOWN"}}
			for i, line := range strings.Split(text, "\n") {
				for column := range len([]rune(line)) + 2 {
					rest := string([]rune(line)[min(max(0, column-1), len([]rune(line))):])
					for _, excerpt := range []string{"", rest, rest[:min(4, len(rest))], form} {
						findings = append(findings, diag.Finding{Code: "c", Object: refs[column%2], Path: diag.Fields("spec", "steps").Index(0).Field("script"),
							Excerpt: excerpt, Subject: []string{"", form, "a"}[column%3], Position: diag.Position{File: "<stdin>", Line: i + 1, Column: column}})
					}
				}
			}
			findings = append(findings, set.Findings...)
			return findings, fingerprint.Of(findings, source(set))
		}
		findings, want := prints(text, form[0])
		changed := other.Replace(text)
		require.Len(t, changed, len(text))
		_, got := prints(changed, other.Replace(form[0]))
		require.Len(t, got, len(want), name)
		for i := range want {
			if want[i] != got[i] {
				t.Errorf("%s: the value changes the fingerprint of %#v", name, findings[i])
				break
			}
		}
	}
}

// TestPositions tests positions that no text has.
func TestPositions(t *testing.T) {
	text := hostile.Secrets["stringData"]
	var findings diag.Findings
	for _, n := range []int{-1 << 62, -1, 0, 1, 5, 9, 1 << 62} {
		for _, m := range []int{-1 << 62, -1, 0, 1, 15, 1 << 62} {
			findings = append(findings, diag.Finding{Code: "c", Excerpt: "x", Position: diag.Position{File: "a", Line: n, Column: m}})
		}
	}
	set, err := manifest.Load(context.Background(), []string{"-"}, manifest.LoadOptions{Stdin: strings.NewReader(text)})
	require.NoError(t, err)
	s := source(set)
	s.Texts = map[string]string{"a": text}
	s.Secrets = func(string) ([][2]int, []string) { return set.Secrets("<stdin>") }
	assert.Len(t, fingerprint.Of(findings, s), len(findings))
	assert.Len(t, fingerprint.Of(findings, fingerprint.Source{}), len(findings))
}
