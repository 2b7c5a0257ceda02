package tekwright_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "github.com/tekwright/tekwright"

// layers says which packages of this module each one may import, those of
// internal/ aside. A folder stands for what is below it.
var layers = map[string][]string{
	"":             {},
	"pkg/graph":    {},
	"pkg/diag":     {},
	"pkg/object":   {"pkg/diag"},
	"pkg/check":    {"pkg/object", "pkg/diag", "pkg/graph"},
	"pkg/manifest": {"pkg/check", "pkg/object", "pkg/diag", "pkg/graph"},
	"pkg/builder":  {"pkg/check", "pkg/object", "pkg/diag", "pkg/graph"},
	"pkg/cluster":  {"pkg/manifest", "pkg/check", "pkg/object", "pkg/diag", "pkg/graph"},
	"pkg/generate": {"pkg/manifest", "pkg/check", "pkg/object", "pkg/diag", "pkg/graph"},
	"pkg/tasks":    {"pkg/builder", "pkg/check", "pkg/object", "pkg/diag", "pkg/graph"},
	"pkg/triggers": {"pkg/builder", "pkg/check", "pkg/object", "pkg/diag", "pkg/graph"},
	"pkg/infra":    {"pkg/builder", "pkg/check", "pkg/object", "pkg/diag", "pkg/graph"},
	"examples": {"pkg/generate", "pkg/manifest", "pkg/tasks", "pkg/triggers", "pkg/infra",
		"pkg/builder", "pkg/check", "pkg/object", "pkg/diag", "pkg/graph"},
	"examples/first-steps/drive": {"pkg/cluster", "pkg/manifest", "pkg/builder"},

	"internal":        {"pkg/diag"},
	"internal/verify": {"pkg/check", "pkg/manifest", "pkg/object", "pkg/diag"},
	"internal/cli":    {"pkg/check", "pkg/manifest", "pkg/cluster", "pkg/object", "pkg/diag", "pkg/graph"},
	"cmd":             {"internal/cli"},
}

// testOnly are the packages that no program may link.
var testOnly = []string{"internal/fill", "internal/golden", "internal/admit", "internal/verify", "internal/cputime"}

type goPackage struct {
	ImportPath string
	Imports    []string
}

// list runs go list and returns what it prints.
func list(t *testing.T, args ...string) []byte {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list"}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "go list %s: %s", strings.Join(args, " "), stderr.String())
	return out
}

// packages are the packages of this module.
func packages(t *testing.T) []goPackage {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(list(t, "-json=ImportPath,Imports", "./...")))
	var all []goPackage
	for {
		var p goPackage
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		require.NoError(t, err)
		all = append(all, p)
	}
}

// inside is the folder of a package in this module; false if it is of another.
func inside(path string) (string, bool) {
	if path == module {
		return "", true
	}
	return strings.CutPrefix(path, module+"/")
}

// layerOf is the entry of layers for a folder.
func layerOf(folder string) (string, bool) {
	for f := folder; ; {
		if _, ok := layers[f]; ok && (f != "" || folder == "") {
			return f, true
		}
		i := strings.LastIndexByte(f, '/')
		if i < 0 {
			return "", false
		}
		f = f[:i]
	}
}

// TestLayering holds the imports against the direction that the design gives
// them.
func TestLayering(t *testing.T) {
	for _, p := range packages(t) {
		folder, ok := inside(p.ImportPath)
		require.True(t, ok)
		layer, ok := layerOf(folder)
		if !assert.True(t, ok, "%q stands in no layer; add it to layers, or move it", folder) {
			continue
		}
		for _, imported := range p.Imports {
			target, ok := inside(imported)
			if !ok {
				continue
			}
			if slices.Contains(testOnly, target) {
				assert.Contains(t, testOnly, folder, "%q imports %q, which is for tests", folder, target)
			}
			to, ok := layerOf(target)
			require.True(t, ok)
			assert.True(t, to == "internal" || to == layer && folder != target || slices.Contains(layers[layer], to),
				"%q must not import %q", folder, target)
		}
	}
}
