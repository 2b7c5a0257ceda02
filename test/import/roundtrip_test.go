package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/template"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/importer"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// program writes what the imported packages describe, each to a file of its own.
var program = template.Must(template.New("").Parse(`package main

import (
	"log"
	"os"

	"github.com/tekwright/tekwright/pkg/manifest"
{{range .}}
	{{.}} "github.com/tekwright/tekwright/test/import/roundtrip/{{.}}"
{{- end}}
)

func main() {
{{- range .}}
	write("{{.}}", {{.}}.Set())
{{- end}}
}

func write(name string, set *manifest.Set) {
	objects, err := set.Objects()
	if err != nil {
		log.Fatal(err)
	}
	f, err := os.Create(os.Args[1] + "/" + name + ".yaml")
	if err != nil {
		log.Fatal(err)
	}
	w := manifest.NewEncoder(f)
	for _, o := range objects {
		if err := w.Encode(o.Object); err != nil {
			log.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		log.Fatal(err)
	}
}
`))

// TestRoundTrip imports the manifests of each example, compiles and runs the Go, and gets the
// same objects, with all lists in the same order.
func TestRoundTrip(t *testing.T) {
	folders, err := filepath.Glob("../../examples/*/manifests")
	require.NoError(t, err)
	require.NotEmpty(t, folders)
	files, names, want := map[string]string{}, []string{}, map[string]string{}
	for _, folder := range folders {
		name := strings.ReplaceAll(filepath.Base(filepath.Dir(folder)), "-", "")
		text, embedded, objects := goOf(t, folder)
		again, _, _ := goOf(t, folder)
		assert.Equal(t, text, again, "the same objects give the same Go")
		for path, script := range embedded {
			files[name+"/"+path] = script
		}
		files[name+"/ci.go"] = text
		names, want[name] = append(names, name), written(t, objects)
	}
	var main strings.Builder
	require.NoError(t, program.Execute(&main, names))
	files["gen/main.go"] = main.String()
	out := run(t, files)
	for _, name := range names {
		got, err := os.ReadFile(filepath.Join(out, name+".yaml"))
		require.NoError(t, err)
		assert.Equal(t, want[name], written(t, parsed(t, got)), name)
	}
}

// goOf returns the Go of the manifests in a folder, the files that it embeds, and the objects.
func goOf(t *testing.T, folder string) (string, map[string]string, []runtime.Object) {
	t.Helper()
	objects, files := imported(t, folder)
	x := importer.NewIndex()
	for i, o := range objects {
		x.Add(o, files[i])
	}
	file, left := importer.Package(x, objects, files)
	require.Empty(t, left, folder)
	file.Package = "ci"
	text, embedded, err := file.Print()
	require.NoError(t, err)
	return string(text), embedded, objects
}

// imported returns the objects of a folder that the importer translates, in the order of a
// set.
func imported(t *testing.T, folder string) (objects []runtime.Object, files []string) {
	t.Helper()
	loaded, err := manifest.Load(t.Context(), []string{folder}, manifest.LoadOptions{})
	require.NoError(t, err)
	for _, o := range loaded.Objects {
		if slices.Contains(kinds, o.GetObjectKind().GroupVersionKind().Kind) {
			objects, files = append(objects, o.Object), append(files, folder)
		}
	}
	return objects, files
}

func parsed(t *testing.T, stream []byte) []runtime.Object {
	t.Helper()
	objects, findings := manifest.Parse(stream, "out.yaml")
	require.NoError(t, findings.Err())
	var out []runtime.Object
	for _, o := range objects {
		out = append(out, o.Object)
	}
	return out
}

// written returns objects as JSON with sorted keys, sorted. The order of lists stays.
func written(t *testing.T, objects []runtime.Object) string {
	t.Helper()
	var texts []string
	for _, o := range objects {
		raw, err := json.Marshal(o)
		require.NoError(t, err)
		var content any
		require.NoError(t, json.Unmarshal(raw, &content))
		text, err := json.MarshalIndent(content, "", " ")
		require.NoError(t, err)
		texts = append(texts, string(text))
	}
	slices.Sort(texts)
	return strings.Join(texts, "\n")
}

// run compiles packages and a program as if they were below this folder, and runs the
// program. It returns the folder to which the program has written.
func run(t *testing.T, files map[string]string) string {
	t.Helper()
	here, err := os.Getwd()
	require.NoError(t, err)
	dir, out := t.TempDir(), t.TempDir()
	overlay := map[string]string{}
	for path, text := range files {
		real := filepath.Join(dir, filepath.FromSlash(path))
		require.NoError(t, os.MkdirAll(filepath.Dir(real), 0o755))
		require.NoError(t, os.WriteFile(real, []byte(text), 0o644))
		overlay[filepath.Join(here, "roundtrip", filepath.FromSlash(path))] = real
	}
	list, err := json.Marshal(map[string]any{"Replace": overlay})
	require.NoError(t, err)
	overlayFile := filepath.Join(dir, "overlay.json")
	require.NoError(t, os.WriteFile(overlayFile, list, 0o644))
	text, err := exec.Command("go", "run", "-overlay", overlayFile, "./roundtrip/gen", out).CombinedOutput()
	require.NoError(t, err, string(text))
	return out
}
