package facts

import "strings"

// EventNames returns the event types that the systems of an interceptor send, as spelled
// in their headers; nil for other interceptors. Gitea and Forgejo use the signatures of
// GitHub, and have some types of their own.
func EventNames(interceptor string) []string { return eventNames[interceptor] }

var eventNames = map[string][]string{
	"github": strings.Fields(`push pull_request issue_comment create delete release ping
		branch_protection_configuration branch_protection_rule check_run check_suite code_scanning_alert commit_comment
		custom_property custom_property_values dependabot_alert deploy_key deployment deployment_protection_rule deployment_review
		deployment_status discussion discussion_comment fork github_app_authorization gollum installation
		installation_repositories installation_target issue_dependencies issues label marketplace_purchase member membership
		merge_group meta milestone org_block organization package page_build personal_access_token_request project project_card
		project_column projects_v2 projects_v2_item projects_v2_status_update public pull_request_review
		pull_request_review_comment pull_request_review_thread registry_package repository repository_advisory
		repository_dispatch repository_import repository_ruleset repository_vulnerability_alert secret_scanning_alert
		secret_scanning_alert_location secret_scanning_scan security_advisory security_and_analysis sponsorship star status
		sub_issues team team_add watch workflow_dispatch workflow_job workflow_run
		issue_assign issue_label issue_milestone pull_request_assign pull_request_label pull_request_milestone
		pull_request_comment pull_request_approved pull_request_rejected pull_request_review_approved
		pull_request_review_rejected pull_request_review_request pull_request_sync wiki`),
	"gitlab": {
		"Push Hook", "Tag Push Hook", "Merge Request Hook", "Note Hook", "Issue Hook", "Confidential Issue Hook", "Confidential Note Hook",
		"Wiki Page Hook", "Pipeline Hook", "Job Hook", "Build Hook", "Deployment Hook", "Feature Flag Hook", "Release Hook", "Member Hook",
		"Subgroup Hook", "Project Hook", "System Hook", "Emoji Hook", "Resource Access Token Hook", "Vulnerability Hook", "Service Hook",
		"Milestone Hook", "Work Item Hook",
	},
	"bitbucket": strings.Fields(`repo:push pullrequest:created pullrequest:updated pullrequest:fulfilled pullrequest:rejected
		pullrequest:approved pullrequest:unapproved pullrequest:changes_request_created pullrequest:changes_request_removed
		pullrequest:comment_created pullrequest:comment_updated pullrequest:comment_deleted pullrequest:comment_resolved
		pullrequest:comment_reopened repo:fork repo:updated repo:transfer repo:deleted repo:commit_comment_created
		repo:commit_status_created repo:commit_status_updated issue:created issue:updated issue:comment_created
		repo:refs_changed pr:opened pr:from_ref_updated pr:modified pr:merged pr:declined pr:deleted pr:reviewer:updated
		pr:reviewer:approved pr:reviewer:unapproved pr:reviewer:needs_work pr:reviewer:changes_requested pr:comment:added
		pr:comment:edited pr:comment:deleted repo:modified repo:forked repo:comment:added repo:comment:edited
		repo:comment:deleted repo:secret_detected mirror:repo_synchronized project:modified diagnostics:ping`),
}

// giteaOnly are the types of events that Gitea and Forgejo have, but not GitHub.
var giteaOnly = setOf(`issue_assign issue_label issue_milestone pull_request_assign pull_request_label pull_request_milestone
	pull_request_comment pull_request_approved pull_request_rejected pull_request_review_approved
	pull_request_review_rejected pull_request_review_request pull_request_sync wiki`)

// gitlabKinds are the values of object_kind, by the type of the event.
var gitlabKinds = map[string]string{
	"Merge Request Hook": "merge_request", "Note Hook": "note", "Confidential Note Hook": "note", "Issue Hook": "issue", "Emoji Hook": "emoji",
}

// eventFields are the fields at the top of an event that strangers can cause, by its
// type, and whether each event of the type has the field. Events that are not listed may
// have any field.
var eventFields = func() map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for _, x := range [...]struct{ events, always, sometimes string }{
		{"pull_request pull_request_sync pull_request_review_request", "pull_request number", "changes assignee requested_reviewer requested_team before after milestone reason review commit_id"},
		{"pull_request_review pull_request_approved pull_request_rejected pull_request_review_approved pull_request_review_rejected", "pull_request review", "changes number commit_id"},
		{"pull_request_review_comment", "pull_request comment", "changes"},
		{"pull_request_review_thread", "pull_request thread", "updated_at"},
		{"issue_comment", "issue comment", "changes is_pull"},
		{"pull_request_comment", "issue comment", "changes is_pull pull_request"},
		{"issues", "issue", "changes assignee milestone number"},
		{"discussion", "discussion", "changes answer old_answer"},
		{"discussion_comment", "discussion comment", "changes"},
		{"commit_comment", "comment", ""},
		{"workflow_run", "workflow_run", "workflow"},
		{"check_suite", "check_suite", ""},
		{"check_run", "check_run", "requested_action"},
		{"status", "id sha name state commit branches", "target_url context description created_at updated_at avatar_url"},
	} {
		fields := setOf(x.always)
		for name := range setOf(x.sometimes + " organization enterprise installation secret") {
			fields[name] = false
		}
		fields["repository"], fields["sender"], fields["action"] = true, true, x.events != "status"
		for event := range setOf(x.events) {
			out[event] = fields
		}
	}
	for event, x := range map[string][2]string{
		"Merge Request Hook": {"object_kind event_type user project repository object_attributes", "labels changes assignees reviewers"},
		"Note Hook":          {"object_kind user project_id project repository object_attributes", "event_type merge_request issue commit snippet"},
	} {
		out[event] = setOf(x[0])
		for name := range setOf(x[1]) {
			out[event][name] = false
		}
	}
	return out
}()

func setOf(words string) map[string]bool {
	out := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		out[word] = true
	}
	return out
}
