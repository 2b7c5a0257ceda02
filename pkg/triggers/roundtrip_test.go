package triggers_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	pipelinev1beta1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tektoncd/triggers/pkg/apis/triggers/contexts"
	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/triggers"
)

// This file describes objects that exist as YAML with the calls of this package, without
// Mutate, and compares what these give with the original.

// described is the description of an object, and what it needs beside calls with plain
// values.
type described struct {
	source manifest.Source
	raw    int // objects in templates as text
	mutate bool
}

// describe returns the calls for an object, or nil for another kind.
func describe(o runtime.Object) *described {
	d := &described{}
	switch o := o.(type) {
	case *v1beta1.TriggerBinding:
		d.source = binding(triggers.NewBinding(o.Name), o.ObjectMeta, o.Spec)
	case *v1beta1.ClusterTriggerBinding:
		d.source = binding(triggers.NewClusterBinding(o.Name), o.ObjectMeta, o.Spec)
	case *v1beta1.TriggerTemplate:
		t := d.template(o.Name, o.Spec)
		pairs(o.Labels, func(k, v string) { t.Label(k, v) })
		pairs(o.Annotations, func(k, v string) { t.Annotate(k, v) })
		d.source = t
	case *v1beta1.Trigger:
		t := triggers.NewTrigger(o.Name).SpecName(o.Spec.Name)
		d.trigger(t, o.Spec.Bindings, &o.Spec.Template, o.Spec.Interceptors, o.Spec.ServiceAccountName)
		pairs(o.Labels, func(k, v string) { t.Label(k, v) })
		pairs(o.Annotations, func(k, v string) { t.Annotate(k, v) })
		d.source = t
	case *v1beta1.EventListener:
		d.source = d.listener(o)
	case *unstructured.Unstructured:
		if s := server(o); s != nil {
			d.source, d.mutate = s, len(o.GetFinalizers()) > 0
			s.Mutate(func(x *unstructured.Unstructured) {
				if d.mutate {
					x.SetFinalizers(o.GetFinalizers())
				}
			})
		}
	}
	if d.source == nil {
		return nil
	}
	return d
}

func pairs(m map[string]string, set func(k, v string)) {
	for k, v := range m {
		set(k, v)
	}
}

func binding(b *triggers.Binding, meta metav1.ObjectMeta, spec v1beta1.TriggerBindingSpec) *triggers.Binding {
	for _, p := range spec.Params {
		b.Param(p.Name, p.Value)
	}
	pairs(meta.Labels, func(k, v string) { b.Label(k, v) })
	pairs(meta.Annotations, func(k, v string) { b.Annotate(k, v) })
	return b
}

func (d *described) template(name string, spec v1beta1.TriggerTemplateSpec) *triggers.Template {
	var names []string
	for _, p := range spec.Params {
		names = append(names, p.Name)
	}
	t := triggers.NewTemplate(name, names...)
	for _, p := range spec.Params {
		if p.Default != nil {
			t.Default(p.Name, *p.Default)
		}
		if p.Description != "" {
			t.Describe(p.Name, p.Description)
		}
	}
	for _, r := range spec.ResourceTemplates {
		u := &unstructured.Unstructured{}
		if err := u.UnmarshalJSON(r.Raw); err == nil {
			if o := kinds.New(u.GetAPIVersion(), u.GetKind()); o != nil && runtime.DefaultUnstructuredConverter.FromUnstructuredWithValidation(u.Object, o, true) == nil {
				t.Create(triggers.FromObject(o))
				continue
			}
		}
		t.Raw(r.Raw)
		d.raw++
	}
	return t
}

func (d *described) trigger(t *triggers.Trigger, bindings []*v1beta1.TriggerSpecBinding, template *v1beta1.TriggerSpecTemplate, interceptors []*v1beta1.TriggerInterceptor, account string) {
	t.ServiceAccount(account)
	for _, b := range bindings {
		switch {
		case b.Ref != "" && b.Kind == v1beta1.ClusterTriggerBindingKind:
			t.Bind(triggers.NewClusterBinding(b.Ref).Existing())
		case b.Ref != "":
			t.Bind(triggers.NewBinding(b.Ref).Existing())
		case b.Value != nil:
			t.Bind(triggers.Value(b.Name, *b.Value))
		}
	}
	switch {
	case template == nil:
	case template.Spec != nil:
		t.Template(d.template("", *template.Spec).Embed())
	case template.Ref != nil:
		t.Template(triggers.NewTemplate(*template.Ref).Existing())
	}
	t.Intercept(d.interceptors(interceptors)...)
}

