package tasks

import (
	_ "embed"
	"strings"
)

// The scripts are constants: the values of a run reach them through the environment
// and as arguments. All of them pass shellcheck.
var (
	//go:embed scripts/git-clone.sh
	gitClone       string
	gitCloneScript = joined(gitClone)
	//go:embed scripts/gitops-update.sh
	gitOpsUpdate       string
	gitOpsUpdateScript = joined(gitOpsUpdate)
	//go:embed scripts/image-tag.sh
	imageTag       string
	imageTagScript = joined(imageTag)
	//go:embed scripts/go-test.sh
	goTest       string
	goTestScript = joined(goTest)
	//go:embed scripts/go-build.sh
	goBuild       string
	goBuildScript = joined(goBuild)
	//go:embed scripts/docker-build.sh
	dockerBuild       string
	dockerBuildScript = joined(dockerBuild)
	//go:embed scripts/docker-daemon.sh
	dockerDaemonScript string
	//go:embed scripts/kaniko.sh
	kaniko       string
	kanikoScript = joined(kaniko)
	//go:embed scripts/buildkit.sh
	buildkit       string
	buildkitScript = joined(buildkit)
	//go:embed scripts/helm-deploy.sh
	helmDeploy       string
	helmDeployScript = joined(helmDeploy)
	//go:embed scripts/helm-rollback.sh
	helmRollback       string
	helmRollbackScript = joined(helmRollback)
	//go:embed scripts/kubectl-apply.sh
	kubectlApply       string
	kubectlApplyScript = joined(kubectlApply)
	//go:embed scripts/changed-paths.sh
	changedPaths       string
	changedPathsScript = joined(changedPaths)
	//go:embed scripts/commit-status.sh
	commitStatus       string
	commitStatusScript = joined(commitStatus)
	//go:embed scripts/git-tag.sh
	gitTag       string
	gitTagScript = joined(gitTag)
	//go:embed scripts/notify.sh
	notify       string
	notifyScript = joined(notify)
	//go:embed scripts/image-copy.sh
	imageCopy       string
	imageCopyScript = joined(imageCopy)
	//go:embed scripts/go-lint.sh
	goLint       string
	goLintScript = joined(goLint)
	//go:embed scripts/kustomize-apply.sh
	kustomizeApply       string
	kustomizeApplyScript = joined(kustomizeApply)
	//go:embed scripts/cosign-sign.sh
	cosignSign       string
	cosignSignScript = joined(cosignSign)
	//go:embed scripts/ko.sh
	koBuild  string
	koScript = joined(koBuild)
	//go:embed scripts/buildah.sh
	buildah       string
	buildahScript = joined(buildah)
)

// Parts that several scripts source. A step has a single script, so the line that
// sources a part is replaced by the part.
var (
	//go:embed scripts/messages.sh
	messages string
	//go:embed scripts/git-remote.sh
	gitRemote string
	//go:embed scripts/manifest-image.sh
	manifestImage string
	//go:embed scripts/image-inputs.sh
	imageInputs string
	//go:embed scripts/image-results.sh
	imageResults string
	//go:embed scripts/go-inputs.sh
	goInputs string
	//go:embed scripts/source-paths.sh
	sourcePaths string
	//go:embed scripts/exact-values.sh
	exactValues string
	//go:embed scripts/chart-schemas.sh
	chartSchemas string
	//go:embed scripts/boolean.sh
	booleans string
	//go:embed scripts/git-author.sh
	gitAuthor string
	//go:embed scripts/http-post.sh
	httpPost string
	//go:embed scripts/kubeconfig.sh
	kubeconfigFile string
	//go:embed scripts/object-names.sh
	objectNames string
	//go:embed scripts/visible.sh
	visible string
	//go:embed scripts/workload.sh
	workloads string
	//go:embed scripts/image-reference.sh
	imageReference string
	//go:embed scripts/json.sh
	jsonTexts string
)

const shebang = "#!/bin/sh\n"

// joined returns a script with the parts that it sources.
func joined(script string) string {
	for name, part := range map[string]string{
		"messages.sh": messages, "git-remote.sh": gitRemote, "manifest-image.sh": manifestImage,
		"image-inputs.sh": imageInputs, "image-results.sh": imageResults, "go-inputs.sh": goInputs, "source-paths.sh": sourcePaths,
		"chart-schemas.sh": chartSchemas, "exact-values.sh": exactValues,
		"boolean.sh": booleans, "json.sh": jsonTexts, "git-author.sh": gitAuthor, "http-post.sh": httpPost,
		"kubeconfig.sh": kubeconfigFile, "image-reference.sh": imageReference,
		"object-names.sh": objectNames, "visible.sh": visible, "workload.sh": workloads,
	} {
		line := "# shellcheck source-path=SCRIPTDIR source=" + name + "\n. ./" + name + "\n"
		script = strings.Replace(script, line, strings.TrimPrefix(part, shebang), 1)
	}
	return script
}
