// Package infra describes what surrounds pipelines in a cluster: accounts and
// their rights, Secrets, volumes, and the way in for webhooks. It derives the
// rights from what is there to run.
//
//	set := manifest.New(run, listener,
//		infra.NewNamespace("ci"),
//		infra.ListenerRBAC(listener).Secrets("release", "registry-auth"),
//		infra.DockerConfig("registry-auth"),
//		infra.WebhookToken("github-webhook", "token"),
//		infra.NewIngress("hooks", "ci.example.com").TLS("hooks-tls").Exact("/hooks", listener),
//	).Namespace("ci")
//
// Chains record and never fail. Objects reports every problem at once, each a
// [diag.Finding] with the file:line of the caller's code. Namespaces are mostly
// the set's to fill in, those of the accounts in bindings too.
//
// # Rights
//
// Tasks say in Define what they need (builder.Task.RequirePermissions), a run knows in which
// namespaces, and [RunRBAC] makes the accounts: one Role for each account and
// namespace, with those rights and no others. [ListenerRBAC] does the same
// for a listener and all that it starts, with accounts apart: what reaches a
// listener from outside must not have the rights of a deployment.
//
// The roles that the release of Tekton Triggers brings are not bound. They allow
// a listener to read each Secret of the cluster and to impersonate each account
// of its namespace; it needs neither.
//
// # Secrets
//
// A [Secret] here is a declaration: name, type, keys, and where values come
// from. It holds no value, and no writer takes it for an object to write, unless
// it is asked for Secrets by name. [Secret.Command] is the command that makes it
// by hand.
//
// # Escape hatches
//
// Ingress.Mutate changes the upstream struct; [NewRole] allows what no task
// declares; what has no builder here goes into a set by manifest.FromObjects.
package infra
