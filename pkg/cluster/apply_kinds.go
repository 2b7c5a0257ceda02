package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"

	"github.com/tekwright/tekwright/pkg/diag"
)

// findKinds looks up every kind before anything is sent. Kinds that are created
// by the source itself are looked up later.
func (a *applier) findKinds(ctx context.Context, targets []*target) error {
	if err := a.reach(ctx); err != nil {
		return err
	}
	made := map[schema.GroupKind]bool{}
	for _, t := range targets {
		if t.body.GetKind() == "CustomResourceDefinition" {
			group, _, _ := unstructured.NestedString(t.body.Object, "spec", "group")
			kind, _, _ := unstructured.NestedString(t.body.Object, "spec", "names", "kind")
			made[schema.GroupKind{Group: group, Kind: kind}] = true
		}
	}
	var errs []error
	notServed := map[string]*NotServedError{}
	for _, t := range targets {
		kind := t.body.GroupVersionKind()
		mapping, err := a.mapping(ctx, kind)
		switch {
		case err == nil:
			t.found(mapping)
		case !meta.IsNoMatchError(err):
			return a.explain(err, request{object: t.ref()})
		case made[kind.GroupKind()]:
		default:
			e, err := a.notServed(ctx, kind)
			if err != nil {
				return a.explain(err, request{object: t.ref()})
			}
			key := e.APIVersion + " " + e.Kind
			if first := notServed[key]; first != nil {
				first.Objects = append(first.Objects, t.ref())
				continue
			}
			e.Objects, e.Position = []diag.ObjectRef{t.ref()}, t.object.At(diag.Path{})
			notServed[key] = e
			errs = append(errs, e)
		}
	}
	return errors.Join(errs...)
}

// reach checks that the cluster answers before anything else is requested.
func (c *Client) reach(ctx context.Context) error {
	err := c.retry(ctx, func(ctx context.Context) error {
		_, err := c.served.version(ctx)
		return err
	})
	if err = c.explain(err, request{object: diag.ObjectRef{Kind: "version"}}); wide(err) {
		return err
	}
	return nil // other requests may be allowed even if this one is not
}

// mapping finds the resource of a kind. It asks the cluster again if the kind
// was not served the last time.
func (c *Client) mapping(ctx context.Context, kind schema.GroupVersionKind) (*meta.RESTMapping, error) {
	m, err := c.served.mapping(ctx, kind, false)
	if meta.IsNoMatchError(err) {
		m, err = c.served.mapping(ctx, kind, true)
	}
	return m, err
}

// notServed returns what the cluster does not serve of a kind.
func (c *Client) notServed(ctx context.Context, kind schema.GroupVersionKind) (*NotServedError, error) {
	groups, err := c.served.groups(ctx)
	if err != nil {
		return nil, err
	}
	e := &NotServedError{APIVersion: kind.GroupVersion().String()}
	if kind.Group == "" {
		e.Served = []string{"v1"}
	}
	for _, g := range groups {
		if g.Name == kind.Group {
			for _, v := range g.Versions {
				e.Served = append(e.Served, v.GroupVersion)
			}
		}
	}
	if slices.Contains(e.Served, e.APIVersion) {
		e.Kind = kind.Kind
	}
	return e, nil
}

// findLate looks up a kind that the source has created in the meantime.
func (a *applier) findLate(ctx context.Context, t *target) error {
	if a.dry() {
		return nil
	}
	kind := t.body.GroupVersionKind()
	err := a.retry(ctx, func(ctx context.Context) error {
		mapping, err := a.mapping(ctx, kind)
		if err == nil {
			t.found(mapping)
		}
		if meta.IsNoMatchError(err) {
			return notYet{err}
		}
		return err
	})
	if late, ok := errors.AsType[notYet](err); ok {
		return fmt.Errorf("%s: its kind is created by the set, but the cluster does not serve it yet: %w", named(t.ref()), late.error)
	}
	return a.explain(err, request{object: t.ref()})
}

// notYet is an error that is expected to go away in a moment.
type notYet struct{ error }

// found records what the cluster reports about the kind.
func (t *target) found(m *meta.RESTMapping) {
	t.mapping = m
	if m.Scope.Name() == meta.RESTScopeNameRoot {
		t.body.SetNamespace("")
	}
}

// resource returns the client for objects of a kind.
func (c *Client) resource(m *meta.RESTMapping, namespace string) dynamic.ResourceInterface {
	if m.Scope.Name() == meta.RESTScopeNameRoot {
		return c.objects.Resource(m.Resource)
	}
	return c.objects.Resource(m.Resource).Namespace(namespace)
}
