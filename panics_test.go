package tekwright_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	pipelinev1beta1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/rule"
	"github.com/tekwright/tekwright/pkg/tasks"
	"github.com/tekwright/tekwright/pkg/triggers"
)

// boom is what the functions of the tests do.
func boom() { panic("boom") }

// Tasks and a StepAction whose methods panic.
type (
	namelessTask   struct{}
	definelessTask struct{ Text builder.String }
	badAction      struct{}
)

func (namelessTask) TaskName() string                             { panic("boom") }
func (namelessTask) Define(t *builder.Task) *builder.PipelineTask { return t.PipelineTask() }
func (definelessTask) TaskName() string                           { return "bad" }
func (definelessTask) Define(*builder.Task) *builder.PipelineTask { panic("boom") }
func (badAction) StepActionName() string                          { return "bad" }
func (badAction) Define(*builder.StepAction) *builder.Step        { panic("boom") }

// includedTask panics when it is defined a second time.
type includedTask struct{ Text builder.String }

func (includedTask) TaskName() string { return "included" }
func (i includedTask) Define(t *builder.Task) *builder.PipelineTask {
	if i.Text == "bad" {
		boom()
	}
	text := t.Param("text", i.Text)
	t.Step("s").Image("registry.local/a:1").Env("TEXT", text).Script(`echo "$TEXT"`)
	return t.PipelineTask()
}

// badSource is a source, or an object, whose method panics.
type badSource struct{ objects []object.Object }

func (b badSource) Objects() ([]object.Object, error) {
	if b.objects == nil {
		boom()
	}
	return b.objects, nil
}

type badObject struct{ *corev1.ConfigMap }

func (badObject) GetName() string { panic("boom") }

type unwritable struct{ *corev1.ConfigMap }

func (unwritable) MarshalJSON() ([]byte, error) { panic("boom") }

