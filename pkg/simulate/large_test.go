package simulate_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/simulate"
)

// TestLarge tests that values which become gigabytes in the place of variables are refused
// before Tekton inserts them, and that large ones are not.
func TestLarge(t *testing.T) {
	long, often := strings.Repeat("x", 100_000), strings.Repeat("$(params.p)", 10_000)
	const take = "{name: a, taskRef: {name: work}, params: [{name: in, value: '%s'}]}"
	param := "params: [{name: p}]\ntasks:\n  - "
	value := "  params: [{name: p, value: '" + long + "'}]"
	template := func(params, use string) string {
		return work + "apiVersion: triggers.tekton.dev/v1beta1\nkind: TriggerTemplate\nmetadata: {name: tt}\nspec:\n  params: [" + params + "]\n  resourcetemplates:\n" +
			"    - {apiVersion: tekton.dev/v1, kind: TaskRun, metadata: {generateName: a-}, spec: {taskRef: {name: work}, params: [{name: in, value: '" + use + "'}]}}\n"
	}
	var chain strings.Builder
	for i := range 40 {
		fmt.Fprintf(&chain, "{name: p%d, default: '$(tt.params.p%d)$(tt.params.p%d)'}, ", i, i+1, i+1)
	}
	var nested strings.Builder
	for i := range 30 {
		fmt.Fprintf(&nested, "---\napiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: p%d}\nspec:\n  params: [{name: p, type: string}]\n"+
			"  tasks: [{name: next, pipelineRef: {name: p%d}, params: [{name: p, value: '$(params.p)$(params.p)'}]}]\n", i, i+1)
	}
	nested.WriteString("---\napiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: p30}\nspec: {params: [{name: p}], tasks: [{name: next, taskRef: {name: work}, params: [{name: in, value: \"$(params.p)\"}]}]}\n")
	results := "tasks:\n  - {name: first, taskRef: {name: work}}\n  - " + fmt.Sprintf(take, strings.Repeat("$(tasks.first.results.text)", 10_000))
	script := simulate.Script{Tasks: map[string][]simulate.Outcome{"first": {{Results: map[string]any{"text": long}}}}}
	step := "apiVersion: tekton.dev/v1\nkind: TaskRun\nmetadata: {name: r}\nspec:\n  params: [{name: p, value: '" + long[:1000] + "'}]\n  taskSpec:\n    params: [{name: p}]\n" +
		"    steps: [{name: s, ref: {name: act}, params: [{name: q, value: '" + often[:1100] + "'}]}]\n---\n" +
		"apiVersion: tekton.dev/v1beta1\nkind: StepAction\nmetadata: {name: act}\nspec: {params: [{name: q}], image: registry.local/a, script: '" + strings.Repeat("$(params.q)", 1000) + "'}\n"
	for name, c := range map[string]struct {
		text, run string
		script    simulate.Script
	}{
		"params":   {work + "apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata: {name: r}\nspec:\n" + value + "\n  pipelineSpec:\n" + indent(param+fmt.Sprintf(take, often), "    "), "", simulate.Script{}},
		"results":  {work + "apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata: {name: r}\nspec:\n  pipelineSpec:\n" + indent(results, "    "), "", script},
		"nested":   {work + "apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata: {name: r}\nspec: {pipelineRef: {name: p0}, params: [{name: p, value: " + long[:1000] + "}]}\n" + nested.String(), "", simulate.Script{}},
		"step":     {step, "", simulate.Script{}},
		"template": {template("{name: p, default: '"+long+"'}", strings.Repeat("$(tt.params.p)", 10_000)), "TriggerTemplate/tt", simulate.Script{}},
		"chain":    {template(chain.String()+"{name: p40, default: x}", "$(tt.params.p0)"), "TriggerTemplate/tt", simulate.Script{}},
	} {
		c.script.Profile = alpha
		_, err := simulate.Run(read(t, c.text), c.run, c.script)
		require.ErrorContains(t, err, "no cluster stores", name)
	}
	// Within the limit, with as many variables.
	r := run(t, pipelineOf(t, param+fmt.Sprintf(take, often), "  params: [{name: p, value: '"+long[:100]+"'}]"), simulate.Script{})
	assert.True(t, r.Succeeded())
}
