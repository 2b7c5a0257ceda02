package pac_test

import (
	"fmt"
	"testing/fstest"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/pac"
	"github.com/tekwright/tekwright/pkg/pac/v1alpha1"
)

// Whoever has the secret starts the run, with a param that the call sets. At most two runs of
// the repository are active. The file of the run needs no other.
func ExampleRepository_Incoming() {
	p := builder.NewPipeline("deploy")
	version, account := p.Param("version"), p.Param("account")
	p.AddInline("deploy", func(t *builder.Task) {
		t.Step("deploy").Image("registry.local/tools:3").
			Env("VERSION", t.Param("version", version)).Env("ACCOUNT", t.Param("account", account)).Command("deploy")
	})
	shop := pac.NewRepository("shop", "https://github.com/acme/shop").ConcurrencyLimit(2).
		Incoming("deploy-hook", "token", "main").IncomingParams("version")
	user := shop.ParamFrom(v1alpha1.Param{Name: "account", SecretRef: &v1alpha1.Secret{Name: "deploy", Key: "account"}})
	run := shop.Run(p.Run("deploy", version.Set(pac.Body("params.version")), account.Set(user))).On(pac.Incoming()).Inline()
	objects, err := run.Objects()
	fmt.Println(len(objects), err)
	// Output: 1 <nil>
}

// A folder as Pipelines-as-Code creates it, with the value of a variable.
func ExampleResolve() {
	folder := fstest.MapFS{"test.yaml": {Data: []byte(`
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata:
  name: test
  annotations:
    pipelinesascode.tekton.dev/on-event: "[push]"
spec:
  params:
    - name: revision
      value: "{{ revision }}"
  pipelineSpec:
    params:
      - name: revision
    tasks:
      - name: test
        taskSpec:
          steps:
            - name: test
              image: registry.local/tester:3
`)}}
	outcome, err := pac.Resolve(folder, nil, map[string]string{"revision": "1d0c1a2b"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(outcome.Runs[0].Name, outcome.Stopped == "")

	// A label starts nothing here.
	outcome, err = pac.Matches(folder, pac.GitHubLabel("https://github.com/acme/shop", "e2e", "main"))
	fmt.Println(outcome.Runs[0].Started, err)
	// Output:
	// test true
	// false <nil>
}
