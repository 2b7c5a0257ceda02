package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/cli"
	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/pkg/check"
)

// result is the result of a command.
type result struct {
	out, err string
	exit     int
}

// run runs the command; variables are NAME=value.
func run(stdin string, args []string, variables ...string) result {
	var out, stderr bytes.Buffer
	exit := cli.Run(context.Background(), args, cli.Streams{
		In: strings.NewReader(stdin), Out: &out, Err: &stderr, Terminal: true,
		Env: func(name string) string {
			for _, v := range variables {
				if value, ok := strings.CutPrefix(v, name+"="); ok {
					return value
				}
			}
			return ""
		},
	})
	return result{out.String(), stderr.String(), exit}
}

// words runs the command without colors.
func words(line string) result {
	return run("", strings.Fields(line), "NO_COLOR=1")
}

// set changes to a copy of a directory of manifests with all kinds of findings.
func set(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS("testdata/set")))
	t.Chdir(dir)
	text, err := os.ReadFile("windows.yaml")
	require.NoError(t, err)
	text = bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("\r"), nil), []byte("\n"), []byte("\r\n"))
	require.NoError(t, os.WriteFile("windows.yaml", text, 0o600))
}

const (
	good = `apiVersion: v1
kind: ConfigMap
metadata:
  name: good
`
	noted = `apiVersion: tekton.dev/v1
kind: TaskRun
metadata:
  name: noted
spec:
  taskRef:
    name: elsewhere
`
	warned = noted + `  params:
    - name: who
      value: nobody
---
apiVersion: tekton.dev/v1
kind: Task
metadata:
  name: elsewhere
spec:
  steps:
    - name: say
      image: docker.io/library/busybox:1.37
      args: [hello]
`
)

// Golden files are relative to the original directory.
var start, _ = os.Getwd()

func TestCheck(t *testing.T) {
	set(t)
	r := words("check --severity note")
	assert.Equal(t, 2, r.exit)
	assert.Empty(t, r.err)
	assert.NotContains(t, r.out, "\r")
	dir, err := os.Getwd()
	require.NoError(t, err)
	t.Chdir(start)
	golden.Check(t, "testdata/set.txt", []byte(r.out))
	t.Chdir(dir)

	// All formats report the same.
	var found []struct {
		Code, File   string
		Line, Column int
	}
	require.NoError(t, json.Unmarshal([]byte(words("check --severity note -o json").out), &found))
	var log struct {
		Runs []struct{ Results []struct{ RuleID string } }
	}
	require.NoError(t, json.Unmarshal([]byte(words("check --severity note -o sarif").out), &log))
	github := strings.Split(strings.TrimSpace(words("check --severity note -o github").out), "\n")
	brief := strings.Split(strings.TrimSpace(words("check --severity note -q").out), "\n")
	require.NotEmpty(t, found)
	require.Len(t, log.Runs[0].Results, len(found))
	require.Len(t, github, len(found))
	require.Len(t, brief, len(found))
	for i, f := range found {
		assert.True(t, slices.ContainsFunc(brief, func(line string) bool {
			return strings.HasPrefix(line, f.File+":") && strings.Contains(line, " "+f.Code+": ")
		}))
		assert.NotZero(t, f.Line, f.Code)
		assert.Equal(t, f.Code, log.Runs[0].Results[i].RuleID)
		assert.Contains(t, github[i], "file="+f.File+",")
		assert.Contains(t, github[i], "title="+f.Code+"::")
	}
	// Text has the errors first, then the warnings.
	last := 0
	for _, line := range brief {
		at := slices.IndexFunc([]string{" error ", " warning ", " note "}, func(s string) bool { return strings.Contains(line, s) })
		assert.GreaterOrEqual(t, at, last, line)
		last = at
	}
	assert.Positive(t, last)
}

func TestExit(t *testing.T) {
	broken := good + "---\na: [\n"
	for name, c := range map[string]struct {
		stdin, args string
		exit        int
	}{
		"clean":                       {good, "", 0},
		"a note":                      {noted, "", 0},
		"a note with --severity note": {noted, "--severity note", 1},
		"a disabled note":             {noted, "--severity note --disable task-external", 0},
		"an error":                    {noted, "--complete --severity error", 1},
		"a warning":                   {warned, "", 1},
		"a warning below --severity":  {warned, "--severity error", 0},
		"a broken document":           {broken, "", 2},
		"in any format":               {broken, "-o sarif --severity error", 2},
		"nothing":                     {"", "", 2},
		"no documents":                {"# only\n---\n", "", 2},
		"a missing file":              {good, "nowhere.yaml", 2},
		"an unknown format":           {good, "-o xml", 2},
		"an unknown rule":             {good, "--disable nonsense", 2},
	} {
		t.Run(name, func(t *testing.T) {
			r := run(c.stdin, append([]string{"check", "-"}, strings.Fields(c.args)...))
			assert.Equal(t, c.exit, r.exit, "%s%s", r.out, r.err)
		})
	}
}

