package cluster

import (
	"context"
	"errors"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/internal/secrets"
	"github.com/tekwright/tekwright/pkg/diag"
)

// request describes a request, for its errors.
type request struct {
	object   diag.ObjectRef
	at       func(path diag.Path) diag.Position // where a value of the object is set
	body     map[string]any                     // the object as it was sent, if it was
	resource schema.GroupResource               // empty if the request is not about a resource
	verbs    []string                           // all verbs that the operation needs for the resource
}

// explain converts the error of a request, nil for nil.
func (c *Client) explain(err error, r request) error {
	if err == nil {
		return nil
	}
	attempts := 1
	if tried, ok := errors.AsType[*attemptsError](err); ok {
		attempts = tried.attempts
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		at := ""
		if r.object.Name != "" {
			at = " at " + named(r.object)
		}
		return fmt.Errorf("stopped%s, before the cluster at %s has answered: %w", at, printable.Line(c.host), shown{err})
	}
	if foreign, ok := errors.AsType[*foreignError](err); ok {
		return &NotKubernetesError{Host: c.host, Err: foreign}
	}
	if lost(err) {
		return &UnreachableError{Target: theCluster, Host: c.host, Object: r.object, Attempts: attempts, Err: cause(err)}
	}
	var answer apierrors.APIStatus
	if !errors.As(err, &answer) {
		return fmt.Errorf("%s: %w", named(r.object), shown{err})
	}
	status := answer.Status()
	switch {
	case apierrors.IsUnauthorized(err):
		return fmt.Errorf("the cluster at %s does not accept the credentials; check those of the rest.Config or the kubeconfig: %w", printable.Line(c.host), shown{err})
	case calling().MatchString(status.Message):
		webhook := calling().FindStringSubmatch(status.Message)[1]
		return &UnreachableError{Target: fmt.Sprintf("webhook %q", webhook), Host: c.host, Object: r.object, Attempts: attempts, Err: cause(err)}
	case apierrors.HasStatusCause(err, metav1.CauseTypeFieldManagerConflict):
		return r.conflict(status, err)
	case apierrors.HasStatusCause(err, corev1.NamespaceTerminatingCause):
		return &NotServedError{Objects: []diag.ObjectRef{r.object}, Position: r.position(), Namespace: r.object.Namespace, Deleted: true, Err: err}
	case apierrors.IsNotFound(err) && status.Details != nil && status.Details.Kind == "namespaces" && r.resource.Resource != "namespaces":
		return &NotServedError{Objects: []diag.ObjectRef{r.object}, Position: r.position(), Namespace: status.Details.Name, Err: err}
	case apierrors.IsForbidden(err) && !denied().MatchString(status.Message):
		if forbidden := r.forbidden(status, err); forbidden != nil {
			return forbidden
		}
	}
	if attempts > 1 { // the server was busy all the time
		return &UnreachableError{Target: theCluster, Host: c.host, Object: r.object, Attempts: attempts, Err: cause(err)}
	}
	return r.refused(status, err)
}

// cause returns the error without the number of attempts, which
// UnreachableError reports itself.
func cause(err error) error {
	if tried, ok := errors.AsType[*attemptsError](err); ok {
		return tried.err
	}
	return err
}

// wide reports whether an error affects all objects of the set. An object that
// keeps being changed by others affects only itself.
func wide(err error) bool {
	if _, ok := errors.AsType[*UnreachableError](err); ok {
		return !apierrors.IsConflict(err)
	}
	if _, ok := errors.AsType[*NotKubernetesError](err); ok {
		return true
	}
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || apierrors.IsUnauthorized(err)
}

var managerName = pattern(`conflict with "([^"]*)"`)

func (r request) conflict(status metav1.Status, err error) error {
	e := &ConflictError{Object: r.object, Position: r.position(), Err: err}
	for _, cause := range status.Details.Causes {
		if cause.Type != metav1.CauseTypeFieldManagerConflict {
			continue
		}
		f := Conflict{Path: readPath(r.body, cause.Field), Manager: cause.Message}
		if m := managerName().FindStringSubmatch(cause.Message); m != nil {
			f.Manager = m[1]
		}
		f.Position = r.positionOf(f.Path)
		e.Fields = append(e.Fields, f)
	}
	return e
}

