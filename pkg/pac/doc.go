// Package pac writes runs for Pipelines-as-Code: the folder .tekton of a repository, in which
// each run has the events that start it, and the object Repository.
//
// A run has events:
//
//	shop := pac.NewRepository("shop", "https://github.com/acme/shop")
//	shop.Run(p.Run("test", repo.Set(pac.SourceURL), rev.Set(pac.Revision))).
//		On(pac.PullRequest().Targets("main").Paths("services/**"))
//
// A program writes the Repository to one folder, and the runs to another:
//
//	generate.Main(manifest.New(shop).Namespace("ci").PaC(shop.Runs())) // -o manifests -pac .tekton
//
// A test asks which runs an event starts:
//
//	outcome, err := pac.Matches(os.DirFS(".tekton"), pac.GitHubPush("https://github.com/acme/shop", "refs/heads/main", "go.mod"))
//
// # Events
//
//	PullRequest   Targets, Paths, IgnorePaths, Labels, Filter   opened, reopened, new commits; /test and /retest
//	Push          Branches, Paths, IgnorePaths, Filter          commits pushed to a branch; no tags
//	Tag           the names, Filter                             a tag pushed
//	Comment       a regular expression                          a comment on a pull request
//	Incoming                                                    a call of /incoming with the name of the run
//	CEL           an expression                                 whatever the expression says
//
// A run may have several events; each of them starts it. Patterns are those of package
// triggers, not of Pipelines-as-Code: * matches any characters except a slash, ** any
// characters, and ? one character except a slash.
//
// # Values
//
// Constants such as [Revision] and the functions [Body] and [Header] are the values of an
// event, for the arguments and the annotations of a run:
//
//	always                RepoURL, RepoOwner, RepoName, Revision, ShortRevision, SourceBranch, TargetBranch, Sender,
//	                      EventType, TargetNamespace, GitAuthSecret, Body(path), Header(name)
//	not for incoming      SourceURL
//	pull requests         PullRequestNumber, PullRequestLabels, TriggerComment (of /test); comments as well
//	tags                  GitTag
//	no tags, no incoming  Files, FilesAdded, FilesModified, FilesDeleted, FilesRenamed
//
// Build reports a value that the events of the run do not have. The params of a Repository
// are values, too: [Repository.Param] returns them.
//
// Pipelines-as-Code inserts values into the text of the folder, and escapes nothing: the
// title of a pull request could end a text in quotes, and show a param with a secret. So
// a value that others choose (branches, unless Targets, Branches or Tag restrict it to
// certain names; labels, comments, senders, files, Body and Header) is written as a CEL
// expression that replaces what would be dangerous: line breaks become the two characters
// \n, {{ becomes "{ { ", and $( becomes "$ (". Quotes remain. A value never becomes a part of
// a script: pass it to a param of the pipeline, and that to Env of a step.
//
// # What is written
//
// Events become one on-cel-expression, which always compares event, compares branches by
// their short name, and tests with has() what a Filter reads of the payload; comments become
// on-comment, and a pull request with Labels becomes on-event, on-target-branch, on-path-change
// and on-label. Runs have a name and no namespace. Every variable is in single quotes or in a
// literal block.
//
// Pipelines-as-Code reads Pipelines and Tasks from the folder, so these are files there, unless
// [PipelineRun.Inline] is called. It does not read StepActions, which is an error. Each folder
// is a set of its own: see PaC, WritePaC and WriteDirs in package manifest.
//
// # Which runs an event starts
//
// [Matches] returns which runs of a folder the payload of a webhook starts, and [Resolve] what
// they become. Use Matches in a test of the program that writes the folder; [GitHubPush] and
// others make webhooks for it.
package pac
