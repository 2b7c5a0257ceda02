package scripts

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/tasks"
)

var (
	tallyMu sync.Mutex
	tally   = map[string][3]int{} // ok, refused, broke
)

func count(kind string, i int) {
	tallyMu.Lock()
	defer tallyMu.Unlock()
	c := tally[kind]
	c[i]++
	tally[kind] = c
}

func tree(t testing.TB, dir string) string {
	var b strings.Builder
	_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		info, err := os.Lstat(path)
		if err != nil {
			return nil
		}
		fmt.Fprintf(&b, "%q %v", path, info.Mode())
		if info.Mode().IsRegular() && info.Size() < 1e6 {
			text, _ := os.ReadFile(path)
			fmt.Fprintf(&b, " %q", text)
		} else if info.Mode()&os.ModeSymlink != 0 {
			to, _ := os.Readlink(path)
			fmt.Fprintf(&b, " %q", to)
		}
		b.WriteByte('\n')
		return nil
	})
	return b.String()
}

type attempt struct {
	kind, name string
	r          run
	canary     string
	outside    string // must not change
	calls      func() []call
	check      func(o outcome) string
	mayPrint   bool // real tools print what they like
}

func (a attempt) do(t *testing.T) {
	t.Helper()
	t.Run(a.kind+"/"+a.name, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
		defer cancel()
		a.r.ctx = ctx
		done := false
		defer func() {
			if !done {
				count(a.kind, 2)
				t.Log("HUNG or harness")
			}
		}()
		before := ""
		if a.outside != "" {
			before = tree(t, a.outside)
		}
		start := time.Now()
		o := a.r.do(t)
		done = true
		took := time.Since(start)
		var bad []string
		if a.canary != "" {
			if _, err := os.Lstat(a.canary); err == nil {
				bad = append(bad, "CANARY RAN")
				_ = os.Remove(a.canary)
			}
		}
		if a.outside != "" && before != tree(t, a.outside) {
			bad = append(bad, "OUTSIDE CHANGED:\n"+before+"---\n"+tree(t, a.outside))
		}
		all := o.stdout + o.stderr + fmt.Sprint(o.results)
		if a.calls != nil {
			for _, c := range a.calls() {
				all += strings.Join(c.Args, " ")
			}
		}
		if strings.Contains(all, theSecret) || strings.Contains(all, "the-token") {
			bad = append(bad, "SECRET SHOWN")
		}
		for _, line := range strings.Split(o.stdout+"\n"+o.stderr, "\n") {
			if strings.HasPrefix(line, a.tool()+": FORGED") && !a.mayPrint {
				bad = append(bad, "FORGED: "+line)
			}
			if strings.HasPrefix(line, a.tool()+": ") {
				if i := strings.IndexFunc(line, func(r rune) bool { return r < 32 || r == 127 }); i >= 0 {
					bad = append(bad, fmt.Sprintf("CONTROL: %q", line))
				}
			}
		}
		if took > 15*time.Second {
			bad = append(bad, "SLOW "+took.String())
		}
		if a.check != nil {
			if s := a.check(o); s != "" {
				bad = append(bad, s)
			}
		}
		switch {
		case len(bad) > 0:
			count(a.kind, 2)
			t.Errorf("%s\ncode %d\nstdout %.1500q\nstderr %.1500q\nresults %.600q", strings.Join(bad, "\n"), o.code, o.stdout, o.stderr, o.results)
		case o.code == 0:
			count(a.kind, 0)
		default:
			count(a.kind, 1)
			if os.Getenv("SHOW") != "" {
				t.Logf("REFUSED %q", o.stderr)
			}
		}
	})
}

func (a attempt) tool() string {
	d := a.r.task.Spec.Description
	switch {
	case strings.HasPrefix(d, "Clones"):
		return "git-clone"
	}
	return strings.SplitN(a.kind, " ", 2)[0]
}

func report(t *testing.T) {
	tallyMu.Lock()
	defer tallyMu.Unlock()
	var kinds []string
	for k := range tally {
		kinds = append(kinds, k)
	}
	sort.Strings(kinds)
	total := 0
	for _, k := range kinds {
		c := tally[k]
		total += c[0] + c[1] + c[2]
		fmt.Printf("TALLY %-40s ran %d refused %d broke %d\n", k, c[0], c[1], c[2])
	}
	fmt.Println("TALLY total", total, "shell", shell())
}

