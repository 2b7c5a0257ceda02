// Package triggers starts runs from events: one expression instead of a
// TriggerBinding, a TriggerTemplate, a Trigger and an EventListener.
//
//	push := triggers.GitHubPush().Branches("main")
//	run := p.Run("release-", repo.Set(push.CloneURL), rev.Set(push.SHA), src.VolumeClaimTemplate("1Gi"))
//	listener := triggers.NewListener("github").Secret("github-webhook", "token")
//	listener.On("release", push, run).Repositories("acme/app")
//
// # Events
//
// An event means what a person means by it:
//
//	sender            constructor                  what it is
//	GitHub            GitHubPush                   commits pushed to a branch; not tags, not deletions
//	                  GitHubPullRequest            a pull request opened, reopened, or with new commits
//	                  GitHubTag                    a tag pushed; not its deletion
//	                  GitHubRelease                a release published, a pre-release included
//	                  GitHubComment                a new comment on an issue or a pull request
//	GitLab            GitLabPush                   as GitHubPush
//	                  GitLabMergeRequest           as GitHubPullRequest
//	                  GitLabTag                    as GitHubTag
//	Gitea, Forgejo    GiteaPush                    as GitHubPush
//	                  GiteaPullRequest             as GitHubPullRequest
//	Bitbucket Cloud   BitbucketPush                as GitHubPush; of several branches the first
//	                  BitbucketPullRequest         a pull request opened or changed
//	Bitbucket Server  BitbucketServerPush          as BitbucketPush
//	                  BitbucketServerPullRequest   a pull request opened, or with new commits
//	anybody           AnyEvent                     whatever passes the filters of its trigger
//
// Each is a struct with fields (push.SHA), which are values of a pipeline: they
// stand in the arguments of a run, in its name, labels and annotations, and in
// the names of claims, joined to other text by +.
//
//	Push          CloneURL, SSHURL, Repository, SHA, ShortSHA, Branch, Author, Message, ChangedFiles
//	PullRequest   CloneURL, SSHURL, Repository, SHA, ShortSHA, Branch, Target, Number, Author, Title, ChangedFiles
//	Tag           CloneURL, Repository, SHA, Name
//	Release       CloneURL, Repository, Tag, Name
//	Comment       CloneURL, Repository, Number, Text, Author
//	all of them   Body(path), Header(name), CEL(name, expression), Slug(field)
//
// A sender that never sends a field makes it an error to use it: Bitbucket's
// ChangedFiles, the Message of Bitbucket Server, the ChangedFiles of a pull
// request but GitHub's. An event that comes without a field that its run takes
// starts nothing. So do some of old senders: Bitbucket Server 5 sends no clone
// links (CloneURL, SSHURL), Gitea 1.4 no head commit (Message).
//
// A field is emitted only where it is used; those that need work (the branch
// of refs/heads/x, a short commit) become overlays of the CEL interceptor.
//
// # What people wrote
//
// Branch, Author, Title, Message, Text and Name hold what somebody chose, who
// may be anybody. They reach a script only through the environment, as all
// inputs do. Two more things to know:
//
//   - The value of a label, and a name, hold few characters: a run labelled
//     with the branch fix/a is refused by the cluster. Fields that may hold
//     others are reported there, unless Branches, Targets or Names let nothing
//     else pass: pass them through Slug, or keep them whole with Annotate.
//   - Tekton refuses a run with an argument such as $(tasks.x.results.y), also
//     where that is a mere text: whoever writes one into a title keeps the run
//     from starting, and does no more. Take such fields only where the run
//     needs them.
//
// # Filters
//
//	Push          Branches, Paths
//	PullRequest   Targets, Paths, Actions
//	Tag           Names
//	Comment       Matching
//	Trigger       Repositories, Authors, Filter (any CEL)
//
// All filters of a trigger must hold. In names, * stands for any characters but
// a slash, ** for any, ? for one. A filter of no name is an error, and does not
// let everything pass. CEL is compiled here, as Tekton Triggers would.
//
// # Signatures
//
// Whoever knows the URL of a listener can post to it. So every trigger checks
// a signature, with the Secret that Listener.Secret or Trigger.Secret names,
// by an interceptor of its own (Intercept), or says with Unsigned why it does
// not. GitHub, Gitea and Bitbucket sign the body; GitLab sends the secret
// itself.
//
// # Objects and names
//
// A listener NAME brings
//
//	EventListener                     NAME, with the Service el-NAME and the account el-NAME
//	Trigger                           NAME-TRIGGER, one for each On
//	TriggerTemplate, TriggerBinding   NAME-TRIGGER; a param is called as its field: clone-url
//
// and all that the runs refer to. Rights, accounts and the way in are in
// package infra: ListenerRBAC, NewIngress.
//
// Who wants control over each object has NewTemplate and NewBinding, and
// Mutate. Nothing is checked before Objects is called, which returns every
// mistake at once, each with its line.
package triggers
