// Package golden compares the output of tests with files that are reviewed.
//
// To update golden files, run the tests with TEKWRIGHT_UPDATE set to a pattern
// that matches their path or base name:
//
//	TEKWRIGHT_UPDATE='*' go test ./pkg/tasks
//	TEKWRIGHT_UPDATE='testdata/kaniko*' go test ./pkg/tasks
//
// A run that updates files fails, so that CI cannot pass by updating.
//
// Use YAML for manifests. It also validates them with upstream code.
package golden

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"testing"

	"github.com/tekwright/tekwright/internal/admission"
	"github.com/tekwright/tekwright/internal/diff"
)

// Variable is the environment variable with the pattern of the files to update.
const Variable = "TEKWRIGHT_UPDATE"

// Check fails the test unless the content of the file is got. The path is
// relative to the directory of the test. Line breaks of a Windows checkout are
// read as \n.
func Check(t testing.TB, file string, got []byte) {
	t.Helper()
	update, err := selected(os.Getenv(Variable), file)
	if err != nil {
		t.Errorf("golden: %s is not a valid pattern: %v", Variable, err)
		return
	}
	got = normalise(got)
	if update {
		if old, err := os.ReadFile(file); err == nil && bytes.Equal(normalise(old), got) {
			return
		}
		if err := write(file, got); err != nil {
			t.Errorf("golden: %v", err)
			return
		}
		t.Errorf("golden: wrote %s; run again without %s", file, Variable)
		return
	}
	want, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		t.Errorf("golden: %s is missing; to write it: %s\n%s", file, command(file), got)
		return
	}
	if err != nil {
		t.Errorf("golden: %v", err)
		return
	}
	if d := diff.Unified(file, "got", string(normalise(want)), string(got)); d != "" {
		t.Errorf("golden: %s differs; to rewrite it: %s\n%s", file, command(file), d)
	}
}

// YAML is like Check for a YAML stream that a cluster must admit: each document
// is decoded strictly, with case-sensitive keys, into the upstream struct of
// its kind, and must pass upstream's SetDefaults and Validate with every
// feature flag enabled.
func YAML(t testing.TB, file string, stream []byte) {
	t.Helper()
	Check(t, file, stream)
	if err := admission.Stream(stream); err != nil {
		t.Errorf("%s: upstream rejects this: %v", file, err)
	}
}

// selected reports whether the pattern selects the file.
func selected(pattern, file string) (bool, error) {
	if pattern == "" {
		return false, nil
	}
	file = filepath.ToSlash(file)
	whole, err := path.Match(pattern, file)
	if err != nil {
		return false, err
	}
	base, err := path.Match(pattern, path.Base(file))
	return whole || base, err
}

func command(file string) string {
	return Variable + "='" + filepath.ToSlash(file) + "' go test ."
}

func normalise(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")) }

func write(file string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, b, 0o644)
}