// forbidden converts a 403; it returns nil if it is not about permissions but
// about a quota or a policy.
func (r request) forbidden(status metav1.Status, err error) *ForbiddenError {
	e := &ForbiddenError{Objects: []diag.ObjectRef{r.object}, Position: r.position(), Err: err}
	if m := granting().FindStringSubmatch(status.Message); m != nil {
		e.User, e.Namespace = m[1], r.object.Namespace
		e.Missing = "cannot grant permissions it does not have itself (" + strings.Join(strings.Split(strings.TrimSpace(m[2]), "\n"), "; ") + ")"
		return e
	}
	m := cannot().FindStringSubmatch(status.Message)
	if m == nil {
		return nil
	}
	e.User = m[1]
	e.Missing = "cannot " + m[3] + " " + schema.GroupResource{Group: r.resource.Group, Resource: m[4]}.String()
	if strings.Contains(m[2], " in the namespace ") {
		e.Namespace = r.object.Namespace
	}
	e.Rule = rbacv1.PolicyRule{APIGroups: []string{r.resource.Group}, Resources: []string{m[4]}, Verbs: r.verbs}
	return e
}

// Help for rejections whose causes do not say what to do.
const (
	helpRun    = "an existing run cannot be changed; rename it, or give it a generateName and start it"
	helpFields = "correct the spelling, or remove the field if the installed version does not have it (see Client.Versions)"
)

var unknownField = pattern(`field not declared in schema|unknown field "`)

// refused converts an answer that is about the object itself.
func (r request) refused(status metav1.Status, err error) error {
	e := &RejectedError{Object: r.object, Position: r.position(), Err: err}
	var causes []said
	if m := denied().FindStringSubmatch(status.Message); m != nil {
		e.Webhook = m[1]
		if cause := decodeCause(m[2], r.body); cause != nil {
			causes = []said{*cause}
		} else {
			causes = webhookCauses(m[2])
		}
	}
	if len(causes) == 0 {
		causes = schemaCauses(status.Message)
	}
	if len(causes) > 0 && unknownField().MatchString(status.Message) {
		e.Help = helpFields
	}
	if len(causes) == 0 && status.Details != nil {
		for _, cause := range status.Details.Causes {
			causes = append(causes, said{cause.Field, cause.Message})
		}
	}
	if len(causes) == 0 {
		message := status.Message
		if message == "" {
			message = err.Error()
		}
		causes = []said{{"", message}}
	}
	values := secrets.OfObject(r.body)
	if values == nil {
		values = secrets.In(text(r.body)).Values // of what is named like a secret
	}
	mask := secrets.NewMask(values)
	for _, c := range causes {
		c.message = mask.Text(c.message, true)
		path := readPath(r.body, c.path)
		e.Fields = append(e.Fields, Cause{Path: path, Position: r.positionOf(path), Message: c.message})
	}
	return e
}

// position returns where the object is defined.
func (r request) position() diag.Position { return r.positionOf(diag.Path{}) }

// positionOf returns where a value of the object is set.
func (r request) positionOf(path diag.Path) diag.Position {
	if r.at == nil {
		return diag.Position{}
	}
	return r.at(path)
}

// requestFor returns a request about an object.
func requestFor(u *unstructured.Unstructured, at func(diag.Path) diag.Position, resource schema.GroupResource, verbs ...string) request {
	return request{object: refOf(u), at: at, body: u.Object, resource: resource, verbs: verbs}
}

// refOf returns the reference to an object.
func refOf(u *unstructured.Unstructured) diag.ObjectRef {
	return diag.ObjectRef{APIVersion: u.GetAPIVersion(), Kind: u.GetKind(), Namespace: u.GetNamespace(), Name: u.GetName()}
}
