package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/tekwright/tekwright/pkg/check"
)

// readProfile reads a profile.
func readProfile(file string) (check.Profile, error) {
	var p check.Profile
	data, err := os.ReadFile(file)
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
	return p, check.ValidateProfile(p)
}
