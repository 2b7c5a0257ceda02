package manifest_test

import (
	"fmt"
	"os"
	"strings"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// greeting is a pipeline of one task.
func greeting() *builder.Pipeline {
	p := builder.NewPipeline("hello")
	p.AddInline("greet", func(t *builder.Task) {
		t.Step("greet").Image("registry.local/alpine:latest").Script("echo hello")
	})
	return p
}

// Warnings and notes do not stop a set from being written. A program shows them where its
// users look.
func ExampleSet_Advice() {
	set := manifest.New(greeting()).Advice(func(found diag.Findings) {
		for _, f := range found {
			fmt.Println(f.Severity, f.Code)
		}
	})
	if err := set.Build(); err != nil {
		fmt.Println(err)
	}
	// Output: note image-floating
}

// The values of Secrets are not in the set. They are read when the Secrets are written, for
// kubectl apply -f -.
func ExampleSet_WriteSecrets() {
	set := manifest.New(greeting(), infra.NewSecret("slack", "token", "ca.crt").FromEnv("token", "SLACK_TOKEN").FromFile("ca.crt", "ca.crt"))
	err := set.WriteSecrets(os.Stdout, manifest.SecretValues{
		Env:  func(name string) (string, bool) { return "the value of " + name, true }, // os.LookupEnv
		File: func(path string) ([]byte, error) { return []byte(path), nil },           // os.ReadFile
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// apiVersion: v1
	// kind: Secret
	// metadata:
	//   name: slack
	// data:
	//   ca.crt: Y2EuY3J0
	//   token: dGhlIHZhbHVlIG9mIFNMQUNLX1RPS0VO
	// type: Opaque
}

// A folder with one file per kind, a kustomization and diagrams.
func ExampleSet_Layout() {
	dir, err := os.MkdirTemp("", "manifests")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	set := manifest.New(greeting(), infra.NewNamespace("ci")).Namespace("ci").
		Layout(manifest.Layout{Group: manifest.ByKind, Kustomization: true, Diagrams: manifest.Mermaid})
	if err := set.WriteDir(dir); err != nil {
		fmt.Println(err)
	}
	files, _ := os.ReadDir(dir)
	for _, f := range files {
		if !strings.HasPrefix(f.Name(), ".") {
			fmt.Println(f.Name())
		}
	}
	// Output:
	// kustomization.yaml
	// namespaces.yaml
	// pipeline-hello.md
	// pipelines.yaml
}

// One List in JSON is for programs that read no YAML.
func ExampleSet_WriteJSON() {
	var b strings.Builder
	err := manifest.New(infra.NewNamespace("ci")).WriteJSON(&b)
	fmt.Println(strings.Join(strings.Fields(b.String()), ""), err)
	// Output: {"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"ci"}}]} <nil>
}
