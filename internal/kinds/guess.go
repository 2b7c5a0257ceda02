package kinds

import (
	"maps"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/suggest"
)

// otherKinds lists the other kinds that these API versions of Kubernetes serve. Their
// fields are not checked.
var otherKinds = map[string][]string{
	core: {"List", "Binding", "ComponentStatus", "Endpoints", "Event", "Eviction", "Node", "PodTemplate",
		"ReplicationController", "RangeAllocation",
		"Config", // of kubectl
		// OpenShift's clients still accept these with the version that they once had.
		"Build", "BuildConfig", "DeploymentConfig", "Image", "ImageStream", "ImageStreamImport", "ImageStreamTag",
		"Project", "ProjectRequest", "Route", "SecurityContextConstraints", "Template"},
	networking: {"IPAddress", "ServiceCIDR"},
	apps:       {"ControllerRevision", "Scale"},
}

// versions lists the API versions that serve each kind, in the order v1, v1beta1,
// v1alpha1.
var versions = func() map[string][]string {
	all := map[string][]string{}
	for k := range structs {
		all[k[1]] = append(all[k[1]], k[0])
	}
	for k := range shapes {
		all[k[1]] = append(all[k[1]], k[0])
	}
	for version, kinds := range otherKinds {
		for _, k := range kinds {
			all[k] = append(all[k], version)
		}
	}
	for _, v := range all {
		slices.SortFunc(v, func(a, b string) int {
			if len(a) != len(b) {
				return len(a) - len(b)
			}
			return strings.Compare(a, b)
		})
	}
	return all
}()

// groupKinds lists the kinds of each group, sorted.
var groupKinds = func() map[string][]string {
	all := map[string][]string{}
	for kind, served := range versions {
		for _, v := range served {
			if g := group(v); !slices.Contains(all[g], kind) {
				all[g] = append(all[g], kind)
			}
		}
	}
	for _, kinds := range all {
		slices.Sort(kinds)
	}
	return all
}()

// group returns the group of an API version: "" for v1. A group without a version,
// such as tekton.dev, is returned unchanged.
func group(apiVersion string) string {
	g, _, ok := strings.Cut(apiVersion, "/")
	if !ok && !strings.Contains(apiVersion, ".") {
		return ""
	}
	return g
}

func isTekton(group string) bool { return strings.HasSuffix(group, "tekton.dev") }

// Guess is the kind that an object was probably meant to have.
type Guess struct {
	APIVersion, Kind string // "" if no known kind is similar
	// VersionOnly reports whether only the version is wrong, in a group of Tekton.
	// This is reported by the rules on API versions.
	VersionOnly bool
}

// GuessKind returns the kind that an object was probably meant to have if no API
// version of a known group serves its kind. It returns nil for kinds that are served,
// for old API versions, and for kinds of unknown groups.
func GuessKind(apiVersion, kind string) *Guess {
	served := versions[kind]
	if slices.Contains(served, apiVersion) {
		return nil
	}
	g := group(apiVersion)
	if groupKinds[g] == nil {
		return misspelledGroup(apiVersion, kind)
	}
	old := strings.Contains(apiVersion, "alpha") || strings.Contains(apiVersion, "beta")
	switch near := suggest.Name(kind, groupKinds[g]); {
	case slices.Contains(groupKinds[g], kind):
		if strings.Contains(apiVersion, "alpha") || old && !isTekton(g) {
			return nil // an old version, whose fields differ
		}
		return &Guess{versionOf(g, kind, apiVersion), kind, isTekton(g)}
	case removed[kind]:
		return nil
	case near != "" && versions[kind] == nil:
		return &Guess{versionOf(g, near, apiVersion), near, false}
	case len(served) > 0 && (isTekton(g) || !old):
		return &Guess{served[0], kind, false}
	case isTekton(g) || old || !slices.Contains([]string{core, rbac, networking, apps, batch}, apiVersion):
		return nil
	}
	return &Guess{}
}

// removed are the kinds that Tekton has removed. They are not misspelled.
var removed = map[string]bool{"ClusterTask": true, "PipelineResource": true, "Condition": true, "Run": true}

// versionOf returns the API version of the group that serves the kind. If the given
// one does, it returns that.
func versionOf(g, kind, written string) string {
	first := ""
	for _, v := range versions[kind] {
		if v == written {
			return v
		}
		if first == "" && group(v) == g {
			first = v
		}
	}
	return first
}

// IsKnown reports whether a kind is one of Tekton, or of the common ones of Kubernetes.
func IsKnown(kind string) bool { return len(versions[kind]) > 0 || removed[kind] }

// IsOfTekton reports whether a kind is one of Tekton.
func IsOfTekton(kind string) bool {
	return removed[kind] || slices.ContainsFunc(versions[kind], IsTekton)
}

// IsTekton reports whether an API version is of a group of Tekton.
func IsTekton(apiVersion string) bool { return isTekton(group(apiVersion)) }

// Near returns the known kind that is most similar to an unknown kind. It returns ""
// if the kind exists or if no kind is similar. If apiVersion is "", it considers the
// kinds of all groups.
func Near(apiVersion, kind string) string {
	if len(versions[kind]) > 0 || removed[kind] {
		return ""
	}
	if apiVersion != "" {
		return suggest.Name(kind, groupKinds[group(apiVersion)])
	}
	return suggest.Name(kind, slices.Sorted(maps.Keys(versions)))
}

// misspelledGroup returns a guess for an API version of an unknown group, if a known
// group with a similar name serves the kind.
func misspelledGroup(apiVersion, kind string) *Guess {
	served := versions[kind]
	if near := suggest.Name(apiVersion, served); near != "" {
		return &Guess{near, kind, false}
	}
	for _, v := range served {
		if g := group(v); g != "" && strings.HasPrefix(g, group(apiVersion)+".") {
			return &Guess{v, kind, false}
		}
	}
	return nil
}
