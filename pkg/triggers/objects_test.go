package triggers_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/triggers"
)

// noted returns a template that creates a note.
func noted(name string) *triggers.Template {
	return triggers.NewTemplate(name, "note").Raw([]byte(note)) // want template
}

// github is an interceptor that verifies signatures.
func github() triggers.Interceptor {
	return triggers.ClusterInterceptor("github", map[string]any{ // want interceptor
		"secretRef": map[string]any{"secretName": "webhook", "secretKey": "token"}, "eventTypes": []string{"push"},
	})
}

// TestObjects lowers triggers that are described as they are in YAML.
func TestObjects(t *testing.T) {
	template := noted("note").Describe("note", "what the event says").Default("note", "nothing").
		Label("team", "a").Annotate("example.com/owner", "b")
	binding := triggers.NewBinding("note").Param("note", "$(body.text)").Label("team", "a").Annotate("example.com/owner", "b")
	everywhere := triggers.NewClusterBinding("everywhere").Param("note", "$(body.note)").Label("team", "a")
	l := triggers.NewListener("hub").Label("team", "a").ServiceAccount("").CloudEvents("http://events.ci.svc").
		SelectBy(metav1.LabelSelectorRequirement{Key: "team", Operator: metav1.LabelSelectorOpIn, Values: []string{"b", "c"}}).
		Add(
			triggers.NewTrigger("note").SpecName("a-note").Template(template).Bind(binding).Intercept(github().Named("verify")).
				ServiceAccount("noter").Label("team", "a").Annotate("example.com/owner", "b"),
			triggers.NewTrigger("there").Existing(),
		).
		Inline(
			triggers.NewTrigger("").Template(template).Bind(triggers.Value("note", "$(body.a)")).Intercept(github()),
			triggers.NewTrigger("embedded").Template(noted("").Embed()).Bind(everywhere, triggers.NewBinding("elsewhere").Existing(),
				triggers.NewClusterBinding("anywhere").Existing(), triggers.Value("x", "").Param("y", "1")).
				Intercept(github(), triggers.WebhookInterceptor("teams").Namespace("tools").Header("X-Team", "a").HeaderList("X-Teams", "a")).
				ServiceAccount("noter"),
			triggers.NewTrigger("of-the-cluster").Template(triggers.NewTemplate("there").Existing()).Bind(triggers.Value("note", "")).Intercept(github()),
		).
		AddGroup(triggers.NewGroup("g").Intercept(github()).Select(map[string]string{"team": "b"}).Namespaces("*").
			SelectBy(metav1.LabelSelectorRequirement{Key: "off", Operator: metav1.LabelSelectorOpDoesNotExist})).
		Replicas(2).Expose(corev1.ServiceTypeLoadBalancer, 80).LoadBalancerClass("internal").TLS("certificate").Requests("1", "").Limits("", "1Gi").
		Pod(corev1.PodTemplateSpec{
			ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"team": "a"}},
			Spec: corev1.PodSpec{
				NodeSelector: map[string]string{"disk": "ssd"},
				Containers: []corev1.Container{{Env: []corev1.EnvVar{{Name: "A", ValueFrom: &corev1.EnvVarSource{
					SecretKeyRef: &corev1.SecretKeySelector{LocalObjectReference: corev1.LocalObjectReference{Name: "a"}, Key: "b"},
				}}}}},
			},
		})
	written(t, "testdata/objects.yaml", l)

	assert.Equal(t, "default", l.Account())
	kinds := l.Creates()
	require.Len(t, kinds, 2, "what existing templates create is not known")
	assert.Equal(t, "ConfigMap", kinds[""][0].Kind)
	assert.Equal(t, "ConfigMap", kinds["noter"][0].Kind)
}

// TestNamed renames the objects of a trigger with an event.
func TestNamed(t *testing.T) {
	push := triggers.GitHubPush()
	l := triggers.NewListener("hub").Secret("webhook", "token").Select(map[string]string{"by": "hub"})
	l.On("push", push, sha(push.SHA)).Named("release").Label("team", "a").Annotate("example.com/owner", "b").
		Bind(triggers.Value("more", "1"), triggers.NewClusterBinding("c").Existing())
	l.On("note", push, noted("").Embed()).Named("note").Bind(triggers.NewBinding("there").Existing())
	written(t, "testdata/named.yaml", l)
}

// TestTriggerAlone is a Trigger that a listener selects by its labels.
func TestTriggerAlone(t *testing.T) {
	trigger := triggers.NewTrigger("note-1.0").Template(noted("note-1.0")).Bind(triggers.NewBinding("note-1.0").Param("note", "$(body.a)")).Intercept(github()).Label("by", "hub")
	written(t, "testdata/alone.yaml", trigger, triggers.NewListener("hub").Select(map[string]string{"by": "hub"}))
	objects, err := triggers.NewTrigger("there").Existing().Objects()
	require.NoError(t, err)
	assert.Empty(t, objects)
}

