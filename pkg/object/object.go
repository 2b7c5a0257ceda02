// Package object defines the type [Object]: a Kubernetes object together with
// the source positions of its parts. The builders and the YAML readers return
// objects, and package check checks them.
//
// Builders and readers return objects:
//
//	objects, err := p.Objects()
//	if err != nil {
//		return err
//	}
//
// An object embeds the upstream struct:
//
//	for _, o := range objects {
//		if task, ok := o.Object.(*v1.Task); ok {
//			fmt.Println(task.Name, len(task.Spec.Steps))
//		}
//	}
//
// It knows the lines that its values come from:
//
//	fmt.Println(objects[0].Ref(), objects[0].At(diag.Fields("spec", "steps").Index(0))) // file:line
package object

import (
	"reflect"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/pkg/diag"
)

// Object is a Kubernetes object together with the source positions of its parts.
//
// The embedded object is an upstream struct (v1.Task, v1.Pipeline, corev1.Secret,
// ...) or an unstructured.Unstructured, with apiVersion and kind set.
type Object struct {
	runtime.Object

	// Locate returns the source position of the value at path, or of the nearest
	// value that contains it, or the zero Position if that is unknown. A non-empty
	// excerpt is a part of the value, or the last key of path; the position is
	// then that of the excerpt, if it can be found. If Locate is nil, no position
	// is known.
	Locate func(path diag.Path, excerpt string) diag.Position

	// Adjust lets the maker of the object adjust a finding in it: add help, raise
	// the severity, or drop the finding by returning false. check.Run calls it for
	// each finding in the object. If Adjust is nil, findings are kept unchanged.
	Adjust func(diag.Finding) (diag.Finding, bool)

	// Checked is what package check checks instead of the object, with the same paths. It
	// is for an object that is a template: one with {{ revision }}, which
	// Pipelines-as-Code replaces when an event happens, has another text in its place. If
	// it is nil, the object itself is checked.
	Checked runtime.Object

	// Edit returns the edits of the source that make a change of the object, or false if
	// the source cannot be changed like that. All else in the source stays as it is. If
	// Edit is nil, the source cannot be changed.
	Edit func(Change) ([]diag.Edit, bool)

	// Source is the object that a renderer made this one from, perhaps with another name. It
	// is the zero ObjectRef for an object that is not rendered.
	Source diag.ObjectRef

	// Set is the directory of the set that the object belongs to. If it is empty, that is
	// the directory of its file. An object that is rendered from files of other
	// directories has that of what renders it.
	Set string

	// Tekton is the .tekton folder of the file of the object, if all files of that folder
	// were read. Pipelines-as-Code resolves references in such a folder alone.
	Tekton string

	// Signature returns what is known of the Task, Pipeline or StepAction to which the
	// reference at a path refers, if that is not among the objects: one in the cluster, or
	// one that a resolver fetches. It is an object with params, workspaces and results, and
	// without steps or tasks. It may declare more than that. Signature returns the zero
	// Object if nothing is known, and the same Object for references to the same. If
	// Signature is nil, nothing is known of any.
	Signature func(path diag.Path) Object

	// Ignores are the comments in the text of the object that suppress rules, one for each
	// code, in the order of the text.
	Ignores []Ignore

	// Declared is set if the object is created by other means. Such an object is
	// used for checks, and is not written with the other objects.
	Declared *Declaration
}

// Change is a change of an object, for [Object.Edit].
type Change struct {
	Kind ChangeKind
	// Path is the value to change, or the map to which to add a field.
	Path diag.Path
	// Old is the part of a text to replace; "" is all of it.
	Old string
	// Offset is where Old is in the text, for ReplacePart.
	Offset int
	// New is the new text, or the new name of a key.
	New string
	// Field is the field to add, and Behind are fields behind which it is best placed.
	Field  Field
	Behind []string
}

// ChangeKind is the kind of a change.
type ChangeKind uint8

const (
	// ReplaceText replaces Old by New wherever it occurs in a string.
	ReplaceText ChangeKind = iota + 1
	// ReplacePart replaces Old at Offset in a string by New.
	ReplacePart
	// RenameKey gives the last key of the path the name New.
	RenameKey
	// AddField adds Field to a map. If the field is a list that exists, its items are
	// added to it.
	AddField
	// NestField moves a field whose value is a string, a number or a boolean into a new
	// map, Field.Name, and gives it the name New there.
	NestField
	// RemoveField removes a field whose value is a string, a number or a boolean. If the
	// map has no other, it is removed, too.
	RemoveField
)

// Field is a field to add. It has one of the three values.
type Field struct {
	Name string
	Text string
	List []string
	// Items are the items of a list: maps of strings, as pairs of keys and values.
	Items [][][2]string
}

// Ignore is a comment that suppresses a rule in a part of a file:
//
//	# tekwright: ignore param-unused -- the next version needs it
//
// At the end of a line, it applies to the findings in that line. In a line of its own, it
// applies to the map item or list item that begins in the next line.
type Ignore struct {
	Code     string        // of the rule; "" if the comment has none
	Reason   string        // without one, the comment has no effect
	Position diag.Position // of the code in the comment
	// First and Last are the lines whose findings are suppressed. They are 0 if the
	// comment is not about any line.
	First, Last int
	// Read reports whether the reader of the text has found something with the code in
	// these lines.
	Read bool
}

// Declaration describes how an object that is not written, such as a Secret, is
// created.
type Declaration struct {
	// Owner is who creates the object; "" if whoever applies the set does. An object with
	// an owner needs no Command and no Values.
	Owner string

	// Command returns the command line that creates the object, with placeholders
	// for values. An empty namespace means the current one of the command.
	Command func(namespace string) string

	// Values maps keys to the sources of their values, for a writer that was
	// explicitly asked to write the object. A key without an entry has no value.
	Values map[string]ValueSource
}

// ValueSource is the source of a value. One of the two fields is set.
type ValueSource struct {
	Env  string // the name of an environment variable
	File string // the path of a file
}

// At returns the position of the whole value at path. It may be called if Locate
// is nil.
func (o Object) At(path diag.Path) diag.Position { return o.Find(path, "") }

// Find is like Locate, but may be called if Locate is nil.
func (o Object) Find(path diag.Path, excerpt string) diag.Position {
	if o.Locate == nil {
		return diag.Position{}
	}
	return o.Locate(path, excerpt)
}

// IsNil reports whether the embedded object is a nil interface, or an interface
// that holds a nil pointer.
func (o Object) IsNil() bool {
	if o.Object == nil {
		return true
	}
	v := reflect.ValueOf(o.Object)
	return v.Kind() == reflect.Pointer && v.IsNil()
}

// Ref returns the reference of the object, with its generateName if it has no
// name. For a nil object it returns the zero ObjectRef.
func (o Object) Ref() diag.ObjectRef {
	if o.IsNil() {
		return diag.ObjectRef{}
	}
	var ref diag.ObjectRef
	if k := o.GetObjectKind(); k != nil {
		ref.APIVersion, ref.Kind = k.GroupVersionKind().ToAPIVersionAndKind()
	}
	if m, err := meta.Accessor(o.Object); err == nil {
		ref.Namespace, ref.Name = m.GetNamespace(), m.GetName()
		if ref.Name == "" {
			ref.Name = m.GetGenerateName()
		}
	}
	return ref
}
