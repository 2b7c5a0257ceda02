package plan_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/importer/plan"
)

// greet is a task type with an input, a result and a hatch.
func greet() *plan.Type {
	in, t := &plan.Var{Name: "in"}, &plan.Var{Name: "t"}
	who, text := &plan.Var{Name: "who"}, &plan.Var{Name: "text"}
	unused := &plan.Var{Name: "unused"}
	return &plan.Type{
		Name: "Greet", Object: "greet", Doc: "greets somebody", In: in, Param: t,
		Fields: []plan.Field{{Name: "Who", Kind: plan.String, Doc: "Who to greet."}},
		Body: []plan.Stmt{
			{Var: who, Expr: plan.Method(t, "Param", plan.Text("who"), in.Of("Who"))},
			{Var: text, Expr: plan.Method(t, "Result", plan.Text("text"))},
			{Var: unused, Origin: plan.Origin{Notes: plan.Notes{Above: []string{"A step."}}}, Expr: plan.Method(
				plan.Method(plan.Method(plan.Method(t, "Step", plan.Text("greet")), "Image", plan.Text("registry.local/a")),
					"Env", plan.Text("WHO"), plan.Join{plan.Text("hello "), who}),
				"Mutate", plan.Change{Of: reflect.TypeFor[v1.Step](), Sets: []plan.Assignment{{
					Path: []plan.Step{{Field: "ImagePullPolicy"}}, Value: reflect.ValueOf(corev1.PullAlways), Why: "no call",
				}}},
			)},
		},
		Out:     []plan.Field{{Name: "Text", Kind: plan.String}},
		Returns: []plan.Set{{Field: "Text", Value: plan.Method(text, "Value")}},
	}
}

// release is a function with two tasks, of which the second uses a result of the first.
func release() *plan.Func {
	p, repo, a, b := &plan.Var{Name: "p"}, &plan.Var{Name: "repo"}, &plan.Var{Name: "a"}, &plan.Var{Name: "b"}
	t := greet()
	add := func(name string, who plan.Expr) plan.Expr {
		return plan.Fn("Add", p, plan.Text(name), plan.Make{Type: t, Fields: []plan.Set{{Field: "Who", Value: who}}})
	}
	return &plan.Func{
		Name: "Release", Says: "describes the Pipeline release", Result: "*builder.Pipeline", Returns: p,
		Body: []plan.Stmt{
			{Var: p, Expr: plan.Fn("NewPipeline", plan.Text("release"))},
			{Var: repo, Expr: plan.Method(p, "Param", plan.Text("repo"), plan.Fn("Default", plan.Text("")))},
			{Var: a, Expr: add("a", repo)},
			{Var: b, Expr: add("b", plan.Join{a.Of("Text"), plan.Text("!")})},
			{Expr: plan.Method(plan.Method(b, "Retries", plan.Int(2)), "Timeout", plan.Span(90*time.Minute))},
		},
	}
}

// TestRun executes a tree with the real builder.
func TestRun(t *testing.T) {
	s, err := plan.Run(release())
	require.NoError(t, err)
	objects, err := s.Objects()
	require.NoError(t, err)
	require.Len(t, objects, 2)
	task, ok := objects[0].Object.(*v1.Task)
	require.True(t, ok)
	assert.Equal(t, corev1.PullAlways, task.Spec.Steps[0].ImagePullPolicy)
	assert.Equal(t, "hello $(params.who)", task.Spec.Steps[0].Env[0].Value)
	p, ok := objects[1].Object.(*v1.Pipeline)
	require.True(t, ok)
	assert.Equal(t, "$(params.repo)", p.Spec.Tasks[0].Params[0].Value.StringVal)
	assert.Equal(t, "$(tasks.a.results.text)!", p.Spec.Tasks[1].Params[0].Value.StringVal)
	assert.Equal(t, 2, p.Spec.Tasks[1].Retries)
}

