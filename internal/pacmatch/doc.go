// Package pacmatch determines which PipelineRuns of a .tekton folder an event starts, as
// Pipelines-as-Code v0.50 does.
//
// [Parse] makes an [Event] of a webhook of GitHub, GitLab, Forgejo, or Bitbucket. [Decide]
// compares it with the runs of a folder. Pipelines-as-Code does so three times: with the
// text of the folder, after variables were replaced, and after references were resolved.
// Each pass may change the event. The tests in test/pac compare the results with those of
// Pipelines-as-Code itself.
package pacmatch
