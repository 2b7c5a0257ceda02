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

// place is where the user asked for something.
type place = callsite.Place

// lowering turns one description into an upstream struct. It only reads the
// description, so that one can be lowered any number of times.
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

// ref names the object that is being lowered.
func (l *lowering) ref() diag.ObjectRef {
	apiVersion, kind := l.kind.ToAPIVersionAndKind()
	return diag.ObjectRef{APIVersion: apiVersion, Kind: kind, Name: l.name}
}

// meta is the type and the metadata of the object, whose name is checked.
func (l *lowering) meta(name rule) (metav1.TypeMeta, metav1.ObjectMeta) {
	apiVersion, kind := l.kind.ToAPIVersionAndKind()
	l.check(l.at, diag.Fields("metadata", "name"), name, "the name", l.name)
	return metav1.TypeMeta{APIVersion: apiVersion, Kind: kind}, metav1.ObjectMeta{Name: l.name}
}

// put remembers who asked for the value at a path.
func (l *lowering) put(path diag.Path, at place) { l.places.Set(path, at) }

// report records an error at a place, which counts for the path too.
func (l *lowering) report(at place, path diag.Path, code, subject, message, help string) *diag.Finding {
	l.list = append(l.list, diag.Finding{
		Code: code, Severity: diag.Error, Object: l.ref(), Path: path, Position: at.Position(),
		Message: message, Help: help, Subject: subject,
	})
	return &l.list[len(l.list)-1]
}

// object is the upstream struct with what lowering remembered.
func (l *lowering) object(o runtime.Object) object.Object {
	return object.Object{Object: o, Locate: l.places.Locate(l.at), Adjust: func(f diag.Finding) (diag.Finding, bool) {
		if f.Code == check.SubjectNamespace {
			f.Help = "put the set into a namespace with Set.Namespace"
		}
		return f, true
	}}
}

// finish makes the answer of Objects, as manifest.Source has it.
func finish(objects []object.Object, findings diag.Findings) ([]object.Object, error) {
	findings.Sort()
	return objects, findings.Err()
}

// absent is the answer of Objects for a nil description.
func absent(kind, help string) ([]object.Object, error) {
	return nil, diag.Findings{{
		Code: "object-missing", Severity: diag.Error, Object: diag.ObjectRef{Kind: kind},
		Message: "the " + kind + " is nil", Help: help,
	}}
}

// once reports names that are there twice.
type once struct {
	*lowering
	noun string
	seen map[string]place
}

func (l *lowering) once(noun string) once { return once{l, noun, map[string]place{}} }

// first tells whether the name is a new one.
func (o once) first(at place, path diag.Path, name string) bool {
	before, again := o.seen[name]
	if !again {
		o.seen[name] = at
		return true
	}
	o.report(at, path, o.noun+"-duplicate", name,
		fmt.Sprintf("%s %s is there twice", o.noun, q(name)), "drop one of them").
		Related = []diag.Related{{Message: "the first one is", Object: o.ref(), Path: path, Position: before.Position()}}
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
