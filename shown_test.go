package tekwright_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// obvious are the functions and methods that no example needs to show, by the reason.
var obvious = map[string]string{
	"the interfaces of the standard library":             "AppendText Compare IsNil IsValid MarshalText UnmarshalText Unwrap",
	"it has a part of a value, or a question about it":   "Baseline Configs Ended Finished Has Short Subject",
	"a list of all, for the options of a command":        "OtherCodes ParseSeverity Personas Schema Topics Versions",
	"like another, which an example shows":               "AddFinallyPipeline CheckPaC Colored Draw ExitCodePath HeaderList Lines SelectBy SidecarResources WithObject",
	"a change like Replace, or a fix like Fix":           "AddField Meant Misspelled NestField RemoveField RenameKey ReplaceAt",
	"a value of the run in the table of docs/compose.md": "Claim VolumeName",
	"what a profile means, for package check":            "Allows Applies DefaultAPIFields Feature FeatureSince FilterIn FindingLimit FlagsKnown HasObject HasSchemas MatrixLimit OfFile OnePVC Remote SeverityOf Shows",
	"the engine of the rules calls it":                   "Crashed Found Knows NewPass Once",
	"other packages of this module call it":              "Copy Creates CurrentLayout Derive EventFields Hide HideValuesIn HideValuesOf IsReadFailure ObjectsIn PaCObjects Parts ReadRemote Recall Selects WithRemotes",
	"for tests in another frame than testing":            "Attack Available CallsOf HostileValues",
	"the interface of Kubernetes":                        "DeepCopy",
	"the interface of encoding/json":                     "MarshalJSON",
	"an annotation of Pipelines-as-Code with its name":   "PathChange PathChangeIgnore",
	"a field of Tekton with its name":                    "CloudEvents CustomResource KnownDigests LoadBalancerClass SpecName",
}

// TestShown: each exported function and method of the packages below pkg is in an Example, in
// a block of a doc comment, in a page below docs, or in a program of examples, unless it is
// obvious.
func TestShown(t *testing.T) {
	shown, declared := map[string]bool{}, map[string][]string{}
	fset := token.NewFileSet()
	for _, root := range []string{"pkg", "docs", "examples"} {
		require.NoError(t, filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && (d.Name() == "internal" || d.Name() == "testdata"):
				return fs.SkipDir
			case filepath.Ext(name) == ".md":
				for _, block := range regexp.MustCompile("(?ms)^ *```go\\b.*?\n(.*?)^ *```").FindAllStringSubmatch(read(t, name), -1) {
					mention(shown, block[1])
				}
			case filepath.Ext(name) != ".go" || name == filepath.Join("docs", "guide_test.go"): // which tests a page, and is not shown
			case root != "pkg":
				mention(shown, read(t, name))
			default:
				file, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
				require.NoError(t, err)
				look(t, file, name, shown, declared)
			}
			return nil
		}))
	}
	require.Greater(t, len(declared), 300)
	reasons := map[string]string{}
	for reason, names := range obvious {
		for name := range strings.FieldsSeq(names) {
			reasons[name] = reason
			assert.Contains(t, declared, name, "there is no such function or method")
			assert.False(t, shown[name], "an example shows %s: remove it from the list", name)
		}
	}
	for name, places := range declared {
		if !shown[name] && reasons[name] == "" {
			t.Errorf("no example shows %s of %s: write one, or add it to the list if its use is obvious", name, strings.Join(places, ", "))
		}
	}
}

// look adds what a file of a package declares and shows.
func look(t *testing.T, file *ast.File, name string, shown map[string]bool, declared map[string][]string) {
	t.Helper()
	test := strings.HasSuffix(name, "_test.go")
	if test && strings.HasPrefix(filepath.Base(name), "example") {
		mention(shown, read(t, name))
		return
	}
	if !test {
		for _, group := range file.Comments {
			for line := range strings.Lines(group.Text()) {
				if strings.HasPrefix(line, "\t") {
					mention(shown, line)
				}
			}
		}
	}
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		switch {
		case !ok:
		case test && strings.HasPrefix(f.Name.Name, "Example"):
			ast.Inspect(f, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok {
					shown[id.Name] = true
				}
				return true
			})
		case !test && f.Name.IsExported():
			of := filepath.ToSlash(filepath.Dir(name))
			if f.Recv != nil {
				receiver := receiverOf(f)
				if !ast.IsExported(receiver) {
					continue
				}
				of += "." + receiver
			}
			declared[f.Name.Name] = append(declared[f.Name.Name], of)
		}
	}
}

// receiverOf returns the name of the type of a method.
func receiverOf(f *ast.FuncDecl) string {
	for e := f.Recv.List[0].Type; ; {
		switch x := e.(type) {
		case *ast.StarExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.IndexListExpr:
			e = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

var identifiers = regexp.MustCompile(`\b[A-Z][A-Za-z0-9]*\b`)

// mention adds the exported identifiers of a text.
func mention(shown map[string]bool, text string) {
	for _, name := range identifiers.FindAllString(text, -1) {
		shown[name] = true
	}
}
