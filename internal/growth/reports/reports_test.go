// Package reports_test tests how the cost of the command grows for documents in folders, for
// reports in all formats, and for fixes. It is a package of its own because a package has ten
// minutes for its tests by default, and a busy machine needs many of them.
package reports_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/growth"
	"github.com/tekwright/tekwright/internal/growth/command"
)

// TestGrowthInFolders checks documents that are not objects. In folders they are
// compared with what an object looks like.
func TestGrowthInFolders(t *testing.T) {
	if testing.Short() {
		t.Skip("checks large texts")
	}
	families := 0
	for _, f := range growth.Families() {
		if f.Name != "JSON values" && f.Name != "JSON values on one line" && f.Name != "documents" && f.Name != "broken documents" {
			continue
		}
		families++
		for _, name := range []string{"a.json", "a.yaml"} {
			t.Run(f.Name+" in "+name, func(t *testing.T) {
				dir := t.TempDir()
				growth.Linear(t, f.Size, func(n int) (work func()) {
					require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(f.Text(n)), 0o600))
					return command.Checking("", dir, "-o", "text")
				})
			})
		}
	}
	assert.Equal(t, 4, families)
}

// TestGrowthOfReports checks texts with many findings in one line, in the other formats.
func TestGrowthOfReports(t *testing.T) {
	if testing.Short() {
		t.Skip("checks large texts")
	}
	families := 0
	for _, f := range growth.Families() {
		if !strings.Contains(f.Name, "one line") && f.Name != "params of a task that is known" {
			continue
		}
		families++
		for _, format := range []string{"json", "sarif", "github", "gitlab", "junit"} {
			t.Run(f.Name+" as "+format, func(t *testing.T) {
				growth.Linear(t, f.Size, func(n int) (work func()) { return command.Checking(f.Text(n), "-", "-o", format) })
			})
		}
	}
	assert.Greater(t, families, 5)
}

// TestGrowthOfFixes fixes texts with many mistakes, in one line or in many.
func TestGrowthOfFixes(t *testing.T) {
	if testing.Short() {
		t.Skip("fixes large texts")
	}
	families := 0
	for _, f := range growth.Families() {
		if !strings.HasPrefix(f.Name, "tasks with faults") && !strings.HasPrefix(f.Name, "fixes: ") {
			continue
		}
		families++
		t.Run(f.Name, func(t *testing.T) {
			growth.Linear(t, f.Size, func(n int) (work func()) {
				return command.Checking(f.Text(n), "--diff", "--fix=unsafe", "-")
			})
		})
	}
	assert.GreaterOrEqual(t, families, 6)
}
