package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/client-go/dynamic"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// Labels of the objects of a named set. They are set in the metadata of the
// object itself, never in a pod template. Namespaces are not labeled, because
// sets share them.
const (
	// SetLabel is the label that holds the name of the set.
	SetLabel = "tekwright.dev/set"
	// SetNamespaceLabel is set on cluster-scoped objects. It holds the first of
	// the set's namespaces in alphabetical order, and so distinguishes sets of
	// the same name that are applied to different namespaces.
	SetNamespaceLabel = "tekwright.dev/set-namespace"
)

// ApplyOptions are options for [Client.Apply]. The zero value applies every object and prunes
// nothing.
type ApplyOptions struct {
	// Set is the name of the set. Each object gets it as the value of SetLabel.
	// An object that belongs to another set causes a ConflictError. If Set is
	// empty, an object stays in the set it already belongs to.
	Set string

	// Prune deletes the objects of the set that are no longer in the source, if
	// they were labeled by this field manager. It requires Set, and runs only
	// if everything was applied without an error. Namespaces,
	// PersistentVolumes, PersistentVolumeClaims, Secrets,
	// CustomResourceDefinitions and runs are never deleted, because their
	// contents cannot be recreated; they are reported as Kept.
	//
	// Prune searches the namespaces of the source and those in Namespaces. It
	// looks for the kinds of the source, and for all other kinds that the
	// library knows and the user is allowed to list.
	Prune bool

	// Namespaces are additional namespaces for Prune to search, for example
	// those that the source used earlier.
	Namespaces []string

	// DryRun has the server validate and admit every object, but store nothing.
	// Objects whose namespace or kind would be created by the source itself
	// cannot be validated and are Skipped.
	DryRun bool

	// Force takes over fields owned by another manager, and objects of other
	// sets. Without it, they cause a ConflictError.
	Force bool

	// Secrets provides the values of declared Secrets, as for Set.WriteSecrets.
	// Without it, declared Secrets are not touched; those that do not exist in
	// the cluster are reported as Missing, with the command that creates them.
	Secrets manifest.SecretValues

	// Progress is called after each object, in order, from the goroutine that
	// called Apply.
	Progress func(Change)
}

// Apply applies the objects of a source to the cluster by server-side apply, in
// the order of [manifest.Set]. Nothing is sent unless the source builds without
// an error and the cluster serves every kind in it. Objects without a namespace
// are created in the namespace of the Client. Runs with a generateName are
// Skipped; use Start for them. To keep the run out of the changes, put it in a
// source of its own and apply only the rest.
//
// If an object is rejected, the remaining objects are still sent, as a dry run,
// so that the error reports every problem the cluster finds; nothing more is
// stored. An error that affects all objects, such as a lost connection, ends
// Apply immediately. Requests that fail because of a conflict, a busy server or
// a webhook that is not ready are retried; see Options.Attempts.
//
// Apply returns the changes that were made, even if it returns an error. The
// error contains a *RejectedError, *ConflictError, *ForbiddenError,
// *NotServedError or *UnreachableError for each problem, or the findings of
// [manifest.Set.Build]. errors.As finds the first of them; [Problems] returns
// all of them.
func (c *Client) Apply(ctx context.Context, source manifest.Source, o ApplyOptions) ([]Change, error) {
	if err := c.valid(); err != nil {
		return nil, err
	}
	if err := o.valid(); err != nil {
		return nil, err
	}
	targets, err := c.targets(source, o)
	if err != nil {
		return nil, err
	}
	a := &applier{Client: c, o: o, source: source, missing: map[string]bool{}}
	if err := a.findKinds(ctx, targets); err != nil {
		return nil, err
	}
	a.label(targets)
	for i, t := range targets {
		change, err := a.one(ctx, t)
		if err != nil {
			a.errs = append(a.errs, err)
			if wide(err) {
				if rest := len(targets) - i - 1; rest > 0 {
					a.errs = append(a.errs, fmt.Errorf("objects not attempted: %d", rest))
				}
				break
			}
			continue
		}
		a.done(change)
	}
	if len(a.errs) == 0 && o.Prune {
		a.prune(ctx, targets)
	}
	return a.changes, a.err()
}

func (o ApplyOptions) valid() error {
	if o.Set == "" {
		if o.Prune {
			return errors.New("pruning needs the name of a set: set ApplyOptions.Set (--set)")
		}
		return nil
	}
	if problems := validation.IsValidLabelValue(o.Set); len(problems) > 0 {
		return fmt.Errorf("set name %q is not a valid label value: %s", o.Set, problems[0])
	}
	return nil
}

