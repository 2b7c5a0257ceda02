package scripts

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/tasks"
)

// What a repository or a shared cache can contain that is not read to its end: a file that
// a tool has no memory for, a tree that expands without end, or a pipe.

// programs returns a directory with these shell scripts.
func programs(t testing.TB, scripts map[string]string) string {
	t.Helper()
	dir := write(t, t.TempDir(), scripts)
	for name := range scripts {
		require.NoError(t, os.Chmod(filepath.Join(dir, name), 0o755))
	}
	return dir
}

// findsPrograms skips a test that replaces programs that this shell does not look for in
// PATH: Debian's BusyBox runs its own awk, grep, sort and tr.
func findsPrograms(t testing.TB) {
	t.Helper()
	if strings.Contains(shell()[0], "busybox") {
		t.Skip("SKIPPED: this BusyBox runs its own programs")
	}
}

// charting is a run of HelmDeploy with a stand-in for helm, that has these files. The
// programs are found first.
func charting(t testing.TB, chart string, files map[string]string, first ...string) (run, func() bool) {
	t.Helper()
	dir, env, calls := standins(t, []reply{{Args: []string{"history"}, Stdout: history}}, "helm")
	r := run{
		task: define(t, tasks.HelmDeploy{}), path: append(first, dir), env: env,
		params:     map[string]string{"chart": chart, "release": "app", "namespace": "prod"},
		workspaces: map[string]string{"source": write(t, t.TempDir(), files)},
	}
	return r, func() bool {
		upgrades := args(calls(), "helm", "upgrade")
		require.NotEmpty(t, upgrades)
		return !slices.Contains(upgrades[len(upgrades)-1], "--skip-schema-validation")
	}
}

// TestHelmArchiveUnread: the values are validated only if the archive was read to its end.
func TestHelmArchiveUnread(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		programs  map[string]string
		validated bool
	}{
		"read":               {nil, true},
		"no memory":          {map[string]string{"grep": "#!/bin/sh\nexit 2\n"}, false},
		"no memory, BusyBox": {map[string]string{"grep": "#!/bin/sh\nexit 1\n"}, false},
		"killed":             {map[string]string{"grep": "#!/bin/sh\nkill -9 $$\n"}, false},
		"killed later":       {map[string]string{"grep": "#!/bin/sh\necho 1\nkill -9 $$\n"}, false},
		"no input":           {map[string]string{"tr": "#!/bin/sh\nkill -9 $$\n"}, false},
		"half of the input":  {map[string]string{"tr": "#!/bin/sh\nhead -c 3\n"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			need(t, "gzip")
			if c.programs != nil {
				findsPrograms(t)
			}
			for _, chart := range []string{"lib.tgz", "chart"} {
				cmd := exec.Command("gzip", "-c")
				cmd.Stdin = strings.NewReader("lib/Chart.yaml\x00")
				packed, err := cmd.Output()
				require.NoError(t, err)
				r, validated := charting(t, chart, map[string]string{"lib.tgz": string(packed), "chart/charts/lib.tgz": string(packed)}, programs(t, c.programs))
				r.do(t).ok(t)
				assert.Equal(t, c.validated, validated(), chart)
			}
		})
	}
}

// TestHelmLargeSchemas: a schema of hundreds of kilobytes takes seconds, whatever its strings are.
func TestHelmLargeSchemas(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Second)
	defer cancel()
	refer := `", "$ref": "file:///x"}`
	for name, schema := range map[string]string{
		"quotes":      `{"title": "` + strings.Repeat(`\"`, 200000) + refer,
		"backslashes": `{"title": "` + strings.Repeat(`\\`, 200000) + refer,
		"characters":  `{"title": "` + strings.Repeat(`\u0024`, 60000) + refer,
		"strings":     `{"enum": [` + strings.Repeat(`"a", `, 100000) + `"` + `"], "` + refer[4:],
		"one string":  `{"title": "` + strings.Repeat("x", 400000) + refer,
	} {
		for _, tools := range []string{"", applets(t)} {
			for _, validated := range []bool{false, true} {
				text := schema
				if validated {
					text = strings.Replace(schema, "file:///x", "#/x", 1)
				}
				r, got := charting(t, "chart", map[string]string{"chart/values.schema.json": text})
				if tools != "" {
					r.path = append(r.path, tools)
				}
				r.ctx = ctx
				r.do(t).ok(t)
				assert.Equal(t, validated, got(), "%s, tools in %q", name, tools)
			}
		}
	}
}

// tree writes a tree to the repository. An entry is MODE NAME, a tab and the hash of an object.
func (r repository) tree(entries ...string) string {
	r.t.Helper()
	var text strings.Builder
	for _, entry := range entries {
		name, hash, _ := strings.Cut(entry, "\t")
		text.WriteString(name + "\x00")
		for i := 0; i < len(hash); i += 2 {
			var b byte
			_, err := fmt.Sscanf(hash[i:i+2], "%02x", &b)
			require.NoError(r.t, err)
			text.WriteByte(b)
		}
	}
	cmd := exec.Command("git", "hash-object", "-w", "-t", "tree", "--literally", "--stdin")
	cmd.Dir, cmd.Stdin = r.work, strings.NewReader(text.String())
	hash, err := cmd.Output()
	require.NoError(r.t, err)
	return strings.TrimSpace(string(hash))
}

// grown pushes a commit of a tree on top of main.
func (r repository) grown(branch, tree string) {
	r.t.Helper()
	commit := git(r.t, r.work, "commit-tree", "-m", branch, "-p", "main", tree)
	git(r.t, r.work, "push", "-q", "origin", commit+":refs/heads/"+branch)
}