func nastyNames() []string {
	return []string{
		"plain", "-rf", "--upload-pack=touch CANARY", "a b", "a\nb", "\ngit-clone: FORGED", "x\r", "\x1b[31mred", "*", "?", "[a-z]", "$(touch CANARY)", "`touch CANARY`", "${IFS}touch", ";touch CANARY", "|touch", "&touch", "'", "\"", "\\", "\\n",
		"\xff\xfe", "ünïcode", "\u202eevil", "\u2028", "~", "~root", ":x", "::x", "%s%n", "a:b", "a,b", "a=b", "#x", "!x", "@", "@{u}", "HEAD", "..x", "...", ". ", " ", "\t", "x ", " x", "x\n", "\n", "--next--", "CON", "aux.yaml", strings.Repeat("n", 250),
	}
}

// object writes any tree.
func rawTree(t testing.TB, r repository, entries string) string {
	cmd := exec.Command("git", "hash-object", "-w", "-t", "tree", "--literally", "--stdin")
	cmd.Dir = r.bare
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=/nonexistent", "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*"}
	cmd.Stdin = strings.NewReader(entries)
	out, err := cmd.Output()
	require.NoError(t, err)
	return strings.TrimSpace(string(out))
}

func bin(hex string) string {
	var b []byte
	for i := 0; i+1 < len(hex); i += 2 {
		var x byte
		fmt.Sscanf(hex[i:i+2], "%02x", &x)
		b = append(b, x)
	}
	return string(b)
}

func blob(t testing.TB, r repository, text string) string {
	cmd := exec.Command("git", "hash-object", "-w", "--stdin")
	cmd.Dir = r.bare
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=/nonexistent", "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*"}
	cmd.Stdin = strings.NewReader(text)
	out, err := cmd.Output()
	require.NoError(t, err)
	return strings.TrimSpace(string(out))
}

// entry is one entry of a raw tree.
func entry(mode, name, hash string) string { return mode + " " + name + "\x00" + bin(hash) }

func setMain(t testing.TB, r repository, tree string) string {
	c := git(t, r.bare, "commit-tree", "-m", "evil", tree)
	git(t, r.bare, "update-ref", "refs/heads/main", c)
	return c
}

func TestZZ(t *testing.T) {
	defer report(t)
	for _, f := range strings.Fields(os.Getenv("ATTACKS")) {
		switch f {
		case "trees":
			attackTrees(t)
		case "attributes":
			attackAttributes(t)
		case "submodules":
			attackSubmodules(t)
		case "planted":
			attackPlanted(t)
		case "inputs":
			attackInputs(t)
		case "go":
			attackGo(t)
		case "kubectl":
			attackKubectl(t)
		case "kustomize":
			attackKustomize(t)
		case "helm":
			attackHelm(t)
		case "image":
			attackImage(t)
		case "tag":
			attackTag(t)
		case "gitops":
			attackGitops(t)
		}
	}
}

func place(t testing.TB) (parent, output, outside, canary string) {
	parent = t.TempDir()
	output = filepath.Join(parent, "out")
	require.NoError(t, os.Mkdir(output, 0o755))
	outside = write(t, filepath.Join(parent, "secret"), map[string]string{"config": theSecret, "x": "outside", "sub/keep": "k", ".git/config": "[core]\n", "HEAD": "ref: refs/heads/main\n"})
	return parent, output, outside, filepath.Join(parent, "canary")
}

