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

// NotFoundError says that a run is not in the cluster: it never was, it was
// deleted, or another one has its name now.
type NotFoundError struct {
	Kind, Namespace, Name string
	Deleted               bool // while it was followed
	Replaced              bool // by another run of that name
}

// Error says which run is not there.
func (e *NotFoundError) Error() string {
	s := e.Kind + " " + strconv.Quote(e.Name)
	switch {
	case e.Replaced:
		return s + " in namespace " + strconv.Quote(e.Namespace) + " was deleted, and another run has its name now"
	case e.Deleted:
		return s + " in namespace " + strconv.Quote(e.Namespace) + " was deleted before it ended"
	}
	return s + " is not in namespace " + strconv.Quote(e.Namespace) +
		help("give the namespace that it is in (first argument of Client."+e.Kind+", -n), or look for it: kubectl get "+runsResource(e.Kind).String()+" -A")
}

// valid says what is wrong with the names of a handle, before the API server is
// asked in words that it takes for something else.
func (r *Run) valid() error {
	switch {
	case r.name == "":
		return errors.New("a " + r.kind + " without a name: give the name of the run")
	case len(validation.IsDNS1123Subdomain(r.name)) > 0:
		return errors.New(strconv.Quote(r.name) + " cannot be the name of a " + r.kind +
			help("a name has up to 253 of a-z, 0-9, - and . and begins and ends with a letter or digit"))
	case len(validation.IsDNS1123Label(r.namespace)) > 0:
		return errors.New(strconv.Quote(r.namespace) + " cannot be the namespace of " + r.String() +
			help("a namespace has up to 63 of a-z, 0-9 and - and begins and ends with a letter or digit"))
	}
	return nil
}

// EndedError says that a run cannot be cancelled, since it has ended.
type EndedError struct {
	Kind, Namespace, Name string
	State                 State
	Reason                string
}

// Error says how the run ended.
func (e *EndedError) Error() string {
	return fmt.Sprintf("%s %q in namespace %q has ended already: %s", e.Kind, e.Name, e.Namespace, e.Reason)
}

// runsResource is what the rights for runs name.
func runsResource(kind string) schema.GroupResource {
	switch kind {
	case kindEvent:
		return schema.GroupResource{Resource: "events"}
	case kindLog:
		return schema.GroupResource{Resource: "pods/log"}
	}
	return schema.GroupResource{Group: pipeline.GroupName, Resource: strings.ToLower(kind) + "s"}
}

// rights are the verbs that one needs for what is done with runs, by the verb
// that failed.
var rights = map[string][]string{
	"create": {"create"},
	"patch":  {"get", "patch"},
	"get":    {"get", "list", "watch"},
	"list":   {"get", "list", "watch"},
}

// rightsFor are the verbs for a kind; runs need more than what merely tells of
// them.
func rightsFor(kind, verb string) []string {
	switch kind {
	case kindEvent:
		return []string{"list", "watch"}
	case kindLog:
		return []string{"get"}
	}
	return rights[verb]
}

// kindLog stands for the logs of pods.
const kindLog = "Log"

// unreadable says in full, and in short, why something that merely tells of the
// run, such as logs, may not be read.
func (r *Run) unreadable(err error, kind string) (full, short string) {
	if missing, ok := errors.AsType[*ForbiddenError](r.explainKind(err, kind, "get")); ok {
		return missing.Error(), "the account " + missing.Missing
	}
	return oneLine(cause(err)), oneLine(cause(err))
}

// explain says what an answer of the API server means for the run.
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
	return r.client.explain(err, request{object: ref, at: func(diag.Path) diag.Position { return r.at() }, resource: runsResource(kind), verbs: rightsFor(kind, verb)})
}
