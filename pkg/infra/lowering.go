package infra

import (
	"fmt"
	"strconv"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// place is the place of a call in the user's code.
type place = callsite.Place

// lowering converts one description to an upstream struct. It does not modify the
// description, which can be lowered any number of times.
type lowering struct {
	kind   schema.GroupVersionKind
	name   string
	at     place
	places *callsite.Places
	list   diag.Findings
}

func lower(at place, kind schema.GroupVersionKind, name string) *lowering {
	return &lowering{kind: kind, name: name, at: at, places: &callsite.Places{}}
}

// ref returns the reference of the object.
func (l *lowering) ref() diag.ObjectRef {
	apiVersion, kind := l.kind.ToAPIVersionAndKind()
	return diag.ObjectRef{APIVersion: apiVersion, Kind: kind, Name: l.name}
}

// meta checks the name, and returns the type and the metadata of the object.
func (l *lowering) meta(name rule) (metav1.TypeMeta, metav1.ObjectMeta) {
	apiVersion, kind := l.kind.ToAPIVersionAndKind()
	l.check(l.at, diag.Fields("metadata", "name"), name, "the name", l.name)
	return metav1.TypeMeta{APIVersion: apiVersion, Kind: kind}, metav1.ObjectMeta{Name: l.name}
}

// put sets the place of the value at a path.
func (l *lowering) put(path diag.Path, at place) { l.places.Set(path, at) }

// report adds an error for the value at a path, with the given place.
func (l *lowering) report(at place, path diag.Path, code, subject, message, help string) *diag.Finding {
	l.list = append(l.list, diag.Finding{
		Code: code, Severity: diag.Error, Object: l.ref(), Path: path, Position: at.Position(),
		Message: message, Help: help, Subject: subject,
	})
	return &l.list[len(l.list)-1]
}

// object returns the upstream struct with the places of its values.
func (l *lowering) object(o runtime.Object) object.Object {
	return object.Object{Object: o, Locate: l.places.Locate(l.at), Adjust: func(f diag.Finding) (diag.Finding, bool) {
		if f.Code == check.SubjectNamespace {
			f.Help = "set the namespace of the set with Set.Namespace"
		}
		return f, true
	}}
}

// finish returns the results of Objects.
func finish(objects []object.Object, findings diag.Findings) ([]object.Object, error) {
	findings.Sort()
	return objects, findings.Err()
}

// absent returns the results of Objects for a nil description.
func absent(kind, help string) ([]object.Object, error) {
	return nil, diag.Findings{{
		Code: "object-missing", Severity: diag.Error, Object: diag.ObjectRef{Kind: kind},
		Message: "the " + kind + " is nil", Help: help,
	}}
}

// once reports duplicate names. The code of the finding begins with prefix, the
// message with noun.
type once struct {
	*lowering
	prefix, noun string
	seen         map[string]place
}

func (l *lowering) once(prefix, noun string) once { return once{l, prefix, noun, map[string]place{}} }

// first reports whether the name is new. If not, it adds a finding.
func (o once) first(at place, path diag.Path, name string) bool {
	before, again := o.seen[name]
	if !again {
		o.seen[name] = at
		return true
	}
	o.report(at, path, o.prefix+"-duplicate", name,
		fmt.Sprintf("%s %s appears twice", o.noun, q(name)), "remove one of them").
		Related = []diag.Related{{Message: "first appears", Object: o.ref(), Path: path, Position: before.Position()}}
	return false
}

// q quotes a name.
func q(name string) string { return strconv.Quote(name) }

// quoteAll lists names in quotes.
func quoteAll(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = q(n)
	}
	return strings.Join(quoted, ", ")
}
