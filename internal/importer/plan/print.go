package plan

import (
	"bytes"
	"cmp"
	"fmt"
	"go/format"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// File is a file of Go.
type File struct {
	Header   []string // lines of a comment above everything
	Package  string
	Doc      string // of the package
	Generate string // a command for go generate
	Types    []*Type
	Funcs    []*Func
}

// Print returns the file as formatted Go, and the files that it embeds by their paths. The
// same declarations give the same bytes.
func (f *File) Print() ([]byte, map[string]string, error) {
	p := &printer{imports: map[string]string{}, embedded: map[string]Embedded{}}
	for _, t := range f.Types {
		p.typ(t)
	}
	for _, fn := range f.Funcs {
		p.function(fn)
	}
	files := map[string]string{}
	var head bytes.Buffer
	for _, l := range f.Header {
		head.WriteString(unconstrained(strings.TrimRight("// "+strings.Map(printable, strings.ToValidUTF8(l, "�")), " ")) + "\n")
	}
	if len(f.Header) > 0 {
		head.WriteByte('\n')
	}
	doc := &printer{}
	f.licences(doc)
	doc.comment(f.Doc)
	head.WriteString(unconstrained(doc.b.String()))
	fmt.Fprintf(&head, "package %s\n\n", f.Package)
	if len(p.embedded) > 0 {
		p.use("embed")
	}
	p.writeImports(&head)
	for _, name := range slices.Sorted(maps.Keys(p.embedded)) {
		e := p.embedded[name]
		typ := "string"
		if e.Bytes {
			typ = "[]byte"
		}
		fmt.Fprintf(&head, "//go:embed %s\nvar %s %s\n\n", e.Path, name, typ)
		files[e.Path] = e.Text
	}
	if f.Generate != "" {
		fmt.Fprintf(&head, "//go:generate %s\n\n", f.Generate)
	}
	head.WriteString(p.b.String())
	out, err := format.Source(head.Bytes())
	if err != nil {
		return nil, nil, fmt.Errorf("what is printed is not Go: %w", err)
	}
	return out, files, nil
}

// packages are the paths of packages by the names that the Go uses.
var packages = map[string]string{
	"builder":         "github.com/tekwright/tekwright/pkg/builder",
	"diag":            "github.com/tekwright/tekwright/pkg/diag",
	"appsv1":          "k8s.io/api/apps/v1",
	"batchv1":         "k8s.io/api/batch/v1",
	"corev1":          "k8s.io/api/core/v1",
	"embed":           "embed",
	"infra":           "github.com/tekwright/tekwright/pkg/infra",
	"intstr":          "k8s.io/apimachinery/pkg/util/intstr",
	"manifest":        "github.com/tekwright/tekwright/pkg/manifest",
	"metav1":          "k8s.io/apimachinery/pkg/apis/meta/v1",
	"networkingv1":    "k8s.io/api/networking/v1",
	"pac":             "github.com/tekwright/tekwright/pkg/pac",
	"pacv1alpha1":     "github.com/tekwright/tekwright/pkg/pac/v1alpha1",
	"pod":             "github.com/tektoncd/pipeline/pkg/apis/pipeline/pod",
	"rbacv1":          "k8s.io/api/rbac/v1",
	"resource":        "k8s.io/apimachinery/pkg/api/resource",
	"rule":            "github.com/tekwright/tekwright/pkg/rule",
	"runtime":         "k8s.io/apimachinery/pkg/runtime",
	"time":            "time",
	"triggers":        "github.com/tekwright/tekwright/pkg/triggers",
	"triggersv1beta1": "github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1",
	"v1":              "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1",
	"v1beta1":         "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1",
}

// Module is the path of the module of the library.
const Module = "github.com/tekwright/tekwright"

// Imports returns the paths of the packages that printed Go may import.
func Imports() []string { return slices.Sorted(maps.Values(packages)) }

type printer struct {
	b        strings.Builder
	imports  map[string]string // names by path
	embedded map[string]Embedded
	indent   int // of the body that is printed
	column   int // where the expression begins
}

// use imports a package and returns its name.
func (p *printer) use(name string) string {
	p.imports[packages[name]] = name
	return name
}

// version matches the names of packages that are a version of an API.
var version = regexp.MustCompile(`^v[0-9]`)

// useOther imports a package that is not in packages, and returns the name that the file has for
// it. A version has the name of the API before it, as is usual: duckv1. Otherwise two of them in
// one file would have the same name. The names in packages are kept for those.
func (p *printer) useOther(pkg, name string) string {
	if known, ok := p.imports[pkg]; ok {
		return known
	}
	taken := map[string]bool{}
	for _, n := range p.imports {
		taken[n] = true
	}
	free := func(n string) bool { return packages[n] == "" && !taken[n] }
	if version.MatchString(name) || !free(name) {
		name = identifier(path.Base(path.Dir(pkg))) + name
	}
	base := name
	for i := 2; !free(name); i++ {
		name = base + strconv.Itoa(i)
	}
	p.imports[pkg] = name
	return name
}

// identifier returns the lower-case letters and the digits of the name of a folder.
func identifier(folder string) string {
	return strings.TrimLeft(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(folder)), "0123456789")
}

