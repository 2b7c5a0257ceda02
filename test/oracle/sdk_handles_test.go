package oracle

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	prr "github.com/tektoncd/pipeline/pkg/reconciler/pipelinerun/resources"

	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/pkg/builder"
)

// maker writes a result of each type.
type maker struct{ In builder.String }

type made struct {
	*builder.PipelineTask
	Text   builder.String
	List   builder.Array
	Object builder.Object
}

func (maker) TaskName() string { return "maker" }

func (m maker) Define(t *builder.Task) made {
	text, list, object := t.Result("text"), t.ArrayResult("list"), t.ObjectResult("object", []string{"key"})
	t.Step("make").Image("registry.local/alpine:3.20").Env("IN", t.Param("in", m.In, builder.Default("x"))).
		Script("make-it " + text.Path() + " " + list.Path() + " " + object.Path())
	return made{t.PipelineTask(), text.Value(), list.Value(), object.Value()}
}

// TestDescribedHandles tests that Tekton replaces each handle where it can be used.
func TestDescribedHandles(t *testing.T) {
	p := builder.NewPipeline("p")
	src, none := p.Workspace("source"), p.Workspace("none", builder.Optional())
	list, object := p.ArrayParam("list"), p.ObjectParam("object", []string{"key"})
	m := builder.Add(p, "make", maker{})
	fan := builder.AddMatrix(p, "fan", maker{In: builder.Each(list)})
	values := map[string]builder.String{
		"RUN_NAME": builder.RunName, "RUN_NAMESPACE": builder.RunNamespace, "RUN_UID": "<" + builder.RunUID + ">",
		"PIPELINE": builder.PipelineName, "RETRIES": builder.TaskRetries,
		"BOUND": src.Bound(), "UNBOUND": none.Bound(), "ITEM": list.At(1), "KEY": object.Key("key"),
		"RESULT_ITEM": m.List.At(0), "RESULT_KEY": m.Object.Key("key"), "RESULT": m.Text,
		"LENGTH_OF": fan.LengthOf(func(m made) builder.String { return m.Text }),
	}
	p.AddInline("use", func(t *builder.Task) {
		w := t.Workspace("source", src)
		first := t.Step("first").Image("registry.local/alpine:3.20").Command("false").ContinueOnError()
		for _, name := range slices.Sorted(maps.Keys(values)) {
			first.Env(name, t.Param(strings.ToLower(name), values[name]))
		}
		first.Env("TASKRUN", builder.TaskRunName).Env("TASKRUN_NAMESPACE", builder.TaskRunNamespace).Env("TASKRUN_UID", "<"+builder.TaskRunUID+">").
			Env("TASK", "<"+builder.TaskName+">").Env("COUNT", builder.RetryCount).Env("CREDENTIALS", builder.CredentialsPath).
			Env("CLAIM", w.Claim()).Env("VOLUME", "<"+w.VolumeName()+">").
			Env("EXIT", first.ExitCodePathValue())
	}).Retries(3)
	status := map[string]builder.String{"STATUS": m.Status().Value(), "REASON": m.Reason().Value(), "ALL": p.Status().Value()}
	p.AddFinallyInline("last", func(t *builder.Task) {
		s := t.Step("s").Image("registry.local/alpine:3.20").Command("true")
		for _, name := range slices.Sorted(maps.Keys(status)) {
			s.Env(name, t.Param(strings.ToLower(name), status[name]))
		}
	})
	got := pods(t, p.Run("run", src.PVC("claim"), list.Set(builder.Strings("a", "b")), object.Set(builder.ObjectOf(map[string]builder.String{"key": "v"}))))
	use := got["run-use"]
	volume := use["VOLUME"]
	delete(use, "VOLUME")
	assert.NotContains(t, volume, "$(")
	// Tekton replaces it when it makes the Pod, which is behind what is simulated.
	assert.Equal(t, "$(credentials.path)", use["CREDENTIALS"])
	delete(use, "CREDENTIALS")
	assert.Equal(t, map[string]string{
		"RUN_NAME": "run", "RUN_NAMESPACE": "default", "RUN_UID": "<>", "PIPELINE": "p", "RETRIES": "3", "BOUND": "true", "UNBOUND": "false",
		"ITEM": "b", "KEY": "v", "RESULT_ITEM": "made", "RESULT_KEY": "made", "RESULT": "made", "LENGTH_OF": "2",
		"TASKRUN": "run-use", "TASKRUN_NAMESPACE": "default", "TASKRUN_UID": "<>", "TASK": "<run-use>", "COUNT": "0",
		"CLAIM": "claim", "EXIT": "/tekton/steps/step-first/exitCode",
	}, use)
	assert.Equal(t, map[string]string{"STATUS": "Succeeded", "REASON": "Succeeded", "ALL": "Succeeded"}, got["run-last"])
}

// TestDescribedCEL tests that Tekton reads a text of CELString as the text.
func TestDescribedCEL(t *testing.T) {
	for _, text := range []string{"", "main", "it's", `a\b`, `\'`, "two\nlines", "tab\there", `"quoted"`, "ünïcode", "\r", "$(params.x)"} {
		expr := string(builder.CELString(builder.String(text)) + " == " + builder.CELString(builder.String(text)) + " && size(" + builder.CELString(builder.String(text)) + ") == n")
		runes := len([]rune(text))
		expr = strings.ReplaceAll(handle.Strip(expr), " == n", " == "+strconv.Itoa(runes))
		rpt := &prr.ResolvedPipelineTask{PipelineTask: &v1.PipelineTask{When: v1.WhenExpressions{{CEL: expr}}}}
		require.NoError(t, rpt.EvaluateCEL(), "%q: %s", text, expr)
		assert.Equal(t, map[string]bool{expr: true}, rpt.EvaluatedCEL, "%q", text)
	}
	p := builder.NewPipeline("p")
	branch := p.Param("branch")
	assert.Equal(t, `'it\'s $(params.branch)' == '$(params.x)'`, handle.Strip(string(builder.CELString("it's "+branch)+" == "+builder.CELString("$(params.x)"))))
}
