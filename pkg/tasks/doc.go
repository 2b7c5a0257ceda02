// Package tasks is the catalogue: tasks that clone, test, build, make images,
// deploy, roll back, and update operations repositories. Each is a struct of
// inputs; builder.Add puts it in a pipeline and returns what the task leaves
// behind:
//
//	clone := builder.Add(p, "clone", tasks.GitClone{URL: repo, Output: src})
//	test := builder.Add(p, "test", tasks.GoTest{Source: clone.Source})
//	img := builder.Add(p, "image", tasks.Kaniko{Source: clone.Source, Image: image + ":" + clone.Commit})
//	img.After(test)
//
// # Tasks
//
//	task           needs                       results
//	GitClone       URL, Output                 commit, short-commit, committer-date, url
//	GoTest         Source                      coverage
//	GoBuild        Source                      binary
//	ImageTag       Image, Commit               tag, reference
//	DockerBuild    Source, Image               IMAGE_DIGEST, IMAGE_URL
//	Kaniko         Source, Image               IMAGE_DIGEST, IMAGE_URL
//	BuildKit       Source, Image               IMAGE_DIGEST, IMAGE_URL
//	HelmDeploy     Chart, Release, Namespace   status, revision
//	HelmRollback   Release, Namespace          revision
//	KubectlApply   Source, Path, Namespace     applied
//	GitOpsUpdate   URL, File, Image            commit, changed
//
// A field's param or workspace has the field's name in kebab-case:
// DeleteExisting is delete-existing. All inputs but the ones above may be left
// out; each field says what then holds.
//
// # Inputs are data
//
// Fields of builder types take values of the pipeline, and literals; what reads
// like a switch (Race, Wait, Submodules) is "true" or "false". Go variables are
// converted: builder.String(name), builder.Strings(...). Plain Go fields, such
// as ToolImage, are fixed when the manifest is generated and take no handle.
//
// Scripts are constants. Inputs reach them through the environment, and lists
// as arguments; none is ever read as a program, an option or a second value.
// What is no proper value (a revision that starts with a dash, a path that
// leads out of the workspace, neither "true" nor "false") fails the task with
// one line that names the input. Only what is called flags or extra args goes
// to a tool as options: give it nothing that a stranger wrote.
//
// Two things change an input before a script sees it, and no Task can prevent
// them. Tekton replaces variables once, so that none in a value is replaced.
// The kubelet replaces $(NAME) in a value where NAME is a variable of the
// container's environment, and writes $ for $$. A stranger's input can so
// repeat what the step's environment holds: here that is other inputs, paths
// and constants, never a secret. Keep it so, and set no secret in the
// environment of a run's pod template.
//
// # Users and rights
//
// Steps run as the user nobody (65534), all but two, so that one task may
// change what another wrote; with no capabilities, and no way to gain any.
// Where a volume belongs to root and others may not write to it, give the run
// an fsGroup:
//
//	run.FSGroup(tasks.Group)
//
// Kaniko runs as root, but not privileged. BuildKit runs as the user 1000, not
// privileged, but without the profiles of seccomp and AppArmor, under which no
// user can make a namespace and mount in it. DockerBuild is the only privileged
// task, in its sidecar; an annotation of the Task says why, and silences the
// rule about it.
//
// HelmDeploy, HelmRollback and KubectlApply ask, unless they have a Kubeconfig,
// for rights of the pod's account in the namespace: configmaps, services,
// serviceaccounts, persistentvolumeclaims, deployments, statefulsets,
// daemonsets, jobs, cronjobs, horizontalpodautoscalers, ingresses,
// networkpolicies, poddisruptionbudgets, to change; pods and replicasets, to
// watch. Helm also changes secrets, in which it keeps releases, and deletes.
// Their field Rights asks for more.
//
// # Credentials
//
// Credentials come as workspaces bound to Secrets, as files and never in the
// environment. Where the workspace is left out, those hold that Tekton makes
// of the annotated Secrets of the run's account (tekton.dev/git-0,
// tekton.dev/docker-0).
//
// # Resources
//
// Each step requests what its tool needs for a small project, so that the
// scheduler spreads builds over the nodes, and none has a limit: 500m and 512Mi
// where something is compiled or an image is built, 100m and 128Mi for git,
// helm, kubectl and docker's client, 10m and 16Mi for ImageTag. A run asks for
// more, or less:
//
//	run.Task(img, builder.TaskRunSpec{CPU: "2", Memory: "4Gi"})
//
// # Images
//
// Each step runs on the image of a published version, by its tag. ToolImage
// takes its place; the task then has another name, as two definitions cannot
// share one: git-clone-e0053282.
package tasks