// writeImports writes the imports: those of the standard library first, ours last.
func (p *printer) writeImports(b *bytes.Buffer) {
	group := func(path string) int {
		switch {
		case !strings.Contains(path, "."):
			return 0
		case strings.HasPrefix(path, "github.com/tekwright/"):
			return 2
		}
		return 1
	}
	paths := slices.SortedFunc(maps.Keys(p.imports), func(a, b string) int {
		return cmp.Or(group(a)-group(b), strings.Compare(a, b))
	})
	if len(paths) == 0 {
		return
	}
	b.WriteString("import (\n")
	for i, path := range paths {
		if i > 0 && group(path) != group(paths[i-1]) {
			b.WriteByte('\n')
		}
		name := p.imports[path]
		switch {
		case name == "embed":
			fmt.Fprintf(b, "\t_ %q\n", path)
		case strings.HasSuffix(path, "/"+name) || path == name:
			fmt.Fprintf(b, "\t%q\n", path)
		default:
			fmt.Fprintf(b, "\t%s %q\n", name, path)
		}
	}
	b.WriteString(")\n\n")
}

func (p *printer) line(format string, args ...any) {
	fmt.Fprintf(&p.b, format, args...)
	p.b.WriteByte('\n')
}

// comment writes a text as a comment. Each line begins with "// ", so that no text is a
// directive.
func (p *printer) comment(text string) {
	text = strings.TrimSpace(strings.ToValidUTF8(text, "�"))
	if text == "" {
		return
	}
	for l := range strings.SplitSeq(text, "\n") {
		l = strings.TrimRight(strings.Map(printable, l), " \t")
		if l == "" {
			p.line("//")
			continue
		}
		for _, part := range wrap(l, commentWidth) {
			if obeyed.MatchString(part) {
				part = "# " + strings.TrimLeft(part, " ")
			}
			p.line("// %s", part)
		}
	}
}

const commentWidth = 90

// printable replaces characters that a line of a comment cannot contain, or that hide text.
func printable(r rune) rune {
	if r == '\t' {
		return ' '
	}
	if r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' || r == '\ufeff' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' {
		return -1
	}
	return r
}

// wrap splits a line at blanks into lines of a width. Indented lines stay as they are.
func wrap(l string, width int) []string {
	if len(l) <= width || strings.HasPrefix(l, " ") {
		return []string{l}
	}
	var out []string
	for len(l) > width {
		i := strings.LastIndexByte(l[:width], ' ')
		if i <= 0 {
			if i = strings.IndexByte(l, ' '); i <= 0 {
				break
			}
		}
		out, l = append(out, l[:i]), strings.TrimLeft(l[i:], " ")
	}
	return append(out, l)
}

// typ writes the declarations of a task type: the inputs, the output and the methods.
func (p *printer) typ(t *Type) {
	p.use("builder")
	what := "Task"
	if t.Action {
		what = "StepAction"
	}
	doc := fmt.Sprintf("%s is the %s %s.", t.Name, what, t.Object)
	if more, apart := strings.CutPrefix(t.Doc, "\n"); apart {
		doc += "\n\n" + more
	} else if t.Doc != "" {
		doc = strings.TrimSuffix(doc, ".") + ":\n" + t.Doc
	}
	p.noted(doc, t.Notes)
	if len(t.Fields) == 0 {
		p.line("type %s struct{}\n", t.Name)
	} else {
		p.line("type %s struct {", t.Name)
		p.fields(t.Fields)
		p.line("}\n")
	}
	p.constants(t)
	embedded := "*builder.PipelineTask"
	if t.Action {
		embedded = "*builder.Step"
	}
	result := t.output()
	if len(t.Out) > 0 {
		p.comment(t.OutName() + " is the output of " + t.Name + ".")
		p.line("type %s struct {", t.OutName())
		p.line("%s", embedded)
		p.fields(t.Out)
		p.line("}\n")
	}
	name, param := "TaskName", "*builder.Task"
	if t.Action {
		name, param = "StepActionName", "*builder.StepAction"
	}
	p.comment(name + " returns the name of the " + what + ".")
	p.line("func (%s) %s() string { return %s }\n", t.Name, name, quoted(t.Object))
	p.comment("Define declares the " + what + ".")
	used := usesOf(t.Body, valuesIn(t.Returns)...)
	receiver := ""
	if used[t.In] {
		receiver = t.In.Name + " "
	}
	p.line("func (%s%s) Define(%s %s) %s {", receiver, t.Name, t.Param.Name, param, result)
	p.body(t.Body, used)
	own := fmt.Sprintf("%s.%s()", t.Param.Name, embedded[strings.LastIndexByte(embedded, '.')+1:])
	if len(t.Out) == 0 {
		p.line("return %s", own)
	} else {
		p.returns(result, embedded, own, t.Returns)
	}
	p.line("}\n")
}

