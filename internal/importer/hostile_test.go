package importer_test

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/growth"
	"github.com/tekwright/tekwright/internal/importer"
	"github.com/tekwright/tekwright/internal/importer/compile"
	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// checker is shared, as it reads the compiled packages of the library.
var checker = sync.OnceValues(func() (*compile.Checker, error) { return compile.Only(context.Background(), ".", plan.Imports()...) })

// goOf imports what can be read of a text, and returns the Go of one package with all objects,
// and what it embeds. There is no Go if there are no objects.
func goOf(text string) (string, map[string]string, error) {
	objects, _ := manifest.Parse([]byte(text), "x.yaml")
	objects, _, _ = manifest.Upgrade(objects)
	x := importer.NewIndex()
	var all []runtime.Object
	var files []string
	for _, o := range objects {
		if _, ok := o.Object.(metav1.Object); !ok {
			continue
		}
		x.Add(o.Object, "x.yaml")
		all, files = append(all, o.Object), append(files, "x.yaml")
	}
	if len(all) == 0 {
		return "", nil, nil
	}
	file, _ := importer.Package(x, all, files)
	file.Package = "ci"
	printed, embedded, err := file.Print()
	return string(printed), embedded, err
}

// FuzzImport imports texts that are hardly YAML: what is printed type-checks, has no code but
// that of the importer, and embeds no file outside of its folder.
func FuzzImport(f *testing.F) {
	for _, c := range hostileTexts() {
		if len(c.text) < 1<<16 {
			f.Add(c.text)
		}
	}
	for doc := range strings.SplitSeq(everywhere("a-b", "x `\n$(params.a-b)")+"---"+fieldBases, "\n---\n") {
		f.Add(doc) // small ones, of which there are more tries
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<18 {
			t.Skip("too large for many tries")
		}
		imports(t, text)
	})
}

// imports tests the Go of a text, and returns it.
func imports(t *testing.T, text string) string {
	t.Helper()
	c, err := checker()
	require.NoError(t, err)
	printed, embedded, err := goOf(text)
	require.NoError(t, err)
	if printed == "" {
		return ""
	}
	if err := c.Check(context.Background(), map[string][]byte{"ci.go": []byte(printed)}); err != nil {
		t.Fatalf("%v\n%s", err, printed)
	}
	for _, problem := range foreign(printed) {
		t.Errorf("%s\n%s", problem, printed)
	}
	for path := range embedded {
		if !embeddable.MatchString(path) {
			t.Errorf("embeds %q", path)
		}
	}
	again, _, _ := goOf(text)
	if again != printed {
		t.Error("the same text gives other Go")
	}
	return printed
}

var embeddable = regexp.MustCompile(`^(scripts|data|raw)/[a-z0-9-]+(/[a-z0-9-]+)*\.[a-z0-9-]+$`)

// foreign lists what the importer itself does not write: packages, statements and
// declarations of other kinds, calls of predeclared functions, names with other characters
// than ASCII, and comments that are directives.
func foreign(src string) []string {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "ci.go", src, parser.ParseComments)
	if err != nil {
		return []string{err.Error()}
	}
	var found []string
	say := func(n ast.Node, format string, args ...any) {
		found = append(found, fmt.Sprintf("line %d: ", fset.Position(n.Pos()).Line)+fmt.Sprintf(format, args...))
	}
	for _, i := range f.Imports {
		path := strings.Trim(i.Path.Value, `"`)
		std := !strings.Contains(path, ".")
		if std && path != "embed" && path != "time" || !std && !importable.MatchString(path) {
			say(i, "imports %s", path)
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt, *ast.DeferStmt, *ast.IfStmt, *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.SelectStmt, *ast.LabeledStmt,
			*ast.BranchStmt, *ast.SendStmt, *ast.TypeAssertExpr, *ast.ChanType:
			say(n, "has a %T", n)
		case *ast.Ident:
			if strings.ContainsFunc(n.Name, func(r rune) bool { return r > 126 }) {
				say(n, "has the name %s", n.Name)
			}
		case *ast.CallExpr:
			if id, ok := n.Fun.(*ast.Ident); ok && slices.Contains([]string{"panic", "print", "println", "recover", "close", "clear", "delete"}, id.Name) {
				say(n, "calls %s", id.Name)
			}
		case *ast.FuncDecl:
			if n.Recv == nil && (n.Name.Name == "init" || n.Name.Name == "main") {
				say(n, "declares %s", n.Name.Name)
			}
		}
		return true
	})
	for _, group := range f.Comments {
		for _, c := range group.List {
			if !strings.HasPrefix(c.Text, "// ") && c.Text != "//" && !embeds.MatchString(c.Text) {
				say(c, "has the comment %q", c.Text)
			}
		}
	}
	return found
}

