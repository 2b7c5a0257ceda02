package flow

import (
	"testing"

	"github.com/stretchr/testify/assert"
	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/test/e2e/harness"
)

// Make leaves a result of each type.
type Make struct{}

// Made is what Make leaves behind.
type Made struct {
	*builder.PipelineTask
	Text builder.String
	List builder.Array
	Map  builder.Object
}

func (Make) TaskName() string { return "make" }

func (Make) Define(t *builder.Task) Made {
	text, list, object := t.Result("text"), t.ArrayResult("list"), t.ObjectResult("map", []string{"url", "digest"})
	t.Step("make").Image(image).Requests("10m", "16Mi").Script("make-all " + text.Path() + " " + list.Path() + " " + object.Path())
	return Made{t.PipelineTask(), text.Value(), list.Value(), object.Value()}
}

// Take takes a value of each type; each has a default.
type Take struct {
	Text builder.String
	List builder.Array
	Map  builder.Object
}

func (Take) TaskName() string { return "take" }

func (k Take) Define(t *builder.Task) *builder.PipelineTask {
	text := t.Param("text", k.Text, builder.Default("no text"))
	list := t.ArrayParam("list", k.List, builder.DefaultArray("no", "list"))
	object := t.ObjectParam("map", k.Map, []string{"url", "digest"},
		builder.DefaultObject(map[string]string{"url": "no url", "digest": "no digest"}))
	t.Step("take").Image(image).Requests("10m", "16Mi").Env("TEXT", text).Env("URL", object.Key("url")).Env("DIGEST", object.Key("digest")).
		Command("take").Args(list.All())
	return t.PipelineTask()
}

// given is what the container of a task's one step gets: values of the
// environment, and arguments behind the name of the command.
func given(t *testing.T, c *harness.Cluster, h *harness.Held) (env map[string]string, args []string) {
	t.Helper()
	pod, err := c.Core.CoreV1().Pods(h.Run.Namespace).Get(t.Context(), h.Run.Status.PodName, metav1.GetOptions{})
	assert.NoError(t, err)
	env = map[string]string{}
	for _, container := range pod.Spec.Containers {
		for _, e := range container.Env {
			env[e.Name] = e.Value
		}
		for i, a := range container.Args {
			if a == "--" {
				args = container.Args[i+1:]
			}
		}
	}
	return env, args
}

// TestResults proves that results of all types reach other tasks, whole, by
// item and by key, in the finally section, in pods, and in the pipeline's
// results.
func TestResults(t *testing.T) {
	p := builder.NewPipeline("results")
	made := builder.Add(p, "make", Make{})
	builder.Add(p, "whole", Take{Text: "<" + made.Text + ">", List: made.List, Map: made.Map})
	builder.Add(p, "parts", Take{
		Text: made.List.At(1) + " of " + made.Map.Key("url"),
		List: builder.Strings("first", made.Text, made.Map.Key("digest")),
		Map:  builder.ObjectOf(map[string]builder.String{"url": made.Text, "digest": made.List.At(0)}),
	})
	builder.AddFinally(p, "last", Take{Text: made.Text, List: made.List, Map: made.Map})
	p.Result("text", made.Text)
	p.Result("joined", made.Text+"@"+made.Map.Key("digest"))
	p.ArrayResult("list", made.List)
	p.ObjectResult("map", made.Map)

	run := start(t, p.Run("results-1"))
	run.Running("make")[0].Succeed(harness.Results{
		"text": "it's \"text\"", "list": []string{"one", "two words", ""}, "map": map[string]string{"url": "https://x", "digest": "sha256:1"},
	})
	held := run.Running("parts", "whole")
	parts, whole := held[0], held[1]
	list := []string{"one", "two words", ""}
	keys := map[string]string{"url": "https://x", "digest": "sha256:1"}
	assert.Equal(t, map[string]pipelinev1.ParamValue{
		"text": *pipelinev1.NewStructuredValues(`<it's "text">`),
		"list": {Type: pipelinev1.ParamTypeArray, ArrayVal: list},
		"map":  {Type: pipelinev1.ParamTypeObject, ObjectVal: keys},
	}, whole.Params())
	assert.Equal(t, map[string]pipelinev1.ParamValue{
		"text": *pipelinev1.NewStructuredValues("two words of https://x"),
		"list": {Type: pipelinev1.ParamTypeArray, ArrayVal: []string{"first", `it's "text"`, "sha256:1"}},
		"map":  {Type: pipelinev1.ParamTypeObject, ObjectVal: map[string]string{"url": `it's "text"`, "digest": "one"}},
	}, parts.Params())
	env, args := given(t, harness.Get(t), whole)
	assert.Equal(t, list, args)
	assert.Equal(t, []string{`<it's "text">`, "https://x", "sha256:1"}, []string{env["TEXT"], env["URL"], env["DIGEST"]})
	parts.Succeed(nil)
	whole.Succeed(nil)
	last := run.Running("last")[0]
	assert.Equal(t, list, last.Params()["list"].ArrayVal)
	assert.Equal(t, keys, last.Params()["map"].ObjectVal)
	last.Succeed(nil)

	results := map[string]pipelinev1.ParamValue{}
	for _, r := range run.Over().Status.Results {
		results[r.Name] = r.Value
	}
	assert.Equal(t, map[string]pipelinev1.ParamValue{
		"text":   *pipelinev1.NewStructuredValues(`it's "text"`),
		"joined": *pipelinev1.NewStructuredValues(`it's "text"@sha256:1`),
		"list":   {Type: pipelinev1.ParamTypeArray, ArrayVal: list},
		"map":    {Type: pipelinev1.ParamTypeObject, ObjectVal: keys},
	}, results)
}

