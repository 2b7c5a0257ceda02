// Package triggers starts runs from events. One call of [Listener.On] replaces a
// TriggerBinding, a TriggerTemplate and a Trigger of an EventListener.
//
// A push to a branch of one repository starts a run:
//
//	push := triggers.GitHubPush().Branches("main")
//	listener := triggers.NewListener("github").Secret("github-webhook", "token")
//	listener.On("release", push, p.Run("release-", repo.Set(push.CloneURL), rev.Set(push.SHA))).Repositories("acme/app")
//
// A pull request that changes certain files does, if one of the given users opened it:
//
//	pr := triggers.GitHubPullRequest().Targets("main").Paths("**/*.go")
//	listener.On("test", pr, p.Run("test-"+pr.Number+"-", repo.Set(pr.CloneURL), rev.Set(pr.SHA))).
//		AuthorIDs("583231").Token("github-api", "token")
//
// Any other sender has events, too, whose fields are read by their paths:
//
//	event := triggers.AnyEvent()
//	listener.On("scan", event, p.Run("scan-", repo.Set(event.Body("repository.url")), rev.Set("main"))).
//		Filter("body.action == 'published'").Intercept(triggers.WebhookInterceptor("verify"))
//
// # Events
//
// The constructors and what their events include:
//
//	sender            constructor                  event
//	GitHub            GitHubPush                   commits pushed to a branch; no tags, no deletions
//	                  GitHubPullRequest            a pull request opened, reopened, or with new commits; not from forks
//	                  GitHubTag                    a tag pushed; no deletions
//	                  GitHubRelease                a release or a pre-release published
//	                  GitHubComment                a new comment on an issue or a pull request
//	                  GitHubMergeGroup             the checks of a group in a merge queue requested
//	GitLab            GitLabPush                   like GitHubPush
//	                  GitLabMergeRequest           like GitHubPullRequest
//	                  GitLabTag                    like GitHubTag
//	Gitea, Forgejo    GiteaPush                    like GitHubPush
//	                  GiteaPullRequest             like GitHubPullRequest
//	Bitbucket Cloud   BitbucketPush                like GitHubPush; only the first of several branches
//	                  BitbucketPullRequest         a pull request opened or updated; not from forks
//	Bitbucket Server  BitbucketServerPush          like BitbucketPush
//	                  BitbucketServerPullRequest   a pull request opened, or with new commits; not from forks
//	any               AnyEvent                     every request that passes the filters of its trigger
//
// An event has fields, such as push.SHA. Use them in the arguments, the name, the
// labels and the annotations of a run, and in the names of PersistentVolumeClaims.
// Join them to other text with +.
//
//	Push          CloneURL, SSHURL, Repository, SHA, ShortSHA, Before, Branch, Author, Message, ChangedFiles
//	PullRequest   CloneURL, SSHURL, Repository, SHA, ShortSHA, BaseSHA, Branch, Target, Number, Author, Title, Labels,
//	              Draft, ChangedFiles
//	MergeGroup    CloneURL, SSHURL, Repository, SHA, ShortSHA, BaseSHA, Branch, Target, Author
//	Tag           CloneURL, Repository, SHA, Name
//	Release       CloneURL, Repository, Tag, Name
//	Comment       CloneURL, Repository, Number, Text, Author
//	all events    Body(path), Header(name), CEL(name, expression), Slug(field)
//
// It is an error to use a field that the sender never sends: ChangedFiles of
// Bitbucket, Message of Bitbucket Server, and ChangedFiles of a pull request,
// except on GitHub. If an event lacks a field that its run uses, no run starts.
// Some old senders omit fields: Bitbucket Server 5 sends no clone links
// (CloneURL, SSHURL), and Gitea 1.4 no head commit (Message).
//
// Only fields that are used are emitted. Fields that are computed (the branch of
// refs/heads/x, an abbreviated commit) become overlays of the CEL interceptor.
//
// # Untrusted fields
//
// Branch, Author, Title, Message, Text and Name are chosen by the sender of the
// event, who may be anyone. Like all inputs, they reach a script only as
// environment variables. There are two limitations:
//
//   - Label values and names allow few characters: the cluster rejects a run
//     with a label that contains the branch fix/a. Using such a field in either place is
//     reported, unless Branches, Targets or Names restrict its values. Pass the
//     field to Slug, or use Annotate to keep the full text.
//   - The characters $( arrive as "$ (", with a space: the title "fix $(id)" as
//     "fix $ (id)". Otherwise Tekton would replace variables in the text: the title
//     $(tt.params.sha) by the commit, and $(context.pipelineRun.name) by the name of
//     the run; and it would reject a run whose title contains $(tasks.x.results.y).
//     This applies to all fields but SHA, ShortSHA, Number, Repository and the URLs,
//     and to Body, Header and CEL. It does not apply to a [Binding].
//
// # Strangers
//
// If a repository is public, anyone can open a pull request from a fork, and comment.
// Pull requests from forks start nothing unless Forks is called. On Gitea and Forgejo,
// this includes pull requests pushed to refs/for/BRANCH, which need no fork. Before a
// run builds the commits of strangers, or acts on their comments, decide who may start
// it: with AuthorIDs, or with a Filter such as
//
//	body.comment.author_association in ['OWNER', 'MEMBER', 'COLLABORATOR']
//
// Author, like every name, is for display. On Bitbucket Cloud, two users can have the
// same; elsewhere, a user may take the name that another gave up.
//
// # Filters
//
//	Push          Branches, Paths
//	PullRequest   Targets, Paths, Actions, Forks
//	MergeGroup    Targets
//	Tag           Names
//	Comment       Matching
//	Trigger       Repositories, AuthorIDs, Authors, Filter (any CEL expression)
//
// An event must pass all filters of a trigger. In patterns, * matches any
// characters except a slash, ** any characters, and ? one character except a
// slash. A filter without patterns is an error; it does not let every event pass.
// CEL expressions are compiled in the same environment as in Tekton Triggers.
//
// # Signatures
//
// Anyone who knows the URL of a listener can send requests to it. So each
// trigger must verify the signature of its events: with the Secret of
// Listener.Secret or Trigger.Secret, or with an interceptor of your own
// (Intercept). To accept unsigned events, call Unsigned with the reason. GitHub,
// Gitea and Bitbucket sign the body; GitLab sends the secret itself.
//
// # Objects and names
//
// A listener with the name NAME consists of
//
//	EventListener                     NAME, with the Service el-NAME and the ServiceAccount el-NAME
//	Trigger                           NAME-TRIGGER, one for each On
//	TriggerTemplate, TriggerBinding   NAME-TRIGGER; params have the names of fields: clone-url
//
// and the objects that its runs refer to. Permissions, service accounts and the
// Ingress are in package infra: ListenerRBAC, NewIngress.
//
// # Objects as they are
//
// What a trigger with an event does not say can be described object by object, as it is
// in YAML. Names are then those that are given, and nothing is added:
//
//	NewTrigger                             a Trigger; Listener.Add refers to it, Listener.Inline makes it part of the listener
//	NewTemplate                            a TriggerTemplate; Embed makes it part of its triggers
//	NewBinding, NewClusterBinding          a TriggerBinding, a ClusterTriggerBinding
//	Value                                  a param of a binding that is part of the trigger
//	ClusterInterceptor and others          an interceptor of a trigger
//	NewInterceptor, NewClusterInterceptor  the object that it refers to
//	NewGroup                               a trigger group of a listener
//
// Existing means that a Trigger, a template or a binding is in the cluster already: it is
// only referred to. For fields without a method, use Mutate.
//
// The methods of this package record mistakes. Objects returns all of them at once,
// each with its line.
package triggers
