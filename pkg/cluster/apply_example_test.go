package cluster_test

import (
	"context"
	"errors"
	"fmt"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/cluster"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// Connect to the cluster of the kubeconfig that kubectl uses.
func ExampleClient_Apply() {
	config, err := clientcmd.BuildConfigFromFlags("", clientcmd.RecommendedHomeFile)
	if err != nil {
		fmt.Println(err)
		return
	}
	client, err := cluster.New(config, cluster.Options{Namespace: "ci"})
	if err != nil {
		fmt.Println(err)
		return
	}
	p := builder.NewPipeline("hello")
	p.AddInline("greet", func(t *builder.Task) {
		t.Step("greet").Image("docker.io/library/busybox:1.37").Script("echo hello")
	})
	changes, err := client.Apply(context.Background(), manifest.New(p), cluster.ApplyOptions{
		Set: "hello", Prune: true,
		Progress: func(c cluster.Change) { fmt.Println(c) },
	})
	for _, problem := range cluster.Problems(err) {
		if conflict, ok := errors.AsType[*cluster.ConflictError](problem); ok {
			fmt.Println("edited by hand:", conflict.Object, conflict.Fields)
			continue
		}
		fmt.Println(problem)
	}
	for _, c := range changes {
		fmt.Print(c.Diff)
	}
}

// An apply may report several problems of different types.
func ExampleProblems() {
	err := errors.Join(
		&cluster.ConflictError{Object: diag.ObjectRef{Kind: "Task", Name: "kaniko"}, Set: "other"},
		&cluster.NotServedError{APIVersion: "triggers.tekton.dev/v1beta1"},
	)
	for _, problem := range cluster.Problems(err) {
		var conflict *cluster.ConflictError
		var notServed *cluster.NotServedError
		switch {
		case errors.As(problem, &conflict):
			fmt.Println("conflict:", conflict.Object)
		case errors.As(problem, &notServed):
			fmt.Println("not installed:", notServed.APIVersion)
		}
	}
	// Output:
	// conflict: Task "kaniko"
	// not installed: triggers.tekton.dev/v1beta1
}

// The error for a missing permission contains the rule to add to a Role.
func ExampleForbiddenError() {
	err := error(&cluster.ForbiddenError{
		Objects:  []diag.ObjectRef{{APIVersion: "tekton.dev/v1", Kind: "Task", Namespace: "ci", Name: "kaniko"}},
		Position: diag.Position{File: "release.go", Line: 31}, User: "system:serviceaccount:ci:deployer", Namespace: "ci",
		Missing: "cannot patch tasks.tekton.dev",
		Rule:    rbacv1.PolicyRule{APIGroups: []string{"tekton.dev"}, Resources: []string{"tasks"}, Verbs: []string{"get", "create", "patch"}},
	})
	fmt.Println(err)
	// Output:
	// release.go:31: "system:serviceaccount:ci:deployer" cannot patch tasks.tekton.dev in namespace "ci" (needed for Task "kaniko")
	// 	help: add this rule to a Role in namespace "ci":
	// 	  - apiGroups: ["tekton.dev"]
	// 	    resources: ["tasks"]
	// 	    verbs: ["get", "create", "patch"]
}

func ExampleRejectedError() {
	err := error(&cluster.RejectedError{
		Object:   diag.ObjectRef{APIVersion: "tekton.dev/v1", Kind: "Task", Namespace: "ci", Name: "hello"},
		Position: diag.Position{File: "release.go", Line: 31}, Webhook: "validation.webhook.pipeline.tekton.dev",
		Fields: []cluster.Cause{{Path: diag.Fields("spec", "steps").Index(0).Field("image"), Position: diag.Position{File: "release.go", Line: 33}, Message: "missing field(s)"}},
	})
	fmt.Println(err)
	// Output:
	// release.go:31: Task "hello" in namespace "ci" is rejected by webhook "validation.webhook.pipeline.tekton.dev"
	// 	spec.steps[0].image: missing field(s) (release.go:33)
}

func ExampleChange() {
	fmt.Println(cluster.Change{
		Object: diag.ObjectRef{APIVersion: "v1", Kind: "PersistentVolumeClaim", Namespace: "ci", Name: "cache"},
		Action: cluster.Kept, Reason: "a PersistentVolumeClaim holds data; delete it by hand",
	})
	// Output: kept PersistentVolumeClaim "cache" in namespace "ci": a PersistentVolumeClaim holds data; delete it by hand
}
