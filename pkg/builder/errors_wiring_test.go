package builder_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/pkg/builder"
)

// TestErrorsWiring tests misplaced handles that compile.
func TestErrorsWiring(t *testing.T) {
	checkMistakes(t, "testdata/errors/wiring.txt", wiringMistakes())
}

func wiringMistakes() []mistake {
	return []mistake{
		{"set on a result", "set-misplaced", func(f *fixture) {
			f.p.Run("r-", f.args(f.clone.Commit.Set("x"))...) // want
		}},
		{"set on a literal", "set-misplaced", func(f *fixture) {
			f.p.Run("r-", f.args(builder.String("x").Set("y"))...) // want
		}},
		{"set on an item of an array", "set-misplaced", func(f *fixture) {
			f.p.Run("r-", f.args(f.flags.At(0).Set("y"))...) // want
		}},
		{"set on a key of an object", "set-misplaced", func(f *fixture) {
			f.p.Run("r-", f.args(f.obj.Key("host").Set("y"))...) // want
		}},
		{"set on a context variable", "set-misplaced", func(f *fixture) {
			f.p.Run("r-", f.args(builder.RunName.Set("y"))...) // want
		}},
		{"set on a list", "set-misplaced", func(f *fixture) {
			f.p.Run("r-", f.args(builder.Strings("a").Set(builder.Strings("b")))...) // want
		}},
		{"set on nothing", "set-misplaced set-misplaced set-misplaced", func(f *fixture) {
			f.p.Run("r-", f.args(builder.String("").Set("y"))...)                                                                 // want 1
			f.p.Run("s-", f.args(builder.Array{}.Set(builder.Strings()))...)                                                      // want 2
			f.p.Run("t-", f.args(builder.Object{}.Set(builder.ObjectOf(map[string]builder.String{"host": "h", "path": "p"})))...) // want 3
		}},
		{"set on a part of a text", "set-misplaced", func(f *fixture) {
			f.p.Run("r-", f.args((f.repo + "/x").Set("y"))...) // want
		}},
		{"each in Add", "each-misplaced", func(f *fixture) {
			a := builder.Add(f.p, "a", Conv{Key: builder.Each(f.flags)}) // want
			f.p.Result("part", a.Part)
		}},
		{"each in a concatenation", "each-misplaced", func(f *fixture) {
			builder.AddMatrix(f.p, "a", Conv{Key: "x/" + builder.Each(f.flags)}) // want
		}},
		{"each in a list", "each-misplaced", func(f *fixture) {
			builder.AddMatrix(f.p, "a", Join{Items: builder.Strings(builder.Each(f.flags))}) // want
		}},
		{"each of nothing", "each-misplaced", func(f *fixture) {
			builder.AddMatrix(f.p, "a", Conv{Key: builder.Each(builder.Array{})}) // want
		}},
		{"axis in Add", "each-misplaced", func(f *fixture) {
			builder.Add(f.p, "a", Conv{Key: "x/" + builder.Axis("item", f.flags)}) // want
		}},
		{"axis and each joined", "each-misplaced", func(f *fixture) {
			builder.AddMatrix(f.p, "a", Conv{Key: builder.Axis("item", f.flags) + builder.Each(f.flags)}) // want
		}},
		{"axis in a list", "each-misplaced", func(f *fixture) {
			builder.AddMatrix(f.p, "a", Join{Items: builder.Strings("x" + builder.Axis("item", f.flags))}) // want
		}},
		{"axis of nothing, joined", "each-misplaced", func(f *fixture) {
			builder.AddMatrix(f.p, "a", Conv{Key: "x" + builder.Axis("item", builder.Array{})}) // want
		}},
		{"axis with the name of an input", "each-misplaced", func(f *fixture) {
			builder.AddMatrix(f.p, "a", Conv{Key: "x" + builder.Axis("key", f.flags)}) // want
		}},
		{"axis of two arrays", "each-misplaced", func(f *fixture) {
			builder.AddMatrix(f.p, "a", Conv{Key: "x" + builder.Axis("item", f.flags) + builder.Axis("item", builder.Strings("b"))}) // want
		}},
		{"axis joined for a Task that is not declared in Go", "each-misplaced", func(f *fixture) {
			builder.AddMatrix(f.p, "a", Elsewhere{Key: "x" + builder.Axis("item", f.flags)}) // want
		}},
		{"axis joined to a value of another pipeline", "handle-foreign", func(f *fixture) {
			other := builder.NewPipeline("other")
			builder.AddMatrix(f.p, "a", Conv{Key: other.Param("x") + builder.Axis("item", f.flags)}) // want
		}},
		{"include of an input that is joined", "each-misplaced", func(f *fixture) {
			builder.AddMatrix(f.p, "a", Conv{Key: "x" + builder.Axis("item", f.flags)}).Include("more", Conv{Key: "k"}) // want
		}},
		{"axis in a sub-path", "each-misplaced", func(f *fixture) {
			builder.AddMatrix(f.p, "a", Clone{URL: "u" + builder.Axis("item", f.flags), Output: f.src.SubPath("x/" + builder.Axis("item", f.flags))}).After(f.clone) // want
		}},
		{"matrix without an axis", "each-missing", func(f *fixture) {
			builder.AddMatrix(f.p, "a", Conv{Key: f.repo}) // want
		}},
		{"event field as a task input", "scope-mixed", func(f *fixture) {
			builder.Add(f.p, "a", Conv{Key: eventField()}) // want
		}},
		{"event field in a step", "scope-mixed", func(f *fixture) {
			f.p.AddInline("a", func(t *builder.Task) { t.Step("s").Image(image).Env("A", builder.TaskString(eventField())) }) // want
		}},
		{"result in a run arg", "run-value", func(f *fixture) {
			f.p.Run("r-", f.args(f.p.Param("z", builder.Default("")).Set(f.clone.Commit))...) // want
			builder.Add(f.p, "use-z", Conv{Key: "$(params.z)"})
		}},
		{"whole array text as a string", "array-misplaced", func(f *fixture) {
			builder.Add(f.p, "a", Conv{Key: f.flags.All()}) // want
		}},
		{"whole array text joined", "array-misplaced", func(f *fixture) {
			builder.Add(f.p, "a", Join{Items: builder.Strings("-v", "x"+f.flags.All())}) // want
		}},
		{"all of a list", "array-misplaced", func(f *fixture) {
			builder.Add(f.p, "a", Conv{Key: builder.Strings("a", "b").All()}) // want
		}},
		{"input converted into a script", "input-in-script", func(f *fixture) {
			f.p.AddInline("a", func(t *builder.Task) {
				t.Step("s").Image(image).Script(string(t.Param("u", f.repo))) // want
			})
		}},
		{"input formatted into a script", "input-in-script", func(f *fixture) {
			f.p.AddInline("a", func(t *builder.Task) {
				t.Step("s").Image(image).Script(fmt.Sprintf("echo %s", t.Param("u", f.repo))) // want
			})
		}},
		{"pipeline param converted into a script", "input-in-script", func(f *fixture) {
			f.p.AddInline("a", func(t *builder.Task) {
				t.Step("s").Image(image).Script("echo " + string(f.repo)) // want
			})
		}},
		{"input converted into the script of a sidecar", "input-in-script", func(f *fixture) {
			f.p.AddInline("a", func(t *builder.Task) {
				t.Step("s").Image(image)
				t.Sidecar("d").Image(image).Script("serve " + string(t.Param("u", f.repo))) // want
			})
		}},
		{"input converted into the script of a StepAction", "input-in-script", func(f *fixture) {
			f.p.AddInline("a", func(t *builder.Task) {
				builder.AddStepAction(t, "s", action(func(a *builder.StepAction) {
					a.Image(image).Script("echo " + string(a.Param("u", t.Param("u", f.repo)))) // want
				}))
			})
		}},
		{"conversion across scopes", "scope-mixed", func(f *fixture) {
			f.p.AddInline("a", func(t *builder.Task) { t.Step("s").Image(image).Env("A", builder.TaskString(f.repo)) }) // want
		}},
		{"conversion out of a task", "scope-mixed", func(f *fixture) {
			var leaked builder.String
			f.p.AddInline("a", func(t *builder.Task) {
				leaked = builder.String(t.Param("u", f.repo))
				t.Step("s").Image(image).Env("U", builder.TaskString(leaked))
			})
			builder.Add(f.p, "b", Conv{Key: leaked}) // want
		}},
		{"input of another task", "scope-mixed", func(f *fixture) {
			var leaked builder.TaskString
			f.p.AddInline("a", func(t *builder.Task) {
				leaked = t.Param("u", f.repo)
				t.Step("s").Image(image).Env("U", leaked)
			})
			f.p.AddInline("b", func(t *builder.Task) {
				t.Step("s").Image(image).Env("U", leaked) // want
			})
		}},
		{"handle of another pipeline", "handle-foreign", func(f *fixture) {
			q := builder.NewPipeline("q")
			builder.Add(q, "a", Conv{Key: f.repo}) // want
			f.build = q.Build
		}},
		{"array and object of another pipeline", "handle-foreign handle-foreign", func(f *fixture) {
			q := builder.NewPipeline("q")
			builder.Add(q, "a", Join{Items: f.clone.Files, About: f.clone.Author}) // want
			f.build = q.Build
		}},
		{"workspace of another pipeline", "handle-foreign", func(f *fixture) {
			q := builder.NewPipeline("q")
			builder.Add(q, "a", Edit{Dir: f.clone.Source}) // want
			f.build = q.Build
		}},
		{"task of another pipeline", "handle-foreign", func(f *fixture) {
			q := builder.NewPipeline("q")
			builder.Add(q, "a", Conv{Key: "k"}).After(f.clone) // want
			f.build = q.Build
		}},
		{"when expression with a value of another pipeline", "handle-foreign", func(f *fixture) {
			q := builder.NewPipeline("q")
			builder.Add(q, "a", Conv{Key: "k"}).When(f.repo.In("x")) // want
			f.build = q.Build
		}},
		{"result of another pipeline", "handle-foreign", func(f *fixture) {
			q := builder.NewPipeline("q")
			builder.Add(q, "a", Conv{Key: "k"})
			q.Result("commit", f.clone.Commit) // want
			f.build = q.Build
		}},
		{"run argument of another pipeline", "handle-foreign", func(f *fixture) {
			q := builder.NewPipeline("q")
			builder.Add(q, "a", Conv{Key: "k"})
			q.Run("r-", f.repo.Set("x")) // want
			f.build = q.Build
		}},
		{"volume for a workspace of another pipeline", "handle-foreign", func(f *fixture) {
			q := builder.NewPipeline("q")
			builder.Add(q, "a", Conv{Key: "k"})
			q.Run("r-", f.src.EmptyDir()) // want
			f.build = q.Build
		}},
		{"workspace without a pipeline", "handle-foreign", func(f *fixture) {
			builder.Add(f.p, "a", Edit{Dir: builder.NewWorkspace("w")}) // want
		}},
		{"result leaked from Collect", "result-matrixed", func(f *fixture) {
			var leaked builder.String
			f.fan.Collect(func(c ConvOut) builder.String { leaked = c.Part; return leaked })
			builder.Add(f.p, "a", Conv{Key: leaked}) // want
		}},
		{"result leaked from Publish", "result-misplaced", func(f *fixture) {
			var leaked builder.String
			f.fin.Publish("part", func(c ConvOut) builder.String { leaked = c.Part; return leaked })
			builder.Add(f.p, "a", Conv{Key: leaked}) // want
		}},
		{"collect of other text", "collect-invalid collect-invalid collect-invalid", func(f *fixture) {
			f.fan.Collect(func(c ConvOut) builder.String { return c.Part + "x" }) // want 1
			f.fan.Collect(func(ConvOut) builder.String { return f.clone.Commit }) // want 2
			f.fan.Collect(func(c ConvOut) builder.String { return "" })           // want 3
		}},
		{"publish of other text", "publish-invalid publish-invalid", func(f *fixture) {
			f.fin.Publish("a", func(c ConvOut) builder.String { return "x" + c.Part }) // want 1
			f.fin.Publish("b", func(ConvOut) builder.String { return f.clone.Commit }) // want 2
		}},
		{"index of collected results", "index-invalid", func(f *fixture) {
			at := f.fan.Collect(func(c ConvOut) builder.String { return c.Part }).At(0) // want
			builder.Add(f.p, "a", Conv{Key: at})
		}},
		{"negative index", "index-invalid", func(f *fixture) {
			at := f.flags.At(-1) // want
			builder.Add(f.p, "a", Conv{Key: at})
		}},
		{"negative index in a task", "index-invalid", func(f *fixture) {
			f.p.AddInline("a", func(t *builder.Task) {
				at := t.ArrayParam("u", f.flags).At(-1) // want
				t.Step("s").Image(image).Env("U", at)
			})
		}},
		{"index that a list does not have", "index-invalid", func(f *fixture) {
			builder.Add(f.p, "a", Conv{Key: builder.Strings("a", "b").At(2)}) // want
		}},
		{"unknown object key", "key-unknown", func(f *fixture) {
			key := f.obj.Key("hots") // want
			builder.Add(f.p, "a", Conv{Key: key})
		}},
		{"unknown key of an object result", "key-unknown", func(f *fixture) {
			builder.Add(f.p, "a", Conv{Key: f.clone.Author.Key("email")}) // want
		}},
		{"unknown key of an object input", "key-unknown", func(f *fixture) {
			f.p.AddInline("a", func(t *builder.Task) {
				o := t.ObjectParam("o", f.obj, []string{"host", "path"})
				t.Step("s").Image(image).Env("U", o.Key("port")) // want
			})
		}},
		{"unknown key of an object value", "key-unknown", func(f *fixture) {
			builder.Add(f.p, "a", Conv{Key: builder.ObjectOf(map[string]builder.String{"a": "b"}).Key("b")}) // want
		}},
		{"status value in an ordinary task", "status-misplaced", func(f *fixture) {
			builder.Add(f.p, "a", Conv{Key: f.clone.Status().Value()}) // want
		}},
		{"pipeline status in the when expression of an ordinary task", "status-misplaced", func(f *fixture) {
			builder.Add(f.p, "a", Conv{Key: "k"}).When(f.p.Status().Value().In("Failed")) // want
		}},
		{"slice of a handle", "handle-sliced", func(f *fixture) {
			builder.Add(f.p, "a", Conv{Key: f.repo[:7]}) // want
		}},
		{"tail of a handle", "handle-sliced", func(f *fixture) {
			builder.Add(f.p, "a", Conv{Key: f.repo[3:]}) // want
		}},
		{"handle quoted by %q", "handle-quoted", func(f *fixture) {
			builder.Add(f.p, "a", Conv{Key: builder.String(fmt.Sprintf("%q", f.repo))}) // want
		}},
		{"slice of an input", "handle-sliced", func(f *fixture) {
			f.p.AddInline("a", func(t *builder.Task) {
				t.Step("s").Image(image).Env("U", t.Param("u", f.repo)[:9]) // want
			})
		}},
		{"input quoted into a script", "handle-quoted", func(f *fixture) {
			f.p.AddInline("a", func(t *builder.Task) {
				t.Step("s").Image(image).Script(fmt.Sprintf("echo %q", t.Param("u", f.repo))) // want
			})
		}},
	}
}

// TestAccepted builds what testdata/wiring/accepted.txt compiles.
func TestAccepted(t *testing.T) {
	f := newFixture()
	var task builder.TaskType[ConvOut] = Conv{Key: builder.String(fmt.Sprintf("%s/x", f.repo))}
	out := builder.Add(f.p, "a", task)
	builder.Add(f.p, "b", Conv{Key: out.Part})
	assert.NoError(t, f.p.Build())
}

// eventField returns the handle that package triggers makes for a field of an event.
func eventField() builder.String {
	return builder.String(handle.Token{Owner: handle.NewOwner(handle.Event, "push"), Form: handle.Value, Expr: "tt.params.sha"}.String())
}
