package config_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/config"
	"github.com/tekwright/tekwright/pkg/rule"
)

// TestNearest tests which configuration a file has.
func TestNearest(t *testing.T) {
	here(t, map[string]string{
		"out/.tekwright.yaml":                    "",
		"out/repo/.git/HEAD":                     "",
		"out/repo/a/b.yaml":                      "",
		"out/repo/with/.tekwright.yaml":          "",
		"out/repo/with/deep/er/x.yaml":           "",
		"out/repo/with/own/.tekwright.yaml":      "",
		"out/repo/with/own/x.yaml":               "",
		"out/repo/with/module/.git":              "gitdir: ../../.git/modules/module\n",
		"out/repo/with/module/x.yaml":            "",
		"out/repo/with/both/.git/HEAD":           "",
		"out/repo/with/both/.tekwright.yaml":     "",
		"out/repo/with/other/.tekwright.yml":     "",
		"out/repo/with/wrong/.tekwright.yaml":    "a: 1",
		"out/repo/with/folder/.tekwright.yaml/x": "",
		"out/plain/x.yaml":                       "",
	})
	require.NoError(t, os.Symlink("../own", "out/repo/with/deep/link"))
	require.NoError(t, os.Symlink("nowhere", "out/repo/with/deep/er/.tekwright.yaml"))
	require.NoError(t, os.Mkdir("out/repo/with/linked", 0o750))
	require.NoError(t, os.Symlink("../own/.tekwright.yaml", "out/repo/with/linked/.tekwright.yaml"))
	current, err := filepath.Abs(".")
	require.NoError(t, err)
	f := &config.Finder{}
	for file, want := range map[string]string{
		"out/plain/x.yaml":                             "out/.tekwright.yaml",
		"out/repo/a/b.yaml":                            "", // ends at the repository
		"out/repo/with/x.yaml":                         "out/repo/with/.tekwright.yaml",
		"out/repo/with/deep/x.yaml":                    "out/repo/with/.tekwright.yaml",
		"out/repo/with/deep/no/such/x":                 "out/repo/with/.tekwright.yaml",
		"out/repo/with/own/x.yaml":                     "out/repo/with/own/.tekwright.yaml",
		"out/repo/with/own/../x.yaml":                  "out/repo/with/.tekwright.yaml",
		"out/repo/with/deep/link/x.yaml":               "out/repo/with/deep/link/.tekwright.yaml", // a linked folder
		"out/repo/with/module/x.yaml":                  "",                                        // another repository
		"out/repo/with/both/x.yaml":                    "out/repo/with/both/.tekwright.yaml",
		"out/repo/with/linked/x.yaml":                  "out/repo/with/linked/.tekwright.yaml",
		"out/repo/with/own":                            "out/repo/with/.tekwright.yaml", // a folder is a file of the one above
		filepath.Join(current, "out/repo/with/x.yaml"): "out/repo/with/.tekwright.yaml",
	} {
		for range 2 { // the second time from memory
			c, err := f.Of(file)
			require.NoError(t, err, file)
			got := ""
			if c != nil {
				got = c.File
			}
			assert.Equal(t, want, got, file)
		}
	}
	for file, want := range map[string]string{
		"out/repo/with/other/x.yaml":   "out/repo/with/other/.tekwright.yml: error config-invalid: a configuration has the name .tekwright.yaml\n\thelp: rename the file",
		"out/repo/with/wrong/x.yaml":   `out/repo/with/wrong/.tekwright.yaml:1:1: error config-invalid: unknown field "a"`,
		"out/repo/with/folder/x.yaml":  "out/repo/with/folder/.tekwright.yaml: error config-invalid: the configuration cannot be read: not a regular file",
		"out/repo/with/deep/er/x.yaml": "out/repo/with/deep/er/.tekwright.yaml: error config-invalid: the configuration cannot be read: it does not exist",
	} {
		_, err := f.Of(file)
		assert.ErrorContains(t, err, want)
		_, err = f.Excludes(file)
		assert.ErrorContains(t, err, want)
	}
	t.Chdir("out/repo/with/own")
	for file, want := range map[string]string{"<stdin>": ".tekwright.yaml", "../x.yaml": "../.tekwright.yaml", "x.yaml": ".tekwright.yaml"} {
		c, err := (&config.Finder{}).Of(file)
		require.NoError(t, err)
		assert.Equal(t, want, c.File)
	}
	c, err := (&config.Finder{File: "../.tekwright.yaml"}).Of("x.yaml")
	require.NoError(t, err)
	assert.Equal(t, "../.tekwright.yaml", c.File)
	_, err = (&config.Finder{File: "no.yaml"}).Of("x.yaml")
	assert.ErrorContains(t, err, "no.yaml: error config-invalid: the configuration cannot be read: it does not exist")
	var none *config.Finder
	c, err = none.Of("x.yaml")
	assert.Nil(t, c)
	assert.NoError(t, err)
	assert.Nil(t, none.Profile(check.Profile{}, nil).ForFile)
}