func TestProfile(t *testing.T) {
	t.Chdir(t.TempDir())
	for file, text := range map[string]string{
		"complete.yaml": "complete: true\n",
		"exists.yaml":   "complete: true\nexists:\n  - {kind: Task, name: elsewhere}\n",
		"louder.yaml":   "severities: {task-external: error, yaml-invalid: 'off'}\n",
		"wrong.yaml":    "compleet: true\n",
		"shared.yaml":   "severities: {team-label: warning}\n",
		"kind.yaml":     "exists: [{kind: Taks, name: a}]\n",
	} {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	}
	check := func(stdin, file string, more ...string) result {
		return run(stdin, append([]string{"check", "-", "-q", "--profile", file}, more...), "NO_COLOR=1")
	}
	assert.Contains(t, check(noted, "complete.yaml").out, "error task-unknown")
	assert.Empty(t, check(noted, "exists.yaml").out)
	assert.Empty(t, check(noted, "complete.yaml", "--disable", "task-unknown").out)
	assert.Contains(t, check(noted, "louder.yaml").out, "error task-external")
	assert.Equal(t, 0, check(good+"---\na: [\n", "louder.yaml").exit, "what is turned off does not count")
	r := check(good, "shared.yaml")
	assert.Equal(t, 0, r.exit, "another program may have the rule")
	assert.Equal(t, "tekwright: warning: shared.yaml: profile: severities has \"team-label\", which is not a rule here: run \"tekwright rules\" to list the rules\n", r.err)
	for _, file := range []string{"wrong.yaml", "nowhere.yaml", ".", "kind.yaml"} {
		r := check(good, file)
		assert.Equal(t, 2, r.exit)
		assert.Contains(t, r.err, "tekwright: "+file+": ")
	}
}

// TestSuppress tests that an annotation with a reason suppresses findings about the
// YAML text, too.
func TestSuppress(t *testing.T) {
	silenced := func(annotation string) string {
		return run(`apiVersion: tekton.dev/v1
kind: TaskRun
metadata:
  generateName: noted-
  annotations: {`+annotation+`}
spec:
  taskref: {name: elsewhere}
  taskRef: {name: elsewhere}
`, []string{"check", "-", "-q"}, "NO_COLOR=1").out
	}
	assert.Contains(t, silenced(""), "<stdin>:7:3: error field-unknown")
	assert.NotContains(t, silenced("check.tekwright.dev/field-unknown: a later Tekton has it"), "field-unknown: ")
	assert.Contains(t, silenced("check.tekwright.dev/field-unknown: ' '"), "error field-unknown")
}

func TestColor(t *testing.T) {
	colored := func(args string, variables ...string) bool {
		out := run(noted, strings.Fields("check - --complete "+args), variables...).out
		require.NotEmpty(t, out)
		return strings.Contains(out, "\x1b[")
	}
	assert.True(t, colored(""))
	assert.True(t, colored("", "NO_COLOR="))
	assert.False(t, colored("", "NO_COLOR=1"))
	assert.False(t, colored("--no-color"))
	assert.False(t, colored("", "TERM=dumb"))
	assert.True(t, colored("", "TERM=dumb", "CLICOLOR_FORCE=1"))
	assert.False(t, colored("--no-color", "CLICOLOR_FORCE=1"))
	for _, format := range []string{"json", "sarif", "github", "gitlab", "junit"} {
		assert.False(t, colored("-o "+format), format)
	}
}

// TestSameEachTime tests that reading files in parallel does not affect the output.
func TestSameEachTime(t *testing.T) {
	t.Chdir(t.TempDir())
	for i := range 100 {
		name := "f" + string(rune('a'+i/10)) + string(rune('a'+i%10))
		text := strings.ReplaceAll(noted, "noted", name) + "---\n" + strings.ReplaceAll(good, "good", name) + "---\na: [\n"
		require.NoError(t, os.WriteFile(name+".yaml", []byte(text), 0o600))
	}
	first := words("check --complete")
	assert.Contains(t, first.out, "200 errors in 200 objects of 100 files")
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, processors := range []int{1, 2, 8, 8, 8} {
		runtime.GOMAXPROCS(processors)
		assert.Equal(t, first, words("check --complete"))
	}
}

func TestHelp(t *testing.T) {
	for _, name := range []string{"", "check", "init", "import", "rules", "config", "config init", "config explain", "config schema", "apply", "run", "watch", "cancel", "pac", "pac event", "pac resolve", "bind", "simulate", "simulate event", "test", "version"} {
		r := words(name + " --help")
		assert.Equal(t, 0, r.exit)
		golden.Check(t, strings.TrimSuffix("testdata/help-"+strings.ReplaceAll(name, " ", "-"), "-")+".txt", []byte(r.out))
		for l := range strings.Lines(r.out) {
			assert.LessOrEqual(t, len(l), 121, l)
		}
	}
	assert.Equal(t, words("--help"), words(""))
	assert.Equal(t, words("check --help"), words("help check"))
}

