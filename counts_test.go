package tekwright_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/rule"
)

// TestCounts holds numbers in docs against what they count.
func TestCounts(t *testing.T) {
	files, err := filepath.Glob("test/oracle/testdata/cases/*.yaml")
	require.NoError(t, err)
	sets := 0
	for _, file := range files {
		sets += len(regexp.MustCompile(`(?m)^### `).FindAllString(read(t, file), -1))
	}
	assert.Contains(t, read(t, "docs/kinds.md"), strconv.Itoa(sets)+" sets in `test/oracle/testdata/cases`")

	good, ofPAC := 0, 0
	for _, r := range check.Rules() {
		switch {
		case r.Doc().Good == "":
		case r.Topic == "pac":
			ofPAC++
		case !isGated(t, r):
			good++
		}
	}
	live := strings.Join(strings.Fields(read(t, "docs/live.md")), " ")
	assert.Contains(t, live, "the good examples of "+strconv.Itoa(good)+" rules are admitted")
	assert.Contains(t, live, strconv.Itoa(ofPAC)+" rules are for Pipelines-as-Code")
}

// isGated reports whether a cluster with the default flags refuses the good example of a rule,
// which is then not applied to one.
func isGated(t *testing.T, r *rule.Rule) bool {
	t.Helper()
	objects, _ := manifest.Parse([]byte(r.Doc().Good), r.Code)
	found, err := check.Run(t.Context(), objects, check.Profile{})
	require.NoError(t, err)
	return slices.ContainsFunc(found, func(f diag.Finding) bool { return f.Code == check.FeatureGate })
}
