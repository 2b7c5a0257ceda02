package oracle

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/substitution"
)

// substitutionExamples are variables of each kind that refer to the world of
// substitution_measure.go. The variables of a kind are replaced in the same fields.
var substitutionExamples = map[substitution.Set][]string{
	substitution.Params:              {"$(params.text)", "$(params['text'])", `$(params["text"])`, "$(params.list[0])", "$(params.object.key)"},
	substitution.PipelineParams:      {"$(params.pipeline-text)", "$(params['pipeline-text'])", `$(params["pipeline-text"])`, "$(params.pipeline-list[1])", "$(params.pipeline-object.key)"},
	substitution.RunContext:          {"$(context.pipelineRun.name)", "$(context.pipelineRun.namespace)", "$(context.pipelineRun.uid)", "$(context.pipeline.name)"},
	substitution.PipelineTaskContext: {"$(context.pipelineTask.retries)"},
	substitution.TaskContext:         {"$(context.taskRun.name)", "$(context.taskRun.namespace)", "$(context.taskRun.uid)", "$(context.task.name)", "$(context.task.retry-count)"},
	substitution.Bound:               {"$(workspaces.pipeline-workspace.bound)"},
	substitution.Workspaces:          {"$(workspaces.workspace.path)", "$(workspaces.workspace.bound)", "$(workspaces.workspace.claim)", "$(workspaces.workspace.volume)"},
	substitution.TaskResults:         {"$(tasks.make.results.text)", "$(tasks.make.results.object.key)"},
	substitution.Status:              {"$(tasks.make.status)", "$(tasks.make.reason)", "$(tasks.status)"},
	substitution.MatrixLength:        {"$(tasks.fan.matrix.length)"},
	substitution.TaskArtifacts:       {"$(tasks.make.outputs.out)", "$(tasks.make.inputs.in)"},
	substitution.ResultPath:          {"$(results.result.path)", "$(results['result'].path)", `$(results["result"].path)`},
	substitution.StepResultPath:      {"$(step.results.step-result.path)", "$(step.results['step-result'].path)"},
	substitution.ExitCode:            {"$(steps.step-known.exitCode.path)"},
	substitution.ArtifactPath:        {"$(artifacts.path)", "$(step.artifacts.path)"},
	substitution.Credentials:         {"$(credentials.path)"},
}

// entrypoint are the kinds that the entrypoint replaces in the container, which is
// tried in TestEntrypoint.
const entrypoint = substitution.StepResults | substitution.StepArtifacts

// TestSubstitution compares the table with Tekton's code: each string of each kind is
// set to each variable, and what is left is compared.
func TestSubstitution(t *testing.T) {
	fields, tried := map[string]bool{}, 0
	for _, place := range substitution.Places() {
		for _, kind := range substitution.All() {
			if entrypoint.Has(kind) {
				continue
			}
			require.NotEmpty(t, substitutionExamples[kind], kind.Form())
			for _, variable := range substitutionExamples[kind] {
				if place == substitution.StepAction && kind == substitution.Params {
					variable = strings.NewReplacer("params.", "params.action-", "['", "['action-", `["`, `["action-`).Replace(variable)
				}
				before, after := measure(place, variable)
				for _, f := range slices.Sorted(maps.Keys(before)) {
					fields[place.String()+"/"+f] = true
					tried++
					want := expected(place, f, kind)
					if reason := exception(place, f, variable); want && reason != "" {
						assert.True(t, after[f], "%v, %s: %s is no exception any more: %s", place, f, variable, reason)
						continue
					}
					assert.Equal(t, want, !after[f], "%v, %s: %s is replaced (the table says %v)", place, f, variable, want)
				}
				for f := range after {
					assert.True(t, !after[f] || before[f], "%v, %s: %s appears", place, f, variable)
				}
			}
		}
		for _, r := range substitution.Rows(place) {
			for _, f := range r.Fields {
				assert.True(t, fields[place.String()+"/"+f], "%v has no field %s", place, f)
			}
		}
	}
	t.Logf("%d fields, %d pairs of a field and a variable", len(fields), tried)
}

// expected reports whether the table says that a kind of variable is replaced in a field,
// at once or where the value is used.
func expected(place substitution.Place, field string, kind substitution.Set) bool {
	replaced := substitution.Replaced(place, field)
	later, _ := substitution.Passed(place, field)
	switch place {
	case substitution.Pipeline, substitution.PipelineTask:
		// The world of the test has other names for the params of a pipeline.
		switch kind {
		case substitution.PipelineParams:
			return replaced.Has(substitution.Params)
		case substitution.Params:
			return field == substitution.MatrixDisplayName || field == "matrix.include.name"
		}
		return replaced.Has(kind) || field == "params.default" && later.Has(kind)
	case substitution.PipelineRun:
		switch {
		case kind == substitution.Params:
			// A binding is replaced once more in the TaskRun.
			return strings.HasPrefix(field, "workspaces.") && replaced != 0 || strings.Contains(field, "odTemplate.") && replaced != 0
		case kind == substitution.PipelineParams && strings.Contains(field, "odTemplate."):
			return false
		case kind == substitution.PipelineParams:
			return replaced.Has(substitution.Params)
		}
	}
	return (replaced | later).Has(kind)
}

// exception returns why Tekton treats a variable otherwise than those of its kind in a
// field; "" if it does not.
func exception(place substitution.Place, field, variable string) string {
	bracket := strings.Contains(variable, "['") || strings.Contains(variable, `["`)
	switch {
	case field == "params.default" && strings.HasPrefix(variable, "$(params") && bracket && place != substitution.TaskRun:
		return "a default is resolved by the dotted form alone"
	case field == "params.default" && place == substitution.StepAction && (strings.Contains(variable, "[0]") || strings.Contains(variable, ".key")):
		return "a default of a StepAction is resolved with whole params alone"
	case field == "steps.name" && strings.HasPrefix(variable, "$(step."):
		return "the path contains the name of the step"
	case field == "steps.params.value" && strings.HasPrefix(variable, "$(steps.step-"):
		return "Tekton reads $(steps.NAME...) in a param of a step as a result"
	case (field == substitution.MatrixDisplayName || field == "matrix.include.name") && place == substitution.PipelineTask &&
		strings.HasPrefix(variable, "$(params") && variable != "$(params.text)" && !strings.Contains(variable, "pipeline-"):
		return "a name is replaced with strings, by the dotted form alone"
	}
	return ""
}