func TestMistakes(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("a.yaml", []byte(good), 0o600))
	for line, want := range map[string]string{
		"chek":                        "unknown command \"chek\"\n  help: did you mean check?",
		"ru":                          "unknown command \"ru\"\n  help: did you mean rules or run?",
		"rules param-m":               "unknown rule \"param-m\"\n  help: did you mean param-missing?",
		"lint a.yaml":                 "unknown command \"lint\"\n  help: see tekwright --help",
		"a.yaml":                      "unknown command \"a.yaml\"\n  help: to check it, run: tekwright check a.yaml",
		"check --profil x":            "unknown flag: --profil\n  help: did you mean --profile?",
		"check --serverity note":      "unknown flag: --serverity\n  help: did you mean --severity?",
		"check -z":                    "unknown shorthand flag: 'z' in -z\n  help: see tekwright check --help",
		"check --disable":             "flag needs an argument: --disable\n  help: see tekwright check --help",
		"check --severity off":        "invalid argument \"off\" for \"--severity\" flag: must be error, warning or note\n  help: see tekwright check --help",
		"rules param-misssing":        "unknown rule \"param-misssing\"\n  help: did you mean param-missing?",
		"check --summary -q":          "--summary cannot be used with --quiet\n  help: leave out one of them",
		"check --summary -o json":     "--summary cannot be used with -o json\n  help: leave out one of them",
		"rules nonsense":              "unknown rule \"nonsense\"\n  help: list the rules with: tekwright rules",
		"rules a b":                   "accepts at most 1 arg(s), received 2",
		"check --disable param-misin": "unknown rule \"param-misin\"\n  help: did you mean param-missing?",
	} {
		r := words(line)
		assert.Equal(t, result{"", "tekwright: " + want + "\n", 2}, r, line)
	}
	r := words("check . --disable param-missing")
	assert.Equal(t, "no findings in 1 object of 1 file\n", r.out)
	require.NoError(t, os.Remove("a.yaml"))
	r = words("check")
	assert.Equal(t, 2, r.exit)
	assert.Contains(t, r.err, "no manifests found in .\n")
	assert.Empty(t, r.out)
	r = words("check . - -o json")
	assert.Equal(t, 2, r.exit)
	assert.Contains(t, r.err, "no manifests found in ., standard input\n")
	assert.Equal(t, "[]\n", r.out)
}

func TestRules(t *testing.T) {
	r := words("rules")
	require.Equal(t, 0, r.exit)
	assert.True(t, strings.HasPrefix(r.out, "documents\n"))
	for _, rule := range check.Rules() {
		assert.Regexp(t, "(?m)^  "+regexp.QuoteMeta(rule.Code)+" +"+rule.Severity.String()+" +"+regexp.QuoteMeta(rule.Doc().Summary)+"$", r.out)
		one := words("rules " + rule.Code)
		assert.Contains(t, one.out, rule.Doc().Text)
	}
	for _, other := range check.OtherCodes() {
		assert.Regexp(t, "(?m)^  "+regexp.QuoteMeta(other.Code)+" +"+other.Severity.String()+" +"+regexp.QuoteMeta(other.Doc().Summary)+"$", r.out)
	}
	assert.Equal(t, "each-missing (error): a task added with AddMatrix has no input set with Each\n\nTopic: builder. See the help of the finding for what to do.\n", words("rules each-missing").out)
	golden.Check(t, "testdata/rules-param-missing.txt", []byte(words("rules param-missing").out))

	var all []map[string]string
	require.NoError(t, json.Unmarshal([]byte(words("rules -o json").out), &all))
	assert.Len(t, all, len(check.Rules())+len(check.OtherCodes()))
	var one map[string]string
	require.NoError(t, json.Unmarshal([]byte(words("rules param-missing -o json").out), &one))
	assert.Equal(t, "error", one["severity"])
	assert.Contains(t, one["bad"], "kind: Task")
	assert.Contains(t, all, one)
}

func TestCompletion(t *testing.T) {
	complete := func(args ...string) string { return run("", append([]string{"__complete"}, args...)).out }
	assert.Contains(t, complete("rules", "param-m"), "param-missing\ta param without a default is not set\n")
	assert.Contains(t, complete("check", "--disable", "x,param-m"), "x,param-missing\t")
	assert.Contains(t, complete("check", "-o", ""), "text\njson\nsarif\ngithub\ngitlab\njunit\n:4\n")
	assert.Contains(t, complete("check", "--severity", ""), "error\nwarning\nnote\n:4\n")
	assert.Contains(t, complete("check", ""), ":0\n", "files")
	assert.Contains(t, run("", []string{"completion", "bash"}).out, "__start_tekwright")
}

