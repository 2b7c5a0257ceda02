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

// sortedNames returns the names of the workspaces that the Task declares, sorted.
func sortedNames(runs *facts.Definition) []string {
	return slices.Compact(slices.Sorted(slices.Values(runs.WorkspaceNames())))
}

// misspellings are the names of a list that are not expected there, and so may be
// misspelled. They are found when they are first needed.
type misspellings struct {
	names    []string
	at       map[string]int // the index of each
	done     bool
	expected func(name string) bool
}

// misspelt returns the index of the item whose name is most likely the wanted one,
// misspelled; -1 if there is none.
func misspelt[T any](m *misspellings, wanted string, items []T, name func(*T) string) int {
	if !m.done {
		m.done, m.at = true, map[string]int{}
		for i := range items {
			n := name(&items[i])
			if _, again := m.at[n]; !again && len(m.names) < suggest.MaxCandidates && !m.expected(n) {
				m.names, m.at[n] = append(m.names, n), i
			}
		}
	}
	if i, ok := m.at[suggest.Name(wanted, m.names)]; ok {
		return i
	}
	return -1
}

// meantHelp returns the help for a workspace that is not bound while another one with
// a similar name is.
func meantHelp(near, name string) string {
	return "did you mean " + phrase.Quote(name) + " instead of " + phrase.Quote(near) + "?"
}