var (
	importable = regexp.MustCompile(`^(github\.com/tekwright/tekwright/pkg|github\.com/tektoncd|k8s\.io|knative\.dev|sigs\.k8s\.io)/`)
	embeds     = regexp.MustCompile(`^//go:embed (scripts|data|raw)/[a-z0-9./-]+$`)
)

// hostileText is a text that tries to be more than manifests.
type hostileText struct{ name, text string }

// hostileStrings try to end a literal or a comment, to leave a folder, or to be a directive.
var hostileStrings = []string{
	"../x", "../../etc/passwd", "/abs", `C:\x`, `"); os.Exit(1) //`, "`); os.Exit(1) //", "*/ func init() { os.Exit(1) } /*", "//go:embed /etc/passwd",
	"\n//go:embed x\nvar x string", "//line x.go:1", "\n//go:build ignore\n", "//export x", "a\nb", "a\r\nb", "a\rb", "a\tb", "\x00", "\x1b[31m",
	"\xff\xfe", "\u2028", "\u202e", "\ufeff", "ünï🚀", "日本語", "ＡＢＣ", "ǅ", "ß", "%d%s%v", "\\", `\"`, "\\n", "${x}", "{{x}}", "$(params.x)", "$(",
	"$$(params.x)", `$(params["a b"])`, "$(params['`'])", "$(tasks.a.results.b)", "$(context.taskRun.name)", "-", "--", "1", "1a", "_", "__", ".", "..",
}

// hostileNames are words of Go, and names of the importer and of the methods that it calls.
var hostileNames = strings.Fields(`break case chan const continue default defer else fallthrough for func go goto if import
	interface map package range return select struct switch type var append any bool cap len make new nil true false iota error string int
	panic print println recover min max init main builder manifest triggers v1 corev1 metav1 resource time embed runtime diag rule check
	in t s o p b e r spec pt out ok err name node status reason timeout retries after when param workspace result task pipeline define
	task-name step-action-name pipeline-task step objects set runs mutate run describe label annotate display-name url id Node Status
	Define TaskName String Array Object Workspace PipelineTask Set Runs x X x2 X2 out-out definition close clear`)

// hostileTexts returns the texts: each hostile string at each place, and each hostile name as
// the name of everything.
func hostileTexts() []hostileText {
	var out []hostileText
	for _, s := range hostileStrings {
		out = append(out, hostileText{"string " + fmt.Sprintf("%.20q", s), everywhere(s, s)})
	}
	for _, n := range hostileNames {
		out = append(out, hostileText{"name " + n, everywhere(n, "x")})
	}
	var clash strings.Builder
	for _, n := range []string{"a-b", "a_b", "a.b", "aB", "AB", "a--b", "ab", "Ab", "a-B2", "a-b-2", "aB2"} {
		fmt.Fprintf(&clash, "{name: %s}, ", n)
	}
	list := strings.TrimSuffix(clash.String(), ", ")
	out = append(
		out,
		hostileText{"names that are one in Go", "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec:\n  params: [" + list + "]\n  workspaces: [" + list +
			"]\n  results: [" + list + "]\n  steps: [{name: s, image: i, script: 'echo $(params.a-b) $(params.aB)'}]\n" + strings.Join(tasksNamed("a-b", "a_b", "a.b", "aB", "AB", "tOut", "t-out"), "")},
		hostileText{"aliases", "a: &a [x, x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\n" +
			"d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\ne: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]\napiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\n" +
			"spec: {steps: [{image: i, args: [*e, *e, *e, *e, *e]}]}\n"},
		hostileText{"one name for all", strings.Repeat(everywhere("x", "y")+"---\n", 3)},
		hostileText{"invalid UTF-8", "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec: {description: \"\xff\", steps: [{image: i, script: \"a\xc3\x28\"}]}\n"},
		hostileText{"binary", "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec: {description: !!binary /w==, steps: [{image: i, script: !!binary gIGCgw==}]}\n"},
		hostileText{"deep", "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec: " + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + "\n"},
	)
	return out
}

