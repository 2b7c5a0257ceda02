package oracle

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	prr "github.com/tektoncd/pipeline/pkg/reconciler/pipelinerun/resources"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"knative.dev/pkg/apis"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/substitution"
)

// number gives each variable with a # a number of its own, and returns the fields by the
// numbered variables.
func number(value any) map[string]string {
	out := map[string]string{}
	var walk func(v reflect.Value)
	next := 0
	walk = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer:
			if !v.IsNil() {
				walk(v.Elem())
			}
		case reflect.String:
			if strings.Contains(v.String(), "#") {
				next++
				v.SetString(strings.ReplaceAll(v.String(), "#", fmt.Sprintf("x%dx", next)))
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(v.Index(i))
			}
		case reflect.Struct:
			for i := range v.NumField() {
				if v.Type().Field(i).IsExported() {
					walk(v.Field(i))
				}
			}
		}
	}
	walk(reflect.ValueOf(value))
	for _, t := range facts.TextsIn(value, facts.Spot{}) {
		out[t.Value] = t.Field
	}
	return out
}

// TestSubstitutionWaits compares the fields whose results make a task wait with Tekton's
// dependencies.
func TestSubstitutionWaits(t *testing.T) {
	waits := map[string]bool{}
	pt := v1.PipelineTask{}
	fillIn(&pt, "$(tasks.#.results.r)")
	fields := number(&pt)
	pt.Name, pt.RunAfter = "reader", nil
	for _, name := range (v1.PipelineTaskList{pt}).Deps()["reader"] {
		waits[fields["$(tasks."+name+".results.r)"]] = true
	}
	require.NotEmpty(t, waits)
	for _, f := range fields {
		assert.Equal(t, substitution.Waits(substitution.PipelineTask, f), waits[f], f)
	}
}

// TestSubstitutionChecked compares the fields in which a param must be declared with the
// webhook.
func TestSubstitutionChecked(t *testing.T) {
	for place, validate := range map[substitution.Place]func() (map[string]string, *apis.FieldError){
		substitution.Task: func() (map[string]string, *apis.FieldError) {
			ts := &v1.TaskSpec{}
			fillIn(ts, "$(params.#)")
			fields := number(ts)
			return fields, v1.ValidateUsageOfDeclaredParameters(features(), ts.Steps, nil)
		},
		substitution.InlineTask: func() (map[string]string, *apis.FieldError) {
			ts := v1.TaskSpec{}
			fillIn(&ts, "$(params.#)")
			fields := number(&ts)
			ts.Params = nil
			p := &v1.Pipeline{ObjectMeta: metav1.ObjectMeta{Name: "p"}, Spec: v1.PipelineSpec{Tasks: []v1.PipelineTask{{Name: "a", TaskSpec: &v1.EmbeddedTask{TaskSpec: ts}}}}}
			return fields, p.Validate(features())
		},
		substitution.StepAction: func() (map[string]string, *apis.FieldError) {
			spec := v1beta1.StepActionSpec{}
			fillIn(&spec, "$(params.#)")
			spec.Params = nil
			fields := number(&spec)
			return fields, spec.Validate(features())
		},
		substitution.PipelineTask: func() (map[string]string, *apis.FieldError) {
			pt := v1.PipelineTask{}
			fillIn(&pt, "$(params.#)")
			pt.PipelineRef = nil
			fields := number(&pt)
			p := &v1.Pipeline{ObjectMeta: metav1.ObjectMeta{Name: "p"}, Spec: v1.PipelineSpec{Tasks: []v1.PipelineTask{pt}}}
			return fields, p.Validate(features())
		},
	} {
		fields, err := validate()
		require.Error(t, err)
		for variable, f := range fields {
			checked := strings.Contains(err.Error(), `non-existent variable in "`+variable)
			assert.Equal(t, substitution.Checked(place, f), checked, "%v, %s", place, f)
		}
	}
}

