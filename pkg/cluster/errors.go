package cluster

import (
	"fmt"
	"strconv"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/tekwright/tekwright/pkg/diag"
)

// Cause is one thing that a cluster has against an object.
type Cause struct {
	Path     diag.Path     // leads to the value at fault; the object itself where nobody said
	Position diag.Position // what asked for that value
	Message  string        // in the words of the cluster
}

// RefusedError says that the API server, or a webhook, does not take an object
// as it is. Asking again changes nothing: the object must be mended.
type RefusedError struct {
	Object   diag.ObjectRef
	Position diag.Position
	By       string  // the webhook that refused it; "" for the API server itself
	Fields   []Cause // at least one, in the order in which they were named
	Help     string  // what to do, "" where the causes say it
	Err      error   // the answer of the API server
}

// Error names the object and each field, one in a line.
func (e *RefusedError) Error() string {
	b := at(e.Position, named(e.Object)+" is refused")
	if e.By != "" {
		b += " by webhook " + strconv.Quote(e.By)
	}
	for _, f := range e.Fields {
		b += "\n\t"
		if !f.Path.IsRoot() {
			b += f.Path.String() + ": "
		}
		b += strings.ReplaceAll(f.Message, "\n", "\n\t\t")
		if f.Position.IsValid() && f.Position != e.Position {
			b += " (" + f.Position.Short() + ")"
		}
	}
	return b + help(e.Help)
}

// Unwrap returns the answer of the API server.
func (e *RefusedError) Unwrap() error { return e.Err }

// Conflict is a field that another manager owns with another value.
type Conflict struct {
	Path     diag.Path     // leads to the field
	Position diag.Position // what asked for the value
	Manager  string        // who owns it: "kubectl-edit", "helm"
}

// ConflictError says that an object has fields which another manager set to
// other values, or that it belongs to another set. ApplyOptions.Force takes them.
type ConflictError struct {
	Object   diag.ObjectRef
	Position diag.Position
	Set      string     // the set that the object belongs to, if that is what is wrong
	Fields   []Conflict // otherwise: each field
	Err      error      // the answer of the API server, nil for another set
}

// Error names each field with its manager.
func (e *ConflictError) Error() string {
	if e.Set != "" {
		return at(e.Position, named(e.Object)+" belongs to set "+strconv.Quote(e.Set)) +
			help("give the object another name, or take it over (ApplyOptions.Force, --force)")
	}
	b := at(e.Position, named(e.Object)+" has fields that others manage, with other values")
	for _, f := range e.Fields {
		b += "\n\t" + f.Path.String() + ": " + strconv.Quote(f.Manager)
		if f.Position.IsValid() && f.Position != e.Position {
			b += " (" + f.Position.Short() + ")"
		}
	}
	return b + help("leave the fields out, or take them over (ApplyOptions.Force, --force)")
}

// Unwrap returns the answer of the API server.
func (e *ConflictError) Unwrap() error { return e.Err }

// ForbiddenError says that the account which asks may not do what is needed.
type ForbiddenError struct {
	Objects   []diag.ObjectRef // what it was needed for, at least one
	Position  diag.Position    // of the first object
	User      string           // who asked: "system:serviceaccount:ci:deployer"; "" where the cluster did not say
	Namespace string           // where the right is missing, "" for the whole cluster
	Missing   string           // what is missing, in words: may not patch tasks.tekton.dev
	// Rule is what a Role in the namespace (a ClusterRole where there is none)
	// must allow, with all that Apply, or whatever was asked, needs for the
	// kind; without verbs where a rule is not what is missing.
	Rule rbacv1.PolicyRule
	Err  error // the answer of the API server
}

// Error says what is missing, and the rule that allows it.
func (e *ForbiddenError) Error() string {
	who := "the account"
	if e.User != "" {
		who = strconv.Quote(e.User)
	}
	where := ""
	if e.Namespace != "" {
		where = " in namespace " + strconv.Quote(e.Namespace)
	}
	b := at(e.Position, who+" "+e.Missing+where+forObjects(e.Objects))
	if len(e.Rule.Verbs) == 0 {
		return b + help("give the account these rights, or have another one apply this object")
	}
	role := "a ClusterRole"
	if e.Namespace != "" {
		role = "a Role" + where
	}
	return b + help("allow it by "+role+":") +
		"\n\t  - apiGroups: " + quoted(e.Rule.APIGroups) +
		"\n\t    resources: " + quoted(e.Rule.Resources) +
		"\n\t    verbs: " + quoted(e.Rule.Verbs)
}

// Unwrap returns the answer of the API server.
func (e *ForbiddenError) Unwrap() error { return e.Err }

