package scripts

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/tasks"
)

// goCache is a cache workspace that shares this machine's builds, so that the
// standard library is not built anew for each test.
var goCache = sync.OnceValues(func() (string, error) {
	builds, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		return "", err
	}
	dir, err := sharedDir()
	if err != nil {
		return "", err
	}
	return dir, os.Symlink(strings.TrimSpace(string(builds)), filepath.Join(dir, "build"))
})

var module = map[string]string{
	"go.mod":       "module example.com/calc\n\ngo 1.21\n",
	"calc.go":      "package calc\n\nfunc Sign(n int) string {\n\tif n < 0 {\n\t\treturn \"-\"\n\t}\n\treturn \"+\"\n}\n",
	"calc_test.go": "package calc\n\nimport \"testing\"\n\nfunc TestSign(t *testing.T) {\n\tif Sign(1) != \"+\" {\n\t\tt.Fatal()\n\t}\n}\n",
}

// goRun is a run of GoTest or GoBuild on a module.
func goRun(t testing.TB, r run, files map[string]string) run {
	t.Helper()
	need(t, "go")
	cache, err := goCache()
	require.NoError(t, err)
	r.workspaces = map[string]string{"source": write(t, t.TempDir(), files), "cache": cache}
	r.env = []string{"GOPROXY=off", "GOTOOLCHAIN=local"} // of the pod
	// go's telemetry would go on writing after the test
	r.home = write(t, t.TempDir(), map[string]string{".config/go/telemetry/mode": "off\n"})
	if r.params == nil {
		r.params = map[string]string{}
	}
	return r
}

func TestGoTest(t *testing.T) {
	t.Parallel()
	task := define(t, tasks.GoTest{})
	with := func(change map[string]string) map[string]string {
		files := map[string]string{}
		for _, m := range []map[string]string{module, change} {
			maps.Copy(files, m)
		}
		return files
	}
	for name, c := range map[string]struct {
		files    map[string]string
		params   map[string]string
		arrays   map[string][]string
		coverage string
		want     string // of a failure
	}{
		"passes":            {files: module, coverage: "66.7"},
		"in a directory":    {files: map[string]string{"sub dir/go.mod": module["go.mod"], "sub dir/a.go": module["calc.go"], "sub dir/a_test.go": module["calc_test.go"]}, params: map[string]string{"directory": "sub dir"}, coverage: "66.7"},
		"fails":             {files: with(map[string]string{"bad_test.go": "package calc\n\nimport \"testing\"\n\nfunc TestBad(t *testing.T) { t.Fatal(Sign(-1)) }\n"}), coverage: "100.0", want: "go test failed"},
		"does not compile":  {files: with(map[string]string{"bad_test.go": "package calc\n\nfunc\n"}), want: "go test failed"},
		"has no tests":      {files: map[string]string{"go.mod": module["go.mod"], "calc.go": module["calc.go"]}, coverage: "0.0"},
		"has no statements": {files: map[string]string{"go.mod": module["go.mod"], "a.go": "package calc\n", "a_test.go": "package calc\n\nimport \"testing\"\n\nfunc TestA(t *testing.T) {}\n"}, coverage: "0.0"},
		"two packages": {
			files: with(map[string]string{"b/b.go": "package b\n\nfunc B() int { return 1 }\n"}), coverage: "50.0",
		},
		"one package": {files: with(map[string]string{"b/b.go": "package b\n\nfunc B() int { return 1 }\n"}), arrays: map[string][]string{"packages": {"."}}, coverage: "66.7"},
		"a block counts once": {
			files:  with(map[string]string{"b/b.go": "package b\n", "b/b_test.go": "package b\n\nimport (\n\t\"testing\"\n\n\t\"example.com/calc\"\n)\n\nfunc TestB(t *testing.T) { calc.Sign(-1) }\n"}),
			arrays: map[string][]string{"flags": {"-coverpkg=./..."}}, coverage: "100.0",
		},
		"flags":            {files: module, arrays: map[string][]string{"flags": {"-run", "TestNone of them"}}, coverage: "0.0"},
		"package flag":     {files: module, arrays: map[string][]string{"packages": {"-exec=touch canary"}}, want: "starts with a dash"},
		"no such package":  {files: module, arrays: map[string][]string{"packages": {"$(touch canary)"}}, want: "go test failed"},
		"no directory":     {files: module, params: map[string]string{"directory": "nope"}, want: "no directory 'nope'"},
		"parent directory": {files: module, params: map[string]string{"directory": "a/../.."}, want: "leads out of the source"},
		"absolute":         {files: module, params: map[string]string{"directory": "/"}, want: "is absolute"},
		"cgo":              {files: module, params: map[string]string{"cgo": "yes"}, want: "cgo is 'yes'"},
		"system":           {files: module, params: map[string]string{"goos": "no;such"}, want: "go test failed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := goRun(t, run{task: task, params: c.params, arrays: c.arrays}, c.files)
			got := r.do(t)
			if c.want != "" {
				got.refused(t, "go-test", c.want)
			} else {
				got.ok(t)
			}
			assert.Equal(t, c.coverage, got.results["coverage"], "%s%s", got.stdout, got.stderr)
			assert.Equal(t, c.files, filesIn(t, r.workspaces["source"]), "the source is only read")
		})
	}
}

