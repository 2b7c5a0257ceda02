package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/importer/compile"
	"github.com/tekwright/tekwright/internal/importer/plan"
)

// TestExamples imports what the examples of the repository emit: calls alone describe it, and
// their Go compiles.
func TestExamples(t *testing.T) {
	m := newMeasure()
	var err error
	m.checker, err = compile.Only(t.Context(), ".", plan.Imports()...)
	require.NoError(t, err)
	var list bytes.Buffer
	m.list = &list
	require.NoError(t, m.repository("../../examples"))
	assert.Empty(t, list.String())
	assert.Greater(t, m.printed, 30)
	assert.Zero(t, m.broken)
	var table bytes.Buffer
	m.print(&table)
	assert.Contains(t, table.String(), "100.0%")
	table.Reset()
	m.markdown(&table)
	assert.Contains(t, table.String(), "| values in calls | ")
	assert.Zero(t, m.leaves.untyped)
	assert.Greater(t, m.leaves.all, 1000)
	t.Log(table.String())
}

// TestTypes shows that the check finds what does not compile.
func TestTypes(t *testing.T) {
	c, err := compile.Only(t.Context(), ".", plan.Imports()...)
	require.NoError(t, err)
	const head = "package ci\n\nimport \"github.com/tekwright/tekwright/pkg/builder\"\n\n"
	require.NoError(t, c.Check(t.Context(), map[string][]byte{"ci.go": []byte(head + "func P() *builder.Pipeline { return builder.NewPipeline(\"p\") }\n")}))
	require.ErrorContains(t, c.Check(t.Context(), map[string][]byte{"ci.go": []byte(head + "func P() *builder.Pipeline { return builder.NewPipeline(1) }\n")}), "cannot use 1")
	require.ErrorContains(t, c.Check(t.Context(), map[string][]byte{"ci.go": []byte(head + "func P() {\n")}), "expected")
}

// TestLicence tests that a licence counts once for a file of Go, and other comments each time.
func TestLicence(t *testing.T) {
	m := newMeasure()
	comments, licences := map[string]int{"Copyright 2026 A": 1, "It builds.": 2}, map[string]bool{}
	for range 3 {
		m.remarks(document{text: "# Copyright 2026 A\n\n# It builds.\nkind: Task\n"}, comments, licences)
	}
	assert.Equal(t, 4, m.comments)
	assert.Equal(t, 1, m.lost)
}
