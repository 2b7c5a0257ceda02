package kinds

import (
	"maps"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/suggest"
)

// others are the kinds of Kubernetes' groups above that are not known by
// their fields.
var others = map[string][]string{
	core: {"List", "Binding", "ComponentStatus", "Endpoints", "Event", "Eviction", "Node", "PodTemplate",
		"ReplicationController", "RangeAllocation"},
	networking: {"IPAddress", "ServiceCIDR"},
	apps:       {"ControllerRevision", "Scale"},
}

// versions lists, by kind, the API versions that serve it; v1 comes before
// v1beta1, and that before v1alpha1.
var versions = func() map[string][]string {
	all := map[string][]string{}
	for k := range structs {
		all[k[1]] = append(all[k[1]], k[0])
	}
	for k := range shapes {
		all[k[1]] = append(all[k[1]], k[0])
	}
	for version, kinds := range others {
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

// group is the group of an API version: "" for v1, and the whole where
// somebody forgot the version.
func group(apiVersion string) string {
	g, _, ok := strings.Cut(apiVersion, "/")
	if !ok && !strings.Contains(apiVersion, ".") {
		return ""
	}
	return g
}

func ofTekton(group string) bool { return strings.HasSuffix(group, "tekton.dev") }

// Guess is the kind that was probably meant.
type Guess struct {
	APIVersion, Kind string // "" where there is no likely one
	// Known says that only the version is wrong, of a group of Tekton: the
	// rules on API versions tell so.
	Known bool
}

// Guessed returns the kind that was probably meant by an object whose kind is
// not served by a known group. It returns nil for all other objects: served
// kinds, old versions, and kinds of other groups.
func Guessed(apiVersion, kind string) *Guess {
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
		if strings.Contains(apiVersion, "alpha") || old && !ofTekton(g) {
			return nil // gone, with another shape
		}
		return &Guess{in(g, kind, apiVersion), kind, ofTekton(g)}
	case gone[kind]:
		return nil
	case near != "" && versions[kind] == nil:
		return &Guess{in(g, near, apiVersion), near, false}
	case len(served) > 0 && (ofTekton(g) || !old):
		return &Guess{served[0], kind, false}
	case ofTekton(g) || old || !slices.Contains([]string{core, rbac, networking, apps, batch}, apiVersion):
		return nil
	}
	return &Guess{}
}

// gone are kinds of old, which are no spelling mistakes.
var gone = map[string]bool{"ClusterTask": true, "PipelineResource": true, "Condition": true, "Run": true}

// in is the version of a group that serves the kind: the one that is written
// if it does.
func in(g, kind, written string) string {
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

// Near returns the kind that was probably meant by an unknown one; "" if the
// kind exists or none is similar. Without an API version, all kinds are
// considered.
func Near(apiVersion, kind string) string {
	if len(versions[kind]) > 0 || gone[kind] {
		return ""
	}
	if apiVersion != "" {
		return suggest.Name(kind, groupKinds[group(apiVersion)])
	}
	return suggest.Name(kind, slices.Sorted(maps.Keys(versions)))
}

// misspelledGroup guesses at a group that is none of those here, if the kind is
// theirs.
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
