package pac_test

import (
	"fmt"
	"testing/fstest"

	"github.com/tekwright/tekwright/pkg/pac"
)

func ExampleMatches() {
	tekton := fstest.MapFS{"build.yaml": {Data: []byte(`
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata:
  name: build
  annotations:
    pipelinesascode.tekton.dev/on-event: "[push]"
    pipelinesascode.tekton.dev/on-target-branch: "[main]"
    pipelinesascode.tekton.dev/on-path-change: "[services/**]"
spec:
  pipelineRef: {name: build}
---
apiVersion: tekton.dev/v1
kind: Pipeline
metadata:
  name: build
spec:
  tasks: []
`)}}
	out, err := pac.Matches(tekton, pac.Webhook{
		Headers: map[string][]string{"X-GitHub-Event": {"push"}},
		Payload: []byte(`{
			"ref": "refs/heads/main", "after": "4f1c", "pusher": {"name": "ada"},
			"head_commit": {"id": "4f1c", "message": "a change", "url": "https://github.com/acme/app/commit/4f1c"},
			"repository": {"name": "app", "html_url": "https://github.com/acme/app", "owner": {"login": "acme"}}
		}`),
		Changed: pac.ChangedFiles{All: []string{"docs/index.md"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, run := range out.Runs {
		fmt.Println(run.Name, run.Started, run.Reason)
	}
	// Output:
	// build false on-path-change "[services/**]" does not match docs/index.md
}
