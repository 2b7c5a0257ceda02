package builder_test

import (
	"bytes"
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
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// These tests verify that wrongly wired pipelines do not compile. Each
// snippet of testdata/wiring is put into the frame there and type-checked; the
// packages that the frame imports are compiled once, for all of them.

// snippet is a block of a file in testdata/wiring:
//
//	# what it shows
//	the code
//	! the error that the compiler must report
type snippet struct {
	name, code, want string
}

func readSnippets(t *testing.T, file string) []snippet {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var all []snippet
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\n")
		switch {
		case line == "" || strings.HasPrefix(line, "//"):
		case strings.HasPrefix(line, "# "):
			all = append(all, snippet{name: line[2:]})
		case strings.HasPrefix(line, "! "):
			all[len(all)-1].want = line[2:]
		default:
			all[len(all)-1].code += line + "\n"
		}
	}
	require.NotEmpty(t, all)
	return all
}

// frame is the program around a snippet, split where the snippet goes.
func frame(t *testing.T) (before, after string) {
	t.Helper()
	text, err := os.ReadFile("testdata/wiring/frame.go.txt")
	require.NoError(t, err)
	before, after, ok := strings.Cut(string(text), "\t// the snippet\n")
	require.True(t, ok, "the frame has no place for a snippet")
	return before, after
}

// compiler type-checks programs, as the Go compiler does.
type compiler struct {
	fset     *token.FileSet
	imports  types.Importer
	problems []types.Error
}

// compiled maps the paths of all packages that the frame depends on to their export
// data. Nothing is downloaded, and packages that go test has compiled are not
// compiled again.
var compiled = sync.OnceValues(func() (map[string]string, error) {
	cmd := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Export", "fmt", "../builder", "../tasks", "../triggers")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, stderr.String())
	}
	files := map[string]string{}
	dec := json.NewDecoder(bytes.NewReader(out))
	for {
		var p struct{ ImportPath, Export string }
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		files[p.ImportPath] = p.Export
	}
})

func newCompiler(t *testing.T) *compiler {
	t.Helper()
	files, err := compiled()
	require.NoError(t, err)
	c := &compiler{fset: token.NewFileSet()}
	c.imports = importer.ForCompiler(c.fset, "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(files[path])
	})
	return c
}

// check returns what is wrong with a program.
func (c *compiler) check(t *testing.T, name, program string) []types.Error {
	t.Helper()
	file, err := parser.ParseFile(c.fset, name+".go", program, parser.SkipObjectResolution)
	require.NoError(t, err, "it is no Go at all")
	c.problems = nil
	config := types.Config{
		Importer: c.imports,
		Error: func(err error) {
			var e types.Error
			if errors.As(err, &e) && !strings.HasPrefix(e.Msg, "\t") { // skip continuation lines of an error
				c.problems = append(c.problems, e)
			}
		},
	}
	_, _ = config.Check("snippet", c.fset, []*ast.File{file}, nil) // the error is in problems
	return c.problems
}

// pattern returns a regular expression for a text in which ... matches anything.
func pattern(text string) string {
	return strings.ReplaceAll(regexp.QuoteMeta(text), regexp.QuoteMeta("..."), ".*")
}

func TestWiring(t *testing.T) {
	if testing.Short() {
		t.Skip("it compiles packages")
	}
	before, after := frame(t)
	c := newCompiler(t)
	require.Empty(t, c.check(t, "frame", before+after), "the frame must compile")
	line := strings.Count(before, "\n") + 1
	for _, s := range readSnippets(t, "testdata/wiring/refused.txt") {
		t.Run("refused/"+s.name, func(t *testing.T) {
			problems := c.check(t, s.name, before+s.code+after)
			require.NotEmpty(t, problems, "it compiles:\n%s", s.code)
			require.NotEmpty(t, s.want, "why is it refused? The compiler says: %s", problems[0].Msg)
			for _, p := range problems {
				assert.Regexp(t, pattern(s.want), p.Msg)
				at := c.fset.Position(p.Pos).Line
				assert.True(t, line <= at && at < line+strings.Count(s.code, "\n"), "the error is outside of the snippet")
			}
		})
	}
	for _, s := range readSnippets(t, "testdata/wiring/accepted.txt") {
		t.Run("accepted/"+s.name, func(t *testing.T) {
			assert.Empty(t, c.check(t, s.name, before+s.code+after))
		})
	}
}

// TestVet tests a mistake that neither the compiler nor Build can find, but go vet
// does: the conversion of a number to a String yields a letter.
//
// go vet analyzes all dependencies of a package first, here Tekton and Kubernetes,
// which takes minutes on a fresh machine. The test therefore runs the vet tool
// directly, without the facts about dependencies.
func TestVet(t *testing.T) {
	if testing.Short() {
		t.Skip("it compiles packages")
	}
	files, err := compiled()
	require.NoError(t, err)
	const path = "github.com/tekwright/tekwright/pkg/builder"
	unit, err := json.Marshal(map[string]any{
		"ID": "vet", "ImportPath": "vet", "Compiler": "gc", "GoFiles": []string{"testdata/vet/vet.go"},
		"ImportMap":   map[string]string{path: path},
		"PackageFile": files, "VetxOutput": filepath.Join(t.TempDir(), "facts"),
	})
	require.NoError(t, err)
	config := filepath.Join(t.TempDir(), "vet.cfg")
	require.NoError(t, os.WriteFile(config, unit, 0o600))
	out, err := exec.Command("go", "tool", "vet", config).CombinedOutput()
	require.Error(t, err)
	assert.Contains(t, string(out), "vet.go:7")
	assert.Contains(t, string(out), "conversion from untyped int to")
}
