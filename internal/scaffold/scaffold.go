// Package scaffold writes new programs: a module with a pipeline, its manifests, a test, and
// a file for a CI system.
package scaffold

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/tekwright/tekwright/examples"
)

// Library is the module path of the library.
const Library = "github.com/tekwright/tekwright"

// goVersion is the version of Go that the library needs; a test compares it with go.mod.
const goVersion = "1.26.4"

// A Template is a program that can be written.
type Template struct {
	Name, Summary string
}

// Templates returns all templates, the default first.
func Templates() []Template {
	return []Template{
		{"start", "clone, test, and build an image"},
		{"release", "from a push to a deploy with Helm, with rollback"},
		{"image-build", "images from pushes and pull requests, with Triggers and Pipelines-as-Code"},
		{"multi-repo", "one listener for many repositories"},
		{"gitops", "a new image tag in a repository of manifests"},
		{"first-steps", "the smallest Task, Pipeline and runs"},
		{"monorepo", "several services with Pipelines-as-Code and path filters"},
	}
}

// Options describe a new program.
type Options struct {
	// Template is the name of a template.
	Template string
	// Module is the path of a new module; "" if the program becomes a package of a module
	// that exists.
	Module string
	// Version is the version of the library that a new module requires; "" if it is not
	// known.
	Version string
	// Folder is the folder of the program, relative to the root of the repository, with
	// slashes; "." if it is the root.
	Folder string
	// CI is the CI system: github, gitlab, or none.
	CI string
}

// A File is a file to write. Its name is relative to the root of the repository, with slashes.
type File struct {
	Name string
	Text string
}

// CIs are the CI systems, the default first.
var CIs = []string{"github", "gitlab", "none"}

// Files returns the files of a new program, sorted by name.
func Files(o Options) ([]File, error) {
	all := Templates()
	if !slices.ContainsFunc(all, func(t Template) bool { return t.Name == o.Template }) {
		return nil, fmt.Errorf("there is no template %q", o.Template)
	}
	if !fs.ValidPath(o.Folder) {
		return nil, fmt.Errorf("the folder %q is not in the repository", o.Folder)
	}
	source, err := fs.ReadFile(examples.Files(), path.Join(o.Template, "main.go"))
	if err != nil {
		return nil, fmt.Errorf("read the template: %w", err)
	}
	p := program{Options: o, in: func(name string) string { return path.Join(o.Folder, name) }}
	if err := p.read(string(source)); err != nil {
		return nil, err
	}
	if o.Module != "" {
		mod, err := p.module()
		if err != nil {
			return nil, err
		}
		p.add(p.in("go.mod"), mod)
	}
	p.add(p.in("main.go"), p.main)
	p.add(p.in("main_test.go"), p.test())
	if err := p.copy("manifests", p.in("manifests")); err != nil {
		return nil, err
	}
	// Pipelines-as-Code reads the folder in the root of the repository.
	if err := p.copy(".tekton", ".tekton"); err != nil {
		return nil, err
	}
	if o.CI != "none" && !plain.MatchString(o.Folder) {
		return nil, fmt.Errorf("the file for the CI system cannot contain the folder name %q\n  help: choose another folder, or pass --ci none", o.Folder)
	}
	switch o.CI {
	case "github":
		p.add(".github/workflows/tekton.yml", p.github())
	case "gitlab":
		p.add(".gitlab-ci.yml", p.gitlab())
	case "none":
	default:
		return nil, fmt.Errorf("there is no file for the CI system %q", o.CI)
	}
	slices.SortFunc(p.files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return p.files, nil
}

// program is a new program.
type program struct {
	Options
	in                func(name string) string // a name in the folder of the program
	main, build, args string                   // the source, the function of the set, and the flags of go:generate
	files             []File
}

var (
	plain     = regexp.MustCompile(`^[A-Za-z0-9._][A-Za-z0-9._/-]*$`) // one word in YAML and in a shell
	generates = regexp.MustCompile(`(?m)^//go:generate go run \. (.+)$`)
	calls     = regexp.MustCompile(`generate\.Main\((\w+)\(\)\)`)
)

// read takes the source of a template.
func (p *program) read(source string) error {
	_, body, ok := strings.Cut(source, "\npackage main\n")
	build := calls.FindStringSubmatch(body)
	args := generates.FindStringSubmatch(body)
	if !ok || build == nil || args == nil {
		return errors.New("the template is not a program with generate.Main")
	}
	p.build = build[1]
	p.args = strings.Replace(args[1], "-pac .tekton", "-pac "+p.up(".tekton"), 1)
	p.main = "// This program writes the Tekton manifests of this repository. After each change, run go\n" +
		"// generate, and commit what it writes.\n" +
		"package main\n" + strings.Replace(body, args[0], "//go:generate go run . "+p.args, 1)
	return nil
}

// up returns a name of the root of the repository, relative to the folder of the program.
func (p *program) up(name string) string {
	if p.Folder == "." {
		return name
	}
	return strings.Repeat("../", strings.Count(p.Folder, "/")+1) + name
}

func (p *program) add(name, text string) { p.files = append(p.files, File{name, text}) }

// copy adds the files of a folder of the template, if it has that folder.
func (p *program) copy(from, to string) error {
	from = path.Join(p.Template, from)
	all := examples.Files()
	if _, err := fs.Stat(all, from); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return fs.WalkDir(all, from, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(all, name)
		if err != nil {
			return err
		}
		p.add(path.Join(to, strings.TrimPrefix(name, from+"/")), string(text))
		return nil
	})
}

// module returns the file go.mod.
func (p *program) module() (string, error) {
	if err := module.CheckImportPath(p.Module); err != nil {
		return "", fmt.Errorf("the module path %q is not valid: %w", p.Module, errors.Unwrap(err))
	}
	var f modfile.File
	if err := f.AddModuleStmt(p.Module); err != nil {
		return "", err
	}
	if err := f.AddGoStmt(goVersion); err != nil {
		return "", err
	}
	if p.Version != "" {
		if err := f.AddRequire(Library, p.Version); err != nil {
			return "", err
		}
	}
	text, err := f.Format()
	return string(text), err
}

// test returns the test of the program.
func (p *program) test() string {
	flags := ""
	for arg := range strings.FieldsSeq(p.args) {
		flags += fmt.Sprintf(", %q", arg)
	}
	return `package main

import (
	"testing"

	"` + Library + `/pkg/generate/generatetest"
)

// TestManifests fails if the committed manifests are not what the program writes.
func TestManifests(t *testing.T) {
	generatetest.Check(t, ` + p.build + flags + `)
}
`
}

// github returns a workflow of GitHub Actions.
func (p *program) github() string {
	return `# Tests that the committed Tekton manifests are what the program writes.
name: tekton
on:
  pull_request:
  push:
    branches: [main]
permissions:
  contents: read
jobs:
  manifests:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
        with:
          persist-credentials: false
      - uses: actions/setup-go@v6
        with:
          go-version: stable
      - run: go test ./...
        working-directory: ` + p.Folder + "\n"
}

// gitlab returns a pipeline of GitLab CI.
func (p *program) gitlab() string {
	return `# Tests that the committed Tekton manifests are what the program writes.
tekton:
  image: docker.io/library/golang:1.26
  script:
    - cd ` + p.Folder + `
    - go test ./...
`
}
