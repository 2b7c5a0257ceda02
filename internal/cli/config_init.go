package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/internal/replace"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/config"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// configInit returns the command config init.
func (a *app) configInit() *cobra.Command {
	var force bool
	cmd := &cobra.Command{
		Use:   "init [DIRECTORY]",
		Short: "Write a configuration that fits the manifests of a directory",
		Long: `Init checks the manifests in a directory (default: the current one) and writes a
configuration with comments: what was found, what to exclude, such as charts and test
data, and the rules with the most warnings, as proposals. It disables nothing.`,
		Example: `  tekwright config init
  tekwright config init --force ci/`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := "."
			if len(args) > 0 {
				dir = args[0]
			}
			return a.initConfig(cmd.Context(), dir, force)
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, "replace an existing configuration")
	return cmd
}

// initConfig writes the configuration of a directory.
func (a *app) initConfig(ctx context.Context, dir string, force bool) error {
	file := filepath.Join(dir, config.Name)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return fmt.Errorf("%s is not a directory\n  help: pass the directory that the configuration is for", dir)
	}
	if _, err := os.Lstat(file); err == nil && !force {
		return exists(file)
	}
	above, _ := (&config.Finder{}).Of(file) // if it is broken, it counts no more here
	seen, err := a.look(ctx, dir, file)
	if err != nil {
		return err
	}
	if err := writeNew(file, []byte(seen.configuration()), force); err != nil {
		return err
	}
	if above != nil && filepath.Clean(filepath.FromSlash(above.File)) != filepath.Clean(file) {
		if err := a.complain("warning: " + above.File + " does not apply to this directory any more\n  help: to share settings, let both refer to the same file in the field profile"); err != nil {
			return err
		}
	}
	return printable.Fprintf(a.Out, "wrote %s\n", filepath.ToSlash(file))
}

// exists returns the error for a configuration that is there already.
func exists(file string) error {
	return fmt.Errorf("%s exists already\n  help: pass --force to replace it", filepath.ToSlash(file))
}

// writeNew writes a file as a whole or not at all.
func writeNew(file string, text []byte, force bool) error {
	var w replace.Writer
	write := w.Create
	if force {
		write = w.Replace
	}
	err := write(file, text, 0o644)
	if !force && errors.Is(err, errors.ErrUnsupported) {
		err = w.Replace(file, text, 0o644)
	}
	switch {
	case errors.Is(err, fs.ErrExist):
		return exists(file)
	case err != nil:
		return fmt.Errorf("cannot write the configuration: %w", err)
	}
	return nil
}

// sights is what a directory contains.
type sights struct {
	kinds, versions map[string]int // objects
	openshift       []string       // kinds
	exclude         []string       // folders
	tekton          bool           // there is a folder .tekton
	rules           []often        // most findings first, without those that have errors
	errors          int            // findings
}

// often is a rule with its findings.
type often struct {
	code     string
	findings int
	errors   int // of the findings
	files    map[string]bool
	summary  string
}

// testFolders are names of folders with manifests that are not meant to be right.
var testFolders = []string{"testdata", "test-data", "__snapshots__"}

// look checks the manifests of a directory as tekwright check does with the configuration.
func (a *app) look(ctx context.Context, dir, file string) (*sights, error) {
	s, err := see(ctx, dir)
	if err != nil {
		return nil, err
	}
	c, err := config.Read(file, []byte(s.configuration()))
	if err != nil {
		return nil, err
	}
	finder := &config.Finder{}
	finder.Add(c)
	checking := &checking{app: a}
	set, renderings, err := checking.load(ctx, []string{dir}, manifest.LoadOptions{Excluded: finder.Excludes, Scheduled: true})
	if err != nil {
		return nil, err
	}
	profile := finder.Profile(set.Profile(), nil)
	profile.UsedOnly = true
	found, err := checking.judge(ctx, set, renderings, profile)
	if err != nil {
		return nil, err
	}
	s.count(found)
	return s, nil
}

// see returns what a directory contains, without findings.
func see(ctx context.Context, dir string) (*sights, error) {
	set, err := manifest.Load(ctx, []string{dir}, manifest.LoadOptions{})
	if err != nil {
		return nil, err
	}
	s := &sights{kinds: map[string]int{}, versions: map[string]int{}}
	excluded := map[string]bool{}
	name := func(file string) string {
		if rel, err := filepath.Rel(dir, filepath.FromSlash(file)); err == nil {
			return filepath.ToSlash(rel)
		}
		return file
	}
	for file := range set.Texts {
		parts := strings.Split(name(file), "/")
		s.tekton = s.tekton || slices.Contains(parts[:len(parts)-1], ".tekton")
		for i, part := range parts[:len(parts)-1] {
			if slices.Contains(testFolders, part) {
				excluded[part] = true
			}
			chart := strings.Join(parts[:i], "/")
			if _, err := os.Stat(filepath.Join(dir, chart, "Chart.yaml")); err == nil && i > 0 && part == "templates" {
				excluded[chart+"/**"] = true // without a slash, it would match everywhere
			}
		}
	}
	maps.DeleteFunc(excluded, func(e string, _ bool) bool { return len(e) > 100 }) // a pattern has a maximum length
	s.exclude = slices.Sorted(maps.Keys(excluded))
	openshift := map[string]bool{}
	for _, o := range set.Objects {
		ref := o.Ref()
		s.kinds[ref.Kind]++
		if group, _, ok := strings.Cut(ref.APIVersion, "/"); ok && strings.HasSuffix(group, "tekton.dev") {
			s.versions[ref.APIVersion]++
		} else if ok && strings.HasSuffix(group, "openshift.io") {
			openshift[ref.Kind] = true
		}
	}
	s.openshift = slices.Sorted(maps.Keys(openshift))
	return s, nil
}