func attackTrees(t *testing.T) {
	for i, name := range append(nastyNames(), ".git", ".GIT", ".git ", "git~1", ".git\u200c", "..", ".", "", "a/b", "../x", "/abs", ".gitmodules", ".gitattributes", ".gitignore", ".mailmap", "HEAD", "objects", "refs", "config") {
		if strings.Contains(name, "\x00") {
			continue
		}
		for _, kind := range []string{"file", "link", "dir", "gitlink", "exec", "linkfile"} {
			r := newRepository(t, map[string]string{"README": "x"})
			_, output, outside, canary := place(t)
			name := strings.ReplaceAll(name, "CANARY", canary)
			if kind != "dir" {
				name = strings.ReplaceAll(name, "\x00", "")
			}
			var e string
			text := "#!/bin/sh\ntouch " + canary + "\n[core]\n\tfsmonitor = touch " + canary + "\n* filter=evil\n"
			switch kind {
			case "file":
				e = entry("100644", name, blob(t, r, text))
			case "exec":
				e = entry("100755", name, blob(t, r, text))
			case "link":
				e = entry("120000", name, blob(t, r, outside))
			case "linkfile":
				e = entry("120000", name, blob(t, r, "../secret/x"))
			case "dir":
				inner := rawTree(t, r, entry("100755", "config", blob(t, r, text))+entry("40000", "hooks", rawTree(t, r, entry("100755", "post-checkout", blob(t, r, text)))))
				e = entry("40000", name, inner)
			case "gitlink":
				e = entry("160000", name, strings.Repeat("12", 20))
			}
			setMain(t, r, rawTree(t, r, e))
			for _, del := range []string{"true", "false"} {
				if i%2 == 1 && del == "false" && kind != "link" && kind != "dir" {
					continue
				}
				c := cloning(t, output, map[string]string{"url": "file://" + r.bare, "delete-existing": del, "revision": "main"})
				attempt{kind: "git-clone tree " + kind, name: fmt.Sprintf("%q %s", name[:min(len(name), 30)], del), r: c, canary: canary, outside: outside, mayPrint: true}.do(t)
			}
		}
	}
	// links and then files through them in one tree, duplicates
	for _, pair := range [][2]string{{"a", "a"}, {"a", "A"}, {".gitmodules", ".gitmodules"}} {
		for _, target := range []string{"../secret", "OUT", ".git", ".git/hooks", "..", "/"} {
			r := newRepository(t, map[string]string{"README": "x"})
			_, output, outside, canary := place(t)
			target = strings.ReplaceAll(target, "OUT", outside)
			hook := "#!/bin/sh\ntouch " + canary + "\n"
			inner := rawTree(t, r, entry("100755", "post-checkout", blob(t, r, hook))+entry("100644", "x", blob(t, r, "changed")))
			setMain(t, r, rawTree(t, r, entry("120000", pair[0], blob(t, r, target))+entry("40000", pair[1], inner)))
			for _, del := range []string{"true", "false", "false"} {
				c := cloning(t, output, map[string]string{"url": "file://" + r.bare, "delete-existing": del})
				attempt{kind: "git-clone tree double", name: fmt.Sprintf("%q %q %s", pair, target, del), r: c, canary: canary, outside: outside, mayPrint: true}.do(t)
			}
		}
	}
	attackAttributes(t)
}

func attackAttributes(t *testing.T) {
	for _, attr := range []string{"* filter=evil", "* -text eol=crlf", "* working-tree-encoding=UTF-16", "* working-tree-encoding=../../x", "[attr]m filter=evil\n* m", "* merge=evil diff=evil", "* ident", strings.Repeat("a ", 60000), strings.Repeat("*/", 4000) + " filter=x", strings.Repeat("x text\n", 50000), "\xff\xfe*", "* working-tree-encoding=\x1b[31m\ngit-clone: FORGED", "* filter=lfs", "\"\\n\" text"} {
		r := newRepository(t, map[string]string{"README": "x"})
		setMain(t, r, rawTree(t, r, entry("100644", ".gitattributes", blob(t, r, attr))+entry("100644", ".lfsconfig", blob(t, r, "[lfs]\nurl=ext::touch"))+entry("100644", "README", blob(t, r, "x$Id$\n"))))
		_, output, outside, canary := place(t)
		for _, del := range []string{"true", "false"} {
			c := cloning(t, output, map[string]string{"url": "file://" + r.bare, "delete-existing": del})
			attempt{kind: "git-clone attributes", name: fmt.Sprintf("%.30q %s", attr, del), r: c, canary: canary, outside: outside, mayPrint: true}.do(t)
		}
	}
	// commits
	for _, raw := range []string{
		"tree T\nauthor a <a> 99999999999999999999 +0000\ncommitter c <c> 99999999999999999999 +0000\n\nx\n",
		"tree T\nauthor a <a> -5 +0000\ncommitter c <c> -5 +0000\n\nx\n",
		"tree T\nauthor a <a> 1 +0000\ncommitter c <c> 1$(touch CANARY) +9999\n\nx\n",
		"tree T\n\nx\n",
		"tree T\nauthor \x1b[31m <a\n> 1 +0000\ncommitter c\n\ngit-clone: FORGED\n",
		"tree T\nauthor a <a> 1 +0000\ncommitter c <c> 1 +0000\nencoding UTF-7\ngpgsig -----BEGIN\n\nx\n",
		"tree T\nauthor a <a> 1 +0000\ncommitter c <c> 18446744073709551615 +0000\n\nx\n",
	} {
		r := newRepository(t, map[string]string{"README": "x"})
		_, output, outside, canary := place(t)
		raw = strings.NewReplacer("tree T", "tree "+git(t, r.bare, "rev-parse", "main^{tree}"), "CANARY", canary).Replace(raw)
		cmd := exec.Command("git", "-c", "safe.directory=*", "hash-object", "-w", "-t", "commit", "--literally", "--stdin")
		cmd.Dir = r.bare
		cmd.Stdin = strings.NewReader(raw)
		h, err := cmd.Output()
		require.NoError(t, err)
		git(t, r.bare, "update-ref", "refs/heads/main", strings.TrimSpace(string(h)))
		attempt{kind: "git-clone commit", name: fmt.Sprintf("%.60q", raw[46:]), r: cloning(t, output, map[string]string{"url": "file://" + r.bare}), canary: canary, outside: outside, mayPrint: true,
			check: func(o outcome) string {
				if o.code == 0 && !regexp.MustCompile(`^\d*$`).MatchString(o.results["committer-date"]) {
					return "DATE " + o.results["committer-date"]
				}
				return ""
			}}.do(t)
	}
	// names of refs that look like the one that is wanted
	for _, ref := range []string{"refs/heads/refs/tags/main", "refs/tags/refs/heads/main", "refs/heads/main/refs/heads/x", "refs/x/refs/heads/main", "refs/heads/origin/main", "refs/remotes/origin/main", "refs/heads/FETCH_HEAD", "refs/tags/origin/main", "refs/heads/HEAD", "refs/tags/HEAD", "refs/notes/commits", "refs/replace/x", "refs/heads/-x", "refs/heads/--upload-pack=touch"} {
		r := newRepository(t, map[string]string{"README": "x"})
		good := r.head("main")
		evil := git(t, r.bare, "commit-tree", "-m", "evil", "4b825dc642cb6eb9a060e54bf8d69288fbee4904")
		git(t, r.bare, "update-ref", ref, evil)
		for _, rev := range []string{"main", "refs/heads/main", "", good, good[:8], "HEAD"} {
			_, output, outside, canary := place(t)
			attempt{kind: "git-clone refs", name: ref + " " + rev, r: cloning(t, output, map[string]string{"url": "file://" + r.bare, "revision": rev}), canary: canary, outside: outside, mayPrint: true,
				check: func(o outcome) string {
					if o.code == 0 && o.results["commit"] != good {
						if rev == "HEAD" && strings.HasSuffix(ref, "/HEAD") && strings.Count(ref, "/") == 2 {
							return ""
						}
						return "OTHER COMMIT"
					}
					return ""
				}}.do(t)
		}
	}
}