// TestChangedPathsSlash: git clone writes the files of an entry with a slash in its name to
// directories that git does not list. Their changes are not missed.
func TestChangedPathsSlash(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"services/a/x": "1"})
	services := git(t, r.work, "rev-parse", "HEAD:services")
	inner := git(t, r.work, "rev-parse", "HEAD:services/a")
	blob := git(t, r.work, "rev-parse", "HEAD:services/a/x")
	for branch, tree := range map[string]string{
		"directory": r.tree("40000 services\t"+services, "40000 services/b\t"+inner),
		"deeper":    r.tree("40000 services\t"+services, "40000 services/b/c\t"+inner),
		"file":      r.tree("40000 services\t"+services, "100644 services/b/x\t"+blob),
	} {
		r.grown(branch, tree)
		output := t.TempDir()
		cloning(t, output, map[string]string{"url": "file://" + r.bare, "revision": branch}).do(t).ok(t)
		require.DirExists(t, filepath.Join(output, "services/b"), "git writes the files")
		got := comparing(t, r, map[string]string{"revision": branch, "base": "main"}, nil).do(t)
		if branch == "directory" { // whose name is that of the path
			assert.Equal(t, []string{"services/b"}, got.ok(t).list(t, "changed"))
			continue
		}
		got.refused(t, "changed-paths", "a tree contains an entry with a slash in its name, in the path 'services/b/")
		assert.Empty(t, got.results)
	}
}

// TestChangedPathsBomb: a few objects that expand to a billion directories fail the task
// before they fill the disk.
func TestChangedPathsBomb(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"services/a/x": "1"})
	tree := git(t, r.work, "rev-parse", "HEAD:services/a")
	for range 9 {
		var entries []string
		for i := range 10 {
			entries = append(entries, fmt.Sprintf("40000 directory%d\t%s", i, tree))
		}
		tree = r.tree(entries...)
	}
	r.grown("bomb", tree)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Second)
	defer cancel()
	c := comparing(t, r, map[string]string{"revision": "bomb", "base": "main"}, nil)
	c.ctx = ctx
	got := c.do(t)
	got.refused(t, "changed-paths", "cannot compare the revisions, or the names in them have more than 256 MiB")
	assert.Empty(t, got.results)
}

// TestChangedPathsUnread: if awk or sort fails, such as for lack of memory, it is not taken
// for no change.
func TestChangedPathsUnread(t *testing.T) {
	t.Parallel()
	findsPrograms(t)
	r := newRepository(t, map[string]string{"services/a/x": "1"})
	for name, scripts := range map[string]map[string]string{
		"awk fails":   {"awk": "#!/bin/sh\nexit 2\n"},
		"awk killed":  {"awk": "#!/bin/sh\necho cservices/a\nkill -9 $$\n"},
		"sort fails":  {"sort": "#!/bin/sh\nexit 2\n"},
		"sort killed": {"sort": "#!/bin/sh\nkill -9 $$\n"},
	} {
		c := comparing(t, r, nil, nil)
		c.path = []string{programs(t, scripts)}
		got := c.do(t)
		got.refused(t, "changed-paths", "cannot compare the revisions")
		assert.Empty(t, got.results, name)
	}
}

// TestKoNewline: a kodata is checked, or refused, wherever it is. A file of that name is none.
func TestKoNewline(t *testing.T) {
	t.Parallel()
	image := map[string]string{"image": "example.com/app:1"}
	below := maps.Clone(image)
	below["directory"] = "app"
	refused := "kodata 'a?b/kodata' has a newline in its path"
	follow(t, "ko", define(t, tasks.Ko{}), []reply{{Touch: "image-refs=a@" + digest + "\n"}}, "ko", map[string]linkCase{
		"newline":                {params: below, files: map[string]string{"a\nb/go.mod": "", "a\nb/kodata/x": ""}, links: map[string]string{"app": "a\nb", "a\nb/kodata/config": "SECRET/config"}, want: refused},
		"newline, kodata itself": {params: below, files: map[string]string{"a\nb/go.mod": ""}, links: map[string]string{"app": "a\nb", "a\nb/kodata": "SECRET"}, want: refused},
		"file":                   {params: image, files: map[string]string{"go.mod": "", "scripts/kodata": ""}},
		"other name":             {params: image, files: map[string]string{"go.mod": "", "a\nb/x": "", "kodata2/x": ""}},
	})
}

// TestGoCachePipes: the go command does not wait for a pipe that another run has put into
// the shared downloads.
func TestGoCachePipes(t *testing.T) {
	t.Parallel()
	const path = "example.com/dep"
	proxy := moduleProxy(t, map[string]string{path: "good"})
	r := goRun(t, run{task: define(t, tasks.GoBuild{}), arrays: map[string][]string{"flags": {"-mod=mod"}},
		params: map[string]string{"proxy": "file://" + proxy, "sumdb": "off"}}, withModule)
	shared, err := goCache()
	require.NoError(t, err)
	cache := t.TempDir()
	builds, err := os.Readlink(filepath.Join(shared, "build"))
	require.NoError(t, err)
	require.NoError(t, os.Symlink(builds, filepath.Join(cache, "build")))
	r.workspaces["cache"] = cache
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Second)
	defer cancel()
	r.ctx = ctx
	for _, name := range []string{"v1.0.0.info", "v1.0.0.mod", "v1.0.0.zip", "v1.0.0.ziphash", "v1.0.0.lock", "list"} {
		at := filepath.Join(cache, "download", path, "@v")
		require.NoError(t, os.RemoveAll(at))
		require.NoError(t, os.MkdirAll(at, 0o755))
		require.NoError(t, syscall.Mkfifo(filepath.Join(at, name), 0o666))
		r.do(t).ok(t)
	}
}