// TestExcludes tests that patterns are relative to the configuration.
func TestExcludes(t *testing.T) {
	here(t, map[string]string{
		"r/.tekwright.yaml":   "exclude: [testdata, a/*.yaml, ./gen/**, '*.json']",
		"r/b/.tekwright.yaml": "",
	})
	f := &config.Finder{}
	for _, prefix := range []string{"r/", "./r/", "r/b/../"} {
		for path, want := range map[string]bool{
			"testdata": true, "x/testdata/y.yaml": true, "a/x.yaml": true, "a/b/x.yaml": false, "x/a/x.yaml": false, "gen/x/y.yaml": true, "x.json": true, "c/x.json": true, "x.yaml": false,
			"b/x.json": false, // has its own
		} {
			got, err := f.Excludes(prefix + path)
			require.NoError(t, err)
			assert.Equal(t, want, got, prefix+path)
		}
	}
	got, err := f.Excludes("r/b/.tekwright.yaml")
	require.NoError(t, err)
	assert.True(t, got, "a hook of git names it, too")
	c, err := f.Of("r/x")
	require.NoError(t, err)
	at, ok := c.Excludes("r/a/x.yaml")
	assert.True(t, ok)
	assert.Equal(t, "r/.tekwright.yaml:1:21", at.String())
	t.Chdir("r/b")
	got, err = (&config.Finder{File: "../.tekwright.yaml"}).Excludes("../a/x.yaml")
	require.NoError(t, err)
	assert.True(t, got)
}

// TestProfiles tests that files with the same settings have the same profile, from several
// goroutines.
func TestProfiles(t *testing.T) {
	here(t, map[string]string{
		"a/.tekwright.yaml": "persona: pedantic\noverrides: [{paths: [s], persona: auditor}]\n",
		"b/.tekwright.yaml": "complete: true\n",
		"c/.tekwright.yaml": "x: 1\n",
	})
	f := &config.Finder{}
	p := f.Profile(check.Profile{DefaultServiceAccount: "ci"}, func(p *check.Profile) { p.Disabled = append(p.Disabled, "cycle") })
	assert.Equal(t, []string{"cycle"}, p.Disabled)
	var workers sync.WaitGroup
	for range 4 {
		workers.Go(func() {
			assert.Same(t, p.ForFile("a/x"), p.ForFile("a/y"))
			assert.Same(t, p.ForFile("a/s/x"), p.ForFile("a/t/s"))
			assert.Same(t, p.ForFile("x"), p.ForFile("y"))
			for file, persona := range map[string]rule.Persona{"a/x": rule.Pedantic, "a/s/x": rule.Auditor, "b/x": "", "x": "", "c/x": "", "main.go": ""} {
				of := p.ForFile(file)
				assert.Equal(t, persona, of.Persona, file)
				assert.Equal(t, []string{"cycle"}, of.Disabled, file)
				assert.Equal(t, "ci", of.DefaultServiceAccount, file)
				assert.Equal(t, file == "b/x", of.Complete, file)
			}
		})
	}
	workers.Wait()
	var files []string
	for _, c := range f.Configs() {
		files = append(files, c.File)
	}
	assert.Equal(t, []string{"a/.tekwright.yaml", "b/.tekwright.yaml"}, files)
}

// TestProfilesOfFolders tests a base that differs by file, with and without a finder.
func TestProfilesOfFolders(t *testing.T) {
	here(t, map[string]string{"a/.tekwright.yaml": "persona: pedantic\n"})
	gen := &check.Profile{APIFields: "alpha", Persona: rule.Auditor}
	base := check.Profile{APIFields: "stable", ForFile: func(file string) *check.Profile {
		if file == "a/gen.yaml" || file == "b/gen.yaml" {
			return gen
		}
		return nil
	}}
	over := func(p *check.Profile) { p.Complete = true }
	for _, f := range []*config.Finder{nil, {}} {
		p := f.Profile(base, over)
		for file, want := range map[string]check.Profile{
			"a/gen.yaml": {APIFields: "alpha", Persona: rule.Pedantic}, "a/x.yaml": {APIFields: "stable", Persona: rule.Pedantic},
			"b/gen.yaml": {APIFields: "alpha", Persona: rule.Auditor}, "b/x.yaml": {APIFields: "stable"},
		} {
			if f == nil && file[0] == 'a' { // without configurations it is as in the other folder
				want.Persona = map[string]rule.Persona{"a/gen.yaml": rule.Auditor}[file]
			}
			of := p.OfFile(file)
			assert.Equal(t, want.APIFields, of.APIFields, file)
			assert.Equal(t, want.Persona, of.Persona, file)
			assert.True(t, of.Complete, file)
			assert.Same(t, of, p.OfFile(file), file)
		}
	}
	assert.False(t, gen.Complete, "the base is not modified")
}