func attackSubmodules(t *testing.T) {
	n := 0
	for _, m := range []struct{ name, path, url, more string }{
		{"a", "sub", "ext::sh -c touch% CANARY", ""}, {"a", "sub", "--upload-pack=touch CANARY", ""}, {"a", "sub", "-u./payload", ""}, {"a", "sub", "INNER", "update = !touch CANARY"},
		{"../../evil", "sub", "INNER", ""}, {"..", "sub", "INNER", ""}, {"a/../../b", "sub", "INNER", ""}, {"a", "../secret/new", "INNER", ""}, {"a", "/abs", "INNER", ""}, {"a", ".git", "INNER", ""}, {"a", ".git/hooks", "INNER", ""},
		{"a", "link/sub", "INNER", ""}, {"a", "link", "INNER", ""}, {"a", "sub\r", "INNER", ""}, {"a", "\"sub\\r\"", "INNER", ""}, {"a", "sub", "file:///etc", ""}, {"a", "sub", "../inner.git", ""}, {"a", "sub", "../../secret", ""}, {"a", "sub", "./../secret/.git", ""},
		{"a", "sub", "ssh://-oProxyCommand=touch% CANARY/x", ""}, {"a", "sub", "http://127.0.0.1:1/%0agit-clone: FORGED", ""}, {"a", "sub", "git@-oProxyCommand=touch CANARY:x", ""}, {"a", "sub", "INNER", "branch = --upload-pack=touch"}, {"a", "sub", "INNER", "fetchRecurseSubmodules = true\n\tshallow = true\n\tignore = none"},
		{"a\n", "sub", "INNER", ""}, {"a", "-sub", "INNER", ""}, {"a", "su b", "INNER", ""}, {"a", "su\\nb", "INNER", ""}, {"a", "*", "INNER", ""}, {"a", "sub/sub/..", "INNER", ""}, {"a", ".", "INNER", ""}, {"a", "", "INNER", ""}, {"a", "sub", "", ""},
		{"a", "sub", "https://user:" + theSecret + "x@127.0.0.1:1/x", ""}, {"hooks", "sub", "INNER", ""}, {"a", "HEAD", "INNER", ""}, {"a", "\\033[31m", "INNER", ""},
	} {
		for _, layout := range []string{"plain", "link to outside", "link to hooks", "file", "config link"} {
			for _, del := range []string{"true", "false"} {
				n++
				inner := newRepository(t, map[string]string{"y": "y", "post-checkout": "#!/bin/sh\ntouch /nonexistent\n"})
				r := newRepository(t, map[string]string{"README": "x"})
				_, output, outside, canary := place(t)
				rep := strings.NewReplacer("CANARY", canary, "INNER", "file://"+inner.bare)
				hook := "#!/bin/sh\ntouch " + canary + "\n"
				inner.commit("hook", map[string]string{"hooks/post-checkout": hook, "post-checkout": hook})
				git(t, inner.work, "update-index", "--chmod=+x", "post-checkout", "hooks/post-checkout")
				git(t, inner.work, "commit", "-q", "-m", "x")
				inner.push("refs/heads/main")
				text := rep.Replace("[submodule \"" + m.name + "\"]\n\tpath = " + m.path + "\n\turl = " + m.url + "\n\t" + m.more + "\n")
				real := strings.NewReplacer("\"", "", "\\r", "\r", "\\n", "\n", "\\033", "\x1b").Replace(m.path)
				parts := strings.Split(real, "/")
				sub := entry("160000", parts[len(parts)-1], inner.head("main"))
				for i := len(parts) - 2; i >= 0; i-- {
					sub = entry("40000", parts[i], rawTree(t, r, sub))
				}
				var other string
				switch layout {
				case "link to outside":
					other = entry("120000", "link", blob(t, r, outside)) + entry("120000", "sub", blob(t, r, outside))
				case "link to hooks":
					other = entry("120000", "sub", blob(t, r, ".git/modules/a/hooks")) + entry("120000", "link", blob(t, r, ".git/hooks"))
				case "file":
					other = entry("100755", "payload", blob(t, r, hook))
				case "config link":
					other = entry("120000", ".gitattributes", blob(t, r, ".git/config"))
				}
				mod := entry("100644", ".gitmodules", blob(t, r, text))
				if layout == "config link" {
					mod = entry("120000", ".gitmodules", blob(t, r, "gm")) + entry("100644", "gm", blob(t, r, text))
				}
				setMain(t, r, rawTree(t, r, mod+other+sub))
				c := cloning(t, output, map[string]string{"url": "file://" + r.bare, "delete-existing": del})
				c.env = []string{"GIT_ALLOW_PROTOCOL=file:ssh:http"}
				if n%3 == 0 {
					c.env = nil
				}
				a := attempt{kind: "git-clone submodule " + layout, name: fmt.Sprintf("%q %q %.30q %s", m.name, m.path, m.url, del), r: c, canary: canary, outside: outside, mayPrint: true}
				a.do(t)
				if del == "false" {
					a.name += " again"
					a.do(t)
				}
			}
		}
	}
}

