package builder_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/pkg/builder"
)

// TestZeroValues calls every method of the zero value and the nil pointer of every
// type, with zero arguments: nothing may panic.
func TestZeroValues(t *testing.T) {
	for _, v := range []any{
		(*builder.Pipeline)(nil), new(builder.Pipeline), builder.NewPipeline(""),
		(*builder.Task)(nil), new(builder.Task),
		(*builder.StepAction)(nil), new(builder.StepAction),
		(*builder.Step)(nil), new(builder.Step),
		(*builder.Sidecar)(nil), new(builder.Sidecar),
		(*builder.PipelineTask)(nil), new(builder.PipelineTask),
		new(builder.Matrix[Conv, ConvOut]),
		(*builder.FinallyTask[ConvOut])(nil), new(builder.FinallyTask[ConvOut]),
		(*builder.PipelineRun)(nil), new(builder.PipelineRun),
		(*builder.TaskRun)(nil), new(builder.TaskRun),
		(*builder.Definition)(nil), new(builder.Definition),
		(*builder.StepActionDefinition)(nil), new(builder.StepActionDefinition),
		(*builder.WorkspaceBinding)(nil), new(builder.WorkspaceBinding),
		builder.String(""), builder.TaskString(""), builder.Array{}, builder.Object{},
		builder.TaskArray{}, builder.TaskObject{}, builder.Workspace{}, builder.Mount{}, builder.Volume{},
		builder.Result{}, builder.ArrayResult{}, builder.ObjectResult{}, builder.StepResult{},
		builder.StepArrayResult{}, builder.StepObjectResult{}, builder.TaskStrings(), builder.TaskObjectOf(nil),
		builder.Status{}, builder.Reason{}, builder.Resolver{}, builder.When{}, builder.StepWhen{}, builder.StatusWhen{},
	} {
		t.Run(reflect.TypeOf(v).String(), func(t *testing.T) {
			r := reflect.ValueOf(v)
			for i := range r.NumMethod() {
				name := r.Type().Method(i).Name
				for _, variadic := range []bool{false, true} {
					assert.NotPanics(t, func() { callZero(r.Method(i), variadic) }, name)
				}
			}
		})
	}
}

// callZero calls a method with zero arguments, with one variadic argument or none.
func callZero(m reflect.Value, variadic bool) {
	var args []reflect.Value
	for i := range m.Type().NumIn() {
		in := m.Type().In(i)
		if m.Type().IsVariadic() && i == m.Type().NumIn()-1 {
			if !variadic {
				break
			}
			in = in.Elem()
		}
		args = append(args, reflect.Zero(in))
	}
	m.Call(args)
}

// TestZeroUses uses zero values as arguments.
func TestZeroUses(t *testing.T) {
	for name, use := range map[string]func(){
		"functions on a nil pipeline": func() {
			c := builder.Add(nil, "a", Conv{})
			builder.Add(new(builder.Pipeline), "a", Conv{Key: c.Part})
			builder.AddMatrix(nil, "b", Conv{Key: builder.Each(builder.Array{})}).Include("x", Conv{}).Collect(nil)
			builder.AddFinally(nil, "c", Conv{}).Publish("p", nil)
			(*builder.Matrix[Conv, ConvOut])(nil).Include("x", Conv{}).Collect(nil)
			(*builder.Matrix[Conv, ConvOut])(nil).Length()
			(*builder.Pipeline)(nil).AddPipeline("n", new(builder.Pipeline))
			(*builder.Pipeline)(nil).AddInline("d", nil)
			_, _ = (*builder.Pipeline)(nil).Run("r-", nil).Objects()
		},
		"new objects within a pipeline": func() {
			p := builder.NewPipeline("p")
			p.AddPipeline("n", new(builder.Pipeline), (*builder.WorkspaceBinding)(nil), new(builder.WorkspaceBinding), nil)
			builder.Add(p, "a", Conv{Key: "k"}).After(nil, (*builder.PipelineTask)(nil), new(builder.PipelineTask), ConvOut{}, &builder.Matrix[Conv, ConvOut]{})
			p.Run("r-", new(builder.WorkspaceBinding)).TaskRunSpec(new(builder.PipelineTask), builder.TaskRunSpec{})
			_ = p.Build()
			_, _ = p.Objects()
		},
		"Define by hand": func() {
			Clone{}.Define(nil)
			Clone{}.Define(new(builder.Task))
			Agent{}.Define(nil)
			Agent{}.Define(new(builder.StepAction))
			builder.AddStepAction(nil, "a", Agent{})
			builder.AddStepAction(new(builder.Task), "a", Agent{})
			builder.AddStepAction[builder.StepActionType[*builder.Step]](nil, "a", nil)
		},
		"nothing to run": func() {
			_, _ = builder.RunTask[builder.TaskType[*builder.PipelineTask]]("", nil).Objects()
			_, _ = builder.RunTask("r", body(nil), nil, (*builder.WorkspaceBinding)(nil), builder.String("x").Set("y")).TaskRun()
			_, _ = builder.Define[builder.TaskType[*builder.PipelineTask]](nil).Objects()
			_ = new(builder.TaskRun).Build()
		},
	} {
		t.Run(name, func(t *testing.T) { assert.NotPanics(t, use) })
	}
}
