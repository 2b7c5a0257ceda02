package diag

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// ObjectRef identifies a Kubernetes object.
type ObjectRef struct {
	APIVersion string `json:"apiVersion,omitempty"`
	Kind       string `json:"kind"`
	Namespace  string `json:"namespace,omitempty"`
	// Name is metadata.name, or metadata.generateName where that is all there is.
	Name string `json:"name"`
}

// String returns the kind and the quoted name: Task "kaniko".
func (r ObjectRef) String() string { return r.Kind + " " + strconv.Quote(r.Name) }

// Related is a second place that explains a finding.
type Related struct {
	Message  string    // one sentence, lower case, without a full stop
	Object   ObjectRef // the object that the place is in
	Path     Path      // as Finding.Path, within Object
	Excerpt  string    // as Finding.Excerpt
	Position Position  // as Finding.Position
}

// Finding is one problem: what it is, where it is, and what to do about it. It
// is an error, so that errors.As finds it in what Build returns.
type Finding struct {
	// Code is the stable kebab-case name of the rule: "param-missing".
	Code     string
	Severity Severity

	// Object is the object at fault.
	Object ObjectRef
	// Path leads to the value at fault inside Object.
	Path Path
	// Excerpt is the part of the value at fault, such as a $(...) in a script;
	// or the key that Path ends with, where the key is at fault. It is "" where
	// all of the value is at fault.
	Excerpt string
	// Position is what to change: a line of Go code, or a line and column of
	// YAML. It is the zero Position where it is unknown.
	Position Position

	// Message is one plain sentence: lower case, names quoted, no full stop.
	Message string
	// Help says what to do next; "" where Message already does.
	Help string

	// Subject is the bare name at fault (of a param, a result, a task, ...),
	// for programs that act on findings.
	Subject string
	// Related lists further places, in the order in which to read them.
	Related []Related
	// Fixes are changes of the source, each of which mends the finding. The best
	// one is first. Most findings have none.
	Fixes []Fix
}

// Fix is a change of source files that mends a finding.
type Fix struct {
	// Message says what the change does. It starts with a verb: "rename the
	// param to \"who\"".
	Message string
	// Edits are the changes, in the order of their files and offsets. They do not
	// overlap.
	Edits []Edit
	// Safe reports whether the change keeps the meaning of everything else, so
	// that it can be made without asking.
	Safe bool
}

// Edit replaces a range of bytes of a file.
type Edit struct {
	File       string // as Position.File
	Start, End int    // byte offsets; End is behind the last byte that is replaced
	New        string // the text that takes the place of the range
}

// Error renders the finding over several lines: position, severity, code and
// sentence; then each related place and the help, indented by a tab. Absolute
// file names are shortened to their last element; Position keeps the whole
// name.
func (f Finding) Error() string {
	var b strings.Builder
	if f.Position.IsValid() {
		b.WriteString(f.Position.Short())
	} else {
		b.WriteString(f.Object.String())
	}
	b.WriteString(": ")
	b.WriteString(f.Severity.String())
	b.WriteByte(' ')
	b.WriteString(f.Code)
	b.WriteString(": ")
	b.WriteString(f.Message)
	for _, r := range f.Related {
		b.WriteString("\n\t")
		b.WriteString(r.Message)
		if r.Position.IsValid() {
			b.WriteString(" at ")
			b.WriteString(r.Position.Short())
		}
	}
	if f.Help != "" {
		b.WriteString("\n\thelp: ")
		b.WriteString(f.Help)
	}
	return b.String()
}

// Compare orders findings as the source stands: by position, then by object,
// path, code and message.
func (f Finding) Compare(g Finding) int {
	if c := f.Position.Start().Compare(g.Position.Start()); c != 0 {
		return c
	}
	return cmp.Or(
		cmp.Compare(f.Object.Kind, g.Object.Kind), cmp.Compare(f.Object.Namespace, g.Object.Namespace), cmp.Compare(f.Object.Name, g.Object.Name),
		f.Path.Compare(g.Path), cmp.Compare(f.Code, g.Code), cmp.Compare(f.Message, g.Message),
	)
}

// Findings is a list of problems. As an error it holds all of them: errors.As
// and errors.Is look at each.
type Findings []Finding

// Error renders every finding, one after the other.
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

// Err returns the findings of severity [Error] as one error, and nil if there
// are none. A finding whose severity is not set counts as an error, so that no
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

// Sort puts the findings in the order of [Finding.Compare]. Findings without a
// position come last.
func (fs Findings) Sort() { slices.SortStableFunc(fs, Finding.Compare) }
