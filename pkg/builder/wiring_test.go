package builder_test

import (
	"bytes"
	"encoding/json"
	"errors"
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
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// These tests hold the promise that ill wired pipelines do not compile. Each
// snippet of testdata/wiring is put into the frame there and type-checked; the
// packages that the frame imports are compiled once, for all of them.

// snippet is a block of a file in testdata/wiring:
//
//	# what it shows
//	the code
//	! what the compiler must say about it
type snippet struct {
	name, code, want string
}

// triggers tells whether the snippet needs package triggers.
func (s snippet) triggers() bool {
	for _, name := range []string{"triggers.", "push", "l.On("} {
		if strings.Contains(s.code, name) {
			return true
		}
	}
	return false
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

// hasTriggers tells whether there is a package triggers yet.
func hasTriggers() bool {
	files, _ := filepath.Glob("../triggers/*.go")
	return len(files) > 0
}

// frame is the program that snippets stand in, cut where the snippet goes.
func frame(t *testing.T) (before, after string) {
	t.Helper()
	text, err := os.ReadFile("testdata/wiring/frame.go.txt")
	require.NoError(t, err)
	var b strings.Builder
	for line := range strings.Lines(string(text)) {
		if hasTriggers() || !strings.HasSuffix(line, "// triggers\n") {
			b.WriteString(line)
		}
	}
	before, after, ok := strings.Cut(b.String(), "\t// the snippet\n")
	require.True(t, ok, "the frame has no place for a snippet")
	return before, after
}

// compiler type-checks programs, as the Go compiler does.
type compiler struct {
	fset     *token.FileSet
	imports  types.Importer
	problems []types.Error
}

// newCompiler compiles the packages that the frame imports, and what they
// import in turn, from this module and its dependencies: nothing is fetched.
func newCompiler(t *testing.T) *compiler {
	t.Helper()
	args := []string{"list", "-export", "-deps", "-json=ImportPath,Export", "fmt", "../builder", "../tasks"}
	if hasTriggers() {
		args = append(args, "../triggers")
	}
	cmd := exec.Command("go", args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, stderr.String())

	exports := map[string]string{}
	dec := json.NewDecoder(bytes.NewReader(out))
	for {
		var p struct{ ImportPath, Export string }
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		exports[p.ImportPath] = p.Export
	}
	c := &compiler{fset: token.NewFileSet()}
	c.imports = importer.ForCompiler(c.fset, "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(exports[path])
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
			if errors.As(err, &e) && !strings.HasPrefix(e.Msg, "\t") { // not a second line of an error
				c.problems = append(c.problems, e)
			}
		},
	}
	_, _ = config.Check("snippet", c.fset, []*ast.File{file}, nil) // the error is in problems
	return c.problems
}

// pattern is a text in which ... stands for anything.
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
	left := 0
	for _, s := range readSnippets(t, "testdata/wiring/refused.txt") {
		if s.triggers() && !hasTriggers() {
			left++
			continue
		}
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
	if left > 0 {
		t.Logf("left out %d snippets: there is no package triggers yet", left)
	}
}

// TestVet is about a mistake that go vet finds, for neither the compiler nor
// Build can: a number that becomes a String is a letter.
func TestVet(t *testing.T) {
	if testing.Short() {
		t.Skip("it compiles packages")
	}
	out, err := exec.Command("go", "vet", "./testdata/vet").CombinedOutput()
	require.Error(t, err)
	assert.Contains(t, string(out), "vet.go:7")
	assert.Contains(t, string(out), "conversion from untyped int to")
}
