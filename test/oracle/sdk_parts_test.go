package oracle

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/tasks"
)

// how a task of the catalogue is used.
type how int

const (
	alone  how = iota
	part       // its steps are added to another task
	shared     // its step becomes a StepAction
)

// wrapped is a task of one's own with the steps of another.
type wrapped[T builder.TaskType[Out], Out builder.TaskOutput] struct {
	task T
	how  how
}

func (wrapped[T, Out]) TaskName() string { return "wrapped" }

func (w wrapped[T, Out]) Define(t *builder.Task) Out {
	var out Out
	if w.how == part {
		out = builder.AddSteps(t, "x", w.task)
	} else {
		out = builder.AddSharedStep(t, "x", w.task)
	}
	t.Step("last").Image("registry.local/alpine:3.20").Command("true")
	return out
}

// used adds a task in the given way.
func used[T builder.TaskType[Out], Out builder.TaskOutput](task T) func(p *builder.Pipeline, h how) {
	return func(p *builder.Pipeline, h how) {
		if h == alone {
			builder.Add(p, "t", task)
			return
		}
		builder.Add(p, "t", wrapped[T, Out]{task, h})
	}
}

// TestDescribedParts tests that a task of the catalogue gets the same image, arguments and
// environment in its own Task, in another, and as a StepAction, after Tekton has replaced
// all variables.
func TestDescribedParts(t *testing.T) {
	type catalogue func(src builder.Workspace, text builder.String) func(*builder.Pipeline, how)
	for name, c := range map[string]struct {
		make   catalogue
		single bool // it can be a StepAction
	}{
		"git-clone": {func(src builder.Workspace, text builder.String) func(*builder.Pipeline, how) {
			return used(tasks.GitClone{URL: text, Output: src, SparseCheckout: builder.Strings("a", text)})
		}, true},
		"go-test": {func(src builder.Workspace, text builder.String) func(*builder.Pipeline, how) {
			return used(tasks.GoTest{Source: src, Flags: builder.Strings("-run", text)})
		}, true},
		"go-build": {func(src builder.Workspace, text builder.String) func(*builder.Pipeline, how) {
			return used(tasks.GoBuild{Source: src, Output: text})
		}, true},
		"image-tag": {func(src builder.Workspace, text builder.String) func(*builder.Pipeline, how) {
			return used(tasks.ImageTag{Image: text, Commit: "abc"})
		}, true},
		"kaniko": {func(src builder.Workspace, text builder.String) func(*builder.Pipeline, how) {
			return used(tasks.Kaniko{Source: src, Image: text})
		}, true},
		"buildkit": {func(src builder.Workspace, text builder.String) func(*builder.Pipeline, how) {
			return used(tasks.BuildKit{Source: src, Image: text, BuildArgs: builder.Strings("A=" + text)})
		}, true},
		"docker-build": {func(src builder.Workspace, text builder.String) func(*builder.Pipeline, how) {
			return used(tasks.DockerBuild{Source: src, Image: text, Insecure: builder.Strings("registry.local")})
		}, false},
		"helm-deploy": {func(src builder.Workspace, text builder.String) func(*builder.Pipeline, how) {
			return used(tasks.HelmDeploy{Source: src, Chart: "chart", Release: text, Namespace: "ns"})
		}, true},
		"helm-rollback": {func(src builder.Workspace, text builder.String) func(*builder.Pipeline, how) {
			return used(tasks.HelmRollback{Release: text, Namespace: "ns"})
		}, true},
		"kubectl-apply": {func(src builder.Workspace, text builder.String) func(*builder.Pipeline, how) {
			return used(tasks.KubectlApply{Source: src, Path: text, Namespace: "ns"})
		}, true},
		"gitops-update": {func(src builder.Workspace, text builder.String) func(*builder.Pipeline, how) {
			return used(tasks.GitOpsUpdate{URL: text, File: "a.yaml", Image: "x"})
		}, true},
		"changed-paths": {func(_ builder.Workspace, text builder.String) func(*builder.Pipeline, how) {
			return used(tasks.ChangedPaths{URL: text, Directories: builder.Strings("a", text)})
		}, false},
		"git-tag": {func(_ builder.Workspace, text builder.String) func(*builder.Pipeline, how) {
			return used(tasks.GitTag{URL: text, Tag: "v1", Commit: "abc"})
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			run := func(h how) (v1.Step, *v1.TaskSpec, error) {
				p := builder.NewPipeline("p")
				text, src := p.Param("text"), p.Workspace("source")
				p.AddInline("other", func(t *builder.Task) {
					w := t.Workspace("source", src, builder.Concurrent())
					t.Step("s").Image("registry.local/alpine:3.20").Command("ls").Args(w.PathValue(), t.Param("text", text))
				})
				c.make(src, text)(p, h)
				r := p.Run("r", text.Set("value"), src.PVC("claim"))
				if err := r.Build(); err != nil {
					return v1.Step{}, nil, err
				}
				s := described(t, r)
				for _, f := range ours(s) {
					assert.NotEqual(t, "error", f.Severity.String(), "%v", f)
				}
				applied, err := apply(s)
				require.NoError(t, err)
				for name, spec := range applied.pods {
					if strings.HasSuffix(name, "-t") {
						return spec.Steps[0], spec, nil
					}
				}
				t.Fatalf("no pod of the task in %v", applied.pods)
				return v1.Step{}, nil, nil
			}
			want, _, err := run(alone)
			require.NoError(t, err)
			for _, h := range []how{part, shared} {
				got, spec, err := run(h)
				if h == shared && !c.single {
					assert.ErrorContains(t, err, "cannot become a StepAction")
					continue
				}
				require.NoError(t, err)
				assert.Len(t, spec.Steps, 2)
				plain := strings.NewReplacer("/workspace/x-", "/workspace/", "/tekton/results/x-", "/tekton/results/").Replace
				assert.Equal(t, want.Image, got.Image)
				assert.Equal(t, want.Script, got.Script)
				assert.Equal(t, want.Args, got.Args)
				assert.Equal(t, want.Command, got.Command)
				assert.Equal(t, plain(want.WorkingDir), plain(got.WorkingDir))
				assert.Equal(t, want.SecurityContext, got.SecurityContext)
				assert.Equal(t, want.ComputeResources, got.ComputeResources)
				require.Len(t, got.Env, len(want.Env))
				for i, e := range want.Env {
					value := plain(got.Env[i].Value)
					if strings.HasPrefix(e.Value, "/tekton/results/") && h == shared {
						assert.Contains(t, value, "/tekton/steps/")
						continue
					}
					assert.Equal(t, e.Name, got.Env[i].Name)
					assert.Equal(t, plain(e.Value), value, e.Name)
				}
			}
		})
	}
}
