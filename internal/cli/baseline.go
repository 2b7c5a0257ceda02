package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/tekwright/tekwright/internal/baseline"
	"github.com/tekwright/tekwright/internal/cli/report"
	"github.com/tekwright/tekwright/internal/discovery"
	"github.com/tekwright/tekwright/internal/fingerprint"
	"github.com/tekwright/tekwright/internal/replace"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/config"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// defaultBaseline is the baseline that --write-baseline writes without --baseline.
const defaultBaseline = ".tekwright-baseline.json"

// adoption says which findings are not new.
type adoption struct {
	baseline string
	given    func() bool // --baseline is set, if only to ""
	setBy    string      // the place of the configuration that sets it, "" for the flag
	setIn    string      // the directory of that configuration
	write    bool
	newFrom  string

	walked  bool             // a directory was checked, not only files
	entries []baseline.Entry // of the baseline
	lowest  diag.Severity    // of the findings to report
	remarks []string         // to be written when there is no progress any more
}

// flags adds the flags.
func (o *adoption) flags(flags *pflag.FlagSet) {
	flags.StringVar(&o.baseline, "baseline", "", "`file` with known findings, which are not reported (default: that of the configuration)")
	o.given = func() bool { return flags.Changed("baseline") }
	flags.BoolVar(&o.write, "write-baseline", false, "write all findings to the baseline (default: "+defaultBaseline+")")
	flags.StringVar(&o.newFrom, "new-from", "", "report only what is new since a git `revision`")
}

// configure sets the baseline of the configuration of the arguments, if there is no flag.
func (o *adoption) configure(finder *config.Finder, args []string) error {
	if o.given() {
		return nil
	}
	for _, arg := range args {
		if info, err := os.Stat(arg); err == nil && info.IsDir() {
			arg = filepath.Join(arg, "file.yaml")
		}
		c, err := finder.Of(arg)
		if err != nil {
			return nil //nolint:nilerr // it is reported when the files are read
		}
		file, at := c.Baseline()
		if file != "" && o.baseline != "" && !sameFile(file, o.baseline) {
			return errors.New("the arguments have configurations with different baselines\n  help: check them one by one, or set one with --baseline")
		}
		if file != "" {
			o.baseline, o.setBy, o.setIn = file, at.String(), discovery.Real(filepath.Dir(filepath.FromSlash(at.File)))
		}
	}
	return nil
}

// sameFile reports whether two names mean the same file, which may not exist.
func sameFile(a, b string) bool {
	return a == b || a != "" && b != "" && whole(filepath.FromSlash(a)) == whole(filepath.FromSlash(b))
}

// others warns about configurations of files that set a baseline that is not used.
func (c *checking) others(finder *config.Finder) {
	if c.given() {
		return
	}
	for _, other := range finder.Configs() {
		if file, at := other.Baseline(); file != "" && !sameFile(file, c.baseline) {
			c.remarks = append(c.remarks, fmt.Sprintf("warning: %s: the baseline %s is not used\n  help: one check has one baseline: that of the directory that is checked. Check this one by itself", at, file))
		}
	}
}

// read checks the flags and reads the baseline.
func (o *adoption) read() error {
	if o.write {
		if o.newFrom != "" {
			return errors.New("--write-baseline and --new-from cannot be used together")
		}
		if o.baseline == "" {
			o.baseline = defaultBaseline
		}
		return nil
	}
	if o.baseline == "" {
		return nil
	}
	err := o.readFile()
	by := ""
	if o.setBy != "" {
		by = ", which " + o.setBy + " sets"
	}
	var in *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("cannot read the baseline %s%s: it does not exist\n  help: write it with --write-baseline", o.baseline, by)
	case errors.As(err, &in):
		return fmt.Errorf("cannot read the baseline %s%s: %w", o.baseline, by, in.Err)
	case err != nil:
		return fmt.Errorf("cannot read the baseline %s%s: %w", o.baseline, by, err)
	}
	return nil
}

func (o *adoption) readFile() error {
	if o.setBy != "" { // by a file, which may be a stranger's: a pipe would never end
		if info, err := os.Stat(o.baseline); err == nil && !info.Mode().IsRegular() {
			return errors.New("not a regular file")
		}
	}
	text, err := readSmall(o.baseline, baseline.MaxSize)
	if err != nil {
		return err
	}
	o.entries, err = baseline.Decode(text)
	return err
}

