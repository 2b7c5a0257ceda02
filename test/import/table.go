package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/importer"
)

// leaves has the numbers of values in the YAML of documents.
type leaves struct {
	all     int
	untyped int // in fields that are set by Mutate, and in objects without a function
}

// add counts the values of an object.
func (l *leaves) add(o runtime.Object, r *importer.Result) {
	raw, err := json.Marshal(o)
	var content map[string]any
	if err != nil || json.Unmarshal(raw, &content) != nil {
		return
	}
	for _, server := range []string{"status", "apiVersion", "kind"} {
		delete(content, server)
	}
	eachLeaf("", content, func(path string) {
		l.all++
		if r.Func == nil || slices.ContainsFunc(r.Hatches, func(h importer.Hatch) bool { return within(path, h.Path) }) {
			l.untyped++
		}
	})
}

// within reports whether a value is a part of another one.
func within(path, of string) bool {
	rest, ok := strings.CutPrefix(path, of)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// eachLeaf visits the values that are no lists or maps, with paths as in a hatch.
func eachLeaf(path string, v any, visit func(path string)) {
	switch v := v.(type) {
	case map[string]any:
		for k, item := range v {
			at := path + "." + k
			if path == "" {
				at = k
			}
			eachLeaf(at, item, visit)
		}
	case []any:
		for i, item := range v {
			eachLeaf(fmt.Sprintf("%s[%d]", path, i), item, visit)
		}
	case nil:
	default:
		visit(path)
	}
}

// markdown prints what documentation says of the importer.
func (m *measure) markdown(w io.Writer) {
	read, unread := 0, 0
	for _, c := range m.kinds {
		read += c.typed + c.hatched + c.raw
		unread += c.unread
	}
	row := func(name string, part, of int) {
		fmt.Fprintf(w, "| %s | %d of %d | %.1f %% |\n", name, part, of, 100*float64(part)/float64(max(of, 1)))
	}
	calls := func(kinds []string) (typed, of int) {
		for _, k := range kinds {
			c := m.kind(k)
			typed, of = typed+c.typed, of+c.typed+c.hatched+c.raw
		}
		return typed, of
	}
	fmt.Fprint(w, "| | documents | |\n|---|---|---|\n")
	row("imported at some step", read, read+unread)
	if m.printed > 0 {
		row("their Go compiles", m.printed-m.broken, m.printed)
	}
	if m.packages > 0 {
		row("folders whose Go compiles as one package", m.packages-m.brokenPackages, m.packages)
	}
	typed, of := calls(pipelineKinds)
	row("calls alone: Tasks, Pipelines, runs", typed, of)
	typed, of = calls(triggerKinds)
	row("calls alone: Tekton Triggers", typed, of)
	row("values in calls", m.leaves.all-m.leaves.untyped, m.leaves.all)
	if m.packages > 0 {
		row("lines of comments in the Go", m.comments-m.lost, m.comments)
		slices.Sort(m.ratios)
		if len(m.ratios) > 0 {
			fmt.Fprintf(w, "| lines of Go for a line of YAML, without comments, scripts and what is inferred of Tasks elsewhere | median | %.2f |\n", m.ratios[len(m.ratios)/2])
		}
	}
	fmt.Fprintf(w, "| CPU time of a document | | %.1f ms |\n", float64(m.spent.Microseconds())/1000/float64(max(m.objects, 1)))
}
