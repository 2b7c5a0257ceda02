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

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// Labels of the objects of a set with a name. They stand in the metadata of the
// object itself, never in that of pods. Namespaces have none, as sets share
// them.
const (
	// SetLabel holds the name of the set.
	SetLabel = "tekwright.dev/set"
	// SetNamespaceLabel holds, for an object that is in no namespace, the first
	// namespace of its set by name. It keeps sets of one name apart that are
	// applied to different namespaces.
	SetNamespaceLabel = "tekwright.dev/set-namespace"
)

// ApplyOptions say how Apply goes about it. The zero value applies every object
// and prunes nothing.
type ApplyOptions struct {
	// Set is the name of the set, which each object gets as its SetLabel. An
	// object of another set is a ConflictError. Without a name, an object stays
	// in the set that it is in.
	Set string

	// Prune deletes the objects of the set that the source has no longer: those
	// that this field manager labelled. It needs Set, and happens only if
	// everything was applied without an error. Namespaces, volumes, claims,
	// Secrets, CustomResourceDefinitions and runs are never deleted: what they
	// hold cannot be made again. Other objects of such kinds are reported as Kept.
	//
	// It looks in the namespaces that the source names, and in Namespaces, for
	// the kinds of the source, and for all others that the library knows and the
	// account may list.
	Prune bool

	// Namespaces are searched by Prune as well: those of which the source had
	// objects once.
	Namespaces []string

	// DryRun has the server validate and admit everything, and store nothing.
	// Objects in a namespace that the source would make, and kinds that it would
	// make, cannot be asked for: they are Skipped.
	DryRun bool

	// Force takes fields over that another manager owns, and objects of other
	// sets. Without it they are a ConflictError.
	Force bool

	// Secrets finds the values of declared Secrets, as Set.WriteSecrets does.
	// Without it, declared Secrets are not touched: those that the cluster lacks
	// are reported as Missing, with the command that makes them.
	Secrets manifest.Values

	// Progress is called after each object, in order, from the goroutine of
	// Apply.
	Progress func(Change)
}

// Apply brings the objects of a source to the cluster by server-side apply, in
// the order of [manifest.Set]. Nothing is sent unless the source builds without
// an error and the cluster serves every kind in it. Objects without a namespace
// go to that of the Client. Runs with a generateName are Skipped: Start starts
// them. A source of its own for the run, without which the rest is applied,
// keeps them out of the changes.
//
// When an object is refused, the rest is still sent, as a dry run: so the error
// holds every problem that the cluster sees, and nothing more is stored. An
// error that holds for everything, such as a lost connection, ends Apply at
// once. Requests that meet a conflict, a busy server or a webhook that is not
// ready are repeated; see Options.Attempts.
//
// The changes are those that were made, also if there is an error. The error
// holds a *RefusedError, *ConflictError, *ForbiddenError, *NotServedError or
// *UnreachableError for each problem, or the findings of [manifest.Set.Build].
// errors.As finds the first of them, and [Problems] returns all.
func (c *Client) Apply(ctx context.Context, source manifest.Source, o ApplyOptions) ([]Change, error) {
	if err := o.valid(); err != nil {
		return nil, err
	}
	targets, err := c.targets(source, o)
	if err != nil {
		return nil, err
	}
	a := &applier{Client: c, o: o, source: source, absent: map[string]bool{}}
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
					a.errs = append(a.errs, fmt.Errorf("objects that were not tried: %d", rest))
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
			return errors.New("there is no Set to prune: name it (ApplyOptions.Set, --set), so that its objects can be told from others")
		}
		return nil
	}
	if problems := validation.IsValidLabelValue(o.Set); len(problems) > 0 {
		return fmt.Errorf("the name of the set, %q, cannot be the value of a label: %s", o.Set, problems[0])
	}
	return nil
}

// applier is one call of Apply.
type applier struct {
	*Client
	o       ApplyOptions
	source  manifest.Source
	absent  map[string]bool // namespaces that are not there in a dry run
	changes []Change
	errs    []error
}

func (a *applier) done(c Change) {
	a.changes = append(a.changes, c)
	if a.o.Progress != nil {
		a.o.Progress(c)
	}
}

// dry tells whether nothing must be stored.
func (a *applier) dry() bool { return a.o.DryRun || len(a.errs) > 0 }

