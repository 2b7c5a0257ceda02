package simulate_test

import (
	"fmt"
	"strings"

	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/simulate"
)

const release = `
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: release-1}
spec:
  pipelineSpec:
    tasks:
      - {name: changes, taskRef: {name: changes}}
      - name: test
        retries: 1
        taskRef: {name: test}
        when: [{input: $(tasks.changes.results.kind), operator: notin, values: [docs]}]
      - {name: deploy, runAfter: [test], taskRef: {name: deploy}}
    finally:
      - name: rollback
        taskRef: {name: rollback}
        when: [{input: $(tasks.deploy.status), operator: in, values: [Failed]}]
`

func ExampleRun() {
	set, err := manifest.Read(strings.NewReader(release), "release.yaml")
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := simulate.Run(set, "release-1", simulate.Script{
		Tasks: map[string][]simulate.Outcome{
			"changes": {{Results: map[string]any{"kind": "code"}}},
			"test":    {{Status: simulate.Fail, Attempt: 1}},
			"deploy":  {{Status: simulate.Fail, ExitCode: 3}},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, t := range result.Tasks {
		fmt.Println(t.Name, t.State, t.Start, t.End, t.Reason)
	}
	fmt.Println(result.Condition.Reason, result.Condition.Message)
	// Output:
	// changes succeeded 0s 10s Succeeded
	// test succeeded 10s 30s Succeeded
	// deploy failed 30s 40s StepFailed
	// rollback succeeded 40s 50s Succeeded
	// Failed Tasks Completed: 4 (Failed: 1, Cancelled 0), Skipped: 0
}

func ExampleAll() {
	set, err := manifest.Read(strings.NewReader(release), "release.yaml")
	if err != nil {
		fmt.Println(err)
		return
	}
	ways, err := simulate.All(set, "release-1", simulate.Script{}, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, w := range ways.Ways {
		fmt.Println(w.Assumed, "ran:", w.Result.Ran(), "skipped:", w.Result.Skipped())
	}
	// Output:
	// [] ran: [changes test deploy] skipped: [rollback]
	// [{tasks.changes.results.kind docs}] ran: [changes deploy] skipped: [test rollback]
}
