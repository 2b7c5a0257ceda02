package check

import (
	"cmp"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Severity tells what a finding means for a run.
type Severity int

const (
	// Error: it will be refused, fail, or stay a literal $(...) at run time.
	Error Severity = iota
	// Warning: it is ignored, skipped or risky.
	Warning
	// Note: it cannot be known offline.
	Note
)

// String returns "error", "warning" or "note".
func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	case Note:
		return "note"
	}
	return "severity(" + strconv.Itoa(int(s)) + ")"
}

// Ref names an object.
type Ref struct {
	APIVersion, Kind, Namespace, Name string
}

// String returns the kind and the quoted name: Task "kaniko".
func (r Ref) String() string { return r.Kind + " " + strconv.Quote(r.Name) }

// Related is a second place that explains a finding.
type Related struct {
	Message string // one sentence, lower case, without a full stop
	Object  Ref
	Path    string // as Finding.Path, within Object
	Place   string // "file:line", "" where unknown
}

// Finding is one problem: what it is, where it is, and what to do about it.
// It is an error, so that errors.As finds it in what Build returns.
type Finding struct {
	// Code is the stable kebab-case name of the rule: "param-missing".
	Code     string
	Severity Severity

	// Object is the object at fault.
	Object Ref
	// Path leads to the value at fault inside Object. Fields are joined by
	// dots, list items are [0], map keys are ["key"]:
	// spec.tasks[2].params[0].value, metadata.labels["app"].
	Path string
	// Place is the "file:line" to mend; "" where nobody knows it.
	Place string

	// Message is one plain sentence: lower case, names quoted, no full stop.
	Message string
	// Help says what to do next; "" where Message already does.
	Help string

	// Subject is the bare name at fault (of a param, a result, a task, ...),
	// for programs that act on findings.
	Subject string
	// Related lists further places, in the order in which to read them.
	Related []Related
}

// Error renders the finding over several lines: place, severity, code and
// sentence; then each related place and the help, indented by a tab. Absolute
// file names are shortened to their last element; Place keeps the whole name.
func (f Finding) Error() string {
	var b strings.Builder
	if f.Place != "" {
		b.WriteString(short(f.Place))
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
		if r.Place != "" {
			b.WriteString(" at ")
			b.WriteString(short(r.Place))
		}
	}
	if f.Help != "" {
		b.WriteString("\n\thelp: ")
		b.WriteString(f.Help)
	}
	return b.String()
}

// short drops the folder of an absolute file name.
func short(place string) string {
	if filepath.IsAbs(place) || path.IsAbs(place) {
		return path.Base(filepath.ToSlash(place))
	}
	return place
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

// Err returns the findings of severity Error as one error, nil if there is none.
func (fs Findings) Err() error {
	var errs Findings
	for _, f := range fs {
		if f.Severity == Error {
			errs = append(errs, f)
		}
	}
	if len(errs) == 0 {
		return nil
	}
	return errs
}

// Sort puts the findings in source order: by file, line, then object, path,
// code and message. Findings without a place come last.
func (fs Findings) Sort() {
	slices.SortStableFunc(fs, func(a, b Finding) int {
		af, al := split(a.Place)
		bf, bl := split(b.Place)
		return cmp.Or(
			boolCompare(a.Place == "", b.Place == ""),
			cmp.Compare(af, bf), cmp.Compare(al, bl),
			cmp.Compare(a.Object.Kind, b.Object.Kind), cmp.Compare(a.Object.Name, b.Object.Name),
			cmp.Compare(a.Path, b.Path), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Message, b.Message),
		)
	})
}

func split(place string) (file string, line int) {
	i := strings.LastIndexByte(place, ':')
	if i < 0 {
		return place, 0
	}
	line, err := strconv.Atoi(place[i+1:])
	if err != nil {
		return place, 0
	}
	return place[:i], line
}

func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
