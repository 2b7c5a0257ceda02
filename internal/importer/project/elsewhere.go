package project

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
)

// ElsewhereFile is the file with the signatures of Tasks that are not among the manifests.
const ElsewhereFile = "elsewhere.go"

// decoded returns the content of import.json. It reports whether it is one.
func decoded(text []byte) (*State, bool) {
	s := &State{}
	if text == nil || json.Unmarshal(text, s) != nil || s.Format != Format {
		return nil, false
	}
	return s, true
}

// Encode returns the content of import.json.
func (s *State) Encode() ([]byte, error) {
	text, err := json.MarshalIndent(s, "", "  ")
	return append(text, '\n'), err
}

// Digest returns the digest of a file, as [State.Files] has it.
func Digest(text []byte) string { return digest(text) }

// Absent is a Task that is not among the manifests, and the type that an import has written
// for it.
type Absent struct {
	Ref       v1.TaskRef
	Reference string // as [importer.Reference] returns it
	Type      string
}

// Absent returns the Tasks that are not among the manifests, and whose types are for all tasks
// that refer to them, sorted.
func (s *State) Absent(pkg string) []Absent {
	var out []Absent
	for key, name := range s.Names[pkg] {
		text, ok := strings.CutPrefix(key, "= ")
		if !ok {
			continue
		}
		if task, ok := strings.CutPrefix(text, "Task "); ok { // of the folder of --elsewhere
			if !strings.ContainsAny(task, "# ") {
				ref := v1.TaskRef{Name: task}
				out = append(out, Absent{ref, keyOf(&ref), name})
			}
			continue
		}
		if ref, ok := ParseReference(text); ok {
			out = append(out, Absent{*ref, text, name})
		}
	}
	slices.SortFunc(out, func(a, b Absent) int { return strings.Compare(a.Reference+a.Type, b.Reference+b.Type) })
	return out
}

func keyOf(r *v1.TaskRef) string {
	text, err := json.Marshal(r)
	if err != nil {
		return r.Name
	}
	return string(text)
}

// ParseReference returns the reference of a text of [importer.Reference]. It reports whether it
// is one to a single Task.
func ParseReference(text string) (*v1.TaskRef, bool) {
	ref := &v1.TaskRef{}
	d := json.NewDecoder(strings.NewReader(text))
	if !strings.HasPrefix(text, "{") || d.Decode(ref) != nil || d.InputOffset() != int64(len(text)) || ref.Kind != "" {
		return nil, false
	}
	for _, p := range ref.Params {
		if p.Value.Type != v1.ParamTypeString || p.Value.StringVal == "$(" {
			return nil, false
		}
	}
	return ref, ref.Name != "" || ref.Resolver != ""
}

// Without returns the Go of a file without some types, their outputs and their methods, and nil
// if it declares nothing else.
func Without(text []byte, names []string) ([]byte, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	gone := map[string]bool{}
	for _, n := range names {
		gone[n], gone[n+"Out"] = true, true
	}
	var out bytes.Buffer
	from, kept := 0, 0
	for _, d := range f.Decls {
		start, drop := d.Pos(), false
		switch d := d.(type) {
		case *ast.FuncDecl:
			drop = d.Recv != nil && gone[receiver(d)]
			if d.Doc != nil {
				start = d.Doc.Pos()
			}
		case *ast.GenDecl:
			if d.Doc != nil {
				start = d.Doc.Pos()
			}
			if len(d.Specs) == 1 {
				t, ok := d.Specs[0].(*ast.TypeSpec)
				drop = ok && gone[t.Name.Name]
			}
			if d.Tok == token.IMPORT {
				continue
			}
		}
		if !drop {
			kept++
			continue
		}
		out.Write(text[from:fset.Position(start).Offset])
		from = fset.Position(d.End()).Offset
	}
	if kept == 0 {
		return nil, nil
	}
	out.Write(text[from:])
	return format.Source(out.Bytes())
}

// receiver returns the name of the type of a method.
func receiver(d *ast.FuncDecl) string {
	t := d.Recv.List[0].Type
	if p, ok := t.(*ast.StarExpr); ok {
		t = p.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

// declaredBy returns the names that a file of Go declares.
func declaredBy(text []byte) []string {
	if text == nil {
		return nil
	}
	f, err := parser.ParseFile(token.NewFileSet(), "", text, parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	return Declarations(f)
}

// Declarations returns the names that a file declares for its package.
func Declarations(f *ast.File) []string {
	var out []string
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				out = append(out, d.Name.Name)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					out = append(out, s.Name.Name)
				case *ast.ValueSpec:
					for _, n := range s.Names {
						out = append(out, n.Name)
					}
				}
			}
		}
	}
	return out
}
