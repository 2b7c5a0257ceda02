package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The page is what the program writes, and it has every task.
func TestPage(t *testing.T) {
	t.Parallel()
	want, err := render()
	require.NoError(t, err)
	got, err := os.ReadFile("../../../../docs/catalogue.md")
	require.NoError(t, err)
	assert.Equal(t, want, string(got), "run go generate in pkg/tasks")
}

func TestEveryTask(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../*.go")
	require.NoError(t, err)
	var declared, listed []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		require.NoError(t, err)
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv != nil && fn.Name.Name == "TaskName" {
				if name := fn.Recv.List[0].Type.(*ast.Ident).Name; name != "Approval" { // a custom task, which the page mentions
					declared = append(declared, name)
				}
			}
		}
	}
	for _, e := range entries() {
		listed = append(listed, e.name)
		task, err := e.task.Task()
		require.NoError(t, err)
		assert.Equal(t, strings.ToLower(e.name), strings.ReplaceAll(task.Name, "-", ""))
	}
	slices.Sort(declared)
	slices.Sort(listed)
	assert.Equal(t, declared, listed)
}

// What was run on a node is what live.md says.
func TestNode(t *testing.T) {
	t.Parallel()
	live, err := os.ReadFile("../../../../docs/live.md")
	require.NoError(t, err)
	start := strings.Index(string(live), "| tasks | hostile inputs")
	require.Positive(t, start)
	table, _, _ := strings.Cut(string(live)[start:], "\n\n")
	for _, e := range entries() {
		assert.Equal(t, e.node, strings.Contains(table, "`"+e.name+"`"), e.name)
	}
}