func TestGoTestCopies(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"go.mod": module["go.mod"],
		"a_test.go": "package calc\n\nimport (\n\t\"os\"\n\t\"testing\"\n)\n\nfunc TestWrite(t *testing.T) {\n" +
			"\tif err := os.WriteFile(\"made\", nil, 0o644); err != nil {\n\t\tt.Fatal(err)\n\t}\n}\n",
	}
	r := goRun(t, run{task: define(t, tasks.GoTest{}), params: map[string]string{"copy": "true"}}, files)
	r.do(t).ok(t)
	assert.Equal(t, files, filesIn(t, r.workspaces["source"]))
}

func TestGoTestRace(t *testing.T) {
	t.Parallel()
	need(t, "gcc")
	files := map[string]string{
		"go.mod": module["go.mod"],
		"a_test.go": "package calc\n\nimport \"testing\"\n\nfunc TestRace(t *testing.T) {\n\tn, done := 0, make(chan bool)\n" +
			"\tgo func() { n++; done <- true }()\n\tn++\n\t<-done\n\t_ = n\n}\n",
	}
	r := goRun(t, run{task: define(t, tasks.GoTest{}), params: map[string]string{"race": "true"}}, files)
	got := r.do(t)
	got.refused(t, "go-test", "go test failed")
	assert.Contains(t, got.stdout, "DATA RACE")
}

// program imports nothing, so that it is linked at once.
const program = "package main\n\nvar version = \"none\"\n\nfunc main() { print(version) }\n"

