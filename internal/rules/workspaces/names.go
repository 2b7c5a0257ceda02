package workspaces

import (
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/suggest"
)

func bindingName(w *v1.WorkspaceBinding) string { return w.Name }

func taskBindingName(w *v1.WorkspacePipelineTaskBinding) string { return w.Name }

// names returns the names of items.
func names[T any](items []T, name func(*T) string) map[string]bool {
	if len(items) == 0 {
		return nil
	}
	out := make(map[string]bool, len(items))
	for i := range items {
		out[name(&items[i])] = true
	}
	return out
}

// binds reports whether a task of a pipeline binds the workspace of its Task.
func binds(t *facts.PipelineTask, name string) bool {
	return slices.ContainsFunc(t.Workspaces, func(w v1.WorkspacePipelineTaskBinding) bool { return w.Name == name })
}

// declaredNames returns the names of the workspaces that a Task declares.
func declaredNames(spec *v1.TaskSpec) []string {
	out := make([]string, len(spec.Workspaces))
	for i := range spec.Workspaces {
		out[i] = spec.Workspaces[i].Name
	}
	return out
}

// sortedNames returns the same, sorted.
func sortedNames(spec *v1.TaskSpec) []string {
	out := declaredNames(spec)
	slices.Sort(out)
	return slices.Compact(out)
}

// misspellings are the names of a list that are not expected there, and so may be
// misspelled. They are found when they are first needed.
type misspellings struct {
	names    []string
	done     bool
	expected func(name string) bool
}

// misspelt returns the index of the item whose name is most likely the wanted one,
// misspelled; -1 if there is none.
func misspelt[T any](m *misspellings, wanted string, items []T, name func(*T) string) int {
	if !m.done {
		m.done = true
		for i := range items {
			if n := name(&items[i]); len(m.names) < suggest.MaxCandidates && !m.expected(n) {
				m.names = append(m.names, n)
			}
		}
	}
	near := suggest.Name(wanted, m.names)
	if near == "" {
		return -1
	}
	return slices.IndexFunc(items, func(item T) bool { return name(&item) == near })
}

// meantHelp returns the help for a workspace that is not bound while another one with
// a similar name is.
func meantHelp(near, name string) string {
	return "did you mean " + phrase.Quote(name) + " instead of " + phrase.Quote(near) + "?"
}
