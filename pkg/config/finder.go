package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
)

// Finder finds the configurations of files, and reads each of them once. The zero value
// is ready to use. A nil Finder finds none. A Finder is safe for concurrent use.
type Finder struct {
	// File is the configuration of all files. If it is empty, that of a file is the
	// nearest one.
	File string
	// Codes lists the codes of your own rules, which a configuration may also use.
	Codes []string

	mutex   sync.Mutex
	current string           // the current directory
	folders map[string]*read // by absolute path
}

// read is a configuration, or why it cannot be read. Both are nil if there is none.
type read struct {
	config *Config
	err    error
}

// Of returns the configuration of a file, nil if it has none. The file need not exist.
// Its name is absolute or relative to the current directory, for which standard input
// also counts as a file, whatever its name.
func (f *Finder) Of(file string) (*Config, error) {
	if f == nil {
		return nil, nil
	}
	f.mutex.Lock()
	defer f.mutex.Unlock()
	r := f.of(f.absolute(file))
	return r.config, r.err
}

// Add makes the finder use a configuration for the files in its folder and below, as if it
// were written to its File already.
func (f *Finder) Add(c *Config) {
	if f == nil || c == nil {
		return
	}
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if f.folders == nil {
		f.folders = map[string]*read{}
	}
	f.folders[c.folder] = &read{config: c}
}

// Excludes reports whether the configuration of a file or folder leaves it out, or the file
// is a configuration itself. It is meant for the field Excluded of manifest.LoadOptions.
func (f *Finder) Excludes(path string) (bool, error) {
	c, err := f.Of(path)
	if err != nil {
		return false, err
	}
	_, excluded := c.Excludes(path)
	return excluded || f != nil && filepath.Base(filepath.FromSlash(path)) == Name, nil
}

// Profile returns base with a function ForFile that returns the profile of each file: that
// of base with the settings of its configuration, changed by over if it is not nil. A file
// whose configuration cannot be read has the profile of a file without one; Load with
// Excludes reports it before.
func (f *Finder) Profile(base check.Profile, over func(*check.Profile)) check.Profile {
	if over == nil {
		over = func(*check.Profile) {}
	}
	out := base
	over(&out)
	if f == nil && base.ForFile == nil {
		return out
	}
	plain := &Config{folded: &folded{}} // of files without a configuration
	out.ForFile = func(file string) *check.Profile {
		c, err := f.Of(file)
		if c == nil || err != nil {
			c = plain
		}
		return c.profileOf(absolute(file), base.OfFile(file), over)
	}
	return out
}

// absolute is like the function absolute, and looks for the current directory only once.
func (f *Finder) absolute(path string) string {
	path = filepath.FromSlash(path)
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	if f.current == "" {
		f.current = absolute(".")
	}
	return filepath.Join(f.current, path)
}

// of returns the configuration of a file.
func (f *Finder) of(path string) *read {
	if f.folders == nil {
		f.folders = map[string]*read{}
	}
	if f.File != "" {
		r := f.folders[""]
		if r == nil {
			r = f.read(f.absolute(f.File))
			f.folders[""] = r
		}
		return r
	}
	var passed []string
	var r *read
	for folder := filepath.Dir(path); r == nil; folder = filepath.Dir(folder) {
		passed = append(passed, folder)
		if r = f.folders[folder]; r != nil {
			break
		}
		if r = f.in(folder); r == nil && (exists(filepath.Join(folder, ".git")) || filepath.Dir(folder) == folder) {
			r = &read{}
		}
	}
	for _, folder := range passed {
		f.folders[folder] = r
	}
	return r
}

// in returns the configuration in a folder, nil if there is none.
func (f *Finder) in(folder string) *read {
	path := filepath.Join(folder, Name)
	if exists(path) {
		return f.read(path)
	}
	if other := strings.TrimSuffix(path, ".yaml") + ".yml"; exists(other) {
		return &read{err: diag.Findings{finding(diag.Position{File: f.shown(other)}, "a configuration has the name "+Name, "rename the file")}}
	}
	return nil
}

// exists reports whether there is something with that name, also a link that points to
// nothing.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// read reads a configuration.
func (f *Finder) read(path string) *read {
	name := f.shown(path)
	text, err := readSmall(path)
	if err != nil {
		return &read{err: diag.Findings{finding(diag.Position{File: name}, "the configuration cannot be read: "+reason(err), "")}}
	}
	c, err := Read(name, text, f.Codes...)
	if err != nil {
		return &read{err: err}
	}
	return &read{config: c}
}

// shown returns the name of a file for positions: relative to the current directory, or
// absolute if that is shorter.
func (f *Finder) shown(path string) string {
	rel, err := filepath.Rel(f.absolute("."), path)
	if err != nil || !filepath.IsLocal(rel) && len(rel) > len(path) {
		return filepath.ToSlash(path)
	}
	return filepath.ToSlash(rel)
}

// Configs returns the configurations that have been found and read, sorted by name.
func (f *Finder) Configs() []*Config {
	if f == nil {
		return nil
	}
	f.mutex.Lock()
	defer f.mutex.Unlock()
	seen := map[*Config]bool{nil: true}
	var all []*Config
	for _, r := range f.folders {
		if !seen[r.config] {
			seen[r.config] = true
			all = append(all, r.config)
		}
	}
	slices.SortFunc(all, func(a, b *Config) int { return strings.Compare(a.File, b.File) })
	return all
}
