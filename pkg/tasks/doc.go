// Package tasks is a catalogue of tasks that clone, test, build, make images,
// deploy, roll back, and update GitOps repositories. Each is a struct of inputs.
// builder.Add adds it to a pipeline and returns its output.
//
// Clone a repository and test it:
//
//	clone := builder.Add(p, "clone", tasks.GitClone{URL: repo, Output: src})
//	test := builder.Add(p, "test", tasks.GoTest{Source: clone.Source})
//
// Build an image and push it; Kaniko, Buildah and DockerBuild have the same results:
//
//	img := builder.Add(p, "image", tasks.BuildKit{Source: clone.Source, Image: image + ":" + clone.Commit})
//	img.After(test)
//
// Deploy it by its digest, and roll back if that fails:
//
//	deploy := builder.Add(p, "deploy", tasks.HelmDeploy{
//		Source: clone.Source, Chart: "chart", Release: "app", Namespace: "prod",
//		Set: builder.Strings("image.digest=" + img.Digest),
//	})
//	builder.AddFinally(p, "rollback", tasks.HelmRollback{Release: "app", Namespace: "prod"}).
//		When(deploy.Status().In(builder.Failed))
//
// # Tasks
//
//	task           required inputs             results
//	GitClone       URL, Output                 commit, short-commit, committer-date, url
//	GoTest         Source                      coverage
//	GoBuild        Source                      binary
//	ImageTag       Image                       tag, reference
//	DockerBuild    Source, Image               IMAGE_DIGEST, IMAGE_URL, IMAGE_REFERENCE
//	Kaniko         Source, Image               IMAGE_DIGEST, IMAGE_URL, IMAGE_REFERENCE
//	BuildKit       Source, Image               IMAGE_DIGEST, IMAGE_URL, IMAGE_REFERENCE
//	HelmDeploy     Chart, Release, Namespace   status, revision
//	HelmRollback   Release, Namespace          revision
//	KubectlApply   Source, Path, Namespace     applied
//	GitOpsUpdate   URL, File, Image            commit, changed
//	ChangedPaths   URL, Directories            changed, deleted, any
//	CommitStatus   Provider, Repository,
//	               Commit, State, Token        none
//	GitTag         URL, Tag, Commit            commit, created
//	Notify         Message, Webhook            none
//	ImageCopy      From, To                    digest, reference
//	GoLint         Source                      issues
//	KustomizeApply Source, Path, Namespace     applied
//	CosignSign     Image, Key or Identity      reference
//	Ko             Source, Image               IMAGE_DIGEST, IMAGE_URL, IMAGE_REFERENCE
//	Buildah        Source, Image               IMAGE_DIGEST, IMAGE_URL, IMAGE_REFERENCE
//	Approval       Approvers                   none
//
// The param or workspace of a field has the name of the field in kebab case:
// DeleteExisting is delete-existing. Approval is a custom task of another project,
// whose params have the names that its controller expects. All inputs except those above are optional;
// the comment of each field documents the default.
//
// # Inputs are data
//
// Fields of builder types accept values of the pipeline and literals. Boolean
// inputs (Race, Wait, Submodules) are "true" or "false". Go variables must be
// converted: builder.String(name), builder.Strings(...). Fields of plain Go types,
// such as ToolImage, are fixed when the manifest is generated and cannot be
// handles.
//
// Scripts are constants. Inputs reach them through the environment, and lists as
// arguments. An input is never run as code, and is never parsed as an option or as
// a second value. An invalid value, such as a revision that starts with a dash, a
// path that leads out of the workspace, or a boolean that is neither "true" nor
// "false", fails the task with one line that names the input. So does a value that the
// tool would change, such as the name of an archive that ends with a blank, which helm
// removes. Only inputs named
// Flags or ExtraArgs are passed to a tool as options: never use untrusted values
// for them.
//
// Variables in the value of an input are a different matter, because Tekton and the
// kubelet change values before a script reads them. A Task cannot prevent that, as
// Tekton has no escape for variables:
//
//   - Tekton replaces params first and other variables afterwards, also in the values
//     of params. So the name of the TaskRun, and the paths of workspaces, results and
//     credentials, are replaced in an input, but params are not. In a param of a
//     PipelineRun, the name of the run, and whether a workspace is bound, are replaced as well.
//   - The kubelet replaces a name in parentheses after a dollar sign, in the value of an
//     environment variable, if it is that of another environment variable of the
//     container, and replaces $$ by $.
//
// An untrusted input can therefore read names and paths of the run, other inputs,
// and constants of the step. With these tasks, none of these is a secret. Do not
// set secrets in the environment of a run's pod template.
//
// # Users and permissions
//
// Except in Kaniko, BuildKit and Buildah, steps run as user 65534 (nobody), so that one
// task can change the files of another. They run without capabilities and without
// privilege escalation. If a volume is writable only by root, set an fsGroup:
//
//	run.FSGroup(tasks.Group)
//
// Kaniko, which upstream has archived, runs as root, but not privileged. BuildKit
// and Buildah run as user 1000 and not privileged, but without the seccomp and AppArmor profiles
// of the runtime, which would not let it create user namespaces and mount in them.
// Only DockerBuild runs privileged, in its sidecar. An annotation of the Task gives
// the reason and suppresses the finding of rule privileged.
//
// Unless they have a Kubeconfig, HelmDeploy, HelmRollback, KubectlApply and
// KustomizeApply declare
// permissions that the pod's service account needs in the namespace. They create
// and change configmaps, services, serviceaccounts, persistentvolumeclaims,
// deployments, statefulsets, daemonsets, jobs, cronjobs, horizontalpodautoscalers,
// ingresses, networkpolicies and poddisruptionbudgets, and watch pods and
// replicasets. Helm also deletes these objects, and stores releases in secrets.
// The field Permissions replaces these: see [HelmRules], [ApplyRules] and [UsualResources].
//
// # Credentials
//
// Credentials are read from workspaces that are bound to Secrets. They are files
// and never in the environment. Without such a workspace, the credentials are
// used that Tekton creates from the annotated Secrets of the run's service account
// (tekton.dev/git-0, tekton.dev/docker-0).
//
// # Repositories
//
// A repository can contain symbolic links. A task uses a path in a workspace only if
// the path is still in that workspace when its links are resolved. A values.yaml that
// links to ../kubeconfig/config fails the task with one line that names the input and
// the path. Links that stay in the workspace work.
//
//   - HelmDeploy checks all links in a chart, even those that .helmignore excludes,
//     because helm follows links. KubectlApply checks the manifests in a directory.
//     It does not check a kustomization: kubectl refuses files outside of the directory
//     of the kustomization that lists them, but not another directory that has a
//     kustomization, even outside of the workspace. Remote bases are fetched from
//     servers only: from a repository in a file, git would run a program that the
//     kustomization names.
//   - Docker and BuildKit send the links of a build context as links. Kaniko follows
//     some of them, but its RUN instructions can read the same files.
//   - GitClone follows no links, and GitOpsUpdate checks no files out.
//
// The configuration of a Git repository can contain commands. No task uses one that it
// did not create. GitClone creates .git even if DeleteExisting is "false", and then
// deletes .gitattributes that the commit does not have. GoBuild does not record the
// commit in programs, and DockerBuild does not record it in the provenance, because both
// would run git in the source.
//
// The checks cannot protect a task from code that runs at the same time and writes to
// the same workspace: it can replace a file by a link between the check and the use.
// Do not run untrusted code, such as the tests of a pull request, in parallel with a
// task that has credentials.
//
// Code of the repository can read everything that the step can read. In GoTest, that
// is the tests. In GoBuild, source files can include any file. In Kaniko, a RUN
// instruction runs in the step. In BuildKit, it runs without a process sandbox. Bind
// only credentials that the authors of the repository may have.
//
// # Caches
//
// The field Cache of GoTest and GoBuild is a directory that runs share. It has two
// parts, which deserve different trust:
//
//   - Modules, in download. Each run extracts the modules that it uses anew, and the
//     go command compares their hashes with go.sum of the source. If another run has
//     changed a module in the cache, the task fails with SECURITY ERROR. This does
//     not apply to a module that go.sum lacks, which flag -mod=mod would add.
//     go mod verify would check less: it skips replaced modules, and compares with
//     hashes that are in the cache itself. Extracting 83 modules, those of this
//     library, takes 5 s of CPU time and 270 MB of the pod's storage; go mod verify
//     takes 9 s.
//   - Build results, in build. The go command cannot verify them. Whoever can write
//     to the cache decides what the programs of all its users do.
//
// So a run of code that is not trusted must not share a cache with other runs. Such
// runs are those for pull requests, because tests are programs that anyone can
// change. Give each repository and each level of trust its own directory:
//
//	volume := p.Workspace("caches")
//	reviewed := volume.SubPath("go/" + tasks.CachePath("acme/app", tasks.Reviewed))
//
// A pipeline for pull requests uses tasks.Proposed instead. A task that mounts a
// subdirectory of a volume cannot leave it. Rule pvc-exposed reports volumes that
// runs for pull requests and comments can write to, and other runs use. A build
// that is to depend on nothing but its source has no Cache.
//
// # Resources
//
// Each step requests the resources that its tool needs for a small project, so
// that the scheduler distributes builds over the nodes. There are no limits. The
// requests are 500m and 512Mi for compiling and for building images, 100m and
// 128Mi for git, helm, kubectl and the docker client, and 10m and 16Mi for
// ImageTag. A run can override them:
//
//	run.TaskRunSpec(img, builder.TaskRunSpec{CPU: "2", Memory: "4Gi"})
//
// # Images
//
// Each step runs on a published image with the tag of a full version. [Images] lists
// them. ToolImage replaces the image. The Task then has a different name, such as
// git-clone-e0053282, because two definitions cannot share a name.
//
// A tag can be moved by whoever can push to its repository. [Pinned] adds digests to
// the images of all Tasks of a set. Their names stay the same.
package tasks
