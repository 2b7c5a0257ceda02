package triggers_test

var bitbucketRows = map[string]row{
	"bitbucket-cloud-branch-delete-goscm": nothing,
	"bitbucket-cloud-tag-create-goscm":    nothing,
	"bitbucket-cloud-pr-fulfilled-goscm":  nothing,
	"bitbucket-cloud-push": {starts: map[string]args{"push": {
		"url": "https://bitbucket.org/team_name/repo_name.git", "ssh": "git@bitbucket.org:team_name/repo_name.git",
		"repository": "team_name/repo_name", "before": "1e65c05c1d5171631d92438a13901ca7dae9618c", "sha": "709d658dc5b6d6afcd46049c2f332ee3f515a67d", "short": "709d658",
		"branch": "name-of-branch", "author": "emmap1", "message": "new commit message\n",
	}}},
	// An app or an access token has no nickname, nor had users in 2018.
	"bitbucket-cloud-push-goscm": {starts: map[string]args{"push": {
		"url": "https://bitbucket.org/brydzewski/foo.git", "ssh": "git@bitbucket.org:brydzewski/foo.git",
		"repository": "brydzewski/foo", "before": "40e7580cf11311d84a6e5e97e2cbba6df1675750", "sha": "141977fedf5cf35aa290ac87d4b5177ac4cd9de1", "short": "141977f",
		"branch": "master", "author": "Brad Rydzewski", "message": "Update README\n",
	}}},
	"bitbucket-cloud-pr-created": {starts: map[string]args{"pull-request": {
		"url": "https://bitbucket.org/team_name/repo_name.git", "ssh": "git@bitbucket.org:team_name/repo_name.git",
		"repository": "team_name/repo_name", "base": "ce5965ddd289", "draft": "false", "sha": "d3022fc0ca3d", "short": "d3022fc", // Bitbucket shortens it itself
		"branch": "branch2", "target": "master", "number": "1", "author": "emmap1", "title": "Title of pull request",
	}}},
	"bitbucket-cloud-pr-updated-goscm": {starts: map[string]args{"pull-request": {
		"url": "https://bitbucket.org/brydzewski/foo.git", "ssh": "git@bitbucket.org:brydzewski/foo.git",
		"repository": "brydzewski/foo", "base": "7d1a175411ef", "draft": "false", "sha": "0704fc5beccc", "short": "0704fc5",
		"branch": "develop", "target": "master", "number": "1", "author": "Brad Rydzewski", "title": "Awesome new feature",
	}}},

	"bitbucket-server-push":             nothing, // it deletes a branch
	"bitbucket-server-tag-create-goscm": nothing,
	"bitbucket-server-pr-merged-goscm":  nothing,
	// Bitbucket Server 5 sends no links.
	"bitbucket-server-push-goscm": {lacks: []string{"url", "ssh"}, starts: map[string]args{"push": {
		"repository": "PRJ/my-repo", "before": "5c64a07cd6c0f21b753bf261ef059c7e7633c50a", "sha": "823b2230a56056231c9425d63758fa87078a66b4", "short": "823b223",
		"branch": "master", "author": "jcitizen",
	}}},
	"bitbucket-server-pr-opened": {starts: map[string]args{"pull-request": {
		"url": "https://server.bitbucket.local/scm/~gopher/webhook-test.git",
		"ssh": "ssh://git@server.bitbucket.local:7999/~gopher/webhook-test.git", "repository": "~gopher/webhook-test",
		"base": "cde6c45a4210afe81638aa1f3aa960d633c66a90", "draft": "false", "sha": "32a0b8a740c2963c6f56bd8baf3dc05683d299e0", "short": "32a0b8a",
		"branch": "feature/wip", "target": "master", "number": "5", "author": "gopher", "title": "Update README",
	}}},
	"bitbucket-server-pr-updated-goscm": {lacks: []string{"url", "ssh"}, starts: map[string]args{"pull-request": {
		"repository": "PRJ/my-repo", "base": "823b2230a56056231c9425d63758fa87078a66b4", "draft": "false", "sha": "208b0a5c05eddadad01f2aed8802fe0c3b3eaf5e", "short": "208b0a5",
		"branch": "develop", "target": "master", "number": "2", "author": "jcitizen", "title": "added LICENSE",
	}}},
}