func attackPlanted(t *testing.T) {
	r := newRepository(t, map[string]string{"README": "one\n", "dir/a": "a\n", "dir/sub/b": "b\n", ".gitattributes": "* text\n"})
	deep := strings.Repeat("d/", 1500)
	plants := map[string]func(dir, outside, canary string) error{
		"fifo":        func(d, o, c string) error { return syscall.Mkfifo(d+"/README2", 0o644) },
		"fifo readme": func(d, o, c string) error { _ = os.Remove(d + "/README"); return syscall.Mkfifo(d+"/README", 0o644) },
		"fifo dir":    func(d, o, c string) error { _ = os.RemoveAll(d + "/dir"); return syscall.Mkfifo(d+"/dir", 0o644) },
		"fifo index":  func(d, o, c string) error { _ = os.Remove(d + "/.git/index"); return syscall.Mkfifo(d+"/.git/index", 0o644) },
		"fifo git":    func(d, o, c string) error { _ = os.RemoveAll(d + "/.git"); return syscall.Mkfifo(d+"/.git", 0o644) },
		"fifo in git": func(d, o, c string) error { _ = os.Remove(d + "/.git/HEAD"); return syscall.Mkfifo(d+"/.git/HEAD", 0o644) },
		"socket":      func(d, o, c string) error { _, err := syscall.Socket(syscall.AF_UNIX, 1, 0); _ = syscall.Mknod(d+"/s", syscall.S_IFSOCK|0o644, 0); return err },
		"device":      func(d, o, c string) error { _ = syscall.Mknod(d+"/dev0", syscall.S_IFCHR|0o644, 0x103); return nil },
		"sparse": func(d, o, c string) error {
			f, err := os.Create(d + "/big")
			if err != nil {
				return err
			}
			defer f.Close()
			return f.Truncate(1<<30)
		},
		"sparse index": func(d, o, c string) error { return os.Truncate(d+"/.git/index", 1<<30) },
		"sparse head":  func(d, o, c string) error { return os.Truncate(d+"/.git/config", 1<<30) },
		"sparse readme": func(d, o, c string) error { return os.Truncate(d+"/README", 1<<30) },
		"sparse attributes": func(d, o, c string) error { return os.Truncate(d+"/.gitattributes", 1<<30) },
		"sparse attributes dir": func(d, o, c string) error { os.WriteFile(d+"/dir/.gitattributes", nil, 0o644); return os.Truncate(d+"/dir/.gitattributes", 1<<30) },
		"sparse modules": func(d, o, c string) error { os.WriteFile(d+"/.gitmodules", nil, 0o644); return os.Truncate(d+"/.gitmodules", 1<<30) },
		"deep": func(d, o, c string) error {
			old, _ := os.Getwd()
			defer os.Chdir(old)
			_ = os.Chdir(d)
			for range strings.Count(deep, "/") {
				if err := os.Mkdir("dddddddd", 0o755); err != nil {
					return err
				}
				_ = os.Chdir("dddddddd")
			}
			return os.Chmod(".", 0)
		},
		"unreadable":     func(d, o, c string) error { return os.Chmod(d+"/dir", 0) },
		"unreadable git": func(d, o, c string) error { return os.Chmod(d+"/.git", 0) },
		"hard link index": func(d, o, c string) error { _ = os.Remove(d + "/.git/index"); return os.Link(o+"/x", d+"/.git/index") },
		"hard link file": func(d, o, c string) error { _ = os.Remove(d + "/README"); return os.Link(o+"/x", d+"/README") },
		"hard link attributes": func(d, o, c string) error { _ = os.Remove(d + "/.gitattributes"); return os.Link(o+"/x", d+"/.gitattributes") },
		"hard link config": func(d, o, c string) error { _ = os.Remove(d + "/.git/config"); return os.Link(o+"/x", d+"/.git/config") },
		"link chain":   func(d, o, c string) error { _ = os.Remove(d + "/README"); os.Symlink("l2", d+"/README"); return os.Symlink("../secret/x", d+"/l2") },
		"link dir":     func(d, o, c string) error { _ = os.RemoveAll(d + "/dir"); return os.Symlink("../secret", d+"/dir") },
		"link subdir":  func(d, o, c string) error { _ = os.RemoveAll(d + "/dir/sub"); return os.Symlink("../../secret/sub", d+"/dir/sub") },
		"link loop":    func(d, o, c string) error { _ = os.RemoveAll(d + "/dir"); return os.Symlink("dir", d+"/dir") },
		"link git":     func(d, o, c string) error { _ = os.RemoveAll(d + "/.git"); return os.Symlink("../secret/.git", d+"/.git") },
		"link in git":  func(d, o, c string) error { _ = os.RemoveAll(d + "/.git/objects"); return os.Symlink("../../secret", d+"/.git/objects") },
		"bare around":  func(d, o, c string) error { write(t, d, map[string]string{"HEAD": "ref: refs/heads/x\n", "config": "[core]\n\tfsmonitor = touch " + c + "\n\tbare = true\n", "objects/x": "", "refs/x": "", "hooks/post-checkout": "#!/bin/sh\ntouch " + c}); return os.Chmod(d+"/hooks/post-checkout", 0o755) },
		"nested git":   func(d, o, c string) error { write(t, d, map[string]string{"dir/.git/HEAD": "ref: refs/heads/x\n", "dir/.git/config": "[core]\n\tfsmonitor = touch " + c + "\n", "dir/.git/objects/x": "", "dir/.git/refs/x": ""}); return nil },
		"nested git file": func(d, o, c string) error { write(t, d, map[string]string{"dir/.git": "gitdir: ../../secret/.git\n", "dir/sub/.git": "gitdir: ../../../secret/.git"}); return nil },
		"alternates":   func(d, o, c string) error { write(t, d, map[string]string{".git/objects/info/alternates": o + "\n", ".git/shallow": strings.Repeat("12", 20) + "\n", ".git/info/grafts": "x\n"}); return nil },
		"lock":         func(d, o, c string) error { write(t, d, map[string]string{".git/index.lock": "", ".git/config.lock": "", ".git/HEAD.lock": "", ".git/shallow.lock": ""}); return nil },
		"many":         func(d, o, c string) error { for i := range 3000 { _ = os.WriteFile(fmt.Sprintf("%s/f%d", d, i), nil, 0o644) }; return nil },
	}
	for _, n := range nastyNames() {
		plants["name "+n] = func(d, o, c string) error {
			n := strings.ReplaceAll(strings.ReplaceAll(n, "CANARY", "x"), "/", "_")
			if len(n) > 250 {
				n = n[:250]
			}
			write(t, d, map[string]string{"dir/.gitattributes": "* filter=x\n"})
			_ = os.MkdirAll(d+"/"+n, 0o755)
			_ = os.Symlink(o, d+"/dir/"+n)
			_ = os.WriteFile(d+"/"+n+"/.gitattributes", []byte("* ident"), 0o644)
			return os.Chmod(d+"/"+n, 0o500)
		}
	}
	// indexes with nasty entries
	for _, e := range []string{"../secret/x", "aaaaaaaaaaaaaaaaaaaaaaaaa", "dir/../../secret/x", "/etc/passwd", ".git/config", "dir/.git/config", "lnk/x", "lnk/sub/keep", "./README", "dir//a", "x\ny", "\x1b[31m"} {
		for _, mode := range []string{"100644", "120000", "160000"} {
			plants["index "+e+" "+mode] = func(d, o, c string) error {
				_ = os.Symlink("../secret", d+"/lnk")
				stand := strings.Repeat("q", len(e))
				h := strings.Repeat("12", 20)
				if mode != "160000" {
					h = git(t, d, "hash-object", "-w", "README")
				}
				cmd := exec.Command("git", "-c", "safe.directory=*", "update-index", "--index-info")
				cmd.Dir = d
				cmd.Stdin = strings.NewReader(mode + " " + h + "\t" + stand + "\n")
				if out, err := cmd.CombinedOutput(); err != nil {
					return fmt.Errorf("%s %w", out, err)
				}
				b, err := os.ReadFile(d + "/.git/index")
				if err != nil {
					return err
				}
				b = []byte(strings.ReplaceAll(string(b), stand, e))
				// without the checksum, git may refuse; index.skipHash is not set, so zero it
				for i := len(b) - 20; i < len(b); i++ {
					b[i] = 0
				}
				return os.WriteFile(d+"/.git/index", b, 0o644)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(plants)) {
		for _, del := range []string{"true", "false"} {
			for _, sub := range []string{"", "s"} {
				if sub == "s" && strings.HasPrefix(name, "name") {
					continue
				}
				_, output, outside, canary := place(t)
				params := map[string]string{"url": "file://" + r.bare, "delete-existing": del, "subdirectory": sub}
				at := filepath.Join(output, sub)
				if sub == "s" { // the workspace of another subdirectory has the plant
					require.NoError(t, os.MkdirAll(at, 0o755))
					git(t, output, "clone", "-q", "file://"+r.bare, "s")
					require.NoError(t, os.Symlink("../../secret", filepath.Join(output, "secret"))) // relative links of the plants
					_ = os.Remove(filepath.Join(output, "secret"))
				} else {
					git(t, filepath.Dir(output), "clone", "-q", "file://"+r.bare, "out")
				}
				if err := plants[name](at, outside, canary); err != nil {
					t.Logf("plant %q: %v", name, err)
					continue
				}
				attempt{kind: "git-clone planted", name: fmt.Sprintf("%q %s %s", name, del, sub), r: cloning(t, output, params), canary: canary, outside: outside, mayPrint: true,
					check: func(o outcome) string {
						if o.code == 0 {
							for f, want := range map[string]string{"README": "one\n", "dir/a": "a\n", "dir/sub/b": "b\n"} {
								b, err := os.ReadFile(filepath.Join(at, f))
								if err != nil || string(b) != want {
									return fmt.Sprintf("NOT THE COMMIT: %s %q %v", f, b, err)
								}
							}
							if s, err := os.Lstat(filepath.Join(at, ".git")); err != nil || !s.IsDir() {
								return "NO .git"
							}
						} else if name != "deep" {
							return "REFUSED: a plant stops the clone"
						}
						return ""
					}}.do(t)
				_ = exec.Command("chmod", "-R", "u+rwx", output).Run()
				_ = exec.Command("rm", "-rf", output).Run()
			}
		}
	}
}

func attackInputs(t *testing.T) {
	big := strings.Repeat("x", 100_000)
	values := []string{"", " ", "\n", "x\n", "x\r\n", "\r", "\x1b[31m", "ä\u2028ö", "\xff", "$(touch CANARY)", "`touch CANARY`", "';touch CANARY;'", "\";touch CANARY;\"", "-x", "--help", "--next--", "a\nTOOL: FORGED", "https://u:" + theSecret + "@h/x", "x://" + theSecret + "@h", big, strings.Repeat("x://a@b/", 12_000), strings.Repeat("./", 50_000), strings.Repeat("../", 30_000), strings.Repeat("a/", 50_000), strings.Repeat("\n", 100_000), strings.Repeat("*", 1000), "*", "/", ".", "..", "~", "%s%s%n", "$HOME", "${IFS}", "\\", "'", "\"", "a,b", "a=b", "{a,b}", "[a]", "@x", "#", "!", "true", "false", "0", "999999999999999999999", "1e9", "-1"}
	type target struct {
		name  string
		task  *v1.Task
		tools []string
		reply []reply
		base  map[string]string
		ws    []string
	}
	for _, tg := range []target{
		{"docker-build", define(t, tasks.DockerBuild{}), []string{"docker"}, []reply{{Args: []string{"push"}, Stdout: "v1: digest: " + digest + " size: 528\n"}}, map[string]string{"image": "r/a:1"}, []string{"source", "docker-config"}},
		{"kaniko", define(t, tasks.Kaniko{}), []string{"executor"}, []reply{{Touch: "digest-file=" + digest}}, map[string]string{"image": "r/a:1"}, []string{"source", "docker-config"}},
		{"buildkit", define(t, tasks.BuildKit{}), []string{"buildctl-daemonless.sh"}, []reply{{Touch: "metadata-file=" + metadata}}, map[string]string{"image": "r/a:1"}, []string{"source", "docker-config"}},
		{"kubectl-apply", define(t, tasks.KubectlApply{}), []string{"kubectl"}, nil, map[string]string{"path": "deploy", "namespace": "prod"}, []string{"source", "kubeconfig"}},
		{"helm-deploy", define(t, tasks.HelmDeploy{}), []string{"helm"}, []reply{{Args: []string{"history"}, Stdout: history}}, map[string]string{"chart": "chart", "release": "app", "namespace": "prod"}, []string{"source", "kubeconfig", "docker-config"}},
		{"helm-rollback", define(t, tasks.HelmRollback{}), []string{"helm"}, []reply{{Args: []string{"history"}, Stdout: history}}, map[string]string{"release": "app", "namespace": "prod"}, []string{"kubeconfig"}},
		{"image-tag", define(t, tasks.ImageTag{}), []string{"nothing"}, nil, map[string]string{"image": "r/a", "commit": "0123abcd", "time": "1"}, nil},
		{"go-build", define(t, tasks.GoBuild{}), []string{"go"}, []reply{{Touch: "o=program"}}, map[string]string{}, []string{"source"}},
		{"go-test", define(t, tasks.GoTest{}), []string{"go"}, nil, map[string]string{}, []string{"source"}},
		{"git-clone", define(t, tasks.GitClone{}), []string{"git", "ssh"}, nil, map[string]string{"url": "https://example.com/x"}, []string{"output", "ssh-directory", "basic-auth"}},
		{"gitops-update", define(t, tasks.GitOpsUpdate{}), []string{"git", "ssh"}, nil, map[string]string{"url": "https://example.com/x", "file": "a", "image": "r/a:1"}, []string{"ssh-directory", "basic-auth"}},
	} {
		for _, p := range tg.task.Spec.Params {
			for i, value := range values {
				parent, source, outside, canary := place(t)
				write(t, source, map[string]string{"Dockerfile": "", "deploy/a.yaml": "", "chart/Chart.yaml": "", "go.mod": ""})
				config := write(t, filepath.Join(parent, "kc"), map[string]string{"config": theSecret, "config.json": theSecret, "username": "u", "password": theSecret, "known_hosts": "", "id_rsa": theSecret})
				value = strings.NewReplacer("CANARY", canary, "TOOL", tg.name).Replace(value)
				dir, env, calls := standins(t, tg.reply, tg.tools...)
				r := run{task: tg.task, path: []string{dir}, env: env, params: maps.Clone(tg.base), arrays: map[string][]string{}, workspaces: map[string]string{},
					files: map[string]string{"/kaniko/executor": filepath.Join(dir, "executor"), `sleep "$tries"`: "sleep 0", "sleep 1": "sleep 0"}}
				for _, w := range tg.ws {
					r.workspaces[w] = config
					if w == "source" || w == "output" {
						r.workspaces[w] = source
					}
				}
				if p.Type == v1.ParamTypeArray {
					r.arrays[p.Name] = []string{value, "k=" + value}
				} else {
					r.params[p.Name] = value
				}
				noSecret := strings.Contains(value, theSecret)
				a := attempt{kind: tg.name + " inputs", name: fmt.Sprintf("%s %d", p.Name, i), r: r, canary: canary, outside: outside, calls: calls}
				if noSecret {
					a.calls = nil // it is in the value
				}
				_ = rand.Int
				a.do(t)
				_ = os.RemoveAll(parent)
			}
		}
	}
}
