package manifest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

const specified = definition + "spec:\n  description: the text of a schema\n"

// folderOf loads a folder with files, with and without Brief.
func folderOf(t *testing.T, files map[string]string) (brief, whole manifest.LoadResult) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	}
	var err error
	brief, err = manifest.Load(t.Context(), []string{"."}, manifest.LoadOptions{Brief: true})
	require.NoError(t, err)
	whole, err = manifest.Load(t.Context(), []string{"."}, manifest.LoadOptions{})
	require.NoError(t, err)
	return brief, whole
}

// What is left of a definition is at the same places, also if its text is released.
func TestReleasedPositions(t *testing.T) {
	for name, test := range map[string]struct {
		text     string
		released bool
	}{
		"one":                     {specified, true},
		"several":                 {"# ä comment\n---\n" + specified + "---\n# another\n" + specified + "status: {a: b}\n", true},
		"a byte order mark":       {"\ufeff" + specified + "---\n" + specified, true},
		"CRLF":                    {strings.ReplaceAll("---\n"+specified+"---\n"+specified, "\n", "\r\n"), true},
		"JSON":                    {`{"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "ä"}, "spec": {"a": "b"}, "status": {}}`, true},
		"JSON in a line":          {`{"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "ä"}, "spec": {"a": "` + strings.Repeat("b", 5000) + `"}}`, true},
		"an escape":               {strings.Replace(specified, "a.example.com", `"\u00e4.example.com"`, 1), true},
		"no spec":                 {definition, false},
		"a status before":         {definition + "status: {a: b}\nspec: {a: b}\n", false},
		"metadata behind":         {"apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: {a: b}\nmetadata: {name: a}\n", false},
		"an anchor":               {definition + "spec: {a: &a b, c: *a}\n", false},
		"an alias behind":         {definition + "spec: &a {a: b}\nstatus: *a\n", false},
		"a list":                  {"apiVersion: v1\nkind: List\nitems:\n- " + strings.ReplaceAll(specified, "\n", "\n  "), false},
		"something to report":     {definition + "spec: {a: b, a: c}\n", false},
		"another object":          {specified + "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n", false},
		"a comment with a reason": {specified + "  # tekwright: ignore kind-unknown -- why\n", false},
		"not an object":           {"a: b\n", true},
	} {
		t.Run(name, func(t *testing.T) {
			brief, whole := folderOf(t, map[string]string{"a.yaml": test.text})
			_, kept := brief.Texts["a.yaml"]
			if name != "a status before" { // its status is in the digest
				assert.Equal(t, test.released, !kept)
			}
			assert.Equal(t, test.text, brief.Text("a.yaml"))
			assert.Equal(t, []string{"a.yaml"}, brief.Names())
			assert.Equal(t, whole.Findings, brief.Findings)
			require.Len(t, brief.Objects, len(whole.Objects))
			for i, o := range whole.Objects {
				assert.Equal(t, o.Ref(), brief.Objects[i].Ref())
				for _, path := range []diag.Path{{}, diag.Fields("apiVersion"), diag.Fields("kind"), diag.Fields("metadata"), diag.Fields("metadata", "name"), diag.Fields("spec")} {
					for _, excerpt := range []string{"", "example"} {
						was, is := o.Find(path, excerpt), brief.Objects[i].Find(path, excerpt)
						if path.String() == "spec" { // its value has another end
							was.EndLine, was.EndColumn, is.EndLine, is.EndColumn = 0, 0, 0, 0
						}
						assert.Equal(t, was, is, "%s %q", path, excerpt)
					}
				}
			}
		})
	}
}

// A text that is read again is the one that was checked.
func TestReleasedText(t *testing.T) {
	const text = specified + "  example: {password: Xy7-Kq93Lm-vvQ2}\n"
	brief, whole := folderOf(t, map[string]string{"a.yaml": text, "b.yaml": "a: b\n", "c.yaml": "kind: Task\n"})
	assert.Equal(t, []string{"a.yaml", "b.yaml", "c.yaml"}, brief.Names())
	assert.Equal(t, whole.Names(), brief.Names())
	assert.NotContains(t, brief.Texts, "a.yaml")
	assert.NotContains(t, brief.Texts, "b.yaml")
	assert.Contains(t, brief.Texts, "c.yaml")
	assert.Empty(t, brief.Text("d.yaml"))

	ranges, values := brief.Secrets("a.yaml")
	all, of := whole.Secrets("a.yaml")
	assert.NotEmpty(t, ranges)
	assert.Equal(t, all, ranges)
	assert.Equal(t, of, values)

	at := func(file string) diag.Position { return diag.Position{File: file, Line: 1} }
	brief.Recall(diag.Findings{{Position: at("c.yaml"), Related: []diag.Related{{Position: at("a.yaml")}}}})
	assert.Equal(t, text, brief.Texts["a.yaml"])
	assert.NotContains(t, brief.Texts, "b.yaml")
	brief.Recall(diag.Findings{{Position: at("c.yaml"), Fixes: []diag.Fix{{Edits: []diag.Edit{{File: "b.yaml"}}}}}})
	assert.Equal(t, "a: b\n", brief.Texts["b.yaml"])

	brief, _ = folderOf(t, map[string]string{"a.yaml": text, "b.yaml": "a: b\n", "c.yaml": "d: e\n"})
	require.NoError(t, os.WriteFile("a.yaml", []byte(strings.Replace(text, "example", "EXAMPLE", 1)), 0o600))
	require.NoError(t, os.WriteFile("b.yaml", []byte("a: bc\n"), 0o600))
	require.NoError(t, os.Remove("c.yaml"))
	for _, name := range brief.Names() {
		assert.Empty(t, brief.Text(name), "it has been changed")
		brief.Recall(diag.Findings{{Position: at(name)}})
	}
	assert.Empty(t, brief.Texts)
}

// What the user gives is kept: it may be a pipe, or not be in a file.
func TestNotReleased(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.MkdirAll("d/.tekton", 0o755))
	for _, name := range []string{"a.yaml", "d/b.yaml", "d/.tekton/c.yaml"} {
		require.NoError(t, os.WriteFile(name, []byte(specified), 0o600))
	}
	r, err := manifest.Load(t.Context(), []string{"a.yaml", "d", "-"}, manifest.LoadOptions{Brief: true,
		Stdin: strings.NewReader(specified), Overlay: map[string]string{"d/b.yaml": "a: b\n"}})
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"a.yaml": specified, "d/b.yaml": "a: b\n", "d/.tekton/c.yaml": specified, "<stdin>": specified}, r.Texts)
}

// The objects of texts that are released do not keep them in memory.
func TestReleasedMemory(t *testing.T) {
	const files, size = 24, 1 << 20
	dir := t.TempDir()
	text := strings.Replace(specified, "schema", "schema "+strings.Repeat("x", size), 1)
	for i := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.yaml", i)), []byte(text+"---\n"+specified), 0o600))
	}
	inUse := func() int {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int(m.HeapAlloc) //nolint:gosec // far below the limit
	}
	before := inUse()
	r, err := manifest.Load(t.Context(), []string{dir}, manifest.LoadOptions{Brief: true})
	require.NoError(t, err)
	after := inUse()
	assert.Len(t, r.Objects, 2*files)
	assert.Less(t, after-before, files*size/4)
	for _, o := range r.Objects {
		assert.NotZero(t, o.At(diag.Fields("spec")).Line)
	}
	assert.Less(t, inUse()-before, files*size/4)
	runtime.KeepAlive(r)
}