func TestVersion(t *testing.T) {
	assert.Regexp(t, `^tekwright \S+ \(go1\.\S+\)\n`, words("version").out)
	assert.Equal(t, "tekwright v1.2.3 (go1.26)\ntekton pipeline v1.15.1\n", cli.Describe(&debug.BuildInfo{
		GoVersion: "go1.26", Main: debug.Module{Version: "v1.2.3"},
		Deps: []*debug.Module{{Path: "github.com/tektoncd/pipeline", Version: "v1.15.1"}, {Path: "k8s.io/api", Version: "v0.35.7"}},
	}, true))
	assert.Equal(t, "tekwright abc (modified) (go1.26)\n", cli.Describe(&debug.BuildInfo{
		GoVersion: "go1.26", Main: debug.Module{Version: "(devel)"},
		Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.modified", Value: "true"}},
	}, true))
	assert.Equal(t, "tekwright (unknown version)\n", cli.Describe(nil, false))
}

// TestExclude tests that excluded files are not read, and that templates of charts do
// not count as unreadable.
func TestExclude(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{
		"a.yaml": good, "chart/Chart.yaml": "name: c\n", "chart/templates/t.yaml": "{{ if .a }}\na: [\n{{ end }}\n", "old/broken.yaml": "apiVersion: v1\nkind: ConfigMap\na: [\n",
	} {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o700))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	}
	assert.Equal(t, 2, words("check").exit)
	r := words("check -q --exclude old")
	assert.Equal(t, 0, r.exit)
	assert.Contains(t, r.out, "chart/templates/t.yaml:1:1: note template-unrendered")
	assert.Empty(t, words("check -q --exclude old --exclude chart").out)
	assert.Contains(t, words("check --exclude [a").err, "is malformed")
}

// TestFields tests that the help lists all JSON fields of a finding.
func TestFields(t *testing.T) {
	var found []map[string]any
	require.NoError(t, json.Unmarshal([]byte(run(warned+"---\n"+warned, []string{"check", "-", "-o", "json"}).out), &found))
	require.NotEmpty(t, found)
	_, help, ok := strings.Cut(words("check --help").out, "\n  code, ")
	require.True(t, ok)
	help, _, _ = strings.Cut("code, "+help, "\n\n")
	for field := range found[0] {
		assert.Regexp(t, `\b`+field+`\b`, help)
	}
}

// gone is a writer that always fails.
type gone struct{ err error }

func (g gone) Write([]byte) (int, error) { return 0, g.err }

func TestBrokenPipe(t *testing.T) {
	for _, line := range []string{"check -", "check - -o json", "check - -o sarif", "check - -o gitlab", "check - -o junit", "check - --summary", "rules", "rules param-missing", "rules -o json", "version"} {
		for cause, quiet := range map[error]bool{
			&os.PathError{Op: "write", Path: "|1", Err: syscall.EPIPE}: true,
			errors.New("the disk is full"):                             false,
		} {
			var stderr bytes.Buffer
			exit := cli.Run(context.Background(), strings.Fields(line), cli.Streams{
				In: strings.NewReader(noted), Out: gone{cause}, Err: &stderr, Env: func(string) string { return "" },
			})
			assert.Equal(t, 2, exit, line)
			assert.Equal(t, quiet, stderr.Len() == 0, "%s: %s", line, stderr.String())
		}
	}
}

// FuzzCheck tests that the command ends for any file, and reports an error if nothing
// could be read.
func FuzzCheck(f *testing.F) {
	for _, seed := range []string{good, noted, warned, "a: [", "&a [*a]", "\x00", "{{- range }}", "- - - -", "kind: List\nitems: [{}]"} {
		f.Add([]byte(seed))
	}
	paths, err := filepath.Glob("testdata/set/*.yaml")
	require.NoError(f, err)
	for _, p := range paths {
		text, err := os.ReadFile(p)
		require.NoError(f, err)
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, format := range []string{"text", "json", "sarif", "github", "gitlab", "junit"} {
			var stderr bytes.Buffer
			var out bytes.Buffer
			exit := cli.Run(context.Background(), []string{"check", "-", "--severity", "note", "-o", format}, cli.Streams{
				In: bytes.NewReader(data), Out: &out, Err: &stderr, Env: func(string) string { return "" },
			})
			if exit < 0 || exit > 2 || exit == 2 && out.Len() == 0 && stderr.Len() == 0 {
				t.Fatalf("exit %d: %s%s", exit, out.String(), stderr.String())
			}
			if strings.Contains(out.String(), `"code": "internal"`) {
				t.Fatal(out.String())
			}
		}
	})
}
