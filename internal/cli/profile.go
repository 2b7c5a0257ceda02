package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/tekwright/tekwright/internal/bounded"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/config"
)

// largestProfile is the maximum size of a profile.
const largestProfile = 1 << 20

// readSmall reads a file that has at most so many bytes.
func readSmall(name string, most int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // opened to be read
	return bounded.ReadAll(f, most)
}

// readProfile reads a profile.
func readProfile(file string) (check.Profile, error) {
	var p check.Profile
	data, err := readSmall(file, largestProfile)
	var in *fs.PathError
	switch {
	case errors.As(err, &in):
		return p, fmt.Errorf("cannot read the profile: %w", in.Err)
	case err != nil:
		return p, fmt.Errorf("cannot read the profile: %w", err)
	}
	if p, err = check.ReadProfile(data); err != nil {
		return p, err
	}
	return config.WithRemotes(p, file), check.ValidateProfile(p)
}
