package triggers_test

var gitlabRows = map[string]row{
	"gitlab-push-branch-delete-goscm": nothing,
	"gitlab-tag-delete-goscm":         nothing,
	"gitlab-mr-merge-goscm":           nothing,
	"gitlab-push": {starts: map[string]args{"push": {
		"url": "http://example.com/mike/diaspora.git", "ssh": "git@example.com:mike/diaspora.git",
		"repository": "mike/diaspora", "before": "95790bf891e76fee5e1747ab589903a6a1f80f22", "sha": "da1560886d4f094c3e6c9ef40349f7d38b5d27d7", "short": "da15608",
		"branch": "master", "author": "John Smith", "message": "fixed readme", // an old GitLab sends no user_username
		"files": "CHANGELOG\napp/controller/application.rb",
	}}},
	"gitlab-push-goscm": {starts: map[string]args{"push": {
		"url": "https://gitlab.com/gitlab-org/hello-world.git", "ssh": "git@gitlab.com:gitlab-org/hello-world.git",
		"repository": "gitlab-org/hello-world", "before": "9217710ce8c7e1eae7a5d1c45f6e43e1c769f866", "sha": "2adc9465c4edfc33834e173fe89436a7cb899a1d", "short": "2adc946",
		"branch": "master", "author": "sytses", "message": "added readme\n", "files": "README.md",
	}}},
	"gitlab-tag-push": {starts: map[string]args{"tag": {
		"url": "http://example.com/jsmith/example.git", "repository": "jsmith/example",
		"sha": "82b3d5ae55f7080f1e6022629cdb57bfae7cccc7", "name": "v1.0.0",
	}}},
	"gitlab-merge-request": {starts: map[string]args{"merge-request": {
		"url": "http://example.com/gitlabhq/gitlab-test.git", "ssh": "git@example.com:gitlabhq/gitlab-test.git",
		"repository": "gitlabhq/gitlab-test", "labels": "API", "draft": "false", "sha": "da1560886d4f094c3e6c9ef40349f7d38b5d27d7", "short": "da15608",
		"branch": "ms-viewport", "target": "master", "number": "1", "author": "root", "title": "MS-Viewport",
	}}},
	"gitlab-mr-update-goscm": {starts: map[string]args{"merge-request": updateReadme("API")}}, // it has an oldrev: new commits
	"gitlab-mr-reopen-goscm": {starts: map[string]args{"merge-request": updateReadme("")}},
}

func updateReadme(labels string) args {
	return args{
		"url": "https://gitlab.com/gitlab-org/hello-world.git", "ssh": "git@gitlab.com:gitlab-org/hello-world.git",
		"repository": "gitlab-org/hello-world", "sha": "c4c79227ed610f1151f05bbc5be33b4f340d39c8", "short": "c4c7922",
		"branch": "feature", "target": "master", "number": "1", "author": "sytses", "title": "update readme",
		"labels": labels, "draft": "false",
	}
}
