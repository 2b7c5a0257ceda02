package manifest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"sync"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/discovery"
	"github.com/tekwright/tekwright/internal/secrets"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// largest is the maximum size of a file. The limit of etcd is 1.5 MiB for an object.
const largest = 64 << 20

// LoadResult is the result of [Load].
type LoadResult struct {
	Objects []object.Object
	// Findings reports problems in the texts, and files that cannot be read.
	// [check.RunLoaded] applies a profile to them.
	Findings diag.Findings
	// Texts are the contents of the files, by the file names in positions; with values of
	// Secrets. With LoadOptions.Brief, those of most files without objects or findings are
	// missing. [LoadResult.Text] reads them again.
	Texts    map[string]string
	Files    int // the number of files that contain or should contain objects
	LeftOut  int // the number of files left out as parts of kustomizations
	Excluded int // the number of files and folders that LoadOptions.Excluded left out
	// Kustomizations are the kustomizations in the folders. They are not rendered: their
	// resources are read as they are.
	Kustomizations []string
	// Profiles are the profiles that [Set.WriteDir] stored in the folders of the files,
	// by folder. See [LoadResult.Profile].
	Profiles map[string]check.Profile

	declared []object.Object          // by the folders
	single   bool                     // all files are in one folder
	secrets  map[string]secrets.Parts // of most of the texts
	known    *secrets.Known           // values of Secrets in all of them
	released map[string]stamp         // of the texts that are not kept
}

// LoadOptions are the options of [Load].
type LoadOptions struct {
	// Exclude lists patterns of files and folders to omit, in the syntax of
	// .gitignore: * and ? do not match a slash, ** does, and a pattern without a
	// slash matches at every level.
	Exclude []string
	// Excluded reports whether to omit a file or folder. It is called for each file that
	// is given as a path and for what is found in folders, and must be deterministic. If
	// it returns an error, Load returns that error. It may be nil. See package config.
	Excluded func(path string) (bool, error)
	// Overlay has the texts of files that are not read again, by their names in positions.
	// A file that exists is checked as if it had this text.
	Overlay map[string]string
	// Stdin is read for the path "-". If it is nil, "-" is an ordinary file name.
	Stdin io.Reader
	// Brief saves memory: if a CustomResourceDefinition has nothing to report, its spec is
	// replaced by a digest, which also covers its status. No rule reads them. The objects can
	// be checked, but not written or applied. Texts that neither an object nor a finding
	// refers to are not kept; see [LoadResult.Texts].
	Brief bool
	// Scheduled adds the run that a CronJob creates with kubectl from a ConfigMap, such as those of
	// infra.NewSchedule. Its Declared has the CronJob as the owner.
	Scheduled bool
	Limits
}

// Load reads files, and folders with everything below them, like the command
// tekwright check. Files are read in parallel, and the result is deterministic. A
// file that cannot be read is a finding and does not affect the others.
//
// In folders, Load reads files with the extensions .yaml, .yml and .json. It omits
// hidden files and folders (except .tekton), vendor, node_modules, symbolic links
// that point outside the folder, kustomizations with the patches and other files that
// they refer to in their own folder, the values of Helm charts, and documents that are not meant to be
// Kubernetes objects. From templates of Helm charts, it reads the documents that need
// no rendering, and reports one note for the chart. A file that is given as a path is
// read whatever its name.
//
// If a folder contains the file .tekwright-check, which [Set.WriteDir] writes, the
// result has the Secrets that the set declares, and the profile of the set. The Secrets
// have no values.
//
// If [Set.WriteDir] replaces files meanwhile, Load reads all folders again. After several
// attempts, it reports a finding for the folder.
//
// If a limit is exceeded or the deadline of the context passes, Load returns what it
// has read, with a finding check-limit. Load returns an error only
// if a pattern is malformed or ctx is canceled.
func Load(ctx context.Context, paths []string, o LoadOptions) (LoadResult, error) {
	exclude := discovery.Patterns(o.Exclude)
	if err := exclude.Check(); err != nil {
		return LoadResult{}, err
	}
	var (
		found discovery.Found
		files parsedFiles
		named sync.Map
		mix   []string
		all   LoadResult
	)
	for range discovery.Attempts {
		also, failed := o.excluded()
		found = discovery.Find(ctx, paths, o.Stdin != nil, exclude, also)
		if *failed != nil {
			return LoadResult{}, *failed
		}
		files = o.parseFiles(ctx, found.Files, &named)
		all = LoadResult{}
		folders := found.Folders()
		for _, dir := range folders {
			all.readCompanion(dir)
		}
		all.single = len(folders) == 1
		if mix = found.Mixed(); len(mix) == 0 || ctx.Err() != nil {
			break
		}
	}
	stop := files.stop // why not all files are read
	switch err := ctx.Err(); {
	case errors.Is(err, context.DeadlineExceeded):
		if stop = "the check stopped after its time limit"; found.Cut {
			stop += ", before all files were found"
		}
	case err != nil:
		return LoadResult{}, err
	}
	all.LeftOut, all.Excluded, all.Kustomizations = found.LeftOut, found.Excluded, found.Kustomizations
	for _, p := range found.Problems {
		all.Findings = append(all.Findings, unreadable(p.Name, p.Err))
	}
	for _, dir := range mix {
		all.Findings = append(all.Findings, unreadable(filepath.ToSlash(dir), mixed(dir)))
	}
	end := files.join(&all, &stop)
	if o.Scheduled {
		all.addScheduled(o.Limits)
	}
	if stop != "" {
		name := ""
		switch {
		case len(found.Files) > 0:
			name = found.Files[min(end, len(found.Files)-1)].Name
		case len(paths) > 0: // there was not even the time to find the files
			name = paths[0]
		}
		all.Findings = append(all.Findings, stopped(name, stop, len(found.Files)-end))
	}
	return all, nil
}

// excluded returns the function Excluded without its error, and where that is stored.
func (o LoadOptions) excluded() (also func(path string) bool, failed *error) {
	failed = new(error)
	if o.Excluded == nil {
		return nil, failed
	}
	return func(path string) (excluded bool) {
		if *failed != nil {
			return true
		}
		if p := callsite.Catch(func() { excluded, *failed = o.Excluded(filepath.ToSlash(path)) }); p != nil {
			*failed = fmt.Errorf("the function Excluded was called: %w", p)
		}
		return excluded || *failed != nil
	}, failed
}

// unreadable returns the finding for a file or folder that cannot be read.
func unreadable(name string, err error) diag.Finding {
	f := diag.Finding{Code: "file-unreadable", Severity: diag.Error, Position: diag.Position{File: name}, Subject: name}
	var in *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.Message = "the file or folder does not exist"
	case errors.As(err, &in):
		f.Message = "cannot be read: " + in.Err.Error()
	default:
		f.Message = "cannot be read: " + err.Error()
	}
	return f
}

// IsReadFailure reports whether a finding means that a file or a document could not
// be read, or that a limit of the check was reached, so that not everything is checked. The command tekwright check then exits with
// status 2. Findings with severity note are not read failures.
func IsReadFailure(f diag.Finding) bool {
	switch f.Code {
	case "file-unreadable", "object-untyped", "yaml-invalid", "template-unrendered", "document-limit", "check-limit":
		return f.Severity != diag.Note
	}
	return false
}
