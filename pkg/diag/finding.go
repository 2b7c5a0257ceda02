package diag

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/internal/printable"
)

// ObjectRef identifies a Kubernetes object.
type ObjectRef struct {
	APIVersion string `json:"apiVersion,omitempty"`
	Kind       string `json:"kind"`
	Namespace  string `json:"namespace,omitempty"`
	// Name is metadata.name, or metadata.generateName if the object has no name.
	Name string `json:"name"`
}

// String returns the kind and the quoted name: Task "kaniko".
func (o ObjectRef) String() string { return o.Kind + " " + strconv.Quote(o.Name) }

// Related is another place that helps to explain a finding.
type Related struct {
	Message  string    // one sentence in lower case, without a full stop
	Object   ObjectRef // the object that the place is in
	Path     Path      // the path inside Object, like Finding.Path
	Excerpt  string    // like Finding.Excerpt
	Position Position  // like Finding.Position
}

// Finding is one problem: what is wrong, where, and what to do about it. It
// implements error, so that errors.As finds it in an error of Build.
type Finding struct {
	// Code is the stable kebab-case name of the rule, such as "param-missing".
	Code     string
	Severity Severity

	// Object is the object at fault.
	Object ObjectRef
	// Path is the path of the value at fault inside Object.
	Path Path
	// Excerpt is the part of the value that is at fault, such as a $(...) in a
	// script, or the last key of Path if the key itself is at fault. It is "" if
	// the whole value is at fault.
	Excerpt string
	// Position is the place to change: a line of Go code, or a line and column of
	// YAML. It is the zero Position if the place is unknown.
	Position Position

	// Message is one sentence in lower case, with names in quotes and without a
	// full stop.
	Message string
	// Help suggests what to do next. It is "" if Message already makes that clear.
	Help string

	// Subject is the bare name at fault (of a param, a result, a task, ...),
	// for programs that process findings.
	Subject string
	// Once identifies the mistake if it is reported only once for all objects of the
	// set, at the first place that has it: an image, for example, wherever it is used.
	// A mistake that is reported once per file, such as an old API version, has it too.
	// It is "" for a mistake of one place.
	Once string
	// Related lists other places, in the order in which to read them.
	Related []Related
	// Fixes lists alternative changes of the source that resolve the finding, the
	// best one first. Most findings have none.
	Fixes []Fix
}

// Fix is a change of source files that resolves a finding.
type Fix struct {
	// Message describes the change. It starts with a verb: "rename the param to
	// \"who\"".
	Message string
	// Edits lists the edits, sorted by file and offset. They do not overlap.
	Edits []Edit
	// Safe reports whether the change preserves the meaning of everything else,
	// so that it can be applied without asking.
	Safe bool
}

// Edit replaces a range of bytes of a file.
type Edit struct {
	File       string // like Position.File
	Start, End int    // byte offsets; the byte at End is not replaced
	New        string // the replacement
}

// Error formats the finding on several lines: first the position, the severity,
// the code and the message, then each related place and the help, indented by a
// tab. Absolute file names are shortened to their last element. The text can be written
// to a terminal or the log of a CI system: each part is on a line of its own, and
// characters that would control a terminal are escaped.
func (f Finding) Error() string {
	var b strings.Builder
	at := f.Object.String()
	if f.Position.IsValid() {
		at = f.Position.Short()
	}
	if f.Object == (ObjectRef{}) && !f.Position.IsValid() {
		at = "" // it is about the check itself
	} else {
		at += ": "
	}
	b.WriteString(printable.Line(at + f.Severity.String() + " " + f.Code + ": " + f.Message))
	for _, r := range f.Related {
		b.WriteString("\n\t" + printable.Line(r.Message))
		if r.Position.IsValid() {
			b.WriteString(printable.Line(" at " + r.Position.Short()))
		}
	}
	if f.Help != "" {
		b.WriteString("\n\thelp: " + string(printable.Indented(f.Help, "\t\t")))
	}
	return b.String()
}

// Compare compares findings by position, then by object, path, code and message.
// The result is negative, zero or positive, as for [cmp.Compare].
func (f Finding) Compare(g Finding) int {
	if c := f.Position.Start().Compare(g.Position.Start()); c != 0 {
		return c
	}
	return cmp.Or(
		cmp.Compare(f.Object.Kind, g.Object.Kind), cmp.Compare(f.Object.Namespace, g.Object.Namespace), cmp.Compare(f.Object.Name, g.Object.Name),
		f.Path.Compare(g.Path), cmp.Compare(f.Code, g.Code), cmp.Compare(f.Message, g.Message),
	)
}

// Findings is a list of problems. It implements error and wraps each of its
// findings, so that errors.As and errors.Is examine all of them.
type Findings []Finding

// Error formats every finding, each beginning on a new line.
func (fs Findings) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns each finding as an error.
func (fs Findings) Unwrap() []error {
	errs := make([]error, len(fs))
	for i, f := range fs {
		errs[i] = f
	}
	return errs
}

// Err returns the findings with severity [Error] as one error, or nil if there
// are none. A finding without a valid severity counts as an error, so that no
// problem is lost.
func (fs Findings) Err() error {
	var errs Findings
	for _, f := range fs {
		if f.Severity == Error || !f.Severity.IsValid() {
			errs = append(errs, f)
		}
	}
	if len(errs) == 0 {
		return nil
	}
	return errs
}

// Sort sorts the findings by [Finding.Compare]. Findings without a position come
// last.
func (fs Findings) Sort() { slices.SortStableFunc(fs, Finding.Compare) }
