package flow

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/test/e2e/harness"
)

// examples are the systems of the folder examples.
var examples = []string{"first-steps", "gitops", "image-build", "multi-repo", "release"}

// example is one of the systems, as its manifests say.
type example struct {
	set     *manifest.Set
	objects []*unstructured.Unstructured // all but the runs
	runs    []*unstructured.Unstructured // those of the system, and one of each template
}

func load(t *testing.T, name string) example {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "examples", name, "manifests")
	set, err := manifest.ReadDir(dir)
	require.NoError(t, err)
	e := example{set: set}
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	require.NoError(t, err)
	for _, f := range files {
		text, err := os.ReadFile(f)
		require.NoError(t, err)
		for _, o := range harness.Decode(t, string(text)) {
			switch {
			case harness.IsRun(o):
				e.runs = append(e.runs, o)
				continue
			case o.GetKind() == "TriggerTemplate":
				e.runs = append(e.runs, render(t, o)...)
			}
			e.objects = append(e.objects, o)
		}
	}
	require.NotEmpty(t, e.runs)
	return e
}

// render makes the runs of a template as an event does, each param being its
// name.
func render(t *testing.T, template *unstructured.Unstructured) (runs []*unstructured.Unstructured) {
	t.Helper()
	text, err := template.MarshalJSON()
	require.NoError(t, err)
	params, _, err := unstructured.NestedSlice(template.Object, "spec", "params")
	require.NoError(t, err)
	filled := string(text)
	for _, p := range params {
		name := p.(map[string]any)["name"].(string)
		filled = strings.ReplaceAll(filled, "$(tt.params."+name+")", "the-"+name)
	}
	whole := harness.Decode(t, filled)[0]
	resources, _, err := unstructured.NestedSlice(whole.Object, "spec", "resourcetemplates")
	require.NoError(t, err)
	for _, r := range resources {
		run := &unstructured.Unstructured{Object: r.(map[string]any)}
		run.SetNamespace(template.GetNamespace())
		runs = append(runs, run)
	}
	return runs
}

// begin starts one of the runs, by its name or the beginning of its name, in
// namespaces of the test's own.
func (e example) begin(t *testing.T, name string) *harness.Play {
	t.Helper()
	i := slices.IndexFunc(e.runs, func(r *unstructured.Unstructured) bool { return r.GetName()+r.GetGenerateName() == name })
	require.GreaterOrEqual(t, i, 0, "there is no run %q", name)
	c := harness.Get(t)
	return play(t, c, c.Move(t, c.Namespace(t), append(slices.Clone(e.objects), e.runs[i])))
}

// pipeline is the name of the Pipeline that a run runs.
func pipeline(run *unstructured.Unstructured) string {
	name, _, _ := unstructured.NestedString(run.Object, "spec", "pipelineRef", "name")
	return name
}

// TestExamples proves that each run of the examples, those that events start
// too, goes from task to task as the library's pictures say, and succeeds.
func TestExamples(t *testing.T) {
	t.Parallel()
	for _, name := range examples {
		e := load(t, name)
		for i, r := range e.runs {
			t.Run(name+"/"+r.GetName()+r.GetGenerateName(), func(t *testing.T) {
				t.Parallel()
				run := e.begin(t, r.GetName()+r.GetGenerateName())
				if r.GetKind() == "TaskRun" {
					run.Running(r.GetName())[0].Succeed(nil)
					assert.True(t, run.Task(r.GetName()).IsSuccessful())
					return
				}
				p := pictureOf(t, e.set, "Pipeline "+pipeline(r))
				lockstep(t, run, p, uint64(i), nil, "")
				var last []string
				for _, n := range finally(p) {
					if n != "rollback" { // which needs a deploy that failed
						last = append(last, n)
					}
				}
				for len(last) > 0 {
					run.Running(last...)[0].Succeed(nil)
					last = last[1:]
				}
				over := run.Over()
				assert.True(t, over.Status.GetCondition("Succeeded").IsTrue(), "%v", over.Status.Conditions)
			})
		}
	}
}

// TestRollback proves that the example release rolls back exactly when deploy
// fails.
func TestRollback(t *testing.T) {
	t.Parallel()
	e := load(t, "release")
	p := pictureOf(t, e.set, "Pipeline release")
	for _, task := range p.Graph.Nodes() {
		if task == "rollback" {
			continue
		}
		t.Run(task, func(t *testing.T) {
			t.Parallel()
			run := e.begin(t, "release-1")
			lockstep(t, run, p, 1, nil, task)
			if task == "deploy" {
				run.Running("rollback")[0].Succeed(nil)
				assert.Empty(t, run.Over().Status.SkippedTasks)
			} else {
				assert.NotContains(t, run.Ran(), "rollback")
				assert.Contains(t, skipped(run.Over()), "rollback: When Expressions evaluated to false")
			}
			over := run.Over()
			assert.Equal(t, string(pipelinev1.PipelineRunReasonFailed), reason(over))
			assert.True(t, run.Task(task).IsFailure())
		})
	}
}

// skipped are the tasks that did not run, each with the reason.
func skipped(run *pipelinev1.PipelineRun) (out []string) {
	for _, s := range run.Status.SkippedTasks {
		out = append(out, s.Name+": "+string(s.Reason))
	}
	slices.Sort(out)
	return out
}
