package cli_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/cli"
	"github.com/tekwright/tekwright/internal/growth"
)

// faults returns a Task with an error and a warning.
func faults(name string) string { return strings.Replace(aged, "name: greet", "name: "+name, 1) }

// TestGrowthOfKustomizations renders kustomizations in which one thing grows. Many patches of
// one object are limited (internal/kustomize), since kustomize decodes it for each.
func TestGrowthOfKustomizations(t *testing.T) {
	if testing.Short() {
		t.Skip("checks large directories")
	}
	lines := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.ReplaceAll(format, "#", strconv.Itoa(i)))
		}
		return b.String()
	}
	tasks := func(n int, kustomization string) map[string]string {
		files := map[string]string{"kustomization.yaml": "resources:\n" + lines(n, "- t#.yaml\n") + kustomization}
		for i := range n {
			files[fmt.Sprintf("t%d.yaml", i)] = faults(fmt.Sprintf("t%d", i))
		}
		return files
	}
	for name, c := range map[string]struct {
		size  int
		files func(n int) map[string]string
	}{
		"resources": {15, func(n int) map[string]string { return tasks(n, "namePrefix: x-\n") }},
		"patches": {12, func(n int) map[string]string {
			return tasks(n, "patches:\n"+lines(n, "- {target: {kind: Task, name: t#}, patch: '[{op: add, path: /spec/params/-, value: {name: p, default: x}}]'}\n"))
		}},
		"overlays": {12, func(n int) map[string]string {
			files := map[string]string{"base/t.yaml": aged, "base/kustomization.yaml": "resources: [t.yaml]\n"}
			for i := range n {
				files[fmt.Sprintf("o%d/kustomization.yaml", i)] = fmt.Sprintf("resources: [../base]\nnamePrefix: o%d-\n", i)
			}
			return files
		}},
		"deep bases": {3, func(n int) map[string]string {
			files := map[string]string{"b0/kustomization.yaml": "resources: [t.yaml]\n", "b0/t.yaml": aged}
			for i := 1; i < n; i++ {
				files[fmt.Sprintf("b%d/kustomization.yaml", i)] = fmt.Sprintf("resources: [../b%d]\nnamePrefix: x-\n", i-1)
			}
			return files
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			made := 0
			growth.Linear(t, c.size, func(n int) (work func()) {
				made++
				root := fmt.Sprintf("%d-%d", made, n)
				for file, text := range c.files(n) {
					write(t, map[string]string{filepath.Join(root, file): text})
				}
				return checking("", root, "text")
			})
			r := words("check -q 1-" + strconv.Itoa(c.size/2))
			assert.Contains(t, r.out, "param-unknown")
			assert.NotContains(t, r.out, "kustomization-unrendered")
		})
	}
}

// TestGrowthOfBaselines compares many findings with a baseline that has them all.
func TestGrowthOfBaselines(t *testing.T) {
	if testing.Short() {
		t.Skip("checks large directories")
	}
	for name, c := range map[string]struct {
		size  int
		files func(n int, root string) map[string]string
		moved bool
	}{
		"different findings": {200, func(n int, root string) map[string]string {
			var b strings.Builder
			for i := range n {
				b.WriteString(faults(fmt.Sprintf("t%d", i)) + "---\n")
			}
			return map[string]string{root + "/a.yaml": b.String()}
		}, false},
		"different findings in a renamed directory": {200, func(n int, root string) map[string]string {
			var b strings.Builder
			for i := range n {
				b.WriteString(faults(fmt.Sprintf("t%d", i)) + "---\n")
			}
			return map[string]string{root + "/a.yaml": b.String()}
		}, true},
		"equal findings in renamed directories": {40, func(n int, root string) map[string]string {
			files := map[string]string{}
			for i := range n {
				files[fmt.Sprintf("%s/%d/a.yaml", root, i)] = aged
			}
			return files
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			made := 0
			prepare := func(n int) (root, known string) {
				made++
				root, known = fmt.Sprintf("%d-%d", made, n), fmt.Sprintf("known-%d.json", made)
				write(t, c.files(n, root))
				require.Equal(t, 0, words("check --baseline "+known+" --write-baseline "+root).exit)
				if c.moved {
					require.NoError(t, os.Rename(root, "new-"+root))
					root = "new-" + root
				}
				return root, known
			}
			growth.Linear(t, c.size, func(n int) (work func()) {
				root, known := prepare(n)
				return func() { words("check --baseline " + known + " " + root) }
			})
			root, known := prepare(5)
			r := words("check --baseline " + known + " " + root)
			assert.Equal(t, 0, r.exit, r.out)
			assert.Contains(t, r.out, "10 known findings")
			assert.Empty(t, r.err)
		})
	}
}

// checking returns a call of the command check.
func checking(stdin, arg, format string) (work func()) {
	return func() {
		cli.Run(context.Background(), []string{"check", arg, "-o", format}, cli.Streams{
			In: strings.NewReader(stdin), Out: io.Discard, Err: io.Discard, Env: func(string) string { return "" },
		})
	}
}