func configMap() *corev1.ConfigMap {
	return &corev1.ConfigMap{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"}, ObjectMeta: metav1.ObjectMeta{Name: "c"}}
}

// pipeline returns a pipeline with one task.
func pipeline() (*builder.Pipeline, *builder.PipelineTask) {
	p := builder.NewPipeline("p")
	return p, p.AddInline("t", func(t *builder.Task) { t.Step("s").Image("registry.local/a:1").Script("true") })
}

// inTask returns a source with a task that a function changes.
func inTask(change func(t *builder.Task)) manifest.Source {
	p := builder.NewPipeline("p")
	p.AddInline("t", func(t *builder.Task) {
		t.Step("s").Image("registry.local/a:1").Script("true")
		change(t)
	})
	return p
}

// TestPanics tests that a panic in a function of the user is reported with the place
// where the function was passed to the library, and with the place of the panic.
func TestPanics(t *testing.T) {
	for name, make := range map[string]func() error{
		"Add, TaskName": func() error {
			p, _ := pipeline()
			builder.Add(p, "bad", namelessTask{})
			return manifest.New(p).Build()
		},
		"Add, Define": func() error {
			p, _ := pipeline()
			builder.Add(p, "bad", definelessTask{})
			return manifest.New(p).Build()
		},
		"AddFinally": func() error {
			p, _ := pipeline()
			builder.AddFinally(p, "bad", definelessTask{})
			return manifest.New(p).Build()
		},
		"AddMatrix": func() error {
			p, _ := pipeline()
			builder.AddMatrix(p, "bad", definelessTask{})
			return manifest.New(p).Build()
		},
		"RunTask": func() error { return manifest.New(builder.RunTask("r", definelessTask{})).Build() },
		"Define":  func() error { return manifest.New(builder.Define(definelessTask{})).Build() },
		"AddStepAction": func() error {
			return manifest.New(inTask(func(t *builder.Task) { builder.AddStepAction(t, "bad", badAction{}) })).Build()
		},
		"AddInline": func() error {
			p, _ := pipeline()
			p.AddInline("bad", func(*builder.Task) { boom() })
			return manifest.New(p).Build()
		},
		"AddFinallyInline": func() error {
			p, _ := pipeline()
			p.AddFinallyInline("bad", func(*builder.Task) { boom() })
			return manifest.New(p).Build()
		},
		"Include": func() error {
			p := builder.NewPipeline("p")
			builder.AddMatrix(p, "m", includedTask{Text: builder.Each(builder.Strings("a", "b"))}).Include("bad", includedTask{Text: "bad"})
			return manifest.New(p).Build()
		},
		"Collect": func() error {
			p := builder.NewPipeline("p")
			builder.AddMatrix(p, "m", includedTask{Text: builder.Each(builder.Strings("a", "b"))}).Collect(func(*builder.PipelineTask) builder.String { panic("boom") })
			return manifest.New(p).Build()
		},
		"Publish": func() error {
			p, _ := pipeline()
			p.AddFinallyInline("f", func(t *builder.Task) { t.Step("s").Image("registry.local/a:1").Script("true") }).
				Publish("r", func(*builder.PipelineTask) builder.String { panic("boom") })
			return manifest.New(p).Build()
		},
		"Mutate of a Pipeline": func() error {
			p, _ := pipeline()
			p.Mutate(func(*v1.Pipeline) { boom() })
			return manifest.New(p).Build()
		},
		"Mutate of a PipelineTask": func() error {
			p, n := pipeline()
			n.Mutate(func(*v1.PipelineTask) { boom() })
			return manifest.New(p).Build()
		},
		"Mutate of a Task": func() error {
			return manifest.New(inTask(func(t *builder.Task) { t.Mutate(func(*v1.TaskSpec) { boom() }) })).Build()
		},
		"Mutate of a Step": func() error {
			return manifest.New(inTask(func(t *builder.Task) {
				t.Step("x").Image("registry.local/a:1").Script("true").Mutate(func(*v1.Step) { boom() })
			})).Build()
		},
		"Mutate of a Sidecar": func() error {
			return manifest.New(inTask(func(t *builder.Task) { t.Sidecar("x").Image("registry.local/a:1").Mutate(func(*v1.Sidecar) { boom() }) })).Build()
		},
		"Mutate of a StepAction": func() error {
			return manifest.New(inTask(func(t *builder.Task) { builder.AddStepAction(t, "x", mutatedAction{}) })).Build()
		},
		"Mutate of a PipelineRun": func() error {
			p, _ := pipeline()
			return manifest.New(p.Run("r").Mutate(func(*v1.PipelineRun) { boom() })).Build()
		},
		"Mutate of a TaskRun": func() error {
			return manifest.New(builder.RunTask("r", tasks.GitClone{URL: "https://example.com/a.git"}).Mutate(func(*v1.TaskRun) { boom() })).Build()
		},
		"Mutate of an Ingress": func() error {
			return manifest.New(infra.NewIngress("i", "example.com").Mutate(func(*networkingv1.Ingress) { boom() })).Build()
		},
		"Mutate of an EventListener": func() error {
			return manifest.New(triggers.NewListener("l").Mutate(func(*v1beta1.EventListener) { boom() })).Build()
		},
		"a source":  func() error { return manifest.New(badSource{}).Build() },
		"an object": func() error { return manifest.New(manifest.FromObjects(badObject{configMap()})).Build() },
		"Locate": func() error {
			o := object.Object{Object: &corev1.ConfigMap{}, Locate: func(diag.Path, string) diag.Position { panic("boom") }}
			return manifest.New(badSource{[]object.Object{o}}).Build()
		},
		"an object that cannot be written": func() error {
			return manifest.New(manifest.FromObjects(unwritable{configMap()})).Write(new(bytes.Buffer))
		},
		"Group": func() error {
			p, _ := pipeline()
			return manifest.New(p).Layout(manifest.Layout{Group: func(object.Object) string { panic("boom") }}).WriteDir(t.TempDir())
		},
		"Progress": func() error {
			p, _ := pipeline()
			return manifest.New(p).Progress(func(manifest.Progress) { boom() }).Build()
		},
		"Progress while writing": func() error {
			p, _ := pipeline()
			return manifest.New(p).Progress(func(p manifest.Progress) {
				if p.Stage == "write" {
					boom()
				}
			}).WriteDir(t.TempDir())
		},
		"Command": func() error {
			secret := object.Object{Object: &corev1.Secret{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"}, ObjectMeta: metav1.ObjectMeta{Name: "s"}}}
			secret.Declared = &object.Declaration{Command: func(string) string { panic("boom") }}
			return manifest.New(badSource{[]object.Object{secret}}).Write(new(bytes.Buffer))
		},
		"Values.Env": func() error {
			return manifest.New(infra.NewSecret("s", "k").FromEnv("k", "K")).WriteSecrets(new(bytes.Buffer), manifest.SecretValues{Env: func(string) (string, bool) { panic("boom") }})
		},
		"Values.File": func() error {
			return manifest.New(infra.NewSecret("s", "k").FromFile("k", "K")).WriteSecrets(new(bytes.Buffer), manifest.SecretValues{File: func(string) ([]byte, error) { panic("boom") }})
		},
	} {
		t.Run(name, func(t *testing.T) {
			err := make()
			require.ErrorContains(t, err, "panicked: boom")
			assert.Contains(t, err.Error(), "panics_test.go", "its place")
			var found diag.Findings
			if !errors.As(err, &found) {
				var one diag.Finding
				require.ErrorAs(t, err, &one)
				found = diag.Findings{one}
			}
			some := false
			for _, f := range found {
				if strings.Contains(f.Message, "panicked: boom") {
					some = true
					if f.Code == "function-panicked" && assert.Len(t, f.Related, 1) {
						assert.Equal(t, "panics_test.go", filepath.Base(f.Related[0].Position.File))
						assert.Equal(t, "correct the function", f.Help)
					}
				} else {
					t.Logf("also: %s", f.Error())
				}
			}
			assert.True(t, some)
		})
	}
}

type mutatedAction struct{}

func (mutatedAction) StepActionName() string { return "mutated" }
func (mutatedAction) Define(a *builder.StepAction) *builder.Step {
	a.Image("registry.local/a:1").Script("true").Mutate(func(*pipelinev1beta1.StepActionSpec) { boom() })
	return a.Step()
}

// TestPanicOfRule tests a rule of the user that panics.
func TestPanicOfRule(t *testing.T) {
	bad := &rule.Rule{Code: "own-bad", Run: func(*rule.Pass) { boom() }}
	found, err := check.Run(context.Background(), []object.Object{{Object: configMap()}}, check.Profile{Rules: []*rule.Rule{bad}})
	require.NoError(t, err)
	require.Len(t, found, 1)
	assert.Equal(t, `rule "own-bad" panicked on this object: boom`, found[0].Message)
	assert.Equal(t, "correct the rule", found[0].Help)
	require.Len(t, found[0].Related, 1)
	assert.Equal(t, "panics_test.go", filepath.Base(found[0].Related[0].Position.File))
}

// TestGoexit tests that a function may end its goroutine, as t.FailNow does.
func TestGoexit(t *testing.T) {
	ended := make(chan string, 1)
	go func() {
		result := "it was stopped"
		defer func() { ended <- result }()
		p, _ := pipeline()
		p.Mutate(func(*v1.Pipeline) { runtime.Goexit() })
		result = fmt.Sprint("it went on: ", manifest.New(p).Build())
	}()
	assert.Equal(t, "it was stopped", <-ended)
}
