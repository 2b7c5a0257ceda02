package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"sigs.k8s.io/yaml"

	"github.com/tekwright/tekwright/pkg/check"
)

// readProfile reads what is known of a cluster.
func readProfile(file string) (check.Profile, error) {
	var p check.Profile
	data, err := os.ReadFile(file)
	var in *fs.PathError
	switch {
	case errors.As(err, &in):
		return p, fmt.Errorf("cannot be read: %w", in.Err)
	case err != nil:
		return p, fmt.Errorf("cannot be read: %w", err)
	}
	if err := yaml.UnmarshalStrict(data, &p); err != nil {
		return p, fmt.Errorf("makes no sense: %w", err)
	}
	return p, nil
}
