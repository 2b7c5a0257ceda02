package triggers_test

import (
	"errors"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/triggers"
)

// broken is a Resource of another package that returns an error.
type broken struct{ object object.Object }

func (b broken) Object() (object.Object, error) { return b.object, errors.New("the disk is full") }

// odd is an object that cannot be marshaled to JSON.
type odd struct{ corev1.ConfigMap }

func (odd) MarshalJSON() ([]byte, error) { return nil, errors.New("not today") }

// TestErrorsListeners tests mistakes in listeners, groups, triggers and interceptors.
func TestErrorsListeners(t *testing.T) {
	handle := string(triggers.GitHubPush().SHA)
	push := triggers.GitHubPush()
	checkMistakes(t, "testdata/errors/listeners.txt", []mistake{
		{"a nil listener", "listener-invalid", (*triggers.Listener)(nil)},
		{"a listener without triggers", "listener-idle", triggers.NewListener("hub")},                                                                        // want
		{"a bad name", "name-invalid", of2(triggers.NewListener("Git Hub").Secret("webhook", "token"))},                                                      // want
		{"a long name", "name-invalid", of2(triggers.NewListener(strings.Repeat("a", 61)).Secret("webhook", "token"))},                                       // want
		{"a field as name", "handle-misplaced", of2(triggers.NewListener(handle).Secret("webhook", "token"))},                                                // want
		{"a Secret without name", "name-invalid", of2(triggers.NewListener("hub").Secret("", "token"))},                                                      // want
		{"a Secret without key", "name-invalid", of2(triggers.NewListener("hub").Secret("webhook", ""))},                                                     // want
		{"a bad certificate", "name-invalid", of2(triggers.NewListener("hub").Secret("webhook", "token").TLS("my cert"))},                                    // want
		{"no certificate", "name-invalid", of2(triggers.NewListener("hub").Secret("webhook", "token").TLS(""))},                                              // want
		{"an invalid Service", "service-invalid service-invalid", of2(triggers.NewListener("hub").Secret("webhook", "token").Expose("ExternalName", 70000))}, // want
		{"a negative number of replicas", "replicas-invalid", of2(triggers.NewListener("hub").Secret("webhook", "token").Replicas(-1))},                      // want
		{"an invalid quantity", "quantity-invalid", of2(triggers.NewListener("hub").Secret("webhook", "token").Requests("much", "64Mi"))},                    // want
		{"bad labels", "name-invalid name-invalid", of2(triggers.NewListener("hub").Secret("x", "y").Select(map[string]string{"a b": "", "c": "d e"}))},      // want

		{"a group without event", "event-missing", triggers.NewListener("hub").Group("g", nil, map[string]string{"a": "b"})},                                     // want
		{"a group of a nil event", "event-missing", triggers.NewListener("hub").Group("g", (*triggers.Push)(nil), map[string]string{"a": "b"})},                  // want
		{"a group without labels", "group-invalid", triggers.NewListener("hub").Secret("a", "b").Group("g", push, nil)},                                          // want
		{"a group with a bad label", "name-invalid", triggers.NewListener("hub").Secret("a", "b").Group("g", push, map[string]string{"a": "b c"})},               // want
		{"a group without signature", "signature-missing", triggers.NewListener("hub").Group("g", push, map[string]string{"a": "b"})},                            // want
		{"a group of any event", "signature-missing", triggers.NewListener("hub").Secret("a", "b").Group("g", triggers.AnyEvent(), map[string]string{"a": "b"})}, // want
		{"a group with a faulty event", "filter-invalid", triggers.NewListener("hub").Secret("a", "b").
			Group("g", triggers.BitbucketPush().Paths("x"), map[string]string{"a": "b"})}, // want

		{"two triggers with the same name", "trigger-duplicate", of(func(l *triggers.Listener, push *triggers.Push) {
			l.On("t", push, sha(push.SHA)) // want first
			l.On("t", push, sha(push.SHA)) // want
		})},
		{"a bad name of a trigger", "name-invalid", of(func(l *triggers.Listener, push *triggers.Push) {
			l.On("My Trigger", push, sha(push.SHA)) // want
		})},
		{"no name of a trigger", "name-invalid", of(func(l *triggers.Listener, push *triggers.Push) {
			l.On("", push, sha(push.SHA)) // want
		})},
		{"a long name of a trigger", "name-invalid", of(func(l *triggers.Listener, push *triggers.Push) {
			l.On(strings.Repeat("t", 60), push, sha(push.SHA)) // want
		})},
		{"a trigger without event", "event-missing", of(func(l *triggers.Listener, _ *triggers.Push) {
			l.On("t", nil, sha("x")) // want
		})},
		{"a trigger with a zero event", "event-missing", of(func(l *triggers.Listener, _ *triggers.Push) {
			l.On("t", new(triggers.Push), sha("x")) // want
		})},
		{"a trigger that creates nil", "resource-invalid", of(func(l *triggers.Listener, push *triggers.Push) {
			l.On("t", push, nil) // want
		})},
		{"a trigger that creates a nil run", "resource-invalid", of(func(l *triggers.Listener, push *triggers.Push) {
			l.On("t", push, sha(push.SHA), (*builder.PipelineRun)(nil)) // want
		})},
		{"an object with an error", "object-invalid", of(func(l *triggers.Listener, push *triggers.Push) {
			l.On("t", push, broken{}) // want
		})},
		{"an object that cannot be written", "object-invalid resource-invalid", of(func(l *triggers.Listener, push *triggers.Push) {
			l.On("t", push, broken{object.Object{Object: &odd{}}}) // want
		})},
		{"a run with mistakes, twice", "param-missing param-missing name-fixed", of(func(l *triggers.Listener, push *triggers.Push) {
			p := builder.NewPipeline("p")
			builder.Add(p, "show", show{Lines: builder.Strings(p.Param("sha"), p.Param("ref"))}) // want declared
			r := p.Run("p")                                                                      // want
			for _, name := range []string{"a", "b"} {
				l.On(name, push, r) // want on
			}
		})},
		{"a run with an argument missing", "param-missing", of(func(l *triggers.Listener, push *triggers.Push) {
			p := builder.NewPipeline("p")
			builder.Add(p, "show", show{Lines: builder.Strings(p.Param("sha"))}) // want declared
			l.On("a", push, p.Run("p-"))                                         // want
		})},
		{"a run with a fixed name", "name-fixed", of(func(l *triggers.Listener, push *triggers.Push) {
			l.On("t", push, run("release", value{"sha", push.SHA})) // want
		})},
		{"a param that is not set", "param-missing", of(func(l *triggers.Listener, push *triggers.Push) {
			l.On("t", push, remark{}) // want
		})},
		{"a param that is set twice", "param-duplicate", shaped(func(t *triggers.Trigger) {
			t.Bind(triggers.NewBinding("b").Param("sha", "$(body.before)")) // want
		})},
		{"a param of two bindings", "param-duplicate", shaped(func(t *triggers.Trigger) {
			t.Bind(triggers.NewBinding("a").Param("x", "1"))
			t.Bind(triggers.NewBinding("b").Param("x", "2")) // want
		})},
		{"a nil binding", "binding-invalid", shaped(func(t *triggers.Trigger) {
			t.Bind(nil) // want
		})},

		{"no signature", "signature-missing", triggersOnly(push)},                             // want
		{"no signature of any event", "signature-missing", triggersOnly(triggers.AnyEvent())}, // want
		{"a Slack interceptor without a signature check", "signature-missing", of(func(l *triggers.Listener, _ *triggers.Push) {
			e := triggers.AnyEvent()
			l.On("t", e, sha(e.Body("x"))).Intercept(triggers.SlackFields("text")) // want
		})},
		{"an interceptor without a Secret", "signature-missing", of(func(l *triggers.Listener, _ *triggers.Push) {
			e := triggers.AnyEvent()
			l.On("t", e, sha(e.Body("x"))).Intercept(triggers.ClusterInterceptor("github", nil)) // want
		})},
		{"a zero interceptor", "interceptor-invalid signature-missing", of(func(l *triggers.Listener, _ *triggers.Push) {
			e := triggers.AnyEvent()
			l.On("t", e, sha(e.Body("x"))).Intercept(triggers.Interceptor{}) // want
		})},
		{"a Secret that no interceptor uses", "signature-missing", of(func(l *triggers.Listener, _ *triggers.Push) {
			e := triggers.AnyEvent()
			l.On("t", e, sha(e.Body("x"))).Secret("webhook", "token") // want
		})},
		{"a Secret and Unsigned", "signature-both", shaped(func(t *triggers.Trigger) {
			t.Secret("webhook", "token").Unsigned("a test") // want
		})},
		{"a bad Secret of a trigger", "name-invalid name-invalid", shaped(func(t *triggers.Trigger) {
			t.Secret("My Secret", "a/b") // want
		})},
		{"a bad token", "name-invalid", shaped(func(t *triggers.Trigger) {
			t.Token("github", "") // want
		})},

		{"an interceptor without name", "name-invalid", shaped(func(t *triggers.Trigger) {
			t.Intercept(triggers.ClusterInterceptor("", nil)) // want
		})},
		{"a webhook without Service", "name-invalid", shaped(func(t *triggers.Trigger) {
			t.Intercept(triggers.WebhookInterceptor("")) // want
		})},
		{"a webhook at a URL", "name-invalid", shaped(func(t *triggers.Trigger) {
			t.Intercept(triggers.WebhookInterceptor("https://example.com")) // want
		})},
		{"params that cannot be marshaled", "interceptor-invalid", shaped(func(t *triggers.Trigger) {
			t.Intercept(triggers.NamespacedInterceptor("teams", map[string]any{"x": func() {}})) // want
		})},
		{"a field in params", "handle-misplaced", shaped(func(t *triggers.Trigger) {
			t.Intercept(triggers.ClusterInterceptor("teams", map[string]any{"x": handle}))
		})},

		{"Repositories without arguments", "filter-empty", shaped(func(t *triggers.Trigger) {
			t.Repositories() // want
		})},
		{"Authors without arguments", "filter-empty", shaped(func(t *triggers.Trigger) {
			t.Authors([]string{}...) // want
		})},
		{"all authors", "filter-invalid", shaped(func(t *triggers.Trigger) {
			t.Authors("*") // want
		})},
		{"authors by prefix", "filter-invalid", shaped(func(t *triggers.Trigger) {
			t.Authors("ada", "acme-*") // want
		})},
		{"authors by character", "filter-invalid", shaped(func(t *triggers.Trigger) {
			t.Authors("ad?") // want
		})},
		{"authors of comments by pattern", "filter-invalid", of(func(l *triggers.Listener, _ *triggers.Push) {
			c := triggers.GitHubComment()
			l.On("t", c, sha(c.Number)).Authors("**") // want
		})},
		{"AuthorIDs without arguments", "filter-empty", shaped(func(t *triggers.Trigger) {
			t.AuthorIDs() // want
		})},
		{"a name for an id", "filter-invalid", shaped(func(t *triggers.Trigger) {
			t.AuthorIDs("583231", "octocat") // want
		})},
		{"an id that a JSON number cannot hold", "filter-invalid", shaped(func(t *triggers.Trigger) {
			t.AuthorIDs("9007199254740993") // want
		})},
		{"authors by nickname", "filter-invalid", of(func(l *triggers.Listener, _ *triggers.Push) {
			push := triggers.BitbucketPush()
			l.On("t", push, sha(push.SHA)).Authors("ada") // want
		})},
		{"authors of Bitbucket pull requests by nickname", "filter-invalid", of(func(l *triggers.Listener, _ *triggers.Push) {
			pr := triggers.BitbucketPullRequest()
			l.On("t", pr, sha(pr.SHA)).Authors("ada") // want
		})},
		{"a nickname for an account", "filter-invalid", of(func(l *triggers.Listener, _ *triggers.Push) {
			push := triggers.BitbucketPush()
			l.On("t", push, sha(push.SHA)).AuthorIDs("ada") // want
		})},
		{"authors of merge requests by name", "filter-invalid", of(func(l *triggers.Listener, _ *triggers.Push) {
			mr := triggers.GitLabMergeRequest()
			l.On("t", mr, sha(mr.SHA)).Authors("ada") // want
		})},
		{"repositories and authors of any event", "filter-invalid filter-invalid filter-invalid", of(func(l *triggers.Listener, _ *triggers.Push) {
			e := triggers.AnyEvent()
			l.On("t", e, sha(e.Body("x"))).Unsigned("a test").
				Repositories("acme/app"). // want repositories
				Authors("ada").           // want authors
				AuthorIDs("42")           // want ids
		})},
		{"a filter that is not a condition", "cel-invalid", shaped(func(t *triggers.Trigger) {
			t.Filter("'main'") // want
		})},
		{"an empty filter", "cel-invalid", shaped(func(t *triggers.Trigger) {
			t.Filter("") // want
		})},
		{"a filter with a field", "handle-misplaced", shaped(func(t *triggers.Trigger) {
			t.Filter("body.after == '" + handle + "'") // want
		})},

		{"a Mutate that removes the template", "spec-missing", shaped(func(t *triggers.Trigger) {
			t.Mutate(func(o *v1beta1.Trigger) { o.Spec.Template.Ref = nil })
		})},
		{"a Mutate that adds an empty interceptor", "interceptor-invalid", shaped(func(t *triggers.Trigger) {
			t.Mutate(func(o *v1beta1.Trigger) { o.Spec.Interceptors = append(o.Spec.Interceptors, nil) })
		})},
	})
}

// of2 returns the listener with one trigger.
func of2(l *triggers.Listener) *triggers.Listener {
	push := triggers.GitHubPush()
	l.On("t", push, sha(push.SHA))
	return l
}

// triggersOnly returns a listener without a Secret.
func triggersOnly(e triggers.Event) *triggers.Listener {
	l := triggers.NewListener("hub")
	l.On("t", e, sha(e.Body("x"))) // want only
	return l
}
