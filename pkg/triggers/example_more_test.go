package triggers_test

import (
	"fmt"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/pkg/triggers"
)

// The listener has two pods and a load balancer, and also serves Triggers that other teams
// create in their namespaces.
func ExampleListener_Expose() {
	p, text := printing("show")
	push := triggers.GitHubPush().Branches("main")
	listener := triggers.NewListener("github").Secret("github-webhook", "token").
		Replicas(2).Expose(corev1.ServiceTypeLoadBalancer, 8080).
		Namespaces("team-a", "team-b").Select(map[string]string{"listener": "github"})
	listener.On("show", push, p.Run("show-", text.Set(push.ShortSHA)))
	name, port := listener.Service()
	_, err := listener.Objects()
	fmt.Println(name, port, err)
	// Output: el-github 8080 <nil>
}

// Interceptors of one's own run between the signature and the filters. They add fields, or
// verify what no other can.
func ExampleTrigger_Intercept() {
	p, text := printing("show")
	push := triggers.GitHubPush()
	listener := triggers.NewListener("github").Secret("github-webhook", "token")
	listener.On("show", push, p.Run("show-", text.Set(push.CEL("team", "extensions.team")))).
		Intercept(triggers.NamespacedInterceptor("teams", map[string]any{"field": "team"}))

	command := triggers.AnyEvent()
	slack := triggers.NewListener("slack")
	slack.On("deploy", command, p.Run("deploy-", text.Set(command.CEL("text", "extensions.text[0]")))).
		Intercept(triggers.SlackFields("text")).
		Intercept(triggers.WebhookInterceptor("slack-signatures")).
		Unsigned("the service slack-signatures verifies the signature")
	for _, l := range []*triggers.Listener{listener, slack} {
		_, err := l.Objects()
		fmt.Println(err)
	}
	// Output:
	// <nil>
	// <nil>
}

// A template creates any object of Kubernetes, whose strings may contain its params.
func ExampleFromObject() {
	template := triggers.NewTemplate("reindex", "branch")
	template.Create(triggers.FromObject(&batchv1.Job{
		TypeMeta:   metav1.TypeMeta{APIVersion: "batch/v1", Kind: "Job"},
		ObjectMeta: metav1.ObjectMeta{GenerateName: "reindex-", Annotations: map[string]string{"branch": "$(tt.params.branch)"}},
		Spec: batchv1.JobSpec{Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{
			RestartPolicy: corev1.RestartPolicyNever,
			Containers:    []corev1.Container{{Name: "reindex", Image: "registry.local/search:3"}},
		}}},
	}))
	names(template)
	// Output: TriggerTemplate reindex
}
