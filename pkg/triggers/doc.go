// Package triggers starts runs from events: one expression instead of a
// TriggerBinding, a TriggerTemplate, a Trigger and an EventListener.
//
//	push := triggers.GitHubPush().Branches("main")
//	run := p.Run("release-", repo.Set(push.CloneURL), rev.Set(push.SHA), src.ClaimTemplate("1Gi"))
//	listener := triggers.NewListener("github").Secret("github-webhook", "token")
//	listener.On("release", push, run).Repositories("acme/app")
//
// # Events
//
// An event is a value with fields (push.SHA) that stand in the arguments of a
// run, in its name, labels and annotations, and in the names of claims. A
// field is emitted only where it is used; those that need work (the branch of
// refs/heads/x, a short commit) become overlays of the CEL interceptor.
//
// An event means what a person means. A push is a push of commits to a
// branch: not of a tag, and not the deletion of a branch. A pull request is
// one that has something new to build: opened, reopened, or with new commits,
// unless Actions says otherwise; its commit is its head's.
//
// # Signatures
//
// Whoever knows the URL of a listener can post to it. So every trigger checks
// a signature, with the Secret that Listener.Secret or Trigger.Secret names,
// or says with Unsigned why it does not.
//
// # Objects
//
// A listener brings an EventListener, and for each trigger a Trigger, a
// TriggerBinding and a TriggerTemplate named LISTENER-TRIGGER, and all that
// its runs refer to. Rights, accounts and the way in are in package infra.
// Who wants control over each object has NewBinding and NewTemplate, and
// Mutate.
package triggers
