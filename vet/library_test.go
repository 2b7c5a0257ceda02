package vet

import (
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"
)

// TestLibrary shows that nothing is reported in the library and its examples, which
// use handles as they are meant. Their tests are looked at by a step of .ci/run.
func TestLibrary(t *testing.T) {
	loaded := load(t, &packages.Config{
		Dir:  "..",
		Mode: packages.NeedSyntax | packages.NeedTypesInfo | packages.NeedTypesSizes | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedModule,
	}, "./pkg/tasks", "./pkg/triggers", "./pkg/infra", "./examples/...")
	handles := 0
	for _, p := range loaded {
		for e := range p.TypesInfo.Types {
			if isText(p.TypesInfo.TypeOf(e)) {
				handles++
			}
		}
	}
	require.Greater(t, handles, 500, "too few handles: is this the library?")
	graph, err := checker.Analyze([]*analysis.Analyzer{Analyzer}, loaded, nil)
	require.NoError(t, err)
	for _, action := range graph.Roots {
		require.NoError(t, action.Err)
		for _, d := range action.Diagnostics {
			t.Errorf("%s: %s", action.Package.Fset.Position(d.Pos), d.Message)
		}
	}
}

// TestNames holds the names that the analyzer knows against package builder.
func TestNames(t *testing.T) {
	actual := load(t, &packages.Config{Dir: ".."}, builder)[0].Types.Scope()
	typeOf := func(name string) types.Type {
		obj, ok := actual.Lookup(name).(*types.TypeName)
		require.True(t, ok, "package builder has no type %s", name)
		return obj.Type()
	}

	for _, name := range texts {
		assert.Equal(t, "string", typeOf(name).Underlying().String(), "%s is not a string", name)
	}
	for _, name := range opaque {
		assert.IsType(t, &types.Struct{}, typeOf(name).Underlying(), "%s is not a struct", name)
	}
	for recv, names := range pure {
		for _, name := range names {
			if recv == "" {
				assert.IsType(t, &types.Func{}, actual.Lookup(name), "package builder has no function %s", name)
				continue
			}
			obj, _, _ := types.LookupFieldOrMethod(typeOf(recv), true, nil, name)
			assert.IsType(t, &types.Func{}, obj, "%s has no method %s", recv, name)
		}
	}
	for _, name := range slices.Concat(texts, opaque) {
		for m := range typeOf(name).(*types.Named).Methods() {
			if m.Exported() {
				assert.Contains(t, pure[name], m.Name(), "does %s.%s have an effect?", name, m.Name())
			}
		}
	}
	for name := range uses {
		typeOf(name)
	}
}

// TestStub shows that the package builder that the tests use has the signatures of
// the real one.
func TestStub(t *testing.T) {
	actual := load(t, &packages.Config{Dir: ".."}, builder)[0].Types.Scope()
	gopath, err := filepath.Abs("testdata")
	require.NoError(t, err)
	stub := load(t, &packages.Config{
		Dir: "testdata/src", Env: append(os.Environ(), "GO111MODULE=off", "GOFLAGS=", "GOPATH="+gopath),
	}, builder)[0].Types.Scope()
	require.NotEmpty(t, stub.Names())
	for _, name := range stub.Names() {
		obj := actual.Lookup(name)
		if !assert.NotNil(t, obj, "the real one has no %s", name) {
			continue
		}
		if _, ok := obj.(*types.TypeName); !ok {
			assert.Equal(t, types.ObjectString(obj, nil), types.ObjectString(stub.Lookup(name), nil))
			continue
		}
		for m := range stub.Lookup(name).Type().(*types.Named).Methods() {
			if m.Exported() {
				same, _, _ := types.LookupFieldOrMethod(obj.Type(), true, nil, m.Name())
				if assert.NotNil(t, same, "the real %s has no method %s", name, m.Name()) {
					assert.Equal(t, types.ObjectString(same, nil), types.ObjectString(m, nil))
				}
			}
		}
	}
}

// load loads packages, with the types of what they import as they are compiled.
func load(t *testing.T, config *packages.Config, patterns ...string) []*packages.Package {
	t.Helper()
	config.Mode |= packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedExportFile
	loaded, err := packages.Load(config, patterns...)
	require.NoError(t, err)
	for _, p := range loaded {
		require.Empty(t, p.Errors)
	}
	return loaded
}