// known returns which findings the baseline has, given their fingerprints. It warns about
// known ones that do not occur any more.
func (c *checking) known(prints []fingerprint.Print, set manifest.LoadResult, profile check.Profile) []bool {
	dir := discovery.Real(filepath.Dir(c.baseline))
	checked := map[string]bool{}
	for _, name := range set.Names() {
		checked[relative(dir, name)] = true
	}
	current := make([]fingerprint.Print, len(prints))
	names := map[string]string{}
	for i, p := range prints {
		if _, ok := names[p.File]; !ok {
			names[p.File] = relative(dir, p.File)
		}
		p.File = names[p.File]
		current[i] = p
	}
	// A file that exists and was not checked says nothing about its findings.
	there := map[string]bool{"": false}
	partial := !c.walked
	var entries []baseline.Entry
	for _, e := range c.entries {
		if _, ok := there[e.File]; !ok {
			_, err := os.Stat(filepath.Join(dir, filepath.FromSlash(e.File)))
			there[e.File] = err == nil && !checked[e.File]
		}
		if there[e.File] {
			partial = true
			continue
		}
		name := filepath.ToSlash(filepath.Join(filepath.Dir(c.baseline), filepath.FromSlash(e.File)))
		if r, ok := check.Lookup(e.Code); ok && e.File != "" && !profile.OfFile(name).Applies(r) {
			continue
		}
		entries = append(entries, e)
	}
	prior := baseline.Prints(entries)
	old, gone := fingerprint.Match(prior, current, staying(set, func(name string) string { return relative(dir, name) }))
	if len(gone) > 0 {
		// What is reported once for all files may still be in one that was not checked.
		codes := map[string]string{}
		for _, e := range entries {
			codes[e.Fingerprint] = e.Code
		}
		gone = slices.DeleteFunc(gone, func(i int) bool {
			return prior[i].File == "" && (partial || !applies(codes[prior[i].Same], set, profile))
		})
	}
	if len(gone) > 0 {
		c.remarks = append(c.remarks, fmt.Sprintf("warning: %s in %s %s no longer reported\n  help: to remove them, write it again with --write-baseline",
			number(len(gone), "known finding"), c.baseline, map[bool]string{true: "is", false: "are"}[len(gone) == 1]))
	}
	return old
}

// applies reports whether a rule applies to any of the files. Rules that are not known do.
func applies(code string, set manifest.LoadResult, profile check.Profile) bool {
	r, ok := check.Lookup(code)
	if !ok {
		return true
	}
	for _, name := range set.Names() {
		if profile.OfFile(name).Applies(r) {
			return true
		}
	}
	return false
}

// staying returns a function that reports whether the files that were checked still have the
// object of a known finding, or if it is not about an object, whether the file was checked.
// Relative returns the name of a file as known findings have it.
func staying(set manifest.LoadResult, relative func(name string) string) func(fingerprint.Print) bool {
	there := map[fingerprint.Print]bool{}
	names := map[string]string{}
	for _, name := range set.Names() {
		names[name] = relative(name)
		there[fingerprint.Print{File: names[name]}] = true
	}
	for _, o := range set.Objects {
		file := o.At(diag.Path{}).File
		if _, ok := names[file]; !ok {
			names[file] = relative(file)
		}
		there[fingerprint.Print{File: names[file], Object: set.Hide(baseline.Name(o.Ref()))}] = true
	}
	return func(p fingerprint.Print) bool { return there[fingerprint.Print{File: p.File, Object: p.Object}] }
}

// relative returns the name of a file relative to a directory, with slashes, so that a
// baseline means the same in each directory.
func relative(dir, name string) string {
	if name == "" || strings.HasPrefix(name, "<") {
		return name // of standard input
	}
	rel, err := filepath.Rel(dir, filepath.Join(discovery.Real(filepath.Dir(name)), filepath.Base(name)))
	if err != nil {
		return name
	}
	return filepath.ToSlash(rel)
}

// writeBaseline writes the findings to the baseline.
func (c *checking) writeBaseline(findings diag.Findings, prints []fingerprint.Print, set manifest.LoadResult) error {
	dir := discovery.Real(filepath.Dir(c.baseline))
	for i := range prints {
		prints[i].File = relative(dir, prints[i].File)
	}
	text, err := baseline.Encode(baseline.Of(findings, prints, set.Hide))
	if err == nil {
		err = c.replaceable()
	}
	if err == nil {
		err = replaceFile(&replace.Writer{}, c.baseline, text)
	}
	if err != nil {
		if in, ok := errors.AsType[*fs.PathError](err); ok {
			err = in.Err
		}
		return fmt.Errorf("cannot write the baseline %s: %w", c.baseline, err)
	}
	wrote := fmt.Sprintf("wrote %s to %s", number(len(findings), "finding"), c.baseline)
	if c.setBy == "" {
		wrote += fmt.Sprintf("\n  help: to report only new ones, use --baseline %s, or set baseline in %s", c.baseline, config.Name)
	}
	c.remarks = append(c.remarks, wrote)
	return nil
}

