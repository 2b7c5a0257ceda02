package check

import (
	"cmp"
	"fmt"
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
	// Off is no severity of a finding: in [Profile].Severities it silences a
	// rule.
	Off
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
	case Off:
		return "off"
	}
	return "severity(" + strconv.Itoa(int(s)) + ")"
}

// MarshalText writes the severity as String does.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads "error", "warning", "note" or "off".
func (s *Severity) UnmarshalText(text []byte) error {
	for _, known := range []Severity{Error, Warning, Note, Off} {
		if string(text) == known.String() {
			*s = known
			return nil
		}
	}
	return fmt.Errorf("there is no severity %q: write error, warning, note or off", text)
}

// Ref names an object.
type Ref struct {
	APIVersion string `json:"apiVersion,omitempty"`
	Kind       string `json:"kind"`
	Namespace  string `json:"namespace,omitempty"`
	Name       string `json:"name"`
}

// String returns the kind and the quoted name: Task "kaniko".
func (r Ref) String() string { return r.Kind + " " + strconv.Quote(r.Name) }

// Related is a second place that explains a finding.
type Related struct {
	Message string // one sentence, lower case, without a full stop
	Object  Ref
	Path    string // as Finding.Path, within Object
	Place   string // as Finding.Place
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
	// Excerpt is the part of the value at fault: a $(...) in a script; or the key
	// that Path ends with, where that is at fault. It is "" where the whole value
	// is.
	Excerpt string
	// Place is what to mend: the "file:line" of Go code, or the
	// "file:line:column" of YAML; "" where nobody knows it.
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
		af, al, ac := SplitPlace(a.Place)
		bf, bl, bc := SplitPlace(b.Place)
		return cmp.Or(
			boolCompare(a.Place == "", b.Place == ""),
			cmp.Compare(af, bf), cmp.Compare(al, bl), cmp.Compare(ac, bc),
			cmp.Compare(a.Object.Kind, b.Object.Kind), cmp.Compare(a.Object.Name, b.Object.Name),
			comparePaths(a.Path, b.Path), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Message, b.Message),
		)
	})
}

// SplitPlace takes a place apart: "file:line:column", "file:line" or "file".
// Line and column are counted from 1; what a place does not say is 0.
func SplitPlace(place string) (file string, line, column int) {
	file, last := cutNumber(place)
	if last == 0 {
		return place, 0, 0
	}
	if rest, n := cutNumber(file); n > 0 {
		return rest, n, last
	}
	return file, last, 0
}

// cutNumber takes ":12" off the end of a place.
func cutNumber(place string) (rest string, n int) {
	i := strings.LastIndexByte(place, ':')
	if i < 0 {
		return place, 0
	}
	n, err := strconv.Atoi(place[i+1:])
	if err != nil || n <= 0 {
		return place, 0
	}
	return place[:i], n
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
