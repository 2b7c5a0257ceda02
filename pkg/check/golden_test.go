package check_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// TestRules runs the cases of testdata/*.yaml and compares what is found with
// testdata/*.txt. A case begins with a line "### name"; the word complete in
// its name makes the set complete, alpha sets enable-api-fields.
func TestRules(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			goldens(t, file)
		})
	}
}

// goldens runs the cases of one file, each under the profile of its name.
func goldens(t *testing.T, file string) {
	t.Helper()
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	var out strings.Builder
	for _, c := range strings.Split("\n"+string(data), "\n### ")[1:] {
		name, body, _ := strings.Cut(c, "\n")
		objects, err := read([]byte(body))
		require.NoError(t, err, name)
		before := copies(objects)
		profile := profileOf(name)
		if !strings.HasPrefix(filepath.Base(file), "practice") {
			profile.Disabled = noisy
		}
		findings := runAll(placed(objects), profile)
		assert.Equal(t, before, copies(objects), "%s: an object was changed", name)
		assert.Equal(t, findings, runAll(placed(objects), profile), "%s: not the same again", name)
		out.WriteString("### " + name + "\n")
		if len(findings) == 0 {
			out.WriteString("ok\n")
		}
		for _, f := range findings {
			out.WriteString(f.Error() + "\n")
			wellFormed(t, f)
		}
		out.WriteString("\n")
	}
	golden.Check(t, strings.TrimSuffix(file, ".yaml")+".txt", []byte(strings.TrimSuffix(out.String(), "\n")))
}

// noisy are rules that the short Tasks of most cases break.
var noisy = []string{"requests-missing", "image-floating"}

func profileOf(name string) check.Profile {
	p := check.Profile{Complete: strings.Contains(name, "complete")}
	if strings.Contains(name, "coschedule disabled") {
		p.Coschedule = "disabled"
	}
	if strings.Contains(name, "alpha") {
		p.APIFields = "alpha"
	}
	return p
}

// placed gives each object a position that says the object and the path.
func placed(objects []object.Object) []object.Object {
	out := make([]object.Object, len(objects))
	for i, o := range objects {
		kind := o.GetObjectKind().GroupVersionKind().Kind
		out[i] = object.Object{Object: o.Object, Locate: func(path diag.Path, _ string) diag.Position {
			return diag.Position{File: kind + " " + nameOf(o) + " " + path.String()}
		}}
	}
	return out
}

// wellFormed holds the texts against the rules of the house.
func wellFormed(t *testing.T, f diag.Finding) {
	t.Helper()
	texts := []string{f.Message, f.Help}
	for _, r := range f.Related {
		texts = append(texts, r.Message)
		assert.NotEmpty(t, r.Message, "%v", f)
	}
	for _, s := range texts {
		assert.False(t, strings.HasSuffix(s, "."), "ends with a full stop: %s", s)
		assert.NotContains(t, s, "%!", s)
		assert.NotContains(t, s, "\n", s)
	}
	assert.NotEmpty(t, f.Code)
	assert.NotEmpty(t, f.Message)
	assert.NotEmpty(t, f.Object.Kind)
	assert.NotContains(t, f.Message, "internal", "a rule crashed")
}
