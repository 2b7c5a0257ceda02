package config_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/config"
	"github.com/tekwright/tekwright/pkg/manifest"
)

const aTask = "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: NAME}\nspec:\n  steps: [{name: s, image: 'x:1'}]\n"

func remoteRun(value, task string) string {
	return "apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata:\n  name: a\n  annotations:\n    pipelinesascode.tekton.dev/on-event: \"[push]\"\n" +
		"    pipelinesascode.tekton.dev/on-target-branch: \"[main]\"\n    pipelinesascode.tekton.dev/task: \"" + value + "\"\nspec:\n  pipelineSpec:\n    tasks:\n" +
		"      - name: t\n        taskRef: {name: " + task + "}\n"
}

// write writes files below a folder.
func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o750))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
}

// TestRemotes checks folders whose remote tasks the configuration maps to files.
func TestRemotes(t *testing.T) {
	const url = "https://raw.example.com/org/repo/main/"
	const remotes = "remotes:\n  " + url + ": ../repo/\n  git-clone:0.9: ../repo/clone.yaml\n  https://raw.example.com/: ../elsewhere\n"
	for name, c := range map[string]struct {
		config, value, task, want string
	}{
		"a file of a folder":              {remotes, url + "tasks/t.yaml", "t", ""},
		"its task has another name":       {remotes, url + "tasks/t.yaml", "u", `Pipelines-as-Code cannot find Task "u"`},
		"a name of the hub":               {remotes, "git-clone:0.9", "git-clone", ""},
		"another version":                 {remotes, "git-clone:1.0", "x", ""},
		"a name with another task":        {remotes, "git-clone:0.9", "clone", `Pipelines-as-Code cannot find Task "clone"`},
		"a file that does not exist":      {remotes, url + "none.yaml", "t", "cannot be used, so no run starts for the event: "},
		"a Pipeline":                      {remotes, url + "p.yaml", "t", "has not been recognized as a Tekton task"},
		"not YAML":                        {remotes, url + "bad.yaml", "t", "cannot be used"},
		"outside of the folder":           {remotes, url + "../secret.yaml", "x", ""},
		"outside of the folder by a link": {remotes, url + "link.yaml", "t", "cannot be used"},
		"not mapped":                      {remotes, "https://other.example.com/t.yaml", "x", ""},
		"no remotes":                      {"", url + "tasks/t.yaml", "x", ""},
		"in the profile":                  {"profile: sub/profile.yaml\n", url + "tasks/t.yaml", "u", `Pipelines-as-Code cannot find Task "u"`},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, map[string]string{
				"app/.tekwright.yaml": c.config, "app/.tekton/a.yaml": remoteRun(c.value, c.task),
				"app/sub/profile.yaml": strings.ReplaceAll(remotes, "../", "../../"), "repo/tasks/t.yaml": strings.Replace(aTask, "NAME", "t", 1),
				"repo/clone.yaml": strings.Replace(aTask, "NAME", "git-clone", 1), "repo/p.yaml": "apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: p}\nspec: {}\n",
				"repo/bad.yaml": "a: [", "secret.yaml": strings.Replace(aTask, "NAME", "t", 1),
			})
			require.NoError(t, os.Symlink(filepath.Join(dir, "secret.yaml"), filepath.Join(dir, "repo", "link.yaml")))
			set, err := manifest.Load(context.Background(), []string{filepath.Join(dir, "app", ".tekton")}, manifest.LoadOptions{})
			require.NoError(t, err)
			finder := &config.Finder{}
			found, err := check.Run(context.Background(), set.Objects, finder.Profile(check.Profile{}, nil))
			require.NoError(t, err)
			said := ""
			for _, f := range found {
				if strings.HasPrefix(f.Code, "pac-re") {
					said += f.Message + "\n"
				}
			}
			if c.want == "" {
				assert.Empty(t, said)
			} else {
				assert.Contains(t, said, c.want)
			}
		})
	}
}

// TestReadRemote reads files within bounds.
func TestReadRemote(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"a/b.yaml": "b", "large.yaml": strings.Repeat("x", 2<<20), "c": "c"})
	text, err := config.ReadRemote(dir, "a/b.yaml")
	require.NoError(t, err)
	assert.Equal(t, "b", string(text))
	for _, name := range []string{"a", "none.yaml", "large.yaml", "../" + filepath.Base(dir) + "/c", "/etc/hostname", ""} {
		_, err := config.ReadRemote(dir, name)
		require.Error(t, err, name)
		assert.NotContains(t, err.Error(), dir, "the folder is not part of the message")
	}
	_, err = config.ReadRemote(filepath.Join(dir, "none"), "a")
	assert.Error(t, err)
}

// TestRemotesFaults checks mistakes in the field.
func TestRemotesFaults(t *testing.T) {
	for text, want := range map[string]string{
		"remotes: [a]":          "use a map from URLs and names to files and folders",
		"remotes: {a: [b]}":     `the value of "a" in remotes is a list`,
		"remotes: {a: ''}":      "remotes has an empty URL or path",
		"remotes: {dir/: b}":    `remotes has "dir/", which is neither a URL nor a name`,
		"remotes: {a: b, a: c}": `"a" is set twice`,
		"remote: {a: b}":        `did you mean "remotes"?`,
	} {
		_, err := config.Read("c.yaml", []byte(text))
		require.ErrorContains(t, err, want, text)
	}
}
