package triggers_test

import (
	"context"
	"net/http"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tektoncd/triggers/pkg/apis/triggers/v1alpha1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"knative.dev/pkg/apis"
	"sigs.k8s.io/yaml"

	"github.com/tekwright/tekwright/internal/yamlsplit"
	"github.com/tekwright/tekwright/pkg/triggers"
	"github.com/tekwright/tekwright/test/triggers/harness"
)

// signed is the interceptor that verifies GitHub's signature.
func signed() triggers.Interceptor {
	return triggers.ClusterInterceptor("github", map[string]any{
		"secretRef": map[string]string{"secretName": "webhook", "secretKey": "token"}, "eventTypes": []string{"push"},
	})
}

// shaTemplate returns a template with a run that has the commit and the note.
func shaTemplate(name string) *triggers.Template {
	t := triggers.NewTemplate(name, "sha").Default("note", "none")
	return t.Create(run("p", fields{"sha": t.Param("sha"), "note": t.Param("note")}))
}

// TestInline starts runs from triggers that are part of the listener: with an embedded
// template, and with params from bindings of all kinds.
func TestInline(t *testing.T) {
	shared := shaTemplate("shared")
	l := triggers.NewListener("l").Inline(
		triggers.NewTrigger("values").Template(shaTemplate("").Embed()).Intercept(signed().Named("verify")).
			Bind(triggers.Value("sha", "$(body.after)").Param("note", "")),
		triggers.NewTrigger("objects").Template(shared).Intercept(signed()).
			Bind(triggers.NewBinding("sha").Param("sha", "$(body.after)"), triggers.NewClusterBinding("note").Param("note", "cluster")),
		triggers.NewTrigger("").Template(shared).Intercept(signed()).Bind(triggers.Value("sha", "fixed")),
	)
	out := harness.Of(t, l).Secret("webhook", "token", secret).Send(t, load(t, "github-push-goscm").request(secret))
	require.Len(t, out.Runs, 3, "%s", out.Why)
	got := args(harness.Params(out.Runs["values"]))
	assert.Regexp(t, "^199eddf", got["sha"])
	assert.Empty(t, got["note"], "a value may be empty")
	got = args(harness.Params(out.Runs["objects"]))
	assert.Regexp(t, "^199eddf", got["sha"])
	assert.Equal(t, "cluster", got["note"])
	assert.Equal(t, args{"sha": "fixed", "note": "none"}, args(harness.Params(out.Runs[""])))
	assert.Empty(t, harness.Of(t, l).Secret("webhook", "token", secret).Send(t, load(t, "github-push-goscm").request(other)).Runs)
}

// TestAddedTriggers starts runs from Triggers that a listener refers to by name, or selects
// by an expression.
func TestAddedTriggers(t *testing.T) {
	a := triggers.NewTrigger("a").SpecName("x").Template(shaTemplate("t")).Intercept(signed()).Bind(triggers.Value("sha", "1"))
	b := triggers.NewTrigger("b").Template(shaTemplate("t2")).Intercept(signed()).Bind(triggers.Value("sha", "2")).Label("team", "b")
	c := triggers.NewTrigger("c").Template(shaTemplate("t3")).Intercept(signed()).Bind(triggers.Value("sha", "3")).Label("team", "c")
	l := triggers.NewListener("l").Add(a, triggers.NewTrigger("elsewhere").Existing()).
		SelectBy(metav1.LabelSelectorRequirement{Key: "team", Operator: metav1.LabelSelectorOpIn, Values: []string{"b"}})
	out := harness.Of(t, l, b, c).Secret("webhook", "token", secret).Send(t, load(t, "github-push-goscm").request(secret))
	assert.Equal(t, []string{"a", "b"}, triggersOf("", out), "%s", out.Why)
}

// TestGroupAlone calls the interceptors of a group once, for Triggers without any.
func TestGroupAlone(t *testing.T) {
	a := triggers.NewTrigger("a").Template(shaTemplate("t")).Bind(triggers.Value("sha", "1")).Label("team", "a")
	b := triggers.NewTrigger("b").Template(shaTemplate("t2")).Bind(triggers.Value("sha", "2"))
	l := triggers.NewListener("l").AddGroup(triggers.NewGroup("g").Intercept(signed()).
		SelectBy(metav1.LabelSelectorRequirement{Key: "team", Operator: metav1.LabelSelectorOpExists}))
	h := harness.Of(t, l, a, b).Secret("webhook", "token", secret)
	assert.Equal(t, []string{"a"}, triggersOf("", h.Send(t, load(t, "github-push-goscm").request(secret))))
	assert.Empty(t, h.Send(t, load(t, "github-push-goscm").request(other)).Runs)
}

// TestWebhookHeaders sends the headers of an interceptor to its Service.
func TestWebhookHeaders(t *testing.T) {
	l := triggers.NewListener("l").Inline(triggers.NewTrigger("a").Template(shaTemplate("t")).Bind(triggers.Value("sha", "1")).
		Intercept(triggers.WebhookInterceptor("teams").Namespace("tools").Header("X-Team", "a").HeaderList("X-Teams", "b", "c")))
	var asked http.Header
	var host string
	h := harness.Of(t, l)
	h.Service("teams", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked, host = r.Header, r.Host
		_, _ = w.Write([]byte("{}"))
	}))
	out := h.Send(t, harness.Request{Header: http.Header{}, Body: []byte("{}")})
	require.Len(t, out.Runs, 1, "%s", out.Why)
	assert.Equal(t, []string{"a"}, asked["X-Team"])
	assert.Equal(t, []string{"b", "c"}, asked["X-Teams"])
	assert.Contains(t, host, "teams.tools.")
}

// TestInterceptorObjects reads the objects that interceptors refer to with upstream's types,
// whose packages the library does not link.
func TestInterceptorObjects(t *testing.T) {
	text, err := os.ReadFile("../../pkg/triggers/testdata/interceptor-objects.yaml")
	require.NoError(t, err)
	urls := map[string]string{}
	for _, doc := range yamlsplit.Split(string(text)) {
		var head metav1.TypeMeta
		require.NoError(t, yaml.Unmarshal([]byte(doc.Text), &head))
		assert.Equal(t, v1alpha1.SchemeGroupVersion.String(), head.APIVersion)
		if head.Kind == "ClusterInterceptor" {
			var o v1alpha1.ClusterInterceptor
			require.NoError(t, yaml.UnmarshalStrict([]byte(doc.Text), &o))
			require.Nil(t, o.Validate(context.Background()))
			urls[o.Name] = resolved(t, o.ResolveAddress)
			assert.Equal(t, "PEM", string(o.Spec.ClientConfig.CaBundle))
			continue
		}
		var o v1alpha1.Interceptor
		require.NoError(t, yaml.UnmarshalStrict([]byte(doc.Text), &o))
		require.Nil(t, o.Validate(context.Background()))
		urls[o.Name] = resolved(t, o.ResolveAddress)
	}
	assert.Equal(t, map[string]string{
		"teams": "https://teams.tools.svc:8443/check", "audit": "https://audit.example.com/x", "plain": "http://plain.tools.svc:80",
	}, urls)
}

func resolved(t *testing.T, address func() (*apis.URL, error)) string {
	t.Helper()
	u, err := address()
	require.NoError(t, err)
	return u.String()
}
