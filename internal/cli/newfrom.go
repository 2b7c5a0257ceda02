package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/baseline"
	"github.com/tekwright/tekwright/internal/discovery"
	"github.com/tekwright/tekwright/internal/fingerprint"
	"github.com/tekwright/tekwright/internal/revision"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/config"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// past is a revision that the files are compared with.
type past struct {
	revision.Repository
	commit string
	args   []string
	paths  []string // the arguments, relative to the top of the repository
}

// past finds the revision of --new-from, nil if it is not set.
func (c *checking) past(ctx context.Context, args []string) (*past, error) {
	if c.newFrom == "" {
		return nil, nil //nolint:nilnil // there is nothing to compare with
	}
	if slices.Contains(args, stdin) {
		return nil, errors.New("--new-from cannot compare standard input\n  help: pass files or directories of the repository")
	}
	p := past{args: args}
	for i, arg := range args {
		dir := existing(arg)
		if i == 0 {
			var err error
			if p.Repository, err = revision.Open(ctx, dir); errors.Is(err, context.DeadlineExceeded) {
				return nil, fmt.Errorf("cannot compare %s with the revision %q: the time is up\n  help: raise the limit with --timeout", arg, c.newFrom)
			} else if err != nil {
				return nil, fmt.Errorf("cannot compare %s with the revision %q: %w", arg, c.newFrom, err)
			}
		}
		rel, err := filepath.Rel(p.Top, whole(arg))
		if err != nil || !filepath.IsLocal(rel) {
			return nil, fmt.Errorf("cannot compare %s with the revision %q: it is outside of the repository %s", arg, c.newFrom, p.Top)
		}
		p.paths = append(p.paths, filepath.ToSlash(rel))
	}
	var err error
	if p.commit, err = p.Commit(ctx, c.newFrom); errors.Is(err, context.DeadlineExceeded) {
		return nil, fmt.Errorf("cannot find the revision %q: the time is up\n  help: raise the limit with --timeout", c.newFrom)
	} else if err != nil {
		return nil, err
	}
	return &p, nil
}

// top returns the top of the repository, "" if there is none.
func (p *past) top() string {
	if p == nil {
		return ""
	}
	return p.Top
}

// name returns the name of a file of the revision as it would be found by the arguments,
// given that relative to the top.
func (p *past) name(rel string) string {
	for i, path := range p.paths {
		inside, ok := strings.CutPrefix(rel, path+"/")
		switch {
		case path == ".":
			inside = rel
		case rel == path:
			inside = ""
		case !ok:
			continue
		}
		return filepath.ToSlash(filepath.Join(p.args[i], filepath.FromSlash(inside)))
	}
	return filepath.ToSlash(filepath.Join(p.Top, filepath.FromSlash(rel)))
}

// existing returns the directory of an argument: itself, or the nearest one above it.
func existing(arg string) string {
	for dir := arg; ; dir = filepath.Dir(dir) {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			return dir
		}
		if dir == filepath.Dir(dir) {
			return dir
		}
	}
}

// whole returns the absolute name of a file without symbolic links, even if it does not
// exist.
func whole(name string) string {
	if r, err := filepath.EvalSymlinks(name); err == nil {
		return discovery.Real(r)
	}
	above := existing(name)
	rest, err := filepath.Rel(above, name)
	if err != nil {
		rest = filepath.Base(name)
	}
	return filepath.Join(discovery.Real(above), rest)
}

// earlier checks the files of the revision in a temporary directory, with the same
// settings, and returns the fingerprints of the findings. Files are relative to the top of
// the repository.
func (c *checking) earlier(ctx context.Context, p *past, finder *config.Finder, profile check.Profile) ([]fingerprint.Print, error) {
	wrapped := func(err error) error {
		return fmt.Errorf("cannot check the revision %q: %w", c.newFrom, err)
	}
	partial := func(why string) {
		c.remarks = append(c.remarks, fmt.Sprintf("warning: not all of the revision %q was checked: %s\n  help: some findings may be reported although they are not new", c.newFrom, why))
	}
	top, err := os.MkdirTemp("", "tekwright-")
	if err != nil {
		return nil, wrapped(err)
	}
	defer os.RemoveAll(top)
	top = discovery.Real(top)
	switch err := p.Extract(ctx, p.commit, p.paths, top); {
	case errors.Is(err, context.DeadlineExceeded): // what was found in the files is reported
		partial("the time is up")
		return nil, nil
	case err != nil:
		return nil, wrapped(err)
	}
	var args []string
	for _, path := range p.paths {
		arg := filepath.Join(top, filepath.FromSlash(path))
		if _, err := os.Stat(arg); err == nil { // others are new
			args = append(args, arg)
		}
	}
	if len(args) == 0 {
		return nil, nil
	}
	name := func(file string) string { return p.name(relative(top, file)) }
	o := manifest.LoadOptions{Exclude: moved(c.exclude, top, p.Top), Scheduled: true, Limits: c.limits,
		Excluded: func(path string) (bool, error) { return finder.Excludes(name(path)) }}
	set, renderings, err := c.load(ctx, args, o)
	if err != nil {
		return nil, wrapped(err)
	}
	profile.Suppressed = nil
	if of := profile.ForFile; of != nil {
		profile.ForFile = func(file string) *check.Profile { return of(name(file)) }
	}
	findings, err := c.judge(ctx, set, renderings, profile)
	if err != nil {
		return nil, wrapped(err)
	}
	var lasting diag.Findings
	for _, f := range findings {
		if isLasting(f) {
			lasting = append(lasting, f)
		} else if f.Code == "check-limit" {
			partial(f.Message)
		}
	}
	prints := fingerprint.Of(lasting, fingerprint.Source{Objects: set.Objects, Texts: set.Texts, Secrets: set.Secrets, Hide: set.Hide})
	for i, f := range prints {
		prints[i].File, prints[i].Object = relative(top, f.File), set.Hide(baseline.Name(lasting[i].Object))
	}
	return prints, nil
}

// moved returns globs for files in a copy of a repository. Those with a slash may be
// relative to the current directory.
func moved(globs []string, top, from string) []string {
	rel, err := filepath.Rel(from, discovery.Real("."))
	if err != nil {
		return globs
	}
	here := filepath.ToSlash(filepath.Join(top, rel))
	quoted := strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(here)
	out := slices.Clone(globs)
	for _, g := range globs {
		if strings.Contains(strings.TrimSuffix(g, "/"), "/") {
			out = append(out, quoted+"/"+strings.TrimPrefix(g, "./"))
		}
	}
	return out
}
