package discovery

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"github.com/tekwright/tekwright/internal/yamlread"
)

// isChainsawTest reports whether a file is a test for Chainsaw.
func isChainsawTest(name string) bool {
	name = strings.ToLower(name)
	return name == "chainsaw-test.yaml" || name == "chainsaw-test.yml"
}

// chainsawTest records the files with the parts of objects that a test for Chainsaw expects
// in the cluster, and those that it applies. Tests that cannot be read are ignored.
func (f *finder) chainsawTest(path string) {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > 1<<20 {
		return
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return
	}
	inJSON, err := yamlread.JSON(text, false)
	if err != nil {
		return
	}
	type file struct{ File string }
	type operation struct{ Assert, Error, Apply, Create, Patch, Update file }
	var test struct {
		APIVersion, Kind string
		Spec             struct {
			Steps []struct{ Try, Catch, Finally, Cleanup []operation }
		}
	}
	// If a field has the wrong type, use the others nevertheless.
	_ = json.Unmarshal(inJSON, &test)
	if test.Kind != "Test" || !strings.HasPrefix(test.APIVersion, "chainsaw.kyverno.io/") {
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
			in[real(at)] = true
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
