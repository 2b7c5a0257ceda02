// Package triggers shows that events start what pkg/triggers says they do: it
// runs upstream's own event sink, interceptors and templates on the objects
// that tekwright writes, with payloads that GitHub, GitLab, Gitea and Bitbucket
// have sent.
//
// It is a module of its own, since the sink needs more of Kubernetes than the
// library does.
package triggers