func TestGoBuild(t *testing.T) {
	t.Parallel()
	task := define(t, tasks.GoBuild{})
	one := map[string]string{"go.mod": module["go.mod"], "main.go": program}
	two := map[string]string{"go.mod": module["go.mod"], "cmd/a/main.go": program, "cmd/b/main.go": program, "lib/lib.go": "package lib\n"}
	for name, c := range map[string]struct {
		files  map[string]string
		params map[string]string
		arrays map[string][]string
		binary string
		built  []string
		says   string // the first program
		want   string // of a failure
	}{
		"default":             {files: one, binary: "bin/calc", built: []string{"bin/calc"}, says: "none"},
		"named":               {files: one, params: map[string]string{"output": "demo-app"}, binary: "demo-app", built: []string{"demo-app"}, says: "none"},
		"deep":                {files: one, params: map[string]string{"output": "./out/linux/app"}, binary: "out/linux/app", built: []string{"out/linux/app"}},
		"dash":                {files: one, params: map[string]string{"output": "-o"}, binary: "-o", built: []string{"-o"}},
		"hostile":             {files: one, params: map[string]string{"output": "a b;$(touch canary)"}, binary: "a b;$(touch canary)", built: []string{"a b;$(touch canary)"}},
		"over a directory":    {files: map[string]string{"go.mod": one["go.mod"], "main.go": program, "out/keep": ""}, params: map[string]string{"output": "out"}, binary: "out/calc", built: []string{"out/calc"}},
		"directory":           {files: map[string]string{"svc/go.mod": one["go.mod"], "svc/main.go": program}, params: map[string]string{"directory": "./svc/"}, binary: "svc/bin/calc", built: []string{"svc/bin/calc"}},
		"several":             {files: two, arrays: map[string][]string{"packages": {"./..."}}, binary: "bin", built: []string{"bin/a", "bin/b"}},
		"one of several":      {files: two, arrays: map[string][]string{"packages": {"./cmd/b"}}, binary: "bin/b", built: []string{"bin/b"}},
		"linker flags":        {files: one, params: map[string]string{"ldflags": `-s -X 'main.version=1 "2" $(id)'`}, binary: "bin/calc", built: []string{"bin/calc"}, says: `1 "2" $(id)`},
		"flags":               {files: map[string]string{"go.mod": one["go.mod"], "main.go": "//go:build special\n\n" + program}, arrays: map[string][]string{"flags": {"-tags=special", "-v"}}, binary: "bin/calc", built: []string{"bin/calc"}},
		"system":              {files: one, params: map[string]string{"goos": "plan9", "goarch": "no"}, want: "go build failed"},
		"no program":          {files: map[string]string{"go.mod": one["go.mod"], "a.go": "package calc\n"}, want: "go build failed"},
		"library to a file":   {files: map[string]string{"go.mod": one["go.mod"], "a.go": "package calc\n"}, params: map[string]string{"output": "x"}, want: ""},
		"does not compile":    {files: map[string]string{"go.mod": one["go.mod"], "main.go": "package main\n"}, want: "go build failed"},
		"leads out":           {files: one, params: map[string]string{"output": "../x"}, want: "output '../x' leads out"},
		"absolute":            {files: one, params: map[string]string{"output": "/tmp/x"}, want: "is absolute"},
		"no output":           {files: one, params: map[string]string{"output": ""}, want: "output is empty"},
		"package flag":        {files: one, arrays: map[string][]string{"packages": {"-toolexec=touch canary"}}, want: "starts with a dash"},
		"directory leads out": {files: one, params: map[string]string{"directory": ".."}, want: "leads out"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := goRun(t, run{task: task, params: c.params, arrays: c.arrays}, c.files)
			source := r.workspaces["source"]
			got := r.do(t)
			if name == "library to a file" { // go writes an archive
				got.ok(t)
				return
			}
			after := filesIn(t, source)
			if c.want != "" {
				got.refused(t, "go-build", c.want)
				assert.Empty(t, got.results)
				assert.Equal(t, c.files, after, "nothing is left behind")
				return
			}
			got.ok(t)
			assert.Equal(t, map[string]string{"binary": c.binary}, got.results)
			for _, b := range c.built {
				require.Contains(t, after, b)
				delete(after, b)
			}
			assert.Equal(t, c.files, after, "nothing else is left behind")
			if c.says != "" {
				said, err := exec.Command(filepath.Join(source, c.binary)).CombinedOutput()
				require.NoError(t, err)
				assert.Equal(t, c.says, string(said))
			}
		})
	}
}

// moduleProxy is a directory that serves modules with one constant, by their paths.
func moduleProxy(t *testing.T, words map[string]string) string {
	t.Helper()
	proxy := t.TempDir()
	for path, word := range words {
		mod := "module " + path + "\n"
		write(t, filepath.Join(proxy, path, "@v"), map[string]string{
			"list": "v1.0.0\n", "v1.0.0.info": `{"Version":"v1.0.0"}`, "v1.0.0.mod": mod,
			"v1.0.0.zip": moduleZip(t, path, map[string]string{"go.mod": mod, "dep.go": "package dep\n\nconst Word = \"" + word + "\"\n"}),
		})
	}
	return proxy
}

func moduleZip(t *testing.T, path string, files map[string]string) string {
	t.Helper()
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		w, err := z.Create(path + "@v1.0.0/" + name)
		require.NoError(t, err)
		_, err = w.Write([]byte(files[name]))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return archive.String()
}

var withModule = map[string]string{
	"go.mod":  "module example.com/app\n\ngo 1.21\n\nrequire example.com/dep v1.0.0\n",
	"main.go": "package main\n\nimport \"example.com/dep\"\n\nfunc main() { print(dep.Word) }\n",
}