// NotServedError says that the cluster lacks what an object needs to be there at
// all: its kind, since Tekton is not installed or too old, or its namespace.
type NotServedError struct {
	Objects    []diag.ObjectRef // what needs it, at least one
	Position   diag.Position    // of the first object
	APIVersion string           // what is not served; "" if it is the namespace
	Kind       string           // the kind that APIVersion lacks; "" if all of it is not served
	Served     []string         // the versions of that group that are served
	Namespace  string           // the namespace that is not there
	Deleted    bool             // the namespace is being deleted
	Err        error            // the answer of the API server
}

// Error says what is not there, and what to do.
func (e *NotServedError) Error() string {
	message, advice := e.say()
	return at(e.Position, message+forObjects(e.Objects)) + help(advice)
}

func (e *NotServedError) say() (message, advice string) {
	group, _, _ := strings.Cut(e.APIVersion, "/")
	product := products[group]
	switch {
	case e.Namespace != "" && e.Deleted:
		return fmt.Sprintf("namespace %q is being deleted", e.Namespace), "wait until it is gone, and make it anew"
	case e.Namespace != "":
		return fmt.Sprintf("namespace %q is not in the cluster", e.Namespace),
			fmt.Sprintf("make it (kubectl create namespace %s), or put it into the set: infra.NewNamespace(%q)", e.Namespace, e.Namespace)
	case e.Kind != "":
		message, advice = fmt.Sprintf("%q has no kind %q in the cluster", e.APIVersion, e.Kind), "correct the kind"
	case len(e.Served) > 0:
		message = fmt.Sprintf("%q is not served, only %s", e.APIVersion, strings.Join(e.Served, ", "))
		advice = "correct the apiVersion"
	default:
		message, advice = fmt.Sprintf("%q is not served", e.APIVersion), "install what brings it"
		if product != "" {
			return "the cluster has no " + product + ": " + message, "install " + product + installs[product]
		}
		return message, advice
	}
	if product != "" {
		advice += ", or upgrade " + product
	}
	return message, advice
}

// forObjects says what something is needed for.
func forObjects(objects []diag.ObjectRef) string {
	if len(objects) == 0 {
		return ""
	}
	s := ", for " + objects[0].String()
	if more := len(objects) - 1; more > 0 {
		s += fmt.Sprintf(" and %d more", more)
	}
	return s
}

// Unwrap returns the answer of the API server.
func (e *NotServedError) Unwrap() error { return e.Err }

// products are what brings the kinds of a group.
var products = map[string]string{
	"tekton.dev":            pipelines,
	"resolution.tekton.dev": pipelines,
	"triggers.tekton.dev":   triggers,
}

const (
	pipelines = "Tekton Pipelines"
	triggers  = "Tekton Triggers"
)

// installs says how a product is installed.
var installs = map[string]string{
	pipelines: " v0.44 or newer: https://tekton.dev/docs/installation/pipelines/",
	triggers:  ": https://tekton.dev/docs/installation/triggers/",
}

// UnreachableError says that a request got no answer, or none for good, though
// it was sent repeatedly. What became of it is not known.
type UnreachableError struct {
	What     string         // "the cluster", or a webhook of it
	Host     string         // where the cluster is
	Object   diag.ObjectRef // what it was about, if that is an object
	Attempts int
	Err      error // of the last attempt
}

// Error says who did not answer, for what, and how often that was tried.
func (e *UnreachableError) Error() string {
	b := e.What + " at " + e.Host + " does not answer"
	if e.What == theCluster && !lost(e.Err) {
		b = e.What + " at " + e.Host + " is busy"
	}
	if e.Object.Name != "" {
		b += ", for " + named(e.Object)
	}
	if apierrors.IsConflict(e.Err) {
		b = named(e.Object) + " is written by others all the time"
	}
	b += fmt.Sprintf(" (attempts: %d): %v", e.Attempts, e.Err)
	if e.What != theCluster {
		b += help("is it still starting? look at its pods, and try again")
	}
	return b
}

// Unwrap returns the error of the last attempt.
func (e *UnreachableError) Unwrap() error { return e.Err }

const theCluster = "the cluster"

// at puts a position before a message.
func at(p diag.Position, message string) string {
	if !p.IsValid() {
		return message
	}
	return p.Short() + ": " + message
}

func help(text string) string {
	if text == "" {
		return ""
	}
	return "\n\thelp: " + text
}

// quoted is a list of YAML in one line.
func quoted(list []string) string {
	q := make([]string, len(list))
	for i, s := range list {
		q[i] = strconv.Quote(s)
	}
	return "[" + strings.Join(q, ", ") + "]"
}
