package manifest

import (
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/tekwright/tekwright/internal/discovery"
	"github.com/tekwright/tekwright/internal/yamlsplit"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// typical matches the usual fields of a Kubernetes object in any case: in YAML at the
// beginning of a line, in JSON in quotes.
var typical = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?im)^(?:(apiVersion|kind|metadata|spec)|[ \t]*\{?[ \t]*"(apiVersion|kind|metadata|spec)")[ \t]*:`)
})

// isMeant reports whether a text is meant to be a Kubernetes object: it has an apiVersion or
// a kind, or both metadata and a spec. Many other formats have one of the latter.
func isMeant(text string) bool {
	seen := map[string]bool{}
	for _, m := range typical().FindAllStringSubmatch(text, -1) {
		seen[strings.ToLower(m[1]+m[2])] = true
	}
	return seen["apiversion"] || seen["kind"] || seen["metadata"] && seen["spec"]
}

// ours drops the findings on documents that are not meant to be Kubernetes objects,
// such as the configuration of other tools. Some of these allow comments in JSON. In a
// file that the user named, they are notes.
func ours(findings diag.Findings, file discovery.File, text string) diag.Findings {
	whole := sync.OnceValue(func() bool { return isMeant(text) })
	var foreign map[int]bool // documents, by their lines
	kept := findings[:0]
	for _, f := range findings {
		switch {
		case f.Code == "yaml-invalid" && strings.EqualFold(path.Ext(file.Name), ".json"):
			if !whole() && !file.Named {
				continue
			}
		case f.Code == "object-untyped":
			if foreign == nil {
				foreign = map[int]bool{}
				for _, d := range yamlsplit.Split(text) {
					foreign[d.Line] = !isMeant(d.Text)
				}
			}
			switch {
			case foreign[f.Position.Line] && !file.Named:
				continue
			case foreign[f.Position.Line]:
				f.Severity, f.Message, f.Help = diag.Note, "the document is not a Kubernetes object, and is not checked", ""
			}
		}
		kept = append(kept, f)
	}
	return kept
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
