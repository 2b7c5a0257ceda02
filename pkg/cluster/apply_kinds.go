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

// findKinds looks every kind up, before anything is sent. Kinds that the source
// itself makes are left for later.
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
	absent := map[string]*NotServedError{}
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
			if first := absent[key]; first != nil {
				first.Objects = append(first.Objects, t.ref())
				continue
			}
			e.Objects, e.Position = []diag.ObjectRef{t.ref()}, t.object.At(diag.Path{})
			absent[key] = e
			errs = append(errs, e)
		}
	}
	return errors.Join(errs...)
}

// reach asks the cluster whether it is there, before anything else is asked.
func (c *Client) reach(ctx context.Context) error {
	err := c.retry(ctx, func(ctx context.Context) error {
		_, err := c.served.version(ctx)
		return err
	})
	if err = c.explain(err, request{object: diag.ObjectRef{Kind: "version"}}); wide(err) {
		return err
	}
	return nil // who may not see the version may do other things
}

// mapping finds the resource of a kind, and looks again if the cluster did not
// serve it the last time it was asked.
func (c *Client) mapping(ctx context.Context, kind schema.GroupVersionKind) (*meta.RESTMapping, error) {
	m, err := c.served.mapping(ctx, kind, false)
	if meta.IsNoMatchError(err) {
		m, err = c.served.mapping(ctx, kind, true)
	}
	return m, err
}

// notServed says what of a kind the cluster does not serve.
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

// findLate looks a kind up that the source has made in the meantime.
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
		return fmt.Errorf("%s: the set makes its kind, but the cluster does not serve it yet: %w", named(t.ref()), late.error)
	}
	return a.explain(err, request{object: t.ref()})
}

// notYet is the error for what comes in a moment.
type notYet struct{ error }

// found takes over what the cluster knows of the kind.
func (t *target) found(m *meta.RESTMapping) {
	t.mapping = m
	if m.Scope.Name() == meta.RESTScopeNameRoot {
		t.body.SetNamespace("")
	}
}

// resource is the client for the objects of a kind.
func (c *Client) resource(m *meta.RESTMapping, namespace string) dynamic.ResourceInterface {
	if m.Scope.Name() == meta.RESTScopeNameRoot {
		return c.objects.Resource(m.Resource)
	}
	return c.objects.Resource(m.Resource).Namespace(namespace)
}
