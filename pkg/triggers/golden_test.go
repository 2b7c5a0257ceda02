package triggers_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/triggers"
)

// TestEvents lowers each event with a run that uses all of its fields.
func TestEvents(t *testing.T) {
	for name, e := range constructors() {
		l := triggers.NewListener("hub").Secret("webhook", "token")
		l.On("all", e, everything(e))
		written(t, "testdata/events/"+name+".yaml", l)
	}
}

// TestAnyEvent uses fields of an event of an unknown sender.
func TestAnyEvent(t *testing.T) {
	e := triggers.AnyEvent()
	l := triggers.NewListener("hub")
	l.On("any", e, run("p-",
		value{"image", e.Body("$.image.name")}, value{"first", e.Body("body.tags[0].x-y_z")}, value{"from", e.Header("X-From")},
		value{"minor", e.CEL("minor", "body.tag.split('.')[1]")},
	)).Filter("header.match('X-From', 'registry')").Filter("body.pushed || body.forced").Unsigned("the registry signs nothing")
	written(t, "testdata/any-event.yaml", l)
}

// TestListener lowers a listener that uses all methods.
func TestListener(t *testing.T) {
	push, tag, mr := triggers.GitHubPush().Branches("main"), triggers.GitHubTag(), triggers.GitLabMergeRequest()
	l := triggers.NewListener("hub").Secret("webhook", "token").ServiceAccount("receiver").
		Namespaces("team-a", "team-b").Select(map[string]string{"served-by": "hub", "tier": ""}).
		Replicas(2).TLS("certificate").Requests("250m", "64Mi").
		Group("pushes", triggers.GitHubPush().Branches("main"), map[string]string{"team": "a"}).
		Group("requests", triggers.GitHubPullRequest(), map[string]string{"team": "b"}).
		Mutate(func(o *v1beta1.EventListener) { o.Spec.CloudEventURI = "http://events.ci.svc" }).
		Mutate(nil)
	l.On("push", push, sha(push.SHA))
	l.On("tag", tag, sha(tag.SHA)).ServiceAccount("releaser").
		Mutate(func(o *v1beta1.Trigger) { o.Annotations = map[string]string{"example.com/owner": "team a"} })
	l.On("mr", mr, sha(mr.SHA)).Secret("gitlab", "secretToken")
	written(t, "testdata/listener.yaml", l)

	name, port := l.Service()
	assert.Equal(t, "el-hub", name)
	assert.EqualValues(t, 8443, port)
	assert.Equal(t, "receiver", l.Account())
	assert.Equal(t, []string{"team-a", "team-b"}, l.Selects())
	assert.Len(t, l.Runs(), 3)
	assert.Len(t, l.Creates(), 2)
	assert.Equal(t, "PipelineRun", l.Creates()["releaser"][0].Kind)
}

// TestRefs lowers a listener that refers to its triggers by name.
func TestRefs(t *testing.T) {
	push := triggers.GitHubPush()
	l := triggers.NewListener("hub").Secret("webhook", "token").Requests("", "64Mi")
	l.On("one", push, sha(push.SHA)).Repositories("acme/one")
	l.On("two", push, sha(push.SHA)).Repositories("acme/two").Repositories("acme/three")
	written(t, "testdata/refs.yaml", l)
	name, port := l.Service()
	assert.Equal(t, "el-hub", name)
	assert.EqualValues(t, 8080, port)
	assert.Equal(t, "el-hub", l.Account())
}

// TestFilters lowers filters to CEL conditions.
func TestFilters(t *testing.T) {
	push := triggers.GitHubPush().Branches("main", "release/*", "fix/**", "v?").Paths("docs/**", "it's.go", "**/go.mod")
	pr := triggers.GitHubPullRequest().Targets("main").Paths("*.go").Actions("labeled", "opened")
	mr := triggers.GitLabMergeRequest().Actions("merge")
	bb := triggers.BitbucketPullRequest().Actions("pullrequest:fulfilled")
	tag := triggers.GitLabTag().Names("v*")
	comment := triggers.GitHubComment().Matching(`(?m)^/deploy\b`)
	l := triggers.NewListener("hub").Secret("webhook", "token")
	l.On("push", push, sha(push.SHA)).Repositories("acme/app", "acme/lib-*").Authors("ada").Filter("true || false // or so").Filter("body.size < 5")
	l.On("pr", pr, sha(pr.SHA)).Token("github", "api")
	l.On("mr", mr, sha(mr.SHA)).AuthorIDs("42", "43")
	l.On("bb", bb, sha(bb.SHA)).Repositories("acme/*").AuthorIDs("557058:2a6349dc-4346-4805-bd84-3abdd0812d17", "{a54f16da-24e9-4d7f-a3a7-b1ba2cd98aa3}")
	l.On("tag", tag, sha(tag.SHA))
	l.On("comment", comment, sha(comment.Number)).Authors("ada").AuthorIDs("583231")
	written(t, "testdata/filters.yaml", l)
}

// TestInterceptors lowers each kind of interceptor, and unsigned events.
func TestInterceptors(t *testing.T) {
	push, other := triggers.GitHubPush(), triggers.AnyEvent()
	l := triggers.NewListener("hub").Secret("webhook", "token")
	l.On("teams", push, sha(push.ShortSHA)).
		Intercept(triggers.ClusterInterceptor("teams", map[string]any{"of": []string{"a", "b"}, "limit": 3, "deep": map[string]any{"x": nil}})).
		Intercept(triggers.NamespacedInterceptor("quota", nil)).
		Intercept(triggers.WebhookInterceptor("enrich"))
	l.On("signed", other, sha(other.Body("sha"))).Intercept(triggers.ClusterInterceptor("hmac", map[string]any{"secretRef": map[string]string{"secretName": "x"}}))
	l.On("slack", other, sha(other.CEL("sha", "extensions.text[0]"))).Intercept(triggers.SlackFields("text", "user_name")).
		Unsigned("an interceptor before it checks Slack's signature")
	l.On("open", push, sha(push.SHA)).Unsigned("a network of its own")
	written(t, "testdata/interceptors.yaml", l)
}