func (d *described) interceptors(list []*v1beta1.TriggerInterceptor) []triggers.Interceptor {
	var out []triggers.Interceptor
	for _, i := range list {
		params := map[string]any{}
		for _, p := range i.Params {
			params[p.Name] = json.RawMessage(p.Value.Raw)
		}
		var x triggers.Interceptor
		switch {
		case i.Webhook != nil && i.Webhook.ObjectRef != nil:
			x = triggers.WebhookInterceptor(i.Webhook.ObjectRef.Name)
			if i.Webhook.ObjectRef.Namespace != "" {
				x = x.Namespace(i.Webhook.ObjectRef.Namespace)
			}
			for _, h := range i.Webhook.Header {
				if h.Value.Type == pipelinev1beta1.ParamTypeArray {
					x = x.HeaderList(h.Name, h.Value.ArrayVal...)
				} else {
					x = x.Header(h.Name, h.Value.StringVal)
				}
			}
		case i.Ref.Kind == v1beta1.NamespacedInterceptorKind:
			x = triggers.NamespacedInterceptor(i.Ref.Name, params)
		default:
			x = triggers.ClusterInterceptor(i.Ref.Name, params)
		}
		if i.Name != nil {
			x = x.Named(*i.Name)
		}
		if version := i.Ref.APIVersion; version != "" {
			d.mutate = true
			x = x.Mutate(func(i *v1beta1.TriggerInterceptor) { i.Ref.APIVersion = version })
		}
		out = append(out, x)
	}
	return out
}

func (d *described) listener(o *v1beta1.EventListener) *triggers.Listener {
	l := triggers.NewListener(o.Name).ServiceAccount(o.Spec.ServiceAccountName)
	pairs(o.Labels, func(k, v string) { l.Label(k, v) })
	pairs(o.Annotations, func(k, v string) { l.Annotate(k, v) })
	for _, t := range o.Spec.Triggers {
		if t.TriggerRef != "" {
			l.Add(triggers.NewTrigger(t.TriggerRef).Existing())
			continue
		}
		x := triggers.NewTrigger(t.Name)
		d.trigger(x, t.Bindings, t.Template, t.Interceptors, t.ServiceAccountName)
		l.Inline(x)
	}
	for _, g := range o.Spec.TriggerGroups {
		x := triggers.NewGroup(g.Name).Intercept(d.interceptors(g.Interceptors)...).Namespaces(g.TriggerSelector.NamespaceSelector.MatchNames...)
		if s := g.TriggerSelector.LabelSelector; s != nil {
			x.Select(s.MatchLabels).SelectBy(s.MatchExpressions...)
		}
		l.AddGroup(x)
	}
	l.Namespaces(o.Spec.NamespaceSelector.MatchNames...)
	if s := o.Spec.LabelSelector; s != nil {
		l.Select(s.MatchLabels).SelectBy(s.MatchExpressions...)
	}
	if o.Spec.CloudEventURI != "" {
		l.CloudEvents(o.Spec.CloudEventURI)
	}
	if c := o.Spec.Resources.CustomResource; c != nil {
		l.CustomResource(c.Raw)
	}
	if k := o.Spec.Resources.KubernetesResource; k != nil {
		if k.Replicas != nil {
			l.Replicas(int(*k.Replicas))
		}
		port := 0
		if k.ServicePort != nil {
			port = int(*k.ServicePort)
		}
		l.Expose(k.ServiceType, port)
		if k.ServiceLoadBalancerClass != nil {
			l.LoadBalancerClass(*k.ServiceLoadBalancerClass)
		}
		l.Pod(corev1.PodTemplateSpec{ObjectMeta: k.Template.ObjectMeta, Spec: k.Template.Spec})
	}
	return l
}

func server(o *unstructured.Unstructured) *triggers.InterceptorServer {
	var s *triggers.InterceptorServer
	switch {
	case o.GetAPIVersion() != "triggers.tekton.dev/v1alpha1":
		return nil
	case o.GetKind() == "ClusterInterceptor":
		s = triggers.NewClusterInterceptor(o.GetName())
	case o.GetKind() == "Interceptor":
		s = triggers.NewInterceptor(o.GetName())
	default:
		return nil
	}
	pairs(o.GetLabels(), func(k, v string) { s.Label(k, v) })
	pairs(o.GetAnnotations(), func(k, v string) { s.Annotate(k, v) })
	text := func(path ...string) string {
		out, _, _ := unstructured.NestedString(o.Object, append([]string{"spec", "clientConfig"}, path...)...)
		return out
	}
	if url := text("url"); url != "" {
		s.URL(url)
	}
	if ca, err := base64.StdEncoding.DecodeString(text("caBundle")); err == nil {
		s.CA(ca)
	}
	if name := text("service", "name"); name != "" {
		port, _, _ := unstructured.NestedInt64(o.Object, "spec", "clientConfig", "service", "port")
		s.Service(text("service", "namespace"), name, int(port), text("service", "path"))
	}
	return s
}

