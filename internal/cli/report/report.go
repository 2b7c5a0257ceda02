// Package report writes findings for people and for programs.
package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/tekwright/tekwright/internal/fingerprint"
	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/internal/secrets"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// Report is the result of a check.
type Report struct {
	Findings diag.Findings     // those to show, in order
	Set      []object.Object   // the checked objects, which fingerprints need
	Texts    map[string]string // of the files that findings are about, by name
	Names    []string          // of all files, at least of those that are not among the texts
	// Secrets returns the secret parts of a text, and Hide a text without the values of
	// Secrets, as the methods of [manifest.LoadResult] do. If they are nil, the texts are
	// searched.
	Secrets func(file string) (ranges [][2]int, values []string)
	Hide    func(text string) string
	Objects int // number of checked objects
	Files   int // number of files they were read from
	LeftOut int // number of files that were only read as parts of kustomizations
	Fixed   int // number of findings that have been fixed
	// FixedFiles is the number of files that this has changed.
	FixedFiles int
	Hidden     int           // number of findings below the requested severity
	Unread     int           // number of findings about input that could not be read
	Version    string        // of the command
	Dir        string        // the current directory; files in it are relative in reports for GitLab
	Took       time.Duration // how long the check took; 0 if it is not known

	Baseline   string        // the file with known findings, "" if there is none
	Known      int           // number of findings that it has
	Since      string        // the revision with which the files are compared, "" if there is none
	Old        int           // number of findings that it has
	Aside      diag.Findings // both of these
	Suppressed []Suppressed  // by annotations and comments
}

// Suppressed is a finding that an annotation or a comment suppresses.
type Suppressed struct {
	diag.Finding
	Reason string
}

// Style configures the text format.
type Style struct {
	Color   bool
	Brief   bool // one line per finding, and no summary
	Summary bool // only the summary
	All     bool // all findings, also if they are very many
}

// Formats returns the names of the formats; the first is the default.
func Formats() []string { return []string{"text", "json", "sarif", "github", "gitlab", "junit"} }

// Write writes the report in one of the formats. What comes from the files is written
// so that it is only shown, and without the values of Secrets.
func Write(w io.Writer, format string, r Report, style Style) error {
	write, ok := map[string]func(io.Writer, *lines, Report, Style) error{
		"text": text, "json": asJSON, "sarif": sarif, "github": github, "gitlab": gitlab, "junit": junit,
	}[format]
	if !ok {
		return fmt.Errorf("unknown format %q", format)
	}
	b := bufio.NewWriter(w)
	l := newLines(r)
	// A value of a Secret may also be the name of a file, an object or a field.
	if err := write(printable.Hiding(b, l.hide), l, r, style); err != nil {
		return err
	}
	return b.Flush()
}

// masked returns the finding without the secret parts of the files that it is about, and
// without the values of Secrets of any file.
func (l *lines) masked(f diag.Finding) diag.Finding {
	files := []string{f.Position.File}
	for _, r := range f.Related {
		if !slices.Contains(files, r.Position.File) {
			files = append(files, r.Position.File)
		}
	}
	f.Related = slices.Clone(f.Related)
	texts := []*string{&f.Message, &f.Help, &f.Subject}
	for i := range f.Related {
		texts = append(texts, &f.Related[i].Message)
	}
	for _, file := range files {
		mask := l.secrets(file).mask
		for _, text := range texts {
			*text = mask.Text(*text, false)
		}
	}
	for _, text := range texts {
		*text = l.hide(*text)
	}
	f.Fixes = slices.DeleteFunc(slices.Clone(f.Fixes), func(x diag.Fix) bool { return !l.shows(x) })
	return f
}

// shows reports whether a fix has no value of a Secret. One that has is not shown.
func (l *lines) shows(x diag.Fix) bool {
	if l.hide(x.Message) != x.Message {
		return false
	}
	for _, e := range x.Edits {
		if l.hide(l.secrets(e.File).mask.Text(e.New, false)) != e.New {
			return false
		}
	}
	return true
}

// excerpt returns the excerpt of a finding without the values of Secrets.
func (l *lines) excerpt(s span, text string) string {
	if s.secret && text != "" {
		return secrets.Hidden
	}
	return l.hide(l.secrets(s.file).mask.Text(text, false))
}

// count returns the number of findings of a severity.
func (r Report) count(s diag.Severity) int {
	n := 0
	for _, f := range r.Findings {
		if f.Severity == s {
			n++
		}
	}
	return n
}

// fingerprints returns the fingerprints of the findings, and then those of the ones that are
// not new: equal findings are told apart by all of them.
func (l *lines) fingerprints(r Report) []fingerprint.Print {
	return fingerprint.Of(slices.Concat(r.Findings, r.Aside), fingerprint.Source{Objects: r.Set, Texts: r.Texts, Hide: l.hide, Secrets: func(file string) ([][2]int, []string) {
		h := l.secrets(file)
		return h.ranges, h.values
	}})
}

// codes returns the codes of the findings, sorted and without duplicates.
func (r Report) codes() []string {
	var all []string
	for _, f := range r.Findings {
		all = append(all, f.Code)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
