// Package revision reads files of a git revision, without changing the repository.
package revision

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec" //nolint:depguard // only git knows its repositories
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// maxBytes is the maximum size of the files of a revision together, and largest that of
// one. maxNames is that of the list of all files of the revision: about a million.
const (
	maxBytes = 1 << 30
	largest  = 64 << 20
	maxNames = 128 << 20
)

// small is the maximum size of a file that is read only because a kustomization may use it.
const small = 256 << 10

// Repository is the work tree of a git repository.
type Repository struct {
	Top string // the absolute name of its directory, without symbolic links
}

// Open returns the repository that a directory is in.
func Open(ctx context.Context, dir string) (Repository, error) {
	if err := special(dir); err != nil {
		return Repository{}, err
	}
	out, err := git(ctx, dir, "rev-parse", "--show-toplevel")
	if err != nil {
		return Repository{}, err
	}
	top := strings.TrimRight(string(out), "\r\n")
	if r, err := filepath.EvalSymlinks(filepath.FromSlash(top)); err == nil {
		top = r
	}
	return Repository{top}, nil
}

// Commit returns the id of the commit that a revision means.
func (r Repository) Commit(ctx context.Context, revision string) (string, error) {
	if revision == "" || revision[0] == '-' || strings.ContainsAny(revision, "\x00\n") {
		return "", fmt.Errorf("%q is not a git revision", revision)
	}
	out, err := git(ctx, r.Top, "rev-parse", "--verify", "--quiet", revision+"^{commit}")
	if err == nil {
		return strings.TrimSpace(string(out)), nil
	}
	if ctx.Err() != nil || errors.Is(err, errSlow) {
		return "", err
	}
	if out, err := git(ctx, r.Top, "rev-parse", "--is-shallow-repository"); err == nil && strings.TrimSpace(string(out)) == "true" {
		help := "fetch more of the history, such as with: git fetch --depth=100"
		if branch := strings.TrimPrefix(revision, "origin/"); !strings.ContainsAny(branch, "~^@: ") && branch != "HEAD" {
			help = "fetch it: git fetch --depth=1 origin " + branch + ", and use FETCH_HEAD as the revision"
		}
		return "", fmt.Errorf("the revision %q is not in this shallow clone\n  help: %s", revision, help)
	}
	return "", fmt.Errorf("the repository %s has no revision %q\n  help: use a branch, a tag or a commit, such as origin/main", r.Top, revision)
}

// file is a file of a commit.
type file struct {
	name, id string
	link     bool
	size     int64
}

// Extract writes the files of a commit that a check of the paths reads into an empty
// directory. The paths are relative to the top of the repository, with slashes.
func (r Repository) Extract(ctx context.Context, commit string, paths []string, dir string) error {
	listed, err := r.list(ctx, commit)
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	files := needed(listed, paths)
	var size int64
	for _, f := range files {
		if f.size < 0 {
			return missing(f)
		}
		size += f.size
	}
	if size > maxBytes {
		return fmt.Errorf("the files of the revision are larger than %d GiB", maxBytes>>30)
	}
	return r.write(ctx, files, root)
}

// list returns the files of a commit. A few objects can stand for billions of files, as a
// tree may have the same one many times: of such a commit, it returns an error.
func (r Repository) list(ctx context.Context, commit string) (files []file, err error) {
	err = output(ctx, r.Top, []string{"ls-tree", "-r", "-z", "-l", "--full-tree", commit}, nil, func(out io.Reader) error {
		limited := &io.LimitedReader{R: out, N: maxNames}
		for in := bufio.NewReader(limited); ; {
			line, err := in.ReadString(0)
			switch {
			case errors.Is(err, io.EOF) && limited.N == 0:
				return fmt.Errorf("the list of its files is longer than %d MiB", maxNames>>20)
			case errors.Is(err, io.EOF):
				return nil
			case err != nil:
				return err
			}
			if f, ok := parse(strings.TrimSuffix(line, "\x00")); ok {
				files = append(files, f)
			}
		}
	})
	return files, err
}

