// Package triggers tests that events start the runs that pkg/triggers
// describes. It runs upstream's event sink, interceptors and templates on
// objects written by tekwright, with payloads recorded from GitHub, GitLab,
// Gitea and Bitbucket.
//
// It is a separate module because the event sink needs more of Kubernetes than
// the library does.
package triggers
