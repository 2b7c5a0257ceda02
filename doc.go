// Package tekwright is a library for describing Tekton CI/CD in typed Go and
// generating YAML that Tekton accepts and runs.
//
// A Go program composes tasks, its own or those of the catalogue, into a
// Pipeline. Wrong wiring does not compile. Mistakes that the compiler cannot
// see are reported when the manifests are built: all at once, each with the
// file and line to fix and a suggestion.
//
//	p := builder.NewPipeline("release")
//	repo, image := p.Param("repo"), p.Param("image")
//	src := p.Workspace("source")
//
//	clone := builder.Add(p, "clone", tasks.GitClone{URL: repo, Output: src})
//	test := builder.Add(p, "test", tasks.GoTest{Source: clone.Source}) // runs after clone, because it uses its workspace
//	img := builder.Add(p, "image", tasks.Kaniko{Source: clone.Source, Image: image + ":" + clone.Commit})
//	img.After(test).Retries(1)
//	deploy := builder.Add(p, "deploy", tasks.HelmDeploy{
//		Source: clone.Source, Chart: "charts/app", Release: "app", Namespace: "prod",
//		Set: builder.Strings("image.digest=" + img.Digest), // runs after image, because it uses its result
//	})
//	builder.AddFinally(p, "rollback", tasks.HelmRollback{Release: "app", Namespace: "prod"}).
//		When(deploy.Status().In(builder.Failed))
//
//	run := p.Run("release-", repo.Set("https://git.example.com/app"), image.Set("registry.local/app"), src.VolumeClaimTemplate("1Gi"))
//	if err := manifest.New(run).Write(os.Stdout); err != nil {
//		log.Fatal(err)
//	}
//
// # Packages
//
//   - [github.com/tekwright/tekwright/pkg/builder]: pipelines, tasks, runs; start here
//   - [github.com/tekwright/tekwright/pkg/tasks]: a catalogue of tasks: clone, test, build, image, deploy, roll back
//   - [github.com/tekwright/tekwright/pkg/triggers]: EventListeners and triggers, which start a run for a push
//   - [github.com/tekwright/tekwright/pkg/infra]: ServiceAccounts, RBAC, Secrets, Ingresses
//   - [github.com/tekwright/tekwright/pkg/manifest]: writing sets of objects as YAML, to a stream or a directory
//   - [github.com/tekwright/tekwright/pkg/check]: the rules, for any Tekton and Kubernetes objects
//   - [github.com/tekwright/tekwright/pkg/graph]: topological order, cycles and transitive reduction
//
// # Two scopes
//
// A variable such as $(params.url) means one thing in a Pipeline and another in
// a Task. The two scopes are therefore different Go types: builder.String and
// builder.TaskString. See package builder for details.
package tekwright