// applier is one call of Apply.
type applier struct {
	*Client
	o       ApplyOptions
	source  manifest.Source
	missing map[string]bool // namespaces that do not exist, in a dry run
	changes []Change
	errs    []error
}

func (a *applier) done(c Change) {
	a.changes = append(a.changes, c)
	if a.o.Progress == nil {
		return
	}
	if p := callsite.Catch(func() { a.o.Progress(c) }); p != nil {
		a.errs = append(a.errs, fmt.Errorf("the function ApplyOptions.Progress was called: %w", p))
		a.o.Progress = nil
	}
}

// dry reports whether requests must be dry runs.
func (a *applier) dry() bool { return a.o.DryRun || len(a.errs) > 0 }

// one applies one object.
func (a *applier) one(ctx context.Context, t *target) (Change, error) {
	change := Change{Object: t.ref(), Position: t.object.At(diag.Path{}), Action: Skipped, DryRun: a.o.DryRun}
	switch {
	case t.generate != "":
		change.Reason = "a run with a generateName is not applied; start it instead"
		return change, nil
	case t.mapping == nil:
		if err := a.findLate(ctx, t); err != nil || t.mapping == nil {
			change.Reason = "its kind is created by the set and does not exist yet, so it could not be validated"
			return change, err
		}
	case a.dry() && a.missing[change.Object.Namespace] && !t.isNamespace():
		change.Reason = fmt.Sprintf("namespace %q is created by the set and does not exist yet, so it could not be validated", change.Object.Namespace)
		return change, nil
	}
	if t.declared() {
		return a.declared(ctx, t, change)
	}
	ctx, warned := collecting(ctx)
	before, after, err := a.send(ctx, t)
	if t.isNamespace() && before == nil && (err != nil || a.dry()) {
		a.missing[change.Object.Name] = true
	}
	if err != nil {
		return change, err
	}
	change.Warnings = slices.Compact(warned.texts)
	switch {
	case len(a.errs) > 0:
		change.Reason = "another object was rejected; this one is valid"
	case before == nil:
		change.Action = Created
	case same(before, after), untouched(before, after, t.body.Object, a.options.FieldManager):
		change.Action = Unchanged
	default:
		change.Action = Configured
		change.Diff = difference(before, after)
	}
	return change, nil
}

// send applies an object. It returns the object as it was before, or nil if it
// did not exist, and as it is now.
func (a *applier) send(ctx context.Context, t *target) (before, after *unstructured.Unstructured, err error) {
	r := requestFor(t.body, t.object.At, t.mapping.Resource.GroupResource(), "get", "create", "patch")
	objects := a.resource(t.mapping, t.body.GetNamespace())
	options := metav1.PatchOptions{FieldManager: a.options.FieldManager, FieldValidation: metav1.FieldValidationStrict}
	if a.o.Force {
		options.Force = &a.o.Force
	}
	if a.dry() {
		options.DryRun = []string{metav1.DryRunAll}
	}
	err = a.retry(ctx, func(ctx context.Context) error {
		got, err := objects.Get(ctx, t.body.GetName(), metav1.GetOptions{})
		switch {
		case apierrors.IsNotFound(err):
			before = nil
		case err != nil:
			return err
		default:
			before = got
		}
		if err := a.foreign(t, before); err != nil {
			return err
		}
		body := a.inSet(t.body, before)
		after, err = patch(ctx, objects, body, options)
		if before != nil && a.withItself(err) {
			// Start made it by a plain create, whose fields are owned
			// separately from those that are applied. Nobody else may write in
			// between.
			body = body.DeepCopy()
			body.SetResourceVersion(before.GetResourceVersion())
			take := options
			take.Force = new(true)
			after, err = patch(ctx, objects, body, take)
		}
		return err
	})
	if _, ok := errors.AsType[*ConflictError](err); ok {
		return before, nil, err
	}
	err = a.explain(err, r)
	var refused *RejectedError
	if before != nil && isRun(t.body.GroupVersionKind().GroupKind()) && errors.As(err, &refused) {
		refused.Help = helpRun
	}
	if errors.As(err, &refused) {
		refused.Help = strings.Join(append(nonEmpty(refused.Help), a.warned(refused)...), "; ")
	}
	return before, after, err
}

