package facts

import (
	"path"
	"strings"

	"github.com/tekwright/tekwright/internal/tekref"
)

// MountState is the state of the path at which a volume is mounted.
type MountState int

// The states.
const (
	MountFine     MountState = iota
	MountMissing             // it is empty
	MountRelative            // it does not begin with a slash, which Kubernetes adds
	MountReserved            // it belongs to Tekton
)

// MountFault returns the state of the path at which a volume is mounted.
func MountFault(mountPath string) MountState {
	clean := path.Clean(mountPath)
	switch {
	case mountPath == "":
		return MountMissing
	case mountPath[0] != '/' && !tekref.Contains(mountPath):
		return MountRelative
	case strings.HasPrefix(clean, "/tekton/") && !strings.HasPrefix(clean, "/tekton/home"):
		return MountReserved
	}
	return MountFine
}
