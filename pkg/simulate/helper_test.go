package simulate_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/simulate"
)

// work is a Task with a param and results of each type.
const work = `
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: work}
spec:
  params:
    - {name: in, default: nothing}
  results:
    - {name: text}
    - {name: list, type: array}
    - {name: object, type: object, properties: {url: {}, digest: {}}}
  steps:
    - {name: prepare, image: registry.local/tool, script: "true"}
    - {name: work, image: registry.local/tool, args: [$(params.in)]}
---
`

// pipelineOf is the set with the Task work, a run named r, and its pipeline.
func pipelineOf(t testing.TB, spec string, rest ...string) *manifest.Set {
	t.Helper()
	run := "apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata: {name: r}\nspec:\n" +
		strings.Join(rest, "\n") + "\n  pipelineSpec:\n" + indent(spec, "    ")
	return read(t, work+run)
}

func indent(text, by string) string {
	return by + strings.ReplaceAll(strings.Trim(text, "\n"), "\n", "\n"+by)
}

func read(t testing.TB, text string) *manifest.Set {
	t.Helper()
	set, err := manifest.Read(strings.NewReader(text), "test.yaml")
	require.NoError(t, err, "%s", text)
	return set
}

// alpha is a cluster on which everything is on.
var alpha = &check.Profile{APIFields: "alpha", Features: []string{"enable-cel-in-whenexpression", "enable-param-enum"}}

func run(t testing.TB, set *manifest.Set, script simulate.Script) *simulate.Result {
	t.Helper()
	if script.Profile == nil {
		script.Profile = alpha
	}
	r, err := simulate.Run(set, "", script)
	require.NoError(t, err)
	return r
}

// story is the result as lines: what ran from when to when, what did not and why.
func story(r *simulate.Result) (lines []string) {
	for _, t := range r.Tasks {
		if len(t.Runs) == 0 {
			lines = append(lines, strings.TrimSuffix(fmt.Sprintf("%s %s: %s", t.Name, t.State, t.Reason), ": "))
			continue
		}
		lines = append(lines, fmt.Sprintf("%s %s %s-%s %s", t.Name, t.State, t.Start, t.End, t.Reason))
	}
	return append(lines, r.Condition.Status+" "+r.Condition.Reason)
}

func fail(o ...simulate.Outcome) []simulate.Outcome {
	if len(o) == 0 {
		o = []simulate.Outcome{{}}
	}
	o = slices.Clone(o)
	for i := range o {
		o[i].Status = simulate.Fail
	}
	return o
}

type outcomes = map[string][]simulate.Outcome