// TestSubstitutionBare compares the fields in which a whole array can be passed without [*].
func TestSubstitutionBare(t *testing.T) {
	for _, place := range []substitution.Place{substitution.Task, substitution.InlineTask, substitution.PipelineTask, substitution.PipelineRun, substitution.TaskRun} {
		name := "list"
		if place == substitution.PipelineTask || place == substitution.PipelineRun {
			name = "pipeline-list"
		}
		before, after := measure(place, "$(params."+name+")")
		for f := range before {
			if !strings.HasSuffix(f, "params.value") {
				continue
			}
			replaced := !after[f]
			switch {
			case f == "steps.params.value":
				continue // the world passes it to a string; see TestWholeArrays
			case place == substitution.PipelineTask && f == "params.value":
				// Tekton replaces it, but the webhook accepts only the other form.
				pt := v1.PipelineTask{Name: "a", TaskRef: &v1.TaskRef{Name: "t"}, Params: v1.Params{{Name: "x", Value: text("$(params.pipeline-list)")}}}
				p := &v1.Pipeline{ObjectMeta: metav1.ObjectMeta{Name: "p"}, Spec: v1.PipelineSpec{Params: declarations(worldParams("pipeline-")), Tasks: []v1.PipelineTask{pt}}}
				assert.True(t, replaced)
				assert.ErrorContains(t, admit(features(), p), "variable type invalid")
				replaced = false
			}
			assert.Equal(t, substitution.Bare(place, f), replaced, "%v, %s", place, f)
		}
	}
	// Steps pass a whole array and a whole object to a StepAction.
	for _, form := range []string{"$(params.list)", "$(params.list[*])", "$(params.object)", "$(params.object[*])"} {
		ts := &v1.TaskSpec{Params: declarations(worldParams("")), Steps: []v1.Step{{Name: "s", Ref: &v1.Ref{Name: "a"}, Params: v1.Params{{Name: "x", Value: text(form)}}}}}
		require.NoError(t, admit(features(), &v1.Task{ObjectMeta: metav1.ObjectMeta{Name: "t"}, Spec: *ts}))
		assert.NotEqual(t, v1.ParamTypeString, throughTask(ts, worldRun()).Steps[0].Params[0].Value.Type, form)
	}
}

// TestDefaults shows how Tekton resolves defaults that refer to other params, as
// default-unreplaced says.
func TestDefaults(t *testing.T) {
	param := func(name, value string) v1.ParamSpec {
		v := text(value)
		return v1.ParamSpec{Name: name, Type: v1.ParamTypeString, Default: &v}
	}
	must := v1.ParamSpec{Name: "a", Type: v1.ParamTypeString}
	items, keys := list("$(params.a)"), objectValue(map[string]string{"key": "$(params.a)"})
	set := v1.Params{{Name: "a", Value: text("run")}}
	for name, c := range map[string]struct {
		params         v1.ParamSpecs
		run            v1.Params
		task, pipeline string
	}{
		"a param without a default":     {v1.ParamSpecs{must, param("d", "x-$(params.a)")}, set, "$(params.d)", "x-run"},
		"a default that a run replaces": {v1.ParamSpecs{param("a", "A"), param("d", "x-$(params.a)")}, set, "x-A", "x-run"},
		"a default":                     {v1.ParamSpecs{param("a", "A"), param("d", "x-$(params.a)")}, nil, "x-A", "x-A"},
		"one param twice":               {v1.ParamSpecs{param("a", "A"), param("d", "$(params.a)/$(params.a)")}, nil, "A/A", "A/A"},
		"two params":                    {v1.ParamSpecs{param("a", "A"), param("b", "B"), param("d", "$(params.a)/$(params.b)")}, nil, "$(params.a)/B", "A/B"},
		"a chain":                       {v1.ParamSpecs{param("a", "A"), param("b", "b$(params.a)"), param("d", "d$(params.b)")}, nil, "dbA", "dbA"},
		"a chain backwards":             {v1.ParamSpecs{param("d", "d$(params.b)"), param("b", "b$(params.a)"), param("a", "A")}, nil, "$(params.d)", "dbA"},
		"single quotes":                 {v1.ParamSpecs{param("a", "A"), param("d", "x-$(params['a'])")}, nil, "x-$(params['a'])", "x-$(params['a'])"},
		"double quotes":                 {v1.ParamSpecs{param("a", "A"), param("d", `x-$(params["a"])`)}, set, `x-$(params["a"])`, `x-$(params["a"])`},
		"a context":                     {v1.ParamSpecs{param("d", "$(context.taskRun.name)")}, nil, "run", "$(context.taskRun.name)"},
		"an unknown param":              {v1.ParamSpecs{param("d", "$(params.nope)")}, nil, "$(params.d)", "fails"},
		"an item":                       {v1.ParamSpecs{{Name: "l", Type: v1.ParamTypeArray, Default: &v1.ParamValue{Type: "array", ArrayVal: []string{"L"}}}, param("d", "$(params.l[0])")}, nil, "L", "fails"},
		"a key": {v1.ParamSpecs{{Name: "o", Type: v1.ParamTypeObject, Properties: map[string]v1.PropertySpec{"k": {}}, Default: &v1.ParamValue{Type: "object", ObjectVal: map[string]string{"k": "K"}}},
			param("d", "$(params.o.k)")}, nil, "K", "fails"},
		"the items of a list":   {v1.ParamSpecs{param("a", "A"), {Name: "d", Type: v1.ParamTypeArray, Default: &items}}, nil, "$(params.a)", "A"},
		"the keys of an object": {v1.ParamSpecs{param("a", "A"), {Name: "d", Type: v1.ParamTypeObject, Properties: map[string]v1.PropertySpec{"key": {}}, Default: &keys}}, nil, "$(params.a)", "A"},
	} {
		form := map[v1.ParamType]string{v1.ParamTypeString: "$(params.d)", v1.ParamTypeArray: "$(params.d[*])", v1.ParamTypeObject: "$(params.d.key)"}[c.params[slices.IndexFunc(c.params, func(p v1.ParamSpec) bool { return p.Name == "d" })].Type]
		for range 20 { // Tekton ranges over maps
			ts := &v1.TaskSpec{Params: c.params, Steps: []v1.Step{{Name: "s", Image: "i", Args: []string{form}}}}
			require.NoError(t, admit(features(), &v1.Task{ObjectMeta: metav1.ObjectMeta{Name: "t"}, Spec: *ts}), name)
			tr := worldRun()
			tr.Spec.Params, tr.Spec.Workspaces = c.run, nil
			assert.Equal(t, []string{c.task}, throughTask(ts, tr).Steps[0].Args, name)

			spec := worldPipeline(v1.PipelineTask{TaskRef: &v1.TaskRef{Name: "make"}, Params: v1.Params{{Name: "x", Value: text(form)}}})
			spec.Params = c.params
			pr := worldPipelineRun(spec)
			pr.Spec.Params = c.run
			got := "fails"
			if done, err := prr.ApplyParameters(spec, pr); err == nil {
				v := done.Finally[0].Params[0].Value
				got = v.StringVal + strings.Join(v.ArrayVal, " ")
			}
			assert.Equal(t, c.pipeline, got, name)
		}
	}
}

