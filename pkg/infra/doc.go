// Package infra describes the Kubernetes objects that pipelines need: namespaces,
// service accounts with their permissions, Secrets, ConfigMaps, volumes, and the
// way in for webhooks. It derives the permissions from the tasks that run.
//
// Service accounts with the permissions that a listener and its runs need, and no more:
//
//	set.Add(infra.ListenerRBAC(listener), infra.NewNamespace("ci"))
//
// Secrets, which are declared and checked, and not written:
//
//	set.Add(infra.DockerConfig("registry"), infra.WebhookSecret("github-webhook", "token").FromEnv("token", "WEBHOOK"))
//
// The way in for webhooks, and a NetworkPolicy that closes all others:
//
//	set.Add(infra.NewIngress("hooks", "ci.example.com").TLS("hooks-tls").Exact("/hooks", listener),
//		infra.NewListenerPolicy(listener).From("ingress"))
//
// The methods record mistakes. Objects returns all of them at once, each as a
// [diag.Finding] with the file:line of the caller's code. Most objects need no
// namespace: the set fills it in, also for the service accounts in bindings.
//
// # Permissions
//
// Tasks declare the permissions that they need (RequirePermissions of
// builder.Task), and a run determines the namespaces. [RunRBAC] derives the service
// accounts, and one Role for each service account and namespace with exactly these
// permissions. [ListenerRBAC] does the same for a listener and everything that it
// starts. The listener has its own service account, so that requests from outside
// never run with the permissions of a deployment.
//
// The roles in the release of Tekton Triggers are not used. They allow a listener to
// read every Secret in the cluster and to impersonate every service account in its
// namespace, which it does not need.
//
// # Secrets
//
// A [Secret] is only a declaration: its name, type and keys, and where the values
// come from. It contains no values, and is not written with the other objects, but
// only by manifest.Set.WriteSecrets. [Secret.Command] returns the command that
// creates it.
//
// # Everything else
//
// [Ingress.Mutate] changes the upstream struct. [NewRole] grants permissions that no
// task declares. Other objects are added to a set with manifest.FromObjects.
package infra
