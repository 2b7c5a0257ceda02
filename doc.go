// Package tekwright is a library to describe CI/CD on Tekton as typed Go, and
// to get the YAML that Tekton admits and runs.
//
// A Go program composes tasks, of the catalogue or of its own, into a
// Pipeline; wrong wiring does not compile. What Go cannot type is reported
// when the manifests are built: all at once, with the file:line to mend and
// what to do.
//
//	p := builder.NewPipeline("release")
//	repo, image := p.Param("repo"), p.Param("image")
//	src := p.Workspace("source")
//
//	clone := builder.Add(p, "clone", tasks.GitClone{URL: repo, Output: src})
//	test := builder.Add(p, "test", tasks.GoTest{Source: clone.Source}) // runs after clone: the workspace says so
//	img := builder.Add(p, "image", tasks.Kaniko{Source: clone.Source, Image: image + ":" + clone.Commit})
//	img.After(test).Retries(1)
//	deploy := builder.Add(p, "deploy", tasks.HelmDeploy{
//		Source: clone.Source, Chart: "charts/app", Release: "app", Namespace: "prod",
//		Set: builder.Strings("image.digest=" + img.Digest), // runs after image: the result says so
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
//   - [github.com/tekwright/tekwright/pkg/tasks]: the catalogue: clone, test, build, image, deploy, roll back
//   - [github.com/tekwright/tekwright/pkg/triggers]: from a push to a run
//   - [github.com/tekwright/tekwright/pkg/infra]: accounts, rights, Secrets, Ingresses
//   - [github.com/tekwright/tekwright/pkg/manifest]: sets of objects as YAML, on a stream or in a folder
//   - [github.com/tekwright/tekwright/pkg/check]: every rule, over upstream objects
//   - [github.com/tekwright/tekwright/pkg/graph]: order, cycles and reduction of edges
//
// # Two scopes
//
// Pipeline scope and task scope are different languages in Tekton, and so
// they are different Go types here: builder.String and builder.TaskString. Package
// builder tells more.
package tekwright