// TestPrint prints the tree that TestRun executes.
func TestPrint(t *testing.T) {
	file := plan.Closure(release())
	file.Package = "ci"
	text, embedded, err := file.Print()
	require.NoError(t, err)
	assert.Empty(t, embedded)
	assert.Equal(t, printed, string(text))
	again, _, err := file.Print()
	require.NoError(t, err)
	assert.Equal(t, text, again)
}

const printed = `package ci

import (
	"time"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

// Greet is the Task greet:
// greets somebody
type Greet struct {
	// Who to greet.
	Who builder.String
}

// GreetOut is the output of Greet.
type GreetOut struct {
	*builder.PipelineTask
	Text builder.String
}

// TaskName returns the name of the Task.
func (Greet) TaskName() string { return "greet" }

// Define declares the Task.
func (in Greet) Define(t *builder.Task) GreetOut {
	who := t.Param("who", in.Who)
	text := t.Result("text")
	// A step.
	t.Step("greet").Image("registry.local/a").
		Env("WHO", "hello "+who).
		Mutate(func(s *v1.Step) {
			// import: no call
			s.ImagePullPolicy = "Always"
		})
	return GreetOut{PipelineTask: t.PipelineTask(), Text: text.Value()}
}

// Release describes the Pipeline release.
func Release() *builder.Pipeline {
	p := builder.NewPipeline("release")
	repo := p.Param("repo", builder.Default(""))
	a := builder.Add(p, "a", Greet{Who: repo})
	b := builder.Add(p, "b", Greet{Who: a.Text + "!"})
	b.Retries(2).Timeout(90 * time.Minute)
	return p
}
`

// TestErrors has trees that would not compile: Run returns an error for each.
func TestErrors(t *testing.T) {
	p := &plan.Var{Name: "p"}
	pipeline := plan.Fn("NewPipeline", plan.Text("p"))
	for want, e := range map[string]plan.Expr{
		"no function Forget":         plan.Fn("Forget"),
		"no constant Nothing":        plan.Const("Nothing"),
		"no method Forget":           plan.Method(pipeline, "Forget"),
		"called with 0 arguments":    plan.Method(pipeline, "Param"),
		"called with 3 arguments":    plan.Method(pipeline, "Label", plan.Text("x"), plan.Text("y"), plan.Text("z")),
		"used before it is declared": p,
		"is used as string":          plan.Fn("NewPipeline", plan.Int(1)),
		"is used as builder.String":  plan.Method(pipeline, "Result", plan.Text("r"), plan.Const("TaskRunName")),
		"joined to":                  plan.Method(pipeline, "Result", plan.Text("r"), plan.Join{plan.Const("RunName"), plan.Const("TaskRunName")}),
		"unknown field":              plan.Fn("Define", plan.Make{Type: greet(), Fields: []plan.Set{{Field: "None", Value: plan.Text("x")}}}),
		"has no field None": plan.Method(pipeline, "Mutate", plan.Change{Of: reflect.TypeFor[v1.Pipeline](), Sets: []plan.Assignment{{
			Path: []plan.Step{{Field: "None"}}, Value: reflect.ValueOf("x"),
		}}}),
		"is assigned to": plan.Method(pipeline, "Mutate", plan.Change{Of: reflect.TypeFor[v1.Pipeline](), Sets: []plan.Assignment{{
			Path: []plan.Step{{Field: "Name"}}, Value: reflect.ValueOf(1),
		}}}),
		"returns int": plan.Literal{Value: 1},
	} {
		_, err := plan.Run(&plan.Func{Name: "F", Returns: e})
		assert.ErrorContains(t, err, want)
	}
}

// TestDefineErrors shows that an error in a Define method, which cannot return it, is not
// lost.
func TestDefineErrors(t *testing.T) {
	typ := greet()
	typ.Body = append(typ.Body, plan.Stmt{Expr: plan.Method(typ.Param, "Forget")})
	_, err := plan.Run(&plan.Func{Name: "F", Returns: plan.Fn("Define", plan.Make{Type: typ})})
	assert.ErrorContains(t, err, "Greet: *builder.Task has no method Forget")
}
