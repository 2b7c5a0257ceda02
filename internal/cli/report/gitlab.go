package report

import (
	"cmp"
	"io"
	"path/filepath"
	"strings"

	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/pkg/diag"
)

// gitlabIssue is an issue of GitLab's code quality report. All fields are required.
type gitlabIssue struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string      `json:"path"` // relative to the repository, without ./
	Lines gitlabLines `json:"lines"`
}

type gitlabLines struct {
	Begin int `json:"begin"`
}

// gitlab writes the findings as a code quality report, which GitLab shows in merge
// requests.
func gitlab(w io.Writer, l *lines, r Report, _ Style) error {
	prints := l.fingerprints(r)
	return printable.WriteJSONList(w, []gitlabIssue{}, "", len(r.Findings), func(i int) any {
		f := l.masked(r.Findings[i])
		return gitlabIssue{
			Description: message(f), CheckName: f.Code, Fingerprint: prints[i].ID, Severity: gitlabSeverity(f.Severity),
			// GitLab ignores an issue without a file or a line.
			Location: gitlabLocation{Path: cmp.Or(relative(r.Dir, f.Position.File), f.Object.String()), Lines: gitlabLines{Begin: max(1, f.Position.Line)}},
		}
	})
}

// gitlabSeverity returns what GitLab calls a severity: of info, minor, major, critical and
// blocker, the last ones are not used, since no finding is a known attack.
func gitlabSeverity(s diag.Severity) string {
	switch s {
	case diag.Note:
		return "info"
	case diag.Warning:
		return "minor"
	}
	return "major"
}

// relative returns the name of a file relative to a directory if it is in it.
func relative(dir, file string) string {
	if !filepath.IsAbs(file) {
		return file
	}
	rel, err := filepath.Rel(dir, filepath.FromSlash(file))
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return file
	}
	return filepath.ToSlash(rel)
}
