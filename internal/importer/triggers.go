package importer

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	pipelinev1beta1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/internal/importer/same"
)

// triggerObject translates an object of Tekton Triggers to a function, or to nil if it is of
// another kind.
func (w *writer) triggerObject(o runtime.Object) *plan.Func {
	c := &chain{}
	var meta metav1.ObjectMeta
	var kind, result string
	var of reflect.Type
	switch o := o.(type) {
	case *v1beta1.TriggerBinding:
		kind, result, meta, of = "TriggerBinding", "Binding", o.ObjectMeta, reflect.TypeFor[v1beta1.TriggerBinding]()
		c.e = plan.Fn("triggers.NewBinding", plan.Text(o.Name))
		bindingParams(c, o.Spec.Params)
	case *v1beta1.ClusterTriggerBinding:
		kind, result, meta, of = "ClusterTriggerBinding", "Binding", o.ObjectMeta, reflect.TypeFor[v1beta1.TriggerBinding]()
		c.e = plan.Fn("triggers.NewClusterBinding", plan.Text(o.Name))
		bindingParams(c, o.Spec.Params)
	case *v1beta1.TriggerTemplate:
		kind, result, meta, of = "TriggerTemplate", "Template", o.ObjectMeta, reflect.TypeFor[v1beta1.TriggerTemplate]()
		w.template(c, o.Name, &o.Spec)
	case *v1beta1.Trigger:
		kind, result, meta, of = "Trigger", "Trigger", o.ObjectMeta, reflect.TypeFor[v1beta1.Trigger]()
		c.e = plan.Fn("triggers.NewTrigger", plan.Text(o.Name))
		if o.Spec.Name != "" {
			c.do("SpecName", plan.Text(o.Spec.Name))
		}
		w.trigger(c, o.Spec.Bindings, &o.Spec.Template, o.Spec.Interceptors, o.Spec.ServiceAccountName)
	case *v1beta1.EventListener:
		kind, result, meta, of = "EventListener", "Listener", o.ObjectMeta, reflect.TypeFor[v1beta1.EventListener]()
		w.listener(c, o)
	default:
		return nil
	}
	for _, k := range slices.Sorted(maps.Keys(meta.Labels)) {
		c.do("Label", plan.Text(k), plan.Text(meta.Labels[k]))
	}
	for _, k := range slices.Sorted(maps.Keys(meta.Annotations)) {
		c.do("Annotate", plan.Text(k), plan.Text(meta.Annotations[k]))
	}
	w.mutate(c, "", of)
	return &plan.Func{
		Name: w.name("", w.index.Spelling.exported(meta.Name), result), Says: "describes the " + kind + " " + meta.Name,
		Result: "*triggers." + result, Returns: c.e,
	}
}

func bindingParams(c *chain, params []v1beta1.Param) {
	for _, p := range params {
		c.do("Param", plan.Text(p.Name), plan.Text(p.Value))
	}
}

// template translates the spec of a template. Its objects become runs of package builder,
// upstream structs or texts: whatever is the same object.
func (w *writer) template(c *chain, name string, spec *v1beta1.TriggerTemplateSpec) {
	args := []plan.Expr{plan.Text(name)}
	for _, p := range spec.Params {
		args = append(args, plan.Text(p.Name))
	}
	c.e = plan.Fn("triggers.NewTemplate", args...)
	for _, p := range spec.Params {
		if p.Default != nil {
			c.do("Default", plan.Text(p.Name), plan.Text(*p.Default))
		}
		if p.Description != "" {
			c.do("Describe", plan.Text(p.Name), plan.Text(p.Description))
		}
	}
	for i := range spec.ResourceTemplates {
		raw := spec.ResourceTemplates[i].Raw
		if o := same.Typed(raw); o != nil && !w.rawObjects {
			c.do("Create", plan.Fn("triggers.FromObject", plan.Literal{Value: o}))
		} else {
			c.do("Raw", plan.Literal{Value: raw})
			w.raws = append(w.raws, Hatch{fmt.Sprintf("spec.resourcetemplates[%d]", i), "spec.resourcetemplates", leavesOf(raw)})
		}
	}
}

// trigger translates what Triggers and the triggers of a listener have in common.
func (w *writer) trigger(c *chain, bindings []*v1beta1.TriggerSpecBinding, template *v1beta1.TriggerSpecTemplate, interceptors []*v1beta1.TriggerInterceptor, account string) {
	if account != "" {
		c.do("ServiceAccount", plan.Text(account))
	}
	if list := w.interceptors(interceptors); len(list) > 0 {
		c.do("Intercept", list...)
	}
	var bound []plan.Expr
	for _, b := range bindings {
		switch {
		case b == nil:
		case b.Ref != "" && b.Kind == v1beta1.ClusterTriggerBindingKind:
			bound = append(bound, plan.Method(plan.Fn("triggers.NewClusterBinding", plan.Text(b.Ref)), "Existing"))
		case b.Ref != "":
			bound = append(bound, plan.Method(plan.Fn("triggers.NewBinding", plan.Text(b.Ref)), "Existing"))
		case b.Value != nil:
			bound = append(bound, plan.Fn("triggers.Value", plan.Text(b.Name), plan.Text(*b.Value)))
		}
	}
	if len(bound) > 0 {
		c.do("Bind", bound...)
	}
	switch {
	case template == nil:
	case template.Spec != nil:
		t := &chain{}
		w.template(t, "", template.Spec)
		c.do("Template", plan.Method(t.e, "Embed"))
	case template.Ref != nil:
		c.do("Template", plan.Method(plan.Fn("triggers.NewTemplate", plan.Text(*template.Ref)), "Existing"))
	}
}