func tasksNamed(names ...string) []string {
	var out []string
	for _, n := range names {
		out = append(out, "---\napiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: "+n+"}\nspec: {results: [{name: r}], steps: [{image: i, script: 'echo > $(results.r.path)'}]}\n")
	}
	return out
}

// everywhere returns objects with a name and a text at most places that have one.
func everywhere(name, text string) string {
	n, s := yamlQuoted(name), yamlQuoted(text)
	return strings.NewReplacer("NAME", n, "TEXT", s, "ITS", n[1:len(n)-1], "BARE", s[1:len(s)-1]).Replace(`
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: NAME, labels: {NAME: TEXT}, annotations: {NAME: TEXT}}
spec:
  description: TEXT
  displayName: TEXT
  params:
    - {name: NAME, description: TEXT, default: TEXT}
    - {name: list, type: array, description: TEXT, default: [TEXT]}
    - {name: object, type: object, properties: {NAME: {type: string}}, default: {NAME: TEXT}}
    - {name: enum, enum: [TEXT, NAME], default: TEXT}
  workspaces: [{name: NAME, description: TEXT, mountPath: TEXT, optional: true}]
  results: [{name: NAME, description: TEXT}, {name: value, value: TEXT}]
  volumes: [{name: NAME, secret: {secretName: NAME, items: [{key: TEXT, path: TEXT}]}}, {name: host, hostPath: {path: TEXT}}]
  stepTemplate: {image: TEXT, env: [{name: NAME, value: TEXT}]}
  sidecars: [{name: NAME, image: TEXT, command: [TEXT], script: TEXT}]
  steps:
    - {name: NAME, image: TEXT, script: TEXT, workingDir: TEXT, env: [{name: NAME, value: TEXT}], volumeMounts: [{name: NAME, mountPath: TEXT, subPathExpr: TEXT}]}
    - {name: args, image: TEXT, command: [TEXT], args: [TEXT, "$(params.ITS)"], imagePullPolicy: TEXT, onError: TEXT, tty: true}
    - {name: ref, ref: {name: NAME}, params: [{name: NAME, value: TEXT}]}
    - {name: long, image: i, script: "#!BARE\na\nb\nc\nd\ne\nf\n"}
---
apiVersion: tekton.dev/v1beta1
kind: StepAction
metadata: {name: NAME}
spec: {description: TEXT, image: TEXT, script: TEXT, params: [{name: NAME, default: TEXT}], results: [{name: NAME, description: TEXT}], env: [{name: NAME, value: TEXT}]}
---
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: NAME, annotations: {NAME: TEXT}}
spec:
  description: TEXT
  params: [{name: NAME, description: TEXT, default: TEXT}]
  workspaces: [{name: NAME, description: TEXT}]
  results: [{name: NAME, description: TEXT, value: "$(tasks.ITS.results.ITS)"}]
  tasks:
    - {name: NAME, taskRef: {name: NAME}, params: [{name: NAME, value: TEXT}], workspaces: [{name: NAME, workspace: NAME}], timeout: 1m, retries: 2}
    - {name: after, displayName: TEXT, taskRef: {name: elsewhere}, runAfter: [NAME], params: [{name: NAME, value: "$(tasks.ITS.results.ITS)"}]}
    - {name: remote, taskRef: {resolver: git, params: [{name: url, value: TEXT}, {name: NAME, value: TEXT}]}, when: [{input: TEXT, operator: in, values: [TEXT]}, {cel: TEXT}]}
    - {name: matrix, taskRef: {name: NAME}, matrix: {params: [{name: NAME, value: [TEXT, a]}]}}
    - {name: embedded, taskSpec: {description: TEXT, params: [{name: NAME}], steps: [{name: NAME, image: TEXT, script: TEXT}]}, params: [{name: NAME, value: TEXT}]}
    - {name: custom, taskRef: {apiVersion: example.com/v1, kind: TEXT, name: NAME}}
  finally: [{name: final, taskRef: {name: NAME}, params: [{name: NAME, value: "$(tasks.ITS.status)"}]}]
---
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {generateName: NAME, labels: {NAME: TEXT}}
spec:
  pipelineRef: {name: NAME}
  params: [{name: NAME, value: TEXT}]
  workspaces: [{name: NAME, secret: {secretName: TEXT}}]
  taskRunTemplate: {serviceAccountName: TEXT}
---
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: {name: NAME}
spec: {taskRef: {name: NAME}, params: [{name: NAME, value: TEXT}], workspaces: [{name: NAME, emptyDir: {}}], serviceAccountName: TEXT}
---
apiVersion: triggers.tekton.dev/v1beta1
kind: TriggerBinding
metadata: {name: NAME}
spec: {params: [{name: NAME, value: TEXT}]}
---
apiVersion: triggers.tekton.dev/v1beta1
kind: TriggerTemplate
metadata: {name: NAME}
spec:
  params: [{name: NAME, description: TEXT, default: TEXT}]
  resourcetemplates:
    - {apiVersion: tekton.dev/v1, kind: PipelineRun, metadata: {generateName: NAME}, spec: {pipelineRef: {name: NAME}, params: [{name: NAME, value: "$(tt.params.ITS)"}]}}
    - {apiVersion: v1, kind: ConfigMap, metadata: {name: NAME}, data: {NAME: TEXT}}
---
apiVersion: triggers.tekton.dev/v1beta1
kind: EventListener
metadata: {name: NAME}
spec:
  serviceAccountName: TEXT
  triggers:
    - {name: NAME, bindings: [{ref: NAME}, {name: NAME, value: TEXT}], template: {ref: NAME}, interceptors: [{ref: {name: cel}, params: [{name: filter, value: TEXT}]}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: NAME}
data: {NAME: TEXT}
---
apiVersion: example.com/v1
kind: Unknown
metadata: {name: NAME}
spec: {NAME: TEXT}
`)
}