// patch sends an apply request.
func patch(ctx context.Context, objects dynamic.ResourceInterface, body *unstructured.Unstructured, o metav1.PatchOptions) (*unstructured.Unstructured, error) {
	data, err := body.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("cannot encode %s: %w", named(refOf(body)), err)
	}
	return objects.Patch(ctx, body.GetName(), types.ApplyPatchType, data, o)
}

// withItself reports whether an apply conflicts only with this field manager
// itself, because it created the object.
func (c *Client) withItself(err error) bool {
	var answer apierrors.APIStatus
	if !apierrors.HasStatusCause(err, metav1.CauseTypeFieldManagerConflict) || !errors.As(err, &answer) {
		return false
	}
	return !slices.ContainsFunc(answer.Status().Details.Causes, func(cause metav1.StatusCause) bool {
		m := managerName().FindStringSubmatch(cause.Message)
		return m == nil || m[1] != c.options.FieldManager
	})
}

// foreign returns an error if the object belongs to another set.
func (a *applier) foreign(t *target, before *unstructured.Unstructured) error {
	if before == nil || a.o.Force || t.body.GetLabels()[SetLabel] == "" {
		return nil
	}
	if set := before.GetLabels()[SetLabel]; set != "" && set != a.o.Set && a.applied(before) {
		return &ConflictError{Object: t.ref(), Position: t.object.At(diag.Path{}), Set: set}
	}
	return nil
}

// declared checks whether a declared Secret exists.
func (a *applier) declared(ctx context.Context, t *target, change Change) (Change, error) {
	r := requestFor(t.body, t.object.At, t.mapping.Resource.GroupResource(), "get")
	var live *unstructured.Unstructured
	err := a.retry(ctx, func(ctx context.Context) (err error) {
		live, err = a.resource(t.mapping, t.body.GetNamespace()).Get(ctx, t.body.GetName(), metav1.GetOptions{})
		return err
	})
	change.Reason = "it is only declared, and created outside of the set"
	switch {
	case apierrors.IsForbidden(err):
		change.Reason = "it is only declared, and you are not allowed to check whether it exists"
		return change, nil
	case apierrors.IsNotFound(err):
		change.Action = Missing
	case err != nil:
		return change, a.explain(err, r)
	default:
		lacking := lackingKeys(t.body, live)
		if len(lacking) == 0 {
			change.Action = Unchanged
			return change, nil
		}
		change.Action = Missing
		change.Reason = fmt.Sprintf("it exists but lacks the keys %q", lacking)
	}
	if command := t.object.Declared.Command; command != nil {
		change.Help = command(change.Object.Namespace)
	} else if owner := t.object.Declared.Owner; owner != "" {
		change.Help = "it is to be created by " + owner
	}
	return change, nil
}

// lackingKeys returns the keys of a declared Secret that the live one does not
// have.
func lackingKeys(declared, live *unstructured.Unstructured) []string {
	want, _, _ := unstructured.NestedMap(declared.Object, "data")
	have, _, _ := unstructured.NestedMap(live.Object, "data")
	var lacking []string
	for k := range want {
		if _, ok := have[k]; !ok {
			lacking = append(lacking, k)
		}
	}
	slices.Sort(lacking)
	return lacking
}

// err returns all problems, in the order of the objects. Permissions that are
// missing for several objects of one kind are one problem, and so is a
// namespace that several objects need.
func (a *applier) err() error {
	var errs []error
	known := map[string]*[]diag.ObjectRef{}
	for _, err := range a.errs {
		key, of := problem(err)
		if first := known[key]; first != nil {
			*first = append(*first, *of...)
			continue
		}
		if key != "" {
			known[key] = of
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// problem returns a key that is the same for errors about one problem of
// several objects, and the objects of the error; "" for a problem of a single
// object.
func problem(err error) (key string, of *[]diag.ObjectRef) {
	var forbidden *ForbiddenError
	if errors.As(err, &forbidden) && len(forbidden.Rule.Verbs) > 0 {
		return fmt.Sprint("forbidden", forbidden.User, forbidden.Namespace, forbidden.Missing, forbidden.Rule), &forbidden.Objects
	}
	var notServed *NotServedError
	if errors.As(err, &notServed) && notServed.Namespace != "" {
		return fmt.Sprint("namespace", notServed.Namespace, notServed.Deleted), &notServed.Objects
	}
	return "", nil
}