func (w *writer) interceptors(list []*v1beta1.TriggerInterceptor) []plan.Expr {
	var out []plan.Expr
	for _, i := range list {
		if i == nil {
			continue
		}
		c := &chain{}
		switch {
		case i.Webhook != nil && i.Webhook.ObjectRef != nil:
			webhook(c, i.Webhook)
		case i.Webhook != nil:
			continue
		default:
			f := "triggers.ClusterInterceptor"
			if i.Ref.Kind == v1beta1.NamespacedInterceptorKind {
				f = "triggers.NamespacedInterceptor"
			}
			c.e = plan.Fn(f, plan.Text(i.Ref.Name), plan.Literal{Value: interceptorParams(i.Params)})
		}
		if i.Name != nil {
			c.do("Named", plan.Text(*i.Name))
		}
		out = append(out, c.e)
	}
	return out
}

func webhook(c *chain, h *v1beta1.WebhookInterceptor) {
	c.e = plan.Fn("triggers.WebhookInterceptor", plan.Text(h.ObjectRef.Name))
	if h.ObjectRef.Namespace != "" {
		c.do("Namespace", plan.Text(h.ObjectRef.Namespace))
	}
	for _, x := range h.Header {
		if x.Value.Type == pipelinev1beta1.ParamTypeArray {
			c.do("HeaderList", append([]plan.Expr{plan.Text(x.Name)}, texts(x.Value.ArrayVal)...)...)
			continue
		}
		c.do("Header", plan.Text(x.Name), plan.Text(x.Value.StringVal))
	}
}

func interceptorParams(params []v1beta1.InterceptorParams) map[string]any {
	if len(params) == 0 {
		return nil
	}
	out := map[string]any{}
	for _, p := range params {
		var v any
		if json.Unmarshal(p.Value.Raw, &v) == nil {
			out[p.Name] = v
		}
	}
	return out
}

// listener translates an EventListener.
func (w *writer) listener(c *chain, o *v1beta1.EventListener) {
	c.e = plan.Fn("triggers.NewListener", plan.Text(o.Name))
	spec := &o.Spec
	c.do("ServiceAccount", plan.Text(spec.ServiceAccountName)) // "" is the default of the namespace, not ours
	for i := range spec.Triggers {
		t := &spec.Triggers[i]
		if t.TriggerRef != "" {
			c.do("Add", plan.Method(plan.Fn("triggers.NewTrigger", plan.Text(t.TriggerRef)), "Existing"))
			continue
		}
		x := &chain{plan.Fn("triggers.NewTrigger", plan.Text(t.Name))}
		w.trigger(x, t.Bindings, t.Template, t.Interceptors, t.ServiceAccountName)
		c.do("Inline", x.e)
	}
	for _, g := range spec.TriggerGroups {
		x := &chain{plan.Fn("triggers.NewGroup", plan.Text(g.Name))}
		if list := w.interceptors(g.Interceptors); len(list) > 0 {
			x.do("Intercept", list...)
		}
		selects(x, g.TriggerSelector.NamespaceSelector, g.TriggerSelector.LabelSelector)
		c.do("AddGroup", x.e)
	}
	selects(c, spec.NamespaceSelector, spec.LabelSelector)
	if spec.CloudEventURI != "" {
		c.do("CloudEvents", plan.Text(spec.CloudEventURI))
	}
	if r := spec.Resources.CustomResource; r != nil {
		c.do("CustomResource", plan.Literal{Value: r.Raw})
	}
	if k := spec.Resources.KubernetesResource; k != nil {
		listenerPod(c, k)
	}
}

// selects translates the selectors of a listener or a group.
func selects(c *chain, namespaces v1beta1.NamespaceSelector, labels *metav1.LabelSelector) {
	if len(namespaces.MatchNames) > 0 {
		c.do("Namespaces", texts(namespaces.MatchNames)...)
	}
	if labels == nil {
		return
	}
	c.do("Select", plan.Literal{Value: labels.MatchLabels})
	if len(labels.MatchExpressions) > 0 {
		var list []plan.Expr
		for _, e := range labels.MatchExpressions {
			list = append(list, plan.Literal{Value: e})
		}
		c.do("SelectBy", list...)
	}
}

// podTemplate returns the pod of a listener, nil if nothing of it is set.
func podTemplate(k *v1beta1.KubernetesResource) *corev1.PodTemplateSpec {
	t := corev1.PodTemplateSpec{ObjectMeta: k.Template.ObjectMeta, Spec: k.Template.Spec}
	if reflect.DeepEqual(t, corev1.PodTemplateSpec{}) {
		return nil
	}
	return &t
}

func listenerPod(c *chain, k *v1beta1.KubernetesResource) {
	if k.Replicas != nil {
		c.do("Replicas", plan.Int(*k.Replicas))
	}
	if k.ServiceType != "" || k.ServicePort != nil {
		port := plan.Int(0)
		if k.ServicePort != nil {
			port = plan.Int(*k.ServicePort)
		}
		c.do("Expose", plan.Text(k.ServiceType), port)
	}
	if k.ServiceLoadBalancerClass != nil {
		c.do("LoadBalancerClass", plan.Text(*k.ServiceLoadBalancerClass))
	}
	if t := podTemplate(k); t != nil {
		c.do("Pod", plan.Literal{Value: *t})
	}
}