// TestInterceptorObjects lowers the objects that interceptors refer to.
func TestInterceptorObjects(t *testing.T) {
	sources := []manifest.Source{
		triggers.NewClusterInterceptor("teams").Service("tools", "teams", 8443, "check").CA([]byte("PEM")).Label("server/type", "https"),
		triggers.NewInterceptor("audit").URL("https://audit.example.com/x").Annotate("example.com/owner", "b").
			Mutate(func(o *unstructured.Unstructured) { o.SetFinalizers([]string{"example.com/x"}) }),
		triggers.NewInterceptor("plain").Service("tools", "plain", 0, ""),
	}
	var b bytes.Buffer
	require.NoError(t, manifest.New(sources...).Namespace("ci").Write(&b))
	golden.Check(t, "testdata/interceptor-objects.yaml", b.Bytes()) // test/triggers reads it with upstream's types
}

// TestCustomResource lowers a listener that is not a Deployment.
func TestCustomResource(t *testing.T) {
	l := triggers.NewListener("hub").Select(map[string]string{"by": "hub"}).
		CustomResource([]byte("apiVersion: serving.knative.dev/v1\nkind: Service\nspec: {template: {spec: {nodeSelector: {disk: ssd}}}}\n"))
	written(t, "testdata/custom.yaml", l)
}

// TestMutateObjects changes what has no method.
func TestMutateObjects(t *testing.T) {
	template := triggers.NewTemplate("t").Mutate(func(o *v1beta1.TriggerTemplate) {
		o.Spec.ResourceTemplates = append(o.Spec.ResourceTemplates, v1beta1.TriggerResourceTemplate{})
		o.Spec.ResourceTemplates[0].Raw = []byte(`{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"generateName": "a-"}}`)
	})
	binding := triggers.NewClusterBinding("b").Mutate(func(o *v1beta1.TriggerBinding) {
		o.Spec.Params = []v1beta1.Param{{Name: "a", Value: "b"}}
	})
	interceptor := github().Mutate(func(i *v1beta1.TriggerInterceptor) { i.Ref.APIVersion = "triggers.tekton.dev/v1alpha1" })
	l := triggers.NewListener("hub").Mutate(func(o *v1beta1.EventListener) {
		o.Spec.Triggers = []v1beta1.EventListenerTrigger{{TriggerRef: "a"}}
	})
	trigger := triggers.NewTrigger("a").Bind(binding).Intercept(interceptor).Mutate(func(o *v1beta1.Trigger) {
		name := "t"
		o.Spec.Template.Ref = &name
	})
	written(t, "testdata/mutated.yaml", l, trigger, template)
}

// TestUnusedParam: a template may declare a param that it does not use, as in YAML. The
// rules report it, with the place of the param.
func TestUnusedParam(t *testing.T) {
	template := triggers.NewTemplate("t", "note").Raw([]byte(note)).
		Default("nte", "") // want
	set := manifest.New(template)
	require.NoError(t, set.Build())
	found := set.Findings()
	require.Len(t, found, 1)
	assert.Equal(t, "param-unused", found[0].Code)
	assert.Equal(t, "want", strings.TrimSpace(marked(t, found[0].Position.String())))
}

// TestPlaces: findings in a template that is part of a trigger, and in a trigger that is
// part of a listener, have the place where they are described.
func TestPlaces(t *testing.T) {
	run := sha("$(params.nope)") // a mistake in the run
	template := triggers.NewTemplate("").Embed().
		Create(run) // want
	objects, err := triggers.NewListener("hub").Inline(triggers.NewTrigger("a").Template(template).Intercept(github())).Objects()
	require.NoError(t, err)
	listener := objects[len(objects)-1]
	at := listener.At(parsed(t, "spec.triggers[0].template.spec.resourcetemplates[0].spec.params[0].value"))
	assert.Contains(t, at.String(), "triggers_test.go", "the place of the argument")
	at = listener.At(parsed(t, "spec.triggers[0].interceptors[0].params[0]"))
	assert.Contains(t, at.String(), "objects_test.go")
}

// TestFromObject creates an upstream object.
func TestFromObject(t *testing.T) {
	o := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{GenerateName: "note-"}, Data: map[string]string{"note": "$(tt.params.note)"}}
	o.APIVersion, o.Kind = "v1", "ConfigMap"
	written(t, "testdata/from-object.yaml", triggers.NewTemplate("t", "note").Create(triggers.FromObject(o)))
	for _, r := range []triggers.Resource{triggers.FromObject(nil), triggers.FromObject(&corev1.ConfigMap{})} {
		_, err := triggers.NewTemplate("t").Create(r).Objects()
		require.Error(t, err)
		assert.Contains(t, err.Error(), "FromObject")
	}
}

// parsed parses a path.
func parsed(t *testing.T, text string) diag.Path {
	t.Helper()
	path, err := diag.ParsePath(text)
	require.NoError(t, err)
	return path
}
