package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strings"
)

// validator matches the functions of Tekton's that tests call.
var validator = regexp.MustCompile(`^[vV]alidate`)

// edit puts text in the place of what stands between two offsets.
type edit struct {
	start, end int
	text       string
}

// instrument makes the validating functions of a file record their calls, and
// returns its text and the name of its package.
func instrument(file string, source []byte) (text []byte, pkg string, err error) {
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, file, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, "", err
	}
	offset := func(p token.Pos) int { return set.Position(p).Offset }
	var edits []edit
	for _, d := range tree.Decls {
		f, ok := d.(*ast.FuncDecl)
		if ok && f.Body != nil && validator.MatchString(f.Name.Name) && returnsFieldError(f) {
			edits = append(edits, recording(f, offset)...)
		}
	}
	slices.SortFunc(edits, func(a, b edit) int { return b.start - a.start })
	for _, e := range edits {
		source = slices.Concat(source[:e.start], []byte(e.text), source[e.end:])
	}
	return source, tree.Name.Name, nil
}

func returnsFieldError(f *ast.FuncDecl) bool {
	r := f.Type.Results
	if r == nil || len(r.List) != 1 || len(r.List[0].Names) > 1 {
		return false
	}
	star, ok := r.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	selector, ok := star.X.(*ast.SelectorExpr)
	return ok && selector.Sel.Name == "FieldError"
}

// recording gives a function names for its receiver, its arguments and its
// result, and a first line that records them.
func recording(f *ast.FuncDecl, offset func(token.Pos) int) []edit {
	var edits []edit
	n := 0
	names := func(field *ast.Field) []string {
		var out []string
		for _, id := range field.Names {
			name := id.Name
			if name == "_" {
				n++
				name = fmt.Sprintf("recorded%d", n)
				edits = append(edits, edit{offset(id.Pos()), offset(id.End()), name})
			}
			out = append(out, name)
		}
		if len(out) == 0 {
			n++
			out = []string{fmt.Sprintf("recorded%d", n)}
			at := offset(field.Type.Pos())
			edits = append(edits, edit{at, at, out[0] + " "})
		}
		return out
	}
	var values []string
	if f.Recv != nil {
		values = names(f.Recv.List[0])
	}
	ctx := "nil"
	for _, field := range f.Type.Params.List {
		if s, ok := field.Type.(*ast.SelectorExpr); ok && s.Sel.Name == "Context" {
			ctx = names(field)[0]
		} else {
			values = append(values, names(field)...)
		}
	}
	outcome := "recordedOutcome"
	switch result := f.Type.Results.List[0]; {
	case len(result.Names) == 0:
		edits = append(edits, edit{offset(result.Type.Pos()), offset(result.Type.End()), "(" + outcome + " *apis.FieldError)"})
	case result.Names[0].Name == "_":
		edits = append(edits, edit{offset(result.Names[0].Pos()), offset(result.Names[0].End()), outcome})
	default:
		outcome = result.Names[0].Name
	}
	args := strings.Join(append([]string{ctx, fmt.Sprintf("%q", f.Name.Name)}, values...), ", ")
	body := offset(f.Body.Lbrace) + 1
	return append(edits, edit{body, body, "\n\trecordedCall := record(" + args + ")\n\tdefer func() { recordedCall(" + outcome + ") }()\n"})
}