// count counts the findings of each rule.
func (s *sights) count(found diag.Findings) {
	byCode := map[string]*often{}
	for _, f := range found {
		r, ok := check.Lookup(f.Code)
		if !ok || f.Severity == diag.Note || manifest.IsReadFailure(f) {
			continue
		}
		o := byCode[f.Code]
		if o == nil {
			o = &often{code: f.Code, files: map[string]bool{}, summary: r.Doc().Summary}
			byCode[f.Code] = o
		}
		o.findings++
		if f.Severity == diag.Error {
			o.errors++
			s.errors++
		}
		o.files[f.Position.File] = true
	}
	for _, code := range slices.Sorted(maps.Keys(byCode)) {
		if byCode[code].errors == 0 {
			s.rules = append(s.rules, *byCode[code])
		}
	}
	slices.SortStableFunc(s.rules, func(a, b often) int { return b.findings - a.findings })
}

// mostProposed is the number of rules that are proposed, and fewest the number of
// findings that a rule must have for that.
const mostProposed, fewest = 8, 10

// configuration returns the text of the configuration.
func (s *sights) configuration() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# yaml-language-server: $schema=%s", config.SchemaURL)
	line("#")
	line("# The configuration of tekwright check. To see what applies to a file and why:")
	line("#   tekwright config explain FILE [CODE]")
	line("#")
	line("# Found in this directory: %s", counted(s.kinds, "nothing that is a manifest"))
	if len(s.versions) > 0 {
		line("# Versions of Tekton's APIs: %s", counted(s.versions, ""))
	}
	if s.tekton {
		line("# .tekton has files for Pipelines-as-Code, which reads all of them.")
	}
	line("")
	line("# Who reads the findings: regular, pedantic (also advice), or auditor (also what a")
	line("# security review looks at).")
	line("persona: regular")
	line("")
	line("# Files and folders to leave out, relative to this file.")
	if len(s.exclude) == 0 {
		line("# exclude: [testdata, charts]")
	} else {
		line("exclude:")
		for _, e := range s.exclude {
			line("  - %s", quoted(e))
		}
	}
	line("")
	line("# The severity of rules: error, warning, note or off.")
	many := s.rules[:min(len(s.rules), mostProposed)]
	many = slices.DeleteFunc(slices.Clone(many), func(o often) bool { return o.findings < fewest })
	if len(many) == 0 {
		line("# severities:")
		line("#   image-floating: error")
	} else {
		line("# The rules with the most warnings here. See tekwright rules CODE before you change one.")
		line("# severities:")
		for _, o := range many {
			line("#   %s: note    # %s in %s: %s", o.code, number(o.findings, "finding"), number(len(o.files), "file"), o.summary)
		}
	}
	if s.errors > 0 {
		line("# Rules that report errors are not listed: what they find fails in a cluster. Fix the")
		line("# errors, or keep them in a baseline: tekwright check --write-baseline")
	}
	line("")
	line("# Other severities for some files. The later ones win.")
	line("# overrides:")
	line("#   - paths: [samples/**]")
	line("#     severities: {image-floating: off}")
	line("")
	line("# Known findings, which are not reported. To write them: tekwright check --write-baseline")
	line("# baseline: " + defaultBaseline)
	line("")
	line("# The cluster. With complete, a reference to an object that is neither checked nor")
	line("# listed below exists is an error.")
	line("# complete: true")
	line("# exists:")
	line("#   - {kind: Task, name: git-clone}")
	line(`#   - {kind: Secret, name: "*", namespace: ci}`)
	if len(s.openshift) > 0 {
		line("#   - {kind: ServiceAccount, name: pipeline}")
	}
	line("# apiFields: beta")
	line("# features: [enable-param-enum]")
	if len(s.openshift) > 0 {
		line("#")
		line("# There are kinds of OpenShift: %s.", printable.Line(strings.Join(s.openshift, ", ")))
		line(`# OpenShift Pipelines runs with the service account "pipeline" unless a run sets another.`)
		line("# defaultServiceAccount: pipeline")
	}
	return b.String()
}

// counted lists names with their number, the most frequent first.
func counted(all map[string]int, none string) string {
	if len(all) == 0 {
		return none
	}
	names := slices.Sorted(maps.Keys(all))
	slices.SortStableFunc(names, func(a, b string) int { return all[b] - all[a] })
	const most = 8
	var parts []string
	for _, n := range names[:min(len(names), most)] {
		parts = append(parts, printable.Line(n)+" "+strconv.Itoa(all[n]))
	}
	if len(names) > most {
		parts = append(parts, "and others")
	}
	return strings.Join(parts, ", ")
}

// number returns a number with its noun.
func number(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}

// quoted returns a name as YAML, in quotes if it has characters that YAML or a pattern
// might read as something else.
func quoted(name string) string {
	if strings.IndexFunc(name, func(r rune) bool {
		return r != '/' && r != '-' && r != '_' && r != '.' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	}) < 0 && !strings.HasPrefix(name, "-") {
		return name
	}
	folder, all := strings.CutSuffix(name, "/**")
	escaped := strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`, `{`, `\{`).Replace(folder)
	if strings.HasPrefix(escaped, "!") {
		escaped = `\` + escaped
	}
	if all {
		escaped += "/**"
	}
	return strconv.Quote(escaped)
}