// limited is a run with a field that is not a string in Go.
const limited = `
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata:
  generateName: nightly-
spec:
  pipelineRef:
    name: nightly
  timeouts:
    pipeline: $(tt.params.limit)
  params:
    - name: revision
      value: $(tt.params.revision)
`

// TestTemplate lowers templates and bindings of the caller.
func TestTemplate(t *testing.T) {
	push := triggers.GitHubPush()
	template := triggers.NewTemplate("nightly", "revision", "limit").Default("limit", "1h").Default("note", "").
		Raw([]byte(limited)).
		Raw([]byte(`{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"generateName": "note-"}, "data": {"note": "$(tt.params.note)"}}`))
	template.Create(sha(template.Param("revision")))
	binding := triggers.NewBinding("revision").Param("revision", "$(body.after)").Param("note", "$(body.ref) by (somebody)")
	l := triggers.NewListener("hub").Secret("webhook", "token")
	l.On("nightly", push, template).Bind(binding)
	l.On("again", push, template).Bind(binding).Filter("body.forced")
	written(t, "testdata/template.yaml", l)
	assert.Len(t, l.Creates()[""], 2)

	objects, err := template.Objects()
	require.NoError(t, err)
	assert.Len(t, objects, 3, "the Task, the Pipeline and the TriggerTemplate")

	// A binding beside the one of the run's fields.
	l = triggers.NewListener("hub").Secret("webhook", "token")
	l.On("bound", push, sha(push.SHA), remark{}).
		Bind(triggers.NewBinding("note").Param("note", "$(body.ref)"))
	written(t, "testdata/bound.yaml", l)
}

// TestSlug uses free text in names and label values.
func TestSlug(t *testing.T) {
	push, pr := triggers.GitHubPush(), triggers.GitHubPullRequest()
	lab, other := triggers.GitLabPush(), triggers.AnyEvent()
	l := triggers.NewListener("hub").Secret("webhook", "token")
	l.On("push", push, run("p-"+push.Slug(push.Branch)+"-", value{"sha", push.SHA}).
		Label("branch", push.Slug(push.Branch)).Annotate("branch", push.Branch).
		Label("commit", push.SHA).Label("from", "x-"+push.Slug(push.Header("X-From"))).Label("team", push.Slug(push.Body("teams[0].in.x-y"))))
	l.On("pr", pr, run("p-"+pr.Number+"-", value{"slug", pr.Slug(pr.Slug(pr.Number))}).Label("files", pr.Slug(pr.ChangedFiles)))
	l.On("lab", lab, run("p-", value{"sha", lab.SHA}).Label("author", lab.Slug(lab.Author)))
	l.On("any", other, run("p-", value{"x", other.Slug(other.CEL("x", "body.a || body.b"))})).Unsigned("a test")
	written(t, "testdata/slug.yaml", l)
}

// TestTame checks that a field is accepted if filters restrict its values.
func TestTame(t *testing.T) {
	push := triggers.GitHubPush().Branches("main", "release-*", "v?")
	l := triggers.NewListener("hub").Secret("webhook", "token")
	l.On("push", push, run("p-"+push.Branch+"-", value{"sha", push.SHA}).Label("branch", push.Branch))
	_, err := l.Objects()
	assert.NoError(t, err)
}

// TestMutateFresh checks that Mutate changes only its own object.
func TestMutateFresh(t *testing.T) {
	push := triggers.GitHubPush()
	template := triggers.NewTemplate("note", "x").Raw([]byte("apiVersion: v1\nkind: Secret\nmetadata: {generateName: $(tt.params.x)}"))
	l := triggers.NewListener("hub").Secret("webhook", "token").Namespaces("a").Select(map[string]string{"k": "v"}).
		Group("g", push, map[string]string{"k": "v"})
	seen := 0
	l.Mutate(func(o *v1beta1.EventListener) {
		seen++
		assert.Equal(t, []string{"a"}, o.Spec.NamespaceSelector.MatchNames)
		assert.Equal(t, map[string]string{"k": "v"}, o.Spec.LabelSelector.MatchLabels)
		assert.Equal(t, map[string]string{"k": "v"}, o.Spec.TriggerGroups[0].TriggerSelector.LabelSelector.MatchLabels)
		o.Spec.NamespaceSelector.MatchNames[0] = "b"
		o.Spec.LabelSelector.MatchLabels["k"] = "w"
		o.Spec.TriggerGroups[0].TriggerSelector.LabelSelector = &metav1.LabelSelector{}
	})
	l.On("t", push, template).Bind(triggers.NewBinding("b").Param("x", "y")).Mutate(func(o *v1beta1.Trigger) {
		seen++
		assert.Equal(t, "note", *o.Spec.Template.Ref)
		*o.Spec.Template.Ref = "other"
		o.Labels["k"] = "w"
	})
	for range 3 {
		_, err := l.Objects()
		require.NoError(t, err)
	}
	assert.Equal(t, 6, seen)
}

// remark is an object that uses a param which no event has.
type remark struct{}

func (remark) Object() (object.Object, error) {
	return object.Object{Object: &corev1.ConfigMap{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"},
		ObjectMeta: metav1.ObjectMeta{GenerateName: "remark-"},
		Data:       map[string]string{"note": "$(tt.params.note)"},
	}}, nil
}
