package cluster

import (
	"fmt"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/pkg/diag"
)

// absent is the text of a nil pointer.
const absent = "<nil>"

// Cause is one problem that the cluster reports about an object.
type Cause struct {
	Path     diag.Path     // path of the invalid value; the root if the cluster reports none
	Position diag.Position // where that value is set
	Message  string        // the message of the cluster
}

// RejectedError reports that the API server or an admission webhook rejected an
// object. Retrying does not help; the object has to be corrected.
type RejectedError struct {
	Object   diag.ObjectRef
	Position diag.Position
	Webhook  string  // the webhook that rejected it; "" for the API server itself
	Fields   []Cause // at least one, in the order of the answer
	Help     string  // what to do; "" if the causes are clear enough
	Err      error   // the answer of the API server
}

// Error returns a message that lists the causes, one per line.
func (e *RejectedError) Error() string {
	if e == nil {
		return absent
	}
	b := at(e.Position, named(e.Object)+" is rejected by ")
	if e.Webhook != "" {
		b += "webhook " + quote(e.Webhook)
	} else {
		b += "the API server"
	}
	for _, f := range e.Fields {
		b += "\n\t"
		if !f.Path.IsRoot() {
			b += printable.Line(f.Path.String()) + ": "
		}
		b += string(printable.Indented(f.Message, "\t\t"))
		if f.Position.IsValid() && f.Position != e.Position {
			b += " (" + printable.Line(f.Position.Short()) + ")"
		}
	}
	return b + help(e.Help)
}

// Unwrap returns the answer of the API server.
func (e *RejectedError) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.Err
}

// Conflict is a field that another manager owns and has set to a different
// value.
type Conflict struct {
	Path     diag.Path     // path of the field
	Position diag.Position // where the value is set
	Manager  string        // owner of the field: "kubectl-edit", "helm"
}

// ConflictError reports that other managers have set fields of an object to
// different values, or that the object belongs to another set.
// ApplyOptions.Force overrides both.
type ConflictError struct {
	Object   diag.ObjectRef
	Position diag.Position
	Set      string     // the other set that the object belongs to; "" for conflicts of fields
	Fields   []Conflict // the fields in conflict, if Set is ""
	Err      error      // the answer of the API server; nil if Set is not ""
}

// Error returns a message that lists the fields with their managers.
func (e *ConflictError) Error() string {
	if e == nil {
		return absent
	}
	if e.Set != "" {
		return at(e.Position, named(e.Object)+" belongs to set "+quote(e.Set)) +
			help("rename the object, or take it over (ApplyOptions.Force, --force)")
	}
	b := at(e.Position, named(e.Object)+" has fields that other managers have set to different values")
	for _, f := range e.Fields {
		b += "\n\t" + printable.Line(f.Path.String()) + ": " + quote(f.Manager)
		if f.Position.IsValid() && f.Position != e.Position {
			b += " (" + printable.Line(f.Position.Short()) + ")"
		}
	}
	return b + help("remove the fields, or take them over (ApplyOptions.Force, --force)")
}

// Unwrap returns the answer of the API server.
func (e *ConflictError) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.Err
}

// ForbiddenError reports that the user lacks a permission.
type ForbiddenError struct {
	Objects   []diag.ObjectRef // the objects that need the permission, at least one
	Position  diag.Position    // of the first object
	User      string           // the user, such as "system:serviceaccount:ci:deployer"; "" if unknown
	Namespace string           // where the permission is missing; "" for the whole cluster
	Missing   string           // the missing permission in words: cannot patch tasks.tekton.dev
	// Rule is the rule to add to a Role in Namespace, or to a ClusterRole if
	// Namespace is "". It has all verbs that the operation needs for the kind.
	// It has no verbs if the problem cannot be solved by a rule.
	Rule rbacv1.PolicyRule
	Err  error // the answer of the API server
}

// Error returns a message with the rule to add.
func (e *ForbiddenError) Error() string {
	if e == nil {
		return absent
	}
	who := "the user"
	if e.User != "" {
		who = quote(e.User)
	}
	where := ""
	if e.Namespace != "" {
		where = " in namespace " + quote(e.Namespace)
	}
	b := at(e.Position, who+" "+e.Missing+where+forObjects(e.Objects))
	if len(e.Rule.Verbs) == 0 {
		return b + help("grant these permissions to the user first, or apply the object as a user who has them")
	}
	role := "a ClusterRole"
	if e.Namespace != "" {
		role = "a Role" + where
	}
	return b + help("add this rule to "+role+":") +
		"\n\t  - apiGroups: " + quoted(e.Rule.APIGroups) +
		"\n\t    resources: " + quoted(e.Rule.Resources) +
		"\n\t    verbs: " + quoted(e.Rule.Verbs)
}

// Unwrap returns the answer of the API server.
func (e *ForbiddenError) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.Err
}

// NotServedError reports that the cluster lacks the kind or the namespace of an
// object: Tekton is not installed, or is too old, or the namespace does not
// exist.
type NotServedError struct {
	Objects    []diag.ObjectRef // the objects that need it, at least one
	Position   diag.Position    // of the first object
	APIVersion string           // the API version that is not served; "" if the namespace is missing
	Kind       string           // the kind that is not served; "" if APIVersion is not served at all
	Served     []string         // the versions of the API group that are served
	Namespace  string           // the namespace that does not exist
	Deleted    bool             // whether the namespace is being deleted
	Err        error            // the answer of the API server
}

