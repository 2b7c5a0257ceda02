package triggers_test

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/pkg/triggers"
)

// with returns a listener that has a trigger in it.
func with(t *triggers.Trigger) *triggers.Listener { return triggers.NewListener("hub").Inline(t) } // want listener

// plain returns a Trigger without mistakes.
func plain(name string) *triggers.Trigger {
	return triggers.NewTrigger(name).Template(noted("note")).Bind(triggers.Value("note", "")).Intercept(github()) // want trigger
}

// TestErrorsObjects tests mistakes in triggers, bindings, templates and groups that are
// described without events.
func TestErrorsObjects(t *testing.T) {
	push := triggers.GitHubPush()
	checkMistakes(t, "testdata/errors/objects.txt", []mistake{
		{"a nil trigger", "trigger-invalid", (*triggers.Trigger)(nil)},
		{"a nil trigger of a listener", "trigger-invalid spec-missing", triggers.NewListener("hub").Add(nil)},                           // want
		{"a nil trigger in a listener", "trigger-invalid spec-missing", with(nil)},                                                      // want
		{"a trigger of On in a listener", "trigger-invalid spec-missing", with(triggers.NewListener("x").On("a", push, sha(push.SHA)))}, // want
		{"a Trigger without name", "name-invalid", plain("")},                                                                           // want
		{"a bad name of a Trigger", "name-invalid", plain("a_b")},                                                                       // want
		{"a bad name of a trigger in a listener", "name-invalid", with(plain("a b"))},                                                   // want
		{"a long name of a Trigger", "name-invalid", plain(strings.Repeat("a", 64))},                                                    // want
		{"a Trigger without template", "spec-missing", triggers.NewTrigger("a")},                                                        // want
		{"a Trigger with a nil template", "spec-missing", triggers.NewTrigger("a").Template(nil)},                                       // want
		{"a nil binding", "binding-invalid", plain("a").Bind(nil)},                                                                      // want
		{"a Secret without event", "event-missing", plain("a").Secret("x", "y")},                                                        // want
		{"a Token without event", "event-missing", plain("a").Token("x", "y")},                                                          // want
		{"Unsigned without event", "event-missing", plain("a").Unsigned("x")},                                                           // want
		{"a Filter without event", "event-missing", plain("a").Filter("true")},                                                          // want
		{"Repositories without event", "event-missing", plain("a").Repositories("x")},                                                   // want
		{"Authors without event", "event-missing", plain("a").Authors()},                                                                // want
		{"AuthorIDs without event", "event-missing", plain("a").AuthorIDs("1")},                                                         // want
		{"labels in a listener", "trigger-invalid", with(plain("a").Label("a", "b"))},                                                   // want
		{"a spec name in a listener", "trigger-invalid", with(plain("a").SpecName("a"))},                                                // want
		{"an existing Trigger in a listener", "spec-missing trigger-invalid", with(triggers.NewTrigger("a").Existing())},                // want
		{"an existing Trigger with a template", "trigger-invalid", plain("a").Existing()},                                               // want
		{"an existing Trigger with labels", "trigger-invalid", triggers.NewTrigger("a").Label("a", "b").Existing()},                     // want
		{"an existing trigger of On", "trigger-invalid", shaped(func(t *triggers.Trigger) { t.Existing() })},
		{"a bad name of Named", "name-invalid", shaped(func(t *triggers.Trigger) { t.Named("a b") })},

		{"an existing template with labels", "template-invalid", triggers.NewTemplate("t").Existing().Label("a", "b")}, // want
		{"an existing template that is embedded", "template-invalid", triggers.NewTemplate("t").Existing().Embed()},    // want
		{"an existing template without name", "name-invalid", triggers.NewTemplate("").Existing()},                     // want
		{"an embedded template with labels", "param-missing template-invalid", with(triggers.NewTrigger("a").Intercept(github()). // want trigger
																		Template(noted("").Embed().Label("a", "b")))}, // want
		{"an embedded template without objects", "template-invalid", with(triggers.NewTrigger("a").Intercept(github()).
			Template(triggers.NewTemplate("").Embed()))}, // want

		{"an existing binding with labels", "binding-invalid", triggers.NewBinding("b").Existing().Label("a", "b")}, // want
		{"an existing binding without name", "name-invalid", triggers.NewBinding("").Existing()},                    // want
		{"an existing value", "binding-invalid", triggers.Value("a", "b").Existing()},                               // want
		{"a value with labels", "binding-invalid", triggers.Value("a", "b").Annotate("a", "b")},                     // want
		{"a value twice", "param-duplicate", triggers.Value("a", "b"). // want first
										Param("a", "c")}, // want
		{"a bad name of a value", "name-invalid", plain("a").Bind(triggers.Value("a b", ""))},          // want
		{"a ClusterTriggerBinding without params", "binding-invalid", triggers.NewClusterBinding("b")}, // want

		{"a group without interceptors", "spec-missing", triggers.NewListener("hub").AddGroup(triggers.NewGroup("g").Namespaces("*"))},                                       // want
		{"a group that selects nothing", "spec-missing", triggers.NewListener("hub").AddGroup(triggers.NewGroup("g").Intercept(github()))},                                   // want
		{"a nil group", "spec-missing spec-missing", triggers.NewListener("hub").AddGroup(nil)},                                                                              // want
		{"a group with a bad label", "name-invalid", triggers.NewListener("hub").AddGroup(triggers.NewGroup("g").Intercept(github()).Select(map[string]string{"a": "b c"}))}, // want
		{"a group with a bad interceptor", "name-invalid", triggers.NewListener("hub").AddGroup(triggers.NewGroup("g").Select(map[string]string{"a": "b"}).
			Intercept(triggers.ClusterInterceptor("", nil)))}, // want

		{"an interceptor with headers", "interceptor-invalid", plain("a").Intercept(github().Header("X-A", "b"))},                              // want
		{"a webhook with a bad namespace", "name-invalid", plain("a").Intercept(triggers.WebhookInterceptor("a").Namespace("b.c"))},            // want
		{"a webhook with a bad header", "interceptor-invalid", plain("a").Intercept(triggers.WebhookInterceptor("a").Header("x-team", "b"))},   // want
		{"a webhook with an empty header", "interceptor-invalid", plain("a").Intercept(triggers.WebhookInterceptor("a").HeaderList("X-Team"))}, // want

		{"a nil interceptor object", "interceptor-invalid", (*triggers.InterceptorServer)(nil)},
		{"an interceptor object without server", "spec-missing", triggers.NewClusterInterceptor("a")},                                           // want
		{"an interceptor object with two", "spec-conflict", triggers.NewInterceptor("a").Service("a", "b", 0, "").URL("https://x.example.com")}, // want
		{"an interceptor object without Service", "spec-missing", triggers.NewInterceptor("a").Service("", "", 0, "")},                          // want
		{"an interceptor object with a bad port", "interceptor-invalid", triggers.NewInterceptor("a").Service("a", "b", 70000, "")},             // want
		{"an interceptor object with a bad URL", "interceptor-invalid", triggers.NewInterceptor("a").URL("x")},                                  // want
		{"an interceptor object without name", "name-invalid", triggers.NewInterceptor("").URL("https://x.example.com")},                        // want

		{"a class without a load balancer", "listener-field", with(plain("a")).LoadBalancerClass("x")},                                                               // want
		{"a custom resource and replicas", "custom-invalid", with(plain("a")).Replicas(1).CustomResource([]byte("{}"))},                                              // want
		{"a custom resource that is not an object", "custom-invalid", with(plain("a")).CustomResource([]byte("- a"))},                                                // want
		{"a custom resource with a field", "custom-invalid", with(plain("a")).CustomResource([]byte("{a: '" + string(push.SHA) + "'}"))},                             // want
		{"a bad limit", "quantity-invalid", with(plain("a")).Limits("much", "")},                                                                                     // want
		{"a listener from which Mutate removes all", "listener-idle", triggers.NewListener("hub").Mutate(func(o *v1beta1.EventListener) {})},                         // want
		{"a pod with two containers", "listener-field", with(plain("a")).Pod(corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: make([]corev1.Container, 2)}})}, // want
	})
}
