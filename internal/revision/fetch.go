package revision

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec" //nolint:depguard // only git knows its repositories
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Elsewhere is a revision of a repository that is not here.
type Elsewhere struct {
	URL      string // https, ssh, file, or http; without a password
	Revision string // a branch, a tag or a commit
	// User is who asks for it, nil for nobody. It is passed to git in its environment, which
	// other users of the machine cannot read.
	User *url.Userinfo
}

// maxFetched is the maximum size of what is fetched.
const maxFetched = 1 << 30

// Fetch fetches a revision into an empty directory, and returns its commit. Of the
// configuration of the user, git uses what says how to connect, such as credential helpers. It
// runs no hooks, and follows no other protocol than that of the URL.
func Fetch(ctx context.Context, dir string, e Elsewhere) (Repository, string, error) {
	scheme, _, ok := strings.Cut(e.URL, "://")
	if !ok || strings.HasPrefix(e.Revision, "-") || e.Revision == "" || strings.ContainsAny(e.Revision, ":+ \x00\n") {
		return Repository{}, "", fmt.Errorf("%q is not a git revision", e.Revision)
	}
	r := Repository{dir}
	if _, err := git(ctx, dir, "init", "-q", "--template="); err != nil {
		return r, "", err
	}
	env := append([]string{"GIT_ALLOW_PROTOCOL=" + scheme}, access(ctx, dir, e)...)
	fetch := func(args ...string) error {
		return download(ctx, dir, env, append([]string{
			"-c", "protocol." + scheme + ".allow=always", "-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "fetch.recurseSubmodules=false",
			"-c", "submodule.recurse=false", "fetch", "-q", "--no-tags", "--no-recurse-submodules",
		}, args...))
	}
	err := fetch("--depth=1", "--", e.URL, e.Revision)
	if err == nil {
		commit, err := r.Commit(ctx, "FETCH_HEAD")
		return r, commit, err
	}
	if ctx.Err() != nil {
		return r, "", ctx.Err()
	}
	if isCommit(e.Revision) {
		// Some servers return only what a branch or a tag refers to, and none knows a part of
		// the id of a commit.
		if all := fetch("--", e.URL, "+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"); all == nil {
			commit, err := r.Commit(ctx, e.Revision)
			if err != nil {
				err = fmt.Errorf("the repository %s has no commit %s in its branches and tags", e.URL, e.Revision)
			}
			return r, commit, err
		}
	}
	if strings.Contains(err.Error(), "couldn't find remote ref") {
		err = fmt.Errorf("the repository %s has no branch and no tag %q", e.URL, e.Revision)
	}
	return r, "", err
}

// isCommit reports whether a revision may be the id of a commit, or a part of one.
func isCommit(revision string) bool {
	return len(revision) >= 7 && len(revision) <= 64 && strings.Trim(revision, "0123456789abcdef") == ""
}

// access returns the part of the environment that says who asks.
func access(ctx context.Context, dir string, e Elsewhere) []string {
	var env []string
	if e.User != nil {
		count, _ := strconv.Atoi(os.Getenv("GIT_CONFIG_COUNT")) //nolint:forbidigo // what the user sets stays
		password, _ := e.User.Password()
		// Git asks a helper for one host. A header, it would send to the host of a redirect, too.
		env = append(env, "TEKWRIGHT_GIT_USER="+e.User.Username(), "TEKWRIGHT_GIT_PASSWORD="+password, fmt.Sprintf("GIT_CONFIG_COUNT=%d", count+2),
			fmt.Sprintf("GIT_CONFIG_KEY_%d=credential.helper", count), fmt.Sprintf("GIT_CONFIG_VALUE_%d=", count),
			fmt.Sprintf("GIT_CONFIG_KEY_%d=credential.%s.helper", count+1, host(e.URL)), fmt.Sprintf("GIT_CONFIG_VALUE_%d=%s", count+1, helper))
	}
	if strings.HasPrefix(e.URL, "ssh:") && os.Getenv("GIT_SSH_COMMAND") == "" && os.Getenv("GIT_SSH") == "" { //nolint:forbidigo // what the user sets stays
		if _, err := git(ctx, dir, "config", "core.sshCommand"); err != nil {
			env = append(env, "GIT_SSH_COMMAND=ssh -o BatchMode=yes") // it must not ask
		}
	}
	return env
}

