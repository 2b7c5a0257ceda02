package manifest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/growth"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// TestLimits checks that what exceeds a limit is a finding, that what comes before it
// is read, and that it is always the same.
func TestLimits(t *testing.T) {
	const text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a%d}\nx: 1\nz: 1\n"
	filesIn(t)
	for i := range 9 {
		put(t, fmt.Sprintf("%d.yaml", i), fmt.Sprintf(text, i))
	}
	for _, c := range []struct {
		limits   manifest.Limits
		objects  int
		findings int
		want     string
	}{
		{manifest.Limits{}, 9, 18, ""},
		{manifest.Limits{Bytes: 3 * int64(len(text)), Values: 1000, Findings: 100}, 3, 7, "3.yaml: error check-limit: the files are larger than 189 bytes together; 6 files have not been read"},
		{manifest.Limits{Values: 59}, 4, 9, "4.yaml: error check-limit: the files have more than 59 values together; 5 files have not been read"},
		{manifest.Limits{Findings: 5}, 3, 6, "3.yaml: error check-limit: there are more than 5 findings; 6 files have not been read"},
		{manifest.Limits{Findings: 18}, 9, 18, ""},
	} {
		for range 20 {
			l, err := manifest.Load(t.Context(), []string{"."}, manifest.LoadOptions{Limits: c.limits})
			require.NoError(t, err)
			assert.Len(t, l.Objects, c.objects, "%+v", c.limits)
			require.Len(t, l.Findings, c.findings, "%+v: %v", c.limits, l.Findings)
			last := l.Findings[len(l.Findings)-1]
			if c.want == "" {
				assert.NotEqual(t, "check-limit", last.Code)
				continue
			}
			assert.Contains(t, last.Error(), c.want)
			assert.True(t, manifest.IsReadFailure(last))
		}
	}
}

// TestLoadDeadline checks that a deadline that passes is a finding.
func TestLoadDeadline(t *testing.T) {
	filesIn(t, "a.yaml", "b.yaml")
	ctx, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	l, err := manifest.Load(ctx, []string{"."}, manifest.LoadOptions{})
	require.NoError(t, err)
	if assert.Len(t, l.Findings, 1) {
		assert.Contains(t, l.Findings[0].Error(), ".: error check-limit: the check stopped after its time limit, before all files were found")
	}
}

// TestFewFindings checks that the findings of one text are limited, and that
// documents that are not objects do not count where they are ignored.
func TestFewFindings(t *testing.T) {
	if testing.Short() {
		t.Skip("reads large texts")
	}
	_, findings := manifest.Parse([]byte(strings.Repeat("---\na: 1\n", 250_010)), "a.yaml")
	if assert.Len(t, findings, 250_001) {
		assert.Equal(t, "check-limit", findings[250_000].Code)
	}
	filesIn(t)
	put(t, "a.yaml", strings.Repeat("---\na: 1\n", 50)+"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
	l, err := manifest.Load(t.Context(), []string{"."}, manifest.LoadOptions{Limits: manifest.Limits{Findings: 10}})
	require.NoError(t, err)
	assert.Len(t, l.Objects, 1)
	assert.Empty(t, l.Findings)
}

// TestMemory checks that many files take no more memory than the limits allow.
func TestMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("reads large texts")
	}
	filesIn(t)
	for i := range 20 {
		put(t, fmt.Sprintf("%02d.yaml", i), fmt.Sprintf("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a%d}\ndata:\n", i)+strings.Repeat("  - {a: b}\n", 20_000))
	}
	growth.Bounded(t, 200, "20 files", func() {
		l, err := manifest.Load(t.Context(), []string{"."}, manifest.LoadOptions{Limits: manifest.Limits{Values: 100_000}})
		assert.NoError(t, err)
		assert.NotEmpty(t, l.Findings)
	})
}

// TestAliases checks that what aliases add to many files has a limit, and that what comes
// before it is read and is always the same.
func TestAliases(t *testing.T) {
	if testing.Short() {
		t.Skip("reads large texts")
	}
	text := func(aliases int) string {
		return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: &a " + strings.Repeat("x", 2000) + "\n" +
			strings.Repeat("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\ndata: {a: &a "+strings.Repeat("x", 2000)+", b: ["+strings.Repeat("*a,", aliases)+"]}\n", 1)
	}
	filesIn(t)
	for i := range 9 {
		put(t, fmt.Sprintf("%d.yaml", i), text(5000))
	}
	for range 5 {
		l, err := manifest.Load(t.Context(), []string{"."}, manifest.LoadOptions{})
		require.NoError(t, err)
		assert.Len(t, l.Objects, 6)
		last := l.Findings[len(l.Findings)-1]
		assert.Contains(t, last.Error(), "3.yaml: error check-limit: aliases expand the files by more than 32 MiB together; 6 files have not been read")
		assert.True(t, manifest.IsReadFailure(last))
	}
	filesIn(t)
	put(t, "a.yaml", strings.Repeat(text(5000)+"---\n", 9))
	l, err := manifest.Load(t.Context(), []string{"."}, manifest.LoadOptions{})
	require.NoError(t, err)
	limits := 0
	for _, f := range l.Findings {
		if f.Code == "document-limit" {
			limits++
			assert.True(t, manifest.IsReadFailure(f))
		}
		assert.NotEqual(t, "check-limit", f.Code)
	}
	assert.Equal(t, 6, limits, "of one file, the documents before and those without aliases are read")
	assert.Len(t, l.Objects, 12)
}
