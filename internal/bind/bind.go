// Package bind writes Go types for Tasks and StepActions that live elsewhere: in a file, in
// a git repository, in a bundle, on a hub or in a cluster.
//
// What is read is kept in a snapshot beside the Go, so that the same command needs no network
// the next time, and so that what changes upstream can be seen.
package bind

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/tekwright/tekwright/internal/importer"
)

// Options are the options of [Plan].
type Options struct {
	Sources []string
	By      By   // "" for the usual way of each source
	Like    Like // the source for the params of resolvers, "" for that from which it is read
	Pin     bool // commits and digests instead of revisions and tags
	Only    []string
	Renames Renames
	// Spelling says which words are written in upper case.
	Spelling importer.Spelling

	Output   string // the file of Go
	Package  string // its package, "" for that of its directory
	Snapshot string // the directory of the snapshot, "" for testdata/bound beside the file

	// Fetch reads a source that is not a file, nil if the snapshot is read instead. Resolve
	// returns the commit or the digest of one.
	Fetch   func(context.Context, Source) (Fetched, error)
	Resolve func(context.Context, Source) (string, error)
}

// Fetched is what a source has.
type Fetched struct {
	Files    []Text
	Folder   bool   // Files are all of a folder
	Resolved string // the commit or the digest, "" if there is none
}

// Output is a file that is written.
type Output struct {
	Name string // with its directory
	Text []byte
}

// Result is what is written.
type Result struct {
	Files []Output
	Stale []string
	// Taken are types that an import had inferred, and that are now bound.
	Taken []string
	Types int
	// Changes are what has changed since the snapshot, as lines.
	Changes []string
	// Notes are what a person should know, as lines.
	Notes []string
}

// planning is a call of Plan.
type planning struct {
	Options
	where
	old      *snapshot
	imported *imported // nil if the file is in no package of an import
	notes    []string
}

// Plan returns the files for the sources, and writes nothing.
func Plan(ctx context.Context, o Options) (*Result, error) {
	if len(o.Sources) == 0 {
		return nil, errors.New("there is no source")
	}
	p := &planning{Options: o}
	var err error
	if p.where, err = newWhere(o.Output, o.Snapshot); err != nil {
		return nil, err
	}
	if err := p.linked(); err != nil {
		return nil, err
	}
	p.imported = openImported(p.where)
	if p.old, err = openSnapshot(p.where); err != nil {
		return nil, fmt.Errorf("cannot read the snapshot %s: %w", p.snapshotDir, err)
	}
	defer p.old.close()
	docs, err := p.documents(ctx)
	if err != nil {
		return nil, err
	}
	return p.result(ctx, docs)
}

