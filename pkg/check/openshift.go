package check

import "github.com/tekwright/tekwright/pkg/diag"

// OpenShift is the name of the profile of a cluster with OpenShift Pipelines.
const OpenShift = "openshift"

// ProfileNames returns the names of the profiles that [ProfileNamed] knows.
func ProfileNames() []string { return []string{OpenShift} }

// ProfileNamed returns a profile that comes with this package; false if there is none of
// that name.
//
// The profile openshift is a cluster with the OpenShift Pipelines operator and its default
// TektonConfig. Each namespace has the ServiceAccount pipeline, which is the default of runs,
// is bound to the ClusterRoles edit and pipelines-scc-clusterrole, and to which the operator
// grants what EventListeners read. Each has the ConfigMaps with the certificates that the
// cluster trusts. The addons add ClusterTriggerBindings for the forges. Tasks of the namespace openshift-pipelines,
// which the cluster resolver fetches, depend on the version of the operator, and are not
// part of the profile.
func ProfileNamed(name string) (Profile, bool) {
	if name != OpenShift {
		return Profile{}, false
	}
	exists := []diag.ObjectRef{
		{Kind: "ServiceAccount", Name: "pipeline"},
		{Kind: "ConfigMap", Name: "config-service-cabundle"},
		{Kind: "ConfigMap", Name: "config-trusted-cabundle"},
		{Kind: "ConfigMap", Name: "openshift-service-ca.crt"},
		{Kind: "ClusterRole", Name: "pipelines-scc-clusterrole"},
	}
	for _, binding := range []string{
		"bitbucket-cloud-pullreq", "bitbucket-cloud-pullreq-add-comment", "bitbucket-cloud-push",
		"bitbucket-pullreq", "bitbucket-pullreq-add-comment", "bitbucket-push",
		"github-pullreq", "github-pullreq-review-comment", "github-push",
		"gitlab-mergereq", "gitlab-push", "gitlab-review-comment-on-commit",
		"gitlab-review-comment-on-issues", "gitlab-review-comment-on-mergerequest", "gitlab-review-comment-on-snippet",
	} {
		exists = append(exists, diag.ObjectRef{Kind: "ClusterTriggerBinding", Name: binding})
	}
	return Profile{DefaultServiceAccount: "pipeline", Exists: exists}, true
}
