package infra

import (
	"fmt"
	"strconv"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/tekwright/tekwright/internal/caller"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// place is where the user asked for something.
type place = caller.Place

// lowering turns one description into an upstream struct. It only reads the
// description, so that one can be lowered any number of times.
type lowering struct {
	kind   schema.GroupVersionKind
	name   string
	at     place
	places map[string]place // by JSON path
	list   diag.Findings
}

func lower(at place, kind schema.GroupVersionKind, name string) *lowering {
	return &lowering{kind: kind, name: name, at: at, places: map[string]place{}}
}

// ref names the object that is being lowered.
func (l *lowering) ref() diag.ObjectRef {
	apiVersion, kind := l.kind.ToAPIVersionAndKind()
	return diag.ObjectRef{APIVersion: apiVersion, Kind: kind, Name: l.name}
}

// meta is the type and the metadata of the object, whose name is checked.
func (l *lowering) meta(name rule) (metav1.TypeMeta, metav1.ObjectMeta) {
	apiVersion, kind := l.kind.ToAPIVersionAndKind()
	l.check(l.at, "metadata.name", name, "the name", l.name)
	return metav1.TypeMeta{APIVersion: apiVersion, Kind: kind}, metav1.ObjectMeta{Name: l.name}
}

// put remembers who asked for the value at a path.
func (l *lowering) put(path string, at place) { l.places[path] = at }

// report records an error at a place, which counts for the path too.
func (l *lowering) report(at place, path, code, subject, message, help string) *diag.Finding {
	l.list = append(l.list, diag.Finding{
		Code: code, Object: l.ref(), Path: path, Place: at.String(),
		Message: message, Help: help, Subject: subject,
	})
	return &l.list[len(l.list)-1]
}

// object is the upstream struct with what lowering remembered.
func (l *lowering) object(o runtime.Object) object.Object {
	places, root := l.places, l.at
	return object.Object{Object: o, Place: func(path string) string {
		for ; path != ""; path = path[:max(strings.LastIndexAny(path, ".["), 0)] {
			if at, ok := places[path]; ok {
				return at.String()
			}
		}
		return root.String()
	}, Adjust: func(f diag.Finding) (diag.Finding, bool) {
		if f.Code == check.SubjectNamespace {
			f.Help = "put the set into a namespace with Set.Namespace"
		}
		return f, true
	}}
}

// finish makes the answer of Objects: all of the objects, or all of the
// problems.
func finish(objects []object.Object, findings diag.Findings) ([]object.Object, error) {
	if err := findings.Err(); err != nil {
		findings.Sort()
		return nil, findings.Err()
	}
	return objects, nil
}

// absent is the answer of Objects for a nil description.
func absent(kind, help string) ([]object.Object, error) {
	return nil, diag.Findings{{
		Code: "object-missing", Object: diag.ObjectRef{Kind: kind},
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
func (o once) first(at place, path, name string) bool {
	before, again := o.seen[name]
	if !again {
		o.seen[name] = at
		return true
	}
	o.report(at, path, o.noun+"-duplicate", name,
		fmt.Sprintf("%s %s is there twice", o.noun, q(name)), "drop one of them").
		Related = []diag.Related{{Message: "the first one is", Object: o.ref(), Path: path, Place: before.String()}}
	return false
}

// q quotes a name.
func q(name string) string { return strconv.Quote(name) }

// index is path[i].
func index(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

// key is path["k"].
func key(path, k string) string { return path + "[" + q(k) + "]" }

// quoteAll lists names in quotes.
func quoteAll(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = q(n)
	}
	return strings.Join(quoted, ", ")
}

// refOf names an object that is made already.
func refOf(o object.Object) diag.ObjectRef {
	apiVersion, kind := o.GetObjectKind().GroupVersionKind().ToAPIVersionAndKind()
	r := diag.ObjectRef{APIVersion: apiVersion, Kind: kind}
	if m, ok := o.Object.(metav1.Object); ok {
		r.Name = m.GetName() + m.GetGenerateName()
	}
	return r
}