// Modules come from the proxy that is given, into the cache workspace.
func TestGoModules(t *testing.T) {
	t.Parallel()
	r := goRun(t, run{task: define(t, tasks.GoBuild{})}, withModule)
	r.do(t).refused(t, "go-build", "missing go.sum entry")
	r.arrays = map[string][]string{"flags": {"-mod=mod"}}
	r.do(t).refused(t, "go-build", "module lookup disabled by GOPROXY=off")
	r.params = map[string]string{"proxy": "file://" + moduleProxy(t, map[string]string{"example.com/dep": "dep"}), "sumdb": "off"}
	r.do(t).ok(t)
	cached := filepath.Join(r.workspaces["cache"], "download", "example.com", "dep", "@v", "v1.0.0.zip")
	info, err := os.Stat(cached)
	require.NoError(t, err)
	assert.NotZero(t, info.Mode().Perm()&0o200, "a cache that can be deleted")
	r.params = map[string]string{"output": "again"}
	r.home = write(t, t.TempDir(), map[string]string{".config/go/telemetry/mode": "off\n"}) // of another pod
	r.do(t).ok(t)                                                                           // from the cache
}

// What another run has changed in a shared cache is not built: a module in it is
// compared with go.sum, whatever the cache says of it.
func TestGoCacheOfOthers(t *testing.T) {
	t.Parallel()
	const path = "example.com/dep"
	proxy := moduleProxy(t, map[string]string{path: "good", "example.com/fork": "good"})
	evil := moduleZip(t, path, map[string]string{"go.mod": "module " + path + "\n", "dep.go": "package dep\n\nconst Word = \"evil\"\n"})
	sum := func() string { // that the go command would write for the module
		dir := write(t, t.TempDir(), map[string]string{"v1.0.0.zip": evil})
		work := write(t, t.TempDir(), map[string]string{"go.mod": "module m\n\ngo 1.21\n\nrequire " + path + " v1.0.0\n"})
		at := filepath.Join(t.TempDir(), path, "@v")
		text, err := os.ReadFile(filepath.Join(proxy, path, "@v", "v1.0.0.mod"))
		require.NoError(t, err)
		write(t, at, map[string]string{"v1.0.0.info": `{"Version":"v1.0.0"}`, "v1.0.0.mod": string(text), "v1.0.0.zip": evil})
		cmd := exec.Command("go", "mod", "download", "-json", path+"@v1.0.0")
		cmd.Dir = work
		cmd.Env = append(os.Environ(), "GOPROXY=file://"+strings.TrimSuffix(at, "/"+path+"/@v"), "GOSUMDB=off", "GOFLAGS=-modcacherw", "GOMODCACHE="+dir+"/mod")
		out, err := cmd.Output()
		require.NoError(t, err, "%s", out)
		var module struct{ Sum string }
		require.NoError(t, json.Unmarshal(out, &module))
		return module.Sum
	}
	replaced := maps.Clone(withModule)
	replaced["go.mod"] += "\nreplace example.com/dep => example.com/fork v1.0.0\n"
	for name, c := range map[string]struct {
		files map[string]string
		spoil func(t *testing.T, cache string)
		want  string // of a failure
	}{
		"untouched": {withModule, func(*testing.T, string) {}, ""},
		"an extracted module": {withModule, func(t *testing.T, cache string) {
			for _, dir := range []string{"mod", "modules", "."} {
				write(t, filepath.Join(cache, dir, path+"@v1.0.0"), map[string]string{"go.mod": "module " + path + "\n", "dep.go": "package dep\n\nconst Word = \"evil\"\n"})
			}
		}, ""},
		"a download": {withModule, func(t *testing.T, cache string) {
			write(t, filepath.Join(cache, "download", path, "@v"), map[string]string{"v1.0.0.zip": evil})
		}, "SECURITY ERROR"},
		"a download and no hash": {withModule, func(t *testing.T, cache string) {
			write(t, filepath.Join(cache, "download", path, "@v"), map[string]string{"v1.0.0.zip": evil})
			require.NoError(t, os.Remove(filepath.Join(cache, "download", path, "@v", "v1.0.0.ziphash")))
		}, "SECURITY ERROR"},
		"a download with its hash": {withModule, func(t *testing.T, cache string) {
			write(t, filepath.Join(cache, "download", path, "@v"), map[string]string{"v1.0.0.zip": evil, "v1.0.0.ziphash": sum()})
		}, "SECURITY ERROR"},
		"a replaced module": {replaced, func(t *testing.T, cache string) {
			fork := moduleZip(t, "example.com/fork", map[string]string{"go.mod": "module example.com/fork\n", "dep.go": "package dep\n\nconst Word = \"evil\"\n"})
			write(t, filepath.Join(cache, "download", "example.com/fork", "@v"), map[string]string{"v1.0.0.zip": fork})
		}, "SECURITY ERROR"},
		"a link to other downloads": {withModule, func(t *testing.T, cache string) {
			at := filepath.Join(cache, "download", path)
			require.NoError(t, os.Rename(at, filepath.Join(cache, "elsewhere")))
			write(t, filepath.Join(cache, "elsewhere", "@v"), map[string]string{"v1.0.0.zip": evil})
			require.NoError(t, os.Symlink("../../elsewhere", at))
		}, "module lookup disabled"},
		"all downloads as a link": {withModule, func(t *testing.T, cache string) {
			require.NoError(t, os.Rename(filepath.Join(cache, "download"), filepath.Join(cache, "elsewhere")))
			write(t, filepath.Join(cache, "elsewhere", path, "@v"), map[string]string{"v1.0.0.zip": evil})
			require.NoError(t, os.Symlink("elsewhere", filepath.Join(cache, "download")))
		}, "module lookup disabled"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := goRun(t, run{task: define(t, tasks.GoBuild{}), arrays: map[string][]string{"flags": {"-mod=mod"}},
				params: map[string]string{"proxy": "file://" + proxy, "sumdb": "off"}}, c.files)
			shared, err := goCache()
			require.NoError(t, err)
			cache := t.TempDir()
			builds, err := os.Readlink(filepath.Join(shared, "build"))
			require.NoError(t, err)
			require.NoError(t, os.Symlink(builds, filepath.Join(cache, "build")))
			r.workspaces["cache"] = cache
			r.do(t).ok(t) // writes go.sum, and fills the cache
			c.spoil(t, cache)

			again := goRun(t, run{task: r.task, params: map[string]string{"output": "again"}}, nil)
			again.workspaces = r.workspaces
			got := again.do(t)
			if c.want != "" {
				got.refused(t, "go-build", "go build failed")
				assert.Contains(t, got.stderr, c.want)
				return
			}
			got.ok(t)
			said, err := exec.Command(filepath.Join(r.workspaces["source"], "again")).CombinedOutput()
			require.NoError(t, err)
			assert.Equal(t, "good", string(said))
		})
	}
}

