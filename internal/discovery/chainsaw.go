package discovery

import (
	"os"
	"path/filepath"
	"strings"
)

// isChainsawTest reports whether a file is a test for Chainsaw.
func isChainsawTest(name string) bool {
	name = strings.ToLower(name)
	return name == "chainsaw-test.yaml" || name == "chainsaw-test.yml"
}

// chainsawTest records the files with the parts of objects that a test for Chainsaw expects
// in the cluster, and those that it applies. Tests that cannot be read are ignored.
func (f *finder) chainsawTest(path string) {
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
	mark := func(in map[string]bool, one file) {
		if one.File == "" || strings.ContainsAny(one.File, "*?[") {
			return
		}
		at := filepath.Join(dir, filepath.FromSlash(one.File))
		if info, err := os.Stat(at); err == nil && info.Mode().IsRegular() {
			in[Real(at)] = true
		}
	}
	for _, step := range test.Spec.Steps {
		for _, operations := range [][]operation{step.Try, step.Catch, step.Finally, step.Cleanup} {
			for _, o := range operations {
				mark(f.parts, o.Assert)
				mark(f.parts, o.Error)
				for _, applied := range []file{o.Apply, o.Create, o.Update} {
					mark(f.resources, applied)
				}
				mark(f.parts, o.Patch)
			}
		}
	}
}
