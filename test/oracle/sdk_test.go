package oracle

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/tasks"
)

// described returns the system of a run that is described with the builder.
func described(t *testing.T, r *builder.PipelineRun) *system {
	t.Helper()
	objects, err := r.Objects()
	require.NoError(t, err)
	s := &system{taskRun: &v1.TaskRun{TypeMeta: metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "TaskRun"}, ObjectMeta: metav1.ObjectMeta{Name: "unrelated"}, Spec: v1.TaskRunSpec{
		TaskSpec: &v1.TaskSpec{Steps: []v1.Step{{Name: "s", Image: "registry.local/alpine:3.20"}}},
	}}}
	for _, o := range objects {
		switch o := o.Object.(type) {
		case *v1beta1.StepAction:
			s.actions = append(s.actions, o)
		case *v1.Task:
			s.tasks = append(s.tasks, o)
		case *v1.Pipeline:
			s.pipeline = o
		case *v1.PipelineRun:
			s.run = o
		}
	}
	return s
}

// pods runs what is described in Tekton's code, and returns the environment of the first
// step of each Pod.
func pods(t *testing.T, r *builder.PipelineRun) map[string]map[string]string {
	t.Helper()
	s := described(t, r)
	for _, f := range ours(s) {
		assert.NotEqual(t, "error", f.Severity.String(), "%v", f)
	}
	c, err := apply(s)
	require.NoError(t, err)
	out := map[string]map[string]string{}
	for name, spec := range c.pods {
		out[name] = map[string]string{}
		for _, e := range spec.Steps[0].Env {
			out[name][e.Name] = e.Value
		}
	}
	return out
}

// listing makes an array.
type listing struct{}

type listed struct {
	*builder.PipelineTask
	Items builder.Array
}

func (listing) TaskName() string { return "listing" }

func (listing) Define(t *builder.Task) listed {
	items := t.ArrayResult("items")
	t.Step("list").Image("registry.local/alpine:3.20").Script(`printf '["a"]' >` + items.Path())
	return listed{t.PipelineTask(), items.Value()}
}

// read uses an array in a task and in a result.
func read(p *builder.Pipeline, a builder.Array) {
	p.AddInline("read", func(t *builder.Task) {
		t.Step("s").Image("registry.local/alpine:3.20").Command("echo").Args(t.ArrayParam("items", a).All())
	})
	p.ArrayResult("items", a)
}

// TestDescribedMatrix tests what the steps of tasks of the catalogue get that join the
// items of an array, which is known only in the run, to other text.
func TestDescribedMatrix(t *testing.T) {
	for name, add := range map[string]func(p *builder.Pipeline, context, image builder.String, src builder.Workspace) *builder.PipelineTask{
		"buildkit": func(p *builder.Pipeline, context, image builder.String, src builder.Workspace) *builder.PipelineTask {
			m := builder.AddMatrix(p, "images", tasks.BuildKit{Source: src, Context: context, Image: image})
			read(p, m.Collect(func(i tasks.Image) builder.String { return i.Reference }))
			return m.PipelineTask
		},
		"kaniko": func(p *builder.Pipeline, context, image builder.String, src builder.Workspace) *builder.PipelineTask {
			m := builder.AddMatrix(p, "images", tasks.Kaniko{Source: src, Context: context, Image: image})
			read(p, m.Collect(func(i tasks.Image) builder.String { return i.Reference }))
			return m.PipelineTask
		},
		"docker": func(p *builder.Pipeline, context, image builder.String, src builder.Workspace) *builder.PipelineTask {
			m := builder.AddMatrix(p, "images", tasks.DockerBuild{Source: src, Context: context, Image: image})
			read(p, m.Collect(func(i tasks.Image) builder.String { return i.Reference }))
			return m.PipelineTask
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := builder.NewPipeline("p")
			registry, src := p.Param("registry"), p.Workspace("source")
			list := builder.Add(p, "list", listing{})
			clone := builder.Add(p, "clone", tasks.GitClone{URL: "https://example.com/a.git", Output: src})
			service := builder.Axis("service", list.Items)
			add(p, "services/"+service, registry+"/"+service+":"+clone.Commit, clone.Source).Retries(2)
			got := pods(t, p.Run("r", registry.Set("registry.local/images"), src.PVC("claim")))
			var images, contexts []string
			for _, name := range slices.Sorted(maps.Keys(got)) {
				if image := got[name]["IMAGE"]; image != "" {
					images, contexts = append(images, image), append(contexts, got[name]["CONTEXT"])
				}
			}
			// The results of the simulation are "made", and "made too" in an array.
			assert.Equal(t, []string{"registry.local/images/made:made", "registry.local/images/made too:made"}, images)
			assert.Equal(t, []string{"services/made", "services/made too"}, contexts)
		})
	}
}
