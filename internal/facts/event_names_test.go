package facts

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// ofMembers are the events that only people and programs with write access cause, or
// that are not about a repository. A new name must be added here or to strangeEvents.
var ofMembers = strings.Fields(`push create delete release ping branch_protection_configuration branch_protection_rule
	code_scanning_alert custom_property custom_property_values dependabot_alert deploy_key
	deployment deployment_protection_rule deployment_review deployment_status github_app_authorization gollum
	installation installation_repositories installation_target issue_dependencies label marketplace_purchase member
	membership merge_group meta milestone org_block organization package page_build personal_access_token_request project
	project_card project_column projects_v2 projects_v2_item projects_v2_status_update public registry_package repository
	repository_dispatch repository_import repository_ruleset repository_vulnerability_alert secret_scanning_alert
	secret_scanning_alert_location secret_scanning_scan security_advisory security_and_analysis sponsorship
	sub_issues team team_add workflow_dispatch workflow_job issue_assign issue_label issue_milestone
	pull_request_assign pull_request_label pull_request_milestone wiki
	repo:push pullrequest:fulfilled repo:updated repo:transfer repo:deleted repo:commit_status_created repo:commit_status_updated
	repo:refs_changed pr:merged repo:modified repo:secret_detected mirror:repo_synchronized project:modified diagnostics:ping`)

var hooksOfMembers = []string{
	"Push Hook", "Tag Push Hook", "Wiki Page Hook", "Pipeline Hook", "Job Hook", "Build Hook", "Deployment Hook", "Feature Flag Hook",
	"Release Hook", "Member Hook", "Subgroup Hook", "Project Hook", "System Hook", "Resource Access Token Hook", "Vulnerability Hook",
	"Service Hook", "Milestone Hook",
}

// TestEventsAreDecided: of each known event it is decided whether strangers cause it.
func TestEventsAreDecided(t *testing.T) {
	decided := map[string]bool{}
	for _, name := range append(hooksOfMembers, ofMembers...) {
		decided[name] = true
		assert.NotContains(t, strangeEvents, name)
	}
	for name := range strangeEvents {
		decided[name] = true
	}
	known := map[string]bool{}
	for interceptor := range eventNames {
		for _, name := range EventNames(interceptor) {
			known[name] = true
		}
	}
	assert.Equal(t, known, decided)
	assert.Nil(t, EventNames("cel"))
}
