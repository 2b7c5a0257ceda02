package cluster

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/internal/yamlwrite"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
)

// target is an object on its way to the cluster.
type target struct {
	object   object.Object
	body     *unstructured.Unstructured // what is sent
	mapping  *meta.RESTMapping          // nil until the kind is found
	generate string                     // generateName, of an object without a name
	filled   bool                       // a declared Secret that has its values
}

func (t *target) ref() diag.ObjectRef {
	r := refOf(t.body)
	if r.Name == "" {
		r.Name = t.generate
	}
	return r
}

// declared reports whether the object is created outside of the set.
func (t *target) declared() bool { return t.object.Declared != nil && !t.filled }

func (t *target) isNamespace() bool {
	return t.body.GroupVersionKind().GroupKind() == schema.GroupKind{Kind: "Namespace"}
}

// targets builds the source, and returns its objects as they are sent.
func (c *Client) targets(source manifest.Source, o ApplyOptions) ([]*target, error) {
	if source == nil {
		return nil, errors.New("no source to apply")
	}
	set := setOf(source)
	if err := set.Build(); err != nil { // with the profile of the set
		return nil, err
	}
	objects, err := manifest.New(set).Namespace(c.options.Namespace).Objects()
	if err != nil {
		return nil, err
	}
	var targets []*target
	declared := map[diag.ObjectRef]*target{}
	for _, object := range objects {
		t, err := targetOf(object)
		if err != nil {
			return nil, err
		}
		if object.Declared != nil {
			if t.body.GetName() == "" {
				continue // a run that others create, such as a CronJob
			}
			declared[t.ref()] = t
		}
		targets = append(targets, t)
	}
	if o.Secrets.Env != nil || o.Secrets.File != nil {
		if err := c.fill(set, declared, o.Secrets); err != nil {
			return nil, err
		}
	}
	return targets, nil
}

func setOf(source manifest.Source) *manifest.Set {
	if set, ok := source.(*manifest.Set); ok {
		return set
	}
	return manifest.New(source)
}

// targetOf returns the object as the JSON that the writers of package manifest
// would write.
func targetOf(object object.Object) (*target, error) {
	n, err := yamlwrite.Of(object.Object)
	if err != nil {
		return nil, fmt.Errorf("cannot encode an object: %w", err)
	}
	text, err := n.JSON()
	if err != nil {
		return nil, fmt.Errorf("cannot encode an object: %w", err)
	}
	body := new(unstructured.Unstructured)
	if err := body.UnmarshalJSON(text); err != nil {
		return nil, fmt.Errorf("cannot encode an object: %w", err)
	}
	if !kinds.Namespaced(body.GroupVersionKind().GroupKind()) {
		body.SetNamespace("")
	}
	t := &target{object: object, body: body}
	if body.GetName() == "" {
		t.generate = body.GetGenerateName()
	}
	return t, nil
}

// fill sets the values of declared Secrets.
func (c *Client) fill(set *manifest.Set, declared map[diag.ObjectRef]*target, values manifest.SecretValues) error {
	var text bytes.Buffer
	if err := set.WriteSecrets(&text, values); err != nil {
		return err
	}
	if text.Len() == 0 {
		return nil
	}
	read, err := manifest.Read(&text, "secrets")
	if err != nil {
		return err
	}
	objects, err := read.Namespace(c.options.Namespace).Objects()
	if err != nil {
		return err
	}
	for _, object := range objects {
		filled, err := targetOf(object)
		if err != nil {
			return err
		}
		if t := declared[filled.ref()]; t != nil {
			t.body, t.filled = filled.body, true
		}
	}
	return nil
}

// label adds the labels of the set to the objects.
func (a *applier) label(targets []*target) {
	if a.o.Set == "" {
		return
	}
	setNamespace := ""
	if all := a.namespaces(targets); len(all) > 0 {
		setNamespace = all[0]
	}
	for _, t := range targets {
		if t.isNamespace() || t.generate != "" || t.declared() {
			continue
		}
		labels := maps.Clone(t.body.GetLabels())
		if labels == nil {
			labels = map[string]string{}
		}
		labels[SetLabel] = a.o.Set
		if t.body.GetNamespace() == "" && setNamespace != "" {
			labels[SetNamespaceLabel] = setNamespace
		}
		t.body.SetLabels(labels)
	}
}

// inSet returns the object to send. If no set is given, the object keeps the
// labels of the set it was in before: a label that is not sent again would be
// removed, and Prune could no longer find the object.
func (a *applier) inSet(body, before *unstructured.Unstructured) *unstructured.Unstructured {
	if a.o.Set != "" || before == nil || !a.applied(before) {
		return body
	}
	live := before.GetLabels()
	labels := maps.Clone(body.GetLabels())
	if labels == nil {
		labels = map[string]string{}
	}
	for _, key := range []string{SetLabel, SetNamespaceLabel} {
		if _, own := labels[key]; !own && live[key] != "" {
			labels[key] = live[key]
		}
	}
	body = body.DeepCopy()
	body.SetLabels(labels)
	return body
}

// namespaces returns the namespaces of the objects, sorted.
func (a *applier) namespaces(targets []*target) []string {
	all := map[string]bool{}
	for _, t := range targets {
		if ns := t.body.GetNamespace(); ns != "" {
			all[ns] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}
