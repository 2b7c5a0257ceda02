package plan_test

import (
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	duckv1 "knative.dev/pkg/apis/duck/v1"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/importer/plan"
)

// TestImportsOfOneName uses several packages whose name is v1 in one file.
func TestImportsOfOneName(t *testing.T) {
	set := plan.Fn("Use", plan.Literal{Value: duckv1.KReference{Name: "a"}}, plan.Literal{Value: v1.Param{Name: "b"}},
		plan.Literal{Value: corev1.EnvVar{Name: "c"}}, plan.Literal{Value: duckv1.Destination{CACerts: new("d")}})
	for _, reversed := range []bool{false, true} {
		if reversed {
			set.Args[0], set.Args[1] = set.Args[1], set.Args[0]
		}
		file := plan.File{Package: "ci", Funcs: []*plan.Func{{Name: "F", Says: "is F", Result: "*builder.Task", Returns: set}}}
		text, _, err := file.Print()
		require.NoError(t, err)
		parsed, err := parser.ParseFile(token.NewFileSet(), "f.go", text, parser.ImportsOnly)
		require.NoError(t, err)
		names := map[string]string{}
		for _, i := range parsed.Imports {
			path := strings.Trim(i.Path.Value, `"`)
			name := path[strings.LastIndexByte(path, '/')+1:]
			if i.Name != nil {
				name = i.Name.Name
			}
			assert.Empty(t, names[name], "two imports have the name %s", name)
			names[name] = path
		}
		assert.Equal(t, "knative.dev/pkg/apis/duck/v1", names["duckv1"])
		assert.Equal(t, "k8s.io/api/core/v1", names["corev1"])
		assert.Equal(t, "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1", names["v1"])
		assert.Contains(t, string(text), `duckv1.KReference{Name: "a"}`)
		assert.Contains(t, string(text), `v1.Param{Name: "b"}`)
	}
}
