package triggers_test

var giteaRows = map[string]row{
	"gitea-branch-delete-goscm": nothing,
	"gitea-tag-create-goscm":    nothing,
	"gitea-pr-merged-goscm":     nothing,
	"gitea-push": {starts: map[string]args{"push": {
		"url": "http://localhost:3000/example/example.git", "ssh": "git@localhost:example/example.git",
		"repository": "example/example", "before": "0000000000000000000000000000000000000000", "sha": "67b56589a45103f891bdee7c0546e5d40bc02001", "short": "67b5658",
		"branch": "master", "author": "example", "message": "example\n", "files": "example",
	}}},
	// Gitea 1.4 sends no head_commit.
	"gitea-push-goscm": {lacks: []string{"message"}, starts: map[string]args{"push": {
		"url": "http://try.gitea.io/gogits/hello-world.git", "ssh": "git@localhost:gogits/hello-world.git",
		"repository": "gogits/hello-world", "before": "9836a96a253cce25d17988fcf41b8c4205cf779f", "sha": "4522cbcefc20728a5b72b3a86af35e608622c514", "short": "4522cbc",
		"branch": "master", "author": "unknwon", "files": "README.md",
	}}},
	"gitea-pr": {starts: map[string]args{"pull-request": {
		"url": "http://localhost:3000/example/example.git", "ssh": "git@localhost:example/example.git",
		"repository": "example/example", "base": "67b56589a45103f891bdee7c0546e5d40bc02001", "labels": "", "draft": "false", "sha": "48e773f892a831faa47c0a160d1b7f0cd369ae2a", "short": "48e773f",
		"branch": "master", "target": "master", "number": "2", "author": "example2", "title": "update",
	}}},
	"gitea-pr-reopened-goscm":     {starts: map[string]args{"pull-request": license("Add LICENSE File")}},
	"gitea-pr-synchronized-goscm": {starts: map[string]args{"pull-request": license("Add License File")}},
}

func license(title string) args {
	return args{
		"url": "https://try.gitea.io/jcitizen/my-repo.git", "ssh": "git@try.gitea.io:jcitizen/my-repo.git",
		"repository": "jcitizen/my-repo", "base": "39af58f1eff02aa308e16913e887c8d50362b474", "labels": "", "draft": "false", "sha": "2eba238e33607c1fa49253182e9fff42baafa1eb", "short": "2eba238",
		"branch": "feature", "target": "master", "number": "1", "author": "jcitizen", "title": title,
	}
}
