package triggers_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTables checks that the tables in the package documentation list the constructors of all
// events, and all of their fields and filters.
func TestTables(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	var doc string
	events := map[string][]string{}  // their fields
	filters := map[string][]string{} // their methods that return the event
	results := map[string]string{}   // the results of functions
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		require.NoError(t, err)
		if name == "doc.go" {
			doc = file.Doc.Text()
		}
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if s, ok := spec.(*ast.TypeSpec); ok {
						if fields, ok := eventFields(s); ok {
							events[s.Name.Name] = fields
						}
					}
				}
			case *ast.FuncDecl:
				if !d.Name.IsExported() || d.Type.Results == nil || len(d.Type.Results.List) != 1 {
					continue
				}
				switch result := pointee(d.Type.Results.List[0].Type); {
				case d.Recv == nil:
					results[d.Name.Name] = result
				case result != "" && result == pointee(d.Recv.List[0].Type):
					filters[result] = append(filters[result], d.Name.Name)
				}
			}
		}
	}
	require.Greater(t, len(events), 5)
	delete(events, "Webhook") // has no fields: "all events"

	constructors := slices.DeleteFunc(slices.Sorted(maps.Keys(results)), func(name string) bool {
		_, ok := events[results[name]]
		return !ok && results[name] != "Webhook"
	})
	require.Greater(t, len(constructors), 10)
	listed := map[string]bool{}
	for _, line := range section(doc, "# Events") {
		for word := range strings.FieldsSeq(line) {
			listed[word] = true
		}
	}
	for _, name := range constructors {
		assert.True(t, listed[name], "the table of events lacks %s", name)
	}
	fields, offered := table(section(doc, "# Events")), table(section(doc, "# Filters"))
	for event, want := range events {
		assert.Equal(t, strings.Join(want, ", "), fields[event], "the fields of %s", event)
		assert.ElementsMatch(t, filters[event], strings.FieldsFunc(offered[event], func(r rune) bool { return r == ',' || r == ' ' }), "the filters of %s", event)
	}
}

// eventFields returns the exported fields of a struct, and whether it embeds an event.
func eventFields(s *ast.TypeSpec) (fields []string, ok bool) {
	structure, isStruct := s.Type.(*ast.StructType)
	if !isStruct || !s.Name.IsExported() {
		return nil, false
	}
	for _, f := range structure.Fields.List {
		ok = ok || len(f.Names) == 0 && pointee(f.Type) == "event"
		for _, name := range f.Names {
			if name.IsExported() {
				fields = append(fields, name.Name)
			}
		}
	}
	return fields, ok
}

// pointee returns the name of the type to which a pointer points; "" for other types.
func pointee(e ast.Expr) string {
	if star, ok := e.(*ast.StarExpr); ok {
		if name, ok := star.X.(*ast.Ident); ok {
			return name.Name
		}
	}
	return ""
}

// section returns the lines of a section.
func section(doc, title string) []string {
	_, after, _ := strings.Cut(doc, title+"\n")
	section, _, _ := strings.Cut(after, "\n# ")
	return strings.Split(section, "\n")
}

// table returns the rows of tables by the first word of each. A row may go on below.
func table(lines []string) map[string]string {
	rows, row := map[string]string{}, ""
	for _, line := range lines {
		text, ok := strings.CutPrefix(line, "\t")
		if !ok {
			row = ""
			continue
		}
		if rest := strings.TrimLeft(text, " "); rest != text && row != "" {
			rows[row] += " " + rest
			continue
		}
		name, rest, _ := strings.Cut(text, " ")
		row = name
		rows[row] = strings.TrimLeft(rest, " ")
	}
	return rows
}
