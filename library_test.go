package tekwright_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// longest is the number of lines above which a file holds two concepts. What
// is generated is read elsewhere.
const longest = 500

// sources calls f with every Go file below the folders.
func sources(t *testing.T, f func(path string), folders ...string) {
	t.Helper()
	for _, folder := range folders {
		require.NoError(t, filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && path != ".") {
				return fs.SkipDir
			}
			if err == nil && filepath.Ext(path) == ".go" {
				f(filepath.ToSlash(path))
			}
			return err
		}))
	}
}

func parse(t *testing.T, path string) (*token.FileSet, *ast.File) {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, nil, parser.ParseComments)
	require.NoError(t, err)
	return set, file
}

func TestFileLength(t *testing.T) {
	sources(t, func(path string) {
		b, err := os.ReadFile(path)
		require.NoError(t, err)
		if bytes.HasPrefix(b, []byte("// Code generated ")) {
			return
		}
		n := bytes.Count(b, []byte("\n"))
		assert.LessOrEqual(t, n, longest, "%s has %d lines; give each concept a file of its own", path, n)
	}, ".")
}

// forbidden are the functions that have no place in a library, by package;
// "" are the built-in ones, and "*" is the whole package.
var forbidden = map[string][]string{
	"":         {"panic", "print", "println"},
	"fmt":      {"Print", "Printf", "Println", "Scan", "Scanf", "Scanln"},
	"log":      {"*"},
	"log/slog": {"*"},
	"net":      {"*"},
	"net/http": {"*"},
	"os":       {"Exit", "Getenv", "LookupEnv", "Environ", "Setenv", "ExpandEnv", "Stdout", "Stderr", "Stdin", "Getwd", "Hostname"},
	"os/exec":  {"*"},
	"time":     {"Now", "Since", "Until", "Sleep", "After", "Tick", "NewTimer", "NewTicker"},
}

// frames are packages that are the frame of a program, and say so.
var frames = []string{"pkg/generate"}

// excused are uses that a file is there for.
var excused = map[string][]string{
	"internal/cli/follow.go": {"time.Now", "time.NewTicker"}, // draws how long a run takes, each second
}

// TestLibrary shows that library code never panics, prints, logs or exits, and
// reads neither the clock nor the environment nor the network.
func TestLibrary(t *testing.T) {
	sources(t, func(path string) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		for _, folder := range append(frames, testOnly...) {
			if strings.HasPrefix(path, folder+"/") {
				return
			}
		}
		set, file := parse(t, path)
		if file.Name.Name == "main" {
			return // a program is no library
		}
		for _, found := range misuses(file) {
			if slices.Contains(excused[path], name(found)) {
				continue
			}
			t.Errorf("%s: %s has no place in library code", set.Position(found.Pos()), name(found))
		}
	}, "pkg", "internal")
}

// misuses returns the uses of forbidden functions in a file.
func misuses(file *ast.File) []ast.Expr {
	var found []ast.Expr
	imported := map[string]string{} // name in the file -> import path
	for _, i := range file.Imports {
		path, _ := strconv.Unquote(i.Path.Value)
		as := path[strings.LastIndexByte(path, '/')+1:]
		if i.Name != nil {
			as = i.Name.Name
		}
		imported[as] = path
	}
	forbids := func(path, name string) bool {
		for _, f := range forbidden[path] {
			if f == name || f == "*" {
				return true
			}
		}
		return false
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.Ident); ok && f.Obj == nil && forbids("", f.Name) {
				found = append(found, f)
			}
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && x.Obj == nil && imported[x.Name] != "" && forbids(imported[x.Name], n.Sel.Name) {
				found = append(found, n)
			}
		}
		return true
	})
	return found
}

func name(e ast.Expr) string {
	if s, ok := e.(*ast.SelectorExpr); ok {
		if x, ok := s.X.(*ast.Ident); ok {
			return x.Name + "." + s.Sel.Name
		}
	}
	if i, ok := e.(*ast.Ident); ok {
		return i.Name
	}
	return "this"
}

// TestMisuses shows that TestLibrary can fail.
func TestMisuses(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "x.go", `package x
import ("fmt"; "os"; clock "time"; "log/slog")
func f(fmtx string) error {
	panic("x")
	fmt.Println()
	os.Exit(1)
	_ = clock.Now()
	slog.Info("x")
	var log logger
	log.Printf("fine")
	time := 1
	return fmt.Errorf("fine")
}`, 0)
	require.NoError(t, err)
	var got []string
	for _, e := range misuses(file) {
		got = append(got, name(e))
	}
	assert.Equal(t, []string{"panic", "fmt.Println", "os.Exit", "clock.Now", "slog.Info"}, got)
}