// Error returns a message that says what is missing and what to do.
func (e *NotServedError) Error() string {
	if e == nil {
		return absent
	}
	message, advice := e.say()
	return at(e.Position, message+forObjects(e.Objects)) + help(advice)
}

func (e *NotServedError) say() (message, advice string) {
	group, _, _ := strings.Cut(e.APIVersion, "/")
	product := products[group]
	switch {
	case e.Namespace != "" && e.Deleted:
		return fmt.Sprintf("namespace %q is being deleted", e.Namespace), "wait until it is deleted, then create it again"
	case e.Namespace != "":
		return fmt.Sprintf("namespace %q does not exist", e.Namespace),
			fmt.Sprintf("create it (kubectl create namespace %s), or add it to the set: infra.NewNamespace(%q)", e.Namespace, e.Namespace)
	case e.Kind != "":
		message, advice = fmt.Sprintf("the cluster does not serve kind %q of %q", e.Kind, e.APIVersion), "correct the kind"
	case len(e.Served) > 0:
		message = fmt.Sprintf("the cluster does not serve %q, only %s", e.APIVersion, strings.Join(e.Served, ", "))
		advice = "correct the apiVersion"
	default:
		message, advice = fmt.Sprintf("the cluster does not serve %q", e.APIVersion), "install the CustomResourceDefinition that provides it"
		if product != "" {
			return product + " is not installed: " + message, "install " + product + installs[product]
		}
		return message, advice
	}
	if product != "" {
		advice += ", or upgrade " + product
	}
	return message, advice
}

// forObjects returns the part of a message that lists the affected objects.
func forObjects(objects []diag.ObjectRef) string {
	if len(objects) == 0 {
		return ""
	}
	s := " (needed for " + objects[0].String()
	if more := len(objects) - 1; more > 0 {
		s += fmt.Sprintf(" and %d more", more)
	}
	return s + ")"
}

// Unwrap returns the answer of the API server.
func (e *NotServedError) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.Err
}

// products maps API groups to the products that provide them.
var products = map[string]string{
	"tekton.dev":            pipelines,
	"resolution.tekton.dev": pipelines,
	"triggers.tekton.dev":   triggers,
}

const (
	pipelines = "Tekton Pipelines"
	triggers  = "Tekton Triggers"
)

// installs maps products to how they are installed.
var installs = map[string]string{
	pipelines: " v0.44 or newer: https://tekton.dev/docs/installation/pipelines/",
	triggers:  ": https://tekton.dev/docs/installation/triggers/",
}

// UnreachableError reports that a request was not answered, or that all
// attempts failed for a temporary reason. Whether the request took effect is
// not known.
type UnreachableError struct {
	Target   string         // "the cluster" or one of its webhooks
	Host     string         // the address of the cluster
	Object   diag.ObjectRef // the object of the request, if any
	Attempts int
	Err      error // the error of the last attempt
}

// Error returns a message with the number of attempts.
func (e *UnreachableError) Error() string {
	if e == nil {
		return absent
	}
	b := e.Target + " at " + e.Host + " does not answer"
	if e.Target == theCluster && !lost(e.Err) {
		b = e.Target + " at " + e.Host + " is busy"
	}
	if e.Object.Name != "" {
		b = named(e.Object) + ": " + b
	}
	if apierrors.IsConflict(e.Err) {
		b = named(e.Object) + " was changed by others each time"
	}
	b = printable.Line(b + fmt.Sprintf(" (attempts: %d): %v", e.Attempts, e.Err))
	if e.Target != theCluster {
		b += help("check that its pods are running, then try again")
	}
	return b
}

// Unwrap returns the error of the last attempt.
func (e *UnreachableError) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.Err
}

// NotKubernetesError reports that the server is not an API server of Kubernetes, but
// for example a web server, or a proxy that asks users to log in.
type NotKubernetesError struct {
	Host string // the address of the server
	Err  error  // what is wrong with its answer
}

// Error returns a message with the address.
func (e *NotKubernetesError) Error() string {
	if e == nil {
		return absent
	}
	return printable.Line(fmt.Sprintf("the server at %s is not a Kubernetes API server: %v", e.Host, e.Err)) +
		help("check the address of the server in the rest.Config or the kubeconfig")
}

// Unwrap returns what is wrong with the answer.
func (e *NotKubernetesError) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.Err
}

const theCluster = "the cluster"

// at prefixes a message with a position. It makes one line that can be written to a
// terminal.
func at(p diag.Position, message string) string {
	if !p.IsValid() {
		return printable.Line(message)
	}
	return printable.Line(p.Short() + ": " + message)
}

func help(text string) string {
	if text == "" {
		return ""
	}
	return "\n\thelp: " + string(printable.Indented(text, "\t\t"))
}

// shown is an error with a text from elsewhere, in one line that can be written to a
// terminal.
type shown struct{ error }

func (e shown) Error() string { return printable.Line(e.error.Error()) }

func (e shown) Unwrap() error { return e.error }

// quoted returns a YAML list on one line.
func quoted(list []string) string {
	q := make([]string, len(list))
	for i, s := range list {
		q[i] = quote(s)
	}
	return "[" + strings.Join(q, ", ") + "]"
}

// quote quotes a text from elsewhere.
func quote(text string) string { return printable.Sprintf("%q", text) }
