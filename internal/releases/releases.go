// Package releases lists in which release Tekton Pipelines got the settings that a profile
// describes. It was read from pkg/apis/config of each release.
package releases

import (
	"regexp"
	"strconv"
)

// Version is the version of a release without its patch number.
type Version struct{ Major, Minor int }

// The releases in which settings appeared or changed their default.
var (
	BetaByDefault     = Version{0, 49} // enable-api-fields is beta instead of stable
	Coschedule        = Version{0, 50} // coschedule
	DisableInlineSpec = Version{0, 59} // disable-inline-spec
	Schemas           = Version{1, 0}  // the CRDs have schemas, if not earlier
)

// Flags are the boolean flags of the ConfigMap feature-flags, with the first release that
// has them.
var Flags = map[string]Version{
	"await-sidecar-readiness":                        {0, 38},
	"disable-creds-init":                             {0, 18},
	"enable-artifacts":                               {0, 58},
	"enable-cel-in-whenexpression":                   {0, 53},
	"enable-concise-resolver-syntax":                 {0, 60},
	"enable-kubernetes-sidecar":                      {0, 62},
	"enable-param-enum":                              {0, 54},
	"enable-provenance-in-status":                    {0, 42},
	"enable-step-actions":                            {0, 53},
	"enable-tekton-oci-bundles":                      {0, 18},
	"enable-termination-message-compression":         {1, 13},
	"enable-wait-exponential-backoff":                {1, 3},
	"keep-pod-on-cancel":                             {0, 53},
	"require-git-ssh-secret-known-hosts":             {0, 17},
	"running-in-environment-with-injected-sidecars":  {0, 13},
	"send-cloudevents-for-runs":                      {0, 34},
	"set-security-context":                           {0, 49},
	"set-security-context-read-only-root-filesystem": {0, 69},
}

var format = regexp.MustCompile(`^v([0-9]{1,4})\.([0-9]{1,4})(\.[0-9]{1,4})?$`)

// Parse parses a version such as v0.53 or v0.53.1, and reports whether it is one.
func Parse(text string) (Version, bool) {
	m := format.FindStringSubmatch(text)
	if m == nil {
		return Version{}, false
	}
	major, _ := strconv.Atoi(m[1]) // both are a few digits
	minor, _ := strconv.Atoi(m[2])
	return Version{major, minor}, true
}

// Lacks reports whether a release is older than the one in which something appeared. A
// text that is no version lacks nothing.
func Lacks(release string, since Version) bool {
	v, ok := Parse(release)
	return ok && (v.Major < since.Major || v.Major == since.Major && v.Minor < since.Minor)
}

// String returns the version as in v0.53.
func (v Version) String() string { return "v" + strconv.Itoa(v.Major) + "." + strconv.Itoa(v.Minor) }
