package simulate_test

import (
	"encoding/json"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/simulate"
)

// TestPure shows that simulations are independent of each other and of the time: those that
// run at once have the same bytes, and leave no goroutines behind.
func TestPure(t *testing.T) {
	set := pipelineOf(t, conditions)
	want, err := json.Marshal(run(t, set, simulate.Script{}))
	require.NoError(t, err)
	before := runtime.NumGoroutine()
	var all sync.WaitGroup
	got := make([]string, 8)
	for i := range got {
		all.Go(func() {
			r, err := simulate.Run(set, "r", simulate.Script{Profile: alpha})
			if err == nil {
				text, _ := json.Marshal(r)
				got[i] = string(text)
			}
		})
	}
	all.Wait()
	for _, g := range got {
		assert.Equal(t, string(want), g)
	}
	// Queues of the controllers take up to a second to notice that they are shut down.
	for range 1000 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	text := make([]byte, 1<<20)
	t.Errorf("goroutines are left: %s", text[:runtime.Stack(text, true)])
}

// TestUnchanged shows that a simulation does not change the objects of the set.
func TestUnchanged(t *testing.T) {
	set := pipelineOf(t, nested)
	text := func() string {
		objects, err := set.Objects()
		require.NoError(t, err)
		var text []byte
		for _, o := range objects {
			b, err := json.Marshal(o.Object)
			require.NoError(t, err)
			text = append(text, b...)
		}
		return string(text)
	}
	before := text()
	run(t, set, simulate.Script{})
	assert.Equal(t, before, text())
}

func TestJSON(t *testing.T) {
	var script simulate.Script
	require.NoError(t, json.Unmarshal([]byte(`{"tasks":{"a":[{"status":"fail","attempt":1,"duration":"3s","results":{"list":["x"]}}]},"cancel":{"after":"1m"}}`), &script))
	assert.Equal(t, simulate.Duration(3*time.Second), script.Tasks["a"][0].Duration)
	r := run(t, pipelineOf(t, diamond), script)
	assert.Equal(t, []string{"x"}, r.Task("a").Result("list"))
	text, err := json.Marshal(r)
	require.NoError(t, err)
	var back simulate.Result
	require.NoError(t, json.Unmarshal(text, &back))
	assert.Equal(t, r.Condition, back.Condition)
	assert.Contains(t, string(text), `"start":"0s"`)
}

func BenchmarkRun(b *testing.B) {
	set := pipelineOf(b, diamond)
	for b.Loop() {
		if _, err := simulate.Run(set, "r", simulate.Script{}); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzScript(f *testing.F) {
	f.Add(`{"tasks":{"a":[{"status":"fail"}]}}`)
	f.Add(`{"tasks":{"b":[{"status":"timeout"}],"a":[{"results":{"text":"$(tasks.b.results.text)","object":{"url":"<tasks.a.results.text>"}}}]},"cancel":{"after":"1s","mode":"StoppedRunFinally"}}`)
	set := pipelineOf(f, diamond)
	f.Fuzz(func(t *testing.T, text string) {
		var script simulate.Script
		if json.Unmarshal([]byte(text), &script) != nil {
			return
		}
		r, err := simulate.Run(set, "r", script)
		if err == nil {
			_, err = json.Marshal(r)
			assert.NoError(t, err)
		}
	})
}

// FuzzSet simulates whatever can be read. Tekton's code may refuse it, and may even panic,
// but the simulation comes to an end and returns.
func FuzzSet(f *testing.F) {
	for _, spec := range []string{diamond, conditions, nested} {
		f.Add(work + "apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata: {name: r}\nspec:\n  pipelineSpec:\n" + indent(spec, "    "))
	}
	f.Fuzz(func(t *testing.T, text string) {
		objects, _ := manifest.Parse([]byte(text), "fuzz.yaml")
		set := manifest.New(source(objects))
		r, err := simulate.Run(set, "", simulate.Script{Profile: alpha})
		if err == nil {
			_, err = json.Marshal(r)
			assert.NoError(t, err)
		}
	})
}

type source []object.Object

func (s source) Objects() ([]object.Object, error) { return s, nil }
