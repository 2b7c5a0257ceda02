package typecheck

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	triggersv1beta1 "github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	corev1 "k8s.io/api/core/v1"
	sigsjson "sigs.k8s.io/json"

	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/internal/shape"
	"github.com/tekwright/tekwright/internal/yamlread"
)

// documents reads all documents of a stream.
func documents(stream string) []*yamlread.Document { return slices.Collect(yamlread.Documents(stream)) }

// sameAsJSON decodes a corrected value, and compares the result with that of the JSON
// decoder of the API server.
func sameAsJSON(t *testing.T, root *yamlread.Node, typ reflect.Type) {
	t.Helper()
	Check(root, typ, Custom)
	got, want := reflect.New(typ).Interface(), reflect.New(typ).Interface()
	text := root.AppendJSON(nil)
	err := sigsjson.UnmarshalCaseSensitivePreserveInts(text, want)
	if ours := Decode(root, got); err != nil {
		assert.Error(t, ours, "%s: the API server does not read it: %v", text, err)
	} else if assert.NoError(t, ours, "%s", text) {
		assert.Equal(t, want, got, "%s", text)
	}
}

// TestDecode decodes all available YAML into the structs of its kinds.
func TestDecode(t *testing.T) {
	known := 0
	for _, pattern := range []string{"../../examples/*/manifests/*.yaml", "../rules/*/*.yaml", "../../pkg/manifest/testdata/*.yaml"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, file := range files {
			b, err := os.ReadFile(file)
			require.NoError(t, err)
			// Test cases of rules begin with ###.
			for _, d := range documents(strings.ReplaceAll("\n"+string(b), "\n### ", "\n---\n### ")) {
				if d.Root == nil || d.Root.Get("kind") == nil || d.Root.Get("apiVersion") == nil {
					continue
				}
				if typ := kinds.Shape(d.Root.Get("apiVersion").Text, d.Root.Get("kind").Text); typ != nil {
					known++
					sameAsJSON(t, d.Root, typ)
				}
			}
		}
	}
	assert.Greater(t, known, 1_000)
}

// TestDecodeClasses decodes values of each class, nulls, and values of wrong types.
func TestDecodeClasses(t *testing.T) {
	values := []string{"~", "a", `""`, "true", "0", "-1", "300", "1.5", "9007199254740993", "1e3", "aGk=", "1h30m", "2Gi",
		`"2006-01-02T15:04:05Z"`, "http://a/b", "[]", "[a, b]", "[~]", "[1, x]", "{}", "{a: b}", "{a: ~}", "{a: 1}", "{text: x, shared: 2}", "!!binary gIGC"}
	typ := reflect.TypeFor[everything]()
	for name := range strings.FieldsSeq("text bool small unsigned wide float bytes list free self raw any param quantity duration time port url Untagged left right shared") {
		for _, value := range values {
			root := documents(name + ": " + value)[0].Root
			sameAsJSON(t, root, typ)
			// Values that Check would have corrected are errors.
			root = documents(name + ": " + value)[0].Root
			_ = Decode(root, new(everything))
		}
	}
}

// TestKinds tests that Decode supports the types of all structs.
func TestKinds(t *testing.T) {
	seen := map[reflect.Type]bool{}
	var walk func(typ reflect.Type)
	walk = func(typ reflect.Type) {
		s := shape.Of(typ)
		if seen[s.Go] {
			return
		}
		seen[s.Go] = true
		switch s.Class {
		case shape.Struct:
			for i := range s.Fields() {
				f := &s.Fields()[i]
				from, _ := s.Go.FieldByIndex(f.Index), 0
				assert.NotContains(t, from.Tag.Get("json"), ",string", "%s of %s", f.Name, typ)
				walk(f.Go)
			}
		case shape.List:
			assert.Equal(t, reflect.Slice, s.Go.Kind(), "%s", typ)
			walk(s.Go.Elem())
		case shape.Map:
			assert.Equal(t, reflect.String, s.Go.Key().Kind(), "%s", typ)
			assert.False(t, reflect.PointerTo(s.Go.Key()).Implements(reflect.TypeFor[interface{ UnmarshalText([]byte) error }]()), "%s", typ)
			walk(s.Go.Elem())
		case shape.Bytes:
			assert.Equal(t, reflect.Slice, s.Go.Kind(), "%s", typ)
		case shape.Any:
			assert.Equal(t, reflect.Interface, s.Go.Kind(), "%s", typ)
			assert.Zero(t, s.Go.NumMethod(), "%s", typ)
		}
	}
	for typ := range kinds.Types() {
		walk(typ)
	}
	assert.Greater(t, len(seen), 300)
}

// FuzzDecode decodes any text into any type.
func FuzzDecode(f *testing.F) {
	f.Add("{text: a, left: {below: b}, self: {raw: {a: [1]}, any: {b: ~}}}")
	f.Add("{metadata: {name: a, creationTimestamp: ~}, spec: {params: [{name: a, default: [b]}], steps: [{image: a, timeout: 1h}]}}")
	f.Fuzz(func(t *testing.T, in string) {
		for _, typ := range []reflect.Type{reflect.TypeFor[everything](), reflect.TypeFor[pipelinev1.Task](), reflect.TypeFor[pipelinev1.PipelineRun](),
			reflect.TypeFor[triggersv1beta1.EventListener](), reflect.TypeFor[corev1.Pod]()} {
			for _, d := range documents(in) {
				if d.Root != nil {
					sameAsJSON(t, d.Root, typ)
				}
			}
		}
	})
}