// parse parses a line of ls-tree: mode, type, id, size, name. It reports whether it is a
// file that can be read.
func parse(line string) (f file, ok bool) {
	head, name, ok := strings.Cut(line, "\t")
	fields := strings.Fields(head)
	if !ok || len(fields) != 4 || fields[1] != "blob" || !isSafe(name) {
		return file{}, false
	}
	size, err := strconv.ParseInt(fields[3], 10, 64)
	if err != nil {
		size = -1 // the clone does not have it
	}
	return file{name, fields[2], fields[0] == "120000", size}, size <= largest
}

// isSafe reports whether a name is one that git could check out below a directory.
func isSafe(name string) bool {
	if !filepath.IsLocal(filepath.FromSlash(name)) || path.Clean(name) != name {
		return false
	}
	for part := range strings.SplitSeq(name, "/") {
		if strings.EqualFold(part, ".git") {
			return false
		}
	}
	return true
}

// needed returns the files that a check of paths reads.
func needed(files []file, paths []string) []file {
	given := map[string]bool{}
	for _, p := range paths {
		given[p] = true
	}
	below := func(name string) bool {
		for {
			if given[name] {
				return true
			}
			if name == "." {
				return false
			}
			name = path.Dir(name)
		}
	}
	kustomized := false
	for _, f := range files {
		kustomized = kustomized || strings.HasPrefix(strings.ToLower(path.Base(f.name)), "kustomization") && below(f.name)
	}
	var out []file
	for _, f := range files {
		base := strings.ToLower(path.Base(f.name))
		switch ext := path.Ext(base); {
		case given[f.name], base == "chart.yaml", base == ".tekwright-check":
		case kustomized && f.size <= small:
		case (ext == ".yaml" || ext == ".yml" || ext == ".json") && (kustomized || below(f.name)):
		default:
			continue
		}
		out = append(out, f)
	}
	return out
}

// write writes files below a directory. Links come last, so that nothing is written
// through them; those that lead out of it are left out.
func (r Repository) write(ctx context.Context, files []file, root *os.Root) error {
	links := map[string]string{}
	err := r.read(ctx, files, func(f file, text []byte) error {
		if f.link {
			if target := string(text); !path.IsAbs(target) && filepath.IsLocal(path.Join(path.Dir(f.name), target)) {
				links[f.name] = target
			}
			return nil
		}
		if err := root.MkdirAll(filepath.FromSlash(path.Dir(f.name)), 0o700); err != nil {
			return err
		}
		return root.WriteFile(filepath.FromSlash(f.name), text, 0o600)
	})
	if err != nil {
		return err
	}
	for _, f := range files {
		if target, ok := links[f.name]; ok {
			if err := root.MkdirAll(filepath.FromSlash(path.Dir(f.name)), 0o700); err != nil {
				return err
			}
			if err := root.Symlink(filepath.FromSlash(target), filepath.FromSlash(f.name)); err != nil && !errors.Is(err, fs.ErrExist) {
				return err
			}
		}
	}
	return nil
}

// read calls f with the contents of each file.
func (r Repository) read(ctx context.Context, files []file, f func(file, []byte) error) error {
	if len(files) == 0 {
		return nil
	}
	var ids bytes.Buffer
	for _, one := range files {
		ids.WriteString(one.id + "\n")
	}
	return output(ctx, r.Top, []string{"cat-file", "--batch"}, &ids, func(out io.Reader) error {
		in := bufio.NewReader(out)
		for _, one := range files {
			head, err := in.ReadString('\n')
			if err != nil {
				return err
			}
			fields := strings.Fields(head)
			if len(fields) != 3 || fields[1] != "blob" {
				return missing(one)
			}
			size, err := strconv.ParseInt(fields[2], 10, 64)
			if err != nil || size < 0 || size > largest {
				return fmt.Errorf("git describes %s as %q", one.name, head)
			}
			text := make([]byte, size+1) // with a line break
			if _, err := io.ReadFull(in, text); err != nil {
				return err
			}
			if err := f(one, text[:size]); err != nil {
				return err
			}
		}
		return nil
	})
}

