package project

import (
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tekwright/tekwright/internal/importer/plan"
)

// program returns the program that writes the manifests.
func program(pkg, importPath string) []byte {
	alias := ""
	if path.Base(importPath) != pkg {
		alias = pkg + " "
	}
	return fmt.Appendf(nil, `// Command gen writes the manifests of package %[1]s.
package main

import (
	"%[4]s/pkg/generate"

	%[3]s%[2]q
)

func main() { generate.Main(%[1]s.Set()) }
`, pkg, importPath, alias, plan.Module)
}

// test returns the test that proves the import.
func test(pkg string, runs, exact bool) []byte {
	more := ""
	if runs {
		more = ", importtest.Runs(Runs())"
	}
	if exact {
		more += ", importtest.Exact()"
	}
	return fmt.Appendf(nil, `package %s

import (
	"testing"

	"%s/pkg/importtest"
)

// TestImport fails if the Go does not describe the YAML any more that it was imported from.
// When the YAML is no longer in use, delete this file, testdata/import and import.json.
func TestImport(t *testing.T) {
	importtest.Same(t, Set(), "testdata/import"%s)
}
`, pkg, plan.Module, more)
}

// nameIn returns the name of an object, "" if it has a generateName.
func nameIn(d *Document) string {
	if m, ok := d.Object.Object.(interface{ GetName() string }); ok {
		return m.GetName()
	}
	return d.Ref().Name
}

// fileOf returns the file for the Go of an object.
func fileOf(d *Document) string {
	ref := d.Ref()
	group, _, _ := strings.Cut(ref.APIVersion, "/")
	prefix := ""
	switch {
	case group == "triggers.tekton.dev":
		return "triggers.go"
	case group != "tekton.dev":
		return "infra.go"
	case ref.Kind == "Task":
		prefix = "task"
	case ref.Kind == "StepAction":
		prefix = "action"
	case ref.Kind == "Pipeline":
		prefix = "pipeline"
	default:
		prefix = "run"
	}
	return goFile(prefix, ref.Name)
}

// longest is the maximum length of a part of a file name.
const longest = 100

// goFile returns a name for a file of Go that is built on every system, and is no test.
func goFile(prefix, name string) string {
	parts := append([]string{prefix}, strings.Split(dashed(name), "-")...)
	if n := len(parts); systems[parts[n-1]] {
		parts = append(parts[:n-2], parts[n-2]+parts[n-1])
	}
	return strings.Join(parts, "_") + ".go"
}

// systems are the words at the end of a file name that the go command understands: operating
// systems, architectures, and test.
var systems = words(`aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos
	386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 ppc64le riscv riscv64
	s390 s390x sparc sparc64 wasm test`)

func words(list string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		out[w] = true
	}
	return out
}

// dashed returns a name as lower-case words with dashes, for files.
func dashed(name string) string {
	var b strings.Builder
	for _, r := range name {
		switch r = unicode.ToLower(r); {
		case r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() > longest {
			break
		}
	}
	if s := strings.Trim(b.String(), "-"); s != "" {
		return s
	}
	return "x"
}
