package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"

	"github.com/tekwright/tekwright/internal/importer"
	"github.com/tekwright/tekwright/internal/importer/compile"
	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/internal/randobject"
)

// hostile are texts that try to end a literal or a comment, to leave the folder, or to be
// taken for something else.
var hostile = []string{
	"", "a", "a-b", "../x", "/etc/passwd", "C:\\x", "\"); os.Exit(1) //", "`; os.Exit(1) //", "*/ os.Exit(1) /*", "a\nb\n",
	"//go:embed x", "//line x:1", "\n//go:build ignore\n", "x\r\ny", "\x00", "\u2028os.Exit(1)", "\ufeff", "\u202e", "ünï🚀",
	"$(params.a)", "$(params.a-b)", "$(params[\"a\"])", "$(tasks.a.results.a)", "$(workspaces.a.path)", "$$(params.a)", "$(", "$(params.a[*])", "$(context.pipelineRun.name)",
	"func", "type", "string", "builder", "in", "t", "nil", "init", "main", "Define", "TaskName", "Status", "Retries", "%d%s", "\\", "\t",
	strings.Repeat("long. ", 60) + "\n", strings.Repeat("`\n", 9), strings.Repeat("x\n", 9),
}

// TestHostile shows that whatever an object contains, what is printed compiles, and contains
// no code but that of the importer.
func TestHostile(t *testing.T) {
	c, err := compile.Only(t.Context(), ".", plan.Imports()...)
	require.NoError(t, err)
	kinds := []runtime.Object{&v1.Task{}, &v1.Pipeline{}, &v1.PipelineRun{}, &v1.TaskRun{}, &v1beta1.StepAction{}}
	printed := 0
	for seed := range uint64(60) {
		x := importer.NewIndex()
		var objects []runtime.Object
		for _, k := range kinds {
			o := k.DeepCopyObject()
			randobject.Fill(o, seed, hostile)
			m, ok := o.(metav1.Object)
			require.True(t, ok)
			keep := metav1.ObjectMeta{Name: m.GetName(), Labels: m.GetLabels(), Annotations: m.GetAnnotations()}
			reflect.ValueOf(o).Elem().FieldByName("ObjectMeta").Set(reflect.ValueOf(keep))
			x.Add(o, "x.yaml")
			objects = append(objects, o)
		}
		for _, o := range objects {
			r := importer.Import(x, o, "x.yaml")
			if r.Func == nil {
				assert.NotEmpty(t, r.Reason, "%T %d", o, seed)
				continue
			}
			file := plan.Closure(r.Func)
			file.Package = "ci"
			text, embedded, err := file.Print()
			if assert.NoError(t, err, "%T %d", o, seed) && assert.NoError(t, c.Check(t.Context(), map[string][]byte{"ci.go": text}), "%T %d:\n%s", o, seed, text) {
				printed++
				harmless(t, text)
			}
			for name := range embedded {
				assert.Regexp(t, `^scripts/[a-z0-9-]+/[a-z0-9-]+\.(sh|py|js)$`, name)
			}
		}
	}
	assert.Greater(t, printed, 100)
}

// harmless reports code that the importer does not write: calls of functions of other
// packages, directives, functions with a body of their own.
func harmless(t *testing.T, text []byte) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "ci.go", text, parser.ParseComments)
	require.NoError(t, err)
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := s.X.(*ast.Ident); ok {
				assert.NotEqual(t, "os", id.Name)
			}
		}
		return true
	})
	for _, group := range f.Comments {
		for _, c := range group.List {
			assert.True(t, strings.HasPrefix(c.Text, "// ") || c.Text == "//" || strings.HasPrefix(c.Text, "//go:embed scripts/") || strings.HasPrefix(c.Text, "//go:embed data/"), c.Text)
		}
	}
}
