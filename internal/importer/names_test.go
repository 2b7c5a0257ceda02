package importer

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestGoNames tests names that public repositories have.
func TestGoNames(t *testing.T) {
	for name, want := range map[string][2]string{
		"sast-snyk-check-oci-ta":  {"SASTSnykCheckOCITA", "sastSnykCheckOCITA"},
		"TLSVERIFY":               {"TLSVerify", "tlsVerify"},
		"rpms-signature-scan":     {"RPMsSignatureScan", "rpmsSignatureScan"},
		"COMPONENT_REPO_URLS":     {"ComponentRepoURLs", "componentRepoURLs"},
		"cra-cis-check":           {"CraCisCheck", "craCisCheck"},
		"userOcid":                {"UserOCID", "userOCID"},
		"gitrepositoryurl":        {"GitRepositoryURL", "gitRepositoryURL"},
		"github-token":            {"GitHubToken", "gitHubToken"},
		"shared-secret":           {"SharedSecret", "sharedSecret"}, // sha is only a part of the word
		"params":                  {"Params", "params"},
		"FORK_TARGET":             {"ForkTarget", "forkTarget"},
		"imageUrl":                {"ImageURL", "imageURL"},
		"HTTPProxy":               {"HTTPProxy", "httpProxy"},
		"AWS_ACCESS_KEY_ID":       {"AWSAccessKeyID", "awsAccessKeyID"},
		"ocp-at-415":              {"OCPAt415", "ocpAt415"},
		"0.9":                     {"X09", "x09"},
		"v1.2-x":                  {"V12X", "v12X"},
		"s":                       {"S", "s"},
		"pods":                    {"Pods", "pods"},
		"cas":                     {"Cas", "cas"},
		"merge-syft-sboms":        {"MergeSyftSBOMs", "mergeSyftSBOMs"},
		"pipelinerun-failing-ids": {"PipelineRunFailingIDs", "pipelineRunFailingIDs"},
	} {
		assert.Equal(t, want, [2]string{exported(name), unexported(name)}, name)
	}
	s := NewSpelling([]string{"Rox", "-ta", "-IDs"})
	assert.Equal(t, "ROXDeployTa", s.exported("rox-deploy-ta"))
	assert.Equal(t, "OtherIds", s.exported("other-ids"))
	assert.Equal(t, "OtherID", s.exported("other-id"))
}