// yamlQuoted returns a text as a double-quoted scalar of YAML.
func yamlQuoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range strings.ToValidUTF8(s, "\ufffd") {
		switch {
		case r == '"' || r == '\\':
			b.WriteString("\\" + string(r))
		case r < ' ' || r > 126:
			fmt.Fprintf(&b, "\\U%08x", r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// TestHostile imports each hostile text.
func TestHostile(t *testing.T) {
	found := 0
	for _, c := range hostileTexts() {
		t.Run(c.name, func(t *testing.T) {
			if imports(t, c.text) != "" {
				found++
			}
		})
	}
	require.Greater(t, found, 100, "texts with Go")
	objects, findings := manifest.Parse([]byte(everywhere("a", "b")), "x.yaml")
	require.Len(t, objects, 10)
	require.Empty(t, slices.DeleteFunc(findings, func(f diag.Finding) bool { return !manifest.IsReadFailure(f) }))
}

// TestForeign shows that foreign finds code that the importer does not write.
func TestForeign(t *testing.T) {
	for _, src := range []string{
		"package ci\n\nimport \"os\"\n", "package ci\n\nimport \"example.com/x\"\n", "package ci\n\nfunc init() {}\n", "package ci\n\nfunc F() { panic(1) }\n",
		"package ci\n\nfunc F() { go F() }\n", "package ci\n\n//go:embed ../x\nvar x string\n", "package ci\n\n/* x */\n", "package ci\n\n//go:generate x\n", "package ci\n\nvar ü string\n",
	} {
		require.NotEmpty(t, foreign(src), src)
	}
	require.Empty(t, foreign("package ci\n\nimport \"time\"\n\n// F is it.\nfunc F() time.Duration { return 2 * time.Hour }\n"))
}

// TestLarge imports what is large, but not hostile otherwise: the Go compiles.
func TestLarge(t *testing.T) {
	script := strings.Repeat("echo 'a line of a script' \"$X\" `x`\n", 10<<20/36)
	printed, embedded, err := goOf("apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec:\n  steps:\n    - name: s\n      image: i\n      script: |\n        " +
		strings.ReplaceAll(strings.TrimSuffix(script, "\n"), "\n", "\n        ") + "\n")
	require.NoError(t, err)
	require.Len(t, embedded, 1)
	require.Less(t, len(printed), 4000)
	for _, text := range embedded {
		require.Equal(t, script, text)
	}
	imports(t, manyParams(3000))
}

// manyParams returns a Task with many params, and a Pipeline that sets all of them.
func manyParams(n int) string {
	var decl, set, script strings.Builder
	for i := range n {
		fmt.Fprintf(&decl, "    - {name: p%d, description: number %d, default: \"\"}\n", i, i)
		fmt.Fprintf(&set, "        - {name: p%d, value: $(params.p%d)}\n", i, i)
		fmt.Fprintf(&script, "        - {name: P%d, value: $(params.p%d)}\n", i, i)
	}
	return "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec:\n  params:\n" + decl.String() + "  steps:\n    - name: s\n      image: i\n      env:\n" + script.String() +
		"---\napiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: p}\nspec:\n  params:\n" + decl.String() + "  tasks:\n    - name: a\n      taskRef: {name: t}\n      params:\n" + set.String()
}

// TestGrowth shows that importing takes no longer for each part if there are many.
func TestGrowth(t *testing.T) {
	if testing.Short() {
		t.Skip("imports large manifests")
	}
	many := func(text func(i int) string) func(int) string {
		return func(n int) string {
			var b strings.Builder
			for i := range n {
				b.WriteString(text(i))
			}
			return b.String()
		}
	}
	const head, pipe = "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec:\n", "apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: p}\nspec:\n"
	for name, text := range map[string]func(n int) string{
		"params": manyParams,
		"params of one Go name": func(n int) string {
			return head + "  params:\n" + many(func(i int) string {
				return "    - {name: a" + strings.Repeat("-", i%50+1) + strings.Repeat("_", i/50) + "b}\n"
			})(n) + "  steps: [{name: s, image: i}]\n"
		},
		"steps": func(n int) string {
			return head + "  steps:\n" + many(func(i int) string { return fmt.Sprintf("    - {name: s%d, image: i, script: echo}\n", i) })(n)
		},
		"variables in a text": func(n int) string {
			return head + "  params: [{name: x}]\n  steps: [{name: s, image: i, args: ['" + strings.Repeat("$(params.x) ", n) + "']}]\n"
		},
		"hatches": func(n int) string {
			return head + "  steps:\n" + many(func(i int) string { return fmt.Sprintf("    - {name: s%d, image: i, stdinOnce: true, tty: true}\n", i) })(n)
		},
		"tasks that share a workspace": func(n int) string {
			return pipe + "  workspaces: [{name: w}]\n  tasks:\n    - {name: a0, taskRef: {name: t}, workspaces: [{name: w}]}\n" + many(func(i int) string {
				return fmt.Sprintf("    - {name: a%d, taskRef: {name: t}, runAfter: [a%d], workspaces: [{name: w}]}\n", i+1, i)
			})(n) + "---\n" + head + "  workspaces: [{name: w}]\n  steps: [{name: s, image: i}]\n"
		},
		"tasks that are elsewhere": func(n int) string {
			return pipe + "  tasks:\n    - {name: a0, taskRef: {name: t}}\n" + many(func(i int) string {
				return fmt.Sprintf("    - {name: a%d, taskRef: {name: t}, params: [{name: x, value: $(tasks.a%d.results.r)}]}\n", i+1, i)
			})(n)
		},
		"tasks that are elsewhere, and keys of their results": func(n int) string {
			return pipe + "  tasks:\n    - {name: a0, taskRef: {name: t}}\n" + many(func(i int) string {
				return fmt.Sprintf("    - {name: a%d, taskRef: {name: t}, params: [{name: p, value: $(tasks.a%d.results.r.k)}]}\n", i+1, i)
			})(n)
		},
		"embedded tasks in reverse order": func(n int) string {
			return pipe + "  tasks:\n" + many(func(i int) string {
				return fmt.Sprintf("    - {name: a%d, params: [{name: x, value: $(tasks.a%d.results.r)}], taskSpec: {params: [{name: x}], results: [{name: r}], steps: [{name: s, image: i}]}}\n", n-i, n-i-1)
			})(n) + "    - {name: a0, taskSpec: {results: [{name: r}], steps: [{name: s, image: i}]}}\n"
		},
		"objects": many(func(i int) string {
			return fmt.Sprintf("---\napiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t%d}\nspec: {steps: [{name: s, image: i}]}\n", i)
		}),
		"objects of one Go name": many(func(i int) string {
			return "---\napiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: a" + strings.Repeat("-", i%50+1) + strings.Repeat(".", i/50) + "b}\nspec: {steps: [{name: s, image: i}]}\n"
		}),
		"lines of a description": func(n int) string {
			return head + "  description: |\n" + strings.Repeat("    a line of words. And another one\n", n) + "  steps: [{name: s, image: i}]\n"
		},
	} {
		t.Run(name, func(t *testing.T) {
			growth.Linear(t, 60, func(n int) (work func()) {
				s := text(n)
				return func() {
					_, _, err := goOf(s)
					require.NoError(t, err)
				}
			})
		})
	}
}
