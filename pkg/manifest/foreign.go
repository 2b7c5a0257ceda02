package manifest

import (
	"regexp"
	"strings"
	"sync"

	"github.com/tekwright/tekwright/internal/discovery"
	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/internal/yamlsplit"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// typical matches a line with a usual field of a Kubernetes object in any case, and its
// value: in YAML at the beginning, in JSON in quotes.
var typical = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^(?:(apiVersion|kind)|[ \t]*\{?[ \t]*"(apiVersion|kind)")[ \t]*:[ \t]*["']?([A-Za-z0-9./-]*)`)
})

// isMeant reports whether a text that is not YAML is meant to be a Kubernetes object: it
// has an apiVersion and a kind, or one of them is of Tekton.
func isMeant(text string) bool {
	seen := map[string]bool{}
	for line := range strings.Lines(text) {
		if start := strings.TrimLeft(line, " \t{\""); start == "" || strings.IndexByte("aAkK", start[0]) < 0 {
			continue // without the expression, which is slow
		}
		m := typical().FindStringSubmatch(line)
		if m == nil {
			continue
		}
		if kinds.IsTekton(m[3]) || kinds.IsOfTekton(m[3]) {
			return true
		}
		seen[strings.ToLower(m[1]+m[2])] = true
	}
	return seen["apiversion"] && seen["kind"]
}

// ours drops the findings on files of other tools that are not YAML, and on templates. In
// a file that the user named, they stay.
func ours(findings diag.Findings, file discovery.File, text string) diag.Findings {
	if file.Named {
		return findings
	}
	whole := sync.OnceValue(func() bool { return isMeant(text) })
	lines := sync.OnceValue(func() []string { return strings.Split(text, "\n") })
	kept := findings[:0]
	for _, f := range findings {
		switch f.Code {
		case "yaml-invalid":
			if !whole() && !strings.Contains("/"+file.Name, "/.tekton/") { // Pipelines-as-Code reads all of them
				continue
			}
			if at := f.Position.Line - 1; at >= 0 && at < len(lines()) && hasHole(lines()[at]) {
				f = template(f)
			}
		case "template-unrendered":
			f = template(f)
		}
		kept = append(kept, f)
	}
	return kept
}

// template returns the note on a file that another tool completes.
func template(f diag.Finding) diag.Finding {
	f.Code, f.Severity = "template-unrendered", diag.Note
	f.Message, f.Help = "the file is a template that has to be rendered before it can be checked", "render it, and check the output"
	return f
}

// parseChart reads a template of a Helm chart. It returns the objects in documents
// without actions {{ }}, which rendering does not change, and one note for the
// others.
func parseChart(text, name string) ([]object.Object, diag.Findings) {
	rest := []byte(text)
	first := -1
	for _, d := range yamlsplit.Split(text) {
		at := strings.Index(d.Text, "{{")
		if at < 0 {
			continue
		}
		if first < 0 {
			first = d.Offset + at
		}
		for i := d.Offset; i < d.Offset+len(d.Text); i++ { // keep the line numbers
			if c := rest[i]; c != '\n' && c != '\r' {
				rest[i] = ' '
			}
		}
	}
	d := decoder{name: name}
	if first >= 0 {
		before := text[:first]
		at := diag.Position{Line: strings.Count(before, "\n") + 1, Column: first - strings.LastIndexByte(before, '\n')}
		d.report(at, diag.Finding{
			Code: "template-unrendered", Severity: diag.Note, Message: "the file is a Helm chart template that has to be rendered before it can be checked",
			Help: "check the rendered chart: helm template CHART | tekwright check -",
		})
	}
	d.stream(string(rest))
	return d.objects, d.findings
}
