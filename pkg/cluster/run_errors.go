package cluster

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/tekwright/tekwright/pkg/diag"
)

// NotFoundError reports that a run does not exist: it never existed, was
// deleted, or was replaced by another run with the same name.
type NotFoundError struct {
	Kind, Namespace, Name string
	Deleted               bool // it was deleted while it was followed
	Replaced              bool // another run has its name now
}

// Error returns a message that names the run.
func (e *NotFoundError) Error() string {
	if e == nil {
		return absent
	}
	s := e.Kind + " " + strconv.Quote(e.Name)
	switch {
	case e.Replaced:
		return s + " in namespace " + strconv.Quote(e.Namespace) + " was deleted, and another run has its name now"
	case e.Deleted:
		return s + " in namespace " + strconv.Quote(e.Namespace) + " was deleted before it ended"
	}
	return s + " does not exist in namespace " + strconv.Quote(e.Namespace) +
		help("set the right namespace (first argument of Client."+e.Kind+", -n), or search all: kubectl get "+resourceOf(e.Kind).String()+" -A")
}

// valid checks the names of a handle: the API server would misinterpret a
// request with invalid ones.
func (r *Run) valid() error {
	if r == nil {
		return errors.New("the run is nil: get it with Client.Start, Client.PipelineRun or Client.TaskRun")
	}
	if err := r.client.valid(); err != nil {
		return err
	}
	switch {
	case r.name == "":
		return errors.New("the name of the " + r.kind + " is empty")
	case len(validation.IsDNS1123Subdomain(r.name)) > 0:
		return errors.New(strconv.Quote(r.name) + " is not a valid name of a " + r.kind +
			help("use up to 253 of a-z, 0-9, - and ., with a letter or digit at the beginning and end"))
	case len(validation.IsDNS1123Label(r.namespace)) > 0:
		return errors.New(strconv.Quote(r.namespace) + " is not a valid namespace for " + r.String() +
			help("use up to 63 of a-z, 0-9 and -, with a letter or digit at the beginning and end"))
	}
	return nil
}

// EndedError reports that a run cannot be cancelled because it has already
// ended.
type EndedError struct {
	Kind, Namespace, Name string
	State                 State
	Reason                string
}

// Error returns a message with the reason of the run's end.
func (e *EndedError) Error() string {
	if e == nil {
		return absent
	}
	return fmt.Sprintf("%s %q in namespace %q has already ended: %s", e.Kind, e.Name, e.Namespace, e.Reason)
}

// resourceOf returns the resource of a kind, for permissions.
func resourceOf(kind string) schema.GroupResource {
	switch kind {
	case kindEvent:
		return schema.GroupResource{Resource: "events"}
	case kindLog:
		return schema.GroupResource{Resource: "pods/log"}
	}
	return schema.GroupResource{Group: pipeline.GroupName, Resource: strings.ToLower(kind) + "s"}
}

// neededVerbs maps a verb that failed to all verbs that the operation needs for
// runs.
var neededVerbs = map[string][]string{
	"create": {"create"},
	"patch":  {"get", "patch"},
	"get":    {"get", "list", "watch"},
	"list":   {"get", "list", "watch"},
}

// verbsFor returns the verbs that are needed for a kind. Events and logs need
// fewer than runs.
func verbsFor(kind, verb string) []string {
	switch kind {
	case kindEvent:
		return []string{"list", "watch"}
	case kindLog:
		return []string{"get"}
	}
	return neededVerbs[verb]
}

// kindLog represents the logs of pods.
const kindLog = "Log"

// unreadable returns, in full and in short, why additional information about
// the run, such as logs, cannot be read.
func (r *Run) unreadable(err error, kind string) (full, short string) {
	if forbidden, ok := errors.AsType[*ForbiddenError](r.explainKind(err, kind, "get")); ok {
		return forbidden.Error(), "the user " + forbidden.Missing
	}
	return oneLine(cause(err)), oneLine(cause(err))
}

// explain converts an error of a request about the run.
func (r *Run) explain(err error, verb string) error {
	return r.explainKind(err, r.kind, verb)
}

func (r *Run) explainKind(err error, kind, verb string) error {
	ref := diag.ObjectRef{APIVersion: "tekton.dev/v1", Kind: r.kind, Namespace: r.namespace, Name: r.name}
	if apierrors.IsNotFound(err) {
		if apierrors.HasStatusCause(err, metav1.CauseTypeUnexpectedServerResponse) {
			return &NotServedError{Objects: []diag.ObjectRef{ref}, APIVersion: ref.APIVersion, Err: err}
		}
		return &NotFoundError{Kind: r.kind, Namespace: r.namespace, Name: r.name}
	}
	return r.client.explain(err, request{object: ref, at: func(diag.Path) diag.Position { return r.at() }, resource: resourceOf(kind), verbs: verbsFor(kind, verb)})
}