// TestDefaults proves that a param that is not given has its default, in a
// task and in a pipeline, and that one that is given has not.
func TestDefaults(t *testing.T) {
	p := builder.NewPipeline("defaults")
	text := p.Param("text", builder.Default("pipeline's"))
	list := p.ArrayParam("list", builder.DefaultArray("a", "b"))
	object := p.ObjectParam("map", []string{"url", "digest"}, builder.DefaultObject(map[string]string{"url": "u", "digest": "d"}))
	builder.Add(p, "bare", Take{})
	builder.Add(p, "full", Take{Text: text, List: list, Map: object})
	over := p.Param("over", builder.Default("default"))
	items := p.ArrayParam("items", builder.DefaultArray("default"))
	builder.Add(p, "run", Take{Text: over, List: items, Map: builder.ObjectOf(map[string]builder.String{"url": items.At(1), "digest": builder.RunName})})

	c := harness.Get(t)
	run := start(t, p.Run("defaults-1", over.Set("given"), items.Set(builder.Strings("x", "y"))))
	held := run.Running("bare", "full", "run")
	for i, want := range []struct {
		text, url, digest string
		list              []string
	}{
		{"no text", "no url", "no digest", []string{"no", "list"}},
		{"pipeline's", "u", "d", []string{"a", "b"}},
		{"given", "y", "defaults-1", []string{"x", "y"}},
	} {
		env, args := given(t, c, held[i])
		assert.Equal(t, []string{want.text, want.url, want.digest}, []string{env["TEXT"], env["URL"], env["DIGEST"]}, held[i].Task)
		assert.Equal(t, want.list, args, held[i].Task)
		held[i].Succeed(nil)
	}
	assert.Equal(t, string(pipelinev1.PipelineRunReasonSuccessful), reason(run.Over()))
}

// Store works with volumes.
type Store struct{ Data, Cache builder.Workspace }

// Stored is what Store leaves behind.
type Stored struct {
	*builder.PipelineTask
	Data builder.Workspace
}

func (Store) TaskName() string { return "store" }

func (s Store) Define(t *builder.Task) Stored {
	data, cache := t.Workspace("data", s.Data), t.Workspace("cache", s.Cache, builder.Optional())
	t.Step("store").Image(image).Requests("10m", "16Mi").Env("DATA", data.PathValue()).Env("CACHE", cache.PathValue()).Env("BOUND", cache.Bound()).
		Command("store")
	return Stored{t.PipelineTask(), data.Value()}
}

// TestWorkspaces proves that whoever takes a workspace as another left it runs
// after it, that an optional one may be left out, and that a task knows.
func TestWorkspaces(t *testing.T) {
	p := builder.NewPipeline("workspaces")
	data, maybe := p.Workspace("data"), p.Workspace("maybe", builder.Optional())
	given1 := p.Workspace("given", builder.Optional())
	first := builder.Add(p, "first", Store{Data: data.SubPath("part")})
	builder.Add(p, "second", Store{Data: first.Data, Cache: maybe})
	builder.Add(p, "third", Store{Data: data.SubPath("other"), Cache: given1})

	c := harness.Get(t)
	run := start(t, p.Run("workspaces-1", data.VolumeClaimTemplate("1Gi"), given1.EmptyDir()))
	check := func(h *harness.Held, cache, bound string) {
		env, _ := given(t, c, h)
		assert.Equal(t, []string{"/workspace/data", cache, bound}, []string{env["DATA"], env["CACHE"], env["BOUND"]}, h.Task)
	}
	held := run.Running("first", "third")
	check(held[0], "", "false")
	check(held[1], "/workspace/cache", "true")
	assert.Equal(t, "part", held[0].Run.Spec.Workspaces[0].SubPath)
	held[0].Succeed(nil)
	second := run.Running("second", "third")[0]
	check(second, "", "false")
	assert.Equal(t, "part", second.Run.Spec.Workspaces[0].SubPath)
	second.Succeed(nil)
	run.Running("third")[0].Succeed(nil)
	assert.Equal(t, string(pipelinev1.PipelineRunReasonSuccessful), reason(run.Over()))
}