// one applies one object.
func (a *applier) one(ctx context.Context, t *target) (Change, error) {
	change := Change{Object: t.ref(), Position: t.object.At(diag.Path{}), Action: Skipped, DryRun: a.o.DryRun}
	switch {
	case t.generate != "":
		change.Reason = "a run without a name is not applied: start it"
		return change, nil
	case t.mapping == nil:
		if err := a.findLate(ctx, t); err != nil || t.mapping == nil {
			change.Reason = "the set makes its kind, which is not there yet: the cluster cannot be asked"
			return change, err
		}
	case a.dry() && a.absent[change.Object.Namespace] && !t.isNamespace():
		change.Reason = fmt.Sprintf("the set makes namespace %q, which is not there yet: the cluster cannot be asked", change.Object.Namespace)
		return change, nil
	}
	if t.declared() {
		return a.declared(ctx, t, change)
	}
	ctx, warned := collecting(ctx)
	before, after, err := a.send(ctx, t)
	if t.isNamespace() && before == nil && (err != nil || a.dry()) {
		a.absent[change.Object.Name] = true
	}
	if err != nil {
		return change, err
	}
	change.Warnings = slices.Compact(warned.texts)
	switch {
	case len(a.errs) > 0:
		change.Reason = "another object was refused; this one would have been taken"
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

// send applies an object, and returns it as it was before, nil if it was not
// there, and as it is now.
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
			// Start made it by a plain create, whose fields are held apart from
			// those that are applied. Nobody else may write in between.
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
	var refused *RefusedError
	if before != nil && isRun(t.body.GroupVersionKind().GroupKind()) && errors.As(err, &refused) {
		refused.Help = helpRun
	}
	if errors.As(err, &refused) {
		refused.Help = strings.Join(append(nonEmpty(refused.Help), a.warned(refused)...), "; ")
	}
	return before, after, err
}

// patch sends an apply.
func patch(ctx context.Context, objects dynamic.ResourceInterface, body *unstructured.Unstructured, o metav1.PatchOptions) (*unstructured.Unstructured, error) {
	data, err := body.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("%s cannot be sent: %w", named(refOf(body)), err)
	}
	return objects.Patch(ctx, body.GetName(), types.ApplyPatchType, data, o)
}

// withItself tells whether an apply is in conflict with nobody but this field
// manager, as it created the object.
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

// foreign is the error for an object that belongs to another set.
func (a *applier) foreign(t *target, before *unstructured.Unstructured) error {
	if before == nil || a.o.Force || t.body.GetLabels()[SetLabel] == "" {
		return nil
	}
	if set := before.GetLabels()[SetLabel]; set != "" && set != a.o.Set && a.applied(before) {
		return &ConflictError{Object: t.ref(), Position: t.object.At(diag.Path{}), Set: set}
	}
	return nil
}

// declared looks whether a declared Secret is there.
func (a *applier) declared(ctx context.Context, t *target, change Change) (Change, error) {
	r := requestFor(t.body, t.object.At, t.mapping.Resource.GroupResource(), "get")
	var live *unstructured.Unstructured
	err := a.retry(ctx, func(ctx context.Context) (err error) {
		live, err = a.resource(t.mapping, t.body.GetNamespace()).Get(ctx, t.body.GetName(), metav1.GetOptions{})
		return err
	})
	change.Reason = "it is declared only, and made by other means"
	switch {
	case apierrors.IsForbidden(err):
		change.Reason = "it is declared only, and the account may not see whether it is there"
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
		change.Reason = fmt.Sprintf("it is there, and lacks the keys %q", lacking)
	}
	if command := t.object.Declared.Command; command != nil {
		change.Help = command(change.Object.Namespace)
	}
	return change, nil
}

// lackingKeys are the keys of a declared Secret that the live one has not.
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

// err is every problem, in the order of the objects. What the account may not
// do with several objects of one kind is one problem, and so is a namespace that
// several objects lack.
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

// problem is the same for errors that are one problem of several objects, with
// those that one of the errors names; "" for a problem of one object.
func problem(err error) (key string, of *[]diag.ObjectRef) {
	var rights *ForbiddenError
	if errors.As(err, &rights) && len(rights.Rule.Verbs) > 0 {
		return fmt.Sprint("rights", rights.User, rights.Namespace, rights.Missing, rights.Rule), &rights.Objects
	}
	var absent *NotServedError
	if errors.As(err, &absent) && absent.Namespace != "" {
		return fmt.Sprint("namespace", absent.Namespace, absent.Deleted), &absent.Objects
	}
	return "", nil
}
