package discovery

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// isChainsawTest reports whether a file is a test for Chainsaw.
func isChainsawTest(name string) bool {
	name = strings.ToLower(name)
	return name == "chainsaw-test.yaml" || name == "chainsaw-test.yml"
}

// testWords are words in names of directories and files that are meant for tests.
var testWords = []string{"test", "tests", "testing", "testdata", "e2e", "chainsaw", "kuttl", "conformance",
	"assert", "asserts", "assertion", "assertions", "expect", "expected", "expectations"}

// isForTests reports whether a path has a name that is meant for tests.
func isForTests(path string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(strings.ToLower(path), func(r rune) bool {
		return r == filepath.Separator || r == '-' || r == '_' || r == '.'
	}), func(word string) bool { return slices.Contains(testWords, word) })
}

// chainsawTest records the files with the parts of objects that a test for Chainsaw expects
// in the cluster, and those that it applies. Tests that cannot be read are ignored. A file
// elsewhere than below the test is a part only if its name in the directory top says that it is
// for tests: what belongs to others must not be hidden.
func (f *finder) chainsawTest(top, path string) {
	type file struct{ File string }
	type operation struct{ Assert, Error, Apply, Create, Patch, Update file }
	var test struct {
		APIVersion, Kind string
		Spec             struct {
			Steps []struct{ Try, Catch, Finally, Cleanup []operation }
		}
	}
	if !decode(path, &test) || test.Kind != "Test" || !strings.HasPrefix(test.APIVersion, "chainsaw.kyverno.io/") {
		return
	}
	f.makeParts()
	dir := filepath.Dir(path)
	below := Real(dir)
	mark := func(in map[string]bool, one file, may func(real string) bool) {
		if one.File == "" || strings.ContainsAny(one.File, "*?[") {
			return
		}
		at := filepath.Join(dir, filepath.FromSlash(one.File))
		if info, err := os.Stat(at); err != nil || !info.Mode().IsRegular() {
			return
		}
		if real := Real(at); may(real) {
			in[real] = true
		}
	}
	anywhere := func(string) bool { return true }
	hideable := func(real string) bool {
		if rel, err := filepath.Rel(below, real); err == nil && filepath.IsLocal(rel) {
			return true
		}
		rel, err := filepath.Rel(filepath.Dir(top), real)
		return err == nil && filepath.IsLocal(rel) && isForTests(rel)
	}
	for _, step := range test.Spec.Steps {
		for _, operations := range [][]operation{step.Try, step.Catch, step.Finally, step.Cleanup} {
			for _, o := range operations {
				mark(f.parts, o.Assert, hideable)
				mark(f.parts, o.Error, hideable)
				for _, applied := range []file{o.Apply, o.Create, o.Update} {
					mark(f.resources, applied, anywhere)
				}
				mark(f.parts, o.Patch, hideable)
			}
		}
	}
}