// helper tells git who asks. It is run by the shell that belongs to git.
const helper = `!f() { test "$1" = get && printf 'username=%s\npassword=%s\n' "$TEKWRIGHT_GIT_USER" "$TEKWRIGHT_GIT_PASSWORD"; }; f`

// host returns a URL without its path.
func host(address string) string {
	scheme, rest, _ := strings.Cut(address, "://")
	name, _, _ := strings.Cut(rest, "/")
	return scheme + "://" + name
}

// download runs git, and stops it when it has fetched too much.
func download(ctx context.Context, dir string, env, args []string) error {
	given := ctx
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cmd := command(ctx, dir, args...)
	cmd.Env = append(cmd.Env, env...)
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	var large atomic.Bool
	done := make(chan struct{})
	defer close(done)
	go func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(200 * time.Millisecond): //nolint:forbidigo // git does not limit what it fetches
			}
			if size(dir) > maxFetched {
				large.Store(true)
				cancel()
				return
			}
		}
	}()
	err := cmd.Run()
	switch {
	case given.Err() != nil:
		return given.Err()
	case large.Load():
		return fmt.Errorf("the revision is larger than %d GiB", maxFetched>>30)
	case err == nil:
		return nil
	case errors.Is(err, exec.ErrNotFound):
		return started(err)
	}
	return errors.New("git failed: " + lastLine(complaint.String()))
}

// lastLine returns the line of a complaint of git that has the reason.
func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for _, l := range lines {
		if rest, ok := strings.CutPrefix(l, "fatal: "); ok {
			return rest
		}
	}
	return lines[len(lines)-1]
}

// size returns the size of the files below a directory.
func size(dir string) int64 {
	var sum int64
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if info, err := d.Info(); err == nil {
				sum += info.Size()
			}
		}
		return nil
	})
	return sum
}

// Blob is a file of a commit.
type Blob struct {
	Name string // relative to the top of the repository, with slashes
	Text []byte
}

// Files returns a file of a commit, or the files below a folder of it for which want returns
// true. Symbolic links are left out. Each file may have limit bytes, and all together total:
// one blob can be the content of any number of files.
func (r Repository) Files(ctx context.Context, commit, name string, limit, total int64, want func(string) bool) (files []Blob, folder bool, err error) {
	listed, err := r.list(ctx, commit)
	if err != nil {
		return nil, false, err
	}
	var chosen []file
	var sum int64
	for _, f := range listed {
		switch {
		case f.name == name && f.link:
			return nil, false, fmt.Errorf("%s is a symbolic link", name)
		case f.name == name:
			chosen = []file{f}
		case !f.link && (name == "" || strings.HasPrefix(f.name, name+"/")) && want(f.name):
			chosen, folder = append(chosen, f), true
		default:
			continue
		}
		if f.size > limit {
			return nil, false, fmt.Errorf("%s is larger than %d MiB", f.name, limit>>20)
		}
		if sum += max(f.size, 0); sum > total {
			return nil, false, fmt.Errorf("the manifests of the folder are larger than %d MiB together\n  help: bind a folder in it, or a file", total>>20)
		}
	}
	if len(chosen) == 0 {
		return nil, false, fmt.Errorf("the revision has no file and no folder of manifests %q", name)
	}
	err = r.read(ctx, chosen, func(f file, text []byte) error {
		files = append(files, Blob{f.name, bytes.Clone(text)})
		return nil
	})
	return files, folder, err
}
