package simulate

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/tektoncd/triggers/pkg/apis/triggers/contexts"
	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"knative.dev/pkg/apis"

	"github.com/tekwright/tekwright/internal/conversion"
	"github.com/tekwright/tekwright/pkg/object"
)

// triggersContext is the context in which Tekton's webhook sees objects of Triggers.
func triggersContext() context.Context {
	return contexts.WithUpgradeViaDefaulting(context.Background())
}

// triggerSet has the objects of Triggers in a set.
type triggerSet struct {
	listeners       []*v1beta1.EventListener
	triggers        []*v1beta1.Trigger
	bindings        []*v1beta1.TriggerBinding
	clusterBindings []*v1beta1.ClusterTriggerBinding
	templates       []*v1beta1.TriggerTemplate
}

// triggersOf returns copies of the objects of Triggers.
func triggersOf(objects []object.Object) (*triggerSet, error) {
	s := &triggerSet{}
	for _, of := range objects {
		o := of.Object
		if of.Checked != nil {
			o = of.Checked
		}
		if o == nil || o.GetObjectKind().GroupVersionKind().Group != "triggers.tekton.dev" {
			continue
		}
		var err error
		switch o.GetObjectKind().GroupVersionKind().Kind {
		case "EventListener":
			err = add(&s.listeners, o)
		case "Trigger":
			err = add(&s.triggers, o)
		case "TriggerBinding":
			err = add(&s.bindings, o)
		case "ClusterTriggerBinding":
			err = add(&s.clusterBindings, o)
		case "TriggerTemplate":
			err = add(&s.templates, o)
		}
		if err != nil {
			return nil, errorf("%s: %w", of.Ref(), err)
		}
	}
	return s, nil
}

// add adds an object as the type of the list, with the fields of v1beta1 and its defaults.
func add[T any](list *[]*T, o any) error {
	text, err := json.Marshal(o)
	if err != nil {
		return err
	}
	var content map[string]any
	if err := json.Unmarshal(text, &content); err != nil {
		return err
	}
	if content["apiVersion"] == "triggers.tekton.dev/v1alpha1" {
		content, _ = conversion.Triggers(content)
		if text, err = json.Marshal(content); err != nil {
			return err
		}
	}
	to := new(T)
	if err := json.Unmarshal(text, to); err != nil {
		return err
	}
	if d, ok := any(to).(apis.Defaultable); ok {
		d.SetDefaults(triggersContext())
	}
	*list = append(*list, to)
	return nil
}

// choose returns the listeners that the options ask for, sorted, with their namespaces.
func (s *triggerSet) choose(options EventOptions) ([]*v1beta1.EventListener, error) {
	var out []*v1beta1.EventListener
	var names []string
	for _, l := range s.listeners {
		l = l.DeepCopy()
		if l.Namespace == "" {
			l.Namespace = options.Namespace
		}
		if l.Namespace == "" {
			l.Namespace = "default"
		}
		names = append(names, l.Name)
		if want := options.Listener; want == "" || want == l.Name || want == l.Namespace+"/"+l.Name {
			out = append(out, l)
		}
	}
	if options.Listener != "" && len(names) == 0 {
		return nil, errorf("there is no EventListener")
	}
	if options.Listener != "" && len(out) == 0 {
		return nil, unknownName("EventListener", options.Listener, names)
	}
	slices.SortStableFunc(out, func(a, b *v1beta1.EventListener) int {
		return strings.Compare(a.Namespace+"/"+a.Name, b.Namespace+"/"+b.Name)
	})
	return out, nil
}

// in returns the set with the namespace for objects that have none.
func (s *triggerSet) in(namespace string) *triggerSet {
	return &triggerSet{
		triggers: placed(s.triggers, namespace), bindings: placed(s.bindings, namespace),
		templates: placed(s.templates, namespace), clusterBindings: s.clusterBindings,
	}
}

// placed returns the objects, those without a namespace in the given one. Of two of the same
// name, the one that has the namespace counts.
func placed[T interface {
	comparable
	metav1.Object
	DeepCopy() T
}](objects []T, namespace string) []T {
	var out []T
	seen := map[string]bool{}
	for _, own := range []bool{true, false} {
		for _, o := range objects {
			if (o.GetNamespace() != "") != own {
				continue
			}
			if !own {
				o = o.DeepCopy()
				o.SetNamespace(namespace)
			}
			if key := o.GetNamespace() + "/" + o.GetName(); !seen[key] {
				seen[key] = true
				out = append(out, o)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b T) int {
		return strings.Compare(a.GetNamespace()+"/"+a.GetName(), b.GetNamespace()+"/"+b.GetName())
	})
	return out
}

// get returns the object of this name, or the error of Tekton's lister.
func get[T metav1.Object](objects []T, namespace, resource string) func(string) (T, error) {
	return func(name string) (none T, err error) {
		for _, o := range objects {
			if o.GetName() == name && (namespace == "" || o.GetNamespace() == namespace) {
				return o, nil
			}
		}
		return none, apierrors.NewNotFound(schema.GroupResource{Group: "triggers.tekton.dev", Resource: resource}, name)
	}
}

// selected returns the triggers that selectors find, as selectTriggers of the sink does.
func (s *triggerSet) selected(namespaces v1beta1.NamespaceSelector, selector *metav1.LabelSelector, own string) ([]*v1beta1.Trigger, error) {
	wanted := labels.Everything()
	if selector != nil {
		var err error
		if wanted, err = metav1.LabelSelectorAsSelector(selector); err != nil {
			return nil, err
		}
	}
	in := namespaces.MatchNames
	if len(in) == 0 {
		if selector == nil {
			return nil, nil
		}
		in = []string{own}
	}
	var out []*v1beta1.Trigger
	for _, namespace := range in {
		for _, t := range s.triggers {
			if (t.Namespace == namespace || namespace == "*" && len(in) == 1) && wanted.Matches(labels.Set(t.Labels)) {
				out = append(out, t)
			}
		}
	}
	return out, nil
}

// refusal is what Tekton's webhook says against an object of Triggers.
func refusal(o apis.Validatable) error {
	// Validate returns a *apis.FieldError, which is nil in an error that is not.
	if err := o.Validate(triggersContext()); err != nil {
		return err
	}
	return nil
}
