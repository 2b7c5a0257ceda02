package tekwright_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// writing are the packages that write what a person sees.
var writing = []string{"./internal/cli/...", "./cmd/...", "./pkg/cluster", "./pkg/generate", "./pkg/diag", "./pkg/check", "./pkg/graph"}

// around are the places that write without internal/printable, each with its reason.
var around = map[string]string{
	"cmd/tekwright main.go: os.Stdout":                              "the streams of the command",
	"cmd/tekwright main.go: os.Stderr":                              "the streams of the command",
	"pkg/generate main.go: os.Stdout":                               "the streams of the program",
	"pkg/generate main.go: os.Stderr":                               "the streams of the program",
	"pkg/generate run.go: (*pkg/manifest.Set).Write":                "the manifests themselves",
	"pkg/generate run.go: (*pkg/manifest.Set).WriteJSON":            "the manifests themselves",
	"pkg/generate run.go: (*pkg/manifest.Set).WriteSecrets":         "the Secrets that were asked for",
	"internal/cli/report report.go: bufio.NewWriter":                "written to by internal/printable alone",
	"internal/cli cli.go: internal/printable.NewWriter":             "of the layer, for the help that cobra writes",
	"pkg/generate run.go: internal/printable.NewWriter":             "of the layer, for the usage that flag writes",
	"internal/cli/report report.go: (*bufio.Writer).Flush":          "written to by internal/printable alone",
	"internal/cli cli.go: (*github.com/spf13/cobra.Command).SetOut": "the writer is one of internal/printable",
	"internal/cli cli.go: (*github.com/spf13/cobra.Command).SetErr": "the writer is one of internal/printable",
	"pkg/generate run.go: (*flag.FlagSet).SetOutput":                "the writer is one of internal/printable",
	"internal/cli profile.go: internal/bounded.ReadAll":             "only reads",
	"internal/cli bind.go: internal/bounded.ReadAll":                "only reads",
	"internal/cli simulate_event.go: (io.Writer).Write":             "to the hash of a signature",
	"internal/cli simulate_event.go: (hash.Hash).Sum":               "of a signature",
	"internal/cli apply.go: internal/cli/report.Write":              "checked as the others",
	"internal/cli check.go: internal/cli/report.Write":              "checked as the others",
	"internal/cli import_report.go: internal/cli/report.Write":      "checked as the others",
	"internal/cli follow.go: (pkg/cluster.Tree).Write":              "checked as the others",
	"pkg/cluster logs.go: (*pkg/cluster.Run).log":                   "checked as the others",
	"pkg/cluster logs.go: (*pkg/cluster.Run).logs":                  "checked as the others",
	"pkg/cluster logs.go: pkg/cluster.copyLines":                    "checked as the others",
	"pkg/generate main.go: pkg/generate.terminal":                   "only looks at the file",
	"pkg/generate run.go: pkg/generate.draw":                        "checked as the others",
	"internal/cli test.go: internal/bounded.ReadAll":                "only reads",
	"internal/cli test.go: internal/cli/report.WriteSuites":         "checked as the others",
	"internal/cli rules.go: internal/cli.list":                      "checked as the others",
	"internal/cli rules.go: internal/cli.explain":                   "checked as the others",
}

// TestOutput finds what is written around internal/printable, the only package that
// makes text from elsewhere harmless: calls that get an io.Writer, the standard streams,
// functions of fmt that print, and conversions to a text that counts as harmless.
func TestOutput(t *testing.T) {
	found := map[string]bool{}
	loadTyped(t, writing, func(p *typed) {
		for _, w := range p.writes() {
			found[w] = true
		}
	})
	for w := range found {
		if around[w] == "" {
			t.Errorf("%s writes around internal/printable; use printable.Fprintf, or add it to the list of this test with the reason", w)
		}
	}
	for w := range around {
		assert.True(t, found[w], "%s is in the list, and does not exist", w)
	}
}

// TestOutputFinds tests that TestOutput finds each way to write.
func TestOutputFinds(t *testing.T) {
	const source = `package p

import ("bufio"; "bytes"; "encoding/json"; "fmt"; "io"; "log"; "os"; "strings"; "text/template")

type text string

func write(w io.Writer, s string) {
	fmt.Fprintf(w, s)
	io.WriteString(w, s)
	w.Write([]byte(s))
	json.NewEncoder(w)
	bufio.NewWriter(w)
	io.Copy(w, strings.NewReader(s))
	fmt.Println(s)
	println(s)
	log.Print(s)
	os.Stdout.WriteString(s)
	template.New("").Execute(w, s)
	print := w.Write
	print(nil)
	f, _ := os.Create(s)
	f.WriteString(s)
	var b strings.Builder
	b.WriteString(s)
	fmt.Fprint(&b, s)
	new(bytes.Buffer).WriteString(s)
}
`
	p := &typed{path: "p", fset: token.NewFileSet(), info: newInfo()}
	file, err := parser.ParseFile(p.fset, "p.go", source, 0)
	require.NoError(t, err)
	p.files = []*ast.File{file}
	p.check(t, exports(t, "bufio", "bytes", "encoding/json", "fmt", "io", "log", "os", "strings", "text/template"))
	assert.Equal(t, []string{
		"p p.go: (*bufio.Writer)", "p p.go: (*os.File).WriteString", "p p.go: (*text/template.Template).Execute", "p p.go: (io.Writer).Write", "p p.go: bufio.NewWriter",
		"p p.go: encoding/json.NewEncoder", "p p.go: fmt.Fprintf", "p p.go: fmt.Println", "p p.go: io.Copy", "p p.go: io.WriteString", "p p.go: log.Print", "p p.go: os.Stdout", "p p.go: println",
	}[1:], p.writes())
}

