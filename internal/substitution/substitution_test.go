package substitution_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/internal/substitution"
	"github.com/tekwright/tekwright/internal/tekref"
)

// TestDocument keeps docs/variables.md.
func TestDocument(t *testing.T) {
	golden.Check(t, "../../docs/variables.md", []byte(document()))
}

const intro = `# Variables

Tekton replaces variables, ` + "`$(...)`" + `, only in certain fields, and in each field only
certain kinds. An unknown or misplaced variable is not an error for Tekton: it stays as it
is. This document shows where each kind is replaced in Tekton Pipelines v1.15. It is made
from the table that all rules use, and the table is tested against Tekton's code: each
string of each kind is set to each variable, and what the reconcilers leave is compared.

A field is named without indexes: ` + "`steps.env.value`" + ` is the value of an environment
variable of a step. A field that is not listed replaces nothing.

## Kinds of variables

| | variables |
|---|---|
`

func document() string {
	var b strings.Builder
	b.WriteString(intro)
	for _, s := range substitution.All() {
		fmt.Fprintf(&b, "| %s | `%s` |\n", s.Names()[0], strings.ReplaceAll(s.Form(), ", ", "`, `"))
	}
	b.WriteString(`
An array is passed as ` + "`$(params.NAME[*])`" + `, alone in its text. Where the table says
*bare*, ` + "`$(params.NAME)`" + ` passes the whole array, too.

## Fields

*Later* are the variables that are replaced where the value is used, if it is a param.
*Waits* means that a task waits for the tasks whose results it uses there. *Checked* means
that the webhook rejects a param that is not declared.
`)
	for _, p := range substitution.Places() {
		fmt.Fprintf(&b, "\n### %s\n\n| fields | replaced | later | |\n|---|---|---|---|\n", p)
		for _, r := range substitution.Rows(p) {
			var notes []string
			for _, n := range []struct {
				on   bool
				text string
			}{{r.Waits, "waits"}, {r.Checked, "checked"}, {r.Bare, "bare"}} {
				if n.on {
					notes = append(notes, n.text)
				}
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", names(r.Fields), kinds(r.Replaced), kinds(r.Later), strings.Join(notes, ", "))
		}
		b.WriteString(remarks[p])
	}
	b.WriteString(`
## Order

Tekton replaces in this order. The text that replaces a variable may contain variables of
later phases, but none of the same phase or of an earlier one: the value of a param may be
` + "`$(context.taskRun.name)`" + `, and not ` + "`$(params.other)`" + `.

| phase | replaced |
|---|---|
`)
	for _, phase := range substitution.Order() {
		fmt.Fprintf(&b, "| %s | %s |\n", phase.Name, kinds(phase.Replaced))
	}
	b.WriteString("\n## What an unreplaced variable does\n\n| | |\n|---|---|\n")
	var order []string
	fields := map[string][]string{}
	for _, p := range substitution.Places() {
		for _, r := range substitution.Rows(p) {
			for _, f := range r.Fields {
				if before, _, ok := strings.Cut(f, "odTemplate."); ok {
					f = before + "odTemplate.*"
				}
				what := substitution.Unreplaced(p, f)
				if fields[what] == nil {
					order = append(order, what)
				}
				if name := fmt.Sprintf("%s: `%s`", p, f); !strings.Contains(strings.Join(fields[what], " "), name) {
					fields[what] = append(fields[what], name)
				}
			}
		}
	}
	for _, what := range order {
		fmt.Fprintf(&b, "| %s | %s |\n", what, strings.Join(fields[what], ", "))
	}
	b.WriteString(blind)
	return b.String()
}

// remarks are what the table cannot say.
var remarks = map[substitution.Place]string{
	substitution.Task: `
A default refers to the defaults of other params, not to what a run sets, and only the last
of several params is replaced: see [default-unreplaced](rules.md#default-unreplaced). A
result of a step that is the whole value of a param is replaced in the StepAction.
`,
	substitution.InlineTask: `
Items of an array result, ` + "`$(tasks.NAME.results.NAME[0])`" + `, are not replaced in a
taskSpec.
`,
	substitution.StepAction: `
Variables of a StepAction other than its params are those of the Task that uses it. The
webhook rejects params in its script.
`,
	substitution.PipelineTask: `
The names of a matrix, ` + "`displayName`" + ` and ` + "`matrix.include.name`" + `, use the string params of the
task and of its matrix, in the dotted form. The length of a matrix is known in other fields
than ` + "`params.value`" + ` only if a param of the same task uses it. The status of tasks is known in
finally. In a matrix, the webhook checks the params in lists. It does not accept a variable as ` + "`taskRef.name`" + `. ` + "`pipelineRef.params`" + `
uses the params that the run sets, not the defaults of the pipeline.
`,
	substitution.PipelineRun: `
References and bindings use the params that the run sets, not the defaults of its Pipeline.
A binding and a pod template use the params of the Task as well, in the TaskRun that they
reach. ` + "`$(context.pipeline.name)`" + ` is empty in ` + "`pipelineRef.params`" + `.
`,
	substitution.TaskRun: `
` + "`taskRef.params`" + ` uses the params that the run sets, not the defaults of its Task.
` + "`$(context.task.name)`" + ` is empty there.
`,
}

const blind = `
## What is not tried

- The entrypoint's variables (results and artifacts of steps) are read from its code, not
  run: they are replaced in the container.
- A name that is a URL, with ` + "`enable-concise-resolver-syntax`" + `, is replaced like the params of its
  reference.
- Durations, quantities, ports and booleans cannot contain variables.
- Custom tasks get the params of the pipeline task, and replace what they like.
- TriggerTemplates and TriggerBindings have variables of their own, ` + "`$(tt.params.NAME)`" + ` and
  ` + "`$(body.PATH)`" + `, which Tekton Triggers replaces in the whole text.
`

func names(fields []string) string {
	var out []string
	pod := ""
	for _, f := range fields {
		if before, after, ok := strings.Cut(f, "odTemplate."); ok {
			pod = before + "odTemplate."
			out = append(out, after)
			continue
		}
		out = append(out, "`"+f+"`")
	}
	if pod != "" {
		return "`" + pod + "`…: `" + strings.Join(out, "`, `") + "`"
	}
	return strings.Join(out, ", ")
}

func kinds(s substitution.Set) string { return strings.Join(s.Names(), ", ") }

func TestOf(t *testing.T) {
	for expr, want := range map[string]substitution.Set{
		"params.a": substitution.Params, "params['a']": substitution.Params, "context.pipelineRun.name": substitution.RunContext,
		"context.pipelinerun.name": 0, "context.task.name": substitution.TaskContext, "context.pipelineTask.retries": substitution.PipelineTaskContext,
		"workspaces.a.path": substitution.Workspaces, "tasks.a.results.b": substitution.TaskResults, "tasks.status": substitution.Status,
		"tasks.a.matrix.length": substitution.MatrixLength, "results.a.path": substitution.ResultPath, "step.results.a.path": substitution.StepResultPath,
		"steps.a.results.b": substitution.StepResults, "steps.step-a.exitCode.path": substitution.ExitCode, "artifacts.path": substitution.ArtifactPath,
		"credentials.path": substitution.Credentials, "tt.params.a": 0, "date": 0,
	} {
		assert.Equal(t, want, substitution.Of(tekref.Parse(expr)), expr)
	}
}

func TestFields(t *testing.T) {
	assert.True(t, substitution.Replaced(substitution.Task, "steps.script").Has(substitution.Workspaces))
	assert.False(t, substitution.Replaced(substitution.Task, "volumes.nfs.server").Has(substitution.Params))
	assert.False(t, substitution.Known(substitution.Task, "volumes.nfs.server"))
	assert.False(t, substitution.Set(0).Has(0))
	assert.True(t, substitution.Waits(substitution.PipelineTask, "when.cel"))
	assert.False(t, substitution.Waits(substitution.PipelineTask, "taskRef.params.value"))
	seen := map[string]bool{}
	for _, p := range substitution.Places() {
		for _, r := range substitution.Rows(p) {
			for _, f := range r.Fields {
				key := p.String() + " " + f
				assert.False(t, seen[key], "%s is listed twice", key)
				seen[key] = true
			}
		}
	}
}