// constants writes the values that the inputs of a type may have.
func (p *printer) constants(t *Type) {
	if len(t.Constants) == 0 {
		return
	}
	p.comment("Values of the inputs of " + t.Name + ".")
	p.line("const (")
	for _, c := range t.Constants {
		p.line("%s %s.%s = %s", c.Name, p.use("builder"), c.Kind, quoted(c.Value))
	}
	p.line(")\n")
}

// returns writes the return of a struct that embeds a value.
func (p *printer) returns(name, embedded, value string, sets []Set) {
	parts := []string{embedded[strings.LastIndexByte(embedded, '.')+1:] + ": " + value}
	width := len(name) + len(parts[0])
	for _, s := range sets {
		p.column = 2 * tab
		parts = append(parts, s.Field+": "+p.expr(s.Value))
		width += len(parts[len(parts)-1]) + 2
	}
	p.line("return %s%s", name, items(parts, width))
}

func valuesIn(sets []Set) []Expr {
	out := make([]Expr, len(sets))
	for i, s := range sets {
		out[i] = s.Value
	}
	return out
}

// fields writes the fields of a struct. Those of a type that have no description are
// together.
func (p *printer) fields(list []Field) {
	for i := 0; i < len(list); {
		f := list[i]
		names, width := f.Name, len(f.Name)
		i++
		for f.Doc == "" && i < len(list) && list[i].Doc == "" && list[i].Kind == f.Kind && list[i].Note == f.Note && width+len(list[i].Name) < lineWidth-50 {
			names += ", " + list[i].Name
			width += len(list[i].Name) + 2
			i++
		}
		p.comment(f.Doc)
		end := ""
		if f.Doc == "" && f.Note != "" {
			end = " " + verbatim(f.Note)
		}
		p.line("%s %s.%s%s", names, p.use("builder"), f.Kind, end)
	}
}

// function writes a function, and the struct that it returns if it has handles.
func (p *printer) function(f *Func) {
	result := f.Result
	if pkg, _, ok := strings.Cut(strings.TrimPrefix(result, "*"), "."); ok {
		p.use(pkg)
	}
	if f.Struct != "" {
		p.comment(f.Struct + " is what " + f.Name + " returns: the pipeline, and handles for its runs.")
		p.line("type %s struct {", f.Struct)
		p.line("%s", f.Result)
		p.fields(f.Out)
		p.line("}\n")
		result = f.Struct
	}
	doc := f.Name + " " + f.Says + "."
	if f.Doc != "" {
		doc = strings.TrimSuffix(doc, ".") + ":\n" + f.Doc
	}
	p.noted(doc, f.Notes)
	p.line("func %s() %s {", f.Name, result)
	p.body(f.Body, usesOf(f.Body, append(valuesIn(f.Values), f.Returns)...))
	p.column = tab + len("return ")
	if f.Struct == "" {
		p.line("return %s", p.expr(f.Returns))
	} else {
		p.returns(f.Struct, f.Result, p.expr(f.Returns), f.Values)
	}
	p.line("}\n")
}

// body writes statements. A variable that nothing uses is not declared.
func (p *printer) body(list []Stmt, used map[*Var]bool) {
	for _, s := range list {
		name := ""
		if s.Var != nil && used[s.Var] {
			name = s.Var.Name + " := "
		}
		p.column = p.indent + tab + len(name)
		text := name + p.expr(s.Expr)
		p.statement(text, s.Notes)
	}
}

// Names returns the names that the file declares.
func (f *File) Names() []string {
	var out []string
	for _, t := range f.Types {
		out = append(out, t.Name)
		if len(t.Out) > 0 {
			out = append(out, t.OutName())
		}
		for _, c := range t.Constants {
			out = append(out, c.Name)
		}
		for _, s := range t.Body {
			each(s.Expr, func(e Expr) {
				if e, ok := e.(Embedded); ok {
					out = append(out, e.Name)
				}
			})
		}
	}
	for _, fn := range f.Funcs {
		out = append(out, fn.Name)
	}
	return out
}