// typed is a package with its types.
type typed struct {
	path  string
	fset  *token.FileSet
	files []*ast.File
	info  *types.Info
}

func newInfo() *types.Info {
	return &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}}
}

// exports returns an importer of the packages and of what they import.
func exports(t *testing.T, packages ...string) types.Importer {
	t.Helper()
	files := map[string]string{}
	for _, l := range list(t, append([]string{"-export", "-deps", "-f={{.ImportPath}} {{.Export}}"}, packages...)...) {
		path, file, _ := strings.Cut(l, " ")
		files[path] = file
	}
	return importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		if files[path] == "" {
			return nil, fmt.Errorf("no export data of %s", path)
		}
		return os.Open(files[path])
	})
}

// loadTyped calls visit for each package.
func loadTyped(t *testing.T, patterns []string, visit func(*typed)) {
	t.Helper()
	imported := exports(t, patterns...)
	out, err := exec.Command("go", append([]string{"list", "-json=ImportPath,Dir,GoFiles"}, patterns...)...).Output()
	require.NoError(t, err)
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath, Dir string
			GoFiles         []string
		}
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			return
		}
		require.NoError(t, err)
		one := &typed{path: strings.TrimPrefix(p.ImportPath, module+"/"), fset: token.NewFileSet(), info: newInfo()}
		for _, name := range p.GoFiles {
			file, err := parser.ParseFile(one.fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			require.NoError(t, err)
			one.files = append(one.files, file)
		}
		one.check(t, imported)
		visit(one)
	}
}

func (p *typed) check(t *testing.T, imported types.Importer) {
	t.Helper()
	_, err := (&types.Config{Importer: imported}).Check(p.path, p.fset, p.files, p.info)
	require.NoError(t, err, p.path)
}

// writes returns what writes in the package, sorted.
func (p *typed) writes() []string {
	var all []string
	for _, file := range p.files {
		name := filepath.Base(p.fset.Position(file.Pos()).Filename)
		add := func(what string) {
			all = append(all, p.path+" "+name+": "+strings.ReplaceAll(what, module+"/", ""))
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if o := p.info.Uses[n.Sel]; o != nil && o.Pkg() != nil && o.Pkg().Path() == "os" && (o.Name() == "Stdout" || o.Name() == "Stderr") {
					add("os." + o.Name())
				}
				// A method of a writer, called or kept.
				if s := p.info.Selections[n]; s != nil && isWriter(s.Recv()) && s.Kind() != types.FieldVal && !slices.Contains([]string{"Fd", "Stat", "Close", "Name"}, n.Sel.Name) {
					add(s.Obj().(*types.Func).FullName())
				}
			case *ast.CallExpr:
				if what := p.call(n); what != "" {
					add(what)
				}
			}
			return true
		})
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// call returns the name of the function if a call may write.
func (p *typed) call(call *ast.CallExpr) string {
	if tv := p.info.Types[call.Fun]; tv.IsType() {
		if strings.HasSuffix(tv.Type.String(), "internal/printable.Safe") && p.info.Types[call.Args[0]].Value == nil {
			return "conversion to " + tv.Type.String()
		}
		return ""
	}
	var id *ast.Ident
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		id = fun
	case *ast.SelectorExpr:
		id = fun.Sel
	default:
		return ""
	}
	switch o := p.info.Uses[id].(type) {
	case *types.Builtin:
		if o.Name() == "print" || o.Name() == "println" {
			return o.Name()
		}
	case *types.Func:
		if o.Pkg() != nil && (o.Pkg().Path() == "fmt" && strings.HasPrefix(o.Name(), "Print") || o.Pkg().Path() == "log") {
			return o.FullName()
		}
		if o.Pkg() != nil && strings.HasSuffix(o.Pkg().Path(), "internal/printable") && o.Name() != "NewWriter" {
			return ""
		}
		if slices.ContainsFunc(call.Args, func(a ast.Expr) bool { return isWriter(p.info.Types[a].Type) }) {
			return o.FullName()
		}
	}
	return ""
}

// isWriter reports whether a type is one that can be written to, and not only text in
// memory.
func isWriter(t types.Type) bool {
	if t == nil {
		return false
	}
	switch t.String() {
	case "*strings.Builder", "strings.Builder", "*bytes.Buffer", "bytes.Buffer":
		return false
	}
	for _, t := range []types.Type{t, types.NewPointer(t)} {
		m, _, _ := types.LookupFieldOrMethod(t, false, nil, "Write")
		if f, ok := m.(*types.Func); ok {
			s := f.Type().(*types.Signature)
			return s.Params().Len() == 1 && s.Params().At(0).Type().String() == "[]byte"
		}
	}
	return false
}
