package scripts

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/tasks"
)

func attackTag(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	pieces := []string{"a", "-", ".", "_", "/", "\n", "\r", "\x1b", "ü", "\xff", "V1", "$(id)", "`", "*", "\\", " ", "\t", "\u2028", strings.Repeat("p", 60), "@", ":", "\x7f", "%s"}
	tag := regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$`)
	path := applets(t)
	for i := range 160 {
		prefix := ""
		for range r.IntN(9) {
			prefix += pieces[r.IntN(len(pieces))]
		}
		run := tagging(t, map[string]string{"prefix": prefix, "format": []string{"commit", "timestamp", "timestamp-commit"}[i%3], "time": []string{"0", "1", "99999999999", "1714979290", "", "007", "08"}[r.IntN(7)], "commit": strings.Repeat("aB", 2+r.IntN(31))})
		if i%2 == 1 {
			run.path = []string{path}
		}
		attempt{kind: "image-tag random", name: fmt.Sprintf("%d %q", i, prefix), r: run, check: func(o outcome) string {
			if o.code == 0 && (!tag.MatchString(o.results["tag"]) || o.results["reference"] != run.params["image"]+":"+o.results["tag"]) {
				return "BAD TAG"
			}
			if o.code != 0 && !strings.Contains(o.stderr, "contains no character") {
				return "REFUSED"
			}
			return ""
		}}.do(t)
	}
}

func attackImage(t *testing.T) {
	type tg struct {
		name, tool string
		run        run
		replies    []reply
	}
	targets := []tg{
		{"docker-build", "docker", run{task: define(t, tasks.DockerBuild{})}, []reply{{Args: []string{"push"}, Stdout: "v1: digest: " + digest + " size: 528\n"}}},
		{"kaniko", "executor", run{task: define(t, tasks.Kaniko{})}, []reply{{Touch: "digest-file=" + digest}}},
		{"buildkit", "buildctl-daemonless.sh", run{task: define(t, tasks.BuildKit{})}, []reply{{Touch: "metadata-file=" + metadata}}},
	}
	type layout struct {
		context, dockerfile string
		make                func(s, outside string)
		out                 bool // the tool must not be called
	}
	link := func(to, at string) func(s, o string) {
		return func(s, o string) {
			_ = os.MkdirAll(filepath.Dir(filepath.Join(s, at)), 0o755)
			_ = os.Symlink(strings.ReplaceAll(to, "OUT", o), filepath.Join(s, at))
		}
	}
	file := func(names ...string) func(s, o string) {
		return func(s, o string) {
			for _, n := range names {
				write(t, s, map[string]string{n: "FROM scratch\n"})
			}
		}
	}
	both := func(fs ...func(s, o string)) func(s, o string) {
		return func(s, o string) {
			for _, f := range fs {
				f(s, o)
			}
		}
	}
	layouts := map[string]layout{
		"abs":          {".", "d", link("OUT/x", "d"), true},
		"rel":          {".", "d", link("../secret/x", "d"), true},
		"chain":        {".", "d", both(link("e", "d"), link("f", "e"), link("../secret/x", "f")), true},
		"chain dirs":   {".", "d/x", both(link("e", "d"), link("g/h", "e"), link("..", "g/h"), link("../secret/x", "x")), true},
		"dangling":     {".", "d", link("nope", "d"), true},
		"loop":         {".", "d", link("d", "d"), true},
		"proc":         {".", "d", link("/proc/self/root/etc/passwd", "d"), true},
		"proc cwd":     {".", "d", link("/proc/self/cwd/x", "d"), true},
		"dev":          {".", "d", link("/dev/stdin", "d"), true},
		"fd":           {".", "d", link("/dev/fd/0", "d"), true},
		"ctx abs":      {"c", "", both(link("OUT", "c"), file("Dockerfile")), true},
		"ctx dotdot":   {"c/..", "", file("c/Dockerfile"), true},
		"ctx up":       {"c", "Dockerfile", both(link("..", "c"), file("Dockerfile")), true},
		"ctx self":     {"c", "Dockerfile", both(link(".", "c"), file("Dockerfile")), false},
		"ctx proc":     {"c", "Dockerfile", both(link("/proc/self/root", "c"), file("Dockerfile")), true},
		"prefix":       {"c", "Dockerfile", both(func(s, o string) { _ = os.Mkdir(s+"x", 0o755) }, link("../outx", "c"), file("Dockerfile")), true},
		"fifo":         {".", "d", func(s, o string) { _ = syscall.Mkfifo(s+"/d", 0o644) }, true},
		"dir":          {".", "d", file("d/x"), true},
		"ignore link":  {".", "", both(file("Dockerfile"), link("OUT/config", ".dockerignore"), link("OUT/config", "Dockerfile.dockerignore")), false},
		"trailing":     {"c/", "", file("c/Dockerfile"), false},
		"newline end":  {"c\n", "", both(file("c\n/Dockerfile"), link("../secret", "c")), false},
		"newline file": {".", "d\n", both(file("d\n"), link("../secret/x", "d")), false},
		"space end":    {"c ", "", both(file("c /Dockerfile"), link("../secret", "c")), false},
		"tab end":      {".", "d\t", both(file("d\t"), link("../secret/x", "d")), false},
		"nbsp end":     {".", "d\u00a0", both(file("d\u00a0"), link("../secret/x", "d")), false},
		"url context":  {"https://evil", "Dockerfile", file("https:/evil/x", "Dockerfile"), false},
		"git context":  {"git@evil:x.git", "Dockerfile", file("git@evil:x.git/x", "Dockerfile"), false},
		"dash":         {"-", "Dockerfile", file("-/x", "Dockerfile"), false},
		"dash file":    {".", "-", file("-"), false},
		"url file":     {".", "http:/x/Dockerfile", file("http:/x/Dockerfile"), false},
		"quotes":       {"a\"b", "a\"b/D'x", file("a\"b/D'x"), false},
		"comma":        {"a,b", "a,b/c=d", file("a,b/c=d"), false},
		"glob":         {"*", "*/[x]", file("*/[x]", "q/[x]"), false},
		"colon":        {"a:b", "a:b/c:d", file("a:b/c:d"), false},
		"utf":          {"\xff", "\xff/\xfe", file("\xff/\xfe"), false},
		"esc":          {".", "\x1b[31m\nTOOL: FORGED", file("x"), true},
		"deep":         {strings.Repeat("a/", 300), "Dockerfile", file("Dockerfile", strings.Repeat("a/", 300)+"x"), false},
		"dots":         {"././.", "./././Dockerfile", file("Dockerfile"), false},
		"slashes":      {"c//d", "c//d///Dockerfile", file("c/d/Dockerfile"), false},
		"hidden":       {".git", ".git/Dockerfile", file(".git/Dockerfile"), false},
		"empty ctx":    {"", "Dockerfile", file("Dockerfile"), false},
		"empty both":   {"", "", file("Dockerfile"), false},
		"empty slash":  {"/", "", file("Dockerfile"), true},
		"sparse": {".", "d", func(s, o string) { write(t, s, map[string]string{"d": ""}); _ = os.Truncate(s+"/d", 1<<30) }, false},
	}
	for name, l := range layouts {
		for _, target := range targets {
			for _, box := range []bool{false, true} {
				parent, source, outside, canary := place(t)
				l.make(source, outside)
				dir, env, calls := standins(t, target.replies, target.tool)
				r := target.run
				r.path, r.env = []string{dir}, env
				r.params = map[string]string{"image": "r/a:1", "context": l.context, "dockerfile": strings.ReplaceAll(l.dockerfile, "TOOL", target.name)}
				r.files = map[string]string{"/kaniko/executor": filepath.Join(dir, "executor")}
				r.workspaces = map[string]string{"source": source, "docker-config": write(t, filepath.Join(parent, "dc"), map[string]string{"config.json": theSecret})}
				if box {
					r.path = append(r.path, applets(t))
				}
				attempt{kind: target.name + " layout", name: fmt.Sprintf("%s %v", name, box), r: r, canary: canary, outside: outside, calls: calls, check: func(o outcome) string {
					used := len(calls()) > 0
					if used && l.out {
						return fmt.Sprintf("TOOL CALLED %q", calls()[0].Args)
					}
					if !used && !l.out && o.code != 0 && name != "empty both" {
						return "REFUSED"
					}
					for _, c := range calls() { // where the paths lead that the tool gets
						for _, arg := range c.Args {
							for _, p := range strings.FieldsFunc(arg, func(r rune) bool { return r == '=' }) {
								p = strings.TrimPrefix(p, "dir://")
								if strings.HasPrefix(p, parent) {
									if real, err := filepath.EvalSymlinks(p); err == nil && strings.HasPrefix(real, outside) {
										return "LEADS OUT " + arg
									}
								}
							}
						}
					}
					return ""
				}}.do(t)
				_ = os.RemoveAll(parent)
			}
		}
	}
}

func attackGo(t *testing.T) {
	main := "package main\n\nfunc main() {}\n"
	mod := "module example.com/calc\n\ngo 1.21\n"
	cases := map[string]struct {
		files  map[string]string
		links  map[string]string
		params map[string]string
	}{
		"plain":           {files: map[string]string{"main.go": main, "go.mod": mod}},
		"toolchain":       {files: map[string]string{"main.go": main, "go.mod": mod + "toolchain go1.99.0\n"}},
		"toolchain path":  {files: map[string]string{"main.go": main, "go.mod": mod + "toolchain ./evil\n", "evil": "#!/bin/sh\ntouch CANARY"}},
		"toolchain local": {files: map[string]string{"main.go": main, "go.mod": mod + "toolchain local+path\n"}},
		"newer go":        {files: map[string]string{"main.go": main, "go.mod": "module x\n\ngo 1.99\n"}},
		"go.env":          {files: map[string]string{"main.go": main, "go.mod": mod, "go.env": "GOFLAGS=-toolexec=/bin/false\n", ".config/go/env": "GOFLAGS=-toolexec=touch CANARY"}},
		"go.work":         {files: map[string]string{"main.go": main, "go.mod": mod, "go.work": "go 1.21\nuse .\nuse ../secret\n"}},
		"go.work replace": {files: map[string]string{"main.go": "package main\nimport _ \"example.com/b\"\nfunc main() {}\n", "go.mod": mod + "require example.com/b v1.0.0\n", "go.work": "go 1.21\nuse .\nreplace example.com/b => ../secret\n"}},
		"go.work link":    {files: map[string]string{"main.go": main, "go.mod": mod}, links: map[string]string{"go.work": "../secret/config"}},
		"go.mod link":     {files: map[string]string{"main.go": main}, links: map[string]string{"go.mod": "../secret/config"}},
		"go.sum link":     {files: map[string]string{"main.go": main, "go.mod": mod}, links: map[string]string{"go.sum": "../secret/config"}},
		"main link":       {files: map[string]string{"go.mod": mod}, links: map[string]string{"main.go": "../secret/config"}},
		"replace":         {files: map[string]string{"main.go": "package main\nimport _ \"example.com/b\"\nfunc main() {}\n", "go.mod": mod + "require example.com/b v1.0.0\nreplace example.com/b => ../secret\n"}},
		"embed link":      {files: map[string]string{"main.go": "package main\nimport _ \"embed\"\n//go:embed s\nvar s string\nfunc main() { println(s) }\n", "go.mod": mod}, links: map[string]string{"s": "../secret/config"}},
		"embed dir link":  {files: map[string]string{"main.go": "package main\nimport \"embed\"\n//go:embed all:d\nvar s embed.FS\nfunc main() { println(s) }\n", "go.mod": mod}, links: map[string]string{"d": "../secret"}},
		"embed dir in":    {files: map[string]string{"main.go": "package main\nimport \"embed\"\n//go:embed all:d\nvar s embed.FS\nfunc main() { _ = s }\n", "go.mod": mod, "d/x": ""}, links: map[string]string{"d/y": "../../secret/config"}},
		"embed up":        {files: map[string]string{"main.go": "package main\nimport _ \"embed\"\n//go:embed ../secret/config\nvar s string\nfunc main() { println(s) }\n", "go.mod": mod}},
		"vendor":          {files: map[string]string{"main.go": "package main\nimport _ \"example.com/b\"\nfunc main() {}\n", "go.mod": mod + "require example.com/b v1.0.0\n", "vendor/modules.txt": "# example.com/b v1.0.0 => ../secret\n## explicit\nexample.com/b\n"}},
		"vendor link":     {files: map[string]string{"main.go": "package main\nimport _ \"example.com/b\"\nfunc main() {}\n", "go.mod": mod + "require example.com/b v1.0.0\n", "vendor/modules.txt": "# example.com/b v1.0.0\n## explicit\nexample.com/b\n"}, links: map[string]string{"vendor/example.com/b": "../../../secret"}},
		"asm include":     {files: map[string]string{"main.go": main, "go.mod": mod, "x.s": "#include \"../secret/config\"\n"}},
		"asm include abs": {files: map[string]string{"main.go": main, "go.mod": mod, "x.s": "#include \"/etc/shadow\"\n"}},
		"cgo flags":       {files: map[string]string{"main.go": "package main\n// #cgo CFLAGS: -fplugin=./x.so -B.\n// #cgo LDFLAGS: -Wl,--wrap,x -fuse-ld=./evil\nimport \"C\"\nfunc main() {}\n", "go.mod": mod, "evil": "#!/bin/sh\ntouch CANARY"}},
		"cgo flags on":    {files: map[string]string{"main.go": "package main\n// #cgo CFLAGS: -fplugin=./x.so -B.\n// #cgo LDFLAGS: -fuse-ld=./evil\nimport \"C\"\nfunc main() {}\n", "go.mod": mod, "evil": "#!/bin/sh\ntouch CANARY"}, params: map[string]string{"cgo": "1"}},
		"cgo pkg-config":  {files: map[string]string{"main.go": "package main\n// #cgo pkg-config: --define-variable=x=y --libs\nimport \"C\"\nfunc main() {}\n", "go.mod": mod}, params: map[string]string{"cgo": "1"}},
		"cgo linker":      {files: map[string]string{"main.go": "package main\n//go:cgo_ldflag \"-fuse-ld=./evil\"\nfunc main() {}\n", "go.mod": mod}},
		"linkname":        {files: map[string]string{"main.go": "package main\nimport _ \"unsafe\"\n//go:linkname x runtime.exit\nfunc x()\nfunc main() {}\n", "go.mod": mod, "e.s": ""}},
		"generate":        {files: map[string]string{"main.go": "package main\n//go:generate touch CANARY\nfunc main() {}\n", "go.mod": mod}},
		"tool":            {files: map[string]string{"main.go": main, "go.mod": "module x\ngo 1.24\ntool x/evil\n", "evil/m.go": main}},
		"git":             {files: map[string]string{"main.go": main, "go.mod": mod, ".git/HEAD": "ref: refs/heads/x\n", ".git/config": "[core]\n\tfsmonitor = touch CANARY\n\trepositoryformatversion = 0\n", ".git/objects/x": "", ".git/refs/x": ""}},
		"hg":              {files: map[string]string{"main.go": main, "go.mod": mod, ".hg/hgrc": "[hooks]\npre-log = touch CANARY\n", ".hg/store/x": ""}},
		"bin link":        {files: map[string]string{"main.go": main, "go.mod": mod}, links: map[string]string{"bin": "../secret"}},
		"bin prog link":   {files: map[string]string{"main.go": main, "go.mod": mod}, links: map[string]string{"bin/calc": "../../secret/x"}},
		"bin chain":       {files: map[string]string{"main.go": main, "go.mod": mod}, links: map[string]string{"bin": "b2", "b2": "b3/..", "b3": "../secret/sub"}},
		"output link":     {files: map[string]string{"main.go": main, "go.mod": mod}, links: map[string]string{"app": "../secret/x"}, params: map[string]string{"output": "app"}},
		"output dangling": {files: map[string]string{"main.go": main, "go.mod": mod}, links: map[string]string{"app": "../secret/new"}, params: map[string]string{"output": "app"}},
		"output nasty":    {files: map[string]string{"main.go": main, "go.mod": mod}, params: map[string]string{"output": "-x\ngo-build: FORGED"}},
		"output up":       {files: map[string]string{"main.go": main, "go.mod": mod}, params: map[string]string{"output": "a/../../secret/new"}},
		"dir nasty":       {files: map[string]string{"a b\n$(x)/main.go": main, "a b\n$(x)/go.mod": mod}, params: map[string]string{"directory": "a b\n$(x)"}},
		"dir dash":        {files: map[string]string{"-C/main.go": main, "-C/go.mod": mod}, params: map[string]string{"directory": "-C"}},
		"dir at":          {files: map[string]string{"x@v1/main.go": main, "x@v1/go.mod": mod}, params: map[string]string{"directory": "x@v1"}},
		"module name":     {files: map[string]string{"main.go": main, "go.mod": "module \"../../secret/evil\"\ngo 1.21\n"}},
		"module dots":     {files: map[string]string{"main.go": main, "go.mod": "module a/..\ngo 1.21\n"}},
		"module dash":     {files: map[string]string{"main.go": main, "go.mod": "module x/-o\ngo 1.21\n"}},
		"module build":    {files: map[string]string{"main.go": main, "go.mod": "module x/.build.AAAAAA\ngo 1.21\n"}},
		"godebug":         {files: map[string]string{"main.go": main, "go.mod": "module x\ngo 1.23\ngodebug default=go1.21\n"}},
		"ignore":          {files: map[string]string{"main.go": main, "go.mod": "module x\ngo 1.25\nignore ./secret\n"}},
		"gitconfig":       {files: map[string]string{"main.go": main, "go.mod": mod, ".gitconfig": "[core]\n\tfsmonitor=touch CANARY", ".netrc": "machine x password " + theSecret}},
	}
	for name, c := range cases {
		for _, task := range []string{"go-build", "go-test", "go-test copy"} {
			r := run{params: map[string]string{}}
			switch task {
			case "go-build":
				r.task = define(t, tasks.GoBuild{})
			case "go-test copy":
				r.task, r.params["copy"] = define(t, tasks.GoTest{}), "true"
			default:
				r.task = define(t, tasks.GoTest{})
			}
			for k, v := range c.params {
				if k != "output" || task == "go-build" {
					r.params[k] = v
				}
			}
			r = goRun(t, r, nil)
			parent, source, outside, canary := place(t)
			write(t, outside, map[string]string{"go.mod": "module example.com/b\n", "b.go": "package b\n// " + theSecret + "\nvar x int = " + "1\n"})
			for f, text := range c.files {
				write(t, source, map[string]string{f: strings.ReplaceAll(text, "CANARY", canary)})
			}
			for at, to := range c.links {
				require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(source, at)), 0o755))
				require.NoError(t, os.Symlink(to, filepath.Join(source, at)))
			}
			_ = exec.Command("chmod", "-R", "a+x", source).Run()
			r.workspaces["source"] = source
			attempt{kind: task + " repository", name: name, r: r, canary: canary, outside: outside, check: func(o outcome) string {
				if o.code != 0 {
					return ""
				}
				b, err := os.ReadFile(filepath.Join(source, o.results["binary"]))
				if err == nil && strings.Contains(string(b), theSecret) {
					return "SECRET IN THE PROGRAM"
				}
				return ""
			}}.do(t)
			_ = os.RemoveAll(parent)
		}
	}
	// the source that go-test copies
	for name, plant := range map[string]func(s, o string) error{
		"fifo":   func(s, o string) error { return syscall.Mkfifo(s+"/f", 0o644) },
		"sparse": func(s, o string) error { write(t, s, map[string]string{"big": ""}); return os.Truncate(s+"/big", 1<<30) },
		"link":   func(s, o string) error { return os.Symlink(o, s+"/l") },
		"loop":   func(s, o string) error { return os.Symlink(".", s+"/l") },
		"device": func(s, o string) error { _ = syscall.Mknod(s+"/zero", syscall.S_IFCHR|0o644, 0x105); return nil },
		"socket": func(s, o string) error { return syscall.Mknod(s+"/s", syscall.S_IFSOCK|0o644, 0) },
		"names":  func(s, o string) error { write(t, s, map[string]string{"-rf": "", "a\nb": "", "\xff": ""}); return nil },
	} {
		for _, box := range []bool{false, true} {
			r := goRun(t, run{task: define(t, tasks.GoTest{}), params: map[string]string{"copy": "true"}}, nil)
			parent, source, outside, canary := place(t)
			write(t, source, module)
			if err := plant(source, outside); err != nil {
				t.Log(err)
				continue
			}
			if box {
				dir := t.TempDir()
				b, _ := exec.LookPath("busybox")
				_ = os.Symlink(b, filepath.Join(dir, "cp"))
				r.path = []string{dir, applets(t)}
			}
			r.workspaces["source"] = source
			attempt{kind: "go-test copies", name: fmt.Sprintf("%s %v", name, box), r: r, canary: canary, outside: outside, check: func(o outcome) string {
				if o.code != 0 {
					return "REFUSED"
				}
				return ""
			}}.do(t)
			_ = os.RemoveAll(parent)
		}
	}
}
