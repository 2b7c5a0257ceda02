package config

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/tekwright/tekwright/internal/bounded"
	"github.com/tekwright/tekwright/pkg/check"
)

// ReadRemote reads a file of a folder that check.Profile.Remotes leads to. It is meant for
// the field ReadRemote of a profile. The name has slashes. A file outside of the folder, also
// by a symbolic link, and one larger than 1 MiB is an error.
func ReadRemote(folder, name string) ([]byte, error) {
	root, err := os.OpenRoot(filepath.FromSlash(folder))
	if err != nil {
		return nil, errors.New(reason(err))
	}
	defer root.Close()
	path := filepath.FromSlash(name)
	switch info, err := root.Stat(path); {
	case err != nil:
		return nil, errors.New(reason(err))
	case !info.Mode().IsRegular():
		return nil, errors.New("not a regular file")
	}
	f, err := root.Open(path)
	if err != nil {
		return nil, errors.New(reason(err))
	}
	defer f.Close() //nolint:errcheck // opened to be read
	return bounded.ReadAll(f, largest)
}

// WithRemotes returns a profile that was read from a file, such that the paths in its
// Remotes, which are relative to that file, can be read with [ReadRemote].
func WithRemotes(p check.Profile, file string) check.Profile {
	if len(p.Remotes) == 0 {
		return p
	}
	p.Remotes, p.ReadRemote = besideAll(file, p.Remotes), ReadRemote
	return p
}

// besideAll returns paths that are relative to the folder of a file.
func besideAll(file string, remotes map[string]string) map[string]string {
	out := make(map[string]string, len(remotes))
	for value, path := range remotes {
		out[value] = beside(file, path)
	}
	return out
}
