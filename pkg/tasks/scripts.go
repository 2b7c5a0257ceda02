package tasks

import _ "embed"

// The scripts are constants: what a run puts in reaches them through the
// environment and as arguments. Each passes shellcheck.
var (
	//go:embed scripts/git-clone.sh
	gitCloneScript string
	//go:embed scripts/go-test.sh
	goTestScript string
	//go:embed scripts/go-build.sh
	goBuildScript string
	//go:embed scripts/docker-build.sh
	dockerBuildScript string
	//go:embed scripts/docker-daemon.sh
	dockerDaemonScript string
	//go:embed scripts/kaniko.sh
	kanikoScript string
	//go:embed scripts/helm-deploy.sh
	helmDeployScript string
	//go:embed scripts/helm-rollback.sh
	helmRollbackScript string
)