// missing returns the error for a file whose contents are not in a partial clone.
func missing(f file) error {
	return fmt.Errorf("the clone does not have the contents of %s\n  help: fetch them: git fetch --refetch --no-filter", f.name)
}

// command returns a call of git that only reads the repository, and runs nothing that its
// configuration names.
func command(ctx context.Context, dir string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", append([]string{"--no-pager", "--literal-pathspecs",
		"-c", "core.fsmonitor=false", "-c", "core.hooksPath=" + os.DevNull, "-c", "core.untrackedCache=false",
		"-c", "protocol.allow=never", "-c", "core.commitGraph=false"}, args...)...)
	cmd.Dir, cmd.WaitDelay = dir, time.Second
	for _, v := range os.Environ() { //nolint:forbidigo // git needs the environment of the user
		name, _, _ := strings.Cut(v, "=")
		switch name {
		case "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_EXTERNAL_DIFF", "GIT_TRACE":
			// A hook of git sets some of them, relative to another directory.
		default:
			cmd.Env = append(cmd.Env, v)
		}
	}
	// Old versions of git do not know GIT_NO_LAZY_FETCH. The setting protocol.ext.allow of a
	// repository overrides protocol.allow above, but nothing overrides GIT_ALLOW_PROTOCOL.
	cmd.Env = append(cmd.Env, "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none", "GIT_TERMINAL_PROMPT=0")
	return cmd
}

// output runs git and reads its output with a function. If that fails, git is stopped.
func output(ctx context.Context, dir string, args []string, stdin io.Reader, read func(io.Reader) error) error {
	given := ctx
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cmd := command(ctx, dir, args...)
	var complaint bytes.Buffer
	cmd.Stdin, cmd.Stderr = stdin, &complaint
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return started(err)
	}
	var slow atomic.Bool
	watch := time.AfterFunc(patience, func() { //nolint:forbidigo // git can wait for a pipe
		slow.Store(true)
		cancel()
	})
	defer watch.Stop()
	failed := read(answers{pipe, watch})
	if failed != nil {
		cancel()
	}
	waited := cmd.Wait()
	cut := errors.Is(failed, io.EOF) || errors.Is(failed, io.ErrUnexpectedEOF)
	switch {
	case given.Err() != nil:
		return given.Err()
	case slow.Load():
		return errSlow
	case failed != nil && !cut:
		return failed
	case failed != nil, waited != nil:
		return fmt.Errorf("git failed: %s", bytes.TrimSpace(complaint.Bytes()))
	}
	return nil
}

// answers is the output of git, which may take some time for each part of it.
type answers struct {
	io.Reader
	watch *time.Timer
}

func (a answers) Read(p []byte) (int, error) {
	a.watch.Reset(patience)
	return a.Reader.Read(p)
}

// patience is how long git may take for one answer.
var patience = time.Minute

// errSlow is the error for git that has not answered in time.
var errSlow = errors.New("git does not answer: one of its files may be a pipe or a device")

// git runs git and returns its output.
func git(ctx context.Context, dir string, args ...string) ([]byte, error) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cmd := command(limited, dir, args...)
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	switch text := strings.TrimSpace(complaint.String()); {
	case err == nil:
		return out, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case limited.Err() != nil:
		return nil, errSlow
	case strings.Contains(text, "not a git repository"):
		return nil, errors.New("it is not in a git repository")
	case text != "":
		return nil, errors.New("git failed: " + text)
	}
	return nil, started(err)
}

// started returns a clearer error for git that cannot be run.
func started(err error) error {
	if errors.Is(err, exec.ErrNotFound) {
		return errors.New("the program git is not installed")
	}
	return fmt.Errorf("git failed: %w", err)
}