// TestUnsetValues shows that a param without a value is rejected: the webhook cannot
// encode it. An API server drops a null before, because the schema of Tekton's kinds does
// not allow it.
func TestUnsetValues(t *testing.T) {
	for _, in := range []string{`{"name": "a"}`} {
		var stable v1.Param
		require.NoError(t, json.Unmarshal([]byte(in), &stable))
		_, err := json.Marshal(v1.PipelineTask{Params: v1.Params{stable}})
		assert.ErrorContains(t, err, "impossible ParamValues.Type", in)
		var beta v1beta1.Param
		require.NoError(t, json.Unmarshal([]byte(in), &beta))
		_, err = json.Marshal(v1beta1.PipelineTask{Params: v1beta1.Params{beta}})
		assert.ErrorContains(t, err, "impossible ParamValues.Type", in)
	}
}

// TestJSONText shows that Tekton reads a list or a map of anything but strings as text,
// which a string param accepts and others do not.
func TestJSONText(t *testing.T) {
	for in, want := range map[string]string{
		`{"a":1}`: `{"a":1}`, `[1,2]`: `[1,2]`, `{"a":{"b":"c"}}`: `{"a":{"b":"c"}}`, `[["a"]]`: `[["a"]]`, `{"a":null,"b":true}`: `{"a":null,"b":true}`,
		`[true]`: `[true]`, `5`: "5", `true`: "true", `1.5`: "1.5", `[{"a":"b"}]`: `[{"a":"b"}]`,
	} {
		for typ, fine := range map[string]bool{"string": true, "array": false, "object": false} {
			var spec v1.ParamSpec
			require.NoError(t, json.Unmarshal([]byte(`{"name":"p","type":"`+typ+`","properties":{"a":{"type":"string"}},"default":`+in+`}`), &spec))
			if typ != "object" {
				spec.Properties = nil
			}
			task := &v1.Task{ObjectMeta: metav1.ObjectMeta{Name: "t"}, Spec: v1.TaskSpec{Params: v1.ParamSpecs{spec}, Steps: []v1.Step{{Name: "s", Image: "i"}}}}
			err := admit(features(), task)
			assert.Equal(t, fine, err == nil, "%s: %s: %v", typ, in, err)
			assert.Equal(t, v1.ParamTypeString, spec.Default.Type)
			assert.Equal(t, want, spec.Default.StringVal)
		}
	}
}