// comparable returns what an object says, with upstream's defaults.
func comparable(t *testing.T, o runtime.Object) string {
	t.Helper()
	o = o.DeepCopyObject()
	if m, ok := o.(metav1.Object); ok {
		m.SetNamespace("") // of the set
		m.SetCreationTimestamp(metav1.Time{})
	}
	if d, ok := o.(interface{ SetDefaults(context.Context) }); ok {
		d.SetDefaults(contexts.WithUpgradeViaDefaulting(context.Background()))
	}
	raw, err := json.Marshal(o)
	require.NoError(t, err)
	var content any
	require.NoError(t, json.Unmarshal(raw, &content))
	text, err := json.MarshalIndent(ordered(content), "", " ")
	require.NoError(t, err)
	return string(text)
}

// ordered returns content with params in the order of their names, and objects in templates
// as upstream writes them.
func ordered(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = ordered(v[i])
		}
	case map[string]any:
		delete(v, "status")
		for k := range v {
			if list, ok := v[k].([]any); ok && k == "params" {
				slices.SortStableFunc(list, func(a, b any) int {
					x, _ := a.(map[string]any)["name"].(string)
					y, _ := b.(map[string]any)["name"].(string)
					return strings.Compare(x, y)
				})
			}
			if list, ok := v[k].([]any); ok && k == "resourcetemplates" {
				for i := range list {
					list[i] = asWritten(list[i])
				}
			}
			if v[k] = ordered(v[k]); v[k] == nil {
				delete(v, k)
			}
		}
	}
	return v
}

// asWritten returns an object in a template as upstream's struct writes it.
func asWritten(v any) any {
	raw, err := json.Marshal(v)
	if err != nil {
		return v
	}
	u := &unstructured.Unstructured{}
	if u.UnmarshalJSON(raw) != nil {
		return v
	}
	o := kinds.New(u.GetAPIVersion(), u.GetKind())
	if o == nil || runtime.DefaultUnstructuredConverter.FromUnstructuredWithValidation(u.Object, o, true) != nil {
		return v
	}
	var out any
	if raw, err = json.Marshal(o); err != nil || json.Unmarshal(raw, &out) != nil {
		return v
	}
	return out
}

// tally counts what became of the objects of a kind.
type tally struct{ read, same, plain, builds int }

// TestRoundTrip describes the trigger objects of the golden files and examples, or those of
// the folder TEKWRIGHT_CORPUS, and compares the result with the originals. For a folder it
// reports how many could be described without Mutate and without text.
func TestRoundTrip(t *testing.T) {
	folders := []string{"testdata", "../../examples"}
	corpus := os.Getenv("TEKWRIGHT_CORPUS")
	if corpus != "" {
		folders = []string{corpus}
	}
	all := map[string]*tally{}
	for _, folder := range folders {
		require.NoError(t, filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".yaml" {
				return err
			}
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			objects, _ := manifest.Parse(text, path)
			if objects, _, err = manifest.Upgrade(objects); err != nil && corpus == "" {
				return err
			}
			for _, o := range objects {
				roundTrip(t, path, o, all, corpus != "")
			}
			return nil
		}))
	}
	for kind, n := range all {
		t.Logf("%-22s read %4d, same %4d, without Mutate or Raw %4d, Build without errors %4d", kind, n.read, n.same, n.plain, n.builds)
		if corpus == "" {
			assert.Equal(t, n.read, n.same, kind)
		}
	}
	assert.GreaterOrEqual(t, len(all), 5)
}

func roundTrip(t *testing.T, path string, o object.Object, all map[string]*tally, public bool) {
	t.Helper()
	d := describe(o.Object)
	if d == nil {
		return
	}
	kind := o.Ref().Kind
	if all[kind] == nil {
		all[kind] = &tally{}
	}
	n := all[kind]
	n.read++
	objects, err := d.source.Objects()
	if err != nil && !public {
		t.Errorf("%s: %s: %v", path, o.Ref(), err)
	}
	if len(objects) == 0 {
		return
	}
	want, got := comparable(t, o.Object), comparable(t, objects[len(objects)-1].Object)
	if want != got {
		if public {
			t.Logf("%s: %s: not the same: %v\n%s\n%s", path, o.Ref(), err, want, got)
		} else {
			assert.Equal(t, want, got, path)
		}
		return
	}
	n.same++
	if !d.mutate && d.raw == 0 {
		n.plain++
	}
	if err := manifest.New(d.source).Build(); err == nil {
		n.builds++
	} else if public {
		t.Logf("%s: %s: Build: %v", path, o.Ref(), err)
	}
}
