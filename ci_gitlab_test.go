package tekwright_test

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// job is what the tests read of templates/check.yml.
type job struct {
	Script    []string
	Variables map[string]struct {
		Value  string
		Expand *bool
	}
	Cache struct {
		Paths []string
	}
	Artifacts struct {
		When    string
		Reports map[string]string
	}
}

// gitlab returns the job of templates/check.yml with inputs in place.
func gitlab(t *testing.T, inputs map[string]string) (string, job) {
	t.Helper()
	var head struct {
		Spec struct {
			Inputs map[string]struct{ Description, Type, Default string }
		}
	}
	var body yaml.Node
	decoded(t, read(t, "templates/check.yml"), &head, &body)
	place := regexp.MustCompile(`\$\[\[ inputs\.([a-z-]+) \]\]`)
	var interpolate func(*yaml.Node)
	interpolate = func(n *yaml.Node) {
		for _, c := range n.Content {
			interpolate(c)
		}
		if n.Kind == yaml.ScalarNode {
			n.Value = place.ReplaceAllStringFunc(n.Value, func(ref string) string {
				name := place.FindStringSubmatch(ref)[1]
				require.Contains(t, head.Spec.Inputs, name)
				if v, ok := inputs[name]; ok {
					return v
				}
				return head.Spec.Inputs[name].Default
			})
		}
	}
	interpolate(&body)
	jobs := map[string]job{}
	require.NoError(t, body.Decode(&jobs))
	require.Len(t, jobs, 1)
	for name, j := range jobs {
		return name, j
	}
	return "", job{}
}

// shells are how runners of GitLab run scripts.
func shells() [][]string {
	all := [][]string{{"bash", "-e", "-o", "pipefail"}, {"sh", "-e"}}
	if _, err := exec.LookPath("busybox"); err == nil {
		all = append(all, []string{"busybox", "sh", "-e"})
	}
	return all
}

// merged runs the script of the job in a directory.
func merged(t *testing.T, shell []string, dir string, inputs, variables map[string]string) outcome {
	t.Helper()
	_, j := gitlab(t, inputs)
	all := map[string]string{"CI_PROJECT_DIR": dir}
	for name, v := range j.Variables {
		require.False(t, v.Expand == nil || *v.Expand, "GitLab would expand %s", name)
		all[name] = v.Value
	}
	maps.Copy(all, variables)
	return scripted(t, shell, strings.Join(j.Script, "\n"), dir, all)
}

// TestGitLab tests the template for GitLab.
func TestGitLab(t *testing.T) {
	_, defaults := gitlab(t, nil)
	_, others := gitlab(t, map[string]string{"paths": "a", "args": "b", "baseline": "c", "version": "d"})
	assert.Equal(t, defaults.Script, others.Script, "an input would be code")
	name, _ := gitlab(t, map[string]string{"job-name": "other"})
	assert.Equal(t, "other", name)
	assert.Equal(t, "gl-code-quality-report.json", defaults.Artifacts.Reports["codequality"])
	assert.Equal(t, "always", defaults.Artifacts.When)

	for _, shell := range shells() {
		t.Run(shell[0], func(t *testing.T) {
			for _, text := range attacks {
				dir, tools := t.TempDir(), t.TempDir()
				arguments := recorder(t, filepath.Join(tools, "tekwright"))
				got := merged(t, shell, dir, map[string]string{"paths": text + "\nb", "args": text + "\n\n--x", "baseline": text, "version": text},
					map[string]string{"PATH": tools + ":" + os.Getenv("PATH")})
				require.Zero(t, got.exit, got.err)
				assert.Equal(t, []string{"check", "--baseline=" + text, text, "--x", "--", text, "b"}, arguments())

				arguments = recorder(t, filepath.Join(tools, "go"))
				require.NoError(t, os.Remove(filepath.Join(tools, "tekwright")))
				got = merged(t, shell, dir, map[string]string{"version": text}, map[string]string{"PATH": tools + ":" + pathWithout("tekwright")})
				assert.NotZero(t, got.exit, "nothing was installed")
				assert.Equal(t, []string{"install", module + "/cmd/tekwright@" + text}, arguments())
				unharmed(t, dir, tools, "/")
			}
		})
	}
}

// pathWithout is PATH without the directories that have a program: this machine may have it.
func pathWithout(program string) string {
	dirs := filepath.SplitList(os.Getenv("PATH"))
	return strings.Join(slices.DeleteFunc(dirs, func(dir string) bool {
		_, err := os.Stat(filepath.Join(dir, program))
		return err == nil
	}), ":")
}

// testGitLab runs the script for GitLab with the command.
func testGitLab(t *testing.T, program string) {
	bin := filepath.Dir(program)
	for _, shell := range shells() {
		t.Run(shell[0], func(t *testing.T) {
			path := map[string]string{"PATH": bin + ":" + os.Getenv("PATH")}
			dir := t.TempDir()
			sample(t, dir)
			for range 2 { // the second time with the report of the first one
				got := merged(t, shell, dir, nil, path)
				assert.Equal(t, 1, got.exit, got.err)
				assert.Contains(t, got.out, "tekton/-q.yaml:9:")
				assert.Len(t, quality(t, dir), 2)
			}
			assert.Zero(t, merged(t, shell, dir, map[string]string{"baseline": "known.json", "args": "--write-baseline"}, path).exit)
			assert.Empty(t, quality(t, dir))
			got := merged(t, shell, dir, map[string]string{"paths": "none"}, path)
			assert.Equal(t, 2, got.exit)
			assert.Contains(t, got.out, "none")

			// A shallow clone of the second commit, in a merge request.
			base := strings.TrimSpace(scripted(t, shell, "git rev-parse HEAD^1", dir, nil).out)
			clone := filepath.Join(t.TempDir(), "clone")
			got = scripted(t, shell, "git clone -q --depth=1 file://"+dir+" "+clone, dir, nil)
			require.Zero(t, got.exit, got.err)
			only := map[string]string{"new-only": "true"}
			assert.Len(t, mergedQuality(t, shell, clone, only, path), 2, "not in a merge request")
			path["CI_MERGE_REQUEST_DIFF_BASE_SHA"] = base
			assert.Len(t, mergedQuality(t, shell, clone, nil, path), 2)
			assert.Len(t, mergedQuality(t, shell, clone, only, path), 1)
			unharmed(t, dir, clone)
		})
	}
}

// quality returns the findings of the report for GitLab.
func quality(t *testing.T, dir string) (found []any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "gl-code-quality-report.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &found))
	return found
}

func mergedQuality(t *testing.T, shell []string, dir string, inputs, variables map[string]string) []any {
	t.Helper()
	got := merged(t, shell, dir, inputs, variables)
	assert.Equal(t, 1, got.exit, got.err)
	return quality(t, dir)
}
