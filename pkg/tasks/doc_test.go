package tasks_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/tasks"
)

// TestTable checks that the table in the package documentation has the required inputs that
// the comments of the fields have, and the results of the Tasks.
func TestTable(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	var doc string
	required := map[string][]string{} // fields, by the name of the struct
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		require.NoError(t, err)
		if name == "doc.go" {
			doc = file.Doc.Text()
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if s, ok := spec.Type.(*ast.StructType); ok {
				for _, f := range s.Fields.List {
					if strings.HasSuffix(strings.TrimSpace(f.Doc.Text()), "Required.") {
						required[spec.Name.Name] = append(required[spec.Name.Name], f.Names[0].Name)
					}
				}
			}
			return false
		})
	}
	results := map[string]string{"Approval": "none"} // by the name of the struct
	for name, task := range catalogue(t) {
		var all []string
		for _, r := range task.Spec.Results {
			all = append(all, r.Name)
		}
		if len(all) == 0 {
			all = []string{"none"}
		}
		results[name] = strings.Join(all, ", ")
	}

	_, text, _ := strings.Cut(doc, "\ttask ")
	text, _, _ = strings.Cut(text, "\n\n")
	text = regexp.MustCompile(`,\n\t +`).ReplaceAllString(text, ", ") // rows of two lines
	columns := regexp.MustCompile(` {2,}`)
	rows := strings.Split(text, "\n\t")[1:]
	assert.Len(t, rows, len(catalogue(t))+1, "a row for each task, and for Approval")
	for _, row := range rows {
		cells := columns.Split(strings.Replace(row, " ", "  ", 1), -1)
		require.Len(t, cells, 3, row)
		inputs := slices.DeleteFunc(strings.Split(cells[1], ", "), func(s string) bool { return strings.Contains(s, " or ") })
		assert.ElementsMatch(t, required[cells[0]], inputs, "the required inputs of %s", cells[0])
		key := cells[0]
		if key != "Approval" {
			key = taskName(cells[0])
		}
		assert.Equal(t, results[key], cells[2], "the results of %s", cells[0])
	}
}

// taskName returns the name of the Task of a struct: GitClone is git-clone.
func taskName(structure string) string {
	switch structure {
	case "BuildKit":
		return tasks.BuildKit{}.TaskName()
	case "GitOpsUpdate":
		return tasks.GitOpsUpdate{}.TaskName()
	}
	return strings.ToLower(regexp.MustCompile(`([a-z])([A-Z])`).ReplaceAllString(structure, "$1-$2"))
}