// Concurrent runs share a cache while each of them empties the hashes in it.
func TestGoCacheAtTheSameTime(t *testing.T) {
	t.Parallel()
	proxy := moduleProxy(t, map[string]string{"example.com/dep": "good"})
	shared, err := goCache()
	require.NoError(t, err)
	builds, err := os.Readlink(filepath.Join(shared, "build"))
	require.NoError(t, err)
	cache := t.TempDir()
	require.NoError(t, os.Symlink(builds, filepath.Join(cache, "build")))
	task := define(t, tasks.GoBuild{})
	for range 4 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			for range 5 {
				r := goRun(t, run{task: task, arrays: map[string][]string{"flags": {"-mod=mod"}},
					params: map[string]string{"proxy": "file://" + proxy, "sumdb": "off"}}, withModule)
				r.workspaces["cache"] = cache
				r.do(t).ok(t)
			}
		})
	}
}

func TestGoBuildUnprivileged(t *testing.T) {
	t.Parallel()
	r := goRun(t, run{task: define(t, tasks.GoBuild{})}, map[string]string{"go.mod": module["go.mod"], "main.go": program})
	source := r.workspaces["source"]
	bin := write(t, t.TempDir(), map[string]string{"go": "#!/bin/sh\nwhile [ \"$1\" != -o ]; do shift; done\n: >\"${2}program\"\n"})
	require.NoError(t, os.Chmod(filepath.Join(bin, "go"), 0o755))
	r.path, r.workspaces["cache"] = []string{bin}, t.TempDir()
	r.cred = asNobody(t, source, filepath.Join(bin, "go"), r.workspaces["cache"])
	require.NoError(t, os.Chmod(source, 0o755))
	r.do(t).refused(t, "go-build", "may not write to the source workspace: set an fsGroup for the pod of the run")
	require.NoError(t, os.Chmod(source, 0o777))
	r.do(t).refused(t, "go-build", "may not write to the cache workspace: set an fsGroup for the pod of the run")
	require.NoError(t, os.Chmod(r.workspaces["cache"], 0o777))
	assert.Equal(t, map[string]string{"binary": "bin/program"}, r.do(t).ok(t).results)
}
