package builder_test

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

const givenTask = `apiVersion: tekton.dev/v1
kind: Task
metadata:
  name: body
spec:
  params:
    - name: text
    - name: list
      type: array
      default: []
  results:
    - name: out
  workspaces:
    - name: dir
      optional: true
  steps:
    - name: s
      image: registry.local/tool:1.2
      script: echo $(params.text) > $(results.out.path); ls $(workspaces.dir.path)
      args: ["$(params.list[*])"]
`

// Agent is a StepAction with a required input and a result.
type Agent struct {
	Key   builder.TaskString // required
	Debug bool
}

type AgentOut struct {
	*builder.Step
	Token builder.TaskString
}

func (Agent) StepActionName() string { return "agent" }

func (g Agent) Define(a *builder.StepAction) AgentOut {
	token := a.Result("token")
	a.Image(image).Env("KEY", a.Param("key", g.Key)).Script("login > " + token.Path()) // want Agent.key
	if g.Debug {
		a.Env("DEBUG", "1")
	}
	return AgentOut{a.Step(), token.Value()}
}

// TestErrorsTask tests mistakes in the definitions of tasks.
func TestErrorsTask(t *testing.T) {
	checkMistakes(t, "testdata/errors/task.txt", taskMistakes())
}

func taskMistakes() []mistake {
	do := func(define func(t *builder.Task)) func(*fixture) {
		return func(f *fixture) { f.p.AddInline("a", define) }
	}
	add := func(define body) func(*fixture) {
		return func(f *fixture) { builder.Add(f.p, "a", define) } // want add
	}
	return []mistake{
		{"param twice", "param-duplicate", do(func(t *builder.Task) {
			a := t.Param("p", "1") // want first
			b := t.Param("p", "2") // want
			t.Step("s").Image(image).Env("A", a).Env("B", b)
		})},
		{"workspace twice", "workspace-duplicate", func(f *fixture) {
			f.p.AddInline("a", func(t *builder.Task) {
				t.Workspace("w", f.clone.Source)      // want first
				w := t.Workspace("w", f.clone.Source) // want
				t.Step("s").Image(image).WorkingDir(w.PathValue())
			})
		}},
		{"result twice", "result-duplicate", do(func(t *builder.Task) {
			t.Result("r")      // want first
			r := t.Result("r") // want
			t.Step("s").Image(image).Script("echo > " + r.Path())
		})},
		{"step twice", "step-duplicate", do(func(t *builder.Task) {
			t.Step("s").Image(image) // want first
			t.Step("s").Image(image) // want
		})},
		{"sidecar twice", "sidecar-duplicate", do(func(t *builder.Task) {
			t.Step("s").Image(image)
			t.Sidecar("d").Image(image) // want first
			t.Sidecar("d").Image(image) // want
		})},
		{"volume twice", "volume-duplicate", do(func(t *builder.Task) {
			t.Step("s").Image(image).
				Mount(t.EmptyDir("v"), "/a"). // want first
				Mount(t.EmptyDir("v"), "/b")  // want
		})},
		{"param of the task never used", "", do(func(t *builder.Task) {
			t.Param("p", "1") // only a warning in a Task
			t.Step("s").Image(image)
		})},
		{"unknown param in a script", "param-unknown", do(func(t *builder.Task) {
			t.Step("s").Image(image).Env("U", t.Param("user", "me")).Script("echo $(params.usr)") // want
		})},
		{"unknown result in a script", "result-unknown", do(func(t *builder.Task) {
			t.Result("out")
			t.Step("s").Image(image).Script("echo > $(results.uot.path)") // want
		})},
		{"whole array as an env", "array-misplaced", func(f *fixture) {
			f.p.AddInline("a", func(t *builder.Task) {
				t.Step("s").Image(image).Env("A", t.ArrayParam("u", f.flags).All()) // want
			})
		}},
		{"step without an image", "image-missing", do(func(t *builder.Task) {
			t.Step("s").Script("true") // want
		})},
		{"script and command", "step-conflict", do(func(t *builder.Task) {
			t.Step("s").Image(image).Command("make").Script("true") // want
		})},
		{"bad quantities", "quantity-invalid quantity-invalid", do(func(t *builder.Task) {
			t.Step("s").Image(image).
				Requests("half", ""). // want cpu
				Limits("1", "1 Gig")  // want memory
		})},
		{"requests above limits", "resources-invalid", do(func(t *builder.Task) {
			t.Step("s").Image(image).Requests("2", "").Limits("1", "") // want
		})},
		{"undeclared volume", "volume-unknown", do(func(t *builder.Task) {
			t.Step("s").Image(image).Mount(builder.Volume{}, "/x") // want
		})},
		{"volume of another task", "volume-unknown", func(f *fixture) {
			var v builder.Volume
			f.p.AddInline("a", func(t *builder.Task) { v = t.EmptyDir("v"); t.Step("s").Image(image).Mount(v, "/v") })
			f.p.AddInline("b", func(t *builder.Task) { t.Step("s").Image(image).Mount(v, "/v") }) // want
		}},
		{"mount where Tekton keeps its own", "mount-invalid", func(f *fixture) {
			f.p.AddInline("a", func(t *builder.Task) {
				t.Step("s").Image(image).Mount(t.EmptyDir("v"), "/tekton/run") // want
			})
		}},
		{"isolated workspace of another task", "workspace-unknown", func(f *fixture) {
			var m builder.Mount
			f.p.AddInline("a", func(t *builder.Task) {
				m = t.Workspace("w", f.clone.Source)
				t.Step("s").Image(image).Isolate(m, "/w")
			})
			f.p.AddInline("b", func(t *builder.Task) {
				t.Step("s").Image(image).Isolate(m, "/w") // want
			})
		}},
		{"result of a later step", "step-order", do(func(t *builder.Task) {
			one, two := t.Step("one").Image(image), t.Step("two").Image(image) // want two
			r := two.Result("r")
			two.Script("echo > " + r.Path())
			one.Env("R", r.Value()) // want
		})},
		{"result from no step", "result-value", do(func(t *builder.Task) {
			t.Step("s").Image(image)
			t.Result("r", builder.FromStep(builder.StepResult{})) // want
		})},
		{"result from what is no result of a step", "result-type", do(func(t *builder.Task) {
			t.Step("s").Image(image)
			t.Result("r", builder.FromStep(builder.TaskString("x"))) // want
		})},
		{"settings that a step template does not have", "template-conflict", do(func(t *builder.Task) {
			t.StepTemplate().Image(image).Script("true").Timeout(time.Minute).Stdout("/x") // want
			t.Step("s")
		})},
		{"options out of place", "option-misplaced option-misplaced", func(f *fixture) {
			f.p.AddInline("a", func(t *builder.Task) {
				s := t.Step("s").Image(image)
				one := s.Result("one")
				two := s.Result("two", builder.FromStep(one)) // want step
				s.Script("echo > " + one.Path() + " > " + two.Path())
			})
			f.p.Result("r", f.clone.Commit, builder.FromStep(builder.StepResult{})) // want pipeline
		}},
		{"empty when expression of a step", "when-invalid", do(func(t *builder.Task) {
			t.Step("s").Image(image).When(builder.StepWhen{}) // want
		})},
		{"when expression of a step with a value of the pipeline", "scope-mixed", func(f *fixture) {
			f.p.AddInline("a", func(t *builder.Task) {
				t.Step("s").Image(image).When(builder.TaskString(f.repo).In("x")) // want
			})
		}},
		{"input of a StepAction not given", "param-missing", do(func(t *builder.Task) {
			builder.AddStepAction(t, "login", Agent{}) // want
		})},
		{"StepActions that differ", "definition-differs", do(func(t *builder.Task) {
			builder.AddStepAction(t, "one", Agent{Key: "k"})              // want first
			builder.AddStepAction(t, "two", Agent{Key: "k", Debug: true}) // want
		})},
		{"StepActions that differ between tasks", "definition-differs", func(f *fixture) {
			f.p.AddInline("a", func(t *builder.Task) { builder.AddStepAction(t, "one", Agent{Key: "k"}) })              // want first
			f.p.AddInline("b", func(t *builder.Task) { builder.AddStepAction(t, "two", Agent{Key: "k", Debug: true}) }) // want
		}},
		{"nil StepAction", "stepaction-invalid", do(func(t *builder.Task) {
			builder.AddStepAction(t, "login", action(nil)) // want
		})},
		{"image of a step that runs a StepAction", "step-conflict", do(func(t *builder.Task) {
			builder.AddStepAction(t, "login", Agent{Key: "k"}).Image("other:1") // want
		})},
		{"pipeline param in a StepAction", "scope-mixed", func(f *fixture) {
			f.p.AddInline("a", func(t *builder.Task) {
				builder.AddStepAction(t, "login", Agent{Key: builder.TaskString(f.repo)}) // want
			})
		}},
		{"task input inside a StepAction", "scope-mixed", func(f *fixture) {
			f.p.AddInline("a", func(t *builder.Task) {
				key := t.Param("key", f.repo)
				builder.AddStepAction(t, "s", action(func(a *builder.StepAction) {
					a.Image(image).Env("KEY", key) // want
				}))
			})
		}},
		{"StepAction without its step", "output-unset", do(func(t *builder.Task) {
			builder.AddStepAction(t, "s", stray{}) // want
		})},
		{"handles in the description of a task", "handle-misplaced handle-misplaced handle-misplaced handle-misplaced", func(f *fixture) {
			f.p.AddInline("a", func(t *builder.Task) {
				t.Describe(string(f.repo))                              // want task
				u := t.Param("u", "x", builder.Default(string(f.repo))) // want default
				t.Result("r", builder.Describe(string(u)))              // want result
				t.Step("s" + string(u)).Image(image)                    // want step
			})
		}},
		{"input in a raw struct", "scope-mixed", func(f *fixture) {
			f.p.AddInline("a", func(t *builder.Task) {
				t.Step("s").Image(image).EnvSource("E", corev1.EnvVarSource{ // want
					FieldRef: &corev1.ObjectFieldSelector{FieldPath: string(f.repo)}})
			})
		}},
		{"mutated into nonsense", "scope-mixed", func(f *fixture) {
			f.p.AddInline("a", func(t *builder.Task) { // want
				t.Step("s").Image(image)
				t.Mutate(func(s *v1.TaskSpec) { s.Steps[0].Image = string(f.repo) })
			})
		}},
		{"definition from a nil Task", "source-invalid", add(func(t *builder.Task) {
			t.FromTask(nil) // want
		})},
		{"definition from broken YAML", "source-invalid", add(func(t *builder.Task) {
			t.FromYAML([]byte("{")) // want
		})},
		{"definition from YAML of another kind", "source-invalid", add(func(t *builder.Task) {
			t.FromYAML([]byte("apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: body}\nspec: {}\n")) // want
		})},
		{"definition from YAML with an unknown key", "source-invalid", add(func(t *builder.Task) {
			t.FromYAML([]byte("apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: body}\nspec: {Steps: []}\n")) // want
		})},
		{"definition that declares something else", "source-differs source-differs source-differs source-differs source-differs", add(func(t *builder.Task) {
			t.Param("txt", "x")                     // want param
			t.Param("list", "x")                    // want type
			t.Result("ot")                          // want result
			t.ArrayResult("out")                    // want result type
			t.Workspace("src", builder.Workspace{}) // want workspace
			t.FromYAML([]byte(givenTask))
		})},
		{"definition of another name", "source-differs", func(f *fixture) {
			builder.Add(f.p, "a", Named{[]byte(givenTask)}) // want
		}},
		{"definition with more params", "param-missing", add(func(t *builder.Task) {
			t.FromYAML([]byte(givenTask)) // want
		})},
		{"steps beside a definition", "source-duplicate", add(func(t *builder.Task) {
			t.Param("text", "x")
			t.FromYAML([]byte(givenTask)) // want
			t.Step("s").Image(image)
		})},
		{"steps beside a resolver", "source-duplicate", add(func(t *builder.Task) {
			t.From(builder.Hub("x", "0.1")) // want
			t.Step("s").Image(image)
		})},
		{"two definitions", "source-duplicate", add(func(t *builder.Task) {
			t.From(builder.Hub("x", "0.1"))
			t.Custom("example.dev/v1", "Thing") // want
		})},
		{"resolver without a required param", "resolver-invalid", add(func(t *builder.Task) {
			t.From(builder.Git("https://example.com/x", "main", "")) // want
		})},
		{"custom task without a kind", "source-invalid", add(func(t *builder.Task) {
			t.Custom("example.dev/v1", "") // want
		})},
		{"custom task with two specs", "source-invalid", add(func(t *builder.Task) {
			t.Custom("example.dev/v1", "Thing", map[string]any{}, map[string]any{}) // want
		})},
		{"custom task with a spec that cannot be JSON", "source-invalid", add(func(t *builder.Task) {
			t.Custom("example.dev/v1", "Thing", func() {}) // want
		})},
		{"custom task with a spec that is not an object", "source-invalid", add(func(t *builder.Task) {
			t.Custom("example.dev/v1", "Thing", "text") // want
		})},
		{"handle in the spec of a custom task", "variable-ignored", func(f *fixture) {
			f.p.AddInline("a", func(t *builder.Task) {
				t.Custom("example.dev/v1", "Thing", map[string]builder.String{"repo": f.repo}) // want
			})
		}},
		{"steps beside a custom task", "source-duplicate", add(func(t *builder.Task) {
			t.Custom("example.dev/v1", "Thing") // want
			t.Step("s").Image(image)
		})},
	}
}

// stray is a StepAction that does not return its step.
type stray struct{}

func (stray) StepActionName() string { return "stray" }

func (stray) Define(a *builder.StepAction) *builder.Step {
	a.Image(image)
	return nil
}

// Named uses a definition in YAML with another name.
type Named struct{ text []byte }

func (Named) TaskName() string { return "named" }

func (n Named) Define(t *builder.Task) *builder.PipelineTask {
	t.Param("text", "x")
	t.FromYAML(n.text) // want
	return t.PipelineTask()
}