// documents reads all sources.
func (p *planning) documents(ctx context.Context) ([]*document, error) {
	var all []*document
	var errs []error
	seen := map[string]bool{}
	for _, text := range p.Sources {
		s, err := Parse(text)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		shown := p.shown(s)
		if seen[shown] {
			errs = append(errs, fmt.Errorf("the source %s is given twice", s))
			continue
		}
		seen[shown] = true
		docs, err := p.source(ctx, s, shown)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if len(docs) == 0 {
			errs = append(errs, fmt.Errorf("%s has no Task and no StepAction", s))
		}
		all = append(all, docs...)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return all, nil
}

// source reads one source.
func (p *planning) source(ctx context.Context, s Source, shown string) ([]*document, error) {
	wrapped := func(err error) error { return fmt.Errorf("cannot bind %s: %w", s, err) }
	var got Fetched
	var err error
	switch {
	case !s.Remote():
		if got, err = readLocal(s.Path); errors.Is(err, errMissing) {
			if docs, found, err := p.old.from(s, shown); found && err == nil {
				p.notes = append(p.notes, s.String()+" does not exist here: its snapshot is used")
				return docs, nil
			}
		}
	case p.Fetch == nil:
		docs, found, err := p.old.from(s, shown)
		switch {
		case err != nil:
			return nil, wrapped(err)
		case !found:
			return nil, fmt.Errorf("the snapshot %s does not have %s\n  help: fetch it with --update", p.snapshotShown, s)
		}
		return docs, nil
	default:
		got, err = p.Fetch(ctx, s)
	}
	if err != nil {
		return nil, wrapped(err)
	}
	var out []*document
	for _, f := range got.Files {
		docs, err := documents(f, got.Folder)
		if err != nil && !got.Folder {
			return nil, wrapped(err)
		} else if err != nil {
			p.notes = append(p.notes, fmt.Sprintf("%s: %s is left out: %v", s, f.Path, err))
		}
		for _, d := range docs {
			d.source, d.shown, d.resolved = s, shown, got.Resolved
			if s.Scheme == File && !got.Folder {
				d.path = ""
			}
		}
		out = append(out, docs...)
	}
	if s.Name != "" && s.Scheme == Bundle {
		out = slices.DeleteFunc(out, func(d *document) bool { return d.name() != s.Name && d.path != s.Name })
	}
	// A commit that changes other files of the repository, or a new build of the same bundle, is
	// no change of what is bound. A digest that is pinned moves, as the old one may be deleted.
	if resolved, same := p.old.same(s, shown, out); same && resolved != "" && (s.Scheme == Git || !p.Pin) {
		for _, d := range out {
			d.resolved = resolved
		}
	}
	return out, nil
}

// only returns the documents that are asked for.
func (p *planning) only(docs []*document) ([]*document, error) {
	if len(p.Only) == 0 {
		return docs, nil
	}
	var names []string
	var out []*document
	for _, d := range docs {
		names = append(names, d.name())
		if slices.Contains(p.Only, d.name()) {
			out = append(out, d)
		}
	}
	var errs []error
	for _, n := range p.Only {
		if !slices.Contains(names, n) {
			errs = append(errs, nothingNamed(n, names, "--only"))
		}
	}
	return out, errors.Join(errs...)
}

// result makes the files.
func (p *planning) result(ctx context.Context, docs []*document) (*Result, error) {
	if err := p.Renames.unused(docs); err != nil {
		return nil, err
	}
	docs, err := p.only(docs)
	if err != nil {
		return nil, err
	}
	bound := make([]*importer.Bound, len(docs))
	from := map[*importer.Bound]*document{}
	for i, d := range docs {
		for _, n := range d.notes {
			p.notes = append(p.notes, d.at()+": "+n)
		}
		if bound[i], err = p.bound(ctx, d); err != nil {
			return nil, fmt.Errorf("cannot bind %s: %w", d.at(), err)
		}
		from[bound[i]] = d
	}
	var errs []error
	for _, pair := range importer.Clashes(bound, p.Spelling) {
		a, b := from[pair[0]], from[pair[1]]
		errs = append(errs, fmt.Errorf("%s %q of %s and %s %q of %s would have the same type in Go: %s\n  help: bind one of them, or give one another name in a file for --rename",
			a.kind(), a.name(), a.at(), b.kind(), b.name(), b.at(), pair[1].GoName(p.Spelling)))
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	locked := p.lock(docs)
	for i, d := range docs {
		bound[i].Path = p.embedPath(d.file)
		if bound[i].Reach == importer.Along && d.kind() == "Task" && bound[i].Path == "" {
			return nil, fmt.Errorf("the snapshot %s is not below the folder of %s, where Go could embed it\n  help: pass another folder to --snapshot", p.snapshotShown, p.Output)
		}
	}
	file, err := importer.Bind(bound, p.Spelling)
	if err != nil {
		return nil, err
	}
	file.Package, file.Header = p.Package, header(docs)
	elsewhere, changed, err := p.imported.elsewhere(p.where)
	if err != nil {
		return nil, err
	}
	if err := p.clashes(file, elsewhere, changed); err != nil {
		return nil, err
	}
	text, _, err := file.Print()
	if err != nil {
		return nil, err
	}
	r := &Result{Types: len(file.Types), Notes: p.notes, Changes: p.changes(docs)}
	for _, d := range docs {
		r.Files = append(r.Files, Output{p.inSnapshot(d.file), []byte(d.text)})
	}
	list, err := locked.encode()
	if err != nil {
		return nil, err
	}
	r.Files = append(r.Files, Output{p.inSnapshot(p.list), list}, Output{p.Output, text})
	now := locked.files()
	for f := range p.old.lock.files() {
		if !now[f] {
			r.Stale = append(r.Stale, p.inSnapshot(f))
		}
	}
	slices.Sort(r.Stale)
	if err := p.foreign(r); err != nil {
		return nil, err
	}
	return r, p.remember(r, bound, docs, elsewhere, changed)
}

// header returns the first line of the file. It names no version and no date: what is bound
// is the same with each.
func header(docs []*document) []string {
	if len(docs) == 1 {
		return []string{fmt.Sprintf("Code generated by tekwright bind from %s (%s); DO NOT EDIT.", docs[0].place(), docs[0].digest())}
	}
	var sources []string
	for _, d := range docs {
		if !slices.Contains(sources, d.shown) {
			sources = append(sources, d.shown)
		}
	}
	if len(sources) == 1 {
		return []string{"Code generated by tekwright bind from " + sources[0] + "; DO NOT EDIT."}
	}
	return []string{fmt.Sprintf("Code generated by tekwright bind from %d sources; DO NOT EDIT.", len(sources))}
}

// bound returns a document as the importer needs it.
func (p *planning) bound(ctx context.Context, d *document) (*importer.Bound, error) {
	b := &importer.Bound{
		Object: d.object, Text: d.text, Type: p.Renames.typeOf(d), Fields: p.Renames.fieldsOf(d),
		From: fmt.Sprintf("%s (%s)", d.place(), d.digest()[:len("sha256:")+12]),
	}
	by := p.By
	if by == "" {
		by = d.source.Usual()
		if p.Like != "" {
			by = Resolver
		}
	}
	switch by {
	case Local:
		if p.isFree(d.source) {
			return b, p.take(b, true)
		}
		return b, nil
	case Existing:
		b.Reach = importer.InCluster
		return b, p.take(b, false)
	}
	b.Reach = importer.Fetched
	s, file, resolved := d.source, d.path, d.resolved
	if p.Like != "" {
		like, err := p.Like.of(d.name(), d.path)
		if err != nil {
			return nil, err
		}
		s, file = like, like.Path
		if p.Pin && p.Resolve != nil {
			if d.like, err = p.Resolve(ctx, like); err != nil {
				return nil, fmt.Errorf("cannot pin %s: %w", like, err)
			}
		}
		resolved = d.like
	}
	if !p.Pin {
		resolved = ""
	} else if resolved == "" && (s.Scheme == Git || s.Scheme == Bundle) {
		return nil, fmt.Errorf("the snapshot does not have the commit or the digest of %s\n  help: fetch it with --update", s)
	}
	var err error
	if b.Resolver, b.Params, err = s.resolver(d.name(), file, resolved); err != nil {
		return nil, err
	}
	return b, p.take(b, false)
}

// lock makes the list of the snapshot, and names its files.
func (p *planning) lock(docs []*document) lock {
	l := lock{Note: lockNote, Go: p.goFile}
	taken := map[string]bool{}
	for _, d := range docs {
		base := importer.FileName(d.name())
		d.file = base + ".yaml"
		for n := 2; taken[d.file]; n++ {
			d.file = fmt.Sprintf("%s-%d.yaml", base, n)
		}
		taken[d.file] = true
		if n := len(l.Sources); n == 0 || l.Sources[n-1].Source != d.shown {
			l.Sources = append(l.Sources, lockedFrom{Source: d.shown, Resolved: d.resolved})
		}
		s := &l.Sources[len(l.Sources)-1]
		s.Documents = append(s.Documents, lockedDocument{Kind: d.kind(), Name: d.name(), Path: d.path, File: d.file, Digest: d.digest(), Like: d.like})
	}
	return l
}

// changes returns what has changed since the snapshot.
func (p *planning) changes(docs []*document) []string {
	var out []string
	for _, f := range p.old.lock.Sources {
		s, err := Parse(f.Source)
		if err != nil {
			continue
		}
		old, _, err := p.old.from(s, f.Source)
		if err != nil {
			continue // what is changed by hand is compared with nothing
		}
		now := map[string]*document{}
		for _, d := range docs {
			if d.shown == f.Source {
				now[d.kind()+" "+d.name()+" "+d.path] = d
			}
		}
		for _, d := range old {
			if is := now[d.kind()+" "+d.name()+" "+d.path]; is != nil {
				out = append(out, changes(d, is)...)
			} else {
				out = append(out, fmt.Sprintf("%s %s: it is not bound any more", d.kind(), d.name()))
			}
		}
	}
	return out
}