// replaceable returns why the baseline must not be written. A configuration may be a
// stranger's, and a link in its repository may lead anywhere.
func (o *adoption) replaceable() error {
	if o.setBy != "" {
		if top := above(o.setIn, ".git"); top != "" {
			if rel, err := filepath.Rel(discovery.Real(top), whole(o.baseline)); err != nil || !filepath.IsLocal(rel) {
				return errors.New("it is outside of the repository of " + o.setBy + ", which sets it\n  help: pass it with --baseline")
			}
		}
	}
	info, err := os.Stat(o.baseline)
	if err != nil || !info.Mode().IsRegular() {
		return nil //nolint:nilerr // there is none, or replacing it fails
	}
	text, err := readSmall(o.baseline, baseline.MaxSize)
	if err == nil && !baseline.IsReplaceable(text) {
		err = errors.New("the file exists and is not a baseline\n  help: use another name, or delete it first")
	}
	return err
}

// remark writes the remarks.
func (c *checking) remark() {
	for _, text := range c.remarks {
		_ = c.complain(text)
	}
}

// replaceFile replaces the contents of a file at once, and keeps its permissions.
func replaceFile(w *replace.Writer, name string, text []byte) error {
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(name); err == nil {
		if !info.Mode().IsRegular() {
			return errors.New("it is not a regular file")
		}
		mode = info.Mode().Perm()
		if target, err := filepath.EvalSymlinks(name); err == nil {
			name = target
		}
	}
	return w.Replace(name, text, mode)
}

// isLasting reports whether a finding may be known: it is about the files, not about the
// check, and not about what could not be read.
func isLasting(f diag.Finding) bool { return !manifest.IsReadFailure(f) && f.Code != "internal" }

// adopt returns the findings that are new, and moves the others aside in the report.
func (c *checking) adopt(r *report.Report, all diag.Findings, set manifest.LoadResult, profile check.Profile, earlier func() ([]fingerprint.Print, error), top string) (diag.Findings, error) {
	if c.baseline == "" && c.newFrom == "" {
		return all, nil
	}
	r.Baseline, r.Since = c.baseline, c.newFrom
	var lasting diag.Findings
	for _, f := range all {
		if isLasting(f) {
			lasting = append(lasting, f)
		}
	}
	prints := fingerprint.Of(lasting, fingerprint.Source{Objects: set.Objects, Texts: set.Texts, Secrets: set.Secrets, Hide: set.Hide})
	known, old := make([]bool, len(lasting)), make([]bool, len(lasting))
	switch {
	case c.write:
		if slices.ContainsFunc(all, func(f diag.Finding) bool { return f.Code == "check-limit" }) {
			c.remarks = append(c.remarks, "warning: not everything was checked, so "+c.baseline+" is not written")
			return all, nil
		}
		for i, f := range lasting {
			known[i] = !c.hides(f)
		}
	case c.baseline != "":
		known = c.known(prints, set, profile)
	}
	if c.newFrom != "" && len(lasting) > 0 {
		before, err := earlier()
		if err != nil {
			return nil, err
		}
		current := slices.Clone(prints)
		for i, p := range current {
			current[i].File = relative(top, p.File)
		}
		old, _ = fingerprint.Match(before, current, staying(set, func(name string) string { return relative(top, name) }))
	}
	var rest, write diag.Findings
	var written []fingerprint.Print
	i := -1
	for _, f := range all {
		if isLasting(f) {
			if i++; known[i] || old[i] {
				if known[i] {
					r.Known++
					write, written = append(write, f), append(written, prints[i])
				} else {
					r.Old++
				}
				r.Aside = append(r.Aside, f)
				continue
			}
		}
		rest = append(rest, f)
	}
	if c.write {
		return rest, c.writeBaseline(write, written, set)
	}
	return rest, nil
}

// hides reports whether the finding is less severe than what --severity asks for.
func (c *checking) hides(f diag.Finding) bool {
	return c.severity.value != "" && f.Severity > c.lowest && !manifest.IsReadFailure(f)
}
