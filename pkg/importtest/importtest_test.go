package importtest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/importtest"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// Greet is the Task greet.
type Greet struct {
	Who builder.String

	image  builder.TaskString
	script string
}

func (Greet) TaskName() string { return "greet" }

func (in Greet) Define(t *builder.Task) *builder.PipelineTask {
	who := t.Param("who", in.Who)
	t.Step("greet").Image(in.image).Env("WHO", who).Script(in.script).Requests("0.01", "16384Ki")
	return t.PipelineTask()
}

const (
	image  = "registry.local/alpine:3"
	script = "echo hello\necho \"$WHO\"\n"
)

// hello returns the Pipeline of the test data.
func hello(image builder.TaskString, script string) *builder.Pipeline {
	p := builder.NewPipeline("hello")
	who := p.Param("who", builder.Default("world"))
	builder.Add(p, "greet", Greet{who, image, script})
	return p
}

func secret(keys ...string) *infra.Secret { return infra.NewSecret("registry", keys...) }

func objects() *manifest.Set {
	return manifest.New(hello(image, script), secret("password")).NamespaceOf("Secret", "registry", "tools").Namespace("ci")
}

func runs(name builder.String) *manifest.Set {
	return manifest.New(builder.ExistingPipeline("hello").Run(name)).Namespace("ci")
}

const originals = "testdata/import"

// TestSame is a whole test of a user: a Pipeline of v1beta1, a Task, a Secret in another
// namespace, and a run with a generateName.
func TestSame(t *testing.T) {
	importtest.Same(t, objects(), originals, importtest.Runs(runs("hello-")))
}

// recorder is a test that is allowed to fail.
type recorder struct {
	testing.TB
	failed strings.Builder
}

func (r *recorder) Helper()                   {}
func (r *recorder) Errorf(f string, a ...any) { fmt.Fprintf(&r.failed, f+"\n", a...) }
func (r *recorder) Error(a ...any)            { fmt.Fprintln(&r.failed, a...) }

func failures(t *testing.T, set *manifest.Set, dir string, options ...importtest.Option) string {
	t.Helper()
	r := &recorder{TB: t}
	importtest.Same(r, set, dir, options...)
	return r.failed.String()
}

// TestSameFails has the ways in which a set can differ from its originals.
func TestSameFails(t *testing.T) {
	run := importtest.Runs(runs("hello-"))
	set := func(p *builder.Pipeline) *manifest.Set {
		return manifest.New(p, secret("password")).NamespaceOf("Secret", "registry", "tools").Namespace("ci")
	}
	t.Run("a value", func(t *testing.T) {
		got := failures(t, set(hello("registry.local/alpine:4", script)), originals, run)
		assert.Equal(t, `Task "greet": spec.steps[0].image differs
	original: testdata/import/hello.yaml:30:14: "registry.local/alpine:3"
	Go:       pkg/importtest/importtest_test.go:31: "registry.local/alpine:4"
`, got)
	})
	t.Run("a script", func(t *testing.T) {
		got := failures(t, set(hello(image, "echo hello\necho $WHO\n")), originals, run)
		assert.Contains(t, got, "spec.steps[0].script differs\n\toriginal: testdata/import/hello.yaml:34:15\n\tGo:       pkg/importtest/importtest_test.go:31\n")
		assert.Contains(t, got, "\t-echo \"$WHO\"\n\t+echo $WHO\n")
	})
	t.Run("an object is missing", func(t *testing.T) {
		assert.Equal(t, "PipelineRun \"hello-\" is missing in the Go\n\toriginal: testdata/import/run.yaml:1:1\n", failures(t, objects(), originals))
		got := failures(t, objects(), originals, importtest.Runs(runs("bye-")))
		assert.Contains(t, got, "PipelineRun \"hello-\" is missing in the Go")
		assert.Contains(t, got, "PipelineRun \"bye-\" has no original\n\tGo: pkg/importtest/importtest_test.go:")
	})
	t.Run("another namespace", func(t *testing.T) {
		got := failures(t, manifest.New(hello(image, script), secret("password")).Namespace("ci"), originals, run)
		assert.Contains(t, got, "Secret \"registry\" is missing in the Go")
		assert.Contains(t, got, "Secret \"registry\" has no original")
	})
	t.Run("keys of a Secret", func(t *testing.T) {
		other := manifest.New(hello(image, script), secret("token")).NamespaceOf("Secret", "registry", "tools").Namespace("ci")
		got := failures(t, other, originals, run)
		assert.Contains(t, got, "Secret \"registry\": data differs\n\toriginal: testdata/import/hello.yaml:48:3: [\"password\"]\n")
		assert.NotContains(t, got, "c2VjcmV0IG9mIHRoZSB0ZXN0")
		assert.NotContains(t, got, "secret of the test")
	})
	t.Run("the set has errors", func(t *testing.T) {
		p := hello(image, script)
		p.Param("unused")
		assert.Contains(t, failures(t, set(p), originals, run), "the set has errors\n\tpkg/importtest/importtest_test.go:")
		assert.Contains(t, failures(t, set(p), originals, run), "Pipeline \"hello\": spec.params[1] differs\n\toriginal: testdata/import/hello.yaml:7:3: absent\n")
		assert.Contains(t, failures(t, nil, originals, run), "the set is nil")
	})
	t.Run("exact", func(t *testing.T) {
		got := failures(t, objects(), originals, run, importtest.Exact())
		assert.Contains(t, got, "Pipeline \"hello\": spec.tasks[0].taskRef.kind differs\n\toriginal: testdata/import/hello.yaml:14:15: \"Task\"\n")
		assert.Contains(t, got, "spec.params[0].type differs")
		assert.Contains(t, got, `"$(params[\"who\"])"`)
		assert.NotContains(t, got, "computeResources", "quantities are compared by value")
	})
}

// TestOriginals has folders that cannot be compared with anything.
func TestOriginals(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name, "x.yaml")
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
		return filepath.Dir(path)
	}
	assert.Contains(t, failures(t, manifest.New(), dir), "there are no objects", "an empty set describes no folder")
	assert.Contains(t, failures(t, manifest.New(), filepath.Join(dir, "none")), "cannot read the originals")
	assert.Contains(t, failures(t, objects(), write("broken", "apiVersion: v1\nkind: ConfigMap\n  x: {\n")), "yaml-invalid")

	const same = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: one}\n"
	twice := write("twice", same+"---\n"+same)
	set, err := manifest.Read(strings.NewReader(same), "go")
	require.NoError(t, err)
	assert.Empty(t, failures(t, set, twice), "the same object in two documents")
	differ := write("differ", same+"---\n"+strings.Replace(same, "x: one", "x: two", 1))
	assert.Contains(t, failures(t, set, differ), "ConfigMap \"a\" has two originals that differ")
}

// TestOutput shows that what is reported is only shown: text of originals cannot control a
// terminal or be a command for a CI runner.
func TestOutput(t *testing.T) {
	dir := t.TempDir()
	text := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: \"\\e[31m\\n::error::forged\\n\"}\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "x.yaml"), []byte(text), 0o644))
	set, err := manifest.Read(strings.NewReader(strings.Replace(text, "forged", "other", 1)), "go")
	require.NoError(t, err)
	got := failures(t, set, dir)
	assert.Contains(t, got, "forged")
	assert.NotContains(t, got, "\x1b")
	assert.NotRegexp(t, `(?m)^\s*::error`, got)
}
